//! What is given back of a payment, and what of it is known.

use super::attempt::{Decline, written, written_option};
use serde::{Deserialize, Serialize};
use std::fmt;
use toss_payments::{CancelRequestId, Money};
use toss_types::{IdempotencyKey, PaymentKey};

/// One cancel of a payment: asked for by the shop, or seen at Toss. What the shop asks for is written before the call, with all that
/// repeating it needs. Printing leaves out the reason, which a person has written.
///
/// It is sent with `refundableAmount`, so that Toss cancels nothing where its balance is not [`Refund::balance_before`] (Toss docs,
/// cancel; measured by others): of two cancels from the same balance one happens. That is what tells whether a cancel that nobody
/// answered has happened, and what keeps a repeated one from happening twice after the 15 days of its idempotency key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refund {
    /// The shop's name of it, sent as `cancelRequestId`. Of one that was made at Toss, a name that the engine makes of it.
    pub id: CancelRequestId,
    /// Sent as `Idempotency-Key`; `None` where it was made at Toss.
    #[serde(default)]
    pub idempotency_key: Option<IdempotencyKey>,
    /// Of which payment.
    pub payment_key: PaymentKey,
    /// How much.
    #[serde(with = "written")]
    pub amount: Money,
    /// The tax-free part of it.
    #[serde(default, with = "written_option")]
    pub tax_free: Option<Money>,
    /// What was left of the payment before, as far as the shop knew.
    #[serde(with = "written")]
    pub balance_before: Money,
    /// Why.
    pub reason: String,
    /// Who wanted it.
    pub origin: Origin,
    /// Whether it takes back an account that nobody has paid into: no money moves then.
    #[serde(default)]
    pub is_void: bool,
    /// Whether it was sent with an account that the money goes to. That is not kept, so that it cannot be repeated.
    #[serde(default)]
    pub to_account: bool,
    /// Whether what the order holds stays taken when all is given back: the goods are gone.
    #[serde(default)]
    pub keeps_stock: bool,
    /// When it was asked for, or seen, in ms since 1970 UTC.
    pub asked_at_ms: i64,
    /// Where it stands.
    pub progress: Progress,
}

/// Who wanted a refund.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The shop.
    Shop,
    /// Somebody at Toss: in its console, or Toss itself.
    Toss,
    /// Nobody: the payment was charged besides the one that pays the order, or for an order that is over.
    Duplicate,
}

impl Origin {
    /// Its word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Origin::Shop => "shop",
            Origin::Toss => "toss",
            Origin::Duplicate => "duplicate",
        }
    }
}

/// Where a refund stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "progress", rename_all = "snake_case")]
pub enum Progress {
    /// Written; the call is under way, or was when the server stopped.
    Asked,
    /// The call ended and nobody knows whether Toss has cancelled.
    InDoubt {
        /// For the operator.
        cause: String,
    },
    /// Toss has taken it, and a provider abroad decides later.
    Pending,
    /// The money goes back.
    Done {
        /// Toss's key of the cancel.
        #[serde(default)]
        transaction_key: Option<String>,
        /// When, as Toss writes it.
        #[serde(default)]
        done_at: Option<String>,
    },
    /// Toss has not cancelled, and this refund never will.
    Refused(Decline),
}

impl Progress {
    /// Its word in the store.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Progress::Asked => "asked",
            Progress::InDoubt { .. } => "in_doubt",
            Progress::Pending => "pending",
            Progress::Done { .. } => "done",
            Progress::Refused(_) => "refused",
        }
    }

    /// Whether it may have happened or may still happen, and nobody knows.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        match self {
            Progress::Asked | Progress::InDoubt { .. } | Progress::Pending => true,
            Progress::Done { .. } | Progress::Refused(_) => false,
        }
    }
}

impl fmt::Debug for Refund {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refund")
            .field("id", &self.id)
            .field("amount", &self.amount)
            .field("origin", &self.origin)
            .field("is_void", &self.is_void)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

impl Refund {
    /// One that is to be asked for: of that payment, so much of a balance.
    #[must_use]
    pub fn new(
        id: CancelRequestId,
        idempotency_key: IdempotencyKey,
        payment_key: PaymentKey,
        amount: Money,
        balance_before: Money,
        asked_at_ms: i64,
    ) -> Refund {
        Refund {
            id,
            idempotency_key: Some(idempotency_key),
            payment_key,
            amount,
            tax_free: None,
            balance_before,
            reason: String::new(),
            origin: Origin::Shop,
            is_void: false,
            to_account: false,
            keeps_stock: false,
            asked_at_ms,
            progress: Progress::Asked,
        }
    }

    /// Whether the money goes back.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self.progress, Progress::Done { .. })
    }

    /// Whether nothing of the payment is left after it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.amount == self.balance_before
    }
}
