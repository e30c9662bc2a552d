//! The server functions: what the browser may ask for. Each is a door: parse, call, map; the work is done in `server`.

use crate::domain::cart::{CartError, CartRequest, Price};
use crate::domain::customer::{Customer, CustomerField, CustomerRequest};
use crate::domain::lang::Lang;
use crate::domain::money::Won;
use crate::domain::order::OrderId;
use crate::islands::checkout::CheckoutView;
use crate::pages::{CustomerKind, OrderView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What [`place_order`] did. Only a failure of the server is an `Err`; everything that a shopper can mend is here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum OrderAnswer {
    /// The order is stored and payable.
    Placed(Placed),
    /// The page showed another total than the shop charges. Nothing was stored.
    PriceChanged(Price),
    /// The cart is not one.
    BadCart(CartError),
    /// Contact data has to be corrected.
    BadCustomer(Vec<CustomerField>),
    /// The order before this one may have been paid; until that is known, another one could be paid twice.
    InDoubt,
    /// The request did not come from the shop's own page.
    Refused,
}

/// All that `requestPayment` wants to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Placed {
    /// The number of the order.
    pub order_id: OrderId,
    /// What Toss calls it.
    pub order_name: String,
    /// What is charged, in KRW.
    pub amount: Won,
    /// Who buys, as stored.
    pub customer: Customer,
    /// Where Toss sends the browser when the shopper approved.
    pub success_url: String,
    /// Where Toss sends the browser otherwise.
    pub fail_url: String,
}

/// Prices the cart on the server and stores an order.
///
/// # Errors
/// When the server or its store fails; nothing has been stored then.
#[server(prefix = "/api", endpoint = "place_order", input = server_fn::codec::Json)]
pub async fn place_order(
    cart: CartRequest,
    customer: CustomerRequest,
    expected_total: Won,
    lang: Lang,
) -> Result<OrderAnswer, ServerFnError> {
    crate::server::doors::place_order(crate::server::flow::place_order::Request { cart, customer, expected_total, lang }).await
}

/// Waits up to 20 s for the payment of an order to be known. `true` when it is.
///
/// # Errors
/// When the order is not this browser's, or the server fails.
#[server(prefix = "/api", endpoint = "await_order", input = server_fn::codec::Json)]
pub async fn await_order(order_id: OrderId) -> Result<bool, ServerFnError> {
    crate::server::doors::await_order(order_id).await
}

/// The order sheet, for a front end that is not rendered by the server.
///
/// # Errors
/// When the server fails.
#[server(prefix = "/api", endpoint = "checkout", input = server_fn::codec::Json)]
pub async fn load_checkout(kind: CustomerKind) -> Result<CheckoutView, ServerFnError> {
    crate::server::doors::checkout_view(kind).await
}

/// The receipt, for a front end that is not rendered by the server; `None` when it is not this browser's.
///
/// # Errors
/// When the server fails.
#[server(prefix = "/api", endpoint = "order", input = server_fn::codec::Json)]
pub async fn load_order(order_id: String) -> Result<Option<OrderView>, ServerFnError> {
    crate::server::doors::order_view(order_id).await
}
