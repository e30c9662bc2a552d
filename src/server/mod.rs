//! The server: everything that a browser must never hold.

#![warn(missing_docs)]

pub mod amounts;
pub mod cli;
pub mod config;
pub mod details;
pub mod http;
pub mod korean_time;
pub mod mail;
pub mod place_order;
pub mod private_files;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(not(feature = "sandbox"))]
#[path = "no_sandbox.rs"]
pub mod sandbox;
pub mod start;
pub mod telemetry;

pub use start::{Server, StartError};
