//! What is heard late, twice, or in the wrong order: no answer of Toss is taken for more than it was when it was asked for.

use crate::held::{Holds, world};
use crate::refunds::{is_done, part};
use crate::toss::Spoiled;
use crate::webhooks::{id, notice};
use crate::world::{World, returned};
use async_trait::async_trait;
use payment_engine::gateway::Gateway as _;
use payment_engine::order::{Attempt, Origin, Progress, State};
use payment_engine::outbox::{Courier, Message, Undelivered};
use payment_engine::store::FindingQuery;
use payment_engine::toss_payments::CancelRequestId;
use payment_engine::{NewOrder, OrderRecord};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use toss_sandbox::{Code, Endpoint, Fault, OperatorRefund, Scope, Times};
use toss_types::{IdempotencyKey, PaymentKey, Won};

const HOUR: Duration = Duration::from_secs(3_600);

impl World {
    /// Charged without the shop.
    async fn charge(&self, order: &NewOrder, key: &PaymentKey) {
        let by_hand = IdempotencyKey::parse(&format!("by-hand-{}", key.expose())).unwrap();
        let attempt = Attempt::new(key.clone(), by_hand, Won::of(50_000), 0);
        self.gateway().confirm(&order.id, &attempt).await.unwrap();
    }

    fn refuse_cancels(&self, order: &NewOrder, code: Code, times: Times) {
        let scope = Scope::order(Endpoint::Cancel, order.id.as_str());
        self.sandbox.control().fault(Fault::status_4xx(code), scope, times).unwrap();
    }

    async fn tell(&self, order: &NewOrder, key: &PaymentKey, status: &str, transmission: &str) {
        self.engine.receive(notice(order, key, status).as_bytes(), id(transmission)).await.unwrap();
    }

    fn working(&self) -> JoinHandle<usize> {
        let engine = self.engine.clone();
        tokio::spawn(async move { engine.work_once().await.unwrap() })
    }

