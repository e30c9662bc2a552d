//! One confirm for all who bring a payment back, and `POST /confirm`, the way in for shops with a front end of their own.

use super::context::Context;
use super::problem::problem;
use super::visit::Visit;
use crate::domain::failure::ShopCode;
use crate::view::api_error::ApiError;
use crate::view::confirmed::Confirmed;
use crate::view::order::DeclineView;
use axum::Json;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use payment_engine::order::State as OrderState;
use payment_engine::{BadReturn, ConfirmError, OrderRecord, Returned};
use serde::Deserialize;
use std::time::Duration;

/// How long a program that posts to `/confirm` is kept waiting. Longer than Toss ever takes.
const PROGRAM_PATIENCE: Duration = Duration::from_secs(70);

/// What came back, as this shop takes it: it sells for won, which are never written with a point.
///
/// # Errors
/// [`BadReturn`] with the first parameter that is missing or malformed.
pub fn parse_returned(order_id: Option<&str>, payment_key: Option<&str>, amount: Option<&str>) -> Result<Returned, BadReturn> {
    Returned::parse(order_id, payment_key, amount.filter(|amount| !amount.contains('.')))
}

/// What came of a payment that was brought back.
pub struct Confirmation {
    /// For the shopper.
    pub answer: Confirmed,
    /// The order, where this payment is one of its own.
    pub record: Option<OrderRecord>,
}

/// Confirms within `patience`, and says what that means for the shopper.
///
/// # Errors
/// [`ApiError::Unavailable`] when the store fails or too many payments come back; Toss has not been called then, and the same
/// may be asked again.
pub async fn confirm(ctx: &Context, returned: Returned, patience: Duration) -> Result<Confirmation, ApiError> {
    let order_id = returned.order_id.clone();
    let refused = |code| Ok(Confirmation { answer: Confirmed::Refused(code), record: None });
    match ctx.engine.confirm(returned, patience).await {
        Ok(record) => Ok(Confirmation { answer: answer(ctx, &record), record: Some(record) }),
        Err(ConfirmError::Slow) => Ok(Confirmation { answer: Confirmed::Queued, record: None }),
        Err(ConfirmError::NoSuchOrder) => refused(ShopCode::OrderNotFound),
        Err(ConfirmError::AmountMismatch) => refused(ShopCode::AmountMismatch),
        Err(ConfirmError::PaymentMismatch | ConfirmError::PaidOtherwise(_)) => refused(ShopCode::PaymentMismatch),
        Err(ConfirmError::Expired(_)) => refused(ShopCode::OrderExpired),
        Err(ConfirmError::TooManyAttempts(_)) => refused(ShopCode::TooManyAttempts),
        Err(ConfirmError::SoldOut(_)) => refused(ShopCode::SoldOut),
        Err(ConfirmError::Busy) => {
            tracing::warn!(%order_id, "too many payments come back at once; this one has to come again");
            Err(ApiError::Unavailable)
        }
        Err(ConfirmError::Store(error)) => {
            tracing::error!(%order_id, %error, "a returned payment could not be confirmed");
            Err(ApiError::Unavailable)
        }
    }
}

fn answer(ctx: &Context, record: &OrderRecord) -> Confirmed {
    if ctx.engine.is_undecided(record) {
        return Confirmed::InDoubt;
    }
    match &record.state {
        OrderState::Paid { .. } => Confirmed::Paid,
        OrderState::AwaitingDeposit { .. } => Confirmed::AwaitingDeposit,
        OrderState::Declined { decline, .. } => {
            Confirmed::Declined(DeclineView { code: decline.code.clone(), message: decline.message.clone() })
        }
        OrderState::Expired { .. } => Confirmed::Refused(ShopCode::OrderExpired),
        OrderState::Open | OrderState::Confirming { .. } | OrderState::InDoubt { .. } => Confirmed::InDoubt,
    }
}

/// The body of `POST /confirm`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmBody {
    order_id: Option<String>,
    payment_key: Option<String>,
    amount: Option<AmountField>,
}

/// A number, or the digits that came in the query of `successUrl`.
#[derive(Deserialize)]
#[serde(untagged)]
enum AmountField {
    Number(i64),
    Text(String),
}

impl AmountField {
    fn into_text(self) -> String {
        match self {
            AmountField::Number(number) => number.to_string(),
            AmountField::Text(text) => text,
        }
    }
}

