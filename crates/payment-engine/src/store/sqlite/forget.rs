//! Forgetting who bought.

use super::Sqlite;
use crate::store::{Forget, StoreError};

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
        if ids.is_empty() && bodies.is_empty() {
            return Ok(0);
        }
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();
        for id in &ids {
            sqlx::query("UPDATE orders SET details = '', forgotten_at_ms = ? WHERE id = ? AND lane IS NULL")
                .bind(now_ms)
                .bind(id)
                .execute(&mut *connection)
                .await
                .map_err(failed)?;
        }
        for (id, seq) in &bodies {
            sqlx::query("UPDATE order_events SET toss_answer = NULL WHERE order_id = ? AND seq = ?")
                .bind(id)
                .bind(seq)
                .execute(&mut *connection)
                .await
                .map_err(failed)?;
            sqlx::query("UPDATE orders SET toss_answer = NULL WHERE id = ? AND changed_at_ms < ?")
                .bind(id)
                .bind(before.answers_before_ms)
                .execute(&mut *connection)
                .await
                .map_err(failed)?;
        }
        writer.commit().await?;
        Ok(u64::try_from(ids.len() + bodies.len()).unwrap_or(u64::MAX))
    }
}
