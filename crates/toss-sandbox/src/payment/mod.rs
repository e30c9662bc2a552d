//! One payment and its life. Money is never stored twice: balance and status follow from the cancels.
//!
//! Toss docs /reference (Payment), /reference/using-api/webhook-events. Time moves a payment lazily: whoever looks
//! calls [`Payment::settle`] first. The stage changes in one place, [`Payment::change`], which writes the timeline.

mod account;
mod deposit;
mod kind;
mod refund;
mod status;
mod timeline;

use std::{slice, time::Duration};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

pub(crate) use account::{Account, OPEN_FOR, REFUND_ACCOUNT_SHOWN_FOR, RefundAccount};
pub(crate) use kind::Kind;
pub use refund::{CANCEL_TAKES, DEPOSIT_CANCELABLE_FOR, PAYPAL_CANCELABLE_FOR, TRANSFER_CANCELABLE_FOR};
pub(crate) use refund::{Cancel, CancelState, Refund};
pub use status::Status;
pub use timeline::{MAX_TRANSITIONS, Transition, Trigger};

use crate::{
    clock::UnixMs,
    config::MerchantId,
    error::{ApiError, Code, Language},
    ids,
    money::{Currency, Money},
    order::Order,
    receipts::Receipts,
};

/// How long a payment waits for the shopper to authenticate (Toss docs: 30 minutes).
pub const READY_FOR: Duration = Duration::from_secs(30 * 60);
/// How long an authenticated payment waits for its confirm (Toss docs: 10 minutes).
pub const SESSION_FOR: Duration = Duration::from_secs(10 * 60);

/// Where a payment stands, with what only exists there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Stage {
    Ready,
    InProgress {
        since: UnixMs,
        /// The code with which the confirm will be refused; chosen at the window.
        decline: Option<String>,
        /// A confirm is being processed.
        confirming: bool,
    },
    /// Waits for a deposit.
    Waiting {
        account: Account,
    },
    /// Cancelled before the deposit: no money has ever moved.
    Withdrawn {
        account: Account,
        cancel: Cancel,
    },
    /// Money has moved. What is left of it follows from the cancels.
    Charged {
        at: UnixMs,
        transaction_key: String,
        /// The virtual account into which it came.
        account: Option<Account>,
        cancels: Vec<Cancel>,
    },
    Aborted {
        failure: ApiError,
    },
    Expired,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) payment_key: String,
    pub(crate) merchant: MerchantId,
    pub(crate) kind: Kind,
    pub(crate) order: Order,
    pub(crate) requested_at: UnixMs,
    pub(crate) secret: String,
    pub(crate) receipts: Receipts,
    stage: Stage,
    timeline: Vec<Transition>,
}

impl Payment {
    /// A payment whose window is open.
    pub(crate) fn new(merchant: MerchantId, m_id: &str, order: Order, now: UnixMs) -> Self {
        Self::starting(merchant, m_id, Kind::Normal, order, Stage::Ready, Trigger::Opened, now)
    }

    /// A payment that is charged without a window: key-in or a billing key.
    pub(crate) fn charged_directly(merchant: MerchantId, m_id: &str, kind: Kind, order: Order, now: UnixMs) -> Self {
        let stage = Stage::Charged { at: now, transaction_key: ids::transaction_key(), account: None, cancels: Vec::new() };
        Self::starting(merchant, m_id, kind, order, stage, Trigger::ChargedDirectly, now)
    }

    /// A payment whose virtual account is issued without a window.
    pub(crate) fn account_issued(merchant: MerchantId, m_id: &str, order: Order, account: Account, now: UnixMs) -> Self {
        Self::starting(merchant, m_id, Kind::Normal, order, Stage::Waiting { account }, Trigger::AccountIssued, now)
    }

