//! `GET /v1/payments/orders/{orderId}` (Toss docs `/reference`).

use super::Asked;
use crate::client::{Client, Response};
use crate::error::{Effect, Error};
use crate::ids::OrderId;
use crate::payment::whole::Payment;

impl Client {
    /// Looks a payment up by the shop's order, for orders whose payment key never arrived. Changes nothing at Toss.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{Class, OrderId};
    ///
    /// match client.payment_by_order(&OrderId::parse("order-20260801-0001")?).await {
    ///     Ok(answer) => println!("{:?} {}", answer.value.payment_key, answer.value.status),
    ///     Err(error) if error.class() == Class::State => println!("Toss knows no payment of this order"),
    ///     Err(error) => println!("ask again later: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::payment`].
    pub async fn payment_by_order(&self, order_id: &OrderId) -> Result<Response<Payment>, Error> {
        let answer = self.get("/v1/payments/orders/{orderId}", &[order_id.as_str()]).await?;
        Asked { order_id: Some(order_id), ..Asked::default() }.read(answer, Effect::Lookup)
    }
}
