//! An answer as bytes on the wire, and what faults make of it there.

use std::{convert::Infallible, io};

use super::{Answer, falsify::falsify};
use crate::{clock::Clock, fault::After};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::{StreamExt, stream};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// The response, and its body before it is slowed down or cut off.
pub(super) fn response(answer: Answer, after: Option<After>, clock: &Clock) -> (Response, Bytes) {
    let Answer { status, body } = answer;
    match after {
        // The first three have struck before there was anything to send.
        None | Some(After::Error | After::Timeout | After::Reset) => whole(status, JSON, body),
        Some(After::Slow(pause)) => {
            let (first, rest) = halves(&body);
            let pause = clock.sleep(pause);
            let late = stream::once(async move {
                pause.await;
                Ok(rest)
            });
            let parts = stream::iter([Ok::<_, Infallible>(first)]).chain(late);
            (sized(status, JSON, body.len(), Body::from_stream(parts)), body)
        }
        Some(After::Truncated) => {
            let (first, _) = halves(&body);
            let parts = stream::iter([Ok(first), Err(io::Error::other("truncated on purpose"))]);
            (sized(status, JSON, body.len(), Body::from_stream(parts)), body)
        }
        Some(After::Garbage) => whole(StatusCode::OK, JSON, Bytes::from_static(b"{\"mId\":\"tsand")),
        Some(After::Html) => whole(
            StatusCode::INTERNAL_SERVER_ERROR,
            HTML,
            Bytes::from_static(b"<html><body><h1>500 Internal Server Error</h1></body></html>"),
        ),
        Some(After::Falsified(lie)) => {
            // An error tells nothing that could be falsified.
            let lied = if status == StatusCode::OK { falsify(&body, lie) } else { None };
            let body = lied.unwrap_or(body);
            whole(status, JSON, body)
        }
    }
}

fn halves(body: &Bytes) -> (Bytes, Bytes) {
    let middle = body.len() / 2;
    (body.slice(..middle), body.slice(middle..))
}

fn whole(status: StatusCode, content_type: HeaderValue, body: Bytes) -> (Response, Bytes) {
    (sized(status, content_type, body.len(), Body::from(body.clone())), body)
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
