#![doc = include_str!("../README.md")]
//!
//! # In this documentation
//!
//! [`cookbook`] has a recipe for each thing that one tests. What Toss does is taken from its public documentation, its
//! published types, and measurements that others have published; where no source says it, the code says "assumed". Reading
//! order: [`Sandbox`], [`Config`], [`Control`], [`NewPayment`], [`Fault`], [`Scenario`].

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
mod forget;
#[cfg(test)]
mod fuzz_tests;
mod guard;
mod html;
mod idempotency;
mod ids;
mod inspector;
mod json;
mod kst;
mod magic;
mod method;
mod money;
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

#[doc = include_str!("../COOKBOOK.md")]
pub mod cookbook {}

pub use clock::{Clock, UnixMs};
pub use config::{
    API_CLIENT_KEY, API_SECRET_KEY, BadKeys, CLIENT_KEY, Choices, Config, DOCS_API_PAIR, DOCS_WIDGET_PAIR, Limits, SECRET_KEY,
};
pub use control::{
    Authenticated, CancelOutcome, Control, DeadlinePassed, NewEvent, NewPayment, OperatorRefund, Played, Refused, Scenario, View,
};
pub use error::Code;
pub use fault::{BadFault, Endpoint, Fault, MAX_RULES, Rule, Scope, ScriptFault, Times, TooManyRules};
pub use idempotency::{KEY_LIVES_FOR, MAX_KEY_CHARS};
pub use magic::{MAGIC_WORDS, MagicWord};
pub use money::{Currency, Money};
pub use order::Method;
pub use payment::{
    CANCEL_TAKES, DEPOSIT_CANCELABLE_FOR, MAX_TRANSITIONS, PAYPAL_CANCELABLE_FOR, READY_FOR, SESSION_FOR, Status, TRANSFER_CANCELABLE_FOR,
    Transition, Trigger,
};
pub use records::{BodyCopy, Charge, ChargeKind, MAX_COPIED_BYTES, PaymentView, RequestRecord};
pub use server::{Sandbox, StartError};
pub use state_file::BadState;
pub use webhook::{
    Attempt, BadSecurityKey, BadSetup, DeliveryState, EventType, MAX_ATTEMPTS, MAX_REGISTRATIONS, Outcome, RETRY_AFTER, ROTATION_FOR,
    Registration, ResendRefused, SECURITY_KEY, TargetRefused, WebhookFault, WebhookRecord, WebhookRule,
};
