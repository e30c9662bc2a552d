//! Toss answers with anything but an answer: nothing is charged twice, and nothing is called paid or failed that is not.

use crate::app::{Order, TestApp};
use futures_util::future::join_all;
use payment_engine::order::State;
use payment_engine::order::{Attempt, Event, LEASE_MS};
use payment_engine::store::{Note, Store as _};
use std::time::Duration;
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};
use toss_types::{IdempotencyKey, OrderId, PaymentKey, Won};

async fn returned_with(app: &TestApp, fault: Fault) -> (crate::app::Browser, Order) {
    let (browser, order) = app.order().await;
    let payment_key = app.approve(&order);
    app.sandbox.fault(fault, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    let back = browser.get(&order.success(&payment_key)).await;
    assert_eq!((back.status, back.location.as_deref()), (303, Some(order.page().as_str())));
    (browser, order)
}

/// Every way in which an answer can get lost or spoiled, before and after the charge. The work does not run
/// until the page has been looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_or_spoiled_answer_is_in_doubt_until_it_is_looked_up() {
    let app = TestApp::start().await;
    let faults = [
        Fault::ErrorBefore,
        Fault::ErrorAfter,
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::TruncatedBody,
        Fault::Garbage200,
        Fault::Html500,
        Fault::TooManyRequests,
        Fault::InProgressConflict,
        Fault::UnknownStatus,
        Fault::WrongAmount,
        Fault::WrongOrderId,
        Fault::AlreadyProcessed,
        Fault::status_4xx(Code::PROVIDER_ERROR),
        Fault::status_4xx(Code::UNAUTHORIZED_KEY),
    ];
    let orders = join_all(faults.map(|fault| in_doubt(&app, fault))).await;
    for _ in 0..20 {
        app.work().await;
        app.advance(Duration::from_secs(61));
    }
    for (fault, order) in orders {
        // A refusal is bound to the idempotency key: a look-up shows that nothing was charged, and a new key charges. In every
        // other case the charge was made before, or is made by the repetition.
        let state = app.state(&order).await;
        assert!(matches!(state, State::Paid { .. }), "{fault:?} became {state:?}");
        assert_eq!(app.charged(&order), [50_000], "{fault:?}");
    }
    app.finish().await;
}

