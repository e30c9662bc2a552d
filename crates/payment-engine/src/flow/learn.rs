//! What a look-up of a payment means for its order, whatever made somebody look: a webhook, a deposit that is waited for, the books,
//! an operator.

use crate::engine::Engine;
use crate::flow::apply::apply;
use crate::flow::body::kept;
use crate::flow::outcome::Source;
use crate::flow::refund::money;
use crate::order::{Attempt, Deposit, Event, Expiry, LAST_LOOK_MS, Origin, Outcome, Progress, Refunds, State, Transfer};
use crate::store::{ApplyError, Note, OrderRecord, StoreError};
use crate::verdict::{self, Found, Judged};
use toss_payments::{Error, Payment, Response, Timestamp, Won};
use toss_types::PaymentKey;

/// What came of a look-up.
#[derive(Debug)]
pub(crate) struct Learnt {
    /// The order as it stands now.
    pub(crate) record: OrderRecord,
    /// What came of it.
    pub(crate) news: News,
}

/// What came of a look-up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum News {
    /// The order has changed.
    Changed,
    /// Nothing that was not known.
    Nothing,
    /// Toss and the order disagree in a way that only a person can judge.
    Disagreement(String),
    /// Something else of the order is not decided yet: the payment is to be looked up again when it is.
    NotYet,
    /// Toss did not say.
    Unanswered(Box<Error>),
}

/// An order as it stands, and what else came of it than a change of it or none.
type Heard = (OrderRecord, Option<News>);

/// How long after its deadline an account counts as over where Toss does not say so, in ms: a deposit of the last minute is told late.
const OVERDUE_FOR_MS: i64 = 10 * 60_000;

/// When a payment was charged, in ms since 1970 UTC. A deposit may come long after the account was issued: then it counts when the
/// shopper asked for that.
fn charged_at_ms(payment: &Payment) -> Option<i64> {
    let at = if payment.virtual_account.is_some() { &payment.requested_at } else { &payment.approved_at };
    at.as_ref().and_then(Timestamp::unix_ms)
}

/// How long after it was asked for the money of a deposit may be on its way back, in ms: two to nine days, says Toss.
const TRANSFER_LOST_AFTER_MS: i64 = 14 * 24 * 60 * 60_000;

