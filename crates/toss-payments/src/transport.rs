//! One request, one answer, one judgement. Nothing here is repeated.

use crate::client::{Client, Response};
use crate::error::{DecodeError, Endpoint, Error, ErrorBody, ErrorCode, Rejected, Unknown, UnknownCause, class};
use crate::ids::IdempotencyKey;
use crate::payment::Payment;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Url};
use std::fmt::Write as _;
use std::time::Duration;

/// No payment comes near it; a body past it is not from Toss, and is not read to its end.
pub(crate) const BODY_MAX: usize = 1024 * 1024;
/// The same for a list, which has up to 10,000 entries of less than 3 KiB.
const LIST_MAX: usize = 32 * 1024 * 1024;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const TEST_CODE: HeaderName = HeaderName::from_static("tosspayments-test-code");
const TRACE_ID: &str = "x-tosspayments-trace-id";
const TRACE_ID_MAX: usize = 200;

/// A complete HTTP answer, not yet judged.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) trace_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) async fn get(&self, path: &[&str]) -> Result<Answer, Error> {
        exchange(self.http.request(Method::GET, url(&self.base_url, path)), BODY_MAX).await
    }

    /// Asks for a list.
    pub(crate) async fn list(&self, path: &[&str], query: &[(&str, String)]) -> Result<Answer, Error> {
        let mut url = url(&self.base_url, path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        exchange(self.http.request(Method::GET, url), LIST_MAX).await
    }

    pub(crate) async fn delete(&self, path: &[&str]) -> Result<Answer, Error> {
        exchange(self.http.request(Method::DELETE, url(&self.base_url, path)), BODY_MAX).await
    }

    pub(crate) async fn post(&self, path: &[&str], key: &IdempotencyKey, json: impl Into<reqwest::Body>) -> Result<Answer, Error> {
        let mut request = self
            .http
            .request(Method::POST, url(&self.base_url, path))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(IDEMPOTENCY_KEY, key.as_str())
            .body(json);
        // Toss looks at it on POSTs only (Toss docs `/reference/using-api/authorization`).
        if let Some(code) = &self.test_code {
            request = request.header(TEST_CODE, code.clone());
        }
        exchange(request, BODY_MAX).await
    }
}

/// Appends segments, each encoded so that it stays one segment whatever it contains.
///
/// Encoded here, since [`Url`] itself drops tabs and line breaks: a key without them could be that of another payment.
fn url(base: &Url, path: &[&str]) -> Url {
    let mut whole = base.path().strip_suffix('/').unwrap_or(base.path()).to_owned();
    for segment in path {
        whole.push('/');
        for byte in segment.bytes() {
            // What may stand in a segment as it is (RFC 3986, `pchar`).
            if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
                whole.push(char::from(byte));
            } else {
                write!(whole, "%{byte:02X}").expect("invariant: a String takes whatever is written");
            }
        }
    }
    let mut url = base.clone();
    url.set_path(&whole);
    url
}

async fn exchange(request: RequestBuilder, body_max: usize) -> Result<Answer, Error> {
    let mut response = request.send().await.map_err(|error| broken(error, None))?;
    let mut answer = Answer::head(response.status().as_u16(), response.headers());
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if answer.body.len() + chunk.len() <= body_max => answer.body.extend_from_slice(&chunk),
            Ok(Some(_)) => {
                let cause = answer.undecided().unwrap_or(UnknownCause::Unreadable);
                return Err(answer.unknown(cause, None, format!("the body is larger than {body_max} bytes")));
            }
            Ok(None) => return Ok(answer),
            Err(error) => return Err(broken(error, Some(answer))),
        }
    }
}

/// No complete answer. Only a connection that never came about proves that nothing was sent.
fn broken(error: reqwest::Error, begun: Option<Answer>) -> Error {
    let cause = if error.is_connect() || error.is_builder() {
        UnknownCause::NotSent
    } else if error.is_timeout() {
        UnknownCause::TimedOut
    } else {
        UnknownCause::Reset
    };
    // The address contains the payment key.
    let detail = chain(&error.without_url());
    let status = begun.as_ref().map(|answer| answer.status);
    let (trace_id, retry_after) = begun.map_or((None, None), |answer| (answer.trace_id, answer.retry_after));
    Error::Unknown(Box::new(Unknown { cause, status, code: None, raw: None, trace_id, retry_after, detail }))
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
    /// An answer whose body has not come yet.
    fn head(status: u16, headers: &HeaderMap) -> Answer {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let trace_id = text(TRACE_ID).filter(|id| id.len() <= TRACE_ID_MAX).map(str::to_owned);
        // The other form, a date, would need a clock that agrees with Toss's.
        let retry_after = text(RETRY_AFTER.as_str()).and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        Answer { status, trace_id, retry_after, body: Vec::new() }
    }

    /// Reads the answer to a call that brings a payment.
    pub(crate) fn payment(self, endpoint: Endpoint) -> Result<Response<Payment>, Error> {
        self.read(endpoint, Payment::from_json)
    }

    /// Reads the answer: a 200 with what was asked for, or the reason why not.
    pub(crate) fn read<T>(self, endpoint: Endpoint, decode: impl FnOnce(&str) -> Result<T, DecodeError>) -> Result<Response<T>, Error> {
        if self.status != 200 {
            return Err(self.refusal(endpoint));
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
        match decode(&raw) {
            Ok(value) => Ok(Response { value, raw, status: answer.status, trace_id: answer.trace_id }),
            Err(error) => {
                answer.body = raw.into_bytes();
                Err(answer.unknown(UnknownCause::Unreadable, None, error.to_string()))
            }
        }
    }

    /// Only a 4xx with a readable code is a decision, and two of the 4xx are not.
    fn refusal(self, endpoint: Endpoint) -> Error {
        match (self.undecided(), self.error_body()) {
            (None, Some(ErrorBody { code, message })) => Error::Rejected(Box::new(Rejected {
                status: self.status,
                class: class(endpoint, self.status, &code),
                code,
                message,
                trace_id: self.trace_id,
                retry_after: self.retry_after,
                raw: String::from_utf8_lossy(&self.body).into_owned(),
            })),
            (None, None) => self.unknown(UnknownCause::Unreadable, None, "the body is not an error of Toss".to_owned()),
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
        ErrorBody::from_json(std::str::from_utf8(&self.body).ok()?).ok()
    }

    fn unknown(self, cause: UnknownCause, code: Option<ErrorCode>, detail: String) -> Error {
        let raw = (!self.body.is_empty()).then(|| capped(&self.body));
        Error::Unknown(Box::new(Unknown {
            cause,
            status: Some(self.status),
            code,
            raw,
            trace_id: self.trace_id,
            retry_after: self.retry_after,
            detail,
        }))
    }
}

/// As much of a body as an [`Unknown`] keeps.
pub(crate) fn capped(body: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(&body[..body.len().min(Unknown::RAW_MAX)]).into_owned();
    // A replacement character is longer than the byte that it stands for.
    text.truncate(text.floor_char_boundary(Unknown::RAW_MAX));
    text
}

#[cfg(test)]
mod tests;
