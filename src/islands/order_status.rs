//! An order of which nobody knows yet whether it is paid: waits for the news and shows the receipt when it is there.

use crate::domain::lang::Lang;
use crate::domain::texts;
use crate::server_fns;
use crate::view::awaited::Awaited;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use toss_types::OrderId;

/// After a question that the server could not answer.
const PAUSE_MS: u32 = 3_000;

/// Says that the payment is being checked, and reloads the page when it has been.
#[island]
pub fn OrderWatch(lang: Lang, id: OrderId, trying_again: bool) -> impl IntoView {
    let known = RwSignal::new(false);
    Effect::new(move || ask(id.clone(), known));
    view! {
        <p class="in-doubt">
            <span class="spinner" aria-hidden="true"></span>
            {if trying_again { texts::trying_again_text(lang) } else { texts::in_doubt_text(lang) }}
        </p>
        <p role="status" class="visually-hidden">{move || if known.get() { texts::in_doubt_over(lang) } else { "" }}</p>
    }
}

fn ask(id: OrderId, known: RwSignal<bool>) {
    spawn_local(async move {
        match server_fns::await_order(id.clone()).await {
            Ok(Awaited::Known) => {
                known.set(true);
                // Fails only where there is no page any more.
                let _ = window().location().reload();
            }
            // The server has waited for as long as it does: the next wait may begin.
            Ok(Awaited::NotYet { ask_again_ms: 0 }) => ask(id, known),
            Ok(Awaited::NotYet { ask_again_ms }) => ask_after(ask_again_ms, id, known),
            Err(_) => ask_after(PAUSE_MS, id, known),
        }
    });
}

fn ask_after(pause_ms: u32, id: OrderId, known: RwSignal<bool>) {
    set_timeout(move || ask(id.clone(), known), Duration::from_millis(pause_ms.into()));
}
