//! The life of an order: one pure function says what may follow what, and when the order has to be looked at next. Whatever
//! changes an order goes through [`step`], inside the transaction that writes the event and the row.

use super::attempt::{Approval, Attempt, Decline, DepositAccount};
use super::lane::{LEASE_MS, Lane, Look};
use super::state::{Doubt, Expiry, State};
use serde::{Deserialize, Serialize};
use toss_types::{IdempotencyKey, PaymentKey};

/// How many payments one order may claim. Each costs calls to Toss and rows that stay, and no shopper tries as often.
pub const MAX_ATTEMPTS: u32 = 10;

/// What Toss, or the lack of an answer, said about an attempt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Charged.
    Paid(Approval),
    /// A virtual account was issued.
    AwaitingDeposit(DepositAccount),
    /// Not charged, and this attempt never will be.
    Declined(Decline),
    /// Nobody knows. Never a failure, however long it lasts.
    Unknown {
        /// For the operator: a time-out, an unreadable answer, …
        cause: String,
        /// What has been heard of the payment.
        #[serde(default)]
        doubt: Doubt,
    },
}

/// What happens to an order. Its form in serde is what stores hold: later versions read what earlier ones wrote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A returned payment is claimed, before Toss is called.
    ConfirmStarted(Attempt),
    /// Another payment of the order came back while the first is undecided. It waits.
    AnotherReturned(Attempt),
    /// The confirm call, or a look-up after it, ended.
    ConfirmEnded {
        /// Of which attempt.
        payment_key: PaymentKey,
        /// Under which idempotency key, where a call was answered: what is heard late of an older one says nothing about the
        /// newer. `None` where a look-up has told, which is about the payment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        idempotency_key: Option<IdempotencyKey>,
        /// How.
        outcome: Outcome,
    },
    /// A look-up has shown that nothing was charged, and Toss repeats its refusal under the old key: the confirm is made anew
    /// under this one, before the call (retry matrix of Toss's errors: 400 `PROVIDER_ERROR`).
    KeyRenewed {
        /// Of which attempt.
        payment_key: PaymentKey,
        /// The new key.
        idempotency_key: IdempotencyKey,
    },
    /// The time in which it could be paid is over.
    TimeRanOut,
    /// The same browser has placed a newer order.
    Replaced,
}

/// What has to be done once the event is durable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Call confirm for the attempt in the new state.
    Confirm,
    /// Look the payment up at Toss, now and again until it is known.
    LookUp,
}

/// An event that cannot happen in that state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Illegal {
    /// The order is being confirmed, is paid or awaits a deposit: no other attempt may start.
    NotPayable,
    /// It cannot be paid any more.
    Expired,
    /// It can still be paid, or may have been: it does not expire now.
    NotExpired,
    /// This very payment was declined before; only another payment can pay the order.
    AlreadyDeclined,
    /// [`MAX_ATTEMPTS`] payments have been tried.
    TooManyAttempts,
    /// The outcome belongs to an attempt that the order is not waiting for.
    NotAwaited,
}

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
    /// What has to be done then.
    pub effect: Option<Effect>,
    /// When the order has to be looked at next; `None` where nothing can come any more.
    pub look: Option<Look>,
}

/// The state after an event at `at_ms` (ms since 1970 UTC), what has to be done then, and the next look.
///
/// # Errors
/// [`Illegal`] when the event cannot happen in that state; nothing changes then.
pub fn step(state: &State, terms: &Terms, event: &Event, at_ms: i64) -> Result<Stepped, Illegal> {
    let (state, effect) = match event {
        Event::ConfirmStarted(attempt) => start(state, terms, attempt)?,
        Event::AnotherReturned(attempt) => (another(state, terms, attempt)?, None),
        Event::ConfirmEnded { payment_key, idempotency_key, outcome } => end(state, payment_key, idempotency_key.as_ref(), outcome)?,
        Event::KeyRenewed { payment_key, idempotency_key } => (renew(state, payment_key, idempotency_key)?, Some(Effect::Confirm)),
        Event::TimeRanOut if at_ms < terms.expires_at_ms => return Err(Illegal::NotExpired),
        Event::TimeRanOut => (expire(state, Expiry::OutOfTime)?, None),
        Event::Replaced => (expire(state, Expiry::Replaced)?, None),
    };
    let look = Lane::of(&state).map(|lane| Look { lane, at_ms: first_look(&state, lane, terms, at_ms) });
    Ok(Stepped { state, effect, look })
}

fn first_look(state: &State, lane: Lane, terms: &Terms, at_ms: i64) -> i64 {
    match lane {
        Lane::Expiry => terms.expires_at_ms,
        Lane::Deposit => at_ms + lane.pause_ms(0),
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

fn end(state: &State, payment_key: &PaymentKey, key: Option<&IdempotencyKey>, outcome: &Outcome) -> Result<Next, Illegal> {
    // A charge is a charge, under whichever key. Anything else that is heard of an older key is over.
    let is_charge = matches!(outcome, Outcome::Paid(_) | Outcome::AwaitingDeposit(_));
    if !is_charge && key.is_some_and(|key| state.awaited().is_some_and(|attempt| attempt.idempotency_key != *key)) {
        return Err(Illegal::NotAwaited);
    }
    // A virtual account ends with the deposit, or with its cancellation before one.
    if let State::AwaitingDeposit { attempt, .. } = state
        && attempt.payment_key == *payment_key
    {
        let attempt = attempt.clone();
        return match outcome {
            Outcome::Paid(approval) => Ok((State::Paid { attempt, approval: approval.clone() }, None)),
            Outcome::Declined(decline) => Ok((State::Declined { attempt, decline: decline.clone() }, None)),
            Outcome::AwaitingDeposit(_) | Outcome::Unknown { .. } => Err(Illegal::NotAwaited),
        };
    }
    let attempt = state.undecided().filter(|attempt| attempt.payment_key == *payment_key).ok_or(Illegal::NotAwaited)?.clone();
    let next = state.next().cloned();
    Ok(match outcome {
        Outcome::Paid(approval) => (State::Paid { attempt, approval: approval.clone() }, None),
        Outcome::AwaitingDeposit(account) => (State::AwaitingDeposit { attempt, account: account.clone() }, None),
        Outcome::Declined(decline) => match next {
            // What the shopper has approved since then pays the order.
            Some(next) => confirming(&next),
            None => (State::Declined { attempt, decline: decline.clone() }, None),
        },
        Outcome::Unknown { doubt, .. } => (State::InDoubt { attempt, next, doubt: doubt.clone() }, Some(Effect::LookUp)),
    })
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
mod tests;
