//! The core API (Toss docs /reference). A call passes the same stages whichever it is, see [`pipeline`]; an endpoint is
//! one [`work::Work`].

mod auth;
mod billing;
mod brandpay;
mod call;
mod cancel;
mod cash_receipts;
mod confirm;
mod falsify;
mod fields;
mod held;
mod input;
mod key_in;
mod lookup;
mod pipeline;
mod promotions;
mod settlements;
mod transactions;
mod virtual_account;
mod wire;
mod work;

use axum::{
    Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, post},
};
use serde::{Deserialize, Serialize};

use call::Call;
use input::Input;
use pipeline::run;

use crate::{
    endpoint::Endpoint,
    error::{ApiError, Code, Language, status_number},
    server::Line,
    world::World,
};

/// A finished answer: what is sent, and what is bound to an idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    #[serde(with = "status_number")]
    pub(crate) status: StatusCode,
    #[serde(with = "text")]
    pub(crate) body: Bytes,
}

/// A body in the state file: every answer is JSON or nothing.
mod text {
    use axum::body::Bytes;
    use serde::{Deserialize, Deserializer, Serializer, ser::Error};

    pub(super) fn serialize<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(body).map_err(S::Error::custom)?)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        String::deserialize(deserializer).map(Bytes::from)
    }
}

impl Answer {
    /// 200 with `body` as JSON, its fields in the order of their declaration.
    fn json(body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("invariant: bodies have string keys only");
        Self { status: StatusCode::OK, body: body.into() }
    }

    /// 200 without a body.
    fn empty() -> Self {
        Self { status: StatusCode::OK, body: Bytes::new() }
    }

    pub(crate) fn error(error: &ApiError, language: Language) -> Self {
        Self { status: error.status, body: error.body(language).into() }
    }
}

pub(crate) type ReadBody = Result<Bytes, BytesRejection>;

/// Every call of the core API.
pub(crate) fn routes() -> Router<World> {
    Endpoint::ALL.iter().fold(Router::new(), |router, endpoint| router.route(endpoint.path(), handler(*endpoint)))
}

fn handler(endpoint: Endpoint) -> MethodRouter<World> {
    match endpoint {
        Endpoint::Confirm => post(run::<confirm::Confirm>),
        Endpoint::Lookup => get(run::<lookup::Lookup>),
        Endpoint::LookupByOrder => get(run::<lookup::LookupByOrder>),
        Endpoint::Cancel => post(run::<cancel::Cancel>),
        Endpoint::KeyIn => post(run::<key_in::KeyIn>),
        Endpoint::VirtualAccount => post(run::<virtual_account::Issue>),
        Endpoint::BillingIssue => post(run::<billing::Issue>),
        Endpoint::BillingIssueByCard => post(run::<billing::IssueByCard>),
        Endpoint::BillingCharge => post(run::<billing::Charge>),
        Endpoint::BillingDelete => delete(run::<billing::Delete>),
        Endpoint::Transactions => get(run::<transactions::Transactions>),
        Endpoint::Settlements => get(run::<settlements::Settlements>),
        Endpoint::SettleByHand => post(run::<settlements::SettleByHand>),
        Endpoint::CashReceiptIssue => post(run::<cash_receipts::Issue>),
        Endpoint::CashReceiptCancel => post(run::<cash_receipts::Cancel>),
        Endpoint::CashReceipts => get(run::<cash_receipts::List>),
        Endpoint::Promotions => get(run::<promotions::All>),
        Endpoint::CardPromotions => get(run::<promotions::OfCards>),
        Endpoint::BrandpayToken => post(run::<brandpay::Token>),
        Endpoint::BrandpayConfirm => post(run::<brandpay::BrandpayConfirm>),
    }
}

/// A path that does not exist: 404 with an error body.
pub(crate) async fn not_found(
    State(world): State<World>,
    line: axum::Extension<Line>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: ReadBody,
) -> Response {
    refuse_route(world, line, method, uri, headers, body, Code::NOT_FOUND).await
}

/// A path that exists with another method: 404, not 405 (Toss docs /reference/error-codes). Preflights are answered.
pub(crate) async fn wrong_method(
    State(world): State<World>,
    line: axum::Extension<Line>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: ReadBody,
) -> Response {
    if method == Method::OPTIONS && uri.path().starts_with("/v1/") {
        return preflight().await;
    }
    let code = Code::NOT_FOUND_HTTP_METHOD;
    refuse_route(world, line, method, uri, headers, body, code).await
}

async fn refuse_route(
    world: World,
    axum::Extension(line): axum::Extension<Line>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: ReadBody,
    code: Code,
) -> Response {
    if uri.path().starts_with("/v1/") {
        let call = Call::begin(world, line, &method, &uri, &headers, &body);
        return call.refuse(code.error());
    }
    let answer = Answer::error(&code.error(), call::language(&headers));
    (answer.status, [(header::CONTENT_TYPE, "application/json")], answer.body).into_response()
}

/// Lets pages of other origins call: the browser script needs it, and Toss's API answers preflights too.
pub(crate) async fn preflight() -> Response {
    (
        StatusCode::NO_CONTENT,
        [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE, OPTIONS"),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "authorization, content-type, accept-language, idempotency-key, tosspayments-test-code, tosspayments-mid",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ],
    )
        .into_response()
}
