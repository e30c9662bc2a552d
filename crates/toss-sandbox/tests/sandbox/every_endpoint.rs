//! What all calls of the core API have in common: keys, methods, test codes, rates, faults.

use hyper::Method;
use serde_json::{Value, json};
use toss_sandbox::{API_SECRET_KEY, Config, Endpoint, Fault, Limits, NewPayment, Scope, Times};

use crate::{
    api::{Api, key_in},
    room,
    support::{Reply, Shop, refused},
};

/// A path of the endpoint about something that does not exist.
fn path(endpoint: Endpoint) -> String {
    ["{payment_key}", "{order_id}", "{billing_key}", "{receipt_key}"]
        .iter()
        .fold(endpoint.path().to_owned(), |path, part| path.replace(part, "nobody"))
}

async fn call(shop: &Shop, endpoint: Endpoint, secret_key: &str, headers: &[(&str, &str)]) -> Reply {
    let api = Api { shop, secret_key: secret_key.to_owned() };
    let body = (endpoint.method() == Method::POST).then(|| json!({}));
    shop.send(api.request(endpoint.method(), &path(endpoint), body.as_ref(), headers)).await
}

#[tokio::test]
async fn every_endpoint_answers_and_knows_its_key() {
    let shop = Shop::open().await;
    for endpoint in Endpoint::ALL {
        let reply = call(&shop, *endpoint, API_SECRET_KEY, &[]).await;
        assert_eq!(reply.header("x-tosspayments-trace-id").len(), 32, "{endpoint:?}");
        assert!(matches!(reply.status, 200 | 400 | 404), "{endpoint:?} {reply:?}");
        let unknown = call(&shop, *endpoint, "test_sk_nobody", &[]).await;
        assert_eq!(unknown.error(), refused(401, "UNAUTHORIZED_KEY"), "{endpoint:?}");
        let live = call(&shop, *endpoint, "live_sk_somebody", &[]).await.error();
        let expected = if *endpoint == Endpoint::Confirm { refused(400, "INVALID_API_KEY") } else { refused(401, "UNAUTHORIZED_KEY") };
        assert_eq!(live, expected, "{endpoint:?}");
    }
}

#[tokio::test]
async fn a_widget_key_is_not_for_the_products_of_the_api_key() {
    let shop = Shop::open().await;
    let mut needy = Vec::new();
    for endpoint in Endpoint::ALL {
        let reply = call(&shop, *endpoint, shop.sandbox.secret_key(), &[]).await;
        if reply.status == 403 {
            assert_eq!(reply.error(), refused(403, "FORBIDDEN_REQUEST"));
            needy.push(*endpoint);
        }
    }
    use Endpoint::{BillingCharge, BillingDelete, BillingIssue, BillingIssueByCard, BrandpayConfirm, BrandpayToken, KeyIn, VirtualAccount};
    assert_eq!(
        needy,
        [KeyIn, VirtualAccount, BillingIssue, BillingIssueByCard, BillingCharge, BillingDelete, BrandpayToken, BrandpayConfirm]
    );
}

#[tokio::test]
async fn the_wrong_method_is_not_found() {
    let shop = Shop::open().await;
    for endpoint in Endpoint::ALL {
        let reply = shop.send(Api::of(&shop).request(Method::PUT, &path(*endpoint), None, &[])).await;
        assert_eq!(reply.error(), refused(404, "NOT_FOUND_HTTP_METHOD"), "{endpoint:?}");
    }
}

#[tokio::test]
async fn test_codes_work_on_the_four_calls_that_take_them() {
    let shop = Shop::open().await;
    for endpoint in Endpoint::ALL {
        let headers = [("tosspayments-test-code", "REJECT_CARD_PAYMENT")];
        let reply = call(&shop, *endpoint, API_SECRET_KEY, &headers).await;
        let works = matches!(endpoint, Endpoint::Confirm | Endpoint::KeyIn | Endpoint::Cancel | Endpoint::BillingCharge);
        assert_eq!(reply.status == 403 && reply.error().1 == "REJECT_CARD_PAYMENT", works, "{endpoint:?}");
        let reply = call(&shop, *endpoint, API_SECRET_KEY, &[("tosspayments-test-code", "NOBODY")]).await;
        assert_eq!(reply.status == 400 && reply.error().1 == "INVALID_TEST_CODE", works, "{endpoint:?}");
    }
}

