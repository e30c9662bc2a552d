//! Confirm through the public interface, against a fake Toss.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use support::{BASIC, CARD, EVERYTHING, client, confirm_request, idempotency_key, unknown};
use toss_payments::{Class, Client, Error, ErrorCode, SecretKey, Status, UnknownCause, Won};
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const TRACE: &str = "x-tosspayments-trace-id";

fn json(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

/// Answers the next confirm, and fails the test unless there is exactly one.
async fn answer_once(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(method("POST")).and(path("/v1/payments/confirm")).respond_with(answer).expect(1).mount(server).await;
}

#[tokio::test]
async fn a_confirm_says_who_asks_what_and_which_attempt() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/payments/confirm"))
        .and(header("authorization", BASIC))
        .and(header("content-type", "application/json"))
        .and(header("accept", "application/json"))
        .and(header("idempotency-key", "attempt-1"))
        .and(header("user-agent", concat!("toss-payments/", env!("CARGO_PKG_VERSION"))))
        .and(body_string(r#"{"paymentKey":"tviva20260801120000AbC12","orderId":"order-20260801-0001","amount":45000}"#))
        .respond_with(json(200, CARD).insert_header(TRACE, "0123456789abcdef0123456789abcdef"))
        .expect(1)
        .mount(&server)
        .await;

    let response = client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await.unwrap();

    assert_eq!(response.value.status, Status::Done);
    assert_eq!(response.value.total_won(), Won::new(45_000).ok());
    assert_eq!((response.raw.as_str(), response.status), (CARD, 200));
    assert_eq!(response.trace_id.as_deref(), Some("0123456789abcdef0123456789abcdef"));
    let sent = &server.received_requests().await.unwrap()[0];
    assert!(!sent.headers.contains_key("tosspayments-test-code") && !sent.headers.contains_key("accept-language"));
}

#[tokio::test]
async fn settings_of_the_builder_are_sent() {
    let server = MockServer::start().await;
    Mock::given(header("accept-language", "en-US"))
        .and(header("user-agent", "shop/1"))
        .and(header("tosspayments-test-code", "REJECT_CARD_PAYMENT"))
        .and(path("/prefix/v1/payments/confirm"))
        .respond_with(json(403, r#"{"code":"REJECT_CARD_PAYMENT","message":"over the limit"}"#))
        .expect(1)
        .mount(&server)
        .await;
    let client = Client::builder(SecretKey::parse(support::SECRET).unwrap())
        .base_url(format!("{}/prefix/", server.uri()))
        .accept_language("en-US")
        .user_agent("shop/1")
        .test_code(ErrorCode::RejectCardPayment)
        .build()
        .unwrap();

    let error = client.confirm(&confirm_request(), &idempotency_key()).await.unwrap_err();

    assert_eq!((error.class(), error.code()), (Class::Declined, Some(&ErrorCode::RejectCardPayment)));
}

#[tokio::test]
async fn a_decline_says_why() {
    let server = MockServer::start().await;
    let body = r#"{"code":"REJECT_CARD_COMPANY","message":"결제 승인이 거절되었습니다."}"#;
    answer_once(&server, json(403, body).insert_header(TRACE, "trace-1")).await;

    let Err(Error::Rejected(rejected)) = client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await else {
        panic!("not rejected")
    };

    assert_eq!((rejected.class, rejected.code, rejected.status), (Class::Declined, ErrorCode::RejectCardCompany, 403));
    assert_eq!((rejected.message.as_str(), rejected.raw.as_str()), ("결제 승인이 거절되었습니다.", body));
    assert_eq!(rejected.trace_id.as_deref(), Some("trace-1"));
}

#[tokio::test]
async fn each_code_means_what_the_table_says() {
    for (status, code, class) in [
        (400, "ALREADY_PROCESSED_PAYMENT", Class::State),
        (400, "PROVIDER_ERROR", Class::Unknown),
        (400, "INVALID_REQUEST", Class::Validation),
        (401, "UNAUTHORIZED_KEY", Class::Key),
        (403, "REJECT_CARD_PAYMENT", Class::Declined),
        (404, "NOT_FOUND_PAYMENT_SESSION", Class::Expired),
        (404, "NOT_FOUND_PAYMENT", Class::Validation),
        (400, "SOMETHING_NEW", Class::Unknown),
    ] {
        let server = MockServer::start().await;
        answer_once(&server, json(status, &format!(r#"{{"code":"{code}","message":"…"}}"#))).await;
        let error = client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await.unwrap_err();
        assert!(matches!(error, Error::Rejected(_)), "{code}");
        assert_eq!((error.class(), error.status(), error.code().unwrap().as_str()), (class, Some(status), code));
    }
}

#[tokio::test]
async fn where_nothing_is_decided_nothing_is_repeated_and_nothing_is_declined() {
    let declined = r#"{"code":"REJECT_CARD_PAYMENT","message":"…"}"#;
    let html = "<html><body>403 Forbidden</body></html>";
    for (status, body, cause) in [
        (500, declined, UnknownCause::ServerError),
        (502, html, UnknownCause::ServerError),
        (503, "", UnknownCause::ServerError),
        (409, r#"{"code":"IDEMPOTENT_REQUEST_PROCESSING","message":"…"}"#, UnknownCause::Conflict),
        (429, declined, UnknownCause::TooManyRequests),
        (403, html, UnknownCause::Unreadable),
        (400, "", UnknownCause::Unreadable),
        (200, html, UnknownCause::Unreadable),
        (200, "", UnknownCause::Unreadable),
        (200, declined, UnknownCause::Unreadable),
        (204, "", UnknownCause::Unreadable),
        (201, CARD, UnknownCause::Unreadable),
    ] {
        let server = MockServer::start().await;
        answer_once(&server, json(status, body).insert_header(TRACE, "trace-1")).await;
        let unknown = unknown(client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await);
        assert_eq!((unknown.cause, unknown.status), (cause, Some(status)), "{status} {body}");
        assert_eq!(unknown.raw.as_deref(), Some(body).filter(|body| !body.is_empty()), "{status} {body}");
        assert_eq!(unknown.trace_id.as_deref(), Some("trace-1"));
    }
}

#[tokio::test]
async fn a_payment_of_something_else_is_no_answer() {
    for (from, to, field) in [
        ("\"tviva20260801120000AbC12\",\"orderId", "\"tviva20260801120000OTHER\",\"orderId", "paymentKey"),
        ("order-20260801-0001", "order-20260801-0002", "orderId"),
        ("\"KRW\"", "\"USD\"", "currency"),
        ("\"totalAmount\":45000", "\"totalAmount\":4500", "totalAmount"),
        ("\"totalAmount\":45000", "\"totalAmount\":45000.5", "totalAmount"),
    ] {
        let body = CARD.replacen(from, to, 1);
        assert_ne!(body, CARD);
        let server = MockServer::start().await;
        answer_once(&server, json(200, &body)).await;
        let unknown = unknown(client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await);
        assert_eq!(unknown.cause, UnknownCause::Mismatch, "{to}");
        assert_eq!(unknown.detail, format!("{field} differs from what was asked for"));
        assert_eq!(unknown.raw.as_deref(), Some(body.as_str()));
    }
}

#[tokio::test]
async fn nothing_that_is_printed_has_the_secret_or_the_whole_payment_key() {
    let encoded = BASIC.trim_start_matches("Basic ");
    let check = |printed: String| {
        for secret in [support::SECRET, encoded, support::PAYMENT_KEY, "ps_NotARealWebhookSecret", "01012345678", "박환불"] {
            assert!(!printed.contains(secret), "{secret} in {printed}");
        }
    };
    let echo = format!(r#"{{"code":"INVALID_REQUEST","message":"no {}"}}"#, support::PAYMENT_KEY);
    for (status, body) in [(200, EVERYTHING), (200, "{"), (400, echo.as_str()), (500, echo.as_str()), (404, CARD)] {
        let server = MockServer::start().await;
        answer_once(&server, json(status, body)).await;
        let client = client(&server.uri());
        check(format!("{client:?} {:?}", confirm_request()));
        match client.confirm(&confirm_request(), &idempotency_key()).await {
            Ok(response) => check(format!("{response:?} {response:#?}")),
            Err(error) => check(format!("{error} {error:?} {error:#?}")),
        }
    }
    // Nobody listens there: the error of the HTTP library has the address, and with it the payment key.
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let nobody = client(&format!("http://{}", silent.local_addr().unwrap()));
    let error = nobody.payment(&support::payment_key()).await.unwrap_err();
    check(format!("{error} {error:?}"));
}
