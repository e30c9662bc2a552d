//! Every call of the client through the public interface, against a fake Toss: what it sends, and what it makes of an answer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/calls.rs"]
mod calls;
#[path = "support/spoil.rs"]
mod spoil;
mod support;

use serde_json::Value;
use std::sync::{Arc, Mutex};
use support::{BASIC, CARD, EVERYTHING, client, idempotency_key, payment_key, unknown};
use toss_payments::Currency;
use toss_payments::cash_receipt::CashReceiptType;
use toss_payments::{
    AccountNumber, Amount, Bank, CancelRequestId, CardHolderNumber, CardPassword, Class, CustomerEmail, CustomerName, DateTime, Deadline,
    Error, EscrowProduct, FixedAccount, HolderName, IdempotencyKey, InstallmentPlan, Money, PhoneNumber, ReceiptHolder, ReceiptWish,
    RefundReceiveAccount, UnknownCause, ValidHours,
};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

async fn answering(status: u16, body: &str) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_raw(body, "application/json")).expect(1).mount(&server).await;
    server
}

#[tokio::test]
async fn each_call_sends_what_it_says_and_reads_its_answer() {
    for call in calls::all() {
        let server = answering(200, call.answer).await;
        (call.run)(client(&server.uri())).await.unwrap_or_else(|error| panic!("{}: {error}", call.name));

        let sent: &Request = &server.received_requests().await.unwrap()[0];
        let name = call.name;
        assert_eq!((sent.method.as_str(), sent.url.path(), sent.url.query()), (call.method, call.path.as_str(), call.query), "{name}");
        assert_eq!(std::str::from_utf8(&sent.body).unwrap(), call.body.unwrap_or_default(), "{name}");
        assert_eq!(sent.headers["authorization"], BASIC, "{name}");
        assert_eq!(sent.headers.get("idempotency-key").map(|key| key.to_str().unwrap()), call.body.map(|_| "attempt-1"), "{name}");
        assert_eq!(sent.headers.contains_key("content-type"), call.body.is_some(), "{name}");
    }
}

#[tokio::test]
async fn on_each_call_toss_decides_or_nobody_knows() {
    let refusal = r#"{"code":"UNAUTHORIZED_KEY","message":"…"}"#;
    let html = "<html>Service unavailable</html>";
    for call in calls::all() {
        let name = call.name;
        let server = answering(401, refusal).await;
        let Err(Error::Rejected(rejected)) = (call.run)(client(&server.uri())).await else { panic!("{name} is not rejected") };
        assert_eq!((rejected.class, rejected.status), (Class::Key, 401), "{name}");
        for (status, body, cause) in [
            (500, refusal, UnknownCause::ServerError),
            (409, refusal, UnknownCause::Conflict),
            (429, refusal, UnknownCause::TooManyRequests),
            (403, html, UnknownCause::Unreadable),
            (200, html, UnknownCause::Unreadable),
            (302, "", UnknownCause::Unreadable),
        ] {
            let server = answering(status, body).await;
            assert_eq!(unknown((call.run)(client(&server.uri())).await).cause, cause, "{name} {status}");
        }
    }
}

#[tokio::test]
async fn an_answer_about_something_else_is_no_answer() {
    for call in calls::all() {
        for (pointer, other) in call.about {
            let whole: Value = serde_json::from_str(call.answer).unwrap();
            let body = spoil::with(&whole, pointer, serde_json::from_str(other).unwrap()).to_string();
            let server = answering(200, &body).await;
            let unknown = unknown((call.run)(client(&server.uri())).await);
            assert_eq!(unknown.cause, UnknownCause::Mismatch, "{} {pointer}", call.name);
            assert!(unknown.detail.contains(pointer.trim_start_matches('/')), "{} {pointer}: {}", call.name, unknown.detail);
        }
    }
}

#[tokio::test]
async fn no_spoilt_answer_of_any_call_is_a_rejection() {
    let body = Arc::new(Mutex::new(String::new()));
    let served = Arc::clone(&body);
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(move |_: &Request| ResponseTemplate::new(200).set_body_string(served.lock().unwrap().clone()))
        .mount(&server)
        .await;
    let client = client(&server.uri());
    for call in calls::all().into_iter().filter(|call| !call.answer.is_empty()) {
        let (mut read, mut unknown) = (0, 0);
        for spoilt in spoil::all_spoilt(call.answer) {
            body.lock().unwrap().clone_from(&spoilt);
            match (call.run)(client.clone()).await {
                Ok(()) => read += 1,
                Err(Error::Unknown(error)) => {
                    unknown += 1;
                    assert!(matches!(error.cause, UnknownCause::Unreadable | UnknownCause::Mismatch), "{}: {spoilt}: {error}", call.name);
                }
                Err(Error::Rejected(rejected)) => panic!("{}: {spoilt}: {rejected}", call.name),
            }
        }
        assert!(unknown > 0 && (read > 0 || call.name == "settle"), "{}: {read} read, {unknown} unknown", call.name);
    }
}

