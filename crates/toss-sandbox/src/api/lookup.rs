//! `GET /v1/payments/{paymentKey}` and `GET /v1/payments/orders/{orderId}`.

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::Response,
};

use super::{Answer, Call, ReadBody, auth};
use crate::{
    body::PaymentBody,
    clock::UnixMs,
    config::MerchantId,
    error::{ApiError, Code},
    fault::{Decision, Endpoint, Plan},
    payment::{Payment, Stage},
    server::Line,
    world::{State as Everything, World},
};

/// A path segment; one that is not UTF-8 names nothing.
type Segment = Result<Path<String>, PathRejection>;

pub(crate) async fn lookup(
    State(world): State<World>,
    Extension(line): Extension<Line>,
    payment_key: Segment,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: ReadBody,
) -> Response {
    let call = Call::begin(world, line, &method, &uri, &headers, &body);
    answer(call, &headers, Endpoint::Lookup, |state, merchant, now| {
        let payment = state.payments.get(&payment_key.ok()?, now)?;
        (payment.merchant == merchant).then_some(payment)
    })
    .await
}

pub(crate) async fn lookup_by_order(
    State(world): State<World>,
    Extension(line): Extension<Line>,
    order_id: Segment,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: ReadBody,
) -> Response {
    let call = Call::begin(world, line, &method, &uri, &headers, &body);
    answer(call, &headers, Endpoint::LookupByOrder, |state, merchant, now| state.payments.of_order(merchant, &order_id.ok()?, now)).await
}

/// Both look-ups. The payment is found once for its order, by which faults are chosen, and shown as it is when the
/// call is answered: a call that hung shows the present, not the past.
async fn answer(
    call: Call,
    headers: &HeaderMap,
    endpoint: Endpoint,
    find: impl FnOnce(&mut Everything, MerchantId, UnixMs) -> Option<&mut Payment>,
) -> Response {
    let merchant = match auth::merchant(&call.world, headers) {
        Ok(merchant) => merchant,
        // Only a confirm tells a mixed-up pair from an unknown key (Toss docs).
        Err(Code::INVALID_API_KEY) => return call.refuse(Code::UNAUTHORIZED_KEY.error()),
        Err(code) => return call.refuse(code.error()),
    };
    let found = call
        .world
        .peek(|state, now| find(state, merchant, now).map(|payment| (payment.payment_key.clone(), payment.order.order_id.clone())));
    let order_id = found.as_ref().map(|(_, order_id)| order_id.as_str());
    let plan = call.world.take_fault(endpoint, order_id, false, call.number);
    let refused = match &plan {
        Plan::Door(code) => Some(code.error()),
        Plan::Decide(decision) => Some(refusal(decision)),
        Plan::Nothing | Plan::Before(_) | Plan::After(_) => None,
    };
    if let Some(error) = refused {
        return call.refuse(error);
    }
    if let Some(answer) = call.before(&plan).await {
        return call.send(answer, None, &Plan::Nothing).await;
    }
    let answer = match found.and_then(|(payment_key, _)| show(&call, &payment_key)) {
        Some(answer) => answer,
        None => call.error(&Code::NOT_FOUND_PAYMENT.error()),
    };
    call.send(answer, None, &plan).await
}

fn refusal(decision: &Decision) -> ApiError {
    match decision {
        Decision::Decline { code } | Decision::Refuse { code } => ApiError::named(code, StatusCode::BAD_REQUEST),
        Decision::AlreadyProcessed => Code::ALREADY_PROCESSED_PAYMENT.into(),
        Decision::Expire => Code::NOT_FOUND_PAYMENT_SESSION.into(),
    }
}

fn show(call: &Call, payment_key: &str) -> Option<Answer> {
    let world = &call.world;
    world.peek(|state, now| {
        let payment = state.payments.get(payment_key, now)?;
        let unconfirmed = matches!(payment.stage, Stage::Ready | Stage::InProgress { .. });
        if unconfirmed && world.choices().hide_unconfirmed {
            return None;
        }
        let m_id = world.merchant(payment.merchant).m_id;
        let body = PaymentBody::of(payment, m_id, call.language, world.origin());
        Some(Answer::ok(body.to_bytes()))
    })
}
