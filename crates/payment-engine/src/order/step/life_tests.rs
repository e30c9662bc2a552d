//! Deposits and refunds, enumerated: every state with every event that the first table leaves out.

use super::tests::{IN_TIME, TERMS, attempt, decline};
use super::*;
use crate::order::{CancelStanding, Decline, Doubt, NoticeKind, notices};
use toss_types::Won;

fn account() -> DepositAccount {
    DepositAccount { account_number: Some("X1".to_owned()), ..DepositAccount::default() }
}

fn won(won: u32) -> toss_payments::Money {
    Won::of(won).into()
}

fn refund(id: &str, key: &str, amount: u32, balance: u32) -> Refund {
    let (id, idempotency_key) = (CancelRequestId::parse(id).unwrap(), IdempotencyKey::parse(id).unwrap());
    Refund::new(id, idempotency_key, attempt(key).payment_key, won(amount), won(balance), IN_TIME)
}

fn void(id: &str) -> Refund {
    Refund { is_void: true, ..refund(id, "a", 45_000, 45_000) }
}

fn with(refund: Refund, progress: Progress) -> Refunds {
    Refunds::default().add(Refund { progress, ..refund })
}

fn done() -> Progress {
    Progress::Done { transaction_key: Some("T1".to_owned()), done_at: None }
}

fn doubt() -> Progress {
    Progress::InDoubt { cause: "time-out".to_owned() }
}

/// Each with a short name.
fn states() -> Vec<(&'static str, State, Refunds)> {
    let (a, b) = (attempt("a"), attempt("b"));
    let paid = |deposit: Option<Deposit>| State::Paid { attempt: a.clone(), approval: Approval::default(), deposit };
    let deposit = |has_stayed, is_final| Some(Deposit { has_stayed, is_final, ..Deposit::new(account(), IN_TIME + HOLD_MS) });
    let waiting = |reversed_at_ms| State::AwaitingDeposit { attempt: a.clone(), account: account(), reversed_at_ms };
    let expired = |reason, attempt: Option<Attempt>| State::Expired { reason, attempt };
    let none = Refunds::default;
    vec![
        ("open", State::Open, none()),
        ("conf", State::Confirming { attempt: a.clone(), next: None }, none()),
        ("conf+b", State::Confirming { attempt: a.clone(), next: Some(b) }, none()),
        ("doubt", State::InDoubt { attempt: a.clone(), next: None, doubt: Doubt::default() }, none()),
        ("declined", State::Declined { attempt: a.clone(), decline: decline() }, none()),
        ("waits", waiting(None), none()),
        ("waits again", waiting(Some(1)), none()),
        ("waits, voiding", waiting(None), with(void("refund-1"), Progress::Asked)),
        ("paid", paid(None), none()),
        ("paid in", paid(deposit(false, false)), none()),
        ("paid in, stayed", paid(deposit(true, false)), none()),
        ("paid in, for good", paid(deposit(true, true)), none()),
        ("paid, asked", paid(None), with(refund("refund-1", "a", 15_000, 45_000), Progress::Asked)),
        ("paid, in doubt", paid(None), with(refund("refund-1", "a", 15_000, 45_000), doubt())),
        ("paid, part back", paid(None), with(refund("refund-1", "a", 15_000, 45_000), done())),
        ("paid, all back", paid(None), with(refund("refund-1", "a", 45_000, 45_000), done())),
        ("paid, refused", paid(None), with(refund("refund-1", "a", 15_000, 45_000), Progress::Refused(decline()))),
        ("out of time", expired(Expiry::OutOfTime, None), none()),
        ("no deposit", expired(Expiry::NoDeposit, Some(a.clone())), none()),
        ("canceled", expired(Expiry::Canceled, Some(a.clone())), none()),
    ]
}

fn seen(amount: u32, left: u32) -> Event {
    let mut cancel = Cancel::new(Some("T1".to_owned()), won(amount), CancelStanding::Done);
    cancel.balance_after = Some(won(left).amount());
    Event::CancelsSeen { payment_key: attempt("a").payment_key, cancels: vec![cancel] }
}

