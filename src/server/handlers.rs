//! What each page and the plain HTTP endpoints do, in a few lines each; the work is done in `flow`.

use super::context::Context;
use super::flow::confirm::{BadReturn, ConfirmError, Returned, confirm_within};
use super::render;
use super::store::OrderRecord;
use super::views;
use super::visit::{KIND_COOKIE, Visit, WITNESS_COOKIE, set_cookie};
use crate::domain::failure::ShopCode;
use crate::domain::order::OrderId;
use crate::domain::routes;
use crate::domain::step::State as OrderState;
use crate::pages::{CustomerKind, FailView, Page};
use axum::Json;
use axum::extract::rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Form, FromRequest, Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::time::Duration;

/// How long a shopper looks at a blank tab for an answer of Toss before the page says that it is being checked.
const SHOPPER_PATIENCE: Duration = Duration::from_millis(2_500);
/// How long a program that posts to `/confirm` is kept waiting. Longer than Toss ever takes.
const PROGRAM_PATIENCE: Duration = Duration::from_secs(70);

const HOUR_S: u32 = 3_600;
const DAY_S: u32 = 86_400;

/// `GET /`
pub async fn home() -> Redirect {
    Redirect::to(routes::CHECKOUT)
}

/// The parameters of `GET /checkout`.
#[derive(Deserialize)]
pub struct CheckoutQuery {
    #[serde(rename = "as")]
    kind: Option<String>,
}

/// `GET /checkout`
pub async fn checkout(State(ctx): State<Context>, mut visit: Visit, query: Result<Query<CheckoutQuery>, QueryRejection>) -> Response {
    let asked = query.ok().and_then(|Query(query)| query.kind).and_then(|code| CustomerKind::from_code(&code));
    let kind = asked.unwrap_or(visit.kind);
    let remember = asked.map(|kind| (header::SET_COOKIE, set_cookie(&ctx, KIND_COOKIE, kind.code(), DAY_S)));
    let path = format!("{}?as={}", routes::CHECKOUT, kind.code());
    let (session, set_cookie) = match visit.session.clone() {
        Some(session) => (session, None),
        None => {
            let session = ctx.sessions.create();
            let set_cookie = ctx.sessions.set_cookie(&session);
            visit.session = Some(session.clone());
            (session, Some((header::SET_COOKIE, set_cookie)))
        }
    };
    match visit.last_order(&ctx).await {
        // What may have been paid is not offered for sale again.
        Ok(Some(last)) if last.state.in_doubt().is_some() => Redirect::to(&routes::order(&last.order.id)).into_response(),
        Ok(last) => {
            let view = views::checkout(&ctx, &visit, &session, kind, last);
            let page = render::page(&ctx, &visit, &path, StatusCode::OK, Page::Checkout(view)).await;
            (AppendHeaders(set_cookie), AppendHeaders(remember), page).into_response()
        }
        Err(error) => unavailable(&ctx, &visit, &path, &error).await,
    }
}

/// What Toss puts behind `successUrl` (Toss docs, redirect URLs). `paymentType` comes too and decides nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SuccessQuery {
    order_id: Option<String>,
    payment_key: Option<String>,
    amount: Option<String>,
}

/// `GET /success`
pub async fn success(State(ctx): State<Context>, visit: Visit, query: Result<Query<SuccessQuery>, QueryRejection>) -> Response {
    let Ok(Query(query)) = query else { return fail_redirect(ShopCode::InvalidReturn, None) };
    let returned = match Returned::parse(query.order_id.as_deref(), query.payment_key.as_deref(), query.amount.as_deref()) {
        Ok(returned) => returned,
        Err(BadReturn(parameter)) => {
            tracing::warn!(parameter, "a browser came back with a parameter missing or malformed");
            return fail_redirect(ShopCode::InvalidReturn, None);
        }
    };
    let order_id = returned.order_id.clone();
    match confirm_within(&ctx, returned, SHOPPER_PATIENCE).await {
        Ok(record) => to_order(&ctx, &visit, &record),
        Err(ConfirmError::PaidOtherwise(record)) => to_order(&ctx, &visit, &record),
        Err(ConfirmError::UnknownOrder) => fail_redirect(ShopCode::OrderNotFound, None),
        Err(ConfirmError::AmountMismatch) => fail_redirect(ShopCode::AmountMismatch, Some(&order_id)),
        Err(ConfirmError::PaymentMismatch) => fail_redirect(ShopCode::PaymentMismatch, Some(&order_id)),
        Err(ConfirmError::Store(error)) => unavailable(&ctx, &visit, routes::SUCCESS, &error).await,
    }
}

