//! Tests that share one sandbox: each clears up after itself and leaves the others alone.

use std::time::Duration;

use serde_json::{Value, json};
use toss_sandbox::{
    API_CLIENT_KEY, Config, DeliveryState, Endpoint, Fault, Method, NewPayment, Registration, Scope, ScriptFault, Times, WebhookFault,
    WebhookRule,
};

use crate::{
    api::Api,
    receiver::{Manners, Receiver, settled},
    support::{DEADLINE, START, Shop, refused},
};

fn arm(shop: &Shop, order_id: Option<&str>) {
    let (scope, lost) = (Scope::any(Endpoint::Lookup), WebhookRule::next(WebhookFault::Lose));
    let (scope, lost) = match order_id {
        Some(order_id) => (Scope::order(Endpoint::Lookup, order_id), lost.for_order(order_id)),
        None => (scope, lost),
    };
    shop.control.fault(Fault::ErrorBefore, scope, Times::Always).unwrap();
    shop.control.webhook_fault(lost).unwrap();
}

/// Which orders the waiting rules of the API and of webhooks are for, and how many there are for the script.
fn armed(shop: &Shop) -> (Vec<Option<String>>, Vec<Option<String>>, usize) {
    let (api, script) = shop.control.faults();
    let api = api.into_iter().map(|rule| rule.scope.order_id).collect();
    (api, shop.control.webhook_faults().into_iter().map(|rule| rule.order_id).collect(), script.len())
}

#[tokio::test]
async fn the_faults_of_one_order_are_cleared_and_nobody_elses() {
    let shop = Shop::open().await;
    let arm_all = || {
        for order_id in [Some("order-000A"), Some("order-000B"), None] {
            arm(&shop, order_id);
        }
        shop.control.script_fault(ScriptFault::NotFound, Times::Once).unwrap();
    };
    arm_all();
    let left = || vec![Some("order-000B".to_owned()), None];
    assert_eq!(shop.drive("DELETE", "/faults?orderId=order-000A", None).await.status, 204);
    assert_eq!(armed(&shop), (left(), left(), 1));
    assert_eq!(shop.drive("DELETE", "/faults?orderId=order-000C", None).await.status, 204);
    assert_eq!(armed(&shop), (left(), left(), 1), "there was none for that order");

    assert_eq!(shop.drive("DELETE", "/faults", None).await.status, 204);
    assert_eq!(armed(&shop), (vec![], vec![], 0));
    arm_all();
    shop.control.clear_faults_of("order-000A");
    assert_eq!(armed(&shop), (left(), left(), 1), "the same in Rust");
}

/// A paid order with everything that there is of one: a look-up, an idempotency key, faults, webhooks.
async fn lived(shop: &Shop, order_id: &str) -> String {
    let payment = shop.pay(order_id, 45_000);
    assert_eq!(shop.confirm_with_key(&payment, &format!("key-of-{order_id}")).await.status, 200);
    shop.lookup(&payment).await;
    arm(shop, Some(order_id));
    payment.payment_key
}

/// How much there is of an order: payments, ledger entries, calls, webhooks, faults.
fn traces(shop: &Shop, order_id: &str) -> [usize; 5] {
    let is = |id: &Option<String>| id.as_deref() == Some(order_id);
    let (api, webhook, _) = armed(shop);
    [
        shop.control.payments().iter().filter(|it| it.order_id == order_id).count(),
        shop.control.ledger().iter().filter(|it| it.order_id == order_id).count(),
        shop.control.requests().iter().filter(|it| is(&it.order_id)).count(),
        shop.control.webhooks().iter().filter(|it| is(&it.order_id)).count(),
        api.iter().chain(&webhook).filter(|it| is(it)).count(),
    ]
}

async fn told_shop() -> (Shop, Receiver) {
    let receiver = Receiver::open().await;
    let webhooks = vec![Registration::new(receiver.url("/"))];
    (Shop::with(Config { webhooks, ..Config::default() }).await, receiver)
}

