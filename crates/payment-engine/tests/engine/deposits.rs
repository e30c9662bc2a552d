//! Virtual accounts: issued, paid into, taken back, over.

use crate::webhooks::{id as delivery, notice};
use crate::world::{DEADLINE, World};
use payment_engine::Received;
use payment_engine::order::{Expiry, State};
use std::time::Duration;
use toss_sandbox::OperatorRefund;

const HOUR: Duration = Duration::from_secs(3_600);

fn account_number(state: &State) -> Option<String> {
    match state {
        State::AwaitingDeposit { account, .. } => account.account_number.clone(),
        State::Paid { deposit, .. } => deposit.as_ref().and_then(|deposit| deposit.account.account_number.clone()),
        State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::Declined { .. } | State::Expired { .. } => None,
    }
}

#[tokio::test]
async fn a_deposit_pays_and_its_goods_wait_until_it_has_stayed() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    let waiting = world.state(&order.id).await;
    let State::AwaitingDeposit { account, .. } = &waiting else { panic!("{waiting:?}") };
    assert!(account.secret.is_some() && account.due_at_ms.is_some(), "kept from the first answer on");
    world.sandbox.control().deposit(key.expose()).unwrap();
    world.advance(Duration::from_secs(601));
    world.work().await;
    let paid = world.state(&order.id).await;
    let State::Paid { deposit: Some(deposit), .. } = &paid else { panic!("{paid:?}") };
    let left_ms = deposit.hold_until_ms - world.engine.now_ms();
    assert!((110_000..=120_000).contains(&left_ms), "two minutes: {left_ms}");
    assert_eq!(account_number(&paid), account_number(&waiting));
    let before = world.look_ups();
    world.work().await;
    assert_eq!(world.look_ups(), before, "nobody asks before that");
    world.advance(Duration::from_secs(121));
    world.work().await;
    world.advance(23 * HOUR);
    world.work().await;
    assert_eq!(world.look_ups(), before + 1, "and once after it");
    world.advance(HOUR);
    world.work().await;
    assert_eq!(world.look_ups(), before + 2, "and once a day later");
    world.advance(48 * HOUR);
    world.work().await;
    assert_eq!(world.look_ups(), before + 2, "and then no more");
    assert!(matches!(world.state(&order.id).await, State::Paid { deposit: Some(deposit), .. } if deposit.has_stayed));
    assert_eq!(world.history(&order.id).await, ["confirm_started", "awaiting_deposit", "paid", "deposit_stayed", "deposit_stayed"]);
}

/// No webhook arrives: the look at the end of the hold finds it out.
#[tokio::test]
async fn a_deposit_that_is_taken_back_is_waited_for_again() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    let control = world.sandbox.control();
    control.deposit(key.expose()).unwrap();
    world.advance(Duration::from_secs(601));
    world.work().await;
    control.reverse_deposit(key.expose()).unwrap();
    world.advance(Duration::from_secs(121));
    world.work().await;
    let state = world.state(&order.id).await;
    let State::AwaitingDeposit { account, reversed_at_ms: Some(_), .. } = &state else { panic!("{state:?}") };
    assert!(account.account_number.is_some() && account.secret.is_some(), "{state:?}");
    assert_eq!(world.balance(&order), 0);
    control.deposit(key.expose()).unwrap();
    world.advance(Duration::from_secs(601));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert_eq!(world.history(&order.id).await, ["confirm_started", "awaiting_deposit", "paid", "deposit_reversed", "paid"]);
}

