//! An offline Toss Payments, for development and tests.
//!
//! It serves the browser script, draws the payment window, answers the core API, sends webhooks, and keeps a ledger of
//! the money that it pretends to move. It runs on a clock that tests can stop and move, and goes wrong on command.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use toss_sandbox::{Config, Endpoint, Fault, NewPayment, Sandbox, Scope, Times};
//!
//! let sandbox = Sandbox::start(Config::default()).await?;
//! let control = sandbox.control();
//!
//! // The shopper has paid in the window; the answer to the shop's confirm will be lost after the charge.
//! let payment = control.authenticate(NewPayment::new("order-0001", "토스 티셔츠 외 2건", 45_000))?;
//! control.fault(Fault::ResetAfter, Scope::any(Endpoint::Confirm), Times::Once)?;
//!
//! // … let the shop confirm `payment.payment_key` at `sandbox.url()` with `sandbox.secret_key()` …
//!
//! assert_eq!(control.charges("order-0001").len(), 1);
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! What Toss does is taken from its public documentation, its published types, and measurements that others have
//! published; where no source says it, the code says "assumed". Reading order: [`Sandbox`], the map of routes,
//! `api::confirm`, [`Fault`], [`Control`].

mod api;
mod asked;
mod bank;
mod billing;
mod body;
mod card_company;
mod clock;
mod config;
mod control;
mod endpoint;
mod error;
mod fault;
#[cfg(test)]
mod fuzz_tests;
mod html;
mod idempotency;
mod ids;
mod inspector;
mod kst;
mod magic;
mod method;
mod order;
mod payment;
mod payments;
mod rates;
mod receipts;
mod records;
mod routes;
mod script;
mod server;
mod shelf;
mod state_file;
mod webhook;
mod window;
mod world;

pub use clock::{Clock, UnixMs};
pub use config::{
    API_CLIENT_KEY, API_SECRET_KEY, BadKeys, CLIENT_KEY, Choices, Config, DOCS_API_PAIR, DOCS_WIDGET_PAIR, Limits, SECRET_KEY,
};
pub use control::{Authenticated, Control, DeadlinePassed, NewEvent, NewPayment, OperatorRefund, Played, Refused, Scenario, View};
pub use error::Code;
pub use fault::{Endpoint, Fault, MAX_RULES, Rule, Scope, ScriptFault, Times, TooManyRules};
pub use idempotency::{KEY_LIVES_FOR, MAX_KEY_CHARS};
pub use magic::{MAGIC_WORDS, MagicWord};
pub use order::{Method, Won};
pub use payment::{DEPOSIT_CANCELABLE_FOR, MAX_TRANSITIONS, READY_FOR, SESSION_FOR, Status, TRANSFER_CANCELABLE_FOR, Transition, Trigger};
pub use records::{BodyCopy, Charge, ChargeKind, MAX_COPIED_BYTES, PaymentView, RequestRecord};
pub use server::{Sandbox, StartError};
pub use state_file::BadState;
pub use webhook::{
    Attempt, BadSecurityKey, BadSetup, DeliveryState, EventType, MAX_ATTEMPTS, MAX_REGISTRATIONS, Outcome, RETRY_AFTER, ROTATION_FOR,
    Registration, ResendRefused, SECURITY_KEY, TargetRefused, WebhookFault, WebhookRecord, WebhookRule,
};
