//! Refunds that are asked for twice, and money that takes days.

use crate::refunds::{account, all, is_done, part};
use crate::world::{DEADLINE, World};
use payment_engine::RefundError;
use payment_engine::order::{State, Transfer};
use payment_engine::toss_payments::payment::RefundStatus;
use payment_engine::toss_payments::{CancelRequestId, Won};
use std::time::Duration;

/// Toss cancels at once; the bank takes days, and may send the money back.
#[tokio::test]
async fn a_transfer_to_a_payer_is_followed_until_it_has_arrived_or_failed() {
    for (end, failed) in [(RefundStatus::Completed, false), (RefundStatus::Failed, true)] {
        let world = World::start().await;
        let (order, key) = world.waiting().await;
        world.sandbox.control().deposit(key.expose()).unwrap();
        world.advance(Duration::from_secs(601));
        world.work().await;
        world.spoiler.transfer(RefundStatus::Pending);
        assert!(is_done(&world.refund(&order.id, all().account(account())).await.unwrap()));
        world.work().await;
        let before = world.look_ups();
        world.advance(Duration::from_secs(11 * 3_600));
        world.work().await;
        let looked = world.look_ups();
        assert!(looked <= before + 1, "the hold is over by then, and no more");
        world.advance(Duration::from_secs(13 * 3_600));
        world.work().await;
        assert!(world.look_ups() > looked, "a look twice a day");
        world.spoiler.transfer(end.clone());
        world.advance(Duration::from_secs(13 * 3_600));
        world.work().await;
        let record = world.engine.order(&order.id).await.unwrap().unwrap();
        let State::Paid { deposit: Some(deposit), .. } = &record.state else { panic!("{:?}", record.state) };
        assert_eq!(deposit.account.transfer.map(Transfer::has_failed), Some(failed), "{end:?}");
        let looked = world.look_ups();
        world.advance(Duration::from_secs(72 * 3_600));
        world.work().await;
        assert_eq!(world.look_ups(), looked, "and then nobody looks any more");
    }
}

#[tokio::test]
async fn asked_for_twice_under_one_id_it_happens_once() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    let named = |won| part(won).id(CancelRequestId::parse("return-17").unwrap());
    let first = world.refund(&order.id, named(10_000)).await.unwrap();
    assert_eq!((first.id.as_str(), is_done(&first)), ("return-17", true));
    assert_eq!(world.refund(&order.id, named(10_000)).await.unwrap(), first);
    assert!(
        matches!(world.refund(&order.id, named(10_001)).await, Err(RefundError::OtherAmount(known)) if known == Won::of(10_000).into())
    );
    assert_eq!((world.cancels().len(), world.balance(&order)), (1, 40_000));
    let (order, _) = world.paid().await;
    let at_once = (0..20).map(|_| {
        let (engine, id, request) = (world.engine.clone(), order.id.clone(), named(10_000));
        tokio::spawn(async move { engine.refund(&id, request, DEADLINE).await })
    });
    for asked in at_once.collect::<Vec<_>>() {
        match asked.await.unwrap() {
            Ok(refund) => assert_eq!(refund.id, first.id),
            Err(error) => assert!(matches!(error, RefundError::UnderWay(_)), "{error}"),
        }
    }
    assert_eq!((world.cancels().len(), world.balance(&order)), (2, 40_000));
}

#[tokio::test]
async fn whoever_says_what_is_left_does_not_refund_twice() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    let seen = || part(10_000).left(Won::of(50_000));
    assert!(is_done(&world.refund(&order.id, seen()).await.unwrap()));
    assert!(matches!(world.refund(&order.id, seen()).await, Err(RefundError::OtherLeft(left)) if left == Won::of(40_000).into()));
    assert_eq!(world.cancels().len(), 1);
}
