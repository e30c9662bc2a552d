//! What there is at one moment, for whoever draws it: everything that is new, one payment, one request.

use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use serde_json::json;

use super::{
    Control, Scenario,
    http::{Segment, bad_request, clock_json, faults_json, segment},
    takes::Parameters,
};
use crate::{
    config::{API_CLIENT_KEY, API_SECRET_KEY, SECRET_KEY},
    endpoint::Endpoint,
    error::{ApiError, Code},
    magic::{MAGIC_WORDS, MagicWord},
    method::Method,
    records::{BodyCopy, Charge, PaymentView, RequestRecord},
    webhook::WebhookRecord,
    world::World,
};

pub(super) fn routes() -> Router<World> {
    Router::new()
        .route("/about", get(about))
        .route("/state", get(state))
        .route("/payments/{payment_key}", get(payment))
        .route("/requests/{number}", get(request))
}

/// So many entries of each kind, if not said.
const USUAL_LIMIT: usize = 200;
const MAX_LIMIT: usize = 1_000;

/// The newest of everything, oldest first; with `find` only what has that text in its order or path.
async fn state(State(world): State<World>, uri: Uri) -> Result<Response, ApiError> {
    let asked = Parameters::of(&uri);
    let limit = match asked.get("limit") {
        None => USUAL_LIMIT,
        Some(text) => text.parse().map_err(|_| bad_request(format!("the parameter `limit` must be a whole number, not {text}")))?,
    };
    let limit = limit.min(MAX_LIMIT);
    let find = asked.get("find").unwrap_or_default();
    let has = |text: &str| text.contains(find);
    let is_about = |order_id: Option<&str>| order_id.map_or(find.is_empty(), has);
    let control = Control::new(world.clone());
    let mut moment = control.look(|view| {
        let payments = view.newest_payments(limit, |it| has(&it.order.order_id) || has(&it.order.order_name) || has(&it.payment_key));
        json!({
            "payments": payments.iter().rev().collect::<Vec<_>>(),
            "ledger": newest(view.ledger(), limit, |it| has(&it.order_id)),
            "requests": newest(view.requests(), limit, |it| is_about(it.order_id.as_deref()) || has(&it.path)),
            "webhooks": newest(view.webhooks(), limit, |it| is_about(it.order_id.as_deref())),
            "hung": view.hung(),
        })
    });
    moment["clock"] = clock_json(&world);
    moment["faults"] = faults_json(&control);
    moment["registrations"] = json!(control.registrations());
    Ok(Json(moment).into_response())
}

fn newest<'a, T>(entries: impl DoubleEndedIterator<Item = &'a T>, limit: usize, wanted: impl Fn(&T) -> bool) -> Vec<&'a T> {
    let mut newest: Vec<_> = entries.rev().filter(|entry| wanted(entry)).take(limit).collect();
    newest.reverse();
    newest
}

/// A payment and everything that belongs to its order, oldest first.
#[derive(Serialize)]
struct Whole {
    payment: PaymentView,
    ledger: Vec<Charge>,
    requests: Vec<RequestRecord>,
    webhooks: Vec<WebhookRecord>,
}

async fn payment(State(world): State<World>, payment_key: Segment) -> Result<Response, ApiError> {
    let payment_key = segment(payment_key)?;
    let whole = Control::new(world).look(|view| {
        let payment = view.payment(&payment_key)?;
        let order_id = &payment.order_id;
        let is_about = |it: &Option<String>| it.as_ref() == Some(order_id);
        Some(Whole {
            ledger: newest(view.ledger(), MAX_LIMIT, |it| it.payment_key == payment_key).into_iter().cloned().collect(),
            requests: newest(view.requests(), MAX_LIMIT, |it| is_about(&it.order_id)).into_iter().cloned().collect(),
            webhooks: newest(view.webhooks(), MAX_LIMIT, |it| is_about(&it.order_id)).into_iter().cloned().collect(),
            payment,
        })
    });
    Ok(Json(whole.ok_or(Code::NOT_FOUND_PAYMENT)?).into_response())
}

/// A request with its bodies.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InFull<'a> {
    #[serde(flatten)]
    record: &'a RequestRecord,
    request_body: &'a BodyCopy,
    answer_body: Option<&'a BodyCopy>,
}

async fn request(State(world): State<World>, number: Result<Path<u64>, PathRejection>) -> Result<Response, ApiError> {
    let Path(number) = number.map_err(|_| bad_request("a request is named by its number, as in /requests/0".to_owned()))?;
    let found = Control::new(world).look(|view| {
        let record = view.state().requests.get(number)?;
        Some(Json(InFull { record, request_body: &record.request, answer_body: record.answer.as_ref() }).into_response())
    });
    let unknown = || format!("there is no request number {number}, or it has been forgotten; /requests lists them");
    found.ok_or_else(|| ApiError::other(StatusCode::NOT_FOUND, "NOT_FOUND", unknown(), unknown()))
}

/// What a shop has to know to speak to this sandbox, and what can be asked of it.
async fn about(State(world): State<World>) -> Response {
    // The configured pair stands first. A secret key that somebody has brought is not for showing around.
    let merchant = world.merchants().first();
    let secret_key = merchant.map(|it| it.secret_key.as_str()).filter(|key| *key == SECRET_KEY);
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "url": world.origin(),
        "clientKey": merchant.map(|it| it.client_key.as_str()),
        "secretKey": secret_key,
        "apiClientKey": API_CLIENT_KEY,
        "apiSecretKey": API_SECRET_KEY,
        "endpoints": Endpoint::ALL,
        "methods": Method::ALL,
        "magicWords": MAGIC_WORDS.iter().map(|MagicWord { word, what, .. }| json!({ "word": word, "what": what })).collect::<Vec<_>>(),
        "scenarios": Scenario::ALL.iter().map(|it| json!({ "name": it.name(), "what": it.what() })).collect::<Vec<_>>(),
    }))
    .into_response()
}