#[tokio::test]
async fn one_hundred_calls_a_minute_to_each_api_if_that_is_switched_on() {
    let limits = Limits { calls_a_minute: Some(Limits::CALLS_A_MINUTE), ..Limits::default() };
    let shop = Shop::with(Config { limits, ..Config::default() }).await;
    for _ in 0..100 {
        assert_eq!(shop.get("/v1/payments/nobody").await.status, 404);
    }
    assert_eq!(shop.get("/v1/payments/nobody").await.error(), refused(429, "TOO_MANY_REQUESTS"));
    assert_eq!(shop.get("/v1/payments/orders/nobody").await.status, 404, "another API");
    assert_eq!(Api::of(&shop).get("/v1/payments/nobody").await.status, 404, "another pair");
    shop.control.advance(std::time::Duration::from_secs(60));
    assert_eq!(shop.get("/v1/payments/nobody").await.status, 404);
}

#[tokio::test]
async fn a_call_too_many_is_not_bound_to_its_key() {
    let limits = Limits { calls_a_minute: Some(1), ..Limits::default() };
    let shop = Shop::with(Config { limits, ..Config::default() }).await;
    let payment = shop.pay("order-0001", 45_000);
    shop.send(shop.confirm_body(&json!({}), &[])).await;
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.error(), refused(429, "TOO_MANY_REQUESTS"));
    shop.control.advance(std::time::Duration::from_secs(60));
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.status, 200);
}

