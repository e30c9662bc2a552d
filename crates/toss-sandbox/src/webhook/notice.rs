//! What there is to tell, before it is addressed to anybody.

use serde::Serialize;

use super::EventType;
use crate::{
    body::{CancelEntry, PaymentBody},
    clock::UnixMs,
    config::{Choices, MerchantId},
    error::Language,
    payment::{Kind, Payment, Status, Transition, Trigger},
    receipts::CashReceipts,
};

/// An event that has happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    pub(crate) event: EventType,
    /// Whose it is, if it is about something of a shop.
    pub(crate) merchant: Option<MerchantId>,
    /// The order that it is about, if it is about one.
    pub(crate) order_id: Option<String>,
    pub(crate) created_at: UnixMs,
    /// JSON text of an object, what the envelope is put around.
    pub(crate) data: String,
}

/// What a DEPOSIT_CALLBACK says, in the order of the documentation's example.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DepositCallback<'a> {
    secret: &'a str,
    status: Status,
    transaction_key: Option<&'a str>,
    order_id: &'a str,
}

impl Notice {
    /// The event that a payment's change is.
    pub(crate) fn of(
        event: EventType,
        payment: &Payment,
        shelf: &CashReceipts,
        change: &Transition,
        choices: Choices,
        m_id: &str,
        origin: &str,
    ) -> Self {
        let data = if event == EventType::DepositCallback {
            json_text(&DepositCallback {
                secret: &payment.secret,
                status: change.to,
                transaction_key: payment.last_transaction_key(),
                order_id: &payment.order.order_id,
            })
        } else if event == EventType::CancelStatusChanged {
            // Assumed: the entry of `cancels[]`, as nobody has published one.
            payment.cancel_of(change).map_or_else(|| "{}".to_owned(), |cancel| json_text(&CancelEntry::of(cancel)))
        } else {
            let mut body = PaymentBody::of(payment, shelf, m_id, Language::Korean, origin, change.at);
            // Two changes in one step leave only the second in the payment itself.
            body.status = change.to.as_str();
            if !choices.secret_in_status_changed {
                body.secret = None;
            }
            json_text(&body)
        };
        Self { event, merchant: Some(payment.merchant), order_id: Some(payment.order.order_id.clone()), created_at: change.at, data }
    }
}

/// Which events a change of a payment sends (Toss docs /reference/using-api/webhook-events, the table of statuses).
///
/// Assumed: a charge of a billing key sends nothing when it is declined either; the documentation speaks of approvals.
pub(crate) fn events(payment: &Payment, change: &Transition, choices: Choices) -> &'static [EventType] {
    use EventType::{CancelStatusChanged, DepositCallback, PaymentStatusChanged};
    const BOTH: &[EventType] = &[PaymentStatusChanged, DepositCallback];
    const CHANGED: &[EventType] = &[PaymentStatusChanged];
    // Assumed: a payment whose cancel is under way, or came to nothing, has not changed its status.
    match change.trigger {
        Trigger::CancelRequested => return &[],
        Trigger::CancelDone => return &[PaymentStatusChanged, CancelStatusChanged],
        Trigger::CancelAborted => return &[CancelStatusChanged],
        Trigger::Opened
        | Trigger::Authenticated
        | Trigger::RefusedAtWindow
        | Trigger::Confirmed
        | Trigger::Declined
        | Trigger::ChargedDirectly
        | Trigger::AccountIssued
        | Trigger::Deposited
        | Trigger::DepositReversed
        | Trigger::Cancelled
        | Trigger::TimedOut => {}
    }
    let by_billing_key = matches!(payment.kind, Kind::Billing { .. });
    match change.to {
        Status::Ready | Status::InProgress => &[],
        Status::Done | Status::Aborted if by_billing_key => &[],
        Status::Done if change.from == Some(Status::WaitingForDeposit) => BOTH,
        Status::Done | Status::Aborted | Status::Expired => CHANGED,
        // A deposit that was reversed, or an account that was issued. What the issue sends besides is not documented.
        Status::WaitingForDeposit if change.from == Some(Status::Done) || choices.status_changed_on_issue => BOTH,
        Status::WaitingForDeposit => &[DepositCallback],
        Status::Canceled | Status::PartialCanceled if payment.account().is_some() => BOTH,
        Status::Canceled | Status::PartialCanceled => CHANGED,
    }
}

fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("invariant: all keys are strings")
}
