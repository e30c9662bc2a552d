//! The headers of every answer: what a page may load, who may frame it, what it tells others.

use super::config::origin_of;
use super::context::Context;
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

/// The content security policy of a page. Toss documents none for its widget, so the one for the real Toss is as strict
/// as scripts allow and leaves frames, pictures and styles to https (assumed; watch the console when going live).
#[must_use]
pub fn content_security_policy(ctx: &Context, nonce: &str) -> String {
    let toss = if ctx.toss.is_sandbox {
        let sandbox = origin_of(&ctx.toss.widget_url);
        format!(
            "form-action 'self'; connect-src 'self' {sandbox}{watch}; frame-src {sandbox}; img-src 'self' data:; style-src 'self'",
            watch = reload_socket(ctx)
        )
    } else {
        let widget = ctx.toss.widget_origin();
        format!(
            "form-action 'self' https:; connect-src 'self' {widget} https://*.tosspayments.com https://*.toss.im{watch}; frame-src https:; img-src 'self' data: https:; \
             style-src 'self' 'unsafe-inline' https:; font-src https: data:",
            watch = reload_socket(ctx)
        )
    };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval' 'self'; {toss}; \
         manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// `cargo leptos watch` reloads the page through a socket of its own.
fn reload_socket(ctx: &Context) -> String {
    if std::env::var_os("LEPTOS_WATCH").is_some() {
        format!(" ws://{}:{}", ctx.site.site_addr.ip(), ctx.site.reload_port)
    } else {
        String::new()
    }
}
