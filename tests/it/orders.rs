//! `GET /orders/{id}`: for the browser that ordered, and nobody else.

use crate::app::TestApp;
use toss_checkout::server::http::session::COOKIE;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anybody_else_gets_what_they_would_get_for_no_order() {
    let app = TestApp::start().await;
    let (owner, order) = app.order().await;
    assert_eq!(owner.get(&order.page()).await.status, 200);

    let stranger = app.browser();
    stranger.get("/checkout").await;
    let foreign = stranger.get(&order.page()).await;
    let missing = stranger.get("/orders/V1StGXR8_Z5jdHi6B-myT").await;
    let malformed = stranger.get("/orders/1").await;
    let nonce_free = |body: &str| body.split('"').filter(|part| !part.ends_with("==") && part.len() != 22).collect::<String>();
    for page in [&foreign, &malformed] {
        assert_eq!(page.status, 404);
        assert_eq!(nonce_free(&page.body), nonce_free(&missing.body), "the answers tell nothing apart");
    }
    let forged = app.browser();
    let cookie = format!("{COOKIE}=AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(forged.get_with(&order.page(), ("cookie", &cookie)).await.status, 404);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_developer_panel_shows_key_and_answer_outside_live_mode() {
    let app = TestApp::start().await;
    let (browser, order) = app.order().await;
    let payment_key = app.approve(&order);
    browser.get(&order.success(&payment_key)).await;
    let page = browser.get(&order.page()).await.body;
    assert!(page.contains(&payment_key) && page.contains("docs.tosspayments.com") && page.contains("techchat.tosspayments.com"));
    assert!(page.contains("totalAmount"), "the raw answer");
    app.finish().await;
}
