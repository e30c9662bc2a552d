//! What goes into a store and comes out of it.

use super::error::StoreError;
use crate::gateway::Fingerprint;
use crate::order::{Account, Balance, Effect, Event, Hidden, Illegal, Lane, Refunds, Reserve, State, Terms, presence, standing};
use std::fmt;
use toss_payments::Money;
use toss_types::{OrderId, PaymentKey};

/// Whose order it is: a digest of what the shop knows a browser by, so that the database does not hold what a cookie needs.
/// Printing shows nothing of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Owner(String);

impl Owner {
    /// Who is known by this digest.
    #[must_use]
    pub fn new(digest: impl Into<String>) -> Owner {
        Owner(digest.into())
    }

    /// The digest.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Owner").field(&Hidden).finish()
    }
}

/// An order as it is placed. Printing leaves out whose it is and what was bought.
#[derive(Clone, PartialEq, Eq)]
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
    /// What it takes of things of which there are so many and no more.
    pub reserves: Vec<Reserve>,
    /// When, in ms since 1970 UTC.
    pub placed_at_ms: i64,
    /// Until when a payment may come back, in ms since 1970 UTC.
    pub expires_at_ms: i64,
}

impl fmt::Debug for NewOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewOrder")
            .field("id", &self.id)
            .field("total", &self.total)
            .field("placed_at_ms", &self.placed_at_ms)
            .field("expires_at_ms", &self.expires_at_ms)
            .finish_non_exhaustive()
    }
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
    /// It is not: there is not enough left of these.
    SoldOut(Vec<String>),
    /// It is not: the store has as much to do as it takes on. Asked for again in a moment, it may well be.
    Busy,
}

/// An order as it stands. Printing leaves out whose it is and what was bought.
#[derive(Clone)]
pub struct OrderRecord {
    /// As it was placed.
    pub order: NewOrder,
    /// Where it stands.
    pub state: State,
    /// What was given back of it, or is to be.
    pub refunds: Refunds,
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

    /// What was paid, what was given back of it, and what can be.
    #[must_use]
    pub fn balance(&self) -> Balance {
        Balance::of(&self.state, &self.refunds)
    }

    /// Where it stands, by the word that merchants and operators are told.
    #[must_use]
    pub fn standing(&self) -> &'static str {
        standing(&self.state, &self.refunds)
    }

    /// Since when it waits for what it waits for, in ms since 1970 UTC.
    #[must_use]
    pub fn waits_since_ms(&self) -> i64 {
        let refund = || self.refunds.under_way().map(|refund| refund.asked_at_ms);
        let attempt = || self.state.attempt().map(|attempt| attempt.claimed_at_ms);
        refund().or_else(attempt).unwrap_or(self.order.placed_at_ms)
    }
}

impl fmt::Debug for OrderRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OrderRecord { order, state, refunds, version, attempts, looks, looked_at_ms } = self;
        f.debug_struct("OrderRecord")
            .field("order", order)
            .field("state", state)
            .field("refunds", refunds)
            .field("version", version)
            .field("attempts", attempts)
            .field("looks", looks)
            .field("looked_at_ms", looked_at_ms)
            .finish()
    }
}

/// One row of an order's history. Printing leaves out Toss's body.
#[derive(Clone)]
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

impl fmt::Debug for EventRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EventRecord { seq, at_ms, event, toss_answer } = self;
        let toss_answer = presence(toss_answer.as_ref());
        f.debug_struct("EventRecord")
            .field("seq", seq)
            .field("at_ms", at_ms)
            .field("event", event)
            .field("toss_answer", &toss_answer)
            .finish()
    }
}

/// What is written together with an event. Printing leaves out Toss's body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Note {
    /// When, in ms since 1970 UTC.
    pub at_ms: i64,
    /// The body that Toss sent, as received.
    pub toss_answer: Option<String>,
    /// The ways on which what happens is told ([`Courier`](crate::outbox::Courier)).
    pub channels: Vec<&'static str>,
    /// Only where the order has had so many events and no more; in any case where it is not said.
    pub only_at: Option<i64>,
}

