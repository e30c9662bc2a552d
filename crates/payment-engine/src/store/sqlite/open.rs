//! Opens the file, brings its tables up to date, and refuses a file system that forgets.

use super::Sqlite;
use super::migrate::migrate;
use super::reader::Readers;
use super::writer::{Cause, Writer};
use crate::store::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// SQLite itself waits this long for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// More than there are statements, so that each is prepared once.
const STATEMENTS: usize = 128;

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
        const DOING: &str = "opening the SQLite file";
        let Options { path, create } = options.clone();
        if create {
            create_private(&path).map_err(|cause| StoreError::new("creating the SQLite file", cause))?;
        }
        // Where the process goes later, and what SQLite takes some names for, makes no difference.
        let path = std::path::absolute(path).map_err(|cause| StoreError::new(DOING, cause))?;
        let mut connection = open_first_writer(&path).await?;
        let opened = tokio::task::spawn_blocking(move || {
            migrate(&mut connection)?;
            let reader = open_reader(&path).map_err(|cause| StoreError::new(DOING, cause))?;
            let reopened = path.clone();
            let writer = Writer::start(connection, move || open_writer(&reopened)).map_err(|cause| StoreError::new(DOING, cause))?;
            Ok(Sqlite { writer: Arc::new(writer), readers: Arc::new(Readers::new(path, reader)) })
        });
        opened.await.unwrap_or_else(|cause| Err(StoreError::new(DOING, cause)))
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
async fn open_first_writer(path: &Path) -> Result<Connection, StoreError> {
    const TRIES: usize = 40;
    const PAUSE: Duration = Duration::from_millis(50);
    let mut tried = 1;
    loop {
        let path = path.to_owned();
        let opened = tokio::task::spawn_blocking(move || open_writer(&path)).await;
        match opened.unwrap_or_else(|cause| Err(StoreError::new("opening the SQLite file", cause))) {
            Err(error) if tried < TRIES && error.to_string().contains("locked") => tokio::time::sleep(PAUSE).await,
            opened => return opened,
        }
        tried += 1;
    }
}

/// To which the log is cut when all of it is in the file, in bytes.
const LONGEST_LOG: i64 = 16 * 1024 * 1024;

/// The connection that writes.
fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let opened = || -> Result<(Connection, String, i64), Cause> {
        let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let journal = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        // What is forgotten is overwritten.
        connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON")?;
        // A reader that takes long, such as a back-up, lets the log grow; without a limit it would never shrink again.
        connection.pragma_update(None, "journal_size_limit", LONGEST_LOG)?;
        let synchronous = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
        Ok((connection, journal, synchronous))
    };
    let (connection, journal, synchronous) = opened().map_err(|cause| StoreError::new("opening the SQLite file", cause))?;
    refuse_unsafe_settings(&journal, synchronous, path)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, Cause> {
    Ok(open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// Nothing is made where nothing is there. Each connection is in the hands of one thread at a time, and needs no lock of its own.
fn open(path: &Path, how: OpenFlags) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(path, how | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn refuse_unsafe_settings(journal: &str, synchronous: i64, path: &Path) -> Result<(), StoreError> {
    const FULL: i64 = 2;
    if journal == "wal" && synchronous >= FULL {
        return Ok(());
    }
    let path = path.display();
    let told = format!("it has journal_mode={journal} and synchronous={synchronous}, and needs wal and 2: put {path} on a local disk");
    Err(StoreError::new("checking how SQLite keeps what it is told", told))
}
