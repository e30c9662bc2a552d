//! The life of an order: one pure function says what may follow what, and when the order has to be looked at next. Whatever
//! changes an order goes through [`step`], inside the transaction that writes the event and the row.

mod deposit;

use super::attempt::{Approval, Attempt, Deposit, DepositAccount, Transfer};
use super::event::{Effect, Event, Illegal, Outcome, RefundOutcome};
use super::lane::{LAST_LOOK_MS, LEASE_MS, Lane, Look, TRANSFER_LOOK_MS};
use super::refund::{Origin, Progress, Refund};
use super::refunds::{Balance, Cancel, Refunds};
use super::state::{Expiry, State};
use deposit::{reverse, run_out, stay, transferred};
use toss_payments::CancelRequestId;
use toss_types::{IdempotencyKey, PaymentKey};

/// How long goods should not leave after a deposit where nothing else is said, in ms: banks take deposits back within about two
/// minutes (Toss tech chat).
pub const HOLD_MS: i64 = 2 * 60_000;

/// How many payments one order may claim. Each costs calls to Toss and rows that stay, and no shopper tries as often.
pub const MAX_ATTEMPTS: u32 = 10;

/// What holds for an order besides its state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Terms {
    /// Until when a payment may come back, in ms since 1970 UTC.
    pub expires_at_ms: i64,
    /// How many payments it has claimed so far.
    pub attempts: u32,
}

impl Terms {
    /// Payable until then, and so many payments claimed.
    #[must_use]
    pub fn new(expires_at_ms: i64, attempts: u32) -> Terms {
        Terms { expires_at_ms, attempts }
    }
}

/// What an event leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stepped {
    /// The state after it.
    pub state: State,
    /// The refunds after it.
    pub refunds: Refunds,
    /// What has to be done then.
    pub effect: Option<Effect>,
    /// When the order has to be looked at next; `None` where nothing can come any more.
    pub look: Option<Look>,
}

/// The state after an event at `at_ms` (ms since 1970 UTC), what has to be done then, and the next look.
///
/// # Errors
/// [`Illegal`] when the event cannot happen in that state; nothing changes then.
pub fn step(state: &State, refunds: &Refunds, terms: &Terms, event: &Event, at_ms: i64) -> Result<Stepped, Illegal> {
    let same = || state.clone();
    let kept = || refunds.clone();
    let (state, refunds, effect) = match event {
        Event::ConfirmStarted(attempt) => with(start(state, terms, attempt)?, kept()),
        Event::AnotherReturned(attempt) => (another(state, terms, attempt)?, kept(), None),
        Event::ConfirmEnded { payment_key, idempotency_key, outcome } => {
            let next = end(state, payment_key, idempotency_key.as_ref(), outcome, at_ms)?;
            with(next, given_back_before(refunds, state, outcome, at_ms))
        }
        Event::KeyRenewed { payment_key, idempotency_key } => (renew(state, payment_key, idempotency_key)?, kept(), Some(Effect::Confirm)),
        Event::TimeRanOut if at_ms < terms.expires_at_ms => return Err(Illegal::NotExpired),
        Event::TimeRanOut => (expire(state, Expiry::OutOfTime)?, kept(), None),
        Event::Replaced => (expire(state, Expiry::Replaced)?, kept(), None),
        Event::DepositReversed { payment_key } => (reverse(state, payment_key, at_ms)?, kept(), None),
        Event::DepositStayed { payment_key } => (stay(state, payment_key)?, kept(), None),
        Event::TransferSeen { payment_key, transfer } => (transferred(state, payment_key, *transfer)?, kept(), None),
        Event::NoDeposit { payment_key } => (run_out(state, refunds, payment_key)?, kept(), None),
        Event::RefundStarted(refund) => (same(), ask(state, refunds, refund)?, Some(Effect::Refund)),
        Event::RefundEnded { id, outcome } => {
            let refunds = refund_ended(refunds, id, outcome)?;
            (after_void(state, &refunds), refunds, None)
        }
        Event::CancelsSeen { payment_key, cancels } => {
            let seen = seen(state, refunds, payment_key, cancels, at_ms)?;
            (after_void(state, &seen), seen, None)
        }
    };
    let look = Lane::of(&state, &refunds).map(|lane| Look { lane, at_ms: first_look(&state, &refunds, lane, terms, at_ms) });
    Ok(Stepped { state, refunds, effect, look })
}

