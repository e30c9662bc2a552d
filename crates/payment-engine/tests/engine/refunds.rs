//! Money that goes back: never more than was paid, never twice, and never taken for lost.

use crate::toss::Spoiled;
use crate::world::{DEADLINE, TOTAL, World};
use payment_engine::gateway::Gateway as _;
use payment_engine::order::{Attempt, Origin, Progress, Refund, State};
use payment_engine::toss_payments::webhook::Delivery;
use payment_engine::toss_payments::{AccountNumber, Amount, Bank, CancelReason, Currency, HolderName, Money, RefundReceiveAccount, Won};
use payment_engine::{NewOrder, RefundError, RefundRequest};
use std::time::Duration;
use toss_sandbox::{Code, Endpoint, Fault, OperatorRefund, Scope, Times};
use toss_types::{IdempotencyKey, OrderId, PaymentKey};

fn reason() -> CancelReason {
    CancelReason::parse("단순 변심").unwrap()
}

pub fn all() -> RefundRequest {
    RefundRequest::new(reason())
}

pub fn part(won: u32) -> RefundRequest {
    all().amount(Won::of(won))
}

pub fn account() -> RefundReceiveAccount {
    RefundReceiveAccount::new(Bank::Shinhan, AccountNumber::parse("11012345678").unwrap(), HolderName::parse("김토스").unwrap())
}

impl World {
    pub async fn refund(&self, id: &OrderId, request: RefundRequest) -> Result<Refund, RefundError> {
        self.engine.refund(id, request, DEADLINE).await
    }

    async fn standing(&self, id: &OrderId) -> &'static str {
        self.engine.order(id).await.unwrap().unwrap().standing()
    }
}

pub fn is_done(refund: &Refund) -> bool {
    matches!(refund.progress, Progress::Done { .. })
}

#[tokio::test]
async fn in_parts_and_whole_and_never_more_than_was_paid() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    assert!(is_done(&world.refund(&order.id, part(20_000)).await.unwrap()));
    assert_eq!((world.balance(&order), world.standing(&order.id).await), (30_000, "partly_refunded"));
    assert!(matches!(world.refund(&order.id, part(30_001)).await, Err(RefundError::TooMuch(left)) if left == Won::of(30_000).into()));
    assert!(is_done(&world.refund(&order.id, all()).await.unwrap()), "all that is left");
    assert_eq!((world.balance(&order), world.standing(&order.id).await), (0, "refunded"));
    assert!(matches!(world.refund(&order.id, all()).await, Err(RefundError::NothingLeft)));
    assert_eq!(world.cancels().len(), 2);
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert!(record.refunds.iter().all(|refund| refund.origin == Origin::Shop && refund.reason == "단순 변심"));
    assert_eq!(world.history(&order.id).await[2..], ["refund_started", "cancels_seen", "refund_started", "cancels_seen"]);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_not() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    let dollars = Money::new(Amount::parse("1").unwrap(), Currency::Usd).unwrap();
    let unpaid = world.order().await;
    assert!(matches!(world.refund(&order.id, part(0)).await, Err(RefundError::Zero)));
    assert!(matches!(world.refund(&order.id, all().amount(dollars)).await, Err(RefundError::OtherCurrency { .. })));
    assert!(matches!(world.refund(&order.id, part(10).tax_free(Won::of(11))).await, Err(RefundError::TaxFree)));
    assert!(matches!(world.refund(&order.id, all().account(account())).await, Err(RefundError::AccountNotWanted)));
    assert!(matches!(world.refund(&unpaid.id, all()).await, Err(RefundError::NothingPaid("open"))));
    assert!(matches!(world.refund(&OrderId::parse("no-such-order").unwrap(), all()).await, Err(RefundError::NoSuchOrder)));
    assert_eq!((world.cancels().len(), world.balance(&order)), (0, TOTAL));
    assert_eq!(world.history(&order.id).await, ["confirm_started", "paid"], "and nothing is written");
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_not_sent_twice() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    world.spoiler.cancel(&[Spoiled::AnswerLost]);
    let refund = world.refund(&order.id, part(20_000)).await.unwrap();
    assert!(is_done(&refund), "{refund:?}");
    assert_eq!((world.cancels().len(), world.balance(&order)), (1, 30_000));
}

