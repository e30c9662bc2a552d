//! `POST /v1/payments/confirm`: the call that moves money.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header},
    response::Response,
};
use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Call, ReadBody, auth};
use crate::{
    body::PaymentBody,
    config::MerchantId,
    error::{ApiError, Code},
    fault::{Decision, Endpoint, Plan},
    idempotency::{Bound, Found, Identity},
    payment::{Payment, Stage},
    records::{Charge, ChargeKind},
    server::Line,
    world::World,
};

const TEST_CODE: HeaderName = HeaderName::from_static("tosspayments-test-code");

pub(crate) async fn confirm(
    State(world): State<World>,
    Extension(line): Extension<Line>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: ReadBody,
) -> Response {
    let call = Call::begin(world, line, &method, &uri, &headers, &body);
    let merchant = match auth::merchant(&call.world, &headers) {
        Ok(merchant) => merchant,
        Err(code) => return call.refuse(code.error()),
    };
    let request = Request::parse(&headers, &body);
    let order_id = request.as_ref().ok().map(|request| request.order_id.as_str());

    let hold = match call.idempotency_key() {
        Err(code) => return call.refuse(code.error()),
        Ok(None) => None,
        Ok(Some(key)) => {
            let identity = Identity { key, merchant, method: method.as_str().to_owned(), path: uri.path().to_owned() };
            match take_key(&call.world, identity) {
                Taken::InFlight => {
                    return call.refuse(Code::IDEMPOTENT_REQUEST_PROCESSING.error());
                }
                Taken::Replay(bound) => return replay(&call, bound, order_id).await,
                Taken::Held(hold) => Some(hold),
            }
        }
    };

    let plan = call.world.take_fault(Endpoint::Confirm, order_id, false, call.number);
    if let Plan::Door(code) = &plan {
        return call.refuse(code.error());
    }
    let answer = process(&call, merchant, request, &headers, &plan).await;
    if let Some(hold) = hold {
        hold.settle(&call, &answer);
    }
    call.send(answer, None, &plan).await
}

/// The stages of a call whose answer is known already.
async fn replay(call: &Call, bound: Bound, order_id: Option<&str>) -> Response {
    let plan = call.world.take_fault(Endpoint::Confirm, order_id, true, call.number);
    if let Plan::Door(code) = &plan {
        return call.refuse(code.error());
    }
    if let Some(answer) = call.before(&plan).await {
        return call.send(answer, None, &Plan::Nothing).await;
    }
    call.send(bound.answer, Some(&bound.trace_id), &plan).await
}

async fn process(call: &Call, merchant: MerchantId, request: Result<Request, Code>, headers: &HeaderMap, plan: &Plan) -> Answer {
    // Before the paymentKey is looked up, so that a made-up one will do (reported by users of the header). It changes
    // no payment: the header cannot simulate what an error leaves behind.
    if let Some(code) = headers.get(TEST_CODE) {
        let known = code.to_str().ok().and_then(Code::parse);
        return call.error(&known.unwrap_or(Code::INVALID_TEST_CODE).error());
    }
    if let Plan::Decide(Decision::Refuse { code }) = plan {
        return call.error(&ApiError::named(code, StatusCode::BAD_REQUEST));
    }
    let claim = request.map_err(ApiError::from).and_then(|request| Claim::take(call, merchant, &request));
    if let Some(answer) = call.before(plan).await {
        return answer;
    }
    match claim {
        Ok(claim) => claim.decide(plan),
        Err(error) => call.error(&error),
    }
}

/// The body of a confirm.
struct Request {
    payment_key: String,
    order_id: String,
    amount: i64,
}

