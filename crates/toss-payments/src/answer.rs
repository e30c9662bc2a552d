//! One answer, one judgement.

use crate::call::{Outgoing, address, not_sent};
use crate::client::{Client, Response};
use crate::error::{DecodeError, Effect, Error, ErrorBody, ErrorCode, Rejected, UnknownCause, UnknownOutcome, class};
use crate::transport::{Limits, TransportError, TransportFailure};
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument as _;

/// No payment comes near it; a body past it is not from Toss, and is not read to its end.
pub(crate) const BODY_MAX: usize = 1024 * 1024;
/// The same for a list, which has up to 10,000 entries of less than 3 KiB.
pub(crate) const LIST_MAX: usize = 32 * 1024 * 1024;

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub(crate) const TEST_CODE: HeaderName = HeaderName::from_static("tosspayments-test-code");
const TRACE_ID: &str = "x-tosspayments-trace-id";
const TRACE_ID_MAX: usize = 200;

/// A complete HTTP answer, not yet judged.
pub(crate) struct Answer {
    pub(crate) call: Told,
    pub(crate) status: u16,
    pub(crate) trace_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

/// What is told of a call. Nothing else of it may be: keys and bodies stay where they are.
pub(crate) struct Told {
    pub(crate) method: http::Method,
    pub(crate) template: String,
    /// Open until the answer has been judged.
    pub(crate) span: tracing::Span,
}

impl Client {
    /// Sends a call, once, and tells of it: method, template, status, trace id, how long it took.
    pub(crate) async fn send(&self, call: Outgoing<'_>) -> Result<Answer, Error> {
        let span = tracing::debug_span!(
            "toss",
            method = %call.method,
            path = call.template,
            status = tracing::field::Empty,
            trace_id = tracing::field::Empty,
        );
        let told = Told { method: call.method.clone(), template: call.template.to_owned(), span: span.clone() };
        self.exchange(call, told).instrument(span).await
    }

    async fn exchange(&self, call: Outgoing<'_>, told: Told) -> Result<Answer, Error> {
        let body_max = call.body_max;
        let request = self.request(call)?;
        let start = Instant::now();
        let limits = Limits::new(self.timeout, body_max);
        let answered = self.transport.exchange(request, limits).await;
        let elapsed_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut answer = Answer { call: told, status: 0, trace_id: None, retry_after: None, body: Vec::new() };
        match answered {
            Ok(response) => {
                let (head, body) = response.into_parts();
                answer.read_head(head.status, &head.headers);
                answer.body = body;
                answer.record();
                tracing::debug!(status = answer.status, trace_id = answer.trace_id.as_deref(), elapsed_ms, "answered");
                Ok(answer)
            }
            Err(error) => {
                if let Some(begun) = error.begun() {
                    answer.read_head(begun.status(), begun.headers());
                    answer.body.extend_from_slice(&begun.body()[..begun.body().len().min(UnknownOutcome::RAW_MAX)]);
                }
                answer.record();
                tracing::debug!(elapsed_ms, error = %error, "no complete answer");
                Err(answer.broken(error, body_max))
            }
        }
    }

    fn request(&self, call: Outgoing<'_>) -> Result<http::Request<String>, Error> {
        let mut url = address(&self.base_url, call.template, call.values).ok_or_else(|| not_sent("the address cannot be filled in"))?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let is_post = call.method == http::Method::POST;
        let mut request = http::Request::builder()
            .method(call.method)
            .uri(url.as_str())
            .body(call.json.unwrap_or_default())
            .map_err(|_| not_sent("the address cannot be sent"))?;
        let headers = request.headers_mut();
        headers.clone_from(&self.headers);
        if is_post {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            // Toss looks at it on POSTs only (Toss docs `/reference/using-api/authorization`).
            if let Some(code) = &self.test_code {
                headers.insert(TEST_CODE, code.clone());
            }
        }
        if let Some(key) = call.key {
            let mut value = HeaderValue::from_str(key.expose()).map_err(|_| not_sent("the idempotency key cannot be sent"))?;
            value.set_sensitive(true);
            headers.insert(IDEMPOTENCY_KEY, value);
        }
        Ok(request)
    }
}

/// An error with its causes, which say more than it does.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl Answer {
    fn read_head(&mut self, status: http::StatusCode, headers: &HeaderMap) {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        self.status = status.as_u16();
        self.trace_id = text(TRACE_ID).filter(|id| id.len() <= TRACE_ID_MAX).map(str::to_owned);
        // The other form, a date, would need a clock that agrees with Toss's.
        self.retry_after = text(RETRY_AFTER.as_str()).and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    }

    /// The status, if one arrived.
    fn arrived(&self) -> Option<u16> {
        (self.status != 0).then_some(self.status)
    }

    fn record(&self) {
        if let Some(status) = self.arrived() {
            self.call.span.record("status", status);
        }
        if let Some(id) = &self.trace_id {
            self.call.span.record("trace_id", id.as_str());
        }
    }

