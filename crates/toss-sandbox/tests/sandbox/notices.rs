//! What a shop is told about its payments: each row of the table of statuses in Toss's documentation of webhooks.

use std::time::Duration;

use serde_json::{Value, json};
use toss_sandbox::{
    Choices, Code, Config, DOCS_WIDGET_PAIR, EventType, Fault, NewPayment, OperatorRefund, READY_FOR, Registration, SESSION_FOR, Status,
};

use crate::{
    receiver::{Receiver, log_where, settled},
    support::{DEADLINE, START, Shop, basic, refused},
};

const CHANGED: &str = "PAYMENT_STATUS_CHANGED";
const DEPOSIT: &str = "DEPOSIT_CALLBACK";

struct Told {
    shop: Shop,
    receiver: Receiver,
}

impl Told {
    async fn with(config: Config) -> Self {
        let receiver = Receiver::open().await;
        let webhooks = vec![Registration::of(receiver.url("/"), EventType::ALL)];
        let shop = Shop::with(Config { webhooks, ..config }).await;
        Self { shop, receiver }
    }

    async fn open() -> Self {
        Self::with(Config::default()).await
    }

    /// Event and status of everything told since the last time, once nothing is on its way any more.
    async fn news(&self) -> Vec<(&'static str, String)> {
        settled(&self.shop).await;
        let status = |body: &Value| body["status"].as_str().unwrap().to_owned();
        self.receiver
            .heard()
            .iter()
            .map(|heard| {
                let body = heard.json();
                if body["eventType"].is_null() { (DEPOSIT, status(&body)) } else { (CHANGED, status(&body["data"])) }
            })
            .collect()
    }
}

fn told(news: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    news.iter().map(|(event, status)| (*event, (*status).to_owned())).collect()
}

#[tokio::test]
async fn opening_authenticating_and_closing_the_window_tell_nothing() {
    let it = Told::open().await;
    let open = it.shop.control.open(NewPayment::new("order-0001", "주문", 45_000)).unwrap().payment_key;
    it.shop.control.cancel(&open).unwrap();
    it.shop.control.approve(&open).unwrap();
    assert_eq!(it.shop.control.payment(&open).unwrap().status, Status::InProgress);
    assert_eq!(it.news().await, []);
}

#[tokio::test]
async fn an_open_window_expires_after_thirty_minutes_and_that_is_told_without_anybody_looking() {
    let it = Told::open().await;
    it.shop.control.open(NewPayment::new("order-0001", "주문", 45_000)).unwrap();
    it.shop.control.advance(READY_FOR - Duration::from_millis(1));
    assert_eq!(it.news().await, []);
    it.shop.control.advance(Duration::from_millis(1));
    assert_eq!(it.news().await, told(&[(CHANGED, "EXPIRED")]));
    it.shop.control.advance(Duration::from_secs(86_400));
    assert_eq!(it.news().await, [], "once");
}

#[tokio::test]
async fn an_authenticated_payment_expires_after_ten_minutes_and_says_when_even_if_the_clock_jumps_far() {
    let it = Told::open().await;
    it.shop.pay("order-0001", 45_000);
    it.shop.control.advance(Duration::from_secs(15 * 86_400));
    settled(&it.shop).await;
    let heard = it.receiver.heard();
    assert_eq!(heard.len(), 1);
    let body = heard[0].json();
    assert_eq!((&body["data"]["status"], &body["createdAt"]), (&json!("EXPIRED"), &json!("2026-08-01T09:10:00")));
    assert_eq!(body["data"]["failure"]["code"], "EXPIRED_PAYMENT");
    assert_eq!(it.shop.control.webhooks()[0].created_at, START.plus(SESSION_FOR));
}

#[tokio::test]
async fn a_clock_that_runs_expires_a_payment_by_itself() {
    let it = Told::open().await;
    it.shop.pay("order-0001", 45_000);
    it.shop.control.advance(SESSION_FOR - Duration::from_millis(50));
    it.shop.control.run_clock();
    let log = log_where(&it.shop, |log| !log.is_empty()).await;
    assert!(log[0].body.contains("\"status\":\"EXPIRED\""));
}