/// The process ends between the cancel and its answer.
#[tokio::test]
async fn a_refund_that_was_cut_off_is_found_out_by_the_next_server() {
    let world = World::start().await;
    for (spoiled, happened) in [(Spoiled::AnswerLost, true), (Spoiled::NotSent, false)] {
        let (order, _) = world.paid().await;
        world.spoiler.cancel(&[spoiled]);
        let before = world.cancels().len();
        world.clock.nobody_wakes();
        let refunding = tokio::spawn({
            let (engine, id) = (world.engine.clone(), order.id.clone());
            async move { engine.refund(&id, part(20_000), DEADLINE).await }
        });
        world
            .until(&order.id, |record| matches!(record.refunds.under_way().map(|refund| &refund.progress), Some(Progress::InDoubt { .. })))
            .await;
        refunding.abort();
        world.clock.wakes_again();
        let next = world.restart_with(world.sandbox.secret_key()).await.unwrap();
        world.set_clock(3_000);
        while next.work_once().await.unwrap() > 0 {}
        let record = next.order(&order.id).await.unwrap().unwrap();
        assert!(record.refunds.iter().all(is_done), "{:?}", record.refunds);
        assert_eq!(world.balance(&order), 30_000);
        assert_eq!(world.cancels().len() - before, 1, "happened before: {happened}");
        next.close(DEADLINE).await;
    }
}

#[tokio::test]
async fn every_fault_of_a_cancel_ends_with_the_money_given_back_once_or_not_at_all() {
    let world = World::start().await;
    let faults = [
        (Fault::ErrorBefore, true),
        (Fault::ErrorAfter, true),
        (Fault::ResetBefore, true),
        (Fault::ResetAfter, true),
        (Fault::Garbage200, true),
        (Fault::Html500, true),
        (Fault::TruncatedBody, true),
        (Fault::TooManyRequests, true),
        (Fault::InProgressConflict, true),
        (Fault::WrongAmount, true),
        (Fault::WrongOrderId, true),
        (Fault::UnknownStatus, true),
        (Fault::ExtraFields, true),
        (Fault::status_4xx(Code::REFUND_REJECTED), false),
        (Fault::status_4xx(Code::NOT_CANCELABLE_PAYMENT), false),
        (Fault::status_4xx(Code::UNAUTHORIZED_KEY), false),
        (Fault::status_4xx(Code::INVALID_REQUEST), false),
        (Fault::status_4xx(Code::PROVIDER_ERROR), false),
    ];
    for (fault, happens) in faults {
        let (order, _) = world.paid().await;
        let name = format!("{fault:?}");
        world.sandbox.control().fault(fault, Scope::order(Endpoint::Cancel, order.id.as_str()), Times::Once).unwrap();
        let asked = world.refund(&order.id, part(20_000)).await.unwrap();
        // What nobody knows is looked up until it is known. A refusal that is bound to the key stays one.
        for _ in 0..30 {
            if world.engine.order(&order.id).await.unwrap().unwrap().refunds.under_way().is_none() {
                break;
            }
            world.advance(Duration::from_secs(20));
            world.work().await;
        }
        let record = world.engine.order(&order.id).await.unwrap().unwrap();
        let refund = record.refunds.get(&asked.id).unwrap();
        let given_back = TOTAL - world.balance(&order);
        let (told, refused) = (record.balance().refunded, matches!(refund.progress, Progress::Refused(_)));
        assert_eq!(told, Won::new(given_back).unwrap().into(), "{name}: {refund:?}");
        assert!(given_back == 20_000 || given_back == 0 && refused, "{name}: {refund:?}");
        assert_eq!(given_back == 20_000, happens, "{name}: {refund:?}");
        // And whatever came of it, the rest can be given back.
        let rest = world.refund(&order.id, all()).await.unwrap();
        assert!(is_done(&rest) && world.balance(&order) == 0, "{name}: {rest:?}");
    }
}