fn with((state, effect): Next, refunds: Refunds) -> (State, Refunds, Option<Effect>) {
    (state, refunds, effect)
}

fn first_look(state: &State, refunds: &Refunds, lane: Lane, terms: &Terms, at_ms: i64) -> i64 {
    match lane {
        Lane::Expiry => terms.expires_at_ms,
        Lane::Deposit => match state {
            State::Paid { deposit: Some(deposit), .. } if deposit.account.transfer == Some(Transfer::Pending) && deposit.has_stayed => {
                at_ms + TRANSFER_LOOK_MS
            }
            State::Paid { deposit: Some(deposit), .. } if deposit.has_stayed => at_ms + LAST_LOOK_MS,
            State::Paid { deposit: Some(deposit), .. } => deposit.hold_until_ms,
            State::AwaitingDeposit { account, .. } => account.next_look_ms(at_ms + lane.pause_ms(0), at_ms),
            State::Open
            | State::Confirming { .. }
            | State::InDoubt { .. }
            | State::Declined { .. }
            | State::Paid { deposit: None, .. }
            | State::Expired { .. } => at_ms + lane.pause_ms(0),
        },
        Lane::Refund => match refunds.under_way().map(|refund| &refund.progress) {
            // Nobody looks while the call may be answered.
            Some(Progress::Asked) => at_ms + LEASE_MS,
            Some(Progress::InDoubt { .. } | Progress::Pending | Progress::Done { .. } | Progress::Refused(_)) | None => {
                at_ms + lane.pause_ms(0)
            }
        },
        Lane::Shown | Lane::Unheard | Lane::Missing => match state.attempt() {
            _ if matches!(state, State::Confirming { .. }) => at_ms + LEASE_MS,
            // Each new key is given more time than the one before.
            Some(attempt) if attempt.renewals > 0 => at_ms + lane.pause_ms(attempt.renewals - 1),
            Some(_) | None => at_ms,
        },
    }
}

type Next = (State, Option<Effect>);

fn start(state: &State, terms: &Terms, attempt: &Attempt) -> Result<Next, Illegal> {
    match state {
        // It counts when the payment came back, not when its turn has come.
        State::Open | State::Declined { .. } if attempt.claimed_at_ms >= terms.expires_at_ms => Err(Illegal::Expired),
        State::Declined { attempt: earlier, .. } if earlier.payment_key == attempt.payment_key => Err(Illegal::AlreadyDeclined),
        State::Open | State::Declined { .. } if terms.attempts >= MAX_ATTEMPTS => Err(Illegal::TooManyAttempts),
        State::Open | State::Declined { .. } => Ok(confirming(attempt)),
        // So it does where the order has been closed meanwhile: a store that comes out of a back-up learns late of what was paid in time.
        State::Expired { reason: Expiry::OutOfTime, attempt: earlier }
            if attempt.claimed_at_ms < terms.expires_at_ms
                && terms.attempts < MAX_ATTEMPTS
                && earlier.as_ref().is_none_or(|earlier| earlier.payment_key != attempt.payment_key) =>
        {
            Ok(confirming(attempt))
        }
        State::Expired { .. } => Err(Illegal::Expired),
        State::Confirming { .. } | State::InDoubt { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } => Err(Illegal::NotPayable),
    }
}

fn confirming(attempt: &Attempt) -> Next {
    (State::Confirming { attempt: attempt.clone(), next: None }, Some(Effect::Confirm))
}

/// One more may wait, and no more: it is the shopper's last word until the first payment is known.
fn another(state: &State, terms: &Terms, other: &Attempt) -> Result<State, Illegal> {
    let Some(attempt) = state.undecided() else { return Err(Illegal::NotAwaited) };
    if state.next().is_some() || attempt.payment_key == other.payment_key {
        return Err(Illegal::NotPayable);
    }
    if terms.attempts >= MAX_ATTEMPTS {
        return Err(Illegal::TooManyAttempts);
    }
    let mut waiting = state.clone();
    if let State::Confirming { next, .. } | State::InDoubt { next, .. } = &mut waiting {
        *next = Some(other.clone());
    }
    Ok(waiting)
}

