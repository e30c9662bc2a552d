//! One transaction on one connection. Whatever ends it but a commit or a rollback that worked, be it an error or a caller that went
//! away, costs the connection, so that no failure outlives its cause.
//!
//! Statements have no names, and none runs outside a transaction: behind a pooler that hands out connections for a transaction each, what
//! one connection has prepared is not there on the next.

use super::Postgres;
use super::tries::{Failed, is_cut_off};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgQueryResult, PgRow};
use sqlx::query::Query;
use sqlx::{Encode, Executor as _, Postgres as Database, Type};
use std::io;
use std::time::Duration;

/// Nobody waits for ever: not for another's row, not for the server, and no row waits for a caller that is gone without a word.
macro_rules! begin {
    ($how:literal) => {
        concat!(
            "BEGIN ISOLATION LEVEL ",
            $how,
            "; SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '20s'; \
             SET LOCAL idle_in_transaction_session_timeout = '20s'"
        )
    };
}

/// Longer than the server lets a statement take: who is not answered by then has lost the connection, and nobody has told him.
const PATIENCE: Duration = Duration::from_secs(30);

async fn in_time<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
}

/// A statement with what it is about.
pub(super) struct Statement<'q>(Query<'q, Database, PgArguments>);

pub(super) fn statement<'q>(sql: &'static str) -> Statement<'q> {
    Statement(sqlx::query(sql).persistent(false))
}

impl Statement<'_> {
    pub(super) fn bind<'t, T: Encode<'t, Database> + Type<Database>>(self, value: T) -> Self {
        Statement(self.0.bind(value))
    }

    pub(super) async fn execute(self, connection: &mut PgConnection) -> Result<PgQueryResult, sqlx::Error> {
        in_time(self.0.execute(connection)).await
    }

    pub(super) async fn fetch_all(self, connection: &mut PgConnection) -> Result<Vec<PgRow>, sqlx::Error> {
        in_time(self.0.fetch_all(connection)).await
    }

    pub(super) async fn fetch_optional(self, connection: &mut PgConnection) -> Result<Option<PgRow>, sqlx::Error> {
        in_time(self.0.fetch_optional(connection)).await
    }

    pub(super) async fn fetch_one(self, connection: &mut PgConnection) -> Result<PgRow, sqlx::Error> {
        in_time(self.0.fetch_one(connection)).await
    }
}

pub(super) struct Transaction {
    connection: PoolConnection<Database>,
    has_ended: bool,
}

impl Postgres {
    /// Each statement sees what was committed before it: after a row has been locked, the next one sees what its last holder has done.
    pub(super) async fn begin(&self) -> Result<Transaction, Failed> {
        self.begin_with(begin!("READ COMMITTED READ WRITE")).await
    }

    /// All statements see the same.
    pub(super) async fn look(&self) -> Result<Transaction, Failed> {
        self.begin_with(begin!("REPEATABLE READ READ ONLY")).await
    }

    /// The pool may hold nothing but connections that a restart of the server has cut off.
    async fn begin_with(&self, begin: &'static str) -> Result<Transaction, Failed> {
        let mut left = self.pool.options().get_max_connections();
        loop {
            let connection = self.pool.acquire().await?;
            let mut transaction = Transaction { connection, has_ended: false };
            match in_time(transaction.connection.execute(begin)).await {
                Ok(_) => return Ok(transaction),
                Err(cause) if left > 0 && is_cut_off(&cause) => left -= 1,
                Err(cause) => return Err(cause.into()),
            }
        }
    }

    /// A transaction of one statement. Answers how many rows it has written.
    pub(super) async fn execute(&self, statement: Statement<'_>) -> Result<u64, Failed> {
        let mut transaction = self.begin().await?;
        let done = statement.execute(transaction.connection()).await.map_err(Failed::from);
        Ok(transaction.end(done).await?.rows_affected())
    }

    /// A transaction of one statement that writes rows and answers them.
    pub(super) async fn written(&self, statement: Statement<'_>) -> Result<Vec<PgRow>, Failed> {
        let mut transaction = self.begin().await?;
        let rows = statement.fetch_all(transaction.connection()).await.map_err(Failed::from);
        transaction.end(rows).await
    }

    /// The rows that one statement reads.
    pub(super) async fn rows(&self, statement: Statement<'_>) -> Result<Vec<PgRow>, Failed> {
        let mut transaction = self.look().await?;
        let rows = statement.fetch_all(transaction.connection()).await.map_err(Failed::from);
        transaction.end(rows).await
    }

    /// The row that one statement reads, where there is one.
    pub(super) async fn row(&self, statement: Statement<'_>) -> Result<Option<PgRow>, Failed> {
        Ok(self.rows(statement).await?.into_iter().next())
    }
}

impl Transaction {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    pub(super) async fn commit(mut self) -> Result<(), Failed> {
        match in_time(self.connection.execute("COMMIT")).await {
            Ok(_) => {
                self.has_ended = true;
                Ok(())
            }
            Err(cause) if is_cut_off(&cause) => Err(Failed::AtCommit(cause)),
            Err(cause) => Err(Failed::Before(cause)),
        }
    }

    /// Nothing is to be written. What cannot be rolled back ends with its connection.
    pub(super) async fn roll_back(mut self) {
        self.has_ended = in_time(self.connection.execute("ROLLBACK")).await.is_ok();
    }

    /// Commits what has worked, and rolls back what has not.
    pub(super) async fn end<T>(self, done: Result<T, Failed>) -> Result<T, Failed> {
        match done {
            Ok(done) => {
                self.commit().await?;
                Ok(done)
            }
            Err(Failed::Before(cause)) if is_cut_off(&cause) => Err(Failed::Before(cause)),
            Err(failed) => {
                self.roll_back().await;
                Err(failed)
            }
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.has_ended {
            self.connection.close_on_drop();
        }
    }
}
