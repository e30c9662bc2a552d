use std::time::Duration;

use hyper::header::{AUTHORIZATION, HeaderValue};
use serde_json::json;
use toss_sandbox::{Choices, Config, DOCS_WIDGET_PAIR, Endpoint, Fault, KEY_LIVES_FOR, MAX_KEY_CHARS, Scope, Times};

use crate::support::{DEADLINE, Shop, basic, refused};

#[tokio::test]
async fn a_replay_is_the_first_answer_byte_for_byte_and_charges_nothing() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let first = shop.confirm_with_key(&payment, "key-1").await;
    shop.control.advance(Duration::from_secs(3600));
    let english = shop.confirm_request(&payment, &[("idempotency-key", "key-1"), ("accept-language", "en-US")]);
    for replay in [shop.confirm_with_key(&payment, "key-1").await, shop.send(english).await] {
        assert_eq!((replay.status, &replay.body), (200, &first.body));
        assert_eq!(replay.header("idempotency-key"), "key-1");
        let trace = replay.header("x-tosspayments-trace-id").split(',').map(str::trim).collect::<Vec<_>>();
        assert_eq!(trace.len(), 2);
        assert_ne!(trace[0], trace[1]);
        assert_eq!(trace[1], first.header("x-tosspayments-trace-id"));
    }
    assert_eq!(first.header("idempotency-key"), "key-1");
    assert_eq!(shop.control.charges("order-0001").len(), 1);
    let replayed: Vec<_> = shop.control.requests().iter().map(|r| (r.replayed, r.charged)).collect();
    assert_eq!(replayed, [(false, true), (true, false), (true, false)]);
}

#[tokio::test]
async fn refusals_are_bound_too_even_for_a_corrected_body() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let wrong = json!({ "paymentKey": payment.payment_key, "orderId": "order-0001", "amount": 1 });
    let key = [("idempotency-key", "key-1")];
    let first = shop.send(shop.confirm_body(&wrong, &key)).await;
    assert_eq!(first.error(), refused(400, "INVALID_REQUEST"));
    let corrected = shop.confirm_with_key(&payment, "key-1").await;
    assert_eq!(corrected.body, first.body);
    assert_eq!(shop.confirm_with_key(&payment, "key-2").await.status, 200);
}

#[tokio::test]
async fn one_key_for_two_orders_gives_the_first_order_for_the_second() {
    let shop = Shop::open().await;
    let (first, second) = (shop.pay("order-0001", 45_000), shop.pay("order-0002", 30_000));
    assert_eq!(shop.confirm_with_key(&first, "constant").await.status, 200);
    let reply = shop.confirm_with_key(&second, "constant").await;
    assert_eq!((reply.status, reply.json()["orderId"].as_str()), (200, Some("order-0001")));
    assert_eq!(shop.control.charges("order-0002"), []);
}

#[tokio::test]
async fn the_same_key_under_another_secret_key_is_another_request() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let mut foreign = shop.confirm_request(&payment, &[("idempotency-key", "key-1")]);
    let docs = HeaderValue::from_str(&basic(&format!("{}:", DOCS_WIDGET_PAIR[1]))).unwrap();
    foreign.headers_mut().insert(AUTHORIZATION, docs);
    assert_eq!(shop.send(foreign).await.error(), refused(400, "INVALID_API_KEY"));
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.status, 200);
}

#[tokio::test]
async fn a_key_is_forgotten_after_fifteen_days() {
    assert_eq!(KEY_LIVES_FOR, Duration::from_secs(15 * 86_400));
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.status, 200);
    shop.control.advance(KEY_LIVES_FOR - Duration::from_millis(1));
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.status, 200);
    shop.control.advance(Duration::from_millis(1));
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
}

#[tokio::test]
async fn while_the_first_is_in_flight_the_second_is_a_conflict() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::TimeoutBefore);
    let first = shop.hang(shop.confirm_request(&payment, &[("idempotency-key", "key-1")]), 1).await;
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.error(), refused(409, "IDEMPOTENT_REQUEST_PROCESSING"));
    assert_eq!(shop.control.ledger(), []);
    shop.control.release_hung();
    let first = first.await.unwrap().unwrap();
    assert_eq!(first.status, 200);
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.body, first.body);
    assert_eq!(shop.control.ledger().len(), 1);
}

