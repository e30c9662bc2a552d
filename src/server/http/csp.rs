//! The content security policy: what a page may load, as far as the configured Toss needs it, and what browsers report to
//! have kept out.

use super::context::Context;
use super::hourly::{Hourly, printable};
use crate::domain::routes::CSP_REPORT;
use crate::server::config::origin_of;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::routing::{MethodRouter, post};
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;
use toss_widget::Sdk;

/// [`CSP_REPORT`] for the Reporting API, which knows places by name.
pub const REPORTING_ENDPOINTS: &str = "csp=\"/csp-report\"";

/// More than a browser has to say about a page.
const MAX_REPORT_BYTES: usize = 16 * 1024;
/// Anybody may report anything: so many kinds are remembered, and logged, before the hour is over.
const MAX_KINDS: usize = 50;
const MAX_DIRECTIVE_CHARS: usize = 40;
const MAX_ORIGIN_CHARS: usize = 120;

/// The policy of a page.
#[must_use]
pub fn content_security_policy(ctx: &Context, nonce: &str) -> String {
    policy(ctx.toss.widget_origin(), nonce, &reload_socket(ctx))
}

/// Decided by where the widget comes from. Toss documents no policy for its own, so that one is as strict as scripts allow
/// and leaves frames, pictures and styles to https (assumed; watch the reports when going live). Any other widget is a
/// sandbox, in this process or out of it: its scripts ask their own origin, show its window in a frame, and style themselves
/// with constructed sheets.
fn policy(widget: &str, nonce: &str, watch: &str) -> String {
    let toss = if is_tosss_own(widget) {
        format!(
            "form-action 'self' https:; connect-src 'self' {widget} https://*.tosspayments.com https://*.toss.im{watch}; frame-src https:; \
             img-src 'self' data: https:; style-src 'self' 'unsafe-inline' https:; font-src https: data:"
        )
    } else {
        format!("form-action 'self'; connect-src 'self' {widget}{watch}; frame-src {widget}; img-src 'self' data:; style-src 'self'")
    };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval' 'self'; {toss}; \
         manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri {CSP_REPORT}; report-to csp"
    )
}

fn is_tosss_own(origin: &str) -> bool {
    let origin = origin.strip_suffix(":443").unwrap_or(origin);
    [Sdk::V1, Sdk::V2].into_iter().any(|sdk| origin_of(sdk.default_src()).eq_ignore_ascii_case(origin))
}

/// `cargo leptos watch` reloads the page through a socket of its own.
fn reload_socket(ctx: &Context) -> String {
    if ctx.config.is_watched { format!(" ws://{}:{}", ctx.site.site_addr.ip(), ctx.site.reload_port) } else { String::new() }
}

/// `POST` [`CSP_REPORT`]
pub fn reports() -> MethodRouter<Context> {
    let kinds = Arc::new(Hourly::new(MAX_KINDS));
    post(move |request: Request| report(Arc::clone(&kinds), request)).layer(DefaultBodyLimit::max(MAX_REPORT_BYTES))
}

async fn report(kinds: Arc<Hourly<Violation>>, request: Request) -> StatusCode {
    let format = match request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).and_then(Format::of) {
        Some(format) => format,
        None => return StatusCode::UNSUPPORTED_MEDIA_TYPE,
    };
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(error) => return error.status(),
    };
    let Ok(value) = serde_json::from_slice::<Value>(&body) else { return StatusCode::BAD_REQUEST };
    for violation in format.violations(&value) {
        if kinds.is_news(&violation, Instant::now()) {
            let Violation { directive, blocked } = violation;
            tracing::warn!(directive, blocked, "a browser says that the content security policy kept something out of a page");
        }
    }
    StatusCode::NO_CONTENT
}

/// How browsers write reports.
#[derive(Clone, Copy)]
enum Format {
    /// Of `report-uri`: one.
    One,
    /// Of the Reporting API: several, also of other things.
    Several,
}

impl Format {
    fn of(content_type: &str) -> Option<Format> {
        match content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/csp-report" => Some(Format::One),
            "application/reports+json" => Some(Format::Several),
            _ => None,
        }
    }

    fn violations(self, value: &Value) -> Vec<Violation> {
        match self {
            Format::One => Violation::read(&value["csp-report"]).into_iter().collect(),
            Format::Several => {
                let reports = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let violations = reports.iter().filter(|report| report["type"] == "csp-violation");
                violations.filter_map(|report| Violation::read(&report["body"])).collect()
            }
        }
    }
}

/// What was kept out, as far as the log may have it. Of an address nothing but its origin: the rest may carry a paymentKey.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Violation {
    directive: String,
    blocked: String,
}

impl Violation {
    fn read(report: &Value) -> Option<Violation> {
        let text = |names: [&str; 2]| names.into_iter().find_map(|name| report[name].as_str());
        let directive =
            text(["effective-directive", "effectiveDirective"]).or_else(|| text(["violated-directive", "violatedDirective"]))?;
        // Older browsers put the whole directive there.
        let directive = directive.split_whitespace().next().unwrap_or_default();
        let blocked = text(["blocked-uri", "blockedURL"]).unwrap_or_default();
        Some(Violation {
            directive: printable(directive, MAX_DIRECTIVE_CHARS),
            blocked: printable(origin_alone(blocked), MAX_ORIGIN_CHARS),
        })
    }
}

