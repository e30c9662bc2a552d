//! One transaction on one connection. Whatever ends it but a commit or a rollback that worked, be it an error or a caller that went
//! away, costs the connection, so that no failure outlives its cause.
//!
//! A transaction of one statement is that statement and costs one round trip. One of several begins with its first statement, which
//! saves another one.

use super::Postgres;
use super::connection::{Answer, Begin, PgConnection, TO_READ, TO_WRITE, Values, Words};
use super::fault::Fault;
use super::pool::Lent;
use super::tries::Failed;
use std::borrow::Cow;
use tokio_postgres::Row as PgRow;
use tokio_postgres::types::{ToSql, Type};

/// A statement with what it is about.
pub(super) struct Statement<'q> {
    sql: &'static str,
    values: Values<'q>,
}

pub(super) fn statement<'q>(sql: &'static str) -> Statement<'q> {
    Statement { sql, values: Vec::new() }
}

/// What a statement can be about. The server is told of which type it is, and has nothing to find out.
pub(super) trait Value: ToSql + Send + Sync {
    const TYPE: Type;
}

/// What a statement can be about many of.
pub(super) trait Element: Value {
    const MANY: Type;
}

macro_rules! values {
    ($one:ident, $many:ident: $($value:ty),+) => {
        $(
            impl Value for $value {
                const TYPE: Type = Type::$one;
            }
            impl Element for $value {
                const MANY: Type = Type::$many;
            }
        )+
    };
}
values!(INT8, INT8_ARRAY: i64);
values!(BOOL, BOOL_ARRAY: bool);
values!(BYTEA, BYTEA_ARRAY: &[u8]);
values!(TEXT, TEXT_ARRAY: &str, String, &String, Cow<'_, str>, &Cow<'_, str>);

impl<T: Element> Value for &[T] {
    const TYPE: Type = T::MANY;
}

impl<T: Value> Value for Option<T> {
    const TYPE: Type = T::TYPE;
}

impl<T: Element> Element for Option<T> {
    const MANY: Type = T::MANY;
}

impl<T: Element> Value for Vec<T> {
    const TYPE: Type = T::MANY;
}

impl<T: Element> Value for &Vec<T> {
    const TYPE: Type = T::MANY;
}

impl<'q> Statement<'q> {
    pub(super) fn bind<T: Value + 'q>(mut self, value: T) -> Self {
        self.values.push((Box::new(value), T::TYPE));
        self
    }

    /// Answers how many rows it has written.
    pub(super) async fn execute(self, connection: &mut PgConnection) -> Result<u64, Fault> {
        self.said(connection).await.map(|answer| answer.count)
    }

    pub(super) async fn fetch_all(self, connection: &mut PgConnection) -> Result<Vec<PgRow>, Fault> {
        self.said(connection).await.map(|answer| answer.rows)
    }

    pub(super) async fn fetch_optional(self, connection: &mut PgConnection) -> Result<Option<PgRow>, Fault> {
        Ok(self.fetch_all(connection).await?.into_iter().next())
    }

    pub(super) async fn fetch_one(self, connection: &mut PgConnection) -> Result<PgRow, Fault> {
        self.fetch_optional(connection).await?.ok_or_else(|| Fault::Unable("the database has answered no row".to_owned()))
    }

    pub(super) fn words(self) -> Words<'q> {
        Words::Statement(self.sql, self.values)
    }

    async fn said(self, connection: &mut PgConnection) -> Result<Answer, Fault> {
        Ok(connection.say(vec![self.words()]).await?.pop().unwrap_or_default())
    }
}

pub(super) struct Transaction(Lent);

impl Postgres {
    /// Each statement sees what was committed before it: after a row has been locked, the next one sees what its last holder has done.
    pub(super) async fn begin(&self) -> Result<Transaction, Failed> {
        self.begin_with(TO_WRITE).await
    }

    /// All statements see the same.
    pub(super) async fn look(&self) -> Result<Transaction, Failed> {
        self.begin_with(TO_READ).await
    }

    async fn begin_with(&self, begin: Begin) -> Result<Transaction, Failed> {
        let mut connection = self.pool.lend().await?;
        connection.begin(begin);
        Ok(Transaction(connection))
    }

    /// A transaction of one statement. Answers how many rows it has written.
    pub(super) async fn execute(&self, statement: Statement<'_>) -> Result<u64, Failed> {
        self.alone(TO_WRITE, statement).await.map(|answer| answer.count)
    }

    /// A transaction of one statement that writes rows and answers them.
    pub(super) async fn written(&self, statement: Statement<'_>) -> Result<Vec<PgRow>, Failed> {
        self.alone(TO_WRITE, statement).await.map(|answer| answer.rows)
    }

    /// The rows that one statement reads.
    pub(super) async fn rows(&self, statement: Statement<'_>) -> Result<Vec<PgRow>, Failed> {
        match self.alone(TO_READ, statement).await {
            // It has written nothing.
            Err(Failed::AtCommit(cause)) => Err(Failed::Before(cause)),
            answer => answer.map(|answer| answer.rows),
        }
    }

    /// The row that one statement reads, where there is one.
    pub(super) async fn row(&self, statement: Statement<'_>) -> Result<Option<PgRow>, Failed> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    async fn alone(&self, begin: Begin, statement: Statement<'_>) -> Result<Answer, Failed> {
        let mut connection = self.pool.lend().await?;
        connection
            .alone(begin, statement.sql, statement.values)
            .await
            .map_err(|(cause, is_unknown)| if is_unknown { Failed::AtCommit(cause) } else { Failed::Before(cause) })
    }
}

impl Transaction {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    pub(super) async fn commit(mut self) -> Result<(), Failed> {
        match self.0.end("COMMIT").await {
            Ok(()) => Ok(()),
            Err(cause) if cause.is_cut_off() => Err(Failed::AtCommit(cause)),
            Err(cause) => Err(Failed::Before(cause)),
        }
    }

    /// Nothing is to be written. What cannot be rolled back ends with its connection.
    pub(super) async fn roll_back(mut self) {
        let _ = self.0.end("ROLLBACK").await;
    }

    /// Commits what has worked, and rolls back what has not.
    pub(super) async fn end<T>(self, done: Result<T, Failed>) -> Result<T, Failed> {
        match done {
            Ok(done) => {
                self.commit().await?;
                Ok(done)
            }
            Err(Failed::Before(cause)) if cause.is_cut_off() => Err(Failed::Before(cause)),
            Err(failed) => {
                self.roll_back().await;
                Err(failed)
            }
        }
    }
}
