use std::time::Duration;

use serde_json::json;
use toss_sandbox::{
    Clock, Config, DeadlinePassed, Endpoint, Fault, Limits, MAX_RULES, NewPayment, Sandbox, Scope, StartError, Status, Times,
};

use crate::{
    api::with,
    support::{DEADLINE, START, Shop, refused},
};

#[tokio::test]
async fn a_payment_goes_all_the_way_over_http_alone() {
    let shop = Shop::open().await;
    let new = json!({
        "orderId": "order-0001", "orderName": "주문", "amount": 45_000, "authenticated": false,
        "successUrl": "http://127.0.0.1:3000/success", "failUrl": "http://127.0.0.1:3000/fail",
    });
    let made = shop.drive("POST", "/payments", Some(new)).await;
    assert_eq!(made.status, 201);
    let made = made.json();
    assert_eq!((&made["status"], &made["amount"]), (&json!("READY"), &json!(45_000)));
    let key = made["paymentKey"].as_str().unwrap();

    let cancelled = shop.drive("POST", &format!("/payments/{key}/cancel"), None).await.json();
    assert!(cancelled["redirectUrl"].as_str().unwrap().starts_with("http://127.0.0.1:3000/fail?code=PAY_PROCESS_CANCELED"));
    let approved = shop.drive("POST", &format!("/payments/{key}/approve"), None).await.json();
    assert!(approved["redirectUrl"].as_str().unwrap().contains(&format!("paymentKey={key}&amount=45000")));

    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000 });
    assert_eq!(shop.send(shop.confirm_body(&body, &[("idempotency-key", "key-1")])).await.status, 200);
    let ledger = shop.drive("GET", "/ledger", None).await.json();
    let at = START.get();
    let charge = json!({
        "paymentKey": key, "orderId": "order-0001", "amount": 45_000, "currency": "KRW", "kind": "charge", "status": "DONE",
        "transactionKey": ledger[0]["transactionKey"], "at": at,
    });
    assert_eq!(ledger, json!([charge]));
    let requests = shop.drive("GET", "/requests", None).await.json();
    let record = &requests[0];
    assert_eq!((&record["method"], &record["path"]), (&json!("POST"), &json!("/v1/payments/confirm")));
    assert_eq!((&record["status"], &record["charged"], &record["idempotencyKey"]), (&json!(200), &json!(true), &json!("key-1")));
    assert_eq!(record["bodySha256"].as_str().unwrap().len(), 64);
    let payments = shop.drive("GET", "/payments", None).await.json();
    assert_eq!((&payments[0]["status"], &payments[0]["paymentKey"]), (&json!("DONE"), &json!(key)));
}

#[tokio::test]
async fn a_payment_made_over_http_is_authenticated_unless_said_otherwise() {
    let shop = Shop::open().await;
    let new = json!({ "orderId": "order-0001", "orderName": "주문", "amount": 45_000, "declineAtConfirm": "FDS_ERROR" });
    let made = shop.drive("POST", "/payments", Some(new)).await.json();
    assert_eq!(made["status"], "IN_PROGRESS");
    let body = json!({ "paymentKey": made["paymentKey"], "orderId": "order-0001", "amount": 45_000 });
    assert_eq!(shop.send(shop.confirm_body(&body, &[])).await.error(), refused(403, "FDS_ERROR"));

    let open = shop.control.open(NewPayment::new("order-0002", "주문", 45_000)).unwrap().payment_key;
    let aborted = shop.drive("POST", &format!("/payments/{open}/abort"), Some(json!({ "code": "REJECT_CARD_COMPANY" }))).await;
    assert_eq!(aborted.json(), json!({ "redirectUrl": null }));
    assert_eq!(shop.control.payment(&open).unwrap().status, Status::Aborted);
}

#[tokio::test]
async fn faults_clock_and_release_are_driven_over_http() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let scope = json!({ "endpoint": "confirm", "orderId": "order-0001", "clientKey": null });
    let rule = with(&scope, json!({ "fault": { "kind": "timeout_before" }, "times": { "next": 1 } }));
    assert_eq!(shop.drive("POST", "/faults", Some(rule.clone())).await.status, 204);
    let script = json!({ "fault": { "kind": "not_found" } });
    assert_eq!(shop.drive("POST", "/script-faults", Some(script)).await.status, 204);
    let waiting = shop.drive("GET", "/faults", None).await.json();
    assert_eq!(
        waiting,
        json!({ "faults": [rule], "scriptFaults": [{ "fault": { "kind": "not_found" }, "times": "once" }], "webhookFaults": [] })
    );

    let call = shop.hang(shop.confirm_request(&payment, &[]), 1).await;
    assert_eq!(shop.drive("POST", "/release", None).await.status, 204);
    assert_eq!(call.await.unwrap().unwrap().status, 200);
    assert_eq!(shop.drive("DELETE", "/faults", None).await.status, 204);
    assert_eq!(shop.get("/v1/payment-widget").await.status, 200);

    let clock = shop.drive("POST", "/clock", Some(json!({ "advanceMs": 1500 }))).await.json();
    assert_eq!(clock, json!({ "nowMs": START.get() + 1500, "running": false }));
    let clock = shop.drive("POST", "/clock", Some(json!({ "running": true }))).await.json();
    assert_eq!(clock["running"], true);
    assert_eq!(shop.drive("GET", "/clock", None).await.json()["running"], true);
}

