//! Statements, and the rows that they read. Each statement is prepared once per connection.

use super::writer::Cause;
use crate::order::State;
use crate::store::form::from_text;
use crate::store::{NewOrder, OrderRecord, Owner};
use rusqlite::{Connection, Params, Row};
use serde::de::DeserializeOwned;
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

/// Answers how many rows it has changed.
pub(super) fn execute(connection: &Connection, statement: &str, params: impl Params) -> Result<usize, Cause> {
    Ok(connection.prepare_cached(statement)?.execute(params)?)
}

pub(super) fn all<T>(
    connection: &Connection,
    statement: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, Cause>,
) -> Result<Vec<T>, Cause> {
    let mut statement = connection.prepare_cached(statement)?;
    statement.query_and_then(params, read)?.collect()
}

pub(super) fn first<T>(
    connection: &Connection,
    statement: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, Cause>,
) -> Result<Option<T>, Cause> {
    let mut statement = connection.prepare_cached(statement)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// For a statement that always has a row.
pub(super) fn one<T>(
    connection: &Connection,
    statement: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, Cause>,
) -> Result<T, Cause> {
    first(connection, statement, params, read)?.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T, Cause> {
    Ok(serde_json::from_str(text(row, column)?)?)
}

/// A column that is never NULL, without a copy.
pub(super) fn text<'row>(row: &'row Row<'_>, column: &str) -> Result<&'row str, Cause> {
    Ok(row.get_ref(column)?.as_str()?)
}

pub(super) fn order_id(row: &Row<'_>, column: &str) -> Result<OrderId, Cause> {
    Ok(OrderId::parse(text(row, column)?)?)
}

pub(super) fn record(row: &Row<'_>) -> Result<OrderRecord, Cause> {
    let amount = text(row, "amount")?;
    let amount = Amount::parse(amount).ok_or_else(|| format!("{amount:?} is no amount"))?;
    let state: State = from_text(text(row, "state")?)?;
    Ok(OrderRecord {
        order: NewOrder {
            id: order_id(row, "id")?,
            owner: Owner::new(text(row, "owner")?),
            name: row.get("name")?,
            total: Money::new(amount, Currency::from(text(row, "currency")?))?,
            details: row.get("details")?,
            reserves: from_json(row, "reserves")?,
            placed_at_ms: row.get("placed_at_ms")?,
            expires_at_ms: row.get("expires_at_ms")?,
        },
        state,
        refunds: from_json(row, "refunds")?,
        version: row.get("version")?,
        attempts: row.get("attempts")?,
        looks: row.get("looks")?,
        looked_at_ms: row.get("looked_at_ms")?,
    })
}
