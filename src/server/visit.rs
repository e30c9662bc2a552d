//! Who looks at a page and how they like it: session, language, colours and the order they placed last.

use super::context::Context;
use super::session::{Session, cookie};
use super::store::{NewOrder, StoreError};
use crate::domain::lang::Lang;
use crate::domain::order::OrderId;
use crate::pages::Theme;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::convert::Infallible;

/// Remembers the language.
pub const LANG_COOKIE: &str = "toss_checkout_lang";
/// Remembers the colour scheme.
pub const THEME_COOKIE: &str = "toss_checkout_theme";
/// Remembers the number of the order that was placed last, so that a checkout after a failure is filled in as it was.
pub const LAST_ORDER_COOKIE: &str = "toss_checkout_last_order";

/// A request by a browser.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who, where the browser has been here before.
    pub session: Option<Session>,
    /// In which language.
    pub lang: Lang,
    /// In which colours; by the browser's own preference where it is not set.
    pub theme: Option<Theme>,
    last_order: Option<OrderId>,
}

impl Visit {
    /// Reads cookies and `Accept-Language`.
    #[must_use]
    pub fn read(ctx: &Context, headers: &HeaderMap) -> Visit {
        let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok()).unwrap_or_default();
        let (cookies, accept_language) = (text(header::COOKIE), text(header::ACCEPT_LANGUAGE));
        Visit {
            session: ctx.sessions.read(cookies),
            lang: cookie(cookies, LANG_COOKIE).and_then(Lang::from_code).or_else(|| Lang::from_accept_language(accept_language)).unwrap_or_default(),
            theme: cookie(cookies, THEME_COOKIE).and_then(Theme::from_code),
            last_order: cookie(cookies, LAST_ORDER_COOKIE).and_then(|id| OrderId::parse(id).ok()),
        }
    }

    /// Is that order this browser's?
    #[must_use]
    pub fn owns(&self, ctx: &Context, order: &NewOrder) -> bool {
        self.session.as_ref().is_some_and(|session| ctx.sessions.owner(session) == order.owner)
    }

    /// The order that this browser placed last, as long as it can still be paid.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unpaid_order(&self, ctx: &Context) -> Result<Option<NewOrder>, StoreError> {
        let Some(id) = &self.last_order else { return Ok(None) };
        let record = ctx.store.order(id).await?;
        Ok(record.filter(|record| record.state.is_payable() && self.owns(ctx, &record.order)).map(|record| record.order))
    }
}

impl FromRequestParts<Context> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, ctx: &Context) -> Result<Visit, Infallible> {
        Ok(Visit::read(ctx, &parts.headers))
    }
}
