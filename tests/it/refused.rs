//! What came back is not what was asked: nothing goes to Toss, the shopper sees why, the order stays payable.

use crate::app::TestApp;
use payment_engine::order::State;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_amount_is_refused_before_toss() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let payment_key = app.approve(&order);
    for amount in ["100", "49999", "50001", "0", "1000000000000"] {
        let back = browser.get(&format!("/success?orderId={}&paymentKey={payment_key}&amount={amount}", order.id)).await;
        let fail = back.location.unwrap();
        assert_eq!((back.status, fail.as_str()), (303, format!("/fail?code=SHOP_AMOUNT_MISMATCH&orderId={}", order.id).as_str()));
        let page = browser.get(&fail).await;
        assert!(page.body.contains("주문 금액과 결제 금액이 달라서 결제하지 않았어요."), "{}", page.body);
    }
    assert_eq!(app.sandbox.requests(), []);
    assert_eq!(app.state(&order).await, State::Open);

    browser.get(&order.success(&payment_key)).await;
    assert_eq!(app.charged(&order), [50_000], "still payable");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_order_and_absurd_parameters_are_refused_before_toss() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let id = &order.id;
    let long = "k".repeat(300);
    let cases = [
        ("/success?orderId=V1StGXR8_Z5jdHi6B-myT&paymentKey=tk&amount=50000".to_owned(), "SHOP_ORDER_NOT_FOUND"),
        ("/success".to_owned(), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey=&amount=50000"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey=tk&amount="), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey=tk&amount=5e4"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey=tk&amount=50000.0"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey=tk&amount=-50000"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey=tk&amount=99999999999999999999"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey={long}&amount=50000"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey=..&amount=50000"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&paymentKey=t%20k%0A&amount=50000"), "SHOP_INVALID_RETURN"),
        (format!("/success?orderId={id}&orderId={id}&paymentKey=tk&amount=50000"), "SHOP_INVALID_RETURN"),
        ("/success?orderId=%27%20OR%201=1--&paymentKey=tk&amount=50000".to_owned(), "SHOP_INVALID_RETURN"),
        ("/success?orderId=%FF%FE&paymentKey=%FF&amount=%FF".to_owned(), "SHOP_INVALID_RETURN"),
    ];
    for (url, code) in cases {
        let back = browser.get(&url).await;
        assert_eq!(back.status, 303, "{url}");
        assert!(back.location.as_deref().unwrap().starts_with(&format!("/fail?code={code}")), "{url} -> {:?}", back.location);
    }
    assert_eq!(app.sandbox.requests(), []);
    assert_eq!(app.state(&order).await, State::Open);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_payment_of_another_order_is_refused_before_toss() {
    let app = TestApp::start().await;
    let (browser, paid) = app.order().await;
    let payment_key = app.approve(&paid);
    browser.get(&paid.success(&payment_key)).await;
    let asked = app.sandbox.requests().len();

    let order = browser.place(None).await;
    let back = browser.get(&order.success(&payment_key)).await;
    assert!(back.location.unwrap().starts_with("/fail?code=SHOP_PAYMENT_MISMATCH"));
    assert_eq!(app.sandbox.requests().len(), asked);
    assert_eq!(app.state(&order).await, State::Open);
    app.finish().await;
}

/// A paymentKey that no order has claimed yet can only be judged by Toss, which refuses it; the order must not stay
/// in doubt for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_toss_knows_for_another_order_leaves_this_one_payable() {
    let app = TestApp::start().await;
    let (browser, other) = app.order().await;
    let others_key = app.approve(&other);
    let made_up = "tgen_20261123000000ABCDE".to_owned();
    for foreign in [others_key, made_up] {
        let order = browser.place(None).await;
        browser.get(&order.success(&foreign)).await;
        app.work().await;
        assert!(matches!(app.state(&order).await, State::Declined { .. }), "{:?}", app.state(&order).await);
        assert_eq!(app.charged(&order), [] as [i64; 0]);
        browser.get(&order.success(&app.approve(&order))).await;
        assert_eq!(app.charged(&order), [50_000], "still payable");
    }
    assert_eq!(app.charged(&other), [] as [i64; 0]);
    app.finish().await;
}

/// The widget was made to ask for 100 won, and the address was edited to say what the order costs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_that_showed_another_amount_charges_nothing() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let cheap = app.approve(&crate::app::Order { amount: 100, ..order.clone() });
    browser.get(&order.success(&cheap)).await;
    app.work().await;
    assert!(matches!(app.state(&order).await, State::Declined { .. }), "{:?}", app.state(&order).await);
    assert_eq!(app.charged(&order), [] as [i64; 0]);
    browser.get(&order.success(&app.approve(&order))).await;
    assert_eq!(app.charged(&order), [50_000], "still payable");
    app.finish().await;
}
