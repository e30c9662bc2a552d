//! An order and what may happen to it: pure. No clock, no randomness, no I/O.

mod attempt;
mod event;
mod hidden;
mod lane;
mod notice;
mod refund;
mod refunds;
mod state;
mod step;
mod stock;

pub use attempt::{Account, Approval, Attempt, Decline, Deposit, DepositAccount, Transfer};
pub use event::{Effect, Event, Illegal, Outcome, RefundOutcome};
pub(crate) use hidden::{Hidden, presence};
pub use lane::{CLOCKS_APART_MS, LAST_LOOK_MS, LEASE_MS, LONGEST_CALL_MS, LONGEST_HOLD_MS, Lane, Look, TRANSFER_LOOK_MS};
pub use notice::{NoticeKind, notices, standing};
pub use refund::{Origin, Progress, Refund};
pub use refunds::{Balance, Cancel, CancelStanding, Refunds};
pub use state::{About, Doubt, Expiry, Refused, Shown, State};
pub use step::{HOLD_MS, MAX_ATTEMPTS, Stepped, Terms, step};
pub use stock::{Reserve, holds_stock};
