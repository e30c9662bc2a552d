//! Rows of a receipt.

use leptos::prelude::*;

/// A label and its value; `code` for what is copied rather than read, `strong` for the one that matters.
#[component]
pub fn Fact(label: &'static str, value: String, #[prop(optional)] code: bool, #[prop(optional)] strong: bool) -> impl IntoView {
    view! {
        <div class="fact" class:fact-strong=strong>
            <dt>{label}</dt>
            <dd class:code=code>{value}</dd>
        </div>
    }
}
