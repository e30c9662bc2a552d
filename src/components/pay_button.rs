//! The button.

use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;
use toss_types::Won;

/// Says what it does, with the amount; says why it does nothing, when it does nothing. What a page translator has replaced would not
/// change any more, so that it is told to leave these alone.
#[component]
pub fn PayButton<T, E, B, H, P, O>(lang: Lang, total: T, enabled: E, busy: B, hint: H, problem: P, on_pay: O) -> impl IntoView
where
    T: Fn() -> Won + Send + 'static,
    E: Fn() -> bool + Send + 'static,
    B: Fn() -> bool + Copy + Send + 'static,
    H: Fn() -> &'static str + Send + 'static,
    P: Fn() -> Option<&'static str> + Send + 'static,
    O: Fn() + 'static,
{
    let label = move || if busy() { texts::paying(lang).to_owned() } else { texts::pay_button(lang, total()) };
    view! {
        <div class="pay">
            <p class="problem" role="alert" translate="no">{problem}</p>
            <button
                type="button"
                class="button pay-button"
                translate="no"
                aria-describedby="pay-hint"
                aria-busy=move || if busy() { "true" } else { "false" }
                disabled=move || !enabled()
                on:click=move |_| on_pay()
            >
                {label}
            </button>
            <p id="pay-hint" class="hint" role="status" translate="no">{hint}</p>
        </div>
    }
}
