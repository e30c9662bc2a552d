//! What every page has around it.

use crate::domain::lang::Lang;
use crate::domain::{routes, texts};
use crate::view::notice::Notice;
use crate::view::visitor::Theme;
use leptos::prelude::*;

/// Says that no real money moves, where none does.
#[component]
pub fn Notices(lang: Lang, notice: Notice) -> impl IntoView {
    match notice {
        Notice::None => ().into_any(),
        Notice::TestKeys => view! { <aside class="notice" aria-label=texts::notice(lang)>{texts::test_banner(lang)}</aside> }.into_any(),
        Notice::Sandbox(url) => view! {
            <aside class="notice" aria-label=texts::notice(lang)>{texts::sandbox_banner(lang)} " " <a href=url>{texts::sandbox_link(lang)}</a></aside>
        }
        .into_any(),
    }
}

/// The shop's name and the switches for language and colours: a plain form, so that they need no script.
#[component]
pub fn Header(lang: Lang, theme: Option<Theme>, path: String) -> impl IntoView {
    let choice = move |name: &'static str, value: &'static str, chosen: bool, label: &'static str, tag: Option<&'static str>| {
        view! { <button type="submit" name=name value=value lang=tag aria-pressed=if chosen { "true" } else { "false" }>{label}</button> }
    };
    view! {
        <header class="header">
            <a class="brand" href=routes::CHECKOUT>{texts::shop(lang)}</a>
            <form class="switches" method="post" action=routes::PREFERENCES>
                <input type="hidden" name="back" value=path/>
                <span role="group" aria-label=texts::language(lang)>
                    {choice("lang", "ko", lang == Lang::Ko, "한국어", Some("ko"))}
                    {choice("lang", "en", lang == Lang::En, "English", Some("en"))}
                </span>
                <span role="group" aria-label=texts::theme(lang)>
                    {choice("theme", "light", theme == Some(Theme::Light), texts::theme_light(lang), None)}
                    {choice("theme", "dark", theme == Some(Theme::Dark), texts::theme_dark(lang), None)}
                </span>
            </form>
        </header>
    }
}

/// Whose shop this is.
#[component]
pub fn Footer(lang: Lang) -> impl IntoView {
    view! { <footer class="footer">{texts::shop(lang)}</footer> }
}
