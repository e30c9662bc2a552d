//! What pages show, as plain values: a leaf that server, pages and islands share.

#![warn(missing_docs)]

pub mod api_error;
pub mod awaited;
pub mod checkout;
pub mod confirmed;
pub mod fail;
pub mod notice;
pub mod order;
pub mod placed;
pub mod returning;
pub mod visitor;
pub mod watch;
