//! An order of which nobody knows yet whether it is paid: waits for the news and shows the receipt when it is there.

use crate::api;
use crate::domain::lang::Lang;
use crate::domain::order::OrderId;
use crate::domain::texts;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// After a question that the server could not answer.
const PAUSE: Duration = Duration::from_secs(3);

/// Says that the payment is being checked, and reloads the page when it has been.
#[island]
pub fn OrderWatch(lang: Lang, id: OrderId) -> impl IntoView {
    let known = RwSignal::new(false);
    Effect::new(move || ask(id.clone(), known));
    view! {
        <p class="in-doubt">
            <span class="spinner" aria-hidden="true"></span>
            {texts::in_doubt_text(lang)}
        </p>
        <p role="status" class="visually-hidden">{move || if known.get() { texts::in_doubt_over(lang) } else { "" }}</p>
    }
}

fn ask(id: OrderId, known: RwSignal<bool>) {
    spawn_local(async move {
        match api::await_order(id.clone()).await {
            Ok(true) => {
                known.set(true);
                // Fails only where there is no page any more.
                let _ = window().location().reload();
            }
            Ok(false) => ask(id, known),
            Err(_) => set_timeout(move || ask(id.clone(), known), PAUSE),
        }
    });
}
