//! The real router on a real socket, with the real sandbox and a real database file. Calls are counted at the sandbox.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod app;
mod assets;
mod confirm;
mod in_doubt;
mod orders;
mod pages;
mod place_order;
mod refused;
mod success;
