//! Forgetting who bought.

use super::Sqlite;
use crate::store::{Forget, StoreError};

/// Who bought, and from whose account money was to come.
const FORGET_ORDER: &str = "UPDATE orders SET details = '', forgotten_at_ms = ?1, state = json_remove(state, '$.account.holder', \
     '$.account.account_number', '$.account.secret', '$.deposit.account.holder', '$.deposit.account.account_number', \
     '$.deposit.account.secret') WHERE id = ?2 AND lane IS NULL";
/// The same in its history: events stay.
const FORGET_ACCOUNTS: &str = "UPDATE order_events SET event = json_remove(event, '$.outcome.holder', '$.outcome.account_number', \
     '$.outcome.secret', '$.outcome.account.holder', '$.outcome.account.account_number', '$.outcome.account.secret') \
     WHERE order_id = ? AND json_type(event, '$.outcome') = 'object'";

impl Sqlite {
    pub(super) async fn forget_details(&self, before: &Forget, now_ms: i64, limit: u32) -> Result<u64, StoreError> {
        const DOING: &str = "forgetting who bought";
        let failed = |cause| StoreError::new(DOING, cause);
        // What somebody still waits for is not over, whatever its age.
        let due = "SELECT id FROM orders WHERE forgotten_at_ms IS NULL AND lane IS NULL AND \
                   ((status = 'expired' AND changed_at_ms < ?1) OR (status = 'paid' AND changed_at_ms < ?2)) ORDER BY changed_at_ms LIMIT ?3";
        let ids: Vec<String> = sqlx::query_scalar(due)
            .bind(before.unpaid_before_ms)
            .bind(before.paid_before_ms.unwrap_or(i64::MIN))
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .map_err(failed)?;
        let bodies: Vec<(String, i64)> =
            sqlx::query_as("SELECT order_id, seq FROM order_events WHERE toss_answer IS NOT NULL AND at_ms < ? ORDER BY at_ms LIMIT ?")
                .bind(before.answers_before_ms)
                .bind(limit)
                .fetch_all(&self.readers)
                .await
                .map_err(failed)?;
        let told: Vec<String> =
            sqlx::query_scalar("SELECT DISTINCT id FROM outbox WHERE delivered_at_ms < ? ORDER BY delivered_at_ms LIMIT ?")
                .bind(before.told_before_ms)
                .bind(limit)
                .fetch_all(&self.readers)
                .await
                .map_err(failed)?;
        let heard: Vec<String> =
            sqlx::query_scalar("SELECT id FROM inbox WHERE due_at_ms IS NULL AND handled_at_ms < ? ORDER BY handled_at_ms LIMIT ?")
                .bind(before.told_before_ms)
                .bind(limit)
                .fetch_all(&self.readers)
                .await
                .map_err(failed)?;
        let count = ids.len() + bodies.len() + told.len() + heard.len();
        if count == 0 {
            return Ok(0);
        }
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();
        for id in &ids {
            let forgotten = sqlx::query(FORGET_ORDER).bind(now_ms).bind(id).execute(&mut *connection).await.map_err(failed)?;
            if forgotten.rows_affected() > 0 {
                sqlx::query(FORGET_ACCOUNTS).bind(id).execute(&mut *connection).await.map_err(failed)?;
            }
        }
        for (id, seq) in &bodies {
            sqlx::query("UPDATE order_events SET toss_answer = NULL WHERE order_id = ? AND seq = ?")
                .bind(id)
                .bind(seq)
                .execute(&mut *connection)
                .await
                .map_err(failed)?;
        }
        for id in &told {
            sqlx::query("DELETE FROM outbox WHERE id = ? AND delivered_at_ms IS NOT NULL")
                .bind(id)
                .execute(&mut *connection)
                .await
                .map_err(failed)?;
        }
        for id in &heard {
            sqlx::query("DELETE FROM inbox WHERE id = ? AND due_at_ms IS NULL").bind(id).execute(&mut *connection).await.map_err(failed)?;
        }
        writer.commit().await?;
        // Until then the log has what the file has not any more.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await.map_err(failed)?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}
