//! Webhooks that wait to be looked into.

use super::Sqlite;
use super::rows::order_id;
use crate::order::LEASE_MS;
use crate::store::{Inbound, StoreError};
use sqlx::Row;
use toss_types::PaymentKey;

/// What came before of the same: of a payment that an order has claimed; or of payments that nobody has, and names that order.
macro_rules! statements {
    ($of:literal) => {
        (
            concat!("SELECT COUNT(CASE WHEN is_taken = 0 THEN due_at_ms END), MAX(handled_at_ms), MAX(due_at_ms) FROM inbox WHERE ", $of),
            concat!(
                "DELETE FROM inbox WHERE due_at_ms IS NULL AND id IN (SELECT id FROM inbox WHERE ",
                $of,
                " ORDER BY received_at_ms DESC LIMIT -1 OFFSET ?3)"
            ),
        )
    };
}
const OF_PAYMENT: (&str, &str) = statements!("payment_key = ?1 AND ?2 IS NOT NULL");
const OF_NO_PAYMENT: (&str, &str) = statements!(
    "?1 IS NOT NULL AND order_id = ?2 AND NOT EXISTS (SELECT 1 FROM payment_claims WHERE payment_claims.payment_key = inbox.payment_key)"
);

impl Sqlite {
    pub(super) async fn write_inbound(&self, inbound: &Inbound, pause_ms: i64) -> Result<bool, StoreError> {
        const DOING: &str = "keeping a webhook";
        let failed = |cause| StoreError::new(DOING, cause);
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();
        let is_claimed: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM payment_claims WHERE payment_key = ?)")
            .bind(inbound.payment_key.expose())
            .fetch_one(&mut *connection)
            .await
            .map_err(failed)?;
        // Whoever invents payments of an order can invent as many as he likes: they count as one.
        let (before, forget) = if is_claimed { OF_PAYMENT } else { OF_NO_PAYMENT };
        let (waiting, looked_at_ms, due_at_ms): (i64, Option<i64>, Option<i64>) = sqlx::query_as(before)
            .bind(inbound.payment_key.expose())
            .bind(inbound.order_id.as_str())
            .fetch_one(&mut *connection)
            .await
            .map_err(failed)?;
        // What has the deposit's secret is no forgery, and is kept beside them.
        if waiting >= Inbound::MOST_WAITING && !inbound.is_vouched_for {
            writer.roll_back().await?;
            return Ok(false);
        }
        let before_ms = if is_claimed { looked_at_ms } else { looked_at_ms.max(due_at_ms) };
        let due_at_ms = before_ms.map_or(inbound.received_at_ms, |at_ms| inbound.received_at_ms.max(at_ms.saturating_add(pause_ms)));
        let kept = sqlx::query(
            "INSERT INTO inbox (id, order_id, payment_key, claim, vouched_for, received_at_ms, due_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(&inbound.id)
        .bind(inbound.order_id.as_str())
        .bind(inbound.payment_key.expose())
        .bind(&inbound.claim)
        .bind(inbound.is_vouched_for)
        .bind(inbound.received_at_ms)
        .bind(due_at_ms)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
        if kept.rows_affected() == 0 {
            writer.roll_back().await?;
            return Ok(false);
        }
        sqlx::query(forget)
            .bind(inbound.payment_key.expose())
            .bind(inbound.order_id.as_str())
            .bind(Inbound::MOST_KEPT)
            .execute(connection)
            .await
            .map_err(failed)?;
        writer.commit().await?;
        Ok(true)
    }

    pub(super) async fn take_due_inbound(&self, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        const DOING: &str = "taking webhooks to be looked into";
        let failed = |cause| StoreError::new(DOING, cause);
        // Mostly there is none, and a read costs no sync.
        // What lies further ahead comes of a clock that was set back.
        let too_far_ms = now_ms.saturating_add(LEASE_MS);
        let due: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM inbox WHERE due_at_ms <= ? OR due_at_ms > ?)")
            .bind(now_ms)
            .bind(too_far_ms)
            .fetch_one(&self.readers)
            .await
            .map_err(failed)?;
        if !due {
            return Ok(Vec::new());
        }
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();
        let rows = sqlx::query(
            "SELECT id, order_id, payment_key, claim, MAX(vouched_for) AS vouched_for, MAX(received_at_ms) AS received_at_ms FROM inbox \
             WHERE (due_at_ms <= ?1 OR due_at_ms > ?2) AND payment_key NOT IN \
             (SELECT payment_key FROM inbox WHERE is_taken = 1 AND due_at_ms > ?1 AND due_at_ms <= ?2) \
             GROUP BY payment_key ORDER BY MIN(due_at_ms) LIMIT ?3",
        )
        .bind(now_ms)
        .bind(too_far_ms)
        .bind(limit)
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
        let mut taken = Vec::with_capacity(rows.len());
        for row in rows {
            let key: String = row.try_get("payment_key").map_err(failed)?;
            sqlx::query("UPDATE inbox SET due_at_ms = ?, is_taken = 1 WHERE payment_key = ? AND due_at_ms IS NOT NULL")
                .bind(lease_until_ms)
                .bind(&key)
                .execute(&mut *connection)
                .await
                .map_err(failed)?;
            taken.push(Inbound {
                id: row.try_get("id").map_err(failed)?,
                order_id: order_id(DOING, row.try_get("order_id").map_err(failed)?)?,
                payment_key: PaymentKey::parse(&key).map_err(|cause| StoreError::new(DOING, cause))?,
                claim: row.try_get("claim").map_err(failed)?,
                is_vouched_for: row.try_get("vouched_for").map_err(failed)?,
                received_at_ms: row.try_get("received_at_ms").map_err(failed)?,
            });
        }
        writer.commit().await?;
        Ok(taken)
    }

    pub(super) async fn end_inbound(
        &self,
        payment_key: &PaymentKey,
        began_ms: i64,
        now_ms: i64,
        pause_ms: i64,
        came_of_it: &str,
    ) -> Result<(), StoreError> {
        const DOING: &str = "closing a webhook";
        let failed = |cause| StoreError::new(DOING, cause);
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();
        sqlx::query(
            "UPDATE inbox SET due_at_ms = NULL, is_taken = 0, handled_at_ms = ?, came_of_it = ? \
             WHERE payment_key = ? AND received_at_ms <= ? AND due_at_ms IS NOT NULL",
        )
        .bind(now_ms)
        .bind(came_of_it)
        .bind(payment_key.expose())
        .bind(began_ms)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
        // What has come since may tell more than that look-up has heard, and has its turn after the pause.
        sqlx::query("UPDATE inbox SET due_at_ms = ?, is_taken = 0 WHERE payment_key = ? AND due_at_ms IS NOT NULL")
            .bind(now_ms.saturating_add(pause_ms))
            .bind(payment_key.expose())
            .execute(connection)
            .await
            .map_err(failed)?;
        writer.commit().await
    }

    pub(super) async fn put_off_inbound(&self, payment_key: &PaymentKey, at_ms: i64) -> Result<(), StoreError> {
        const DOING: &str = "putting a webhook off";
        let mut writer = self.begin(DOING).await?;
        sqlx::query("UPDATE inbox SET due_at_ms = ?, is_taken = 0 WHERE payment_key = ? AND due_at_ms IS NOT NULL")
            .bind(at_ms)
            .bind(payment_key.expose())
            .execute(writer.connection())
            .await
            .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await
    }
}
