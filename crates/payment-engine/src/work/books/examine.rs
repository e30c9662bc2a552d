//! Asks Toss about one payment, and lets its order learn.

use super::compare::{self, Difference};
use super::{BooksError, Run};
use crate::flow::learn::News;
use crate::order::{Lane, State};
use crate::store::{FindingKind, OrderRecord};
use crate::work::payment;
use toss_payments::{Error, Payment};
use toss_types::{OrderId, PaymentKey};

/// What came of looking a payment up.
pub(super) enum Examined {
    /// Toss and the order agree.
    Agreed,
    /// They did not, and do now.
    Mended(Difference),
    /// They do not.
    Differs(Difference),
    /// Toss did not say.
    Unanswered(Box<Error>),
}

impl Run<'_> {
    /// Looks a payment of that order up. What differs is looked up once more: the order may have moved in between.
    pub(super) async fn examine(&mut self, record: &OrderRecord, key: &PaymentKey) -> Result<Examined, BooksError> {
        let engine = self.engine;
        let Some(before) = self.decided(record, key).await? else {
            let what = "Toss lists this payment, and another one of the same order is still undecided";
            return Ok(Examined::Differs(Difference::new(FindingKind::Charge, what, Some(record.order.total.clone()))));
        };
        let mut now = before.clone();
        let mut differs = None;
        for _ in 0..2 {
            self.before_call().await?;
            self.report.look_ups += 1;
            let answer = engine.0.gateway.payment(key).await;
            let shown = answer.as_ref().ok().map(|response| response.value.clone());
            let learnt = engine.learn(&now, key, answer).await?;
            now = learnt.record;
            differs = match (learnt.news, shown) {
                (News::Unanswered(error), _) => return self.unanswered(error),
                (News::Disagreement(what), shown) => Some(Difference::new(kind(&now, key, shown.as_ref()), what, total(&now, shown))),
                (News::Changed | News::Nothing | News::NotYet, Some(payment)) => compare::difference(&now, &payment),
                (News::Changed | News::Nothing | News::NotYet, None) => {
                    let what = "Toss lists a transaction of this payment, and does not show the payment";
                    Some(Difference::new(FindingKind::Differs, what, None))
                }
            };
            if differs.is_none() {
                break;
            }
        }
        self.unanswered = 0;
        if let Some(difference) = differs {
            return Ok(Examined::Differs(difference));
        }
        if now.version == before.version {
            return Ok(Examined::Agreed);
        }
        let change = compare::change(&before, &now, key);
        Ok(if change.kind.can_mend() { Examined::Mended(change) } else { Examined::Differs(change) })
    }

    /// The order as soon as no other payment of it is undecided, which may be the one that pays; `None` where one still is.
    async fn decided(&mut self, record: &OrderRecord, key: &PaymentKey) -> Result<Option<OrderRecord>, BooksError> {
        let is_other = |record: &OrderRecord| record.state.undecided().is_some_and(|attempt| attempt.payment_key != *key);
        let is_called = matches!(record.state, State::Confirming { .. });
        if !is_other(record) {
            return Ok(Some(record.clone()));
        }
        let Some(lane) = Lane::of(&record.state, &record.refunds).filter(|_| !is_called) else { return Ok(None) };
        self.before_call().await?;
        self.report.look_ups += 1;
        payment::look(self.engine, lane, record).await?;
        Ok(self.engine.order(&record.order.id).await?.filter(|now| !is_other(now)))
    }

    /// A single payment that Toss does not answer about does not hold up the others.
    fn unanswered(&mut self, error: Box<Error>) -> Result<Examined, BooksError> {
        self.unanswered += 1;
        if error.retry_after().is_some() || self.unanswered >= super::UNANSWERED_IN_A_ROW {
            return Err(self.failed(error));
        }
        Ok(Examined::Unanswered(error))
    }

    /// Keeps what came of it. `about` names what has led to the look-up, where it is to be told from others of the same payment.
    pub(super) async fn keep_examined(
        &mut self,
        record: &OrderRecord,
        key: &PaymentKey,
        about: &str,
        examined: Examined,
    ) -> Result<(), BooksError> {
        let (difference, about, is_mended) = match examined {
            Examined::Agreed => return Ok(()),
            Examined::Mended(difference) => (difference, about, true),
            Examined::Differs(difference) if !difference.kind.can_mend() => (difference, about, false),
            Examined::Differs(difference) => (difference, key.expose(), false),
            Examined::Unanswered(error) => {
                let what = format!("Toss does not answer about this payment: {error}");
                (Difference::new(FindingKind::Unanswered, what, None), key.expose(), false)
            }
        };
        let mut finding = self.finding(&difference, about, Some(record));
        finding.payment_key = Some(key.clone());
        finding.closed = is_mended.then(|| (self.engine.now_ms(), crate::store::Closing::Mended));
        self.keep(finding).await
    }

    /// The order of a payment: the one that has claimed it, or the one that Toss names.
    pub(super) async fn order_of(&self, key: &PaymentKey, named: Option<&OrderId>) -> Result<Option<OrderRecord>, BooksError> {
        Ok(self.engine.told_of(named, Some(key)).await?)
    }
}

/// What a disagreement is about that only a person can judge.
fn kind(record: &OrderRecord, key: &PaymentKey, shown: Option<&Payment>) -> FindingKind {
    let pays = record.state.attempt().is_some_and(|attempt| attempt.payment_key == *key);
    let is_same = |payment: &Payment| {
        let total = &record.order.total;
        payment.total_amount == total.amount() && payment.currency == *total.currency()
    };
    match shown {
        None => FindingKind::MissingCharge,
        Some(payment) if !is_same(payment) => FindingKind::Differs,
        Some(_) if pays && matches!(record.state, State::Paid { .. }) => FindingKind::MissingCharge,
        Some(_) if !pays || matches!(record.state, State::Expired { .. }) => FindingKind::Duplicate,
        Some(_) => FindingKind::Differs,
    }
}

fn total(record: &OrderRecord, shown: Option<Payment>) -> Option<toss_payments::Money> {
    let shown = shown.and_then(|payment| toss_payments::Money::new(payment.total_amount, payment.currency).ok());
    shown.or_else(|| Some(record.order.total.clone()))
}
