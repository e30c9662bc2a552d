//! Forgetting who bought.

use super::Sqlite;
use super::rows::{all, execute, one};
use super::writer::{Cause, Ended};
use crate::store::{Forget, StoreError};
use rusqlite::{Connection, params};

/// Who bought, and from whose account money was to come.
const FORGET_ORDER: &str = "UPDATE orders SET details = '', forgotten_at_ms = ?1, state = json_remove(state, '$.account.holder', \
     '$.account.account_number', '$.account.secret', '$.deposit.account.holder', '$.deposit.account.account_number', \
     '$.deposit.account.secret') WHERE id = ?2 AND lane IS NULL";
/// The same in its history: events stay.
macro_rules! forget_accounts {
    ($events:literal) => {
        concat!(
            "UPDATE ",
            $events,
            " SET event = json_remove(event, '$.outcome.holder', '$.outcome.account_number', '$.outcome.secret', \
             '$.outcome.account.holder', '$.outcome.account.account_number', '$.outcome.account.secret') \
             WHERE order_id = ? AND json_type(event, '$.outcome') = 'object'"
        )
    };
}
const FORGET_ACCOUNTS: [&str; 2] = [forget_accounts!("order_events"), forget_accounts!("order_events_archive")];

/// What somebody still waits for is not over, whatever its age.
const ORDERS: &str = "SELECT id FROM orders WHERE lane IS NULL AND forgotten_at_ms IS NULL AND status = ? AND changed_at_ms < ? \
     ORDER BY changed_at_ms LIMIT ?";
const BODIES: &str = "SELECT order_id, seq FROM order_events WHERE toss_answer IS NOT NULL AND at_ms < ? ORDER BY at_ms LIMIT ?";
const OLD_BODIES: &str =
    "SELECT order_id, seq FROM order_events_archive WHERE toss_answer IS NOT NULL AND at_ms < ? ORDER BY at_ms LIMIT ?";
const FORGET_BODY: &str = "UPDATE order_events SET toss_answer = NULL WHERE order_id = ? AND seq = ?";
const FORGET_OLD_BODY: &str = "UPDATE order_events_archive SET toss_answer = NULL WHERE order_id = ? AND seq = ?";
const TOLD: &str = "SELECT DISTINCT id FROM outbox WHERE delivered_at_ms < ? ORDER BY delivered_at_ms LIMIT ?";
const HEARD: &str = "SELECT id FROM inbox WHERE due_at_ms IS NULL AND handled_at_ms < ? ORDER BY handled_at_ms LIMIT ?";

impl Sqlite {
    pub(super) async fn forget_details(&self, before: &Forget, now_ms: i64, limit: u32) -> Result<u64, StoreError> {
        const DOING: &str = "forgetting who bought";
        let before = *before;
        let over = self.readers.read(DOING, move |connection| Over::find(connection, &before, limit)).await?;
        let count = over.orders.len() + over.bodies.len() + over.old_bodies.len() + over.told.len() + over.heard.len();
        if count == 0 {
            return Ok(0);
        }
        let forget = move |connection: &Connection| {
            over.forget(connection, now_ms)?;
            Ok(Ended::Commit(()))
        };
        self.writer.write(DOING, forget).await?;
        // Until then the log has what the file has not any more.
        let truncate = |connection: &Connection| {
            one(connection, "PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(Ended::Commit(()))
        };
        self.writer.write_alone(DOING, truncate).await?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

/// What is to be forgotten.
struct Over {
    orders: Vec<String>,
    bodies: Vec<(String, i64)>,
    old_bodies: Vec<(String, i64)>,
    told: Vec<String>,
    heard: Vec<String>,
}

impl Over {
    fn find(connection: &Connection, before: &Forget, limit: u32) -> Result<Over, Cause> {
        let of = |status: &str, before_ms: i64| all(connection, ORDERS, params![status, before_ms, limit], |row| Ok(row.get(0)?));
        let bodies = |statement| all(connection, statement, params![before.answers_before_ms, limit], |row| Ok((row.get(0)?, row.get(1)?)));
        let mut orders = of("expired", before.unpaid_before_ms)?;
        if let Some(before_ms) = before.paid_before_ms {
            orders.extend(of("paid", before_ms)?);
        }
        Ok(Over {
            orders,
            bodies: bodies(BODIES)?,
            old_bodies: bodies(OLD_BODIES)?,
            told: all(connection, TOLD, params![before.told_before_ms, limit], |row| Ok(row.get(0)?))?,
            heard: all(connection, HEARD, params![before.told_before_ms, limit], |row| Ok(row.get(0)?))?,
        })
    }

    fn forget(&self, connection: &Connection, now_ms: i64) -> Result<(), Cause> {
        for id in &self.orders {
            if execute(connection, FORGET_ORDER, params![now_ms, id])? > 0 {
                for history in FORGET_ACCOUNTS {
                    execute(connection, history, [id])?;
                }
            }
        }
        for (bodies, forget) in [(&self.bodies, FORGET_BODY), (&self.old_bodies, FORGET_OLD_BODY)] {
            for (id, seq) in bodies {
                execute(connection, forget, params![id, seq])?;
            }
        }
        for id in &self.told {
            execute(connection, "DELETE FROM outbox WHERE id = ? AND delivered_at_ms IS NOT NULL", [id])?;
        }
        for id in &self.heard {
            execute(connection, "DELETE FROM inbox WHERE id = ? AND due_at_ms IS NULL", [id])?;
        }
        Ok(())
    }
}
