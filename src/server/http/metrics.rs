//! Figures about the running server, in the text format of Prometheus, on an address of their own: they are the operator's.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use payment_engine::Engine;
use std::fmt::Write as _;

/// `GET /metrics` and nothing else.
pub fn metrics(engine: Engine) -> Router {
    Router::new().route("/metrics", get(figures)).with_state(engine)
}

async fn figures(State(engine): State<Engine>) -> Response {
    match engine.load().await {
        Ok(load) => {
            let now_ms = engine.now_ms();
            let mut text = String::from(
                "# HELP toss_checkout_orders_waiting Orders that wait to be looked at, by lane.\n# TYPE toss_checkout_orders_waiting gauge\n",
            );
            for lane in &load {
                let _ = writeln!(text, "toss_checkout_orders_waiting{{lane=\"{}\"}} {}", lane.lane.word(), lane.orders);
            }
            text.push_str(
                "# HELP toss_checkout_oldest_wait_seconds How long the oldest of them has waited, 0 where there is none.\n\
                 # TYPE toss_checkout_oldest_wait_seconds gauge\n",
            );
            for lane in &load {
                let seconds = lane.oldest_since_ms.map_or(0, |since_ms| (now_ms - since_ms).max(0) / 1_000);
                let _ = writeln!(text, "toss_checkout_oldest_wait_seconds{{lane=\"{}\"}} {seconds}", lane.lane.word());
            }
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "figures could not be read");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer").into_response()
        }
    }
}