#[tokio::test]
async fn a_charge_and_its_cancels_are_told() {
    let it = Told::open().await;
    let payment = it.shop.pay("order-0001", 45_000);
    it.shop.confirm(&payment).await;
    assert_eq!(it.news().await, told(&[(CHANGED, "DONE")]));
    let part = OperatorRefund { amount: Some(5_000), ..OperatorRefund::default() };
    it.shop.control.refund(&payment.payment_key, part.clone()).unwrap();
    it.shop.control.refund(&payment.payment_key, part).unwrap();
    assert_eq!(it.news().await, told(&[(CHANGED, "PARTIAL_CANCELED"), (CHANGED, "PARTIAL_CANCELED")]));

    let whole = it.shop.pay("order-0002", 45_000);
    it.shop.confirm(&whole).await;
    it.shop.control.refund(&whole.payment_key, OperatorRefund::default()).unwrap();
    assert_eq!(it.news().await, told(&[(CHANGED, "DONE"), (CHANGED, "CANCELED")]));
}

#[tokio::test]
async fn a_declined_confirm_and_a_refusal_at_the_window_are_told() {
    let it = Told::open().await;
    let payment = it.shop.pay("order-0001", 45_000);
    it.shop.next_confirm(Fault::decline(Code::REJECT_CARD_PAYMENT));
    it.shop.confirm(&payment).await;
    assert_eq!(it.news().await, told(&[(CHANGED, "ABORTED")]));
    let open = it.shop.control.open(NewPayment::new("order-0002", "주문", 45_000)).unwrap();
    it.shop.control.abort(&open.payment_key, Code::PAY_PROCESS_ABORTED).unwrap();
    assert_eq!(it.news().await, told(&[(CHANGED, "ABORTED")]));
}

#[tokio::test]
async fn a_lost_answer_to_the_confirm_loses_no_webhook() {
    let it = Told::open().await;
    let payment = it.shop.pay("order-0001", 45_000);
    it.shop.next_confirm(Fault::ResetAfter);
    it.shop.try_send(it.shop.confirm_request(&payment, &[("idempotency-key", "key-1")])).await.unwrap_err();
    assert_eq!(it.news().await, told(&[(CHANGED, "DONE")]));
    assert_eq!(it.shop.confirm_with_key(&payment, "key-1").await.status, 200);
    assert_eq!(it.news().await, [], "a replay changes nothing");
}

#[tokio::test]
async fn a_status_change_holds_the_payment_without_its_secret_unless_chosen() {
    for secret_in_status_changed in [false, true] {
        let choices = Choices { secret_in_status_changed, ..Choices::default() };
        let it = Told::with(Config { choices, ..Config::default() }).await;
        let payment = it.shop.pay("order-0001", 45_000);
        it.shop.confirm(&payment).await;
        settled(&it.shop).await;
        let mut looked_up = it.shop.lookup(&payment).await;
        if !secret_in_status_changed {
            looked_up["secret"] = Value::Null;
        }
        let expected = json!({ "eventType": CHANGED, "createdAt": "2026-08-01T09:00:00", "data": looked_up });
        assert_eq!(it.receiver.heard()[0].json(), expected);
    }
}

#[tokio::test]
async fn payments_of_the_documentation_keys_tell_nobody() {
    let it = Told::open().await;
    let open = json!({ "clientKey": DOCS_WIDGET_PAIR[0], "orderId": "order-0001", "orderName": "주문", "amount": 45_000 });
    let request = hyper::Request::post("/sandbox/window/payments")
        .header("content-type", "application/json")
        .body(http_body_util::Full::from(open.to_string()))
        .unwrap();
    let key = it.shop.send(request).await.json()["paymentKey"].as_str().unwrap().to_owned();
    it.shop.control.approve(&key).unwrap();
    let mut confirm = it.shop.confirm_body(&json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000 }), &[]);
    confirm.headers_mut().insert("authorization", basic(&format!("{}:", DOCS_WIDGET_PAIR[1])).parse().unwrap());
    assert_eq!(it.shop.send(confirm).await.status, 200);
    assert_eq!(it.news().await, []);
}

#[tokio::test]
async fn a_payment_that_is_forgotten_at_the_limit_is_told_first() {
    let limits = toss_sandbox::Limits { payments: 1, ..toss_sandbox::Limits::default() };
    let it = Told::with(Config { limits, ..Config::default() }).await;
    it.shop.pay("order-0001", 45_000);
    it.shop.control.advance(SESSION_FOR);
    it.shop.pay("order-0002", 45_000);
    it.shop.control.wait_for(|view| view.webhooks().count() == 1, DEADLINE).await.unwrap();
    assert_eq!(it.news().await, told(&[(CHANGED, "EXPIRED")]));
}