    async fn record(&self, order: &NewOrder) -> OrderRecord {
        self.engine.order(&order.id).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_refund_after_a_refused_one_of_as_much_is_a_refund_of_its_own() {
    for keeps_ids_to_itself in [false, true] {
        let (world, _) = world(Holds { keeps_ids_to_itself, ..Holds::default() }).await;
        let (order, _) = world.paid().await;
        world.refuse_cancels(&order, Code::REFUND_REJECTED, Times::Once);
        let named = |name: &str| part(20_000).id(CancelRequestId::parse(name).unwrap());
        let first = world.refund(&order.id, named("return-1")).await.unwrap();
        assert!(matches!(first.progress, Progress::Refused(_)), "{first:?}");
        let second = world.refund(&order.id, named("return-2")).await.unwrap();
        assert!(is_done(&second), "{second:?}");
        let record = world.record(&order).await;
        assert!(matches!(record.refunds.get(&first.id).unwrap().progress, Progress::Refused(_)));
        assert_eq!((record.refunds.iter().count(), world.balance(&order)), (2, 30_000));
    }
}

#[tokio::test]
async fn a_console_refund_after_a_refused_one_of_as_much_is_shown_as_such() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    world.refuse_cancels(&order, Code::REFUND_REJECTED, Times::Once);
    world.refund(&order.id, part(20_000)).await.unwrap();
    world.sandbox.control().refund(key.expose(), OperatorRefund::part(20_000).because("콘솔에서")).unwrap();
    world.tell(&order, &key, "PARTIAL_CANCELED", "whtrans_1").await;
    world.work().await;
    let record = world.record(&order).await;
    let last = record.refunds.iter().last().unwrap();
    assert_eq!((last.origin, last.reason.as_str(), is_done(last)), (Origin::Toss, "콘솔에서", true));
}

/// A webhook is looked into while the books adopt the same payment, or while its shopper comes back.
#[tokio::test]
async fn the_payment_that_pays_is_not_given_back_as_one_too_many() {
    let (world, holds) = world(Holds::default()).await;
    let order = world.order().await;
    let key = world.approve(&order);
    world.charge(&order, &key).await;
    let gate = holds.hold_answer();
    world.tell(&order, &key, "DONE", "whtrans_1").await;
    let looking = world.working();
    gate.reached().await;
    world.advance(Duration::from_secs(180));
    world.engine.run_books().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    gate.open();
    looking.await.unwrap();
    assert_eq!((world.balance(&order), world.cancels().len()), (50_000, 0), "{:?}", world.history(&order.id).await);

    let order = world.order().await;
    let key = world.approve(&order);
    let gate = holds.hold_look_up();
    world.tell(&order, &key, "DONE", "whtrans_2").await;
    let looking = world.working();
    gate.reached().await;
    assert!(matches!(world.come_back(&order, &key).await.unwrap().state, State::Paid { .. }));
    gate.open();
    looking.await.unwrap();
    assert_eq!((world.balance(&order), world.cancels().len()), (50_000, 0), "{:?}", world.history(&order.id).await);
}

#[tokio::test]
async fn a_charge_besides_an_undecided_one_waits_until_that_is_decided() {
    let world = World::start().await;
    let (order, first) = world.in_doubt(Spoiled::TooMany(1)).await;
    let second = world.approve(&order);
    world.charge(&order, &second).await;
    world.sandbox.control().expire(first.expose()).unwrap();
    world.tell(&order, &second, "DONE", "whtrans_1").await;
    for _ in 0..5 {
        world.work().await;
        world.advance(Duration::from_secs(61));
    }
    assert_eq!((world.record(&order).await.standing(), world.balance(&order)), ("paid", 50_000));
}

#[tokio::test]
async fn an_old_answer_does_not_take_a_new_deposit_back() {
    let (world, holds) = world(Holds::default()).await;
    let (order, key) = world.waiting().await;
    let control = world.sandbox.control();
    control.deposit(key.expose()).unwrap();
    world.advance(Duration::from_secs(601));
    world.work().await;
    control.reverse_deposit(key.expose()).unwrap();
    let gate = holds.hold_answer();
    world.tell(&order, &key, "WAITING_FOR_DEPOSIT", "whtrans_1").await;
    let looking = world.working();
    gate.reached().await;
    control.deposit(key.expose()).unwrap();
    // Somebody else looks meanwhile, twice: reversed and deposited again, as they would have heard it in time.
    world.advance(Duration::from_secs(121));
    let other = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    other.check(&order.id).await.unwrap();
    gate.open();
    looking.await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }), "{:?}", world.history(&order.id).await);
}

/// Its webhook was lost, and nothing of it is in Toss's lists.
#[tokio::test]
async fn a_reversal_that_nobody_told_is_learnt_within_a_day() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    world.sandbox.control().deposit(key.expose()).unwrap();
    for _ in 0..2 {
        world.advance(Duration::from_secs(601));
        world.work().await;
    }
    assert!(matches!(world.state(&order.id).await, State::Paid { deposit: Some(deposit), .. } if deposit.has_stayed));
    world.sandbox.control().reverse_deposit(key.expose()).unwrap();
    for _ in 0..25 {
        world.advance(HOUR);
        world.work().await;
    }
    assert!(matches!(world.state(&order.id).await, State::AwaitingDeposit { reversed_at_ms: Some(_), .. }));
}

#[tokio::test]
async fn one_look_up_of_a_payment_is_under_way_at_a_time_however_slow_toss_is() {
    let (world, holds) = world(Holds::default()).await;
    let (order, key) = world.paid().await;
    let before = world.look_ups();
    let gate = holds.hold_answer();
    world.tell(&order, &key, "PARTIAL_CANCELED", "whtrans_0").await;
    let looking = world.working();
    gate.reached().await;
    for number in 1..50 {
        world.tell(&order, &key, "PARTIAL_CANCELED", &format!("whtrans_{number}")).await;
        assert_eq!(world.engine.work_once().await.unwrap(), 0, "somebody looks already");
    }
    gate.open();
    looking.await.unwrap();
    world.work().await;
    assert_eq!(world.look_ups(), before + 1, "nor at once after it");
    world.advance(Duration::from_secs(3));
    world.work().await;
    assert_eq!(world.look_ups(), before + 2);
}

