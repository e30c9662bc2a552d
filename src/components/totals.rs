//! What it costs.

use crate::domain::cart::Price;
use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;
use toss_types::Won;

/// Subtotal, discount and total. Out of a page translator's hands, which puts texts of its own where these would change. `shown` is the total as it counts to its new value; who listens hears only the new one.
#[component]
pub fn Totals<P, S>(lang: Lang, price: P, shown: S) -> impl IntoView
where
    P: Fn() -> Price + Copy + Send + 'static,
    S: Fn() -> Won + Copy + Send + 'static,
{
    let discount = move || match price().discount {
        Won::ZERO => texts::won(lang, Won::ZERO),
        discount => String::from("−") + &texts::won(lang, discount),
    };
    view! {
        <dl class="totals">
            <div>
                <dt>{texts::subtotal(lang)}</dt>
                <dd translate="no">{move || texts::won(lang, price().subtotal)}</dd>
            </div>
            <div>
                <dt>{texts::discount(lang)}</dt>
                <dd translate="no">{discount}</dd>
            </div>
            <div class="total">
                <dt>{texts::total(lang)}</dt>
                <dd translate="no">
                    <span aria-hidden="true">{move || texts::won(lang, shown())}</span>
                    <span class="visually-hidden" role="status" data-testid="total">{move || texts::won(lang, price().total)}</span>
                </dd>
            </div>
        </dl>
    }
}
