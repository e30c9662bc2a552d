//! Says that this server lives, and takes up what one has left that does not any more.

use super::Engine;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long a server counts as alive after it has said so, in ms: the longest that what it had under way waits when it is gone.
const ALIVE_FOR_MS: i64 = 10_000;
/// Between two times that it says so: two of them may fail.
const EVERY: Duration = Duration::from_secs(3);

impl Engine {
    /// Says so until this is dropped.
    pub(crate) async fn stay_alive(&self) {
        self.0.is_alive.store(true, Ordering::SeqCst);
        loop {
            let now_ms = self.now_ms();
            match self.0.store.keep_alive(now_ms, now_ms + ALIVE_FOR_MS).await {
                Ok(0) => {}
                Ok(left) => tracing::warn!(left, "another server is gone; taking up what it had under way"),
                Err(error) => tracing::error!(%error, "this server could not say that it lives; others may take up what it has under way"),
            }
            self.0.clock.sleep(EVERY).await;
        }
    }

    /// The same, of an engine that has said so before; of another one it just waits.
    pub(super) async fn stay_alive_if_alive(&self) {
        if self.0.is_alive.load(Ordering::SeqCst) {
            self.stay_alive().await;
        }
        std::future::pending().await
    }
}
