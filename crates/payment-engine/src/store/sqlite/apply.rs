//! What happens to an order.

use super::Sqlite;
use super::outbox::tell;
use super::rows::{columns, execute, first, one, record, text};
use super::stock;
use super::writer::{Cause, Ended};
use crate::order::{Event, Illegal, Look, Stepped, holds_stock, step};
use crate::store::form::to_text;
use crate::store::{Applied, ApplyError, Note, OrderRecord};
use rusqlite::{Connection, params};
use toss_types::{OrderId, PaymentKey};

pub(super) const SELECT_ORDER: &str = concat!("SELECT ", columns!(), " FROM orders WHERE id = ?");

impl Sqlite {
    pub(super) async fn apply_event(&self, id: &OrderId, event: &Event, note: &Note) -> Result<Applied, ApplyError> {
        let (id, event, note) = (id.clone(), event.clone(), note.clone());
        self.writer.write("applying an event", move |connection| apply_within(connection, &id, &event, &note)).await?
    }
}

fn apply_within(connection: &Connection, id: &OrderId, event: &Event, note: &Note) -> Result<Ended<Result<Applied, ApplyError>>, Cause> {
    let refused = |error| Ok(Ended::RollBack(Err(error)));
    let illegal = |illegal, record| refused(ApplyError::Illegal { illegal, record: Box::new(record) });
    let Some(mut record) = first(connection, SELECT_ORDER, [id.as_str()], record)? else { return refused(ApplyError::NoSuchOrder) };
    if note.only_at.is_some_and(|version| version != record.version) {
        return illegal(Illegal::Overtaken, record);
    }
    let stepped = match step(&record.state, &record.refunds, &record.terms(), event, note.at_ms) {
        Ok(stepped) => stepped,
        Err(why) => return illegal(why, record),
    };
    if let Event::ConfirmStarted(attempt) | Event::AnotherReturned(attempt) = event {
        match claim(connection, id, &attempt.payment_key)? {
            Claim::First => record.attempts += 1,
            Claim::OwnAgain => return illegal(Illegal::AlreadyDeclined, record),
            Claim::Anothers => return refused(ApplyError::PaymentTaken),
        }
    }
    match (holds_stock(&record.state, &record.refunds), holds_stock(&stepped.state, &stepped.refunds)) {
        (true, false) => stock::give_back(connection, &record.order.reserves)?,
        (false, true) => {
            let missing = stock::take(connection, &record.order.reserves)?;
            let may_refuse = matches!(event, Event::ConfirmStarted(_) | Event::ConfirmEnded { .. });
            if !missing.is_empty() && may_refuse {
                return illegal(Illegal::SoldOut, record);
            }
            // What has happened to money has happened, whatever is left on the shelf.
            stock::oversell(connection, &missing, &record.order.reserves)?;
        }
        (true, true) | (false, false) => {}
    }
    let effect = stepped.effect;
    write_step(connection, &mut record, event, note, stepped)?;
    Ok(Ended::Commit(Ok(Applied { record, effect })))
}

/// Writes event and row, and brings the record up to date.
pub(super) fn write_step(
    connection: &Connection,
    record: &mut OrderRecord,
    event: &Event,
    note: &Note,
    stepped: Stepped,
) -> Result<(), Cause> {
    const INSERT: &str = "INSERT INTO order_events (order_id, seq, at_ms, event, toss_answer) VALUES (?, ?, ?, ?, ?)";
    const UPDATE: &str = "UPDATE orders SET state = ?, refunds = ?, status = ?, version = ?, attempts = ?, lane = ?, look_at_ms = ?, \
         looks = 0, looked_at_ms = NULL, waits_since_ms = ?, changed_at_ms = ?, forgotten_at_ms = NULL, archived_at_ms = NULL WHERE id = ?";
    let state = std::mem::replace(&mut record.state, stepped.state);
    let refunds = std::mem::replace(&mut record.refunds, stepped.refunds);
    record.version += 1;
    record.looks = 0;
    record.looked_at_ms = None;
    let id = record.order.id.as_str();
    execute(connection, INSERT, params![id, record.version, note.at_ms, to_text(event)?, note.toss_answer])?;
    let (lane, look_at_ms) = stepped.look.map_or((None, None), |Look { lane, at_ms }| (Some(lane.word()), Some(at_ms)));
    execute(
        connection,
        UPDATE,
        params![
            to_text(&record.state)?,
            serde_json::to_string(&record.refunds)?,
            record.state.word(),
            record.version,
            record.attempts,
            lane,
            look_at_ms,
            record.waits_since_ms(),
            note.at_ms,
            id,
        ],
    )?;
    tell(connection, (&state, &refunds), record, note)
}

enum Claim {
    /// Nobody had it.
    First,
    /// This order had it in an earlier attempt.
    OwnAgain,
    /// Another order has it.
    Anothers,
}

fn claim(connection: &Connection, id: &OrderId, payment_key: &PaymentKey) -> Result<Claim, Cause> {
    const INSERT: &str = "INSERT INTO payment_claims (payment_key, order_id) VALUES (?, ?) ON CONFLICT (payment_key) DO NOTHING";
    const OWNER: &str = "SELECT order_id FROM payment_claims WHERE payment_key = ?";
    if execute(connection, INSERT, (payment_key.expose(), id.as_str()))? == 1 {
        return Ok(Claim::First);
    }
    let is_own = one(connection, OWNER, [payment_key.expose()], |row| Ok(text(row, "order_id")? == id.as_str()))?;
    Ok(if is_own { Claim::OwnAgain } else { Claim::Anothers })
}
