#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking"))]

#[cfg(feature = "serde")]
pub mod as_received;
mod customer_key;
mod idempotency_key;
mod ids;
mod order_id;
mod payment_key;
mod won;

pub use customer_key::CustomerKey;
pub use idempotency_key::IdempotencyKey;
pub use ids::{Beginning, IdError};
pub use order_id::OrderId;
pub use payment_key::PaymentKey;
pub use won::{NotWon, Won};
