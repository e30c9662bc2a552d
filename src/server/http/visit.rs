//! Who looks at a page and how they like it: session, language, colours and the order they placed last.

use super::context::Context;
use super::cookies::Cookies;
use super::session::Session;
use crate::domain::lang::Lang;
use crate::view::visitor::{CustomerKind, Theme};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use payment_engine::{NewOrder, OrderRecord, StoreError};
use std::convert::Infallible;
use toss_types::OrderId;

/// Remembers the language.
pub const LANG_COOKIE: &str = "toss_checkout_lang";
/// Remembers the colour scheme.
pub const THEME_COOKIE: &str = "toss_checkout_theme";
/// Remembers the number of the order that was placed last, so that a checkout after a failure is filled in as it was.
pub const LAST_ORDER_COOKIE: &str = "toss_checkout_last_order";
/// Proves that the browser came back from Toss with an order's payment, so that a shopper whose card app opened another
/// browser learns that the order is paid.
pub const WITNESS_COOKIE: &str = "toss_checkout_witness";

/// Remembers whether the shopper orders as a member or as a guest.
pub const KIND_COOKIE: &str = "toss_checkout_as";

/// A request by a browser.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who, where the browser has been here before.
    pub session: Option<Session>,
    /// In which language.
    pub lang: Lang,
    /// In which colours; by the browser's own preference where it is not set.
    pub theme: Option<Theme>,
    /// How they ordered last.
    pub kind: CustomerKind,
    last_order: Option<OrderId>,
    witness: Option<String>,
}

impl Visit {
    /// Reads cookies and `Accept-Language`.
    #[must_use]
    pub fn read(ctx: &Context, headers: &HeaderMap) -> Visit {
        let cookies = Cookies::of(headers);
        let accept_language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Visit {
            session: ctx.sessions.read(&cookies),
            lang: cookies
                .get(LANG_COOKIE)
                .and_then(Lang::from_code)
                .or_else(|| Lang::from_accept_language(accept_language))
                .unwrap_or_default(),
            theme: cookies.get(THEME_COOKIE).and_then(Theme::from_code),
            kind: cookies.get(KIND_COOKIE).and_then(CustomerKind::from_code).unwrap_or_default(),
            last_order: cookies.get(LAST_ORDER_COOKIE).and_then(|id| OrderId::parse(id).ok()),
            witness: cookies.get(WITNESS_COOKIE).map(str::to_owned),
        }
    }

    /// Is that order this browser's?
    #[must_use]
    pub fn owns(&self, ctx: &Context, order: &NewOrder) -> bool {
        self.session.as_ref().is_some_and(|session| ctx.sessions.owner(session) == order.owner)
    }

    /// Did this browser come back from Toss with the payment that the order waits for, or that waits for its turn? An order
    /// without a payment has no witness.
    #[must_use]
    pub fn has_seen(&self, ctx: &Context, record: &OrderRecord) -> bool {
        let Some(witness) = &self.witness else { return false };
        let attempts = record.state.attempt().into_iter().chain(record.state.next());
        attempts.into_iter().any(|attempt| ctx.sessions.is_witness(witness, &record.order.id, &attempt.payment_key))
    }

    /// Is that the order that this browser placed last?
    #[must_use]
    pub fn placed_last(&self, order: &OrderId) -> bool {
        self.last_order.as_ref() == Some(order)
    }

    /// The order that this browser placed last.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn last_order(&self, ctx: &Context) -> Result<Option<OrderRecord>, StoreError> {
        let Some(id) = &self.last_order else { return Ok(None) };
        Ok(ctx.engine.order(id).await?.filter(|record| self.owns(ctx, &record.order)))
    }

    /// The order of this browser of which nobody knows whether it is paid, whichever tab placed it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn undecided(&self, ctx: &Context) -> Result<Option<OrderId>, StoreError> {
        match &self.session {
            Some(session) => ctx.engine.undecided_of(&ctx.sessions.owner(session)).await,
            None => Ok(None),
        }
    }
}

/// Whether a shopper looks at the answer. Browsers say so of a navigation, and of a guess that there will be one; where they do
/// not, because they are old or the shop is on plain http, the session of who ordered says it. What fetches links to show what is
/// behind them has neither.
#[must_use]
pub fn is_looked_at(method: &Method, headers: &HeaderMap, is_owner: bool) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let is_guess = ["sec-purpose", "purpose", "x-purpose", "x-moz"].iter().any(|name| {
        let purpose = text(name);
        ["prefetch", "prerender", "preview"].iter().any(|word| purpose.contains(word))
    });
    if *method == Method::HEAD || is_guess {
        return false;
    }
    match text("sec-fetch-mode").as_str() {
        "" => is_owner,
        "navigate" => true,
        _ => false,
    }
}

/// A cookie of the shop's for `seconds`, as the value of `Set-Cookie`.
#[must_use]
pub fn set_cookie(ctx: &Context, name: &str, value: &str, seconds: u32) -> String {
    let secure = if ctx.config.http.is_https() { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

impl FromRequestParts<Context> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, ctx: &Context) -> Result<Visit, Infallible> {
        Ok(Visit::read(ctx, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    #[test]
    fn only_a_shopper_who_looks_confirms() {
        let looked_at = |method: &Method, headers: &[(&'static str, &'static str)], is_owner| {
            let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            is_looked_at(method, &headers.collect(), is_owner)
        };
        let navigation = ("sec-fetch-mode", "navigate");
        for (headers, is_owner, expected) in [
            (&[navigation][..], false, true),
            (&[navigation], true, true),
            (&[], true, true),
            (&[], false, false),
            (&[("sec-fetch-mode", "no-cors")], true, false),
            (&[("sec-fetch-mode", "cors")], true, false),
            (&[navigation, ("sec-purpose", "prefetch;prerender")], true, false),
            (&[navigation, ("purpose", "prefetch")], true, false),
            (&[navigation, ("x-purpose", "preview")], true, false),
            (&[navigation, ("x-moz", "prefetch")], true, false),
        ] {
            assert_eq!(looked_at(&Method::GET, headers, is_owner), expected, "{headers:?} {is_owner}");
            assert!(!looked_at(&Method::HEAD, headers, is_owner), "{headers:?}");
        }
    }
}
