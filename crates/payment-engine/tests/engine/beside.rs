//! An operator's engine beside the one that runs: it takes nothing over, and what it learns counts.

use crate::toss::Spoiled;
use crate::world::{DEADLINE, World, returned};
use payment_engine::order::{Attempt, Event, Progress, State};
use payment_engine::store::{Note, Store as _};
use payment_engine::toss_payments::{CancelReason, SecretKey, Won};
use payment_engine::{AccountError, CameOfIt, CheckError, Engine, Parts, RefundRequest, Settings, gateway};
use toss_sandbox::{DOCS_WIDGET_PAIR, OperatorRefund};
use toss_types::{IdempotencyKey, OrderId};

impl World {
    async fn attach(&self) -> Engine {
        let parts = Parts::new(self.store().await, self.spoiler.before(self.gateway())).clock(self.clock.clone());
        let parts = parts.settings(Settings::default().books_every(None));
        Engine::attach(parts).await.unwrap()
    }

    async fn attach_as(&self, secret_key: &str) -> Result<Engine, AccountError> {
        let toss = gateway::TossGateway::new(SecretKey::parse(secret_key).unwrap(), &self.sandbox.url()).unwrap();
        Engine::attach(Parts::new(self.store().await, toss).clock(self.clock.clone())).await
    }
}

#[tokio::test]
async fn what_the_running_engine_works_on_is_left_to_it() {
    let world = World::start().await;
    let order = world.order().await;
    let (key, at_ms) = (IdempotencyKey::parse("confirm-that-is-under-way").unwrap(), world.engine.now_ms());
    let attempt = Attempt::new(world.approve(&order), key, Won::of(50_000), at_ms);
    world.store().await.apply(&order.id, &Event::ConfirmStarted(attempt), &Note::at(at_ms)).await.unwrap();

    let beside = world.attach().await;
    assert_eq!(beside.work_once().await.unwrap(), 0, "its lease is the other one's");
    assert!(matches!(world.state(&order.id).await, State::Confirming { .. }));
    let next = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    assert_eq!(next.work_once().await.unwrap(), 1, "one that starts takes it over");
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
}

#[tokio::test]
async fn only_a_key_that_an_engine_has_started_with_is_let_in() {
    let world = World::start().await;
    let asked = world.requests().len();
    assert!(matches!(world.attach_as(DOCS_WIDGET_PAIR[1]).await, Err(AccountError::UnknownKey)));
    let live = world.attach_as("live_gsk_made_up_for_tests").await;
    assert!(matches!(live, Err(AccountError::AnotherMode { ours: "live", .. })), "{live:?}");
    assert!(matches!(world.attach_as(DOCS_WIDGET_PAIR[1]).await, Err(AccountError::UnknownKey)), "nor has it become known by that");
    assert!(world.attach_as(world.sandbox.secret_key()).await.is_ok());
    assert_eq!(world.requests().len(), asked, "Toss is not asked");
}

#[tokio::test]
async fn a_check_stores_what_toss_knows() {
    let world = World::start().await;
    let beside = world.attach().await;
    let (paid, key) = world.paid().await;
    let look_ups = world.look_ups();
    assert_eq!(beside.check(&paid.id).await.unwrap().came_of_it, CameOfIt::NothingNew);
    world.sandbox.control().refund(key.expose(), OperatorRefund::part(20_000)).unwrap();
    let checked = beside.check(&paid.id).await.unwrap();
    assert_eq!((checked.came_of_it, checked.record.standing()), (CameOfIt::Changed, "partly_refunded"));
    assert_eq!(world.look_ups() - look_ups, 2);

    let (doubtful, _) = world.in_doubt(Spoiled::AnswerLost).await;
    let checked = beside.check(&doubtful.id).await.unwrap();
    assert_eq!((checked.came_of_it, checked.record.standing()), (CameOfIt::Changed, "paid"));

    let (open, look_ups) = (world.order().await, world.look_ups());
    assert_eq!(beside.check(&open.id).await.unwrap().came_of_it, CameOfIt::NothingToAsk);
    assert!(matches!(beside.check(&OrderId::parse("no-such-order").unwrap()).await, Err(CheckError::NoSuchOrder)));
    assert_eq!(world.look_ups(), look_ups);

    world.spoiler.look_up(&[Spoiled::NotSent]);
    let before = world.engine.order(&paid.id).await.unwrap().unwrap().version;
    assert!(matches!(beside.check(&paid.id).await, Err(CheckError::NotAsked(_))));
    assert_eq!(world.engine.order(&paid.id).await.unwrap().unwrap().version, before);
}

