//! Where orders live. The trait is the contract, `tests/store_contract` proves it for each database, and the files beside this one
//! hold the only SQL.

pub(crate) mod books;
pub(crate) mod error;
#[cfg(any(feature = "postgres", feature = "sqlite", feature = "sqlite-unbundled"))]
mod form;
mod inbound;
mod message;
#[cfg(feature = "postgres")]
mod postgres;
pub(crate) mod record;
#[cfg(any(feature = "sqlite", feature = "sqlite-unbundled"))]
mod sqlite;

pub use books::{Books, BooksLease, BooksTaken, Closing, Finding, FindingKind, FindingQuery, Kept, Listed, PayOut, SettlementRecord, Span};
pub use error::Busy;
pub use inbound::Inbound;
pub use record::{Applied, ApplyError, Backlog, Forget, Keys, Note, OrderQuery, Placement, Proof, StockLevel};
// Those that shops meet too stand at the root, and messages beside who delivers them.
pub(crate) use error::StoreError;
pub use message::Message;
#[cfg(feature = "postgres")]
pub use postgres::{BadPostgresUrl, Postgres, PostgresOptions};
pub(crate) use record::{EventRecord, LaneLoad, NewOrder, OrderRecord, Owner};
#[cfg(any(feature = "sqlite", feature = "sqlite-unbundled"))]
pub use sqlite::{BackUpError, BackedUp, Options, Sqlite};

use crate::gateway::{Fingerprint, Mode};
use crate::order::{Account, Event, Lane};
use async_trait::async_trait;
use toss_types::{OrderId, PaymentKey};

/// How the description of a migration begins beside whose tables an engine that does not know it may work: it adds what may be left out,
/// and takes nothing away that anybody needs.
#[cfg(any(feature = "postgres", feature = "sqlite", feature = "sqlite-unbundled"))]
const EXPAND: &str = "expand: ";

