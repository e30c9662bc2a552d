//! The life of an order: one pure function says what may follow what. Whatever changes an order goes through
//! [`step`], inside the transaction that writes the event and the row.

use super::order::{Approval, Attempt, Decline, DepositAccount, PaymentKey};
use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// Placed; no payment has come back yet. Payable.
    Open,
    /// A payment is claimed and the confirm call is, or was when the server stopped, under way.
    Confirming(Attempt),
    /// The call ended and nobody knows whether Toss charged. Only a look-up at Toss leads out.
    Unknown(Attempt),
    /// Toss did not charge. Payable with another payment.
    Declined {
        /// The attempt that was declined.
        attempt: Attempt,
        /// Toss's reason.
        decline: Decline,
    },
    /// A virtual account was issued; the deposit has not been seen.
    AwaitingDeposit {
        /// The attempt that issued it.
        attempt: Attempt,
        /// Where to pay.
        account: DepositAccount,
    },
    /// The money is there.
    Paid {
        /// The attempt that charged.
        attempt: Attempt,
        /// For the receipt.
        approval: Approval,
    },
}

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
    },
}

/// What happens to an order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A returned payment is claimed, before Toss is called.
    ConfirmStarted(Attempt),
    /// The confirm call, or a look-up after it, ended.
    ConfirmEnded {
        /// Of which attempt.
        payment_key: PaymentKey,
        /// How.
        outcome: Outcome,
    },
}

/// What has to be done once the event is durable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Call confirm for the attempt in the new state.
    Confirm,
    /// Look the payment up at Toss, now and again until it is known.
    Reconcile,
}

/// An event that cannot happen in that state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Illegal {
    /// The order is being confirmed, is paid or awaits a deposit: no other attempt may start.
    NotPayable,
    /// This very payment was declined before; only another payment can pay the order.
    AlreadyDeclined,
    /// The outcome belongs to an attempt that the order is not waiting for.
    NotAwaited,
}

impl State {
    /// May a new attempt start?
    #[must_use]
    pub const fn is_payable(&self) -> bool {
        match self {
            State::Open | State::Declined { .. } => true,
            State::Confirming(_) | State::Unknown(_) | State::AwaitingDeposit { .. } | State::Paid { .. } => false,
        }
    }

    /// The attempt that may have charged and whose outcome is not known.
    #[must_use]
    pub const fn in_doubt(&self) -> Option<&Attempt> {
        match self {
            State::Confirming(attempt) | State::Unknown(attempt) => Some(attempt),
            State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } => None,
        }
    }

    /// The attempt of which Toss may have news: in doubt, or waiting for a deposit.
    #[must_use]
    pub const fn to_check(&self) -> Option<&Attempt> {
        match self {
            State::Confirming(attempt) | State::Unknown(attempt) | State::AwaitingDeposit { attempt, .. } => Some(attempt),
            State::Open | State::Declined { .. } | State::Paid { .. } => None,
        }
    }

    /// The latest attempt.
    #[must_use]
    pub const fn attempt(&self) -> Option<&Attempt> {
        match self {
            State::Open => None,
            State::Confirming(attempt)
            | State::Unknown(attempt)
            | State::Declined { attempt, .. }
            | State::AwaitingDeposit { attempt, .. }
            | State::Paid { attempt, .. } => Some(attempt),
        }
    }
}

/// The state after the event and what has to be done then.
///
/// # Errors
/// [`Illegal`] when the event cannot happen in that state; nothing changes then.
pub fn step(state: &State, event: &Event) -> Result<(State, Option<Effect>), Illegal> {
    match event {
        Event::ConfirmStarted(attempt) => start(state, attempt),
        Event::ConfirmEnded { payment_key, outcome } => end(state, payment_key, outcome),
    }
}

fn start(state: &State, attempt: &Attempt) -> Result<(State, Option<Effect>), Illegal> {
    match state {
        State::Open => Ok((State::Confirming(attempt.clone()), Some(Effect::Confirm))),
        State::Declined { attempt: earlier, .. } if earlier.payment_key == attempt.payment_key => Err(Illegal::AlreadyDeclined),
        State::Declined { .. } => Ok((State::Confirming(attempt.clone()), Some(Effect::Confirm))),
        State::Confirming(_) | State::Unknown(_) | State::AwaitingDeposit { .. } | State::Paid { .. } => Err(Illegal::NotPayable),
    }
}

