#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! | module | what it holds |
//! |---|---|
//! | [`order`] | [`order::State`], [`order::Event`] and [`order::step`]: what may follow what, pure |
//! | [`verdict`] | what an answer of Toss means for an order, pure |
//! | [`flow`] | one use case per file, as numbered steps: place, confirm, whose account |
//! | [`work`] | the lanes that run by themselves |
//! | [`store`] | the contract of a database, and SQLite |
//! | [`gateway`], [`clock`], [`random`] | what the engine needs of the world, as traits |

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking"))]

/// The recipes of the cookbook, compiled.
#[cfg(doctest)]
#[doc = include_str!("../COOKBOOK.md")]
struct Cookbook;

pub mod clock;
mod engine;
pub mod flow;
pub mod gateway;
mod news;
pub mod order;
pub mod random;
pub mod store;
pub mod verdict;
pub mod work;

pub use engine::{Engine, Parts, Settings};
pub use flow::account::AccountError;
pub use flow::confirm::{BadReturn, ConfirmError, Returned};
pub use flow::place::{PlaceError, Sale};
pub use store::{NewOrder, OrderRecord, Owner, StoreError};
