//! Confirms a payment that came back from Toss. Safe to call any number of times: the store lets one claim through, and only who
//! holds the claim calls Toss.

use crate::engine::{Engine, Returning};
use crate::flow::outcome::Source;
use crate::flow::returned::Returned;
use crate::order::{Attempt, Effect, Event, Illegal, LEASE_MS, LONGEST_CALL_MS, State};
use crate::random;
use crate::store::{ApplyError, OrderRecord, StoreError};
use crate::verdict::{self, Judged};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use toss_types::IdempotencyKey;

/// Why a payment has not paid the order. But for [`ConfirmError::Slow`] it costs nothing: Toss has not been called for it, or, where
/// another one has taken its place since ([`ConfirmError::PaidOtherwise`], [`ConfirmError::Expired`]), has declined it.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// No such order.
    #[error("no such order")]
    NoSuchOrder,
    /// The browser came back with another amount than the order's.
    #[error("the amount is not the order's")]
    AmountMismatch,
    /// The payment is another order's.
    #[error("the payment is another order's")]
    PaymentMismatch,
    /// The order is paid, or waits for its deposit or for other payments. This one is left unconfirmed, or was declined before.
    #[error("the order is paid or being paid by another payment")]
    PaidOtherwise(Box<OrderRecord>),
    /// The order cannot be paid any more. This payment came too late, or was declined before.
    #[error("the order has expired")]
    Expired(Box<OrderRecord>),
    /// So many payments of this order have been tried that no further one is taken.
    #[error("too many payments of this order have been tried")]
    TooManyAttempts(Box<OrderRecord>),
    /// The order has given back what it held when its last payment was declined, and there is not enough of it any more. This payment is
    /// left unconfirmed and so costs nothing.
    #[error("what was ordered is sold out by now")]
    SoldOut(Box<OrderRecord>),
    /// So many payments come back that this one has to come again.
    #[error("too many payments are being confirmed; come again")]
    Busy,
    /// The claim is not stored yet; it goes on, and [`Engine::is_undecided`] says so.
    #[error("the payment is not stored yet")]
    Slow,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a returned payment stands.
#[derive(Debug)]
enum Begun {
    /// Its confirm is under way, by this call or another one, or it waits for another payment's outcome.
    Undecided(OrderRecord),
    /// Its outcome is known.
    Decided(OrderRecord),
}

impl Engine {
    /// Confirms as far as that is possible within `patience` and answers the order as it stands then. The confirm itself
    /// runs to its end, whoever stops waiting.
    ///
    /// # Errors
    /// [`ConfirmError`].
    ///
    /// # Panics
    /// Outside a Tokio runtime; and with the clock of the system, where the runtime's timer is not enabled.
    pub async fn confirm(&self, returned: Returned, patience: Duration) -> Result<OrderRecord, ConfirmError> {
        let came_back_at_ms = self.now_ms();
        // A task of its own: a browser that goes away between claim and call must not leave a claim that nobody works on.
        let begun = self.0.tasks.spawn({
            let (engine, returned) = (self.clone(), returned.clone());
            async move {
                let begun = begin(&engine, &returned, came_back_at_ms).await;
                if let Err(ConfirmError::Store(error)) = &begun {
                    tracing::error!(order_id = %returned.order_id, %error, "a returned payment could not be stored; Toss was not called");
                }
                begun
            }
        });
        let deadline = self.0.clock.sleep(patience);
        tokio::pin!(deadline);
        let record = tokio::select! {
            begun = begun => match begun.map_err(|error| StoreError::new("beginning a confirm", error))?? {
                Begun::Decided(record) => return Ok(record),
                Begun::Undecided(record) => record,
            },
            () = &mut deadline => return Err(ConfirmError::Slow),
        };
        let now = tokio::select! {
            now = self.decided(&record.order.id, patience) => match now {
                Ok(now) => now.unwrap_or(record),
                Err(error) => {
                    // The claim is durable and the call under way: what is known is that it is undecided.
                    tracing::error!(order_id = %record.order.id, %error, "a confirm could not be followed");
                    return Ok(record);
                }
            },
            () = &mut deadline => return Ok(record),
        };
        // By now it may be another payment that has paid the order.
        match as_it_stands(&now, &returned)? {
            Some(Begun::Decided(record) | Begun::Undecided(record)) => Ok(record),
            None if now.state.undecided().is_some() => Ok(now),
            None => Err(ConfirmError::PaidOtherwise(Box::new(now))),
        }
    }

