//! What has happened to a payment, in order. Webhooks and the inspector read it; nothing ever leaves it.

use serde::{Deserialize, Serialize};

use super::Status;
use crate::clock::UnixMs;

/// A payment takes no further cancel or deposit once its timeline has so many entries, so that memory stays bounded.
pub const MAX_TRANSITIONS: usize = 1_000;

/// One change of a payment's status.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Transition {
    /// None when the payment came into being.
    pub from: Option<Status>,
    /// May equal `from`: a second partial cancel leaves PARTIAL_CANCELED as it is.
    pub to: Status,
    /// Why.
    pub trigger: Trigger,
    /// When, in milliseconds since the epoch. What time has done bears the moment of its deadline.
    pub at: UnixMs,
    /// Of the cancel that it is about, if it is about one: two may end in one step.
    #[serde(default)]
    pub transaction_key: Option<String>,
}

macro_rules! triggers {
    ($($(#[doc = $what:literal])+ $trigger:ident,)*) => {
        /// What changed a payment.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Trigger { $($(#[doc = $what])+ $trigger,)* }

        impl Trigger {
            /// Every trigger.
            pub const ALL: &'static [Self] = &[$(Self::$trigger),*];
        }
    };
}

triggers! {
    /// The payment window was opened.
    Opened,
    /// The shopper authenticated.
    Authenticated,
    /// The window refused the payment.
    RefusedAtWindow,
    /// A confirm charged it.
    Confirmed,
    /// A confirm was declined.
    Declined,
    /// A call without a window charged it: key-in or a billing key.
    ChargedDirectly,
    /// A virtual account was issued, by a confirm or directly.
    AccountIssued,
    /// The shopper paid into the virtual account.
    Deposited,
    /// The bank took the deposit back.
    DepositReversed,
    /// A cancel, full or partial, before or after the deposit.
    Cancelled,
    /// A cancel abroad was accepted; money has not moved.
    CancelRequested,
    /// A cancel that was under way has happened.
    CancelDone,
    /// Nothing came of a cancel that was under way.
    CancelAborted,
    /// The time to authenticate or to confirm ran out.
    TimedOut,
}
