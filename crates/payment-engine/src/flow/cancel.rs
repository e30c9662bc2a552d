//! The call of a refund: what becomes of it is stored, and what nobody knows is looked up.

use super::apply::apply;
use crate::engine::Engine;
use crate::order::{Decline, Event, Progress, Refund, RefundOutcome};
use crate::store::{OrderRecord, StoreError};
use crate::verdict::{self, CancelShown, RefundJudged};
use std::time::Duration;
use toss_payments::RefundReceiveAccount;

/// Calls Toss for a refund until something is known, and stores it. Answers it as it stands then.
pub(crate) async fn call(engine: &Engine, mut record: OrderRecord, refund: Refund, account: Option<&RefundReceiveAccount>) -> Refund {
    // The account is known here alone: what went wrong on the way is repeated here.
    const PAUSES_MS: [u64; 2] = [500, 2_000];
    let mut pauses = PAUSES_MS.into_iter();
    loop {
        let answer = engine.0.gateway.cancel(&refund, account).await; //                         5 the call, no lock held
        let judged = verdict::of_cancel(&refund, answer);
        let is_unknown = matches!(judged, RefundJudged::Unknown { .. });
        let stored = keep(engine, &record, &refund, judged).await; //                            6 event, row, next look
        match stored {
            Ok(now) => record = now,
            Err(error) => {
                tracing::error!(order_id = %record.order.id, refund = %refund.id, %error, "the outcome of a refund could not be stored; it will be looked up");
                return refund;
            }
        }
        let now = record.refunds.get(&refund.id).cloned().unwrap_or_else(|| refund.clone());
        match pauses.next() {
            Some(pause_ms) if is_unknown && matches!(now.progress, Progress::InDoubt { .. }) => {
                engine.0.clock.sleep(Duration::from_millis(pause_ms)).await;
                match look(engine, &record, &now).await {
                    Ok(Looked::NotHappened) => {}
                    Ok(Looked::Known(record)) => return record.refunds.get(&refund.id).cloned().unwrap_or(now),
                    Ok(Looked::Unknown) | Err(_) => return now,
                }
            }
            Some(_) | None => return now,
        }
    }
}

/// Stores what is known of a refund. Somebody else may have stored it before, which is no error.
async fn keep(engine: &Engine, record: &OrderRecord, refund: &Refund, judged: RefundJudged) -> Result<OrderRecord, StoreError> {
    match judged {
        RefundJudged::Shown { shown, toss_answer } => {
            let record = show(engine, record, &shown, Some(toss_answer)).await?;
            let is_still = record.refunds.get(&refund.id).is_some_and(|refund| refund.progress == Progress::Asked);
            if !is_still {
                return Ok(record);
            }
            let outcome = if refund.is_void && shown.is_canceled {
                RefundOutcome::Done
            } else {
                RefundOutcome::Unknown { cause: "Toss's answer does not show this cancel".to_owned() }
            };
            end(engine, &record, refund, outcome).await
        }
        // An earlier call of the same refund may have gone through: only a look-up tells.
        RefundJudged::Refused(decline) => match engine.0.gateway.payment(&refund.payment_key).await {
            Ok(answer) => {
                let (shown, raw) = (verdict::cancels_shown(&answer.value), answer.raw);
                let record = show(engine, record, &shown, Some(raw)).await?;
                end(engine, &record, refund, RefundOutcome::Refused(decline)).await
            }
            Err(error) => {
                let cause = format!("Toss answered {} {}, and could not be asked what is left: {error}", decline.status, decline.code);
                end(engine, record, refund, RefundOutcome::Unknown { cause }).await
            }
        },
        RefundJudged::Unknown { cause, retry_after } => {
            engine.calm_down(retry_after);
            end(engine, record, refund, RefundOutcome::Unknown { cause }).await
        }
    }
}

/// Stores the cancels that Toss has shown.
async fn show(engine: &Engine, record: &OrderRecord, shown: &CancelShown, toss_answer: Option<String>) -> Result<OrderRecord, StoreError> {
    let event = Event::CancelsSeen { payment_key: shown.payment_key.clone(), cancels: shown.cancels.clone() };
    let record = apply(engine, record, &event, engine.note_of(toss_answer)).await?;
    match shown.transfer {
        Some(transfer) => {
            apply(engine, &record, &Event::TransferSeen { payment_key: shown.payment_key.clone(), transfer }, engine.note()).await
        }
        None => Ok(record),
    }
}

async fn end(engine: &Engine, record: &OrderRecord, refund: &Refund, outcome: RefundOutcome) -> Result<OrderRecord, StoreError> {
    let event = Event::RefundEnded { id: refund.id.clone(), outcome };
    apply(engine, record, &event, engine.note()).await
}

/// What a look-up says of a refund that nobody knows of.
pub(crate) enum Looked {
    /// It is known now.
    Known(Box<OrderRecord>),
    /// Toss has the balance from which it starts: it has not happened, and may.
    NotHappened,
    /// It is not to be known yet.
    Unknown,
}

/// Looks up whether a refund has happened.
///
/// # Errors
/// When the store fails.
pub(crate) async fn look(engine: &Engine, record: &OrderRecord, refund: &Refund) -> Result<Looked, StoreError> {
    let answer = match engine.0.gateway.payment(&refund.payment_key).await {
        Ok(answer) => answer,
        Err(error) => {
            engine.calm_down(error.retry_after());
            tracing::warn!(order_id = %record.order.id, refund = %refund.id, %error, "looked a refund up in vain");
            return Ok(Looked::Unknown);
        }
    };
    let shown = verdict::cancels_shown(&answer.value);
    let record = show(engine, record, &shown, Some(answer.raw)).await?;
    let Some(now) = record.refunds.get(&refund.id).filter(|refund| refund.progress.is_under_way()) else {
        return Ok(Looked::Known(Box::new(record)));
    };
    if refund.is_void && shown.is_canceled {
        return Ok(Looked::Known(Box::new(end(engine, &record, refund, RefundOutcome::Done).await?)));
    }
    if now.progress == Progress::Pending {
        return Ok(Looked::Unknown);
    }
    // It was sent with the balance that it starts from, and Toss has another one: it has not happened, and cannot any more.
    let is_elsewhere = shown.balance.is_some_and(|balance| balance != refund.balance_before.amount());
    if is_elsewhere || (refund.is_void && !shown.is_waiting) {
        let decline = Decline::ours("NOT_MATCHES_REFUNDABLE_AMOUNT");
        return Ok(Looked::Known(Box::new(end(engine, &record, refund, RefundOutcome::Refused(decline)).await?)));
    }
    Ok(Looked::NotHappened)
}
