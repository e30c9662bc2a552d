//! `/api`: every mistake has its status, a code and a sentence of the shop's, and nothing of how the server is made.

use crate::app::{DEADLINE, Page, TestApp};
use crate::raw;
use serde_json::{Value, json};

const JSON: &str = "application/json";

/// The code and the sentence, after a look at what must not be there.
fn problem(page: &Page) -> (u16, String, String) {
    let body = page.json();
    let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["code", "message"], "{}", page.body);
    for word in ["::", "expected", "invalid type", "missing field", "line 1", "column", "CartRequest", "ServerError", "deserializ"] {
        assert!(!page.body.contains(word), "{word} in {}", page.body);
    }
    assert!(page.headers["content-type"].to_str().unwrap().starts_with(JSON));
    assert_eq!(page.headers["cache-control"], "no-store");
    let text = |field: &str| body[field].as_str().unwrap().to_owned();
    (page.status, text("code"), text("message"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mistake_of_a_client_is_named() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/checkout").await;
    let foreign = json!({"order_id": "AAAAAAAAAAAAAAAAAAAAA"}).to_string();
    for (path, kind, body, status, code) in [
        ("/api/no_such_function", JSON, "{}", 404, "NOT_FOUND"),
        ("/api/no_such_function", "text/plain", "?", 404, "NOT_FOUND"),
        ("/api/place_order", "application/x-www-form-urlencoded", "lang=ko", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("/api/place_order", "text/plain", "{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("/api/place_order", JSON, "", 400, "INVALID_REQUEST"),
        ("/api/place_order", JSON, "not JSON", 400, "INVALID_REQUEST"),
        ("/api/place_order", JSON, "{}", 400, "INVALID_REQUEST"),
        ("/api/place_order", "application/json; charset=utf-8", "[1, 2]", 400, "INVALID_REQUEST"),
        ("/api/await_order", JSON, "{\"order_id\": 1}", 400, "INVALID_REQUEST"),
        ("/api/await_order", JSON, "{\"order_id\": \"../x\"}", 400, "INVALID_REQUEST"),
        ("/api/await_order", JSON, foreign.as_str(), 404, "NOT_FOUND"),
    ] {
        let (was, named, message) = problem(&browser.post(path, kind, body.to_owned()).await);
        assert_eq!((was, named.as_str()), (status, code), "{path} {kind} {body}");
        assert!(message.chars().any(|c| ('가'..='힣').contains(&c)), "not in the shopper's language: {message}");
    }
    let huge = browser.post("/api/place_order", JSON, "x".repeat(100_000)).await;
    assert_eq!((huge.status, huge.json()["code"].as_str()), (413, Some("INVALID_REQUEST")));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sentences_are_in_the_language_of_the_visit() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.post("/preferences", "application/x-www-form-urlencoded", "lang=en&back=%2Fcheckout").await;
    let page = browser.post("/api/place_order", JSON, "{}").await;
    assert_eq!(problem(&page), (400, "INVALID_REQUEST".to_owned(), "The request could not be read.".to_owned()));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_is_posted_to_and_an_address_that_is_none_stays_a_page() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/api/place_order").await;
    assert_eq!((page.status, page.headers["allow"].to_str().unwrap()), (405, "POST"));
    assert_eq!(problem(&page).1, "METHOD_NOT_ALLOWED");
    // By itself it is no function either.
    for path in ["/api", "/api/"] {
        assert_eq!(problem(&browser.post(path, JSON, "{}").await).1, "NOT_FOUND", "{path}");
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let nowhere = browser.get("/api/no_such_function").await;
    assert_eq!(nowhere.status, 404);
    assert!(nowhere.body.contains("페이지를 찾을 수 없어요"));
    app.finish().await;
}

/// Leptos takes whoever accepts HTML for a form, and sends them to where they came from.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_redirected() {
    let app = TestApp::start().await;
    let headers =
        [("content-type", JSON), ("accept", "text/html,application/xhtml+xml"), ("referer", "http://127.0.0.1:3000/checkout?as=guest")];
    for (body, status) in [("{\"kind\": \"Guest\"}", "HTTP/1.1 200"), ("{}", "HTTP/1.1 400")] {
        let answer = raw::send(app.addr, "POST /api/checkout", &headers, body).await;
        assert!(answer.starts_with(status), "{answer}");
        assert!(!answer.to_ascii_lowercase().contains("\r\nlocation:"), "{answer}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_of_the_server_is_its_own_and_may_be_tried_again() {
    let app = TestApp::start().await;
    let browser = app.browser();
    app.ctx.engine.close(DEADLINE).await;
    for (path, body) in
        [("/api/order", json!({"order_id": "AAAAAAAAAAAAAAAAAAAAA"})), ("/api/await_order", json!({"order_id": "AAAAAAAAAAAAAAAAAAAAA"}))]
    {
        let page = browser.post_json(path, &body).await;
        let (status, code, _) = problem(&page);
        assert_eq!((status, code.as_str()), (503, "UNAVAILABLE"), "{path}");
        assert_eq!(page.headers["retry-after"], "5");
    }
    app.finish().await;
}

/// What succeeds is answered as before: the value alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_success_is_the_value_itself() {
    let app = TestApp::start().await;
    let page = app.browser().post_json("/api/order", &json!({"order_id": "AAAAAAAAAAAAAAAAAAAAA"})).await;
    assert_eq!((page.status, page.json()), (200, Value::Null));
    app.finish().await;
}
