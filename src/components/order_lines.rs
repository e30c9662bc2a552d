//! The goods and how many of each.

use crate::domain::cart::{CartRequest, MAX_QUANTITY};
use crate::domain::catalog::CATALOG;
use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;

/// One row per product of the shop; the shopper takes more or less of each.
#[component]
pub fn OrderLines(
    lang: Lang,
    #[prop(into)] cart: Signal<CartRequest>,
    #[prop(into)] disabled: Signal<bool>,
    on_change: Callback<(&'static str, u32)>,
) -> impl IntoView {
    let rows = CATALOG.iter().map(|product| {
        let name = product.name(lang);
        let quantity = move || cart.read().items.iter().find(|item| item.id == product.id).map_or(0, |item| item.quantity);
        let full = move || quantity() == MAX_QUANTITY;
        view! {
            <li class="line" class:line-none=move || quantity() == 0>
                <span class="line-name">{name}</span>
                <span class="line-price">{texts::won(lang, product.price)}</span>
                <span class="stepper" role="group" aria-label=format!("{name} {}", texts::quantity(lang))>
                    <button
                        type="button"
                        aria-label=format!("{name} {}", texts::one_less(lang))
                        disabled=move || disabled.get() || quantity() == 0
                        on:click=move |_| on_change.run((product.id, quantity().saturating_sub(1)))
                    >
                        "−"
                    </button>
                    <output>{quantity}</output>
                    <button
                        type="button"
                        aria-label=format!("{name} {}", texts::one_more(lang))
                        disabled=move || disabled.get() || full()
                        on:click=move |_| on_change.run((product.id, quantity() + 1))
                    >
                        "+"
                    </button>
                </span>
            </li>
        }
    });
    view! { <ul class="lines">{rows.collect_view()}</ul> }
}
