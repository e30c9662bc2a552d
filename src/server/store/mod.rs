//! Where orders live. The trait is the contract, `tests/store_contract.rs` proves it for each database, and the
//! files beside this one hold the only SQL of the project.

mod sqlite;

pub use sqlite::Sqlite;

use crate::domain::cart::CartRequest;
use crate::domain::customer::Customer;
use crate::domain::lang::Lang;
use crate::domain::money::Won;
use crate::domain::order::OrderId;
use crate::domain::step::{Effect, Event, Illegal, State};
use async_trait::async_trait;
use std::fmt;

/// The browser an order belongs to: a digest of its session, so that the database does not hold what a cookie needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owner(pub String);

/// An order as it is placed.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Fresh and unguessable.
    pub id: OrderId,
    /// Who may see it.
    pub owner: Owner,
    /// What Toss and the receipt call it.
    pub name: String,
    /// What was bought.
    pub cart: CartRequest,
    /// What is charged, in KRW.
    pub total: Won,
    /// Contact data.
    pub customer: Customer,
    /// The language it was placed in.
    pub lang: Lang,
    /// When, in ms since 1970 UTC.
    pub placed_at_ms: i64,
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
    /// How often it was looked up in vain since the last of them.
    pub checks: u32,
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
    /// When to look the payment up if nothing is heard of it by then, in ms since 1970 UTC.
    pub check_at_ms: Option<i64>,
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

/// The database failed. The cause is for the log, never for a shopper.
#[derive(Debug)]
pub struct StoreError {
    doing: &'static str,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    fn new(doing: &'static str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
        StoreError { doing, cause: cause.into() }
    }
}

impl StoreError {
    /// A task that spoke with the store ended without an answer.
    #[must_use]
    pub fn broken_off(error: tokio::task::JoinError) -> StoreError {
        StoreError::new("doing several things at once", error)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed while {}: {}", self.doing, self.cause)
    }
}

impl std::error::Error for StoreError {}

/// A durable store of orders, shared by any number of tasks.
///
/// Each method is one transaction: when it returns `Ok` all of it is on disk, when it returns `Err` none of it is.
/// Calls for one order take effect one after another, in some order.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Adds an order in [`State::Open`].
    ///
    /// # Errors
    /// When the id is taken, or the database fails.
    async fn place(&self, order: &NewOrder) -> Result<(), StoreError>;

    /// The order of that id.
    ///
    /// # Errors
    /// When the database fails.
    async fn order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError>;

    /// Runs [`crate::domain::step::step`] on the order as it stands, and writes event, row and, for a start, the claim
    /// of the payment. Answers the order after it and what is to be done now.
    ///
    /// # Errors
    /// [`ApplyError`]; nothing has been written then.
    async fn apply(&self, id: &OrderId, event: &Event, note: &Note) -> Result<(OrderRecord, Option<Effect>), ApplyError>;

    /// Takes up to `limit` orders whose check is due and moves their checks to `lease_until_ms`, so that no other
    /// server takes them meanwhile. Those that are longest overdue come first. A row that cannot be read is logged and
    /// left out, so that it holds up nobody else's.
    ///
    /// # Errors
    /// When the database fails.
    async fn take_due(&self, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<OrderRecord>, StoreError>;

    /// Sets the next check of an order, after one in vain; does nothing to an order that has had an event since `record`
    /// was read, or has no check.
    ///
    /// # Errors
    /// When the database fails.
    async fn check_later(&self, record: &OrderRecord, check_at_ms: i64) -> Result<(), StoreError>;

    /// The history of an order, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    async fn events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError>;

    /// Proves that the database answers.
    ///
    /// # Errors
    /// When it does not.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Finishes what is under way and lets go of the database.
    async fn close(&self);
}
