//! How much there is, and how much of it is taken.

use super::Sqlite;
use super::rows::{all, execute, first};
use super::writer::{Cause, Ended};
use crate::order::Reserve;
use crate::store::{StockLevel, StoreError};
use rusqlite::{Connection, params};

/// Takes all of it, or says of what there is not enough; then whoever called rolls back.
pub(super) fn take(connection: &Connection, reserves: &[Reserve]) -> Result<Vec<String>, Cause> {
    const TAKE: &str = "INSERT INTO stock (sku, total, taken) VALUES (?1, NULL, ?2) \
                        ON CONFLICT (sku) DO UPDATE SET taken = taken + ?2 WHERE total IS NULL OR taken + ?2 <= total RETURNING taken";
    let mut missing = Vec::new();
    for reserve in reserves {
        if first(connection, TAKE, params![reserve.sku, reserve.quantity], |_| Ok(()))?.is_none() {
            missing.push(reserve.sku.clone());
        }
    }
    Ok(missing)
}

/// Takes those of which there is not enough all the same.
pub(super) fn oversell(connection: &Connection, missing: &[String], reserves: &[Reserve]) -> Result<(), Cause> {
    let missing = reserves.iter().filter(|reserve| missing.contains(&reserve.sku));
    change(connection, missing.map(|reserve| (reserve.sku.as_str(), i64::from(reserve.quantity))))
}

/// Gives all of it back.
pub(super) fn give_back(connection: &Connection, reserves: &[Reserve]) -> Result<(), Cause> {
    change(connection, reserves.iter().map(|reserve| (reserve.sku.as_str(), -i64::from(reserve.quantity))))
}

/// So much more, or less, is taken, whatever there is.
fn change<'a>(connection: &Connection, changes: impl Iterator<Item = (&'a str, i64)>) -> Result<(), Cause> {
    for (sku, by) in changes {
        execute(connection, "UPDATE stock SET taken = taken + ? WHERE sku = ?", params![by, sku])?;
    }
    Ok(())
}

impl Sqlite {
    pub(super) async fn write_stock(&self, sku: &str, total: Option<u32>) -> Result<(), StoreError> {
        const SET: &str = "INSERT INTO stock (sku, total, taken) VALUES (?1, ?2, 0) ON CONFLICT (sku) DO UPDATE SET total = ?2";
        let sku = sku.to_owned();
        let set = move |connection: &Connection| {
            execute(connection, SET, params![sku, total])?;
            Ok(Ended::Commit(()))
        };
        self.writer.write("setting how much there is", set).await
    }

    pub(super) async fn read_stock(&self) -> Result<Vec<StockLevel>, StoreError> {
        let read = |connection: &Connection| {
            all(connection, "SELECT sku, total, taken FROM stock ORDER BY sku", [], |row| {
                Ok(StockLevel { sku: row.get(0)?, total: row.get(1)?, taken: row.get(2)? })
            })
        };
        self.readers.read("reading how much there is", read).await
    }
}
