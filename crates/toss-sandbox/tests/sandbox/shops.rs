//! Faults for one shop: workers that share a sandbox, each with a key pair of its own, strike only themselves.

use serde_json::{Value, json};
use toss_sandbox::{
    API_CLIENT_KEY, CLIENT_KEY, Config, Endpoint, EventType, Fault, Method, Registration, Scenario, Scope, ScriptFault, Times,
    WebhookFault, WebhookRule,
};

use crate::{
    api::Api,
    receiver::{Receiver, settled},
    support::{Shop, refused},
};

const RANGE: &str = "/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-31T00:00:00";

fn arm(shop: &Shop, client_key: &str, order_id: Option<&str>) {
    let lookup = order_id.map_or_else(|| Scope::any(Endpoint::Lookup), |order_id| Scope::order(Endpoint::Lookup, order_id));
    shop.control.fault(Fault::ErrorBefore, lookup.in_shop(client_key), Times::Always).unwrap();
    let lost = WebhookRule::next(WebhookFault::Lose).in_shop(client_key).times(Times::Always);
    shop.control.webhook_fault(order_id.map_or_else(|| lost.clone(), |order_id| lost.clone().for_order(order_id))).unwrap();
}

/// The shops and orders of the rules of the API; those of webhooks have to be for the same.
fn armed(shop: &Shop) -> Vec<(Option<String>, Option<String>)> {
    let of_api: Vec<_> = shop.control.faults().0.into_iter().map(|rule| (rule.scope.client_key, rule.scope.order_id)).collect();
    let of_webhooks: Vec<_> = shop.control.webhook_faults().into_iter().map(|rule| (rule.client_key, rule.order_id)).collect();
    assert_eq!(of_api, of_webhooks);
    of_api
}

fn of(client_key: &str, order_id: Option<&str>) -> (Option<String>, Option<String>) {
    (Some(client_key.to_owned()), order_id.map(str::to_owned))
}

#[tokio::test]
async fn a_fault_of_one_shop_strikes_every_call_of_it_and_none_of_another() {
    let shop = Shop::open().await;
    let (mine, other) = (Api::of(&shop), Api::widget(&shop));
    let rule =
        json!({ "fault": { "kind": "too_many_requests" }, "endpoint": "transactions", "clientKey": API_CLIENT_KEY, "times": "always" });
    assert_eq!(shop.drive("POST", "/faults", Some(rule.clone())).await.status, 204);
    assert_eq!((other.get(RANGE).await.status, mine.get(RANGE).await.status), (200, 429));
    assert_eq!(mine.get("/v1/transactions").await.status, 429, "also one that cannot be read");
    assert_eq!(other.get("/v1/transactions").await.status, 400);
    let mut shown = shop.drive("GET", "/faults", None).await.json()["faults"][0].clone();
    assert_eq!(shown.as_object_mut().unwrap().remove("orderId"), Some(Value::Null));
    assert_eq!(shown, rule);
}

#[tokio::test]
async fn a_fault_of_one_shop_strikes_its_webhooks_and_none_of_another() {
    let receiver = Receiver::open().await;
    let webhooks = vec![Registration::of(receiver.url("/"), EventType::ALL)];
    let shop = Shop::with(Config { webhooks, ..Config::default() }).await;
    let rule = json!({ "fault": { "kind": "lose" }, "clientKey": API_CLIENT_KEY, "times": { "next": 2 } });
    assert_eq!(shop.drive("POST", "/webhook-faults", Some(rule)).await.status, 204);
    shop.confirm(&shop.pay("order-000B", 45_000)).await;
    let by_hand = json!({ "eventType": "seller.changed", "data": {} });
    assert_eq!(shop.drive("POST", "/webhooks/events", Some(by_hand)).await.status, 204);
    // One about a payment, and one about no order.
    let api = Api::of(&shop);
    assert_eq!(api.post("/v1/payments/key-in", crate::api::key_in()).await.status, 200);
    let auth_key = shop.control.authorize_billing("customer-1", Method::Card).unwrap();
    let issued = api.post("/v1/billing/authorizations/issue", json!({ "authKey": auth_key, "customerKey": "customer-1" })).await.json();
    assert_eq!(api.delete(&format!("/v1/billing/{}", issued["billingKey"].as_str().unwrap())).await.status, 200);
    settled(&shop).await;
    let fates: Vec<_> = shop.control.webhooks().into_iter().map(|it| (it.event_type, it.fault)).collect();
    let lost = Some(WebhookFault::Lose);
    assert_eq!(
        fates,
        [
            (EventType::PaymentStatusChanged, None),
            (EventType::SellerChanged, None),
            (EventType::PaymentStatusChanged, lost),
            (EventType::BillingDeleted, lost)
        ]
    );
}

