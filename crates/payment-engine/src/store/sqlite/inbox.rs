//! Webhooks that wait to be looked into.

use super::Sqlite;
use super::rows::{all, execute, one, order_id, text};
use super::writer::{Cause, Ended};
use crate::order::{CLOCKS_APART_MS, LEASE_MS};
use crate::store::{Inbound, StoreError};
use rusqlite::{Connection, Row, params};
use toss_types::PaymentKey;

/// What came before of the same: of a payment that an order has claimed; or of payments that nobody has, and names that order.
macro_rules! statements {
    ($of:literal) => {
        (
            concat!("SELECT COUNT(CASE WHEN is_taken = 0 THEN due_at_ms END), MAX(handled_at_ms), MAX(due_at_ms) FROM inbox WHERE ", $of),
            concat!(
                "DELETE FROM inbox WHERE due_at_ms IS NULL AND id IN (SELECT id FROM inbox WHERE ",
                $of,
                " ORDER BY received_at_ms DESC LIMIT -1 OFFSET ?3)"
            ),
        )
    };
}
const OF_PAYMENT: (&str, &str) = statements!("payment_key = ?1 AND ?2 IS NOT NULL");
const OF_NO_PAYMENT: (&str, &str) = statements!(
    "?1 IS NOT NULL AND order_id = ?2 AND NOT EXISTS (SELECT 1 FROM payment_claims WHERE payment_claims.payment_key = inbox.payment_key)"
);

impl Sqlite {
    pub(super) async fn write_inbound(&self, inbound: &Inbound, pause_ms: i64) -> Result<bool, StoreError> {
        let inbound = inbound.clone();
        self.writer.write("keeping a webhook", move |connection| keep_within(connection, &inbound, pause_ms)).await
    }

    pub(super) async fn take_due_inbound(&self, now_ms: i64, lease_until_ms: i64, limit: u32) -> Result<Vec<Inbound>, StoreError> {
        const DOING: &str = "taking webhooks to be looked into";
        const IS_DUE: &str = "SELECT EXISTS (SELECT 1 FROM inbox WHERE due_at_ms <= ? OR due_at_ms > ?)";
        // The plus keeps SQLite from going through all payments in order, looked into or not.
        const DUE: &str = "SELECT id, order_id, payment_key, claim, MAX(vouched_for) AS vouched_for, MAX(received_at_ms) AS received_at_ms FROM inbox \
             WHERE due_at_ms IS NOT NULL AND (due_at_ms <= ?1 OR due_at_ms > ?2) AND payment_key NOT IN \
             (SELECT payment_key FROM inbox WHERE is_taken = 1 AND due_at_ms > ?1 AND due_at_ms <= ?2) \
             GROUP BY +payment_key ORDER BY MIN(due_at_ms) LIMIT ?3";
        const TAKE: &str = "UPDATE inbox SET due_at_ms = ?, is_taken = 1 WHERE payment_key = ? AND due_at_ms IS NOT NULL";
        // What lies further ahead comes of a clock that was set back.
        let too_far_ms = now_ms.saturating_add(LEASE_MS + CLOCKS_APART_MS);
        // Mostly there is none, and a read costs no sync.
        let is_due = move |connection: &Connection| one(connection, IS_DUE, [now_ms, too_far_ms], |row| Ok(row.get(0)?));
        if !self.readers.read(DOING, is_due).await? {
            return Ok(Vec::new());
        }
        let take = move |connection: &Connection| {
            let taken = all(connection, DUE, params![now_ms, too_far_ms, limit], inbound)?;
            for inbound in &taken {
                execute(connection, TAKE, params![lease_until_ms, inbound.payment_key.expose()])?;
            }
            Ok(Ended::Commit(taken))
        };
        self.writer.write(DOING, take).await
    }

    pub(super) async fn end_inbound(
        &self,
        payment_key: &PaymentKey,
        began_ms: i64,
        now_ms: i64,
        pause_ms: i64,
        came_of_it: &str,
    ) -> Result<(), StoreError> {
        const END: &str = "UPDATE inbox SET due_at_ms = NULL, is_taken = 0, handled_at_ms = ?, came_of_it = ? \
                           WHERE payment_key = ? AND received_at_ms <= ? AND due_at_ms IS NOT NULL";
        let (key, came_of_it) = (payment_key.clone(), came_of_it.to_owned());
        let end = move |connection: &Connection| {
            execute(connection, END, params![now_ms, came_of_it, key.expose(), began_ms])?;
            // What has come since may tell more than that look-up has heard, and has its turn after the pause.
            execute(connection, PUT_OFF, params![now_ms.saturating_add(pause_ms), key.expose()])?;
            Ok(Ended::Commit(()))
        };
        self.writer.write("closing a webhook", end).await
    }

    pub(super) async fn put_off_inbound(&self, payment_key: &PaymentKey, at_ms: i64) -> Result<(), StoreError> {
        let key = payment_key.clone();
        let put_off = move |connection: &Connection| {
            execute(connection, PUT_OFF, params![at_ms, key.expose()])?;
            Ok(Ended::Commit(()))
        };
        self.writer.write("putting a webhook off", put_off).await
    }
}

const PUT_OFF: &str = "UPDATE inbox SET due_at_ms = ?, is_taken = 0 WHERE payment_key = ? AND due_at_ms IS NOT NULL";

fn keep_within(connection: &Connection, inbound: &Inbound, pause_ms: i64) -> Result<Ended<bool>, Cause> {
    const IS_CLAIMED: &str = "SELECT EXISTS (SELECT 1 FROM payment_claims WHERE payment_key = ?)";
    const INSERT: &str = "INSERT INTO inbox (id, order_id, payment_key, claim, vouched_for, received_at_ms, due_at_ms) \
                          VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    let (key, order_id) = (inbound.payment_key.expose(), inbound.order_id.as_str());
    let is_claimed: bool = one(connection, IS_CLAIMED, [key], |row| Ok(row.get(0)?))?;
    // Whoever invents payments of an order can invent as many as he likes: they count as one.
    let (before, forget) = if is_claimed { OF_PAYMENT } else { OF_NO_PAYMENT };
    let (waiting, looked_at_ms, due_at_ms): (i64, Option<i64>, Option<i64>) =
        one(connection, before, [key, order_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    // What has the deposit's secret is no forgery, and is kept beside them.
    if waiting >= Inbound::MOST_WAITING && !inbound.is_vouched_for {
        return Ok(Ended::RollBack(false));
    }
    let before_ms = if is_claimed { looked_at_ms } else { looked_at_ms.max(due_at_ms) };
    let due_at_ms = before_ms.map_or(inbound.received_at_ms, |at_ms| inbound.received_at_ms.max(at_ms.saturating_add(pause_ms)));
    let row = params![inbound.id, order_id, key, inbound.claim, inbound.is_vouched_for, inbound.received_at_ms, due_at_ms];
    if execute(connection, INSERT, row)? == 0 {
        return Ok(Ended::RollBack(false));
    }
    execute(connection, forget, params![key, order_id, Inbound::MOST_KEPT])?;
    Ok(Ended::Commit(true))
}

fn inbound(row: &Row<'_>) -> Result<Inbound, Cause> {
    Ok(Inbound {
        id: row.get("id")?,
        order_id: order_id(row, "order_id")?,
        payment_key: PaymentKey::parse(text(row, "payment_key")?)?,
        claim: row.get("claim")?,
        is_vouched_for: row.get("vouched_for")?,
        received_at_ms: row.get("received_at_ms")?,
    })
}
