//! Reading changes nothing: a look ahead, a preview of a link and a cut address neither charge nor say what is not so.

use crate::app::{Order, Page, TestApp};
use payment_engine::order::State;
use toss_checkout::domain::failure;
use toss_checkout::domain::lang::Lang;
use toss_checkout::domain::texts;
use toss_sandbox::{Endpoint, Fault, Scope, Times};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const NAVIGATE: (&str, &str) = ("sec-fetch-mode", "navigate");

type Headers = &'static [(&'static str, &'static str)];

/// What the button of the page sends, and where to.
fn form_of(page: &Page) -> (String, String) {
    let value = |text: &str, name: &str| {
        let after = text.split(&format!(" {name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {text}"));
        after.split('"').next().unwrap().to_owned()
    };
    let form = page.body.split("<form").find(|part| part.contains("name=\"paymentKey\"")).expect("a form").split("</form>").next().unwrap();
    let opening = format!(" {}", form.split('>').next().unwrap());
    assert_eq!(value(&opening, "method"), "post");
    let inputs = form.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
    let fields: Vec<String> = inputs.map(|input| format!("{}={}", value(input, "name"), value(input, "value"))).collect();
    (value(&opening, "action"), fields.join("&"))
}

async fn is_untouched(app: &TestApp, order: &Order) {
    assert_eq!(app.state(order).await, State::Open);
    assert_eq!(app.history(order).await, [] as [&str; 0]);
    assert_eq!(app.sandbox.requests(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_claims_and_charges_nothing() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let url = order.success(&app.approve(&order));
    for headers in [&[][..], &[NAVIGATE]] {
        let head = browser.request("HEAD", &url, headers, "").await;
        assert_eq!((head.status, head.location, head.body.as_str()), (200, None, ""), "{headers:?}");
    }
    is_untouched(&app, &order).await;
    browser.get(&url).await;
    assert_eq!(app.charged(&order), [50_000], "the shopper still pays");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn methods_that_the_way_back_does_not_know_are_refused() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let url = order.success(&app.approve(&order));
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"] {
        assert_eq!(browser.request(method, &url, &[NAVIGATE], "").await.status, 405, "{method}");
    }
    is_untouched(&app, &order).await;
    app.finish().await;
}

/// Browsers that guess, programs that show what is behind a link. The owner's browser guesses with the owner's cookies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_look_gets_a_form_and_who_presses_it_pays() {
    let app = TestApp::start().await;
    let cases: [(_, _, Headers); 8] = [
        ("prefetch", true, &[NAVIGATE, ("sec-purpose", "prefetch")]),
        ("prerender", true, &[NAVIGATE, ("sec-purpose", "prefetch;prerender")]),
        ("purpose", true, &[("purpose", "prefetch")]),
        ("x-moz", true, &[("x-moz", "prefetch")]),
        ("x-moz of a navigation", true, &[NAVIGATE, ("x-moz", "prefetch")]),
        ("no-cors", true, &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]),
        ("cors", true, &[("sec-fetch-mode", "cors")]),
        ("a link preview", false, &[("user-agent", "facebookexternalhit/1.1")]),
    ];
    let mut calls = 0;
    for (case, is_owner, headers) in cases {
        let (owner, order) = app.order().await;
        let browser = if is_owner { owner } else { app.browser() };
        let url = order.success(&app.approve(&order));
        let mut pressed = None;
        for _ in 0..3 {
            let page = browser.request("GET", &url, headers, "").await;
            assert_eq!(page.status, 200, "{case}");
            assert!(page.body.contains(texts::returning_text(Lang::Ko)), "{case}");
            assert!(!page.headers.contains_key("set-cookie"), "{case}: who has not looked is no witness either");
            pressed = Some(form_of(&page));
        }
        assert_eq!((app.state(&order).await, app.sandbox.requests().len()), (State::Open, calls), "{case}");
        assert_eq!(app.history(&order).await, [] as [&str; 0], "{case}");

        let (action, fields) = pressed.unwrap();
        let foreign = browser.request("POST", &action, &[FORM, ("origin", "https://evil.example")], fields.clone()).await;
        assert_eq!((foreign.status, app.sandbox.requests().len()), (403, calls), "{case}: nobody else's page presses it");
        for _ in 0..2 {
            let origin = app.ctx.config.http.public_url.clone();
            let back = browser.request("POST", &action, &[FORM, NAVIGATE, ("origin", &origin)], fields.clone()).await;
            assert_eq!((back.status, back.location.as_deref()), (303, Some(order.page().as_str())), "{case}");
        }
        assert_eq!(app.charged(&order), [50_000], "{case}");
        assert!(browser.get(&order.page()).await.body.contains(texts::paid_title(Lang::Ko)), "{case}");
        calls += 1;
        assert_eq!(app.sandbox.requests().len(), calls, "{case}");
    }
    app.finish().await;
}

