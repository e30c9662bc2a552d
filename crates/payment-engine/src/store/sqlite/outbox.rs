//! Messages that wait to be delivered.

use super::Sqlite;
use super::rows::order_id;
use crate::order::{NoticeKind, Refunds, State, notices};
use crate::store::{Backlog, Message, Note, OrderRecord, StoreError};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

macro_rules! columns {
    () => {
        "id, channel, order_id, kind, body, at_ms, tries, last_error"
    };
}

/// Writes what is to be told of a step, within its transaction.
pub(super) async fn tell(
    connection: &mut SqliteConnection,
    doing: &'static str,
    before: (&State, &Refunds),
    record: &OrderRecord,
    note: &Note,
) -> Result<(), StoreError> {
    if note.channels.is_empty() {
        return Ok(());
    }
    for (part, kind) in (0_i64..).zip(notices(before, (&record.state, &record.refunds))) {
        // With its time: where a back-up was restored, the same number of events is another event.
        let id = format!("msg_{}_{}_{:x}_{part}", record.order.id, record.version, note.at_ms);
        let body = Message::body_of(kind, record, note.at_ms);
        for channel in &note.channels {
            sqlx::query(
                "INSERT INTO outbox (id, channel, order_id, seq, part, kind, body, at_ms, due_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(&id)
            .bind(channel)
            .bind(record.order.id.as_str())
            .bind(record.version)
            .bind(part)
            .bind(kind.word())
            .bind(&body)
            .bind(note.at_ms)
            .bind(note.at_ms)
            .execute(&mut *connection)
            .await
            .map_err(|cause| StoreError::new(doing, cause))?;
        }
    }
    Ok(())
}

impl Sqlite {
    pub(super) async fn take_due_messages(
        &self,
        channel: &str,
        now_ms: i64,
        lease_until_ms: i64,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        const DOING: &str = "taking messages to be delivered";
        let failed = |cause| StoreError::new(DOING, cause);
        let too_far_ms = now_ms.saturating_add(Message::LONGEST_PAUSE_MS);
        let due: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM outbox WHERE channel = ?1 AND (due_at_ms <= ?2 OR due_at_ms > ?3))")
                .bind(channel)
                .bind(now_ms)
                .bind(too_far_ms)
                .fetch_one(&self.readers)
                .await
                .map_err(failed)?;
        if !due {
            return Ok(Vec::new());
        }
        let mut writer = self.begin(DOING).await?;
        let rows = sqlx::query(concat!(
            "UPDATE outbox SET due_at_ms = ?1, is_taken = 1 WHERE channel = ?2 AND id IN (SELECT id FROM outbox AS one WHERE channel = ?2 AND (due_at_ms <= ?3 OR due_at_ms > ?5) \
             AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.order_id = one.order_id AND earlier.channel = one.channel \
             AND earlier.due_at_ms IS NOT NULL AND (earlier.seq, earlier.part) < (one.seq, one.part)) \
             ORDER BY due_at_ms LIMIT ?4) RETURNING ",
            columns!()
        ))
        .bind(lease_until_ms)
        .bind(channel)
        .bind(now_ms)
        .bind(limit)
        .bind(too_far_ms)
        .fetch_all(writer.connection())
        .await
        .map_err(failed)?;
        writer.commit().await?;
        let readable = |row: &SqliteRow| {
            let id: Result<String, _> = row.try_get("id");
            message(DOING, row).map_err(|error| tracing::error!(message = ?id, %error, "a message that is due cannot be read")).ok()
        };
        Ok(rows.iter().filter_map(readable).collect())
    }

    pub(super) async fn end_message(&self, of: &Message, now_ms: i64) -> Result<(), StoreError> {
        const DOING: &str = "closing a message";
        let mut writer = self.begin(DOING).await?;
        sqlx::query(
            "UPDATE outbox SET due_at_ms = NULL, is_taken = 0, delivered_at_ms = ?, dead_at_ms = NULL WHERE id = ? AND channel = ?",
        )
        .bind(now_ms)
        .bind(&of.id)
        .bind(&of.channel)
        .execute(writer.connection())
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await
    }

    pub(super) async fn put_off_message(&self, of: &Message, now_ms: i64, again_at_ms: Option<i64>, why: &str) -> Result<(), StoreError> {
        const DOING: &str = "putting a message off";
        let mut writer = self.begin(DOING).await?;
        sqlx::query(
            "UPDATE outbox SET due_at_ms = ?1, is_taken = 0, dead_at_ms = CASE WHEN ?1 IS NULL THEN ?2 END, tries = tries + 1, last_error = ?3 \
             WHERE id = ?4 AND channel = ?5 AND delivered_at_ms IS NULL",
        )
        .bind(again_at_ms)
        .bind(now_ms)
        .bind(why)
        .bind(&of.id)
        .bind(&of.channel)
        .execute(writer.connection())
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await
    }

    pub(super) async fn read_messages(&self, is_dead: bool, limit: u32) -> Result<Vec<Message>, StoreError> {
        const DOING: &str = "listing messages";
        let dead = concat!("SELECT ", columns!(), " FROM outbox WHERE dead_at_ms IS NOT NULL ORDER BY at_ms, id LIMIT ?");
        let waiting = concat!("SELECT ", columns!(), " FROM outbox WHERE due_at_ms IS NOT NULL ORDER BY at_ms, id LIMIT ?");
        let rows = sqlx::query(if is_dead { dead } else { waiting }).bind(limit).fetch_all(&self.readers).await;
        rows.map_err(|cause| StoreError::new(DOING, cause))?.iter().map(|row| message(DOING, row)).collect()
    }

    pub(super) async fn count_backlog(&self) -> Result<Backlog, StoreError> {
        let counts: (i64, i64, Option<i64>, i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM inbox WHERE due_at_ms IS NOT NULL), \
             (SELECT COUNT(*) FROM outbox WHERE due_at_ms IS NOT NULL), (SELECT MIN(at_ms) FROM outbox WHERE due_at_ms IS NOT NULL), \
             (SELECT COUNT(*) FROM outbox WHERE dead_at_ms IS NOT NULL), (SELECT COUNT(*) FROM books_findings WHERE closed_at_ms IS NULL)",
        )
        .fetch_one(&self.readers)
        .await
        .map_err(|cause| StoreError::new("counting what waits besides orders", cause))?;
        let (inbound, waiting, waiting_since_ms, dead, findings) = counts;
        let count = |count| u64::try_from(count).unwrap_or(0);
        Ok(Backlog { inbound: count(inbound), waiting: count(waiting), waiting_since_ms, dead: count(dead), findings: count(findings) })
    }

    pub(super) async fn revive_messages(&self, id: Option<&str>, now_ms: i64) -> Result<u64, StoreError> {
        const DOING: &str = "replaying messages";
        let mut writer = self.begin(DOING).await?;
        let revived = sqlx::query(
            "UPDATE outbox SET due_at_ms = ?1, dead_at_ms = NULL, tries = 0 WHERE dead_at_ms IS NOT NULL AND (?2 IS NULL OR id = ?2)",
        )
        .bind(now_ms)
        .bind(id)
        .execute(writer.connection())
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await?;
        Ok(revived.rows_affected())
    }
}

fn message(doing: &'static str, row: &SqliteRow) -> Result<Message, StoreError> {
    let failed = |cause: sqlx::Error| StoreError::new(doing, cause);
    let kind: &str = row.try_get("kind").map_err(failed)?;
    Ok(Message {
        id: row.try_get("id").map_err(failed)?,
        channel: row.try_get("channel").map_err(failed)?,
        order_id: order_id(doing, row.try_get("order_id").map_err(failed)?)?,
        kind: NoticeKind::from_word(kind).ok_or_else(|| StoreError::new(doing, format!("{kind:?} is no kind of message")))?,
        body: row.try_get("body").map_err(failed)?,
        at_ms: row.try_get("at_ms").map_err(failed)?,
        tries: row.try_get("tries").map_err(failed)?,
        last_error: row.try_get("last_error").map_err(failed)?,
    })
}
