//! A number that counts to its new value instead of jumping.

use leptos::prelude::*;
use toss_types::Won;

const FRAMES: i64 = 14;

/// Follows `target` within about a quarter of a second; at once where the shopper wants less motion.
#[must_use]
pub fn counted(target: Signal<Won>) -> Signal<Won> {
    let shown = RwSignal::new(target.get_untracked());
    let count = StoredValue::new(0_u32);
    Effect::new(move |running: Option<()>| {
        let to = target.get();
        let from = shown.get_untracked();
        if running.is_none() || from == to || wants_less_motion() {
            shown.set(to);
        } else {
            count.update_value(|count| *count = count.wrapping_add(1));
            tick(Count { shown, count, number: count.get_value(), from, to }, 1);
        }
    });
    shown.into()
}

/// One way from one amount to another; it ends early when the next one begins.
#[derive(Clone, Copy)]
struct Count {
    shown: RwSignal<Won>,
    count: StoredValue<u32>,
    number: u32,
    from: Won,
    to: Won,
}

fn tick(way: Count, frame: i64) {
    request_animation_frame(move || {
        // Another count has begun meanwhile, or the page is gone.
        if way.count.try_get_value() != Some(way.number) {
            return;
        }
        let done = (way.to.get() - way.from.get()) * frame / FRAMES;
        way.shown.set(Won::try_from(way.from.get() + done).unwrap_or(way.to));
        if frame < FRAMES {
            tick(way, frame + 1);
        }
    });
}

fn wants_less_motion() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches())
}