/// JSON or a form, whichever the request says it is.
pub struct JsonOrForm(ConfirmBody);

impl FromRequest<Context> for JsonOrForm {
    type Rejection = Response;

    async fn from_request(request: Request, ctx: &Context) -> Result<JsonOrForm, Response> {
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        // Toss knows 400 for all that cannot be read.
        let unreadable = || problem(StatusCode::BAD_REQUEST, "INVALID_REQUEST", "send orderId, paymentKey and amount as JSON or as a form");
        if is_form {
            let form = Form::<ConfirmBody>::from_request(request, ctx).await;
            form.map(|Form(body)| JsonOrForm(body)).map_err(|_: FormRejection| unreadable())
        } else {
            let json = Json::<ConfirmBody>::from_request(request, ctx).await;
            json.map(|Json(body)| JsonOrForm(body)).map_err(|_: JsonRejection| unreadable())
        }
    }
}

/// Who asks, as far as it decides what they are told.
enum Caller {
    /// A program that knows the key.
    Program,
    /// Whoever has the success URL, a browser or not.
    Browser,
}

/// `POST /confirm`: the same confirm as `/success`, for shops with a front end of their own. Answers with Toss's status
/// and body, to who may see them.
pub async fn post(State(ctx): State<Context>, visit: Visit, headers: HeaderMap, JsonOrForm(body): JsonOrForm) -> Response {
    let caller = match caller(&ctx, &headers) {
        Ok(caller) => caller,
        Err((status, code, message)) => return problem(status, code, message),
    };
    let amount = body.amount.map(AmountField::into_text);
    let returned = match parse_returned(body.order_id.as_deref(), body.payment_key.as_deref(), amount.as_deref()) {
        Ok(returned) => returned,
        Err(error) => return problem(StatusCode::BAD_REQUEST, "INVALID_REQUEST", &error.to_string()),
    };
    let confirmation = match confirm(&ctx, returned, PROGRAM_PATIENCE).await {
        Ok(confirmation) => confirmation,
        Err(_) => return store_unavailable("the order could not be read or written; nothing was sent to Toss, try again"),
    };
    match (confirmation.answer, confirmation.record) {
        (Confirmed::Paid | Confirmed::AwaitingDeposit, Some(record)) => {
            let may_see_all = matches!(caller, Caller::Program) || visit.owns(&ctx, &record.order);
            if may_see_all { all_of(&ctx, &record).await } else { charged(&record) }
        }
        (Confirmed::Declined(decline), record) => {
            let status = record.and_then(|record| declined_with(&record)).unwrap_or(StatusCode::BAD_REQUEST);
            problem(status, &decline.code, &decline.message)
        }
        (Confirmed::Refused(code), _) => refused(code),
        (Confirmed::InDoubt | Confirmed::Queued | Confirmed::Paid | Confirmed::AwaitingDeposit, _) => {
            // Not a 2xx, which front ends take for paid; Toss's own 409 says the same of a request that is still running.
            let message = "Toss has not said yet whether it charged; do not pay again, post the same once more to learn the outcome";
            problem(StatusCode::CONFLICT, "CONFIRM_IN_DOUBT", message)
        }
    }
}

/// Or status, code and message of what they are told instead.
fn caller(ctx: &Context, headers: &HeaderMap) -> Result<Caller, (StatusCode, &'static str, &'static str)> {
    let presented = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    let bearer = presented.and_then(|value| value.strip_prefix(b"Bearer ".as_slice()));
    match (&ctx.config.http.confirm_api_key, presented) {
        (Some(key), Some(_)) if bearer.is_some_and(|presented| key.matches(presented)) => Ok(Caller::Program),
        (_, Some(_)) => Err((StatusCode::UNAUTHORIZED, "UNAUTHORIZED_KEY", "the key in Authorization is not CONFIRM_API_KEY")),
        (Some(_), None) if ctx.config.is_live() => {
            Err((StatusCode::UNAUTHORIZED, "UNAUTHORIZED_KEY", "send CONFIRM_API_KEY as Authorization: Bearer"))
        }
        (None, None) if ctx.config.is_live() => {
            Err((StatusCode::NOT_FOUND, "NOT_FOUND", "POST /confirm is off with live keys until CONFIRM_API_KEY is set"))
        }
        (_, None) => Ok(Caller::Browser),
    }
}

