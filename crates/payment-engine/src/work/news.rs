//! Finds out what other processes have done to orders that somebody waits for here.

use crate::engine::Engine;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two questions, while somebody waits: one statement for all orders that are waited for.
const EVERY: Duration = Duration::from_millis(150);
/// How many orders one question is about at most.
const AT_ONCE: usize = 500;

pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    loop {
        let waited_for = tokio::select! {
            () = stop.cancelled() => return,
            waited_for = engine.0.news.waited_for() => waited_for,
        };
        for ids in waited_for.chunks(AT_ONCE) {
            match engine.0.store.versions(ids).await {
                Ok(versions) => engine.0.news.found(&versions),
                // Whoever waits reads the store too, and says so.
                Err(error) => tracing::debug!(%error, "news of orders could not be read"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = engine.0.clock.sleep(EVERY) => {}
        }
    }
}
