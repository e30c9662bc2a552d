//! Applies what is heard of an order, and tells who waits for it.

use crate::engine::Engine;
use crate::order::{Decline, Event, Illegal, Lane, RefundOutcome};
use crate::store::{Applied, ApplyError, Note, OrderRecord, StoreError};

/// Applies what is known, and tells who waits. Answers the order as it stands, whoever was first.
pub(crate) async fn apply(engine: &Engine, record: &OrderRecord, event: &Event, note: Note) -> Result<OrderRecord, StoreError> {
    let order_id = &record.order.id;
    match engine.0.store.apply(order_id, event, &note).await {
        Ok(Applied { record, effect: _ }) => {
            log(event, &record);
            engine.0.news.announce(order_id);
            if let Some(lane) = Lane::of(&record.state, &record.refunds) {
                engine.wake(lane);
            }
            Ok(record)
        }
        Err(ApplyError::Illegal { illegal: Illegal::NothingNew, record }) => Ok(*record),
        Err(ApplyError::Illegal { illegal, record }) => {
            tracing::info!(%order_id, ?illegal, "what was heard of an order had been overtaken");
            Ok(*record)
        }
        Err(error @ (ApplyError::NoSuchOrder | ApplyError::PaymentTaken)) => {
            Err(StoreError::new("storing what was heard of an order", error.to_string()))
        }
        Err(ApplyError::Store(error)) => Err(error),
    }
}

fn log(event: &Event, record: &OrderRecord) {
    let order_id = &record.order.id;
    match event {
        Event::RefundEnded { id, outcome: RefundOutcome::Unknown { cause } } => {
            tracing::warn!(%order_id, refund = %id, %cause, "nobody knows whether a refund has happened; looking it up");
        }
        Event::RefundEnded { id, outcome: RefundOutcome::Refused(Decline { code, .. }) } => {
            tracing::warn!(%order_id, refund = %id, %code, "a refund was refused");
        }
        Event::RefundEnded { .. } | Event::CancelsSeen { .. } => {
            tracing::info!(%order_id, refunded = %record.balance().refunded, standing = record.standing(), "refunds changed");
        }
        Event::DepositReversed { .. } => tracing::error!(%order_id, "the bank has taken the deposit back: hold the goods"),
        Event::TransferSeen { transfer, .. } if transfer.has_failed() => {
            tracing::error!(%order_id, "the money that goes back to a deposit's payer has not arrived: a person has to send it");
        }
        Event::TransferSeen { .. } => tracing::info!(%order_id, "the transfer that gives a deposit back has moved"),
        Event::NoDeposit { .. } => tracing::info!(%order_id, "nobody has paid into the account in time"),
        Event::ConfirmStarted(_)
        | Event::AnotherReturned(_)
        | Event::ConfirmEnded { .. }
        | Event::KeyRenewed { .. }
        | Event::TimeRanOut
        | Event::Replaced
        | Event::DepositStayed { .. }
        | Event::RefundStarted(_) => {}
    }
}
