//! What each page and the plain HTTP endpoints do, in a few lines each; the work is done in `flow`.

use super::context::Context;
use super::flow::confirm::{BadReturn, ConfirmError, Returned, confirm_within};
use super::render;
use super::store::OrderRecord;
use super::views;
use super::visit::Visit;
use crate::domain::failure::ShopCode;
use crate::domain::order::OrderId;
use crate::domain::routes;
use crate::domain::step::State as OrderState;
use crate::pages::{CustomerKind, FailView, Page};
use axum::Json;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::extract::{Form, FromRequest, Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::time::Duration;

/// How long a shopper looks at a blank tab for an answer of Toss before the page says that it is being checked.
const SHOPPER_PATIENCE: Duration = Duration::from_millis(2_500);
/// How long a program that posts to `/confirm` is kept waiting. Longer than Toss ever takes.
const PROGRAM_PATIENCE: Duration = Duration::from_secs(70);

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
pub async fn checkout(State(ctx): State<Context>, mut visit: Visit, Query(query): Query<CheckoutQuery>) -> Response {
    let kind = query.kind.as_deref().and_then(CustomerKind::from_code).unwrap_or_default();
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
    match views::checkout(&ctx, &visit, &session, kind).await {
        Ok(view) => {
            let page = render::page(&ctx, &visit, &path, StatusCode::OK, Page::Checkout(view)).await;
            (AppendHeaders(set_cookie), page).into_response()
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
pub async fn success(State(ctx): State<Context>, visit: Visit, query: Result<Query<SuccessQuery>, axum::extract::rejection::QueryRejection>) -> Response {
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
        Ok(record) => Redirect::to(&routes::order(&record.order.id)).into_response(),
        Err(ConfirmError::UnknownOrder) => fail_redirect(ShopCode::OrderNotFound, None),
        Err(ConfirmError::AmountMismatch) => fail_redirect(ShopCode::AmountMismatch, Some(&order_id)),
        Err(ConfirmError::PaymentMismatch) => fail_redirect(ShopCode::PaymentMismatch, Some(&order_id)),
        Err(ConfirmError::Store(error)) => unavailable(&ctx, &visit, routes::SUCCESS, &error).await,
    }
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
pub async fn fail(State(ctx): State<Context>, visit: Visit, query: Result<Query<FailQuery>, axum::extract::rejection::QueryRejection>) -> Response {
    let query = query.map_or(FailQuery { code: None, message: None, order_id: None }, |Query(query)| query);
    let view = FailView::new(visit.lang, query.code.as_deref(), query.message.as_deref(), query.order_id.as_deref());
    render::page(&ctx, &visit, routes::CHECKOUT, StatusCode::OK, Page::Fail(view)).await
}

/// `GET /orders/{id}`: the receipt, for the browser that placed the order. Everybody else gets what they would get for
/// an order that does not exist.
pub async fn order(State(ctx): State<Context>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(order_id) = OrderId::parse(&id) else { return not_found(&ctx, &visit).await };
    let path = routes::order(&order_id);
    match ctx.store.order(&order_id).await {
        Ok(Some(record)) if visit.owns(&ctx, &record.order) => {
            render::page(&ctx, &visit, &path, StatusCode::OK, Page::Order(Box::new(views::order(&ctx, visit.lang, &record)))).await
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
        let is_form = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        let body = if is_form {
            Form::<ConfirmBody>::from_request(request, ctx).await.map(|Form(body)| body).map_err(|error: FormRejection| error.body_text())
        } else {
            Json::<ConfirmBody>::from_request(request, ctx).await.map(|Json(body)| body).map_err(|error: JsonRejection| error.body_text())
        };
        body.map(JsonOrForm).map_err(|reason| problem(StatusCode::BAD_REQUEST, "INVALID_REQUEST", &reason))
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
        Err(error @ ConfirmError::PaymentMismatch) => problem(StatusCode::CONFLICT, ShopCode::PaymentMismatch.code(), &error.to_string()),
        Err(ConfirmError::Store(error)) => {
            tracing::error!(%error, "a confirm could not be stored; Toss was not called");
            problem(StatusCode::SERVICE_UNAVAILABLE, "STORE_UNAVAILABLE", "the order could not be read; nothing was sent to Toss, try again")
        }
    }
}

fn toss_answer(record: &OrderRecord) -> Response {
    let status = match &record.state {
        OrderState::Paid { .. } | OrderState::AwaitingDeposit { .. } => StatusCode::OK,
        OrderState::Declined { decline, .. } => StatusCode::from_u16(decline.status).unwrap_or(StatusCode::BAD_REQUEST),
        OrderState::Open | OrderState::Confirming(_) | OrderState::Unknown(_) => {
            return problem(StatusCode::ACCEPTED, "CONFIRM_IN_DOUBT", "Toss has not said yet; the shop keeps asking, post the same again to learn the outcome");
        }
    };
    match &record.toss_answer {
        Some(body) => (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.clone()).into_response(),
        None => problem(StatusCode::INTERNAL_SERVER_ERROR, "NO_ANSWER", "the outcome was stored without Toss's answer"),
    }
}

fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(serde_json::json!({ "code": code, "message": message }))).into_response()
}