    fn starting(merchant: MerchantId, m_id: &str, kind: Kind, order: Order, stage: Stage, trigger: Trigger, now: UnixMs) -> Self {
        let mut payment = Self {
            payment_key: ids::payment_key(m_id, now),
            merchant,
            kind,
            order,
            requested_at: now,
            secret: ids::payment_secret(),
            receipts: Receipts::default(),
            stage,
            timeline: Vec::new(),
        };
        payment.timeline.push(Transition { from: None, to: payment.status(), trigger, at: now, transaction_key: None });
        payment
    }

    pub(crate) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// What has happened, oldest first. Never empty.
    pub(crate) fn timeline(&self) -> &[Transition] {
        &self.timeline
    }

    /// As [`Payment::change`], by no cancel.
    pub(crate) fn enter(&mut self, stage: Stage, trigger: Trigger, at: UnixMs) {
        self.change(stage, trigger, None, at);
    }

    /// The one place where the stage changes, by the cancel of that key if by one.
    fn change(&mut self, stage: Stage, trigger: Trigger, transaction_key: Option<String>, at: UnixMs) {
        let from = Some(self.status());
        self.stage = stage;
        self.timeline.push(Transition { from, to: self.status(), trigger, at, transaction_key });
    }

    pub(crate) fn status(&self) -> Status {
        match &self.stage {
            Stage::Ready => Status::Ready,
            Stage::InProgress { .. } => Status::InProgress,
            Stage::Waiting { .. } => Status::WaitingForDeposit,
            Stage::Withdrawn { .. } => Status::Canceled,
            Stage::Charged { .. } => match self.done_cancels().collect::<Vec<_>>().as_slice() {
                [] => Status::Done,
                [only] if only.refundable == 0 => Status::Canceled,
                // Measured: in parts it stays PARTIAL_CANCELED, also when nothing is left.
                _ => Status::PartialCanceled,
            },
            Stage::Aborted { .. } => Status::Aborted,
            Stage::Expired => Status::Expired,
        }
    }

    /// Every cancel, oldest first.
    pub(crate) fn cancels(&self) -> &[Cancel] {
        match &self.stage {
            Stage::Withdrawn { cancel, .. } => slice::from_ref(cancel),
            Stage::Charged { cancels, .. } => cancels,
            Stage::Ready | Stage::InProgress { .. } | Stage::Waiting { .. } | Stage::Aborted { .. } | Stage::Expired => &[],
        }
    }

    /// The currency of all its amounts.
    pub(crate) fn currency(&self) -> Currency {
        self.order.amount.currency()
    }

    /// What can still be cancelled, in the currency's smallest unit.
    pub(crate) fn balance(&self) -> i64 {
        self.done_cancels().last().map_or(self.order.amount.get(), |cancel| cancel.refundable)
    }

    /// Of the last approval or cancel, or of the issue of the virtual account.
    pub(crate) fn last_transaction_key(&self) -> Option<&str> {
        match &self.stage {
            Stage::Charged { transaction_key, .. } => {
                Some(self.done_cancels().last().map_or(transaction_key.as_str(), |cancel| cancel.transaction_key.as_str()))
            }
            Stage::Withdrawn { cancel, .. } => Some(&cancel.transaction_key),
            Stage::Waiting { account } => Some(&account.transaction_key),
            Stage::Ready | Stage::InProgress { .. } | Stage::Aborted { .. } | Stage::Expired => None,
        }
    }

    /// Where its receipt is: the form of Toss's addresses, at the sandbox.
    pub(crate) fn receipt_url(&self, origin: &str) -> String {
        format!("{origin}/receipt/redirection?transactionId={}&ref=PX", self.payment_key)
    }

    /// The virtual account, once it is issued.
    pub(crate) fn account(&self) -> Option<&Account> {
        match &self.stage {
            Stage::Waiting { account } | Stage::Withdrawn { account, .. } => Some(account),
            Stage::Charged { account, .. } => account.as_ref(),
            Stage::Ready | Stage::InProgress { .. } | Stage::Aborted { .. } | Stage::Expired => None,
        }
    }

    /// Whether money has come, whatever has gone back since.
    pub(crate) fn is_charged(&self) -> bool {
        matches!(self.stage, Stage::Charged { .. })
    }

