//! Resolves what nobody knows. It takes no input but the store: orders in doubt whose check is due, whether their
//! confirm was cut off, answered with nonsense, or the server died in the middle of it. Time alone never turns an order
//! in doubt into a failure.

use super::context::Context;
use super::flow::confirm::{LEASE_MS, settle};
use super::store::{OrderRecord, StoreError};
use super::toss::Found;
use crate::domain::order::Attempt;
use crate::domain::step::{Outcome, State};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long after the shopper's approval Toss still accepts a confirm is 10 minutes (Toss docs, payment flow). The
/// claim is later than the approval, so a minute is kept in hand.
const REPEAT_WITHIN_MS: i64 = 9 * 60_000;
const AT_A_TIME: usize = 16;
const PAUSE: Duration = Duration::from_secs(1);
const FIRST_DELAY_MS: i64 = 1_000;
const LONGEST_DELAY_MS: i64 = 60_000;
/// How often an issued virtual account is looked up. Toss asks not to look more often than needed (Toss tech chat).
pub const DEPOSIT_DELAY_MS: i64 = 10 * 60_000;

/// Runs until told to stop: at once when a confirm ends in doubt, else every second. What is under way then is finished.
pub async fn run(ctx: Context, stop: CancellationToken) {
    let mut checks = JoinSet::new();
    loop {
        if let Err(error) = take_due(&ctx, &mut checks).await {
            tracing::error!(%error, "the reconciler could not read the store");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = ctx.reconcile_now.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    while finished(&mut checks).await {}
}

/// Checks orders that are due, once. Answers how many there were.
///
/// # Errors
/// When the store cannot be read. What could not be written is logged and falls due again.
pub async fn run_once(ctx: &Context) -> Result<usize, StoreError> {
    let mut checks = JoinSet::new();
    take_due(ctx, &mut checks).await?;
    let count = checks.len();
    while finished(&mut checks).await {}
    Ok(count)
}

/// Takes no more than can be worked on at once, so that nobody waits in a queue while their lease runs out.
async fn take_due(ctx: &Context, checks: &mut JoinSet<()>) -> Result<(), StoreError> {
    while let Some(joined) = checks.try_join_next() {
        report(joined);
    }
    let free = AT_A_TIME.saturating_sub(checks.len());
    let now_ms = ctx.clock.now_ms();
    let limit = u32::try_from(free).expect("invariant: AT_A_TIME is small");
    if limit == 0 {
        return Ok(());
    }
    for record in ctx.store.take_due(now_ms, now_ms + LEASE_MS, limit).await? {
        let ctx = ctx.clone();
        checks.spawn(async move {
            if let Err(error) = check(&ctx, &record).await {
                tracing::error!(order_id = %record.order.id, %error, "a check could not be stored");
            }
        });
    }
    Ok(())
}

/// Waits for one check; `false` when there is none.
async fn finished(checks: &mut JoinSet<()>) -> bool {
    match checks.join_next().await {
        Some(joined) => {
            report(joined);
            true
        }
        None => false,
    }
}

/// A check that panicked is one order's; it falls due again when its lease has run out.
fn report(joined: Result<(), tokio::task::JoinError>) {
    if let Err(error) = joined {
        tracing::error!(%error, "a check broke off");
    }
}

async fn check(ctx: &Context, record: &OrderRecord) -> Result<(), StoreError> {
    let Some(attempt) = record.state.to_check() else { return Ok(()) };
    let found = match ctx.toss.look_up(record, attempt).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(order_id = %record.order.id, %error, checks = record.checks, "looked a payment up in vain");
            return later(ctx, record).await;
        }
    };
    match found {
        Found::Decided(judged) => match (&record.state, &judged.outcome) {
            (State::AwaitingDeposit { .. }, Outcome::AwaitingDeposit(_)) => later(ctx, record).await,
            (_, Outcome::Unknown { .. }) => {
                tracing::error!(order_id = %record.order.id, outcome = ?judged.outcome, "Toss and the shop disagree about a payment; a person has to look");
                later(ctx, record).await
            }
            (_, Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_)) => settle(ctx, record, attempt, judged).await,
        },
        Found::NotYetConfirmed if record.state.in_doubt().is_some() && may_repeat(ctx, attempt) => {
            repeat(ctx, record, attempt, &found).await
        }
        // Asked again for its refusal: a payment that is not there, or not this order's, cannot charge for it.
        Found::NoSuchPayment | Found::AnotherOrders if record.state.in_doubt().is_some() => repeat(ctx, record, attempt, &found).await,
        Found::NotYetConfirmed | Found::NoSuchPayment | Found::AnotherOrders => later(ctx, record).await,
    }
}

fn may_repeat(ctx: &Context, attempt: &Attempt) -> bool {
    ctx.clock.now_ms() - attempt.claimed_at_ms < REPEAT_WITHIN_MS
}

/// Asks again with the same idempotency key: Toss answers what it answered the first time, or charges for the first
/// time. Confirm and look-up have to agree before a payment counts as one that cannot pay this order.
async fn repeat(ctx: &Context, record: &OrderRecord, attempt: &Attempt, found: &Found) -> Result<(), StoreError> {
    let now = ctx.store.order(&record.order.id).await?;
    if now.is_none_or(|now| now.version != record.version) {
        return Ok(());
    }
    let judged = ctx.toss.confirm(record, attempt).await.given(found);
    match judged.outcome {
        Outcome::Unknown { .. } => later(ctx, record).await,
        Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_) => settle(ctx, record, attempt, judged).await,
    }
}

async fn later(ctx: &Context, record: &OrderRecord) -> Result<(), StoreError> {
    let delay_ms = if record.state.in_doubt().is_some() { delay_ms(record.checks) } else { DEPOSIT_DELAY_MS };
    ctx.store.check_later(record, ctx.clock.now_ms() + delay_ms).await
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
