//! The books: what Toss lists, compared with the orders.

use crate::toss::Spoiled;
use crate::world::{TOTAL, World};
use payment_engine::gateway::Gateway as _;
use payment_engine::order::{Attempt, Decline, Event, Expiry, Origin, Outcome, Progress, State};
use payment_engine::store::{Closing, Finding, FindingKind, FindingQuery, Note, Store as _};
use payment_engine::toss_payments::CancelReason;
use payment_engine::{BooksError, BooksReport, NewOrder, RefundRequest, Settings};
use std::time::Duration;
use toss_sandbox::{NewPayment, OperatorRefund};
use toss_types::{IdempotencyKey, PaymentKey, Won};

pub const MINUTES: Duration = Duration::from_secs(5 * 60);
pub const HOUR: Duration = Duration::from_secs(60 * 60);

impl World {
    /// Some minutes later, so that what has happened is not too fresh to be compared.
    pub async fn books(&self) -> BooksReport {
        self.advance(MINUTES);
        self.engine.run_books().await.unwrap()
    }

    pub async fn findings(&self) -> Vec<Finding> {
        self.engine.books_findings(&FindingQuery::all(100)).await.unwrap()
    }

    pub async fn open_findings(&self) -> Vec<FindingKind> {
        self.engine.books_findings(&FindingQuery::open(100)).await.unwrap().iter().map(|finding| finding.kind).collect()
    }

    /// Charges as a server of which this store knows nothing.
    pub async fn charge_elsewhere(&self, order_id: &str, won: u32) -> PaymentKey {
        let payment = NewPayment::new(order_id, "사과", i64::from(won));
        let key = PaymentKey::parse(&self.sandbox.control().authenticate(payment).unwrap().payment_key).unwrap();
        self.confirm_elsewhere(&key, order_id, won).await;
        key
    }

    pub async fn confirm_elsewhere(&self, key: &PaymentKey, order_id: &str, won: u32) {
        let idempotency_key = IdempotencyKey::parse(&format!("elsewhere-{order_id}")).unwrap();
        let attempt = Attempt::new(key.clone(), idempotency_key, Won::of(won), 0);
        self.gateway().confirm(&toss_types::OrderId::parse(order_id).unwrap(), &attempt).await.unwrap();
    }

    /// Several orders that were charged without this store.
    async fn charged_elsewhere(&self, count: usize) -> Vec<NewOrder> {
        let mut orders = Vec::new();
        for _ in 0..count {
            let order = self.order().await;
            self.charge_elsewhere(order.id.as_str(), 50_000).await;
            orders.push(order);
        }
        orders
    }

    async fn are_paid(&self, orders: &[NewOrder]) -> usize {
        let mut paid = 0;
        for order in orders {
            paid += usize::from(matches!(self.state(&order.id).await, State::Paid { .. }));
        }
        paid
    }

    pub fn lists(&self) -> usize {
        self.requests().iter().filter(|request| request.path.starts_with("/v1/transactions")).count()
    }

    pub fn payments_looked_up(&self) -> usize {
        self.requests().iter().filter(|request| request.method == "GET" && request.path.starts_with("/v1/payments/")).count()
    }
}

pub fn is_mended(finding: &Finding, kind: FindingKind) -> bool {
    finding.kind == kind && matches!(finding.closed, Some((_, Closing::Mended)))
}

#[tokio::test]
async fn a_charge_that_the_store_does_not_know_is_adopted() {
    let world = World::start().await;
    let order = world.charged_elsewhere(1).await.remove(0);
    let report = world.books().await;
    assert_eq!((report.transactions, report.mended, report.found, report.look_ups), (1, 1, 0, 1));
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    let findings = world.findings().await;
    assert!(findings.len() == 1 && is_mended(&findings[0], FindingKind::Charge), "{findings:?}");
    assert_eq!((findings[0].order_id.as_ref(), findings[0].amount.clone()), (Some(&order.id), Some(order.total.clone())));
    let report = world.books().await;
    assert_eq!((report.transactions, report.mended, report.look_ups), (0, 0, 0), "once");
    assert_eq!((world.findings().await.len(), world.balance(&order)), (1, TOTAL));
}

