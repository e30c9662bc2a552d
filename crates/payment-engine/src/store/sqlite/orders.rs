//! Orders as they stand, their events and their looks.

use super::Sqlite;
use super::apply::SELECT_ORDER;
use super::rows::{all, columns, execute, first, one, order_id, record, text};
use super::writer::{Cause, Ended};
use crate::order::{CLOCKS_APART_MS, Lane};
use crate::store::form::from_text;
use crate::store::{EventRecord, LaneLoad, OrderQuery, OrderRecord, Owner, StoreError};
use rusqlite::{Connection, Row, params};
use toss_types::{OrderId, PaymentKey};

impl Sqlite {
    pub(super) async fn read_order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        let id = id.clone();
        self.readers.read("reading an order", move |connection| first(connection, SELECT_ORDER, [id.as_str()], record)).await
    }

    pub(super) async fn read_undecided_of(&self, owner: &Owner) -> Result<Option<OrderId>, StoreError> {
        const UNPAID: &str = "SELECT id, status FROM orders WHERE owner = ? AND status IN ('open', 'declined', 'confirming', 'in_doubt') \
                              ORDER BY placed_at_ms DESC";
        let owner = owner.clone();
        let read = move |connection: &Connection| {
            let undecided = |row: &Row<'_>| {
                let is_undecided = matches!(text(row, "status")?, "confirming" | "in_doubt");
                is_undecided.then(|| order_id(row, "id")).transpose()
            };
            Ok(all(connection, UNPAID, [owner.as_str()], undecided)?.into_iter().flatten().next())
        };
        self.readers.read("looking for an undecided order", read).await
    }

    pub(super) async fn take_due_of(
        &self,
        lane: Lane,
        now_ms: i64,
        lease_until_ms: i64,
        limit: u32,
    ) -> Result<Vec<OrderRecord>, StoreError> {
        const DOING: &str = "taking orders that are due to be looked at";
        const IS_DUE: &str = "SELECT EXISTS (SELECT 1 FROM orders WHERE lane = ?1 AND (look_at_ms <= ?2 OR look_at_ms > ?3))";
        const TAKE: &str = concat!(
            "UPDATE orders SET look_at_ms = ?1 WHERE id IN \
             (SELECT id FROM orders WHERE lane = ?2 AND (look_at_ms <= ?3 OR look_at_ms > ?4) ORDER BY look_at_ms LIMIT ?5) RETURNING ",
            columns!()
        );
        let too_far_ms = now_ms.saturating_add(lane.longest_wait_ms() + CLOCKS_APART_MS);
        // Mostly there is none, and a read costs no sync.
        let is_due =
            move |connection: &Connection| one(connection, IS_DUE, params![lane.word(), now_ms, too_far_ms], |row| Ok(row.get(0)?));
        if !self.readers.read(DOING, is_due).await? {
            return Ok(Vec::new());
        }
        let take = move |connection: &Connection| {
            let taken = all(connection, TAKE, params![lease_until_ms, lane.word(), now_ms, too_far_ms, limit], |row| Ok(readable(row)))?;
            Ok(Ended::Commit(taken.into_iter().flatten().collect()))
        };
        self.writer.write(DOING, take).await
    }

    pub(super) async fn set_next_look(&self, record: &OrderRecord, now_ms: i64, at_ms: i64) -> Result<(), StoreError> {
        const SET: &str = "UPDATE orders SET look_at_ms = ?, looked_at_ms = ?, looks = looks + 1 \
                           WHERE id = ? AND version = ? AND lane IS NOT NULL";
        let (id, version) = (record.order.id.clone(), record.version);
        let set = move |connection: &Connection| {
            execute(connection, SET, params![at_ms, now_ms, id.as_str(), version])?;
            Ok(Ended::Commit(()))
        };
        self.writer.write("scheduling a look", set).await
    }

    pub(super) async fn end_leases(&self, now_ms: i64) -> Result<u64, StoreError> {
        let end = move |connection: &Connection| {
            let mut ended = 0;
            for end in [
                "UPDATE orders SET look_at_ms = ?1 WHERE lane IN ('shown', 'unheard', 'missing', 'refund') AND look_at_ms > ?1",
                "UPDATE inbox SET due_at_ms = ?1, is_taken = 0 WHERE is_taken = 1 AND due_at_ms IS NOT NULL",
                "UPDATE outbox SET due_at_ms = ?1, is_taken = 0 WHERE is_taken = 1 AND due_at_ms IS NOT NULL",
            ] {
                ended += execute(connection, end, [now_ms])?;
            }
            Ok(Ended::Commit(u64::try_from(ended)?))
        };
        self.writer.write("taking up what the last server left", end).await
    }

    pub(super) async fn read_load(&self) -> Result<Vec<LaneLoad>, StoreError> {
        const LOAD: &str = "SELECT lane, COUNT(*), MIN(waits_since_ms) FROM orders WHERE lane IS NOT NULL GROUP BY lane";
        let read = |connection: &Connection| {
            let rows: Vec<(String, i64, Option<i64>)> = all(connection, LOAD, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let load = |lane: Lane| {
                let row = rows.iter().find(|(word, _, _)| word == lane.word());
                let (orders, oldest_since_ms) = row.map_or((0, None), |(_, count, oldest)| (u64::try_from(*count).unwrap_or(0), *oldest));
                LaneLoad { lane, orders, oldest_since_ms }
            };
            Ok(Lane::ALL.map(load).into())
        };
        self.readers.read("counting what waits", read).await
    }

    pub(super) async fn read_claim(&self, payment_key: &PaymentKey) -> Result<Option<OrderId>, StoreError> {
        const CLAIM: &str = "SELECT order_id FROM payment_claims WHERE payment_key = ?";
        let key = payment_key.clone();
        let read = move |connection: &Connection| first(connection, CLAIM, [key.expose()], |row| order_id(row, "order_id"));
        self.readers.read("looking for whose payment it is", read).await
    }

    pub(super) async fn read_versions(&self, ids: &[OrderId]) -> Result<Vec<(OrderId, i64)>, StoreError> {
        const VERSIONS: &str = "SELECT id, version FROM orders WHERE id IN (SELECT asked.value FROM json_each(?) AS asked)";
        let ids = ids.to_vec();
        let read = move |connection: &Connection| {
            let asked: Vec<&str> = ids.iter().map(OrderId::as_str).collect();
            all(connection, VERSIONS, [serde_json::to_string(&asked)?], |row| Ok((order_id(row, "id")?, row.get("version")?)))
        };
        self.readers.read("looking for news of orders", read).await
    }

    pub(super) async fn read_toss_answer(&self, id: &OrderId) -> Result<Option<String>, StoreError> {
        const ANSWER: &str = "SELECT toss_answer FROM (SELECT seq, toss_answer FROM order_events WHERE order_id = ?1 AND toss_answer IS NOT NULL \
             UNION ALL SELECT seq, toss_answer FROM order_events_archive WHERE order_id = ?1 AND toss_answer IS NOT NULL) AS answers \
             ORDER BY seq DESC LIMIT 1";
        let id = id.clone();
        let read = move |connection: &Connection| first(connection, ANSWER, [id.as_str()], |row| Ok(row.get(0)?));
        self.readers.read("reading Toss's answer", read).await
    }

    pub(super) async fn read_orders(&self, query: &OrderQuery) -> Result<Vec<OrderRecord>, StoreError> {
        const ORDERS: &str = concat!("SELECT ", columns!(), " FROM orders WHERE placed_at_ms < ? ORDER BY placed_at_ms DESC, id LIMIT ?");
        const OF_STATUS: &str =
            concat!("SELECT ", columns!(), " FROM orders WHERE status = ? AND placed_at_ms < ? ORDER BY placed_at_ms DESC, id LIMIT ?");
        let query = query.clone();
        let read = move |connection: &Connection| {
            let before_ms = query.before_ms.unwrap_or(i64::MAX);
            match &query.status {
                None => all(connection, ORDERS, params![before_ms, query.limit], record),
                Some(status) => all(connection, OF_STATUS, params![status, before_ms, query.limit], record),
            }
        };
        self.readers.read("listing orders", read).await
    }

    pub(super) async fn read_events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError> {
        const EVENTS: &str = "SELECT seq, at_ms, event, toss_answer FROM order_events WHERE order_id = ?1 \
                              UNION ALL SELECT seq, at_ms, event, toss_answer FROM order_events_archive WHERE order_id = ?1 ORDER BY seq";
        let id = id.clone();
        let read = move |connection: &Connection| all(connection, EVENTS, [id.as_str()], event);
        self.readers.read("reading an order's history", read).await
    }
}

fn event(row: &Row<'_>) -> Result<EventRecord, Cause> {
    Ok(EventRecord {
        seq: row.get("seq")?,
        at_ms: row.get("at_ms")?,
        event: from_text(text(row, "event")?)?,
        toss_answer: row.get("toss_answer")?,
    })
}

fn readable(row: &Row<'_>) -> Option<OrderRecord> {
    let id: Result<String, _> = row.get("id");
    record(row).map_err(|error| tracing::error!(order_id = ?id, %error, "an order that is due cannot be read")).ok()
}
