//! The server functions: what the browser may ask for. Each parses, calls and maps; the work is done in `server`.

use crate::domain::cart::CartRequest;
use crate::domain::customer::CustomerRequest;
use crate::domain::lang::Lang;
use crate::view::api_error::ApiError;
use crate::view::awaited::Awaited;
use crate::view::checkout::CheckoutView;
use crate::view::confirmed::Confirmed;
use crate::view::order::OrderView;
use crate::view::placed::OrderAnswer;
use crate::view::visitor::CustomerKind;
use leptos::prelude::*;
use toss_types::{OrderId, PaymentKey, Won};

/// Prices the cart on the server and stores an order.
///
/// # Errors
/// When the server or its store fails; nothing has been stored then.
#[server(prefix = "/api", endpoint = "place_order", input = server_fn::codec::Json)]
pub async fn place_order(cart: CartRequest, customer: CustomerRequest, expected_total: Won, lang: Lang) -> Result<OrderAnswer, ApiError> {
    crate::server::http::place_order(crate::server::place_order::Request { cart, customer, expected_total, lang }).await
}

/// Confirms a payment that came back from Toss: the one way in for it. `/success` calls it before it is rendered, front ends
/// that are not rendered by the server call it over HTTP. Charges once, however often it is called; `amount` is compared with
/// the stored order and never charged.
///
/// # Errors
/// [`ApiError::Unavailable`] when the server or its store fails; Toss has not been called then, and the same may be asked again.
#[server(prefix = "/api", endpoint = "confirm_payment", input = server_fn::codec::Json)]
pub async fn confirm_payment(payment_key: PaymentKey, order_id: OrderId, amount: Won) -> Result<Confirmed, ApiError> {
    crate::server::http::confirm_payment(payment_engine::Returned::new(order_id, payment_key, amount)).await
}

/// Waits for news of an order, for up to 20 s: for the payment to be known where it is not, and else for more than the first `seen`
/// events. A browser that waits already, in other tabs, is told when to ask again instead.
///
/// # Errors
/// [`ApiError::NotFound`] when the order is not this browser's; when the server fails.
#[server(prefix = "/api", endpoint = "await_order", input = server_fn::codec::Json)]
pub async fn await_order(order_id: OrderId, seen: Option<i64>) -> Result<Awaited, ApiError> {
    crate::server::http::await_order(order_id, seen).await
}

/// The order sheet, for a front end that is not rendered by the server.
///
/// # Errors
/// When the server fails.
#[server(prefix = "/api", endpoint = "checkout", input = server_fn::codec::Json)]
pub async fn load_checkout(kind: CustomerKind) -> Result<CheckoutView, ApiError> {
    crate::server::http::checkout_view(kind).await
}

/// The receipt, for a front end that is not rendered by the server; `None` when it is not this browser's.
///
/// # Errors
/// When the server fails.
#[server(prefix = "/api", endpoint = "order", input = server_fn::codec::Json)]
pub async fn load_order(order_id: OrderId) -> Result<Option<OrderView>, ApiError> {
    crate::server::http::order_view(order_id).await
}
