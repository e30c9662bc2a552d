//! The engine as shops use it, with a real database and the offline Toss. Calls are counted at the sandbox.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod accounts;
mod beside;
mod books;
mod books_missing;
mod books_restored;
mod books_settled;
mod database;
mod deposits;
mod dollars;
mod doubts;
mod forgetting;
mod held;
mod lanes;
mod limits;
mod news;
mod outbox;
mod overtaken;
mod printing;
mod receiver;
mod refunds;
mod refunds_followed;
mod sendable;
mod stock;
mod toss;
mod webhook;
mod webhooks;
mod world;
