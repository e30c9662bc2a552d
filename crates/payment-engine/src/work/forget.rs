//! Who bought what is forgotten when its time is over, and histories of orders that are over are moved out of the way: once an hour, a few at
//! a time.

use crate::engine::Engine;
use crate::store::{Forget, StoreError};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How many at a time, so that nobody who pays waits for it.
const AT_ONCE: u32 = 50;
/// How long messages and webhooks are kept that are over.
const TOLD_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long an order's history stays among those of the orders that are paid for just now.
const ARCHIVE_AFTER: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const HOUR_MS: i64 = 60 * 60_000;

/// Forgets and archives what is due. Answers how much there was.
pub(super) async fn take_due(engine: &Engine) -> Result<usize, StoreError> {
    let now_ms = engine.now_ms();
    let next_ms = engine.0.forget_at_ms.load(Ordering::SeqCst);
    // What lies further ahead than an hour comes of a clock that was set back.
    if next_ms > now_ms && next_ms <= now_ms + HOUR_MS {
        return Ok(0);
    }
    let settings = &engine.0.settings;
    let since = |age: Duration| now_ms.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
    let forget = Forget::new(since(settings.forget_unpaid_after), since(settings.forget_answers_after)).told(since(TOLD_FOR));
    let forget = settings.forget_paid_after.map_or(forget, |age| forget.paid(since(age)));
    let forgotten = engine.0.store.forget(&forget, now_ms, AT_ONCE).await?;
    if forgotten > 0 {
        tracing::info!(forgotten, "details of orders and answers of Toss were forgotten");
    }
    let archived = engine.0.store.archive(since(ARCHIVE_AFTER), now_ms, AT_ONCE).await?;
    if forgotten + archived == 0 {
        engine.0.forget_at_ms.store(now_ms + HOUR_MS, Ordering::SeqCst);
    }
    Ok(usize::try_from(forgotten + archived).unwrap_or(usize::MAX))
}
