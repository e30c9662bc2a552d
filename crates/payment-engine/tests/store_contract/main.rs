//! What every store promises, one suite for all of them. A store joins by a line in [`stores`].

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod books;
mod inbox;
mod looks;
mod orders;
mod outbox;
#[cfg(feature = "postgres")]
#[path = "../postgres/pooler.rs"]
mod pooler;
#[cfg(feature = "postgres")]
#[path = "../postgres/running.rs"]
mod running;
#[cfg(feature = "postgres")]
#[path = "../postgres/server.rs"]
mod server;
mod stock;

use payment_engine::order::{Account, Approval, Attempt, Decline, Doubt, Event, Outcome, Shown, State};
use payment_engine::store::{Note, Options, Sqlite, Store};
#[cfg(feature = "postgres")]
use payment_engine::store::{Postgres, PostgresOptions};
use payment_engine::{NewOrder, Owner};
use std::sync::Arc;
use tempfile::TempDir;
use toss_types::{IdempotencyKey, OrderId, PaymentKey, Won};

/// Where a store is.
enum Place {
    File(TempDir),
    #[cfg(feature = "postgres")]
    Server(String),
}

impl Place {
    async fn open(&self) -> Arc<dyn Store> {
        match self {
            Place::File(folder) => Arc::new(Sqlite::open(&Options::at(folder.path().join("orders.db"))).await.unwrap()),
            #[cfg(feature = "postgres")]
            Place::Server(url) => Arc::new(Postgres::connect(&PostgresOptions::parse(url).unwrap()).await.unwrap()),
        }
    }
}

/// A store on a fresh database, and what keeps that database alive.
pub struct Fresh {
    pub store: Arc<dyn Store>,
    place: Place,
}

impl Fresh {
    pub async fn reopen(self) -> Fresh {
        self.store.close().await;
        Fresh { store: self.place.open().await, place: self.place }
    }
}

pub async fn stores() -> Vec<Fresh> {
    let places = [
        Place::File(tempfile::tempdir().unwrap()),
        #[cfg(feature = "postgres")]
        Place::Server(server::server().fresh()),
        #[cfg(feature = "postgres")]
        Place::Server(pooler::pooler().fresh()),
    ];
    let mut stores = Vec::new();
    for place in places {
        stores.push(Fresh { store: place.open().await, place });
    }
    stores
}

pub const EXPIRES_AT: i64 = 10_000;

pub fn id(number: usize) -> OrderId {
    OrderId::parse(&format!("order_{number:015}")).unwrap()
}

/// Of an owner of its own.
pub fn order(number: usize) -> NewOrder {
    order_of(number, &format!("owner {number}"))
}

pub fn order_of(number: usize, owner: &str) -> NewOrder {
    NewOrder {
        id: id(number),
        owner: Owner::new(owner),
        name: "토스 티셔츠 외 2건".to_owned(),
        total: Won::of(50_000).into(),
        details: "{\"cart\":[\"tshirt\"]}".to_owned(),
        reserves: Vec::new(),
        placed_at_ms: 1,
        expires_at_ms: EXPIRES_AT,
    }
}

pub fn attempt(key: &str) -> Attempt {
    let (payment_key, idempotency_key) = (PaymentKey::parse(key), IdempotencyKey::parse(&format!("confirm-{key}")));
    Attempt::new(payment_key.unwrap(), idempotency_key.unwrap(), Won::of(50_000), 10).account(Account::new("account-1"))
}

pub fn started(key: &str) -> Event {
    Event::ConfirmStarted(attempt(key))
}

pub fn ended(key: &str, outcome: Outcome) -> Event {
    Event::ConfirmEnded { payment_key: attempt(key).payment_key, idempotency_key: Some(attempt(key).idempotency_key), outcome }
}

/// Told to nobody.
pub fn placed() -> Note {
    Note::at(1)
}

pub fn at(at_ms: i64) -> Note {
    Note::at(at_ms)
}

pub fn unknown(shown: Shown) -> Outcome {
    Outcome::Unknown { cause: "time-out".to_owned(), doubt: Doubt::new(shown) }
}

pub fn declined() -> Outcome {
    Outcome::Declined(Decline::new("X", "", 403))
}

pub fn paid() -> Outcome {
    Outcome::Paid(Approval::default())
}

pub fn confirming(key: &str) -> State {
    State::Confirming { attempt: attempt(key), next: None }
}