impl Note {
    /// At that time (ms since 1970 UTC), without a word of Toss's, and told to nobody.
    #[must_use]
    pub const fn at(at_ms: i64) -> Note {
        Note { at_ms, toss_answer: None, channels: Vec::new(), only_at: None }
    }

    /// Told on these ways.
    #[must_use]
    pub fn channels(mut self, channels: Vec<&'static str>) -> Note {
        self.channels = channels;
        self
    }

    /// Only where the order has had so many events and no more: else [`Illegal::Overtaken`].
    #[must_use]
    pub fn only_at(mut self, version: i64) -> Note {
        self.only_at = Some(version);
        self
    }

    /// With the body that Toss sent, as received.
    #[must_use]
    pub fn toss_answer(mut self, body: impl Into<String>) -> Note {
        self.toss_answer = Some(body.into());
        self
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note")
            .field("at_ms", &self.at_ms)
            .field("channels", &self.channels)
            .field("toss_answer", &presence(self.toss_answer.as_ref()))
            .finish()
    }
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

/// How much there is of something.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct StockLevel {
    /// Of what.
    pub sku: String,
    /// How much there is in all; no limit where it is `None`.
    pub total: Option<u32>,
    /// How much of it orders hold that are paid or may be.
    pub taken: u32,
}

/// Since when nothing may have happened to orders whose details are forgotten, in ms since 1970 UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Forget {
    /// Of orders that were never paid.
    pub unpaid_before_ms: i64,
    /// Of orders that were; `None` where they are kept.
    pub paid_before_ms: Option<i64>,
    /// Of Toss's bodies.
    pub answers_before_ms: i64,
    /// Of messages that were delivered, and of webhooks that were looked into.
    pub told_before_ms: i64,
}

impl Forget {
    /// Unpaid orders and Toss's bodies since then; paid orders are kept.
    #[must_use]
    pub fn new(unpaid_before_ms: i64, answers_before_ms: i64) -> Forget {
        Forget { unpaid_before_ms, paid_before_ms: None, answers_before_ms, told_before_ms: answers_before_ms }
    }

    /// What was told and heard, since then.
    #[must_use]
    pub fn told(mut self, before_ms: i64) -> Forget {
        self.told_before_ms = before_ms;
        self
    }

    /// Paid orders too, since then.
    #[must_use]
    pub fn paid(mut self, before_ms: i64) -> Forget {
        self.paid_before_ms = Some(before_ms);
        self
    }
}

/// Which orders somebody wants to see: newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct OrderQuery {
    /// Only those in that state, by [`State::word`](crate::order::State::word).
    pub status: Option<String>,
    /// Only those that were placed before that time, in ms since 1970 UTC.
    pub before_ms: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

impl OrderQuery {
    /// The newest, so many at most.
    #[must_use]
    pub fn newest(limit: u32) -> OrderQuery {
        OrderQuery { status: None, before_ms: None, limit }
    }

    /// Only those in that state.
    #[must_use]
    pub fn status(mut self, word: impl Into<String>) -> OrderQuery {
        self.status = Some(word.into());
        self
    }

    /// Only those that were placed before that time (ms since 1970 UTC).
    #[must_use]
    pub fn before(mut self, at_ms: i64) -> OrderQuery {
        self.before_ms = Some(at_ms);
        self
    }
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

/// What waits besides orders, for whoever watches over a shop.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Backlog {
    /// How many webhooks wait to be looked into.
    pub inbound: u64,
    /// How many messages wait to be delivered.
    pub waiting: u64,
    /// Since when the oldest of them waits, in ms since 1970 UTC.
    pub waiting_since_ms: Option<i64>,
    /// How many messages were given up, and wait to be replayed.
    pub dead: u64,
    /// How many findings of the books wait for a person.
    pub findings: u64,
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
