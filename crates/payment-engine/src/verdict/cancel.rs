//! What a payment shows of its cancels, and what an answer to a cancel means.

use crate::order::{Cancel, CancelStanding, Decline, Refund, Transfer};
use std::cmp::Reverse;
use std::time::Duration;
use toss_payments::payment::{CancelStatus, RefundStatus};
use toss_payments::{Amount, Class, Error, ErrorCode, Money, Payment, Response, Status, Won};
use toss_types::PaymentKey;

/// What a payment shows of its cancels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CancelShown {
    /// Of which payment.
    pub(crate) payment_key: PaymentKey,
    /// Oldest first.
    pub(crate) cancels: Vec<Cancel>,
    /// What is left of it.
    pub(crate) balance: Option<Amount>,
    /// Whether nothing of it is left to be cancelled.
    pub(crate) is_canceled: bool,
    /// Whether it waits for a deposit.
    pub(crate) is_waiting: bool,
    /// Where the transfer of what was given back of a deposit stands.
    pub(crate) transfer: Option<Transfer>,
}

/// What a payment shows of its cancels. A payment that is cancelled and shows none of them is taken to have one, of all that is not
/// left.
pub(crate) fn cancels_shown(payment: &Payment) -> CancelShown {
    let money = |amount: Amount| Money::new(amount, payment.currency.clone()).ok();
    let cancel = |shown: &toss_payments::payment::Cancel| {
        let status = match &shown.cancel_status {
            // Older versions of the API have no word for it: a cancel that is there is done.
            None | Some(CancelStatus::Done) => CancelStanding::Done,
            Some(CancelStatus::Aborted) => CancelStanding::Aborted,
            Some(CancelStatus::InProgress | CancelStatus::Unknown(_) | _) => CancelStanding::InProgress,
        };
        let mut cancel =
            Cancel::new(shown.transaction_key.as_ref().map(|key| key.as_str().to_owned()), money(shown.cancel_amount?)?, status);
        cancel.request_id = shown.cancel_request_id.clone();
        cancel.balance_after = shown.refundable_amount;
        cancel.reason = shown.cancel_reason.clone().unwrap_or_default();
        cancel.canceled_at = shown.canceled_at.as_ref().map(|at| at.as_str().to_owned());
        Some(cancel)
    };
    let mut cancels: Vec<Cancel> = payment.cancels.iter().filter_map(cancel).collect();
    // Toss writes them in the order in which they were made, as a rule; what they left says it for certain.
    cancels.sort_by_key(|cancel| Reverse(cancel.balance_after));
    let is_canceled = matches!(payment.status, Status::Canceled);
    if cancels.is_empty() && payment.approved_at.is_some() && matches!(payment.status, Status::Canceled | Status::PartialCanceled) {
        let gone = payment.total_amount.checked_sub(payment.balance_amount.unwrap_or_else(|| Won::of(0).into()));
        cancels.extend(gone.and_then(money).map(|amount| Cancel::new(None, amount, CancelStanding::Done)));
    }
    CancelShown {
        payment_key: payment.payment_key.clone(),
        cancels,
        balance: payment.balance_amount,
        is_canceled,
        is_waiting: matches!(payment.status, Status::WaitingForDeposit),
        transfer: transfer(payment),
    }
}

pub(super) fn transfer(payment: &Payment) -> Option<Transfer> {
    match payment.virtual_account.as_ref()?.refund_status.as_ref()? {
        RefundStatus::Pending => Some(Transfer::Pending),
        RefundStatus::Failed => Some(Transfer::Failed),
        RefundStatus::PartialFailed => Some(Transfer::PartlyFailed),
        RefundStatus::Completed => Some(Transfer::Completed),
        // Toss has been seen to write NONE beside cancels that are done (tech chat).
        RefundStatus::None | RefundStatus::Unknown(_) | _ => None,
    }
}

/// What the answer to a cancel means.
#[derive(Debug)]
pub(crate) enum RefundJudged {
    /// Toss shows the payment, with this cancel as a rule.
    Shown {
        /// What it shows.
        shown: CancelShown,
        /// The body that Toss sent, as received.
        toss_answer: String,
    },
    /// Toss refuses this call. An earlier call of the same refund may have gone through.
    Refused(Decline),
    /// Nobody knows.
    Unknown {
        /// For the operator.
        cause: String,
        /// How long Toss asks to be left alone.
        retry_after: Option<Duration>,
    },
}

/// What an answer to a cancel means for the refund.
pub(crate) fn of_cancel(refund: &Refund, answer: Result<Response<Payment>, Error>) -> RefundJudged {
    match answer {
        Ok(response) if response.value.payment_key == refund.payment_key => {
            RefundJudged::Shown { shown: cancels_shown(&response.value), toss_answer: response.raw }
        }
        Ok(_) => RefundJudged::Unknown { cause: "Toss answered with another payment".to_owned(), retry_after: None },
        Err(Error::Rejected(rejected)) => match (rejected.class, &rejected.code) {
            // Toss repeats the last one under the same key for ever. Only a look-up tells what it has done, as with the others.
            (Class::Declined | Class::Expired | Class::State | Class::Validation | Class::Key, _)
            | (Class::Unknown, ErrorCode::ProviderError) => {
                RefundJudged::Refused(Decline { code: rejected.code.to_string(), message: rejected.message, status: rejected.status })
            }
            (Class::Unknown, _) => RefundJudged::Unknown {
                cause: format!("Toss answered {} {}", rejected.status, rejected.code),
                retry_after: rejected.retry_after,
            },
        },
        Err(Error::Unknown(lost)) => RefundJudged::Unknown { cause: lost.to_string(), retry_after: lost.retry_after },
    }
}
