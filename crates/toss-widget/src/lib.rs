//! Both browser SDKs of Toss Payments for Rust in the browser, and one pay page over either.
//!
//! * [`Checkout`]: a pay page, with the [`Sdk`] that the shop chooses; its parts are in [`checkout`]
//! * [`Order`], [`Customer`], [`LoadOptions`], [`WidgetError`] with its [`ErrorCode`]: what everything shares
//! * [`Won`], [`OrderId`], [`PaymentKey`], [`CustomerKey`]: what is shared with the server, from `toss-types`
//! * [`machine`]: the pay page as a pure state machine; the pay button is a function of it
//! * [`v1`], [`v2`]: each SDK by itself, whole; [`goods`]: what their requests can say of what is bought
//! * recipes for all of it: [`cookbook`]
//!
//! On any target but `wasm32-unknown-unknown` loading answers [`ErrorCode::NotInBrowser`], and since no widget can exist
//! there, every other method is unreachable. Signatures are the same, down to what is `Send`: a page that is also rendered by
//! a server needs no `cfg`.
//!
#![doc = include_str!("../README.md")]
#![warn(missing_docs, missing_debug_implementations)]

mod args;
pub mod checkout;
#[cfg(any(doc, doctest))]
pub mod cookbook;
mod error;
mod event;
pub mod goods;
mod json;
mod loader;
pub mod machine;
mod order;
mod payment;
mod raw;
mod setters;
pub mod v1;
pub mod v2;
mod won;
mod words;

pub use args::Customer;
pub use checkout::drive::Checkout;
pub use checkout::sdk::Sdk;
pub use error::{ErrorCode, WidgetError};
pub use loader::{FetchPriority, LoadOptions, clear};
pub use order::Order;
pub use payment::{PaymentType, UpdateReason};
pub use toss_types::{CustomerKey, IdError, NotWon, OrderId, PaymentKey, Won};
pub use words::UnknownWord;
