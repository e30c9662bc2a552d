//! What it costs.

use crate::domain::cart::Price;
use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;
use toss_types::Won;

/// Subtotal, discount and total. `shown` is the total as it counts to its new value; who listens hears only the new one.
#[component]
pub fn Totals(lang: Lang, #[prop(into)] price: Signal<Price>, #[prop(into)] shown: Signal<Won>) -> impl IntoView {
    let discount = move || match price.get().discount {
        Won::ZERO => texts::won(lang, Won::ZERO),
        discount => format!("−{}", texts::won(lang, discount)),
    };
    view! {
        <dl class="totals">
            <div>
                <dt>{texts::subtotal(lang)}</dt>
                <dd>{move || texts::won(lang, price.get().subtotal)}</dd>
            </div>
            <div>
                <dt>{texts::discount(lang)}</dt>
                <dd>{discount}</dd>
            </div>
            <div class="total">
                <dt>{texts::total(lang)}</dt>
                <dd>
                    <span aria-hidden="true">{move || texts::won(lang, shown.get())}</span>
                    <span class="visually-hidden" role="status" data-testid="total">{move || texts::won(lang, price.get().total)}</span>
                </dd>
            </div>
        </dl>
    }
}
