//! Messages that wait to be delivered.

use super::Sqlite;
use super::rows::{all, execute, one, order_id, text};
use super::writer::{Cause, Ended};
use crate::order::{NoticeKind, Refunds, State, notices};
use crate::store::{Backlog, Message, Note, OrderRecord, StoreError};
use rusqlite::{Connection, Row, params};

macro_rules! columns {
    () => {
        "id, channel, order_id, kind, body, at_ms, tries, last_error"
    };
}

/// Writes what is to be told of a step, within its transaction.
pub(super) fn tell(connection: &Connection, before: (&State, &Refunds), record: &OrderRecord, note: &Note) -> Result<(), Cause> {
    const INSERT: &str =
        "INSERT INTO outbox (id, channel, order_id, seq, part, kind, body, at_ms, due_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    if note.channels.is_empty() {
        return Ok(());
    }
    for (part, kind) in (0_i64..).zip(notices(before, (&record.state, &record.refunds))) {
        // With its time: where a back-up was restored, the same number of events is another event.
        let id = format!("msg_{}_{}_{:x}_{part}", record.order.id, record.version, note.at_ms);
        let body = Message::body_of(kind, record, note.at_ms);
        for channel in &note.channels {
            let order_id = record.order.id.as_str();
            let row = params![id, channel, order_id, record.version, part, kind.word(), body, note.at_ms, note.at_ms];
            execute(connection, INSERT, row)?;
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
        const IS_DUE: &str = "SELECT EXISTS (SELECT 1 FROM outbox WHERE channel = ?1 AND (due_at_ms <= ?2 OR due_at_ms > ?3))";
        const TAKE: &str = concat!(
            "UPDATE outbox SET due_at_ms = ?1, is_taken = 1 WHERE channel = ?2 AND id IN (SELECT id FROM outbox AS one WHERE channel = ?2 AND (due_at_ms <= ?3 OR due_at_ms > ?5) \
             AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.order_id = one.order_id AND earlier.channel = one.channel \
             AND earlier.due_at_ms IS NOT NULL AND (earlier.seq, earlier.part) < (one.seq, one.part)) \
             ORDER BY due_at_ms LIMIT ?4) RETURNING ",
            columns!()
        );
        let too_far_ms = now_ms.saturating_add(Message::LONGEST_PAUSE_MS);
        let asked = channel.to_owned();
        let is_due = move |connection: &Connection| one(connection, IS_DUE, params![asked, now_ms, too_far_ms], |row| Ok(row.get(0)?));
        if !self.readers.read(DOING, is_due).await? {
            return Ok(Vec::new());
        }
        let asked = channel.to_owned();
        let take = move |connection: &Connection| {
            let taken = all(connection, TAKE, params![lease_until_ms, asked, now_ms, limit, too_far_ms], |row| Ok(readable(row)))?;
            Ok(Ended::Commit(taken.into_iter().flatten().collect()))
        };
        self.writer.write(DOING, take).await
    }

    pub(super) async fn end_message(&self, of: &Message, now_ms: i64) -> Result<(), StoreError> {
        const END: &str =
            "UPDATE outbox SET due_at_ms = NULL, is_taken = 0, delivered_at_ms = ?, dead_at_ms = NULL WHERE id = ? AND channel = ?";
        let (id, channel) = (of.id.clone(), of.channel.clone());
        let end = move |connection: &Connection| {
            execute(connection, END, params![now_ms, id, channel])?;
            Ok(Ended::Commit(()))
        };
        self.writer.write("closing a message", end).await
    }

    pub(super) async fn put_off_message(&self, of: &Message, now_ms: i64, again_at_ms: Option<i64>, why: &str) -> Result<(), StoreError> {
        const PUT_OFF: &str = "UPDATE outbox SET due_at_ms = ?1, is_taken = 0, dead_at_ms = CASE WHEN ?1 IS NULL THEN ?2 END, \
             tries = tries + 1, last_error = ?3 WHERE id = ?4 AND channel = ?5 AND delivered_at_ms IS NULL";
        let (id, channel, why) = (of.id.clone(), of.channel.clone(), why.to_owned());
        let put_off = move |connection: &Connection| {
            execute(connection, PUT_OFF, params![again_at_ms, now_ms, why, id, channel])?;
            Ok(Ended::Commit(()))
        };
        self.writer.write("putting a message off", put_off).await
    }

    pub(super) async fn read_messages(&self, is_dead: bool, limit: u32) -> Result<Vec<Message>, StoreError> {
        const DEAD: &str = concat!("SELECT ", columns!(), " FROM outbox WHERE dead_at_ms IS NOT NULL ORDER BY at_ms, id LIMIT ?");
        const WAITING: &str = concat!("SELECT ", columns!(), " FROM outbox WHERE due_at_ms IS NOT NULL ORDER BY at_ms, id LIMIT ?");
        let read = move |connection: &Connection| all(connection, if is_dead { DEAD } else { WAITING }, [limit], message);
        self.readers.read("listing messages", read).await
    }

    pub(super) async fn count_backlog(&self) -> Result<Backlog, StoreError> {
        const COUNT: &str = "SELECT (SELECT COUNT(*) FROM inbox WHERE due_at_ms IS NOT NULL), \
             (SELECT COUNT(*) FROM outbox WHERE due_at_ms IS NOT NULL), (SELECT MIN(at_ms) FROM outbox WHERE due_at_ms IS NOT NULL), \
             (SELECT COUNT(*) FROM outbox WHERE dead_at_ms IS NOT NULL), (SELECT COUNT(*) FROM books_findings WHERE closed_at_ms IS NULL)";
        let backlog = |row: &Row<'_>| {
            let count = |index: usize| Ok::<_, Cause>(u64::try_from(row.get::<_, i64>(index)?).unwrap_or(0));
            let (inbound, waiting, dead, findings) = (count(0)?, count(1)?, count(3)?, count(4)?);
            Ok(Backlog { inbound, waiting, waiting_since_ms: row.get(2)?, dead, findings })
        };
        self.readers.read("counting what waits besides orders", move |connection| one(connection, COUNT, [], backlog)).await
    }

    pub(super) async fn revive_messages(&self, id: Option<&str>, now_ms: i64) -> Result<u64, StoreError> {
        const REVIVE: &str =
            "UPDATE outbox SET due_at_ms = ?1, dead_at_ms = NULL, tries = 0 WHERE dead_at_ms IS NOT NULL AND (?2 IS NULL OR id = ?2)";
        let id = id.map(str::to_owned);
        let revive = move |connection: &Connection| Ok(Ended::Commit(u64::try_from(execute(connection, REVIVE, params![now_ms, id])?)?));
        self.writer.write("replaying messages", revive).await
    }
}

fn message(row: &Row<'_>) -> Result<Message, Cause> {
    let kind = text(row, "kind")?;
    Ok(Message {
        id: row.get("id")?,
        channel: row.get("channel")?,
        order_id: order_id(row, "order_id")?,
        kind: NoticeKind::from_word(kind).ok_or_else(|| format!("{kind:?} is no kind of message"))?,
        body: row.get("body")?,
        at_ms: row.get("at_ms")?,
        tries: row.get("tries")?,
        last_error: row.get("last_error")?,
    })
}

fn readable(row: &Row<'_>) -> Option<Message> {
    let id: Result<String, _> = row.get("id");
    message(row).map_err(|error| tracing::error!(message = ?id, %error, "a message that is due cannot be read")).ok()
}
