//! Brings the tables up to date.

use super::Postgres;
use super::connection::Words;
use super::rows::get;
use super::transaction::statement;
use super::tries::{Failed, Tries};
use crate::store::StoreError;
use sha2::{Digest as _, Sha384};

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
    vec![step(1, "orders", include_str!("../migrations/postgres/0001_orders.sql"))]
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
        if let Some((version, _)) = applied.iter().find(|(version, _)| migrations.iter().all(|step| step.version != *version)) {
            let newer = format!("it has migration {version}, which this version of the engine does not know");
            return Err(StoreError::new(DOING, newer));
        }
        for step in &migrations {
            match applied.iter().find(|(version, _)| *version == step.version) {
                Some((_, checksum)) if checksum[..] == step.checksum[..] => {}
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

    /// Versions and checksums; `None` where there is no account of them.
    async fn applied(&self) -> Result<Option<Vec<(i64, Vec<u8>)>>, Failed> {
        let there = self.row(statement("SELECT TO_REGCLASS('payment_engine_migrations') IS NOT NULL AS is_there")).await?;
        if !there.map(|row| get(&row, "is_there")).transpose()?.unwrap_or(false) {
            return Ok(None);
        }
        let rows = self.rows(statement("SELECT version, checksum FROM payment_engine_migrations ORDER BY version")).await?;
        rows.iter().map(|row| Ok((get(row, "version")?, get(row, "checksum")?))).collect::<Result<_, _>>().map(Some)
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