fn end(state: &State, payment_key: &PaymentKey, outcome: &Outcome) -> Result<(State, Option<Effect>), Illegal> {
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
    let attempt = state.in_doubt().filter(|attempt| attempt.payment_key == *payment_key).ok_or(Illegal::NotAwaited)?.clone();
    Ok(match outcome {
        Outcome::Paid(approval) => (State::Paid { attempt, approval: approval.clone() }, None),
        Outcome::AwaitingDeposit(account) => (State::AwaitingDeposit { attempt, account: account.clone() }, None),
        Outcome::Declined(decline) => (State::Declined { attempt, decline: decline.clone() }, None),
        Outcome::Unknown { .. } => (State::Unknown(attempt), Some(Effect::Reconcile)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Won;

    fn attempt(key: &str) -> Attempt {
        Attempt {
            payment_key: PaymentKey::parse(key).unwrap(),
            idempotency_key: format!("confirm-{key}"),
            amount: Won::of(45_000),
            claimed_at_ms: 0,
        }
    }

    fn decline() -> Decline {
        Decline { code: "REJECT_CARD_PAYMENT".to_owned(), message: "한도 초과".to_owned(), status: 403 }
    }

    fn outcomes() -> [Outcome; 4] {
        [
            Outcome::Paid(Approval::default()),
            Outcome::AwaitingDeposit(DepositAccount::default()),
            Outcome::Declined(decline()),
            Outcome::Unknown { cause: "time-out".to_owned() },
        ]
    }

    /// Every state, with attempt `a` where there is one.
    fn states() -> [State; 6] {
        let a = attempt("a");
        [
            State::Open,
            State::Confirming(a.clone()),
            State::Unknown(a.clone()),
            State::Declined { attempt: a.clone(), decline: decline() },
            State::AwaitingDeposit { attempt: a.clone(), account: DepositAccount::default() },
            State::Paid { attempt: a, approval: Approval::default() },
        ]
    }

    /// Every event, of attempt `a` and of another one.
    fn events() -> Vec<Event> {
        ["a", "b"]
            .into_iter()
            .flat_map(|key| {
                let ended =
                    outcomes().into_iter().map(move |outcome| Event::ConfirmEnded { payment_key: attempt(key).payment_key, outcome });
                std::iter::once(Event::ConfirmStarted(attempt(key))).chain(ended)
            })
            .collect()
    }

    fn name(state: &State) -> &'static str {
        match state {
            State::Open => "open",
            State::Confirming(_) => "confirming",
            State::Unknown(_) => "unknown",
            State::Declined { .. } => "declined",
            State::AwaitingDeposit { .. } => "awaiting_deposit",
            State::Paid { .. } => "paid",
        }
    }

    /// The whole machine as a table: a row per state, a column per event in the order of [`events`].
    #[test]
    fn every_state_meets_every_event() {
        let (conf, unk, dec, dep, paid) = ("confirming", "unknown", "declined", "awaiting_deposit", "paid");
        let (busy, old, other) = ("NotPayable", "AlreadyDeclined", "NotAwaited");
        #[rustfmt::skip]
        let table = [
            // from               start a  paid a  dep a  dec a  unk a  start b  paid b  dep b  dec b  unk b
            ("open",             [conf,    other,  other, other, other, conf,    other,  other, other, other]),
            ("confirming",       [busy,    paid,   dep,   dec,   unk,   busy,    other,  other, other, other]),
            ("unknown",          [busy,    paid,   dep,   dec,   unk,   busy,    other,  other, other, other]),
            ("declined",         [old,     other,  other, other, other, conf,    other,  other, other, other]),
            ("awaiting_deposit", [busy,    paid,   other, dec,   other, busy,    other,  other, other, other]),
            ("paid",             [busy,    other,  other, other, other, busy,    other,  other, other, other]),
        ];
        for (state, (row, expected)) in states().iter().zip(table) {
            assert_eq!(name(state), row);
            assert_eq!(events().len(), expected.len());
            for (event, expected) in events().iter().zip(expected) {
                let result = match step(state, event) {
                    Ok((next, _)) => name(&next).to_owned(),
                    Err(illegal) => format!("{illegal:?}"),
                };
                assert_eq!(result, expected, "{row} + {event:?}");
            }
        }
    }

    #[test]
    fn toss_is_called_for_each_start_and_looked_up_for_each_unknown_and_never_else() {
        for state in states() {
            for event in events() {
                if let Ok((next, effect)) = step(&state, &event) {
                    let expected = match next {
                        State::Confirming(_) => Some(Effect::Confirm),
                        State::Unknown(_) => Some(Effect::Reconcile),
                        State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } => None,
                    };
                    assert_eq!(effect, expected, "{state:?} + {event:?}");
                }
            }
        }
    }

    /// Two actors, any interleaving of a start and an outcome each: at most one start is accepted before an
    /// outcome of it, so Toss is never asked to charge for two payments of one order at a time.
    #[test]
    fn two_actors_never_have_two_attempts_in_the_air() {
        let scripts: Vec<[Event; 2]> = ["a", "b"]
            .iter()
            .flat_map(|key| {
                outcomes().map(|outcome| {
                    [Event::ConfirmStarted(attempt(key)), Event::ConfirmEnded { payment_key: attempt(key).payment_key, outcome }]
                })
            })
            .collect();
        for first in &scripts {
            for second in &scripts {
                for order in [[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0], [1, 1, 0, 0]] {
                    let (mut state, mut next, mut charged, mut calls) = (State::Open, [0, 0], 0, 0);
                    for actor in order {
                        let event = &[first, second][actor][next[actor]];
                        next[actor] += 1;
                        let before = state.clone();
                        if let Ok((after, effect)) = step(&state, event) {
                            if effect == Some(Effect::Confirm) {
                                assert!(before.in_doubt().is_none(), "a second attempt in the air: {before:?} + {event:?}");
                                calls += 1;
                            }
                            charged += i32::from(matches!(after, State::Paid { .. }));
                            state = after;
                        }
                    }
                    assert!(charged <= 1 && calls <= 2, "{first:?} {second:?} {order:?}");
                }
            }
        }
    }

    #[test]
    fn a_paid_order_stays_paid_whatever_comes() {
        let paid = State::Paid { attempt: attempt("a"), approval: Approval::default() };
        for event in events() {
            assert!(step(&paid, &event).is_err(), "{event:?}");
        }
    }

    #[test]
    fn states_and_events_survive_the_store() {
        for state in states() {
            let json = serde_json::to_string(&state).unwrap();
            assert_eq!(serde_json::from_str::<State>(&json).unwrap(), state, "{json}");
        }
        for event in events() {
            let json = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
        }
    }
}
