//! What goes into a store and comes out of it.

use crate::gateway::Fingerprint;
use crate::order::{Account, Effect, Event, Illegal, Lane, State, Terms};
use std::fmt;
use toss_payments::Money;
use toss_types::{OrderId, PaymentKey};

/// Whose order it is: a digest of what the shop knows a browser by, so that the database does not hold what a cookie needs.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Owner(pub String);

impl Owner {
    /// Who is known by this digest.
    #[must_use]
    pub fn new(digest: impl Into<String>) -> Owner {
        Owner(digest.into())
    }
}

/// An order as it is placed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewOrder {
    /// Fresh and unguessable.
    pub id: OrderId,
    /// Who may see it.
    pub owner: Owner,
    /// What Toss and the receipt call it.
    pub name: String,
    /// What is charged.
    pub total: Money,
    /// What the shop wants to know of it again, in a form of its own: cart, contact data, language, …
    pub details: String,
    /// When, in ms since 1970 UTC.
    pub placed_at_ms: i64,
    /// Until when a payment may come back, in ms since 1970 UTC.
    pub expires_at_ms: i64,
}

/// What became of an order that was to be placed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Placement {
    /// It is stored and payable.
    Placed {
        /// Orders of the same owner that cannot be paid any more.
        replaced: Vec<OrderId>,
    },
    /// It is not: this order of the same owner may have been paid, and until that is known another one could be paid twice.
    Undecided(OrderId),
}

/// An order as it stands.
#[derive(Clone, Debug)]
pub struct OrderRecord {
    /// As it was placed.
    pub order: NewOrder,
    /// Where it stands.
    pub state: State,
    /// The latest body that Toss sent about it, as received.
    pub toss_answer: Option<String>,
    /// How many events it has had.
    pub version: i64,
    /// How many payments it has claimed.
    pub attempts: u32,
    /// How often it was looked at in vain since the last event.
    pub looks: u32,
    /// When it was last looked at in vain, in ms since 1970 UTC.
    pub looked_at_ms: Option<i64>,
}

impl OrderRecord {
    /// What holds for it besides its state.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms { expires_at_ms: self.order.expires_at_ms, attempts: self.attempts }
    }

    /// Since when it waits for what it waits for, in ms since 1970 UTC.
    #[must_use]
    pub fn waits_since_ms(&self) -> i64 {
        self.state.attempt().map_or(self.order.placed_at_ms, |attempt| attempt.claimed_at_ms)
    }
}

/// One row of an order's history.
#[derive(Clone, Debug)]
pub struct EventRecord {
    /// 1, 2, 3, …
    pub seq: i64,
    /// When, in ms since 1970 UTC.
    pub at_ms: i64,
    /// What.
    pub event: Event,
    /// The body that Toss sent with it, as received.
    pub toss_answer: Option<String>,
}

/// What is written together with an event.
#[derive(Clone, Debug)]
pub struct Note {
    /// When, in ms since 1970 UTC.
    pub at_ms: i64,
    /// The body that Toss sent, as received.
    pub toss_answer: Option<String>,
}

/// An event that was applied.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The order after it.
    pub record: OrderRecord,
    /// What is to be done now.
    pub effect: Option<Effect>,
}

/// Why an event was not applied. Nothing has been written then.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// No such order.
    #[error("no such order")]
    NoSuchOrder,
    /// The event cannot happen in the state that the order is in by now.
    #[error("{illegal:?}")]
    Illegal {
        /// Why.
        illegal: Illegal,
        /// The order as it stands.
        record: Box<OrderRecord>,
    },
    /// The payment was claimed by another order before.
    #[error("the payment belongs to another order")]
    PaymentTaken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How much waits in a lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LaneLoad {
    /// Which.
    pub lane: Lane,
    /// How many orders.
    pub orders: u64,
    /// Since when the oldest of them waits, in ms since 1970 UTC.
    pub oldest_since_ms: Option<i64>,
}

/// What a store knows of the accounts whose payments it holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keys {
    /// Accounts, and the word of the mode of each.
    pub accounts: Vec<(Account, String)>,
    /// Which account a key belongs to.
    pub keys: Vec<(Fingerprint, Account)>,
    /// How many orders are undecided or wait for a deposit, by the account that their attempts remember.
    pub open_ends: Vec<(Option<Account>, u64)>,
}

/// A payment that whoever can look it up has a key for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// Of which order.
    pub order_id: OrderId,
    /// Which payment.
    pub payment_key: PaymentKey,
    /// Whose.
    pub account: Option<Account>,
}

impl Keys {
    /// The account of that key, where it has one.
    #[must_use]
    pub fn account_of(&self, key: &Fingerprint) -> Option<&Account> {
        self.keys.iter().find(|(known, _)| known == key).map(|(_, account)| account)
    }
}

/// The database failed. The cause is for the log, never for a shopper.
#[derive(Debug)]
pub struct StoreError {
    doing: &'static str,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    /// A failure while `doing` something.
    pub fn new(doing: &'static str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
        StoreError { doing, cause: cause.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed while {}: {}", self.doing, self.cause)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.cause.as_ref())
    }
}
