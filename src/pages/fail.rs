//! `/fail`: what happened, in words a shopper understands, and the way back to a cart that is still there.

use crate::components::card::{ButtonLink, Card};
use crate::components::facts::Fact;
use crate::domain::failure;
use crate::domain::{routes, texts};
use crate::view::fail::FailView;
use leptos::prelude::*;

/// The page.
#[component]
pub fn FailPage(fail: FailView) -> impl IntoView {
    let lang = fail.lang;
    let cancelled = fail.code == failure::CANCELLED;
    let title = if cancelled { texts::cancelled_title(lang) } else { texts::failed_title(lang) };
    view! {
        <Card title alert=!cancelled>
            <p>{failure::advice(&fail.code, lang).unwrap_or(texts::failed_text(lang))}</p>
            <dl class="facts">
                <Fact label=texts::error_message(lang) value=fail.message/>
                <Fact label=texts::error_code(lang) value=fail.code code=true/>
                {fail.order_id.map(|id| view! { <Fact label=texts::order_number(lang) value=id.to_string() code=true/> })}
            </dl>
            <ButtonLink href=routes::CHECKOUT>{texts::back_to_checkout(lang)}</ButtonLink>
        </Card>
    }
}
