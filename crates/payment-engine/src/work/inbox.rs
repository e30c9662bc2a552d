//! Webhooks that wait to be looked into: one look-up for all that have come of a payment.

use crate::engine::Engine;
use crate::flow::inbox::LOOK_PAUSE_MS;
use crate::flow::learn::News;
use crate::order::{LEASE_MS, Lane, State};
use crate::store::{Inbound, StoreError};
use tokio::task::JoinSet;

/// How many payments are looked up at once because of webhooks.
pub(super) const PLACES: u32 = 4;
/// The longest that a webhook waits after look-ups in vain, in ms.
const LONGEST_PAUSE_MS: i64 = 60_000;

/// Takes what is due. Answers how many there were.
pub(super) async fn take_due(engine: &Engine, looks: &mut JoinSet<()>, limit: u32) -> Result<usize, StoreError> {
    if limit == 0 || engine.calm_for_ms() > 0 {
        return Ok(0);
    }
    let now_ms = engine.now_ms();
    let taken = engine.0.store.take_inbound(now_ms, now_ms + LEASE_MS, limit).await?;
    let count = taken.len();
    for inbound in taken {
        let engine = engine.clone();
        looks.spawn(async move {
            let order_id = inbound.order_id.clone();
            if let Err(error) = look(&engine, inbound).await {
                tracing::error!(%order_id, %error, "what a webhook led to could not be stored; it is looked into again");
            }
        });
    }
    Ok(count)
}

async fn look(engine: &Engine, inbound: Inbound) -> Result<(), StoreError> {
    let (store, key, order_id) = (&engine.0.store, &inbound.payment_key, &inbound.order_id);
    let began_ms = engine.now_ms();
    let Some(record) = engine.order(order_id).await? else {
        return store.inbound_done(key, began_ms, engine.now_ms(), LOOK_PAUSE_MS, "no such order").await;
    };
    // Its own lane knows how to ask, and when.
    if let State::InDoubt { attempt, .. } = &record.state
        && attempt.payment_key == *key
        && let Some(lane) = Lane::of(&record.state, &record.refunds)
    {
        super::payment::look(engine, lane, &record).await?;
        return store.inbound_done(key, began_ms, engine.now_ms(), LOOK_PAUSE_MS, "looked up").await;
    }
    let answer = engine.0.gateway.payment(key).await;
    let came_of_it = match engine.learn(&record, key, answer).await?.news {
        News::Changed => "the order has changed".to_owned(),
        News::Nothing => "nothing new".to_owned(),
        News::Disagreement(what) => {
            tracing::error!(%order_id, %what, "Toss and the shop disagree about a payment; a person has to look");
            what
        }
        News::NotYet => {
            let waited_ms = (engine.now_ms() - inbound.received_at_ms).clamp(LOOK_PAUSE_MS, LONGEST_PAUSE_MS);
            return store.inbound_later(key, engine.now_ms() + waited_ms).await;
        }
        News::Unanswered(error) => {
            engine.calm_down(error.retry_after());
            let waited_ms = (engine.now_ms() - inbound.received_at_ms).clamp(LOOK_PAUSE_MS, LONGEST_PAUSE_MS);
            tracing::warn!(%order_id, %error, "a webhook came, and Toss could not be asked; asking again");
            return store.inbound_later(key, engine.now_ms() + waited_ms).await;
        }
    };
    store.inbound_done(key, began_ms, engine.now_ms(), LOOK_PAUSE_MS, &came_of_it).await
}