/// An old browser says nothing of navigations; the session says that it is the shopper's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_browser_of_the_shopper_pays_without_a_button() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let back = browser.request("GET", &order.success(&app.approve(&order)), &[], "").await;
    assert_eq!((back.status, back.location.as_deref()), (303, Some(order.page().as_str())));
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_has_no_effect_anywhere() {
    let app = TestApp::start().await;
    let (owner, order) = app.order().await;
    let success = order.success(&app.approve(&order));
    let fail = format!("/fail?code=PAY_PROCESS_CANCELED&orderId={}", order.id);
    for browser in [owner, app.browser()] {
        for path in ["/", "/checkout", "/checkout?as=member", &success, &fail, &order.page(), "/health", "/api/place_order", "/nowhere"] {
            let head = browser.request("HEAD", path, &[NAVIGATE], "").await;
            assert!(head.body.is_empty() && head.status < 500, "{path}: {}", head.status);
            // The sheet answers as it would to a GET, with a session that is kept nowhere but in the answer.
            assert!(path.starts_with("/checkout") || !head.headers.contains_key("set-cookie"), "{path}");
        }
        for path in ["/confirm", "/preferences"] {
            assert_eq!(browser.request("HEAD", path, &[NAVIGATE], "").await.status, 405, "{path}");
        }
    }
    is_untouched(&app, &order).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_address_calls_a_paid_order_unpaid() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let payment_key = app.approve(&order);
    browser.get(&order.success(&payment_key)).await;
    let id = &order.id;
    for cut in [
        format!("/fail?orderId={id}"),
        format!("/fail?code=PAY_PROCESS_CANCELED&message=x&orderId={id}"),
        format!("/success?orderId={id}"),
        format!("/success?orderId={id}&amount=50000"),
        format!("/success?orderId={id}&paymentKey=&amount=50000"),
        format!("/success?orderId={id}&paymentKey={payment_key}"),
        format!("/success?orderId={id}&paymentKey={payment_key}&amount=5"),
    ] {
        let (path, pages) = browser.follow(&cut).await;
        assert!(pages.iter().all(|page| !says_not_paid(page)), "{cut}: said that it is not paid");
        assert_eq!(path, order.page(), "{cut}");
        assert!(pages.last().unwrap().body.contains(texts::paid_title(Lang::Ko)), "{cut}");
    }
    assert_eq!(app.charged(&order), [50_000]);
    assert_eq!(app.confirms().len(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_address_calls_an_order_in_doubt_unpaid() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    app.sandbox.fault(Fault::ErrorAfter, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
    browser.get(&order.success(&app.approve(&order))).await;
    assert!(matches!(app.state(&order).await, State::InDoubt { .. }));
    let id = &order.id;
    for address in [
        format!("/fail?orderId={id}"),
        format!("/fail?code=REJECT_CARD_COMPANY&orderId={id}"),
        "/fail?code=PAY_PROCESS_CANCELED".to_owned(),
        "/fail".to_owned(),
        format!("/success?orderId={id}"),
        "/success".to_owned(),
    ] {
        let (path, pages) = browser.follow(&address).await;
        assert_eq!(path, order.page(), "{address}");
        assert!(pages.iter().all(|page| !says_not_paid(page)), "{address}: said that it is not paid");
        assert!(pages.last().unwrap().body.contains(texts::in_doubt_title(Lang::Ko)), "{address}");
    }
    let elsewhere = app.browser().get("/fail?code=PAY_PROCESS_CANCELED").await;
    assert_eq!(elsewhere.status, 200, "another browser learns nothing of it");
    assert_eq!(app.confirms().len(), 1, "and none of it asks Toss");

    app.work().await;
    assert!(matches!(app.state(&order).await, State::Paid { .. }));
    assert_eq!(app.charged(&order), [50_000]);
    app.finish().await;
}

/// Toss's "not paid", in any of the shop's words.
fn says_not_paid(page: &Page) -> bool {
    let told = ["REJECT_CARD_COMPANY", "PAY_PROCESS_CANCELED"].map(|code| failure::told(code, Lang::Ko).unwrap().0);
    let words = [texts::failed_title(Lang::Ko), texts::failed_text(Lang::Ko), texts::open_title(Lang::Ko)];
    words.iter().chain(&told).any(|text| page.body.contains(text))
}

/// A receipt that only a guess or a program has fetched leads the shopper to it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_that_nobody_has_looked_at_is_not_seen() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    browser.get(&order.success(&app.approve(&order))).await;
    let page = order.page();
    assert_eq!(browser.request("HEAD", &page, &[NAVIGATE], "").await.status, 200);
    assert_eq!(browser.request("GET", &page, &[NAVIGATE, ("sec-purpose", "prefetch")], "").await.status, 200);
    assert_eq!(browser.get("/checkout").await.location.as_deref(), Some(page.as_str()));

    browser.request("GET", &page, &[NAVIGATE], "").await;
    assert_eq!(browser.get("/checkout").await.status, 200, "now it is");
    app.finish().await;
}
