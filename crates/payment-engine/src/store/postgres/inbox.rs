//! Webhooks that wait to be looked into.

use super::Postgres;
use super::connection::PgConnection;
use super::rows::{get, order_id, text};
use super::transaction::statement;
use super::tries::{Failed, tried};
use crate::order::{CLOCKS_APART_MS, LEASE_MS};
use crate::store::{Inbound, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::Row as PgRow;
use toss_types::PaymentKey;

/// What came before of the same: of a payment that an order has claimed; or of payments that nobody has, and names that order.
macro_rules! statements {
    ($of:literal) => {
        (
            concat!(
                "SELECT COUNT(*) FILTER (WHERE due_at_ms IS NOT NULL AND NOT is_taken) AS waiting, MAX(handled_at_ms) AS handled_at_ms, \
                 MAX(due_at_ms) AS due_at_ms FROM inbox WHERE ",
                $of
            ),
            concat!(
                "DELETE FROM inbox WHERE due_at_ms IS NULL AND id IN (SELECT id FROM inbox WHERE ",
                $of,
                " ORDER BY received_at_ms DESC OFFSET $3)"
            ),
        )
    };
}
const OF_PAYMENT: (&str, &str) = statements!("payment_key = $1 AND $2::TEXT IS NOT NULL");
const OF_NO_PAYMENT: (&str, &str) = statements!(
    "$1::TEXT IS NOT NULL AND order_id = $2 \
     AND NOT EXISTS (SELECT 1 FROM payment_claims WHERE payment_claims.payment_key = inbox.payment_key)"
);

impl Postgres {
    pub(super) async fn write_inbound(&self, inbound: &Inbound, pause_ms: i64) -> Result<bool, StoreError> {
        Ok(tried!("keeping a webhook", self.write_inbound_once(inbound, pause_ms)))
    }

    async fn write_inbound_once(&self, inbound: &Inbound, pause_ms: i64) -> Result<bool, Failed> {
        let mut transaction = self.begin().await?;
        match keep_within(transaction.connection(), inbound, pause_ms).await {
            Ok(true) => transaction.commit().await.map(|()| true),
            Ok(false) => {
                transaction.roll_back().await;
                Ok(false)
            }
            Err(failed) => transaction.end(Err(failed)).await,
        }
    }

    pub(super) async fn take_due_inbound(&self, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        Ok(tried!("taking webhooks to be looked into", self.take_due_inbound_once(now_ms, lease_until_ms, limit)))
    }

    async fn take_due_inbound_once(&self, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<Inbound>, Failed> {
        let mut transaction = self.begin().await?;
        let taken = take_within(transaction.connection(), now_ms, lease_until_ms, limit, self.server.leaser()).await;
        transaction.end(taken).await
    }

    pub(super) async fn end_inbound(
        &self,
        payment_key: &PaymentKey,
        began_ms: i64,
        now_ms: i64,
        pause_ms: i64,
        came_of_it: &str,
    ) -> Result<(), StoreError> {
        // What has come since may tell more than that look-up has heard, and has its turn after the pause.
        const END: &str = "UPDATE inbox SET is_taken = FALSE, due_at_ms = CASE WHEN received_at_ms <= $4 THEN NULL ELSE $5 END, \
                           handled_at_ms = CASE WHEN received_at_ms <= $4 THEN $1 ELSE handled_at_ms END, \
                           came_of_it = CASE WHEN received_at_ms <= $4 THEN $2 ELSE came_of_it END \
                           WHERE payment_key = $3 AND due_at_ms IS NOT NULL";
        let next_ms = now_ms.saturating_add(pause_ms);
        let end = || statement(END).bind(now_ms).bind(text(came_of_it)).bind(payment_key.expose()).bind(began_ms).bind(next_ms);
        tried!("closing a webhook", self.execute(end()));
        Ok(())
    }

    pub(super) async fn put_off_inbound(&self, payment_key: &PaymentKey, at_ms: i64) -> Result<(), StoreError> {
        const PUT_OFF: &str = "UPDATE inbox SET due_at_ms = $1, is_taken = FALSE WHERE payment_key = $2 AND due_at_ms IS NOT NULL";
        tried!("putting a webhook off", self.execute(statement(PUT_OFF).bind(at_ms).bind(payment_key.expose())));
        Ok(())
    }
}

async fn keep_within(connection: &mut PgConnection, inbound: &Inbound, pause_ms: i64) -> Result<bool, Failed> {
    let (key, named) = (inbound.payment_key.expose(), inbound.order_id.as_str());
    // The order whose payment it is, or that it names, is locked: of webhooks that come at once each counts those before it.
    let row = statement(
        "SELECT EXISTS (SELECT 1 FROM payment_claims WHERE payment_key = $1) AS is_claimed FROM orders \
         WHERE id = COALESCE((SELECT order_id FROM payment_claims WHERE payment_key = $1), $2) FOR NO KEY UPDATE",
    )
    .bind(key)
    .bind(named)
    .fetch_optional(&mut *connection)
    .await?;
    let is_claimed = row.map(|row| get::<bool>(&row, "is_claimed")).transpose()?.unwrap_or(false);
    // Whoever invents payments of an order can invent as many as he likes: they count as one.
    let (before, forget) = if is_claimed { OF_PAYMENT } else { OF_NO_PAYMENT };
    let row = statement(before).bind(key).bind(named).fetch_one(&mut *connection).await?;
    // What has the deposit's secret is no forgery, and is kept beside them.
    if get::<i64>(&row, "waiting")? >= Inbound::MOST_WAITING && !inbound.is_vouched_for {
        return Ok(false);
    }
    let (looked_at_ms, due_at_ms): (Option<i64>, Option<i64>) = (get(&row, "handled_at_ms")?, get(&row, "due_at_ms")?);
    let before_ms = if is_claimed { looked_at_ms } else { looked_at_ms.max(due_at_ms) };
    let due_at_ms = before_ms.map_or(inbound.received_at_ms, |at_ms| inbound.received_at_ms.max(at_ms.saturating_add(pause_ms)));
    let kept = statement(
        "INSERT INTO inbox (id, order_id, payment_key, claim, vouched_for, received_at_ms, due_at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
    )
    .bind(text(&inbound.id))
    .bind(named)
    .bind(key)
    .bind(text(&inbound.claim))
    .bind(inbound.is_vouched_for)
    .bind(inbound.received_at_ms)
    .bind(due_at_ms)
    .execute(&mut *connection)
    .await?;
    if kept == 0 {
        return Ok(false);
    }
    statement(forget).bind(key).bind(named).bind(Inbound::MOST_KEPT).execute(connection).await?;
    Ok(true)
}

async fn take_within(
    connection: &mut PgConnection,
    now_ms: i64,
    lease_until_ms: i64,
    limit: u32,
    leaser: Option<&str>,
) -> Result<Vec<Inbound>, Failed> {
    // What lies further ahead comes of a clock that was set back.
    let too_far_ms = now_ms.saturating_add(LEASE_MS + CLOCKS_APART_MS);
    let keys = statement(
        "SELECT payment_key FROM inbox WHERE (due_at_ms <= $1 OR due_at_ms > $2) AND payment_key NOT IN \
         (SELECT payment_key FROM inbox WHERE is_taken AND due_at_ms > $1 AND due_at_ms <= $2) \
         GROUP BY payment_key ORDER BY MIN(due_at_ms), payment_key LIMIT $3",
    )
    .bind(now_ms)
    .bind(too_far_ms)
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await?;
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys = keys.iter().map(|row| get::<String>(row, "payment_key")).collect::<Result<Vec<_>, _>>()?;
    // In the same order by everybody. Who had to wait for another server sees here what that one has taken, and leaves it alone.
    let rows = statement(
        "SELECT id, order_id, payment_key, claim, vouched_for, received_at_ms, due_at_ms, is_taken FROM inbox \
         WHERE payment_key = ANY ($1::TEXT[]) AND due_at_ms IS NOT NULL ORDER BY id FOR NO KEY UPDATE",
    )
    .bind(&keys)
    .fetch_all(&mut *connection)
    .await?;
    let is_ahead = |row: &PgRow| Ok::<_, Failed>((now_ms + 1..=too_far_ms).contains(&get::<i64>(row, "due_at_ms")?));
    let mut looked_into = BTreeSet::<&str>::new();
    for row in &rows {
        if is_ahead(row)? && get::<bool>(row, "is_taken")? {
            looked_into.insert(get(row, "payment_key")?);
        }
    }
    let mut due = BTreeMap::<&str, Inbound>::new();
    for row in &rows {
        if is_ahead(row)? || looked_into.contains(get::<&str>(row, "payment_key")?) {
            continue;
        }
        let (is_vouched_for, received_at_ms) = (get(row, "vouched_for")?, get(row, "received_at_ms")?);
        let key: &str = get(row, "payment_key")?;
        let inbound = Inbound {
            id: get(row, "id")?,
            order_id: order_id(get(row, "order_id")?)?,
            payment_key: PaymentKey::parse(key).map_err(Failed::content)?,
            claim: get(row, "claim")?,
            is_vouched_for,
            received_at_ms,
        };
        let of_payment = due.entry(key).or_insert(inbound);
        of_payment.is_vouched_for |= is_vouched_for;
        of_payment.received_at_ms = of_payment.received_at_ms.max(received_at_ms);
    }
    let taken: Vec<&str> = due.keys().copied().collect();
    const TAKE: &str = "UPDATE inbox SET due_at_ms = $1, is_taken = TRUE, leased_by = $3 \
                        WHERE payment_key = ANY ($2::TEXT[]) AND due_at_ms IS NOT NULL";
    statement(TAKE).bind(lease_until_ms).bind(taken).bind(leaser).execute(connection).await?;
    Ok(keys.iter().filter_map(|key| due.remove(key.as_str())).collect())
}
