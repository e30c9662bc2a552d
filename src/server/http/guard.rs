//! What a request has to be before any handler sees it: for this host, from the shop's own pages or no page at all, of a
//! bounded size, whole in time, and for a path that a file can have.

use super::context::Context;
use super::visit::Visit;
use crate::domain::routes;
use axum::Json;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Larger than any body that the checkout takes.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// For all of a body, on the slowest phone.
const BODY_PATIENCE: Duration = Duration::from_secs(10);
/// What file systems take, less the `.br` under which a compressed copy is looked for.
const MAX_SEGMENT_BYTES: usize = 255 - 3;
/// Less than what systems take as a path, with room for the folder in front.
const MAX_PATH_BYTES: usize = 2048;
/// Foreign origins of which the log tells. Who makes up more of them tells nothing new.
const MAX_STRANGERS: usize = 64;
const FETCH_SITE: &str = "sec-fetch-site";

/// The state of [`check`].
#[derive(Clone)]
pub struct Guard {
    ctx: Context,
    patience: Duration,
    strangers: Arc<Strangers>,
}

impl Guard {
    /// With the limits that are written above.
    #[must_use]
    pub fn new(ctx: Context) -> Guard {
        Guard { ctx, patience: BODY_PATIENCE, strangers: Arc::default() }
    }

    /// Waits for bodies as long as that.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Guard {
        Guard { patience, ..self }
    }

    /// A browser says of every request that can change something from where it comes, and no page can make it say
    /// otherwise. A request that says nothing comes from a program, which has no shopper's cookies.
    fn check_origin(&self, request: &Request) -> Result<(), Refusal> {
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        let headers = request.headers();
        if headers.contains_key(header::ORIGIN) {
            if shop_origin(&self.ctx, headers).is_some() {
                return Ok(());
            }
        } else if headers.get_all(FETCH_SITE).iter().all(|site| site == "same-origin" || site == "none") {
            return Ok(());
        }
        let origins: Vec<&HeaderValue> = headers.get_all(header::ORIGIN).iter().collect();
        if self.strangers.is_new(&origins) {
            let path = request.uri().path();
            tracing::warn!(?origins, path, "a request from a page that is not the shop's was refused; is PUBLIC_URL right?");
        }
        Err(FOREIGN_ORIGIN)
    }
}

/// Refuses what is not as it has to be, and hands on the rest with its body whole.
pub async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let is_for_programs = is_for_programs(request.uri().path());
    if let Err(refusal) = check_host(&request).and_then(|()| guard.check_origin(&request)) {
        return refusal.into_answer(is_for_programs);
    }
    let request = match with_whole_body(request, guard.patience).await {
        Ok(request) => request,
        Err(refusal) => return refusal.into_answer(is_for_programs),
    };
    if !is_openable(request.uri().path()) {
        let visit = Visit::read(&guard.ctx, request.headers());
        return super::pages::no_such_page(State(guard.ctx), visit).await;
    }
    next.run(request).await
}

/// What is refused and why.
#[derive(Clone, Copy)]
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

const FOREIGN_ORIGIN: Refusal = Refusal {
    status: StatusCode::FORBIDDEN,
    code: "FOREIGN_ORIGIN",
    message: "this request came from a page that is not the shop's; open the shop by its own address and try again",
};

const fn invalid(status: StatusCode, message: &'static str) -> Refusal {
    Refusal { status, code: "INVALID_REQUEST", message }
}

const NO_HOST: Refusal = invalid(StatusCode::BAD_REQUEST, "a request has to name one host, in one Host header");
const TOO_LARGE: Refusal = invalid(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than the 65536 bytes that the shop takes");
const TOO_SLOW: Refusal = invalid(StatusCode::REQUEST_TIMEOUT, "the body did not come whole within 10 seconds");
const BROKEN_OFF: Refusal = invalid(StatusCode::BAD_REQUEST, "the body broke off");

impl Refusal {
    /// As the endpoints for programs answer, or in words.
    fn into_answer(self, is_for_programs: bool) -> Response {
        if is_for_programs {
            (self.status, Json(serde_json::json!({ "code": self.code, "message": self.message }))).into_response()
        } else {
            (self.status, self.message).into_response()
        }
    }
}

fn is_for_programs(path: &str) -> bool {
    path == routes::CONFIRM || path.strip_prefix(routes::API).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// HTTP/1.1 demands one `Host`. With two, a proxy and the shop may each believe another.
fn check_host(request: &Request) -> Result<(), Refusal> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if request.version() < Version::HTTP_11 => Ok(()),
        (Some(host), None) if !host.as_bytes().trim_ascii().is_empty() => Ok(()),
        _ => Err(NO_HOST),
    }
}

