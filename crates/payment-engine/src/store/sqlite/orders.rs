//! Orders, their events and their looks.

use super::Sqlite;
use super::outbox::tell;
use super::rows::{columns, from_json, json, order_id, record};
use super::stock;
use crate::order::{Event, Illegal, Lane, Look, State, Stepped, holds_stock, step};
use crate::store::{Applied, ApplyError, EventRecord, LaneLoad, NewOrder, Note, OrderQuery, OrderRecord, Owner, Placement, StoreError};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use toss_types::{OrderId, PaymentKey};

const SELECT_ORDER: &str = concat!("SELECT ", columns!(), " FROM orders WHERE id = ?");

impl Sqlite {
    pub(super) async fn place_order(&self, order: &NewOrder, note: &Note) -> Result<Placement, StoreError> {
        const DOING: &str = "placing an order";
        let failed = |cause| StoreError::new(DOING, cause);
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();

        let unpaid = concat!(
            "SELECT ",
            columns!(),
            " FROM orders WHERE owner = ? AND status IN ('open', 'declined', 'confirming', 'in_doubt') ORDER BY placed_at_ms"
        );
        let unpaid = sqlx::query(unpaid).bind(order.owner.as_str()).fetch_all(&mut *connection).await.map_err(failed)?;
        let unpaid = unpaid.iter().map(|row| record(DOING, row)).collect::<Result<Vec<_>, _>>()?;
        if let Some(undecided) = unpaid.iter().find(|record| record.state.undecided().is_some()) {
            let id = undecided.order.id.clone();
            writer.roll_back().await?;
            return Ok(Placement::Undecided(id));
        }
        let mut replaced = Vec::new();
        for mut earlier in unpaid {
            let stepped = step(&earlier.state, &earlier.refunds, &earlier.terms(), &Event::Replaced, note.at_ms)
                .map_err(|illegal| StoreError::new(DOING, format!("an unpaid order cannot be replaced: {illegal:?}")))?;
            stock::give_back(connection, DOING, if holds_stock(&earlier.state, &earlier.refunds) { &earlier.order.reserves } else { &[] })
                .await?;
            write_step(connection, DOING, &mut earlier, &Event::Replaced, note, stepped).await?;
            replaced.push(earlier.order.id);
        }

        let missing = stock::take(connection, DOING, &order.reserves).await?;
        if !missing.is_empty() {
            writer.roll_back().await?;
            return Ok(Placement::SoldOut(missing));
        }
        sqlx::query(
            "INSERT INTO orders (id, owner, name, details, reserves, amount, currency, state, status, version, placed_at_ms, \
             changed_at_ms, expires_at_ms, lane, look_at_ms, waits_since_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
        )
        .bind(order.id.as_str())
        .bind(order.owner.as_str())
        .bind(&order.name)
        .bind(&order.details)
        .bind(json(DOING, &order.reserves)?)
        .bind(order.total.amount().to_string())
        .bind(order.total.currency().as_str())
        .bind(json(DOING, &State::Open)?)
        .bind(State::Open.word())
        .bind(order.placed_at_ms)
        .bind(order.placed_at_ms)
        .bind(order.expires_at_ms)
        .bind(Lane::Expiry.word())
        .bind(order.expires_at_ms)
        .bind(order.placed_at_ms)
        .execute(connection)
        .await
        .map_err(failed)?;
        writer.commit().await?;
        Ok(Placement::Placed { replaced })
    }

