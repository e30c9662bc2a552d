//! The control plane over HTTP: routes only; what is told is read in [`super::read`], the work is done in [`super::handle`].

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    http::{Method, StatusCode, Uri, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{
    CancelOutcome, Control, authorize,
    body::Body,
    read, snapshot,
    takes::{self, Parameters},
    webhook_http,
};
use crate::{
    api::Answer,
    error::{ApiError, Code, Language},
    fault::{Rule, TooManyRules},
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
        .route("/payments/{payment_key}/finish-cancel", post(finish_cancel))
        .route("/clock", get(clock).post(set_clock))
        .route("/faults", get(faults).post(fault).delete(clear_faults))
        .route("/script-faults", post(script_fault))
        .route("/release", post(release))
        .merge(inspector::events())
        .merge(snapshot::routes())
        .merge(authorize::routes())
        .merge(webhook_http::routes())
        .route_layer(middleware::from_fn(takes::look))
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

pub(super) type Segment = Result<Path<String>, PathRejection>;

impl IntoResponse for ApiError {
    /// English: whoever sees it writes tests.
    fn into_response(self) -> Response {
        let answer = Answer::error(&self, Language::English);
        let json = [(header::CONTENT_TYPE, "application/json")];
        (answer.status, json, answer.body).into_response()
    }
}

/// A mistake in what was asked, with an English sentence that says how to do it right.
pub(super) fn bad_request(why: String) -> ApiError {
    ApiError::other(StatusCode::BAD_REQUEST, Code::INVALID_REQUEST.as_str(), why.clone(), why)
}

pub(super) fn segment(segment: Segment) -> Result<String, ApiError> {
    segment.map(|Path(text)| text).map_err(|_| Code::NOT_FOUND_PAYMENT.error())
}

/// Everything, or what belongs to one order or to one shop.
async fn reset(State(world): State<World>, uri: Uri) -> Result<StatusCode, ApiError> {
    let asked = Parameters::of(&uri);
    let control = Control::new(world);
    match asked.one_of("orderId", "clientKey")? {
        (None, None) => control.reset(),
        (Some(order_id), _) => control.reset_order(order_id),
        (None, Some(client_key)) => control.forget_shop(client_key)?,
    }
    Ok(StatusCode::NO_CONTENT)
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

async fn new_payment(State(world): State<World>, body: Body) -> Result<Response, ApiError> {
    let (new, amount) = read::new_payment(&body)?;
    let authenticated = new.authenticated;
    let control = Control::new(world);
    let made = control.make(new, amount, authenticated)?;
    let status = control.payment(&made.payment_key).map(|made| made.status);
    let answer = json!({
        "paymentKey": made.payment_key,
        "orderId": made.order_id,
        "amount": made.amount,
        "currency": made.amount.currency(),
        "status": status,
    });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

async fn approve(State(world): State<World>, payment_key: Segment, body: Body) -> Result<Response, ApiError> {
    let decline_at_confirm = body.fields(&["declineAtConfirm"])?.text("declineAtConfirm")?;
    let url = Control::new(world).act(&segment(payment_key)?, |payment, now| window::authenticate(payment, decline_at_confirm, now))?;
    Ok(redirect_url(url))
}

async fn cancel(State(world): State<World>, payment_key: Segment) -> Result<Response, ApiError> {
    let url = Control::new(world).act(&segment(payment_key)?, window::close)?;
    Ok(redirect_url(url))
}

async fn abort(State(world): State<World>, payment_key: Segment, body: Body) -> Result<Response, ApiError> {
    let code = match body.fields(&["code"])?.text("code")? {
        None => Code::PAY_PROCESS_ABORTED,
        Some(name) => Code::parse(&name).ok_or_else(|| {
            let why = format!("`code` must be an error code of Toss, such as \"REJECT_CARD_COMPANY\", not \"{name}\"");
            ApiError::other(StatusCode::BAD_REQUEST, Code::INVALID_TEST_CODE.as_str(), why.clone(), why)
        })?,
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

async fn refund(State(world): State<World>, payment_key: Segment, body: Body) -> Result<StatusCode, ApiError> {
    let (refund, amount) = read::refund(&body)?;
    Control::new(world).give_back(&segment(payment_key)?, amount, refund)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn finish_cancel(State(world): State<World>, payment_key: Segment, body: Body) -> Result<StatusCode, ApiError> {
    let outcome = body.fields(&["status"])?.word("status", CancelOutcome::ALL)?.unwrap_or_default();
    Control::new(world).end_cancel(&segment(payment_key)?, outcome)?;
    Ok(StatusCode::NO_CONTENT)
}

fn redirect_url(url: Option<String>) -> Response {
    Json(json!({ "redirectUrl": url })).into_response()
}

async fn clock(State(world): State<World>) -> Response {
    time(&world)
}

async fn set_clock(State(world): State<World>, body: Body) -> Result<Response, ApiError> {
    let mut fields = body.fields(&["running", "advanceMs"])?;
    let (running, advance_ms) = (fields.flag("running")?, fields.count("advanceMs")?);
    let control = Control::new(world.clone());
    match running {
        Some(true) => control.run_clock(),
        Some(false) => control.stop_clock(),
        None => {}
    }
    if let Some(ms) = advance_ms {
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

async fn fault(State(world): State<World>, body: Body) -> Result<StatusCode, ApiError> {
    let Rule { fault, scope, times } = read::rule(&body)?;
    let control = Control::new(world);
    control.refuse_unknown_shop(scope.client_key.as_deref())?;
    control.fault(fault, scope, times)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn script_fault(State(world): State<World>, body: Body) -> Result<StatusCode, ApiError> {
    let (fault, times) = read::script_rule(&body)?;
    Control::new(world).script_fault(fault, times)?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<TooManyRules> for ApiError {
    fn from(error: TooManyRules) -> Self {
        bad_request(error.to_string())
    }
}

async fn clear_faults(State(world): State<World>, uri: Uri) -> Result<StatusCode, ApiError> {
    let asked = Parameters::of(&uri);
    let control = Control::new(world);
    match asked.one_of("orderId", "clientKey")? {
        (None, None) => control.clear_faults(),
        (Some(order_id), _) => control.clear_faults_of(order_id),
        (None, Some(client_key)) => control.disarm_shop(client_key)?,
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn release(State(world): State<World>) -> StatusCode {
    Control::new(world).release_hung();
    StatusCode::NO_CONTENT
}
