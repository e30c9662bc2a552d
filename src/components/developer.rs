//! What a developer wants to see of an order. Never shown in live mode.

use crate::components::facts::Fact;
use crate::domain::lang::Lang;
use crate::domain::texts;
use crate::view::order::DeveloperView;
use leptos::prelude::*;

const DOCS_URL: &str = "https://docs.tosspayments.com/guides/payment-widget/integration";
const SUPPORT_URL: &str = "https://techchat.tosspayments.com";

/// paymentKey, links and Toss's answer as received.
#[component]
pub fn DeveloperPanel(lang: Lang, developer: DeveloperView) -> impl IntoView {
    view! {
        <details class="card developer">
            <summary>{texts::developer_panel(lang)}</summary>
            <dl class="facts">
                {developer.payment_key.map(|key| view! { <Fact label="paymentKey" value=key code=true/> })}
            </dl>
            <p class="links">
                <a href=DOCS_URL rel="noreferrer" target="_blank">{texts::docs(lang)}</a>
                <a href=SUPPORT_URL rel="noreferrer" target="_blank">{texts::support(lang)}</a>
            </p>
            {developer.toss_answer.map(|answer| view! {
                <h2>{texts::toss_answer(lang)}</h2>
                <pre tabindex="0">{answer}</pre>
            })}
        </details>
    }
}
