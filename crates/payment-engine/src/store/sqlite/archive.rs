//! Histories that are moved out of the way.

use super::Sqlite;
use super::rows::{all, execute};
use super::writer::{Cause, Ended};
use crate::store::StoreError;
use rusqlite::{Connection, params};

const OVER: &str =
    "SELECT id FROM orders WHERE lane IS NULL AND archived_at_ms IS NULL AND changed_at_ms < ? ORDER BY changed_at_ms LIMIT ?";
/// Unless something has happened to it meanwhile.
const MARK: &str = "UPDATE orders SET archived_at_ms = ?1 WHERE id = ?2 AND lane IS NULL AND archived_at_ms IS NULL AND changed_at_ms < ?3";
const COPY: &str = "INSERT INTO order_events_archive (order_id, seq, at_ms, event, toss_answer) \
                    SELECT order_id, seq, at_ms, event, toss_answer FROM order_events WHERE order_id = ?";
const REMOVE: &str = "DELETE FROM order_events WHERE order_id = ?";

impl Sqlite {
    pub(super) async fn archive_histories(&self, before_ms: i64, now_ms: i64, limit: u32) -> Result<u64, StoreError> {
        const DOING: &str = "archiving histories of orders";
        // Mostly there is none, and a read costs no sync.
        let find = move |connection: &Connection| all(connection, OVER, params![before_ms, limit], |row| Ok(row.get(0)?));
        let over: Vec<String> = self.readers.read(DOING, find).await?;
        if over.is_empty() {
            return Ok(0);
        }
        let archive = move |connection: &Connection| {
            let mut archived = 0;
            for id in &over {
                archived += one(connection, id, before_ms, now_ms)?;
            }
            Ok(Ended::Commit(archived))
        };
        self.writer.write(DOING, archive).await
    }
}

fn one(connection: &Connection, id: &str, before_ms: i64, now_ms: i64) -> Result<u64, Cause> {
    if execute(connection, MARK, params![now_ms, id, before_ms])? == 0 {
        return Ok(0);
    }
    execute(connection, COPY, [id])?;
    execute(connection, REMOVE, [id])?;
    Ok(1)
}
