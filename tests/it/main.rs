//! The real router on a real socket, with the real sandbox and a real database file. Calls are counted at the sandbox.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod app;
mod backup;
mod balances;
mod cli;
mod cli_books;
mod confirm;
mod confirm_access;
mod cookies;
mod expiry;
mod files;
mod guards;
mod health;
mod in_doubt;
mod life;
mod listener;
mod mail_server;
mod mails;
mod orders;
mod pages;
mod passing;
mod place_order;
mod policy;
mod postgres;
#[path = "../../crates/payment-engine/tests/postgres/server.rs"]
mod postgres_server;
#[cfg(target_os = "linux")]
mod process;
mod raw;
mod reading;
mod refused;
#[path = "../../crates/payment-engine/tests/postgres/running.rs"]
mod running;
mod server_functions;
#[cfg(target_os = "linux")]
mod servers;
mod settings;
mod success;
mod tabs;
mod waits;
mod witness;