fn events() -> Vec<(&'static str, Event)> {
    let a = || attempt("a").payment_key;
    let ended = |outcome| Event::RefundEnded { id: CancelRequestId::parse("refund-1").unwrap(), outcome };
    let outcome = |outcome| Event::ConfirmEnded { payment_key: a(), idempotency_key: None, outcome };
    let by_account = Approval { account: Some(account()), ..Approval::default() };
    vec![
        ("taken back", outcome(Outcome::Canceled)),
        ("paid in", outcome(Outcome::Paid(by_account))),
        ("reversed", Event::DepositReversed { payment_key: a() }),
        ("stayed", Event::DepositStayed { payment_key: a() }),
        ("money on its way", Event::TransferSeen { payment_key: a(), transfer: Transfer::Pending }),
        ("overdue", Event::NoDeposit { payment_key: a() }),
        ("ask part", Event::RefundStarted(refund("refund-2", "a", 15_000, 45_000))),
        ("ask rest", Event::RefundStarted(refund("refund-2", "a", 30_000, 30_000))),
        ("ask more", Event::RefundStarted(refund("refund-2", "a", 45_001, 45_000))),
        ("void", Event::RefundStarted(void("refund-2"))),
        ("give b back", Event::RefundStarted(refund("refund-2", "b", 45_000, 45_000))),
        (
            "give a back as one too many",
            Event::RefundStarted(Refund { origin: Origin::Duplicate, ..refund("refund-2", "a", 45_000, 45_000) }),
        ),
        ("done", ended(RefundOutcome::Done)),
        ("refused", ended(RefundOutcome::Refused(decline()))),
        ("unknown", ended(RefundOutcome::Unknown { cause: "time-out".to_owned() })),
        ("seen part", seen(15_000, 30_000)),
        ("seen all", seen(45_000, 0)),
    ]
}

/// The state, what is under way, and what has been given back.
fn name(state: &State, refunds: &Refunds) -> String {
    let mut name = match state {
        State::AwaitingDeposit { reversed_at_ms: Some(_), .. } => "waits again".to_owned(),
        State::AwaitingDeposit { reversed_at_ms: None, .. } => "waits".to_owned(),
        State::Paid { deposit: Some(deposit), .. } if deposit.is_final => "paid in, for good".to_owned(),
        State::Paid { deposit: Some(deposit), .. } if deposit.has_stayed => "paid in, stayed".to_owned(),
        State::Paid { deposit: Some(_), .. } => "paid in".to_owned(),
        State::Expired { reason, .. } => reason.word().to_owned(),
        State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::Declined { .. } | State::Paid { deposit: None, .. } => {
            state.word().to_owned()
        }
    };
    for refund in refunds {
        name += &format!(" {}{}:{}", if refund.is_void { "void " } else { "" }, refund.amount.amount(), refund.progress.word());
    }
    name
}

#[test]
fn every_state_meets_every_event_of_deposits_and_refunds() {
    let mut table = String::new();
    for (row, state, refunds) in states() {
        table += &format!("{row}\n");
        for (column, event) in events() {
            let result = match step(&state, &refunds, &TERMS, &event, IN_TIME) {
                Ok(stepped) => name(&stepped.state, &stepped.refunds),
                Err(illegal) => format!("- {illegal:?}"),
            };
            table += &format!("    {column}: {result}\n");
        }
    }
    assert_eq!(table, include_str!("life.table"), "\n{table}");
}

fn every_step() -> Vec<(String, Stepped)> {
    let mut steps = Vec::new();
    for (row, state, refunds) in states() {
        for (column, event) in events() {
            steps.extend(step(&state, &refunds, &TERMS, &event, IN_TIME).map(|stepped| (format!("{row} + {column}"), stepped)));
        }
    }
    steps
}

#[test]
fn toss_is_asked_to_give_back_for_each_refund_that_is_written_and_never_else() {
    for (row, state, refunds) in states() {
        for (column, event) in events() {
            let Ok(stepped) = step(&state, &refunds, &TERMS, &event, IN_TIME) else { continue };
            let asks = matches!(event, Event::RefundStarted(_));
            assert_eq!(stepped.effect == Some(Effect::Refund), asks, "{row} + {column}");
        }
    }
}

