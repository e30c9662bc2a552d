//! An order of which news may come: waits for it and shows the page anew when it is there.

use crate::domain::texts;
use crate::view::awaited::Awaited;
use crate::view::watch::{CountdownView, WatchView};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use toss_types::OrderId;

/// After a question that the server could not answer.
const PAUSE_MS: u32 = 3_000;

/// Waits for more events of the order than the page shows, or for its payment to be known, and reloads the page then.
#[island]
pub fn OrderWatch() -> impl IntoView {
    let WatchView { lang, id, seen } = wire::given();
    let known = RwSignal::new(false);
    Effect::new(move || ask(id.clone(), seen, known));
    view! { <p role="status" class="visually-hidden">{move || if known.get() { texts::in_doubt_over(lang) } else { "" }}</p> }
}

fn ask(id: OrderId, seen: Option<i64>, known: RwSignal<bool>) {
    spawn_local(async move {
        match wire::await_order(id.clone(), seen).await {
            Ok(Awaited::Known) => {
                known.set(true);
                reload();
            }
            // The server has waited for as long as it does: the next wait may begin.
            Ok(Awaited::NotYet { ask_again_ms: 0 }) => ask(id, seen, known),
            Ok(Awaited::NotYet { ask_again_ms }) => ask_after(ask_again_ms, id, seen, known),
            Err(_) => ask_after(PAUSE_MS, id, seen, known),
        }
    });
}

fn ask_after(pause_ms: u32, id: OrderId, seen: Option<i64>, known: RwSignal<bool>) {
    set_timeout(move || ask(id.clone(), seen, known), Duration::from_millis(pause_ms.into()));
}

fn reload() {
    // Fails only where there is no page any more.
    let _ = window().location().reload();
}

/// How long there is, second by second. The page is shown anew when it is over.
#[island]
pub fn Countdown() -> impl IntoView {
    let CountdownView { lang, left_ms } = wire::given();
    let left_s = RwSignal::new(seconds(left_ms));
    Effect::new(move || {
        let start = elapsed_ms();
        let ticks = set_interval_with_handle(
            move || {
                let left_ms = left_ms.saturating_sub(elapsed_ms() - start);
                left_s.set(seconds(left_ms));
                if left_ms <= 0 {
                    reload();
                }
            },
            Duration::from_secs(1),
        );
        // An `Err` says that there is no window, and nothing to count for.
        if let Ok(ticks) = ticks {
            on_cleanup(move || ticks.clear());
        }
    });
    view! { <span>{move || texts::duration(lang, left_s.get())}</span> }
}

fn seconds(ms: i64) -> u32 {
    u32::try_from(ms / 1_000).unwrap_or(0)
}

/// Goes on while the device sleeps, unlike a count of ticks.
fn elapsed_ms() -> i64 {
    window().performance().map_or(0, |clock| clock.now() as i64)
}
