//! The routes of [`super::webhooks`] and of the scenarios.

use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Control, NewEvent, Scenario,
    http::{Body, bad_body, read, read_or_default},
};
use crate::{
    error::ApiError,
    fault::Times,
    webhook::{Registration, WebhookRule},
    world::World,
};

pub(super) fn routes() -> Router<World> {
    Router::new()
        .route("/webhooks", get(log))
        .route("/webhooks/{number}/resend", post(resend))
        .route("/webhooks/events", post(send))
        .route("/webhooks/registrations", get(registrations).post(register).delete(unregister))
        .route("/webhook-faults", post(fault))
        .route("/security-keys", get(keys).post(rotate))
        .route("/scenarios", get(scenarios).post(play))
}

/// A mistake in what was asked, with an English sentence that says how to do it right.
fn wrong(error: impl std::error::Error) -> ApiError {
    bad_body(error.to_string())
}

async fn log(State(world): State<World>) -> Response {
    Json(Control::new(world).webhooks()).into_response()
}

async fn resend(State(world): State<World>, number: Result<Path<u64>, PathRejection>) -> Result<StatusCode, ApiError> {
    let Path(number) = number.map_err(wrong)?;
    Control::new(world).resend_webhook(number).map_err(wrong)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn send(State(world): State<World>, body: Body<NewEvent>) -> Result<StatusCode, ApiError> {
    Control::new(world).send_event(read(body)?);
    Ok(StatusCode::NO_CONTENT)
}

async fn registrations(State(world): State<World>) -> Response {
    Json(Control::new(world).registrations()).into_response()
}

async fn register(State(world): State<World>, body: Body<Registration>) -> Result<StatusCode, ApiError> {
    Control::new(world).register_webhook(&read(body)?).map_err(wrong)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unregister(State(world): State<World>) -> StatusCode {
    Control::new(world).unregister_webhooks();
    StatusCode::NO_CONTENT
}

async fn fault(State(world): State<World>, body: Body<WebhookRule>) -> Result<StatusCode, ApiError> {
    Control::new(world).webhook_fault(read(body)?)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn keys(State(world): State<World>) -> Response {
    Json(json!({ "keys": Control::new(world).security_keys() })).into_response()
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKey {
    key: Option<String>,
}

async fn rotate(State(world): State<World>, body: super::http::RawBody) -> Result<Response, ApiError> {
    let NewKey { key } = read_or_default(body)?;
    Control::new(world.clone()).rotate_security_key(key.as_deref()).map_err(wrong)?;
    Ok(keys(State(world)).await)
}

async fn scenarios() -> Response {
    let all: Vec<_> = Scenario::ALL.iter().map(|it| json!({ "name": it.name(), "what": it.what() })).collect();
    Json(all).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Play {
    name: Scenario,
    order_id: Option<String>,
    times: Option<Times>,
}

async fn play(State(world): State<World>, body: Body<Play>) -> Result<Response, ApiError> {
    let Play { name, order_id, times } = read(body)?;
    let played = Control::new(world).play(name, order_id.as_deref(), times)?;
    Ok(Json(played).into_response())
}
