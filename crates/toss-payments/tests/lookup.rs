//! The two look-ups through the public interface, against a fake Toss.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use support::{BASIC, CARD, EXPIRED, client, order_id, payment_key, unknown};
use toss_payments::{Class, Client, Error, ErrorCode, OrderId, PaymentKey, SecretKey, Status, UnknownCause};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn json(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(answer).expect(1).mount(&server).await;
    server
}

#[tokio::test]
async fn a_payment_is_found_by_its_key_and_by_its_order() {
    let server = MockServer::start().await;
    for address in ["/v1/payments/tviva20260801120000AbC12", "/v1/payments/orders/order-20260801-0001"] {
        Mock::given(method("GET"))
            .and(path(address))
            .and(header("authorization", BASIC))
            .respond_with(json(200, CARD))
            .expect(1)
            .mount(&server)
            .await;
    }
    let client = Client::builder(SecretKey::parse(support::SECRET).unwrap())
        .base_url(server.uri())
        .test_code(ErrorCode::CommonError)
        .build()
        .unwrap();

    let by_key = client.payment(&payment_key()).await.unwrap();
    let by_order = client.payment_by_order(&order_id()).await.unwrap();

    assert_eq!(by_key.value, by_order.value);
    assert_eq!(by_key.raw, CARD);
    for request in server.received_requests().await.unwrap() {
        // Toss ignores both on a GET, so that neither is sent.
        assert!(!request.headers.contains_key("idempotency-key"));
        assert!(!request.headers.contains_key("tosspayments-test-code"));
    }
}

#[tokio::test]
async fn an_expired_payment_is_an_answer() {
    let server = answering(json(200, EXPIRED)).await;
    let payment = client(&server.uri()).payment(&payment_key()).await.unwrap().value;
    assert_eq!(payment.status, Status::Expired);
    assert_eq!((payment.method, payment.approved_at, payment.use_escrow), (None, None, None));
    let failure = payment.failure.unwrap();
    assert_eq!(failure.code, Some(ErrorCode::ExpiredPayment));
}

#[tokio::test]
async fn a_payment_that_toss_does_not_know_is_a_matter_of_state() {
    let body = r#"{"code":"NOT_FOUND_PAYMENT","message":"존재하지 않는 결제 정보 입니다."}"#;
    for by_order in [false, true] {
        let server = answering(json(404, body)).await;
        let client = client(&server.uri());
        let result = if by_order { client.payment_by_order(&order_id()).await } else { client.payment(&payment_key()).await };
        let Err(Error::Rejected(rejected)) = result else { panic!("not rejected") };
        assert_eq!((rejected.class, rejected.code), (Class::State, ErrorCode::NotFoundPayment));
    }
}

#[tokio::test]
async fn a_lookup_declines_nothing() {
    for (status, code) in [(400, "INVALID_CARD_NUMBER"), (403, "REJECT_CARD_PAYMENT"), (404, "NOT_FOUND_PAYMENT_SESSION")] {
        let server = answering(json(status, &format!(r#"{{"code":"{code}","message":"…"}}"#))).await;
        let error = client(&server.uri()).payment(&payment_key()).await.unwrap_err();
        assert_eq!(error.class(), Class::Unknown, "{code}");
    }
}

#[tokio::test]
async fn a_lookup_that_brings_another_payment_is_no_answer() {
    let server = answering(json(200, CARD)).await;
    let other = PaymentKey::parse("tviva20260801120000OTHER").unwrap();
    assert_eq!(unknown(client(&server.uri()).payment(&other).await).cause, UnknownCause::Mismatch);
    let server = answering(json(200, CARD)).await;
    let other = OrderId::parse("order-20260801-0002").unwrap();
    assert_eq!(unknown(client(&server.uri()).payment_by_order(&other).await).cause, UnknownCause::Mismatch);
}

#[tokio::test]
async fn a_forged_payment_key_cannot_leave_its_place_in_the_address() {
    for hostile in ["../../v1/payments/confirm", "a/cancel", "a?b=c", "a#b", "%2e%2e", "a%2Fb", "a\\b", "..%2f", "..;"] {
        let server = answering(json(404, r#"{"code":"NOT_FOUND_PAYMENT","message":"…"}"#)).await;
        let key = PaymentKey::parse(hostile).unwrap();
        client(&server.uri()).payment(&key).await.unwrap_err();
        let request = &server.received_requests().await.unwrap()[0];
        let segments: Vec<_> = request.url.path_segments().unwrap().collect();
        assert_eq!(segments.len(), 3, "{hostile}: {}", request.url);
        assert_eq!(&segments[..2], ["v1", "payments"], "{hostile}");
        assert_eq!((request.url.query(), request.url.fragment()), (None, None), "{hostile}");
    }
}