    pub(super) async fn read_order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        const DOING: &str = "reading an order";
        let row = sqlx::query(SELECT_ORDER).bind(id.as_str()).fetch_optional(&self.readers).await;
        row.map_err(|cause| StoreError::new(DOING, cause))?.map(|row| record(DOING, &row)).transpose()
    }

    pub(super) async fn read_undecided_of(&self, owner: &Owner) -> Result<Option<OrderId>, StoreError> {
        const DOING: &str = "looking for an undecided order";
        let ids: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, status FROM orders WHERE owner = ? AND status IN ('open', 'declined', 'confirming', 'in_doubt') ORDER BY placed_at_ms DESC",
        )
        .bind(owner.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        let undecided = ids.iter().find(|(_, status)| matches!(status.as_str(), "confirming" | "in_doubt"));
        undecided.map(|(id, _)| order_id(DOING, id)).transpose()
    }

    pub(super) async fn apply_event(&self, id: &OrderId, event: &Event, note: &Note) -> Result<Applied, ApplyError> {
        const DOING: &str = "applying an event";
        let mut writer = self.begin(DOING).await?;
        match apply_within(writer.connection(), DOING, id, event, note).await {
            Ok(applied) => {
                writer.commit().await?;
                Ok(applied)
            }
            Err(error @ ApplyError::Store(_)) => Err(error),
            Err(refusal @ (ApplyError::NoSuchOrder | ApplyError::Illegal { .. } | ApplyError::PaymentTaken)) => {
                writer.roll_back().await?;
                Err(refusal)
            }
        }
    }

    pub(super) async fn take_due_of(
        &self,
        lane: Lane,
        now_ms: i64,
        lease_until_ms: i64,
        limit: u32,
    ) -> Result<Vec<OrderRecord>, StoreError> {
        const DOING: &str = "taking orders that are due to be looked at";
        let failed = |cause| StoreError::new(DOING, cause);
        let too_far_ms = now_ms.saturating_add(lane.longest_wait_ms());
        // Mostly there is none, and a read costs no sync.
        let due: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM orders WHERE lane = ?1 AND (look_at_ms <= ?2 OR look_at_ms > ?3))")
            .bind(lane.word())
            .bind(now_ms)
            .bind(too_far_ms)
            .fetch_one(&self.readers)
            .await
            .map_err(failed)?;
        if due == 0 {
            return Ok(Vec::new());
        }
        let mut writer = self.begin(DOING).await?;
        let rows = sqlx::query(concat!(
            "UPDATE orders SET look_at_ms = ?1 WHERE id IN \
             (SELECT id FROM orders WHERE lane = ?2 AND (look_at_ms <= ?3 OR look_at_ms > ?4) ORDER BY look_at_ms LIMIT ?5) RETURNING ",
            columns!()
        ))
        .bind(lease_until_ms)
        .bind(lane.word())
        .bind(now_ms)
        .bind(too_far_ms)
        .bind(limit)
        .fetch_all(writer.connection())
        .await
        .map_err(failed)?;
        writer.commit().await?;
        let readable = |row: &SqliteRow| {
            let id: Result<String, _> = row.try_get("id");
            record(DOING, row).map_err(|error| tracing::error!(order_id = ?id, %error, "an order that is due cannot be read")).ok()
        };
        Ok(rows.iter().filter_map(readable).collect())
    }

    pub(super) async fn set_next_look(&self, record: &OrderRecord, now_ms: i64, at_ms: i64) -> Result<(), StoreError> {
        const DOING: &str = "scheduling a look";
        let mut writer = self.begin(DOING).await?;
        sqlx::query(
            "UPDATE orders SET look_at_ms = ?, looked_at_ms = ?, looks = looks + 1 WHERE id = ? AND version = ? AND lane IS NOT NULL",
        )
        .bind(at_ms)
        .bind(now_ms)
        .bind(record.order.id.as_str())
        .bind(record.version)
        .execute(writer.connection())
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await
    }

    pub(super) async fn end_leases(&self, now_ms: i64) -> Result<u64, StoreError> {
        const DOING: &str = "taking up what the last server left";
        let mut writer = self.begin(DOING).await?;
        let mut ended = 0;
        for end in [
            "UPDATE orders SET look_at_ms = ?1 WHERE lane IN ('shown', 'unheard', 'missing', 'refund') AND look_at_ms > ?1",
            "UPDATE inbox SET due_at_ms = ?1, is_taken = 0 WHERE is_taken = 1 AND due_at_ms IS NOT NULL",
            "UPDATE outbox SET due_at_ms = ?1, is_taken = 0 WHERE is_taken = 1 AND due_at_ms IS NOT NULL",
        ] {
            let done = sqlx::query(end).bind(now_ms).execute(writer.connection()).await;
            ended += done.map_err(|cause| StoreError::new(DOING, cause))?.rows_affected();
        }
        writer.commit().await?;
        Ok(ended)
    }

    pub(super) async fn read_load(&self) -> Result<Vec<LaneLoad>, StoreError> {
        const DOING: &str = "counting what waits";
        let rows: Vec<(String, i64, Option<i64>)> =
            sqlx::query_as("SELECT lane, COUNT(*), MIN(waits_since_ms) FROM orders WHERE lane IS NOT NULL GROUP BY lane")
                .fetch_all(&self.readers)
                .await
                .map_err(|cause| StoreError::new(DOING, cause))?;
        let load = |lane: Lane| {
            let row = rows.iter().find(|(word, _, _)| word == lane.word());
            let (orders, oldest_since_ms) = row.map_or((0, None), |(_, count, oldest)| (u64::try_from(*count).unwrap_or(0), *oldest));
            LaneLoad { lane, orders, oldest_since_ms }
        };
        Ok(Lane::ALL.map(load).into())
    }

    pub(super) async fn read_claim(&self, payment_key: &PaymentKey) -> Result<Option<OrderId>, StoreError> {
        const DOING: &str = "looking for whose payment it is";
        let id: Option<String> = sqlx::query_scalar("SELECT order_id FROM payment_claims WHERE payment_key = ?")
            .bind(payment_key.expose())
            .fetch_optional(&self.readers)
            .await
            .map_err(|cause| StoreError::new(DOING, cause))?;
        id.map(|id| order_id(DOING, &id)).transpose()
    }

    pub(super) async fn read_versions(&self, ids: &[OrderId]) -> Result<Vec<(OrderId, i64)>, StoreError> {
        const DOING: &str = "looking for news of orders";
        let asked: Vec<&str> = ids.iter().map(OrderId::as_str).collect();
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT id, version FROM orders WHERE id IN (SELECT asked.value FROM json_each(?) AS asked)")
                .bind(json(DOING, &asked)?)
                .fetch_all(&self.readers)
                .await
                .map_err(|cause| StoreError::new(DOING, cause))?;
        rows.into_iter().map(|(id, version)| Ok((order_id(DOING, &id)?, version))).collect()
    }

    pub(super) async fn read_toss_answer(&self, id: &OrderId) -> Result<Option<String>, StoreError> {
        let answer = sqlx::query_scalar(
            "SELECT toss_answer FROM order_events WHERE order_id = ? AND toss_answer IS NOT NULL ORDER BY seq DESC LIMIT 1",
        );
        answer.bind(id.as_str()).fetch_optional(&self.readers).await.map_err(|cause| StoreError::new("reading Toss's answer", cause))
    }

    pub(super) async fn read_orders(&self, query: &OrderQuery) -> Result<Vec<OrderRecord>, StoreError> {
        const DOING: &str = "listing orders";
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM orders WHERE (?1 IS NULL OR status = ?1) AND placed_at_ms < ?2 ORDER BY placed_at_ms DESC, id LIMIT ?3"
        ))
        .bind(query.status.as_deref())
        .bind(query.before_ms.unwrap_or(i64::MAX))
        .bind(query.limit)
        .fetch_all(&self.readers)
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        rows.iter().map(|row| record(DOING, row)).collect()
    }

    pub(super) async fn read_events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError> {
        const DOING: &str = "reading an order's history";
        let failed = |cause| StoreError::new(DOING, cause);
        let rows = sqlx::query("SELECT seq, at_ms, event, toss_answer FROM order_events WHERE order_id = ? ORDER BY seq")
            .bind(id.as_str())
            .fetch_all(&self.readers)
            .await
            .map_err(failed)?;
        rows.iter()
            .map(|row| {
                Ok(EventRecord {
                    seq: row.try_get("seq").map_err(failed)?,
                    at_ms: row.try_get("at_ms").map_err(failed)?,
                    event: from_json(DOING, row.try_get("event").map_err(failed)?)?,
                    toss_answer: row.try_get("toss_answer").map_err(failed)?,
                })
            })
            .collect()
    }
}

