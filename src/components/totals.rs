//! What it costs.

use crate::domain::cart::Price;
use crate::domain::lang::Lang;
use crate::domain::money::Won;
use crate::domain::texts;
use leptos::prelude::*;

/// Subtotal, discount and total. `shown` is the total as it counts to its new value; who listens hears only the new one.
#[component]
pub fn Totals(lang: Lang, #[prop(into)] price: Signal<Price>, #[prop(into)] shown: Signal<Won>) -> impl IntoView {
    let discount = move || match price.get().discount {
        Won::ZERO => Won::ZERO.text(lang),
        discount => format!("−{}", discount.text(lang)),
    };
    view! {
        <dl class="totals">
            <div>
                <dt>{texts::subtotal(lang)}</dt>
                <dd>{move || price.get().subtotal.text(lang)}</dd>
            </div>
            <div>
                <dt>{texts::discount(lang)}</dt>
                <dd>{discount}</dd>
            </div>
            <div class="total">
                <dt>{texts::total(lang)}</dt>
                <dd>
                    <span aria-hidden="true">{move || shown.get().text(lang)}</span>
                    <span class="visually-hidden" role="status" data-testid="total">{move || price.get().total.text(lang)}</span>
                </dd>
            </div>
        </dl>
    }
}