#[tokio::test]
async fn what_was_given_back_before_the_shop_looked_is_no_reversal() {
    let world = World::start().await;
    let control = world.sandbox.control();
    for (amount, standing) in [(Some(20_000), "partly_refunded"), (None, "refunded")] {
        let (order, key) = world.waiting().await;
        control.deposit(key.expose()).unwrap();
        let refund = amount.map_or_else(OperatorRefund::default, OperatorRefund::part);
        control.refund(key.expose(), refund).unwrap();
        world.advance(Duration::from_secs(601));
        world.work().await;
        let record = world.engine.order(&order.id).await.unwrap().unwrap();
        assert_eq!(record.standing(), standing, "{:?}", record.state);
        assert_eq!(record.balance().refundable.to_string(), world.balance(&order).to_string());
    }
    let (order, key) = world.waiting().await;
    control.refund(key.expose(), OperatorRefund::default()).unwrap();
    world.advance(Duration::from_secs(601));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::Expired { reason: Expiry::Canceled, .. }), "cancelled before the deposit");
}

/// Toss sends nothing then.
#[tokio::test]
async fn an_account_whose_time_is_over_ends_by_the_shops_own_clock() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    let State::AwaitingDeposit { account, .. } = world.state(&order.id).await else { panic!() };
    let until_due = Duration::from_millis(u64::try_from(account.due_at_ms.unwrap() - world.engine.now_ms()).unwrap());
    world.advance(until_due - Duration::from_secs(60));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::AwaitingDeposit { .. }), "not before it");
    world.advance(Duration::from_secs(61));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::Expired { reason: Expiry::NoDeposit, .. }), "and at once after it");
    let before = world.look_ups();
    world.advance(24 * HOUR);
    world.work().await;
    assert_eq!(world.look_ups(), before, "nobody asks any more");
    assert!(world.sandbox.control().deposit(key.expose()).is_err());
}

#[tokio::test]
async fn a_deposit_of_the_last_minute_still_pays() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    let State::AwaitingDeposit { account, .. } = world.state(&order.id).await else { panic!() };
    let until_due = Duration::from_millis(u64::try_from(account.due_at_ms.unwrap() - world.engine.now_ms()).unwrap());
    world.advance(until_due - Duration::from_secs(30));
    world.sandbox.control().deposit(key.expose()).unwrap();
    world.advance(Duration::from_secs(31));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
}

#[tokio::test]
async fn of_two_servers_on_one_file_each_shows_a_deposit_that_the_other_heard_of() {
    let world = World::start().await;
    let other = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    let (order, key) = world.waiting().await;
    let seen = world.engine.order(&order.id).await.unwrap().unwrap().version;
    let waits = [world.engine.clone(), other.clone()].map(|engine| {
        let id = order.id.clone();
        tokio::spawn(async move { engine.changed(&id, seen, DEADLINE).await.unwrap().unwrap() })
    });
    world.sandbox.control().deposit(key.expose()).unwrap();
    let before = world.look_ups();
    let told = notice(&order, &key, "DONE");
    // Toss tells it twice, and a proxy gives each server one of them.
    other.receive(told.as_bytes(), delivery("whtrans_1")).await.unwrap();
    world.engine.receive(told.as_bytes(), delivery("whtrans_1")).await.unwrap();
    while other.work_once().await.unwrap() + world.engine.work_once().await.unwrap() > 0 {}
    for wait in waits {
        let record = wait.await.unwrap();
        assert!(matches!(record.state, State::Paid { .. }), "{:?}", record.state);
    }
    assert_eq!(world.look_ups(), before + 1);
    other.close(DEADLINE).await;
}

/// Toss takes no deposit any more, and has named a later deadline before. A notice of a cancel says of which order it is.
#[tokio::test]
async fn an_account_that_toss_calls_over_is_over_whatever_makes_somebody_look() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    world.sandbox.control().expire(key.expose()).unwrap();
    let body = format!(r#"{{"eventType":"CANCEL_STATUS_CHANGED","data":{{"orderId":"{}","cancelStatus":"DONE"}}}}"#, order.id);
    let received = world.engine.receive(body.as_bytes(), delivery("whtrans_1")).await.unwrap();
    assert_eq!(received, Received::Kept);
    world.work().await;
    let state = world.state(&order.id).await;
    assert!(matches!(state, State::Expired { reason: Expiry::NoDeposit, .. }), "{state:?}");
}
