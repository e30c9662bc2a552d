//! The payment window: what the shopper sees between the shop's pay button and the shop's success or fail page.

mod billing;
mod choice;
mod page;
mod returns;

use axum::{
    Json,
    extract::{
        Form, Path, Query, State,
        rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

pub(crate) use billing::{agree, create as create_billing, refuse as refuse_billing, show as show_billing};
use choice::Choice;

use crate::{
    api::Answer,
    asked::{AuthSkip, Flow, PaymentType},
    clock::UnixMs,
    config::MerchantId,
    error::{ApiError, Code, Language},
    order::{Deadline, Method, Order, RawOrder, invalid},
    payment::{Kind, Payment, Status},
    script::javascript,
    world::World,
};

pub(crate) use returns::Return;

type Segment = Result<Path<String>, PathRejection>;

/// `POST /sandbox/window/payments`: opens a payment and says where its window is.
pub(crate) async fn create(State(world): State<World>, body: Result<Json<RawOrder>, JsonRejection>) -> Response {
    to_script(open(&world, body))
}

/// An answer for the browser script, which stands in a page of any origin.
fn to_script(answer: Result<serde_json::Value, ApiError>) -> Response {
    let mut response = match answer {
        Ok(opened) => Json(opened).into_response(),
        Err(error) => {
            let answer = Answer::error(&error, Language::Korean);
            let json = [(header::CONTENT_TYPE, "application/json")];
            (answer.status, json, answer.body).into_response()
        }
    };
    let anyone = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
    response
}

fn open(world: &World, body: Result<Json<RawOrder>, JsonRejection>) -> Result<serde_json::Value, ApiError> {
    let Json(raw) = body.map_err(|rejection| unreadable("requestPayment", &rejection))?;
    let client_key = raw.client_key.as_deref().ok_or(Code::INVALID_REQUEST)?;
    let merchant = merchant(world, client_key, raw.flow)?;
    let payment_key = start(world, merchant, Order::check(raw)?)?;
    let cancel_url = world.with(|state, now| {
        let payment = state.payments.get(&payment_key, now)?;
        skip_authentication(payment, now);
        Return::Cancel.url(payment).map(String::from)
    });
    Ok(json!({
        "id": payment_key,
        "paymentKey": payment_key,
        "windowUrl": format!("/sandbox/window/{payment_key}"),
        "cancelUrl": cancel_url,
    }))
}

/// A body that is not what the scripts send. Whoever reads the message has called `function`: the field is for them, the
/// reader's words about types of the sandbox are not.
fn unreadable(function: &str, rejection: &JsonRejection) -> ApiError {
    let JsonRejection::JsonDataError(error) = rejection else {
        return Code::INVALID_REQUEST.error();
    };
    let text = error.body_text();
    // After what axum says first stands the field, if it is one, before a colon.
    let field = text
        .split(": ")
        .nth(1)
        .filter(|field| !field.is_empty() && field.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.[]".contains(&b)));
    invalid(function, field.unwrap_or("필수 파라미터"))
}

/// Does the shopper's part if the shop wants it left out.
fn skip_authentication(payment: &mut Payment, now: UnixMs) {
    let done = match payment.order.auth_skip {
        None => return,
        Some(AuthSkip::Success) => authenticate(payment, None, now),
        Some(AuthSkip::Fail) => refuse(payment, Code::REJECT_CARD_COMPANY, now),
    };
    done.expect("invariant: a payment that has just been opened is READY");
}

/// The merchant of a client key, which has to be of the family that the called function takes.
fn merchant(world: &World, client_key: &str, flow: Flow) -> Result<MerchantId, ApiError> {
    let is_widget_key = client_key.starts_with("test_gck_");
    match flow {
        Flow::Widget if !is_widget_key => {
            return Err(ApiError::other(
                StatusCode::BAD_REQUEST,
                "NOT_REGISTERED_PAYMENT_WIDGET",
                "결제위젯 연동 키(gck)가 필요합니다.",
                "A client key of the payment widget (gck) is needed.",
            ));
        }
        Flow::Window if is_widget_key => {
            return Err(ApiError::other(
                StatusCode::BAD_REQUEST,
                "NOT_SUPPORTED_WIDGET_KEY",
                "API 개별 연동 키(ck)가 필요합니다.",
                "A client key of the API (ck) is needed.",
            ));
        }
        Flow::Widget | Flow::Window => {}
    }
    world.merchant_where(|merchant| merchant.client_key == client_key).ok_or(Code::UNAUTHORIZED_KEY.error())
}

/// Opens a payment. An order that has been approved takes no further payment (`DUPLICATED_ORDER_ID`).
pub(crate) fn start(world: &World, merchant: MerchantId, order: Order) -> Result<String, ApiError> {
    let m_id = world.merchant(merchant).m_id;
    world.with(|state, now| {
        if state.payments.is_approved(merchant, &order.order_id, now) {
            return Err(Code::DUPLICATED_ORDER_ID.error());
        }
        let due = order.deadline.at(now);
        if order.method == Method::VirtualAccount && due <= now {
            return Err(Code::INVALID_DATE.error());
        }
        if due.since(now) > Deadline::LONGEST {
            return Err(Code::EXCEED_MAX_DUE_DATE.error());
        }
        let mut payment = Payment::new(merchant, m_id, order, now);
        if let (PaymentType::Brandpay, Some(customer_key)) = (payment.order.payment_type, &payment.order.customer_key) {
            payment.kind = Kind::Brandpay { customer_key: customer_key.clone() };
        }
        Ok(state.payments.insert(payment, m_id, now))
    })
}

/// `GET /sandbox/window/{paymentKey}`
pub(crate) async fn show(State(world): State<World>, payment_key: Segment) -> Response {
    with_payment(&world, payment_key, |payment, _| match (payment.order.auth_skip, payment.status()) {
        (Some(AuthSkip::Success), Status::InProgress) => Return::Success.respond(payment),
        (Some(AuthSkip::Fail), Status::Aborted) => Return::Failure(Code::REJECT_CARD_COMPANY).respond(payment),
        _ => page::window(payment),
    })
}

/// `POST …/approve`: the shopper authenticates, with what they have chosen.
pub(crate) async fn approve(State(world): State<World>, payment_key: Segment, form: Result<Form<Choice>, FormRejection>) -> Response {
    let Ok(Form(choice)) = form else {
        return page::bad_request();
    };
    with_payment(&world, payment_key, |payment, now| {
        if payment.status() == Status::Ready && !choice.apply(&mut payment.order) {
            return page::bad_request();
        }
        leave(payment, |payment| authenticate(payment, None, now))
    })
}

/// `POST …/cancel`: the shopper closes the window.
pub(crate) async fn cancel(State(world): State<World>, payment_key: Segment) -> Response {
    with_payment(&world, payment_key, |payment, now| leave(payment, |payment| close(payment, now)))
}

/// The form of a refusal: its code, and whether it comes at the window or with the confirm.
#[derive(Deserialize)]
pub(crate) struct Decline {
    code: String,
    when: When,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum When {
    Window,
    Confirm,
}

/// `POST …/decline`: the payment is refused now, or goes on and is refused at the confirm.
pub(crate) async fn decline(State(world): State<World>, payment_key: Segment, form: Result<Form<Decline>, FormRejection>) -> Response {
    let Ok(Form(Decline { code, when })) = form else {
        return page::bad_request();
    };
    let Some(code) = Code::parse(&code) else {
        return page::bad_request();
    };
    with_payment(&world, payment_key, |payment, now| {
        leave(payment, |payment| match when {
            When::Window => refuse(payment, code, now),
            When::Confirm => authenticate(payment, Some(code.into()), now),
        })
    })
}

/// `GET /v1/payments/{paymentKey}/checkout`: the `checkout.url` of a Payment.
pub(crate) async fn checkout(State(world): State<World>, payment_key: Segment) -> Response {
    with_payment(&world, payment_key, |payment, _| {
        let window = format!("/sandbox/window/{}", payment.payment_key);
        (StatusCode::SEE_OTHER, [(header::LOCATION, window)]).into_response()
    })
}

/// `GET /receipt/redirection?transactionId=…`: the `receipt.url` of a Payment.
pub(crate) async fn receipt(State(world): State<World>, query: Result<Query<ReceiptQuery>, QueryRejection>) -> Response {
    let Ok(Query(ReceiptQuery { transaction_id })) = query else {
        return page::unknown();
    };
    with_payment(&world, Ok(Path(transaction_id)), |payment, _| page::receipt(payment))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptQuery {
    transaction_id: String,
}

/// The style of every page.
pub(crate) async fn stylesheet() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, include_str!("../../assets/page.css")).into_response()
}

/// What tells the result to the page around the window, in promise mode.
pub(crate) async fn result_script() -> Response {
    javascript(include_str!("../../assets/result.js").to_owned())
}

/// The shopper authenticates; with `decline` the confirm will be refused with that code.
pub(crate) fn authenticate(payment: &mut Payment, decline: Option<String>, now: UnixMs) -> Result<Return, Code> {
    payment.authenticate(decline, now)?;
    Ok(Return::Success)
}

/// The shopper closes the window.
pub(crate) fn close(payment: &mut Payment, now: UnixMs) -> Result<Return, Code> {
    payment.cancel(now)?;
    Ok(Return::Cancel)
}

/// The payment is refused at the window.
pub(crate) fn refuse(payment: &mut Payment, code: Code, now: UnixMs) -> Result<Return, Code> {
    payment.abort(code.error(), now)?;
    Ok(Return::Failure(code))
}

fn with_payment(world: &World, payment_key: Segment, work: impl FnOnce(&mut Payment, UnixMs) -> Response) -> Response {
    let Ok(Path(payment_key)) = payment_key else {
        return page::unknown();
    };
    world.with(|state, now| match state.payments.get(&payment_key, now) {
        Some(payment) => work(payment, now),
        None => page::unknown(),
    })
}

/// Leads the shopper out of the window, or says why the window has nothing to do any more.
fn leave(payment: &mut Payment, act: impl FnOnce(&mut Payment) -> Result<Return, Code>) -> Response {
    match act(payment) {
        Ok(outcome) => outcome.respond(payment),
        Err(_) => page::window(payment),
    }
}
