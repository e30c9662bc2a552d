//! What `{:?}` shows: ids, states and presence. A log that prints a record or an error learns no secret and nobody's name.

use crate::world::World;
use payment_engine::gateway::TossGateway;
use payment_engine::order::{Approval, Attempt, Decline, DepositAccount, Effect, Event, Illegal, Outcome, Refunds, State};
use payment_engine::store::{Applied, ApplyError, Note};
use payment_engine::toss_payments::{Payment, Response, SecretKey, Won};
use payment_engine::verdict::{Judged, of_confirm, of_look_up};
use payment_engine::{ConfirmError, EventRecord, NewOrder, OrderRecord, Owner, Parts, Sale};
use std::fmt::Debug;
use toss_types::{IdempotencyKey, OrderId, PaymentKey};

/// Stands in everything that must not be seen.
const SECRET: &str = "hunter2";
const KEY: &str = "tviva20260801120000hunter2";
const ID: &str = "order-0001";

fn attempt() -> Attempt {
    Attempt::new(PaymentKey::parse(KEY).unwrap(), IdempotencyKey::parse("confirm-1").unwrap(), Won::of(9_000), 7)
}

fn order() -> NewOrder {
    NewOrder {
        id: OrderId::parse(ID).unwrap(),
        owner: Owner::new(SECRET),
        name: SECRET.to_owned(),
        total: Won::of(9_000).into(),
        details: format!(r#"{{"phone":"{SECRET}"}}"#),
        reserves: Vec::new(),
        placed_at_ms: 1,
        expires_at_ms: 2,
    }
}

fn record(state: State) -> OrderRecord {
    OrderRecord { order: order(), state, refunds: Refunds::default(), version: 3, attempts: 1, looks: 0, looked_at_ms: None }
}

fn account() -> DepositAccount {
    let mut account = DepositAccount::default();
    (account.bank_code, account.account_number, account.holder) = (Some("20".to_owned()), Some(SECRET.to_owned()), Some(SECRET.to_owned()));
    account
}

fn approval() -> Approval {
    let mut approval = Approval::default();
    (approval.method, approval.receipt_url) = (Some("카드".to_owned()), Some(format!("https://toss.example/{KEY}")));
    approval
}

/// A payment with a secret in every text that an answer can have.
fn payment(status: &str) -> Response<Payment> {
    let raw = format!(
        r#"{{"paymentKey":"{KEY}","orderId":"{ID}","orderName":"{SECRET}","status":"{status}","totalAmount":9000,"currency":"KRW",
        "balanceAmount":0,"secret":"{SECRET}","failure":{{"code":"REJECTED","message":"{SECRET}"}},"receipt":{{"url":"https://x/{KEY}"}},
        "virtualAccount":{{"accountNumber":"{SECRET}","bankCode":"20","customerName":"{SECRET}"}}}}"#
    );
    Response::new(Payment::from_json(&raw).unwrap(), raw)
}

/// Printed, in both forms, it shows all of `shown` and no secret.
fn holds(value: &dyn Debug, shown: &[&str]) {
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!printed.contains(SECRET), "{printed}");
        assert!(shown.iter().all(|shown| printed.contains(shown)), "{shown:?} in {printed}");
    }
}

#[test]
fn orders_and_their_history_print_ids_states_and_presence() {
    holds(&Owner::new(SECRET), &["Owner", "…"]);
    holds(&order(), &[ID, "9000"]);
    holds(&Sale::new(Owner::new(SECRET), SECRET, Won::of(9_000)).details(SECRET), &["9000"]);
    let declined = || State::Declined { attempt: attempt(), decline: Decline::new("REJECTED", SECRET, 403) };
    holds(&declined(), &["REJECTED", "403"]);
    holds(&State::AwaitingDeposit { attempt: attempt(), account: account(), reversed_at_ms: None }, &["20", "account_number: Some("]);
    holds(&State::Paid { attempt: attempt(), approval: approval(), deposit: None }, &["카드", "receipt_url: Some("]);
    holds(&record(declined()), &[ID, "Declined", "version: 3"]);
    let note = Note::at(7).toss_answer(SECRET);
    holds(&note, &["7", "toss_answer: Some("]);
    let outcome = Outcome::AwaitingDeposit(account());
    let event = Event::ConfirmEnded { payment_key: attempt().payment_key, idempotency_key: None, outcome };
    holds(&EventRecord { seq: 1, at_ms: 7, event, toss_answer: Some(SECRET.to_owned()) }, &["ConfirmEnded", "toss_answer: Some("]);
    holds(&Applied { record: record(declined()), effect: Some(Effect::Confirm) }, &[ID, "Confirm"]);
}

#[test]
fn errors_print_the_order_that_they_carry_and_nothing_of_it() {
    let boxed = || Box::new(record(State::Paid { attempt: attempt(), approval: approval(), deposit: None }));
    holds(&ConfirmError::PaidOtherwise(boxed()), &["PaidOtherwise", ID]);
    holds(&ConfirmError::Expired(boxed()), &["Expired", ID]);
    holds(&ConfirmError::TooManyAttempts(boxed()), &["TooManyAttempts", ID]);
    holds(&ApplyError::Illegal { illegal: Illegal::NotPayable, record: boxed() }, &["NotPayable", ID]);
}

#[test]
fn verdicts_print_what_they_say_and_not_by_which_words() {
    let id = OrderId::parse(ID).unwrap();
    for (status, shown) in [("DONE", "Paid"), ("WAITING_FOR_DEPOSIT", "AwaitingDeposit"), ("ABORTED", "Declined"), ("PARTIAL_CANCELED", "")]
    {
        let judged = of_confirm(&id, &attempt(), Ok(payment(status)));
        assert!(judged.toss_answer.as_deref().is_some_and(|body| body.contains(SECRET)), "it is there to be kept");
        holds(&judged, &["toss_answer: Some(", shown]);
        holds(&of_look_up(&id, &attempt(), Ok(payment(status))), &[shown]);
    }
    holds(&Judged::certain(Outcome::Declined(Decline::new("X", SECRET, 400)), Some(SECRET.to_owned())), &["Declined"]);
}

#[tokio::test]
async fn an_engine_and_its_parts_print_no_key() {
    let world = World::start().await;
    let key = SecretKey::parse("test_gsk_hunter2").unwrap();
    holds(&Parts::new(world.store().await, TossGateway::new(key, &world.sandbox.url()).unwrap()), &["Test", "expire_after"]);
    holds(&world.engine, &["account-1"]);
}
