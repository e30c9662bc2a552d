//! What happens to a call when the network, or what stands in it, misbehaves.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;
use support::{Act, CARD, RawServer, client, client_with_timeout, confirm_request, idempotency_key, unknown};
use toss_payments::{Client, Status, UnknownCause, UnknownOutcome};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

const SHORT: Duration = Duration::from_secs(2);

async fn confirm(client: &Client) -> UnknownOutcome {
    unknown(client.confirm(&confirm_request(), &idempotency_key()).await)
}

fn ok_with(body: &str, announced: usize) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {announced}\r\n\r\n{body}").into_bytes()
}

#[tokio::test]
async fn nobody_listening_is_the_one_case_where_nothing_was_sent() {
    // Bound and not listening: the port refuses, and nobody else can take it.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let unknown = confirm(&client(&format!("http://{}", socket.local_addr().unwrap()))).await;
    assert_eq!((unknown.cause, unknown.status, unknown.raw), (UnknownCause::NotSent, None, None));
    assert!(unknown.detail.contains("refused"), "{}", unknown.detail);
}

#[tokio::test]
async fn a_handshake_that_fails_sent_nothing() {
    // Hangs up on the TLS greeting; the request would only come after it.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let unknown = confirm(&client(&format!("https://{address}"))).await;
    assert_eq!((unknown.cause, unknown.status), (UnknownCause::NotSent, None), "{unknown}");
}

#[tokio::test]
async fn a_server_that_never_answers_times_out_and_was_asked_once() {
    let server = RawServer::start(Act::Hang).await;
    let unknown = confirm(&client_with_timeout(&server.url(), SHORT)).await;
    assert_eq!((unknown.cause, unknown.status), (UnknownCause::TimedOut, None));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_body_that_stops_coming_times_out() {
    let server = RawServer::start(Act::SayAndHang(ok_with(&CARD[..100], CARD.len()))).await;
    let unknown = confirm(&client_with_timeout(&server.url(), SHORT)).await;
    assert_eq!((unknown.cause, unknown.status), (UnknownCause::TimedOut, Some(200)));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_a_reset_and_is_not_repeated() {
    let server = RawServer::start(Act::Say(Vec::new())).await;
    let unknown = confirm(&client(&server.url())).await;
    assert_eq!((unknown.cause, unknown.status), (UnknownCause::Reset, None));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_truncated_body_is_a_reset_whatever_it_began_with() {
    let declined = r#"{"code":"REJECT_CARD_PAYMENT","message":"…"}"#;
    let refusal = format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\n\r\n{declined}", declined.len() + 1);
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{CARD}\r\n", CARD.len());
    for (bytes, status) in [
        (ok_with(&CARD[..100], CARD.len()), 200),
        (ok_with(CARD, CARD.len() + 1), 200),
        (chunked.clone().into_bytes(), 200),
        (refusal.into_bytes(), 403),
    ] {
        let server = RawServer::start(Act::Say(bytes)).await;
        let unknown = confirm(&client(&server.url())).await;
        assert_eq!((unknown.cause, unknown.status), (UnknownCause::Reset, Some(status)));
        assert_eq!(server.requests(), 1);
    }
    // The same chunks with their end are an answer.
    let server = RawServer::start(Act::Say(format!("{chunked}0\r\n\r\n").into_bytes())).await;
    let response = client(&server.url()).confirm(&confirm_request(), &idempotency_key()).await.unwrap();
    assert_eq!(response.value.status, Status::Done);
}

#[tokio::test]
async fn something_that_is_not_http_is_a_reset() {
    let server = RawServer::start(Act::Say(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())).await;
    assert_eq!(confirm(&client(&server.url())).await.cause, UnknownCause::Reset);
}

#[tokio::test]
async fn a_body_past_the_limit_is_unreadable_and_not_kept() {
    for announced in [true, false] {
        let body = format!("{CARD}{}", " ".repeat(1024 * 1024));
        let bytes = if announced {
            ok_with(&body, body.len())
        } else {
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).into_bytes()
        };
        let server = RawServer::start(Act::SayAndHang(bytes)).await;
        let unknown = confirm(&client(&server.url())).await;
        assert_eq!((unknown.cause, unknown.status), (UnknownCause::Unreadable, Some(200)));
        assert_eq!(unknown.raw.map(|raw| raw.len()), Some(UnknownOutcome::RAW_MAX));
    }
}

#[tokio::test]
async fn a_body_at_the_limit_is_read() {
    let body = format!("{CARD}{}", " ".repeat(1024 * 1024 - CARD.len()));
    let server = MockServer::start().await;
    Mock::given(path("/v1/payments/confirm"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(body.clone(), "application/json"))
        .expect(1)
        .mount(&server)
        .await;
    let response = client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await.unwrap();
    assert_eq!(response.raw, body);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start().await;
        Mock::given(path("/v1/payments/confirm"))
            .respond_with(ResponseTemplate::new(status).insert_header("location", "/elsewhere"))
            .expect(1)
            .mount(&server)
            .await;
        Mock::given(path("/elsewhere")).respond_with(ResponseTemplate::new(200)).expect(0).mount(&server).await;
        let unknown = confirm(&client(&server.uri())).await;
        assert_eq!((unknown.cause, unknown.status), (UnknownCause::Unreadable, Some(status)));
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_unreadable() {
    let body = CARD.replace("DONE", "D\u{0}NE").into_bytes().iter().map(|&b| if b == 0 { 0xff } else { b }).collect::<Vec<_>>();
    let mut bytes = ok_with("", body.len());
    bytes.extend(body);
    let server = RawServer::start(Act::Say(bytes)).await;
    assert_eq!(confirm(&client(&server.url())).await.cause, UnknownCause::Unreadable);
}
