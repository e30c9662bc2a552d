//! Looks a payment up at Toss: what is decided is stored; what Toss has not charged is confirmed again; everything else stays
//! as it is and is looked at later.

use super::{later, telling};
use crate::engine::Engine;
use crate::flow::confirm;
use crate::flow::learn::News;
use crate::flow::outcome::Source;
use crate::order::{About, Attempt, Doubt, Effect, Event, Lane, Outcome, Refused, State};
use crate::store::{ApplyError, OrderRecord, StoreError};
use crate::verdict::{self, Found, Judged};

/// How long after the shopper's approval Toss still accepts a confirm is 10 minutes (Toss docs, payment flow). The
/// claim is later than the approval, so a minute is kept in hand.
pub(crate) const REPEAT_WITHIN_MS: i64 = 9 * 60_000;

/// How many new idempotency keys one payment gets when Toss refuses for reasons that pass. After them a shopper is better served
/// by a clear answer than by waiting.
pub(crate) const MAX_RENEWALS: u32 = 3;

pub(super) async fn look(engine: &Engine, lane: Lane, record: &OrderRecord) -> Result<(), StoreError> {
    let Some(attempt) = record.state.looked_up() else { return Ok(()) };
    if !engine.is_ours(attempt) {
        telling::another_account(record, engine.now_ms());
        return later(engine, lane, record, None).await;
    }
    let answer = engine.0.gateway.payment(&attempt.payment_key).await;
    let found = match verdict::of_look_up(&record.order.id, attempt, answer) {
        Ok(found) => found,
        Err(error) => {
            engine.calm_down(error.retry_after());
            telling::in_vain(record, engine.now_ms(), &error);
            return later(engine, lane, record, error.retry_after()).await;
        }
    };
    match (&record.state, found) {
        (State::Confirming { .. } | State::InDoubt { .. }, Found::Decided { outcome, toss_answer }) => {
            decided(engine, record, attempt, *outcome, toss_answer).await
        }
        (State::Confirming { .. } | State::InDoubt { .. }, Found::Differs(difference)) => {
            telling::disagreement(record, engine.now_ms(), &difference);
            later(engine, lane, record, None).await
        }
        (
            State::Confirming { .. } | State::InDoubt { .. },
            found @ (Found::NotYetConfirmed | Found::NoSuchPayment | Found::NotThisOrders),
        ) => not_charged(engine, lane, record, attempt, found).await,
        (
            State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } | State::Expired { .. },
            found @ (Found::Decided { .. } | Found::Differs(_) | Found::NotYetConfirmed | Found::NoSuchPayment | Found::NotThisOrders),
        ) => waited(engine, lane, record, attempt, found).await,
    }
}

/// A deposit that is waited for, or whose goods wait.
async fn waited(engine: &Engine, lane: Lane, record: &OrderRecord, attempt: &Attempt, found: Found) -> Result<(), StoreError> {
    let learnt = engine.learn_found(record, &attempt.payment_key, found).await?;
    if let News::Disagreement(difference) = &learnt.news {
        telling::disagreement(record, engine.now_ms(), difference);
    }
    if learnt.record.version == record.version { later(engine, lane, record, None).await } else { Ok(()) }
}

async fn decided(
    engine: &Engine,
    record: &OrderRecord,
    attempt: &Attempt,
    outcome: Outcome,
    toss_answer: String,
) -> Result<(), StoreError> {
    keep(engine, record, attempt, Source::LookUp, Judged::certain(outcome, Some(toss_answer))).await
}

/// Stores an outcome, and goes on with the payment that waited for it.
async fn keep(engine: &Engine, record: &OrderRecord, attempt: &Attempt, source: Source, judged: Judged) -> Result<(), StoreError> {
    if let Some(applied) = engine.keep(record, attempt, source, judged).await?
        && applied.effect == Some(Effect::Confirm)
    {
        confirm::run(engine, applied.record).await;
    }
    Ok(())
}

