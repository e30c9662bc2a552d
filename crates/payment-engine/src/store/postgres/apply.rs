//! What happens to an order.

use super::Postgres;
use super::outbox::messages_of;
use super::rows::{columns, get, json, record, text};
use super::stock;
use super::transaction::statement;
use super::tries::{Failed, Tries};
use crate::order::{Effect, Event, Illegal, Look, Progress, State, Stepped, holds_stock, step};
use crate::random::{OsRandom, word};
use crate::store::{Applied, ApplyError, Note, OrderRecord};
use sqlx::postgres::PgConnection;
use toss_types::{OrderId, PaymentKey};

/// An event that was written in a transaction, and by which call.
struct Written {
    by: String,
    applied: Applied,
}

enum Step {
    /// It is written, once the transaction is committed.
    Written(Box<Written>),
    /// The try before, which was cut off at its commit, has written it.
    WasWritten,
    /// It cannot happen.
    Refused(ApplyError),
}

impl Postgres {
    pub(super) async fn apply_event(&self, id: &OrderId, event: &Event, note: &Note) -> Result<Applied, ApplyError> {
        let mut tries = Tries::of("applying an event");
        // What a try that was cut off at its commit may have written.
        let mut lost = None;
        loop {
            match self.apply_once(id, event, note, &mut lost).await {
                Ok(done) => return done,
                Err(Failed::AtCommit(cause)) => tries.again_after(cause).await?,
                Err(failed) => tries.again(failed).await?,
            }
        }
    }

    async fn apply_once(
        &self,
        id: &OrderId,
        event: &Event,
        note: &Note,
        lost: &mut Option<Box<Written>>,
    ) -> Result<Result<Applied, ApplyError>, Failed> {
        let mut transaction = self.begin().await?;
        match apply_within(transaction.connection(), id, event, note, lost.as_deref(), self.server.leaser()).await {
            Ok(Step::Written(written)) => match transaction.commit().await {
                Ok(()) => Ok(Ok(written.applied)),
                Err(failed) => {
                    if matches!(failed, Failed::AtCommit(_)) {
                        *lost = Some(written);
                    }
                    Err(failed)
                }
            },
            Ok(Step::WasWritten) => {
                transaction.roll_back().await;
                Ok(Ok(lost.take().expect("invariant: what was written before was lost before").applied))
            }
            Ok(Step::Refused(refusal)) => {
                transaction.roll_back().await;
                Ok(Err(refusal))
            }
            Err(failed) => transaction.end(Err(failed)).await,
        }
    }
}

async fn apply_within(
    connection: &mut PgConnection,
    id: &OrderId,
    event: &Event,
    note: &Note,
    lost: Option<&Written>,
    leaser: Option<&str>,
) -> Result<Step, Failed> {
    // The lock makes those wait who would lose the race for the version; a commit that was cut off has ended when it is had.
    let row = statement(concat!("SELECT ", columns!(), " FROM orders WHERE id = $1 FOR NO KEY UPDATE"))
        .bind(id.as_str())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(Step::Refused(ApplyError::NoSuchOrder)) };
    let mut record = record(&row)?;
    if let Some(lost) = lost
        && was_written(connection, id, record.version, lost).await?
    {
        return Ok(Step::WasWritten);
    }
    let refused = |illegal, record| Ok(Step::Refused(ApplyError::Illegal { illegal, record: Box::new(record) }));
    if note.only_at.is_some_and(|version| version != record.version) {
        return refused(Illegal::Overtaken, record);
    }
    let stepped = match step(&record.state, &record.refunds, &record.terms(), event, note.at_ms) {
        Ok(stepped) => stepped,
        Err(illegal) => return refused(illegal, record),
    };
    if let Event::ConfirmStarted(attempt) | Event::AnotherReturned(attempt) = event {
        match claim(connection, id, &attempt.payment_key).await? {
            Claim::First => record.attempts += 1,
            Claim::OwnAgain => return refused(Illegal::AlreadyDeclined, record),
            Claim::Anothers => return Ok(Step::Refused(ApplyError::PaymentTaken)),
        }
    }
    match (holds_stock(&record.state, &record.refunds), holds_stock(&stepped.state, &stepped.refunds)) {
        (true, false) => stock::give_back(connection, &record.order.reserves).await?,
        (false, true) => {
            let missing = stock::take(connection, &record.order.reserves).await?;
            let may_refuse = matches!(event, Event::ConfirmStarted(_) | Event::ConfirmEnded { .. });
            if !missing.is_empty() && may_refuse {
                return refused(Illegal::SoldOut, record);
            }
            // What has happened to money has happened, whatever is left on the shelf.
            stock::oversell(connection, &missing, &record.order.reserves).await?;
        }
        (true, true) | (false, false) => {}
    }
    let effect = stepped.effect;
    let by = write_step(connection, &mut record, event, note, stepped, leaser).await?;
    Ok(Step::Written(Box::new(Written { by, applied: Applied { record, effect } })))
}

