//! The shop's part of placing an order: the server prices the cart itself; the engine stores what will be charged.

use super::details::Details;
use crate::domain::cart::{Cart, CartError, CartRequest, Price};
use crate::domain::customer::{Customer, CustomerField, CustomerRequest};
use crate::domain::lang::Lang;
use payment_engine::{Engine, NewOrder, Owner, PlaceError, Sale};
use toss_types::Won;

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
pub enum Refused {
    /// The cart is not one.
    #[error("the cart is not one: {0:?}")]
    Cart(CartError),
    /// Contact data has to be corrected.
    #[error("contact data has to be corrected: {0:?}")]
    Customer(Vec<CustomerField>),
    /// The page showed another total than the shop charges.
    #[error("the page showed another total than the shop charges")]
    PriceChanged(Price),
    /// The engine took no order.
    #[error(transparent)]
    Engine(#[from] PlaceError),
}

/// Answers the order that is now payable, and who buys.
///
/// # Errors
/// [`Refused`]; nothing has been stored then.
pub async fn place_order(engine: &Engine, owner: Owner, request: &Request) -> Result<(NewOrder, Customer), Refused> {
    let cart = Cart::parse(&request.cart).map_err(Refused::Cart)?; //                   1 what is bought
    let customer = Customer::parse(&request.customer).map_err(Refused::Customer)?; //   2 by whom
    let price = cart.price(); //                                                        3 for how much
    if price.total != request.expected_total {
        return Err(Refused::PriceChanged(price));
    }
    let details = Details { cart: cart.to_request(), customer: customer.clone(), lang: request.lang };
    let mut sale = Sale::new(owner, cart.order_name(request.lang), price.total).details(details.to_text());
    for line in cart.lines() {
        sale = sale.reserve(line.product.id, line.quantity);
    }
    if let Some(coupon) = cart.coupon().filter(|_| price.discount > Won::ZERO) {
        sale = sale.reserve(coupon.code, 1);
    }
    let order = engine.place(sale).await?; //                                           4 durable before anybody pays
    Ok((order, customer))
}