fn end(state: &State, payment_key: &PaymentKey, key: Option<&IdempotencyKey>, outcome: &Outcome, at_ms: i64) -> Result<Next, Illegal> {
    // A charge is a charge, under whichever key. Anything else that is heard of an older key is over.
    let is_charge = matches!(outcome, Outcome::Paid(_) | Outcome::AwaitingDeposit(_));
    if !is_charge && key.is_some_and(|key| state.awaited().is_some_and(|attempt| attempt.idempotency_key != *key)) {
        return Err(Illegal::NotAwaited);
    }
    let paid = |attempt: Attempt, approval: &Approval, known: Option<&DepositAccount>| {
        // The first answer has what later ones leave out: the secret, the number.
        let account = approval.account.as_ref().map(|account| account.beside(known));
        let hold_until_ms = at_ms.saturating_add(approval.hold_ms.unwrap_or(HOLD_MS));
        let deposit = account.map(|account| Deposit::new(account, hold_until_ms));
        let approval = Approval { account: None, hold_ms: None, cancels: Vec::new(), ..approval.clone() };
        State::Paid { attempt, approval, deposit }
    };
    let waiting =
        |attempt: Attempt, account: &DepositAccount| State::AwaitingDeposit { attempt, account: account.clone(), reversed_at_ms: None };
    let canceled = |attempt: Attempt| State::Expired { reason: Expiry::Canceled, attempt: Some(attempt) };
    // What is heard of an attempt that was taken for uncharged, or of an account whose time was over.
    if let State::Declined { attempt, .. } | State::Expired { reason: Expiry::NoDeposit, attempt: Some(attempt) } = state
        && attempt.payment_key == *payment_key
    {
        return match outcome {
            Outcome::Paid(approval) => Ok((paid(attempt.clone(), approval, None), None)),
            Outcome::AwaitingDeposit(account) if matches!(state, State::Declined { .. }) => Ok((waiting(attempt.clone(), account), None)),
            Outcome::AwaitingDeposit(_) | Outcome::Declined(_) | Outcome::Canceled | Outcome::Unknown { .. } => Err(Illegal::NotAwaited),
        };
    }
    // A virtual account ends with the deposit, or with its cancellation before one.
    if let State::AwaitingDeposit { attempt, account, .. } = state
        && attempt.payment_key == *payment_key
    {
        let attempt = attempt.clone();
        return match outcome {
            Outcome::Paid(approval) => Ok((paid(attempt, approval, Some(account)), None)),
            Outcome::Declined(decline) => Ok((State::Declined { attempt, decline: decline.clone() }, None)),
            Outcome::Canceled => Ok((canceled(attempt), None)),
            Outcome::AwaitingDeposit(_) | Outcome::Unknown { .. } => Err(Illegal::NotAwaited),
        };
    }
    let attempt = state.undecided().filter(|attempt| attempt.payment_key == *payment_key).ok_or(Illegal::NotAwaited)?.clone();
    let next = state.next().cloned();
    Ok(match outcome {
        Outcome::Paid(approval) => (paid(attempt, approval, None), None),
        Outcome::AwaitingDeposit(account) => (waiting(attempt, account), None),
        Outcome::Declined(decline) => match next {
            // What the shopper has approved since then pays the order.
            Some(next) => confirming(&next),
            None => (State::Declined { attempt, decline: decline.clone() }, None),
        },
        Outcome::Canceled => match next {
            Some(next) => confirming(&next),
            None => (canceled(attempt), None),
        },
        Outcome::Unknown { doubt, .. } => (State::InDoubt { attempt, next, doubt: doubt.clone() }, Some(Effect::LookUp)),
    })
}

/// What had been given back before the shop learnt of the charge.
fn given_back_before(refunds: &Refunds, state: &State, outcome: &Outcome, at_ms: i64) -> Refunds {
    match (outcome, state.attempt()) {
        (Outcome::Paid(approval), Some(attempt)) if !approval.cancels.is_empty() => {
            refunds.after(&attempt.payment_key, &attempt.amount, &approval.cancels, at_ms)
        }
        (Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_) | Outcome::Canceled | Outcome::Unknown { .. }, _) => {
            refunds.clone()
        }
    }
}

