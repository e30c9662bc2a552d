//! An answer as bytes on the wire, and what faults make of it there.

use std::{convert::Infallible, io};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::stream;
use serde_json::json;

use super::Answer;
use crate::{
    body::PaymentBody,
    clock::Clock,
    fault::{After, Lie},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

pub(super) fn response(answer: Answer, after: Option<After>, clock: &Clock) -> Response {
    let Answer { status, body } = answer;
    match after {
        // The first three have struck before there was anything to send.
        None | Some(After::Error | After::Timeout | After::Reset) => whole(status, JSON, body),
        Some(After::Slow(pause)) => {
            let (first, rest) = halves(&body);
            let clock = clock.clone();
            let parts = stream::unfold(Part::First(first), move |next| {
                let (clock, rest) = (clock.clone(), rest.clone());
                async move {
                    match next {
                        Part::First(bytes) => Some((Ok::<_, Infallible>(bytes), Part::Rest)),
                        Part::Rest => {
                            clock.sleep(pause).await;
                            Some((Ok(rest), Part::End))
                        }
                        Part::End => None,
                    }
                }
            });
            sized(status, JSON, body.len(), Body::from_stream(parts))
        }
        Some(After::Truncated) => {
            let (first, _) = halves(&body);
            let parts = stream::iter([Ok(first), Err(io::Error::other("truncated on purpose"))]);
            sized(status, JSON, body.len(), Body::from_stream(parts))
        }
        Some(After::Garbage) => whole(StatusCode::OK, JSON, Bytes::from_static(b"{\"mId\":\"tsand")),
        Some(After::Html) => whole(
            StatusCode::INTERNAL_SERVER_ERROR,
            HTML,
            Bytes::from_static(b"<html><body><h1>500 Internal Server Error</h1></body></html>"),
        ),
        Some(After::Falsified(lie)) => {
            let body = falsify(&body, lie).unwrap_or(body);
            whole(status, JSON, body)
        }
    }
}

/// What a slow body sends next.
enum Part {
    First(Bytes),
    Rest,
    End,
}

fn halves(body: &Bytes) -> (Bytes, Bytes) {
    let middle = body.len() / 2;
    (body.slice(..middle), body.slice(middle..))
}

fn whole(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Response {
    sized(status, content_type, body.len(), Body::from(body))
}

/// A response that promises `length` bytes, whatever the body then delivers.
fn sized(status: StatusCode, content_type: HeaderValue, length: usize, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// The Payment in `body` with one lie in it. An error body tells no payment, hence no lie.
fn falsify(body: &[u8], lie: Lie) -> Option<Bytes> {
    let mut payment: PaymentBody = serde_json::from_slice(body).ok()?;
    match lie {
        Lie::Status => payment.status = "SANDBOX_UNHEARD_OF".to_owned(),
        Lie::Amount => payment.total_amount += 1,
        Lie::OrderId => payment.order_id = "sandbox-other-order".to_owned(),
        Lie::ExtraFields => {
            payment.extra.insert("sandboxExtra".to_owned(), json!({"nested": [1, "둘", null]}));
            payment.extra.insert("sandboxFlag".to_owned(), json!(true));
        }
    }
    Some(payment.to_bytes().into())
}
