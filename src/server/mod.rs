//! The server: everything that a browser must never hold.

#![warn(missing_docs)]

pub mod assets;
pub mod clock;
pub mod config;
pub mod context;
pub mod doors;
pub mod flow;
mod handlers;
mod headers;
mod health;
mod preferences;
pub mod reconciler;
mod render;
mod router;
pub mod session;
pub mod start;
pub mod store;
pub mod telemetry;
pub mod toss;
pub mod views;
pub mod visit;

pub use start::{Server, StartError};
