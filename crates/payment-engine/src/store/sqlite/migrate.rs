//! Brings the tables up to date. The account of what was done is kept in the table, by the columns and with the checksums of sqlx's
//! migrator, which kept it before: files of earlier versions go on, and a server of an earlier version takes a file of this one.

use super::writer::Cause;
use crate::store::{EXPAND, StoreError};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use sha2::{Digest as _, Sha384};
use std::time::Instant;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: [Migration; 5] = [
    Migration { version: 1, name: "orders", sql: include_str!("../migrations/sqlite/0001_orders.sql") },
    Migration { version: 2, name: "engine", sql: include_str!("../migrations/sqlite/0002_engine.sql") },
    Migration { version: 3, name: "currency", sql: include_str!("../migrations/sqlite/0003_currency.sql") },
    Migration { version: 4, name: "life", sql: include_str!("../migrations/sqlite/0004_life.sql") },
    Migration { version: 5, name: "expand: growth", sql: include_str!("../migrations/sqlite/0005_growth.sql") },
];

/// By a name of the engine's own: a shop that uses sqlx as well has a table by the usual one.
const ACCOUNT: &str = "CREATE TABLE IF NOT EXISTS payment_engine_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
     installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
     execution_time BIGINT NOT NULL)";

impl Migration {
    fn checksum(&self) -> Vec<u8> {
        Sha384::digest(self.sql).to_vec()
    }
}

/// Two processes may start at once on a file of a version before: each step looks under the lock for what is left to do. Whoever meets a
/// step of another one that takes longer than SQLite waits comes again.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    const DOING: &str = "bringing the tables up to date";
    const TRIES: usize = 6;
    let mut tried = 0;
    loop {
        tried += 1;
        match migrate_once(connection) {
            Ok(()) => return Ok(()),
            Err(cause) if tried < TRIES && is_busy(&cause) => {
                tracing::warn!(%cause, "the tables could not be brought up to date; looking again");
            }
            Err(cause) => return Err(StoreError::new(DOING, in_one_line(cause))),
        }
    }
}

fn migrate_once(connection: &mut Connection) -> Result<(), Cause> {
    loop {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        take_over(&transaction)?;
        let is_more = step(&transaction)?;
        transaction.commit()?;
        if !is_more {
            return Ok(());
        }
    }
}

/// Files from before had the account under the usual name. That of a shop is left alone, also if its first migration has the same
/// description: it is another text.
fn take_over(transaction: &Transaction<'_>) -> Result<(), Cause> {
    const OLD: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations') \
                       AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'payment_engine_migrations')";
    if transaction.query_row(OLD, [], |row| row.get(0))? {
        let first: Option<Vec<u8>> =
            transaction.query_row("SELECT checksum FROM _sqlx_migrations WHERE version = 1", [], |row| row.get(0)).optional()?;
        if first.is_some_and(|sum| MIGRATIONS.iter().any(|step| step.version == 1 && step.checksum() == sum)) {
            transaction.execute("ALTER TABLE _sqlx_migrations RENAME TO payment_engine_migrations", [])?;
        }
    }
    Ok(())
}

/// Takes the next step. `false` where there is none.
fn step(transaction: &Transaction<'_>) -> Result<bool, Cause> {
    transaction.execute(ACCOUNT, [])?;
    let mut applied =
        transaction.prepare("SELECT version, description, checksum, success FROM payment_engine_migrations ORDER BY version")?;
    let applied: Vec<(i64, String, Vec<u8>, bool)> =
        applied.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect::<Result<_, _>>()?;
    for (version, description, checksum, is_whole) in &applied {
        match MIGRATIONS.iter().find(|step| step.version == *version) {
            Some(known) if *is_whole && known.checksum() == *checksum => {}
            None if *is_whole && description.starts_with(EXPAND) => {}
            None => return Err(format!("the file is of a newer version: it has had migration {version}").into()),
            Some(_) => return Err(format!("migration {version} was half done, or is another one by now").into()),
        }
    }
    let Some(next) = MIGRATIONS.iter().find(|step| applied.iter().all(|(version, ..)| *version != step.version)) else {
        return Ok(false);
    };
    let began = Instant::now();
    transaction.execute_batch(next.sql)?;
    let took_ns = i64::try_from(began.elapsed().as_nanos()).unwrap_or(i64::MAX);
    transaction.execute(
        "INSERT INTO payment_engine_migrations (version, description, success, checksum, execution_time) VALUES (?, ?, TRUE, ?, ?)",
        params![next.version, next.name, next.checksum(), took_ns],
    )?;
    Ok(true)
}

fn is_busy(cause: &Cause) -> bool {
    let code = cause.downcast_ref().and_then(rusqlite::Error::sqlite_error_code);
    code.is_some_and(|code| matches!(code, rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked))
}

/// SQLite's words without the statement after them, which is a file.
fn in_one_line(cause: Cause) -> Cause {
    match cause.to_string().split_once('\n') {
        Some((words, _)) => words.into(),
        None => cause,
    }
}