impl Engine {
    /// Stores what an answer to a look-up of that payment says of the order. Payments of an order that is undecided are the lanes'.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn learn(
        &self,
        record: &OrderRecord,
        payment_key: &PaymentKey,
        answer: Result<Response<Payment>, Error>,
    ) -> Result<Learnt, StoreError> {
        let paying = record.state.attempt().filter(|attempt| attempt.payment_key == *payment_key).cloned();
        let returned_at_ms = answer.as_ref().ok().and_then(|response| charged_at_ms(&response.value));
        let attempt = paying.unwrap_or_else(|| self.besides(record, payment_key, returned_at_ms));
        let found = match verdict::of_look_up(&record.order.id, &attempt, answer) {
            Ok(found) => found,
            Err(error) => return Ok(Learnt { record: record.clone(), news: News::Unanswered(Box::new(error)) }),
        };
        self.learn_as(record, &attempt, found).await
    }

    /// Stores what a look-up has found.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn learn_found(&self, record: &OrderRecord, payment_key: &PaymentKey, found: Found) -> Result<Learnt, StoreError> {
        let paying = record.state.attempt().filter(|attempt| attempt.payment_key == *payment_key).cloned();
        let attempt = paying.unwrap_or_else(|| self.besides(record, payment_key, None));
        self.learn_as(record, &attempt, found).await
    }

    async fn learn_as(&self, record: &OrderRecord, attempt: &Attempt, found: Found) -> Result<Learnt, StoreError> {
        let is_own = record.state.attempt().is_some_and(|own| own.payment_key == attempt.payment_key);
        let (outcome, raw) = match found {
            Found::Decided { outcome, toss_answer } => (*outcome, toss_answer),
            Found::Differs(difference) => return Ok(Learnt { record: record.clone(), news: News::Disagreement(difference) }),
            Found::NotYetConfirmed | Found::NoSuchPayment | Found::NotThisOrders => {
                let was_there = matches!(&record.state, State::Paid { .. } | State::AwaitingDeposit { .. }) && is_own;
                let gone = || News::Disagreement("Toss does not show the payment any more".to_owned());
                let news = if was_there { gone() } else { News::Nothing };
                return Ok(Learnt { record: record.clone(), news });
            }
        };
        let before = record.version;
        let (now, other) = if is_own {
            self.learn_of_own(record, attempt, outcome, raw).await?
        } else {
            self.learn_of_another(record, attempt, outcome, raw).await?
        };
        let news = match other {
            Some(news) => news,
            None if now.version == before => News::Nothing,
            None => News::Changed,
        };
        Ok(Learnt { record: now, news })
    }

    /// A payment of that order that it has not waited for. It came back when it was charged, where Toss says when: what was paid in
    /// time pays, however late the shop learns of it.
    fn besides(&self, record: &OrderRecord, payment_key: &PaymentKey, charged_at_ms: Option<i64>) -> Attempt {
        let now_ms = self.now_ms();
        let at_ms = charged_at_ms.map_or(now_ms, |at_ms| at_ms.min(now_ms));
        let attempt = Attempt::new(payment_key.clone(), self.new_idempotency_key(), record.order.total.clone(), at_ms);
        attempt.account(self.0.account.clone())
    }

    /// Of the latest payment of the order.
    async fn learn_of_own(&self, record: &OrderRecord, attempt: &Attempt, outcome: Outcome, raw: String) -> Result<Heard, StoreError> {
        let key = attempt.payment_key.clone();
        let known = |what: &str| Ok((record.clone(), Some(News::Disagreement(what.to_owned()))));
        match (&record.state, outcome) {
            (State::Confirming { .. } | State::InDoubt { .. }, outcome @ (Outcome::Paid(_) | Outcome::AwaitingDeposit(_))) => {
                self.decide(record, attempt, outcome, raw).await
            }
            (State::AwaitingDeposit { account, .. }, Outcome::AwaitingDeposit(shown)) => {
                let overdue_by = |late_ms: i64| account.is_overdue(self.now_ms().saturating_sub(late_ms));
                // Toss takes no deposit any more then, whatever deadline it had named before.
                if shown.is_expired || overdue_by(OVERDUE_FOR_MS) {
                    return Ok((apply(self, record, &Event::NoDeposit { payment_key: key }, self.note()).await?, None));
                }
                Ok((record.clone(), None))
            }
            (State::AwaitingDeposit { .. }, outcome @ (Outcome::Paid(_) | Outcome::Declined(_) | Outcome::Canceled)) => {
                self.decide(record, attempt, outcome, raw).await
            }
            (State::Paid { deposit, .. }, Outcome::Paid(approval)) => {
                let transfer = approval.account.and_then(|account| account.transfer);
                let event = Event::CancelsSeen { payment_key: key.clone(), cancels: approval.cancels };
                let mut now = apply(self, record, &event, self.note_with(raw)).await?;
                // Toss may leave its word out again; a bank that is silent for so long will not speak any more.
                let was_asked_ms = now.refunds.iter().map(|refund| refund.asked_at_ms).max().unwrap_or(i64::MAX);
                let is_lost = self.now_ms().saturating_sub(was_asked_ms) >= TRANSFER_LOST_AFTER_MS
                    && matches!(&now.state, State::Paid { deposit: Some(deposit), .. } if deposit.account.transfer == Some(Transfer::Pending))
                    && !matches!(transfer, Some(Transfer::Completed));
                if let Some(transfer) = if is_lost { Some(Transfer::Failed) } else { transfer } {
                    now = apply(self, &now, &Event::TransferSeen { payment_key: key.clone(), transfer }, self.note()).await?;
                }
                let last_look_ms =
                    |deposit: &Deposit| deposit.hold_until_ms.saturating_add(if deposit.has_stayed { LAST_LOOK_MS } else { 0 });
                if deposit.as_ref().is_some_and(|deposit| !deposit.is_final && last_look_ms(deposit) <= self.now_ms()) {
                    now = apply(self, &now, &Event::DepositStayed { payment_key: key }, self.note()).await?;
                }
                Ok((now, None))
            }
            (State::Paid { deposit: Some(_), .. }, Outcome::AwaitingDeposit(_)) => {
                // An answer may be older than a deposit that has come again since.
                let note = self.note_with(raw).only_at(record.version);
                Ok((apply(self, record, &Event::DepositReversed { payment_key: key }, note).await?, None))
            }
            (State::Paid { .. }, Outcome::AwaitingDeposit(_) | Outcome::Declined(_) | Outcome::Canceled) => {
                known("the order is paid, and Toss says that its payment is not")
            }
            // Taken for uncharged, and charged.
            (State::Declined { .. }, outcome @ (Outcome::Paid(_) | Outcome::AwaitingDeposit(_)))
            | (State::Expired { reason: Expiry::NoDeposit, .. }, outcome @ Outcome::Paid(_)) => {
                let (now, _) = self.decide(record, attempt, outcome.clone(), raw).await?;
                let now = self.order(&now.order.id).await?.unwrap_or(now);
                if now.version == record.version {
                    // What it held has been sold since.
                    return self.over(&now, attempt, &outcome).await;
                }
                tracing::error!(order_id = %record.order.id, "a payment that was taken for uncharged is charged; the order is mended");
                Ok((now, None))
            }
            (
                State::Expired { reason: Expiry::OutOfTime | Expiry::Replaced | Expiry::Canceled, .. },
                outcome @ (Outcome::Paid(_) | Outcome::AwaitingDeposit(_)),
            ) => self.over(record, attempt, &outcome).await,
            (
                State::Open
                | State::Confirming { .. }
                | State::InDoubt { .. }
                | State::Declined { .. }
                | State::AwaitingDeposit { .. }
                | State::Expired { .. },
                Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_) | Outcome::Canceled | Outcome::Unknown { .. },
            )
            | (State::Paid { .. }, Outcome::Unknown { .. }) => Ok((record.clone(), None)),
        }
    }

    /// Of a payment that the order has not waited for: one that pays it, or one too many.
    async fn learn_of_another(&self, record: &OrderRecord, attempt: &Attempt, outcome: Outcome, raw: String) -> Result<Heard, StoreError> {
        if record.state.next().is_some_and(|next| next.payment_key == attempt.payment_key) {
            return Ok((record.clone(), None));
        }
        match (&record.state, &outcome) {
            // Charged without this shop, for this order, so much: it pays the order, where nothing else has.
            (
                State::Open | State::Declined { .. } | State::Expired { reason: Expiry::OutOfTime, .. },
                Outcome::Paid(_) | Outcome::AwaitingDeposit(_),
            ) => match self.0.store.apply(&record.order.id, &Event::ConfirmStarted(attempt.clone()), &self.note()).await {
                Ok(applied) => {
                    tracing::error!(order_id = %record.order.id, payment_key = ?attempt.payment_key, "a payment that the shop has not confirmed is charged; the order takes it");
                    self.decide(&applied.record, attempt, outcome, raw).await
                }
                Err(ApplyError::Illegal { record, .. }) => self.over(&record, attempt, &outcome).await,
                Err(ApplyError::NoSuchOrder | ApplyError::PaymentTaken) => Ok((record.clone(), None)),
                Err(ApplyError::Store(error)) => Err(error),
            },
            // Whether it is one too many is known when the first one is.
            (State::Confirming { .. } | State::InDoubt { .. }, Outcome::Paid(_) | Outcome::AwaitingDeposit(_)) => {
                Ok((record.clone(), Some(News::NotYet)))
            }
            (
                State::AwaitingDeposit { .. }
                | State::Paid { .. }
                | State::Expired { reason: Expiry::Replaced | Expiry::NoDeposit | Expiry::Canceled, .. },
                Outcome::Paid(_) | Outcome::AwaitingDeposit(_),
            ) => self.over(record, attempt, &outcome).await,
            (
                State::Open
                | State::Confirming { .. }
                | State::InDoubt { .. }
                | State::Declined { .. }
                | State::AwaitingDeposit { .. }
                | State::Paid { .. }
                | State::Expired { .. },
                Outcome::Declined(_) | Outcome::Canceled | Outcome::Unknown { .. },
            ) => Ok((record.clone(), None)),
        }
    }

    async fn decide(&self, record: &OrderRecord, attempt: &Attempt, outcome: Outcome, raw: String) -> Result<Heard, StoreError> {
        let applied = self.keep(record, attempt, Source::LookUp, Judged::certain(outcome, Some(raw))).await?;
        Ok((applied.map_or_else(|| record.clone(), |applied| applied.record), None))
    }

    /// One payment too many: all that is left of it goes back.
    async fn over(&self, record: &OrderRecord, attempt: &Attempt, outcome: &Outcome) -> Result<Heard, StoreError> {
        let key = &attempt.payment_key;
        let disagreement = |what: String| Ok((record.clone(), Some(News::Disagreement(what))));
        let (left, is_void) = match outcome {
            Outcome::AwaitingDeposit(_) => (attempt.amount.clone(), true),
            Outcome::Paid(approval) => {
                let given_back = Refunds::default().after(key, &attempt.amount, &approval.cancels, 0);
                let is_going_back = given_back.iter().any(|refund| refund.progress == Progress::Pending);
                let left = attempt.amount.amount().checked_sub(given_back.done_of(key));
                match left.filter(|left| *left > Won::of(0).into() && !is_going_back) {
                    Some(_) if approval.account.is_some() => {
                        let what = "a deposit came for an order that is over or paid otherwise: send it back by hand, to an account of the payer's";
                        return disagreement(what.to_owned());
                    }
                    Some(left) => (money(left, attempt), false),
                    None => return Ok((self.order(&record.order.id).await?.unwrap_or_else(|| record.clone()), None)),
                }
            }
            Outcome::Declined(_) | Outcome::Canceled | Outcome::Unknown { .. } => return Ok((record.clone(), None)),
        };
        let refused = record.refunds.iter().find_map(|refund| match &refund.progress {
            Progress::Refused(decline)
                if refund.origin == Origin::Duplicate
                    && refund.payment_key == *key
                    && refund.balance_before == left
                    && !decline.is_ours() =>
            {
                Some(&decline.code)
            }
            Progress::Asked | Progress::InDoubt { .. } | Progress::Pending | Progress::Done { .. } | Progress::Refused(_) => None,
        });
        if let Some(code) = refused {
            return disagreement(format!("a payment was charged once too often, and Toss refuses to give it back: {code}"));
        }
        let is_begun = self.give_back(record, key, left, is_void).await?;
        let now = self.order(&record.order.id).await?.unwrap_or_else(|| record.clone());
        let waits = !is_begun && now.refunds.under_way().is_some();
        Ok((now, waits.then_some(News::NotYet)))
    }

    /// What is written with an event.
    pub(crate) fn note(&self) -> Note {
        Note::at(self.now_ms()).channels(self.0.couriers.iter().map(|courier| courier.channel()).collect())
    }

    /// And with a body of Toss's.
    pub(crate) fn note_of(&self, body: Option<String>) -> Note {
        Note { toss_answer: body.map(kept), ..self.note() }
    }

    fn note_with(&self, raw: String) -> Note {
        self.note_of(Some(raw))
    }
}
