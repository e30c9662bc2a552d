//! `/fail`: what happened, in words a shopper understands, and the way back to a cart that is still there.

use crate::components::card::{ButtonLink, Card};
use crate::components::facts::Fact;
use crate::components::reason::{Reason, next_step};
use crate::domain::failure::{self, ShopCode};
use crate::domain::lang::Lang;
use crate::domain::{routes, texts};
use crate::view::fail::FailView;
use leptos::prelude::*;

/// What the page is called.
#[must_use]
pub fn title(code: &str, lang: Lang) -> &'static str {
    failure::told(code, lang).map_or(texts::failed_title(lang), |(title, _)| title)
}

/// The page.
#[component]
pub fn FailPage(fail: FailView) -> impl IntoView {
    let lang = fail.lang;
    let cancelled = fail.code == failure::CANCELLED;
    // The shop's own words say more than that nothing was charged.
    let own = ShopCode::from_code(&fail.code).map(|code| code.message(lang));
    let step = next_step(lang, &fail.code);
    view! {
        <Card title=title(&fail.code, lang) alert=!cancelled>
            {own.map(|text| view! { <p>{text}</p> })}
            <p>{texts::failed_text(lang)}</p>
            {fail.order_id.map(|id| view! {
                <dl class="facts"><Fact label=texts::order_number(lang) value=id.to_string() code=true/></dl>
            })}
            <ButtonLink href=routes::CHECKOUT>{step}</ButtonLink>
            <Reason lang code=fail.code message=if own.is_some() { String::new() } else { fail.message }/>
        </Card>
    }
}
