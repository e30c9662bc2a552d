//! The routes of [`super::webhooks`] and of the scenarios.

use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use super::{Control, Scenario, body::Body, http::bad_request, read};
use crate::{error::ApiError, world::World};

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
    bad_request(error.to_string())
}

async fn log(State(world): State<World>) -> Response {
    Json(Control::new(world).webhooks()).into_response()
}

async fn resend(State(world): State<World>, number: Result<Path<u64>, PathRejection>) -> Result<StatusCode, ApiError> {
    let Path(number) = number.map_err(|_| bad_request("a webhook is named by its number, as in /webhooks/0/resend".to_owned()))?;
    Control::new(world).resend_webhook(number).map_err(wrong)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn send(State(world): State<World>, body: Body) -> Result<StatusCode, ApiError> {
    Control::new(world).send_event(read::event(&body)?);
    Ok(StatusCode::NO_CONTENT)
}

async fn registrations(State(world): State<World>) -> Response {
    Json(Control::new(world).registrations()).into_response()
}

async fn register(State(world): State<World>, body: Body) -> Result<StatusCode, ApiError> {
    Control::new(world).register_webhook(&read::registration(&body)?).map_err(wrong)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unregister(State(world): State<World>) -> StatusCode {
    Control::new(world).unregister_webhooks();
    StatusCode::NO_CONTENT
}

async fn fault(State(world): State<World>, body: Body) -> Result<StatusCode, ApiError> {
    let rule = read::webhook_rule(&body)?;
    let control = Control::new(world);
    control.refuse_unknown_shop(rule.client_key.as_deref())?;
    control.webhook_fault(rule)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn keys(State(world): State<World>) -> Response {
    Json(json!({ "keys": Control::new(world).security_keys() })).into_response()
}

async fn rotate(State(world): State<World>, body: Body) -> Result<Response, ApiError> {
    let key = body.fields(&["key"])?.text("key")?;
    Control::new(world.clone()).rotate_security_key(key.as_deref()).map_err(wrong)?;
    Ok(keys(State(world)).await)
}

async fn scenarios() -> Response {
    let all: Vec<_> = Scenario::ALL.iter().map(|it| json!({ "name": it.name(), "what": it.what() })).collect();
    Json(all).into_response()
}

async fn play(State(world): State<World>, body: Body) -> Result<Response, ApiError> {
    let mut fields = body.fields(&["name", "orderId", "clientKey", "times"])?;
    let name = fields.required_word("name", Scenario::ALL)?;
    let (order_id, client_key) = (fields.text("orderId")?, fields.text("clientKey")?);
    let control = Control::new(world);
    control.refuse_unknown_shop(client_key.as_deref())?;
    let played = control.set(name, order_id.as_deref(), client_key.as_deref(), read::times(&mut fields)?)?;
    Ok(Json(played).into_response())
}