/// The body that a call sent.
async fn sent(server: &MockServer) -> String {
    String::from_utf8(server.received_requests().await.unwrap()[0].body.clone()).unwrap()
}

#[tokio::test]
async fn a_cancel_can_say_everything_that_toss_reads() {
    let request = calls::cancel_request()
        .amount(Money::new(Amount::parse("12.34").unwrap(), Currency::Usd).unwrap())
        .refund_receive_account(RefundReceiveAccount::new(
            Bank::Shinhan,
            AccountNumber::parse("11012345678").unwrap(),
            HolderName::parse("김토스").unwrap(),
        ))
        .tax_free_amount(Amount::parse("0.5").unwrap())
        .tax_exemption_amount(calls::won(0))
        .refundable_amount(Amount::parse("726.24").unwrap())
        .cancel_request_id(CancelRequestId::parse("cancel-0001").unwrap());
    let answer = EVERYTHING.replace("\"cancelAmount\": 1000", "\"cancelAmount\": 12.34").replace("\"KRW\"", "\"USD\"");
    let server = answering(200, &answer).await;

    let payment = client(&server.uri()).cancel(&payment_key(), &request, &idempotency_key()).await.unwrap().value;

    assert_eq!(payment.cancels[0].cancel_amount, Amount::parse("12.34"));
    assert_eq!(
        sent(&server).await,
        r#"{"cancelReason":"단순 변심","cancelAmount":12.34,"refundReceiveAccount":{"bank":"88","accountNumber":"11012345678","holderName":"김토스"},"taxFreeAmount":0.5,"taxExemptionAmount":0,"refundableAmount":726.24,"cancelRequestId":"cancel-0001","currency":"USD"}"#
    );
    let printed = format!("{request:?}");
    assert!(!printed.contains("11012345678") && !printed.contains("김토스"), "{printed}");
}

