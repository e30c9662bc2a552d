//! The whole machine, enumerated.

use super::*;
use crate::order::{About, Decline, Doubt, Refused, Shown};
use toss_types::Won;

/// Where nothing is given back.
fn step(state: &State, terms: &Terms, event: &Event, at_ms: i64) -> Result<Stepped, Illegal> {
    super::step(state, &Refunds::default(), terms, event, at_ms)
}

const EXPIRES_AT: i64 = 1_000;
pub(super) const IN_TIME: i64 = 500;

pub(super) const TERMS: Terms = Terms { expires_at_ms: EXPIRES_AT, attempts: 1 };

pub(super) fn attempt(key: &str) -> Attempt {
    Attempt {
        payment_key: PaymentKey::parse(key).unwrap(),
        idempotency_key: IdempotencyKey::parse(&format!("confirm-{key}")).unwrap(),
        amount: Won::of(45_000).into(),
        claimed_at_ms: 0,
        account: None,
        renewals: 0,
    }
}

pub(super) fn decline() -> Decline {
    Decline { code: "REJECT_CARD_PAYMENT".to_owned(), message: "한도 초과".to_owned(), status: 403 }
}

fn refused() -> Doubt {
    Doubt { shown: Shown::Yes, refused: Some(Refused { decline: decline(), about: About::Passing }) }
}

fn outcomes() -> [Outcome; 4] {
    [
        Outcome::Paid(Approval::default()),
        Outcome::AwaitingDeposit(DepositAccount::default()),
        Outcome::Declined(decline()),
        Outcome::Unknown { cause: "time-out".to_owned(), doubt: Doubt::default() },
    ]
}

fn ended(key: &str, outcome: Outcome) -> Event {
    Event::ConfirmEnded { payment_key: attempt(key).payment_key, idempotency_key: Some(attempt(key).idempotency_key), outcome }
}

/// Every state, with attempt `a` where there is one and `b` where one waits.
fn states() -> [State; 10] {
    let (a, b) = (attempt("a"), attempt("b"));
    [
        State::Open,
        State::Confirming { attempt: a.clone(), next: None },
        State::Confirming { attempt: a.clone(), next: Some(b.clone()) },
        State::InDoubt { attempt: a.clone(), next: None, doubt: Doubt::default() },
        State::InDoubt { attempt: a.clone(), next: None, doubt: refused() },
        State::InDoubt { attempt: a.clone(), next: Some(b), doubt: refused() },
        State::Declined { attempt: a.clone(), decline: decline() },
        State::AwaitingDeposit { attempt: a.clone(), account: DepositAccount::default(), reversed_at_ms: None },
        State::Paid { attempt: a, approval: Approval::default(), deposit: None },
        State::Expired { reason: Expiry::OutOfTime, attempt: None },
    ]
}

/// Every event, of attempt `a` and of `b`.
fn events() -> Vec<Event> {
    let of = |key: &str| {
        let payment_key = attempt(key).payment_key;
        let ended = outcomes().map(|outcome| ended(key, outcome));
        let renewed = Event::KeyRenewed { payment_key: payment_key.clone(), idempotency_key: IdempotencyKey::parse("new").unwrap() };
        [Event::ConfirmStarted(attempt(key)), Event::AnotherReturned(attempt(key))].into_iter().chain(ended).chain([renewed])
    };
    of("a").chain(of("b")).chain([Event::TimeRanOut, Event::Replaced]).collect()
}

/// The state and, where it matters, whose.
fn name(state: &State) -> String {
    match state {
        State::Confirming { attempt, next } | State::InDoubt { attempt, next, .. } => {
            let next = next.as_ref().map(|next| format!("+{}", next.payment_key.expose())).unwrap_or_default();
            let word = if matches!(state, State::Confirming { .. }) { "conf" } else { "doubt" };
            format!("{word} {}{next}", attempt.payment_key.expose())
        }
        State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } | State::Expired { .. } => {
            state.word().to_owned()
        }
    }
}

