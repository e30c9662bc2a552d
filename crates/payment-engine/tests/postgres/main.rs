//! What the PostgreSQL store promises besides the contract: several servers at once, connections that break, a database that is not
//! what it should be.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod broken;
mod encrypted;
mod held;
mod hosts;
mod opening;
mod pooled;
mod pooler;
mod proxy;
mod running;
mod server;
mod servers;
mod straight;
mod trips;

use payment_engine::order::{Approval, Attempt, Event, Outcome};
use payment_engine::store::{Note, Postgres, PostgresOptions};
use payment_engine::{NewOrder, Owner};
use toss_types::{IdempotencyKey, OrderId, PaymentKey, Won};

const NOTE: Note = Note::at(10);

fn options(url: &str) -> PostgresOptions {
    PostgresOptions::parse(url).unwrap()
}

async fn connect(url: &str) -> Postgres {
    Postgres::connect(&options(url)).await.unwrap()
}

fn id(number: usize) -> OrderId {
    OrderId::parse(&format!("order_{number:015}")).unwrap()
}

/// Of an owner of its own.
fn order(number: usize) -> NewOrder {
    order_of(number, &format!("owner {number}"))
}

fn order_of(number: usize, owner: &str) -> NewOrder {
    NewOrder {
        id: id(number),
        owner: Owner::new(owner),
        name: "사과".to_owned(),
        total: Won::of(50_000).into(),
        details: "{}".to_owned(),
        reserves: Vec::new(),
        placed_at_ms: 1,
        expires_at_ms: 10_000,
    }
}

fn key(key: &str) -> PaymentKey {
    PaymentKey::parse(key).unwrap()
}

fn started(name: &str) -> Event {
    Event::ConfirmStarted(Attempt::new(key(name), IdempotencyKey::parse(name).unwrap(), Won::of(50_000), 10))
}

fn paid(name: &str) -> Event {
    let idempotency_key = Some(IdempotencyKey::parse(name).unwrap());
    Event::ConfirmEnded { payment_key: key(name), idempotency_key, outcome: Outcome::Paid(Approval::default()) }
}
