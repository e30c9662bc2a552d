//! Orders in one SQLite file: write-ahead log, synced at every commit, one writer.

use super::{ApplyError, EventRecord, NewOrder, Note, OrderRecord, Owner, Store, StoreError};
use crate::domain::lang::Lang;
use crate::domain::money::Won;
use crate::domain::order::OrderId;
use crate::domain::step::{Effect, Event, Illegal, State, step};
use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Row, SqlSafeStr};
use std::path::Path;
use std::time::Duration;

/// SQLite itself waits this long for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

const SELECT_ORDER: &str =
    "SELECT id, owner, name, cart, customer, lang, total_krw, state, version, toss_answer, checks, placed_at_ms FROM orders WHERE id = ?";

/// The default store: a file that needs no server.
#[derive(Clone, Debug)]
pub struct Sqlite {
    // Writers queue here rather than inside SQLite, so that none of them ever sees `SQLITE_BUSY`.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    /// Opens or creates the file and brings its tables up to date. `account` names the account at Toss.
    ///
    /// # Errors
    /// When that fails; when the orders in the file were paid at another account; or when the file system does not give
    /// SQLite a write-ahead log with full sync: an order that is lost with the power is a charge that nobody knows of.
    pub async fn open(path: &Path, account: &str) -> Result<Sqlite, StoreError> {
        let failed = |cause| StoreError::new("opening the SQLite file", cause);
        create_private(path).map_err(|cause| StoreError::new("creating the SQLite file", cause))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let writer = pool(1).connect_with(options.clone()).await.map_err(failed)?;
        refuse_unsafe_settings(&writer).await?;
        migrations().run(&writer).await.map_err(|cause| StoreError::new("bringing the tables up to date", cause))?;
        refuse_another_account(&writer, account).await?;
        let readers = pool(READERS).connect_with(options.read_only(true)).await.map_err(failed)?;
        Ok(Sqlite { writer, readers })
    }
}

/// Orders hold names and phone numbers: only the owner of the process may read them. SQLite gives its other files the
/// same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

async fn refuse_another_account(writer: &SqlitePool, account: &str) -> Result<(), StoreError> {
    const DOING: &str = "checking whose orders these are";
    let failed = |cause| StoreError::new(DOING, cause);
    sqlx::query("INSERT INTO toss_account (only_row, account) VALUES (1, ?) ON CONFLICT DO NOTHING")
        .bind(account)
        .execute(writer)
        .await
        .map_err(failed)?;
    let known: String = sqlx::query_scalar("SELECT account FROM toss_account").fetch_one(writer).await.map_err(failed)?;
    if known == account {
        return Ok(());
    }
    Err(StoreError::new(DOING, format!("they were paid at {known}, and the keys that are set belong to {account}")))
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false).idle_timeout(None).max_lifetime(None)
}

async fn refuse_unsafe_settings(writer: &SqlitePool) -> Result<(), StoreError> {
    const DOING: &str = "checking how SQLite keeps what it is told";
    let failed = |cause| StoreError::new(DOING, cause);
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(writer).await.map_err(failed)?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(writer).await.map_err(failed)?;
    const FULL: i64 = 2;
    if journal == "wal" && synchronous >= FULL {
        return Ok(());
    }
    Err(StoreError::new(
        DOING,
        format!("it has journal_mode={journal} and synchronous={synchronous}, and needs wal and 2: put DATABASE_URL on a local disk"),
    ))
}

fn migrations() -> Migrator {
    let orders = include_str!("migrations/sqlite/0001_orders.sql");
    Migrator::with_migrations(vec![Migration::new(1, "orders".into(), MigrationType::Simple, orders.into_sql_str(), false)])
}

