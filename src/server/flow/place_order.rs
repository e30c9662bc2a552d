//! Places an order: the server prices the cart itself and stores what it will charge before anybody is asked to pay.

use crate::domain::cart::{Cart, CartError, CartRequest, Price};
use crate::domain::customer::{Customer, CustomerField, CustomerRequest};
use crate::domain::lang::Lang;
use crate::domain::money::Won;
use crate::domain::order::OrderId;
use crate::server::context::Context;
use crate::server::session::Session;
use crate::server::store::{NewOrder, StoreError};

/// What a browser asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is bought, without prices.
    pub cart: CartRequest,
    /// Who buys.
    pub customer: CustomerRequest,
    /// What the page showed as total. Compared, never charged.
    pub expected_total: Won,
    /// The language of the page.
    pub lang: Lang,
}

/// Why no order was placed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The cart is not one.
    #[error("the cart is not one: {0:?}")]
    Cart(CartError),
    /// Contact data has to be corrected.
    #[error("contact data has to be corrected: {0:?}")]
    Customer(Vec<CustomerField>),
    /// The page showed another total than the shop charges.
    #[error("the page showed another total than the shop charges")]
    PriceChanged(Price),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers the order that is now payable.
///
/// # Errors
/// [`PlaceError`]; nothing has been stored then.
pub async fn place_order(ctx: &Context, session: &Session, request: &Request) -> Result<NewOrder, PlaceError> {
    let cart = Cart::parse(&request.cart).map_err(PlaceError::Cart)?; //                   1 what is bought
    let customer = Customer::parse(&request.customer).map_err(PlaceError::Customer)?; //   2 by whom
    let price = cart.price(); //                                                           3 for how much
    if price.total != request.expected_total {
        return Err(PlaceError::PriceChanged(price));
    }
    let order = NewOrder {
        id: new_order_id(),
        owner: ctx.sessions.owner(session),
        name: cart.order_name(request.lang),
        cart: cart.to_request(),
        total: price.total,
        customer,
        lang: request.lang,
        placed_at_ms: ctx.clock.now_ms(),
    };
    ctx.store.place(&order).await?; //                                                     4 durable before anybody pays
    tracing::info!(order_id = %order.id, total_krw = order.total.amount(), "order placed");
    Ok(order)
}

fn new_order_id() -> OrderId {
    OrderId::parse(&nanoid::nanoid!(OrderId::LENGTH)).expect("invariant: nanoid's alphabet is A-Za-z0-9_-")
}