async fn apply_within(
    connection: &mut SqliteConnection,
    doing: &'static str,
    id: &OrderId,
    event: &Event,
    note: &Note,
) -> Result<Applied, ApplyError> {
    let row = sqlx::query(SELECT_ORDER).bind(id.as_str()).fetch_optional(&mut *connection).await;
    let row = row.map_err(|cause| StoreError::new(doing, cause))?;
    let mut record = record(doing, &row.ok_or(ApplyError::NoSuchOrder)?)?;
    if note.only_at.is_some_and(|version| version != record.version) {
        return Err(ApplyError::Illegal { illegal: Illegal::Overtaken, record: Box::new(record) });
    }
    let stepped = match step(&record.state, &record.refunds, &record.terms(), event, note.at_ms) {
        Ok(stepped) => stepped,
        Err(illegal) => return Err(ApplyError::Illegal { illegal, record: Box::new(record) }),
    };
    if let Event::ConfirmStarted(attempt) | Event::AnotherReturned(attempt) = event {
        match claim(connection, id, &attempt.payment_key).await? {
            Claim::First => record.attempts += 1,
            Claim::OwnAgain => return Err(ApplyError::Illegal { illegal: Illegal::AlreadyDeclined, record: Box::new(record) }),
            Claim::Anothers => return Err(ApplyError::PaymentTaken),
        }
    }
    match (holds_stock(&record.state, &record.refunds), holds_stock(&stepped.state, &stepped.refunds)) {
        (true, false) => stock::give_back(connection, doing, &record.order.reserves).await?,
        (false, true) => {
            let missing = stock::take(connection, doing, &record.order.reserves).await?;
            let may_refuse = matches!(event, Event::ConfirmStarted(_) | Event::ConfirmEnded { .. });
            if !missing.is_empty() && may_refuse {
                return Err(ApplyError::Illegal { illegal: Illegal::SoldOut, record: Box::new(record) });
            }
            // What has happened to money has happened, whatever is left on the shelf.
            stock::oversell(connection, doing, &missing, &record.order.reserves).await?;
        }
        (true, true) | (false, false) => {}
    }
    let effect = stepped.effect;
    write_step(connection, doing, &mut record, event, note, stepped).await?;
    Ok(Applied { record, effect })
}