#[tokio::test]
async fn a_charge_too_many_that_toss_does_not_give_back_is_told_and_not_asked_for_for_ever() {
    let world = World::start().await;
    let order = world.order_of("browser").await;
    let key = world.approve(&order);
    world.order_of("browser").await;
    world.charge(&order, &key).await;
    world.refuse_cancels(&order, Code::NOT_CANCELABLE_PAYMENT, Times::Always);
    for number in 0..10 {
        world.tell(&order, &key, "DONE", &format!("whtrans_{number}")).await;
        world.work().await;
        world.advance(Duration::from_secs(3));
    }
    for _ in 0..5 {
        world.advance(HOUR);
        world.engine.run_books().await.unwrap();
    }
    assert_eq!((world.cancels().len(), world.record(&order).await.refunds.iter().count()), (1, 1));
    let open = world.engine.books_findings(&FindingQuery::open(10)).await.unwrap();
    assert!(open.iter().any(|finding| finding.what.contains("NOT_CANCELABLE_PAYMENT")), "{open:?}");
}

#[tokio::test]
async fn a_refund_in_doubt_is_tried_less_and_less_often_whatever_the_words_of_its_failure() {
    let (world, holds) = world(Holds::default()).await;
    let (order, _) = world.paid().await;
    holds.lost.lock().unwrap().extend((0..400).map(|number| if number % 2 == 0 { "one" } else { "another" }));
    let refund = world.refund(&order.id, part(20_000)).await.unwrap();
    assert!(matches!(refund.progress, Progress::InDoubt { .. }));
    for _ in 0..20 {
        world.advance(Duration::from_secs(3));
        world.work().await;
    }
    let calls = 400 - holds.lost.lock().unwrap().len();
    assert!((5..30).contains(&calls), "{calls}");
    let history = world.history(&order.id).await;
    assert_eq!((history.len(), history[2].as_str()), (4, "refund_started"), "{history:?}");
}

/// Somebody who is told, and keeps it.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<&'static str>>>);

#[async_trait]
impl Courier for Told {
    fn channel(&self) -> &'static str {
        "told"
    }

    async fn deliver(&self, message: &Message, _order: &OrderRecord) -> Result<(), Undelivered> {
        self.0.lock().unwrap().push(message.kind.word());
        Ok(())
    }
}

#[tokio::test]
async fn a_key_that_may_not_confirm_is_told_once() {
    for is_real in [false, true] {
        let told = Told::default();
        let world = World::start_told(told.clone()).await;
        let order = world.order().await;
        let key = if is_real { world.approve(&order) } else { PaymentKey::parse("tk_invented_1").unwrap() };
        let scope = Scope::order(Endpoint::Confirm, order.id.as_str());
        world.sandbox.control().fault(Fault::status_4xx(Code::UNAUTHORIZED_KEY), scope, Times::Always).unwrap();
        drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
        world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
        for _ in 0..120 {
            world.set_clock(60_000);
            world.work().await;
        }
        let renewals = world.history(&order.id).await.iter().filter(|event| *event == "key_renewed").count();
        assert!((1..20).contains(&renewals), "{is_real}: {renewals}");
        assert_eq!(told.0.lock().unwrap().iter().filter(|kind| **kind == "order.in_doubt").count(), 1, "{is_real}");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_holds_no_message_up() {
    let told = Told::default();
    let world = World::start_told(told.clone()).await;
    world.set_clock(24 * 3_600_000);
    let (order, _) = world.paid().await;
    world.set_clock(-24 * 3_600_000);
    world.refund(&order.id, part(20_000)).await.unwrap();
    world.work().await;
    assert_eq!(*told.0.lock().unwrap(), ["order.paid", "order.refunded"]);
}

/// Toss's answers are kept for longer than who bought is known.
#[tokio::test]
async fn no_account_stands_in_what_is_kept_of_an_answer() {
    let world = World::start().await;
    let (order, _) = world.waiting().await;
    let record = world.record(&order).await;
    let State::AwaitingDeposit { account, .. } = &record.state else { panic!("{:?}", record.state) };
    let body = world.engine.toss_answer(&order.id).await.unwrap().unwrap();
    for private in [account.account_number.as_deref().unwrap(), account.secret.as_deref().unwrap()] {
        assert!(!body.contains(private), "{private}");
    }
    assert!(body.contains("WAITING_FOR_DEPOSIT"));
}