#[tokio::test]
async fn resetting_one_order_forgets_all_of_it_and_nothing_of_another() {
    let (shop, receiver) = told_shop().await;
    let mine = lived(&shop, "order-000A").await;
    let other = lived(&shop, "order-000B").await;
    lived(&shop, "order-000C").await;
    arm(&shop, None);
    settled(&shop).await;
    receiver.heard();
    shop.control.advance(Duration::from_secs(60));
    let before = (traces(&shop, "order-000B"), traces(&shop, "order-000C"));
    assert_eq!(before, ([1, 1, 2, 1, 2], [1, 1, 2, 1, 2]), "there is something of everything");

    assert_eq!(shop.drive("POST", "/reset?orderId=order-000A", None).await.status, 204);
    assert_eq!(traces(&shop, "order-000A"), [0; 5]);
    assert_eq!((traces(&shop, "order-000B"), traces(&shop, "order-000C")), before);
    assert_eq!(shop.control.faults().0.iter().filter(|rule| rule.scope.order_id.is_none()).count(), 1, "a fault for all is nobody's");
    assert_eq!((shop.control.registrations().len(), shop.control.clock().now()), (1, START.plus(Duration::from_secs(60))));

    // The key that the order has used is free, the other's is not.
    let confirm = async |key: &str, order_id: &str, payment_key: &str| {
        let body = json!({ "paymentKey": payment_key, "orderId": order_id, "amount": 45_000 });
        shop.send(shop.confirm_body(&body, &[("idempotency-key", key)])).await
    };
    assert_eq!(confirm("key-of-order-000A", "order-000A", &mine).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
    assert_eq!(confirm("key-of-order-000B", "order-000B", &other).await.status, 200);
    let last = shop.control.requests().pop().unwrap();
    assert!(last.replayed && last.number == 7, "{last:?}: numbers go on");

    // The order can be paid again, and its webhook is told anew.
    shop.control.clear_faults();
    let again = shop.pay("order-000A", 45_000);
    assert_eq!(shop.confirm(&again).await.json()["status"], "DONE");
    settled(&shop).await;
    assert_eq!(receiver.heard().len(), 1);

    shop.control.reset_order("order-000B");
    assert_eq!(traces(&shop, "order-000B"), [0; 5], "the same in Rust");
    assert_eq!(traces(&shop, "order-000A")[..2], [1, 1]);
}

#[tokio::test]
async fn a_webhook_of_a_forgotten_order_is_not_sent_any_more() {
    let (shop, receiver) = told_shop().await;
    receiver.behave(Manners::Answer(500));
    for order_id in ["order-000A", "order-000B"] {
        shop.confirm(&shop.pay(order_id, 45_000)).await;
    }
    let tried = |view: &mut toss_sandbox::View<'_>| view.webhooks().all(|it| it.attempts.len() == 1 && it.state != DeliveryState::Sending);
    shop.control.wait_for(tried, DEADLINE).await.unwrap();
    receiver.heard();
    shop.control.reset_order("order-000A");
    receiver.behave(Manners::Answer(200));
    shop.control.advance(Duration::from_secs(60));
    settled(&shop).await;
    let heard: Vec<_> = receiver.heard().iter().map(|it| it.json()["data"]["orderId"].clone()).collect();
    assert_eq!(heard, ["order-000B"]);
}

#[tokio::test]
async fn a_hanging_call_of_a_forgotten_order_ends_and_another_hangs_on() {
    let shop = Shop::open().await;
    let (mine, other) = (shop.pay("order-000A", 45_000), shop.pay("order-000B", 45_000));
    shop.control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::Confirm), Times::Always).unwrap();
    let mine = shop.hang(shop.confirm_request(&mine, &[]), 1).await;
    let other = shop.hang(shop.confirm_request(&other, &[]), 2).await;
    shop.control.reset_order("order-000A");
    let mine = tokio::time::timeout(DEADLINE, mine).await.unwrap().unwrap().unwrap();
    assert_eq!(mine.error(), refused(500, "SANDBOX_RESET"));
    assert_eq!(shop.control.look(|view| view.hung()), 1);
    assert!(!other.is_finished());
    shop.control.release_hung();
    assert_eq!(other.await.unwrap().unwrap().status, 200);
    assert_eq!(shop.control.look(|view| view.hung()), 0);
}