/// A row per state, a column per event in the order of [`events`], all in time; `TimeRanOut` comes late.
#[test]
fn every_state_meets_every_event() {
    let (paid, dep, dec, exp) = ("paid", "awaiting_deposit", "declined", "expired");
    let (ca, cb, cab, da, dab) = ("conf a", "conf b", "conf a+b", "doubt a", "doubt a+b");
    let (busy, old, not, gone, stays) = ("NotPayable", "AlreadyDeclined", "NotAwaited", "Expired", "NotExpired");
    #[rustfmt::skip]
    let table = [
        //                     start a  2nd a  paid a  dep a  dec a  unk a  key a   start b  2nd b  paid b  dep b  dec b  unk b  key b   time    replaced
        ("open",              [ca,      not,   not,    not,   not,   not,   not,    cb,      not,   not,    not,   not,   not,   not,    exp,    exp]),
        ("conf a",            [busy,    busy,  paid,   dep,   dec,   da,    not,    busy,    cab,   not,    not,   not,   not,   not,    stays,  stays]),
        ("conf a+b",          [busy,    busy,  paid,   dep,   cb,    dab,   not,    busy,    busy,  not,    not,   not,   not,   not,    stays,  stays]),
        ("doubt a",           [busy,    busy,  paid,   dep,   dec,   da,    not,    busy,    dab,   not,    not,   not,   not,   not,    stays,  stays]),
        ("doubt a",           [busy,    busy,  paid,   dep,   dec,   da,    ca,     busy,    dab,   not,    not,   not,   not,   not,    stays,  stays]),
        ("doubt a+b",         [busy,    busy,  paid,   dep,   cb,    dab,   cab,    busy,    busy,  not,    not,   not,   not,   not,    stays,  stays]),
        ("declined",          [old,     not,   paid,   dep,   not,   not,   not,    cb,      not,   not,    not,   not,   not,   not,    exp,    exp]),
        ("awaiting_deposit",  [busy,    not,   paid,   not,   dec,   not,   not,    busy,    not,   not,    not,   not,   not,   not,    stays,  stays]),
        ("paid",              [busy,    not,   not,    not,   not,   not,   not,    busy,    not,   not,    not,   not,   not,   not,    stays,  stays]),
        ("expired",           [ca,      not,   not,    not,   not,   not,   not,    cb,      not,   not,    not,   not,   not,   not,    gone,   gone]),
    ];
    for (state, (row, expected)) in states().iter().zip(table) {
        assert_eq!(name(state), row);
        assert_eq!(events().len(), expected.len());
        for (event, expected) in events().iter().zip(expected) {
            let at_ms = if *event == Event::TimeRanOut { EXPIRES_AT } else { IN_TIME };
            let result = match step(state, &TERMS, event, at_ms) {
                Ok(stepped) => name(&stepped.state),
                Err(illegal) => format!("{illegal:?}"),
            };
            assert_eq!(result, expected, "{row} + {event:?}");
        }
    }
}

fn every_step() -> Vec<(State, Event, Stepped)> {
    let mut steps = Vec::new();
    for state in states() {
        for event in events() {
            let at_ms = if event == Event::TimeRanOut { EXPIRES_AT } else { IN_TIME };
            steps.extend(step(&state, &TERMS, &event, at_ms).map(|stepped| (state.clone(), event.clone(), stepped)));
        }
    }
    steps
}

#[test]
fn toss_is_called_for_each_start_and_looked_up_for_each_unknown_and_never_else() {
    for (state, event, stepped) in every_step() {
        let expected = match (&event, &stepped.state) {
            (Event::AnotherReturned(_), _) => None,
            (_, State::Confirming { .. }) => Some(Effect::Confirm),
            (_, State::InDoubt { .. }) => Some(Effect::LookUp),
            (_, State::Open | State::Declined { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } | State::Expired { .. }) => None,
        };
        assert_eq!(stepped.effect, expected, "{state:?} + {event:?}");
    }
}

#[test]
fn no_order_that_something_can_come_of_is_without_a_next_look() {
    for (state, event, stepped) in every_step() {
        let lane = stepped.look.map(|look| look.lane);
        let is_over = matches!(stepped.state, State::Paid { .. } | State::Expired { .. });
        assert_eq!(lane.is_none(), is_over, "{state:?} + {event:?}");
        if let State::Confirming { .. } = stepped.state {
            assert_eq!(stepped.look.unwrap().at_ms, IN_TIME + LEASE_MS, "nobody looks while the call may be answered");
        }
        if stepped.state.is_payable() {
            assert_eq!(stepped.look, Some(Look { lane: Lane::Expiry, at_ms: EXPIRES_AT }));
        }
    }
}

#[test]
fn the_lane_follows_what_has_been_heard() {
    for (shown, lane) in [(Shown::Yes, Lane::Shown), (Shown::Unheard, Lane::Unheard), (Shown::Missing, Lane::Missing)] {
        let doubt = Doubt { shown, refused: None };
        let outcome = Outcome::Unknown { cause: String::new(), doubt };
        let event = ended("a", outcome);
        let stepped = step(&State::Confirming { attempt: attempt("a"), next: None }, &TERMS, &event, IN_TIME).unwrap();
        assert_eq!(stepped.look, Some(Look { lane, at_ms: IN_TIME }));
    }
}

