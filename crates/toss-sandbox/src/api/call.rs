//! One call of the core API on its way: its record, language, trace id and idempotency key.

use std::{fmt, time::Instant};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
    response::Response,
};

use super::{Answer, ReadBody, wire};
use crate::{
    config::MerchantId,
    error::{ApiError, Code, Language},
    fault::{After, Before, Plan},
    idempotency::MAX_KEY_CHARS,
    ids,
    records::{BodyCopy, RequestRecord},
    server::Line,
    world::{Subject, World},
};

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const TRACE_ID: HeaderName = HeaderName::from_static("x-tosspayments-trace-id");

/// A call that has arrived and been recorded, and not been answered.
pub(crate) struct Call {
    pub(crate) world: World,
    pub(crate) line: Line,
    pub(crate) language: Language,
    pub(crate) trace_id: String,
    /// Number of its record.
    pub(crate) number: u64,
    idempotency_key: Option<HeaderValue>,
    began: Instant,
}

impl Call {
    pub(crate) fn begin(world: World, line: Line, method: &Method, uri: &Uri, headers: &HeaderMap, body: &ReadBody) -> Self {
        let idempotency_key = headers.get(IDEMPOTENCY_KEY).cloned();
        let body = body.as_deref().unwrap_or_default();
        let body_sha256 = ids::sha256(body);
        let request = copy(&world, body);
        let number = world.with(|state, now| {
            let number = state.requests.push(|number| RequestRecord {
                number,
                method: shorten(method.as_str()),
                path: shorten(uri.path()),
                idempotency_key: idempotency_key.as_ref().map(|key| shorten(&String::from_utf8_lossy(key.as_bytes()))),
                order_id: None,
                merchant: None,
                body_sha256,
                status: None,
                charged: false,
                replayed: false,
                fault: None,
                at: now,
                took_ms: None,
                request,
                answer: None,
            });
            state.under_way.insert(number, Subject::default());
            number
        });
        Self { language: language(headers), trace_id: ids::trace_id(), world, line, number, idempotency_key, began: Instant::now() }
    }

    /// The `Idempotency-Key`, if there is one: 1 to 300 characters (Toss docs; that it may not be empty is assumed).
    pub(crate) fn idempotency_key(&self) -> Result<Option<String>, Code> {
        let Some(key) = &self.idempotency_key else {
            return Ok(None);
        };
        let key = key.to_str().map_err(|_| Code::INVALID_IDEMPOTENCY_KEY)?;
        // Visible ASCII: as many bytes as characters.
        if key.is_empty() || key.len() > MAX_KEY_CHARS {
            return Err(Code::INVALID_IDEMPOTENCY_KEY);
        }
        Ok(Some(key.to_owned()))
    }

    /// Notes whose secret key the call has.
    pub(crate) fn is_of(&self, merchant: MerchantId) {
        self.world.peek(|state, _| {
            if let Some(record) = state.requests.get_mut(self.number) {
                record.merchant = Some(merchant);
            }
            if let Some(about) = state.under_way.get_mut(&self.number) {
                about.merchant = Some(merchant);
            }
        });
    }

    /// Notes which order the call is about.
    pub(crate) fn is_about(&self, order_id: &str) {
        self.world.peek(|state, _| {
            if let Some(record) = state.requests.get_mut(self.number) {
                record.order_id = Some(shorten(order_id));
            }
            if let Some(about) = state.under_way.get_mut(&self.number) {
                about.id = Some(order_id.to_owned());
            }
        });
    }

    pub(crate) fn error(&self, error: &ApiError) -> Answer {
        Answer::error(error, self.language)
    }

    /// Ends the call with an error, past all faults.
    pub(crate) fn refuse(&self, error: ApiError) -> Response {
        self.respond(self.error(&error), None)
    }