#[tokio::test]
async fn a_partial_cancel_is_done_only_if_a_cancel_of_that_amount_is_there() {
    let of = |won: i64| calls::cancel_request().amount(calls::won(won));
    for (won, answer, done) in [(1_000, EVERYTHING, true), (2_000, EVERYTHING, false), (1_000, CARD, false)] {
        let server = answering(200, answer).await;
        let result = client(&server.uri()).cancel(&payment_key(), &of(won), &idempotency_key()).await;
        if done {
            assert_eq!(sent(&server).await, r#"{"cancelReason":"단순 변심","cancelAmount":1000}"#);
            result.unwrap();
        } else {
            assert_eq!(unknown(result).cause, UnknownCause::Mismatch, "{won}");
        }
    }
    // Dollars are not won, even where the number is the same.
    let dollars = calls::cancel_request().amount(Money::new(Amount::parse("1000").unwrap(), Currency::Usd).unwrap());
    let server = answering(200, EVERYTHING).await;
    assert_eq!(
        unknown(client(&server.uri()).cancel(&payment_key(), &dollars, &idempotency_key()).await).detail,
        "currency differs from what was asked for"
    );
}

#[tokio::test]
async fn a_virtual_account_has_one_deadline() {
    let full = calls::virtual_account_request()
        .customer_email(CustomerEmail::parse("customer@example.com").unwrap())
        .customer_mobile_phone(PhoneNumber::parse("01012345678").unwrap())
        .tax_free_amount(calls::won(10))
        .use_escrow(true)
        .cash_receipt(ReceiptWish::new(CashReceiptType::IncomeDeduction, ReceiptHolder::parse("01012345678").unwrap()))
        .escrow_products(vec![EscrowProduct::new("1", "shirt", "티셔츠", calls::won(15_000), 3)])
        .fixed_account(FixedAccount::new("X123"));
    for (deadline, field) in [
        (Deadline::In(ValidHours::new(24).unwrap()), r#""validHours":24"#),
        (Deadline::Until(DateTime::parse("2026-08-08T12:00:00").unwrap()), r#""dueDate":"2026-08-08T12:00:00""#),
    ] {
        let server = answering(200, CARD).await;
        client(&server.uri()).issue_virtual_account(&full.clone().deadline(deadline), &idempotency_key()).await.unwrap();
        let expected = format!(
            r#"{{"amount":45000,"orderId":"order-20260801-0001","orderName":"토스 티셔츠","customerName":"김토스","bank":"20",{field},"customerEmail":"customer@example.com","customerMobilePhone":"01012345678","taxFreeAmount":10,"useEscrow":true,"cashReceipt":{{"type":"소득공제","registrationNumber":"01012345678"}},"escrowProducts":[{{"id":"1","code":"shirt","name":"티셔츠","unitPrice":15000,"quantity":3}}],"accountType":"고정","accountKey":"X123"}}"#
        );
        assert_eq!(sent(&server).await, expected);
    }
}

#[tokio::test]
async fn card_data_is_sent_and_never_printed() {
    let request = calls::key_in_request()
        .customer_identity_number(CardHolderNumber::parse("900101").unwrap())
        .card_password(CardPassword::parse("73").unwrap())
        .card_installment_plan(InstallmentPlan::months(3).unwrap())
        .use_free_installment_plan(false)
        .use_card_point(true)
        .tax_free_amount(calls::won(10))
        .customer_email(CustomerEmail::parse("customer@example.com").unwrap())
        .customer_name(CustomerName::parse("김토스").unwrap())
        .customer_ip(std::net::Ipv4Addr::LOCALHOST.into());
    let server = answering(403, r#"{"code":"REJECT_CARD_PAYMENT","message":"9410001234567890"}"#).await;

    let error = client(&server.uri()).key_in(&request, &idempotency_key()).await.unwrap_err();

    assert_eq!(error.class(), Class::Declined);
    assert_eq!(
        sent(&server).await,
        r#"{"amount":45000,"orderId":"order-20260801-0001","orderName":"토스 티셔츠","cardNumber":"9410001234567890","cardExpirationYear":"28","cardExpirationMonth":"03","customerIdentityNumber":"900101","cardPassword":"73","cardInstallmentPlan":3,"useFreeInstallmentPlan":false,"useCardPoint":true,"taxFreeAmount":10,"customerEmail":"customer@example.com","customerName":"김토스","customerIp":"127.0.0.1"}"#
    );
    for printed in [format!("{request:#?}"), format!("{:#?}", calls::billing_card_request()), format!("{error:?} {error}")] {
        for secret in ["941000", "900101", "73", "김토스", "customer@", "28"] {
            assert!(!printed.contains(secret), "{secret} in {printed}");
        }
    }
}

#[tokio::test]
async fn neither_keys_nor_tokens_are_printed() {
    let server = answering(200, calls::BILLING).await;
    let auth = toss_payments::AuthKey::parse("bln_0123456789").unwrap();
    let billing = client(&server.uri()).issue_billing_key(&auth, &calls::customer_key(), &idempotency_key()).await.unwrap();
    assert_eq!(billing.value.billing_key.expose(), "Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0=");
    let server = answering(200, calls::ACCESS_TOKEN).await;
    let code = toss_payments::AccessCode::parse("abc123").unwrap();
    let token = client(&server.uri()).brandpay_access_token(&calls::customer_key(), &code, &idempotency_key()).await.unwrap();
    assert_eq!(token.value.access_token.expose(), "NotARealAccessToken0123456789");
    let printed = format!("{billing:?} {token:?} {auth:?} {code:?} {:?}", calls::customer_key());
    for secret in ["PeiJcjen28", "NotAReal", "0123456789", "abc123", "54e1-4a0b", "1000****0001"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[tokio::test]
async fn a_key_used_twice_for_two_orders_brings_no_payment_of_the_second() {
    // Toss does not look at the body: the second order is answered with the payment of the first.
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_string(CARD)).expect(2).mount(&server).await;
    let client = client(&server.uri());
    let key = IdempotencyKey::parse("constant").unwrap();
    client.charge_billing_key(&calls::billing_key(), &calls::billing_charge_request(), &key).await.unwrap();
    let mut second = calls::billing_charge_request();
    second.order_id = toss_payments::OrderId::parse("order-20260801-0002").unwrap();
    assert_eq!(unknown(client.charge_billing_key(&calls::billing_key(), &second, &key).await).cause, UnknownCause::Mismatch);
}
