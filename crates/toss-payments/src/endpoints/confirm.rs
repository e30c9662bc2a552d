//! `POST /v1/payments/confirm` (Toss docs `/reference`): the call that charges.

use super::Asked;
use crate::client::{Client, Response};
use crate::error::{Endpoint, Error};
use crate::ids::{IdempotencyKey, OrderId, PaymentKey};
use crate::money::Won;
use crate::payment::Payment;
use serde::Serialize;

/// What to charge. The amount is the one that the shop stored with the order, never the one that the browser brought.
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
    /// # Errors
    /// [`Error::Rejected`] where Toss decided, [`Error::Unknown`] where nobody knows; see [`Error::class`].
    pub async fn confirm(&self, request: &ConfirmRequest, key: &IdempotencyKey) -> Result<Response<Payment>, Error> {
        let body = Body { payment_key: request.payment_key.expose(), order_id: request.order_id.as_str(), amount: request.amount.get() };
        let json = serde_json::to_vec(&body).expect("invariant: two strings and a number are JSON");
        let answer = self.post(&["v1", "payments", "confirm"], key, json).await?;
        let asked = Asked {
            payment_key: Some(&request.payment_key),
            order_id: Some(&request.order_id),
            amount: Some(request.amount),
            ..Asked::default()
        };
        asked.hold(answer.payment(Endpoint::Charge)?)
    }
}
