//! What happens to an order, and what follows of it.

use super::attempt::{Approval, Attempt, Decline, DepositAccount, Transfer};
use super::refund::Refund;
use super::refunds::Cancel;
use super::state::Doubt;
use serde::{Deserialize, Serialize};
use toss_payments::CancelRequestId;
use toss_types::{IdempotencyKey, PaymentKey};

/// What Toss, or the lack of an answer, said about an attempt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Charged.
    Paid(Approval),
    /// A virtual account was issued.
    AwaitingDeposit(DepositAccount),
    /// Not charged, and this attempt never will be.
    Declined(Decline),
    /// The account that it issued was taken back before anybody had paid into it.
    Canceled,
    /// Nobody knows. Never a failure, however long it lasts.
    Unknown {
        /// For the operator: a time-out, an unreadable answer, …
        cause: String,
        /// What has been heard of the payment.
        #[serde(default)]
        doubt: Doubt,
    },
}

/// What happens to an order. Its form in serde is what stores hold: later versions read what earlier ones wrote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A returned payment is claimed, before Toss is called.
    ConfirmStarted(Attempt),
    /// Another payment of the order came back while the first is undecided. It waits.
    AnotherReturned(Attempt),
    /// The confirm call, or a look-up after it, ended.
    ConfirmEnded {
        /// Of which attempt.
        payment_key: PaymentKey,
        /// Under which idempotency key, where a call was answered: what is heard late of an older one says nothing about the
        /// newer. `None` where a look-up has told, which is about the payment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        idempotency_key: Option<IdempotencyKey>,
        /// How.
        outcome: Outcome,
    },
    /// A look-up has shown that nothing was charged, and Toss repeats its refusal under the old key: the confirm is made anew
    /// under this one, before the call (retry matrix of Toss's errors: 400 `PROVIDER_ERROR`).
    KeyRenewed {
        /// Of which attempt.
        payment_key: PaymentKey,
        /// The new key.
        idempotency_key: IdempotencyKey,
    },
    /// The time in which it could be paid is over.
    TimeRanOut,
    /// The same browser has placed a newer order.
    Replaced,
    /// A deposit was taken back: by the bank, not by the shop. It has to be made again.
    DepositReversed {
        /// Of which attempt.
        payment_key: PaymentKey,
    },
    /// Goods need not wait any more: Toss has been asked, and the deposit is still there. And once more, a day later.
    DepositStayed {
        /// Of which attempt.
        payment_key: PaymentKey,
    },
    /// A look-up has shown where the transfer stands that gives a deposit back.
    TransferSeen {
        /// Of which attempt.
        payment_key: PaymentKey,
        /// Where.
        transfer: Transfer,
    },
    /// The time of the account that was issued is over, and nobody has paid into it.
    NoDeposit {
        /// Of which attempt.
        payment_key: PaymentKey,
    },
    /// A refund is written, before the call. It may be of another payment than the one that pays the order: one that was charged
    /// besides.
    RefundStarted(Refund),
    /// The call of a refund has ended.
    RefundEnded {
        /// Which.
        id: CancelRequestId,
        /// How.
        outcome: RefundOutcome,
    },
    /// A look-up has shown what was given back of a payment.
    CancelsSeen {
        /// Of which payment.
        payment_key: PaymentKey,
        /// All of it, oldest first.
        cancels: Vec<Cancel>,
    },
}

/// What is known of a refund when its call has ended and the answer does not show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RefundOutcome {
    /// Toss has taken back the account, or all that was left, and shows no cancel of its own for it.
    Done,
    /// Toss has not cancelled, and this refund never will.
    Refused(Decline),
    /// Nobody knows. Never a failure, however long it lasts.
    Unknown {
        /// For the operator.
        cause: String,
    },
}

/// What has to be done once the event is durable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Call confirm for the attempt in the new state.
    Confirm,
    /// Look the payment up at Toss, now and again until it is known.
    LookUp,
    /// Call cancel for the refund that is under way.
    Refund,
}

/// An event that cannot happen in that state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Illegal {
    /// The order is being confirmed, is paid or awaits a deposit: no other attempt may start.
    NotPayable,
    /// It cannot be paid any more.
    Expired,
    /// It can still be paid, or may have been: it does not expire now.
    NotExpired,
    /// This very payment was declined before; only another payment can pay the order.
    AlreadyDeclined,
    /// [`MAX_ATTEMPTS`](super::MAX_ATTEMPTS) payments have been tried.
    TooManyAttempts,
    /// The outcome belongs to an attempt that the order is not waiting for.
    NotAwaited,
    /// Another refund is under way, or nobody knows whether it has happened.
    RefundUnderWay,
    /// More than is left, or nothing at all.
    NotRefundable,
    /// It is known already.
    NothingNew,
    /// There is not enough left of what the order has given back since.
    SoldOut,
    /// The order has had another event since it was read.
    Overtaken,
}