/// To the receipt. A browser that did not place the order but came back with its payment gets to know how it stands.
fn to_order(ctx: &Context, visit: &Visit, record: &OrderRecord) -> Response {
    let id = &record.order.id;
    let witness =
        (!visit.owns(ctx, &record.order)).then(|| (header::SET_COOKIE, set_cookie(ctx, WITNESS_COOKIE, &ctx.sessions.witness(id), HOUR_S)));
    (AppendHeaders(witness), Redirect::to(&routes::order(id))).into_response()
}

fn fail_redirect(code: ShopCode, order_id: Option<&OrderId>) -> Response {
    let order = order_id.map(|id| format!("&orderId={id}")).unwrap_or_default();
    Redirect::to(&format!("{}?code={}{order}", routes::FAIL, code.code())).into_response()
}

/// What Toss puts behind `failUrl` (Toss docs, redirect URLs); `orderId` is absent after a cancel.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailQuery {
    code: Option<String>,
    message: Option<String>,
    order_id: Option<String>,
}

/// `GET /fail`
pub async fn fail(State(ctx): State<Context>, visit: Visit, query: Result<Query<FailQuery>, QueryRejection>) -> Response {
    let query = query.map_or(FailQuery { code: None, message: None, order_id: None }, |Query(query)| query);
    let view = FailView::new(visit.lang, query.code.as_deref(), query.message.as_deref(), query.order_id.as_deref());
    // Anybody can write an address. One that says "failed" about an order that is paid, or may be, is not repeated.
    if let Some(id) = &view.order_id {
        match ctx.store.order(id).await {
            Ok(Some(record)) if !record.state.is_payable() && visit.owns(&ctx, &record.order) => {
                return Redirect::to(&routes::order(id)).into_response();
            }
            Ok(_) => {}
            Err(error) => return unavailable(&ctx, &visit, routes::FAIL, &error).await,
        }
    }
    render::page(&ctx, &visit, routes::CHECKOUT, StatusCode::OK, Page::Fail(view)).await
}

/// `GET /orders/{id}`: the receipt, for the browser that placed the order; how it stands and no more, for one that came
/// back from Toss with its payment. Everybody else gets what they would get for an order that does not exist.
pub async fn order(State(ctx): State<Context>, visit: Visit, id: Result<Path<String>, PathRejection>) -> Response {
    let Some(order_id) = id.ok().and_then(|Path(id)| OrderId::parse(&id).ok()) else { return not_found(&ctx, &visit).await };
    let path = routes::order(&order_id);
    match ctx.store.order(&order_id).await {
        Ok(Some(record)) if visit.owns(&ctx, &record.order) => {
            render::page(&ctx, &visit, &path, StatusCode::OK, Page::Order(Box::new(views::order(&ctx, visit.lang, &record)))).await
        }
        Ok(Some(record)) if visit.witnessed(&ctx, &order_id) => {
            let page = Page::Elsewhere { lang: visit.lang, id: order_id, status: views::status(&record) };
            render::page(&ctx, &visit, &path, StatusCode::OK, page).await
        }
        Ok(_) => not_found(&ctx, &visit).await,
        Err(error) => unavailable(&ctx, &visit, &path, &error).await,
    }
}

async fn not_found(ctx: &Context, visit: &Visit) -> Response {
    render::page(ctx, visit, routes::CHECKOUT, StatusCode::NOT_FOUND, Page::NoSuchOrder).await
}

/// Any other path.
pub async fn no_such_page(State(ctx): State<Context>, visit: Visit) -> Response {
    render::page(&ctx, &visit, routes::CHECKOUT, StatusCode::NOT_FOUND, Page::NoSuchPage).await
}

