//! Orders, as they are read, and their looks.

use super::Postgres;
use super::rows::{all, columns, count, from_form, get, order_id, record};
use super::transaction::statement;
use super::tries::tried;
use crate::order::{CLOCKS_APART_MS, Lane};
use crate::store::{EventRecord, LaneLoad, OrderQuery, OrderRecord, Owner, StoreError};
use tokio_postgres::Row as PgRow;
use toss_types::{OrderId, PaymentKey};

impl Postgres {
    pub(super) async fn read_order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        const DOING: &str = "reading an order";
        const ORDER: &str = concat!("SELECT ", columns!(), " FROM orders WHERE id = $1");
        let row = tried!(DOING, self.row(statement(ORDER).bind(id.as_str())));
        row.as_ref().map(record).transpose().map_err(|failed| failed.told(DOING))
    }

    pub(super) async fn read_undecided_of(&self, owner: &Owner) -> Result<Option<OrderId>, StoreError> {
        const DOING: &str = "looking for an undecided order";
        const UNDECIDED: &str =
            "SELECT id FROM orders WHERE owner = $1 AND status IN ('confirming', 'in_doubt') ORDER BY placed_at_ms DESC LIMIT 1";
        let row = tried!(DOING, self.row(statement(UNDECIDED).bind(owner.as_str())));
        row.map(|row| order_id(get(&row, "id")?)).transpose().map_err(|failed| failed.told(DOING))
    }

    pub(super) async fn take_due_of(
        &self,
        lane: Lane,
        now_ms: i64,
        lease_until_ms: i64,
        limit: u32,
    ) -> Result<Vec<OrderRecord>, StoreError> {
        const TAKE: &str = concat!(
            "WITH due AS (SELECT id, look_at_ms FROM orders WHERE lane = $2 AND (look_at_ms <= $3 OR look_at_ms > $4) \
             ORDER BY look_at_ms LIMIT $5 FOR NO KEY UPDATE SKIP LOCKED) \
             UPDATE orders SET look_at_ms = $1, leased_by = $6 FROM due WHERE orders.id = due.id RETURNING due.look_at_ms AS due_at_ms, ",
            columns!()
        );
        let take = || {
            let too_far_ms = now_ms.saturating_add(lane.longest_wait_ms() + CLOCKS_APART_MS);
            statement(TAKE)
                .bind(lease_until_ms)
                .bind(lane.word())
                .bind(now_ms)
                .bind(too_far_ms)
                .bind(i64::from(limit))
                .bind(self.server.leaser())
        };
        let mut rows = tried!("taking orders that are due to be looked at", self.written(take()));
        rows.sort_by_key(|row| get::<i64>(row, "due_at_ms").unwrap_or(i64::MAX));
        let readable = |row: &PgRow| {
            let id = get::<String>(row, "id").ok();
            record(row).map_err(|error| tracing::error!(order_id = ?id, ?error, "an order that is due cannot be read")).ok()
        };
        Ok(rows.iter().filter_map(readable).collect())
    }

    pub(super) async fn set_next_look(&self, record: &OrderRecord, now_ms: i64, at_ms: i64) -> Result<(), StoreError> {
        const SET: &str = "UPDATE orders SET look_at_ms = $1, looked_at_ms = $2, looks = looks + 1, leased_by = NULL \
                           WHERE id = $3 AND version = $4 AND lane IS NOT NULL";
        let set = || statement(SET).bind(at_ms).bind(now_ms).bind(record.order.id.as_str()).bind(record.version);
        tried!("scheduling a look", self.execute(set()));
        Ok(())
    }

    pub(super) async fn read_load(&self) -> Result<Vec<LaneLoad>, StoreError> {
        const DOING: &str = "counting what waits";
        const LOAD: &str =
            "SELECT lane, COUNT(*) AS orders, MIN(waits_since_ms) AS oldest FROM orders WHERE lane IS NOT NULL GROUP BY lane";
        let rows = tried!(DOING, self.rows(statement(LOAD)));
        let load = |row: &PgRow| Ok((get::<String>(row, "lane")?, count(row, "orders")?, get::<Option<i64>>(row, "oldest")?));
        let loads = all(DOING, &rows, load)?;
        let of = |lane: Lane| {
            let load = loads.iter().find(|(word, _, _)| word == lane.word());
            let (orders, oldest_since_ms) = load.map_or((0, None), |(_, orders, oldest)| (*orders, *oldest));
            LaneLoad { lane, orders, oldest_since_ms }
        };
        Ok(Lane::ALL.map(of).into())
    }

    pub(super) async fn read_claim(&self, payment_key: &PaymentKey) -> Result<Option<OrderId>, StoreError> {
        const DOING: &str = "looking for whose payment it is";
        const CLAIM: &str = "SELECT order_id FROM payment_claims WHERE payment_key = $1";
        let row = tried!(DOING, self.row(statement(CLAIM).bind(payment_key.expose())));
        row.map(|row| order_id(get(&row, "order_id")?)).transpose().map_err(|failed| failed.told(DOING))
    }

    pub(super) async fn read_versions(&self, ids: &[OrderId]) -> Result<Vec<(OrderId, i64)>, StoreError> {
        const DOING: &str = "looking for news of orders";
        const VERSIONS: &str = "SELECT id, version FROM orders WHERE id = ANY ($1::TEXT[])";
        let asked: Vec<&str> = ids.iter().map(OrderId::as_str).collect();
        let rows = tried!(DOING, self.rows(statement(VERSIONS).bind(&asked)));
        all(DOING, &rows, |row| Ok((order_id(get(row, "id")?)?, get(row, "version")?)))
    }

    pub(super) async fn read_toss_answer(&self, id: &OrderId) -> Result<Option<String>, StoreError> {
        const DOING: &str = "reading Toss's answer";
        const ANSWER: &str = "SELECT toss_answer FROM (SELECT seq, toss_answer FROM order_events WHERE order_id = $1 AND toss_answer IS NOT NULL \
             UNION ALL SELECT seq, toss_answer FROM order_events_archive WHERE order_id = $1 AND toss_answer IS NOT NULL) AS answers \
             ORDER BY seq DESC LIMIT 1";
        let row = tried!(DOING, self.row(statement(ANSWER).bind(id.as_str())));
        row.map(|row| get(&row, "toss_answer")).transpose().map_err(|failed| failed.told(DOING))
    }

    pub(super) async fn read_orders(&self, query: &OrderQuery) -> Result<Vec<OrderRecord>, StoreError> {
        const DOING: &str = "listing orders";
        const LIST: &str = concat!("SELECT ", columns!(), " FROM orders WHERE placed_at_ms < $1 ORDER BY placed_at_ms DESC, id LIMIT $2");
        const OF_STATUS: &str =
            concat!("SELECT ", columns!(), " FROM orders WHERE placed_at_ms < $1 AND status = $3 ORDER BY placed_at_ms DESC, id LIMIT $2");
        let list = || {
            let of = |sql| statement(sql).bind(query.before_ms.unwrap_or(i64::MAX)).bind(i64::from(query.limit));
            match query.status.as_deref() {
                None => of(LIST),
                Some(status) => of(OF_STATUS).bind(status),
            }
        };
        let rows = tried!(DOING, self.rows(list()));
        all(DOING, &rows, record)
    }

    pub(super) async fn read_events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError> {
        const DOING: &str = "reading an order's history";
        const EVENTS: &str = "SELECT seq, at_ms, event, toss_answer FROM order_events WHERE order_id = $1 \
                              UNION ALL SELECT seq, at_ms, event, toss_answer FROM order_events_archive WHERE order_id = $1 ORDER BY seq";
        let rows = tried!(DOING, self.rows(statement(EVENTS).bind(id.as_str())));
        all(DOING, &rows, |row| {
            Ok(EventRecord {
                seq: get(row, "seq")?,
                at_ms: get(row, "at_ms")?,
                event: from_form(get(row, "event")?)?,
                toss_answer: get(row, "toss_answer")?,
            })
        })
    }
}