async fn was_written(connection: &mut PgConnection, id: &OrderId, version: i64, lost: &Written) -> Result<bool, Failed> {
    let seq = lost.applied.record.version;
    if version < seq {
        return Ok(false);
    }
    let row = statement("SELECT 1 FROM order_events WHERE order_id = $1 AND seq = $2 AND written_by = $3")
        .bind(id.as_str())
        .bind(seq)
        .bind(&lost.by)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Writes event, row and messages, in one statement, and brings the record up to date. Answers by which name they were written.
pub(super) async fn write_step(
    connection: &mut PgConnection,
    record: &mut OrderRecord,
    event: &Event,
    note: &Note,
    stepped: Stepped,
    leaser: Option<&str>,
) -> Result<String, Failed> {
    let state = std::mem::replace(&mut record.state, stepped.state);
    let refunds = std::mem::replace(&mut record.refunds, stepped.refunds);
    let read_version = record.version;
    record.version += 1;
    record.looks = 0;
    record.looked_at_ms = None;
    let by = word(&OsRandom);
    let messages = messages_of((&state, &refunds), record, note);
    let lease = Lease::of(stepped.effect, record);
    let (lane, look_at_ms) = stepped.look.map_or((None, None), |Look { lane, at_ms }| (Some(lane.word()), Some(at_ms)));
    let row = statement(
        "WITH moved AS (UPDATE orders SET state = $3, refunds = $4, status = $5, version = $6, attempts = $7, \
         lane = $9, look_at_ms = $10, looks = 0, looked_at_ms = NULL, waits_since_ms = $11, \
         changed_at_ms = $12, account = $13, forgotten_at_ms = NULL, \
         leased_by = CASE $21 WHEN 'taken' THEN $22 WHEN 'kept' THEN leased_by END WHERE id = $1 AND version = $2 RETURNING id), \
         happened AS (INSERT INTO order_events (order_id, seq, at_ms, event, toss_answer, written_by) \
         SELECT id, $6, $12, $14, $8, $15 FROM moved), \
         told AS (INSERT INTO outbox (id, channel, order_id, seq, part, kind, body, at_ms, due_at_ms) \
         SELECT message.id, message.channel, moved.id, $6, message.part, message.kind, message.body, $12, $12 FROM moved CROSS JOIN \
         UNNEST($16::TEXT[], $17::TEXT[], $18::BIGINT[], $19::TEXT[], $20::TEXT[]) AS message (id, channel, part, kind, body)) \
         SELECT COUNT(*) AS moved FROM moved",
    )
    .bind(record.order.id.as_str())
    .bind(read_version)
    .bind(json(&record.state)?)
    .bind(json(&record.refunds)?)
    .bind(record.state.word())
    .bind(record.version)
    .bind(i64::from(record.attempts))
    .bind(note.toss_answer.as_deref().map(text))
    .bind(lane)
    .bind(look_at_ms)
    .bind(record.waits_since_ms())
    .bind(note.at_ms)
    .bind(record.state.attempt().and_then(|attempt| attempt.account.as_ref()).map(|account| account.as_str()))
    .bind(json(event)?)
    .bind(&by)
    .bind(messages.ids)
    .bind(messages.channels)
    .bind(messages.parts)
    .bind(messages.kinds)
    .bind(messages.bodies)
    .bind(lease.word())
    .bind(leaser)
    .fetch_one(connection)
    .await?;
    if get::<i64>(&row, "moved")? == 0 {
        return Err(Failed::Overtaken);
    }
    Ok(by)
}

/// Whose the time until the next look is, after an event.
enum Lease {
    /// This server's, which calls Toss now.
    Taken,
    /// Whose it was: his call goes on.
    Kept,
    /// Nobody's: it is a pause.
    None,
}

impl Lease {
    fn of(effect: Option<Effect>, after: &OrderRecord) -> Lease {
        match effect {
            Some(Effect::Confirm | Effect::Refund) => Lease::Taken,
            Some(Effect::LookUp) | None if matches!(after.state, State::Confirming { .. }) => Lease::Kept,
            Some(Effect::LookUp) | None => match after.refunds.under_way().map(|refund| &refund.progress) {
                Some(Progress::Asked) => Lease::Kept,
                Some(Progress::InDoubt { .. } | Progress::Pending | Progress::Done { .. } | Progress::Refused(_)) | None => Lease::None,
            },
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Lease::Taken => "taken",
            Lease::Kept => "kept",
            Lease::None => "none",
        }
    }
}

enum Claim {
    /// Nobody had it.
    First,
    /// This order had it in an earlier attempt.
    OwnAgain,
    /// Another order has it.
    Anothers,
}

/// Waits for another order that is just about to claim it.
async fn claim(connection: &mut PgConnection, id: &OrderId, payment_key: &PaymentKey) -> Result<Claim, Failed> {
    let inserted = statement("INSERT INTO payment_claims (payment_key, order_id) VALUES ($1, $2) ON CONFLICT (payment_key) DO NOTHING")
        .bind(payment_key.expose())
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    if inserted.rows_affected() == 1 {
        return Ok(Claim::First);
    }
    let row =
        statement("SELECT order_id FROM payment_claims WHERE payment_key = $1").bind(payment_key.expose()).fetch_one(connection).await?;
    Ok(if get::<&str>(&row, "order_id")? == id.as_str() { Claim::OwnAgain } else { Claim::Anothers })
}
