//! How much there is, and how much of it is taken.

use super::Postgres;
use super::connection::PgConnection;
use super::rows::{all, get, number};
use super::transaction::{Statement, statement};
use super::tries::{Failed, tried};
use crate::order::Reserve;
use crate::store::{StockLevel, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::Row as PgRow;

/// By sku, so that all lock them in the same order; each once.
pub(super) fn sums<'r>(reserves: impl IntoIterator<Item = &'r Reserve>) -> (Vec<&'r str>, Vec<i64>) {
    let mut sums = BTreeMap::<&str, i64>::new();
    for reserve in reserves {
        *sums.entry(&reserve.sku).or_default() += i64::from(reserve.quantity);
    }
    sums.into_iter().unzip()
}

/// Gives back and takes in one transaction. All of it is locked first, in the order that everybody locks it in: those who meet wait, and
/// none of them has to begin again.
pub(super) async fn exchange(connection: &mut PgConnection, back: &[Reserve], reserves: &[Reserve]) -> Result<Vec<String>, Failed> {
    let locking = || {
        let (skus, _) = sums(back.iter().chain(reserves));
        statement("SELECT sku FROM stock WHERE sku = ANY ($1::TEXT[]) ORDER BY sku FOR NO KEY UPDATE").bind(skus)
    };
    let lock = (!back.is_empty() && !reserves.is_empty()).then(locking);
    let statements = [lock, changing(back, -1), taking(reserves)].into_iter().flatten();
    let answers = connection.say(statements.map(Statement::words).collect()).await?;
    let taken = if reserves.is_empty() { None } else { answers.last() };
    missing(reserves, taken.map_or(&[], |answer| &answer.rows))
}

/// Takes all of it, or says of what there is not enough; then whoever called rolls back.
pub(super) async fn take(connection: &mut PgConnection, reserves: &[Reserve]) -> Result<Vec<String>, Failed> {
    exchange(connection, &[], reserves).await
}

fn taking(reserves: &[Reserve]) -> Option<Statement<'_>> {
    let (skus, quantities) = sums(reserves);
    let take = || {
        statement(
            "INSERT INTO stock (sku, total, taken) SELECT one.sku, NULL::BIGINT, one.quantity \
             FROM UNNEST($1::TEXT[], $2::BIGINT[]) AS one (sku, quantity) ORDER BY one.sku COLLATE \"C\" \
             ON CONFLICT (sku) DO UPDATE SET taken = stock.taken + excluded.taken \
             WHERE stock.total IS NULL OR stock.taken + excluded.taken <= stock.total RETURNING sku",
        )
    };
    (!skus.is_empty()).then(|| take().bind(skus).bind(quantities))
}

fn missing(reserves: &[Reserve], taken: &[PgRow]) -> Result<Vec<String>, Failed> {
    let taken = taken.iter().map(|row| get::<&str>(row, "sku")).collect::<Result<BTreeSet<_>, _>>()?;
    let mut missing = Vec::new();
    for reserve in reserves {
        if !taken.contains(reserve.sku.as_str()) && !missing.contains(&reserve.sku) {
            missing.push(reserve.sku.clone());
        }
    }
    Ok(missing)
}

/// Takes those of which there is not enough all the same.
pub(super) async fn oversell(connection: &mut PgConnection, missing: &[String], reserves: &[Reserve]) -> Result<(), Failed> {
    change(connection, reserves.iter().filter(|reserve| missing.contains(&reserve.sku)), 1).await
}

/// Gives all of it back.
pub(super) async fn give_back(connection: &mut PgConnection, reserves: &[Reserve]) -> Result<(), Failed> {
    change(connection, reserves, -1).await
}

async fn change<'r>(connection: &mut PgConnection, reserves: impl IntoIterator<Item = &'r Reserve>, sign: i64) -> Result<(), Failed> {
    if let Some(change) = changing(reserves, sign) {
        change.execute(connection).await?;
    }
    Ok(())
}

fn changing<'r>(reserves: impl IntoIterator<Item = &'r Reserve>, sign: i64) -> Option<Statement<'r>> {
    let (skus, quantities) = sums(reserves);
    let change = || {
        statement(
            "WITH held AS (SELECT sku FROM stock WHERE sku = ANY ($1::TEXT[]) ORDER BY sku FOR NO KEY UPDATE) \
             UPDATE stock SET taken = stock.taken + $3 * one.quantity \
             FROM held JOIN UNNEST($1::TEXT[], $2::BIGINT[]) AS one (sku, quantity) ON one.sku = held.sku WHERE stock.sku = held.sku",
        )
    };
    (!skus.is_empty()).then(|| change().bind(skus).bind(quantities).bind(sign))
}

impl Postgres {
    pub(super) async fn write_stock(&self, sku: &str, total: Option<u32>) -> Result<(), StoreError> {
        const SET: &str = "INSERT INTO stock (sku, total, taken) VALUES ($1, $2, 0) ON CONFLICT (sku) DO UPDATE SET total = excluded.total";
        tried!("setting how much there is", self.execute(statement(SET).bind(sku).bind(total.map(i64::from))));
        Ok(())
    }

    pub(super) async fn read_stock(&self) -> Result<Vec<StockLevel>, StoreError> {
        let level = |row: &PgRow| {
            let total: Option<i64> = get(row, "total")?;
            let total = total.map(u32::try_from).transpose().map_err(Failed::content)?;
            Ok(StockLevel { sku: get(row, "sku")?, total, taken: number(row, "taken")? })
        };
        let doing = "reading how much there is";
        let rows = tried!(doing, self.rows(statement("SELECT sku, total, taken FROM stock ORDER BY sku")));
        all(doing, &rows, level)
    }
}
