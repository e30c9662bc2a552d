//! What differs between Toss and an order. Pure.

use crate::order::{Origin, Progress, Refund, State};
use crate::store::{FindingKind, Listed, OrderRecord};
use toss_payments::transaction::Transaction;
use toss_payments::{Amount, Money, Payment, Status, Timestamp};
use toss_types::PaymentKey;

/// In what Toss and an order do not agree, or did not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Difference {
    pub(super) kind: FindingKind,
    pub(super) what: String,
    pub(super) amount: Option<Money>,
}

impl Difference {
    pub(super) fn new(kind: FindingKind, what: impl Into<String>, amount: Option<Money>) -> Difference {
        Difference { kind, what: what.into(), amount }
    }
}

/// Some lists write cancels with a minus, some do not.
pub(super) fn size(amount: Amount) -> Amount {
    let none = Amount::default();
    if amount < none { none.checked_sub(amount).unwrap_or(amount) } else { amount }
}

/// How much a transaction is about, where it says so.
pub(super) fn money(transaction: &Transaction) -> Option<Money> {
    transaction.amount.zip(transaction.currency.clone()).and_then(|(amount, currency)| Money::new(size(amount), currency).ok())
}

/// Whether a transaction gives back.
pub(super) fn is_cancel(transaction: &Transaction) -> bool {
    let is_negative = transaction.amount.is_some_and(|amount| amount < Amount::default());
    is_negative || matches!(transaction.status, Some(Status::Canceled | Status::PartialCanceled))
}

fn is_same(known: &Money, transaction: &Transaction) -> bool {
    money(transaction).is_none_or(|listed| listed == *known)
}

/// Whether the order says the same as a transaction, so that nobody need be asked.
pub(super) fn is_known(record: &OrderRecord, payment_key: &PaymentKey, transaction: &Transaction) -> bool {
    if is_cancel(transaction) {
        let key = transaction.transaction_key.as_ref().map(|key| key.as_str());
        record.refunds.iter().any(|refund| {
            let is_this = matches!(&refund.progress, Progress::Done { transaction_key: Some(done), .. } if Some(done.as_str()) == key);
            is_this && refund.payment_key == *payment_key && is_same(&refund.amount, transaction)
        })
    } else {
        let State::Paid { attempt, .. } = &record.state else { return false };
        matches!(transaction.status, Some(Status::Done)) && attempt.payment_key == *payment_key && is_same(&attempt.amount, transaction)
    }
}

fn is_charged(payment: &Payment) -> bool {
    match payment.status {
        Status::Done | Status::PartialCanceled => true,
        Status::Canceled => payment.approved_at.is_some(),
        Status::Ready | Status::InProgress | Status::WaitingForDeposit | Status::Aborted | Status::Expired | Status::Unknown(_) | _ => {
            false
        }
    }
}

/// What still differs after the order has learnt of a payment.
pub(super) fn difference(record: &OrderRecord, payment: &Payment) -> Option<Difference> {
    let key = &payment.payment_key;
    let own = record.state.attempt().filter(|attempt| attempt.payment_key == *key);
    let total = || Money::new(payment.total_amount, payment.currency.clone()).ok();
    let refunds = || record.refunds.iter().filter(|refund| refund.payment_key == *key);
    if refunds().any(|refund| refund.progress.is_under_way()) {
        // Its lane looks after it.
        return None;
    }
    let left = |total: Amount| total.checked_sub(record.refunds.done_of(key)).unwrap_or_default();
    let at_toss = payment.balance_amount.unwrap_or(payment.total_amount);
    let differs = |kind, what: &str, amount: Option<Money>| Some(Difference::new(kind, what, amount));
    match (&record.state, own) {
        (State::Paid { .. }, Some(_)) if !is_charged(payment) => {
            differs(FindingKind::MissingCharge, &format!("the order is paid, and Toss says {} of its payment", payment.status), total())
        }
        (State::Paid { .. }, Some(attempt)) => {
            let here = left(attempt.amount.amount());
            let what = || format!("Toss has {at_toss} left of the payment, and the order {here}");
            let amount = |one: Amount, other| one.checked_sub(other).and_then(|gap| Money::new(gap, payment.currency.clone()).ok());
            if at_toss > here {
                differs(FindingKind::MissingRefund, &what(), amount(at_toss, here))
            } else if at_toss < here {
                differs(FindingKind::Refund, &what(), amount(here, at_toss))
            } else {
                None
            }
        }
        (State::Confirming { .. } | State::InDoubt { .. }, _) if is_charged(payment) => {
            differs(FindingKind::Charge, "Toss has charged, and the order is still undecided", total())
        }
        (State::AwaitingDeposit { .. }, Some(_)) if is_charged(payment) => {
            differs(FindingKind::Charge, "the money has come, and the order waits for it", total())
        }
        (State::Declined { .. } | State::Expired { .. }, Some(_)) if is_charged(payment) && !left(at_toss).is_zero() => {
            differs(FindingKind::WronglyDeclined, "Toss has charged, and the order took the payment for uncharged", total())
        }
        (_, None) if is_charged(payment) && !left(at_toss).is_zero() => {
            differs(FindingKind::Duplicate, "Toss has charged besides the payment of the order, or for one that is over", total())
        }
        (
            State::Open
            | State::Confirming { .. }
            | State::InDoubt { .. }
            | State::Declined { .. }
            | State::AwaitingDeposit { .. }
            | State::Paid { .. }
            | State::Expired { .. },
            _,
        ) => None,
    }
}

