//! When to try again, as arithmetic: no clock, no dice.

use super::again::Repeat;
use std::time::Duration;

/// The caps of a [`Retry`](crate::Retry).
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pub(super) repeats: u32,
    pub(super) first_pause: Duration,
    pub(super) longest_pause: Duration,
    pub(super) total: Duration,
}

impl Default for Schedule {
    fn default() -> Schedule {
        Schedule {
            repeats: 2,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(8),
            total: Duration::from_secs(90),
        }
    }
}

impl Schedule {
    /// How long to wait after this many attempts; `None` where it is enough. `roll` is a random number of 32 bits.
    pub(super) fn pause(
        &self,
        attempts: u32,
        repeat: Repeat,
        retry_after: Option<Duration>,
        elapsed: Duration,
        roll: u32,
    ) -> Option<Duration> {
        if attempts > self.repeats {
            return None;
        }
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let ceiling = self.first_pause.saturating_mul(doubled).min(self.longest_pause);
        let jitter_ms = ceiling.as_millis() * u128::from(roll) / u128::from(u32::MAX);
        let jitter = Duration::from_millis(u64::try_from(jitter_ms).unwrap_or(u64::MAX));
        let least = match repeat {
            Repeat::Unanswered => retry_after.unwrap_or_default(),
            Repeat::Busy => retry_after.unwrap_or(self.first_pause.min(self.longest_pause)),
        };
        // On top of what was asked for, so that not everybody who was sent away comes back at once.
        let pause = least.saturating_add(jitter);
        (elapsed.saturating_add(pause) <= self.total).then_some(pause)
    }
}
