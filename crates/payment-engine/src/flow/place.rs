//! Places an order: what will be charged is stored before anybody is asked to pay.

use crate::engine::{Engine, Settings};
use crate::random;
use crate::store::{NewOrder, Owner, Placement, StoreError};
use toss_types::{OrderId, Won};

/// What a shop sells.
#[derive(Clone, Debug)]
pub struct Sale {
    /// To whom. An owner has one payable order at a time.
    pub owner: Owner,
    /// What Toss and the receipt call it.
    pub name: String,
    /// What is charged, in KRW: computed by the shop's server, never taken from a browser.
    pub total: Won,
    /// What the shop wants to know of it again, in a form of its own.
    pub details: String,
}

/// Why no order was placed. Nothing has been stored then.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// This order of the same owner may have been paid; until that is known, another one could be paid twice.
    #[error("the order {0} of the same owner is undecided")]
    Undecided(OrderId),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Answers the order that is now payable. Earlier ones of the same owner are not any more.
    ///
    /// # Errors
    /// [`PlaceError`]; nothing has been stored then.
    pub async fn place(&self, sale: Sale) -> Result<NewOrder, PlaceError> {
        let now_ms = self.now_ms();
        let lifetime = self.0.settings.expire_after.min(Settings::LONGEST_LIFETIME);
        let lifetime_ms = i64::try_from(lifetime.as_millis()).expect("invariant: a day has few milliseconds");
        let order = NewOrder {
            id: OrderId::parse(&random::word(self.0.random.as_ref())).expect("invariant: a random word is an order number"),
            owner: sale.owner,
            name: sale.name,
            total: sale.total,
            details: sale.details,
            placed_at_ms: now_ms,
            expires_at_ms: now_ms.saturating_add(lifetime_ms),
        };
        match self.0.store.place(&order).await? {
            Placement::Placed { replaced } => {
                tracing::info!(order_id = %order.id, total_krw = order.total.get(), "order placed");
                for id in replaced {
                    tracing::info!(order_id = %id, by = %order.id, "replaced by a newer order of the same browser");
                    self.0.news.announce(&id);
                }
                Ok(order)
            }
            Placement::Undecided(id) => Err(PlaceError::Undecided(id)),
        }
    }
}
