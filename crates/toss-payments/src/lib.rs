#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! | module | what it holds |
//! |---|---|
//! | [`keys`] | [`SecretKey`], [`ClientKey`] and the check that the two belong together |
//! | [`ids`] | [`PaymentKey`], [`OrderId`], [`IdempotencyKey`] |
//! | [`money`] | [`Won`] for what we ask for, [`Amount`] for what Toss reports |
//! | [`payment`] | [`Payment`] and everything inside it |
//! | [`error`] | [`Error`]: [`Rejected`] where Toss decided, [`Unknown`] where nobody knows |
//! | [`client`] | [`Client`], its builder and [`Response`]; one file per endpoint in `endpoints/` |
//! | [`retry`] | [`Retry`]: repeating with the same idempotency key, where asked for |
//! | [`webhook`] | [`webhook::Webhook`]: what Toss posts, typed by what vouches for it |

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking"))]

pub mod client;
mod endpoints;
pub mod error;
pub mod ids;
mod json;
pub mod keys;
pub mod money;
pub mod payment;
pub mod retry;
pub mod sensitive;
pub mod timestamp;
mod transport;
pub mod webhook;
mod words;

pub use client::{BuildError, Client, ClientBuilder, Response};
pub use endpoints::ConfirmRequest;
pub use error::{Class, Error, ErrorCode, Rejected, Unknown, UnknownCause};
pub use ids::{IdError, IdempotencyKey, OrderId, PaymentKey};
pub use keys::{ClientKey, KeyError, KeyFamily, PairError, SecretKey, check_pair};
pub use money::{Amount, NotWon, Won};
pub use payment::{Method, Payment, PaymentType, Status};
pub use retry::Retry;
pub use sensitive::{Link, Sensitive};
pub use timestamp::Timestamp;
