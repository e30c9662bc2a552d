//! `/checkout`: the order sheet. All of it that a shopper can change is one island.

use crate::domain::{routes, texts};
use crate::islands::checkout::CheckoutForm;
use crate::view::checkout::CheckoutView;
use crate::view::visitor::CustomerKind;
use crate::wire;
use leptos::prelude::*;

/// The page.
#[component]
pub fn CheckoutPage(view: CheckoutView) -> impl IntoView {
    let lang = view.lang;
    let is_member = view.customer_key.is_some();
    view! {
        <h1>{texts::checkout_title(lang)}</h1>
        <nav class="customer-kind" aria-label=texts::order_as(lang)>
            <KindLink kind=CustomerKind::Member chosen=is_member label=texts::as_member(lang)/>
            <KindLink kind=CustomerKind::Guest chosen=!is_member label=texts::as_guest(lang)/>
        </nav>
        <p class="boot-failed" role="alert">{texts::boot_failed(lang)}</p>
        <noscript><p class="needs-script" role="alert">{texts::needs_javascript(lang)}</p></noscript>
        {wire::hand_over(view)}
        <CheckoutForm/>
    }
}

/// A link, not a switch: Toss's widget is made for one customer, so another one is another page.
#[component]
fn KindLink(kind: CustomerKind, chosen: bool, label: &'static str) -> impl IntoView {
    view! { <a href=format!("{}?as={}", routes::CHECKOUT, kind.code()) aria-current=chosen.then_some("true")>{label}</a> }
}