#[test]
fn nothing_that_is_waited_for_is_without_a_next_look() {
    for (name, stepped) in every_step() {
        let is_deposit_open = matches!(&stepped.state, State::Paid { deposit: Some(deposit), .. } if deposit.is_looked_at());
        let is_waiting =
            stepped.refunds.under_way().is_some() || is_deposit_open || stepped.state.awaited().is_some() || stepped.state.is_payable();
        assert_eq!(stepped.look.is_some(), is_waiting, "{name}");
        if let Some(Refund { progress: Progress::Asked, .. }) = stepped.refunds.under_way()
            && stepped.state.undecided().is_none()
        {
            assert_eq!(stepped.look, Some(Look { lane: Lane::Refund, at_ms: IN_TIME + LEASE_MS }), "{name}: the call may be answered");
        }
    }
}

#[test]
fn what_is_given_back_never_exceeds_what_was_paid() {
    for (name, stepped) in every_step() {
        let balance = Balance::of(&stepped.state, &stepped.refunds);
        let Some(paid) = balance.paid else { continue };
        let given = balance.refunded.checked_add(balance.under_way).unwrap();
        // What is seen to have been given back in the console leaves nothing for what is under way: Toss will refuse that.
        let left = paid.amount().checked_sub(given).unwrap().max(won(0).amount());
        assert_eq!(balance.refundable, left, "{name}");
        assert!(balance.refunded <= paid.amount(), "{name}");
    }
}

/// Each cancel is one refund, whatever is heard first: the answer, a look-up, or both, and however often.
#[test]
fn a_cancel_is_counted_once_however_it_is_heard_of() {
    let (_, state, none) = states().swap_remove(8);
    let start = Event::RefundStarted(refund("refund-1", "a", 15_000, 45_000));
    let unknown =
        Event::RefundEnded { id: CancelRequestId::parse("refund-1").unwrap(), outcome: RefundOutcome::Unknown { cause: String::new() } };
    let given_up = Event::RefundEnded {
        id: CancelRequestId::parse("refund-1").unwrap(),
        outcome: RefundOutcome::Refused(Decline::ours("NOT_MATCHES_REFUNDABLE_AMOUNT")),
    };
    for between in [None, Some(unknown), Some(given_up)] {
        let mut refunds = step(&state, &none, &TERMS, &start, IN_TIME).unwrap().refunds;
        for event in between.iter().chain(&[seen(15_000, 30_000), seen(15_000, 30_000)]) {
            refunds = step(&state, &refunds, &TERMS, event, IN_TIME).map_or(refunds, |stepped| stepped.refunds);
        }
        assert_eq!(refunds.iter().count(), 1, "{between:?}: {refunds:?}");
        assert_eq!(refunds.done_of(&attempt("a").payment_key), won(15_000).amount(), "{between:?}");
    }
}

/// What Toss has refused has not happened: a refund of as much is another one, made here or in the console.
#[test]
fn a_refund_that_was_refused_is_not_taken_for_a_later_one() {
    let (_, state, none) = states().swap_remove(8);
    let ended = |name: &str, outcome| Event::RefundEnded { id: CancelRequestId::parse(name).unwrap(), outcome };
    let refused = [Event::RefundStarted(refund("refund-1", "a", 15_000, 45_000)), ended("refund-1", RefundOutcome::Refused(decline()))];
    let after = |events: &[Event]| {
        let mut refunds = none.clone();
        for event in refused.iter().chain(events) {
            refunds = step(&state, &refunds, &TERMS, event, IN_TIME).unwrap().refunds;
        }
        refunds.iter().map(|refund| (refund.id.as_str().to_owned(), refund.origin, refund.is_done())).collect::<Vec<_>>()
    };
    let first = ("refund-1".to_owned(), Origin::Shop, false);
    assert_eq!(after(&[seen(15_000, 30_000)]), [first.clone(), ("at-toss-1".to_owned(), Origin::Toss, true)], "in the console");
    let again = [Event::RefundStarted(refund("refund-2", "a", 15_000, 45_000)), seen(15_000, 30_000)];
    assert_eq!(after(&again), [first, ("refund-2".to_owned(), Origin::Shop, true)]);
}