    pub(crate) fn new_idempotency_key(&self) -> IdempotencyKey {
        let key = format!("confirm-{}", random::word(self.0.random.as_ref()));
        IdempotencyKey::parse(&key).expect("invariant: a random word is visible ASCII")
    }
}

async fn begin(engine: &Engine, returned: &Returned, came_back_at_ms: i64) -> Result<Begun, ConfirmError> {
    let mut record = engine.order(&returned.order_id).await?.ok_or(ConfirmError::NoSuchOrder)?; //  1 what we sold
    if returned.amount != record.order.total.amount() {
        tracing::warn!(order_id = %returned.order_id, returned = %returned.amount, total = %record.order.total, "came back with another amount");
        return Err(ConfirmError::AmountMismatch); //                                                 2 what came back is what we asked
    }
    if let Some(begun) = as_it_stands(&record, returned)? {
        return Ok(begun); //                                                                         3 it came back before
    }
    let _place = Returning::enter(engine, &returned.order_id).ok_or(ConfirmError::Busy)?;
    let permit = engine.0.confirms.clone().acquire_owned().await.map_err(|_| ConfirmError::Busy)?; // 4 its turn
    let (payment_key, idempotency_key) = (returned.payment_key.clone(), engine.new_idempotency_key());
    let attempt = Attempt::new(payment_key, idempotency_key, record.order.total.clone(), came_back_at_ms);
    let attempt = attempt.account(engine.0.account.clone());
    // Others may move the order between a look at it and the claim.
    const TRIES: usize = 4;
    for _ in 0..TRIES {
        let is_second = record.state.undecided().is_some();
        let event = if is_second { Event::AnotherReturned(attempt.clone()) } else { Event::ConfirmStarted(attempt.clone()) };
        let note = engine.note();
        match engine.0.store.apply(&returned.order_id, &event, &note).await {
            Ok(applied) => {
                //                                                                                   5 durable before the call
                if applied.effect == Some(Effect::Confirm) {
                    spawn_run(engine, applied.record.clone(), permit);
                } else {
                    tracing::warn!(order_id = %returned.order_id, payment_key = ?returned.payment_key, "another payment came back while the first is undecided; it waits");
                }
                return Ok(Begun::Undecided(applied.record));
            }
            Err(ApplyError::Illegal {
                illegal:
                    Illegal::NotPayable
                    | Illegal::NotAwaited
                    | Illegal::NotExpired
                    | Illegal::RefundUnderWay
                    | Illegal::NotRefundable
                    | Illegal::NothingNew
                    | Illegal::Overtaken,
                record: now,
            }) => {
                if let Some(begun) = as_it_stands(&now, returned)? {
                    return Ok(begun);
                }
                if now.state.next().is_some() {
                    tracing::warn!(order_id = %returned.order_id, payment_key = ?returned.payment_key, "one payment too many; it is left unconfirmed and so costs nothing");
                    return Err(ConfirmError::PaidOtherwise(now));
                }
                record = *now;
            }
            Err(ApplyError::Illegal { illegal: Illegal::AlreadyDeclined, record }) => return Ok(Begun::Decided(*record)),
            Err(ApplyError::Illegal { illegal: Illegal::Expired, record }) => return Err(ConfirmError::Expired(record)),
            Err(ApplyError::Illegal { illegal: Illegal::SoldOut, record }) => {
                tracing::info!(order_id = %returned.order_id, "sold out since its last payment was declined; this one is left unconfirmed");
                return Err(ConfirmError::SoldOut(record));
            }
            Err(ApplyError::Illegal { illegal: Illegal::TooManyAttempts, record }) => {
                tracing::warn!(order_id = %returned.order_id, "too many payments of one order");
                return Err(ConfirmError::TooManyAttempts(record));
            }
            Err(ApplyError::PaymentTaken) => {
                tracing::warn!(order_id = %returned.order_id, payment_key = ?returned.payment_key, "came back with another order's payment");
                return Err(ConfirmError::PaymentMismatch);
            }
            Err(ApplyError::NoSuchOrder) => return Err(ConfirmError::NoSuchOrder),
            Err(ApplyError::Store(error)) => return Err(error.into()),
        }
    }
    // The order moves faster than this payment can be stored: it may come again.
    Err(ConfirmError::Busy)
}

