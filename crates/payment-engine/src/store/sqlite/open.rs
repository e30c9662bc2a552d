//! Opens the file, brings its tables up to date, and refuses a file system that forgets.

use super::Sqlite;
use crate::store::StoreError;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlSafeStr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// SQLite itself waits this long for another process that holds the file.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

/// Which file, and how. A file of the engine's own, as a rule: its tables are called `orders`, `order_events` and the like.
///
/// ```
/// use payment_engine::store::Options;
///
/// let options = Options::at("data/orders.db").create(false);
/// assert!(!options.create);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Where.
    pub path: PathBuf,
    /// Whether it may be made where it is not there.
    pub create: bool,
}

impl Options {
    /// That file, made where it is not there.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Options {
        Options { path: path.into(), create: true }
    }

    /// Whether it may be made where it is not there.
    #[must_use]
    pub fn create(mut self, create: bool) -> Options {
        self.create = create;
        self
    }
}

impl Sqlite {
    /// Opens the file and brings its tables up to date.
    ///
    /// # Errors
    /// When that fails, or when the file system does not give SQLite a write-ahead log with full sync: an order that is lost
    /// with the power is a charge that nobody knows of.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn open(options: &Options) -> Result<Sqlite, StoreError> {
        let failed = |cause| StoreError::new("opening the SQLite file", cause);
        if options.create {
            create_private(&options.path).map_err(|cause| StoreError::new("creating the SQLite file", cause))?;
        }
        let path = &options.path;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            // What is forgotten is overwritten.
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let writer = connect(options.clone()).await.map_err(failed)?;
        refuse_unsafe_settings(&writer, path).await?;
        migrate(&writer).await?;
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

/// The first connection turns the log on, for which a file has to be nobody else's for a moment: whoever finds it taken comes again, since
/// SQLite does not wait there.
async fn connect(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    const TRIES: usize = 40;
    const PAUSE: Duration = Duration::from_millis(50);
    let mut tried = 1;
    loop {
        match pool(1).connect_with(options.clone()).await {
            Err(sqlx::Error::Database(error)) if tried < TRIES && error.message().contains("locked") => tokio::time::sleep(PAUSE).await,
            connected => return connected,
        }
        tried += 1;
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false).idle_timeout(None).max_lifetime(None)
}

async fn refuse_unsafe_settings(writer: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    const DOING: &str = "checking how SQLite keeps what it is told";
    let failed = |cause| StoreError::new(DOING, cause);
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(writer).await.map_err(failed)?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(writer).await.map_err(failed)?;
    const FULL: i64 = 2;
    if journal == "wal" && synchronous >= FULL {
        return Ok(());
    }
    let path = path.display();
    let told = format!("it has journal_mode={journal} and synchronous={synchronous}, and needs wal and 2: put {path} on a local disk");
    Err(StoreError::new(DOING, told))
}

/// Where the engine keeps account of its migrations: a shop that uses sqlx as well has a table of its own by the usual name.
const MIGRATIONS: &str = "payment_engine_migrations";

/// Brings the tables up to date. Two processes may start at once on a file of a version before: whoever comes second meets the
/// work of the first half-way, and finds it done when it looks again.
async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    const TRIES: usize = 6;
    let migrations = migrations();
    let mut tried = 0;
    loop {
        take_over(writer, &migrations).await.map_err(|cause| StoreError::new("looking for earlier migrations", cause))?;
        tried += 1;
        match migrations.run(writer).await {
            Ok(()) => return Ok(()),
            Err(cause) if tried < TRIES => tracing::warn!(%cause, "the tables could not be brought up to date; looking again"),
            Err(cause) => return Err(StoreError::new("bringing the tables up to date", cause)),
        }
    }
}

/// Files from before had the account under the usual name. That of a shop is left alone, also if its first migration has the same
/// description: it is another text.
async fn take_over(writer: &SqlitePool, migrations: &Migrator) -> Result<(), sqlx::Error> {
    const OURS: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations') \
                        AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'payment_engine_migrations')";
    let mut look = writer.begin_with("BEGIN IMMEDIATE").await?;
    if sqlx::query_scalar::<_, bool>(OURS).fetch_one(&mut *look).await? {
        let first: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT checksum FROM _sqlx_migrations WHERE version = 1").fetch_optional(&mut *look).await?;
        if first.is_some_and(|sum| migrations.iter().any(|step| step.version == 1 && *step.checksum == *sum)) {
            sqlx::query("ALTER TABLE _sqlx_migrations RENAME TO payment_engine_migrations").execute(&mut *look).await?;
        }
    }
    look.commit().await
}

fn migrations() -> Migrator {
    let step = |number, name: &'static str, sql: &'static str| {
        Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let mut migrator = Migrator::with_migrations(vec![
        step(1, "orders", include_str!("../migrations/sqlite/0001_orders.sql")),
        step(2, "engine", include_str!("../migrations/sqlite/0002_engine.sql")),
        step(3, "currency", include_str!("../migrations/sqlite/0003_currency.sql")),
        step(4, "life", include_str!("../migrations/sqlite/0004_life.sql")),
    ]);
    migrator.dangerous_set_table_name(MIGRATIONS);
    migrator
}