/// Toss has not charged, or not for this order: asked again, it charges for the first time, or says why not. Look-up and
/// confirm have to agree before a payment counts as one that cannot pay this order.
async fn not_charged(engine: &Engine, lane: Lane, record: &OrderRecord, attempt: &Attempt, found: Found) -> Result<(), StoreError> {
    let is_open = matches!(found, Found::NotYetConfirmed);
    if is_open && engine.now_ms() - attempt.claimed_at_ms >= REPEAT_WITHIN_MS {
        return later(engine, lane, record, None).await;
    }
    // A lane may be older than what it takes: somebody else has moved the order.
    let now = engine.order(&record.order.id).await?;
    if now.is_none_or(|now| now.version != record.version) {
        return Ok(());
    }
    match &record.state {
        State::InDoubt { doubt: Doubt { refused: Some(refused), .. }, .. } if is_open || refused.about != About::NoPayment => {
            used_up(engine, lane, record, attempt, refused, found).await
        }
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => repeat(engine, lane, record, attempt, found).await,
    }
}

/// Toss repeats a refusal under the key that it has answered with it. A look-up has just shown that nothing was charged, so a new
/// key may be tried (retry matrix of Toss's errors), each after a longer pause; a refusal that passes and does not pass is the answer.
async fn used_up(
    engine: &Engine,
    lane: Lane,
    record: &OrderRecord,
    attempt: &Attempt,
    refused: &Refused,
    found: Found,
) -> Result<(), StoreError> {
    let (order_id, code) = (&record.order.id, &refused.decline.code);
    let is_passing = match refused.about {
        About::Passing => true,
        // Neither keys and requests nor a payment that is not there decide; the session ends, and Toss says so then.
        About::Key | About::Request | About::NoPayment | About::ExpiredSession | About::Processed => false,
    };
    if is_passing && attempt.renewals >= MAX_RENEWALS && matches!(found, Found::NotYetConfirmed) {
        tracing::warn!(%order_id, %code, "refused again and again, and nothing was charged: declined");
        let judged = Judged::certain(Outcome::Declined(refused.decline.clone()), None);
        return keep(engine, record, attempt, Source::Call, judged).await;
    }
    // Another key is of no use any more. Toss repeats its refusal; what that means beside what is found grows with the payment's age.
    if engine.now_ms() - attempt.claimed_at_ms >= REPEAT_WITHIN_MS {
        return repeat(engine, lane, record, attempt, found).await;
    }
    let event = Event::KeyRenewed { payment_key: attempt.payment_key.clone(), idempotency_key: engine.new_idempotency_key() };
    match engine.0.store.apply(order_id, &event, &engine.note()).await {
        Ok(applied) => {
            tracing::warn!(%order_id, %code, "refused, and nothing was charged: trying again under a new key");
            match applied.record.state.undecided().cloned() {
                Some(attempt) => repeat(engine, lane, &applied.record, &attempt, found).await,
                None => Ok(()),
            }
        }
        Err(ApplyError::Illegal { .. } | ApplyError::NoSuchOrder | ApplyError::PaymentTaken) => Ok(()),
        Err(ApplyError::Store(error)) => Err(error),
    }
}

/// Confirms again, and judges the answer beside what a look-up has found just before.
async fn repeat(engine: &Engine, lane: Lane, record: &OrderRecord, attempt: &Attempt, found: Found) -> Result<(), StoreError> {
    let answer = engine.0.gateway.confirm(&record.order.id, attempt).await;
    let judged = verdict::of_confirm(&record.order.id, attempt, answer);
    engine.calm_down(judged.retry_after);
    let fresh = Doubt::default();
    let known = match &record.state {
        State::InDoubt { doubt, .. } => doubt,
        State::Open
        | State::Confirming { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => &fresh,
    };
    let mut judged = judged.beside(&found, known, engine.now_ms() - attempt.claimed_at_ms);
    let is_news = match (&mut judged.outcome, &record.state) {
        (Outcome::Unknown { doubt, .. }, State::InDoubt { .. }) => {
            *doubt = known.with(doubt);
            doubt != known
        }
        (Outcome::Unknown { .. } | Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_) | Outcome::Canceled, _) => true,
    };
    if is_news {
        return keep(engine, record, attempt, Source::Call, judged).await;
    }
    telling::undecided(record, engine.now_ms());
    later(engine, lane, record, judged.retry_after).await
}
