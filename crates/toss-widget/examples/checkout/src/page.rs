//! Buttons, fields and the log of the page.

use std::fmt::Debug;
use toss_widget::{LoadOptions, Order, OrderId, Sdk, WidgetError, Won};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Document, Element, HtmlInputElement, HtmlSelectElement};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Adds a line to the log.
pub fn log(line: &str) {
    if let Some(log) = element("log") {
        let text = log.text_content().unwrap_or_default();
        log.set_text_content(Some(&format!("{text}{line}\n")));
    }
}

/// Logs what a call answered.
pub fn tell<T: Debug>(call: &str, answer: Result<T, WidgetError>) {
    match answer {
        Ok(value) => log(&format!("{call}: {value:?}")),
        Err(error) => log(&format!("{call}: {error}")),
    }
}

/// As [`tell`], for what is needed later.
pub fn keep<T>(call: &str, answer: Result<T, WidgetError>) -> Option<T> {
    let mut kept = None;
    tell(call, answer.map(|value| kept = Some(value)));
    kept
}

/// Calls `act` whenever the button is pressed.
pub fn on_click(id: &str, act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    let listener = Closure::wrap(act).into_js_value();
    let added = element(id).map(|button| button.add_event_listener_with_callback("click", listener.unchecked_ref()));
    if !matches!(added, Some(Ok(()))) {
        log(&format!("there is no button {id}"));
    }
}

/// As [`on_click`], for what has to be waited for.
pub fn on_click_async<F: Future<Output = ()> + 'static>(id: &str, act: impl Fn() -> F + 'static) {
    on_click(id, move || wasm_bindgen_futures::spawn_local(act()));
}

pub fn enable(id: &str, enabled: bool) {
    let changed = element(id).map(|button| button.toggle_attribute_with_force("disabled", !enabled));
    debug_assert!(matches!(changed, Some(Ok(_))), "the page has that button");
}

/// What stands in a field or is chosen.
pub fn value(id: &str) -> String {
    let Some(element) = element(id) else { return String::new() };
    match element.dyn_into::<HtmlInputElement>() {
        Ok(input) => input.value(),
        Err(element) => element.dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default(),
    }
}

fn ticked(id: &str) -> bool {
    element(id).and_then(|element| element.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.checked())
}

/// The amount in the field; nothing if it is none.
pub fn amount() -> Won {
    value("amount").parse::<i64>().ok().and_then(|amount| Won::new(amount).ok()).unwrap_or_default()
}

/// Where the script is.
pub fn load_options(sdk: Sdk) -> LoadOptions {
    let sandbox = value("sandbox");
    let path = sdk.default_src().trim_start_matches("https://js.tosspayments.com");
    if sandbox.is_empty() { LoadOptions::new() } else { LoadOptions::new().src(format!("{}{path}", sandbox.trim_end_matches('/'))) }
}

/// An address of this page, with its origin.
pub fn url(path: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    format!("{origin}/?{path}")
}

/// A new order with every press. A shop's server makes and stores it.
pub fn order() -> Order {
    let order_id = OrderId::parse(&format!("example-{:.0}", now_ms() * 1_000.0)).expect("invariant: a word and digits");
    let order = Order::new(order_id, "사과 외 2건");
    if ticked("redirect") { order.redirect(url("success"), url("fail")) } else { order }
}

fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map(|performance| performance.time_origin() + performance.now())
        .unwrap_or_default()
}
