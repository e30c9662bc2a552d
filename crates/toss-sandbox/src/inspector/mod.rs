//! The inspector: a page at `/` that shows what the sandbox knows, as it happens, and has a button for everything that
//! the control plane can do. The page is static; what it shows it reads from the control plane.

mod events;

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::world::World;

/// Where the files of the page are; it names them relative to `/`.
macro_rules! files {
    ($($name:literal as $kind:literal,)*) => {
        const FILES: &[File] = &[$(File {
            path: concat!("/sandbox/assets/inspector/", $name),
            kind: $kind,
            text: include_str!(concat!("../../assets/inspector/", $name)),
        }),*];
    };
}

#[derive(Clone, Copy)]
struct File {
    path: &'static str,
    kind: &'static str,
    text: &'static str,
}

files! {
    "inspector.css" as "text/css; charset=utf-8",
    "parts.css" as "text/css; charset=utf-8",
    "inspector.js" as "text/javascript; charset=utf-8",
    "api.js" as "text/javascript; charset=utf-8",
    "detail.js" as "text/javascript; charset=utf-8",
    "dom.js" as "text/javascript; charset=utf-8",
    "entries.js" as "text/javascript; charset=utf-8",
    "faults.js" as "text/javascript; charset=utf-8",
    "format.js" as "text/javascript; charset=utf-8",
    "lists.js" as "text/javascript; charset=utf-8",
    "start.js" as "text/javascript; charset=utf-8",
    "top.js" as "text/javascript; charset=utf-8",
}

const PAGE: File = File { path: "/", kind: "text/html; charset=utf-8", text: include_str!("../../assets/inspector/index.html") };

/// Nothing from elsewhere, nothing inline, no frame around it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<World> {
    FILES
        .iter()
        .fold(Router::new(), |router, file| router.route(file.path, get(|| async { serve(file) })))
        .route("/", get(|| async { serve(&PAGE) }))
}

/// Part of the control plane; an answer that does not end.
pub(crate) fn events() -> Router<World> {
    Router::new().route("/events", get(events::events))
}

fn serve(file: &'static File) -> Response {
    (
        [
            (header::CONTENT_TYPE, file.kind),
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        file.text,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    fn text(name: &str) -> &'static str {
        FILES.iter().find(|file| file.path.ends_with(name)).map(|file| file.text).unwrap_or_default()
    }

    #[test]
    fn every_fault_that_the_page_offers_is_one() {
        let offered: Vec<_> = text("/faults.js").split("kind: '").skip(1).filter_map(|rest| rest.split('\'').next()).collect();
        assert!(offered.len() > 15, "{offered:?}");
        for kind in offered {
            let json = match kind {
                "decline" | "status4xx" => format!(r#"{{"kind":"{kind}","code":"X"}}"#),
                "slow_body" => format!(r#"{{"kind":"{kind}","ms":1}}"#),
                _ => format!(r#"{{"kind":"{kind}"}}"#),
            };
            assert!(serde_json::from_str::<Fault>(&json).is_ok(), "{json}");
        }
    }

    /// The policy forbids it too; this says it before a browser does.
    #[test]
    fn no_script_makes_html_of_text() {
        for file in FILES.iter().chain([&PAGE]) {
            for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=", "onclick="] {
                assert!(!file.text.contains(way), "{} uses {way}", file.path);
            }
        }
    }
}
