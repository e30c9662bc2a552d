//! Calls and webhooks that were under way when what they are about was forgotten: nothing of them reaches what comes after.

use std::time::Duration;

use http_body_util::Full;
use hyper::{Method as HttpMethod, Request, body::Bytes};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpListener, task::JoinHandle, time::timeout};
use toss_sandbox::{API_CLIENT_KEY, CLIENT_KEY, Config, DeliveryState, Endpoint, Fault, Limits, Method, Registration, Scope, Times};

use crate::{
    api::{Api, key_in, with},
    receiver::{Manners, Receiver, log_where, settled},
    support::{DEADLINE, Lost, Reply, Shop, refused},
};

const KEY: &str = "key-1";
/// Each forgets the order of [`key_in`], whose shop is that of the API pair.
const RESETS: [&str; 3] = ["/reset", "/reset?clientKey=test_ck_sandbox7Tq2LwXn4Rb9VdKc3", "/reset?orderId=order-0001"];

fn gone() -> (u16, String) {
    refused(500, "SANDBOX_RESET")
}

fn post(shop: &Shop, path: &str, body: &Value) -> Request<Full<Bytes>> {
    Api::of(shop).request(HttpMethod::POST, path, Some(body), &[("idempotency-key", KEY)])
}

async fn ended(call: JoinHandle<Result<Reply, Lost>>) -> Reply {
    timeout(DEADLINE, call).await.unwrap().unwrap().unwrap()
}

/// The calls that need no payment from before: an endpoint, its path and its body.
async fn calls_out_of_nothing(shop: &Shop) -> [(Endpoint, String, Value); 3] {
    let auth_key = shop.control.authorize_billing("customer-1", Method::Card).unwrap();
    let issued = Api::of(shop).post("/v1/billing/authorizations/issue", json!({ "authKey": auth_key, "customerKey": "customer-1" })).await;
    let order = json!({ "amount": 50_000, "orderId": "order-0001", "orderName": "토스 티셔츠 외 2건" });
    [
        (Endpoint::KeyIn, "/v1/payments/key-in".to_owned(), key_in()),
        (Endpoint::VirtualAccount, "/v1/virtual-accounts".to_owned(), with(&order, json!({ "customerName": "김토스", "bank": "88" }))),
        (
            Endpoint::BillingCharge,
            format!("/v1/billing/{}", issued.json()["billingKey"].as_str().unwrap()),
            with(&order, json!({ "customerKey": "customer-1" })),
        ),
    ]
}

#[tokio::test]
async fn a_call_from_before_a_reset_books_nothing_after_it_and_leaves_its_key_unused() {
    for reset in RESETS {
        let shop = Shop::open().await;
        for (endpoint, path, body) in calls_out_of_nothing(&shop).await {
            shop.control.fault(Fault::TimeoutBefore, Scope::any(endpoint), Times::Once).unwrap();
            let call = shop.hang(post(&shop, &path, &body), 1).await;
            assert_eq!(shop.drive("POST", reset, None).await.status, 204);
            let reply = ended(call).await;
            assert_eq!(reply.error(), gone(), "{reset} {endpoint:?}");
            assert_eq!((shop.control.ledger(), shop.control.payments()), (vec![], vec![]), "{reset}");
            assert!(!shop.control.requests().iter().any(|it| it.path == path), "{reset}");
            assert_eq!(shop.control.look(|view| view.hung()), 0);
            // The key's next use is its first.
            let again = shop.send(post(&shop, "/v1/payments/key-in", &key_in())).await;
            assert_eq!((again.status, shop.control.charges("order-0001").len()), (200, 1), "{reset} {again:?}");
            assert!(!shop.control.requests().iter().any(|it| it.replayed), "{reset}");
            shop.control.reset_order("order-0001");
        }
    }
}

#[tokio::test]
async fn a_call_that_hangs_after_its_charge_does_not_tell_of_a_charge_that_is_forgotten() {
    for reset in RESETS {
        let shop = Shop::open().await;
        shop.control.fault(Fault::TimeoutAfter, Scope::any(Endpoint::KeyIn), Times::Once).unwrap();
        let call = shop.hang(post(&shop, "/v1/payments/key-in", &key_in()), 1).await;
        assert_eq!(shop.control.charges("order-0001").len(), 1);
        assert_eq!(shop.drive("POST", reset, None).await.status, 204);
        assert_eq!(ended(call).await.error(), gone(), "{reset}");
        assert_eq!(shop.control.ledger(), [], "{reset}");
    }
}

