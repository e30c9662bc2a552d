//! `GET /v1/payments/orders/{orderId}` (Toss docs `/reference`).

use super::Asked;
use crate::client::{Client, Response};
use crate::error::{Endpoint, Error};
use crate::ids::OrderId;
use crate::payment::Payment;

impl Client {
    /// Looks a payment up by the shop's order, for orders whose payment key never arrived. Changes nothing at Toss.
    ///
    /// # Errors
    /// As for [`Client::payment`].
    pub async fn payment_by_order(&self, order_id: &OrderId) -> Result<Response<Payment>, Error> {
        let answer = self.get(&["v1", "payments", "orders", order_id.as_str()]).await?;
        Asked { order_id: Some(order_id), ..Asked::default() }.hold(answer.payment(Endpoint::Lookup)?)
    }
}