/// A refund never exceeds what is left, and never meets another one: each says which balance it starts from.
fn ask(state: &State, refunds: &Refunds, refund: &Refund) -> Result<Refunds, Illegal> {
    if refunds.under_way().is_some() {
        return Err(Illegal::RefundUnderWay);
    }
    if refunds.get(&refund.id).is_some() || refund.amount.amount().is_zero() || refund.progress != Progress::Asked {
        return Err(Illegal::NotRefundable);
    }
    let pays = state.attempt().is_some_and(|attempt| attempt.payment_key == refund.payment_key);
    let is_possible = match state {
        // What pays the order by now was not charged besides it, whatever was known when somebody looked.
        State::Paid { .. } | State::AwaitingDeposit { .. } if pays && refund.origin == Origin::Duplicate => false,
        State::Paid { attempt, .. } if pays => {
            let left = Balance::of(state, refunds).refundable;
            let is_same_money = attempt.amount.currency() == refund.amount.currency();
            !refund.is_void && is_same_money && refund.balance_before.amount() == left && refund.amount.amount() <= left
        }
        State::AwaitingDeposit { attempt, .. } if pays => refund.is_void && refund.is_whole() && refund.amount == attempt.amount,
        // What is being confirmed may still pay the order.
        State::Confirming { .. } | State::InDoubt { .. } if pays || is_next(state, &refund.payment_key) => false,
        // Charged besides the payment that pays, or for an order that is over.
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => refund.is_whole(),
    };
    if is_possible { Ok(refunds.add(refund.clone())) } else { Err(Illegal::NotRefundable) }
}

fn is_next(state: &State, payment_key: &PaymentKey) -> bool {
    state.next().is_some_and(|next| next.payment_key == *payment_key)
}

fn refund_ended(refunds: &Refunds, id: &CancelRequestId, outcome: &RefundOutcome) -> Result<Refunds, Illegal> {
    let refund = refunds.get(id).filter(|refund| refund.progress.is_under_way()).ok_or(Illegal::NothingNew)?;
    let progress = match outcome {
        RefundOutcome::Done => Progress::Done { transaction_key: None, done_at: None },
        RefundOutcome::Refused(decline) => Progress::Refused(decline.clone()),
        RefundOutcome::Unknown { cause } => Progress::InDoubt { cause: cause.clone() },
    };
    // Each time in other words: that is no news.
    let is_as_before = matches!((&refund.progress, &progress), (Progress::InDoubt { .. }, Progress::InDoubt { .. }));
    if refund.progress == progress || is_as_before {
        return Err(Illegal::NothingNew);
    }
    Ok(refunds.with_progress(id, &progress))
}

fn seen(state: &State, refunds: &Refunds, payment_key: &PaymentKey, cancels: &[Cancel], at_ms: i64) -> Result<Refunds, Illegal> {
    let paying = state.attempt().filter(|attempt| attempt.payment_key == *payment_key).map(|attempt| attempt.amount.clone());
    let besides = || refunds.iter().find(|refund| refund.payment_key == *payment_key).map(|refund| refund.balance_before.clone());
    let total = paying.or_else(besides).ok_or(Illegal::NotAwaited)?;
    let seen = refunds.after(payment_key, &total, cancels, at_ms);
    if seen == *refunds { Err(Illegal::NothingNew) } else { Ok(seen) }
}

/// An account that was taken back is not waited for any more.
fn after_void(state: &State, refunds: &Refunds) -> State {
    match state {
        State::AwaitingDeposit { attempt, .. }
            if refunds.iter().any(|refund| {
                refund.is_void && refund.payment_key == attempt.payment_key && matches!(refund.progress, Progress::Done { .. })
            }) =>
        {
            State::Expired { reason: Expiry::Canceled, attempt: Some(attempt.clone()) }
        }
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => state.clone(),
    }
}

fn renew(state: &State, payment_key: &PaymentKey, idempotency_key: &IdempotencyKey) -> Result<State, Illegal> {
    let State::InDoubt { attempt, next, doubt } = state else { return Err(Illegal::NotAwaited) };
    // Only a key that Toss has used up is replaced: under another one the first call might charge as well.
    if attempt.payment_key != *payment_key || doubt.refused.is_none() {
        return Err(Illegal::NotAwaited);
    }
    let attempt = Attempt { idempotency_key: idempotency_key.clone(), renewals: attempt.renewals + 1, ..attempt.clone() };
    Ok(State::Confirming { attempt, next: next.clone() })
}

fn expire(state: &State, reason: Expiry) -> Result<State, Illegal> {
    match state {
        State::Open => Ok(State::Expired { reason, attempt: None }),
        State::Declined { attempt, .. } => Ok(State::Expired { reason, attempt: Some(attempt.clone()) }),
        State::Expired { .. } => Err(Illegal::Expired),
        State::Confirming { .. } | State::InDoubt { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } => Err(Illegal::NotExpired),
    }
}

#[cfg(test)]
mod life_tests;
#[cfg(test)]
mod tests;
