//! Refusals that speak of the provider's trouble or of the shop's key: they decide nothing by themselves, and end.

use crate::app::{Browser, Order, TestApp};
use payment_engine::order::State;
use std::collections::BTreeSet;
use std::time::Duration;
use toss_checkout::domain::lang::Lang;
use toss_checkout::domain::{failure, texts};
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};

/// More than any payment is tried with new keys.
const ROUNDS: usize = 10;

async fn returned_with(app: &TestApp, code: Code, times: Times) -> (Browser, Order) {
    let (browser, order) = app.order().await;
    app.sandbox.fault(Fault::status_4xx(code), Scope::order(Endpoint::Confirm, &order.id), times).unwrap();
    browser.get(&order.success(&app.approve(&order))).await;
    (browser, order)
}

/// The idempotency keys of the confirms so far, each as often as it was sent.
fn keys(app: &TestApp, order: &Order) -> Vec<String> {
    let confirms = app.confirms().into_iter().filter(|request| request.order_id.as_deref() == Some(&order.id));
    confirms.map(|request| request.idempotency_key.expect("every confirm has one")).collect()
}

/// A round of work, and the time that the next key is given.
async fn round(app: &TestApp) {
    app.work().await;
    app.advance(Duration::from_secs(5));
}

fn is_trying_again(body: &str) -> bool {
    body.contains(texts::in_doubt_title(Lang::Ko)) && body.contains(texts::trying_again_text(Lang::Ko))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_that_passes_is_said_and_then_paid_under_a_new_key() {
    let app = TestApp::start().await;
    let (browser, order) = returned_with(&app, Code::PROVIDER_ERROR, Times::Once).await;
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }));
    let page = browser.get(&order.page()).await.body;
    assert!(is_trying_again(&page) && !page.contains(texts::in_doubt_text(Lang::Ko)));
    assert_eq!(app.charged(&order), [] as [i64; 0], "the page is right");
    assert_eq!(browser.get("/checkout").await.location.as_deref(), Some(order.page().as_str()));

    app.work().await;
    assert!(matches!(app.state(&order).await, State::Paid { .. }), "{:?}", app.state(&order).await);
    let keys = keys(&app, &order);
    assert!(keys.len() == 2 && keys[0] != keys[1], "{keys:?}");
    assert_eq!(app.charged(&order), [50_000]);
    assert_eq!(app.history(&order).await, ["confirm_started", "unknown", "key_renewed", "paid"]);
    assert!(browser.get(&order.page()).await.body.contains(texts::paid_title(Lang::Ko)));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_that_does_not_pass_is_a_decline_soon() {
    let app = TestApp::start().await;
    let (browser, order) = returned_with(&app, Code::PROVIDER_ERROR, Times::Always).await;
    let mut rounds = 0;
    while matches!(app.state(&order).await, State::InDoubt { .. }) {
        assert!(is_trying_again(&browser.get(&order.page()).await.body), "{rounds}");
        round(&app).await;
        rounds += 1;
        assert!(rounds < ROUNDS, "a shopper waits");
    }
    let state = app.state(&order).await;
    assert!(matches!(&state, State::Declined { decline, .. } if decline.code == "PROVIDER_ERROR"), "{state:?}");
    let keys = keys(&app, &order);
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "each call under a key of its own: {keys:?}");
    assert!((2..=4).contains(&keys.len()), "{keys:?}");
    assert_eq!(app.charged(&order), [] as [i64; 0]);
    let page = browser.get(&order.page()).await.body;
    let (title, _) = failure::told("PROVIDER_ERROR", Lang::Ko).unwrap();
    assert!(page.contains(title) && page.contains(texts::failed_text(Lang::Ko)) && page.contains("PROVIDER_ERROR"));

    // Nothing else has to pass: the sheet is there, and what is ordered is paid when the trouble is over.
    assert_eq!(browser.get("/checkout").await.status, 200);
    let again = browser.place(None).await;
    browser.get(&again.success(&app.approve(&again))).await;
    assert_eq!((app.charged(&order), app.charged(&again)), (vec![], vec![50_000]));
    app.finish().await;
}

/// The same order, too, can be paid with another card.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_trouble_the_same_order_is_payable() {
    let app = TestApp::start().await;
    let (browser, order) = returned_with(&app, Code::PROVIDER_ERROR, Times::Always).await;
    for _ in 0..ROUNDS {
        round(&app).await;
    }
    assert!(matches!(app.state(&order).await, State::Declined { .. }), "{:?}", app.state(&order).await);
    app.sandbox.clear_faults();
    browser.get(&order.success(&app.approve(&order))).await;
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}

/// A wrong key is the shop's fault and says nothing of the payment. What ends it is that Toss's session is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_key_declines_no_payment() {
    let app = TestApp::start().await;
    let (browser, order) = returned_with(&app, Code::UNAUTHORIZED_KEY, Times::Always).await;
    for minute in 0..8 {
        for _ in 0..ROUNDS {
            app.work().await;
            let state = app.state(&order).await;
            assert!(matches!(state, State::InDoubt { .. }), "after {minute} min: {state:?}");
        }
        app.advance(Duration::from_secs(60));
    }
    assert!(browser.get(&order.page()).await.body.contains(texts::in_doubt_title(Lang::Ko)));
    assert_eq!(app.charged(&order), [] as [i64; 0]);

    app.advance(Duration::from_secs(5 * 60));
    app.work().await;
    let state = app.state(&order).await;
    assert!(matches!(&state, State::Declined { decline, .. } if decline.code.starts_with("EXPIRED")), "{state:?}");
    assert!(!browser.get(&order.page()).await.body.contains("UNAUTHORIZED_KEY"));
    assert_eq!(app.charged(&order), [] as [i64; 0]);
    app.finish().await;
}

/// The operator sets the key right in time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_right_again_pays() {
    let app = TestApp::start().await;
    let (_, order) = returned_with(&app, Code::UNAUTHORIZED_KEY, Times::Always).await;
    for _ in 0..2 {
        round(&app).await;
    }
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }));
    app.sandbox.clear_faults();
    app.work().await;
    assert!(matches!(app.state(&order).await, State::Paid { .. }), "{:?}", app.state(&order).await);
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}
