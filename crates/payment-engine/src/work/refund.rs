//! Refunds of which nobody knows whether they have happened: looked up, and repeated under the same key where they have not.

use super::{later, telling};
use crate::engine::Engine;
use crate::flow::apply::apply;
use crate::flow::cancel::{Looked, call, look as look_up};
use crate::order::{Decline, Event, Lane, RefundOutcome};
use crate::store::{OrderRecord, StoreError};

/// How long after it was asked for a refund to an account may still happen, in ms. The account is not kept, so that it cannot be
/// repeated; and by then a call that was cut off has ended at Toss.
const CUT_OFF_AFTER_MS: i64 = 10 * 60_000;

pub(super) async fn look(engine: &Engine, record: &OrderRecord) -> Result<(), StoreError> {
    let Some(refund) = record.refunds.under_way().cloned() else { return Ok(()) };
    match look_up(engine, record, &refund).await? {
        Looked::Known(_) => Ok(()),
        Looked::Unknown => {
            telling::refund(record, engine.now_ms(), &refund);
            later(engine, Lane::Refund, record, None).await
        }
        Looked::NotHappened if !refund.to_account => {
            call(engine, record.clone(), refund, None).await;
            // Where it is in doubt as before, nothing has been stored.
            later(engine, Lane::Refund, record, None).await
        }
        Looked::NotHappened if engine.now_ms() - refund.asked_at_ms >= CUT_OFF_AFTER_MS => {
            let decline = Decline::ours(CUT_OFF);
            let event = Event::RefundEnded { id: refund.id.clone(), outcome: RefundOutcome::Refused(decline) };
            apply(engine, record, &event, engine.note()).await.map(|_| ())
        }
        Looked::NotHappened => later(engine, Lane::Refund, record, None).await,
    }
}

/// The code of a refund that was cut off before Toss had it, and has to be asked for anew because the account is not kept.
const CUT_OFF: &str = "REFUND_CUT_OFF";
