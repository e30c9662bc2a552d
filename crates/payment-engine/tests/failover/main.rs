//! The primary of two PostgreSQL servers dies, and its standby takes its place while shoppers pay at two servers of the shop. The offline
//! Toss says what was charged.
//!
//! When it dies is drawn by a seed, which is printed; `FAILOVER_SEED` plays one again, as far as what runs at once lets itself be played.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod asynchronous;
mod moments;
mod pair;
#[path = "../postgres/running.rs"]
mod running;
mod shop;
mod shoppers;
mod synchronous;
