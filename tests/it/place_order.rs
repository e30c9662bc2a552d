//! `POST /api/place_order`: nothing that a browser says about money is believed.

use crate::app::{TestApp, order_request};
use serde_json::json;
use toss_types::OrderId;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_names_prices_and_stores_the_order() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/checkout").await;
    let page = browser.post_json("/api/place_order", &order_request(Some("WELCOME5000"), 45_000)).await;
    let placed = &page.json()["Placed"];
    let id = OrderId::parse(placed["order_id"].as_str().unwrap()).expect("21 characters of A-Za-z0-9_-");
    assert_eq!((placed["amount"].as_i64(), placed["order_name"].as_str()), (Some(45_000), Some("토스 티셔츠 외 2건")));
    assert_eq!(placed["customer"], json!({"name": "김토스", "email": "member@example.com", "phone": "01012345678"}));
    assert_eq!(placed["success_url"], "http://127.0.0.1:3000/success");
    assert_eq!(placed["fail_url"], "http://127.0.0.1:3000/fail");
    let record = app.ctx.engine.order(&id).await.unwrap().unwrap();
    assert_eq!(record.order.total.as_won().unwrap().get(), 45_000);

    let other = browser.place(None).await;
    assert_ne!(other.id, id.as_str());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_total_than_the_shops_is_answered_with_the_shops() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/checkout").await;
    for (coupon, claimed) in [(None, 45_000), (None, 100), (Some("WELCOME5000"), 50_000)] {
        let answer = browser.post_json("/api/place_order", &order_request(coupon, claimed)).await.json();
        assert_eq!(answer["PriceChanged"]["total"].as_i64(), Some(if coupon.is_some() { 45_000 } else { 50_000 }));
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_shopper_can_mend_is_named() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/checkout").await;
    let with = |path: &[&str], value: serde_json::Value| {
        let mut request = order_request(None, 50_000);
        let slot = path.iter().fold(&mut request, |slot, key| &mut slot[*key]);
        *slot = value;
        request
    };
    for (request, answer) in [
        (with(&["cart", "items"], json!([])), json!({"BadCart": "Empty"})),
        (with(&["cart", "items"], json!([{"id": "yacht", "quantity": 1}])), json!({"BadCart": "UnknownProduct"})),
        (with(&["cart", "items"], json!([{"id": "mug", "quantity": 4_294_967_295_u32}])), json!({"BadCart": "TooMany"})),
        (with(&["cart", "coupon"], json!("ALLFREE")), json!({"BadCart": "UnknownCoupon"})),
        (with(&["customer", "phone"], json!("no")), json!({"BadCustomer": ["Phone"]})),
    ] {
        assert_eq!(browser.post_json("/api/place_order", &request).await.json(), answer, "{request}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_shops_own_page_may_order() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let without_session = browser.post_json("/api/place_order", &order_request(None, 50_000)).await;
    assert_eq!(without_session.json(), json!("Refused"));
    browser.get("/checkout").await;
    let foreign = browser.post_from("/api/place_order", "https://evil.example", &order_request(None, 50_000)).await;
    assert_eq!((foreign.status, foreign.json()["code"].as_str()), (403, Some("FOREIGN_ORIGIN")));
    let dev_server = browser.post_from("/api/place_order", "http://127.0.0.1:8080", &order_request(None, 50_000)).await;
    assert_eq!(dev_server.json()["Placed"]["success_url"], "http://127.0.0.1:8080/success");
    app.finish().await;
}
