//! Things of which there are so many: never oversold, and never given back while a charge is possible.

use crate::toss::Spoiled;
use crate::world::{DEADLINE, TOTAL, World, returned};
use payment_engine::order::State;
use payment_engine::toss_payments::{CancelReason, Won};
use payment_engine::{ConfirmError, NewOrder, Owner, PlaceError, RefundRequest, Sale};
use std::time::Duration;
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};

impl World {
    async fn buy(&self, owner: &str, sku: &str, quantity: u32) -> Result<NewOrder, PlaceError> {
        self.engine.place(Sale::new(Owner::new(owner), "사과", Won::new(TOTAL).unwrap()).reserve(sku, quantity)).await
    }

    async fn taken(&self, sku: &str) -> u32 {
        self.engine.stock().await.unwrap().iter().find(|level| level.sku == sku).map_or(0, |level| level.taken)
    }

    async fn decline_next(&self, order: &NewOrder) {
        let scope = Scope::order(Endpoint::Confirm, order.id.as_str());
        self.sandbox.control().fault(Fault::status_4xx(Code::REJECT_CARD_COMPANY), scope, Times::Once).unwrap();
    }
}

#[tokio::test]
async fn nothing_is_sold_twice_however_many_want_it() {
    let world = World::start().await;
    world.engine.set_stock("apple", Some(10)).await.unwrap();
    let buyers = (0..40).map(|number| {
        let engine = world.engine.clone();
        tokio::spawn(async move {
            engine.place(Sale::new(Owner::new(format!("buyer {number}")), "사과", Won::of(1_000)).reserve("apple", 1)).await
        })
    });
    let mut placed = 0;
    for buyer in buyers.collect::<Vec<_>>() {
        match buyer.await.unwrap() {
            Ok(_) => placed += 1,
            Err(PlaceError::SoldOut(skus)) => assert_eq!(skus, ["apple"]),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((placed, world.taken("apple").await), (10, 10));
    assert!(world.buy("one more", "pear", 1_000).await.is_ok(), "what nobody has counted has no limit");
}

#[tokio::test]
async fn it_is_given_back_by_decline_expiry_replacement_and_full_refund_and_by_nothing_else() {
    let world = World::start().await;
    world.engine.set_stock("apple", Some(1)).await.unwrap();
    let order = world.buy("browser", "apple", 1).await.unwrap();
    assert!(matches!(world.buy("another", "apple", 1).await, Err(PlaceError::SoldOut(_))));
    let order = {
        drop(order);
        world.buy("browser", "apple", 1).await.unwrap()
    };
    assert_eq!(world.taken("apple").await, 1, "a newer order of the same browser takes over");

    world.decline_next(&order).await;
    let key = world.approve(&order);
    world.come_back(&order, &key).await.unwrap();
    assert_eq!(world.taken("apple").await, 0, "declined");
    let key = world.approve(&order);
    world.come_back(&order, &key).await.unwrap();
    assert_eq!(world.taken("apple").await, 1, "paid by another payment");
    let refund = |won| {
        let all = RefundRequest::new(CancelReason::parse("반품").unwrap());
        world.engine.refund(&order.id, if won == 0 { all } else { all.amount(Won::of(won)) }, DEADLINE)
    };
    refund(1_000).await.unwrap();
    assert_eq!(world.taken("apple").await, 1, "a part is no return");
    refund(0).await.unwrap();
    assert_eq!(world.taken("apple").await, 0, "all of it");

    let expiring = world.buy("browser", "apple", 1).await.unwrap();
    world.advance(Duration::from_secs(41 * 60));
    world.work().await;
    assert!(matches!(world.state(&expiring.id).await, State::Expired { .. }));
    assert_eq!(world.taken("apple").await, 0, "expired");
}

#[tokio::test]
async fn it_is_held_while_a_charge_is_possible() {
    let world = World::start().await;
    world.engine.set_stock("apple", Some(1)).await.unwrap();
    let order = world.buy("browser", "apple", 1).await.unwrap();
    let key = world.approve(&order);
    world.spoiler.confirm(&order.id, &[Spoiled::AnswerLost]);
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    world.set_clock(24 * 60 * 60_000);
    world.spoiler.look_up(&[Spoiled::AnswerLost]);
    world.engine.work_once().await.unwrap();
    assert_eq!(world.taken("apple").await, 1, "in doubt, a day after its time");
    world.advance(Duration::from_secs(60));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert_eq!(world.taken("apple").await, 1);
}

#[tokio::test]
async fn who_comes_back_after_a_decline_to_an_empty_shelf_is_not_charged() {
    let world = World::start().await;
    world.engine.set_stock("apple", Some(1)).await.unwrap();
    let order = world.buy("browser", "apple", 1).await.unwrap();
    world.decline_next(&order).await;
    let first = world.approve(&order);
    world.come_back(&order, &first).await.unwrap();
    world.buy("another", "apple", 1).await.unwrap();
    let second = world.approve(&order);
    assert!(matches!(world.come_back(&order, &second).await, Err(ConfirmError::SoldOut(_))));
    assert_eq!((world.balance(&order), world.confirms().len()), (0, 1));
    assert_eq!(world.history(&order.id).await, ["confirm_started", "declined"]);
}

/// What has left the house does not come back because its money does.
#[tokio::test]
async fn goods_that_are_gone_are_not_sold_again_when_their_money_goes_back() {
    let world = World::start().await;
    world.engine.set_stock("apple", Some(1)).await.unwrap();
    let order = world.buy("browser", "apple", 1).await.unwrap();
    let key = world.approve(&order);
    world.come_back(&order, &key).await.unwrap();
    let lost = RefundRequest::new(CancelReason::parse("배송 중 분실").unwrap()).keep_stock();
    world.engine.refund(&order.id, lost, DEADLINE).await.unwrap();
    assert_eq!((world.taken("apple").await, world.balance(&order)), (1, 0));
    assert!(matches!(world.buy("another", "apple", 1).await, Err(PlaceError::SoldOut(_))));
}
