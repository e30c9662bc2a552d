//! `GET /success`: coming back from Toss, once and again.

use crate::app::TestApp;
use payment_engine::order::State;
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paying_ends_at_a_clean_receipt() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let payment_key = app.approve(&order);

    let back = browser.get(&order.success(&payment_key)).await;
    assert_eq!((back.status, back.location.as_deref()), (303, Some(order.page().as_str())), "no paymentKey in the address");

    let receipt = browser.get(&order.page()).await;
    assert_eq!(receipt.status, 200);
    for shown in ["결제를 완료했어요", "50,000원", "토스 티셔츠 외 2건", &order.id, "카드"] {
        assert!(receipt.body.contains(shown), "{shown} is missing");
    }
    assert!(!receipt.body.contains(".wasm"), "a receipt needs no wasm");
    assert_eq!(app.charged(&order), [50_000]);
    assert_eq!(app.history(&order).await, ["confirm_started", "paid"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_coupon_is_charged_as_shown() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/checkout").await;
    let order = browser.place(Some("WELCOME5000")).await;
    browser.get(&order.success(&app.approve(&order))).await;
    assert_eq!(app.charged(&order), [45_000]);
    assert!(browser.get(&order.page()).await.body.contains("45,000원"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refreshing_the_success_page_charges_once() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let url = order.success(&app.approve(&order));
    for _ in 0..50 {
        let back = browser.get(&url).await;
        assert_eq!((back.status, back.location.as_deref()), (303, Some(order.page().as_str())));
    }
    assert_eq!(app.confirms().len(), 1, "one POST to Toss");
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tabs_at_once_charge_once() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let url = order.success(&app.approve(&order));
    let tabs = futures_util::future::join_all((0..32).map(|_| browser.get(&url))).await;
    for tab in tabs {
        assert_eq!((tab.status, tab.location.as_deref()), (303, Some(order.page().as_str())));
    }
    assert_eq!(app.confirms().len(), 1, "one POST to Toss");
    assert_eq!(app.charged(&order), [50_000]);
    assert_eq!(app.history(&order).await, ["confirm_started", "paid"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decline_charges_nothing_and_leaves_the_order_payable() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let refused = app.approve(&order);
    app.sandbox.fault(Fault::decline(Code::REJECT_CARD_PAYMENT), Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();

    let back = browser.get(&order.success(&refused)).await;
    assert_eq!(back.location.as_deref(), Some(order.page().as_str()));
    let page = browser.get(&order.page()).await;
    assert!(
        page.body.contains("카드 한도나 잔액이 부족해요")
            && page.body.contains("REJECT_CARD_PAYMENT")
            && page.body.contains("href=\"/checkout\"")
    );
    assert_eq!(app.charged(&order), [] as [i64; 0]);

    browser.get(&order.success(&refused)).await;
    assert_eq!(app.confirms().len(), 1, "a declined payment is not tried again");

    let another_card = app.approve(&order);
    browser.get(&order.success(&another_card)).await;
    assert_eq!(app.charged(&order), [50_000]);
    assert_eq!(app.history(&order).await, ["confirm_started", "declined", "confirm_started", "paid"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_payment_of_a_paid_order_is_never_confirmed() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    // Two windows were open; the shopper approved in both.
    let (first, second) = (app.approve(&order), app.approve(&order));
    browser.get(&order.success(&first)).await;
    let back = browser.get(&order.success(&second)).await;
    assert_eq!(back.location.as_deref(), Some(order.page().as_str()), "the order is paid, and the shopper sees that");
    let body = serde_json::json!({"paymentKey": second, "orderId": order.id, "amount": order.amount});
    let answer = browser.post_json("/confirm", &body).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (409, Some("SHOP_PAYMENT_MISMATCH")));
    assert_eq!(app.confirms().len(), 1);
    assert_eq!(app.charged(&order), [50_000]);
    assert!(matches!(app.state(&order).await, State::Paid { attempt, .. } if attempt.payment_key.expose() == first));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shopper_who_comes_back_in_another_browser_still_pays() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let elsewhere = app.browser();
    let back = elsewhere.get(&order.success(&app.approve(&order))).await;
    assert_eq!(back.location.as_deref(), Some(order.page().as_str()));
    assert_eq!(app.charged(&order), [50_000]);
    let seen = elsewhere.get(&order.page()).await;
    assert!(seen.status == 200 && seen.body.contains("결제를 완료했어요") && seen.body.contains("다시 결제하지 마세요"));
    for private in [&order.name, "50,000원", "totalAmount", "paymentKey"] {
        assert!(!seen.body.contains(private), "the receipt stays with who ordered: {private}");
    }
    assert_eq!(app.browser().get(&order.page()).await.status, 404);
    assert!(browser.get(&order.page()).await.body.contains(&order.name));

    // An edited address proves nothing.
    let (_, other) = app.order().await;
    let stranger = app.browser();
    stranger.get(&format!("/success?orderId={}&paymentKey=tk&amount=1", other.id)).await;
    assert_eq!(stranger.get(&other.page()).await.status, 404);
    app.finish().await;
}