#[async_trait]
impl Store for Sqlite {
    async fn place(&self, order: &NewOrder) -> Result<(), StoreError> {
        const DOING: &str = "placing an order";
        sqlx::query(
            "INSERT INTO orders (id, owner, name, cart, customer, lang, total_krw, state, version, placed_at_ms, changed_at_ms) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
        )
        .bind(order.id.as_str())
        .bind(&order.owner.0)
        .bind(&order.name)
        .bind(json(DOING, &order.cart)?)
        .bind(json(DOING, &order.customer)?)
        .bind(order.lang.code())
        .bind(order.total.amount())
        .bind(json(DOING, &State::Open)?)
        .bind(order.placed_at_ms)
        .bind(order.placed_at_ms)
        .execute(&self.writer)
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        Ok(())
    }

    async fn order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        const DOING: &str = "reading an order";
        let row = sqlx::query(SELECT_ORDER).bind(id.as_str()).fetch_optional(&self.readers).await;
        row.map_err(|cause| StoreError::new(DOING, cause))?.map(|row| record(DOING, &row)).transpose()
    }

    async fn apply(&self, id: &OrderId, event: &Event, note: &Note) -> Result<(OrderRecord, Option<Effect>), ApplyError> {
        const DOING: &str = "applying an event";
        let failed = |cause| StoreError::new(DOING, cause);
        // IMMEDIATE takes the write lock before the read, so that what was read still holds when it is written.
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;

        let row = sqlx::query(SELECT_ORDER).bind(id.as_str()).fetch_optional(&mut *transaction).await.map_err(failed)?;
        let mut record = record(DOING, &row.ok_or(ApplyError::NoSuchOrder)?)?;
        let (state, effect) = match step(&record.state, event) {
            Ok(stepped) => stepped,
            Err(illegal) => return Err(ApplyError::Illegal { illegal, record: Box::new(record) }),
        };
        if let Event::ConfirmStarted(attempt) = event {
            match claim(&mut transaction, id, attempt.payment_key.expose()).await? {
                Claim::First => {}
                Claim::OwnAgain => return Err(ApplyError::Illegal { illegal: Illegal::AlreadyDeclined, record: Box::new(record) }),
                Claim::Anothers => return Err(ApplyError::PaymentTaken),
            }
        }
        sqlx::query(
            "INSERT INTO order_events (order_id, seq, at_ms, event, toss_answer) \
             SELECT id, version + 1, ?, ?, ? FROM orders WHERE id = ?",
        )
        .bind(note.at_ms)
        .bind(json(DOING, event)?)
        .bind(note.toss_answer.as_deref())
        .bind(id.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        sqlx::query(
            "UPDATE orders SET state = ?, version = version + 1, toss_answer = COALESCE(?, toss_answer), \
             check_at_ms = ?, checks = 0, changed_at_ms = ? WHERE id = ?",
        )
        .bind(json(DOING, &state)?)
        .bind(note.toss_answer.as_deref())
        .bind(note.check_at_ms)
        .bind(note.at_ms)
        .bind(id.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;

        record.state = state;
        record.version += 1;
        record.checks = 0;
        record.toss_answer = note.toss_answer.clone().or(record.toss_answer);
        Ok((record, effect))
    }

    async fn take_due(&self, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<OrderRecord>, StoreError> {
        const DOING: &str = "taking orders that are due for a check";
        let rows = sqlx::query(
            "UPDATE orders SET check_at_ms = ?1 WHERE id IN \
             (SELECT id FROM orders WHERE check_at_ms <= ?2 ORDER BY check_at_ms LIMIT ?3) \
             RETURNING id, owner, name, cart, customer, lang, total_krw, state, version, toss_answer, checks, placed_at_ms",
        )
        .bind(lease_until_ms)
        .bind(now_ms)
        .bind(limit)
        .fetch_all(&self.writer)
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        let readable = |row: &SqliteRow| {
            let id: Result<String, _> = row.try_get("id");
            record(DOING, row).map_err(|error| tracing::error!(order_id = ?id, %error, "an order that is due cannot be read")).ok()
        };
        Ok(rows.iter().filter_map(readable).collect())
    }

    async fn check_later(&self, record: &OrderRecord, check_at_ms: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE orders SET check_at_ms = ?, checks = checks + 1 WHERE id = ? AND version = ? AND check_at_ms IS NOT NULL")
            .bind(check_at_ms)
            .bind(record.order.id.as_str())
            .bind(record.version)
            .execute(&self.writer)
            .await
            .map_err(|cause| StoreError::new("scheduling a check", cause))?;
        Ok(())
    }

    async fn events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError> {
        const DOING: &str = "reading an order's history";
        let failed = |cause| StoreError::new(DOING, cause);
        let rows = sqlx::query("SELECT seq, at_ms, event, toss_answer FROM order_events WHERE order_id = ? ORDER BY seq")
            .bind(id.as_str())
            .fetch_all(&self.readers)
            .await
            .map_err(failed)?;
        rows.iter()
            .map(|row| {
                Ok(EventRecord {
                    seq: row.try_get("seq").map_err(failed)?,
                    at_ms: row.try_get("at_ms").map_err(failed)?,
                    event: from_json(DOING, row.try_get("event").map_err(failed)?)?,
                    toss_answer: row.try_get("toss_answer").map_err(failed)?,
                })
            })
            .collect()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await.map_err(|cause| StoreError::new("answering a ping", cause))?;
        Ok(())
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

enum Claim {
    /// Nobody had it.
    First,
    /// This order had it in an earlier attempt.
    OwnAgain,
    /// Another order has it.
    Anothers,
}

async fn claim(transaction: &mut SqliteConnection, id: &OrderId, payment_key: &str) -> Result<Claim, StoreError> {
    let failed = |cause| StoreError::new("claiming a payment", cause);
    let inserted = sqlx::query("INSERT INTO payment_claims (payment_key, order_id) VALUES (?, ?) ON CONFLICT (payment_key) DO NOTHING")
        .bind(payment_key)
        .bind(id.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    if inserted.rows_affected() == 1 {
        return Ok(Claim::First);
    }
    let owner: String = sqlx::query_scalar("SELECT order_id FROM payment_claims WHERE payment_key = ?")
        .bind(payment_key)
        .fetch_one(transaction)
        .await
        .map_err(failed)?;
    Ok(if owner == id.as_str() { Claim::OwnAgain } else { Claim::Anothers })
}

fn json(doing: &'static str, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::new(doing, cause))
}

fn from_json<T: DeserializeOwned>(doing: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|cause| StoreError::new(doing, cause))
}

fn record(doing: &'static str, row: &SqliteRow) -> Result<OrderRecord, StoreError> {
    let failed = |cause: sqlx::Error| StoreError::new(doing, cause);
    let id: String = row.try_get("id").map_err(failed)?;
    let lang: String = row.try_get("lang").map_err(failed)?;
    let total: i64 = row.try_get("total_krw").map_err(failed)?;
    Ok(OrderRecord {
        order: NewOrder {
            id: OrderId::try_from(id).map_err(|cause| StoreError::new(doing, cause))?,
            owner: Owner(row.try_get("owner").map_err(failed)?),
            name: row.try_get("name").map_err(failed)?,
            cart: from_json(doing, row.try_get("cart").map_err(failed)?)?,
            total: Won::try_from(total).map_err(|cause| StoreError::new(doing, cause))?,
            customer: from_json(doing, row.try_get("customer").map_err(failed)?)?,
            lang: Lang::from_code(&lang).ok_or_else(|| StoreError::new(doing, "a language that this version does not know"))?,
            placed_at_ms: row.try_get("placed_at_ms").map_err(failed)?,
        },
        state: from_json(doing, row.try_get("state").map_err(failed)?)?,
        toss_answer: row.try_get("toss_answer").map_err(failed)?,
        version: row.try_get("version").map_err(failed)?,
        checks: row.try_get("checks").map_err(failed)?,
    })
}
