//! Behind the server functions: who asks, may they, and which flow does it.

use super::context::Context;
use super::flow::place_order::{self, PlaceError, Request};
use super::views;
use super::visit::{LAST_ORDER_COOKIE, Visit, set_cookie};
use crate::api::{OrderAnswer, Placed};
use crate::domain::order::OrderId;
use crate::domain::routes;
use crate::islands::checkout::CheckoutView;
use crate::pages::{CustomerKind, OrderView};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use std::time::Duration;

/// Below the time after which proxies give up on a silent connection.
const PATIENCE: Duration = Duration::from_secs(20);
const DAY_S: u32 = 86_400;

fn asking() -> (Context, Parts, Visit) {
    let ctx: Context = expect_context();
    let parts: Parts = expect_context();
    let visit = Visit::read(&ctx, &parts.headers);
    (ctx, parts, visit)
}

/// The cause goes to the log; the browser learns only that it was the server.
fn failed(doing: &'static str, error: &dyn std::error::Error) -> ServerFnError {
    tracing::error!(%error, doing, "a server function failed");
    ServerFnError::ServerError("the server could not do it; nothing was changed".to_owned())
}

/// See [`crate::api::place_order`].
///
/// # Errors
/// When the store fails.
pub async fn place_order(request: Request) -> Result<OrderAnswer, ServerFnError> {
    let (ctx, parts, visit) = asking();
    let Some(shop) = shop_origin(&ctx, &parts) else { return Ok(OrderAnswer::Refused) };
    let Some(session) = visit.session.clone() else { return Ok(OrderAnswer::Refused) };
    let last = visit.last_order(&ctx).await.map_err(|error| failed("reading the last order", &error))?;
    if last.is_some_and(|record| record.state.in_doubt().is_some()) {
        return Ok(OrderAnswer::InDoubt);
    }
    match place_order::place_order(&ctx, &session, &request).await {
        Ok(order) => {
            remember(&ctx, &order.id);
            Ok(OrderAnswer::Placed(Placed {
                order_id: order.id,
                order_name: order.name,
                amount: order.total,
                customer: order.customer,
                success_url: format!("{shop}{}", routes::SUCCESS),
                fail_url: format!("{shop}{}", routes::FAIL),
            }))
        }
        Err(PlaceError::Cart(error)) => Ok(OrderAnswer::BadCart(error)),
        Err(PlaceError::Customer(fields)) => Ok(OrderAnswer::BadCustomer(fields)),
        Err(PlaceError::PriceChanged(price)) => Ok(OrderAnswer::PriceChanged(price)),
        Err(PlaceError::Store(error)) => Err(failed("placing an order", &error)),
    }
}

/// Scheme, host and port of the page that asks, if it is the shop's: its public address, or, as long as no real money
/// moves, any page of this machine (another port, or the development server of a front end).
fn shop_origin(ctx: &Context, parts: &Parts) -> Option<String> {
    let origin = parts.headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    match origin {
        None => Some(ctx.config.http.public_url.clone()),
        Some(origin) if origin == ctx.config.http.public_url => Some(origin.to_owned()),
        Some(origin) if !ctx.config.is_live() && is_loopback(origin) => Some(origin.to_owned()),
        Some(origin) => {
            tracing::warn!(origin, "an order from a page that is not the shop's was refused; is PUBLIC_URL right?");
            None
        }
    }
}

fn is_loopback(origin: &str) -> bool {
    let host = origin.strip_prefix("http://").map(|rest| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
    matches!(host, Some("127.0.0.1" | "localhost" | "[::1]"))
}

fn remember(ctx: &Context, id: &OrderId) {
    let cookie =
        HeaderValue::from_str(&set_cookie(ctx, LAST_ORDER_COOKIE, id.as_str(), DAY_S)).expect("invariant: an order id is visible ASCII");
    expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, cookie);
}

/// See [`crate::api::await_order`].
///
/// # Errors
/// When the order is not this browser's, or the store fails.
pub async fn await_order(order_id: OrderId) -> Result<bool, ServerFnError> {
    let (ctx, _, visit) = asking();
    let failed = |error| failed("awaiting an order", &error);
    let record = ctx.store.order(&order_id).await.map_err(failed)?;
    if !record.is_some_and(|record| visit.owns(&ctx, &record.order) || visit.witnessed(&ctx, &order_id)) {
        return Err(ServerFnError::ServerError("no such order".to_owned()));
    }
    let record = ctx.changes.settled(ctx.store.as_ref(), &order_id, PATIENCE).await.map_err(failed)?;
    Ok(record.is_some_and(|record| record.state.in_doubt().is_none()))
}

/// See [`crate::api::load_checkout`].
///
/// # Errors
/// When the store fails.
pub async fn checkout_view(kind: CustomerKind) -> Result<CheckoutView, ServerFnError> {
    let (ctx, _, mut visit) = asking();
    let session = match visit.session.clone() {
        Some(session) => session,
        None => {
            let session = ctx.sessions.create();
            let cookie = HeaderValue::from_str(&ctx.sessions.set_cookie(&session)).expect("invariant: a session cookie is visible ASCII");
            expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, cookie);
            visit.session = Some(session.clone());
            session
        }
    };
    let last = visit.last_order(&ctx).await.map_err(|error| failed("making the order sheet", &error))?;
    Ok(views::checkout(&ctx, &visit, &session, kind, last))
}

/// See [`crate::api::load_order`].
///
/// # Errors
/// When the store fails.
pub async fn order_view(order_id: String) -> Result<Option<OrderView>, ServerFnError> {
    let (ctx, _, visit) = asking();
    let Ok(order_id) = OrderId::parse(&order_id) else { return Ok(None) };
    let record = ctx.store.order(&order_id).await.map_err(|error| failed("reading an order", &error))?;
    Ok(record.filter(|record| visit.owns(&ctx, &record.order)).map(|record| views::order(&ctx, visit.lang, &record)))
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_this_machine_is_loopback() {
        for origin in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:3000"] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in
            ["http://127.0.0.1.evil.example", "https://shop.example", "http://localhost.evil.example:80", "null", "http://evil.example:127"]
        {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
