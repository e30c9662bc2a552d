//! Goods and coupons of which there are so many and no more.

use super::refunds::{Balance, Refunds};
use super::state::State;
use serde::{Deserialize, Serialize};

/// Something of which an order takes so many: a product, a coupon, a seat. What it is is the shop's; the engine counts.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reserve {
    /// What.
    pub sku: String,
    /// How many.
    pub quantity: u32,
}

impl Reserve {
    /// So many of that.
    #[must_use]
    pub fn new(sku: impl Into<String>, quantity: u32) -> Reserve {
        Reserve { sku: sku.into(), quantity }
    }
}

/// Whether an order that stands so holds what it has reserved: for as long as it may be paid, is, or may have been. A payment that was
/// declined gives it back; the next one of the same order takes it anew. All that is refunded gives it back too, unless a refund says that
/// the goods are gone.
#[must_use]
pub fn holds_stock(state: &State, refunds: &Refunds) -> bool {
    match state {
        State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::AwaitingDeposit { .. } => true,
        State::Paid { .. } => {
            !Balance::of(state, refunds).is_refunded() || refunds.iter().any(|refund| refund.keeps_stock && refund.is_done())
        }
        State::Declined { .. } | State::Expired { .. } => false,
    }
}
