//! The real router on a real socket, with the real sandbox and a real database file. Calls are counted at the sandbox.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod app;
mod confirm;
mod cookies;
mod files;
mod guards;
mod in_doubt;
mod listener;
mod orders;
mod pages;
mod place_order;
mod policy;
mod raw;
mod refused;
mod server_functions;
mod settings;
mod success;
