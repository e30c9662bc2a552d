//! The sandbox from outside: over TCP, through its public interface, on a clock that stands still unless it is moved.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the cases that it is about")]

mod abroad;
mod after_reset;
mod apart;
mod api;
mod balance;
mod billing;
mod cancel;
mod changes;
mod codes;
mod confirm;
mod conformance;
mod control;
mod crowd;
mod every_endpoint;
mod faults;
mod foreign;
mod hostile;
#[path = "../../examples/foreign_shop/http.rs"]
mod http;
mod idempotency;
mod inspector;
mod keys;
mod language;
mod ledgers;
mod life;
mod lookup;
mod magic;
mod mistakes;
mod notices;
mod program;
mod readme;
mod receipts;
mod receiver;
mod recipes;
mod restart;
mod robustness;
mod room;
mod scenarios;
mod script;
mod shops;
mod state_file;
mod strangers;
mod support;
mod virtual_account;
mod webhooks;
mod window;
mod window_of_v2;
