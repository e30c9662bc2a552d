//! Why a payment did not go through: Toss's words and code, out of the way of whoever does not want them.

use super::facts::Fact;
use crate::domain::failure::{self, Remedy, ShopCode};
use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;

/// Message and code, folded where the title says what they mean.
#[component]
pub fn Reason(lang: Lang, code: String, message: String) -> impl IntoView {
    let is_told = failure::told(&code, lang).is_some() || ShopCode::from_code(&code).is_some();
    view! {
        <details class="reason" open=!is_told>
            <summary>{texts::what_was_said(lang)}</summary>
            <dl class="facts">
                {(!message.is_empty()).then(|| view! { <Fact label=texts::error_message(lang) value=message.clone()/> })}
                <Fact label=texts::error_code(lang) value=code code=true/>
            </dl>
        </details>
    }
}

/// What the button says that leads back to the order sheet.
#[must_use]
pub fn next_step(lang: Lang, code: &str) -> &'static str {
    match failure::told(code, lang) {
        Some((_, Remedy::AnotherWay)) => texts::pay_another_way(lang),
        Some((_, Remedy::Again)) | None => texts::pay_again(lang),
    }
}
