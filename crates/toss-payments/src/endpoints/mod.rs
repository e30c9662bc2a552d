//! One file per endpoint: its address, its body, and what its answer has to be about.

mod confirm;
mod payment;
mod payment_by_order;

pub use confirm::ConfirmRequest;

use crate::client::Response;
use crate::error::{Error, Unknown, UnknownCause};
use crate::ids::{OrderId, PaymentKey};
use crate::money::Won;
use crate::payment::{Currency, Payment};
use crate::transport::capped;

/// What was asked for, as far as the call says.
#[derive(Default)]
struct Asked<'a> {
    payment_key: Option<&'a PaymentKey>,
    order_id: Option<&'a OrderId>,
    amount: Option<Won>,
}

impl Asked<'_> {
    /// Passes an answer on if it is about what was asked. A payment of something else proves nothing about ours: on
    /// confirm an idempotency key used twice brings the first order's payment (Toss community, observed).
    fn hold(&self, answer: Response<Payment>) -> Result<Response<Payment>, Error> {
        let Some(field) = self.differing_field(&answer.value) else {
            return Ok(answer);
        };
        Err(Error::Unknown(Box::new(Unknown {
            cause: UnknownCause::Mismatch,
            status: Some(answer.status),
            code: None,
            raw: Some(capped(answer.raw.as_bytes())),
            trace_id: answer.trace_id,
            retry_after: None,
            detail: format!("{field} differs from what was asked for"),
        })))
    }

    fn differing_field(&self, payment: &Payment) -> Option<&'static str> {
        if self.payment_key.is_some_and(|key| *key != payment.payment_key) {
            Some("paymentKey")
        } else if self.order_id.is_some_and(|id| *id != payment.order_id) {
            Some("orderId")
        } else if self.amount.is_some() && payment.currency != Currency::Krw {
            Some("currency")
        } else if self.amount.is_some() && payment.total_won() != self.amount {
            Some("totalAmount")
        } else {
            None
        }
    }
}
