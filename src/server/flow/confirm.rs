//! Confirms a payment that came back from Toss. Safe to call any number of times, from any number of servers: the
//! store lets one claim through, and only who holds the claim calls Toss.

use crate::domain::money::Won;
use crate::domain::order::{Attempt, OrderId, PaymentKey};
use crate::domain::step::{Effect, Event, Illegal, Outcome, State};
use crate::server::context::Context;
use crate::server::reconciler::DEPOSIT_DELAY_MS;
use crate::server::store::{ApplyError, Note, OrderRecord, StoreError};
use crate::server::toss::Judged;
use std::time::Duration;

/// Longer than the client waits for Toss, so that nobody looks a payment up while its confirm may still be answered.
pub const LEASE_MS: i64 = 90_000;

/// What Toss sends the browser back with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Returned {
    /// Which order.
    pub order_id: OrderId,
    /// Which payment.
    pub payment_key: PaymentKey,
    /// What the browser says it is for. Compared, never charged.
    pub amount: Won,
}

/// Parameters that no payment of this shop comes back with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0} is missing or malformed")]
pub struct BadReturn(pub &'static str);

impl Returned {
    /// Checks what came over the wire.
    ///
    /// # Errors
    /// [`BadReturn`] with the first parameter that is missing or malformed.
    pub fn parse(order_id: Option<&str>, payment_key: Option<&str>, amount: Option<&str>) -> Result<Returned, BadReturn> {
        Ok(Returned {
            order_id: order_id.and_then(|text| OrderId::parse(text).ok()).ok_or(BadReturn("orderId"))?,
            payment_key: payment_key.and_then(|text| PaymentKey::parse(text).ok()).ok_or(BadReturn("paymentKey"))?,
            amount: amount.and_then(|text| Won::parse(text).ok()).ok_or(BadReturn("amount"))?,
        })
    }
}

/// Why Toss was not called. The order is as payable as it was before.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// No such order.
    #[error("no such order")]
    UnknownOrder,
    /// The browser came back with another amount than the order's.
    #[error("the amount is not the order's")]
    AmountMismatch,
    /// The payment is another order's.
    #[error("the payment is another order's")]
    PaymentMismatch,
    /// The order is paid, or being paid, by another payment. This one is left unconfirmed and so costs nothing.
    #[error("the order is paid or being paid by another payment")]
    PaidOtherwise(Box<OrderRecord>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Confirms as far as that is possible within `patience` and answers the order as it stands then. The confirm itself
/// runs to its end, whoever stops waiting.
///
/// # Errors
/// [`ConfirmError`]; Toss has not been called then.
pub async fn confirm_within(ctx: &Context, returned: Returned, patience: Duration) -> Result<OrderRecord, ConfirmError> {
    // A task of its own: a browser that goes away between claim and call must not leave a claim that nobody works on.
    let claimed = ctx.calls.spawn({
        let ctx = ctx.clone();
        async move { claim(&ctx, &returned).await }
    });
    let record = match claimed.await.map_err(StoreError::broken_off)?? {
        Claim::Settled(record) => return Ok(record),
        Claim::InDoubt(record) => record,
    };
    match ctx.changes.settled(ctx.store.as_ref(), &record.order.id, patience).await {
        Ok(now) => Ok(now.unwrap_or(record)),
        Err(error) => {
            // The claim is durable and the call under way: what is known is that it is in doubt.
            tracing::error!(order_id = %record.order.id, %error, "a confirm could not be followed");
            Ok(record)
        }
    }
}

#[derive(Debug)]
enum Claim {
    /// The confirm is under way, by this call or another one.
    InDoubt(OrderRecord),
    /// The outcome of this payment is known.
    Settled(OrderRecord),
}

async fn claim(ctx: &Context, returned: &Returned) -> Result<Claim, ConfirmError> {
    let record = ctx.store.order(&returned.order_id).await?.ok_or(ConfirmError::UnknownOrder)?; //  1 what we sold
    if returned.amount != record.order.total {
        tracing::warn!(order_id = %returned.order_id, returned_krw = returned.amount.amount(), total_krw = record.order.total.amount(), "came back with another amount");
        return Err(ConfirmError::AmountMismatch); //                                                2 what came back is what we asked
    }
    if let Some(claim) = earlier_claim(&record, returned)? {
        return Ok(claim);
    }
    let now_ms = ctx.clock.now_ms();
    let attempt = Attempt {
        payment_key: returned.payment_key.clone(),
        idempotency_key: format!("confirm-{}", nanoid::nanoid!()),
        amount: record.order.total,
        claimed_at_ms: now_ms,
    };
    let note = Note { at_ms: now_ms, toss_answer: None, check_at_ms: Some(now_ms + LEASE_MS) };
    match ctx.store.apply(&returned.order_id, &Event::ConfirmStarted(attempt.clone()), &note).await {
        // 3 durable before the call
        Ok((record, effect)) => {
            if effect == Some(Effect::Confirm) {
                let (ctx, record) = (ctx.clone(), record.clone());
                ctx.calls.clone().spawn(async move { run(&ctx, &record, &attempt).await });
            }
            Ok(Claim::InDoubt(record))
        }
        Err(ApplyError::Illegal { illegal: Illegal::AlreadyDeclined, record }) => Ok(Claim::Settled(*record)),
        Err(ApplyError::Illegal { illegal: Illegal::NotPayable | Illegal::NotAwaited, record }) => {
            earlier_claim(&record, returned)?.ok_or(ConfirmError::PaymentMismatch)
        }
        Err(ApplyError::PaymentTaken) => {
            tracing::warn!(order_id = %returned.order_id, payment_key = ?returned.payment_key, "came back with another order's payment");
            Err(ConfirmError::PaymentMismatch)
        }
        Err(ApplyError::NoSuchOrder) => Err(ConfirmError::UnknownOrder),
        Err(ApplyError::Store(error)) => Err(error.into()),
    }
}

/// What an earlier attempt to pay the order means for this one; `None` when a new attempt may start.
fn earlier_claim(record: &OrderRecord, returned: &Returned) -> Result<Option<Claim>, ConfirmError> {
    let same_payment = record.state.attempt().is_some_and(|attempt| attempt.payment_key == returned.payment_key);
    match &record.state {
        State::Open => Ok(None),
        State::Declined { .. } => Ok(same_payment.then(|| Claim::Settled(record.clone()))),
        State::Confirming(_) | State::Unknown(_) if same_payment => Ok(Some(Claim::InDoubt(record.clone()))),
        State::Paid { .. } | State::AwaitingDeposit { .. } if same_payment => Ok(Some(Claim::Settled(record.clone()))),
        State::Confirming(_) | State::Unknown(_) | State::Paid { .. } | State::AwaitingDeposit { .. } => {
            tracing::warn!(order_id = %returned.order_id, payment_key = ?returned.payment_key, "came back with a second payment; it is left unconfirmed and so costs nothing");
            Err(ConfirmError::PaidOtherwise(Box::new(record.clone())))
        }
    }
}

async fn run(ctx: &Context, record: &OrderRecord, attempt: &Attempt) {
    let judged = ctx.toss.confirm(record, attempt).await; //                                        4 the call, no lock held
    if let Err(error) = settle(ctx, record, attempt, judged).await {
        //                             5, 6
        tracing::error!(order_id = %record.order.id, %error, "the outcome of a confirm could not be stored; the reconciler will look it up");
    }
}

/// Stores what an answer of Toss means for the order: event, row and next check in one transaction.
///
/// # Errors
/// When the store fails. An outcome that somebody else stored first is no error.
pub async fn settle(ctx: &Context, record: &OrderRecord, attempt: &Attempt, judged: Judged) -> Result<(), StoreError> {
    let order_id = &record.order.id;
    let now_ms = ctx.clock.now_ms();
    let check_at_ms = match &judged.outcome {
        Outcome::Unknown { .. } => Some(now_ms),
        Outcome::AwaitingDeposit(_) => Some(now_ms + DEPOSIT_DELAY_MS),
        Outcome::Paid(_) | Outcome::Declined(_) => None,
    };
    let event = Event::ConfirmEnded { payment_key: attempt.payment_key.clone(), outcome: judged.outcome };
    let note = Note { at_ms: now_ms, toss_answer: judged.toss_answer, check_at_ms };
    match ctx.store.apply(order_id, &event, &note).await {
        Ok((record, effect)) => {
            log_outcome(&record);
            ctx.changes.announce(order_id);
            if effect == Some(Effect::Reconcile) {
                ctx.reconcile_now.notify_one();
            }
            Ok(())
        }
        Err(ApplyError::Illegal { illegal, record }) => {
            tracing::info!(%order_id, ?illegal, state = ?record.state.attempt(), "an outcome had been stored before");
            Ok(())
        }
        Err(error @ (ApplyError::NoSuchOrder | ApplyError::PaymentTaken)) => {
            tracing::error!(%order_id, %error, "an outcome has no order to go to");
            Ok(())
        }
        Err(ApplyError::Store(error)) => Err(error),
    }
}

fn log_outcome(record: &OrderRecord) {
    let order_id = &record.order.id;
    match &record.state {
        State::Paid { .. } => tracing::info!(%order_id, "paid"),
        State::AwaitingDeposit { .. } => tracing::info!(%order_id, "a virtual account was issued"),
        State::Declined { decline, .. } => tracing::info!(%order_id, code = %decline.code, "declined"),
        State::Unknown(_) => tracing::warn!(%order_id, answer = record.toss_answer.is_some(), "outcome unknown; looking it up"),
        State::Open | State::Confirming(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "V1StGXR8_Z5jdHi6B-myT";

    #[test]
    fn what_is_missing_or_absurd_is_named() {
        let long = "k".repeat(201);
        for (order_id, payment_key, amount, named) in [
            (None, Some("k"), Some("1"), "orderId"),
            (Some("1"), Some("k"), Some("1"), "orderId"),
            (Some(ID), None, Some("1"), "paymentKey"),
            (Some(ID), Some(""), Some("1"), "paymentKey"),
            (Some(ID), Some("a b"), Some("1"), "paymentKey"),
            (Some(ID), Some(long.as_str()), Some("1"), "paymentKey"),
            (Some(ID), Some("k"), None, "amount"),
            (Some(ID), Some("k"), Some("-1"), "amount"),
            (Some(ID), Some("k"), Some("1e9"), "amount"),
        ] {
            assert_eq!(Returned::parse(order_id, payment_key, amount), Err(BadReturn(named)));
        }
    }

    proptest! {
        #[test]
        fn no_parameters_make_it_panic(order_id in prop::option::of(".*"), payment_key in prop::option::of(".*"), amount in prop::option::of(".*")) {
            let _ = Returned::parse(order_id.as_deref(), payment_key.as_deref(), amount.as_deref());
        }
    }
}