/// Writes event and row, and brings the record up to date.
async fn write_step(
    connection: &mut SqliteConnection,
    doing: &'static str,
    record: &mut OrderRecord,
    event: &Event,
    note: &Note,
    stepped: Stepped,
) -> Result<(), StoreError> {
    let failed = |cause| StoreError::new(doing, cause);
    let state = std::mem::replace(&mut record.state, stepped.state);
    let refunds = std::mem::replace(&mut record.refunds, stepped.refunds);
    record.version += 1;
    record.looks = 0;
    record.looked_at_ms = None;
    sqlx::query("INSERT INTO order_events (order_id, seq, at_ms, event, toss_answer) VALUES (?, ?, ?, ?, ?)")
        .bind(record.order.id.as_str())
        .bind(record.version)
        .bind(note.at_ms)
        .bind(json(doing, event)?)
        .bind(note.toss_answer.as_deref())
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    let (lane, look_at_ms) = stepped.look.map_or((None, None), |Look { lane, at_ms }| (Some(lane.word()), Some(at_ms)));
    sqlx::query(
        "UPDATE orders SET state = ?, refunds = ?, status = ?, version = ?, attempts = ?, \
         lane = ?, look_at_ms = ?, looks = 0, looked_at_ms = NULL, waits_since_ms = ?, changed_at_ms = ?, forgotten_at_ms = NULL \
         WHERE id = ?",
    )
    .bind(json(doing, &record.state)?)
    .bind(json(doing, &record.refunds)?)
    .bind(record.state.word())
    .bind(record.version)
    .bind(record.attempts)
    .bind(lane)
    .bind(look_at_ms)
    .bind(record.waits_since_ms())
    .bind(note.at_ms)
    .bind(record.order.id.as_str())
    .execute(&mut *connection)
    .await
    .map_err(failed)?;
    tell(connection, doing, (&state, &refunds), record, note).await
}

enum Claim {
    /// Nobody had it.
    First,
    /// This order had it in an earlier attempt.
    OwnAgain,
    /// Another order has it.
    Anothers,
}

async fn claim(connection: &mut SqliteConnection, id: &OrderId, payment_key: &PaymentKey) -> Result<Claim, StoreError> {
    let failed = |cause| StoreError::new("claiming a payment", cause);
    let inserted = sqlx::query("INSERT INTO payment_claims (payment_key, order_id) VALUES (?, ?) ON CONFLICT (payment_key) DO NOTHING")
        .bind(payment_key.expose())
        .bind(id.as_str())
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    if inserted.rows_affected() == 1 {
        return Ok(Claim::First);
    }
    let owner: String = sqlx::query_scalar("SELECT order_id FROM payment_claims WHERE payment_key = ?")
        .bind(payment_key.expose())
        .fetch_one(connection)
        .await
        .map_err(failed)?;
    Ok(if owner == id.as_str() { Claim::OwnAgain } else { Claim::Anothers })
}
