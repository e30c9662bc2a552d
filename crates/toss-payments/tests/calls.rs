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

use toss_payments::cash_receipt::CashReceiptType;
use toss_payments::{
    AccountNumber, Amount, Bank, Call, CancelRequestId, CardHolderNumber, CardPassword, Class, Currency, CustomerEmail, CustomerName,
    DateTime, Deadline, Effect, Error, ErrorCode, EscrowProduct, FixedAccount, HolderName, IdempotencyKey, InstallmentPlan, Money,
    PhoneNumber, ReceiptHolder, ReceiptWish, RefundReceiveAccount, UnknownCause, ValidHours, Won,
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
        .tax_free_amount(dollars("0.5"))
        .tax_exemption_amount(dollars("0"))
        .refundable_amount(dollars("726.24"))
        .cancel_request_id(CancelRequestId::parse("cancel-0001").unwrap());
    let answer = [
        ("\"cancelAmount\": 1000", "\"cancelAmount\": 12.34"),
        ("\"refundableAmount\": 44000", "\"refundableAmount\": 713.90"),
        ("\"cancel-1\"", "\"cancel-0001\""),
        ("\"KRW\"", "\"USD\""),
    ];
    let answer = answer.iter().fold(EVERYTHING.to_owned(), |answer, (won, dollars)| answer.replace(won, dollars));
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

fn dollars(amount: &str) -> Money {
    Money::new(Amount::parse(amount).unwrap(), Currency::Usd).unwrap()
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
    for request in [calls::cancel_request().amount(dollars("1000")), calls::cancel_request().refundable_amount(dollars("45000"))] {
        let server = answering(200, EVERYTHING).await;
        let differs = unknown(client(&server.uri()).cancel(&payment_key(), &request, &idempotency_key()).await);
        assert_eq!(differs.detail, "currency differs from what was asked for");
    }
}

#[tokio::test]
async fn a_cancel_in_two_currencies_is_not_sent() {
    let part = calls::cancel_request().amount(dollars("10"));
    for mixed in [
        part.clone().refundable_amount(calls::won(45_000)),
        part.clone().tax_free_amount(calls::won(5)),
        part.tax_exemption_amount(calls::won(0)),
        calls::cancel_request().refundable_amount(dollars("10")).tax_free_amount(calls::won(5)),
    ] {
        let server = MockServer::start().await;
        let unknown = unknown(client(&server.uri()).cancel(&payment_key(), &mixed, &idempotency_key()).await);
        assert_eq!((unknown.cause, unknown.detail.as_str()), (UnknownCause::NotSent, "a cancel in two currencies"));
        assert!(server.received_requests().await.unwrap().is_empty());
    }
}

/// A payment in dollars with these cancels.
fn abroad(balance: &str, cancels: &str) -> String {
    format!(
        r#"{{"paymentKey":"tviva20260801120000AbC12","orderId":"order-20260801-0001","status":"DONE","totalAmount":726.24,"currency":"USD",
        "balanceAmount":{balance},"cancels":[{cancels}]}}"#
    )
}

