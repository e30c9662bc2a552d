//! Forgetting who bought.

use super::Postgres;
use super::connection::PgConnection;
use super::rows::get;
use super::transaction::statement;
use super::tries::{Failed, tried};
use crate::store::{Forget, StoreError};
use serde_json::Value;
use tokio_postgres::Row as PgRow;

/// Where a state names the account that money was to come to.
const ACCOUNTS_OF_STATE: [&str; 2] = ["/account", "/deposit/account"];
/// Where an event does.
const ACCOUNTS_OF_EVENT: [&str; 2] = ["/outcome", "/outcome/account"];
/// What of it tells whose it was.
const WHOSE: [&str; 3] = ["holder", "account_number", "secret"];

impl Postgres {
    pub(super) async fn forget_details(&self, before: &Forget, now_ms: i64, limit: u32) -> Result<u64, StoreError> {
        Ok(tried!("forgetting who bought", self.forget_once(before, now_ms, limit)))
    }

    async fn forget_once(&self, before: &Forget, now_ms: i64, limit: u32) -> Result<u64, Failed> {
        let mut transaction = self.begin().await?;
        let forgotten = async {
            let mut orders = forget_orders(transaction.connection(), "expired", before.unpaid_before_ms, now_ms, limit).await?;
            if let Some(before_ms) = before.paid_before_ms {
                orders += forget_orders(transaction.connection(), "paid", before_ms, now_ms, limit).await?;
            }
            let bodies = forget_bodies(transaction.connection(), before, limit).await?;
            Ok(orders + bodies + forget_what_is_over(transaction.connection(), before, limit).await?)
        }
        .await;
        transaction.end(forgotten).await
    }
}

/// Who bought, and from whose account money was to come, also in their histories: events stay.
async fn forget_orders(
    connection: &mut PgConnection,
    status: &str,
    changed_before_ms: i64,
    now_ms: i64,
    limit: u32,
) -> Result<u64, Failed> {
    // What somebody still waits for is not over, whatever its age.
    let due = statement(
        "SELECT id, state FROM orders WHERE lane IS NULL AND forgotten_at_ms IS NULL AND status = $1 AND changed_at_ms < $2 \
         ORDER BY changed_at_ms LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED",
    )
    .bind(status)
    .bind(changed_before_ms)
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await?;
    if due.is_empty() {
        return Ok(0);
    }
    let ids = texts(&due, "id")?;
    let states = texts(&due, "state")?.into_iter().map(|state| without_accounts(state, &ACCOUNTS_OF_STATE));
    statement(
        "UPDATE orders SET details = '', forgotten_at_ms = $1, state = one.state FROM UNNEST($2::TEXT[], $3::TEXT[]) AS one (id, state) \
         WHERE orders.id = one.id",
    )
    .bind(now_ms)
    .bind(&ids)
    .bind(states.collect::<Result<Vec<_>, _>>()?)
    .execute(&mut *connection)
    .await?;
    forget_in_histories(connection, &ids).await?;
    Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
}

/// An event is in one of the two tables.
async fn forget_in_histories(connection: &mut PgConnection, ids: &[&str]) -> Result<(), Failed> {
    let history = statement(
        "SELECT order_id, seq, event FROM order_events WHERE order_id = ANY ($1::TEXT[]) \
         UNION ALL SELECT order_id, seq, event FROM order_events_archive WHERE order_id = ANY ($1::TEXT[])",
    )
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    let (mut of, mut seqs, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for row in &history {
        let event: &str = get(row, "event")?;
        let forgotten = without_accounts(event, &ACCOUNTS_OF_EVENT)?;
        if forgotten != event {
            of.push(get::<&str>(row, "order_id")?);
            seqs.push(get::<i64>(row, "seq")?);
            events.push(forgotten);
        }
    }
    if of.is_empty() {
        return Ok(());
    }
    for change in [
        "UPDATE order_events SET event = one.event FROM UNNEST($1::TEXT[], $2::BIGINT[], $3::TEXT[]) AS one (order_id, seq, event) \
         WHERE order_events.order_id = one.order_id AND order_events.seq = one.seq",
        "UPDATE order_events_archive SET event = one.event FROM UNNEST($1::TEXT[], $2::BIGINT[], $3::TEXT[]) AS one (order_id, seq, event) \
         WHERE order_events_archive.order_id = one.order_id AND order_events_archive.seq = one.seq",
    ] {
        statement(change).bind(&of).bind(&seqs).bind(&events).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Toss's bodies.
async fn forget_bodies(connection: &mut PgConnection, before: &Forget, limit: u32) -> Result<u64, Failed> {
    let mut forgotten = 0;
    for forget in [
        "WITH old AS (SELECT order_id, seq FROM order_events WHERE toss_answer IS NOT NULL AND at_ms < $1 \
         ORDER BY at_ms LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED) \
         UPDATE order_events SET toss_answer = NULL FROM old WHERE order_events.order_id = old.order_id AND order_events.seq = old.seq",
        "WITH old AS (SELECT order_id, seq FROM order_events_archive WHERE toss_answer IS NOT NULL AND at_ms < $1 \
         ORDER BY at_ms LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED) \
         UPDATE order_events_archive SET toss_answer = NULL FROM old \
         WHERE order_events_archive.order_id = old.order_id AND order_events_archive.seq = old.seq",
    ] {
        forgotten += statement(forget).bind(before.answers_before_ms).bind(i64::from(limit)).execute(&mut *connection).await?;
    }
    Ok(forgotten)
}

/// Messages that were delivered, and webhooks that were looked into.
async fn forget_what_is_over(connection: &mut PgConnection, before: &Forget, limit: u32) -> Result<u64, Failed> {
    let told = statement(
        "DELETE FROM outbox USING (SELECT id, channel FROM outbox WHERE delivered_at_ms < $1 ORDER BY delivered_at_ms LIMIT $2) AS old \
         WHERE outbox.id = old.id AND outbox.channel = old.channel AND outbox.delivered_at_ms IS NOT NULL",
    )
    .bind(before.told_before_ms)
    .bind(i64::from(limit))
    .execute(&mut *connection)
    .await?;
    let heard = statement(
        "DELETE FROM inbox USING (SELECT id FROM inbox WHERE due_at_ms IS NULL AND handled_at_ms < $1 \
         ORDER BY handled_at_ms LIMIT $2) AS old WHERE inbox.id = old.id AND inbox.due_at_ms IS NULL",
    )
    .bind(before.told_before_ms)
    .bind(i64::from(limit))
    .execute(connection)
    .await?;
    Ok(told + heard)
}

fn texts<'r>(rows: &'r [PgRow], column: &str) -> Result<Vec<&'r str>, Failed> {
    rows.iter().map(|row| get(row, column)).collect()
}

/// The same text where it names none.
fn without_accounts(json: &str, accounts: &[&str]) -> Result<String, Failed> {
    let mut value: Value = serde_json::from_str(json).map_err(Failed::content)?;
    let mut is_changed = false;
    for account in accounts {
        if let Some(Value::Object(account)) = value.pointer_mut(account) {
            for part in WHOSE {
                is_changed |= account.remove(part).is_some();
            }
        }
    }
    Ok(if is_changed { value.to_string() } else { json.to_owned() })
}
