//! What the shop says of itself: whether it can do its work, and how much of it waits.

use crate::app::{Browser, DEADLINE, Page, TestApp};
use payment_engine::order::State;
use rusqlite::Connection;
use std::time::Duration;
use tokio::time::timeout;
use toss_checkout::domain::lang::Lang;
use toss_checkout::domain::texts;
use toss_sandbox::{Endpoint, Fault, Scope, Times};

/// What the shop says of itself, asked long after it was asked before.
async fn health(app: &TestApp, shop: &Browser) -> Page {
    app.advance(Duration::from_secs(2));
    shop.get("/health").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_another_program_holds_is_told_and_forgotten() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let url = order.success(&app.approve(&order));
    let well = health(&app, &browser).await;
    assert_eq!((well.status, well.body.as_str()), (200, "ok"));

    // A transaction that somebody has begun and does not end. Dropping it takes it back.
    let another = Connection::open(app.folder().join("shop.db")).unwrap();
    another.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ill = health(&app, &browser).await;
    assert_eq!((ill.status, ill.body.as_str()), (503, "the store answers and cannot be written to"));

    // The payment comes back, and waits for its turn to be written down; the shopper does not.
    let back = browser.get(&url).await;
    assert_eq!(back.status, 200);
    assert!(back.body.contains(texts::in_doubt_title(Lang::Ko)), "under the address that brought it back: reloading asks again");
    assert!(browser.get(&order.page()).await.body.contains(texts::in_doubt_title(Lang::Ko)), "what is there can be read");
    // Whoever writes after it is told no as well; by then it has given up.
    assert_eq!(health(&app, &browser).await.status, 503);
    assert_eq!(app.sandbox.requests(), [], "without a claim Toss is not called");
    assert_eq!(app.state(&order).await, State::Open);
    assert!(browser.get(&order.page()).await.body.contains(texts::open_title(Lang::Ko)), "and nobody is told to wait for nothing");

    drop(another);
    let recovery = async { while health(&app, &browser).await.status != 200 {} };
    timeout(DEADLINE, recovery).await.expect("it is well again, without a restart");
    assert_eq!(browser.get(&url).await.location.as_deref(), Some(order.page().as_str()), "the same address pays now");
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_tell_what_waits_and_for_how_long() {
    let app = TestApp::start_set(&[("METRICS_ADDR", "127.0.0.1:0")]).await;
    let operator = Browser::of(app.metrics.unwrap());
    let waiting = async |lane: &str| {
        let page = operator.get("/metrics").await;
        assert_eq!((page.status, page.headers["content-type"].to_str().unwrap()), (200, "text/plain; version=0.0.4"));
        let figure = |name: &str| {
            let begin = format!("{name}{{lane=\"{lane}\"}} ");
            let mut lines = page.body.lines().filter_map(|line| line.strip_prefix(&begin));
            let value: u64 = lines.next().unwrap_or_else(|| panic!("no {begin} in {}", page.body)).parse().unwrap();
            assert_eq!(lines.next(), None, "once");
            value
        };
        (figure("toss_checkout_orders_waiting"), figure("toss_checkout_oldest_wait_seconds"))
    };
    for lane in ["shown", "unheard", "missing", "deposit", "expiry"] {
        assert_eq!(waiting(lane).await, (0, 0), "{lane}");
    }
    let (browser, order) = app.order().await;
    assert_eq!(waiting("expiry").await.0, 1);
    app.sandbox.fault(Fault::ErrorAfter, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    browser.get(&order.success(&app.approve(&order))).await;
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }));
    app.advance(Duration::from_secs(125));
    let (orders, seconds) = waiting("unheard").await;
    assert!(orders == 1 && (125..125 + DEADLINE.as_secs()).contains(&seconds), "{orders} {seconds}");
    assert_eq!(waiting("expiry").await, (0, 0));

    let (_, invented) = app.order().await;
    app.browser().get(&invented.success("tgen_20261126000000INVNT")).await;
    assert_eq!(waiting("missing").await.0, 1, "invented payments are counted apart");

    while app.work().await > 0 {}
    for lane in ["shown", "unheard", "missing"] {
        assert_eq!(waiting(lane).await, (0, 0), "{lane}");
    }
    assert_eq!(app.charged(&order), [50_000]);
    let page = operator.get("/metrics").await.body;
    for figure in ["webhooks_waiting", "messages_waiting", "oldest_message_seconds", "messages_given_up", "findings_open"] {
        assert!(page.contains(&format!("\ntoss_checkout_{figure} 0\n")), "{figure}: {page}");
    }
    assert_eq!(app.browser().get("/metrics").await.status, 404, "not where shoppers are");
    assert_eq!(operator.get("/checkout").await.status, 404, "and nothing else is there");
    app.finish().await;
}
