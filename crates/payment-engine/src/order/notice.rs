//! What a merchant's system is told of an order, and when.

use super::refund::{Origin, Progress};
use super::refunds::{Balance, Refunds};
use super::state::{Expiry, State};

/// Something that happened to an order, by the word that a merchant's system gets. Words are never renamed; new ones may come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum NoticeKind {
    /// The money is there.
    Paid,
    /// An account was issued, and nobody has paid into it yet.
    DepositWaiting,
    /// A deposit was taken back by the bank. It has to be made again.
    DepositReversed,
    /// Something was given back: by the shop, at Toss, or because it had been charged twice.
    Refunded,
    /// A refund that the shop has asked for will not happen.
    RefundRefused,
    /// The bank has not taken the transfer that gives a deposit back: somebody waits in vain for money.
    RefundFailed,
    /// Toss did not charge.
    Declined,
    /// It cannot be paid any more.
    Expired,
    /// Nobody knows whether it is paid.
    InDoubt,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [NoticeKind; 9] = [
        NoticeKind::Paid,
        NoticeKind::DepositWaiting,
        NoticeKind::DepositReversed,
        NoticeKind::Refunded,
        NoticeKind::RefundRefused,
        NoticeKind::RefundFailed,
        NoticeKind::Declined,
        NoticeKind::Expired,
        NoticeKind::InDoubt,
    ];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            NoticeKind::Paid => "order.paid",
            NoticeKind::DepositWaiting => "order.deposit_waiting",
            NoticeKind::DepositReversed => "order.deposit_reversed",
            NoticeKind::Refunded => "order.refunded",
            NoticeKind::RefundRefused => "order.refund_refused",
            NoticeKind::RefundFailed => "order.refund_failed",
            NoticeKind::Declined => "order.declined",
            NoticeKind::Expired => "order.expired",
            NoticeKind::InDoubt => "order.in_doubt",
        }
    }

    /// The reverse of [`NoticeKind::word`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What is to be told of a step, in this order.
#[must_use]
pub fn notices(before: (&State, &Refunds), after: (&State, &Refunds)) -> Vec<NoticeKind> {
    let is_new = |is: fn(&State) -> bool| is(after.0) && !is(before.0);
    let mut told = Vec::new();
    // Under a new idempotency key the doubt is the same.
    if is_new(|state| matches!(state, State::InDoubt { attempt, .. } if attempt.renewals == 0)) {
        told.push(NoticeKind::InDoubt);
    }
    if is_new(|state| matches!(state, State::Declined { .. })) {
        told.push(NoticeKind::Declined);
    }
    if is_new(|state| matches!(state, State::AwaitingDeposit { .. })) {
        let is_reversed = matches!(after.0, State::AwaitingDeposit { reversed_at_ms: Some(_), .. });
        told.push(if is_reversed { NoticeKind::DepositReversed } else { NoticeKind::DepositWaiting });
    }
    if is_new(|state| matches!(state, State::Paid { .. })) {
        told.push(NoticeKind::Paid);
    }
    if is_new(|state| matches!(state, State::Expired { .. })) {
        told.push(NoticeKind::Expired);
    }
    let count = |refunds: &Refunds, counts: fn(&Progress) -> bool| {
        refunds.iter().filter(|refund| !refund.is_void && counts(&refund.progress)).count()
    };
    let is_done = |progress: &Progress| matches!(progress, Progress::Done { .. });
    if count(after.1, is_done) > count(before.1, is_done) {
        told.push(NoticeKind::Refunded);
    }
    // What was tried at Toss's own desk is no news for whoever asks here.
    let refused = |refunds: &Refunds| {
        let asked = refunds.iter().filter(|refund| refund.origin != Origin::Toss && !refund.is_void);
        asked.filter(|refund| matches!(refund.progress, Progress::Refused(_))).count()
    };
    if refused(after.1) > refused(before.1) {
        told.push(NoticeKind::RefundRefused);
    }
    let transfer = |state: &State| match state {
        State::Paid { deposit: Some(deposit), .. } => deposit.account.transfer.filter(|transfer| transfer.has_failed()),
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { deposit: None, .. }
        | State::Expired { .. } => None,
    };
    if transfer(after.0).is_some_and(|failed| transfer(before.0) != Some(failed)) {
        told.push(NoticeKind::RefundFailed);
    }
    told
}

/// Where an order stands, by the word that merchants and operators are told: the refunds are part of it.
#[must_use]
pub fn standing(state: &State, refunds: &Refunds) -> &'static str {
    let balance = Balance::of(state, refunds);
    match state {
        State::Paid { .. } if balance.is_refunded() => "refunded",
        State::Paid { .. } if balance.is_partly_refunded() => "partly_refunded",
        State::Expired { reason: Expiry::Canceled, .. } => "canceled",
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => state.word(),
    }
}