async fn unavailable(ctx: &Context, visit: &Visit, path: &str, error: &(dyn std::error::Error + Send + Sync)) -> Response {
    tracing::error!(%error, "a page could not be made");
    let page = render::page(ctx, visit, path, StatusCode::SERVICE_UNAVAILABLE, Page::Unavailable).await;
    ([(header::RETRY_AFTER, "5")], page).into_response()
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
        let refused = |status: StatusCode, reason: String| {
            // Toss knows 400 for all that cannot be read.
            let status = if status == StatusCode::PAYLOAD_TOO_LARGE { status } else { StatusCode::BAD_REQUEST };
            problem(status, "INVALID_REQUEST", &reason)
        };
        if is_form {
            let form = Form::<ConfirmBody>::from_request(request, ctx).await;
            form.map(|Form(body)| JsonOrForm(body)).map_err(|error: FormRejection| refused(error.status(), error.body_text()))
        } else {
            let json = Json::<ConfirmBody>::from_request(request, ctx).await;
            json.map(|Json(body)| JsonOrForm(body)).map_err(|error: JsonRejection| refused(error.status(), error.body_text()))
        }
    }
}

/// `POST /confirm`: the same confirm as `/success`, for shops with a front end of their own. Answers with Toss's status
/// and body.
pub async fn confirm(State(ctx): State<Context>, JsonOrForm(body): JsonOrForm) -> Response {
    let amount = body.amount.map(AmountField::into_text);
    let returned = match Returned::parse(body.order_id.as_deref(), body.payment_key.as_deref(), amount.as_deref()) {
        Ok(returned) => returned,
        Err(error) => return problem(StatusCode::BAD_REQUEST, "INVALID_REQUEST", &error.to_string()),
    };
    match confirm_within(&ctx, returned, PROGRAM_PATIENCE).await {
        Ok(record) => toss_answer(&record),
        Err(ConfirmError::UnknownOrder) => problem(StatusCode::NOT_FOUND, ShopCode::OrderNotFound.code(), "no such order"),
        Err(error @ ConfirmError::AmountMismatch) => problem(StatusCode::BAD_REQUEST, ShopCode::AmountMismatch.code(), &error.to_string()),
        Err(error @ (ConfirmError::PaymentMismatch | ConfirmError::PaidOtherwise(_))) => {
            problem(StatusCode::CONFLICT, ShopCode::PaymentMismatch.code(), &error.to_string())
        }
        Err(ConfirmError::Store(error)) => {
            tracing::error!(%error, "a confirm could not be stored; Toss was not called");
            problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "STORE_UNAVAILABLE",
                "the order could not be read; nothing was sent to Toss, try again",
            )
        }
    }
}

fn toss_answer(record: &OrderRecord) -> Response {
    match &record.state {
        OrderState::Paid { .. } | OrderState::AwaitingDeposit { .. } => match &record.toss_answer {
            Some(body) => ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], without_secret(body)).into_response(),
            None => problem(StatusCode::INTERNAL_SERVER_ERROR, "NO_ANSWER", "the outcome was stored without Toss's answer"),
        },
        // Also where a look-up said so, whose body is a payment and no error.
        OrderState::Declined { decline, .. } => {
            problem(StatusCode::from_u16(decline.status).unwrap_or(StatusCode::BAD_REQUEST), &decline.code, &decline.message)
        }
        OrderState::Open | OrderState::Confirming(_) | OrderState::Unknown(_) => {
            // Not a 2xx, which front ends take for paid; Toss's own 409 says the same of a request that is still running.
            let message = "Toss has not said yet whether it charged; do not pay again, post the same once more to learn the outcome";
            problem(StatusCode::CONFLICT, "CONFIRM_IN_DOUBT", message)
        }
    }
}

/// Toss's body, less the `secret` by which the shop tells real deposit notices from forged ones (Toss docs, webhooks): it
/// is nobody else's business, and whoever has the success URL may post here.
fn without_secret(body: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(body) {
        Ok(serde_json::Value::Object(mut payment)) if payment.contains_key("secret") => {
            payment.insert("secret".to_owned(), serde_json::Value::Null);
            serde_json::Value::Object(payment).to_string()
        }
        Ok(_) | Err(_) => body.to_owned(),
    }
}

fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(serde_json::json!({ "code": code, "message": message }))).into_response()
}
