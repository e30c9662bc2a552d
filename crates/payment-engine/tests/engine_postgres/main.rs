//! The engine's tests with the orders in PostgreSQL: the same files as in tests/engine, but for what is about a file, and what counts calls
//! by the time that SQLite takes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../engine/accounts.rs"]
mod accounts;
#[path = "../engine/beside.rs"]
mod beside;
#[path = "../engine/books.rs"]
mod books;
#[path = "../engine/books_missing.rs"]
mod books_missing;
#[path = "../engine/books_settled.rs"]
mod books_settled;
mod database;
#[path = "../engine/deposits.rs"]
mod deposits;
#[path = "../engine/dollars.rs"]
mod dollars;
#[path = "../engine/doubts.rs"]
mod doubts;
#[path = "../engine/forgetting.rs"]
mod forgetting;
#[path = "../postgres/held.rs"]
mod held;
#[path = "../engine/lanes.rs"]
mod lanes;
#[path = "../engine/news.rs"]
mod news;
#[path = "../engine/outbox.rs"]
mod outbox;
#[path = "../engine/printing.rs"]
mod printing;
#[path = "../engine/receiver.rs"]
mod receiver;
#[path = "../engine/refunds.rs"]
mod refunds;
#[path = "../engine/refunds_followed.rs"]
mod refunds_followed;
#[path = "../engine/sendable.rs"]
mod sendable;
#[path = "../postgres/server.rs"]
mod server;
#[path = "../engine/stock.rs"]
mod stock;
#[path = "../engine/toss.rs"]
mod toss;
#[path = "../engine/webhook.rs"]
mod webhook;
#[path = "../engine/webhooks.rs"]
mod webhooks;
#[path = "../engine/world.rs"]
mod world;
