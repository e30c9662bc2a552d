//! Brings the tables up to date.

use super::Postgres;
use super::connection::Words;
use super::rows::get;
use super::transaction::statement;
use super::tries::{Failed, Tries};
use crate::store::{EXPAND, StoreError};
use sha2::{Digest as _, Sha384};
use tokio_postgres::Row as PgRow;

const DOING: &str = "bringing the tables up to date";

/// Two of these at once are not refused: whoever comes second with a row of this table waits for the first, and finds the work done.
const ACCOUNT: &str = "CREATE TABLE IF NOT EXISTS payment_engine_migrations (version BIGINT NOT NULL PRIMARY KEY, \
                       description TEXT NOT NULL, checksum BYTEA NOT NULL)";

struct Migration {
    version: i64,
    description: &'static str,
    sql: &'static str,
    /// Of the file as it was when it was applied, it says: no migration is changed afterwards.
    checksum: [u8; 48],
}

fn migrations() -> Vec<Migration> {
    let step = |version, description, sql: &'static str| Migration { version, description, sql, checksum: Sha384::digest(sql).into() };
    vec![
        step(1, "orders", include_str!("../migrations/postgres/0001_orders.sql")),
        step(2, "expand: servers", include_str!("../migrations/postgres/0002_servers.sql")),
        step(3, "expand: growth", include_str!("../migrations/postgres/0003_growth.sql")),
    ]
}

/// A migration that the database has had.
struct Applied {
    version: i64,
    description: String,
    checksum: Vec<u8>,
}

impl Postgres {
    /// Several servers may start at once: each migration is a transaction that begins with its own row in the account, and only one of
    /// them can write that.
    pub(super) async fn migrate(&self, create: bool) -> Result<(), StoreError> {
        let migrations = migrations();
        let mut tries = Tries::of(DOING);
        let applied = loop {
            // Looked at first: a server that may not create tables needs not to, where they are there.
            match self.applied().await {
                Ok(Some(applied)) => break applied,
                Ok(None) if create => {}
                Ok(None) => return Err(StoreError::new(DOING, "it has none: the engine has not been started on it")),
                Err(failed) => {
                    tries.again(failed).await?;
                    continue;
                }
            }
            if let Err(failed) = self.execute(statement(ACCOUNT)).await {
                tries.again_after_another(failed).await?;
            }
        };
        let is_unknown = |done: &&Applied| migrations.iter().all(|step| step.version != done.version);
        if let Some(Applied { version, .. }) = applied.iter().filter(is_unknown).find(|done| !done.description.starts_with(EXPAND)) {
            let newer = format!("it has migration {version}, which this version of the engine does not know");
            return Err(StoreError::new(DOING, newer));
        }
        for step in &migrations {
            match applied.iter().find(|done| done.version == step.version) {
                Some(done) if done.checksum[..] == step.checksum[..] => {}
                Some(_) => return Err(StoreError::new(DOING, format!("its migration {} is another one than the engine's", step.version))),
                None => {
                    while let Err(failed) = self.apply_migration(step).await {
                        tries.again(failed).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// `None` where there is no account of them.
    async fn applied(&self) -> Result<Option<Vec<Applied>>, Failed> {
        let there = self.row(statement("SELECT TO_REGCLASS('payment_engine_migrations') IS NOT NULL AS is_there")).await?;
        if !there.map(|row| get(&row, "is_there")).transpose()?.unwrap_or(false) {
            return Ok(None);
        }
        const DONE: &str = "SELECT version, description, checksum FROM payment_engine_migrations ORDER BY version";
        let read = |row: &PgRow| {
            Ok(Applied { version: get(row, "version")?, description: get(row, "description")?, checksum: get(row, "checksum")? })
        };
        self.rows(statement(DONE)).await?.iter().map(read).collect::<Result<_, _>>().map(Some)
    }

    async fn apply_migration(&self, step: &Migration) -> Result<(), Failed> {
        let mut transaction = self.begin().await?;
        let done = async {
            // A row without its tables would be the end of them.
            transaction.connection().say(Vec::new()).await?;
            let first = statement(
                "INSERT INTO payment_engine_migrations (version, description, checksum) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(step.version)
            .bind(step.description)
            .bind(&step.checksum[..])
            .execute(transaction.connection())
            .await?;
            if first == 1 {
                transaction.connection().say(vec![Words::Plain(step.sql)]).await?;
            }
            Ok(())
        }
        .await;
        transaction.end(done).await
    }
}
