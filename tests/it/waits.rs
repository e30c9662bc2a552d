//! Long waits: a browser holds two of them and no more, and all others are told at once when to ask again.

use crate::app::{Browser, DEADLINE, Order, Page, TestApp};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use payment_engine::order::State;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;
use toss_sandbox::{Endpoint, Fault, Scope, Times};

/// Less than the shop waits for news.
const AT_ONCE: Duration = Duration::from_secs(10);

async fn in_doubt(app: &TestApp) -> (Browser, Order) {
    let (browser, order) = app.order().await;
    app.sandbox.fault(Fault::ErrorAfter, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    browser.get(&order.success(&app.approve(&order))).await;
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }));
    (browser, order)
}

async fn ask(browser: &Browser, order: &Order) -> Page {
    browser.post_json("/api/await_order", &json!({"order_id": order.id})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_wait_and_six_are_told_when_to_ask_again() {
    let app = TestApp::start().await;
    let ((browser, order), (neighbour, other)) = (in_doubt(&app).await, in_doubt(&app).await);
    let mut asked: FuturesUnordered<_> = (0..8).map(|_| ask(&browser, &order)).collect();
    for number in 0..6 {
        let answer = timeout(AT_ONCE, asked.next()).await.unwrap_or_else(|_| panic!("{number} were told at once, and no more")).unwrap();
        assert_eq!((answer.status, answer.json()), (200, json!({"NotYet": {"ask_again_ms": 3_000}})), "{number}");
    }

    // The browser of somebody else has places of its own, and so has this one for everything else.
    let sheet = timeout(AT_ONCE, browser.get("/checkout")).await.expect("other pages come at once");
    assert_eq!(sheet.location.as_deref(), Some(order.page().as_str()));
    let foreign = ask(&neighbour, &other);
    tokio::pin!(foreign);
    assert!(timeout(Duration::from_millis(300), &mut foreign).await.is_err(), "it waits");

    let work = async { while app.work().await > 0 {} };
    let known = async { timeout(DEADLINE, async { (asked.next().await.unwrap(), asked.next().await.unwrap()) }).await.unwrap() };
    let ((), (first, second), foreign) = tokio::join!(work, known, foreign);
    for answer in [first, second, foreign] {
        assert_eq!((answer.status, answer.json()), (200, json!("Known")));
    }
    assert!(asked.next().await.is_none());

    for _ in 0..3 {
        assert_eq!(ask(&browser, &order).await.json(), json!("Known"), "what is known needs no wait");
    }
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}

/// A tab that is closed gives its wait back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_tab_gives_its_wait_back() {
    let app = TestApp::start().await;
    let (browser, order) = in_doubt(&app).await;
    let full = |answer: &Page| answer.json() == json!({"NotYet": {"ask_again_ms": 3_000}});
    {
        let mut asked: FuturesUnordered<_> = (0..3).map(|_| ask(&browser, &order)).collect();
        assert!(full(&timeout(AT_ONCE, asked.next()).await.expect("a third is told at once").unwrap()));
    }
    // The two others are gone; as soon as the server has noticed, both places can be had.
    let owner = app.record(&order.id).await.order.owner.as_str().to_owned();
    let both = || app.ctx.waits.begin(owner.clone()).zip(app.ctx.waits.begin(owner.clone()));
    let free = async {
        while both().is_none() {
            tokio::task::yield_now().await
        }
    };
    timeout(DEADLINE, free).await.expect("the places of closed tabs are free again");
    app.work().await;
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}
