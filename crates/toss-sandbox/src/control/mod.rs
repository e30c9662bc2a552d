//! The control plane: what only tests and developers do.
//!
//! [`Control`] is the handle inside the process, and the Rust client. The same over HTTP, JSON in and out, is under
//! `/sandbox/control`; the README of the crate lists the calls in its section "Control API".

mod authorize;
mod handle;
mod http;
mod operator;
mod scenario;
mod snapshot;
mod webhook_http;
mod webhooks;

pub use handle::{Authenticated, Control, DeadlinePassed, NewPayment, Refused, View};
pub(crate) use http::routes;
pub use operator::OperatorRefund;
pub use scenario::{Played, Scenario};
pub use webhooks::NewEvent;
