//! Rows, read and written.

use super::tries::Failed;
use crate::order::State;
use crate::store::form::{from_text, to_text};
use crate::store::{NewOrder, OrderRecord, Owner, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use tokio_postgres::Row as PgRow;
use tokio_postgres::types::FromSql;
use toss_payments::{Amount, Currency, Money};
use toss_types::OrderId;

/// What [`record`] reads.
macro_rules! columns {
    () => {
        "orders.id, orders.owner, orders.name, orders.details, orders.amount::TEXT AS amount, orders.currency, orders.state, \
         orders.refunds, orders.version, orders.attempts, orders.looks, orders.looked_at_ms, orders.reserves, \
         orders.placed_at_ms, orders.expires_at_ms"
    };
}
pub(super) use columns;

pub(super) fn get<'r, T: FromSql<'r>>(row: &'r PgRow, column: &str) -> Result<T, Failed> {
    row.try_get(column).map_err(Failed::content)
}

/// A number that is never below zero, nor large.
pub(super) fn number(row: &PgRow, column: &str) -> Result<u32, Failed> {
    u32::try_from(get::<i64>(row, column)?).map_err(Failed::content)
}

pub(super) fn count(row: &PgRow, column: &str) -> Result<u64, Failed> {
    u64::try_from(get::<i64>(row, column)?).map_err(Failed::content)
}

/// PostgreSQL's texts hold every character but one, which SQLite's do, and what comes from outside may.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

pub(super) fn json(value: &impl Serialize) -> Result<String, Failed> {
    serde_json::to_string(value).map_err(Failed::content)
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Failed> {
    serde_json::from_str(text).map_err(Failed::content)
}

/// The text of a state or an event.
pub(super) fn form(value: &impl Serialize) -> Result<String, Failed> {
    to_text(value).map_err(Failed::content)
}

/// A state or an event.
pub(super) fn from_form<T: DeserializeOwned>(text: &str) -> Result<T, Failed> {
    from_text(text).map_err(Failed::content)
}

pub(super) fn order_id(text: &str) -> Result<OrderId, Failed> {
    OrderId::parse(text).map_err(Failed::content)
}

pub(super) fn amount(text: &str) -> Result<Amount, Failed> {
    Amount::parse(text).ok_or_else(|| Failed::content(format!("{text:?} is no amount")))
}

/// Each row as `read` reads it.
pub(super) fn all<T>(doing: &'static str, rows: &[PgRow], read: impl Fn(&PgRow) -> Result<T, Failed>) -> Result<Vec<T>, StoreError> {
    rows.iter().map(read).collect::<Result<_, _>>().map_err(|failed| failed.told(doing))
}

pub(super) fn record(row: &PgRow) -> Result<OrderRecord, Failed> {
    let currency = Currency::from(get::<&str>(row, "currency")?);
    let state: State = from_form(get(row, "state")?)?;
    Ok(OrderRecord {
        order: NewOrder {
            id: order_id(get(row, "id")?)?,
            owner: Owner::new(get::<String>(row, "owner")?),
            name: get(row, "name")?,
            total: Money::new(amount(get(row, "amount")?)?, currency).map_err(Failed::content)?,
            details: get(row, "details")?,
            reserves: from_json(get(row, "reserves")?)?,
            placed_at_ms: get(row, "placed_at_ms")?,
            expires_at_ms: get(row, "expires_at_ms")?,
        },
        state,
        refunds: from_json(get(row, "refunds")?)?,
        version: get(row, "version")?,
        attempts: number(row, "attempts")?,
        looks: number(row, "looks")?,
        looked_at_ms: get(row, "looked_at_ms")?,
    })
}