/// Scheme, host and port of the page that asks, if it is the shop's: its public address, or, as long as no real money
/// moves, any page of this machine (another port, or the development server of a front end). The public address where
/// nothing is said.
#[must_use]
pub fn shop_origin(ctx: &Context, headers: &HeaderMap) -> Option<String> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let public = &ctx.config.http.public_url;
    match (origins.next(), origins.next()) {
        (None, _) => Some(public.clone()),
        (Some(origin), None) => {
            let origin = origin.to_str().ok()?;
            let is_own = origin == public || (!ctx.config.is_live() && is_loopback(origin));
            is_own.then(|| origin.to_owned())
        }
        (Some(_), Some(_)) => None,
    }
}

fn is_loopback(origin: &str) -> bool {
    let is_port = |rest: &str| rest.strip_prefix(':').is_some_and(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .filter_map(|host| origin.strip_prefix(host))
        .any(|rest| rest.is_empty() || is_port(rest))
}

/// The same request with its body in memory.
async fn with_whole_body(request: Request, patience: Duration) -> Result<Request, Refusal> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    // What says that it is too large is not waited for.
    if request.body().size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(TOO_LARGE);
    }
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(patience, whole(body)).await.unwrap_or(Err(TOO_SLOW))?;
    Ok(Request::from_parts(parts, Body::from(body)))
}

async fn whole(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let mut whole = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        // What is no data is a trailer, which nothing here reads.
        let Ok(chunk) = frame.map_err(|_| BROKEN_OFF)?.into_data() else { continue };
        if whole.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(TOO_LARGE);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole)
}

/// Whether a file system can be asked for that path. It answers with an error where a name is too long or has a NUL in it,
/// which would look like a fault of the server.
fn is_openable(path: &str) -> bool {
    let length = |text: &str| text.len() - 2 * escapes(text);
    length(path) <= MAX_PATH_BYTES && !path.contains("%00") && path.split('/').all(|segment| length(segment) <= MAX_SEGMENT_BYTES)
}

/// How many bytes are written as `%` and two digits.
fn escapes(text: &str) -> usize {
    text.as_bytes().windows(3).filter(|three| three[0] == b'%' && three[1..].iter().all(u8::is_ascii_hexdigit)).count()
}

/// The foreign origins that were seen.
#[derive(Default)]
struct Strangers(Mutex<BTreeSet<Vec<Vec<u8>>>>);

impl Strangers {
    fn is_new(&self, origins: &[&HeaderValue]) -> bool {
        // No origin that is worth remembering is longer.
        const MAX_BYTES: usize = 300;
        let seen = origins.iter().map(|origin| origin.as_bytes().iter().copied().take(MAX_BYTES).collect()).take(2).collect();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.len() < MAX_STRANGERS && known.insert(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for origin in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:3000", "http://[::1]"] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in [
            "http://127.0.0.1.evil.example",
            "https://shop.example",
            "http://localhost.evil.example:80",
            "null",
            "http://evil.example:127",
            "http://localhost:",
            "http://localhost:80.evil.example",
            "http://127.0.0.1@evil.example",
        ] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }

    #[test]
    fn programs_are_told_in_json() {
        for path in ["/confirm", "/api", "/api/place_order"] {
            assert!(is_for_programs(path), "{path}");
        }
        for path in ["/", "/confirm/x", "/apis", "/checkout", "/preferences"] {
            assert!(!is_for_programs(path), "{path}");
        }
    }

    #[test]
    fn a_path_is_as_long_as_what_it_stands_for() {
        let korean = "%EA%B0%80".repeat(MAX_SEGMENT_BYTES / 3);
        for path in ["/", "/pkg/x.js", &format!("/{korean}"), &format!("/{0}/{0}", "x".repeat(MAX_SEGMENT_BYTES)), "/%", "/%%%", "/%zz"] {
            assert!(is_openable(path), "{path}");
        }
        for path in ["/a%00b", &format!("/{korean}x"), &format!("/a/{}", "x".repeat(MAX_SEGMENT_BYTES + 1)), &"/x".repeat(MAX_PATH_BYTES)] {
            assert!(!is_openable(path), "{path}");
        }
    }

    #[test]
    fn a_stranger_is_named_once_and_not_every_stranger_is() {
        let strangers = Strangers::default();
        let is_new = |origin: &str| strangers.is_new(&[&HeaderValue::from_str(origin).unwrap()]);
        assert!(is_new("https://evil.example") && !is_new("https://evil.example"));
        assert!(strangers.is_new(&[]) && !strangers.is_new(&[]));
        let named = (0..1000).filter(|number| is_new(&format!("https://{number}.example"))).count();
        assert_eq!(named, MAX_STRANGERS - 2);
    }
}