/// Two cancels of the same amount in the console are two.
#[test]
fn cancels_of_one_amount_are_told_from_each_other() {
    let (_, state, none) = states().swap_remove(8);
    let cancel = |key: Option<&str>, left| {
        let mut cancel = Cancel::new(key.map(str::to_owned), won(15_000), CancelStanding::Done);
        (cancel.balance_after, cancel.canceled_at) = (Some(won(left).amount()), Some(format!("at {left}")));
        cancel
    };
    for keys in [[Some("T1"), Some("T2")], [None, None]] {
        let cancels = vec![cancel(keys[0], 30_000), cancel(keys[1], 15_000)];
        let event = Event::CancelsSeen { payment_key: attempt("a").payment_key, cancels };
        let stepped = step(&state, &none, &TERMS, &event, IN_TIME).unwrap();
        assert_eq!(stepped.refunds.done_of(&attempt("a").payment_key), won(30_000).amount(), "{keys:?}");
        assert_eq!(step(&state, &stepped.refunds, &TERMS, &event, IN_TIME), Err(Illegal::NothingNew), "{keys:?}");
    }
}

/// What a provider abroad decides later is one refund from the first look to the last, whatever Toss calls it.
#[test]
fn a_cancel_that_was_made_at_toss_and_is_decided_later_is_one_refund() {
    let total = won(45_000);
    let cancel = |key: Option<&str>, status| {
        let mut cancel = Cancel::new(key.map(str::to_owned), won(15_000), status);
        cancel.balance_after = (status == CancelStanding::Done).then(|| won(30_000).amount());
        vec![cancel]
    };
    let key = attempt("a").payment_key;
    let name = "x".repeat(200);
    for (before, after) in [(Some("T1"), Some("T1")), (None, Some("T1")), (None, None), (Some(name.as_str()), Some(name.as_str()))] {
        for end in [CancelStanding::Done, CancelStanding::Aborted] {
            let first = Refunds::default().after(&key, &total, &cancel(before, CancelStanding::InProgress), 0);
            assert_eq!(first.after(&key, &total, &cancel(before, CancelStanding::InProgress), 1), first);
            let ended = first.after(&key, &total, &cancel(after, end), 2);
            assert_eq!((ended.iter().count(), ended.under_way().is_some()), (1, false), "{before:?} {after:?} {end:?}: {ended:?}");
            assert_eq!(ended.after(&key, &total, &cancel(after, end), 3), ended, "{before:?} {after:?} {end:?}");
            let (_, state, none) = states().swap_remove(8);
            let told = notices((&state, &none), (&state, &ended));
            let expected: &[NoticeKind] = if end == CancelStanding::Done { &[NoticeKind::Refunded] } else { &[] };
            assert_eq!(told, expected, "what was tried at Toss and refused there is no news");
        }
    }
}

#[test]
fn refunds_survive_the_store() {
    for (name, state, refunds) in states() {
        let json = serde_json::to_string(&(&state, &refunds)).unwrap();
        assert_eq!(serde_json::from_str::<(State, Refunds)>(&json).unwrap(), (state, refunds), "{name}");
    }
    for (name, event) in events() {
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{name}");
    }
    // As the version before wrote them.
    let paid = r#"{"status":"paid","attempt":{"payment_key":"tk_1","idempotency_key":"k","amount":45000,"claimed_at_ms":7},"approval":{"method":"카드","approved_at":null,"receipt_url":null}}"#;
    assert!(matches!(serde_json::from_str(paid).unwrap(), State::Paid { deposit: None, .. }));
    let waiting = r#"{"status":"awaiting_deposit","attempt":{"payment_key":"tk_1","idempotency_key":"k","amount":45000,"claimed_at_ms":7},"account":{"bank_code":"20","account_number":"X1","holder":null,"due_date":"2026-12-01T00:00:00"}}"#;
    assert!(matches!(serde_json::from_str(waiting).unwrap(), State::AwaitingDeposit { reversed_at_ms: None, .. }));
}
