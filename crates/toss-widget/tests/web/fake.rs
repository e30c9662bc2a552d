//! The Rust side of `fake.js`.

use toss_widget::v1::PaymentWidget;
use toss_widget::v2::{Amount, TossPayments, Widgets};
use toss_widget::{Customer, ErrorCode, LoadOptions, OrderId, WidgetError, Won, clear};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/web/fake.js")]
extern "C" {
    fn reset();
    pub fn script(source: &str) -> String;
    #[wasm_bindgen(js_name = brokenScript)]
    pub fn broken_script() -> String;
    #[wasm_bindgen(js_name = defineGlobal)]
    pub fn define_global();
    pub fn behave(member: &str, body: &str);
    pub fn forget(member: &str);
    #[wasm_bindgen(js_name = takeCalls)]
    pub fn take_calls() -> String;
    #[wasm_bindgen(js_name = fire)]
    pub fn fire_bare(event: &str) -> Option<String>;
    pub fn fire(event: &str, argument: &JsValue) -> Option<String>;
    #[wasm_bindgen(js_name = takeUncaught)]
    pub fn take_uncaught() -> String;
    pub fn evaluate(expression: &str) -> JsValue;
    #[wasm_bindgen(js_name = watchAppends)]
    pub fn watch_appends(swallow: bool);
    #[wasm_bindgen(js_name = appendedCount)]
    pub fn appended_count() -> u32;
    #[wasm_bindgen(js_name = lastAppended)]
    pub fn last_appended() -> String;
    #[wasm_bindgen(js_name = plantTag)]
    pub fn plant_tag(src: &str, ready_state: &str);
    #[wasm_bindgen(js_name = tagCount)]
    pub fn tag_count(src: &str) -> u32;
    #[wasm_bindgen(js_name = dispatchToTag)]
    pub fn dispatch_to_tag(src: &str, event: &str);
    #[wasm_bindgen(js_name = dispatchPageLoad)]
    pub fn dispatch_page_load();
    #[wasm_bindgen(js_name = drawnNow)]
    pub fn drawn_now() -> String;
    #[wasm_bindgen(js_name = refusedCount)]
    pub fn refused_count() -> u32;
    #[wasm_bindgen(js_name = nextTurn)]
    fn next_turn() -> js_sys::Promise;
    #[wasm_bindgen(js_name = plantPlaces)]
    pub fn plant_places();
    #[wasm_bindgen(js_name = plantPage)]
    pub fn plant_page(html: &str);
    #[wasm_bindgen(js_name = fireAndWait)]
    pub async fn fire_and_wait(event: &str, argument: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = plantNamesake)]
    pub fn plant_namesake();
}

/// A page for one test. Fails the test if anything reached the page uncaught, in it or late from the one before.
pub struct Page;

impl Page {
    pub fn new() -> Page {
        assert_eq!(take_uncaught(), "", "the test before left something uncaught");
        reset();
        clear();
        Page
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        assert_eq!(take_uncaught(), "", "something reached the page uncaught");
    }
}

pub fn options(src: &str) -> LoadOptions {
    LoadOptions::new().src(src)
}

/// An order number that keeps its limits.
pub fn order_id(text: &str) -> OrderId {
    OrderId::parse(text).expect("an order number")
}

pub async fn load(options: &LoadOptions) -> Result<PaymentWidget, WidgetError> {
    PaymentWidget::load(options, "test_gck_a", &Customer::Anonymous).await
}

pub async fn load_error(options: &LoadOptions) -> ErrorCode {
    load(options).await.expect_err("the load fails").code
}

/// A widget of the obedient script.
pub async fn widget() -> PaymentWidget {
    define_global();
    let widget = load(&LoadOptions::default()).await.expect("the global is there");
    take_calls();
    widget
}

/// The SDK v2 of the obedient script.
pub async fn toss() -> TossPayments {
    define_global();
    let toss = TossPayments::load(&LoadOptions::default(), "test_gck_a").await.expect("the global is there");
    take_calls();
    toss
}

/// Its widgets, with an amount.
pub async fn widgets() -> Widgets {
    let widgets = toss().await.widgets(&Customer::Anonymous).expect("an object");
    widgets.set_amount(&Amount::Won(Won::of(45_000))).await.expect("resolves");
    take_calls();
    widgets
}

/// One turn of the page's event loop.
pub async fn turn() {
    wasm_bindgen_futures::JsFuture::from(next_turn()).await.expect("resolves");
}

/// Waits for something to hold, turn by turn.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if holds() {
            return;
        }
        turn().await;
    }
    unreachable!("{what}: did not come to hold");
}

/// Polls once, so that everything up to the first wait has happened.
pub fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> std::task::Poll<F::Output> {
    future.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
}
