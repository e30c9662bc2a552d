//! Whose an order is while Toss is called for it.

use crate::order::{Effect, Progress, State};
use crate::store::OrderRecord;

/// Whose the time until the next look is, after an event.
pub(super) enum Lease {
    /// This server's, which calls Toss now.
    Taken,
    /// Whose it was: his call goes on.
    Kept,
    /// Nobody's: it is a pause.
    None,
}

impl Lease {
    pub(super) fn of(effect: Option<Effect>, after: &OrderRecord) -> Lease {
        match effect {
            Some(Effect::Confirm | Effect::Refund) => Lease::Taken,
            Some(Effect::LookUp) | None if matches!(after.state, State::Confirming { .. }) => Lease::Kept,
            Some(Effect::LookUp) | None => match after.refunds.under_way().map(|refund| &refund.progress) {
                Some(Progress::Asked) => Lease::Kept,
                Some(Progress::InDoubt { .. } | Progress::Pending | Progress::Done { .. } | Progress::Refused(_)) | None => Lease::None,
            },
        }
    }

    pub(super) fn word(&self) -> &'static str {
        match self {
            Lease::Taken => "taken",
            Lease::Kept => "kept",
            Lease::None => "none",
        }
    }
}