    /// Whether the order has been approved: charged or awaiting its deposit, cancelled since or not.
    pub(crate) fn is_approved(&self) -> bool {
        match self.stage {
            Stage::Waiting { .. } | Stage::Withdrawn { .. } | Stage::Charged { .. } => true,
            Stage::Ready | Stage::InProgress { .. } | Stage::Aborted { .. } | Stage::Expired => false,
        }
    }

    /// Whether a shopper or time cannot change the payment any more.
    pub(crate) fn is_finished(&self) -> bool {
        match self.stage {
            Stage::Ready | Stage::InProgress { .. } | Stage::Waiting { .. } => false,
            Stage::Charged { .. } => self.pending_cancel().is_none(),
            Stage::Withdrawn { .. } | Stage::Aborted { .. } | Stage::Expired => true,
        }
    }

    /// The moment at which time itself will expire the payment, or end a cancel that is under way. The deadline of a virtual account is none: it changes no
    /// status (Toss docs).
    pub(crate) fn deadline(&self) -> Option<UnixMs> {
        match self.stage {
            Stage::Ready => Some(self.requested_at.plus(READY_FOR)),
            // A confirm that began in time is finished, however long it takes.
            Stage::InProgress { since, confirming: false, .. } => Some(since.plus(SESSION_FOR)),
            Stage::Charged { .. } => self.pending_cancel(),
            Stage::InProgress { confirming: true, .. }
            | Stage::Waiting { .. }
            | Stage::Withdrawn { .. }
            | Stage::Aborted { .. }
            | Stage::Expired => None,
        }
    }

    /// Lets the time up to `now` take effect.
    pub(crate) fn settle(&mut self, now: UnixMs) {
        if let Some(deadline) = self.deadline()
            && now >= deadline
        {
            match self.stage {
                Stage::Charged { .. } => self.end_cancel(CancelState::Done, deadline),
                Stage::Ready
                | Stage::InProgress { .. }
                | Stage::Waiting { .. }
                | Stage::Withdrawn { .. }
                | Stage::Aborted { .. }
                | Stage::Expired => self.enter(Stage::Expired, Trigger::TimedOut, deadline),
            }
        }
    }

    /// The shopper authenticates; with `decline` the later confirm will be refused with that code.
    ///
    /// A second time while the payment still waits for its confirm changes nothing: a double click is no error.
    pub(crate) fn authenticate(&mut self, decline: Option<String>, now: UnixMs) -> Result<(), Code> {
        self.settle(now);
        match self.stage {
            Stage::Ready => {
                self.enter(Stage::InProgress { since: now, decline, confirming: false }, Trigger::Authenticated, now);
                Ok(())
            }
            Stage::InProgress { .. } => Ok(()),
            Stage::Waiting { .. } | Stage::Withdrawn { .. } | Stage::Charged { .. } | Stage::Aborted { .. } => {
                Err(Code::ALREADY_PROCESSED_PAYMENT)
            }
            Stage::Expired => Err(Code::NOT_FOUND_PAYMENT_SESSION),
        }
    }

    /// The payment is refused at the window. Assumed: the status is ABORTED then, as after a refused confirm.
    pub(crate) fn abort(&mut self, failure: ApiError, now: UnixMs) -> Result<(), Code> {
        self.settle(now);
        match self.stage {
            Stage::Ready => {
                self.enter(Stage::Aborted { failure }, Trigger::RefusedAtWindow, now);
                Ok(())
            }
            Stage::InProgress { .. } | Stage::Waiting { .. } | Stage::Withdrawn { .. } | Stage::Charged { .. } | Stage::Aborted { .. } => {
                Err(Code::ALREADY_PROCESSED_PAYMENT)
            }
            Stage::Expired => Err(Code::NOT_FOUND_PAYMENT_SESSION),
        }
    }

