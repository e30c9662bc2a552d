//! For load balancers and start scripts.

use super::context::Context;
use axum::extract::State;
use axum::http::StatusCode;

/// 200 when the store answers, 503 when it does not.
pub async fn health(State(ctx): State<Context>) -> (StatusCode, &'static str) {
    match ctx.store.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "health check failed");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    }
}
