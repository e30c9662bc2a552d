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

use crate::answer::{Answer, capped};
use crate::client::Response;
use crate::error::{Effect, Error, UnknownCause, UnknownOutcome};
use crate::ids::{OrderId, PaymentKey};
use crate::money::Money;
use crate::payment::whole::Payment;

/// What was asked for, as far as the call says.
#[derive(Default)]
struct Asked<'a> {
    payment_key: Option<&'a PaymentKey>,
    order_id: Option<&'a OrderId>,
    amount: Option<Money>,
}

impl Asked<'_> {
    /// Reads a payment if it is what was asked for. One of something else proves nothing about ours: on confirm an idempotency
    /// key used twice brings the first order's payment (Toss community, observed).
    fn read(&self, answer: Answer, effect: Effect) -> Result<Response<Payment>, Error> {
        answer.read_if(effect, Payment::from_json, |payment| self.differing_field(payment))
    }

    fn differing_field(&self, payment: &Payment) -> Option<&'static str> {
        if self.payment_key.is_some_and(|key| *key != payment.payment_key) {
            Some("paymentKey")
        } else if self.order_id.is_some_and(|id| *id != payment.order_id) {
            Some("orderId")
        } else if self.amount.as_ref().is_some_and(|asked| *asked.currency() != payment.currency) {
            Some("currency")
        } else if self.amount.as_ref().is_some_and(|asked| asked.amount() != payment.total_amount) {
            Some("totalAmount")
        } else {
            None
        }
    }
}

/// A page of a list that does not lead on.
fn astray<T>(answer: Response<T>, detail: &str) -> Error {
    let (status, trace_id, cause, detail) = (answer.status, answer.trace_id, UnknownCause::Mismatch, detail.to_owned());
    tracing::warn!(status, trace_id = trace_id.as_deref(), %cause, detail, "the outcome is unknown");
    let raw = Some(capped(answer.raw.as_bytes()));
    UnknownOutcome { status: Some(status), raw, trace_id, detail, ..UnknownOutcome::new(cause) }.into()
}
