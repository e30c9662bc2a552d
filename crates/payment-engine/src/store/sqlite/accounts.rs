//! Accounts at Toss and their keys.

use super::Sqlite;
use super::rows::{from_json, order_id};
use crate::gateway::{Fingerprint, Mode};
use crate::order::{Account, State};
use crate::store::{Keys, Proof, StoreError};

impl Sqlite {
    pub(super) async fn read_keys(&self) -> Result<Keys, StoreError> {
        let failed = |cause| StoreError::new("reading whose orders these are", cause);
        let accounts: Vec<(String, String)> =
            sqlx::query_as("SELECT name, mode FROM accounts ORDER BY rowid").fetch_all(&self.readers).await.map_err(failed)?;
        let keys: Vec<(String, String)> =
            sqlx::query_as("SELECT fingerprint, account FROM account_keys").fetch_all(&self.readers).await.map_err(failed)?;
        let open_ends: Vec<(Option<String>, i64)> = sqlx::query_as(
            "SELECT state ->> '$.attempt.account', COUNT(*) FROM orders WHERE lane IN ('shown', 'unheard', 'missing', 'deposit') GROUP BY 1",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(failed)?;
        Ok(Keys {
            accounts: accounts.into_iter().map(|(name, mode)| (Account::new(name), mode)).collect(),
            keys: keys.into_iter().map(|(key, account)| (Fingerprint::new(key), Account::new(account))).collect(),
            open_ends: open_ends
                .into_iter()
                .map(|(account, count)| (account.map(Account::new), u64::try_from(count).unwrap_or(0)))
                .collect(),
        })
    }

    pub(super) async fn write_key(&self, key: &Fingerprint, account: &Account, mode: Mode) -> Result<(), StoreError> {
        const DOING: &str = "remembering whose orders these are";
        let failed = |cause| StoreError::new(DOING, cause);
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();
        sqlx::query("INSERT INTO accounts (name, mode) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
            .bind(account.as_str())
            .bind(mode.word())
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        sqlx::query("INSERT INTO account_keys (fingerprint, account) VALUES (?, ?) ON CONFLICT (fingerprint) DO NOTHING")
            .bind(key.as_str())
            .bind(account.as_str())
            .execute(connection)
            .await
            .map_err(failed)?;
        writer.commit().await
    }

    pub(super) async fn read_proofs(&self, limit: u32) -> Result<Vec<Proof>, StoreError> {
        const DOING: &str = "looking for payments that prove an account";
        let failed = |cause| StoreError::new(DOING, cause);
        let mut rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, state FROM orders WHERE status = 'paid' ORDER BY changed_at_ms DESC LIMIT 1")
                .fetch_all(&self.readers)
                .await
                .map_err(failed)?;
        let open: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, state FROM orders WHERE lane IN ('shown', 'deposit', 'unheard') ORDER BY lane = 'unheard', look_at_ms LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(failed)?;
        rows.extend(open);
        let proof = |(id, state): &(String, String)| {
            let state: State = from_json(DOING, state)?;
            let order_id = order_id(DOING, id)?;
            Ok(state.attempt().map(|attempt| Proof {
                order_id,
                payment_key: attempt.payment_key.clone(),
                account: attempt.account.clone(),
            }))
        };
        let proofs = rows.iter().map(proof).collect::<Result<Vec<_>, StoreError>>()?;
        Ok(proofs.into_iter().flatten().collect())
    }
}
