//! The way of every call: record, secret key, idempotency key, rate, faults, test code, work, wire.

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri},
    response::Response,
};

use super::{
    Answer, Call, Input, ReadBody, auth,
    held::{self, Taken},
    work::{Desk, Work},
};
use crate::{
    config::MerchantId,
    error::{ApiError, Code},
    fault::{Decision, Plan},
    forget::Forgotten,
    idempotency::{Bound, Identity},
    server::Line,
    world::{Subject, World},
};

const TEST_CODE: HeaderName = HeaderName::from_static("tosspayments-test-code");

/// A path segment; one that is not UTF-8 names nothing.
type Segment = Result<Path<String>, PathRejection>;

pub(super) async fn run<W: Work>(
    State(world): State<World>,
    Extension(line): Extension<Line>,
    segment: Segment,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: ReadBody,
) -> Response {
    let call = Call::begin(world, line, &method, &uri, &headers, &body);
    let way = async {
        let merchant = auth::merchant(&call.world, &headers, W::ENDPOINT)?;
        call.is_of(merchant);
        let segment = segment.ok().map(|Path(text)| text);
        let input = Input { segment: segment.as_deref(), query: uri.query(), headers: &headers, body: &body, now: call.world.now() };
        let work = W::read(&input);
        let order = match &work {
            Ok(work) => at_desk(&call, merchant, None, |desk| Subject {
                merchant: Some(merchant),
                id: work.order_id(desk),
                name: work.order_name(desk),
            })?,
            Err(_) => Subject { merchant: Some(merchant), ..Subject::default() },
        };
        if let Some(order_id) = &order.id {
            call.is_about(order_id);
        }

        let key = if method == Method::POST { call.idempotency_key()? } else { None };
        let hold = match key {
            None => None,
            Some(key) => {
                let identity = Identity { key, merchant, method: method.as_str().to_owned(), path: uri.path().to_owned() };
                match held::take(&call, identity, order.id.as_deref())? {
                    Taken::InFlight => return Err(Code::IDEMPOTENT_REQUEST_PROCESSING.into()),
                    Taken::Replay(bound) => return replay::<W>(&call, merchant, bound, &order).await,
                    Taken::Held(hold) => Some(hold),
                }
            }
        };
        let plan = admit::<W>(&call, merchant, &order, false)?;
        let answer = process(&call, merchant, work, &headers, &plan).await;
        if let Some(hold) = hold {
            hold.settle(&call, &answer);
        }
        Ok(call.send(answer, None, &plan).await)
    };
    way.await.unwrap_or_else(|error: ApiError| call.refuse(error))
}

/// The stages of a call whose answer is known already.
async fn replay<W: Work>(call: &Call, merchant: MerchantId, bound: Bound, order: &Subject) -> Result<Response, ApiError> {
    let plan = admit::<W>(call, merchant, order, true)?;
    Ok(match call.before(&plan).await {
        Some(answer) => call.send(answer, None, &Plan::Nothing).await,
        None => call.send(bound.answer, Some(&bound.trace_id), &plan).await,
    })
}

/// Counts the call and draws its fault. Neither a call too many nor one that a fault stops here is processed or bound.
fn admit<W: Work>(call: &Call, merchant: MerchantId, order: &Subject, replay: bool) -> Result<Plan, ApiError> {
    if !call.world.for_call(call.number, |state, now| state.rates.admit(merchant, W::ENDPOINT, now))? {
        return Err(Code::TOO_MANY_REQUESTS.into());
    }
    match call.world.take_fault(W::ENDPOINT, order, replay, call.number)? {
        Plan::TurnAway(code) => Err(code.into()),
        plan @ (Plan::Nothing | Plan::Before(_) | Plan::Decide(_) | Plan::After(_)) => Ok(plan),
    }
}

