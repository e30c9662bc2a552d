//! Accounts at Toss and their keys.

use super::Sqlite;
use super::rows::{all, execute, order_id, text};
use super::writer::{Cause, Ended};
use crate::gateway::{Fingerprint, Mode};
use crate::order::{Account, State};
use crate::store::form::from_text;
use crate::store::{Keys, Proof, StoreError};
use rusqlite::{Connection, Row};

impl Sqlite {
    pub(super) async fn read_keys(&self) -> Result<Keys, StoreError> {
        const OPEN_ENDS: &str = "SELECT state ->> '$.attempt.account', COUNT(*) FROM orders \
                                 WHERE lane IN ('shown', 'unheard', 'missing', 'deposit') GROUP BY 1";
        let read = |connection: &Connection| {
            Ok(Keys {
                accounts: all(connection, "SELECT name, mode FROM accounts ORDER BY rowid", [], |row| {
                    Ok((Account::new(row.get::<_, String>(0)?), row.get(1)?))
                })?,
                keys: all(connection, "SELECT fingerprint, account FROM account_keys", [], |row| {
                    Ok((Fingerprint::new(row.get::<_, String>(0)?), Account::new(row.get::<_, String>(1)?)))
                })?,
                open_ends: all(connection, OPEN_ENDS, [], |row| {
                    Ok((row.get::<_, Option<String>>(0)?.map(Account::new), u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0)))
                })?,
            })
        };
        self.readers.read("reading whose orders these are", read).await
    }

    pub(super) async fn write_key(&self, key: &Fingerprint, account: &Account, mode: Mode) -> Result<(), StoreError> {
        let (key, account) = (key.as_str().to_owned(), account.as_str().to_owned());
        let write = move |connection: &Connection| {
            execute(connection, "INSERT INTO accounts (name, mode) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", (&account, mode.word()))?;
            execute(
                connection,
                "INSERT INTO account_keys (fingerprint, account) VALUES (?, ?) ON CONFLICT (fingerprint) DO NOTHING",
                (&key, &account),
            )?;
            Ok(Ended::Commit(()))
        };
        self.writer.write("remembering whose orders these are", write).await
    }

    pub(super) async fn read_proofs(&self, limit: u32) -> Result<Vec<Proof>, StoreError> {
        const PAID: &str = "SELECT id, state FROM orders WHERE (status = 'paid' OR refunds <> '[]') AND status = 'paid' \
                            ORDER BY changed_at_ms DESC LIMIT 1";
        const OPEN: &str = "SELECT id, state FROM orders WHERE lane IN ('shown', 'deposit', 'unheard') \
                            ORDER BY lane = 'unheard', look_at_ms LIMIT ?";
        let read = move |connection: &Connection| {
            let mut proofs = all(connection, PAID, [], proof)?;
            proofs.extend(all(connection, OPEN, [limit], proof)?);
            Ok(proofs.into_iter().flatten().collect())
        };
        self.readers.read("looking for payments that prove an account", read).await
    }
}

fn proof(row: &Row<'_>) -> Result<Option<Proof>, Cause> {
    let state: State = from_text(text(row, "state")?)?;
    let order_id = order_id(row, "id")?;
    Ok(state.attempt().map(|attempt| Proof { order_id, payment_key: attempt.payment_key.clone(), account: attempt.account.clone() }))
}
