//! Looks a payment up at Toss: what is decided is stored; what Toss has not charged is confirmed again; everything else stays
//! as it is and is looked at later.

use super::{later, telling};
use crate::engine::Engine;
use crate::order::{Attempt, Doubt, Effect, Event, Lane, Outcome, Refused, State};
use crate::store::{ApplyError, Note, OrderRecord, StoreError};
use crate::verdict::{self, Found, Judged};

/// How long after the shopper's approval Toss still accepts a confirm is 10 minutes (Toss docs, payment flow). The
/// claim is later than the approval, so a minute is kept in hand.
const REPEAT_WITHIN_MS: i64 = 9 * 60_000;

/// How many new idempotency keys one payment gets when Toss refuses for reasons that pass. After them a shopper is better served
/// by a clear answer than by waiting.
const MAX_RENEWALS: u32 = 3;

pub(super) async fn look(engine: &Engine, lane: Lane, record: &OrderRecord) -> Result<(), StoreError> {
    let Some(attempt) = record.state.awaited() else { return Ok(()) };
    if !is_ours(engine, attempt) {
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
        (State::AwaitingDeposit { .. }, Found::Decided { outcome: Outcome::AwaitingDeposit(_), .. }) => {
            later(engine, lane, record, None).await
        }
        (_, Found::Decided { outcome, toss_answer }) => decided(engine, record, attempt, outcome, toss_answer).await,
        (_, Found::Differs(difference)) => {
            telling::disagreement(record, engine.now_ms(), &difference);
            later(engine, lane, record, None).await
        }
        (
            State::Confirming { .. } | State::InDoubt { .. },
            found @ (Found::NotYetConfirmed | Found::NoSuchPayment | Found::NotThisOrders),
        ) => not_charged(engine, lane, record, attempt, found).await,
        (
            State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } | State::Expired { .. },
            Found::NotYetConfirmed | Found::NoSuchPayment | Found::NotThisOrders,
        ) => {
            telling::disagreement(record, engine.now_ms(), "Toss does not show the account that it has issued");
            later(engine, lane, record, None).await
        }
    }
}

/// What another account does not show may have been charged all the same.
fn is_ours(engine: &Engine, attempt: &Attempt) -> bool {
    // Orders from before accounts were kept belong to the first one, and keys had to be its own.
    attempt.account.as_ref().is_none_or(|account| *account == engine.0.account)
}

async fn decided(
    engine: &Engine,
    record: &OrderRecord,
    attempt: &Attempt,
    outcome: Outcome,
    toss_answer: String,
) -> Result<(), StoreError> {
    let judged = Judged { outcome, toss_answer: Some(toss_answer), not_sent: false, retry_after: None, refusal: None };
    keep(engine, record, attempt, judged).await
}

/// Stores an outcome, and goes on with the payment that waited for it.
async fn keep(engine: &Engine, record: &OrderRecord, attempt: &Attempt, judged: Judged) -> Result<(), StoreError> {
    let Some(applied) = engine.keep(record, attempt, judged).await? else { return Ok(()) };
    match (&applied.effect, &applied.record.state) {
        (Some(Effect::Confirm), State::Confirming { attempt, .. }) => {
            let attempt = attempt.clone();
            confirm(engine, &applied.record, &attempt, None).await
        }
        _ => Ok(()),
    }
}

/// Toss has not charged, or not for this order: asked again, it charges for the first time, or says why not. Look-up and
/// confirm have to agree before a payment counts as one that cannot pay this order.
async fn not_charged(engine: &Engine, lane: Lane, record: &OrderRecord, attempt: &Attempt, found: Found) -> Result<(), StoreError> {
    let is_open = matches!(found, Found::NotYetConfirmed);
    if is_open && engine.now_ms() - attempt.claimed_at_ms >= REPEAT_WITHIN_MS {
        return later(engine, lane, record, None).await;
    }
    // A lane may be older than what it takes: somebody else has moved the order.
    let Some(now) = engine.order(&record.order.id).await?.filter(|now| now.version == record.version) else { return Ok(()) };
    match &now.state {
        // Toss may hide payments that it has not charged.
        State::InDoubt { doubt: Doubt { refused: Some(refused), .. }, .. } if is_open || matches!(found, Found::NoSuchPayment) => {
            refused_before(engine, lane, record, attempt, refused, found).await
        }
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => confirm(engine, record, attempt, Some((lane, found))).await,
    }
}

/// Toss repeats a refusal under the key that it has answered with it. A look-up has just shown that nothing was charged, so a new
/// key may be tried (retry matrix of Toss's errors); when several have been, the refusal is the answer.
async fn refused_before(
    engine: &Engine,
    lane: Lane,
    record: &OrderRecord,
    attempt: &Attempt,
    refused: &Refused,
    found: Found,
) -> Result<(), StoreError> {
    if attempt.renewals >= MAX_RENEWALS {
        if refused.of_request || matches!(found, Found::NoSuchPayment) {
            // Neither keys and requests nor a payment that is not there decide; the session ends, and Toss says so then.
            return confirm(engine, record, attempt, Some((lane, found))).await;
        }
        tracing::warn!(order_id = %record.order.id, code = %refused.decline.code, "refused again and again, and nothing was charged: declined");
        let outcome = Outcome::Declined(refused.decline.clone());
        return keep(engine, record, attempt, Judged { outcome, toss_answer: None, not_sent: false, retry_after: None, refusal: None })
            .await;
    }
    let event = Event::KeyRenewed { payment_key: attempt.payment_key.clone(), idempotency_key: engine.new_idempotency_key() };
    match engine.0.store.apply(&record.order.id, &event, &Note { at_ms: engine.now_ms(), toss_answer: None }).await {
        Ok(applied) => {
            tracing::warn!(order_id = %record.order.id, code = %refused.decline.code, "refused for a reason that passes, and nothing was charged: trying again");
            match &applied.record.state {
                State::Confirming { attempt, .. } => {
                    let attempt = attempt.clone();
                    confirm(engine, &applied.record, &attempt, Some((lane, found))).await
                }
                State::Open
                | State::InDoubt { .. }
                | State::Declined { .. }
                | State::AwaitingDeposit { .. }
                | State::Paid { .. }
                | State::Expired { .. } => Ok(()),
            }
        }
        Err(ApplyError::Illegal { .. } | ApplyError::NoSuchOrder | ApplyError::PaymentTaken) => Ok(()),
        Err(ApplyError::Store(error)) => Err(error),
    }
}

/// Confirms, and judges the answer beside what a look-up has found just before, where one has.
async fn confirm(engine: &Engine, record: &OrderRecord, attempt: &Attempt, looked: Option<(Lane, Found)>) -> Result<(), StoreError> {
    let answer = engine.0.gateway.confirm(&record.order.id, attempt).await;
    let mut judged = verdict::of_confirm(&record.order.id, attempt, answer);
    engine.calm_down(judged.retry_after);
    let Some((lane, found)) = looked else { return Box::pin(keep(engine, record, attempt, judged)).await };
    judged = judged.beside(&found);
    let is_news = match (&mut judged.outcome, &record.state) {
        (Outcome::Unknown { doubt, .. }, State::InDoubt { doubt: known, .. }) => {
            *doubt = known.with(doubt);
            doubt != known
        }
        (Outcome::Unknown { .. } | Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_), _) => true,
    };
    if is_news {
        return Box::pin(keep(engine, record, attempt, judged)).await;
    }
    telling::undecided(record, engine.now_ms());
    later(engine, lane, record, judged.retry_after).await
}
