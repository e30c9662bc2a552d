//! Behind the server functions: who asks, may they, and which flow does it.

use super::context::Context;
use super::guard::shop_origin;
use super::visit::{LAST_ORDER_COOKIE, Visit, WITNESS_COOKIE, set_cookie};
use super::{confirm, views};
use crate::domain::cart::CartError;
use crate::domain::routes;
use crate::server::place_order::{self, Refused, Request};
use crate::view::api_error::ApiError;
use crate::view::awaited::Awaited;
use crate::view::checkout::CheckoutView;
use crate::view::confirmed::Confirmed;
use crate::view::order::OrderView;
use crate::view::placed::{OrderAnswer, Placed};
use crate::view::visitor::CustomerKind;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use payment_engine::{OrderRecord, PlaceError, Returned, StoreError};
use std::time::Duration;
use toss_types::OrderId;

/// Below the time after which proxies give up on a silent connection.
const PATIENCE: Duration = Duration::from_secs(20);
/// For a browser that waits in other tabs already.
const ASK_AGAIN_MS: u32 = 3_000;
/// How long a shopper looks at a blank tab for an answer of Toss before the page says that it is being checked.
const SHOPPER_PATIENCE: Duration = Duration::from_millis(2_500);

const HOUR_S: u32 = 3_600;
const DAY_S: u32 = 86_400;

/// Who asks: over HTTP by a request of its own, or for a page that is about to be made.
fn asking() -> (Context, Visit) {
    let ctx: Context = expect_context();
    let visit = use_context().unwrap_or_else(|| Visit::read(&ctx, &expect_context::<Parts>().headers));
    (ctx, visit)
}

/// The cause goes to the log; the browser learns only that it was the server.
fn failed(doing: &'static str, error: &dyn std::error::Error) -> ApiError {
    tracing::error!(%error, doing, "a server function failed");
    ApiError::Unavailable
}

fn remember(cookie: &str) {
    let cookie = HeaderValue::from_str(cookie).expect("invariant: the shop's cookies are visible ASCII");
    expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, cookie);
}

/// See [`crate::server_fns::place_order`].
///
/// # Errors
/// When the store fails.
pub async fn place_order(request: Request) -> Result<OrderAnswer, ApiError> {
    let (ctx, visit) = asking();
    let Some(shop) = shop_origin(&ctx, &expect_context::<Parts>().headers) else { return Ok(OrderAnswer::Refused) };
    let Some(session) = &visit.session else { return Ok(OrderAnswer::Refused) };
    match place_order::place_order(&ctx.engine, ctx.sessions.owner(session), &request).await {
        Ok((order, customer)) => {
            remember(&set_cookie(&ctx, LAST_ORDER_COOKIE, order.id.as_str(), DAY_S));
            Ok(OrderAnswer::Placed(Placed {
                order_id: order.id,
                order_name: order.name,
                amount: order.total.as_won().expect("invariant: this shop sells for won"),
                customer,
                success_url: format!("{shop}{}", routes::SUCCESS),
                fail_url: format!("{shop}{}", routes::FAIL),
            }))
        }
        Err(Refused::Cart(error)) => Ok(OrderAnswer::BadCart(error)),
        Err(Refused::Customer(fields)) => Ok(OrderAnswer::BadCustomer(fields)),
        Err(Refused::PriceChanged(price)) => Ok(OrderAnswer::PriceChanged(price)),
        Err(Refused::Engine(PlaceError::Undecided(_))) => Ok(OrderAnswer::InDoubt),
        Err(Refused::Engine(PlaceError::SoldOut(_))) => Ok(OrderAnswer::BadCart(CartError::SoldOut)),
        Err(Refused::Engine(error @ PlaceError::Busy)) => {
            tracing::warn!(%error, "an order was refused; the shopper is asked to come again");
            Err(ApiError::Unavailable)
        }
        Err(Refused::Engine(error @ (PlaceError::Total(_) | PlaceError::Store(_)))) => Err(failed("placing an order", &error)),
    }
}

/// See [`crate::server_fns::confirm_payment`].
///
/// # Errors
/// When the store fails, or too many payments come back at once; Toss has not been called then.
pub async fn confirm_payment(returned: Returned) -> Result<Confirmed, ApiError> {
    let (ctx, visit) = asking();
    let (order_id, payment_key) = (returned.order_id.clone(), returned.payment_key.clone());
    let confirmed = confirm::confirm(&ctx, returned, SHOPPER_PATIENCE).await?;
    // A browser that did not place the order but came back with its payment gets to know how it stands.
    let is_owner = confirmed.record.as_ref().is_some_and(|record| visit.owns(&ctx, &record.order));
    if !is_owner && !matches!(confirmed.answer, Confirmed::Refused(_)) {
        remember(&set_cookie(&ctx, WITNESS_COOKIE, &ctx.sessions.witness(&order_id, &payment_key), HOUR_S));
    }
    Ok(confirmed.answer)
}

/// See [`crate::server_fns::await_order`].
///
/// # Errors
/// When the order is not this browser's, or the store fails.
pub async fn await_order(order_id: OrderId, seen: Option<i64>) -> Result<Awaited, ApiError> {
    let (ctx, visit) = asking();
    let failed = |error| failed("awaiting an order", &error);
    let record = ctx.engine.order(&order_id).await.map_err(failed)?.ok_or(ApiError::NotFound)?;
    if !visit.owns(&ctx, &record.order) && !visit.has_seen(&ctx, &record) {
        return Err(ApiError::NotFound);
    }
    let is_news = |record: &OrderRecord| !ctx.engine.is_undecided(record) && Some(record.version) != seen;
    if is_news(&record) {
        return Ok(Awaited::Known);
    }
    // A browser without a session has but the payment that it came back with.
    let who =
        visit.session.as_ref().map_or_else(|| order_id.as_str().to_owned(), |session| ctx.sessions.owner(session).as_str().to_owned());
    let Some(_wait) = ctx.waits.begin(who) else { return Ok(Awaited::NotYet { ask_again_ms: ASK_AGAIN_MS }) };
    let waited = if ctx.engine.is_undecided(&record) {
        ctx.engine.decided(&order_id, PATIENCE).await
    } else {
        ctx.engine.changed(&order_id, record.version, PATIENCE).await
    };
    Ok(if waited.map_err(failed)?.as_ref().is_some_and(is_news) { Awaited::Known } else { Awaited::NotYet { ask_again_ms: 0 } })
}

/// See [`crate::server_fns::load_checkout`].
///
/// # Errors
/// When the store fails.
pub async fn checkout_view(kind: CustomerKind) -> Result<CheckoutView, ApiError> {
    let (ctx, mut visit) = asking();
    let session = match visit.session.clone() {
        Some(session) => session,
        None => {
            let session = ctx.sessions.create();
            remember(&ctx.sessions.set_cookie(&session));
            visit.session = Some(session.clone());
            session
        }
    };
    let last = visit.last_order(&ctx).await.map_err(|error| failed("making the order sheet", &error))?;
    Ok(views::checkout(&ctx, &visit, &session, kind, last))
}

/// See [`crate::server_fns::load_order`].
///
/// # Errors
/// When the store fails.
pub async fn order_view(order_id: OrderId) -> Result<Option<OrderView>, ApiError> {
    let (ctx, visit) = asking();
    let failed = |error: StoreError| failed("reading an order", &error);
    let Some(record) = ctx.engine.order(&order_id).await.map_err(failed)?.filter(|record| visit.owns(&ctx, &record.order)) else {
        return Ok(None);
    };
    views::order(&ctx, visit.lang, &record).await.map(Some).map_err(failed)
}