    /// The stage before the work: answers in its place, holds the call, or resets its connection.
    pub(crate) async fn before(&self, plan: &Plan) -> Option<Answer> {
        match plan {
            Plan::Before(Before::Error) => Some(self.error(&Code::FAILED_INTERNAL_SYSTEM_PROCESSING.error())),
            Plan::Before(Before::Timeout) => {
                self.world.hang(self.number).await;
                None
            }
            Plan::Before(Before::Reset) => match self.line.reset().await {},
            Plan::Nothing | Plan::TurnAway(_) | Plan::Decide(_) | Plan::After(_) => None,
        }
    }

    /// The stage after the work: sends the answer, or what the fault leaves of it.
    pub(crate) async fn send(&self, answer: Answer, original_trace: Option<&str>, plan: &Plan) -> Response {
        match plan {
            Plan::After(After::Error) => {
                let error = Code::FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING.error();
                return self.respond(self.error(&error), original_trace);
            }
            Plan::After(After::Timeout) => self.world.hang(self.number).await,
            Plan::After(After::Reset) => match self.line.reset().await {},
            Plan::After(After::Slow(_) | After::Truncated | After::Garbage | After::Html | After::Falsified(_))
            | Plan::Nothing
            | Plan::TurnAway(_)
            | Plan::Before(_)
            | Plan::Decide(_) => {}
        }
        let after = match plan {
            Plan::After(after) => Some(*after),
            Plan::Nothing | Plan::TurnAway(_) | Plan::Before(_) | Plan::Decide(_) => None,
        };
        let sent = wire::response(answer, after, self.world.clock());
        self.finish(sent, original_trace)
    }

    fn respond(&self, answer: Answer, original_trace: Option<&str>) -> Response {
        let sent = wire::response(answer, None, self.world.clock());
        self.finish(sent, original_trace)
    }

    /// Headers that every answer has, and the answer for the record. Whatever a call would have been answered, it is told
    /// when what it is about has been forgotten meanwhile.
    fn finish(&self, sent: (Response, Bytes), original_trace: Option<&str>) -> Response {
        let (mut response, body) = match self.world.for_call(self.number, |_, _| ()) {
            Ok(()) => sent,
            Err(forgotten) => wire::response(self.error(&forgotten.into()), None, self.world.clock()),
        };
        let trace = match original_trace {
            // Measured: a replay names both, the new one first.
            Some(original) => format!("{},{original}", self.trace_id),
            None => self.trace_id.clone(),
        };
        let trace = HeaderValue::try_from(trace).expect("invariant: trace ids are hexadecimal");
        let headers = response.headers_mut();
        headers.insert(TRACE_ID, trace);
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if let Some(key) = &self.idempotency_key {
            headers.insert(IDEMPOTENCY_KEY, key.clone());
        }
        let status = response.status().as_u16();
        let answer = copy(&self.world, &body);
        let took_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.world.with(|state, _| {
            if let Some(record) = state.requests.get_mut(self.number) {
                record.status = Some(status);
                record.answer = Some(answer);
                record.took_ms = Some(took_ms);
                record.replayed = original_trace.is_some();
            }
        });
        response
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.world.peek(|state, _| state.under_way.remove(&self.number));
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("number", &self.number).field("trace_id", &self.trace_id).finish_non_exhaustive()
    }
}

/// English for `Accept-Language: en-US` and its like, Korean otherwise (Toss docs).
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let english = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split([',', ';']).next())
        .map(str::trim)
        .is_some_and(|tag| {
            let tag = tag.to_ascii_lowercase();
            tag == "en" || tag.starts_with("en-")
        });
    if english { Language::English } else { Language::Korean }
}

fn copy(world: &World, body: &[u8]) -> BodyCopy {
    BodyCopy::of(body, world.merchants().iter().map(|merchant| merchant.secret_key.as_str()))
}

/// A record keeps no more of a line than is needed to know it again.
fn shorten(text: &str) -> String {
    text.chars().take(500).collect()
}
