//! The order sheet: what a shopper changes and what follows from it. One signal holds all that moves, and the page is a
//! function of it; the total is what the same function says that the server charges with.

use super::count::count_to_total;
use super::payment_widget::{AGREEMENT_ID, METHODS_ID, PaymentWidget, Settings};
use super::sheet::Sheet;
use crate::components::coupon_box::{COUPON_ID, CouponBox};
use crate::components::field::{Field, FieldKind};
use crate::components::order_lines::OrderLines;
use crate::components::pay_button::PayButton;
use crate::components::totals::Totals;
use crate::components::widget_state::WidgetState;
use crate::domain::coupon::WELCOME;
use crate::domain::customer::{Customer, CustomerField};
use crate::domain::texts;
use crate::view::checkout::CheckoutView;
use crate::wire;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use toss_widget::UpdateReason;

/// The whole form.
#[island]
pub fn CheckoutForm() -> impl IntoView {
    let CheckoutView { lang, cart, customer, customer_key, client_key, widget_url, sdk } = wire::given();
    let ticked = cart.coupon.is_some();
    let contact = customer.clone();
    let sheet = RwSignal::new(Sheet::new(cart, customer));
    let widget = PaymentWidget::new(Settings { lang, sdk, widget_url, client_key, customer_key }, sheet);
    Effect::new(move || {
        sheet.update(take_over);
        widget.open();
        // Out of the page cache, after the shopper has pressed "back" in the payment window: the widget has been used up.
        let handle = window_event_listener_untyped("pageshow", |event| {
            if event.dyn_ref::<web_sys::PageTransitionEvent>().is_some_and(web_sys::PageTransitionEvent::persisted) {
                // Fails only where there is no page any more.
                let _ = window().location().reload();
            }
        });
        on_cleanup(move || handle.remove());
    });
    count_to_total(sheet);

    let follow = move |reason: Option<UpdateReason>| {
        // An empty cart has nothing to pay; the button says so.
        if sheet.with_untracked(|sheet| sheet.cart_error().is_none()) {
            widget.follow(reason);
        }
    };
    let set_quantity = move |id: &str, quantity: u32| {
        sheet.update(|sheet| sheet.set_quantity(id, quantity));
        follow(None);
    };
    let set_coupon = move |ticked: bool| {
        sheet.update(|sheet| sheet.set_coupon(ticked));
        follow(Some(UpdateReason::Coupon));
    };
    let pay = move || {
        // A browser, or a keeper of passwords, may have filled them in without a word.
        sheet.update(read_fields);
        match sheet.with_untracked(|sheet| Customer::parse(&sheet.customer)) {
            Err(fields) => widget.correct(fields),
            Ok(_) => widget.pay(),
        }
    };
    let price = move || sheet.with(Sheet::price);
    let busy = move || sheet.with(Sheet::is_busy);
    let field = move |kind: FieldKind, value: String| {
        let field = kind.field();
        let error = move || sheet.with(|sheet| sheet.field_error(lang, field));
        view! { <Field lang kind value error on_input=move |field, text| sheet.update(|sheet| sheet.set_field(field, text))/> }
    };

    view! {
        <form class="checkout" novalidate on:submit=move |event| event.prevent_default()>
            <section class="card summary" aria-labelledby="your-order">
                <h2 id="your-order">{texts::your_order(lang)}</h2>
                <OrderLines lang quantity=move |id: &str| sheet.with(|sheet| sheet.quantity(id)) disabled=busy on_change=set_quantity/>
                <CouponBox lang coupon=&WELCOME ticked idle=move || sheet.with(Sheet::is_coupon_idle) disabled=busy on_toggle=set_coupon/>
                <Totals lang price shown=move || sheet.with(|sheet| sheet.count.shown)/>
            </section>
            <div class="column">
                <section class="card" aria-labelledby="contact">
                    <h2 id="contact">{texts::contact(lang)}</h2>
                    {field(FieldKind::Name, contact.name)}
                    {field(FieldKind::Email, contact.email)}
                    {field(FieldKind::Phone, contact.phone)}
                </section>
                <section class="card" aria-labelledby="payment-method">
                    <h2 id="payment-method">{texts::payment_method(lang)}</h2>
                    <div class="widget-place">
                        <WidgetState lang phase=move || sheet.with(|sheet| sheet.phase.clone()) on_retry=move || widget.retry()/>
                        <div class="widget" class:widget-hidden=move || !sheet.with(Sheet::is_drawn)>
                            <div id=METHODS_ID></div>
                            <div id=AGREEMENT_ID role="group" aria-label=texts::terms(lang)></div>
                        </div>
                    </div>
                </section>
                <PayButton
                    lang
                    total=move || price().total
                    enabled=move || sheet.with(Sheet::can_pay)
                    busy
                    hint=move || sheet.with(|sheet| sheet.hint(lang))
                    problem=move || sheet.with(|sheet| sheet.problem)
                    on_pay=pay
                />
            </div>
        </form>
    }
}

/// Takes over what the shopper has typed and ticked while the program was on its way, over what the server had sent.
fn take_over(sheet: &mut Sheet) {
    read_fields(sheet);
    if let Some(coupon) = input(COUPON_ID) {
        sheet.set_coupon(coupon.checked());
    }
    let total = sheet.price().total;
    sheet.count.shown = total;
    sheet.count.aim = total;
}

/// What stands in the fields is what counts.
fn read_fields(sheet: &mut Sheet) {
    for field in [CustomerField::Name, CustomerField::Email, CustomerField::Phone] {
        if let Some(input) = input(FieldKind::of(field).id()) {
            *sheet.slot(field) = input.value();
        }
    }
}

fn input(id: &str) -> Option<web_sys::HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
