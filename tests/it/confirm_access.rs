//! Who may see what of Toss's answer: the owner and programs with the key all but the secret, everybody else what they knew.

use crate::app::{Browser, Order, TestApp};
use payment_engine::order::State;
use serde_json::{Value, json};
use std::time::Duration;
use toss_sandbox::Method;

const KEY: &str = "q7Zt3mVb9XcR1wKj5LpH8dSgF2nAyE4u";

fn body(order: &Order, payment_key: &str) -> Value {
    json!({"paymentKey": payment_key, "orderId": order.id, "amount": order.amount})
}

fn is_whole(answer: &Value, payment_key: &str) -> bool {
    answer["paymentKey"] == payment_key && answer["method"].is_string() && answer["receipt"]["url"].is_string()
}

fn only_what_they_knew(answer: &Value, order: &Order, status: &str) {
    assert_eq!(*answer, json!({"orderId": order.id, "status": status, "totalAmount": order.amount}), "and not a field more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_did_not_order_gets_no_card_and_no_phone() {
    let app = TestApp::start().await;
    for (method, private) in [
        (Method::Card, ("card", "number")),
        (Method::MobilePhone, ("mobilePhone", "customerMobilePhone")),
        (Method::Transfer, ("transfer", "bankCode")),
    ] {
        let (owner, order) = app.order().await;
        let payment_key = app.approve_by(&order, method);
        let anybody = app.browser();
        let first = anybody.post_json("/confirm", &body(&order, &payment_key)).await;
        assert_eq!(first.status, 200, "{method:?}: {}", first.body);
        only_what_they_knew(&first.json(), &order, "DONE");
        // Their own order makes them no owner of this one.
        anybody.get("/checkout").await;
        anybody.place(None).await;
        only_what_they_knew(&anybody.post_json("/confirm", &body(&order, &payment_key)).await.json(), &order, "DONE");

        let whole = owner.post_json("/confirm", &body(&order, &payment_key)).await;
        let json = whole.json();
        assert!(whole.status == 200 && is_whole(&json, &payment_key), "{method:?}: {}", whole.body);
        assert!(json["secret"].is_null() && !whole.body.contains("\"ps_"), "{method:?}");
        assert!(json[private.0][private.1].is_string() || json[private.0][private.1].is_object(), "{method:?}: {}", whole.body);
        assert_eq!(app.charged(&order), [50_000], "{method:?}");
    }
    assert_eq!(app.confirms().len(), 3, "one call for each order");
    app.finish().await;
}

async fn with(browser: &Browser, authorization: &str, body: &Value) -> crate::app::Page {
    let headers = [("content-type", "application/json"), ("authorization", authorization)];
    browser.request("POST", "/confirm", &headers, body.to_string()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_with_the_key_gets_all_and_one_with_another_nothing() {
    let app = TestApp::start_set(&[("CONFIRM_API_KEY", KEY)]).await;
    let (_, order) = app.order().await;
    let payment_key = app.approve(&order);
    let (program, asked) = (app.browser(), body(&order, &payment_key));
    let near = format!("Bearer {}v", &KEY[..KEY.len() - 1]);
    for wrong in [near.as_str(), "Bearer", "Bearer ", KEY, &format!("bearer {KEY}x"), &format!("Basic {KEY}"), &format!("Bearer {KEY} ,")] {
        let refused = with(&program, wrong, &asked).await;
        assert_eq!((refused.status, refused.json()["code"].as_str()), (401, Some("UNAUTHORIZED_KEY")), "{wrong}");
        assert!(!refused.body.contains(KEY));
    }
    assert_eq!(app.sandbox.requests(), [], "Toss was not called");
    assert_eq!(app.state(&order).await, State::Open);

    for _ in 0..2 {
        let answer = with(&program, &format!("Bearer {KEY}"), &asked).await;
        assert!(answer.status == 200 && is_whole(&answer.json(), &payment_key), "{}", answer.body);
        assert!(answer.json()["secret"].is_null() && answer.json()["card"].is_object());
    }
    only_what_they_knew(&program.post_json("/confirm", &asked).await.json(), &order, "DONE");
    assert_eq!(with(&program, &near, &asked).await.status, 401, "of a paid order, too");
    assert_eq!(app.confirms().len(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_that_is_set_no_key_is_right() {
    let app = TestApp::start().await;
    let (_, order) = app.order().await;
    let asked = body(&order, &app.approve(&order));
    assert_eq!(with(&app.browser(), "Bearer ", &asked).await.status, 401);
    assert_eq!(with(&app.browser(), &format!("Bearer {KEY}"), &asked).await.status, 401);
    assert_eq!(app.sandbox.requests(), []);
    app.finish().await;
}

/// Who knows the secret of a payment can forge the notice that it has been paid.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_of_the_deposit_notices_stays_at_the_shop() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let payment_key = app.approve_by(&order, Method::VirtualAccount);
    let success = order.success(&payment_key);
    browser.get(&success).await;
    assert!(matches!(app.state(&order).await, State::AwaitingDeposit { .. }), "{:?}", app.state(&order).await);
    let elsewhere = app.browser();
    elsewhere.get(&success).await;
    assert_eq!(app.charged(&order), [] as [i64; 0]);
    only_what_they_knew(&elsewhere.post_json("/confirm", &body(&order, &payment_key)).await.json(), &order, "WAITING_FOR_DEPOSIT");

    nowhere(&app, &browser, &elsewhere, &order, &payment_key).await;
    app.sandbox.deposit(&payment_key).unwrap();
    app.advance(Duration::from_secs(11 * 60));
    app.work().await;
    assert!(matches!(app.state(&order).await, State::Paid { .. }));
    assert_eq!(app.charged(&order), [50_000]);
    nowhere(&app, &browser, &elsewhere, &order, &payment_key).await;
    app.finish().await;
}

async fn nowhere(app: &TestApp, owner: &Browser, elsewhere: &Browser, order: &Order, payment_key: &str) {
    let account = match app.state(order).await {
        State::AwaitingDeposit { account, .. } => account,
        State::Paid { deposit, .. } => deposit.unwrap().account,
        state @ (State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::Declined { .. } | State::Expired { .. }) => {
            panic!("{state:?}")
        }
    };
    let secret = account.secret.unwrap();
    let secret = secret.as_str();
    assert!(secret.starts_with("ps_"), "{secret}");
    let fail = format!("/fail?code=PAY_PROCESS_ABORTED&orderId={}", order.id);
    for browser in [owner, elsewhere] {
        for path in [&order.page(), &order.success(payment_key), &fail, "/checkout", "/health"] {
            let page = browser.get(path).await;
            assert!(!page.body.contains(secret) && !format!("{:?}", page.headers).contains(secret), "{path}");
        }
        for (path, question) in [
            ("/api/order", json!({"order_id": order.id})),
            ("/api/await_order", json!({"order_id": order.id})),
            ("/api/checkout", json!({"kind": "Member"})),
            ("/api/confirm_payment", json!({"payment_key": payment_key, "order_id": order.id, "amount": order.amount})),
            ("/confirm", body(order, payment_key)),
        ] {
            let answer = browser.post_json(path, &question).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            assert!(!answer.body.contains(secret) && !answer.body.contains("ps_"), "{path}");
        }
    }
    let receipt = owner.get(&order.page()).await.body;
    assert!(receipt.contains(payment_key) && receipt.contains("virtualAccount"), "the rest of Toss's answer is there");
    let whole = owner.post_json("/confirm", &body(order, payment_key)).await.json();
    assert!(whole["paymentKey"] == payment_key && whole["secret"].is_null() && whole["virtualAccount"].is_object());
    let view = owner.post_json("/api/order", &json!({"order_id": order.id})).await;
    assert!(view.body.contains(payment_key), "the owner gets a view: {}", view.body);
}
