//! An order and what may happen to it: pure. No clock, no randomness, no I/O.

mod attempt;
mod hidden;
mod lane;
mod state;
mod step;

pub use attempt::{Account, Approval, Attempt, Decline, DepositAccount};
pub(crate) use hidden::{Hidden, presence};
pub use lane::{LEASE_MS, LONGEST_CALL_MS, Lane, Look};
pub use state::{About, Doubt, Expiry, Refused, Shown, State};
pub use step::{Effect, Event, Illegal, MAX_ATTEMPTS, Outcome, Stepped, Terms, step};
