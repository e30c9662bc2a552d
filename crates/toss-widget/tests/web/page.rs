//! The page of the README, as it stands there: what a newcomer copies works.

use crate::fake::{self, Page, turn, until};
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Compiled in as it is, with a way in for the test.
mod example {
    include!("../../examples/page/main.rs");

    pub fn start() {
        main();
    }
}

fn is_shut() -> bool {
    fake::evaluate("document.querySelector('#pay').disabled").is_truthy()
}

fn text(id: &str) -> String {
    fake::evaluate(&format!("document.querySelector('#{id}').textContent")).as_string().expect("an element")
}

fn click(id: &str) {
    fake::evaluate(&format!("document.querySelector('#{id}').click()"));
}

#[test]
async fn the_page_of_the_readme_draws_follows_the_coupon_and_pays() {
    let _page = Page::new();
    fake::define_global();
    fake::plant_page(include_str!("../../examples/page/index.html"));
    example::start();
    assert!(is_shut(), "nothing is drawn yet");
    until("it can be paid", || !is_shut()).await;
    assert_eq!(fake::drawn_now(), "AGREEMENT_WIDGET PAYMENT_METHODS_WIDGET");

    click("coupon");
    until("the coupon is in the total", || text("total") == "45000 KRW" && !is_shut()).await;
    click("coupon");
    until("it is out again", || text("total") == "50000 KRW" && !is_shut()).await;

    fake::behave("requestPayment", "return Promise.reject({ code: 'NEED_CARD_PAYMENT_DETAIL', message: 'm' })");
    click("pay");
    until("the buyer is told", || text("message").contains("확인해")).await;
    assert!(!is_shut(), "and may try again");
    fake::forget("requestPayment");
    fake::take_calls();
    click("pay");
    until("it is requested", || fake::evaluate("document.querySelector('#pay').disabled").is_truthy()).await;
    turn().await;
    let request = fake::take_calls();
    assert!(request.starts_with(r#"["widgets.requestPayment",{"orderId":""#), "{request}");
    assert!(request.contains(r#"/?success","failUrl":"#), "{request}");
    assert!(is_shut(), "the browser is about to leave");
}

#[test]
async fn the_page_of_the_readme_says_what_failed() {
    let _page = Page::new();
    fake::define_global();
    fake::plant_page(include_str!("../../examples/page/index.html"));
    fake::behave("TossPayments", "throw { code: 'INVALID_CLIENT_KEY', message: '키' }");
    example::start();
    until("it is told", || text("message") == "INVALID_CLIENT_KEY: 키").await;
    assert!(is_shut());
}
