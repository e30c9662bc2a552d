//! Repeating through the public interface: what the fake Toss sees of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;
use support::{CARD, RawServer, client, client_with_timeout, confirm_request, idempotency_key, order_id};
use toss_payments::{Class, Error, Retry, Status, UnknownCause};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn quick() -> Retry {
    Retry::new().pauses(Duration::from_millis(1), Duration::from_millis(1))
}

fn json(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

async fn server(first: ResponseTemplate, times: u64, then: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let confirm = || Mock::given(method("POST")).and(path("/v1/payments/confirm")).and(header("idempotency-key", "attempt-1"));
    confirm().respond_with(first).up_to_n_times(times).expect(times).mount(&server).await;
    confirm().respond_with(then).mount(&server).await;
    server
}

#[tokio::test]
async fn a_request_in_flight_is_asked_for_again_until_its_answer_comes() {
    let busy = json(409, r#"{"code":"IDEMPOTENT_REQUEST_PROCESSING","message":"…"}"#);
    let server = server(busy, 2, json(200, CARD)).await;
    let (client, request) = (client(&server.uri()), confirm_request());
    let response = quick().run(&idempotency_key(), |key| client.confirm(&request, key)).await.unwrap();
    assert_eq!(response.value.status, Status::Done);
    let sent = server.received_requests().await.unwrap();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|request| request.body == sent[0].body));
}

#[tokio::test]
async fn a_decline_behind_a_server_error_is_a_decline() {
    let declined = json(403, r#"{"code":"REJECT_CARD_PAYMENT","message":"…"}"#);
    let server = server(ResponseTemplate::new(500), 1, declined).await;
    let (client, request) = (client(&server.uri()), confirm_request());
    let gave_up = quick().run(&idempotency_key(), |key| client.confirm(&request, key)).await.unwrap_err();
    assert_eq!((gave_up.class(), gave_up.attempts, gave_up.earlier_unanswered), (Class::Declined, 2, true));
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_toss_would_replay_is_sent_once() {
    let server = server(json(400, r#"{"code":"PROVIDER_ERROR","message":"…"}"#), 1, json(200, CARD)).await;
    let (client, request) = (client(&server.uri()), confirm_request());
    let gave_up = quick().run(&idempotency_key(), |key| client.confirm(&request, key)).await.unwrap_err();
    assert_eq!((gave_up.class(), gave_up.attempts), (Class::Unknown, 1));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn silence_to_the_end_is_unknown() {
    let server = RawServer::start(support::Act::Hang).await;
    let (client, request) = (client_with_timeout(&server.url(), Duration::from_millis(300)), confirm_request());
    let gave_up = quick().run(&idempotency_key(), |key| client.confirm(&request, key)).await.unwrap_err();
    let Error::Unknown(unknown) = &gave_up.error else { panic!("{gave_up}") };
    assert_eq!((unknown.cause, gave_up.class(), gave_up.attempts), (UnknownCause::TimedOut, Class::Unknown, 3));
    assert_eq!(server.requests(), 3);
}

#[tokio::test]
async fn a_look_up_needs_no_key() {
    let server = MockServer::start().await;
    let too_fast = json(403, r#"{"code":"FORBIDDEN_CONSECUTIVE_REQUEST","message":"…"}"#);
    Mock::given(method("GET")).respond_with(too_fast).up_to_n_times(1).expect(1).mount(&server).await;
    Mock::given(method("GET")).respond_with(json(200, CARD)).expect(1).mount(&server).await;
    let (client, order) = (client(&server.uri()), order_id());
    let response = quick().look_up(|| client.payment_by_order(&order)).await.unwrap();
    assert_eq!(response.value.status, Status::Done);
}

#[tokio::test]
async fn the_pause_that_was_asked_for_is_read_in_seconds_only() {
    for (header, read) in [("7", Some(Duration::from_secs(7))), ("Sat, 01 Aug 2026 03:00:00 GMT", None), ("-1", None), ("", None)] {
        for (status, body) in [(429, "{}"), (503, ""), (403, r#"{"code":"FORBIDDEN_CONSECUTIVE_REQUEST"}"#)] {
            let server = MockServer::start().await;
            Mock::given(method("POST")).respond_with(json(status, body).insert_header("retry-after", header)).mount(&server).await;
            let error = client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await.unwrap_err();
            assert_eq!((error.status(), error.retry_after()), (Some(status), read), "{header}");
        }
    }
}
