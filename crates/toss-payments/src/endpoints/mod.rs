//! One file per endpoint: its address, its body, and what its answer has to be about.

mod billing;
mod brandpay;
mod cancel;
mod cash_receipts;
mod confirm;
mod key_in;
mod payment;
mod payment_by_order;
mod promotions;
mod settlements;
mod transactions;
mod virtual_account;

pub use billing::{BillingCardRequest, BillingChargeRequest};
pub use brandpay::BrandPayConfirmRequest;
pub use cancel::{CancelRequest, RefundReceiveAccount};
pub use cash_receipts::{CashReceiptQuery, CashReceiptRequest};
pub use confirm::ConfirmRequest;
pub use key_in::KeyInRequest;
pub use settlements::{SettlementDate, SettlementQuery};
pub use transactions::TransactionQuery;
pub use virtual_account::{Deadline, EscrowProduct, FixedAccount, ReceiptWish, ValidHours, VirtualAccountRequest};

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
        match self.differing_field(&answer.value) {
            None => Ok(answer),
            Some(field) => Err(mismatch(answer, format!("{field} differs from what was asked for"))),
        }
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

/// A request that is never sent.
fn not_sent(detail: &str) -> Error {
    Error::Unknown(Box::new(Unknown {
        cause: UnknownCause::NotSent,
        status: None,
        code: None,
        raw: None,
        trace_id: None,
        retry_after: None,
        detail: detail.to_owned(),
    }))
}

/// A 200 that is about something else.
fn mismatch<T>(answer: Response<T>, detail: String) -> Error {
    Error::Unknown(Box::new(Unknown {
        cause: UnknownCause::Mismatch,
        status: Some(answer.status),
        code: None,
        raw: Some(capped(answer.raw.as_bytes())),
        trace_id: answer.trace_id,
        retry_after: None,
        detail,
    }))
}
