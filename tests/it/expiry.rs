//! An order whose time is up is not charged, and says so; what came back in time is not given up because of the time.

use crate::app::{Page, TestApp};
use payment_engine::order::{Expiry, State};
use serde_json::json;
use std::time::Duration;
use toss_checkout::domain::lang::Lang;
use toss_checkout::domain::texts;
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};

const MINUTE: Duration = Duration::from_secs(60);
const OUT_OF_TIME: Expiry = Expiry::OutOfTime;

fn says_expired(page: &Page, lang: Lang) -> bool {
    page.body.contains(texts::expired_title(lang)) && page.body.contains(texts::expired_text(lang))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_comes_back_too_late_is_not_charged_and_says_so() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    app.advance(41 * MINUTE);
    // Toss would charge it: the shopper has just approved.
    let url = order.success(&app.approve(&order));
    assert_eq!(app.state(&order).await, State::Open, "nobody has looked so far");

    for lang in [Lang::Ko, Lang::En] {
        let form = format!("lang={}", lang.code());
        browser.post("/preferences", "application/x-www-form-urlencoded", form).await;
        let (_, pages) = browser.follow(&url).await;
        let page = pages.last().unwrap();
        assert_eq!((pages.len(), pages[0].location.as_deref(), page.status), (2, Some(order.page().as_str()), 200), "{lang:?}");
        assert!(says_expired(page, lang), "{lang:?}: {}", page.body);
    }
    assert_eq!((app.sandbox.requests(), app.state(&order).await), (vec![], State::Open));

    app.work().await;
    assert_eq!(app.state(&order).await, State::Expired { reason: OUT_OF_TIME, attempt: None });
    assert_eq!(app.history(&order).await, ["time_ran_out"]);
    assert_eq!(browser.get(&url).await.location.as_deref(), Some(order.page().as_str()));
    for lang in [Lang::Ko, Lang::En] {
        browser.post("/preferences", "application/x-www-form-urlencoded", format!("lang={}", lang.code())).await;
        assert!(says_expired(&browser.get(&order.page()).await, lang), "{lang:?}");
    }

    assert_eq!(browser.get("/checkout").await.status, 200);
    let again = browser.place(None).await;
    browser.get(&again.success(&app.approve(&again))).await;
    assert_eq!((app.charged(&order), app.charged(&again)), (vec![], vec![50_000]));
    assert_eq!(app.confirms().len(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_are_told_that_the_order_has_expired() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    app.advance(41 * MINUTE);
    let body = json!({"paymentKey": app.approve(&order), "orderId": order.id, "amount": order.amount});
    for _ in 0..2 {
        let answer = browser.post_json("/confirm", &body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (409, Some("SHOP_ORDER_EXPIRED")));
        // The first answer comes before any work, the second after it.
        app.work().await;
    }
    assert!(matches!(app.state(&order).await, State::Expired { reason: OUT_OF_TIME, .. }));
    assert_eq!(app.sandbox.requests(), []);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_whose_payment_was_declined_expires_as_well() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let refused = app.approve(&order);
    app.sandbox.fault(Fault::decline(Code::REJECT_CARD_PAYMENT), Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    browser.get(&order.success(&refused)).await;
    app.advance(41 * MINUTE);
    browser.get(&order.success(&app.approve(&order))).await;
    assert_eq!(app.confirms().len(), 1);
    app.work().await;
    let state = app.state(&order).await;
    assert!(matches!(&state, State::Expired { reason: OUT_OF_TIME, attempt: Some(tried) } if tried.payment_key.expose() == refused));
    assert_eq!(app.charged(&order), [] as [i64; 0]);
    app.finish().await;
}

/// The answer got lost, before the charge or after it, a minute before the time was up; nobody looked for two.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_back_in_time_is_paid_however_late_that_is_known() {
    let app = TestApp::start().await;
    for fault in [Fault::ResetBefore, Fault::ErrorAfter] {
        let (browser, order) = app.order().await;
        app.advance(39 * MINUTE);
        app.sandbox.fault(fault.clone(), Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
        browser.get(&order.success(&app.approve(&order))).await;
        assert!(matches!(app.state(&order).await, State::InDoubt { .. }), "{fault:?}");
        app.advance(2 * MINUTE);
        let page = browser.get(&order.page()).await;
        assert!(page.body.contains(texts::in_doubt_title(Lang::Ko)), "{fault:?}: time decides nothing");

        app.work().await;
        assert!(matches!(app.state(&order).await, State::Paid { .. }), "{fault:?} -> {:?}", app.state(&order).await);
        assert_eq!(app.charged(&order), [50_000], "{fault:?}");
        assert!(!app.history(&order).await.contains(&"time_ran_out".to_owned()));
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_long_an_order_can_be_paid_is_what_is_set() {
    for (minutes, last) in [("10", 9), ("90", 89)] {
        let app = TestApp::start_set(&[("ORDER_EXPIRES_MINUTES", minutes)]).await;
        let ((in_time, order), (late, other)) = (app.order().await, app.order().await);
        app.advance(last * MINUTE);
        app.work().await;
        in_time.get(&order.success(&app.approve(&order))).await;
        assert_eq!(app.charged(&order), [50_000], "{minutes}");

        app.advance(2 * MINUTE);
        late.get(&other.success(&app.approve(&other))).await;
        assert_eq!(app.charged(&other), [] as [i64; 0], "{minutes}");
        app.work().await;
        assert!(matches!(app.state(&other).await, State::Expired { reason: OUT_OF_TIME, .. }), "{minutes}");
        assert_eq!(app.confirms().len(), 1);
        app.finish().await;
    }
}
