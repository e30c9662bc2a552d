//! A page's one message.

use leptos::prelude::*;

/// A box with a heading. `alert` for what went wrong.
#[component]
pub fn Card(title: &'static str, #[prop(optional)] alert: bool, children: Children) -> impl IntoView {
    view! {
        <section class="card message" class:message-alert=alert>
            <h1>{title}</h1>
            {children()}
        </section>
    }
}

/// The next thing to do, as a link that looks like a button.
#[component]
pub fn ButtonLink(href: &'static str, children: Children) -> impl IntoView {
    view! { <a class="button" href=href>{children()}</a> }
}
