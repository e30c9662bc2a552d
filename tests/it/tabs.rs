//! Two tabs of one browser: however they are used, one order is payable, and it is paid once.

use crate::app::{Browser, Order, TestApp, order_request};
use futures_util::future::join_all;
use payment_engine::order::{Expiry, State};
use toss_checkout::domain::lang::Lang;
use toss_checkout::domain::texts;
use toss_checkout::server::http::session::COOKIE;
use toss_checkout::server::http::visit::LAST_ORDER_COOKIE;
use toss_sandbox::{Endpoint, Fault, Scope, Times};

async fn is_replaced(app: &TestApp, order: &Order) -> bool {
    matches!(app.state(order).await, State::Expired { reason: Expiry::Replaced, .. })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_order_of_the_older_tab_is_replaced_and_says_so() {
    let app = TestApp::start().await;
    let (browser, first) = app.order().await;
    let second = browser.place(Some("WELCOME5000")).await;
    assert!(is_replaced(&app, &first).await, "{:?}", app.state(&first).await);

    let (path, pages) = browser.follow(&first.success(&app.approve(&first))).await;
    assert_eq!(path, first.page());
    assert!(pages.last().unwrap().body.contains(texts::replaced_text(Lang::Ko)));
    assert_eq!(app.sandbox.requests(), [], "Toss is not even asked");
    assert_eq!(app.state(&second).await, State::Open, "and the newer order is as payable as before");

    let url = second.success(&app.approve(&second));
    for _ in 0..3 {
        let (path, pages) = browser.follow(&url).await;
        assert_eq!(path, second.page());
        assert!(pages.last().unwrap().body.contains(texts::paid_title(Lang::Ko)));
    }
    assert_eq!(app.charged(&second), [45_000]);
    assert_eq!(app.confirms().len(), 1);
    app.finish().await;
}

/// What the browser remembers of its last order is a convenience; whose order is undecided, the shop knows by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_one_tab_is_in_doubt_no_other_orders() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let url = order.success(&app.approve(&order));
    app.sandbox.fault(Fault::ResetAfter, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    browser.get(&url).await;
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }));
    assert_eq!(app.charged(&order), [50_000], "charged, and the shop does not know");

    let (_, foreign) = app.order().await;
    let prepare: [&dyn Fn(&Browser); 4] = [
        &|_| {},
        &|browser| browser.forget(LAST_ORDER_COOKIE),
        &|browser| browser.remember(LAST_ORDER_COOKIE, "V1StGXR8_Z5jdHi6B-myT"),
        &|browser| browser.remember(LAST_ORDER_COOKIE, &foreign.id),
    ];
    for (number, prepare) in prepare.into_iter().enumerate() {
        prepare(&browser);
        let sheet = browser.get("/checkout").await;
        assert_eq!((sheet.status, sheet.location.as_deref()), (303, Some(order.page().as_str())), "{number}");
        let second = browser.post_json("/api/place_order", &order_request(None, 50_000)).await;
        assert_eq!((second.status, second.json().as_str()), (200, Some("InDoubt")), "{number}");
    }
    assert!(browser.has_cookie(COOKIE) && app.confirms().len() == 1);

    app.work().await;
    assert!(matches!(app.state(&order).await, State::Paid { .. }));
    assert_eq!(app.charged(&order), [50_000]);
    assert_eq!(browser.get("/checkout").await.status, 200, "and then it may order again");
    browser.place(None).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_approves_in_two_tabs_pays_once() {
    let app = TestApp::start().await;
    for newer_first in [true, false] {
        let (browser, first) = app.order().await;
        let first_url = first.success(&app.approve(&first));
        let second = browser.place(None).await;
        let second_url = second.success(&app.approve(&second));
        let urls = if newer_first { [&second_url, &first_url] } else { [&first_url, &second_url] };
        for url in urls {
            assert_eq!(browser.get(url).await.status, 303);
        }
        assert!(is_replaced(&app, &first).await);
        assert_eq!((app.charged(&first), app.charged(&second)), (vec![], vec![50_000]), "newer first: {newer_first}");
    }

    // Both come back at the same moment, again and again.
    let (browser, first) = app.order().await;
    let first_url = first.success(&app.approve(&first));
    let second = browser.place(None).await;
    let second_url = second.success(&app.approve(&second));
    join_all((0..24).map(|number| browser.get(if number % 2 == 0 { &first_url } else { &second_url }))).await;
    assert!(matches!(app.decided(&second).await, State::Paid { .. }));
    assert_eq!((app.charged(&first), app.charged(&second)), (vec![], vec![50_000]));
    assert_eq!(app.confirms().len(), 3, "one call for each shopper");
    app.finish().await;
}

/// A tab orders while another one comes back: whichever is first, one of the two orders is paid, or none, never both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ordering_and_coming_back_at_the_same_moment_pays_once() {
    let app = TestApp::start().await;
    for _ in 0..12 {
        let (browser, order) = app.order().await;
        let url = order.success(&app.approve(&order));
        let request = order_request(None, 50_000);
        let (_, answer) = tokio::join!(browser.get(&url), browser.post_json("/api/place_order", &request));
        let state = app.decided(&order).await;
        // The claim was first, and the other tab was told so, or came after the outcome; or the new order was.
        if !matches!(state, State::Paid { .. }) {
            assert!(is_replaced(&app, &order).await && answer.json()["Placed"].is_object(), "{state:?} {}", answer.body);
        }
        assert_eq!(app.charged(&order), vec![50_000; usize::from(matches!(state, State::Paid { .. }))]);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_tabs_that_order_at_once_leave_one_payable_order() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/checkout").await;
    let orders = join_all((0..16).map(|_| browser.place(None))).await;
    let mut payable = Vec::new();
    for order in &orders {
        if app.state(order).await == State::Open {
            payable.push(order);
        } else {
            assert!(is_replaced(&app, order).await, "{:?}", app.state(order).await);
        }
    }
    assert_eq!(payable.len(), 1);
    for order in &orders {
        browser.get(&order.success(&app.approve(order))).await;
    }
    assert_eq!(app.confirms().len(), 1);
    assert_eq!(app.charged(payable[0]), [50_000]);
    assert_eq!(app.sandbox.ledger().len(), 1);
    app.finish().await;
}
