//! What a request has to be before any handler sees it: for this host, from the shop's own pages or no page at all, of a
//! bounded size, whole in time, and for a path that a file can have.

use super::context::Context;
use super::hourly::{Hourly, printable};
use super::problem;
use super::visit::Visit;
use crate::domain::lang::Lang;
use crate::view::api_error::ApiError;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::Response;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Larger than any body that the checkout takes.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// For all of a body, on the slowest phone.
const BODY_PATIENCE: Duration = Duration::from_secs(10);
/// What file systems take, less the `.br` under which a compressed copy is looked for.
const MAX_SEGMENT_BYTES: usize = 255 - 3;
/// Less than what systems take as a path, with room for the folder in front.
const MAX_PATH_BYTES: usize = 2048;
/// Foreign origins of which the log tells in an hour. Who makes up more of them tells nothing new.
const MAX_STRANGERS: usize = 64;
/// What the log has of an origin, and of a path.
const MAX_LOGGED_CHARS: usize = 100;
const FETCH_SITE: &str = "sec-fetch-site";

/// The state of [`check`].
#[derive(Clone)]
pub struct Guard {
    ctx: Context,
    patience: Duration,
    strangers: Arc<Hourly<Vec<String>>>,
}

impl Guard {
    /// With the limits that are written above.
    #[must_use]
    pub fn new(ctx: Context) -> Guard {
        Guard { ctx, patience: BODY_PATIENCE, strangers: Arc::new(Hourly::new(MAX_STRANGERS)) }
    }

    /// Waits for bodies as long as that.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Guard {
        Guard { patience, ..self }
    }

    /// A browser says of every request that can change something from where it comes, and no page can make it say
    /// otherwise. A request that says nothing comes from a program, which has no shopper's cookies.
    fn check_origin(&self, parts: &Parts) -> Result<(), Refusal> {
        if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        let headers = &parts.headers;
        if headers.contains_key(header::ORIGIN) {
            if shop_origin(&self.ctx, headers).is_some() {
                return Ok(());
            }
        } else if headers.get_all(FETCH_SITE).iter().all(|site| site == "same-origin" || site == "none") {
            return Ok(());
        }
        let origins = logged_origins(headers);
        if self.strangers.is_news(&origins, Instant::now()) {
            let path = printable(parts.uri.path(), MAX_LOGGED_CHARS);
            tracing::warn!(?origins, path, "a request from a page that is not the shop's was refused; is PUBLIC_URL right?");
        }
        Err(Refusal::ForeignOrigin)
    }
}

/// Two are as wrong as twenty.
fn logged_origins(headers: &HeaderMap) -> Vec<String> {
    let origins = headers.get_all(header::ORIGIN).iter().take(2);
    origins.map(|origin| printable(&String::from_utf8_lossy(origin.as_bytes()), MAX_LOGGED_CHARS)).collect()
}

/// Refuses what is not as it has to be, and hands on the rest with its body whole.
pub async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let has_body = !body.is_end_stream();
    let body = match check_host(&parts).and_then(|()| guard.check_origin(&parts)) {
        Ok(()) => whole_body(body, guard.patience).await,
        Err(refusal) => Err(refusal),
    };
    match body {
        Ok(body) if is_openable(parts.uri.path()) => next.run(Request::from_parts(parts, body)).await,
        Ok(_) => {
            let visit = Visit::read(&guard.ctx, &parts.headers);
            super::pages::no_such_page(State(guard.ctx), visit).await
        }
        Err(refusal) => {
            let mut answer = refusal.answer(parts.uri.path(), Visit::read(&guard.ctx, &parts.headers).lang);
            if has_body {
                // Not all of it has been read, so the connection ends here. Who is not told sends its next request into a closed one.
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            answer
        }
    }
}

/// Why a request is refused.
#[derive(Clone, Copy)]
enum Refusal {
    ForeignOrigin,
    NoHost,
    TooLarge,
    TooSlow,
    BrokenOff,
}

impl Refusal {
    fn answer(self, path: &str, lang: Lang) -> Response {
        let (status, ko, en) = match self {
            Refusal::ForeignOrigin => return problem::of(ApiError::ForeignOrigin, path, lang),
            Refusal::NoHost => (
                StatusCode::BAD_REQUEST,
                "요청에는 Host 헤더가 하나 있어야 하고, 호스트 하나를 가리켜야 해요.",
                "A request has to name one host, in one Host header.",
            ),
            Refusal::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "본문이 너무 커요. 65536바이트까지 보낼 수 있어요.",
                "The body is larger than the 65536 bytes that the shop takes.",
            ),
            Refusal::TooSlow => {
                (StatusCode::REQUEST_TIMEOUT, "본문이 10초 안에 다 오지 않았어요.", "The body did not come whole within 10 seconds.")
            }
            Refusal::BrokenOff => (StatusCode::BAD_REQUEST, "본문이 도중에 끊겼어요.", "The body broke off."),
        };
        let message = match lang {
            Lang::Ko => ko,
            Lang::En => en,
        };
        problem::at(path, status, ApiError::BadRequest.code(), message)
    }
}

/// HTTP/1.1 demands one `Host`. With two, a proxy and the shop may each believe another.
fn check_host(parts: &Parts) -> Result<(), Refusal> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if parts.version < Version::HTTP_11 => Ok(()),
        (Some(host), None) if !host.as_bytes().trim_ascii().is_empty() => Ok(()),
        _ => Err(Refusal::NoHost),
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

/// The same body in memory.
async fn whole_body(body: Body, patience: Duration) -> Result<Body, Refusal> {
    if body.is_end_stream() {
        return Ok(body);
    }
    // What says that it is too large is not waited for.
    if body.size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(Refusal::TooLarge);
    }
    tokio::time::timeout(patience, whole(body)).await.unwrap_or(Err(Refusal::TooSlow)).map(Body::from)
}

async fn whole(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let mut whole = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        // What is no data is a trailer, which nothing here reads.
        let Ok(chunk) = frame.map_err(|_| Refusal::BrokenOff)?.into_data() else { continue };
        if whole.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(Refusal::TooLarge);
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

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
    fn of_an_origin_the_log_has_a_short_line() {
        let long = format!("https://{}.example", "x".repeat(500));
        let origins =
            ["https://a\u{e9}\tb", &long, "https://third.example"].map(|origin| HeaderValue::from_bytes(origin.as_bytes()).unwrap());
        let logged = logged_origins(&origins.into_iter().map(|origin| (header::ORIGIN, origin)).collect());
        assert_eq!(logged, ["https://ab", &long[..MAX_LOGGED_CHARS]]);
    }
}
