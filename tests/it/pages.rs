//! What every page promises.

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn home_leads_to_the_order_sheet() {
    let app = TestApp::start().await;
    let page = app.browser().get("/").await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/checkout")));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_order_sheet_is_whole_before_any_script_runs() {
    let app = TestApp::start().await;
    let page = app.browser().get("/checkout").await;
    for shown in ["<html lang=\"ko\"", "<title>주문서", "토스 티셔츠", "50,000원", "50,000원 결제하기", "/v1/payment-widget", "샌드박스"]
    {
        assert!(page.body.contains(shown), "{shown} is missing");
    }
    let english = app.browser().get_with("/checkout", ("accept-language", "en-US,en;q=0.9")).await;
    assert!(english.body.contains("<html lang=\"en\"") && english.body.contains("Pay ₩50,000"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_have_a_key_of_their_own_and_guests_none() {
    let app = TestApp::start().await;
    let key = |body: &str| {
        let at = body.find("customer_key").unwrap();
        body[at..].chars().take(80).collect::<String>()
    };
    let (member, other) = (app.browser(), app.browser());
    let first = key(&member.get("/checkout").await.body);
    assert_eq!(first, key(&member.get("/checkout?as=member").await.body), "bound to the session");
    assert_ne!(first, key(&other.get("/checkout").await.body), "and to no other");
    assert!(key(&member.get("/checkout?as=guest").await.body).contains("null"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkout_after_a_failure_is_filled_in_as_it_was() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/checkout").await;
    let order = browser.place(Some("WELCOME5000")).await;
    let fail = browser.get(&format!("/fail?code=REJECT_CARD_COMPANY&message=%EA%B1%B0%EC%A0%88&orderId={}", order.id)).await;
    for shown in ["에러메시지", "거절", "에러코드", "REJECT_CARD_COMPANY", "href=\"/checkout\""] {
        assert!(fail.body.contains(shown), "{shown} is missing");
    }
    assert!(browser.get("/checkout").await.body.contains("45,000원 결제하기"), "the coupon is still there");

    browser.get(&order.success(&app.approve(&order))).await;
    // The answer may have been lost on the way: what has been paid is not offered for sale again before that has been seen.
    assert_eq!(browser.get("/checkout").await.location.as_deref(), Some(order.page().as_str()));
    browser.get(&order.page()).await;
    assert!(browser.get("/checkout").await.body.contains("50,000원 결제하기"), "a paid cart is over");
    assert!(app.browser().get("/checkout").await.body.contains("50,000원 결제하기"), "and it is nobody else's");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_cannot_call_a_paid_order_failed() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    browser.get(&order.success(&app.approve(&order))).await;
    let fail = format!("/fail?code=REJECT_CARD_COMPANY&message=x&orderId={}", order.id);
    assert_eq!(browser.get(&fail).await.location.as_deref(), Some(order.page().as_str()));
    assert_eq!(app.browser().get(&fail).await.status, 200, "who did not order learns nothing");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_stays_a_guest() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/checkout?as=guest").await;
    assert!(browser.get("/checkout").await.body.contains("\"customer_key\":null"), "also on the way back from a failure");
    assert!(!browser.get("/checkout?as=member").await.body.contains("\"customer_key\":null"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_cannot_put_markup_or_words_into_the_page() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/fail?code=%3Cimg%20src%3Dx%3E&message=%3Cscript%3Ealert(1)%3C%2Fscript%3E&orderId=%22%3E").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x>"));
    assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let empty = browser.get("/fail").await;
    assert!(empty.body.contains("UNKNOWN"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_carry_a_strict_policy_with_a_fresh_nonce() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = browser.get("/checkout").await;
        let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
        for part in ["default-src 'none'", "'strict-dynamic'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{part} is missing in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(page.body.contains(&format!("nonce=\"{nonce}\"")));
        assert_eq!(page.headers["referrer-policy"], "strict-origin");
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["cross-origin-opener-policy"], "same-origin-allow-popups");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_holds_the_secret_key() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    browser.get(&order.success(&app.approve(&order))).await;
    for path in ["/checkout", &order.page(), "/fail", "/orders/x", "/nowhere"] {
        let page = browser.get(path).await;
        assert!(!page.body.contains("gsk_"), "{path}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn language_and_colours_are_remembered_and_lead_back() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let form = "application/x-www-form-urlencoded";
    let back = browser.post("/preferences", form, "lang=en&theme=dark&back=%2Fcheckout%3Fas%3Dguest").await;
    assert_eq!((back.status, back.location.as_deref()), (303, Some("/checkout?as=guest")));
    let page = browser.get("/checkout").await;
    assert!(page.body.contains("<html lang=\"en\"") && page.body.contains("data-theme=\"dark\""));
    let away = browser.post("/preferences", form, "lang=xx&back=%2F%2Fevil.example").await;
    assert_eq!(away.location.as_deref(), Some("/checkout"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_a_page_too_and_the_server_says_that_it_is_well() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for path in ["/no/such/page", "/api/no_such_function"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404);
        assert!(page.body.contains("페이지를 찾을 수 없어요"), "{path}");
    }
    assert_eq!(browser.get("/orders/%FF").await.status, 404);
    assert_eq!(browser.get("/checkout?as=guest&as=member").await.status, 200);
    assert_eq!(browser.post("/preferences", "text/plain", "?").await.status, 303);
    let huge = browser.post("/confirm", "application/json", "x".repeat(100_000)).await;
    assert_eq!((huge.status, huge.json()["code"].as_str()), (413, Some("INVALID_REQUEST")));
    // Who is not told sends its next request into a closed connection.
    assert_eq!(huge.headers["connection"], "close");
    let health = browser.get("/health").await;
    assert_eq!((health.status, health.body.as_str()), (200, "ok"));
    app.finish().await;
}
