//! Placing an order.

use super::Postgres;
use super::apply::write_step;
use super::rows::{columns, json, record, text};
use super::stock;
use super::transaction::statement;
use super::tries::{Failed, Tries};
use crate::order::{Event, Lane, Reserve, State, holds_stock, step};
use crate::store::{NewOrder, Note, OrderRecord, Placement, StoreError};
use sqlx::postgres::PgConnection;
use toss_types::OrderId;

impl Postgres {
    pub(super) async fn place_order(&self, order: &NewOrder, note: &Note) -> Result<Placement, StoreError> {
        let mut tries = Tries::of("placing an order");
        // What a try that was cut off at its commit has replaced.
        let mut lost = None;
        loop {
            match self.place_once(order, note, &mut lost).await {
                Ok(placement) => return Ok(placement),
                Err(Failed::AtCommit(cause)) => tries.again_after(cause).await?,
                Err(failed) => tries.again(failed).await?,
            }
        }
    }

    async fn place_once(&self, order: &NewOrder, note: &Note, lost: &mut Option<Vec<OrderId>>) -> Result<Placement, Failed> {
        let mut transaction = self.begin().await?;
        let placement = match place_within(transaction.connection(), order, note, lost.as_deref()).await {
            Ok(placement) => placement,
            Err(failed) => return transaction.end(Err(failed)).await,
        };
        match &placement {
            Placement::Undecided(_) | Placement::SoldOut(_) => transaction.roll_back().await,
            Placement::Placed { replaced } => match transaction.commit().await {
                Ok(()) => {}
                Err(failed) => {
                    if matches!(failed, Failed::AtCommit(_)) {
                        *lost = Some(replaced.clone());
                    }
                    return Err(failed);
                }
            },
        }
        Ok(placement)
    }
}

async fn place_within(connection: &mut PgConnection, order: &NewOrder, note: &Note, lost: Option<&[OrderId]>) -> Result<Placement, Failed> {
    // Whoever places for the same owner waits here, and then sees what was placed.
    statement(
        "INSERT INTO owners (owner, placed_at_ms) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE SET placed_at_ms = excluded.placed_at_ms",
    )
    .bind(order.owner.as_str())
    .bind(order.placed_at_ms)
    .execute(&mut *connection)
    .await?;
    if let Some(replaced) = lost {
        let is_written = statement("SELECT 1 FROM orders WHERE id = $1 AND owner = $2")
            .bind(order.id.as_str())
            .bind(order.owner.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        if is_written.is_some() {
            return Ok(Placement::Placed { replaced: replaced.to_vec() });
        }
    }
    // Locked, so that none of them begins to be paid meanwhile.
    let unpaid = concat!(
        "SELECT ",
        columns!(),
        " FROM orders WHERE owner = $1 AND status IN ('open', 'declined', 'confirming', 'in_doubt') ORDER BY placed_at_ms, id \
         FOR NO KEY UPDATE"
    );
    let unpaid = statement(unpaid).bind(order.owner.as_str()).fetch_all(&mut *connection).await?;
    let unpaid = unpaid.iter().map(record).collect::<Result<Vec<OrderRecord>, _>>()?;
    if let Some(undecided) = unpaid.iter().find(|record| record.state.undecided().is_some()) {
        return Ok(Placement::Undecided(undecided.order.id.clone()));
    }
    let held = unpaid.iter().filter(|earlier| holds_stock(&earlier.state, &earlier.refunds));
    let held: Vec<Reserve> = held.flat_map(|earlier| earlier.order.reserves.clone()).collect();
    let mut replaced = Vec::new();
    for mut earlier in unpaid {
        let stepped = step(&earlier.state, &earlier.refunds, &earlier.terms(), &Event::Replaced, note.at_ms)
            .map_err(|illegal| Failed::content(format!("an unpaid order cannot be replaced: {illegal:?}")))?;
        write_step(connection, &mut earlier, &Event::Replaced, note, stepped, None).await?;
        replaced.push(earlier.order.id);
    }
    let missing = stock::exchange(connection, &held, &order.reserves).await?;
    if !missing.is_empty() {
        return Ok(Placement::SoldOut(missing));
    }
    statement(
        "INSERT INTO orders (id, owner, name, details, reserves, amount, currency, state, refunds, status, version, attempts, \
         placed_at_ms, changed_at_ms, expires_at_ms, lane, look_at_ms, waits_since_ms) \
         VALUES ($1, $2, $3, $4, $5, $6::NUMERIC, $7, $8, '[]', $9, 0, 0, $10, $10, $11, $12, $11, $10)",
    )
    .bind(order.id.as_str())
    .bind(order.owner.as_str())
    .bind(text(&order.name))
    .bind(text(&order.details))
    .bind(json(&order.reserves)?)
    .bind(order.total.amount().to_string())
    .bind(order.total.currency().as_str())
    .bind(json(&State::Open)?)
    .bind(State::Open.word())
    .bind(order.placed_at_ms)
    .bind(order.expires_at_ms)
    .bind(Lane::Expiry.word())
    .execute(connection)
    .await?;
    Ok(Placement::Placed { replaced })
}
