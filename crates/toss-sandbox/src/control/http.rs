//! The control plane over HTTP: routes only; the work is done in [`super::handle`].

use std::time::Duration;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, JsonRejection, PathRejection},
    },
    http::{Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Control, NewPayment, OperatorRefund, authorize, snapshot, webhook_http};
use crate::{
    api::Answer,
    error::{ApiError, Code, Language},
    fault::{Rule, ScriptFault, Times, TooManyRules},
    inspector, window,
    world::World,
};

pub(crate) fn routes() -> Router<World> {
    Router::new()
        .route("/reset", post(reset))
        .route("/ledger", get(ledger))
        .route("/requests", get(requests))
        .route("/payments", get(payments).post(new_payment))
        .route("/payments/{payment_key}/approve", post(approve))
        .route("/payments/{payment_key}/cancel", post(cancel))
        .route("/payments/{payment_key}/abort", post(abort))
        .route("/payments/{payment_key}/deposit", post(deposit))
        .route("/payments/{payment_key}/reverse", post(reverse))
        .route("/payments/{payment_key}/expire", post(expire))
        .route("/payments/{payment_key}/refund", post(refund))
        .route("/clock", get(clock).post(set_clock))
        .route("/faults", get(faults).post(fault).delete(clear_faults))
        .route("/script-faults", post(script_fault))
        .route("/release", post(release))
        .merge(inspector::events())
        .merge(snapshot::routes())
        .merge(authorize::routes())
        .merge(webhook_http::routes())
        .method_not_allowed_fallback(wrong_method)
        .fallback(not_found)
}

async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    let why = format!("{} does not take {method}; the README of toss-sandbox lists the calls", uri.path());
    ApiError::other(StatusCode::NOT_FOUND, Code::NOT_FOUND_HTTP_METHOD.as_str(), why.clone(), why)
}

async fn not_found(uri: Uri) -> ApiError {
    let why = format!("there is no {} in the control API; the README of toss-sandbox lists the calls", uri.path());
    ApiError::other(StatusCode::NOT_FOUND, Code::NOT_FOUND.as_str(), why.clone(), why)
}

pub(super) type Body<T> = Result<Json<T>, JsonRejection>;
pub(super) type RawBody = Result<Bytes, BytesRejection>;
pub(super) type Segment = Result<Path<String>, PathRejection>;

impl IntoResponse for ApiError {
    /// English: whoever sees it writes tests.
    fn into_response(self) -> Response {
        let answer = Answer::error(&self, Language::English);
        let json = [(header::CONTENT_TYPE, "application/json")];
        (answer.status, json, answer.body).into_response()
    }
}

pub(super) fn bad_body(why: String) -> ApiError {
    ApiError::other(StatusCode::BAD_REQUEST, Code::INVALID_REQUEST.as_str(), why.clone(), why)
}

pub(super) fn read<T>(body: Body<T>) -> Result<T, ApiError> {
    body.map(|Json(value)| value).map_err(|rejection| bad_body(rejection.body_text()))
}

/// A body that may be left out.
pub(super) fn read_or_default<T: DeserializeOwned + Default>(body: RawBody) -> Result<T, ApiError> {
    let body = body.map_err(|rejection| bad_body(rejection.body_text()))?;
    if body.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(&body).map_err(|error| bad_body(error.to_string()))
}

pub(super) fn segment(segment: Segment) -> Result<String, ApiError> {
    segment.map(|Path(text)| text).map_err(|_| Code::NOT_FOUND_PAYMENT.error())
}

async fn reset(State(world): State<World>) -> StatusCode {
    Control::new(world).reset();
    StatusCode::NO_CONTENT
}

async fn ledger(State(world): State<World>) -> Response {
    Json(Control::new(world).ledger()).into_response()
}

async fn requests(State(world): State<World>) -> Response {
    Json(Control::new(world).requests()).into_response()
}

async fn payments(State(world): State<World>) -> Response {
    Json(Control::new(world).payments()).into_response()
}

