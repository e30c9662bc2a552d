//! A number that counts to its new value instead of jumping.

use crate::domain::money::Won;
use leptos::prelude::*;

const FRAMES: i64 = 14;

/// Follows `target` within about a quarter of a second; at once where the shopper wants less motion.
#[must_use]
pub fn counted(target: Signal<Won>) -> Signal<Won> {
    let shown = RwSignal::new(target.get_untracked());
    Effect::new(move |running: Option<()>| {
        let to = target.get();
        let from = shown.get_untracked();
        if running.is_none() || from == to || wants_less_motion() {
            shown.set(to);
        } else {
            tick(shown, target, from, to, 1);
        }
    });
    shown.into()
}

fn tick(shown: RwSignal<Won>, target: Signal<Won>, from: Won, to: Won, frame: i64) {
    request_animation_frame(move || {
        // Another count has begun meanwhile, or the page is gone.
        if target.try_get_untracked() != Some(to) {
            return;
        }
        let way = (to.amount() - from.amount()) * frame / FRAMES;
        shown.set(Won::try_from(from.amount() + way).unwrap_or(to));
        if frame < FRAMES {
            tick(shown, target, from, to, frame + 1);
        }
    });
}

fn wants_less_motion() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches())
}
