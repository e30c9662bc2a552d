//! Histories that are moved out of the way.

use super::Postgres;
use super::rows::count;
use super::transaction::statement;
use super::tries::tried;
use crate::store::StoreError;

/// Rows and nothing else are locked, and none that somebody else has just now.
const ARCHIVE: &str = "WITH over AS (SELECT id FROM orders WHERE lane IS NULL AND archived_at_ms IS NULL AND changed_at_ms < $1 \
     ORDER BY changed_at_ms LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED), \
     removed AS (DELETE FROM order_events USING over WHERE order_events.order_id = over.id \
     RETURNING order_events.order_id, order_events.seq, order_events.at_ms, order_events.event, order_events.toss_answer, \
     order_events.written_by), \
     kept AS (INSERT INTO order_events_archive (order_id, seq, at_ms, event, toss_answer, written_by) \
     SELECT order_id, seq, at_ms, event, toss_answer, written_by FROM removed), \
     marked AS (UPDATE orders SET archived_at_ms = $3 FROM over WHERE orders.id = over.id RETURNING orders.id) \
     SELECT COUNT(*) AS archived FROM marked";

impl Postgres {
    pub(super) async fn archive_histories(&self, before_ms: i64, now_ms: i64, limit: u32) -> Result<u64, StoreError> {
        const DOING: &str = "archiving histories of orders";
        let archive = || statement(ARCHIVE).bind(before_ms).bind(i64::from(limit)).bind(now_ms);
        let rows = tried!(DOING, self.written(archive()));
        rows.first().map_or(Ok(0), |row| count(row, "archived")).map_err(|failed| failed.told(DOING))
    }
}
