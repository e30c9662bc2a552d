//! For load balancers and start scripts.

use super::context::Context;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use tokio::sync::Mutex;

type Answer = (StatusCode, &'static str);

/// How long an answer holds, in ms. Proving that the store can be written to costs a write, and anybody may ask.
const HOLDS_MS: i64 = 1_000;

/// The latest answer, and when it was found, in ms since 1970 UTC. Whoever asks meanwhile waits for the same answer.
#[derive(Clone, Default, Debug)]
pub struct Health(Arc<Mutex<Option<(i64, Answer)>>>);

impl Health {
    async fn answer(&self, now_ms: impl Fn() -> i64, check: impl AsyncFnOnce() -> Answer) -> Answer {
        let mut latest = self.0.lock().await;
        match *latest {
            // A clock that was set back makes an answer old.
            Some((at_ms, answer)) if (0..HOLDS_MS).contains(&(now_ms() - at_ms)) => answer,
            Some(_) | None => {
                let answer = check().await;
                *latest = Some((now_ms(), answer));
                answer
            }
        }
    }
}

/// Says whether the shop can do its work: 200 where the store answers and can be written to, 503 where it cannot, with what is
/// wrong. A shop that can read shows receipts; one that cannot write takes no order and no payment.
pub async fn health(State(ctx): State<Context>) -> Answer {
    ctx.health.answer(|| ctx.engine.now_ms(), async || check(&ctx).await).await
}

async fn check(ctx: &Context) -> Answer {
    if let Err(error) = ctx.engine.check_read().await {
        tracing::error!(%error, "health check failed");
        return (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer");
    }
    match ctx.engine.check_write().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "health check failed");
            (StatusCode::SERVICE_UNAVAILABLE, "the store answers and cannot be written to")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn who_asks_all_the_time_does_not_make_the_shop_write_all_the_time() {
        let (health, checks) = (Health::default(), AtomicUsize::new(0));
        let ask = |at_ms: i64| {
            let check = async || {
                checks.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                (StatusCode::OK, "ok")
            };
            let health = health.clone();
            async move { health.answer(|| at_ms, check).await }
        };
        let checked_by = async |at_ms| {
            let answers = tokio::join!(ask(at_ms), ask(at_ms), ask(at_ms));
            assert_eq!(answers, ((StatusCode::OK, "ok"), (StatusCode::OK, "ok"), (StatusCode::OK, "ok")));
            checks.load(Ordering::SeqCst)
        };
        assert_eq!(checked_by(5_000).await, 1, "who asks at once gets the same answer");
        assert_eq!(checked_by(5_999).await, 1);
        assert_eq!(checked_by(6_000).await, 2);
        assert_eq!(checked_by(3_000).await, 3, "the clock was set back");
    }
}
