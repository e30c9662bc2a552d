//! What an engine is made of, and what can be set.

use crate::clock::{Clock, SystemClock};
use crate::gateway::Gateway;
use crate::order::HOLD_MS;
use crate::outbox::Courier;
use crate::random::{OsRandom, Random};
use crate::store::Store;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What an engine is made of. All of it comes from outside, so that a simulation can drive it.
///
/// ```
/// use payment_engine::gateway::TossGateway;
/// use payment_engine::store::{Options, Sqlite};
/// use payment_engine::toss_payments::SecretKey;
/// use payment_engine::{Parts, Settings};
/// use std::time::Duration;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Sqlite::open(&Options::at("orders.db")).await?;
/// let toss = TossGateway::new(SecretKey::parse("test_gsk_0123456789abcdef")?, "https://api.tosspayments.com")?;
/// let parts = Parts::new(store, toss).settings(Settings::default().expire_after(Duration::from_secs(600)));
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
pub struct Parts {
    /// Where orders live.
    pub store: Arc<dyn Store>,
    /// The way to Toss.
    pub gateway: Arc<dyn Gateway>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Order numbers and idempotency keys.
    pub random: Arc<dyn Random>,
    /// What can be set.
    pub settings: Settings,
    /// The ways on which merchants and shoppers are told what happens: none, unless there are some.
    pub couriers: Vec<Arc<dyn Courier>>,
}

impl Parts {
    /// This store, this way to Toss; the time and chance of the system, and the usual settings.
    #[must_use]
    pub fn new(store: impl Store, gateway: impl Gateway) -> Parts {
        Parts {
            store: Arc::new(store),
            gateway: Arc::new(gateway),
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            settings: Settings::default(),
            couriers: Vec::new(),
        }
    }

    /// Told on this way too. What happens is written for every courier that is there when it happens.
    #[must_use]
    pub fn courier(mut self, courier: impl Courier) -> Parts {
        self.couriers.push(Arc::new(courier));
        self
    }

    /// With another clock; an [`Arc`] of one where somebody else moves it.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Parts {
        self.clock = Arc::new(clock);
        self
    }

    /// With another source of order numbers and idempotency keys.
    #[must_use]
    pub fn random(mut self, random: impl Random) -> Parts {
        self.random = Arc::new(random);
        self
    }

    /// With these settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Parts {
        self.settings = settings;
        self
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mode, settings) = (self.gateway.mode(), &self.settings);
        f.debug_struct("Parts").field("mode", &mode).field("settings", settings).finish_non_exhaustive()
    }
}

/// What can be set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// How long an order can be paid. [`Settings::LONGEST_LIFETIME`] is the most.
    pub expire_after: Duration,
    /// The operator's word that a new secret key is of the same account, where it cannot prove that by itself.
    pub is_same_account: bool,
    /// How many confirms may run at once: 1 at least, [`Settings::MOST_AT_ONCE`] at most; what lies outside counts as the nearest.
    /// Further ones wait, and above [`Settings::confirms_waiting`] are turned away.
    pub confirms_at_once: usize,
    /// How many returned payments may wait for their turn: [`Settings::MOST_WAITING`] at most.
    pub confirms_waiting: usize,
    /// How long goods should not leave after a deposit: banks take deposits back within about two minutes. A day at most.
    pub hold: Duration,
    /// How long the details of an order that was never paid are kept after it is over.
    pub forget_unpaid_after: Duration,
    /// How long the details of a paid order are kept after the last thing that happened to it; for ever where it is `None`.
    pub forget_paid_after: Option<Duration>,
    /// How long Toss's bodies are kept: the events that they came with stay.
    pub forget_answers_after: Duration,
    /// How often Toss's transactions are compared with the orders by themselves; only on demand where it is `None`.
    pub books_every: Option<Duration>,
}

impl Settings {
    /// The longest that an order may be payable.
    pub const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
    /// The most confirms that may run at once. Each holds a connection to Toss.
    pub const MOST_AT_ONCE: usize = 10_000;
    /// The most returned payments that may wait for their turn. Each holds some kilobytes.
    pub const MOST_WAITING: usize = 1_000_000;

    /// The books are not compared more often than that by themselves.
    pub const LEAST_BETWEEN_BOOKS: Duration = Duration::from_secs(60);

    /// How long an order can be paid.
    #[must_use]
    pub fn expire_after(mut self, lifetime: Duration) -> Settings {
        self.expire_after = lifetime;
        self
    }

    /// The operator's word that a new secret key is of the same account.
    #[must_use]
    pub fn is_same_account(mut self, word: bool) -> Settings {
        self.is_same_account = word;
        self
    }

    /// How many confirms may run at once, and how many returned payments may wait for their turn.
    #[must_use]
    pub fn confirms(mut self, at_once: usize, waiting: usize) -> Settings {
        (self.confirms_at_once, self.confirms_waiting) = (at_once, waiting);
        self
    }

    /// How long goods should not leave after a deposit.
    #[must_use]
    pub fn hold(mut self, hold: Duration) -> Settings {
        self.hold = hold;
        self
    }

    /// How long the details of orders are kept, which say who bought, and Toss's bodies: of orders that were never paid, of those that
    /// were (for ever where it is `None`), and of bodies.
    #[must_use]
    pub fn forget_after(mut self, unpaid: Duration, paid: Option<Duration>, answers: Duration) -> Settings {
        (self.forget_unpaid_after, self.forget_paid_after, self.forget_answers_after) = (unpaid, paid, answers);
        self
    }

    /// How often Toss's transactions are compared with the orders by themselves; only on demand
    /// ([`Engine::run_books`](crate::Engine::run_books)) where it is `None`.
    #[must_use]
    pub fn books_every(mut self, interval: Option<Duration>) -> Settings {
        self.books_every = interval;
        self
    }

    /// As they count. Without a place no payment would ever be confirmed.
    pub(super) fn within_bounds(self) -> Settings {
        Settings {
            expire_after: self.expire_after.min(Settings::LONGEST_LIFETIME),
            confirms_at_once: self.confirms_at_once.clamp(1, Settings::MOST_AT_ONCE),
            confirms_waiting: self.confirms_waiting.min(Settings::MOST_WAITING),
            hold: self.hold.min(Settings::LONGEST_LIFETIME),
            books_every: self.books_every.map(|every| every.max(Settings::LEAST_BETWEEN_BOOKS)),
            ..self
        }
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            expire_after: Duration::from_secs(40 * 60),
            is_same_account: false,
            confirms_at_once: 128,
            confirms_waiting: 1_024,
            hold: Duration::from_millis(HOLD_MS.unsigned_abs()),
            forget_unpaid_after: 7 * DAY,
            forget_paid_after: None,
            forget_answers_after: 400 * DAY,
            books_every: Some(Duration::from_secs(60 * 60)),
        }
    }
}