#[test]
fn time_is_up_for_payments_even_where_nobody_has_looked_yet() {
    for state in [State::Open, State::Declined { attempt: attempt("a"), decline: decline() }] {
        let start = |claimed_at_ms, at_ms| step(&state, &TERMS, &Event::ConfirmStarted(Attempt { claimed_at_ms, ..attempt("b") }), at_ms);
        assert!(start(EXPIRES_AT - 1, EXPIRES_AT - 1).is_ok());
        assert!(start(EXPIRES_AT - 1, EXPIRES_AT + 1).is_ok(), "it came back in time and had to wait for its turn");
        assert_eq!(start(EXPIRES_AT, EXPIRES_AT), Err(Illegal::Expired));
        assert_eq!(step(&state, &TERMS, &Event::TimeRanOut, EXPIRES_AT - 1), Err(Illegal::NotExpired), "nor before it");
    }
    // What came back in time counts, though the order was closed before anybody knew.
    for (reason, expected) in [(Expiry::OutOfTime, true), (Expiry::Replaced, false), (Expiry::NoDeposit, false), (Expiry::Canceled, false)]
    {
        let start = |key, claimed_at_ms, attempts| {
            let closed = State::Expired { reason, attempt: Some(attempt("a")) };
            let event = Event::ConfirmStarted(Attempt { claimed_at_ms, ..attempt(key) });
            step(&closed, &Terms { attempts, ..TERMS }, &event, EXPIRES_AT * 2).is_ok()
        };
        assert_eq!(start("b", EXPIRES_AT - 1, 1), expected, "{reason:?}");
        assert!(!start("b", EXPIRES_AT, 1) && !start("a", EXPIRES_AT - 1, 1) && !start("b", EXPIRES_AT - 1, MAX_ATTEMPTS), "{reason:?}");
    }
    // A payment that came back in time is never cut off.
    let confirming = State::Confirming { attempt: attempt("a"), next: None };
    let paid = ended("a", Outcome::Paid(Approval::default()));
    assert!(step(&confirming, &TERMS, &paid, EXPIRES_AT * 100).is_ok());
}

#[test]
fn an_order_takes_so_many_payments_and_no_more() {
    let terms = |attempts| Terms { attempts, ..TERMS };
    let b = attempt("b");
    let confirming = State::Confirming { attempt: attempt("a"), next: None };
    for (state, event) in [(State::Open, Event::ConfirmStarted(b.clone())), (confirming, Event::AnotherReturned(b))] {
        assert!(step(&state, &terms(MAX_ATTEMPTS - 1), &event, IN_TIME).is_ok());
        assert_eq!(step(&state, &terms(MAX_ATTEMPTS), &event, IN_TIME), Err(Illegal::TooManyAttempts));
    }
}

#[test]
fn a_renewed_key_is_another_one_of_the_same_payment() {
    let state = State::InDoubt { attempt: attempt("a"), next: Some(attempt("b")), doubt: refused() };
    let event = Event::KeyRenewed { payment_key: attempt("a").payment_key, idempotency_key: IdempotencyKey::parse("new").unwrap() };
    let stepped = step(&state, &TERMS, &event, IN_TIME).unwrap();
    let State::Confirming { attempt: renewed, next } = stepped.state else { panic!("{stepped:?}") };
    assert_eq!((renewed.idempotency_key.expose(), renewed.renewals, next), ("new", 1, Some(attempt("b"))));
    assert_eq!(renewed.payment_key, attempt("a").payment_key);
}

/// Two servers may have the same call out, and a call may outlive its lease. What is heard late of a key that has been replaced
/// must not end the newer one's attempt.
#[test]
fn what_is_heard_late_of_an_older_key_says_nothing_about_the_newer() {
    let renewed = Attempt { idempotency_key: IdempotencyKey::parse("new").unwrap(), renewals: 1, ..attempt("a") };
    let states = [
        State::Confirming { attempt: renewed.clone(), next: Some(attempt("b")) },
        State::InDoubt { attempt: renewed.clone(), next: None, doubt: Doubt::default() },
        State::AwaitingDeposit { attempt: renewed, account: DepositAccount::default(), reversed_at_ms: None },
    ];
    for state in &states {
        for outcome in outcomes() {
            let is_charge = matches!(outcome, Outcome::Paid(_) | Outcome::AwaitingDeposit(_));
            let late = step(state, &TERMS, &ended("a", outcome.clone()), IN_TIME);
            let waits_for_money = matches!(state, State::AwaitingDeposit { .. }) && matches!(outcome, Outcome::AwaitingDeposit(_));
            assert_eq!(late.is_ok(), is_charge && !waits_for_money, "{state:?} + {outcome:?}");
        }
        // A look-up is about the payment, whatever the key.
        let told =
            Event::ConfirmEnded { payment_key: attempt("a").payment_key, idempotency_key: None, outcome: Outcome::Declined(decline()) };
        assert!(step(state, &TERMS, &told, IN_TIME).is_ok(), "{state:?}");
    }
}

