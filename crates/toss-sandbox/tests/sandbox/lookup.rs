use serde_json::Value;
use toss_sandbox::{Choices, Config, NewPayment};

use crate::support::{Shop, refused};

#[tokio::test]
async fn both_look_ups_show_the_same_payment() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let confirmed = shop.confirm(&payment).await;
    let by_key = shop.get(&format!("/v1/payments/{}", payment.payment_key)).await;
    let by_order = shop.get("/v1/payments/orders/order-0001").await;
    assert_eq!(by_key.status, 200);
    assert_eq!(by_key.body, confirmed.body);
    assert_eq!(by_order.body, confirmed.body);
    assert_eq!(by_order.header("x-tosspayments-trace-id").len(), 32);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let shop = Shop::open().await;
    for path in [
        "/v1/payments/nobody",
        "/v1/payments/orders/nobody-0001",
        "/v1/payments/%ff",
        "/v1/payments/orders/%F0%9F%92%B3",
        "/v1/payments/%00",
    ] {
        assert_eq!(shop.get(path).await.error(), refused(404, "NOT_FOUND_PAYMENT"), "{path}");
    }
}

#[tokio::test]
async fn a_payment_is_visible_before_its_confirm_unless_that_is_switched_off() {
    let shop = Shop::open().await;
    let ready = shop.control.open(NewPayment::new("order-0001", "주문", 45_000)).unwrap();
    let body = shop.lookup(&ready).await;
    assert_eq!((body["status"].as_str(), &body["method"], &body["receipt"]), (Some("READY"), &Value::Null, &Value::Null));
    let waiting = shop.pay("order-0002", 45_000);
    let body = shop.lookup(&waiting).await;
    assert_eq!((body["status"].as_str(), body["method"].as_str(), &body["card"]), (Some("IN_PROGRESS"), Some("카드"), &Value::Null));

    let choices = Choices { hide_unconfirmed: true, ..Choices::default() };
    let shop = Shop::with(Config { choices, ..Config::default() }).await;
    let payment = shop.pay("order-0001", 45_000);
    assert_eq!(shop.get("/v1/payments/orders/order-0001").await.error(), refused(404, "NOT_FOUND_PAYMENT"));
    assert_eq!(shop.confirm(&payment).await.status, 200);
    assert_eq!(shop.lookup(&payment).await["status"], "DONE");
}

#[tokio::test]
async fn an_order_with_several_payments_shows_the_charged_one_else_the_latest() {
    let shop = Shop::open().await;
    let (first, second) = (shop.pay("order-0001", 45_000), shop.pay("order-0001", 45_000));
    let of_order = async || shop.get("/v1/payments/orders/order-0001").await.json()["paymentKey"].as_str().unwrap().to_owned();
    assert_eq!(of_order().await, second.payment_key);
    assert_eq!(shop.confirm(&first).await.status, 200);
    assert_eq!(of_order().await, first.payment_key);
}
