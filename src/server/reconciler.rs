//! Resolves what nobody knows. It takes no input but the store: orders in doubt whose check is due, whether their
//! confirm was cut off, answered with nonsense, or the server died in the middle of it. Time alone never turns an order
//! in doubt into a failure.

use super::context::Context;
use super::flow::confirm::{LEASE_MS, settle};
use super::store::{OrderRecord, StoreError};
use super::toss::Found;
use crate::domain::order::Attempt;
use crate::domain::step::Outcome;
use futures_util::{StreamExt, stream};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long after the shopper's approval Toss still accepts a confirm is 10 minutes (Toss docs, payment flow). The
/// claim is later than the approval, so a minute is kept in hand.
const REPEAT_WITHIN_MS: i64 = 9 * 60_000;
const BATCH: u32 = 64;
const AT_A_TIME: usize = 8;
const PAUSE: Duration = Duration::from_secs(1);
const FIRST_DELAY_MS: i64 = 1_000;
const LONGEST_DELAY_MS: i64 = 60_000;

/// Runs until told to stop: at once when a confirm ends in doubt, else every second.
pub async fn run(ctx: Context, stop: CancellationToken) {
    loop {
        if let Err(error) = run_once(&ctx).await {
            tracing::error!(%error, "the reconciler could not read the store");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = ctx.reconcile_now.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Checks every order that is due, once. Answers how many there were.
///
/// # Errors
/// When the store cannot be read. What could not be written is logged and stays due.
pub async fn run_once(ctx: &Context) -> Result<usize, StoreError> {
    let now_ms = ctx.clock.now_ms();
    let due = ctx.store.take_due(now_ms, now_ms + LEASE_MS, BATCH).await?;
    let count = due.len();
    stream::iter(due)
        .for_each_concurrent(AT_A_TIME, |record| async move {
            if let Err(error) = check(ctx, &record).await {
                tracing::error!(order_id = %record.order.id, %error, "a check could not be stored");
            }
        })
        .await;
    Ok(count)
}

async fn check(ctx: &Context, record: &OrderRecord) -> Result<(), StoreError> {
    let Some(attempt) = record.state.in_doubt() else { return Ok(()) };
    match ctx.toss.look_up(record, attempt).await {
        Ok(Found::Decided(judged)) if !matches!(judged.outcome, Outcome::Unknown { .. }) => settle(ctx, record, attempt, judged).await,
        Ok(Found::Decided(judged)) => {
            tracing::error!(order_id = %record.order.id, outcome = ?judged.outcome, "Toss and the shop disagree about a payment; a person has to look");
            later(ctx, record).await
        }
        Ok(found @ (Found::NotYetConfirmed | Found::NotThisOrders)) if may_repeat(ctx, attempt) => repeat(ctx, record, attempt, &found).await,
        Ok(Found::NotYetConfirmed | Found::NotThisOrders) => later(ctx, record).await,
        Err(error) => {
            tracing::warn!(order_id = %record.order.id, %error, checks = record.checks, "looked a payment up in vain");
            later(ctx, record).await
        }
    }
}

fn may_repeat(ctx: &Context, attempt: &Attempt) -> bool {
    ctx.clock.now_ms() - attempt.claimed_at_ms < REPEAT_WITHIN_MS
}

/// Asks again with the same idempotency key: Toss answers what it answered the first time, or charges for the first
/// time. Confirm and look-up have to agree before a payment counts as one that cannot pay this order.
async fn repeat(ctx: &Context, record: &OrderRecord, attempt: &Attempt, found: &Found) -> Result<(), StoreError> {
    let mut judged = ctx.toss.confirm(record, attempt).await;
    if *found == Found::NotThisOrders
        && let Some(decline) = judged.refused.take()
    {
        judged.outcome = Outcome::Declined(decline);
    }
    match judged.outcome {
        Outcome::Unknown { .. } => later(ctx, record).await,
        Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_) => settle(ctx, record, attempt, judged).await,
    }
}

async fn later(ctx: &Context, record: &OrderRecord) -> Result<(), StoreError> {
    ctx.store.check_later(&record.order.id, ctx.clock.now_ms() + delay_ms(record.checks)).await
}

fn delay_ms(checks: u32) -> i64 {
    FIRST_DELAY_MS.checked_shl(checks.min(16)).map_or(LONGEST_DELAY_MS, |delay| delay.min(LONGEST_DELAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_come_less_and_less_often_but_never_end() {
        let delays: Vec<i64> = [0, 1, 2, 5, 6, 100, u32::MAX].map(delay_ms).into();
        assert_eq!(delays, [1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
    }
}
