#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! | | |
//! |---|---|
//! | [`Engine`], [`Parts`], [`Settings`] | what a shop holds, what it is made of, what can be set |
//! | [`Sale`], [`Returned`], [`NewOrder`], [`OrderRecord`] … | what goes into its calls, and what comes out |
//! | [`cookbook`] | recipes |
//! | [`order`] | [`order::State`], [`order::Event`] and [`order::step`]: what may follow what, pure |
//! | [`verdict`] | what an answer of Toss means for an order, pure |
//! | [`outbox`] | who is told of orders: the trait, and a courier that posts to a merchant's system |
//! | [`store`] | the contract of a database, what only a database meets, SQLite, and PostgreSQL with the feature `postgres` |
//! | [`gateway`], [`clock`], [`random`] | what the engine needs of the world, as traits |
//! | [`toss_payments`] | the client of Toss, whose types the engine speaks |

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking"))]

pub mod clock;
#[doc = include_str!("../COOKBOOK.md")]
pub mod cookbook {}
mod engine;
mod flow;
pub mod gateway;
mod news;
pub mod order;
pub mod outbox;
pub mod random;
pub mod store;
pub mod verdict;
mod work;

#[cfg(test)]
mod model_tests;

pub use engine::{Engine, Parts, Settings};
pub use flow::account::AccountError;
pub use flow::check::{CameOfIt, CheckError, Checked};
pub use flow::confirm::ConfirmError;
pub use flow::inbox::{Received, WebhookError};
pub use flow::place::{PlaceError, Sale};
pub use flow::refund::{RefundError, RefundRequest};
pub use flow::returned::{BadReturn, Returned};
pub use store::error::StoreError;
pub use store::record::{EventRecord, LaneLoad, NewOrder, OrderRecord, Owner};
/// The client of Toss in the version whose types stand in this API: money, keys, identifiers, errors.
pub use toss_payments;
pub use work::books::{BooksError, BooksReport};
