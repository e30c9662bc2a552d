//! `POST /confirm`: the same confirm for shops with a front end of their own.

use crate::app::TestApp;
use payment_engine::order::State;
use serde_json::json;
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_and_form_get_the_answer_of_toss() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let body = json!({"paymentKey": app.approve(&order), "orderId": order.id, "amount": order.amount});
    let first = browser.post_json("/confirm", &body).await;
    assert_eq!(first.status, 200);
    assert_eq!((first.json()["status"].as_str(), first.json()["totalAmount"].as_i64()), (Some("DONE"), Some(50_000)));
    assert!(first.json()["secret"].is_null(), "the secret of the deposit notices stays at the shop");
    let kept = app.ctx.engine.toss_answer(&app.record(&order.id).await.order.id).await.unwrap().unwrap();
    assert!(!kept.contains("\"ps_"), "nor is it kept with Toss's answer");
    let again = browser.post_json("/confirm", &body).await;
    assert_eq!((again.status, again.body), (first.status, first.body), "asked again, answered the same");

    let order = browser.place(None).await;
    let form = format!("paymentKey={}&orderId={}&amount={}", app.approve(&order), order.id, order.amount);
    let answer = browser.post("/confirm", "application/x-www-form-urlencoded", form).await;
    assert_eq!((answer.status, answer.json()["orderId"].as_str()), (200, Some(order.id.as_str())));

    let order = browser.place(None).await;
    let text_amount = json!({"paymentKey": app.approve(&order), "orderId": order.id, "amount": order.amount.to_string()});
    assert_eq!(browser.post_json("/confirm", &text_amount).await.status, 200, "the amount as it stood in the address");
    assert_eq!(app.confirms().len(), 3);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decline_has_the_status_and_body_of_toss() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    app.sandbox.fault(Fault::decline(Code::REJECT_CARD_PAYMENT), Scope::any(Endpoint::Confirm), Times::Once).unwrap();
    let body = json!({"paymentKey": app.approve(&order), "orderId": order.id, "amount": order.amount});
    for _ in 0..2 {
        let answer = browser.post_json("/confirm", &body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (403, Some("REJECT_CARD_PAYMENT")));
    }
    assert_eq!(app.confirms().len(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_refused_before_toss() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let key = app.approve(&order);
    for (body, status, code) in [
        (json!({"paymentKey": key, "orderId": order.id, "amount": 1}), 400, "SHOP_AMOUNT_MISMATCH"),
        (json!({"paymentKey": key, "orderId": "V1StGXR8_Z5jdHi6B-myT", "amount": 50_000}), 404, "SHOP_ORDER_NOT_FOUND"),
        (json!({"paymentKey": key, "orderId": order.id}), 400, "INVALID_REQUEST"),
        (json!({"paymentKey": key, "orderId": order.id, "amount": 50_000.5}), 400, "INVALID_REQUEST"),
        (json!({"paymentKey": key, "orderId": order.id, "amount": "50000.0"}), 400, "INVALID_REQUEST"),
        (json!({"paymentKey": key, "orderId": order.id, "amount": -50_000}), 400, "INVALID_REQUEST"),
        (json!({"paymentKey": 7, "orderId": order.id, "amount": 50_000}), 400, "INVALID_REQUEST"),
        (json!([1, 2, 3]), 400, "INVALID_REQUEST"),
    ] {
        let answer = browser.post_json("/confirm", &body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (status, Some(code)), "{body}");
    }
    for (kind, body) in [("application/json", "{"), ("text/plain", "hello"), ("application/x-www-form-urlencoded", "%%%")] {
        let answer = browser.post("/confirm", kind, body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some("INVALID_REQUEST")), "{kind} {body}");
    }
    assert_eq!(app.sandbox.requests(), []);
    assert_eq!(app.state(&order).await, State::Open);
    app.finish().await;
}
