//! Messages that wait to be delivered, in order per order: tried again for three days, then dead until somebody replays them.

use crate::engine::Engine;
use crate::order::LEASE_MS;
use crate::outbox::{Courier, Message};
use crate::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How many messages of one channel are under way at once.
pub(super) const PLACES: u32 = 8;
/// The longest that a delivery may take: longer ones count as lost, and the lease is longer.
const LONGEST: Duration = Duration::from_secs(30);
/// The pauses after tries in vain, in seconds, each a little longer or shorter by chance: three days in all.
const PAUSES_S: [u32; 14] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 36_000, 43_200, 43_200, 43_200, 43_200];
/// The longest that a receiver is left alone because it asks for it, in ms: half a day.
const LONGEST_ASKED_MS: i64 = 12 * 60 * 60_000;

/// Takes what is due on that way. Answers how many there were.
pub(super) async fn take_due(
    engine: &Engine,
    courier: &Arc<dyn Courier>,
    deliveries: &mut JoinSet<()>,
    limit: u32,
) -> Result<usize, StoreError> {
    if limit == 0 {
        return Ok(0);
    }
    let now_ms = engine.now_ms();
    let taken = engine.0.store.take_messages(courier.channel(), now_ms, now_ms + LEASE_MS, limit).await?;
    let count = taken.len();
    for message in taken {
        let (engine, courier) = (engine.clone(), courier.clone());
        deliveries.spawn(async move {
            if let Err(error) = deliver(&engine, courier.as_ref(), &message).await {
                tracing::error!(order_id = %message.order_id, message = %message.id, %error, "what became of a message could not be stored; it is sent again");
            }
        });
    }
    Ok(count)
}

async fn deliver(engine: &Engine, courier: &dyn Courier, message: &Message) -> Result<(), StoreError> {
    let store = &engine.0.store;
    let Some(order) = engine.order(&message.order_id).await? else { return Ok(()) };
    let delivered = tokio::select! {
        delivered = courier.deliver(message, &order) => delivered,
        () = engine.0.clock.sleep(LONGEST) => Err(crate::outbox::Undelivered::again(format!("no answer within {} s", LONGEST.as_secs()))),
    };
    let Err(undelivered) = delivered else {
        store.message_delivered(message, engine.now_ms()).await?;
        // The next one of its order has its turn.
        engine.0.outbox.notify_waiters();
        return Ok(());
    };
    let now_ms = engine.now_ms();
    let pause_s = PAUSES_S.get(usize::try_from(message.tries).unwrap_or(usize::MAX)).filter(|_| !undelivered.is_final);
    let again_at_ms = pause_s.map(|pause_s| now_ms + jittered_ms(engine, *pause_s).max(asked_ms(undelivered.retry_after)));
    let (order_id, id, channel, why) = (&message.order_id, &message.id, &message.channel, &undelivered.why);
    if again_at_ms.is_some() {
        tracing::warn!(%order_id, message = %id, %channel, tries = message.tries + 1, %why, "a message was not delivered; trying again");
    } else {
        tracing::error!(%order_id, message = %id, %channel, tries = message.tries + 1, %why, "a message was not delivered, and is not tried again until it is replayed");
    }
    store.message_failed(message, now_ms, again_at_ms, why).await
}

/// Up to a quarter more or less, so that what failed together does not come back together.
fn jittered_ms(engine: &Engine, pause_s: u32) -> i64 {
    let mut byte = [0];
    engine.0.random.fill(&mut byte);
    let percent = 75 + i64::from(byte[0]) * 50 / 255;
    i64::from(pause_s) * 1_000 * percent / 100
}

/// How long the receiver wants to be left alone.
fn asked_ms(retry_after: Option<Duration>) -> i64 {
    retry_after.map_or(0, |pause| i64::try_from(pause.as_millis()).unwrap_or(i64::MAX).min(LONGEST_ASKED_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_may_ask_for_half_a_day_at_most() {
        assert_eq!(asked_ms(None), 0);
        assert_eq!(asked_ms(Some(Duration::from_secs(7))), 7_000);
        assert_eq!(asked_ms(Some(Duration::from_secs(43_201))), LONGEST_ASKED_MS);
        assert_eq!(asked_ms(Some(Duration::MAX)), LONGEST_ASKED_MS);
    }

    #[test]
    fn it_is_tried_for_three_days() {
        assert_eq!(PAUSES_S.iter().sum::<u32>() / 3_600, 73);
        assert!(i64::try_from(LONGEST.as_millis()).unwrap() < LEASE_MS);
        let longest = PAUSES_S.iter().max().map(|pause_s| i64::from(*pause_s) * 1_250).unwrap();
        assert!(longest.max(LONGEST_ASKED_MS).max(LEASE_MS) < Message::LONGEST_PAUSE_MS);
    }
}
