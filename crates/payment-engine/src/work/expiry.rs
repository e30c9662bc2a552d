//! Orders that nobody has paid in time. `step` refuses late payments by itself; this tells the store, and who looks at the
//! order's page.

use super::later;
use crate::engine::Engine;
use crate::order::{Event, Illegal, Lane};
use crate::store::{ApplyError, OrderRecord, StoreError};

pub(super) async fn look(engine: &Engine, record: &OrderRecord) -> Result<(), StoreError> {
    let order_id = &record.order.id;
    // A payment has come back in time and waits for its turn.
    if engine.is_returning(order_id) {
        return later(engine, Lane::Expiry, record, None).await;
    }
    match engine.0.store.apply(order_id, &Event::TimeRanOut, &engine.note()).await {
        Ok(_) => {
            tracing::info!(%order_id, "expired unpaid");
            engine.0.news.announce(order_id);
            Ok(())
        }
        // Its time has not come: the clock was set back. Or a payment has come back meanwhile, and its own lane looks after it.
        Err(ApplyError::Illegal { illegal: Illegal::NotExpired, record }) if record.state.is_payable() => {
            later(engine, Lane::Expiry, &record, None).await
        }
        Err(ApplyError::Illegal { .. } | ApplyError::NoSuchOrder | ApplyError::PaymentTaken) => Ok(()),
        Err(ApplyError::Store(error)) => Err(error),
    }
}