#[tokio::test]
async fn a_replay_that_hangs_is_forgotten_with_the_answer_that_it_would_repeat() {
    let shop = Shop::open().await;
    assert_eq!(shop.send(post(&shop, "/v1/payments/key-in", &key_in())).await.status, 200);
    shop.control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::KeyIn), Times::Once).unwrap();
    let call = shop.hang(post(&shop, "/v1/payments/key-in", &key_in()), 1).await;
    shop.control.reset();
    assert_eq!(ended(call).await.error(), gone());
}

#[tokio::test]
async fn a_scoped_reset_leaves_the_calls_of_others_hanging_and_they_charge_when_released() {
    for reset in ["/reset?orderId=order-0002".to_owned(), format!("/reset?clientKey={CLIENT_KEY}")] {
        let shop = Shop::with(Config { limits: Limits { requests: 1, ..Limits::default() }, ..Config::default() }).await;
        shop.control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::KeyIn), Times::Once).unwrap();
        let call = shop.hang(post(&shop, "/v1/payments/key-in", &key_in()), 1).await;
        // Its record has to go for room; that is not what forgets a call.
        shop.get("/v1/nothing").await;
        assert_eq!(shop.drive("POST", &reset, None).await.status, 204);
        assert_eq!(shop.control.look(|view| view.hung()), 1, "{reset}");
        shop.control.release_hung();
        assert_eq!((ended(call).await.status, shop.control.charges("order-0001").len()), (200, 1), "{reset}");
    }
}

#[tokio::test]
async fn a_call_that_names_no_order_is_forgotten_with_its_shop_and_not_with_an_order() {
    let shop = Shop::open().await;
    let range = "/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-31T00:00:00";
    let ask = || Api::of(&shop).request(HttpMethod::GET, range, None, &[]);
    shop.control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::Transactions), Times::Always).unwrap();
    let call = shop.hang(ask(), 1).await;
    shop.control.reset_order("order-0001");
    assert_eq!(shop.control.look(|view| view.hung()), 1);
    shop.control.reset_shop(API_CLIENT_KEY).unwrap();
    assert_eq!(ended(call).await.error(), gone());
}

#[tokio::test]
async fn what_a_reset_has_ended_says_so_in_words() {
    let shop = Shop::open().await;
    shop.control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::KeyIn), Times::Once).unwrap();
    let english = [("accept-language", "en-US")];
    let request = Api::of(&shop).request(HttpMethod::POST, "/v1/payments/key-in", Some(&key_in()), &english);
    let call = shop.hang(request, 1).await;
    shop.control.reset();
    let said = ended(call).await.json()["message"].as_str().unwrap().to_owned();
    assert!(said.contains("reset while this call was under way"), "{said}");
}

#[tokio::test]
async fn a_slow_answer_does_not_wait_for_a_time_of_the_clock_before_a_reset() {
    let shop = Shop::open().await;
    shop.control.advance(Duration::from_secs(3_600));
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::SlowBody { ms: 5_000 });
    let call = shop.begin(shop.confirm_request(&payment, &[]));
    shop.control.wait_for(|view| view.requests().any(|it| it.status.is_some()), DEADLINE).await.unwrap();
    shop.control.reset();
    assert_eq!(ended(call).await.status, 200, "it had been sent before");
}

#[tokio::test]
async fn a_webhook_under_way_of_a_forgotten_order_is_given_up_and_the_next_one_need_not_wait_for_it() {
    for reset in ["/reset?orderId=order-000A", "/reset"] {
        let receiver = Receiver::open().await;
        receiver.behave(Manners::Hang);
        let webhooks = vec![Registration::new(receiver.url("/"))];
        let shop = Shop::with(Config { webhooks, ..Config::default() }).await;
        shop.confirm(&shop.pay("order-000A", 45_000)).await;
        log_where(&shop, |log| log.iter().any(|it| it.state == DeliveryState::Sending)).await;

        assert_eq!(shop.drive("POST", reset, None).await.status, 204);
        receiver.behave(Manners::Answer(200));
        shop.confirm(&shop.pay("order-000B", 45_000)).await;
        let log = settled(&shop).await;
        let told: Vec<_> = log.iter().map(|it| (it.order_id.as_deref(), it.state)).collect();
        assert_eq!(told, [(Some("order-000B"), DeliveryState::Delivered)], "{reset}");
    }
}

#[tokio::test]
async fn the_sandbox_hangs_up_on_a_receiver_of_a_forgotten_webhook() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let shop = Shop::with(Config { webhooks: vec![Registration::new(url)], ..Config::default() }).await;
    shop.confirm(&shop.pay("order-000A", 45_000)).await;
    let (mut stream, _) = timeout(DEADLINE, listener.accept()).await.unwrap().unwrap();
    shop.control.reset_order("order-000A");
    let mut heard = Vec::new();
    timeout(DEADLINE, stream.read_to_end(&mut heard)).await.expect("it waits for no answer any more").unwrap();
}
