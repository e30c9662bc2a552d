//! Lanes: no kind of order holds up another.

use crate::toss::Spoiled;
use crate::world::{DEADLINE, World, returned};
use payment_engine::Settings;
use payment_engine::order::{Lane, State};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use toss_sandbox::{Method, NewPayment};
use toss_types::{OrderId, PaymentKey};

/// Returns with invented paymentKeys, of which Toss knows nothing.
async fn flood(world: &World, count: usize) -> Vec<OrderId> {
    let mut ids = Vec::new();
    for number in 0..count {
        let order = world.order().await;
        let made_up = PaymentKey::parse(&format!("tgen_20261126{number:06}ABCDE")).unwrap();
        drop(world.engine.confirm(returned(&order, &made_up), Duration::ZERO).await);
        ids.push(order.id);
    }
    for id in &ids {
        world.until(id, |record| matches!(record.state, State::InDoubt { .. })).await;
    }
    ids
}

async fn load_of(world: &World, lane: Lane) -> u64 {
    world.engine.load().await.unwrap().iter().find(|load| load.lane == lane).unwrap().orders
}

#[tokio::test]
async fn invented_payments_hold_up_no_real_one() {
    let world = World::start().await;
    let ids = flood(&world, 60).await;
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    assert_eq!((load_of(&world, Lane::Missing).await, load_of(&world, Lane::Unheard).await), (60, 1));
    let looked = world.engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }), "it is looked at first, however many came before it");
    assert_eq!(looked, 1 + Lane::Missing.places() as usize, "and the others have places of their own");
    for _ in 0..60 {
        world.engine.work_once().await.unwrap();
    }
    for id in &ids {
        assert!(matches!(world.state(id).await, State::Declined { .. }), "in the end they are declined");
    }
}

#[tokio::test]
async fn accounts_that_wait_for_deposits_hold_up_no_confirm() {
    let world = World::start().await;
    for _ in 0..30 {
        let order = world.order().await;
        let payment = NewPayment {
            method: Method::VirtualAccount,
            ..NewPayment::new(order.id.as_str(), &order.name, order.total.as_won().unwrap().get())
        };
        let key = world.sandbox.control().authenticate(payment).unwrap().payment_key;
        let record = world.come_back(&order, &PaymentKey::parse(&key).unwrap()).await.unwrap();
        assert!(matches!(record.state, State::AwaitingDeposit { .. }));
    }
    world.set_clock(10 * 60_000);
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    assert_eq!(load_of(&world, Lane::Deposit).await, 30);
    let looked = world.engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert_eq!(looked, 1 + Lane::Deposit.places() as usize);
}

/// The pause between two rounds never ends here, so what gets done is done because something ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_makes_room_for_the_next_at_once() {
    let world = World::start().await;
    let mut ids = Vec::new();
    for _ in 0..Lane::Unheard.places() * 3 {
        ids.push(world.in_doubt(Spoiled::AnswerLost).await.0.id);
    }
    world.clock.nobody_wakes();
    let stop = CancellationToken::new();
    let work = tokio::spawn({
        let (engine, stop) = (world.engine.clone(), stop.clone());
        async move { engine.work(stop.cancelled_owned()).await }
    });
    for id in &ids {
        world.until(id, |record| matches!(record.state, State::Paid { .. })).await;
    }
    stop.cancel();
    tokio::time::timeout(DEADLINE, work).await.unwrap().unwrap();
}

/// A doubt wakes its lane: nobody waits for the next round.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_doubt_is_looked_at_when_it_comes_up() {
    let world = World::start().await;
    world.clock.nobody_wakes();
    let stop = CancellationToken::new();
    let work = tokio::spawn({
        let (engine, stop) = (world.engine.clone(), stop.clone());
        async move { engine.work(stop.cancelled_owned()).await }
    });
    let order = world.order().await;
    let key = world.approve(&order);
    world.spoiler.confirm(&order.id, &[Spoiled::AnswerLost]);
    let record = world.come_back(&order, &key).await.unwrap();
    assert!(matches!(record.state, State::Paid { .. }), "{:?}", record.state);
    stop.cancel();
    tokio::time::timeout(DEADLINE, work).await.unwrap().unwrap();
}

