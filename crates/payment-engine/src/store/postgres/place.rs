//! Placing an order.

use super::Postgres;
use super::apply::{Beside, has_moved, writing};
use super::connection::PgConnection;
use super::rows::{columns, form, get, json, order_id, record, text};
use super::stock;
use super::transaction::{Statement, statement};
use super::tries::{Failed, Tries};
use crate::order::{Event, Lane, Reserve, State, holds_stock, step};
use crate::store::{NewOrder, Note, OrderRecord, Placement, StoreError};
use toss_types::OrderId;

/// The version of an owner is the time of his last order, or a little more, so that none comes twice.
macro_rules! owned {
    () => {
        "INSERT INTO owners (owner, placed_at_ms) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE \
         SET placed_at_ms = GREATEST(excluded.placed_at_ms, owners.placed_at_ms + 1)"
    };
}

/// What [`placing`] binds.
macro_rules! placed {
    ($from:literal) => {
        concat!(
            "INSERT INTO orders (id, owner, name, details, reserves, amount, currency, state, refunds, status, version, attempts, \
             placed_at_ms, changed_at_ms, expires_at_ms, lane, look_at_ms, waits_since_ms) \
             SELECT $3, $1, $4, $5, $6, $7::NUMERIC, $8, $9, '[]', $10, 0, 0, $2, $2, $11, $12, $11, $2",
            $from
        )
    };
}

macro_rules! at_once {
    () => {
        concat!(
            "WITH me AS (",
            owned!(),
            " WHERE owners.placed_at_ms = $13 RETURNING owner), placed AS (",
            placed!(" FROM me RETURNING id"),
            ")"
        )
    };
}

/// By an owner who is new, or has not ordered since he was read.
const PLACE: &str = concat!(at_once!(), " SELECT COUNT(*) AS moved FROM placed");
/// The same with what it reserves. Nothing stays of a statement that fails, and where there is not enough of something it has to.
const PLACE_AND_TAKE: &str = concat!(
    at_once!(),
    ", taken AS (INSERT INTO stock (sku, total, taken) SELECT one.sku, NULL::BIGINT, one.quantity \
     FROM placed CROSS JOIN UNNEST($14::TEXT[], $15::BIGINT[]) AS one (sku, quantity) ORDER BY one.sku COLLATE \"C\" \
     ON CONFLICT (sku) DO UPDATE SET taken = stock.taken + excluded.taken \
     WHERE stock.total IS NULL OR stock.taken + excluded.taken <= stock.total RETURNING sku) \
     SELECT COUNT(*) / CASE WHEN (SELECT COUNT(*) FROM taken) = COUNT(*) * CARDINALITY($14::TEXT[]) THEN 1 ELSE 0 END AS moved FROM placed"
);
const NOT_ENOUGH: &str = "22012";

/// When the owner ordered last, and what of it may still be paid, as it was at one moment.
const LAST: &str = "SELECT owners.placed_at_ms AS owned_at_ms, unpaid.id, unpaid.status FROM owners LEFT JOIN orders AS unpaid \
     ON unpaid.owner = owners.owner AND unpaid.status IN ('open', 'declined', 'confirming', 'in_doubt') \
     WHERE owners.owner = $1 ORDER BY unpaid.placed_at_ms, unpaid.id";

impl Postgres {
    /// Where the owner has no order that can be paid, two round trips, and no lock is held between them. Whoever has one to be replaced, was
    /// overtaken, or meets what is rare, begins again with a lock.
    pub(super) async fn place_order(&self, order: &NewOrder, note: &Note) -> Result<Placement, StoreError> {
        let mut tries = Tries::of("placing an order");
        // What a try has replaced that was cut off.
        let mut lost = None;
        let mut locks = false;
        loop {
            let placed = match locks {
                false => self.place_at_once(order, &mut lost).await,
                true => self.place_locked(order, note, &mut lost).await.map(Some),
            };
            match placed {
                Ok(Some(placement)) => return Ok(placement),
                Ok(None) => locks = true,
                Err(Failed::AtCommit(cause)) => {
                    locks = true;
                    tries.again_after(cause).await?;
                }
                Err(failed) => tries.again(failed).await?,
            }
        }
    }