    /// The shopper closes the window: the payment stays READY (Toss docs, webhook events).
    pub(crate) fn cancel(&mut self, now: UnixMs) -> Result<(), Code> {
        self.settle(now);
        match self.stage {
            Stage::Ready => Ok(()),
            Stage::InProgress { .. } | Stage::Waiting { .. } | Stage::Withdrawn { .. } | Stage::Charged { .. } | Stage::Aborted { .. } => {
                Err(Code::ALREADY_PROCESSED_PAYMENT)
            }
            Stage::Expired => Err(Code::NOT_FOUND_PAYMENT_SESSION),
        }
    }

    /// A confirm starts to work on the payment. Only one at a time may.
    pub(crate) fn claim(&mut self, now: UnixMs) -> Result<(), ApiError> {
        self.settle(now);
        match &mut self.stage {
            // Assumed: no session exists before the shopper has authenticated.
            Stage::Ready | Stage::Expired => Err(Code::NOT_FOUND_PAYMENT_SESSION.into()),
            // Assumed for ABORTED: the look-up, not this answer, tells the outcome.
            Stage::Waiting { .. } | Stage::Withdrawn { .. } | Stage::Charged { .. } | Stage::Aborted { .. } => {
                Err(Code::ALREADY_PROCESSED_PAYMENT.into())
            }
            Stage::InProgress { confirming: true, .. } => Err(still_processing()),
            Stage::InProgress { confirming, .. } => {
                *confirming = true;
                Ok(())
            }
        }
    }

    /// The confirm that claimed the payment has ended without deciding it.
    pub(crate) fn release(&mut self) {
        if let Stage::InProgress { confirming, .. } = &mut self.stage {
            *confirming = false;
        }
    }

    /// The outcome that the claimed payment is due, before it takes effect.
    pub(crate) fn refusal(&self) -> Option<ApiError> {
        let Stage::InProgress { decline, .. } = &self.stage else {
            return None;
        };
        if self.order.amount.get() < self.order.method.minimum() {
            return Some(Code::BELOW_MINIMUM_AMOUNT.into());
        }
        if self.order.method.maximum().is_some_and(|most| self.order.amount.get() > most) {
            return Some(Code::EXCEEDS_TRANSFER_AMOUNT_MAXIMUM.into());
        }
        decline.as_deref().map(|code| ApiError::named(code, StatusCode::FORBIDDEN))
    }

    /// The confirm charges: the money moves.
    pub(crate) fn charge(&mut self, now: UnixMs) -> Money {
        let stage = Stage::Charged { at: now, transaction_key: ids::transaction_key(), account: None, cancels: Vec::new() };
        self.enter(stage, Trigger::Confirmed, now);
        self.order.amount
    }

    /// The confirm issues the virtual account: no money moves.
    pub(crate) fn issue(&mut self, account: Account, now: UnixMs) {
        self.enter(Stage::Waiting { account }, Trigger::AccountIssued, now);
    }

    /// The session of the confirm is over before its time.
    pub(crate) fn expire_session(&mut self, now: UnixMs) {
        self.enter(Stage::Expired, Trigger::TimedOut, now);
    }

    /// The confirm is declined.
    pub(crate) fn decline(&mut self, failure: ApiError, now: UnixMs) {
        self.enter(Stage::Aborted { failure }, Trigger::Declined, now);
    }
}

/// What a confirm gets while another one, without an idempotency key, works on the same payment: status and `[S008]`
/// are as logged by several merchants, the wording is the sandbox's.
fn still_processing() -> ApiError {
    ApiError::other(
        Code::FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING.status(),
        Code::FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING.as_str(),
        "[S008] 기존 요청을 처리중입니다.",
        "[S008] An earlier request is still being processed.",
    )
}

/// What `failure` of an expired payment says (as logged by a merchant; the wording is the sandbox's).
pub(crate) fn expiry(language: Language) -> (String, String) {
    let message = match language {
        Language::Korean => "결제 시간이 만료되었습니다.",
        Language::English => "The time for the payment is over.",
    };
    ("EXPIRED_PAYMENT".to_owned(), message.to_owned())
}
