//! `POST /v1/payments/confirm` (Toss docs `/reference`): the call that charges.

use super::Asked;
use crate::client::{Client, Response};
use crate::error::{Endpoint, Error};
use crate::ids::{IdempotencyKey, OrderId, PaymentKey};
use crate::money::Won;
use crate::payment::Payment;
use serde::Serialize;

/// What to charge. The amount is the one that the shop stored with the order, never the one that the browser brought.
///
/// ```
/// use toss_payments::{ConfirmRequest, OrderId, PaymentKey, Won};
///
/// let request = ConfirmRequest {
///     payment_key: PaymentKey::parse("tviva20260801120000AbC12")?,
///     order_id: OrderId::parse("order-20260801-0001")?,
///     amount: Won::new(45_000)?,
/// };
/// assert!(!format!("{request:?}").contains("tviva20260801120000AbC12"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfirmRequest {
    /// From the success URL.
    pub payment_key: PaymentKey,
    /// From the shop's own order.
    pub order_id: OrderId,
    /// From the shop's own order, in KRW.
    pub amount: Won,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    payment_key: &'a str,
    order_id: &'a str,
    amount: i64,
}

impl Client {
    /// Charges an authenticated payment. Toss allows ten minutes from the authentication.
    ///
    /// `Ok` is a payment of this key, order and amount in KRW; look at its status: `DONE` is paid, `WAITING_FOR_DEPOSIT`
    /// a virtual account without money yet. The same idempotency key asks for the same answer again and never charges
    /// twice; use a new one for a new payment only. Dropping the future leaves the outcome unknown.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{Class, ConfirmRequest, IdempotencyKey, OrderId, PaymentKey, Status, Won};
    ///
    /// let payment_key = PaymentKey::parse("tviva20260801120000AbC12")?;
    /// let order_id = OrderId::parse("order-20260801-0001")?;
    /// let request = ConfirmRequest { payment_key, order_id, amount: Won::new(45_000)? };
    /// match client.confirm(&request, &IdempotencyKey::parse("attempt-7f3a")?).await {
    ///     Ok(answer) if answer.value.status == Status::Done => println!("paid"),
    ///     Ok(answer) => println!("not paid yet: {}", answer.value.status),
    ///     Err(error) => match error.class() {
    ///         Class::Declined | Class::Expired => println!("not charged; a new payment is needed"),
    ///         Class::State | Class::Unknown => println!("look it up: {:?}", client.payment_by_order(&request.order_id).await?.value.status),
    ///         Class::Validation | Class::Key => println!("ours to mend: {error}"),
    ///     },
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] where Toss decided, [`Error::Unknown`] where nobody knows; see [`Error::class`].
    pub async fn confirm(&self, request: &ConfirmRequest, key: &IdempotencyKey) -> Result<Response<Payment>, Error> {
        let body = Body { payment_key: request.payment_key.expose(), order_id: request.order_id.as_str(), amount: request.amount.get() };
        let json = serde_json::to_vec(&body).expect("invariant: two strings and a number are JSON");
        let answer = self.post(&["v1", "payments", "confirm"], key, json).await?;
        let asked = Asked { payment_key: Some(&request.payment_key), order_id: Some(&request.order_id), amount: Some(request.amount) };
        asked.hold(answer.payment(Endpoint::Charge)?)
    }
}