fn refused(code: ShopCode) -> Response {
    let (status, message) = match code {
        ShopCode::InvalidReturn => (StatusCode::BAD_REQUEST, "a parameter is missing or malformed"),
        ShopCode::OrderNotFound => (StatusCode::NOT_FOUND, "no such order"),
        ShopCode::AmountMismatch => (StatusCode::BAD_REQUEST, "the amount is not the order's"),
        ShopCode::PaymentMismatch => (StatusCode::CONFLICT, "the payment is another order's, or the order is paid by another payment"),
        ShopCode::OrderExpired => (StatusCode::CONFLICT, "the order has expired or was replaced by a newer one"),
        ShopCode::TooManyAttempts => (StatusCode::TOO_MANY_REQUESTS, "too many payments of this order have been tried"),
        ShopCode::SoldOut => (StatusCode::CONFLICT, "what was ordered is sold out by now"),
    };
    problem(status, code.code(), message)
}

/// Toss's status, also where a look-up said so, whose body is a payment and no error.
fn declined_with(record: &OrderRecord) -> Option<StatusCode> {
    match &record.state {
        OrderState::Declined { decline, .. } => StatusCode::from_u16(decline.status).ok(),
        OrderState::Open
        | OrderState::Confirming { .. }
        | OrderState::InDoubt { .. }
        | OrderState::AwaitingDeposit { .. }
        | OrderState::Paid { .. }
        | OrderState::Expired { .. } => None,
    }
}

fn store_unavailable(message: &str) -> Response {
    ([(header::RETRY_AFTER, "5")], problem(StatusCode::SERVICE_UNAVAILABLE, "STORE_UNAVAILABLE", message)).into_response()
}

/// The whole Payment, which has a masked card, a phone number and an account in it.
async fn all_of(ctx: &Context, record: &OrderRecord) -> Response {
    let answer = match ctx.engine.toss_answer(&record.order.id).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(order_id = %record.order.id, %error, "Toss's answer to a confirm could not be read");
            return store_unavailable("the payment is stored, and Toss's answer could not be read; post the same once more");
        }
    };
    let Some(mut payment) = answer.as_deref().and_then(without_secret) else {
        tracing::error!(order_id = %record.order.id, "an outcome was stored without Toss's answer");
        return problem(StatusCode::INTERNAL_SERVER_ERROR, "NO_ANSWER", "the outcome was stored without Toss's answer");
    };
    with_account(&mut payment, &record.state);
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], payment.to_string()).into_response()
}

/// Whoever has the success URL knows what it says, and learns what became of it.
fn charged(record: &OrderRecord) -> Response {
    let status = if matches!(record.state, OrderState::Paid { .. }) { "DONE" } else { "WAITING_FOR_DEPOSIT" };
    let total = &record.order.total;
    // Exact also where it has decimals, which as a number of JSON would be a float to most readers.
    let amount = total.as_won().map_or_else(|| total.amount().to_string().into(), |won| serde_json::Value::from(won.get()));
    Json(serde_json::json!({ "orderId": record.order.id, "status": status, "totalAmount": amount })).into_response()
}

/// The account that is to be paid into is not kept in Toss's body; the order has it.
fn with_account(payment: &mut serde_json::Value, state: &OrderState) {
    let account = match state {
        OrderState::AwaitingDeposit { account, .. } => account,
        OrderState::Paid { deposit: Some(deposit), .. } => &deposit.account,
        OrderState::Open
        | OrderState::Confirming { .. }
        | OrderState::InDoubt { .. }
        | OrderState::Declined { .. }
        | OrderState::Paid { deposit: None, .. }
        | OrderState::Expired { .. } => return,
    };
    if let Some(fields) = payment.get_mut("virtualAccount").and_then(serde_json::Value::as_object_mut) {
        for (name, value) in [("accountNumber", &account.account_number), ("customerName", &account.holder)] {
            fields.insert(name.to_owned(), value.clone().into());
        }
    }
}

/// Toss's body, less the `secret` by which the shop tells real deposit notices from forged ones (Toss docs, webhooks): it
/// is nobody else's business. `None` of what cannot be read, in which nobody knows where a secret is.
#[must_use]
pub fn without_secret(body: &str) -> Option<serde_json::Value> {
    let serde_json::Value::Object(mut payment) = serde_json::from_str(body).ok()? else { return None };
    if let Some(secret) = payment.get_mut("secret") {
        *secret = serde_json::Value::Null;
    }
    Some(serde_json::Value::Object(payment))
}
