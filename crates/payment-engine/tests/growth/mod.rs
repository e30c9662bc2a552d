//! Large stores that nobody has waited for: a few orders are played through the real store, and what it has written of them is copied as often as
//! is wanted, with other names and other times. So states, events and columns are what the store itself writes, in whatever version.

#[cfg(feature = "postgres")]
pub mod postgres;
pub mod sqlite;
pub mod stamp;
pub mod stories;

use payment_engine::{NewOrder, Owner};
use stamp::{Stamp, name};
use stories::Story;
use toss_types::{OrderId, PaymentKey};

/// How far two orders that follow each other lie apart, in ms: a million in a year.
const PACE_MS: i64 = 31_000;
/// How many of the latest are still under way, whatever else is stored: at most.
const MOST_LIVE: u64 = 200;

/// So many orders, the latest at that time.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    pub orders: u64,
    pub now_ms: i64,
}

impl Growth {
    /// When the order of that number was placed, in ms since 1970 UTC. Those that are over were placed a month before the others, since a
    /// story lasts for days.
    pub fn placed_at_ms(&self, number: u64) -> i64 {
        const MONTH_MS: i64 = 30 * 24 * 60 * 60_000;
        const MINUTES_MS: i64 = 10 * 60_000;
        let age = i64::try_from(self.orders - number).unwrap_or(i64::MAX);
        let (pace_ms, since_ms) = if self.is_live(number) { (1_000, MINUTES_MS) } else { (PACE_MS, MONTH_MS) };
        self.now_ms - since_ms - age * pace_ms
    }

    fn is_live(&self, number: u64) -> bool {
        number >= self.orders - MOST_LIVE.min(self.orders / 20)
    }

    /// Of a thousand orders that are over 780 were paid by card at once, 40 by a deposit, 145 never, 20 were declined, and 15 given back
    /// in whole or in part. Of those under way one in forty is in doubt.
    pub fn story(&self, number: u64) -> Story {
        if self.is_live(number) {
            return match number % 40 {
                0 => Story::InDoubt,
                1..=8 => Story::AwaitingDeposit,
                9..=14 => Story::Declined,
                _ => Story::Open,
            };
        }
        // By no pattern, so that no page of a table holds one kind.
        match stamp::scattered(number, 's') % 1_000 {
            0..=579 => Story::Paid,
            580..=779 => Story::PaidAndHeardOf,
            780..=819 => Story::PaidByDeposit,
            820..=964 => Story::Expired,
            965..=984 => Story::DeclinedAndOver,
            985..=994 => Story::Refunded,
            _ => Story::PartlyRefunded,
        }
    }

    pub fn stamp(&self, number: u64) -> Stamp {
        Stamp { number, placed_at_ms: self.placed_at_ms(number) }
    }
}

/// The order of that number.
pub fn order_id(number: u64) -> OrderId {
    OrderId::parse(&name('o', number, stories::ORDER_ID_LENGTH)).unwrap()
}

/// Its payment, where it has one.
pub fn payment_key(number: u64) -> PaymentKey {
    PaymentKey::parse(&name('k', number, stories::PAYMENT_KEY_LENGTH)).unwrap()
}

/// A new order of that number, as one that is placed at that time (ms since 1970 UTC).
pub fn new_order(number: u64, now_ms: i64) -> NewOrder {
    let (copied, stamp) = (Story::Open.order(), Stamp { number, placed_at_ms: now_ms });
    NewOrder {
        id: order_id(number),
        owner: Owner::new(stamped(copied.owner.as_str(), &stamp)),
        details: stamped(&copied.details, &stamp),
        placed_at_ms: now_ms,
        expires_at_ms: now_ms + copied.expires_at_ms - copied.placed_at_ms,
        ..copied
    }
}

/// What Toss says of its payment, at the length that it has.
pub fn toss_answer(number: u64) -> String {
    stamped(&Story::Paid.toss_answer(), &Stamp { number, placed_at_ms: 0 })
}

fn stamped(text: &str, stamp: &Stamp) -> String {
    let mut written = String::new();
    stamp::Cut::of(text).write(stamp, &mut written);
    written
}