/// Scheme, host and port; of what has no host the word before the colon (`data`), or all of it (`inline`). Where a name and a
/// password stand before the host they go, and the scheme with them.
fn origin_alone(address: &str) -> &str {
    const AFTER_WORD: [char; 5] = [':', '/', '?', '#', '\\'];
    const AFTER_HOST: [char; 4] = ['/', '?', '#', '\\'];
    let word_ends = address.find(AFTER_WORD).unwrap_or(address.len());
    let (word, rest) = address.split_at(word_ends);
    let Some(host) = rest.strip_prefix("://") else { return word };
    let host_ends = host.find(AFTER_HOST).unwrap_or(host.len());
    let origin = &address[..address.len() - host.len() + host_ends];
    origin.rsplit_once('@').map_or(origin, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SANDBOX: &str = "http://127.0.0.1:3100";

    /// What a directive of the policy allows.
    fn allowed<'a>(policy: &'a str, directive: &str) -> Option<&'a str> {
        policy.split("; ").find_map(|part| part.strip_prefix(directive)?.strip_prefix(' '))
    }

    #[test]
    fn a_sandbox_is_named_wherever_it_runs_and_nothing_else_is_open() {
        for widget in [SANDBOX, "https://sandbox.shop.example"] {
            let policy = policy(widget, "n", "");
            assert_eq!(allowed(&policy, "frame-src"), Some(widget));
            assert_eq!(allowed(&policy, "connect-src"), Some(format!("'self' {widget}").as_str()));
            assert_eq!(allowed(&policy, "form-action"), Some("'self'"));
            assert!(!policy.contains("https: ") && !policy.contains("https:;") && !policy.contains("unsafe-inline"), "{policy}");
        }
    }

    #[test]
    fn tosss_own_widget_may_open_frames_that_nobody_has_listed() {
        for sdk in [Sdk::V1, Sdk::V2] {
            let origin = origin_of(sdk.default_src());
            for written in [origin.to_owned(), origin.to_ascii_uppercase(), format!("{origin}:443")] {
                let policy = policy(&written, "n", "");
                assert_eq!(allowed(&policy, "frame-src"), Some("https:"), "{written}");
            }
        }
        assert_eq!(
            allowed(&policy("http://js.tosspayments.com.evil.example", "n", ""), "frame-src"),
            Some("http://js.tosspayments.com.evil.example")
        );
    }

    #[test]
    fn every_policy_names_where_to_report() {
        let policy = policy(SANDBOX, "n", " ws://127.0.0.1:3001");
        assert_eq!(allowed(&policy, "report-uri"), Some(CSP_REPORT));
        assert_eq!(allowed(&policy, "report-to"), Some("csp"));
        assert_eq!(REPORTING_ENDPOINTS, format!("csp=\"{CSP_REPORT}\""));
    }

    fn violation(directive: &str, blocked: &str) -> Violation {
        Violation { directive: directive.to_owned(), blocked: blocked.to_owned() }
    }

    #[test]
    fn both_formats_are_read_and_an_address_leaves_nothing_but_its_origin() {
        let page = "https://shop.example/success?paymentKey=secret";
        let one = json!({"csp-report": {
            "document-uri": page, "violated-directive": "frame-src https://a.example", "blocked-uri": "https://u:p@evil.example:8443/x?paymentKey=secret",
        }});
        assert_eq!(Format::One.violations(&one), [violation("frame-src", "evil.example:8443")]);
        let several = json!([
            {"type": "deprecation", "body": {"id": "x"}},
            {"type": "csp-violation", "url": page, "body": {"effectiveDirective": "img-src", "blockedURL": "https://evil.example?paymentKey=secret"}},
            {"type": "csp-violation", "body": {"effectiveDirective": "script-src-elem", "blockedURL": "inline"}},
            {"type": "csp-violation", "body": null},
        ]);
        assert_eq!(
            Format::Several.violations(&several),
            [violation("img-src", "https://evil.example"), violation("script-src-elem", "inline")]
        );
        for nonsense in [json!(null), json!([]), json!({"csp-report": 1}), json!("csp-report")] {
            assert!(Format::One.violations(&nonsense).is_empty() && Format::Several.violations(&nonsense).is_empty(), "{nonsense}");
        }
    }

    #[test]
    fn of_an_address_its_origin_is_left_however_it_is_written() {
        for (address, left) in [
            ("https://toss.example", "https://toss.example"),
            ("http://127.0.0.1:3100/v2/standard?x#y", "http://127.0.0.1:3100"),
            ("wss://a.example\\secret", "wss://a.example"),
            ("/success?paymentKey=secret&next=https://a.example", ""),
            ("x?paymentKey=secret://a", "x"),
            ("blob:https://a.example/secret", "blob"),
            ("data", "data"),
            ("", ""),
        ] {
            assert_eq!(origin_alone(address), left, "{address}");
        }
    }

    #[test]
    fn a_report_cannot_write_a_line_of_the_log_or_fill_it() {
        let report = json!({"csp-report": {
            "effective-directive": format!("img-src\u{1b}[31m{}", "x".repeat(500)), "blocked-uri": format!("data:text/html,\n{}", "x".repeat(500)),
        }});
        assert_eq!(Format::One.violations(&report), [violation(&format!("img-src[31m{}", "x".repeat(MAX_DIRECTIVE_CHARS - 11)), "data")]);
        let report = json!({"csp-report": {
            "effective-directive": "img-src", "blocked-uri": format!("https://a\r\n WARN paid\u{202e}.{}", "x".repeat(500)),
        }});
        let blocked = &Format::One.violations(&report)[0].blocked;
        assert!(blocked.starts_with("https://aWARNpaid.x") && blocked.len() == MAX_ORIGIN_CHARS, "{blocked}");
    }
}
