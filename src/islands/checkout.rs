//! The order sheet: what a shopper changes and what follows from it. The total is one signal: cart in, won out, by the
//! same function that the server charges with.

use super::count::counted;
use super::payment_widget::{AGREEMENT_ID, METHODS_ID, PaymentWidget, Purchase, Settings};
use crate::components::coupon_box::{COUPON_ID, CouponBox};
use crate::components::field::{Field, FieldKind};
use crate::components::order_lines::OrderLines;
use crate::components::pay_button::PayButton;
use crate::components::totals::Totals;
use crate::components::widget_state::WidgetState;
use crate::domain::cart::{Cart, CartRequest};
use crate::domain::coupon::WELCOME;
use crate::domain::customer::{Customer, CustomerField, CustomerRequest};
use crate::domain::lang::Lang;
use crate::domain::texts;
use crate::view::checkout::CheckoutView;
use crate::wire;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use toss_widget::UpdateReason;
use toss_widget::machine::Phase;

/// The whole form.
#[island]
pub fn CheckoutForm() -> impl IntoView {
    let view: CheckoutView = wire::given();
    let lang = view.lang;
    // Read before the view takes over what the server has sent, applied when it has.
    let changed = changed_before_now(view.cart.clone(), view.customer.clone());
    let request = RwSignal::new(view.cart);
    let customer = RwSignal::new(view.customer);
    let cart = Memo::new(move |_| Cart::parse(&request.read()));
    let computed = move || cart.read().as_ref().map(Cart::price).unwrap_or_default();

    let settings =
        Settings { lang, sdk: view.sdk, widget_url: view.widget_url, client_key: view.client_key, customer_key: view.customer_key };
    let widget = PaymentWidget::new(settings, untrack(computed).total);
    let price = Memo::new(move |_| match &*widget.corrected.read() {
        Some((cart, price)) if *cart == *request.read() => *price,
        Some(_) | None => computed(),
    });
    let total = Signal::derive(move || price.get().total);
    Effect::new(move || {
        request.set(changed.0.clone());
        customer.set(changed.1.clone());
        widget.open(total.get_untracked());
        // Out of the page cache, after the shopper has pressed "back" in the payment window: the widget has been used up.
        let handle = window_event_listener_untyped("pageshow", |event| {
            if event.dyn_ref::<web_sys::PageTransitionEvent>().is_some_and(web_sys::PageTransitionEvent::persisted) {
                // Fails only where there is no page any more.
                let _ = window().location().reload();
            }
        });
        on_cleanup(move || handle.remove());
    });

    let show = move |reason: Option<UpdateReason>| {
        // An empty cart has nothing to pay; the button says so.
        if cart.read_untracked().is_ok() {
            widget.want(total.get_untracked(), reason);
        }
    };
    let set_quantity = Callback::new(move |(id, quantity): (&'static str, u32)| {
        request.update(|request| set_quantity(request, id, quantity));
        show(None);
    });
    let set_coupon = Callback::new(move |ticked: bool| {
        request.update(|request| request.coupon = ticked.then(|| WELCOME.code.to_owned()));
        show(Some(UpdateReason::Coupon));
    });
    let set_field = Callback::new(move |(field, text): (CustomerField, String)| {
        widget.wrong_fields.update(|wrong| wrong.retain(|other| *other != field));
        customer.update(|customer| *slot(customer, field) = text);
    });

    // Takes the shopper to the first field that has to be corrected, whoever found it.
    Effect::new(move || {
        if let Some(field) = widget.wrong_fields.read().first()
            && !matches!(widget.phase.get_untracked(), Phase::Requesting { .. })
        {
            focus(*field);
        }
    });

    let busy = Signal::derive(move || matches!(widget.phase(), Phase::Requesting { .. }));
    let can_pay = Signal::derive(move || widget.phase().can_pay() && cart.read().is_ok());
    let hint = Signal::derive(move || hint(lang, &widget.phase(), &cart.read()));
    let pay = Callback::new(move |()| {
        let typed = customer.get_untracked();
        match Customer::parse(&typed) {
            Err(fields) => widget.wrong_fields.set(fields),
            Ok(_) => widget.pay(Purchase { cart: request.get_untracked(), customer: typed, total: total.get_untracked() }),
        }
    });
    let retry = Callback::new(move |()| widget.retry());
    let field = move |kind: FieldKind| {
        let field = kind.field();
        let value = Signal::derive(move || slot(&mut customer.get(), field).clone());
        let error = Signal::derive(move || widget.wrong_fields.read().contains(&field).then(|| texts::field_error(lang, field)));
        view! { <Field lang kind value error on_input=set_field/> }
    };

    view! {
        <form class="checkout" novalidate on:submit=move |event| event.prevent_default()>
            <section class="card summary" aria-labelledby="your-order">
                <h2 id="your-order">{texts::your_order(lang)}</h2>
                <OrderLines lang cart=request disabled=busy on_change=set_quantity/>
                <CouponBox lang coupon=&WELCOME ticked=Signal::derive(move || request.read().coupon.is_some()) price disabled=busy on_toggle=set_coupon/>
                <Totals lang price shown=counted(total)/>
            </section>
            <div class="column">
                <section class="card" aria-labelledby="contact">
                    <h2 id="contact">{texts::contact(lang)}</h2>
                    {field(FieldKind::Name)}
                    {field(FieldKind::Email)}
                    {field(FieldKind::Phone)}
                </section>
                <section class="card" aria-labelledby="payment-method">
                    <h2 id="payment-method">{texts::payment_method(lang)}</h2>
                    <div class="widget-place">
                        <WidgetState lang phase=Signal::derive(move || widget.phase()) on_retry=retry/>
                        <div class="widget" class:widget-hidden=move || !is_drawn(&widget.phase())>
                            <div id=METHODS_ID></div>
                            <div id=AGREEMENT_ID role="group" aria-label=texts::terms(lang)></div>
                        </div>
                    </div>
                </section>
                <PayButton lang total enabled=can_pay busy hint problem=widget.problem on_pay=pay/>
            </div>
        </form>
    }
}