#[tokio::test]
async fn a_cancel_abroad_is_this_one_and_not_refused() {
    let part = calls::cancel_request().amount(dollars("26.24")).refundable_amount(dollars("726.24"));
    let named = part.clone().cancel_request_id(CancelRequestId::parse("cancel-0001").unwrap());
    let all = calls::cancel_request();
    for (request, balance, cancels, done) in [
        (&part, "726.24", r#"{"cancelAmount":26.24,"cancelStatus":"IN_PROGRESS"}"#, true),
        (&part, "700", r#"{"cancelAmount":26.24,"cancelStatus":"DONE","refundableAmount":700}"#, true),
        (&part, "726.24", r#"{"cancelAmount":26.24,"cancelStatus":"ABORTED"}"#, false),
        // An earlier refund of the same sum, replayed under a key that was used twice.
        (&part, "673.76", r#"{"cancelAmount":26.24,"cancelStatus":"DONE","refundableAmount":673.76}"#, false),
        (&named, "726.24", r#"{"cancelAmount":26.24,"cancelStatus":"IN_PROGRESS","cancelRequestId":"cancel-0001"}"#, true),
        (&named, "726.24", r#"{"cancelAmount":26.24,"cancelStatus":"IN_PROGRESS","cancelRequestId":"cancel-0002"}"#, false),
        (&named, "726.24", r#"{"cancelAmount":26.24,"cancelStatus":"IN_PROGRESS"}"#, true),
        (&all, "726.24", r#"{"cancelAmount":726.24,"cancelStatus":"IN_PROGRESS"}"#, true),
        (&all, "726.24", r#"{"cancelAmount":26.24,"cancelStatus":"IN_PROGRESS"}"#, false),
        (&all, "726.24", r#"{"cancelAmount":726.24,"cancelStatus":"ABORTED"}"#, false),
    ] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_raw(abroad(balance, cancels), "application/json"))
            .mount(&server)
            .await;
        let result = client(&server.uri()).cancel(&payment_key(), request, &idempotency_key()).await;
        assert_eq!(result.is_ok(), done, "{cancels}");
        if let Err(error) = result {
            assert_eq!(error.class(), Class::Unknown, "{cancels}");
        }
    }
}

#[tokio::test]
async fn a_cash_receipt_is_not_cancelled_by_nothing() {
    let server = MockServer::start().await;
    let nothing = unknown(client(&server.uri()).cancel_cash_receipt(&calls::receipt_key(), Some(Won::ZERO), &idempotency_key()).await);
    assert_eq!((nothing.cause, nothing.detail.as_str()), (UnknownCause::NotSent, "a cancel of nothing"));
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_deletion_is_answered_with_nothing_or_json_and_by_no_proxy() {
    for (body, done) in
        [("", true), ("\n", true), ("{}", true), (r#"{"deleted":true}"#, true), ("<html>", false), ("OK", false), ("Sign in", false)]
    {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_raw(body, "text/plain")).mount(&server).await;
        let result = client(&server.uri()).delete_billing_key(&calls::billing_key()).await;
        assert_eq!(result.is_ok(), done, "{body:?}");
    }
}

#[tokio::test]
async fn a_call_without_a_method_of_its_own_is_judged_like_the_others() {
    let key = idempotency_key();
    let post = |effect| Call::post(effect, "/v1/new/{id}", &["7"], key.clone(), "{}");
    let declined = r#"{"code":"REJECT_CARD_COMPANY","message":"no"}"#;
    for (call, status, body, class) in [
        (post(Effect::Charge), 200, r#"{"any":1}"#, None),
        (post(Effect::Charge), 200, "", Some(Class::Unknown)),
        (post(Effect::Charge), 200, "<html>", Some(Class::Unknown)),
        (post(Effect::Charge), 403, declined, Some(Class::Declined)),
        (post(Effect::Cancel), 403, declined, Some(Class::Unknown)),
        (post(Effect::Charge), 500, declined, Some(Class::Unknown)),
        (Call::get("/v1/new", &[]).query("page", "2"), 200, "[]", None),
        (Call::delete("/v1/new/{id}", &["7"]), 200, "", None),
    ] {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_raw(body, "application/json")).mount(&server).await;
        let result = client(&server.uri()).call(&call).await;
        assert_eq!(result.as_ref().err().map(Error::class), class, "{call:?} {status} {body}");
        let sent = server.received_requests().await.unwrap();
        assert_eq!(sent[0].headers.contains_key("idempotency-key"), sent[0].method.as_str() == "POST");
    }
    // The envelope of Toss's newer resources: nothing is decided by it here, and its code is not lost.
    let server = MockServer::start().await;
    let newer = format!(r#"{{"version":"2022-11-16","traceId":"t","error":{declined}}}"#);
    Mock::given(any()).respond_with(ResponseTemplate::new(403).set_body_raw(newer, "application/json")).mount(&server).await;
    let lost = unknown(client(&server.uri()).call(&post(Effect::Charge)).await);
    assert_eq!((lost.cause, lost.code), (UnknownCause::Unreadable, Some(ErrorCode::RejectCardCompany)));
}

#[test]
fn every_call_can_be_spawned() {
    fn spawnable<T: Send>(_: T) {}
    let client = client("http://127.0.0.1:1");
    let key = idempotency_key();
    spawnable(client.confirm(&support::confirm_request(), &key));
    spawnable(client.payment(&payment_key()));
    spawnable(client.payment_by_order(&support::order_id()));
    spawnable(client.cancel(&payment_key(), &calls::cancel_request(), &key));
    spawnable(client.charge_billing_key(&calls::billing_key(), &calls::billing_charge_request(), &key));
    spawnable(client.issue_virtual_account(&calls::virtual_account_request(), &key));
    spawnable(client.settlements(&calls::settlement_query()));
    spawnable(client.call(&Call::get("/v1/new", &[])));
    spawnable(client.transactions(&calls::transaction_query()).next());
    spawnable(client.cash_receipts(&calls::cash_receipt_query()).next());
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
