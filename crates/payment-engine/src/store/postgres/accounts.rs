//! Accounts at Toss and their keys.

use super::Postgres;
use super::connection::PgConnection;
use super::rows::{count, from_form, get, order_id};
use super::transaction::statement;
use super::tries::{Failed, tried};
use crate::gateway::{Fingerprint, Mode};
use crate::order::{Account, State};
use crate::store::{Keys, Proof, StoreError};
use tokio_postgres::Row as PgRow;

impl Postgres {
    pub(super) async fn read_keys(&self) -> Result<Keys, StoreError> {
        Ok(tried!("reading whose orders these are", self.read_keys_once()))
    }

    async fn read_keys_once(&self) -> Result<Keys, Failed> {
        let mut transaction = self.look().await?;
        let keys = keys_within(transaction.connection()).await;
        transaction.end(keys).await
    }

    pub(super) async fn write_key(&self, key: &Fingerprint, account: &Account, mode: Mode) -> Result<(), StoreError> {
        tried!("remembering whose orders these are", self.write_key_once(key, account, mode));
        Ok(())
    }

    async fn write_key_once(&self, key: &Fingerprint, account: &Account, mode: Mode) -> Result<(), Failed> {
        let mut transaction = self.begin().await?;
        let written = key_within(transaction.connection(), key, account, mode).await;
        transaction.end(written).await
    }

    pub(super) async fn read_proofs(&self, limit: u32) -> Result<Vec<Proof>, StoreError> {
        Ok(tried!("looking for payments that prove an account", self.read_proofs_once(limit)))
    }

    async fn read_proofs_once(&self, limit: u32) -> Result<Vec<Proof>, Failed> {
        let mut transaction = self.look().await?;
        let proofs = proofs_within(transaction.connection(), limit).await;
        transaction.end(proofs).await
    }
}

async fn keys_within(connection: &mut PgConnection) -> Result<Keys, Failed> {
    let accounts = statement("SELECT name, mode FROM accounts ORDER BY number, name").fetch_all(&mut *connection).await?;
    let keys = statement("SELECT fingerprint, account FROM account_keys").fetch_all(&mut *connection).await?;
    let open_ends = statement(
        "SELECT account, COUNT(*) AS orders FROM orders WHERE lane IN ('shown', 'unheard', 'missing', 'deposit') GROUP BY account",
    )
    .fetch_all(connection)
    .await?;
    let account = |row: &PgRow| Ok((Account::new(get::<String>(row, "name")?), get(row, "mode")?));
    let key = |row: &PgRow| Ok((Fingerprint::new(get::<String>(row, "fingerprint")?), Account::new(get::<String>(row, "account")?)));
    let open_end = |row: &PgRow| Ok((get::<Option<String>>(row, "account")?.map(Account::new), count(row, "orders")?));
    Ok(Keys {
        accounts: accounts.iter().map(account).collect::<Result<_, Failed>>()?,
        keys: keys.iter().map(key).collect::<Result<_, Failed>>()?,
        open_ends: open_ends.iter().map(open_end).collect::<Result<_, Failed>>()?,
    })
}

async fn key_within(connection: &mut PgConnection, key: &Fingerprint, account: &Account, mode: Mode) -> Result<(), Failed> {
    statement(
        "INSERT INTO accounts (name, mode, number) SELECT $1, $2, COALESCE(MAX(number), 0) + 1 FROM accounts \
         ON CONFLICT (name) DO NOTHING",
    )
    .bind(account.as_str())
    .bind(mode.word())
    .execute(&mut *connection)
    .await?;
    statement("INSERT INTO account_keys (fingerprint, account) VALUES ($1, $2) ON CONFLICT (fingerprint) DO NOTHING")
        .bind(key.as_str())
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

async fn proofs_within(connection: &mut PgConnection, limit: u32) -> Result<Vec<Proof>, Failed> {
    let mut rows = statement(
        "SELECT id, state FROM orders WHERE (status = 'paid' OR refunds <> '[]') AND status = 'paid' ORDER BY changed_at_ms DESC LIMIT 1",
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.extend(
        statement(
            "SELECT id, state FROM orders WHERE lane IN ('shown', 'deposit', 'unheard') ORDER BY lane = 'unheard', look_at_ms LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?,
    );
    let proof = |row: &PgRow| {
        let (state, order_id): (State, _) = (from_form(get(row, "state")?)?, order_id(get(row, "id")?)?);
        let attempt = state.attempt();
        Ok(attempt.map(|attempt| Proof { order_id, payment_key: attempt.payment_key.clone(), account: attempt.account.clone() }))
    };
    let proofs = rows.iter().map(proof).collect::<Result<Vec<_>, Failed>>()?;
    Ok(proofs.into_iter().flatten().collect())
}