#[tokio::test]
async fn faults_strike_every_endpoint() {
    let shop = Shop::open().await;
    for endpoint in Endpoint::ALL {
        let post = endpoint.method() == Method::POST;
        for (fault, expected) in [
            (Fault::TooManyRequests, refused(429, "TOO_MANY_REQUESTS")),
            (Fault::InProgressConflict, refused(409, "IDEMPOTENT_REQUEST_PROCESSING")),
            (Fault::ErrorBefore, refused(500, "FAILED_INTERNAL_SYSTEM_PROCESSING")),
            (Fault::ErrorAfter, refused(500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING")),
            (Fault::Status4xx { code: "FDS_ERROR".to_owned() }, refused(403, "FDS_ERROR")),
        ] {
            shop.control.fault(fault.clone(), Scope::any(*endpoint), Times::Once).unwrap();
            let reply = call(&shop, *endpoint, API_SECRET_KEY, &[]).await;
            assert_eq!(reply.error(), expected, "{endpoint:?} {fault:?}");
        }
        if post && !matches!(endpoint, Endpoint::Confirm | Endpoint::BrandpayConfirm) {
            shop.control.fault(Fault::Decline { code: "MADE_UP".to_owned() }, Scope::any(*endpoint), Times::Once).unwrap();
            assert_eq!(call(&shop, *endpoint, API_SECRET_KEY, &[]).await.error(), refused(403, "MADE_UP"), "{endpoint:?}");
        }
        for (fault, status) in [(Fault::Html500, 500), (Fault::Garbage200, 200)] {
            shop.control.fault(fault, Scope::any(*endpoint), Times::Once).unwrap();
            assert_eq!(call(&shop, *endpoint, API_SECRET_KEY, &[]).await.status, status, "{endpoint:?}");
        }
    }
}

/// A cancel that comes to `status` however often it is asked again.
async fn cancel_with(fault: Fault) -> (Shop, String, Result<Reply, hyper::Error>) {
    let shop = Shop::open().await;
    let key = crate::api::paid(&shop, NewPayment::new("order-0001", "주문", 45_000)).await;
    shop.control.fault(fault, Scope::order(Endpoint::Cancel, "order-0001"), Times::Once).unwrap();
    let body = json!({ "cancelReason": "변심" });
    let path = format!("/v1/payments/{key}/cancel");
    let request = Api::widget(&shop).request(Method::POST, &path, Some(&body), &[("idempotency-key", "key-1")]);
    let reply = shop.try_send(request).await;
    (shop, key, reply)
}

#[tokio::test]
async fn a_lost_answer_to_a_cancel_has_cancelled_and_one_lost_before_has_not() {
    for (fault, balance) in [
        (Fault::ResetAfter, 0),
        (Fault::ErrorAfter, 0),
        (Fault::TruncatedBody, 0),
        (Fault::ResetBefore, 45_000),
        (Fault::ErrorBefore, 45_000),
    ] {
        let (shop, key, _) = cancel_with(fault.clone()).await;
        assert_eq!(shop.control.payment(&key).unwrap().balance.get(), balance, "{fault:?}");
    }
    let (shop, key, reply) = cancel_with(Fault::AlreadyProcessed).await;
    assert_eq!(reply.unwrap().error(), refused(400, "ALREADY_CANCELED_PAYMENT"));
    assert_eq!(shop.control.payment(&key).unwrap().balance.get(), 0, "another request did it");
    assert!(!shop.control.requests().last().unwrap().charged);
}

#[tokio::test]
async fn lies_are_told_where_there_is_a_field_for_them() {
    for (fault, field, lie) in [
        (Fault::WrongAmount, "totalAmount", json!(50_001)),
        (Fault::WrongOrderId, "orderId", json!("sandbox-other-order")),
        (Fault::UnknownStatus, "status", json!("SANDBOX_UNHEARD_OF")),
        (Fault::ExtraFields, "sandboxFlag", json!(true)),
    ] {
        let shop = Shop::open().await;
        shop.control.fault(fault.clone(), Scope::any(Endpoint::KeyIn), Times::Once).unwrap();
        let body = Api::of(&shop).post("/v1/payments/key-in", key_in()).await.json();
        assert_eq!(body[field], lie, "{fault:?}");
        assert_eq!(shop.control.charges("order-0001")[0].amount.get(), 50_000);
        shop.control.fault(fault.clone(), Scope::any(Endpoint::Promotions), Times::Once).unwrap();
        let body: Value = shop.get("/v1/promotions").await.json();
        assert_eq!(body.get(field).is_some(), fault == Fault::ExtraFields, "{fault:?}: a promotion has no such field");
    }
}

#[tokio::test]
async fn a_thousand_confirms_at_once_are_all_answered_and_the_ledger_is_exact() {
    let _room = room::for_a_thousand().await;
    let shop = Shop::open().await;
    let payments: Vec<_> = (0..500).map(|i| shop.pay(&format!("order-{i:04}"), 1_000 + i)).collect();
    // Each payment twice: with one key, or racing without.
    let calls: Vec<_> = (0..1_000)
        .map(|i| {
            let payment = &payments[i / 2];
            let key = format!("key-{}", i / 2);
            let with_key = [("idempotency-key", key.as_str())];
            let request = shop.confirm_request(payment, if (i / 2) % 2 == 0 { &with_key } else { &[] });
            tokio::spawn(crate::support::try_send(shop.sandbox.addr(), request))
        })
        .collect();
    let mut done = 0;
    for call in calls {
        let reply = call.await.unwrap().unwrap();
        match reply.status {
            200 => done += 1,
            _ => assert!(
                matches!(
                    reply.error().1.as_str(),
                    "ALREADY_PROCESSED_PAYMENT" | "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING" | "IDEMPOTENT_REQUEST_PROCESSING"
                ),
                "{reply:?}"
            ),
        }
    }
    assert!(done >= 500, "{done}");
    let mut amounts: Vec<_> = shop.control.ledger().iter().map(|entry| entry.amount.get()).collect();
    amounts.sort_unstable();
    assert_eq!(amounts, (1_000..1_500).collect::<Vec<_>>());
}