/// A shopper comes back, Toss goes wrong, and nobody looks the payment up.
async fn in_doubt(app: &TestApp, fault: Fault) -> (Fault, Order) {
    let (browser, order) = app.order().await;
    let url = order.success(&app.approve(&order));
    app.sandbox.fault(fault.clone(), Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    browser.get(&url).await;
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }), "{fault:?} -> {:?}", app.state(&order).await);
    let page = browser.get(&order.page()).await;
    assert!(page.body.contains("결제를 확인 중이에요"), "{fault:?}");
    assert!(!page.body.contains("결제를 완료했어요") && !page.body.contains("결제하지 못했어요"), "{fault:?}");

    let again = browser.get(&url).await;
    assert_eq!(again.location.as_deref(), Some(order.page().as_str()));
    let sheet = browser.get("/checkout").await;
    assert_eq!(sheet.location.as_deref(), Some(order.page().as_str()), "{fault:?}: what may be paid is not sold again");
    let second = browser.post_json("/api/place_order", &crate::app::order_request(None, 50_000)).await;
    assert_eq!(second.json(), "InDoubt", "{fault:?}");
    assert_eq!(app.history(&order).await, ["confirm_started", "unknown"], "{fault:?}: a refresh asks Toss for nothing");
    (fault, order)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn extra_fields_and_slow_bodies_are_no_reason_to_doubt() {
    let app = TestApp::start().await;
    for fault in [Fault::ExtraFields, Fault::SlowBody { ms: 1 }] {
        let (_, order) = returned_with(&app, fault.clone()).await;
        assert!(matches!(app.state(&order).await, State::Paid { .. }), "{fault:?}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shopper_is_not_kept_waiting_for_a_toss_that_hangs() {
    let app = TestApp::start().await;
    for fault in [Fault::TimeoutBefore, Fault::TimeoutAfter] {
        let (browser, order) = returned_with(&app, fault.clone()).await;
        assert!(matches!(app.state(&order).await, State::Confirming { .. }), "{fault:?}");
        assert!(browser.get(&order.page()).await.body.contains("결제를 확인 중이에요"));
        assert_eq!(app.work().await, 0, "nobody looks while the call may still be answered");

        app.sandbox.release_hung();
        assert!(matches!(app.decided(&order).await, State::Paid { .. }), "{fault:?}");
        assert_eq!(app.charged(&order), [50_000]);
    }
    app.finish().await;
}

/// A server dies between claim and call, or between call and answer. Whoever looks next finds the claim.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_outlives_its_server_is_finished_by_the_next() {
    let app = TestApp::start().await;
    let (_, order) = app.order().await;
    let now_ms = app.ctx.engine.now_ms();
    let (payment_key, idempotency_key) = (PaymentKey::parse(&app.approve(&order)), IdempotencyKey::parse("confirm-of-a-server-that-died"));
    let attempt = Attempt::new(payment_key.unwrap(), idempotency_key.unwrap(), Won::of(50_000), now_ms);
    let store = app.store().await;
    let note = Note::at(now_ms);
    store.apply(&OrderId::parse(&order.id).unwrap(), &Event::ConfirmStarted(attempt), &note).await.unwrap();

    assert_eq!(app.work().await, 0, "the lease has not run out");
    app.advance(Duration::from_millis(LEASE_MS.try_into().unwrap()));
    assert_eq!(app.work().await, 1);
    assert!(matches!(app.state(&order).await, State::Paid { .. }));
    assert_eq!(app.charged(&order), [50_000]);
    assert_eq!(app.confirms()[0].idempotency_key.as_deref(), Some("confirm-of-a-server-that-died"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_session_is_a_decline_and_time_alone_is_not() {
    let app = TestApp::start().await;
    let (_, order) = returned_with(&app, Fault::ErrorBefore).await;
    // Toss stays out of reach for the whole session and longer.
    app.sandbox.fault(Fault::ErrorBefore, Scope::order(Endpoint::Confirm, &order.id), Times::Always).unwrap();
    app.sandbox.fault(Fault::ErrorBefore, Scope::any(Endpoint::Lookup), Times::Always).unwrap();
    for _ in 0..30 {
        app.work().await;
        app.advance(Duration::from_secs(61));
        assert!(matches!(app.state(&order).await, State::InDoubt { .. }), "time and failed look-ups prove nothing");
    }
    app.sandbox.clear_faults();
    app.work().await;
    let state = app.state(&order).await;
    assert!(matches!(&state, State::Declined { decline, .. } if decline.code == "EXPIRED_PAYMENT"), "{state:?}");
    assert_eq!(app.charged(&order), [] as [i64; 0]);
    app.finish().await;
}

/// Toss may hide payments that it has not charged. When the session is over, nothing but its refusal is to be had.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_toss_hides_and_refuses_is_a_decline() {
    let app = TestApp::start().await;
    let (_, order) = returned_with(&app, Fault::ErrorBefore).await;
    let hidden = Fault::status_4xx(Code::NOT_FOUND_PAYMENT);
    app.sandbox.fault(hidden, Scope::any(Endpoint::Lookup), Times::Always).unwrap();
    app.sandbox.fault(Fault::ErrorBefore, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    app.work().await;
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }), "a look-up alone proves nothing");
    app.advance(Duration::from_secs(11 * 60));
    app.work().await;
    assert!(matches!(app.state(&order).await, State::Declined { .. }), "{:?}", app.state(&order).await);
    assert_eq!(app.charged(&order), [] as [i64; 0]);
    app.finish().await;
}

/// A browser that goes away the moment it has asked leaves neither a claim without a call nor a call without a claim.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_goes_away_changes_nothing() {
    let app = TestApp::start().await;
    for _ in 0..20 {
        let (browser, order) = app.order().await;
        let url = order.success(&app.approve(&order));
        let gone = tokio::time::timeout(Duration::from_micros(800), browser.get(&url)).await;
        drop(gone);
        browser.get(&url).await;
        assert!(matches!(app.decided(&order).await, State::Paid { .. }));
        assert_eq!(app.charged(&order), [50_000]);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_ten_minutes_the_confirm_is_not_repeated() {
    let app = TestApp::start().await;
    let (_, order) = returned_with(&app, Fault::ErrorBefore).await;
    app.advance(Duration::from_secs(9 * 60));
    let before = app.confirms().len();
    app.work().await;
    assert_eq!(app.confirms().len(), before, "looked up, not repeated");
    app.advance(Duration::from_secs(2 * 60));
    app.work().await;
    assert!(matches!(app.state(&order).await, State::Declined { .. }));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_learns_of_the_outcome_without_a_reload() {
    let app = TestApp::start().await;
    let (browser, order) = returned_with(&app, Fault::ErrorAfter).await;
    let question = serde_json::json!({"order_id": order.id});
    let (answer, _) = tokio::join!(browser.post_json("/api/await_order", &question), app.work());
    assert_eq!((answer.status, answer.body.as_str()), (200, "\"Known\""));
    let foreign = app.browser().post_json("/api/await_order", &question).await;
    assert_eq!((foreign.status, foreign.json()["code"].as_str()), (404, Some("NOT_FOUND")));
    app.finish().await;
}