#[tokio::test]
async fn toss_is_left_alone_for_as_long_as_it_asks() {
    let world = World::start().await;
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.spoiler.look_up(&[Spoiled::TooMany(300)]);
    world.engine.work_once().await.unwrap();
    for _ in 0..5 {
        world.set_clock(59_000);
        assert_eq!(world.engine.work_once().await.unwrap(), 0, "longer than the lane would wait by itself");
    }
    world.set_clock(10_000);
    assert_eq!(world.engine.work_once().await.unwrap(), 1);
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
}

/// While Toss asks to be left alone no lane calls it, whichever order it said so of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_that_toss_asks_for_holds_for_all_orders() {
    let settings = Settings::default().expire_after(Duration::from_secs(100));
    let world = World::start_with(settings).await;
    let (first, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.spoiler.look_up(&[Spoiled::TooMany(300)]);
    world.engine.work_once().await.unwrap();
    let (second, _) = world.in_doubt(Spoiled::AnswerLost).await;
    let unpaid = world.order().await;
    let asked = world.requests().len();
    world.set_clock(200_000);

    let stop = CancellationToken::new();
    let work = tokio::spawn({
        let (engine, stop) = (world.engine.clone(), stop.clone());
        async move { engine.work(stop.cancelled_owned()).await }
    });
    // The lane of expiry asks Toss for nothing, and comes last in every round: the others have had their turn.
    world.until(&unpaid.id, |record| matches!(record.state, State::Expired { .. })).await;
    assert_eq!(world.requests().len(), asked, "nobody has asked");
    world.set_clock(101_000);
    for order in [&first, &second] {
        world.until(&order.id, |record| matches!(record.state, State::Paid { .. })).await;
    }
    stop.cancel();
    tokio::time::timeout(DEADLINE, work).await.unwrap().unwrap();
}

/// A lane that breaks off is started again, and takes up what is due.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lane_that_breaks_off_is_started_again() {
    let world = World::start().await;
    let stop = CancellationToken::new();
    let work = tokio::spawn({
        let (engine, stop) = (world.engine.clone(), stop.clone());
        async move { engine.work(stop.cancelled_owned()).await }
    });
    for _ in 0..Lane::ALL.len() {
        world.clock.breaks_once();
        let broken = async {
            while !world.clock.has_broken() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(DEADLINE, broken).await.expect("a lane asks for the time");
    }
    let order = world.order().await;
    let key = world.approve(&order);
    world.spoiler.confirm(&order.id, &[Spoiled::AnswerLost]);
    let record = world.come_back(&order, &key).await.unwrap();
    assert!(matches!(record.state, State::Paid { .. }), "{:?}", record.state);
    stop.cancel();
    tokio::time::timeout(DEADLINE, work).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_look_that_breaks_off_is_one_orders_and_falls_due_again() {
    let world = World::start().await;
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.spoiler.look_up(&[Spoiled::Panic]);
    assert_eq!(world.engine.work_once().await.unwrap(), 1);
    assert!(matches!(world.state(&order.id).await, State::InDoubt { .. }));
    world.set_clock(payment_engine::order::LEASE_MS);
    world.engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
}

/// A program that drops its work, rather than ask it to stop, is left with no lane that goes on.
#[tokio::test]
async fn work_that_is_dropped_leaves_no_lane_behind() {
    let world = World::start().await;
    let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = alive();
    let work = tokio::spawn({
        let engine = world.engine.clone();
        async move { engine.work(std::future::pending()).await }
    });
    let until = async |holds: &dyn Fn() -> bool| {
        let waiting = async {
            while !holds() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(DEADLINE, waiting).await.expect("it holds in time");
    };
    until(&|| alive() > before + Lane::ALL.len()).await;
    work.abort();
    until(&|| alive() <= before).await;
}
