//! What a merchant's system is told of an order, and when.

use super::refund::Progress;
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
    /// Toss did not charge.
    Declined,
    /// It cannot be paid any more.
    Expired,
    /// Nobody knows whether it is paid.
    InDoubt,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [NoticeKind; 8] = [
        NoticeKind::Paid,
        NoticeKind::DepositWaiting,
        NoticeKind::DepositReversed,
        NoticeKind::Refunded,
        NoticeKind::RefundRefused,
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
    if is_new(|state| matches!(state, State::InDoubt { .. })) {
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
    let is_refused = |progress: &Progress| matches!(progress, Progress::Refused(_));
    if count(after.1, is_refused) > count(before.1, is_refused) {
        told.push(NoticeKind::RefundRefused);
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
