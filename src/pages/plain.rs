//! Pages that say one thing and lead back.

use crate::components::card::{ButtonLink, Card};
use crate::domain::lang::Lang;
use crate::domain::{routes, texts};
use leptos::prelude::*;

/// A title, perhaps a sentence, and the way back to the checkout.
#[component]
pub fn PlainPage(lang: Lang, title: &'static str, text: Option<&'static str>) -> impl IntoView {
    view! {
        <Card title>
            {text.map(|text| view! { <p>{text}</p> })}
            <ButtonLink href=routes::CHECKOUT>{texts::back_to_checkout(lang)}</ButtonLink>
        </Card>
    }
}
