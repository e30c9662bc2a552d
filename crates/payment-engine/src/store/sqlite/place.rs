//! An order that is placed.

use super::Sqlite;
use super::apply::write_step;
use super::rows::{all, columns, execute, record};
use super::stock;
use super::writer::{Cause, Ended};
use crate::order::{Event, Lane, State, holds_stock, step};
use crate::store::form::to_text;
use crate::store::{NewOrder, Note, Placement, StoreError};
use rusqlite::{Connection, params};

impl Sqlite {
    pub(super) async fn place_order(&self, order: &NewOrder, note: &Note) -> Result<Placement, StoreError> {
        let (order, note) = (order.clone(), note.clone());
        self.writer.place("placing an order", move |connection| place_within(connection, &order, &note)).await
    }
}

fn place_within(connection: &Connection, order: &NewOrder, note: &Note) -> Result<Ended<Placement>, Cause> {
    const UNPAID: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM orders WHERE owner = ? AND status IN ('open', 'declined', 'confirming', 'in_doubt') ORDER BY placed_at_ms"
    );
    const INSERT: &str = "INSERT INTO orders (id, owner, name, details, reserves, amount, currency, state, status, version, placed_at_ms, \
         changed_at_ms, expires_at_ms, lane, look_at_ms, waits_since_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)";
    let unpaid = all(connection, UNPAID, [order.owner.as_str()], record)?;
    if let Some(undecided) = unpaid.iter().find(|record| record.state.undecided().is_some()) {
        return Ok(Ended::RollBack(Placement::Undecided(undecided.order.id.clone())));
    }
    let mut replaced = Vec::new();
    for mut earlier in unpaid {
        let stepped = step(&earlier.state, &earlier.refunds, &earlier.terms(), &Event::Replaced, note.at_ms)
            .map_err(|illegal| format!("an unpaid order cannot be replaced: {illegal:?}"))?;
        if holds_stock(&earlier.state, &earlier.refunds) {
            stock::give_back(connection, &earlier.order.reserves)?;
        }
        write_step(connection, &mut earlier, &Event::Replaced, note, stepped)?;
        replaced.push(earlier.order.id);
    }
    let missing = stock::take(connection, &order.reserves)?;
    if !missing.is_empty() {
        return Ok(Ended::RollBack(Placement::SoldOut(missing)));
    }
    execute(
        connection,
        INSERT,
        params![
            order.id.as_str(),
            order.owner.as_str(),
            order.name,
            order.details,
            serde_json::to_string(&order.reserves)?,
            order.total.amount().to_string(),
            order.total.currency().as_str(),
            to_text(&State::Open)?,
            State::Open.word(),
            order.placed_at_ms,
            order.placed_at_ms,
            order.expires_at_ms,
            Lane::Expiry.word(),
            order.expires_at_ms,
            order.placed_at_ms,
        ],
    )?;
    Ok(Ended::Commit(Placement::Placed { replaced }))
}
