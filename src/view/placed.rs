//! What became of an order that the shopper placed.

use crate::domain::cart::{CartError, Price};
use crate::domain::customer::{Customer, CustomerField};
use serde::{Deserialize, Serialize};
use toss_types::{OrderId, Won};

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
