//! For load balancers and start scripts.

use super::context::Context;
use axum::extract::State;
use axum::http::StatusCode;

/// Says whether the shop can do its work: 200 where the store answers and can be written to, 503 where it cannot, with what is
/// wrong. A shop that can read shows receipts; one that cannot write takes no order and no payment.
pub async fn health(State(ctx): State<Context>) -> (StatusCode, &'static str) {
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
