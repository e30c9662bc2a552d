//! The status words.

use serde::{Deserialize, Serialize};

/// The status word of a payment (Toss docs /reference, Payment).
///
/// ```
/// assert_eq!(toss_sandbox::Status::WaitingForDeposit.as_str(), "WAITING_FOR_DEPOSIT");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The window is open, the shopper has not authenticated.
    Ready,
    /// Authenticated, waiting for the confirm.
    InProgress,
    /// A virtual account was issued, nobody has paid in.
    WaitingForDeposit,
    /// Charged, or deposited.
    Done,
    /// Cancelled at one go, or before the deposit.
    Canceled,
    /// Cancelled in parts, perhaps all of it.
    PartialCanceled,
    /// Refused at the window or at the confirm.
    Aborted,
    /// Left alone for too long.
    Expired,
}

impl Status {
    /// The word in Toss's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "READY",
            Self::InProgress => "IN_PROGRESS",
            Self::WaitingForDeposit => "WAITING_FOR_DEPOSIT",
            Self::Done => "DONE",
            Self::Canceled => "CANCELED",
            Self::PartialCanceled => "PARTIAL_CANCELED",
            Self::Aborted => "ABORTED",
            Self::Expired => "EXPIRED",
        }
    }
}