#[test]
fn each_new_key_is_given_more_time() {
    let looks: Vec<i64> = (0..4)
        .map(|renewals| {
            let attempt = Attempt { renewals, ..attempt("a") };
            let state = State::Confirming { attempt, next: None };
            let unknown = Outcome::Unknown { cause: String::new(), doubt: refused() };
            step(&state, &TERMS, &ended("a", unknown), IN_TIME).unwrap().look.unwrap().at_ms - IN_TIME
        })
        .collect();
    assert_eq!(looks, [0, 1_000, 2_000, 4_000]);
}

/// Two actors, any interleaving of what each may do: Toss is never asked to charge for two payments of one order at a time.
#[test]
fn two_actors_never_have_two_attempts_in_the_air() {
    let scripts: Vec<[Event; 3]> = ["a", "b"]
        .iter()
        .flat_map(|key| {
            outcomes().map(|outcome| [Event::ConfirmStarted(attempt(key)), Event::AnotherReturned(attempt(key)), ended(key, outcome)])
        })
        .collect();
    let orders: Vec<Vec<usize>> = (0..64_u32)
        .map(|bits| (0..6).map(|bit| (bits >> bit & 1) as usize).collect::<Vec<_>>())
        .filter(|order| order.iter().sum::<usize>() == 3)
        .collect();
    assert_eq!(orders.len(), 20);
    for first in &scripts {
        for second in &scripts {
            for order in &orders {
                let (mut state, mut next, mut charged) = (State::Open, [0, 0], 0);
                for &actor in order {
                    let event = &[first, second][actor][next[actor]];
                    next[actor] += 1;
                    let before = state.clone();
                    let Ok(stepped) = step(&state, &TERMS, event, IN_TIME) else { continue };
                    if stepped.effect == Some(Effect::Confirm) {
                        let declined = matches!(event, Event::ConfirmEnded { outcome: Outcome::Declined(_), .. });
                        assert!(before.undecided().is_none() || declined, "a second attempt in the air: {before:?} + {event:?}");
                    }
                    charged += i32::from(matches!(stepped.state, State::Paid { .. }));
                    state = stepped.state;
                }
                assert!(charged <= 1, "{first:?} {second:?} {order:?}");
            }
        }
    }
}

#[test]
fn a_paid_order_stays_paid_whatever_comes() {
    let paid = State::Paid { attempt: attempt("a"), approval: Approval::default(), deposit: None };
    for event in events() {
        for at_ms in [0, IN_TIME, EXPIRES_AT, i64::MAX] {
            assert!(step(&paid, &TERMS, &event, at_ms).is_err(), "{event:?}");
        }
    }
}

#[test]
fn states_and_events_survive_the_store() {
    for state in states() {
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&json).unwrap(), state, "{json}");
        assert!(json.contains(&format!("\"status\":\"{}\"", state.word())), "{json}");
    }
    for event in events() {
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
    }
}

/// Histories are never rewritten, so what earlier versions wrote has to be read for ever.
#[test]
fn events_of_earlier_versions_are_read() {
    let started = r#"{"event":"confirm_started","payment_key":"tk_1","idempotency_key":"confirm-x","amount":50000,"claimed_at_ms":7}"#;
    let Event::ConfirmStarted(attempt) = serde_json::from_str(started).unwrap() else { panic!("{started}") };
    assert_eq!((attempt.account, attempt.renewals, attempt.claimed_at_ms), (None, 0, 7));
    let unknown = r#"{"event":"confirm_ended","payment_key":"tk_1","outcome":{"outcome":"unknown","cause":"time-out"}}"#;
    let Event::ConfirmEnded { outcome: Outcome::Unknown { doubt, .. }, .. } = serde_json::from_str(unknown).unwrap() else {
        panic!("{unknown}")
    };
    assert_eq!(doubt, Doubt::default());
}