#[tokio::test]
async fn many_at_once_never_exceed_what_was_paid() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    let refunds = (0..40).map(|_| {
        let (engine, id) = (world.engine.clone(), order.id.clone());
        tokio::spawn(async move { engine.refund(&id, part(10_000), DEADLINE).await })
    });
    let mut done = 0;
    for refund in refunds.collect::<Vec<_>>() {
        match refund.await.unwrap() {
            Ok(refund) => done += i64::from(is_done(&refund)),
            Err(RefundError::UnderWay(_) | RefundError::NothingLeft | RefundError::Slow | RefundError::Disagreement { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert!((1..=5).contains(&done), "{done}");
    assert_eq!(world.balance(&order), TOTAL - done * 10_000);
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert_eq!(record.balance().refunded, Won::new(done * 10_000).unwrap().into());
}

#[tokio::test]
async fn a_refund_in_the_console_is_learnt_before_another_is_made() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    let control = world.sandbox.control();
    control.refund(key.expose(), OperatorRefund::part(15_000).because("콘솔에서")).unwrap();
    assert!(matches!(world.refund(&order.id, part(40_000)).await, Err(RefundError::TooMuch(left)) if left == Won::of(35_000).into()));
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    let seen = record.refunds.iter().next().unwrap();
    assert_eq!((seen.origin, seen.reason.as_str(), is_done(seen)), (Origin::Toss, "콘솔에서", true));
    assert!(is_done(&world.refund(&order.id, all()).await.unwrap()));
    assert_eq!((world.balance(&order), world.cancels().len()), (0, 1));
    assert_eq!(world.engine.order(&order.id).await.unwrap().unwrap().refunds.iter().count(), 2, "each is there once");
}

/// The console is faster than our call: the balance is not the one that it was sent with.
#[tokio::test]
async fn of_two_refunds_from_one_balance_one_happens() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    world.spoiler.before_cancel({
        let control = world.sandbox.control().clone();
        move || control.refund(key.expose(), OperatorRefund::part(50_000)).unwrap()
    });
    let refund = world.refund(&order.id, all()).await.unwrap();
    assert!(!is_done(&refund) || world.cancels().iter().all(|cancel| cancel.status != Some(200)), "{refund:?}");
    assert_eq!((world.balance(&order), world.standing(&order.id).await), (0, "refunded"));
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert_eq!(record.balance().refunded, Won::new(TOTAL).unwrap().into(), "{:?}", record.refunds);
}

#[tokio::test]
async fn a_deposit_goes_back_to_an_account_that_nobody_keeps() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    world.sandbox.control().deposit(key.expose()).unwrap();
    world.advance(Duration::from_secs(601));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::Paid { deposit: Some(_), .. }));
    assert!(matches!(world.refund(&order.id, all()).await, Err(RefundError::AccountMissing)));
    world.spoiler.cancel(&[Spoiled::NotSent, Spoiled::AnswerLost]);
    let refund = world.refund(&order.id, part(20_000).account(account())).await.unwrap();
    assert!(is_done(&refund), "repeated here, where the account is known: {refund:?}");
    assert_eq!((world.balance(&order), world.cancels().len()), (30_000, 1));
    world.engine.close(DEADLINE).await;
    let (has_refund, has_account) = (world.database.holds("refund-").await, world.database.holds("11012345678").await);
    assert!(has_refund && !has_account, "the account that it went to is nowhere");
}

#[tokio::test]
async fn a_refund_to_an_account_that_was_cut_off_has_to_be_asked_for_anew() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    world.sandbox.control().deposit(key.expose()).unwrap();
    world.advance(Duration::from_secs(601));
    world.work().await;
    world.spoiler.cancel(&[Spoiled::NotSent; 3]);
    let refund = world.refund(&order.id, all().account(account())).await.unwrap();
    assert!(matches!(refund.progress, Progress::InDoubt { .. }));
    assert!(matches!(world.refund(&order.id, all().account(account())).await, Err(RefundError::UnderWay(_))));
    for _ in 0..12 {
        world.advance(Duration::from_secs(60));
        world.work().await;
    }
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    let cut_off = record.refunds.get(&refund.id).unwrap();
    assert!(matches!(&cut_off.progress, Progress::Refused(decline) if decline.code == "REFUND_CUT_OFF"), "{cut_off:?}");
    assert_eq!(world.cancels().len(), 0);
    assert!(is_done(&world.refund(&order.id, all().account(account())).await.unwrap()));
    assert_eq!(world.balance(&order), 0);
}