#[tokio::test]
async fn what_the_control_plane_does_not_understand_it_says() {
    let shop = Shop::open().await;
    for (method, path, body) in [
        ("POST", "/payments", json!({ "orderId": "order-0001" })),
        ("POST", "/payments", json!({ "orderId": "order-0001", "orderName": "a", "amount": 1, "typo": 1 })),
        ("POST", "/faults", json!({ "fault": { "kind": "no_such" }, "endpoint": "confirm" })),
        ("POST", "/faults", json!({ "fault": { "kind": "ok" }, "endpoint": "confirm", "orderID": "order-0001" })),
        ("POST", "/faults", json!({ "fault": { "kind": "slow_body" }, "endpoint": "confirm" })),
        ("POST", "/faults", json!({ "fault": { "kind": "ok" }, "endpoint": "nowhere" })),
        ("POST", "/script-faults", json!({ "fault": { "kind": "slow", "ms": -1 } })),
        ("POST", "/clock", json!({ "advanceMs": -5 })),
        ("POST", "/clock", json!({ "tick": 5 })),
    ] {
        assert_eq!(shop.drive(method, path, Some(body.clone())).await.error(), refused(400, "INVALID_REQUEST"), "{path} {body}");
    }
    let bad = json!({ "orderId": "x", "orderName": "a", "amount": 1 });
    assert_eq!(shop.drive("POST", "/payments", Some(bad)).await.error(), refused(400, "INVALID_PARAMETER"));
    assert_eq!(shop.drive("POST", "/payments/nobody/approve", None).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
    for (method, path, code, why) in [
        ("DELETE", "/ledger", "NOT_FOUND_HTTP_METHOD", "/ledger does not take DELETE; the README of toss-sandbox lists the calls"),
        ("GET", "/nothing", "NOT_FOUND", "there is no /nothing in the control API; the README of toss-sandbox lists the calls"),
    ] {
        let reply = shop.drive(method, path, None).await;
        assert_eq!((reply.error(), &reply.json()["message"]), (refused(404, code), &json!(why)));
    }
    assert_eq!(shop.control.requests(), [], "the control plane is not the API");
}

#[tokio::test]
async fn a_reset_forgets_everything_and_ends_hanging_calls() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.confirm_with_key(&payment, "key-1").await;
    let waiting = shop.pay("order-0002", 45_000);
    shop.control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::Confirm), Times::Always).unwrap();
    let call = shop.hang(shop.confirm_request(&waiting, &[]), 1).await;
    shop.control.advance(Duration::from_secs(60));

    assert_eq!(shop.drive("POST", "/reset", None).await.status, 204);
    assert_eq!(call.await.unwrap().unwrap().error(), refused(500, "SANDBOX_RESET"));
    shop.control.wait_for(|view| view.hung() == 0, DEADLINE).await.unwrap();
    assert_eq!((shop.control.ledger(), shop.control.payments(), shop.control.requests()), (vec![], vec![], vec![]));
    assert_eq!(shop.control.clock().now(), START);
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.error(), refused(404, "NOT_FOUND_PAYMENT"));
    assert_eq!(shop.control.requests()[0].number, 2, "numbers go on");
}

#[tokio::test]
async fn waiting_ends_with_the_event_or_with_the_deadline() {
    let shop = Shop::open().await;
    let never = shop.control.wait_for(|view| view.ledger().next().is_some(), Duration::from_millis(1)).await;
    assert_eq!(never, Err(DeadlinePassed(Duration::from_millis(1))));
    let payment = shop.pay("order-0001", 45_000);
    let control = shop.control.clone();
    let wait = tokio::spawn(async move { control.wait_for(|view| view.charges("order-0001").count() == 1, DEADLINE).await });
    assert_eq!(shop.confirm(&payment).await.status, 200);
    wait.await.unwrap().unwrap();
}

#[tokio::test]
async fn memory_is_bounded() {
    let limits = Limits { payments: 10, requests: 5, idempotency_keys: 3, ..Limits::default() };
    let shop = Shop::with(Config { limits, ..Config::default() }).await;
    let mut first = None;
    for i in 0..30 {
        let payment = shop.pay(&format!("order-{i:04}"), 1_000);
        assert_eq!(shop.confirm_with_key(&payment, &format!("key-{i}")).await.status, 200);
        first.get_or_insert(payment);
    }
    assert_eq!(shop.control.payments().len(), 10);
    assert_eq!(shop.control.ledger().len(), 10);
    let numbers: Vec<_> = shop.control.requests().iter().map(|request| request.number).collect();
    assert_eq!(numbers, [25, 26, 27, 28, 29]);
    assert_eq!(shop.confirm_with_key(&first.unwrap(), "key-0").await.error(), refused(404, "NOT_FOUND_PAYMENT"));

    for _ in 0..MAX_RULES {
        shop.control.fault(Fault::Ok, Scope::any(Endpoint::Confirm), Times::Once).unwrap();
    }
    shop.control.fault(Fault::Ok, Scope::any(Endpoint::Confirm), Times::Once).unwrap_err();
}

#[tokio::test]
async fn a_dropped_sandbox_stops_and_its_port_is_free() {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let addr = sandbox.addr();
    let taken = Sandbox::start(Config { addr, ..Config::default() }).await;
    assert!(matches!(taken, Err(StartError::Listen { addr: at, .. }) if at == addr));
    sandbox.shutdown().await;
    let again = Sandbox::start(Config { addr, clock: Clock::system(), ..Config::default() }).await.unwrap();
    assert_eq!(again.url(), format!("http://{addr}"));
    drop(again);
    let gone = async {
        while tokio::net::TcpStream::connect(addr).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, gone).await.unwrap();
}

#[tokio::test]
async fn two_sandboxes_know_nothing_of_each_other() {
    let (one, two) = (Shop::open().await, Shop::open().await);
    let payment = one.pay("order-0001", 45_000);
    assert_eq!(two.confirm(&payment).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
    assert_eq!(one.confirm(&payment).await.status, 200);
    assert_eq!(two.control.ledger(), []);
}
