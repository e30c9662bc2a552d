//! The database of a world: a file. tests/engine_postgres has another one by the same name.

use payment_engine::store::{Options, Sqlite};
use rusqlite::Connection;
use std::path::PathBuf;
use tempfile::TempDir;

pub type Store = Sqlite;

pub struct Database(TempDir);

impl Database {
    pub fn fresh() -> Database {
        Database(tempfile::tempdir().unwrap())
    }

    pub async fn open(&self) -> Store {
        Sqlite::open(&Options::at(self.path())).await.unwrap()
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("orders.db")
    }

    /// Nobody else writes until that is dropped.
    pub async fn lock(&self) -> Connection {
        let lock = Connection::open(self.path()).unwrap();
        lock.execute_batch("BEGIN IMMEDIATE").unwrap();
        lock
    }

    /// How many events were moved out of the way.
    pub async fn archived(&self) -> u32 {
        let count = "SELECT COUNT(*) FROM order_events_archive";
        Connection::open(self.path()).unwrap().query_row(count, [], |row| row.get(0)).unwrap()
    }

    /// Whether that text is anywhere in it, also where the store itself would not find it any more.
    pub async fn holds(&self, text: &str) -> bool {
        let files = ["db", "db-wal"].map(|extension| std::fs::read(self.path().with_extension(extension)).unwrap_or_default());
        files.iter().any(|file| file.windows(text.len()).any(|window| window == text.as_bytes()))
    }
}