    /// `None` where it takes a lock.
    async fn place_at_once(&self, order: &NewOrder, lost: &mut Option<Vec<OrderId>>) -> Result<Option<Placement>, Failed> {
        let last = self.rows(statement(LAST).bind(order.owner.as_str())).await?;
        for row in &last {
            if let Some("confirming" | "in_doubt") = get::<Option<&str>>(row, "status")? {
                return Ok(Some(Placement::Undecided(order_id(get(row, "id")?)?)));
            }
        }
        let has_unpaid = last.iter().map(|row| get::<Option<&str>>(row, "id")).collect::<Result<Vec<_>, _>>()?.iter().any(Option::is_some);
        if has_unpaid {
            return Ok(None);
        }
        let owned_at_ms = last.first().map(|row| get::<i64>(row, "owned_at_ms")).transpose()?;
        let (skus, quantities) = stock::sums(&order.reserves);
        let place = placing(if skus.is_empty() { PLACE } else { PLACE_AND_TAKE }, order)?.bind(owned_at_ms);
        let place = if skus.is_empty() { place } else { place.bind(skus).bind(quantities) };
        match self.written(place).await {
            Ok(rows) => Ok(has_moved(&rows)?.then(|| Placement::Placed { replaced: Vec::new() })),
            Err(Failed::Before(cause)) if cause.code() == Some(NOT_ENOUGH) => Ok(None),
            Err(failed) => {
                if matches!(failed, Failed::AtCommit(_)) {
                    *lost = Some(Vec::new());
                }
                Err(failed)
            }
        }
    }

    async fn place_locked(&self, order: &NewOrder, note: &Note, lost: &mut Option<Vec<OrderId>>) -> Result<Placement, Failed> {
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
    let lock = statement(owned!()).bind(order.owner.as_str()).bind(order.placed_at_ms);
    let own = statement("SELECT 1 FROM orders WHERE id = $1 AND owner = $2").bind(order.id.as_str()).bind(order.owner.as_str());
    // Locked, so that none of them begins to be paid meanwhile.
    let unpaid = concat!(
        "SELECT ",
        columns!(),
        " FROM orders WHERE owner = $1 AND status IN ('open', 'declined', 'confirming', 'in_doubt') ORDER BY placed_at_ms, id \
         FOR NO KEY UPDATE"
    );
    let unpaid = statement(unpaid).bind(order.owner.as_str());
    let mut answers = connection.say(vec![lock.words(), own.words(), unpaid.words()]).await?;
    let unpaid = answers.pop().unwrap_or_default().rows;
    let is_written = answers.pop().is_some_and(|own| !own.rows.is_empty());
    if let Some(replaced) = lost
        && is_written
    {
        return Ok(Placement::Placed { replaced: replaced.to_vec() });
    }
    let unpaid = unpaid.iter().map(record).collect::<Result<Vec<OrderRecord>, _>>()?;
    if let Some(undecided) = unpaid.iter().find(|record| record.state.undecided().is_some()) {
        return Ok(Placement::Undecided(undecided.order.id.clone()));
    }
    let held = unpaid.iter().filter(|earlier| holds_stock(&earlier.state, &earlier.refunds));
    let held: Vec<Reserve> = held.flat_map(|earlier| earlier.order.reserves.clone()).collect();
    let (mut replaced, mut write) = (Vec::new(), Vec::new());
    for mut earlier in unpaid {
        let stepped = step(&earlier.state, &earlier.refunds, &earlier.terms(), &Event::Replaced, note.at_ms)
            .map_err(|illegal| Failed::content(format!("an unpaid order cannot be replaced: {illegal:?}")))?;
        write.push(writing(&mut earlier, &Event::Replaced, note, stepped, Beside::Nothing, None)?.0.words());
        replaced.push(earlier.order.id);
    }
    write.push(placing(placed!(""), order)?.words());
    let written = connection.say(write).await?;
    for earlier in written.iter().take(replaced.len()) {
        if !has_moved(&earlier.rows)? {
            return Err(Failed::Overtaken);
        }
    }
    let missing = stock::exchange(connection, &held, &order.reserves).await?;
    Ok(if missing.is_empty() { Placement::Placed { replaced } } else { Placement::SoldOut(missing) })
}

fn placing<'s>(sql: &'static str, order: &'s NewOrder) -> Result<Statement<'s>, Failed> {
    Ok(statement(sql)
        .bind(order.owner.as_str())
        .bind(order.placed_at_ms)
        .bind(order.id.as_str())
        .bind(text(&order.name))
        .bind(text(&order.details))
        .bind(json(&order.reserves)?)
        .bind(order.total.amount().to_string())
        .bind(order.total.currency().as_str())
        .bind(form(&State::Open)?)
        .bind(State::Open.word())
        .bind(order.expires_at_ms)
        .bind(Lane::Expiry.word()))
}
