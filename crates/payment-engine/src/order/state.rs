//! Where an order stands.

use super::attempt::{Approval, Attempt, Decline, Deposit, DepositAccount};
use serde::{Deserialize, Serialize};

/// Where an order stands. Its form in serde is what stores hold: later versions read what earlier ones wrote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// Placed; no payment has come back yet. Payable.
    Open,
    /// A payment is claimed and the confirm call is, or was when the server stopped, under way.
    Confirming {
        /// The attempt that may be charging.
        attempt: Attempt,
        /// Another payment of the same order that came back meanwhile. It is confirmed if the first is declined.
        #[serde(default)]
        next: Option<Attempt>,
    },
    /// The call ended and nobody knows whether Toss charged. Only an answer of Toss about this payment leads out.
    InDoubt {
        /// The attempt that may have charged.
        attempt: Attempt,
        /// As in [`State::Confirming`].
        #[serde(default)]
        next: Option<Attempt>,
        /// What has been heard of it.
        #[serde(default)]
        doubt: Doubt,
    },
    /// Toss did not charge. Payable with another payment.
    Declined {
        /// The attempt that was declined.
        attempt: Attempt,
        /// Toss's reason.
        decline: Decline,
    },
    /// A virtual account was issued; the deposit has not been seen.
    AwaitingDeposit {
        /// The attempt that issued it.
        attempt: Attempt,
        /// Where to pay.
        account: DepositAccount,
        /// When a deposit was seen to have been taken back, in ms since 1970 UTC. It has to be made again then.
        #[serde(default)]
        reversed_at_ms: Option<i64>,
    },
    /// The money is there.
    Paid {
        /// The attempt that charged.
        attempt: Attempt,
        /// For the receipt.
        approval: Approval,
        /// Where the money came by a virtual account.
        #[serde(default)]
        deposit: Option<Deposit>,
    },
    /// Never paid, and not payable any more.
    Expired {
        /// Why.
        reason: Expiry,
        /// The attempt that was declined before, or issued the account that nobody has paid into, where there was one.
        attempt: Option<Attempt>,
    },
}

/// Why an order cannot be paid any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// It was not paid in time.
    OutOfTime,
    /// The same browser has placed a newer one: a cart has one payable order.
    Replaced,
    /// Nobody has paid into the account that was issued for it, and its time is over.
    NoDeposit,
    /// The account that was issued for it was taken back before anybody had paid into it.
    Canceled,
}

impl Expiry {
    /// Its word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Expiry::OutOfTime => "out_of_time",
            Expiry::Replaced => "replaced",
            Expiry::NoDeposit => "no_deposit",
            Expiry::Canceled => "canceled",
        }
    }
}

/// What has been heard of an attempt whose outcome is not known.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Doubt {
    /// Whether Toss has shown the payment.
    #[serde(default)]
    pub shown: Shown,
    /// Toss has answered the current idempotency key with a refusal that says nothing about the money, and goes on to repeat it
    /// under that key: 4xx answers are bound to it (measured by others).
    #[serde(default)]
    pub refused: Option<Refused>,
}

/// A refusal that decides nothing by itself, and that Toss repeats under the same idempotency key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refused {
    /// What Toss said.
    pub decline: Decline,
    /// What it speaks of.
    pub about: About,
}

impl Refused {
    /// That refusal, which speaks of that.
    #[must_use]
    pub fn new(decline: Decline, about: About) -> Refused {
        Refused { decline, about }
    }
}

/// What a refusal that decides nothing by itself speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// There is no such payment.
    NoPayment,
    /// The session of this payment is over. An earlier call whose answer was lost may have charged before it was.
    ExpiredSession,
    /// This payment was processed before: for this order, unless a look-up says for which other one.
    Processed,
    /// Something passes at the provider (`PROVIDER_ERROR`).
    Passing,
    /// Our key.
    Key,
    /// Our request.
    Request,
}

/// Whether Toss has shown a payment to this account. What has been shown once stays shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// No answer so far.
    #[default]
    Unheard,
    /// It has answered that there is none.
    Missing,
    /// It has answered about it.
    Yes,
}

impl Doubt {
    /// So much has been shown, and nothing refused.
    #[must_use]
    pub fn new(shown: Shown) -> Doubt {
        Doubt { shown, refused: None }
    }

    /// What is known when this has been heard besides. The first refusal of a key is the one that counts: Toss repeats it.
    #[must_use]
    pub fn with(&self, heard: &Doubt) -> Doubt {
        Doubt { shown: self.shown.max(heard.shown), refused: self.refused.clone().or_else(|| heard.refused.clone()) }
    }
}

impl State {
    /// May a new attempt start?
    #[must_use]
    pub const fn is_payable(&self) -> bool {
        match self {
            State::Open | State::Declined { .. } => true,
            State::Confirming { .. }
            | State::InDoubt { .. }
            | State::AwaitingDeposit { .. }
            | State::Paid { .. }
            | State::Expired { .. } => false,
        }
    }

    /// The attempt that may have charged and whose outcome is not known.
    #[must_use]
    pub const fn undecided(&self) -> Option<&Attempt> {
        match self {
            State::Confirming { attempt, .. } | State::InDoubt { attempt, .. } => Some(attempt),
            State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } | State::Expired { .. } => None,
        }
    }

    /// The attempt of which Toss may have news: undecided, or waiting for a deposit.
    #[must_use]
    pub const fn awaited(&self) -> Option<&Attempt> {
        match self {
            State::Confirming { attempt, .. } | State::InDoubt { attempt, .. } | State::AwaitingDeposit { attempt, .. } => Some(attempt),
            State::Open | State::Declined { .. } | State::Paid { .. } | State::Expired { .. } => None,
        }
    }

    /// The attempt that a lane looks up: undecided, waiting for a deposit, paid by one that may be taken back, or about to be paid back.
    #[must_use]
    pub fn looked_up(&self) -> Option<&Attempt> {
        match self {
            State::Paid { attempt, deposit: Some(deposit), .. } if deposit.is_looked_at() => Some(attempt),
            State::Open
            | State::Confirming { .. }
            | State::InDoubt { .. }
            | State::Declined { .. }
            | State::AwaitingDeposit { .. }
            | State::Paid { .. }
            | State::Expired { .. } => self.awaited(),
        }
    }

    /// The latest attempt.
    #[must_use]
    pub const fn attempt(&self) -> Option<&Attempt> {
        match self {
            State::Open => None,
            State::Confirming { attempt, .. }
            | State::InDoubt { attempt, .. }
            | State::Declined { attempt, .. }
            | State::AwaitingDeposit { attempt, .. }
            | State::Paid { attempt, .. } => Some(attempt),
            State::Expired { attempt, .. } => attempt.as_ref(),
        }
    }

    /// The payment that waits for the first one's outcome.
    #[must_use]
    pub const fn next(&self) -> Option<&Attempt> {
        match self {
            State::Confirming { next, .. } | State::InDoubt { next, .. } => next.as_ref(),
            State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } | State::Expired { .. } => None,
        }
    }

    /// Its word in the store.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            State::Open => "open",
            State::Confirming { .. } => "confirming",
            State::InDoubt { .. } => "in_doubt",
            State::Declined { .. } => "declined",
            State::AwaitingDeposit { .. } => "awaiting_deposit",
            State::Paid { .. } => "paid",
            State::Expired { .. } => "expired",
        }
    }
}