impl Request {
    /// The documentation asks for a number as `amount`; a string of digits is taken too, as Toss was seen to do with
    /// the string that its own samples forward.
    fn parse(headers: &HeaderMap, body: &ReadBody) -> Result<Self, Code> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Raw {
            payment_key: String,
            order_id: String,
            amount: Value,
        }
        let is_json = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let body = body.as_ref().map_err(|_| Code::INVALID_REQUEST)?;
        if !is_json {
            return Err(Code::INVALID_REQUEST);
        }
        let raw: Raw = serde_json::from_slice(body).map_err(|_| Code::INVALID_REQUEST)?;
        let amount = match &raw.amount {
            Value::String(digits) => digits.parse().ok(),
            Value::Number(number) => number.as_i64(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        if raw.payment_key.chars().count() > 200 {
            return Err(Code::INVALID_REQUEST);
        }
        Ok(Self { payment_key: raw.payment_key, order_id: raw.order_id, amount: amount.ok_or(Code::INVALID_REQUEST)? })
    }
}

enum Taken {
    Held(Hold),
    InFlight,
    Replay(Bound),
}

fn take_key(world: &World, identity: Identity) -> Taken {
    match world.with(|state, now| state.idempotency.begin(identity.clone(), now)) {
        Found::New(turn) => Taken::Held(Hold { world: world.clone(), identity, turn }),
        Found::InFlight => Taken::InFlight,
        Found::Replay(bound) => Taken::Replay(bound),
    }
}

/// An idempotency key while its first request is processed. Dropped without an answer, the key is free again.
struct Hold {
    world: World,
    identity: Identity,
    turn: u64,
}

impl Hold {
    /// Binds what is bound: 2xx and 4xx. Measured for 4xx; for 5xx nobody knows, see
    /// [`Choices`](crate::Choices::bind_server_errors). Otherwise the key is free again, by the drop of self.
    fn settle(self, call: &Call, answer: &Answer) {
        let binds = if answer.status.is_server_error() {
            self.world.choices().bind_server_errors
        } else {
            !matches!(answer.status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
        };
        if binds {
            let bound = Bound { answer: answer.clone(), trace_id: call.trace_id.clone() };
            self.world.with(|state, _| state.idempotency.bind(&self.identity, self.turn, bound));
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.world.with(|state, _| state.idempotency.free(&self.identity, self.turn));
    }
}

/// The right to decide a payment. Dropped undecided, the payment waits for the next confirm.
struct Claim<'a> {
    call: &'a Call,
    payment_key: String,
}

impl<'a> Claim<'a> {
    fn take(call: &'a Call, merchant: MerchantId, request: &Request) -> Result<Self, ApiError> {
        let choices = call.world.choices();
        call.world.with(|state, now| {
            let payment = state.payments.get(&request.payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
            if payment.merchant != merchant {
                return Err(Code::INVALID_API_KEY.into());
            }
            if payment.order.order_id != request.order_id {
                return Err(choices.wrong_order.into());
            }
            if payment.order.amount.get() != request.amount {
                return Err(choices.wrong_amount.into());
            }
            payment.claim(now)
        })?;
        Ok(Self { call, payment_key: request.payment_key.clone() })
    }

    /// Charges or refuses, in one step under the lock: ledger, payment and record agree at every moment.
    fn decide(self, plan: &Plan) -> Answer {
        let Call { world, language, number, .. } = self.call;
        let result = world.with(|state, now| {
            let payment = state.payments.get(&self.payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
            let (merchant, order_id) = (payment.merchant, payment.order.order_id.clone());
            // Assumed for confirm: an order is charged at most once, whichever of its payments comes first.
            if state.payments.is_paid(merchant, &order_id, now) {
                return Err(Code::DUPLICATED_ORDER_ID.into());
            }
            let payment = state.payments.get(&self.payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
            if let Some(error) = refusal(payment, plan) {
                return Err(error);
            }
            let amount = payment.charge(now);
            let body = PaymentBody::of(payment, world.merchant(merchant).m_id, *language, world.origin());
            let payment_key = payment.payment_key.clone();
            state.ledger.push(|_| Charge { payment_key, order_id, amount, kind: ChargeKind::Charge, at: now });
            if matches!(plan, Plan::Decide(Decision::AlreadyProcessed)) {
                return Err(Code::ALREADY_PROCESSED_PAYMENT.into());
            }
            if let Some(record) = state.requests.get_mut(*number) {
                record.charged = true;
            }
            Ok(body)
        });
        match result {
            Ok(body) => Answer::ok(body.to_bytes()),
            Err(error) => self.call.error(&error),
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.call.world.with(|state, now| {
            if let Some(payment) = state.payments.get(&self.payment_key, now) {
                payment.release();
            }
        });
    }
}

/// Why the payment is not charged, with the effect that this has on it.
fn refusal(payment: &mut Payment, plan: &Plan) -> Option<ApiError> {
    if matches!(plan, Plan::Decide(Decision::Expire)) {
        payment.stage = Stage::Expired;
        return Some(Code::NOT_FOUND_PAYMENT_SESSION.into());
    }
    let failure = match plan {
        Plan::Decide(Decision::Decline { code }) => Some(ApiError::named(code, StatusCode::FORBIDDEN)),
        Plan::Decide(Decision::Refuse { .. } | Decision::AlreadyProcessed | Decision::Expire)
        | Plan::Nothing
        | Plan::Door(_)
        | Plan::Before(_)
        | Plan::After(_) => payment.refusal(),
    }?;
    payment.stage = Stage::Aborted { failure: failure.clone() };
    Some(failure)
}
