//! All that was given back of an order, and what it is worth then.

use super::attempt::{Decline, written};
use super::refund::{Origin, Progress, Refund};
use super::state::State;
use serde::{Deserialize, Serialize};
use std::fmt;
use toss_payments::{Amount, CancelRequestId, Money, Won};
use toss_types::PaymentKey;

/// A cancel as a look-up shows it (Toss docs, Payment, `cancels[]`). Printing leaves out the reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cancel {
    /// Toss's key of it, unique per cancel.
    #[serde(default)]
    pub transaction_key: Option<String>,
    /// The `cancelRequestId` that it was sent with, where Toss repeats it.
    #[serde(default)]
    pub request_id: Option<String>,
    /// How much.
    #[serde(with = "written")]
    pub amount: Money,
    /// What was left of the payment after it.
    #[serde(default)]
    pub balance_after: Option<Amount>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// When, as Toss writes it.
    #[serde(default)]
    pub canceled_at: Option<String>,
    /// Where it stands.
    pub status: CancelStanding,
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel").field("amount", &self.amount).field("status", &self.status).finish_non_exhaustive()
    }
}

impl Cancel {
    /// So much, done.
    #[must_use]
    pub fn new(transaction_key: Option<String>, amount: Money, status: CancelStanding) -> Cancel {
        Cancel { transaction_key, request_id: None, amount, balance_after: None, reason: String::new(), canceled_at: None, status }
    }
}

/// Where a cancel stands at Toss.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelStanding {
    /// Done.
    Done,
    /// A provider abroad decides later.
    InProgress,
    /// A provider abroad has refused.
    Aborted,
}

/// All refunds of an order, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refunds(Vec<Refund>);

impl Refunds {
    /// Oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Refund> {
        self.0.iter()
    }

    /// That one.
    #[must_use]
    pub fn get(&self, id: &CancelRequestId) -> Option<&Refund> {
        self.0.iter().find(|refund| refund.id == *id)
    }

    /// The one that may have happened or may still happen. There is one at most: the next would have to know its balance.
    #[must_use]
    pub fn under_way(&self) -> Option<&Refund> {
        self.0.iter().find(|refund| refund.progress.is_under_way())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What has been given back of that payment.
    #[must_use]
    pub fn done_of(&self, payment_key: &PaymentKey) -> Amount {
        self.sum(payment_key, |progress| matches!(progress, Progress::Done { .. }))
    }

    /// What may be given back besides.
    #[must_use]
    pub fn under_way_of(&self, payment_key: &PaymentKey) -> Amount {
        self.sum(payment_key, Progress::is_under_way)
    }

    fn sum(&self, payment_key: &PaymentKey, counts: impl Fn(&Progress) -> bool) -> Amount {
        let of = self.0.iter().filter(|refund| refund.payment_key == *payment_key && !refund.is_void && counts(&refund.progress));
        // What overflows is more than any payment: nothing is left to be refunded then.
        of.map(|refund| refund.amount.amount()).fold(none(), |sum, amount| sum.checked_add(amount).unwrap_or(sum))
    }

    pub(super) fn add(&self, refund: Refund) -> Refunds {
        Refunds(self.0.iter().cloned().chain([refund]).collect())
    }

    pub(super) fn with_progress(&self, id: &CancelRequestId, progress: &Progress) -> Refunds {
        let set = |refund: &Refund| {
            let progress = if refund.id == *id { progress.clone() } else { refund.progress.clone() };
            Refund { progress, ..refund.clone() }
        };
        Refunds(self.0.iter().map(set).collect())
    }

    /// What is known when Toss has shown these cancels of a payment. Each is one of ours, or was made at Toss.
    #[must_use]
    pub fn after(&self, payment_key: &PaymentKey, total: &Money, cancels: &[Cancel], at_ms: i64) -> Refunds {
        let mut refunds = self.clone();
        let mut taken = vec![false; refunds.0.len()];
        let mut balance = total.clone();
        for (number, cancel) in cancels.iter().enumerate() {
            let progress = cancel.progress();
            let before = balance.clone();
            if cancel.status == CancelStanding::Done {
                balance = balance.checked_sub(&cancel.amount).unwrap_or(balance);
            }
            match refunds.place_of(payment_key, cancel, number, &taken) {
                Some(place) => {
                    taken[place] = true;
                    refunds.0[place].progress = progress;
                }
                None => {
                    refunds.0.push(cancel.made_at_toss(payment_key, before, progress, number, at_ms));
                    taken.push(true);
                }
            }
        }
        refunds
    }

    /// The refund that this cancel is: by Toss's key, by ours, or by what it did to the balance ([`Refund`] says why that is enough).
    fn place_of(&self, payment_key: &PaymentKey, cancel: &Cancel, number: usize, taken: &[bool]) -> Option<usize> {
        let find = |is: &dyn Fn(&Refund) -> bool| {
            self.0.iter().zip(taken).position(|(refund, taken)| !taken && refund.payment_key == *payment_key && is(refund))
        };
        let by_key = find(&|refund| match (&refund.progress, &cancel.transaction_key) {
            (Progress::Done { transaction_key: Some(known), .. }, Some(key)) => known == key,
            (Progress::Done { transaction_key: None, done_at }, None) => *done_at == cancel.canceled_at && refund.amount == cancel.amount,
            _ => false,
        });
        let by_id = || find(&|refund| cancel.request_id.as_deref() == Some(refund.id.as_str()));
        // Seen before, whatever became of it since.
        let by_name = || find(&|refund| refund.origin == Origin::Toss && refund.id == cancel.name(number));
        // Under way at Toss, and without a key of Toss's then.
        let is_unnamed = |refund: &Refund| refund.origin == Origin::Toss && refund.progress == Progress::Pending;
        let by_balance = |may_be: &dyn Fn(&Refund) -> bool| {
            find(&|refund| {
                let after = refund.balance_before.checked_sub(&refund.amount).map(|money| money.amount());
                let fits = cancel.balance_after.is_none_or(|balance| Some(balance) == after);
                may_be(refund) && refund.amount == cancel.amount && fits
            })
        };
        let is_asked = |refund: &Refund| refund.origin != Origin::Toss && refund.progress.is_under_way();
        // What Toss has refused has not happened; what was given up here may have.
        let is_given_up =
            |refund: &Refund| refund.origin != Origin::Toss && matches!(&refund.progress, Progress::Refused(decline) if decline.is_ours());
        let by_balances = || by_balance(&is_asked).or_else(|| by_balance(&is_unnamed)).or_else(|| by_balance(&is_given_up));
        by_key.or_else(by_id).or_else(by_name).or_else(by_balances)
    }
}