#[tokio::test]
async fn while_the_first_is_in_flight_another_without_its_key_gets_s008() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::TimeoutBefore);
    let first = shop.hang(shop.confirm_request(&payment, &[]), 1).await;
    for second in [shop.confirm(&payment).await, shop.confirm_with_key(&payment, "key-2").await] {
        assert_eq!(second.error(), refused(500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"));
        assert!(second.json()["message"].as_str().unwrap().starts_with("[S008]"));
    }
    shop.control.release_hung();
    assert_eq!(first.await.unwrap().unwrap().status, 200);
    assert_eq!(shop.confirm(&payment).await.error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
    assert_eq!(shop.control.ledger().len(), 1);
}

#[tokio::test]
async fn a_caller_that_hangs_up_before_the_charge_leaves_key_and_payment_free() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::TimeoutBefore);
    let call = shop.hang(shop.confirm_request(&payment, &[("idempotency-key", "key-1")]), 1).await;
    call.abort();
    shop.control.wait_for(|view| view.hung() == 0, DEADLINE).await.unwrap();
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.status, 200);
    assert_eq!(shop.control.ledger().len(), 1);
}

#[tokio::test]
async fn server_errors_are_bound_only_if_chosen() {
    for (bind_server_errors, second) in [(false, 200), (true, 500)] {
        let choices = Choices { bind_server_errors, ..Choices::default() };
        let shop = Shop::with(Config { choices, ..Config::default() }).await;
        let payment = shop.pay("order-0001", 45_000);
        shop.next_confirm(Fault::ErrorBefore);
        assert_eq!(shop.confirm_with_key(&payment, "key-1").await.status, 500);
        assert_eq!(shop.confirm_with_key(&payment, "key-1").await.status, second);
    }
}

#[tokio::test]
async fn a_key_has_one_to_three_hundred_characters() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    for key in ["", &"k".repeat(MAX_KEY_CHARS + 1)] {
        assert_eq!(shop.confirm_with_key(&payment, key).await.error(), refused(400, "INVALID_IDEMPOTENCY_KEY"));
    }
    let mut bytes = shop.confirm_request(&payment, &[]);
    bytes.headers_mut().insert("idempotency-key", HeaderValue::from_bytes(b"\xff\xfe").unwrap());
    assert_eq!(shop.send(bytes).await.error(), refused(400, "INVALID_IDEMPOTENCY_KEY"));
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(shop.confirm_with_key(&payment, &"k".repeat(MAX_KEY_CHARS)).await.status, 200);
}

#[tokio::test]
async fn a_key_on_a_get_is_ignored() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let lookup = async || {
        let mut request = shop.get_request(&format!("/v1/payments/{}", payment.payment_key));
        request.headers_mut().insert("idempotency-key", HeaderValue::from_static("key-1"));
        shop.send(request).await.json()["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(lookup().await, "IN_PROGRESS");
    assert_eq!(shop.confirm(&payment).await.status, 200);
    assert_eq!(lookup().await, "DONE");
}

#[tokio::test]
async fn many_at_once_with_one_key_are_one_charge_and_one_body() {
    let shop = std::sync::Arc::new(Shop::open().await);
    let payment = shop.pay("order-0001", 45_000);
    let scope = Scope::any(Endpoint::Confirm);
    shop.control.fault(Fault::TimeoutBefore, scope, Times::Once).unwrap();
    let first = shop.hang(shop.confirm_request(&payment, &[("idempotency-key", "key-1")]), 1).await;
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let (shop, payment) = (shop.clone(), payment.clone());
            tokio::spawn(async move { shop.confirm_with_key(&payment, "key-1").await.status })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 409);
    }
    shop.control.release_hung();
    let first = first.await.unwrap().unwrap();
    for _ in 0..3 {
        assert_eq!(shop.confirm_with_key(&payment, "key-1").await.body, first.body);
    }
    assert_eq!(shop.control.ledger().len(), 1);
}
