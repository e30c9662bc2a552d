//! The control plane: what only tests and developers do.
//!
//! [`Control`] is the handle inside the process, and the Rust client. The same over HTTP, JSON in and out, is under
//! `/sandbox/control`; the README of the crate lists the calls in its section "Control API".

mod authorize;
mod body;
mod handle;
mod http;
mod new_payment;
mod operator;
mod read;
mod scenario;
mod snapshot;
mod takes;
mod view;
mod webhook_http;
mod webhooks;

pub use handle::{Control, DeadlinePassed, Refused};
pub(crate) use http::routes;
pub use new_payment::{Authenticated, NewPayment};
pub use operator::{CancelOutcome, OperatorRefund};
pub use scenario::{Played, Scenario};
pub use view::View;
pub use webhooks::NewEvent;