/// A payment that was not confirmed, and a refund that was not sent: both stay the work's.
#[tokio::test]
async fn a_check_confirms_nothing_and_repeats_no_refund() {
    let world = World::start().await;
    let beside = world.attach().await;
    let (doubtful, _) = world.in_doubt(Spoiled::TooMany(1)).await;
    let confirms = world.confirms().len();
    assert_eq!(beside.check(&doubtful.id).await.unwrap().came_of_it, CameOfIt::Undecided);
    assert_eq!((world.confirms().len(), world.charged(&doubtful)), (confirms, vec![]));

    for (spoiled, expected) in [(Spoiled::NotSent, CameOfIt::Undecided), (Spoiled::AnswerLost, CameOfIt::Changed)] {
        let (order, key) = world.paid().await;
        world.spoiler.cancel(&[spoiled]);
        world.clock.nobody_wakes();
        let refunding = tokio::spawn({
            let (engine, id) = (world.engine.clone(), order.id.clone());
            let part = RefundRequest::new(CancelReason::parse("단순 변심").unwrap()).amount(Won::of(20_000));
            async move { engine.refund(&id, part, DEADLINE).await }
        });
        let is_in_doubt = |progress: &Progress| matches!(progress, Progress::InDoubt { .. });
        world.until(&order.id, |record| record.refunds.under_way().is_some_and(|refund| is_in_doubt(&refund.progress))).await;
        let cancels = world.cancels().len();
        let checked = beside.check(&order.id).await.unwrap();
        assert_eq!(checked.came_of_it, expected, "{:?}", checked.record.refunds);
        assert_eq!(world.cancels().len(), cancels);
        if expected == CameOfIt::Undecided {
            // Somebody has given back from the same balance at Toss: what was not sent cannot happen any more.
            world.sandbox.control().refund(key.expose(), OperatorRefund::part(5_000)).unwrap();
            let checked = beside.check(&order.id).await.unwrap();
            assert_eq!(checked.came_of_it, CameOfIt::Changed);
            assert!(checked.record.refunds.iter().any(|refund| matches!(refund.progress, Progress::Refused(_))));
            assert_eq!((checked.record.refunds.under_way(), world.balance(&order)), (None, 45_000));
        }
        refunding.abort();
        world.clock.wakes_again();
    }
}

#[tokio::test]
async fn what_is_paid_at_another_account_is_not_looked_up() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    world.restart_with(DOCS_WIDGET_PAIR[1]).await.unwrap();
    let beside = world.attach_as(DOCS_WIDGET_PAIR[1]).await.unwrap();
    let asked = world.requests().len();
    assert!(matches!(beside.check(&order.id).await, Err(CheckError::AnotherAccount)));
    assert_eq!(world.requests().len(), asked);
}

#[tokio::test]
async fn the_running_engine_hears_of_what_was_learnt_beside_it() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    let beside = world.attach().await;
    let version = world.engine.order(&order.id).await.unwrap().unwrap().version;
    world.sandbox.control().deposit(key.expose()).unwrap();
    let waiting = world.engine.changed(&order.id, version, DEADLINE);
    let (heard, checked) = tokio::join!(waiting, beside.check(&order.id));
    assert_eq!(checked.unwrap().came_of_it, CameOfIt::Changed);
    assert_eq!(heard.unwrap().unwrap().standing(), "paid");
    assert!(world.engine.confirm(returned(&order, &key), DEADLINE).await.is_ok(), "and goes on as before");
}