fn is_drawn(phase: &Phase) -> bool {
    match phase {
        Phase::Rendering { .. } | Phase::Ready { .. } | Phase::Requesting { .. } => true,
        Phase::Loading { .. } | Phase::Failed { .. } => false,
    }
}

fn hint(lang: Lang, phase: &Phase, cart: &Result<Cart, crate::domain::cart::CartError>) -> &'static str {
    match (cart, phase) {
        (Err(error), _) => texts::cart_error(lang, *error),
        (Ok(_), Phase::Loading { .. } | Phase::Rendering { .. }) => texts::pay_needs_widget(lang),
        (Ok(_), Phase::Ready { agreed: false, .. }) => texts::pay_needs_terms(lang),
        (Ok(_), Phase::Requesting { .. }) => texts::paying(lang),
        (Ok(_), Phase::Ready { .. } | Phase::Failed { .. }) => "",
    }
}

fn set_quantity(request: &mut CartRequest, id: &str, quantity: u32) {
    match request.items.iter_mut().find(|item| item.id == id) {
        Some(item) => item.quantity = quantity,
        None => request.items.push(crate::domain::cart::ItemRequest { id: id.to_owned(), quantity }),
    }
}

fn slot(customer: &mut CustomerRequest, field: CustomerField) -> &mut String {
    match field {
        CustomerField::Name => &mut customer.name,
        CustomerField::Email => &mut customer.email,
        CustomerField::Phone => &mut customer.phone,
    }
}

/// What the shopper has typed and ticked while the program was on its way, over what the server had sent.
fn changed_before_now(mut cart: CartRequest, mut customer: CustomerRequest) -> (CartRequest, CustomerRequest) {
    if !is_browser() {
        return (cart, customer);
    }
    let input = |id: &str| document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok());
    for field in [CustomerField::Name, CustomerField::Email, CustomerField::Phone] {
        if let Some(input) = input(FieldKind::of(field).id()) {
            *slot(&mut customer, field) = input.value();
        }
    }
    if let Some(coupon) = input(COUPON_ID) {
        cart.coupon = coupon.checked().then(|| WELCOME.code.to_owned());
    }
    (cart, customer)
}

fn focus(field: CustomerField) {
    let element = document().get_element_by_id(FieldKind::of(field).id());
    if let Some(input) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for an element that cannot be focused, and an input can.
        let _ = input.focus();
    }
}