#[tokio::test]
async fn the_faults_of_one_shop_are_cleared_and_nobody_elses() {
    let shop = Shop::open().await;
    let arm_all = || {
        shop.control.clear_faults();
        for client_key in [API_CLIENT_KEY, CLIENT_KEY] {
            arm(&shop, client_key, None);
            arm(&shop, client_key, Some("order-0001"));
        }
        shop.control.script_fault(ScriptFault::NotFound, Times::Once).unwrap();
    };
    let left = [of(CLIENT_KEY, None), of(CLIENT_KEY, Some("order-0001"))];
    arm_all();
    assert_eq!(shop.drive("DELETE", &format!("/faults?clientKey={API_CLIENT_KEY}"), None).await.status, 204);
    assert_eq!((armed(&shop), shop.control.faults().1.len()), (left.to_vec(), 1), "the script is everybody's");
    arm_all();
    shop.control.clear_faults_of_shop(API_CLIENT_KEY).unwrap();
    assert_eq!(armed(&shop), left, "the same in Rust");
    arm_all();
    shop.control.clear_faults_of("order-0001");
    assert_eq!(armed(&shop), [of(API_CLIENT_KEY, None), of(CLIENT_KEY, None)], "an order's, in whichever shop");
}

#[tokio::test]
async fn resetting_one_shop_forgets_its_faults_also_for_orders_without_a_payment() {
    let shop = Shop::open().await;
    shop.pay("order-000B", 45_000);
    for (client_key, order_id) in
        [(CLIENT_KEY, None), (CLIENT_KEY, Some("order-000A")), (API_CLIENT_KEY, None), (API_CLIENT_KEY, Some("order-000B"))]
    {
        arm(&shop, client_key, order_id);
    }
    assert_eq!(shop.drive("POST", &format!("/reset?clientKey={CLIENT_KEY}"), None).await.status, 204);
    let left = [of(API_CLIENT_KEY, None), of(API_CLIENT_KEY, Some("order-000B"))];
    assert_eq!(armed(&shop), left, "an order of the same name may be the other shop's");
}

#[tokio::test]
async fn a_scenario_can_be_for_one_shop() {
    let shop = Shop::open().await;
    let body = json!({ "name": "toss-is-down", "clientKey": API_CLIENT_KEY });
    let played = shop.drive("POST", "/scenarios", Some(body)).await.json();
    assert_eq!(played["faults"].as_array().unwrap().len(), Endpoint::ALL.len());
    assert_eq!((Api::widget(&shop).get(RANGE).await.status, Api::of(&shop).get(RANGE).await.status), (200, 500));

    shop.control.clear_faults();
    let lost = shop.control.play_in_shop(API_CLIENT_KEY, Scenario::WebhookLost, Some("order-0001"), Some(Times::Always)).unwrap();
    let rule = WebhookRule::next(WebhookFault::Lose).for_order("order-0001").in_shop(API_CLIENT_KEY).times(Times::Always);
    assert_eq!((lost.webhook_faults, shop.control.webhook_faults()), (vec![rule.clone()], vec![rule]));
}

#[tokio::test]
async fn a_shop_that_there_is_not_is_named() {
    let shop = Shop::open().await;
    let key = "test_ck_nobody";
    for (method, path, body) in [
        ("POST", "/faults", Some(json!({ "fault": { "kind": "ok" }, "endpoint": "confirm", "clientKey": key }))),
        ("POST", "/webhook-faults", Some(json!({ "fault": { "kind": "ok" }, "clientKey": key }))),
        ("POST", "/scenarios", Some(json!({ "name": "declined", "clientKey": key }))),
        ("DELETE", "/faults?clientKey=test_ck_nobody", None),
    ] {
        let reply = shop.drive(method, path, body).await;
        assert_eq!(reply.error(), refused(404, "NOT_FOUND_MERCHANT"), "{method} {path}");
        assert!(reply.json()["message"].as_str().unwrap().contains(key));
    }
    assert_eq!(armed(&shop), []);
    assert_eq!(shop.control.clear_faults_of_shop(key).unwrap_err().code, "NOT_FOUND_MERCHANT");
    let both = shop.drive("DELETE", &format!("/faults?orderId=order-0001&clientKey={API_CLIENT_KEY}"), None).await;
    assert_eq!(both.json()["message"], "name either `orderId` or `clientKey`, not both");
}
