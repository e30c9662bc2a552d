//! What a shop is told about its payments: each row of the table of statuses in Toss's documentation of webhooks.

use std::time::Duration;

use serde_json::{Value, json};
use toss_sandbox::{
    Choices, Code, Config, DOCS_WIDGET_PAIR, DeliveryState, EventType, Fault, Method, NewPayment, OperatorRefund, READY_FOR, Registration,
    SESSION_FOR, Sandbox, Status,
};

use crate::{
    receiver::{Receiver, settled},
    support::{DEADLINE, START, Shop, basic, refused},
};

pub const CHANGED: &str = "PAYMENT_STATUS_CHANGED";
pub const DEPOSIT: &str = "DEPOSIT_CALLBACK";
pub const CANCEL: &str = "CANCEL_STATUS_CHANGED";

pub struct Told {
    pub shop: Shop,
    receiver: Receiver,
}

impl Told {
    async fn with(config: Config) -> Self {
        let receiver = Receiver::open().await;
        let webhooks = vec![Registration::of(receiver.url("/"), EventType::ALL)];
        let shop = Shop::with(Config { webhooks, ..config }).await;
        Self { shop, receiver }
    }

    pub async fn open() -> Self {
        Self::with(Config::default()).await
    }

    /// Event and status of everything told since the last time, once nothing is on its way any more.
    pub async fn news(&self) -> Vec<(&'static str, String)> {
        settled(&self.shop).await;
        let status = |body: &Value| body["status"].as_str().unwrap().to_owned();
        self.receiver
            .heard()
            .iter()
            .map(|heard| {
                let body = heard.json();
                match body["eventType"].as_str() {
                    None => (DEPOSIT, status(&body)),
                    Some(CANCEL) => (CANCEL, body["data"]["cancelStatus"].as_str().unwrap().to_owned()),
                    Some(_) => (CHANGED, status(&body["data"])),
                }
            })
            .collect()
    }

