//! An order and what may happen to it: pure. No clock, no randomness, no I/O.

mod attempt;
mod hidden;
mod lane;
mod notice;
mod refund;
mod state;
mod step;
mod stock;

pub use attempt::{Account, Approval, Attempt, Decline, Deposit, DepositAccount};
pub(crate) use hidden::{Hidden, presence};
pub use lane::{LEASE_MS, LONGEST_CALL_MS, LONGEST_HOLD_MS, Lane, Look};
pub use notice::{NoticeKind, notices, standing};
pub use refund::{Balance, Cancel, CancelStanding, Origin, Progress, Refund, Refunds};
pub use state::{About, Doubt, Expiry, Refused, Shown, State};
pub use step::{Effect, Event, HOLD_MS, Illegal, MAX_ATTEMPTS, Outcome, RefundOutcome, Stepped, Terms, step};
pub use stock::{Reserve, holds_stock};
