//! Who brought an order's payment back in another browser learns how it stands; who brought something else does not.

use crate::app::{Browser, Order, TestApp};
use payment_engine::order::State;
use toss_checkout::domain::lang::Lang;
use toss_checkout::domain::texts;
use toss_sandbox::{Endpoint, Fault, Scope, Times};

const INVENTED: &str = "tgen_20261126000000INVNT";

async fn sees(browser: &Browser, order: &Order) -> u16 {
    browser.get(&order.page()).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invented_payment_of_a_paid_order_makes_nobody_a_witness() {
    let app = TestApp::start().await;
    let (owner, order) = app.order().await;
    // Another window of the shopper's, or of whoever has the order's number, was approved as well.
    let (paid, another) = (app.approve(&order), app.approve(&order));
    owner.get(&order.success(&paid)).await;
    let stranger = app.browser();
    for key in [INVENTED, &another] {
        let back = stranger.get(&order.success(key)).await;
        assert!(back.location.as_deref().unwrap().starts_with("/fail?code=SHOP_PAYMENT_MISMATCH"), "{key} -> {:?}", back.location);
        assert!(!back.headers.contains_key("set-cookie"), "{key}");
        let returned = serde_json::json!({"payment_key": key, "order_id": order.id, "amount": order.amount});
        let called = stranger.post_json("/api/confirm_payment", &returned).await;
        assert_eq!(called.json(), serde_json::json!({"Refused": "PaymentMismatch"}), "{key}");
        assert!(!called.headers.contains_key("set-cookie"), "{key}: nor by the way of front ends");
        assert_eq!(sees(&stranger, &order).await, 404, "{key}");
        let question = serde_json::json!({"order_id": order.id});
        assert_eq!(stranger.post_json("/api/await_order", &question).await.status, 404, "{key}");
    }
    assert_eq!(sees(&owner, &order).await, 200);
    assert_eq!(app.confirms().len(), 1);
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_with_the_payment_is_one() {
    let app = TestApp::start().await;
    let (owner, order) = app.order().await;
    let payment_key = app.approve(&order);
    owner.get(&order.success(&payment_key)).await;
    let elsewhere = app.browser();
    assert_eq!(sees(&elsewhere, &order).await, 404);
    let (path, pages) = elsewhere.follow(&order.success(&payment_key)).await;
    let page = pages.last().unwrap();
    assert_eq!((path, page.status), (order.page(), 200));
    assert!(page.body.contains(texts::paid_title(Lang::Ko)) && page.body.contains(texts::elsewhere_text(Lang::Ko)));
    for private in [&order.name, "50,000", &payment_key, "receipt", "카드"] {
        assert!(!page.body.contains(private), "{private}");
    }
    let (_, other) = app.order().await;
    assert_eq!(sees(&elsewhere, &other).await, 404, "of that order and of no other");
    assert_eq!(app.confirms().len(), 1);
    app.finish().await;
}

/// An order that waits is told to both, since nobody knows whose payment it is; when it is known, to the right one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_payment_is_known_who_brought_another_one_is_no_witness_any_more() {
    let app = TestApp::start().await;
    let (_, order) = app.order().await;
    let payment_key = app.approve(&order);
    app.sandbox.fault(Fault::ErrorAfter, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    let (shopper, stranger) = (app.browser(), app.browser());
    shopper.get(&order.success(&payment_key)).await;
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }));
    stranger.get(&order.success(INVENTED)).await;
    assert!(matches!(app.state(&order).await, State::InDoubt { next: Some(_), .. }), "it waits for its turn");
    assert_eq!(sees(&shopper, &order).await, 200);

    app.work().await;
    assert!(matches!(app.state(&order).await, State::Paid { attempt, .. } if attempt.payment_key.expose() == payment_key));
    assert_eq!((sees(&shopper, &order).await, sees(&stranger, &order).await), (200, 404));
    assert_eq!(app.confirms().len(), 1, "the invented payment is not confirmed");
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_invents_a_payment_before_the_shopper_pays_does_not_see_the_receipt() {
    let app = TestApp::start().await;
    let (owner, order) = app.order().await;
    let stranger = app.browser();
    stranger.get(&order.success(INVENTED)).await;
    app.work().await;
    assert!(matches!(app.state(&order).await, State::Declined { .. }), "{:?}", app.state(&order).await);

    owner.get(&order.success(&app.approve(&order))).await;
    assert!(matches!(app.state(&order).await, State::Paid { .. }), "the stranger has not spoilt the order");
    assert_eq!((sees(&owner, &order).await, sees(&stranger, &order).await), (200, 404));
    let witness = toss_checkout::server::http::visit::WITNESS_COOKIE;
    stranger.remember(witness, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(sees(&stranger, &order).await, 404);
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}