    pub async fn account(&self, order_id: &str) -> String {
        let new = NewPayment { method: Method::VirtualAccount, ..NewPayment::new(order_id, "주문", 45_000) };
        let payment = self.shop.control.authenticate(new).unwrap();
        assert_eq!(self.shop.confirm(&payment).await.status, 200);
        payment.payment_key
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
    let receiver = Receiver::open().await;
    let webhooks = vec![Registration::new(receiver.url("/"))];
    let sandbox = Sandbox::start(Config { webhooks, ..Config::default() }).await.unwrap();
    let control = sandbox.control();
    control.authenticate(NewPayment::new("order-0001", "주문", 45_000)).unwrap();
    control.advance(SESSION_FOR - Duration::from_millis(300));
    // Looks now, and after that only when something has happened.
    control.wait_for(|view| view.webhooks().any(|it| it.state == DeliveryState::Delivered), DEADLINE).await.unwrap();
    assert_eq!(receiver.heard()[0].json()["data"]["status"], "EXPIRED");
}

#[tokio::test]
async fn a_charge_and_its_cancels_are_told() {
    let it = Told::open().await;
    let payment = it.shop.pay("order-0001", 45_000);
    it.shop.confirm(&payment).await;
    assert_eq!(it.news().await, told(&[(CHANGED, "DONE")]));
    let part = OperatorRefund::part(5_000);
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

#[tokio::test]
async fn a_virtual_account_is_told_from_issue_over_deposit_and_reversal_to_the_cancel() {
    let it = Told::open().await;
    let key = it.account("order-0001").await;
    assert_eq!(it.news().await, told(&[(DEPOSIT, "WAITING_FOR_DEPOSIT")]));
    it.shop.control.deposit(&key).unwrap();
    assert_eq!(it.news().await, told(&[(CHANGED, "DONE"), (DEPOSIT, "DONE")]));
    it.shop.control.reverse_deposit(&key).unwrap();
    assert_eq!(it.news().await, told(&[(CHANGED, "WAITING_FOR_DEPOSIT"), (DEPOSIT, "WAITING_FOR_DEPOSIT")]));
    it.shop.control.deposit(&key).unwrap();
    it.news().await;
    it.shop.control.refund(&key, OperatorRefund::default()).unwrap();
    assert_eq!(it.news().await, told(&[(CHANGED, "CANCELED"), (DEPOSIT, "CANCELED")]));
    let ledger: Vec<_> = it.shop.control.ledger().iter().map(|entry| json!(entry.kind)).collect();
    assert_eq!(ledger, ["charge", "reversal", "charge", "refund"]);
}

#[tokio::test]
async fn a_virtual_account_cancelled_before_the_deposit_is_told_and_moves_no_money() {
    let it = Told::open().await;
    let key = it.account("order-0001").await;
    it.news().await;
    it.shop.control.refund(&key, OperatorRefund::default()).unwrap();
    assert_eq!(it.news().await, told(&[(CHANGED, "CANCELED"), (DEPOSIT, "CANCELED")]));
    assert_eq!(it.shop.control.ledger(), []);
}

#[tokio::test]
async fn the_deadline_of_a_virtual_account_passes_in_silence() {
    let it = Told::open().await;
    let key = it.account("order-0001").await;
    it.news().await;
    it.shop.control.advance(Duration::from_secs(91 * 86_400));
    assert_eq!(it.news().await, []);
    assert_eq!(it.shop.control.payment(&key).unwrap().status, Status::WaitingForDeposit);
    assert_eq!(it.shop.control.deposit(&key).unwrap_err().code, "CANNOT_MOVE_PAYMENT");
}

#[tokio::test]
async fn a_deposit_callback_is_flat_and_has_the_secret_of_the_confirm() {
    let it = Told::open().await;
    let new = NewPayment { method: Method::VirtualAccount, ..NewPayment::new("order-0001", "주문", 45_000) };
    let payment = it.shop.control.authenticate(new).unwrap();
    let confirmed = it.shop.confirm(&payment).await.json();
    settled(&it.shop).await;
    it.receiver.heard();
    it.shop.control.deposit(&payment.payment_key).unwrap();
    settled(&it.shop).await;
    let heard = it.receiver.heard();
    let callback = heard.iter().find(|heard| heard.json()["eventType"].is_null()).unwrap();
    let done = it.shop.lookup(&payment).await;
    let expected = json!({
        "createdAt": "2026-08-01T09:00:00", "secret": confirmed["secret"], "status": "DONE",
        "transactionKey": done["lastTransactionKey"], "orderId": "order-0001",
    });
    assert_eq!(callback.json(), expected);
    assert!(callback.body.starts_with(r#"{"createdAt":"2026-08-01T09:00:00","secret":"ps_"#), "{}", callback.body);
}

#[tokio::test]
async fn the_issue_of_a_virtual_account_changes_the_status_too_if_chosen() {
    let choices = Choices { status_changed_on_issue: true, ..Choices::default() };
    let it = Told::with(Config { choices, ..Config::default() }).await;
    it.account("order-0001").await;
    assert_eq!(it.news().await, told(&[(CHANGED, "WAITING_FOR_DEPOSIT"), (DEPOSIT, "WAITING_FOR_DEPOSIT")]));
}

#[tokio::test]
async fn deposit_reverse_refund_and_expire_are_driven_over_http() {
    let it = Told::open().await;
    let key = it.account("order-0001").await;
    let act = async |what: &str, body| it.shop.drive("POST", &format!("/payments/{key}/{what}"), body).await;
    assert_eq!(act("reverse", None).await.error(), refused(409, "CANNOT_MOVE_PAYMENT"));
    assert_eq!(act("deposit", None).await.status, 204);
    assert_eq!(act("deposit", None).await.error(), refused(409, "CANNOT_MOVE_PAYMENT"));
    assert_eq!(act("refund", Some(json!({ "amount": 1_000, "reason": "단순 변심" }))).await.status, 204);
    assert_eq!(act("refund", Some(json!({ "amount": 45_000 }))).await.error(), refused(403, "NOT_CANCELABLE_AMOUNT"));
    assert_eq!(act("refund", None).await.status, 204);
    let payment = it.shop.control.payment(&key).unwrap();
    assert_eq!((payment.status, payment.balance.get()), (Status::PartialCanceled, 0));
    let left = it.shop.pay("order-0002", 45_000);
    assert_eq!(it.shop.drive("POST", &format!("/payments/{}/expire", left.payment_key), None).await.status, 204);
    assert_eq!(it.shop.control.payment(&left.payment_key).unwrap().status, Status::Expired);
    assert_eq!(it.shop.drive("POST", "/payments/nobody/deposit", None).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
}