#[tokio::test]
async fn resetting_one_shop_forgets_all_of_it_and_nothing_of_another() {
    let (shop, receiver) = told_shop().await;
    receiver.behave(Manners::Answer(200));
    lived(&shop, "order-000A").await;
    let api = Api::of(&shop);
    let new = |order_id: &str| NewPayment { client_key: Some(API_CLIENT_KEY.to_owned()), ..NewPayment::new(order_id, "주문", 45_000) };
    let paid = shop.control.authenticate(new("order-000B")).unwrap();
    let body = json!({ "paymentKey": paid.payment_key, "orderId": "order-000B", "amount": 45_000 });
    assert_eq!(api.post("/v1/payments/confirm", body.clone()).await.status, 200);
    // An order of the same name in both shops, and faults for each of the three.
    shop.control.authenticate(new("order-000A")).unwrap();
    arm(&shop, Some("order-000B"));
    let auth_key = shop.control.authorize_billing("customer-1", Method::Card).unwrap();
    let billing = json!({ "authKey": shop.control.authorize_billing("customer-1", Method::Card).unwrap(), "customerKey": "customer-1" });
    let issued = api.post("/v1/billing/authorizations/issue", billing).await.json();
    let range = "/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-31T00:00:00";
    assert_eq!(api.get(range).await.json().as_array().unwrap().len(), 1);
    settled(&shop).await;
    let calls_without_order = || {
        let own = |path: &str| path.starts_with("/v1/transactions") || path.starts_with("/v1/billing");
        shop.control.requests().iter().filter(|it| own(&it.path)).count()
    };
    assert_eq!(calls_without_order(), 2);

    let path = format!("/reset?clientKey={API_CLIENT_KEY}");
    assert_eq!(shop.drive("POST", &path, None).await.status, 204);
    assert_eq!(traces(&shop, "order-000B"), [0; 5]);
    assert_eq!(traces(&shop, "order-000A"), [1, 1, 2, 1, 2], "the other shop's order of the same name, with its faults");
    assert_eq!(calls_without_order(), 0);
    assert_eq!(api.get(range).await.json(), json!([]));
    let charge = json!({ "amount": 9_900, "orderId": "order-0009", "orderName": "구독", "customerKey": "customer-1" });
    let gone = api.post(&format!("/v1/billing/{}", issued["billingKey"].as_str().unwrap()), charge).await;
    assert_eq!(gone.error(), refused(404, "NOT_FOUND_BILLING"));
    let used = json!({ "authKey": auth_key, "customerKey": "customer-1" });
    assert_eq!(api.post("/v1/billing/authorizations/issue", used).await.error(), refused(400, "INVALID_BILLING_AUTH"));

    let unknown = shop.drive("POST", "/reset?clientKey=test_ck_nobody", None).await;
    assert_eq!(unknown.error(), refused(404, "NOT_FOUND_MERCHANT"));
    assert!(unknown.json()["message"].as_str().unwrap().contains("test_ck_nobody"));
    assert_eq!(shop.control.reset_shop("test_ck_nobody").unwrap_err().code, "NOT_FOUND_MERCHANT");
    shop.control.reset_shop(shop.sandbox.client_key()).unwrap();
    assert_eq!((shop.control.payments(), shop.control.ledger()), (vec![], vec![]), "the same in Rust");
}

#[tokio::test]
async fn two_workers_that_reset_their_orders_all_the_time_do_not_disturb_each_other() {
    let shop = Shop::open().await;
    let shop = &shop;
    let worker = async |name: &'static str| {
        for round in 0..30 {
            let order_id = format!("{name}-{round:04}");
            shop.control.fault(Fault::ErrorAfter, Scope::order(Endpoint::Confirm, &order_id), Times::Once).unwrap();
            let payment = shop.pay(&order_id, 45_000);
            let lost = shop.confirm_with_key(&payment, &order_id).await;
            assert_eq!(lost.status, 500, "{order_id}: its own fault struck");
            let retried = shop.confirm_with_key(&payment, &order_id).await;
            assert_eq!((retried.status, shop.control.charges(&order_id).len()), (200, 1), "{order_id}");
            shop.control.reset_order(&order_id);
            assert_eq!(traces(shop, &order_id), [0; 5]);
        }
    };
    tokio::join!(worker("worker-a"), worker("worker-b"));
    assert_eq!(shop.control.payments(), []);
}

#[tokio::test]
async fn a_reset_says_which_one_is_meant_or_is_refused() {
    let shop = Shop::open().await;
    shop.pay("order-0001", 45_000);
    for (path, body, why) in [
        ("/reset?orderId=", None, "the parameter `orderId` is empty"),
        ("/reset?clientKey=", None, "the parameter `clientKey` is empty"),
        ("/reset?orderId=order-0001&clientKey=x", None, "name either `orderId` or `clientKey`, not both"),
        ("/reset?orderId=a&orderId=b", None, "the parameter `orderId` stands twice"),
        ("/reset?order=order-0002", None, "there is no parameter `order`: POST /reset takes `orderId`, `clientKey`"),
        ("/reset", Some(json!({ "orderId": "order-0002" })), "POST /reset takes no body"),
    ] {
        let reply = shop.drive("POST", path, body).await;
        assert_eq!((reply.error(), &reply.json()["message"]), (refused(400, "INVALID_REQUEST"), &Value::from(why)), "{path}");
    }
    assert_eq!(shop.control.payments().len(), 1, "nothing was forgotten");
}
