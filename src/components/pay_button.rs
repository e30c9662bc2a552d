//! The button.

use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;
use toss_types::Won;

/// Says what it does, with the amount; says why it does nothing, when it does nothing.
#[component]
pub fn PayButton(
    lang: Lang,
    #[prop(into)] total: Signal<Won>,
    #[prop(into)] enabled: Signal<bool>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] hint: Signal<&'static str>,
    #[prop(into)] problem: Signal<Option<String>>,
    on_pay: Callback<()>,
) -> impl IntoView {
    let label = move || if busy.get() { texts::paying(lang).to_owned() } else { texts::pay_button(lang, total.get()) };
    view! {
        <div class="pay">
            <p class="problem" role="alert">{move || problem.get()}</p>
            <button
                type="button"
                class="button pay-button"
                aria-describedby="pay-hint"
                aria-busy=move || if busy.get() { "true" } else { "false" }
                disabled=move || !enabled.get()
                on:click=move |_| on_pay.run(())
            >
                {label}
            </button>
            <p id="pay-hint" class="hint" role="status">{move || hint.get()}</p>
        </div>
    }
}
