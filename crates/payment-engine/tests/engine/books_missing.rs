//! The books the other way round: what the orders say and Toss does not list. And that a healthy shop is left in peace.

use crate::books::{HOUR, MINUTES};
use crate::world::{DEADLINE, World};
use payment_engine::RefundRequest;
use payment_engine::order::{Cancel, CancelStanding, Event, State};
use payment_engine::store::{FindingKind, Note, Store as _};
use payment_engine::toss_payments::{AccountNumber, Bank, CancelReason, HolderName, RefundReceiveAccount};
use toss_sandbox::{NewPayment, OperatorRefund};
use toss_types::{PaymentKey, Won};

fn refund() -> RefundRequest {
    RefundRequest::new(CancelReason::parse("단순 변심").unwrap())
}

#[tokio::test]
async fn a_refund_that_toss_does_not_have_is_told() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    let cancel = Cancel::new(Some("never-made".to_owned()), Won::of(10_000).into(), CancelStanding::Done);
    let event = Event::CancelsSeen { payment_key: key.clone(), cancels: vec![cancel] };
    world.store().await.apply(&order.id, &event, &Note::at(world.engine.now_ms())).await.unwrap();
    world.books().await;
    assert_eq!(world.open_findings().await, [], "it may still be listed");
    world.advance(HOUR);
    let report = world.books().await;
    assert_eq!((report.mended, report.found), (0, 1));
    let finding = world.findings().await.remove(0);
    assert_eq!((finding.kind, finding.amount), (FindingKind::MissingRefund, Some(Won::of(10_000).into())));
    world.advance(HOUR);
    assert_eq!((world.books().await.found, world.findings().await.len()), (0, 1));
}

#[tokio::test]
async fn a_charge_that_toss_does_not_have_is_told() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    world.paid().await;
    world.sandbox.control().reset_order(order.id.as_str());
    world.advance(HOUR);
    let report = world.books().await;
    assert_eq!((report.mended, report.found), (0, 1));
    let finding = world.findings().await.remove(0);
    assert_eq!((finding.kind, finding.order_id), (FindingKind::MissingCharge, Some(order.id.clone())));
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }), "and is for a person to judge");
}

#[tokio::test]
async fn what_is_listed_late_is_no_finding_and_what_is_not_listed_for_a_day_is() {
    let world = World::start().await;
    let (_, late) = world.paid().await;
    world.spoiler.hide(&late);
    for _ in 0..4 {
        world.advance(HOUR);
        assert_eq!(world.books().await.found, 0);
    }
    world.spoiler.list_all();
    let (never, key) = world.paid().await;
    world.spoiler.hide(&key);
    for _ in 0..22 {
        world.advance(HOUR);
        assert_eq!(world.books().await.found, 0, "{:?}", world.findings().await);
    }
    world.advance(HOUR * 2);
    assert_eq!(world.books().await.found, 1);
    let finding = world.findings().await.remove(0);
    assert_eq!((finding.kind, finding.order_id), (FindingKind::NotListed, Some(never.id)));
}

/// Everything that a shop does, for more than a day, with the books between all of it.
#[tokio::test]
async fn a_healthy_shop_is_left_in_peace() {
    let world = World::start().await;
    let control = world.sandbox.control();
    let account =
        RefundReceiveAccount::new(Bank::Shinhan, AccountNumber::parse("11012345678").unwrap(), HolderName::parse("김토스").unwrap());
    let mut look_ups = 0;
    for round in 0..3 {
        world.paid().await;
        let (partly, _) = world.paid().await;
        let (wholly, _) = world.paid().await;
        world.engine.refund(&partly.id, refund().amount(Won::of(10_000)), DEADLINE).await.unwrap();
        world.engine.refund(&partly.id, refund().amount(Won::of(10_000)), DEADLINE).await.unwrap();
        world.engine.refund(&wholly.id, refund(), DEADLINE).await.unwrap();
        let declined = world.order().await;
        let payment = NewPayment::new(declined.id.as_str(), "사과", 50_000);
        let payment = NewPayment { decline_at_confirm: Some("REJECT_CARD_COMPANY".to_owned()), ..payment };
        let key = PaymentKey::parse(&control.authenticate(payment).unwrap().payment_key).unwrap();
        world.come_back(&declined, &key).await.unwrap();
        world.order().await;
        let (deposited, paid_in) = world.waiting().await;
        let (_, taken_back) = world.waiting().await;
        let (voided, _) = world.waiting().await;
        world.waiting().await;
        control.deposit(paid_in.expose()).unwrap();
        control.deposit(taken_back.expose()).unwrap();
        world.engine.refund(&voided.id, refund(), DEADLINE).await.unwrap();
        world.advance(2 * MINUTES);
        world.work().await;
        control.reverse_deposit(taken_back.expose()).unwrap();
        world.advance(MINUTES);
        world.work().await;
        if round == 1 {
            world.engine.refund(&deposited.id, refund().account(account.clone()), DEADLINE).await.unwrap();
        }
        for _ in 0..10 {
            world.advance(HOUR);
            world.work().await;
            let report = world.books().await;
            assert_eq!((report.mended, report.found, report.foreign), (0, 0, 0), "{:?}", world.findings().await);
            look_ups += report.look_ups;
        }
    }
    assert!(look_ups <= 3, "only the deposits that were taken back are asked about: {look_ups}");
    assert!(world.findings().await.is_empty());
    // And it is not blind.
    let (_, key) = world.paid().await;
    control.refund(key.expose(), OperatorRefund::default()).unwrap();
    assert_eq!(world.books().await.mended, 1);
}
