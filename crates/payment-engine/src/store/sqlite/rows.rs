//! Rows, read and written.

use crate::order::State;
use crate::store::{NewOrder, OrderRecord, Owner, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use toss_payments::{Amount, Currency, Money};
use toss_types::OrderId;

/// What [`record`] reads.
macro_rules! columns {
    () => {
        "id, owner, name, details, amount, currency, state, refunds, version, attempts, looks, looked_at_ms, reserves, placed_at_ms, \
         expires_at_ms"
    };
}
pub(super) use columns;

pub(super) fn json(doing: &'static str, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::new(doing, cause))
}

pub(super) fn from_json<T: DeserializeOwned>(doing: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|cause| StoreError::new(doing, cause))
}

pub(super) fn order_id(doing: &'static str, text: &str) -> Result<OrderId, StoreError> {
    OrderId::parse(text).map_err(|cause| StoreError::new(doing, cause))
}

pub(super) fn record(doing: &'static str, row: &SqliteRow) -> Result<OrderRecord, StoreError> {
    let failed = |cause: sqlx::Error| StoreError::new(doing, cause);
    let amount: &str = row.try_get("amount").map_err(failed)?;
    let amount = Amount::parse(amount).ok_or_else(|| StoreError::new(doing, format!("{amount:?} is no amount")))?;
    let currency = Currency::from(row.try_get::<&str, _>("currency").map_err(failed)?);
    let state: State = from_json(doing, row.try_get("state").map_err(failed)?)?;
    Ok(OrderRecord {
        order: NewOrder {
            id: order_id(doing, row.try_get("id").map_err(failed)?)?,
            owner: Owner::new(row.try_get::<String, _>("owner").map_err(failed)?),
            name: row.try_get("name").map_err(failed)?,
            total: Money::new(amount, currency).map_err(|cause| StoreError::new(doing, cause))?,
            details: row.try_get("details").map_err(failed)?,
            reserves: from_json(doing, row.try_get("reserves").map_err(failed)?)?,
            placed_at_ms: row.try_get("placed_at_ms").map_err(failed)?,
            expires_at_ms: row.try_get("expires_at_ms").map_err(failed)?,
        },
        state,
        refunds: from_json(doing, row.try_get("refunds").map_err(failed)?)?,
        version: row.try_get("version").map_err(failed)?,
        attempts: row.try_get("attempts").map_err(failed)?,
        looks: row.try_get("looks").map_err(failed)?,
        looked_at_ms: row.try_get("looked_at_ms").map_err(failed)?,
    })
}