/// What an order has learnt of a payment.
pub(super) fn change(before: &OrderRecord, after: &OrderRecord, key: &PaymentKey) -> Difference {
    let amount = || after.state.attempt().map(|attempt| attempt.amount.clone());
    let pays = |record: &OrderRecord| match &record.state {
        State::Paid { attempt, .. } | State::AwaitingDeposit { attempt, .. } => attempt.payment_key == *key,
        State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::Declined { .. } | State::Expired { .. } => false,
    };
    let was_own = before.state.attempt().is_some_and(|attempt| attempt.payment_key == *key);
    let was_over = matches!(before.state, State::Declined { .. } | State::Expired { .. });
    if pays(after) && !pays(before) {
        return if was_own && was_over {
            Difference::new(FindingKind::WronglyDeclined, "the payment was taken for uncharged; the order is paid", amount())
        } else {
            Difference::new(FindingKind::Charge, "the order did not know of the charge; it is paid", amount())
        };
    }
    let known = |refund: &Refund| before.refunds.get(&refund.id).is_some_and(|known| known.progress == refund.progress);
    match after.refunds.iter().find(|refund| refund.payment_key == *key && !known(refund)) {
        Some(refund) if refund.origin == Origin::Duplicate => {
            let what = "charged besides the payment of the order, or for one that is over; it is given back";
            Difference::new(FindingKind::Duplicate, what, Some(refund.amount.clone()))
        }
        Some(refund) if is_doubled(after, refund) => {
            let what = "given back a second time: as much as before, for the same reason";
            Difference::new(FindingKind::DoubledRefund, what, Some(refund.amount.clone()))
        }
        Some(refund) => {
            let what = "the order did not know that this was given back; it does now";
            Difference::new(FindingKind::Refund, what, Some(refund.amount.clone()))
        }
        None => Difference::new(FindingKind::Deposit, "what Toss says of the deposit is news; the order has it now", amount()),
    }
}

/// Of those that were asked for here each was wanted, also where a restored back-up does not know them.
fn is_doubled(record: &OrderRecord, refund: &Refund) -> bool {
    refund.origin == Origin::Toss
        && !refund.id.as_str().starts_with(crate::flow::refund::NAME)
        && record.refunds.iter().any(|other| {
            let is_same = other.payment_key == refund.payment_key && other.amount == refund.amount && other.reason == refund.reason;
            other.id != refund.id && is_same && matches!(other.progress, Progress::Done { .. })
        })
}

/// What an order says that Toss has to list and has not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Unlisted {
    pub(super) payment_key: PaymentKey,
    /// Tells it from the others of its order.
    pub(super) about: String,
    pub(super) amount: Money,
    /// In ms since 1970 UTC.
    pub(super) at_ms: i64,
}

/// What the charge or a refund of an order is called where it is not listed.
fn about(payment_key: &PaymentKey, transaction_key: &str) -> String {
    format!("{} {transaction_key}", payment_key.expose())
}

/// What an order says that Toss has not listed. `listed`: of all payments that it names.
pub(super) fn unlisted(record: &OrderRecord, listed: &[Listed]) -> Vec<Unlisted> {
    let at_ms = |text: &Option<String>, or_ms: i64| text.as_ref().and_then(|text| Timestamp::new(text).unix_ms()).unwrap_or(or_ms);
    let mut missing = Vec::new();
    if let State::Paid { attempt, approval, .. } = &record.state
        && !listed.iter().any(|listed| !listed.is_cancel && listed.payment_key == attempt.payment_key)
    {
        missing.push(Unlisted {
            payment_key: attempt.payment_key.clone(),
            about: about(&attempt.payment_key, "charge"),
            amount: attempt.amount.clone(),
            at_ms: at_ms(&approval.approved_at, attempt.claimed_at_ms),
        });
    }
    for refund in record.refunds.iter().filter(|refund| !refund.is_void) {
        if let Progress::Done { transaction_key: Some(key), done_at } = &refund.progress
            && !listed.iter().any(|listed| listed.transaction_key == *key)
        {
            missing.push(Unlisted {
                payment_key: refund.payment_key.clone(),
                about: about(&refund.payment_key, key),
                amount: refund.amount.clone(),
                at_ms: at_ms(done_at, refund.asked_at_ms),
            });
        }
    }
    missing
}
