//! What no handler ever sees: requests for no host, from foreign pages, too large, too slow, and for paths too long.

use crate::app::TestApp;
use crate::listener::{Listener, exchange};
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use std::net::SocketAddr;
use std::time::Duration;
use toss_checkout::server::http::guard::{self, Guard, shop_origin};
use toss_checkout::server::http::listen::Limits;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

fn request(line: &str, fields: &str, body: &str) -> Vec<u8> {
    format!("{line} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n{fields}\r\n{body}").into_bytes()
}

fn post_of(path: &str, fields: &str, body: &str) -> Vec<u8> {
    request(&format!("POST {path}"), &format!("{fields}Content-Length: {}\r\n", body.len()), body)
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

fn is_json_of(answer: &str, code: &str) -> bool {
    answer.contains("content-type: application/json") && answer.contains(&format!("\"code\":\"{code}\""))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_names_one_host() {
    let app = TestApp::start().await;
    for fields in ["", "Host:\r\n", "Host:  \r\n", "Host: shop\r\nHost: shop\r\n", "Host: shop\r\nHost: evil.example\r\n"] {
        let answer = exchange(app.addr, format!("GET /health HTTP/1.1\r\n{fields}Connection: close\r\n\r\n").as_bytes()).await;
        assert_eq!(status(&answer), "400", "{fields:?}");
        assert!(
            answer.contains("Host") && answer.contains("x-content-type-options"),
            "in words, with the headers of every answer: {answer}"
        );
    }
    assert_eq!(status(&exchange(app.addr, b"GET /health HTTP/1.0\r\n\r\n").await), "200", "as load balancers ask");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_foreign_page_sends_does_nothing() {
    let app = TestApp::start().await;
    for foreign in [
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: \r\n",
        "Origin: http://127.0.0.1.evil.example\r\n",
        "Origin: http://127.0.0.1:3000\r\nOrigin: https://evil.example\r\n",
        "Origin: http://127.0.0.1:3000\r\nOrigin: http://127.0.0.1:3000\r\n",
        "Origin: http://127.0.0.1:3000\u{e9}\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n",
    ] {
        // What a page may send to any other without asking: a form, or text.
        let text = format!("{foreign}Content-Type: text/plain\r\n");
        for path in ["/api/checkout", "/confirm"] {
            let answer = exchange(app.addr, &post_of(path, &text, r#"{"kind":"Member"}"#)).await;
            assert_eq!(status(&answer), "403", "{foreign:?}");
            assert!(is_json_of(&answer, "FOREIGN_ORIGIN") && !answer.contains("set-cookie"), "{answer}");
        }
        let answer = exchange(app.addr, &post_of("/preferences", &format!("{foreign}{FORM}"), "lang=en")).await;
        assert_eq!(status(&answer), "403", "{foreign:?}");
        assert!(answer.contains("content-type: text/plain") && !answer.contains("set-cookie"), "{answer}");
    }
    let looked_at = exchange(app.addr, &request("GET /health", "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n", "")).await;
    assert_eq!(status(&looked_at), "200", "a link from elsewhere is no harm");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_told_in_the_visitors_language() {
    let app = TestApp::start().await;
    for (language, foreign, large) in [
        ("en-US,en", "did not come from the shop's own page", "larger than the 65536 bytes"),
        ("ko", "상점의 페이지에서 보낸 요청이 아니에요", "본문이 너무 커요"),
    ] {
        let language = format!("Accept-Language: {language}\r\n");
        for path in ["/api/checkout", "/confirm", "/preferences"] {
            let answer = exchange(app.addr, &post_of(path, &format!("{language}Origin: null\r\n"), "{}")).await;
            assert!(status(&answer) == "403" && answer.contains(foreign), "{path}: {answer}");
            let answer = exchange(app.addr, &request(&format!("POST {path}"), &format!("{language}Content-Length: 65537\r\n"), "")).await;
            assert!(status(&answer) == "413" && answer.contains(large), "{path}: {answer}");
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_that_a_path_does_not_take_is_told_in_words() {
    let app = TestApp::start().await;
    let wrong = |language: &str| if language == "en" { "does not take requests of that kind" } else { "받지 않아요" };
    for language in ["en", "ko"] {
        let fields = format!("Accept-Language: {language}\r\n");
        for (line, allow) in [("GET /confirm", "POST"), ("DELETE /confirm", "POST"), ("GET /api/place_order", "POST")] {
            let answer = exchange(app.addr, &request(line, &fields, "")).await;
            assert!(status(&answer) == "405" && is_json_of(&answer, "METHOD_NOT_ALLOWED"), "{line}: {answer}");
            assert!(answer.contains(&format!("allow: {allow}\r\n")) && answer.contains(wrong(language)), "{line}: {answer}");
        }
        for (line, allow) in [
            ("POST /checkout", "GET,HEAD"),
            ("POST /", "GET,HEAD"),
            ("PUT /success", "GET,HEAD,POST"),
            ("GET /preferences", "POST"),
            ("GET /csp-report", "POST"),
            ("POST /pkg/toss-checkout.js", "GET,HEAD"),
            ("POST /pkg/confirm", "GET,HEAD"),
        ] {
            let answer = exchange(app.addr, &request(line, &fields, "")).await;
            assert!(status(&answer) == "405" && answer.contains("content-type: text/plain"), "{line}: {answer}");
            assert!(answer.contains(&format!("allow: {allow}\r\n")) && answer.contains(wrong(language)), "{line}: {answer}");
        }
        let nothing = if language == "en" { "nothing of that name" } else { "찾을 수 없어요" };
        for (line, is_json) in [("POST /nowhere", false), ("DELETE /orders", false), ("POST /api", true), ("PUT /api/nothing", true)] {
            let answer = exchange(app.addr, &request(line, &fields, "")).await;
            assert_eq!((status(&answer), is_json_of(&answer, "NOT_FOUND")), ("404", is_json), "{line}: {answer}");
            assert!(answer.contains(nothing) && !answer.contains("allow:"), "{line}: {answer}");
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shops_own_pages_and_programs_are_heard() {
    let app = TestApp::start().await;
    for own in [
        "",
        "Origin: http://127.0.0.1:3000\r\n",
        "Origin: http://localhost:8080\r\n",
        "Sec-Fetch-Site: same-origin\r\n",
        "Sec-Fetch-Site: none\r\n",
    ] {
        let answer = exchange(app.addr, &post_of("/preferences", &format!("{own}{FORM}"), "lang=en")).await;
        assert_eq!(status(&answer), "303", "{own:?}");
        assert!(answer.contains("set-cookie: toss_checkout_lang=en"), "{own:?}");
    }
    let origin = |values: &[&str]| -> Option<String> {
        let origins = values.iter().map(|value| (header::ORIGIN, HeaderValue::from_str(value).unwrap()));
        shop_origin(&app.ctx, &HeaderMap::from_iter(origins))
    };
    assert_eq!(origin(&[]).as_deref(), Some("http://127.0.0.1:3000"));
    assert_eq!(origin(&["http://localhost:8080"]).as_deref(), Some("http://localhost:8080"));
    assert_eq!((origin(&["https://evil.example"]), origin(&["http://localhost:8080", "http://localhost:8080"])), (None, None));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_has_a_size() {
    let app = TestApp::start().await;
    // The length is enough; nothing of the body is ever sent.
    for (path, is_json) in [("/confirm", true), ("/api/place_order", true), ("/preferences", false), ("/nowhere", false)] {
        let answer = exchange(app.addr, &request(&format!("POST {path}"), "Content-Length: 65537\r\n", "")).await;
        assert_eq!((status(&answer), is_json_of(&answer, "INVALID_REQUEST")), ("413", is_json), "{path}");
    }
    let chunked = format!("{FORM}Transfer-Encoding: chunked\r\n");
    let endless = format!("10000\r\n{}\r\n1\r\nx\r\n0\r\n\r\n", "x".repeat(65_536));
    assert_eq!(status(&exchange(app.addr, &request("POST /preferences", &chunked, &endless)).await), "413");

    let full = format!("lang=en&back={}", "x".repeat(65_536 - 13));
    let answer = exchange(app.addr, &post_of("/preferences", FORM, &full)).await;
    assert!(status(&answer) == "303" && answer.contains("set-cookie: toss_checkout_lang=en"), "as large as it may be");
    let pieces = "4\r\nlang\r\n3\r\n=en\r\n0\r\n\r\n";
    let answer = exchange(app.addr, &request("POST /preferences", &chunked, pieces)).await;
    assert!(status(&answer) == "303" && answer.contains("set-cookie: toss_checkout_lang=en"), "and in pieces");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_has_its_time() {
    let app = TestApp::start().await;
    let guard = Guard::new(app.ctx.clone()).with_patience(Duration::from_millis(100));
    let router = Router::new().route("/confirm", post(|body: String| async { body })).layer(from_fn_with_state(guard, guard::check));
    let listener = Listener::start(router, Limits::default()).await;
    for begun in ["", "{"] {
        let answer = exchange(listener.addr, &request("POST /confirm", "Content-Length: 2\r\n", begun)).await;
        assert_eq!(status(&answer), "408", "{begun:?}");
        assert!(is_json_of(&answer, "INVALID_REQUEST"), "{answer}");
    }
    assert!(exchange(listener.addr, &post_of("/confirm", "", "{}")).await.ends_with("{}"));
    listener.end().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_that_no_file_can_have_is_not_there() {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    let options = leptos::config::LeptosOptions::builder()
        .output_name("shop")
        .site_root(site.path().to_str().unwrap())
        .site_addr(SocketAddr::from(([127, 0, 0, 1], 0)))
        .build();
    let app = TestApp::start_with(options).await;
    let browser = app.browser();
    let (long, compressed) = ("x".repeat(300), "x".repeat(254));
    let deep = format!("/{}", "x".repeat(200)).repeat(30);
    let paths =
        ["/%00", "/pkg/%00", &deep, &format!("/{long}"), &format!("/pkg/{long}"), &format!("/orders/{long}"), &format!("/{compressed}")];
    for path in paths {
        for method in ["GET", "HEAD"] {
            let answer = exchange(app.addr, &request(&format!("{method} {path}"), "Accept-Encoding: br\r\n", "")).await;
            assert_eq!(status(&answer), "404", "{method} {path}");
        }
    }
    let page = browser.get(&format!("/{long}")).await;
    assert!(page.status == 404 && page.body.contains("페이지를 찾을 수 없어요"));
    app.finish().await;
}
