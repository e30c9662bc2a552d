//! The total counts to its new value instead of jumping.

use super::sheet::{Count, Sheet};
use leptos::prelude::*;
use toss_types::Won;

const FRAMES: i64 = 14;

/// Lets what is shown follow the total within about a quarter of a second; at once where the shopper wants less motion.
pub fn count_to_total(sheet: RwSignal<Sheet>) {
    Effect::new(move || {
        let (total, Count { shown, aim, number }) = sheet.with(|sheet| (sheet.price().total, sheet.count));
        if total == aim {
            return;
        }
        let is_at_once = shown == total || wants_less_motion();
        let number = number.wrapping_add(1);
        let begun = Count { shown: if is_at_once { total } else { shown }, aim: total, number };
        sheet.update(|sheet| sheet.count = begun);
        if !is_at_once {
            tick(sheet, number, shown, 1);
        }
    });
}

fn tick(sheet: RwSignal<Sheet>, number: u32, from: Won, frame: i64) {
    request_animation_frame(move || {
        // Another count has begun meanwhile, or the page is gone.
        let Some(Count { aim, .. }) = sheet.try_with_untracked(|sheet| sheet.count).filter(|count| count.number == number) else { return };
        let done = (aim.get() - from.get()) * frame / FRAMES;
        sheet.update(|sheet| sheet.count.shown = Won::try_from(from.get() + done).unwrap_or(aim));
        if frame < FRAMES {
            tick(sheet, number, from, frame + 1);
        }
    });
}

fn wants_less_motion() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches())
}