#[tokio::test]
async fn a_charge_in_time_pays_though_the_order_was_closed_and_a_late_one_goes_back() {
    let world = World::start().await;
    let in_time = world.charged_elsewhere(1).await.remove(0);
    let late = world.order().await;
    world.advance(HOUR);
    world.work().await;
    world.charge_elsewhere(late.id.as_str(), 50_000).await;
    for order in [&in_time, &late] {
        assert!(matches!(world.state(&order.id).await, State::Expired { reason: Expiry::OutOfTime, .. }));
    }
    let report = world.books().await;
    assert_eq!((report.mended, report.found), (2, 0));
    assert!(matches!(world.state(&in_time.id).await, State::Paid { .. }));
    assert!(matches!(world.state(&late.id).await, State::Expired { .. }));
    assert_eq!((world.balance(&in_time), world.balance(&late)), (TOTAL, 0));
    let findings = world.findings().await;
    assert!(findings.iter().any(|finding| is_mended(finding, FindingKind::Charge) && finding.order_id.as_ref() == Some(&in_time.id)));
    assert!(findings.iter().any(|finding| is_mended(finding, FindingKind::Duplicate) && finding.order_id.as_ref() == Some(&late.id)));
    assert_eq!(world.books().await.found, 0, "and its refund is no news");
}

#[tokio::test]
async fn a_second_charge_of_an_order_goes_back() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    // Toss takes no second payment of an order; this is an order of another store's, with a number of ours, so to speak.
    let other = world.order().await;
    let key = world.charge_elsewhere(other.id.as_str(), 50_000).await;
    let replacing = world.order_of("the same").await;
    let replaced = world.order_of("the same").await;
    world.charge_elsewhere(replacing.id.as_str(), 50_000).await;
    let report = world.books().await;
    assert_eq!((report.mended, report.found), (2, 0), "{:?}", world.findings().await);
    assert_eq!((world.balance(&order), world.balance(&other), world.balance(&replacing)), (TOTAL, TOTAL, 0));
    assert!(matches!(world.state(&replaced.id).await, State::Open));
    assert!(matches!(world.state(&other.id).await, State::Paid { attempt, .. } if attempt.payment_key == key));
}

#[tokio::test]
async fn a_payment_that_was_taken_for_declined_pays() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    let attempt = Attempt::new(key.clone(), IdempotencyKey::parse("confirm-1").unwrap(), Won::of(50_000), world.engine.now_ms());
    let outcome = Outcome::Declined(Decline::new("REJECT_CARD_COMPANY", "", 403));
    let ended = Event::ConfirmEnded { payment_key: key.clone(), idempotency_key: None, outcome };
    let store = world.store().await;
    for event in [Event::ConfirmStarted(attempt), ended] {
        store.apply(&order.id, &event, &Note::at(world.engine.now_ms())).await.unwrap();
    }
    world.confirm_elsewhere(&key, order.id.as_str(), 50_000).await;
    assert!(matches!(world.state(&order.id).await, State::Declined { .. }));
    let report = world.books().await;
    assert_eq!((report.mended, report.found), (1, 0));
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert!(is_mended(&world.findings().await[0], FindingKind::WronglyDeclined));
}

#[tokio::test]
async fn what_was_given_back_in_the_console_is_found_without_a_webhook() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    world.books().await;
    world.sandbox.control().refund(key.expose(), OperatorRefund::part(20_000)).unwrap();
    let report = world.books().await;
    assert_eq!((report.mended, report.found), (1, 0));
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert!(record.refunds.iter().all(|refund| refund.origin == Origin::Toss && matches!(refund.progress, Progress::Done { .. })));
    assert_eq!((record.standing(), record.refunds.iter().count()), ("partly_refunded", 1));
    assert!(is_mended(&world.findings().await[0], FindingKind::Refund));
}

