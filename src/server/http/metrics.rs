//! Figures about the running server, in the text format of Prometheus, on an address of their own: they are the operator's.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use payment_engine::store::Backlog;
use payment_engine::{Engine, LaneLoad, StoreError};
use std::fmt::Write as _;

/// `GET /metrics` and nothing else.
pub fn metrics(engine: Engine) -> Router {
    Router::new().route("/metrics", get(figures)).with_state(engine)
}

async fn figures(State(engine): State<Engine>) -> Response {
    match read(&engine).await {
        Ok((load, backlog)) => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text(&load, &backlog, engine.now_ms())).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "figures could not be read");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer").into_response()
        }
    }
}

async fn read(engine: &Engine) -> Result<(Vec<LaneLoad>, Backlog), StoreError> {
    Ok((engine.load().await?, engine.backlog().await?))
}

fn text(load: &[LaneLoad], backlog: &Backlog, now_ms: i64) -> String {
    let seconds = |since_ms: Option<i64>| since_ms.map_or(0, |since_ms| (now_ms - since_ms).max(0) / 1_000).to_string();
    let lanes = |value: &dyn Fn(&LaneLoad) -> String| -> Vec<(String, String)> {
        load.iter().map(|lane| (format!("{{lane=\"{}\"}}", lane.lane.word()), value(lane))).collect()
    };
    let one = |value: String| vec![(String::new(), value)];
    let mut text = String::new();
    for (name, help, values) in [
        ("orders_waiting", "Orders that wait to be looked at, by lane.", lanes(&|lane| lane.orders.to_string())),
        (
            "oldest_wait_seconds",
            "How long the oldest of them has waited, 0 where there is none.",
            lanes(&|lane| seconds(lane.oldest_since_ms)),
        ),
        ("webhooks_waiting", "Webhooks of Toss that wait to be looked into.", one(backlog.inbound.to_string())),
        ("messages_waiting", "Messages to the merchant and to shoppers that wait to be delivered.", one(backlog.waiting.to_string())),
        (
            "oldest_message_seconds",
            "How long the oldest of them has waited, 0 where there is none.",
            one(seconds(backlog.waiting_since_ms)),
        ),
        ("messages_given_up", "Messages that were given up: toss-checkout outbox list --dead.", one(backlog.dead.to_string())),
        (
            "findings_open",
            "Differences to the books of Toss that wait for a person: toss-checkout books report.",
            one(backlog.findings.to_string()),
        ),
    ] {
        let _ = writeln!(text, "# HELP toss_checkout_{name} {help}\n# TYPE toss_checkout_{name} gauge");
        for (label, value) in values {
            let _ = writeln!(text, "toss_checkout_{name}{label} {value}");
        }
    }
    text
}
