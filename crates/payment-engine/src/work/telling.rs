//! Tells an operator of what lasts: when it begins, and then as it grows older, at growing intervals, whichever server looks.

use crate::order::{Refund, State};
use crate::store::OrderRecord;
use std::fmt;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// At these ages, and then once a day.
const AGES_MS: [i64; 7] = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS, 12 * HOUR_MS, DAY_MS];

/// How old something is, where that is to be told now: its age has passed another mark since it was last looked at.
fn age_to_tell(record: &OrderRecord, now_ms: i64) -> Option<Age> {
    let since_ms = record.waits_since_ms();
    let age_ms = (now_ms - since_ms).max(0);
    let before_ms = record.looked_at_ms.map(|at_ms| (at_ms - since_ms).max(0));
    let marks = |age_ms: i64| AGES_MS.iter().filter(|mark| **mark <= age_ms).count() as i64 + (age_ms / DAY_MS - 1).max(0);
    // What ended in doubt was told when it did; what was left in the middle was not.
    let is_first = before_ms.is_none() && record.looks == 0 && !matches!(record.state, State::InDoubt { .. });
    let before_ms = before_ms.or(Some(0)).filter(|_| !is_first);
    (is_first || before_ms.is_some_and(|before_ms| marks(before_ms) < marks(age_ms))).then_some(Age(age_ms))
}

/// In words for a log.
struct Age(i64);

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Age(ms) = *self;
        match ms {
            MINUTE_MS..HOUR_MS => write!(f, "{} min", ms / MINUTE_MS),
            HOUR_MS..DAY_MS => write!(f, "{} h {} min", ms / HOUR_MS, ms % HOUR_MS / MINUTE_MS),
            DAY_MS.. => write!(f, "{} d {} h", ms / DAY_MS, ms % DAY_MS / HOUR_MS),
            _ => write!(f, "{} s", ms / 1_000),
        }
    }
}

pub(super) fn in_vain(record: &OrderRecord, now_ms: i64, error: &toss_payments::Error) {
    if let Some(age) = age_to_tell(record, now_ms) {
        tracing::warn!(order_id = %record.order.id, %age, looks = record.looks, %error, "looked a payment up in vain; it stays undecided");
    }
}

pub(super) fn undecided(record: &OrderRecord, now_ms: i64) {
    if let Some(age) = age_to_tell(record, now_ms) {
        tracing::warn!(order_id = %record.order.id, %age, looks = record.looks, "a payment is still undecided");
    }
}

pub(super) fn disagreement(record: &OrderRecord, now_ms: i64, difference: &str) {
    if let Some(age) = age_to_tell(record, now_ms) {
        tracing::error!(order_id = %record.order.id, %age, %difference, "Toss and the shop disagree about a payment; a person has to look");
    }
}

pub(super) fn refund(record: &OrderRecord, now_ms: i64, refund: &Refund) {
    if let Some(age) = age_to_tell(record, now_ms) {
        tracing::warn!(order_id = %record.order.id, refund = %refund.id, %age, looks = record.looks, "nobody knows yet whether a refund has happened");
    }
}

pub(super) fn another_account(record: &OrderRecord, now_ms: i64) {
    if let Some(age) = age_to_tell(record, now_ms) {
        tracing::error!(order_id = %record.order.id, %age, "a payment of another account is undecided, and these keys cannot decide it: start with the keys of before");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Refunds;
    use crate::store::{NewOrder, Owner};
    use toss_types::{OrderId, Won};

    fn record(looked_at_ms: Option<i64>, looks: u32) -> OrderRecord {
        let order = NewOrder {
            id: OrderId::parse("order-1").unwrap(),
            owner: Owner::new(""),
            name: String::new(),
            total: Won::of(100).into(),
            details: String::new(),
            reserves: Vec::new(),
            placed_at_ms: 0,
            expires_at_ms: 0,
        };
        OrderRecord { order, state: State::Open, refunds: Refunds::default(), version: 1, attempts: 1, looks, looked_at_ms }
    }

    /// 30 days of looks once a minute.
    #[test]
    fn what_lasts_is_told_less_and_less_often_but_never_forgotten() {
        let mut told = Vec::new();
        let mut last = None;
        for minute in 0..30 * 24 * 60 {
            let now_ms = minute * MINUTE_MS;
            let record = record(last, u32::try_from(minute).unwrap());
            told.extend(age_to_tell(&record, now_ms).map(|age| age.to_string()));
            last = Some(now_ms);
        }
        assert_eq!(told[..9], ["0 s", "1 min", "5 min", "15 min", "1 h 0 min", "4 h 0 min", "12 h 0 min", "1 d 0 h", "2 d 0 h"]);
        assert_eq!(told.len(), 8 + 28, "once a day");
    }

    #[test]
    fn a_clock_that_was_set_back_is_no_reason_to_tell() {
        assert!(age_to_tell(&record(Some(DAY_MS), 5), HOUR_MS).is_none());
        assert!(age_to_tell(&record(None, 0), -HOUR_MS).is_some(), "the first time is");
    }
}
