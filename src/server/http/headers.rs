//! The headers of every answer: who may frame it, what it tells others, where a browser reports what it kept out.

use super::context::Context;
use super::csp;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Adds what holds for every answer and was not set by its handler.
pub async fn common(State(ctx): State<Context>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if ctx.config.http.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(HeaderName::from_static("reporting-endpoints"), HeaderValue::from_static(csp::REPORTING_ENDPOINTS));
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A paymentKey in the address of /success must not reach anybody through the referrer.
        (header::REFERRER_POLICY, "strict-origin"),
        // Payment windows open as pop-ups and have to be able to answer (Toss docs, security).
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin-allow-popups"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