#[tokio::test]
async fn a_doubled_refund_waits_for_a_person_and_is_told_once() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    let refund = RefundRequest::new(CancelReason::parse("단순 변심").unwrap()).amount(Won::of(10_000));
    world.engine.refund(&order.id, refund, crate::world::DEADLINE).await.unwrap();
    let again = OperatorRefund::part(10_000).because("단순 변심");
    world.sandbox.control().refund(key.expose(), again).unwrap();
    let report = world.books().await;
    assert_eq!((report.mended, report.found), (0, 1));
    assert_eq!(world.open_findings().await, [FindingKind::DoubledRefund]);
    assert_eq!(world.engine.order(&order.id).await.unwrap().unwrap().balance().refunded, Won::of(20_000).into(), "it is booked");
    assert_eq!((world.books().await.found, world.open_findings().await.len()), (0, 1));
    let id = world.findings().await[0].id.clone();
    assert!(world.engine.close_finding(&id, "the customer keeps it").await.unwrap());
    assert!(!world.engine.close_finding(&id, "once more").await.unwrap());
    world.books().await;
    let closed = world.findings().await.remove(0);
    assert!(matches!(closed.closed, Some((_, Closing::ByHand(note))) if note == "the customer keeps it"));
    assert!(world.open_findings().await.is_empty());
}

#[tokio::test]
async fn another_amount_than_the_orders_is_told_and_nothing_is_done() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.charge_elsewhere(order.id.as_str(), 40_000).await;
    let report = world.books().await;
    assert_eq!((report.mended, report.found), (0, 1));
    let finding = world.findings().await.remove(0);
    assert_eq!(
        (finding.kind, finding.amount, finding.payment_key.as_ref()),
        (FindingKind::Differs, Some(Won::of(40_000).into()), Some(&key))
    );
    assert!(!format!("{:?}", world.findings().await).contains(key.expose()), "no log shows a payment key");
    assert!(matches!(world.state(&order.id).await, State::Open) && world.cancels().is_empty());
    assert_eq!((world.books().await.found, world.findings().await.len()), (0, 1), "it is not doubled");
    // A person gives it back in the console.
    world.sandbox.control().refund(key.expose(), OperatorRefund::default()).unwrap();
    assert_eq!(world.books().await.found, 0);
    assert_eq!(world.findings().await.len(), 1);
}

#[tokio::test]
async fn an_order_that_the_store_does_not_have_is_told_and_another_shops_is_counted() {
    let world = World::start().await;
    world.order().await;
    world.charge_elsewhere("shop-2-2026-0001", 30_000).await;
    let lost = world.charge_elsewhere("V1StGXR8_Z5jdHi6B-myT", 20_000).await;
    let report = world.books().await;
    assert_eq!((report.transactions, report.foreign, report.found, report.look_ups), (2, 1, 1, 0));
    let finding = world.findings().await.remove(0);
    assert_eq!(
        (finding.kind, finding.amount, finding.payment_key.as_ref()),
        (FindingKind::UnknownOrder, Some(Won::of(20_000).into()), Some(&lost))
    );
    assert_eq!((world.books().await.found, world.open_findings().await.len()), (0, 1));
    world.sandbox.control().refund(lost.expose(), OperatorRefund::default()).unwrap();
    world.books().await;
    let report = world.books().await;
    assert_eq!((report.found, world.open_findings().await.len(), world.findings().await.len()), (0, 0, 1), "nothing of it is left at Toss");
}

#[tokio::test]
async fn all_pages_are_read_and_each_payment_once() {
    let world = World::start().await;
    let orders = world.charged_elsewhere(7).await;
    world.spoiler.pages_of(2);
    let report = world.books().await;
    assert_eq!((report.transactions, report.mended, report.found), (7, 7, 0));
    assert_eq!((world.are_paid(&orders).await, world.payments_looked_up()), (7, 7));
    assert_eq!(world.lists(), 5, "four pages, and an empty one");
}

