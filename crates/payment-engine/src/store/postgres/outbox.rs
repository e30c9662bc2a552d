//! Messages that wait to be delivered.

use super::Postgres;
use super::rows::{all, count, get, number, order_id, text};
use super::transaction::statement;
use super::tries::{Failed, tried};
use crate::order::{NoticeKind, Refunds, State, notices};
use crate::store::{Backlog, Message, Note, OrderRecord, StoreError};
use sqlx::postgres::PgRow;

macro_rules! columns {
    () => {
        "outbox.id, outbox.channel, outbox.order_id, outbox.kind, outbox.body, outbox.at_ms, outbox.tries, outbox.last_error"
    };
}

/// What is to be told of a step, column by column.
#[derive(Default)]
pub(super) struct Messages {
    pub(super) ids: Vec<String>,
    pub(super) channels: Vec<&'static str>,
    pub(super) parts: Vec<i64>,
    pub(super) kinds: Vec<&'static str>,
    pub(super) bodies: Vec<String>,
}

pub(super) fn messages_of(before: (&State, &Refunds), record: &OrderRecord, note: &Note) -> Messages {
    let mut messages = Messages::default();
    if note.channels.is_empty() {
        return messages;
    }
    for (part, kind) in (0_i64..).zip(notices(before, (&record.state, &record.refunds))) {
        // With its time: where a back-up was restored, the same number of events is another event.
        let id = format!("msg_{}_{}_{:x}_{part}", record.order.id, record.version, note.at_ms);
        let body = Message::body_of(kind, record, note.at_ms);
        for channel in &note.channels {
            messages.ids.push(id.clone());
            messages.channels.push(channel);
            messages.parts.push(part);
            messages.kinds.push(kind.word());
            messages.bodies.push(body.clone());
        }
    }
    messages
}

impl Postgres {
    pub(super) async fn take_due_messages(
        &self,
        channel: &str,
        now_ms: i64,
        lease_until_ms: i64,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        const DOING: &str = "taking messages to be delivered";
        const TAKE: &str = concat!(
            "WITH due AS (SELECT id, due_at_ms FROM outbox AS one WHERE channel = $2 AND (due_at_ms <= $3 OR due_at_ms > $5) \
             AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.order_id = one.order_id AND earlier.channel = one.channel \
             AND earlier.due_at_ms IS NOT NULL AND (earlier.seq, earlier.part) < (one.seq, one.part)) \
             ORDER BY due_at_ms, id LIMIT $4 FOR NO KEY UPDATE OF one SKIP LOCKED) \
             UPDATE outbox SET due_at_ms = $1, is_taken = TRUE, leased_by = $6 FROM due WHERE outbox.id = due.id AND outbox.channel = $2 \
             RETURNING due.due_at_ms AS was_due_at_ms, ",
            columns!()
        );
        let too_far_ms = now_ms.saturating_add(Message::LONGEST_PAUSE_MS);
        let take = || {
            statement(TAKE)
                .bind(lease_until_ms)
                .bind(channel)
                .bind(now_ms)
                .bind(i64::from(limit))
                .bind(too_far_ms)
                .bind(self.server.leaser())
        };
        let rows = tried!(DOING, self.written(take()));
        let read = |row: &PgRow| Ok::<_, Failed>((get::<i64>(row, "was_due_at_ms")?, message(row)?));
        let readable = |row: &PgRow| {
            let id = get::<String>(row, "id").ok();
            read(row)
                .map_err(|failed| tracing::error!(message = id, error = %failed.told(DOING), "a message that is due cannot be read"))
                .ok()
        };
        let mut taken: Vec<(i64, Message)> = rows.iter().filter_map(readable).collect();
        taken.sort_by(|(due_at_ms, message), (other_at_ms, other)| due_at_ms.cmp(other_at_ms).then_with(|| message.id.cmp(&other.id)));
        Ok(taken.into_iter().map(|(_, message)| message).collect())
    }