async fn new_payment(State(world): State<World>, body: Body<NewPayment>) -> Result<Response, ApiError> {
    let new = read(body)?;
    let authenticated = new.authenticated;
    let control = Control::new(world);
    let made = control.make(new, authenticated)?;
    let status = control.payment(&made.payment_key).map(|made| made.status);
    let answer = json!({
        "paymentKey": made.payment_key,
        "orderId": made.order_id,
        "amount": made.amount,
        "status": status,
    });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Approval {
    decline_at_confirm: Option<String>,
}

async fn approve(State(world): State<World>, payment_key: Segment, body: RawBody) -> Result<Response, ApiError> {
    let Approval { decline_at_confirm } = read_or_default(body)?;
    let url = Control::new(world).act(&segment(payment_key)?, |payment, now| window::authenticate(payment, decline_at_confirm, now))?;
    Ok(redirect_url(url))
}

async fn cancel(State(world): State<World>, payment_key: Segment) -> Result<Response, ApiError> {
    let url = Control::new(world).act(&segment(payment_key)?, window::close)?;
    Ok(redirect_url(url))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Abortion {
    code: Option<String>,
}

async fn abort(State(world): State<World>, payment_key: Segment, body: RawBody) -> Result<Response, ApiError> {
    let Abortion { code } = read_or_default(body)?;
    let code = match code {
        None => Code::PAY_PROCESS_ABORTED,
        Some(name) => Code::parse(&name).ok_or(Code::INVALID_TEST_CODE)?,
    };
    let url = Control::new(world).act(&segment(payment_key)?, |payment, now| window::refuse(payment, code, now))?;
    Ok(redirect_url(url))
}

async fn deposit(State(world): State<World>, payment_key: Segment) -> Result<StatusCode, ApiError> {
    Control::new(world).pay_in(&segment(payment_key)?)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn reverse(State(world): State<World>, payment_key: Segment) -> Result<StatusCode, ApiError> {
    Control::new(world).take_back(&segment(payment_key)?)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn expire(State(world): State<World>, payment_key: Segment) -> Result<StatusCode, ApiError> {
    Control::new(world).end(&segment(payment_key)?)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn refund(State(world): State<World>, payment_key: Segment, body: RawBody) -> Result<StatusCode, ApiError> {
    let refund: OperatorRefund = read_or_default(body)?;
    Control::new(world).give_back(&segment(payment_key)?, refund)?;
    Ok(StatusCode::NO_CONTENT)
}

fn redirect_url(url: Option<String>) -> Response {
    Json(json!({ "redirectUrl": url })).into_response()
}

async fn clock(State(world): State<World>) -> Response {
    time(&world)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockChange {
    running: Option<bool>,
    advance_ms: Option<u64>,
}

async fn set_clock(State(world): State<World>, body: Body<ClockChange>) -> Result<Response, ApiError> {
    let change = read(body)?;
    let control = Control::new(world.clone());
    match change.running {
        Some(true) => control.run_clock(),
        Some(false) => control.stop_clock(),
        None => {}
    }
    if let Some(ms) = change.advance_ms {
        control.advance(Duration::from_millis(ms));
    }
    Ok(time(&world))
}

fn time(world: &World) -> Response {
    Json(clock_json(world)).into_response()
}

pub(super) fn clock_json(world: &World) -> Value {
    let clock = world.clock();
    json!({ "nowMs": clock.now(), "running": clock.is_running() })
}

async fn faults(State(world): State<World>) -> Response {
    Json(faults_json(&Control::new(world))).into_response()
}

pub(super) fn faults_json(control: &Control) -> Value {
    let (faults, script_faults) = control.faults();
    let script_faults: Vec<_> = script_faults.into_iter().map(|(fault, times)| json!({ "fault": fault, "times": times })).collect();
    json!({ "faults": faults, "scriptFaults": script_faults, "webhookFaults": control.webhook_faults() })
}

async fn fault(State(world): State<World>, body: Body<Rule>) -> Result<StatusCode, ApiError> {
    let Rule { fault, scope, times } = read(body)?;
    Control::new(world).fault(fault, scope, times)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptRule {
    fault: ScriptFault,
    #[serde(default)]
    times: Times,
}

async fn script_fault(State(world): State<World>, body: Body<ScriptRule>) -> Result<StatusCode, ApiError> {
    let ScriptRule { fault, times } = read(body)?;
    Control::new(world).script_fault(fault, times)?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<TooManyRules> for ApiError {
    fn from(error: TooManyRules) -> Self {
        bad_body(error.to_string())
    }
}

async fn clear_faults(State(world): State<World>) -> StatusCode {
    Control::new(world).clear_faults();
    StatusCode::NO_CONTENT
}

async fn release(State(world): State<World>) -> StatusCode {
    Control::new(world).release_hung();
    StatusCode::NO_CONTENT
}
