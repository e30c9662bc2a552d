//! What happens to an order.

use super::Postgres;
use super::connection::PgConnection;
use super::lease::Lease;
use super::outbox::messages_of;
use super::rows::{columns, form, get, json, record, text};
use super::stock;
use super::transaction::{Statement, statement};
use super::tries::{Failed, Tries};
use crate::order::{Event, Illegal, Look, Reserve, Stepped, holds_stock, step};
use crate::random::{OsRandom, word};
use crate::store::{Applied, ApplyError, Note, OrderRecord};
use tokio_postgres::Row as PgRow;
use toss_types::{OrderId, PaymentKey};

/// An event that was written, and by which call.
struct Written {
    by: String,
    applied: Applied,
}

enum Step {
    /// It is written, once the transaction is committed.
    Written(Box<Written>),
    /// The try before, of which nobody was told what became, has written it.
    WasWritten,
    /// It cannot happen.
    Refused(ApplyError),
}

impl Postgres {
    /// The order is read, and written if nobody has changed it meanwhile: two round trips, and no lock is held between them. Whoever was
    /// overtaken, or meets what is rare, begins again with a lock.
    pub(super) async fn apply_event(&self, id: &OrderId, event: &Event, note: &Note) -> Result<Applied, ApplyError> {
        let mut tries = Tries::of("applying an event");
        // What a try may have written that was cut off.
        let mut lost = None;
        let mut locks = false;
        loop {
            let applied = match locks {
                false => self.apply_at_once(id, event, note, &mut lost).await,
                true => self.apply_locked(id, event, note, &mut lost).await.map(Some),
            };
            match applied {
                Ok(Some(done)) => return done,
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
    async fn apply_at_once(
        &self,
        id: &OrderId,
        event: &Event,
        note: &Note,
        lost: &mut Option<Box<Written>>,
    ) -> Result<Option<Result<Applied, ApplyError>>, Failed> {
        const TAKEN: &str = "23505";
        let row = self.row(statement(concat!("SELECT ", columns!(), " FROM orders WHERE id = $1")).bind(id.as_str())).await?;
        let Some(row) = row else { return Ok(Some(Err(ApplyError::NoSuchOrder))) };
        let mut record = record(&row)?;
        let stepped = match stepped(&record, event, note) {
            Ok(stepped) => stepped,
            Err(illegal) => return Ok(Some(Err(ApplyError::Illegal { illegal, record: Box::new(record) }))),
        };
        let held = (holds_stock(&record.state, &record.refunds), holds_stock(&stepped.state, &stepped.refunds));
        let reserves = std::mem::take(&mut record.order.reserves);
        let beside = match (claimed_by(event), held) {
            // There may not be enough of it any more.
            (_, (false, true)) if !reserves.is_empty() => return Ok(None),
            (Some(payment_key), _) => {
                record.attempts += 1;
                Beside::Claim(payment_key)
            }
            (None, (true, false)) if !reserves.is_empty() => Beside::GiveBack(&reserves),
            (None, _) => Beside::Nothing,
        };
        record.order.reserves.clone_from(&reserves);
        let effect = stepped.effect;
        let (write, by) = writing(&mut record, event, note, stepped, beside, self.server.leaser())?;
        let rows = match self.written(write).await {
            Ok(rows) => rows,
            // Somebody has claimed the payment before, perhaps this very order.
            Err(Failed::Before(cause)) if cause.code() == Some(TAKEN) => return Ok(None),
            Err(failed) => {
                if matches!(failed, Failed::AtCommit(_)) {
                    *lost = Some(Box::new(Written { by, applied: Applied { record, effect } }));
                }
                return Err(failed);
            }
        };
        Ok(if has_moved(&rows)? { Some(Ok(Applied { record, effect })) } else { None })
    }

    async fn apply_locked(
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

fn stepped(record: &OrderRecord, event: &Event, note: &Note) -> Result<Stepped, Illegal> {
    if note.only_at.is_some_and(|version| version != record.version) {
        return Err(Illegal::Overtaken);
    }
    step(&record.state, &record.refunds, &record.terms(), event, note.at_ms)
}

/// The payment that an event claims for its order.
fn claimed_by(event: &Event) -> Option<&PaymentKey> {
    match event {
        Event::ConfirmStarted(attempt) | Event::AnotherReturned(attempt) => Some(&attempt.payment_key),
        Event::ConfirmEnded { .. }
        | Event::KeyRenewed { .. }
        | Event::TimeRanOut
        | Event::Replaced
        | Event::DepositReversed { .. }
        | Event::DepositStayed { .. }
        | Event::TransferSeen { .. }
        | Event::NoDeposit { .. }
        | Event::RefundStarted(_)
        | Event::RefundEnded { .. }
        | Event::CancelsSeen { .. } => None,
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
    let stepped = match stepped(&record, event, note) {
        Ok(stepped) => stepped,
        Err(illegal) => return refused(illegal, record),
    };
    if let Some(payment_key) = claimed_by(event) {
        match claim(connection, id, payment_key).await? {
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
    let (write, by) = writing(&mut record, event, note, stepped, Beside::Nothing, leaser)?;
    if !has_moved(&write.fetch_all(connection).await?)? {
        return Err(Failed::Overtaken);
    }
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

/// What is written with an event besides row and messages, in the same statement.
#[derive(Clone, Copy)]
pub(super) enum Beside<'s> {
    Nothing,
    /// The payment is the order's, or all of it fails.
    Claim(&'s PaymentKey),
    /// That much less of the stock is taken.
    GiveBack(&'s [Reserve]),
}

/// Row and event. Whatever else there is depends on whether the order has moved.
macro_rules! moved {
    () => {
        "WITH moved AS (UPDATE orders SET state = $3, refunds = $4, status = $5, version = $6, attempts = $7, \
         lane = $9, look_at_ms = $10, looks = 0, looked_at_ms = NULL, waits_since_ms = $11, \
         changed_at_ms = $12, account = $13, forgotten_at_ms = NULL, archived_at_ms = NULL, \
         leased_by = CASE $16 WHEN 'taken' THEN $17 WHEN 'kept' THEN leased_by END WHERE id = $1 AND version = $2 RETURNING id), \
         happened AS (INSERT INTO order_events (order_id, seq, at_ms, event, toss_answer, written_by) \
         SELECT id, $6, $12, $14, $8, $15 FROM moved)"
    };
}

macro_rules! told {
    () => {
        ", told AS (INSERT INTO outbox (id, channel, order_id, seq, part, kind, body, at_ms, due_at_ms) \
         SELECT message.id, message.channel, moved.id, $6, message.part, message.kind, message.body, $12, $12 FROM moved CROSS JOIN \
         UNNEST($18::TEXT[], $19::TEXT[], $20::BIGINT[], $21::TEXT[], $22::TEXT[]) AS message (id, channel, part, kind, body))"
    };
}

macro_rules! claimed {
    () => {
        ", claimed AS (INSERT INTO payment_claims (payment_key, order_id) SELECT $23, id FROM moved)"
    };
}

/// Locked in the order in which everybody locks it.
macro_rules! given_back {
    () => {
        ", held AS (SELECT stock.sku FROM moved CROSS JOIN stock WHERE stock.sku = ANY ($23::TEXT[]) ORDER BY stock.sku \
         FOR NO KEY UPDATE OF stock), \
         given_back AS (UPDATE stock SET taken = stock.taken - one.quantity \
         FROM held JOIN UNNEST($23::TEXT[], $24::BIGINT[]) AS one (sku, quantity) ON one.sku = held.sku WHERE stock.sku = held.sku)"
    };
}

macro_rules! counted {
    () => {
        " SELECT COUNT(*) AS moved FROM moved"
    };
}

const WRITE: &str = concat!(moved!(), counted!());
const WRITE_TOLD: &str = concat!(moved!(), told!(), counted!());
const CLAIM: &str = concat!(moved!(), claimed!(), counted!());
const CLAIM_TOLD: &str = concat!(moved!(), claimed!(), told!(), counted!());
const GIVE_BACK: &str = concat!(moved!(), given_back!(), counted!());
const GIVE_BACK_TOLD: &str = concat!(moved!(), given_back!(), told!(), counted!());

/// The statement that writes an event and all that goes with it, where the order still is as it was read; and the name of this call. The
/// record is as the order will be. Whether it was written, [`has_moved`] says.
pub(super) fn writing<'s>(
    record: &mut OrderRecord,
    event: &Event,
    note: &'s Note,
    stepped: Stepped,
    beside: Beside<'s>,
    leaser: Option<&'s str>,
) -> Result<(Statement<'s>, String), Failed> {
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
    let sql = match (beside, messages.ids.is_empty()) {
        (Beside::Nothing, true) => WRITE,
        (Beside::Nothing, false) => WRITE_TOLD,
        (Beside::Claim(_), true) => CLAIM,
        (Beside::Claim(_), false) => CLAIM_TOLD,
        (Beside::GiveBack(_), true) => GIVE_BACK,
        (Beside::GiveBack(_), false) => GIVE_BACK_TOLD,
    };
    let write = statement(sql)
        .bind(record.order.id.to_string())
        .bind(read_version)
        .bind(form(&record.state)?)
        .bind(json(&record.refunds)?)
        .bind(record.state.word())
        .bind(record.version)
        .bind(i64::from(record.attempts))
        .bind(note.toss_answer.as_deref().map(text))
        .bind(lane)
        .bind(look_at_ms)
        .bind(record.waits_since_ms())
        .bind(note.at_ms)
        .bind(record.state.attempt().and_then(|attempt| attempt.account.as_ref()).map(|account| account.as_str().to_owned()))
        .bind(form(event)?)
        .bind(by.clone())
        .bind(lease.word())
        .bind(leaser)
        .bind(messages.ids)
        .bind(messages.channels)
        .bind(messages.parts)
        .bind(messages.kinds)
        .bind(messages.bodies);
    let write = match beside {
        Beside::Nothing => write,
        Beside::Claim(payment_key) => write.bind(payment_key.expose()),
        Beside::GiveBack(reserves) => {
            let (skus, quantities) = stock::sums(reserves);
            write.bind(skus).bind(quantities)
        }
    };
    Ok((write, by))
}

/// Whether what was to be written was: the order was as it had been read.
pub(super) fn has_moved(rows: &[PgRow]) -> Result<bool, Failed> {
    rows.first().map_or(Ok(false), |row| Ok(get::<i64>(row, "moved")? > 0))
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
    if inserted == 1 {
        return Ok(Claim::First);
    }
    let row =
        statement("SELECT order_id FROM payment_claims WHERE payment_key = $1").bind(payment_key.expose()).fetch_one(connection).await?;
    Ok(if get::<&str>(&row, "order_id")? == id.as_str() { Claim::OwnAgain } else { Claim::Anothers })
}
