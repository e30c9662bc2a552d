//! One transaction at the one writing connection. Whatever ends it but a commit or a rollback that worked, be it an error
//! or a caller that went away, costs the connection: the next one starts afresh, so that no failure outlives its cause.

use super::Sqlite;
use crate::store::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::{Executor as _, Sqlite as Database, SqliteConnection};

pub(super) struct Writer {
    connection: PoolConnection<Database>,
    doing: &'static str,
    has_ended: bool,
}

impl Sqlite {
    /// Takes the write lock before anything is read, so that what was read still holds when it is written.
    pub(super) async fn begin(&self, doing: &'static str) -> Result<Writer, StoreError> {
        let connection = self.writer.acquire().await.map_err(|cause| StoreError::new(doing, cause))?;
        let mut writer = Writer { connection, doing, has_ended: false };
        writer.run("BEGIN IMMEDIATE").await?;
        Ok(writer)
    }
}

impl Writer {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.run("COMMIT").await?;
        self.has_ended = true;
        Ok(())
    }

    /// For what is no failure: nothing is to be written.
    pub(super) async fn roll_back(mut self) -> Result<(), StoreError> {
        self.run("ROLLBACK").await?;
        self.has_ended = true;
        Ok(())
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), StoreError> {
        self.connection.execute(statement).await.map_err(|cause| StoreError::new(self.doing, cause))?;
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.has_ended {
            self.connection.close_on_drop();
        }
    }
}
