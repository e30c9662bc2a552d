//! `POST /v1/payments/confirm` (Toss docs `/reference`): the call that charges.

use super::Asked;
use crate::body::{ToObject as _, request};
use crate::client::{Client, Response};
use crate::error::{Effect, Error};
use crate::ids::{IdempotencyKey, OrderId, PaymentKey};
use crate::money::Money;
use crate::payment::whole::Payment;

request! {
    /// What to charge. The amount is the one that the shop stored with the order, never the one that the browser brought.
    ///
    /// ```
    /// use toss_payments::{ConfirmRequest, OrderId, PaymentKey, Won};
    ///
    /// let payment_key = PaymentKey::parse("tviva20260801120000AbC12")?;
    /// let request = ConfirmRequest::new(payment_key, OrderId::parse("order-20260801-0001")?, Won::new(45_000)?);
    /// assert!(!format!("{request:?}").contains("tviva20260801120000AbC12"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct ConfirmRequest {
        required {
            /// From the success URL.
            payment_key: PaymentKey = "paymentKey",
            /// From the shop's own order.
            order_id: OrderId = "orderId",
            /// From the shop's own order, in its currency: [`Won`](crate::Won), or [`Money`] of an overseas payment. Toss is told the
            /// number alone (it documents no currency here); the answer has to name this currency.
            amount: Money = "amount" into,
        }
        optional {}
    }
}

impl Client {
    /// Charges an authenticated payment. Toss allows ten minutes from the authentication.
    ///
    /// `Ok` is a payment of this key, order, amount and currency; look at its status: `DONE` is paid, `WAITING_FOR_DEPOSIT`
    /// a virtual account without money yet. The same idempotency key asks for the same answer again and never charges
    /// twice; use a new one for a new payment only. Dropping the future leaves the outcome unknown.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{Class, ConfirmRequest, IdempotencyKey, OrderId, PaymentKey, Status, Won};
    ///
    /// let payment_key = PaymentKey::parse("tviva20260801120000AbC12")?;
    /// let key = IdempotencyKey::derive("confirm", &payment_key)?;
    /// let request = ConfirmRequest::new(payment_key, OrderId::parse("order-20260801-0001")?, Won::new(45_000)?);
    /// match client.confirm(&request, &key).await {
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
        let answer = self.post("/v1/payments/confirm", &[], key, request.to_json()).await?;
        let asked =
            Asked { payment_key: Some(&request.payment_key), order_id: Some(&request.order_id), amount: Some(request.amount.clone()) };
        asked.read(answer, Effect::Charge)
    }
}