impl Cancel {
    fn progress(&self) -> Progress {
        match self.status {
            CancelStanding::Done => Progress::Done { transaction_key: self.transaction_key.clone(), done_at: self.canceled_at.clone() },
            CancelStanding::InProgress => Progress::Pending,
            CancelStanding::Aborted => Progress::Refused(Decline::new("CANCEL_ABORTED", "", 400)),
        }
    }

    /// What one is called that was made at Toss: the same cancel is seen again and again. `number` is its place among the payment's.
    fn name(&self, number: usize) -> CancelRequestId {
        let named = self.request_id.as_deref().and_then(|id| CancelRequestId::parse(id).ok());
        let by_key = || self.transaction_key.as_deref().and_then(|key| CancelRequestId::parse(key).ok());
        named.or_else(by_key).unwrap_or_else(|| {
            CancelRequestId::parse(&format!("at-toss-{}", number + 1)).expect("invariant: letters and digits are an id of a cancel")
        })
    }

    fn made_at_toss(&self, payment_key: &PaymentKey, balance_before: Money, progress: Progress, number: usize, at_ms: i64) -> Refund {
        Refund {
            id: self.name(number),
            idempotency_key: None,
            payment_key: payment_key.clone(),
            amount: self.amount.clone(),
            tax_free: None,
            balance_before,
            reason: self.reason.clone(),
            origin: Origin::Toss,
            is_void: false,
            to_account: false,
            keeps_stock: false,
            asked_at_ms: at_ms,
            progress,
        }
    }
}

impl<'a> IntoIterator for &'a Refunds {
    type Item = &'a Refund;
    type IntoIter = std::slice::Iter<'a, Refund>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn none() -> Amount {
    Amount::from(Won::of(0))
}

/// What an order is worth now. All of it follows from its events.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Balance {
    /// What the payment that pays the order has charged; `None` where none does.
    pub paid: Option<Money>,
    /// What has been given back of it.
    pub refunded: Amount,
    /// What may be given back besides: nobody knows yet.
    pub under_way: Amount,
    /// What can still be given back.
    pub refundable: Amount,
}

impl Balance {
    /// Of an order in that state, with these refunds.
    #[must_use]
    pub fn of(state: &State, refunds: &Refunds) -> Balance {
        let State::Paid { attempt, .. } = state else {
            return Balance { paid: None, refunded: none(), under_way: none(), refundable: none() };
        };
        let (refunded, under_way) = (refunds.done_of(&attempt.payment_key), refunds.under_way_of(&attempt.payment_key));
        let left = attempt.amount.amount().checked_sub(refunded).and_then(|left| left.checked_sub(under_way));
        Balance { paid: Some(attempt.amount.clone()), refunded, under_way, refundable: left.unwrap_or_else(none).max(none()) }
    }

    /// Whether all of what was paid has been given back.
    #[must_use]
    pub fn is_refunded(&self) -> bool {
        self.paid.as_ref().is_some_and(|paid| paid.amount() == self.refunded)
    }

    /// Whether some of what was paid has been given back, and not all.
    #[must_use]
    pub fn is_partly_refunded(&self) -> bool {
        !self.refunded.is_zero() && !self.is_refunded()
    }
}