    /// No complete answer.
    fn broken(self, error: TransportError, body_max: usize) -> Error {
        let cause = match error.failure() {
            TransportFailure::NotSent => UnknownCause::NotSent,
            TransportFailure::TimedOut => UnknownCause::TimedOut,
            TransportFailure::Reset => UnknownCause::Reset,
            TransportFailure::BodyTooLarge => {
                let cause = self.undecided().unwrap_or(UnknownCause::Unreadable);
                return self.unknown(cause, None, format!("the body is larger than {body_max} bytes"));
            }
        };
        let source = error.into_source();
        let detail = source.as_deref().map(|source| chain(source)).unwrap_or_default();
        let status = self.arrived();
        let source = source.map(Arc::from);
        self.tell_unknown(cause, None);
        let Answer { trace_id, retry_after, .. } = self;
        UnknownOutcome { cause, status, code: None, raw: None, trace_id, retry_after, detail, source }.into()
    }

    /// Reads the answer: a 200 with what was asked for, or the reason why not.
    pub(crate) fn read<T>(self, effect: Effect, decode: impl FnOnce(&str) -> Result<T, DecodeError>) -> Result<Response<T>, Error> {
        self.read_if(effect, decode, |_| None)
    }

    /// Reads the answer and holds it against what was asked for: `differs` names the field by which it is about something else.
    pub(crate) fn read_if<T>(
        self,
        effect: Effect,
        decode: impl FnOnce(&str) -> Result<T, DecodeError>,
        differs: impl FnOnce(&T) -> Option<&'static str>,
    ) -> Result<Response<T>, Error> {
        let span = self.call.span.clone();
        let _entered = span.enter();
        if self.status != 200 {
            return Err(self.refusal(effect));
        }
        let mut answer = self;
        let raw = match String::from_utf8(std::mem::take(&mut answer.body)) {
            Ok(raw) => raw,
            Err(error) => {
                let detail = error.utf8_error().to_string();
                answer.body = error.into_bytes();
                return Err(answer.unknown(UnknownCause::Unreadable, None, detail));
            }
        };
        match decode(&raw).map(|value| (differs(&value), value)) {
            Ok((Some(field), _)) => {
                answer.body = raw.into_bytes();
                Err(answer.unknown(UnknownCause::Mismatch, None, format!("{field} differs from what was asked for")))
            }
            Ok((None, value)) => Ok(Response { value, raw, status: answer.status, trace_id: answer.trace_id, attempts: 1 }),
            Err(error) => {
                answer.body = raw.into_bytes();
                Err(answer.unknown(UnknownCause::Unreadable, None, error.to_string()))
            }
        }
    }

    /// Only a 4xx with a readable code is a decision, and two of the 4xx are not.
    fn refusal(self, effect: Effect) -> Error {
        match (self.undecided(), self.error_body()) {
            (None, Some(ErrorBody { code, message, trace_id: _ })) => {
                let (status, class) = (self.status, class(effect, self.status, &code));
                let (method, path, trace_id) = (&self.call.method, self.call.template.as_str(), self.trace_id.as_deref());
                tracing::info!(%method, path, status, trace_id, %code, %class, "Toss refused");
                let raw = String::from_utf8_lossy(&self.body).into_owned();
                Rejected { status, class, code, message, trace_id: self.trace_id, retry_after: self.retry_after, raw }.into()
            }
            (None, None) => {
                let elsewhere = std::str::from_utf8(&self.body).ok().and_then(|text| ErrorBody::from_json(text).ok());
                let detail = if elsewhere.is_some() {
                    "an error in a form in which these calls are not refused"
                } else {
                    "the body is not an error of Toss"
                };
                self.unknown(UnknownCause::Unreadable, elsewhere.map(|said| said.code), detail.to_owned())
            }
            (Some(cause), said) => self.unknown(cause, said.map(|said| said.code), String::new()),
        }
    }

    /// The statuses at which nothing is decided, whatever the body says.
    fn undecided(&self) -> Option<UnknownCause> {
        match self.status {
            409 => Some(UnknownCause::Conflict),
            429 => Some(UnknownCause::TooManyRequests),
            500..=599 => Some(UnknownCause::ServerError),
            400..=499 => None,
            _ => Some(UnknownCause::Unreadable),
        }
    }

    fn error_body(&self) -> Option<ErrorBody> {
        ErrorBody::flat(std::str::from_utf8(&self.body).ok()?).ok()
    }

    fn unknown(self, cause: UnknownCause, code: Option<ErrorCode>, detail: String) -> Error {
        self.tell_unknown(cause, code.as_ref());
        let raw = (!self.body.is_empty()).then(|| capped(&self.body));
        let status = self.arrived();
        let Answer { trace_id, retry_after, .. } = self;
        UnknownOutcome { cause, status, code, raw, trace_id, retry_after, detail, source: None }.into()
    }

    fn tell_unknown(&self, cause: UnknownCause, code: Option<&ErrorCode>) {
        let (method, path, trace_id) = (&self.call.method, self.call.template.as_str(), self.trace_id.as_deref());
        let (status, code) = (self.arrived(), code.map(ErrorCode::as_str));
        tracing::warn!(%method, path, status, trace_id, code, %cause, "the outcome is unknown");
    }
}

/// As much of a body as an [`UnknownOutcome`] keeps.
pub(crate) fn capped(body: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(&body[..body.len().min(UnknownOutcome::RAW_MAX)]).into_owned();
    // A replacement character is longer than the byte that it stands for.
    text.truncate(text.floor_char_boundary(UnknownOutcome::RAW_MAX));
    text
}

#[cfg(test)]
mod tests;
