//! The goods and how many of each.

use crate::domain::cart::MAX_QUANTITY;
use crate::domain::catalog::CATALOG;
use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;

/// One row per product of the shop; the shopper takes more or less of each.
#[component]
pub fn OrderLines<Q, D, C>(lang: Lang, quantity: Q, disabled: D, on_change: C) -> impl IntoView
where
    Q: Fn(&str) -> u32 + Copy + Send + 'static,
    D: Fn() -> bool + Copy + Send + 'static,
    C: Fn(&str, u32) + Copy + 'static,
{
    let rows = CATALOG.each_ref().map(|product| {
        let name = product.name(lang);
        let label = |what: &str| [name, " ", what].concat();
        let quantity = move || quantity(product.id);
        view! {
            <li class="line" class:line-none=move || quantity() == 0>
                <span class="line-name">{name}</span>
                <span class="line-price" translate="no">{texts::won(lang, product.price)}</span>
                <span class="stepper" role="group" aria-label=label(texts::quantity(lang))>
                    <button
                        type="button"
                        aria-label=label(texts::one_less(lang))
                        disabled=move || disabled() || quantity() == 0
                        on:click=move |_| on_change(product.id, quantity().saturating_sub(1))
                    >
                        "−"
                    </button>
                    <output translate="no">{quantity}</output>
                    <button
                        type="button"
                        aria-label=label(texts::one_more(lang))
                        disabled=move || disabled() || quantity() == MAX_QUANTITY
                        on:click=move |_| on_change(product.id, quantity() + 1)
                    >
                        "+"
                    </button>
                </span>
            </li>
        }
    });
    view! { <ul class="lines">{rows}</ul> }
}
