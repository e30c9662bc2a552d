//! Which queue an order waits in to be looked at, and how long. Each lane has places of its own, so that no kind of order
//! holds up another.

use super::refunds::Refunds;
use super::state::{Shown, State};

/// How long nobody else looks at an order that somebody works on, in ms. Longer than the client waits for Toss, so that
/// nobody looks a payment up while its confirm may still be answered.
pub const LEASE_MS: i64 = 90_000;

/// How far apart the clocks of two servers may be, in ms, before what the one that is ahead has written counts, at the other, as of a clock that
/// was set back. It is milliseconds where they go by a database's clock; whoever asked for the time first may come second, too.
pub const CLOCKS_APART_MS: i64 = 1_000;

/// The longest that a call to Toss may take, in ms. A call that never left is made again for a while; the last of them has to be
/// answered within the lease.
pub const LONGEST_CALL_MS: i64 = 60_000;

/// The longest pause between two looks at Toss, in ms.
const LONGEST_PAUSE_MS: i64 = 10 * 60_000;

/// The longest that goods wait after a deposit, in ms.
pub const LONGEST_HOLD_MS: i64 = 24 * 60 * 60_000;

/// The pause between two looks for the transfer that gives a deposit back, in ms: it takes two to nine days.
pub const TRANSFER_LOOK_MS: i64 = 12 * 60 * 60_000;

/// How long after its goods may leave a deposit is looked at once more, in ms: a reversal as late as that is rare.
pub const LAST_LOOK_MS: i64 = 24 * 60 * 60_000;

/// The longest lifetime of an order that the lane of expiry has to wait for, in ms.
const LONGEST_LIFETIME_MS: i64 = 25 * 60 * 60_000;

/// A queue of orders to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Lane {
    /// Toss has shown the payment: a shopper waits, and a look-up will tell.
    Shown,
    /// The confirm was not answered.
    Unheard,
    /// Toss has said that there is no such payment: invented, or hidden until it is charged.
    Missing,
    /// A virtual account waits for its deposit, its goods for the deposit to stay, or its payer for the money that goes back.
    Deposit,
    /// A refund is under way, or nobody knows whether it has happened.
    Refund,
    /// The order can be paid until then.
    Expiry,
}

/// When an order has to be looked at next, and by which lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Look {
    /// Which queue.
    pub lane: Lane,
    /// When, in ms since 1970 UTC.
    pub at_ms: i64,
}

impl Lane {
    /// All of them, those first that a shopper waits for.
    pub const ALL: [Lane; 6] = [Lane::Shown, Lane::Unheard, Lane::Missing, Lane::Deposit, Lane::Refund, Lane::Expiry];

    /// Its word in the store and in metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Lane::Shown => "shown",
            Lane::Unheard => "unheard",
            Lane::Missing => "missing",
            Lane::Deposit => "deposit",
            Lane::Refund => "refund",
            Lane::Expiry => "expiry",
        }
    }

    /// The reverse of [`Lane::word`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Lane> {
        Lane::ALL.into_iter().find(|lane| lane.word() == word)
    }

    /// How many orders are looked at at once.
    #[must_use]
    pub const fn places(self) -> u32 {
        match self {
            Lane::Shown | Lane::Unheard => 12,
            Lane::Missing => 2,
            Lane::Deposit | Lane::Refund => 4,
            Lane::Expiry => 8,
        }
    }

    /// How long after a look in vain comes the next one, in ms; `looks` is how many there were.
    #[must_use]
    pub fn pause_ms(self, looks: u32) -> i64 {
        let doubling = |first: i64, longest: i64| first.checked_shl(looks.min(20)).map_or(longest, |pause| pause.min(longest));
        match self {
            Lane::Shown | Lane::Unheard => doubling(1_000, 60_000),
            Lane::Missing | Lane::Refund => doubling(2_000, LONGEST_PAUSE_MS),
            // Toss asks not to look more often than needed (Toss tech chat).
            Lane::Deposit => LONGEST_PAUSE_MS,
            Lane::Expiry => 60_000,
        }
    }

    /// The furthest that a look of this lane lies ahead, in ms. One that does more comes of a clock that was set back.
    #[must_use]
    pub const fn longest_wait_ms(self) -> i64 {
        match self {
            Lane::Shown | Lane::Unheard => LEASE_MS,
            Lane::Missing | Lane::Refund => LONGEST_PAUSE_MS,
            // Nobody sets goods aside for longer.
            Lane::Deposit => LONGEST_HOLD_MS,
            Lane::Expiry => LONGEST_LIFETIME_MS,
        }
    }

    /// Where an order in that state waits; `None` where nothing is to be waited for.
    #[must_use]
    pub fn of(state: &State, refunds: &Refunds) -> Option<Lane> {
        match state {
            State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } | State::Expired { .. }
                if refunds.under_way().is_some() =>
            {
                Some(Lane::Refund)
            }
            State::Open | State::Declined { .. } => Some(Lane::Expiry),
            // Nothing has been heard so far.
            State::Confirming { .. } => Some(Lane::Unheard),
            State::InDoubt { doubt, .. } => Some(match doubt.shown {
                Shown::Yes => Lane::Shown,
                Shown::Unheard => Lane::Unheard,
                Shown::Missing => Lane::Missing,
            }),
            State::AwaitingDeposit { .. } => Some(Lane::Deposit),
            State::Paid { deposit: Some(deposit), .. } if deposit.is_looked_at() => Some(Lane::Deposit),
            State::Paid { .. } | State::Expired { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_less_and_less_often_but_never_end() {
        let pauses: Vec<i64> = [0, 1, 2, 5, 6, 100, u32::MAX].map(|looks| Lane::Unheard.pause_ms(looks)).into();
        assert_eq!(pauses, [1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
        for lane in Lane::ALL {
            assert!((0..40).all(|looks| (1..=lane.longest_wait_ms()).contains(&lane.pause_ms(looks))), "{lane:?}");
            assert_eq!(Lane::from_word(lane.word()), Some(lane));
            assert!(LEASE_MS <= lane.longest_wait_ms(), "{lane:?}");
        }
    }
}
