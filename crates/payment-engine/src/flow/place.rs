//! Places an order: what will be charged is stored before anybody is asked to pay.

use crate::engine::Engine;
use crate::order::Reserve;
use crate::random;
use crate::store::{Busy, NewOrder, Owner, Placement, StoreError};
use std::fmt;
use toss_payments::{Money, Won};
use toss_types::OrderId;

/// What a shop sells. Printing leaves out to whom, and what it is.
///
/// ```
/// use payment_engine::toss_payments::Won;
/// use payment_engine::{Owner, Sale};
///
/// let sale = Sale::new(Owner::new("digest of the session"), "사과 3개", Won::of(9_000)).details(r#"{"cart":["apple"]}"#);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Sale {
    /// To whom. An owner has one payable order at a time.
    pub owner: Owner,
    /// What Toss and the receipt call it.
    pub name: String,
    /// What is charged: computed by the shop's server, never taken from a browser. [`Won`], as a rule; overseas payments are in
    /// other currencies.
    pub total: Money,
    /// What the shop wants to know of it again, in a form of its own.
    pub details: String,
    /// What it takes of things of which there may be so many and no more: goods, coupons.
    pub reserves: Vec<Reserve>,
}

impl Sale {
    /// So much, for this, to that owner.
    #[must_use]
    pub fn new(owner: Owner, name: impl Into<String>, total: impl Into<Money>) -> Sale {
        Sale { owner, name: name.into(), total: total.into(), details: String::new(), reserves: Vec::new() }
    }

    /// What the shop wants to know of it again: cart, contact data, language, in a form of its own.
    #[must_use]
    pub fn details(mut self, details: impl Into<String>) -> Sale {
        self.details = details.into();
        self
    }

    /// So many of that. It is held for as long as the order may be paid, is, or may have been.
    #[must_use]
    pub fn reserve(mut self, sku: impl Into<String>, quantity: u32) -> Sale {
        self.reserves.push(Reserve::new(sku, quantity));
        self
    }
}

impl fmt::Debug for Sale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sale").field("total", &self.total).finish_non_exhaustive()
    }
}

/// Why no order was placed. Nothing has been stored then.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// Less than can be charged, or in a currency of which nobody knows how many decimals it has.
    #[error("{0} cannot be charged")]
    Total(Money),
    /// This order of the same owner may have been paid; until that is known, another one could be paid twice.
    #[error("the order {0} of the same owner is undecided")]
    Undecided(OrderId),
    /// There is not enough left of these.
    #[error("there is not enough left of {}", .0.join(", "))]
    SoldOut(Vec<String>),
    /// The store has as much to do as it takes on: money goes first. Asked for again in a moment, the order may well be placed.
    #[error("the store has too many orders to place just now")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for PlaceError {
    fn from(error: StoreError) -> PlaceError {
        if error.cause().is::<Busy>() { PlaceError::Busy } else { PlaceError::Store(error) }
    }
}

impl Engine {
    /// Answers the order that is now payable. Earlier ones of the same owner are not any more.
    ///
    /// # Errors
    /// [`PlaceError`]; nothing has been stored then.
    ///
    /// # Panics
    /// Where the source of randomness does, as [`OsRandom`](crate::random::OsRandom) where the operating system has none.
    pub async fn place(&self, sale: Sale) -> Result<NewOrder, PlaceError> {
        if !is_chargeable(&sale.total) {
            return Err(PlaceError::Total(sale.total));
        }
        let now_ms = self.now_ms();
        let lifetime_ms = i64::try_from(self.0.settings.expire_after.as_millis()).expect("invariant: a day has few milliseconds");
        let order = NewOrder {
            id: OrderId::parse(&random::word(self.0.random.as_ref())).expect("invariant: a random word is an order number"),
            owner: sale.owner,
            name: sale.name,
            total: sale.total,
            details: sale.details,
            reserves: sale.reserves,
            placed_at_ms: now_ms,
            expires_at_ms: now_ms.saturating_add(lifetime_ms),
        };
        match self.0.store.place(&order, &self.note()).await? {
            Placement::Placed { replaced } => {
                tracing::info!(order_id = %order.id, total = %order.total, "order placed");
                for id in replaced {
                    tracing::info!(order_id = %id, by = %order.id, "replaced by a newer order of the same browser");
                    self.0.news.announce(&id);
                }
                Ok(order)
            }
            Placement::Undecided(id) => Err(PlaceError::Undecided(id)),
            Placement::SoldOut(skus) => Err(PlaceError::SoldOut(skus)),
        }
    }
}

/// Toss charges cards 100 KRW at least (Toss docs, error `BELOW_MINIMUM_AMOUNT`); what the least of other currencies is, nobody
/// says, so that any amount but nothing is taken.
fn is_chargeable(total: &Money) -> bool {
    match total.as_won() {
        Some(won) => won >= Won::CARD_MINIMUM,
        None => total.currency().decimals().is_some() && !total.amount().is_zero(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toss_payments::{Amount, Currency};

    #[test]
    fn a_store_that_is_busy_has_not_failed() {
        assert!(matches!(PlaceError::from(StoreError::new("placing an order", Busy)), PlaceError::Busy));
        assert!(matches!(PlaceError::from(StoreError::new("placing an order", "disk full")), PlaceError::Store(_)));
    }

    #[test]
    fn what_cannot_be_charged_is_not_placed() {
        let money = |amount, currency| Money::new(Amount::parse(amount).unwrap(), Currency::from(currency)).unwrap();
        for (amount, currency, expected) in [
            ("100", "KRW", true),
            ("99", "KRW", false),
            ("0", "KRW", false),
            ("0.01", "USD", true),
            ("0", "USD", false),
            ("100", "MUSD", false),
            ("100", "XYZ", false),
        ] {
            assert_eq!(is_chargeable(&money(amount, currency)), expected, "{amount} {currency}");
        }
    }
}