/// A durable store of orders, shared by any number of tasks.
///
/// Each method is one transaction: when it returns `Ok` all of it is on disk, when it returns `Err` none of it is, and the
/// store can be used as before. Calls for one order take effect one after another, in some order.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Adds an order in [`crate::order::State::Open`], and takes what it reserves, unless there is not enough of it or an order of the
    /// same owner is undecided. Orders of the same owner
    /// that could still be paid are replaced by it: they expire, and their ids come with the answer. The note says who is told of that.
    /// A store may refuse where too many orders wait to be placed (a [`StoreError`] that [`Busy`] has caused); it refuses nothing else for that.
    ///
    /// # Errors
    /// When the id is taken, or the database fails.
    async fn place(&self, order: &NewOrder, note: &Note) -> Result<Placement, StoreError>;

    /// The order of that id.
    ///
    /// # Errors
    /// When the database fails.
    async fn order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError>;

    /// How many events those orders have had, in no order; of those that are there.
    ///
    /// # Errors
    /// When the database fails.
    async fn versions(&self, ids: &[OrderId]) -> Result<Vec<(OrderId, i64)>, StoreError>;

    /// What Toss answered last about that order, as it came but for accounts and secrets; `None` where nothing is kept.
    ///
    /// # Errors
    /// When the database fails.
    async fn toss_answer(&self, id: &OrderId) -> Result<Option<String>, StoreError>;

    /// The order of that owner of which nobody knows whether it is paid.
    ///
    /// # Errors
    /// When the database fails.
    async fn undecided_of(&self, owner: &Owner) -> Result<Option<OrderId>, StoreError>;

    /// Runs [`crate::order::step`] on the order as it stands, and writes event, row, next look, for a payment that came
    /// back, its claim; gives back what the order reserved or takes it anew, as [`crate::order::holds_stock`] says
    /// ([`Illegal::SoldOut`](crate::order::Illegal::SoldOut) where there is not enough of it any more); and writes for each of [`crate::order::notices`] a message per channel of the note. Answers the order after it and
    /// what is to be done now.
    ///
    /// # Errors
    /// [`ApplyError`]; nothing has been written then.
    async fn apply(&self, id: &OrderId, event: &Event, note: &Note) -> Result<Applied, ApplyError>;

    /// Takes up to `limit` orders of a lane that are due and moves their looks to `lease_until_ms`, so that no other server
    /// takes them meanwhile. Those that are longest overdue come first. A look further ahead than the lane ever sets comes of a
    /// clock that was set back, and is due. A row that cannot be read is logged and left out, so that it holds up nobody else's.
    ///
    /// # Errors
    /// When the database fails.
    async fn take_due(&self, lane: Lane, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<OrderRecord>, StoreError>;

    /// Sets the next look at an order, after one in vain at `now_ms`; does nothing to an order that has had an event since
    /// `record` was read, or is not to be looked at.
    ///
    /// # Errors
    /// When the database fails.
    async fn look_later(&self, record: &OrderRecord, now_ms: i64, at_ms: i64) -> Result<(), StoreError>;

    /// Makes due what was under way when the last server ended: its leases are nobody's. Answers how many there were. Called by
    /// [`Engine::start`](crate::Engine::start). Whose server lives ([`Store::keep_alive`]) keeps his.
    ///
    /// # Errors
    /// When the database fails.
    async fn recover(&self, now_ms: i64) -> Result<u64, StoreError>;

    /// Says that the server that uses this store lives until that time (ms since 1970 UTC), and makes due at once what a server that
    /// does not any more has left: its leases are nobody's. Answers how many there were. [`Store::close`] takes it back.
    ///
    /// A store that one server has alone needs none of this, and does not do it unless it says so.
    ///
    /// # Errors
    /// When the database fails.
    async fn keep_alive(&self, now_ms: i64, until_ms: i64) -> Result<u64, StoreError> {
        let _ = (now_ms, until_ms);
        Ok(0)
    }

    /// How many orders wait in each lane, and since when the oldest does.
    ///
    /// # Errors
    /// When the database fails.
    async fn load(&self) -> Result<Vec<LaneLoad>, StoreError>;

    /// What waits besides orders.
    ///
    /// # Errors
    /// When the database fails.
    async fn backlog(&self) -> Result<Backlog, StoreError>;

    /// The history of an order, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    async fn events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError>;

    /// The order that has claimed that payment.
    ///
    /// # Errors
    /// When the database fails.
    async fn claimed_by(&self, payment_key: &PaymentKey) -> Result<Option<OrderId>, StoreError>;

    /// Orders, newest first.
    ///
    /// # Errors
    /// When the database fails.
    async fn orders(&self, query: &OrderQuery) -> Result<Vec<OrderRecord>, StoreError>;

    /// Says how much there is of something; without a limit where `total` is `None`. What is taken stays taken.
    ///
    /// # Errors
    /// When the database fails.
    async fn set_stock(&self, sku: &str, total: Option<u32>) -> Result<(), StoreError>;

    /// How much there is of everything that has been limited or reserved.
    ///
    /// # Errors
    /// When the database fails.
    async fn stock(&self) -> Result<Vec<StockLevel>, StoreError>;

    /// Forgets who bought, and Toss's bodies, of up to `limit` orders that nothing has happened to since those times: `details` becomes
    /// empty, and accounts that money was to come to lose number and holder. Events stay, without bodies. Messages and webhooks that are
    /// over go. Answers how much there was.
    ///
    /// # Errors
    /// When the database fails.
    async fn forget(&self, before: &Forget, now_ms: i64, limit: u32) -> Result<u64, StoreError>;

    /// Moves the histories of up to `limit` orders out of the way of those that are paid for just now: of orders that nothing waits for, and
    /// that nothing has happened to since `before_ms` (ms since 1970 UTC). They are read as before. Answers how many there were.
    ///
    /// A store whose size costs it nothing needs none of this, and does not do it unless it says so.
    ///
    /// # Errors
    /// When the database fails.
    async fn archive(&self, before_ms: i64, now_ms: i64, limit: u32) -> Result<u64, StoreError> {
        let _ = (before_ms, now_ms, limit);
        Ok(0)
    }

    /// Keeps a webhook until it has been looked into. It is due at once; but where its payment was looked into because of another one
    /// less than `pause_ms` ago, only that long after it. Payments that no order has claimed count as one per order. What is vouched for is
    /// kept beside any number of others. `false` where it came before, or [`Inbound::MOST_WAITING`] of its payment wait, so that one more
    /// says nothing new.
    ///
    /// # Errors
    /// When the database fails; nothing has been written then.
    async fn keep_inbound(&self, inbound: &Inbound, pause_ms: i64) -> Result<bool, StoreError>;

    /// Takes up to `limit` webhooks that are due, of different payments, of which nobody looks one up just now, and leaves them to
    /// whoever has taken them until `lease_until_ms`. One that is due later than any lease comes of a clock that was set back, and is due.
    ///
    /// # Errors
    /// When the database fails.
    async fn take_inbound(&self, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<Inbound>, StoreError>;

    /// A look-up that began at `began_ms` has answered all that had come of that payment before. What has come since is due `pause_ms`
    /// after it. `came_of_it` is for operators.
    ///
    /// # Errors
    /// When the database fails.
    async fn inbound_done(
        &self,
        payment_key: &PaymentKey,
        began_ms: i64,
        now_ms: i64,
        pause_ms: i64,
        came_of_it: &str,
    ) -> Result<(), StoreError>;

    /// A look-up was in vain: what waits of that payment is due again at `at_ms`.
    ///
    /// # Errors
    /// When the database fails.
    async fn inbound_later(&self, payment_key: &PaymentKey, at_ms: i64) -> Result<(), StoreError>;

    /// Takes up to `limit` messages of a channel that are due, of each order the oldest that has not been delivered, and leaves them to
    /// whoever has taken them until `lease_until_ms`. One that is due later than any pause comes of a clock that was set back, and is due. A
    /// row that cannot be read is logged and left out, so that it holds up nobody else's.
    ///
    /// # Errors
    /// When the database fails.
    async fn take_messages(&self, channel: &str, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<Message>, StoreError>;

    /// A message has arrived.
    ///
    /// # Errors
    /// When the database fails.
    async fn message_delivered(&self, message: &Message, now_ms: i64) -> Result<(), StoreError>;

    /// A message has not arrived: it is tried again at `again_at_ms`, or never where that is `None`. Then it is dead, and the next
    /// one of its order has its turn.
    ///
    /// # Errors
    /// When the database fails.
    async fn message_failed(&self, message: &Message, now_ms: i64, again_at_ms: Option<i64>, why: &str) -> Result<(), StoreError>;

    /// Messages that wait or are dead, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    async fn messages(&self, is_dead: bool, limit: u32) -> Result<Vec<Message>, StoreError>;

    /// Dead messages are tried again: that one, or all of them. Answers how many there were.
    ///
    /// # Errors
    /// When the database fails.
    async fn replay_messages(&self, id: Option<&str>, now_ms: i64) -> Result<u64, StoreError>;

    /// Takes the books of an account for a lease, unless somebody else holds them, or they were finished after `ran_before_ms`. Books
    /// that the store does not have yet begin with its oldest order, or at `now_ms` where it has none. A lease further ahead than
    /// [`BooksLease::LONGEST_MS`], and a run that was finished in the future, come of a clock that was set back and count for nothing.
    ///
    /// # Errors
    /// When the database fails.
    async fn take_books(
        &self,
        account: &Account,
        lease: &BooksLease,
        now_ms: i64,
        ran_before_ms: Option<i64>,
    ) -> Result<BooksTaken, StoreError>;

    /// Keeps how far the books are, and the lease until its new end; lets go of it where `is_over`. `false` where somebody else holds
    /// the books by now: nothing has been written then.
    ///
    /// # Errors
    /// When the database fails.
    async fn keep_books(&self, books: &Books, lease: &BooksLease, is_over: bool) -> Result<bool, StoreError>;

    /// Remembers that Toss has listed that, and that it has been compared.
    ///
    /// # Errors
    /// When the database fails.
    async fn keep_listed(&self, listed: &Listed) -> Result<(), StoreError>;

    /// What Toss has listed of that payment, in no order.
    ///
    /// # Errors
    /// When the database fails.
    async fn listed(&self, payment_key: &PaymentKey) -> Result<Vec<Listed>, StoreError>;

    /// Up to `limit` orders that are paid or of which something was given back, by the time of their last event and their id, each with
    /// that time: those whose time is later than `changed_since_ms` (ms since 1970 UTC), and of that very time those behind `behind`.
    ///
    /// # Errors
    /// When the database fails.
    async fn with_money(&self, changed_since_ms: i64, behind: Option<&OrderId>, limit: u32) -> Result<Vec<(i64, OrderRecord)>, StoreError>;

    /// Keeps a finding of the books. One with the same mark that is open is brought up to date, closed where the new one is; one that a
    /// person has closed stays as it is; one that was mended opens again.
    ///
    /// # Errors
    /// When the database fails.
    async fn keep_finding(&self, finding: &Finding) -> Result<Kept, StoreError>;

    /// Closes a finding at that time (ms since 1970 UTC). `false` where there is no open one of that id.
    ///
    /// # Errors
    /// When the database fails.
    async fn close_finding(&self, id: &str, at_ms: i64, how: &Closing) -> Result<bool, StoreError>;

    /// Findings of the books, newest first.
    ///
    /// # Errors
    /// When the database fails.
    async fn findings(&self, query: &FindingQuery) -> Result<Vec<Finding>, StoreError>;

    /// Up to `limit` open findings that were last looked at before that time (ms since 1970 UTC), longest ago first.
    ///
    /// # Errors
    /// When the database fails.
    async fn findings_to_check(&self, checked_before_ms: i64, limit: u32) -> Result<Vec<Finding>, StoreError>;

    /// Keeps what Toss pays out. What it had said before of the same transaction is replaced.
    ///
    /// # Errors
    /// When the database fails.
    async fn keep_settlements(&self, settlements: &[SettlementRecord]) -> Result<(), StoreError>;

    /// What Toss pays out for an order, by the day of sale.
    ///
    /// # Errors
    /// When the database fails.
    async fn settlements_of(&self, id: &OrderId) -> Result<Vec<SettlementRecord>, StoreError>;

    /// What Toss pays out from a day to a day, both included (`yyyy-MM-dd` in Korea), a sum per day and currency.
    ///
    /// # Errors
    /// When the database fails.
    async fn pay_outs(&self, from_day: &str, to_day: &str) -> Result<Vec<PayOut>, StoreError>;

    /// What the store knows of accounts and their keys.
    ///
    /// # Errors
    /// When the database fails.
    async fn keys(&self) -> Result<Keys, StoreError>;

    /// Remembers that a key belongs to an account, and the account, where it is new.
    ///
    /// # Errors
    /// When the database fails.
    async fn add_key(&self, key: &Fingerprint, account: &Account, mode: Mode) -> Result<(), StoreError>;

    /// Up to `limit` payments that prove whose a key is: the latest that is known to be paid, then those that are undecided or wait
    /// for a deposit.
    ///
    /// # Errors
    /// When the database fails.
    async fn proofs(&self, limit: u32) -> Result<Vec<Proof>, StoreError>;

    /// Proves that the database answers.
    ///
    /// # Errors
    /// When it does not.
    async fn check_read(&self) -> Result<(), StoreError>;

    /// Proves that the database can be written to.
    ///
    /// # Errors
    /// When it cannot, for instance because the disk is full.
    async fn check_write(&self, now_ms: i64) -> Result<(), StoreError>;

    /// Finishes what is under way and lets go of the database.
    async fn close(&self);
}