async fn process<W: Work>(call: &Call, merchant: MerchantId, work: Result<W, ApiError>, headers: &HeaderMap, plan: &Plan) -> Answer {
    // Before a paymentKey is looked up, so that a made-up one will do (reported by users of the header). It changes
    // no payment: the header cannot simulate what an error leaves behind.
    if W::ENDPOINT.takes_test_code()
        && let Some(code) = headers.get(TEST_CODE)
    {
        let known = code.to_str().ok().and_then(Code::parse);
        return call.error(&known.unwrap_or(Code::INVALID_TEST_CODE).error());
    }
    let decision = match plan {
        Plan::Decide(decision) => Some(decision),
        Plan::Nothing | Plan::TurnAway(_) | Plan::Before(_) | Plan::After(_) => None,
    };
    if let Some(error) = decision.and_then(refusal::<W>) {
        return call.error(&error);
    }
    let claim = work.and_then(|work| Claim::take(call, merchant, work));
    if let Some(answer) = call.before(plan).await {
        return answer;
    }
    match claim.and_then(|claim| claim.decide(decision)) {
        Ok(answer) => answer,
        Err(error) => call.error(&error),
    }
}

/// The decisions that need no work: the call is answered as if it had been refused, and nothing changes.
fn refusal<W: Work>(decision: &Decision) -> Option<ApiError> {
    match decision {
        Decision::Refuse { code } => Some(ApiError::named(code, StatusCode::BAD_REQUEST)),
        Decision::Decline { .. } | Decision::Expire if W::DECIDES => None,
        Decision::Decline { code } if reads::<W>() => Some(ApiError::named(code, StatusCode::BAD_REQUEST)),
        Decision::Decline { code } => Some(ApiError::named(code, StatusCode::FORBIDDEN)),
        Decision::Expire => Some(Code::NOT_FOUND_PAYMENT_SESSION.into()),
        Decision::AlreadyProcessed => reads::<W>().then(|| W::ENDPOINT.already().into()),
    }
}

fn reads<W: Work>() -> bool {
    W::ENDPOINT.method() == Method::GET
}

fn at_desk<R>(
    call: &Call,
    merchant: MerchantId,
    decision: Option<&Decision>,
    work: impl FnOnce(&mut Desk<'_>) -> R,
) -> Result<R, Forgotten> {
    let world = &call.world;
    let holder = world.merchant(merchant);
    world.for_call(call.number, |state, now| {
        work(&mut Desk {
            state,
            now,
            merchant,
            m_id: holder.m_id,
            client_key: &holder.client_key,
            has_webhooks: holder.has_webhooks(),
            language: call.language,
            origin: world.origin(),
            choices: world.choices(),
            decision,
            moved: false,
        })
    })
}

/// Work that has taken hold of what it needs. Dropped undecided, it lets go.
struct Claim<'a, W: Work> {
    call: &'a Call,
    merchant: MerchantId,
    work: W,
}

impl<'a, W: Work> Claim<'a, W> {
    fn take(call: &'a Call, merchant: MerchantId, work: W) -> Result<Self, ApiError> {
        at_desk(call, merchant, None, |desk| work.claim(desk))??;
        Ok(Self { call, merchant, work })
    }

    fn decide(self, decision: Option<&Decision>) -> Result<Answer, ApiError> {
        at_desk(self.call, self.merchant, decision, |desk| {
            let answer = self.work.decide(desk)?;
            // Another request of the shop has done it, not this one.
            if decision == Some(&Decision::AlreadyProcessed) {
                return Err(W::ENDPOINT.already().into());
            }
            if let Some(record) = desk.state.requests.get_mut(self.call.number) {
                record.charged = desk.moved;
            }
            Ok(answer)
        })?
    }
}

impl<W: Work> Drop for Claim<'_, W> {
    fn drop(&mut self) {
        // Of what is forgotten there is nothing to let go of.
        let _ = at_desk(self.call, self.merchant, None, |desk| self.work.release(desk));
    }
}