#[tokio::test]
async fn an_account_that_nobody_has_paid_into_is_taken_back_whole() {
    let world = World::start().await;
    let (order, _) = world.waiting().await;
    assert!(matches!(world.refund(&order.id, part(1_000)).await, Err(RefundError::PartOfNothing)));
    assert!(matches!(world.refund(&order.id, all().account(account())).await, Err(RefundError::AccountNotWanted)));
    let refund = world.refund(&order.id, all()).await.unwrap();
    assert!(is_done(&refund) && refund.is_void, "{refund:?}");
    assert_eq!((world.standing(&order.id).await, world.balance(&order)), ("canceled", 0));
    assert_eq!(world.engine.order(&order.id).await.unwrap().unwrap().balance().refunded, Won::of(0).into());
}

/// Somebody has confirmed a payment besides the shop.
async fn confirm_by_hand(world: &World, order: &NewOrder, key: &PaymentKey) {
    let idempotency_key = IdempotencyKey::parse("confirm-by-hand").unwrap();
    let attempt = Attempt::new(key.clone(), idempotency_key, Won::new(TOTAL).unwrap(), 0);
    world.gateway().confirm(&order.id, &attempt).await.unwrap();
}

async fn tell(world: &World, order: &NewOrder, key: &PaymentKey, times: u32) {
    let (key, id) = (key.expose(), &order.id);
    for time in 0..times {
        let body = format!(
            r#"{{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-08-01T12:00:00.{time}","data":{{"paymentKey":"{key}","orderId":"{id}","status":"DONE"}}}}"#
        );
        world.engine.receive(body.as_bytes(), Delivery::default()).await.unwrap();
        world.work().await;
        world.advance(Duration::from_secs(5));
    }
}

#[tokio::test]
async fn a_charge_for_an_order_that_is_over_goes_back_at_once() {
    let world = World::start().await;
    let order = world.order_of("browser").await;
    let key = world.approve(&order);
    world.order_of("browser").await;
    confirm_by_hand(&world, &order, &key).await;
    assert_eq!(world.balance(&order), TOTAL);
    tell(&world, &order, &key, 3).await;
    assert_eq!((world.balance(&order), world.cancels().len()), (0, 1), "once, however often it is told");
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    let back = record.refunds.iter().next().unwrap();
    assert_eq!((back.origin, is_done(back), &back.payment_key), (Origin::Duplicate, true, &key));
    assert_eq!((record.standing(), record.balance().refunded), ("expired", Won::of(0).into()));
}

#[tokio::test]
async fn a_charge_that_the_shop_has_not_made_pays_an_order_that_waits_for_one() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    confirm_by_hand(&world, &order, &key).await;
    tell(&world, &order, &key, 2).await;
    assert_eq!((world.standing(&order.id).await, world.balance(&order), world.cancels().len()), ("paid", TOTAL, 0));
    world.come_back(&order, &key).await.unwrap();
    assert_eq!(world.history(&order.id).await, ["confirm_started", "paid"]);
}

/// Toss said that it was declined, and later that it is charged.
#[tokio::test]
async fn a_payment_that_was_taken_for_declined_pays_when_it_turns_out_to_be_charged() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    let scope = Scope::order(Endpoint::Confirm, order.id.as_str());
    world.sandbox.control().fault(Fault::status_4xx(Code::REJECT_CARD_COMPANY), scope, Times::Once).unwrap();
    world.come_back(&order, &key).await.unwrap();
    assert_eq!(world.standing(&order.id).await, "declined");
    confirm_by_hand(&world, &order, &key).await;
    tell(&world, &order, &key, 2).await;
    assert_eq!((world.standing(&order.id).await, world.balance(&order)), ("paid", TOTAL));
}