#[tokio::test]
async fn a_run_that_ends_in_the_middle_goes_on_from_there() {
    let world = World::start().await;
    let orders = world.charged_elsewhere(5).await;
    world.spoiler.pages_of(2);
    world.spoiler.lists(&[None, Some(Spoiled::AnswerLost)]);
    world.advance(MINUTES);
    assert!(matches!(world.engine.run_books().await, Err(BooksError::Toss(_))));
    assert_eq!((world.are_paid(&orders).await, world.lists()), (2, 2));
    let report = world.engine.run_books().await.unwrap();
    assert_eq!((report.transactions, world.are_paid(&orders).await, world.payments_looked_up()), (3, 5, 5), "and not from the beginning");
    // The rest of the span that was begun, and what has come to be over since.
    assert_eq!((world.lists(), world.findings().await.len()), (2 + 3 + 1, 5));
}

#[tokio::test]
async fn who_asks_to_be_left_alone_is() {
    let world = World::start().await;
    let orders = world.charged_elsewhere(2).await;
    world.spoiler.lists(&[Some(Spoiled::TooMany(30))]);
    world.advance(MINUTES);
    assert!(matches!(world.engine.run_books().await, Err(BooksError::Toss(_))));
    let calls = world.requests().len();
    let Err(BooksError::Calm(pause)) = world.engine.run_books().await else { panic!("it is called all the same") };
    assert!(pause <= Duration::from_secs(30) && world.requests().len() == calls);
    world.advance(Duration::from_secs(31));
    world.engine.run_books().await.unwrap();
    assert_eq!(world.are_paid(&orders).await, 2);
}

#[tokio::test]
async fn one_payment_without_an_answer_holds_up_no_other_and_three_are_enough() {
    let world = World::start().await;
    let orders = world.charged_elsewhere(4).await;
    world.spoiler.look_up(&[Spoiled::AnswerLost]);
    let report = world.books().await;
    assert_eq!((report.mended, report.found, world.are_paid(&orders).await), (3, 1, 3));
    assert_eq!(world.open_findings().await, [FindingKind::Unanswered]);
    world.books().await;
    assert_eq!((world.are_paid(&orders).await, world.open_findings().await.len()), (4, 0));

    let more = world.charged_elsewhere(4).await;
    world.spoiler.look_up(&[Spoiled::AnswerLost; 3]);
    world.advance(MINUTES);
    assert!(matches!(world.engine.run_books().await, Err(BooksError::Toss(_))));
    assert_eq!(world.are_paid(&more).await, 0);
    world.books().await;
    assert_eq!((world.are_paid(&more).await, world.open_findings().await.len()), (4, 0));
}

#[tokio::test]
async fn two_servers_compare_once() {
    let world = World::start().await;
    let orders = world.charged_elsewhere(3).await;
    let other = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    world.advance(MINUTES);
    let (one, two) = tokio::join!(world.engine.run_books(), other.run_books());
    let mended: u64 = [one, two]
        .into_iter()
        .map(|ran| match ran {
            Ok(report) => report.mended,
            Err(BooksError::UnderWay) => 0,
            Err(error) => panic!("{error}"),
        })
        .sum();
    assert_eq!((mended, world.are_paid(&orders).await, world.payments_looked_up()), (3, 3, 3));
}

#[tokio::test]
async fn they_are_compared_every_so_often_by_themselves() {
    let world = World::start().await;
    let every = Settings::default().books_every(Some(HOUR / 2));
    let engine = world.restart_as(world.sandbox.secret_key(), every).await.unwrap();
    let work = async || while engine.work_once().await.unwrap() > 0 {};
    work().await;
    assert_eq!(world.lists(), 0, "there is no order so far");
    let orders = world.charged_elsewhere(1).await;
    world.advance(HOUR / 2 - MINUTES);
    work().await;
    assert_eq!(world.lists(), 0);
    world.advance(MINUTES * 2);
    work().await;
    assert_eq!((world.lists(), world.are_paid(&orders).await), (2, 1), "one page, and an empty one");
    work().await;
    world.advance(HOUR / 2 + MINUTES);
    work().await;
    assert_eq!(world.lists(), 4);
    world.spoiler.lists(&[Some(Spoiled::NotSent)]);
    world.advance(HOUR);
    work().await;
    assert_eq!(world.lists(), 4);
    world.advance(MINUTES * 2);
    work().await;
    assert_eq!(world.lists(), 7, "after a failure soon: the span that was begun, and what has come to be over since");
}