/// The call, in a task that nobody waits for.
fn spawn_run(engine: &Engine, record: OrderRecord, permit: OwnedSemaphorePermit) {
    let engine = engine.clone();
    engine.0.tasks.clone().spawn(async move {
        let order_id = record.order.id.clone();
        let call = tokio::spawn({
            let engine = engine.clone();
            async move { run(&engine, record).await }
        });
        if let Err(error) = call.await {
            tracing::error!(%order_id, %error, "a confirm broke off; it will be looked up when its lease has run out");
        }
        drop(permit);
    });
}

/// What the order's state means for a payment that comes back; `None` when it may be tried.
fn as_it_stands(record: &OrderRecord, returned: &Returned) -> Result<Option<Begun>, ConfirmError> {
    let is = |attempt: Option<&Attempt>| attempt.is_some_and(|attempt| attempt.payment_key == returned.payment_key);
    let same = is(record.state.attempt());
    match &record.state {
        State::Open => Ok(None),
        State::Declined { .. } => Ok(same.then(|| Begun::Decided(record.clone()))),
        State::Confirming { .. } | State::InDoubt { .. } if same || is(record.state.next()) => Ok(Some(Begun::Undecided(record.clone()))),
        State::Confirming { .. } | State::InDoubt { .. } => Ok(None),
        State::Paid { .. } | State::AwaitingDeposit { .. } if same => Ok(Some(Begun::Decided(record.clone()))),
        State::Paid { .. } | State::AwaitingDeposit { .. } => {
            tracing::warn!(order_id = %returned.order_id, payment_key = ?returned.payment_key, "came back with a second payment; it is left unconfirmed and so costs nothing");
            Err(ConfirmError::PaidOtherwise(Box::new(record.clone())))
        }
        State::Expired { .. } if same => Ok(Some(Begun::Decided(record.clone()))),
        State::Expired { .. } => Err(ConfirmError::Expired(Box::new(record.clone()))),
    }
}

/// Calls Toss for the attempt of that state until something is known, and stores it. Goes on with the next payment where
/// one waits and the first was declined.
pub(crate) async fn run(engine: &Engine, mut record: OrderRecord) {
    while let State::Confirming { attempt, .. } = &record.state {
        let attempt = attempt.clone();
        if !engine.is_ours(&attempt) {
            tracing::error!(order_id = %record.order.id, "a payment of another account waits for its confirm, and these keys cannot make it");
            return;
        }
        let judged = call(engine, &record, &attempt).await; //                                       6 the call, no lock held
        match engine.keep(&record, &attempt, Source::Call, judged).await {
            //                                                                                       7 event, row, next look
            Ok(Some(applied)) if applied.effect == Some(Effect::Confirm) => record = applied.record,
            Ok(_) => return,
            Err(error) => {
                tracing::error!(order_id = %record.order.id, %error, "the outcome of a confirm could not be stored; it will be looked up");
                return;
            }
        }
    }
}

/// A call that never left is made again at once: it did nothing, and a shopper waits. But not for so long that the last one
/// could be answered after the lease.
async fn call(engine: &Engine, record: &OrderRecord, attempt: &Attempt) -> Judged {
    const PAUSES_MS: [u64; 6] = [100, 250, 500, 1_000, 2_000, 4_000];
    const AGAIN_WITHIN_MS: i64 = 20_000;
    const { assert!(AGAIN_WITHIN_MS + PAUSES_MS[5].cast_signed() + LONGEST_CALL_MS < LEASE_MS) };
    let began_at_ms = engine.now_ms();
    let mut pauses = PAUSES_MS.into_iter();
    loop {
        let answer = engine.0.gateway.confirm(&record.order.id, attempt).await;
        let judged = verdict::of_confirm(&record.order.id, attempt, answer);
        engine.calm_down(judged.retry_after);
        let is_in_time = (0..AGAIN_WITHIN_MS).contains(&(engine.now_ms() - began_at_ms));
        match pauses.next() {
            Some(pause_ms) if judged.not_sent && is_in_time => engine.0.clock.sleep(Duration::from_millis(pause_ms)).await,
            Some(_) | None => return judged,
        }
    }
}
