//! The content security policy follows the Toss that is configured, and what it keeps out is reported.

use crate::app::{DEADLINE, TestApp};
use crate::raw;
use leptos::config::LeptosOptions;
use serde_json::json;
use std::net::SocketAddr;
use toss_checkout::server::Server;
use toss_checkout::server::config::Config;

/// Keys that Toss publishes for trying things out.
const CLIENT_KEY: &str = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
const SECRET_KEY: &str = "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6";

/// The policy of the order sheet of a shop with a Toss outside its process. Nothing answers at that address, and nothing is
/// asked for: a browser would load the widget.
async fn policy_with(toss: &[(&str, &str)]) -> String {
    policy_of(toss, false).await
}

async fn policy_of(toss: &[(&str, &str)], is_watched: bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/shop.db", folder.path().display());
    let mut config = Config::read(|name| match name {
        "DATABASE_URL" => Some(database.clone()),
        "TOSS_CLIENT_KEY" => Some(CLIENT_KEY.to_owned()),
        "TOSS_SECRET_KEY" => Some(SECRET_KEY.to_owned()),
        _ => toss.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
    })
    .unwrap();
    config.is_watched = is_watched;
    let site = LeptosOptions::builder().output_name("toss-checkout").site_root("target/site");
    let site = site.site_addr(SocketAddr::from(([127, 0, 0, 1], 0))).build();
    let server = Server::bind(config, site, None).await.unwrap();
    let addr = server.addr;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(server.run(false, async {
        let _ = stopped.await;
    }));
    let answer = raw::send(addr, "GET /checkout", &[], "").await;
    stop.send(()).unwrap();
    tokio::time::timeout(DEADLINE, served).await.unwrap().unwrap();
    let header = answer.lines().find_map(|line| line.strip_prefix("content-security-policy: "));
    header.unwrap_or_else(|| panic!("no policy: {answer}")).to_owned()
}

/// What a directive allows.
fn allowed<'a>(policy: &'a str, directive: &str) -> Option<&'a str> {
    policy.split("; ").find_map(|part| part.strip_prefix(directive)?.strip_prefix(' '))
}

/// SDK v2 shows its window in a frame on a computer; a policy for https alone leaves that frame empty.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sandbox_of_its_own_on_plain_http_can_show_its_window() {
    let origin = "http://127.0.0.1:9";
    let script = "http://127.0.0.1:9/v2/standard";
    let policy = policy_with(&[("TOSS_SDK", "v2"), ("TOSS_API_URL", origin), ("TOSS_WIDGET_URL", script)]).await;
    assert_eq!(allowed(&policy, "frame-src"), Some(origin), "{policy}");
    assert_eq!(allowed(&policy, "connect-src"), Some("'self' http://127.0.0.1:9"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "strict, as with the sandbox inside: {policy}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tosss_own_widget_gets_the_frames_it_may_need() {
    for sdk in ["v1", "v2"] {
        let policy = policy_with(&[("TOSS_SDK", sdk)]).await;
        assert_eq!(allowed(&policy, "frame-src"), Some("https:"), "{policy}");
    }
}

/// Known from the start: no page asks the environment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_reach_what_reloads_them_only_while_they_are_watched() {
    let (watched, alone) = (policy_of(&[], true).await, policy_of(&[], false).await);
    assert!(allowed(&watched, "connect-src").unwrap().ends_with(" ws://127.0.0.1:3001"), "{watched}");
    assert!(!alone.contains("ws://"), "{alone}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn violations_are_taken_as_both_kinds_of_browsers_report_them() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/checkout").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    let path = allowed(policy, "report-uri").unwrap();
    assert_eq!(allowed(policy, "report-to"), Some("csp"));
    assert_eq!(page.headers["reporting-endpoints"].to_str().unwrap(), format!("csp=\"{path}\""));
    assert!(!browser.get("/health").await.headers.contains_key("reporting-endpoints"), "only with a policy");

    let one = json!({"csp-report": {"effective-directive": "img-src", "blocked-uri": "https://evil.example/x?paymentKey=secret"}});
    let several = json!([{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "blockedURL": "inline"}}]);
    for (kind, body, status) in [
        ("application/csp-report", one.to_string(), 204),
        ("application/csp-report", one.to_string(), 204),
        ("application/reports+json", several.to_string(), 204),
        ("application/reports+json", "[]".to_owned(), 204),
        ("application/json", one.to_string(), 415),
        ("application/csp-report", "not JSON".to_owned(), 400),
        ("application/csp-report", " ".repeat(17 * 1024), 413),
    ] {
        let answer = browser.post(path, kind, body.clone()).await;
        assert_eq!(answer.status, status, "{kind} {}", &body[..body.len().min(80)]);
    }
    app.finish().await;
}
