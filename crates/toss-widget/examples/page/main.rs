// A pay page for 50,000 KRW, and a coupon over 5,000. `index.html` has the elements that are named here.

use toss_widget::checkout::Settings;
use toss_widget::machine::Phase;
use toss_widget::{Checkout, Customer, Order, OrderId, Sdk, UpdateReason, WidgetError, Won};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlInputElement};

const PRICE: Won = Won::of(50_000);
const WITH_COUPON: Won = Won::of(45_000);

fn main() {
    // One of Toss's public documentation keys: the real widget, and nothing is charged.
    let key = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
    let settings = Settings::new(Sdk::V2, key, Customer::Anonymous, "#methods", "#agreement");
    // Everything that the page shows follows from the phase.
    let checkout = Checkout::new(settings, PRICE, |phase| show(&phase));
    checkout.open();

    // Another amount, at any time: nothing is drawn anew, and the last one is the one that is paid.
    let ticked = checkout.clone();
    on("change", "coupon", move || {
        let amount = if is_checked("coupon") { WITH_COUPON } else { PRICE };
        ticked.want(amount, Some(UpdateReason::Coupon));
    });
    // This one keeps the checkout for as long as the page lives.
    on("click", "pay", move || spawn_local(pay(checkout.clone())));
}

fn show(phase: &Phase) {
    toggle("pay", "disabled", !phase.can_pay());
    write("total", &phase.wanted().to_string());
    if let Phase::Failed { error, .. } = phase {
        write("message", &error.to_string());
    }
}

async fn pay(checkout: Checkout) {
    // The ticket keeps the button shut; dropping it opens the button again.
    let Some(ticket) = checkout.press() else { return };
    let Some(order) = store_order(ticket.amount()).await else { return };
    // The browser leaves for Toss. After an error the button is open again.
    match ticket.pay(&order).await {
        Ok(_) => {}
        Err(error) => write("message", advice(&error)),
    }
}

/// The server's part in a real shop: it stores an order of exactly this amount, answers its number, and confirms the payment
/// when the buyer comes back to `success`. Without that nothing is ever charged.
async fn store_order(_amount: Won) -> Option<Order> {
    let window = web_sys::window()?;
    let order_id = OrderId::parse(&window.crypto().ok()?.random_uuid()).ok()?;
    let page = window.location().origin().ok()?;
    Some(Order::new(order_id, "사과 외 2건").redirect(format!("{page}/?success"), format!("{page}/?fail")))
}

fn advice(error: &WidgetError) -> &'static str {
    if error.code.is_cancellation() {
        ""
    } else if error.code.is_incomplete() {
        "결제 수단과 약관을 확인해 주세요."
    } else {
        "결제를 시작하지 못했어요. 다시 시도해 주세요."
    }
}

// --- the page, without a framework ---------------------------------------------------------------------

fn element(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

fn write(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
    }
}

fn toggle(id: &str, attribute: &str, on: bool) {
    if let Some(element) = element(id) {
        let _changed = element.toggle_attribute_with_force(attribute, on);
    }
}

fn is_checked(id: &str) -> bool {
    element(id).and_then(|element| element.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.checked())
}

fn on(event: &str, id: &str, act: impl FnMut() + 'static) {
    if let Some(element) = element(id) {
        let listener = Closure::<dyn FnMut()>::new(act).into_js_value();
        let _added = element.add_event_listener_with_callback(event, listener.unchecked_ref());
    }
}
