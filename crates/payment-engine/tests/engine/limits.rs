//! What strangers can cost: bounded calls, bounded rows, and no money.

use crate::world::{DEADLINE, World, returned};
use futures_util::future::join_all;
use payment_engine::order::{MAX_ATTEMPTS, State};
use payment_engine::{ConfirmError, Settings};
use std::time::Duration;
use toss_sandbox::{Endpoint, Fault, Scope, Times};
use toss_types::{PaymentKey, Won};

fn made_up(number: usize) -> PaymentKey {
    PaymentKey::parse(&format!("tgen_20261126{number:06}ABCDE")).unwrap()
}

#[tokio::test]
async fn an_order_takes_a_bounded_number_of_invented_payments() {
    let world = World::start().await;
    let order = world.order().await;
    for number in 0..100 {
        drop(world.engine.confirm(returned(&order, &made_up(number)), Duration::ZERO).await);
        world.engine.decided(&order.id, Duration::ZERO).await.unwrap();
        world.engine.work_once().await.unwrap();
        world.set_clock(2_000);
    }
    for _ in 0..20 {
        world.engine.work_once().await.unwrap();
        world.set_clock(2_000);
    }
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert!(matches!(record.state, State::Declined { .. }), "{:?}", record.state);
    assert_eq!(record.attempts, MAX_ATTEMPTS);
    // A confirm, a look-up and a repeated confirm each.
    let most = MAX_ATTEMPTS as usize * 3;
    assert!(world.requests().len() <= most, "{} calls", world.requests().len());
    assert!(world.engine.events(&order.id).await.unwrap().len() <= most);
    let refused = world.come_back(&order, &made_up(1_000)).await;
    assert!(matches!(refused, Err(ConfirmError::TooManyAttempts(_))), "{refused:?}");
}

#[tokio::test]
async fn what_is_refused_costs_neither_a_call_nor_a_row() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    let wrong_amount = payment_engine::Returned::new(order.id.clone(), key.clone(), Won::of(1));
    assert!(matches!(world.engine.confirm(wrong_amount, DEADLINE).await, Err(ConfirmError::AmountMismatch)));
    let mut unknown = order.clone();
    unknown.id = toss_types::OrderId::parse("no-such-order").unwrap();
    assert!(matches!(world.come_back(&unknown, &key).await, Err(ConfirmError::NoSuchOrder)));
    world.set_clock(41 * 60_000);
    assert!(matches!(world.come_back(&order, &key).await, Err(ConfirmError::Expired(_))));
    assert_eq!((world.requests().len(), world.engine.events(&order.id).await.unwrap().len()), (0, 0));
}

/// With Toss silent, so many confirms hang and no more; the rest waits without a claim, and above that is told to come again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_confirms_run_at_once_and_no_more() {
    let settings = Settings::default().confirms(3, 2);
    let world = World::start_with(settings).await;
    let control = world.sandbox.control();
    control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::Confirm), Times::Always).unwrap();
    let mut orders = Vec::new();
    for _ in 0..3 {
        let order = world.order().await;
        let key = world.approve(&order);
        drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
        orders.push((order, key));
    }
    control.wait_for(|view| view.hung() == 3, DEADLINE).await.unwrap();
    // The three run and have left their places, so that five can wait.
    let mut waiting = Vec::new();
    for _ in 0..5 {
        let order = world.order().await;
        let key = world.approve(&order);
        let answer = world.engine.confirm(returned(&order, &key), Duration::ZERO).await;
        assert!(matches!(answer, Err(ConfirmError::Slow)), "{answer:?}");
        world.until(&order.id, |record| world.engine.is_undecided(record)).await;
        waiting.push(order);
    }
    let order = world.order().await;
    let key = world.approve(&order);
    let answer = world.engine.confirm(returned(&order, &key), DEADLINE).await;
    assert!(matches!(answer, Err(ConfirmError::Busy)), "{answer:?}");
    for order in waiting.iter().chain([&order]) {
        assert_eq!(world.state(&order.id).await, State::Open, "no claim without a place");
        assert!(world.engine.events(&order.id).await.unwrap().is_empty());
    }
    control.clear_faults();
    control.release_hung();
    for (order, _) in &orders {
        world.until(&order.id, |record| matches!(record.state, State::Paid { .. })).await;
    }
    for order in &waiting {
        world.until(&order.id, |record| matches!(record.state, State::Paid { .. })).await;
    }
    world.come_back(&order, &key).await.unwrap();
    for order in waiting.iter().chain([&order]) {
        assert_eq!(world.charged(order), [50_000]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_at_once_charge_once() {
    let world = World::start().await;
    for _ in 0..20 {
        let order = world.order().await;
        let key = world.approve(&order);
        let answers = join_all((0..64).map(|_| world.come_back(&order, &key))).await;
        for answer in answers {
            assert!(matches!(answer.unwrap().state, State::Paid { .. }));
        }
        assert_eq!(world.charged(&order), [50_000]);
        assert_eq!(world.history(&order.id).await, ["confirm_started", "paid"]);
    }
    assert_eq!(world.confirms().len(), 20);
}

/// An owner's orders: one is payable, and none while one is undecided.
#[tokio::test]
async fn two_windows_of_one_browser_pay_once() {
    let world = World::start().await;
    let first = world.order_of("browser").await;
    let (first_key, second) = (world.approve(&first), world.order_of("browser").await);
    let second_key = world.approve(&second);
    assert!(matches!(world.come_back(&first, &first_key).await, Err(ConfirmError::Expired(_))));
    world.come_back(&second, &second_key).await.unwrap();
    assert_eq!((world.charged(&first), world.charged(&second)), (vec![], vec![50_000]));
}

/// Nothing at once would be nothing ever, and more than anybody has is as good as the most.
#[tokio::test]
async fn settings_that_make_no_sense_count_as_the_nearest_that_do() {
    for (at_once, waiting) in [(0, 0), (usize::MAX, usize::MAX)] {
        let world = World::start_with(Settings::default().confirms(at_once, waiting)).await;
        let order = world.order().await;
        let key = world.approve(&order);
        let record = world.come_back(&order, &key).await.unwrap();
        assert!(matches!(record.state, State::Paid { .. }), "{at_once} {waiting}: {:?}", record.state);
        assert_eq!(world.charged(&order), [50_000]);
    }
}