    pub(super) async fn end_message(&self, of: &Message, now_ms: i64) -> Result<(), StoreError> {
        const END: &str = "UPDATE outbox SET due_at_ms = NULL, is_taken = FALSE, delivered_at_ms = $1, dead_at_ms = NULL \
                           WHERE id = $2 AND channel = $3";
        tried!("closing a message", self.execute(statement(END).bind(now_ms).bind(&of.id).bind(&of.channel)));
        Ok(())
    }

    pub(super) async fn put_off_message(&self, of: &Message, now_ms: i64, again_at_ms: Option<i64>, why: &str) -> Result<(), StoreError> {
        const PUT_OFF: &str = "UPDATE outbox SET due_at_ms = $1, is_taken = FALSE, dead_at_ms = $2, tries = tries + 1, last_error = $3 \
                               WHERE id = $4 AND channel = $5 AND delivered_at_ms IS NULL";
        let dead_at_ms = again_at_ms.is_none().then_some(now_ms);
        let put_off = || statement(PUT_OFF).bind(again_at_ms).bind(dead_at_ms).bind(text(why)).bind(&of.id).bind(&of.channel);
        tried!("putting a message off", self.execute(put_off()));
        Ok(())
    }

    pub(super) async fn read_messages(&self, is_dead: bool, limit: u32) -> Result<Vec<Message>, StoreError> {
        const DOING: &str = "listing messages";
        const DEAD: &str = concat!("SELECT ", columns!(), " FROM outbox WHERE dead_at_ms IS NOT NULL ORDER BY at_ms, id LIMIT $1");
        const WAITING: &str = concat!("SELECT ", columns!(), " FROM outbox WHERE due_at_ms IS NOT NULL ORDER BY at_ms, id LIMIT $1");
        let rows = tried!(DOING, self.rows(statement(if is_dead { DEAD } else { WAITING }).bind(i64::from(limit))));
        all(DOING, &rows, message)
    }

    pub(super) async fn count_backlog(&self) -> Result<Backlog, StoreError> {
        const DOING: &str = "counting what waits besides orders";
        const COUNT: &str = "SELECT (SELECT COUNT(*) FROM inbox WHERE due_at_ms IS NOT NULL) AS inbound, \
             (SELECT COUNT(*) FROM outbox WHERE due_at_ms IS NOT NULL) AS waiting, \
             (SELECT MIN(at_ms) FROM outbox WHERE due_at_ms IS NOT NULL) AS waiting_since_ms, \
             (SELECT COUNT(*) FROM outbox WHERE dead_at_ms IS NOT NULL) AS dead, \
             (SELECT COUNT(*) FROM books_findings WHERE closed_at_ms IS NULL) AS findings";
        let rows = tried!(DOING, self.rows(statement(COUNT)));
        let backlog = all(DOING, &rows, |row| {
            Ok(Backlog {
                inbound: count(row, "inbound")?,
                waiting: count(row, "waiting")?,
                waiting_since_ms: get(row, "waiting_since_ms")?,
                dead: count(row, "dead")?,
                findings: count(row, "findings")?,
            })
        })?;
        Ok(backlog.into_iter().next().unwrap_or_default())
    }

    pub(super) async fn revive_messages(&self, id: Option<&str>, now_ms: i64) -> Result<u64, StoreError> {
        const REVIVE: &str = "UPDATE outbox SET due_at_ms = $1, dead_at_ms = NULL, tries = 0 \
                              WHERE dead_at_ms IS NOT NULL AND ($2::TEXT IS NULL OR id = $2)";
        Ok(tried!("replaying messages", self.execute(statement(REVIVE).bind(now_ms).bind(id))))
    }
}

fn message(row: &PgRow) -> Result<Message, Failed> {
    let kind: &str = get(row, "kind")?;
    Ok(Message {
        id: get(row, "id")?,
        channel: get(row, "channel")?,
        order_id: order_id(get(row, "order_id")?)?,
        kind: NoticeKind::from_word(kind).ok_or_else(|| Failed::content(format!("{kind:?} is no kind of message")))?,
        body: get(row, "body")?,
        at_ms: get(row, "at_ms")?,
        tries: number(row, "tries")?,
        last_error: get(row, "last_error")?,
    })
}
