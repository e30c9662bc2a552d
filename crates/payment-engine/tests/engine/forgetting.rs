//! Personal data goes when its time is over; what happened stays.

use crate::world::World;
use payment_engine::order::State;
use payment_engine::toss_payments::Won;
use payment_engine::{Owner, Sale, Settings};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn details_and_bodies_are_forgotten_when_their_time_is_over_and_events_stay() {
    let settings = Settings::default().forget_after(7 * DAY, Some(90 * DAY), 400 * DAY);
    let world = World::start_with(settings).await;
    let sale = |owner: &str| Sale::new(Owner::new(owner), "사과", Won::of(50_000)).details("김토스 01012345678");
    let paid = world.engine.place(sale("one")).await.unwrap();
    let key = world.approve(&paid);
    world.come_back(&paid, &key).await.unwrap();
    let unpaid = world.engine.place(sale("two")).await.unwrap();
    let read = async |id| world.engine.order(id).await.unwrap().unwrap();
    for (days, unpaid_is_kept, paid_is_kept, body_is_kept) in [
        (1, true, true, true),
        (6, true, true, true),
        (9, false, true, true),
        (80, false, true, true),
        (92, false, false, true),
        (402, false, false, false),
    ] {
        let wanted = i64::try_from((DAY * days).as_millis()).unwrap();
        world.set_clock(wanted - (world.engine.now_ms() - paid.placed_at_ms));
        world.work().await;
        let (paid, unpaid) = (read(&paid.id).await, read(&unpaid.id).await);
        assert_eq!(!unpaid.order.details.is_empty(), unpaid_is_kept, "{days}");
        assert_eq!(!paid.order.details.is_empty(), paid_is_kept, "{days}");
        assert_eq!(world.engine.toss_answer(&paid.order.id).await.unwrap().is_some(), body_is_kept, "{days}");
        let events = world.engine.events(&paid.order.id).await.unwrap();
        assert_eq!(events.iter().any(|event| event.toss_answer.is_some()), body_is_kept, "{days}");
        assert_eq!(world.history(&paid.order.id).await, ["confirm_started", "paid"], "{days}");
        assert!(matches!(paid.state, State::Paid { .. }));
        assert_eq!(world.database.archived().await, if days < 30 { 0 } else { 3 }, "{days}");
    }
}

/// What somebody still waits for is not over, whatever its age.
#[tokio::test]
async fn an_order_that_waits_is_not_forgotten() {
    let world = World::start().await;
    let sale = Sale::new(Owner::new("one"), "사과", Won::of(50_000)).details("김토스");
    let order = world.engine.place(sale).await.unwrap();
    let key = world.approve(&order);
    world.spoiler.confirm(&order.id, &[crate::toss::Spoiled::AnswerLost]);
    drop(world.engine.confirm(crate::world::returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    world.spoiler.look_up(&[crate::toss::Spoiled::AnswerLost; 40]);
    for _ in 0..20 {
        world.set_clock(i64::try_from(DAY.as_millis()).unwrap());
        world.engine.work_once().await.unwrap();
    }
    assert_eq!(world.engine.order(&order.id).await.unwrap().unwrap().order.details, "김토스");
}

/// The last thing that happened to it came without a body of Toss's.
#[tokio::test]
async fn who_was_to_pay_into_an_account_is_forgotten_wherever_it_was_written() {
    let settings = Settings::default().forget_after(7 * DAY, Some(90 * DAY), 30 * DAY);
    let world = World::start_with(settings).await;
    let sale = Sale::new(Owner::new("one"), "사과", Won::of(50_000)).details("김토스 01012345678");
    let order = world.engine.place(sale).await.unwrap();
    let key = world.approve_account(&order);
    let record = world.come_back(&order, &key).await.unwrap();
    let State::AwaitingDeposit { account, .. } = record.state else { panic!("{:?}", record.state) };
    let (number, secret) = (account.account_number.unwrap(), account.secret.unwrap());
    for days in [8, 25, 20, 1] {
        world.set_clock(i64::try_from((DAY * days).as_millis()).unwrap());
        world.work().await;
    }
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert!(world.engine.toss_answer(&order.id).await.unwrap().is_none() && record.order.details.is_empty(), "{record:?}");
    assert_eq!(world.history(&order.id).await, ["confirm_started", "awaiting_deposit", "no_deposit"]);
    world.engine.close(crate::world::DEADLINE).await;
    for needle in [number.as_str(), secret.as_str(), "01012345678"] {
        assert!(!world.database.holds(needle).await, "{needle}");
    }
}
