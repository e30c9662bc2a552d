//! What nobody knows: it is looked up, repeated, or waited for, and never made up.

use crate::toss::Spoiled;
use crate::world::{DEADLINE, World, returned};
use payment_engine::ConfirmError;
use payment_engine::order::{LEASE_MS, State};
use std::time::Duration;
use toss_sandbox::{Code, Endpoint, Fault, Scope, Times};
use toss_types::PaymentKey;

#[tokio::test]
async fn a_request_that_never_left_is_made_again_and_is_no_doubt() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    world.spoiler.confirm(&order.id, &[Spoiled::NotSent, Spoiled::NotSent]);
    let record = world.come_back(&order, &key).await.unwrap();
    assert!(matches!(record.state, State::Paid { .. }), "{:?}", record.state);
    assert_eq!(world.history(&order.id).await, ["confirm_started", "paid"]);
    assert_eq!(world.confirms().len(), 1);
}

#[tokio::test]
async fn a_passing_refusal_gets_a_new_key_as_soon_as_a_look_up_shows_no_charge() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    let refused = Fault::status_4xx(Code::PROVIDER_ERROR);
    world.sandbox.control().fault(refused, Scope::order(Endpoint::Confirm, order.id.as_str()), Times::Once).unwrap();
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    world.engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }), "at once, not after ten minutes");
    assert_eq!(world.history(&order.id).await, ["confirm_started", "unknown", "key_renewed", "paid"]);
    let keys: Vec<_> = world.confirms().into_iter().map(|confirm| confirm.idempotency_key.unwrap()).collect();
    assert!(keys.len() == 2 && keys[0] != keys[1], "the first key would be answered with the same refusal for 15 days");
    assert_eq!(world.charged(&order), [50_000]);
}

#[tokio::test]
async fn a_refusal_that_does_not_pass_is_the_answer_once_nothing_was_charged() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    let refused = Fault::status_4xx(Code::PROVIDER_ERROR);
    world.sandbox.control().fault(refused, Scope::order(Endpoint::Confirm, order.id.as_str()), Times::Always).unwrap();
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    let mut rounds = 0;
    while world.state(&order.id).await.undecided().is_some() {
        world.engine.work_once().await.unwrap();
        world.set_clock(1_000);
        rounds += 1;
    }
    let state = world.state(&order.id).await;
    assert!(matches!(&state, State::Declined { decline, .. } if decline.code == "PROVIDER_ERROR"), "{state:?}");
    assert_eq!((world.confirms().len(), world.charged(&order)), (4, vec![]), "one try and three more");
    assert!((4..=12).contains(&rounds), "each after a longer pause, within seconds: {rounds}");
    world.sandbox.control().clear_faults();
    let another = world.approve(&order);
    world.come_back(&order, &another).await.unwrap();
    assert_eq!(world.charged(&order), [50_000], "another payment pays");
}

/// Words about keys and requests never decide; the end of the session does.
#[tokio::test]
async fn a_refusal_of_our_key_is_never_a_decline() {
    let world = World::start().await;
    for code in [Code::UNAUTHORIZED_KEY, Code::INVALID_REQUEST] {
        let order = world.order().await;
        let key = world.approve(&order);
        world.sandbox.control().fault(Fault::status_4xx(code), Scope::order(Endpoint::Confirm, order.id.as_str()), Times::Always).unwrap();
        drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
        world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
        for _ in 0..40 {
            world.engine.work_once().await.unwrap();
            world.set_clock(10_000);
            assert!(world.state(&order.id).await.undecided().is_some(), "{code:?}");
        }
        world.advance(Duration::from_secs(11 * 60));
        world.engine.work_once().await.unwrap();
        let state = world.state(&order.id).await;
        assert!(matches!(&state, State::Declined { decline, .. } if decline.code.contains("EXPIRED")), "{code:?} {state:?}");
        assert_eq!(world.charged(&order), [] as [i64; 0]);
    }
}

#[tokio::test]
async fn a_second_payment_waits_and_is_confirmed_where_the_first_is_declined() {
    let world = World::start().await;
    let order = world.order().await;
    let made_up = PaymentKey::parse("tgen_20261126000000ABCDE").unwrap();
    drop(world.engine.confirm(returned(&order, &made_up), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    let second = world.approve(&order);
    drop(world.engine.confirm(returned(&order, &second), Duration::ZERO).await);
    world.until(&order.id, |record| record.state.next().is_some()).await;
    assert_eq!(world.charged(&order), [] as [i64; 0], "it waits");

    world.engine.work_once().await.unwrap();
    let state = world.state(&order.id).await;
    assert!(matches!(&state, State::Paid { attempt, .. } if attempt.payment_key == second), "{state:?}");
    assert_eq!(world.charged(&order), [50_000]);
    assert_eq!(world.history(&order.id).await, ["confirm_started", "unknown", "another_returned", "declined", "paid"]);
}

#[tokio::test]
async fn a_second_payment_costs_nothing_where_the_first_was_charged() {
    let world = World::start().await;
    // Three windows were open, and the shopper has approved in each.
    let order = world.order().await;
    let (first, second, third) = (world.approve(&order), world.approve(&order), world.approve(&order));
    world.spoiler.confirm(&order.id, &[Spoiled::AnswerLost]);
    drop(world.engine.confirm(returned(&order, &first), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    drop(world.engine.confirm(returned(&order, &second), Duration::ZERO).await);
    world.until(&order.id, |record| record.state.next().is_some()).await;
    let refused = world.engine.confirm(returned(&order, &third), DEADLINE).await;
    assert!(matches!(refused, Err(ConfirmError::PaidOtherwise(_))), "one may wait and no more: {refused:?}");
    world.engine.work_once().await.unwrap();
    let state = world.state(&order.id).await;
    assert!(matches!(&state, State::Paid { attempt, .. } if attempt.payment_key == first), "{state:?}");
    let again = world.come_back(&order, &second).await;
    assert!(matches!(again, Err(ConfirmError::PaidOtherwise(_))), "{again:?}");
    assert_eq!((world.charged(&order), world.confirms().len()), (vec![50_000], 1));
}

/// The server dies while its call is under way. The next one does not wait for a lease that nobody holds.
#[tokio::test]
async fn what_a_dead_server_had_under_way_is_looked_at_by_the_next_one_at_once() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    world.sandbox.control().fault(Fault::TimeoutAfter, Scope::order(Endpoint::Confirm, order.id.as_str()), Times::Once).unwrap();
    // What this server would still do with the answer does not come to pass before the next one has looked.
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.sandbox.control().wait_for(|view| view.hung() == 1, DEADLINE).await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Confirming { .. }));
    assert_eq!(world.engine.work_once().await.unwrap(), 0, "the lease of a server that lives");

    let next = world.restart_with(world.sandbox.secret_key()).await.unwrap();
    assert_eq!(next.work_once().await.unwrap(), 1);
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert_eq!(world.charged(&order), [50_000]);
    assert_eq!(world.history(&order.id).await, ["confirm_started", "paid"]);
}

#[tokio::test]
async fn a_clock_that_is_set_back_delays_no_look() {
    let world = World::start().await;
    world.set_clock(30 * 24 * 3_600_000);
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.spoiler.look_up(&[Spoiled::AnswerLost]);
    world.engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::InDoubt { .. }));
    world.set_clock(-30 * 24 * 3_600_000);
    assert_eq!(world.engine.work_once().await.unwrap(), 1);
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
}

/// The store is slow: the shopper's patience bounds the wait for the claim, too, and the order says that it is being checked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_takes_long_is_not_waited_for_and_goes_on() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    let lock = world.database.lock().await;
    let slow = world.engine.confirm(returned(&order, &key), Duration::from_millis(50)).await;
    assert!(matches!(slow, Err(ConfirmError::Slow)), "{slow:?}");
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert_eq!(record.state, State::Open, "nothing is stored so far");
    assert!(world.engine.is_undecided(&record), "and yet it is not called unpaid");
    drop(lock);
    let decided = world.engine.decided(&order.id, DEADLINE).await.unwrap().unwrap();
    assert!(matches!(decided.state, State::Paid { .. }), "{:?}", decided.state);
    assert_eq!(world.charged(&order), [50_000]);
}

#[tokio::test]
async fn an_order_whose_time_runs_out_while_its_confirm_is_under_way_ends_paid() {
    let world = World::start().await;
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.advance(Duration::from_secs(41 * 60));
    world.engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    const { assert!(LEASE_MS < 41 * 60_000) };
}

/// Too many calls, or too fast: the call may be under way, and its key is not used up. A new one each time would end in a decline
/// of what the first one charges.
#[tokio::test]
async fn a_refusal_for_haste_gets_no_new_key_and_is_never_a_decline() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    let haste = Fault::status_4xx(Code::FORBIDDEN_CONSECUTIVE_REQUEST);
    world.sandbox.control().fault(haste, Scope::order(Endpoint::Confirm, order.id.as_str()), Times::Always).unwrap();
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    for _ in 0..20 {
        world.engine.work_once().await.unwrap();
        world.set_clock(10_000);
        assert!(world.state(&order.id).await.undecided().is_some());
    }
    let keys: std::collections::BTreeSet<_> = world.confirms().into_iter().map(|confirm| confirm.idempotency_key).collect();
    assert_eq!(keys.len(), 1);
}

/// Two windows are approved, and both come back at once. Neither is forgotten, and one pays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_payments_that_come_back_at_once_the_second_waits() {
    let world = World::start().await;
    for _ in 0..10 {
        let order = world.order().await;
        let (first, second) = (world.approve(&order), world.approve(&order));
        world
            .sandbox
            .control()
            .fault(Fault::decline(Code::REJECT_CARD_PAYMENT), Scope::order(Endpoint::Confirm, order.id.as_str()), Times::Once)
            .unwrap();
        // Both read the order as open before either can write.
        let lock = world.database.lock().await;
        let both = [&first, &second].map(|key| {
            let (engine, returned) = (world.engine.clone(), returned(&order, key));
            tokio::spawn(async move { engine.confirm(returned, DEADLINE).await })
        });
        world.until(&order.id, |record| world.engine.is_undecided(record)).await;
        drop(lock);
        let mut paid = 0;
        for answer in both {
            let answer = answer.await.unwrap();
            paid += usize::from(answer.as_ref().is_ok_and(|record| matches!(record.state, State::Paid { .. })));
        }
        assert!(matches!(world.state(&order.id).await, State::Paid { .. }), "{:?}", world.history(&order.id).await);
        assert_eq!((world.charged(&order), paid), (vec![50_000], 1), "and only who brought the payment is told that it paid");
    }
}

/// Who brings another payment meanwhile learns nothing of the one that pays.
#[tokio::test]
async fn an_outcome_is_the_answer_to_the_payment_that_has_it() {
    let world = World::start().await;
    let (order, first) = world.in_doubt(Spoiled::AnswerLost).await;
    let made_up = PaymentKey::parse("tgen_20261126000000ABCDE").unwrap();
    let stranger = tokio::spawn({
        let (engine, returned) = (world.engine.clone(), returned(&order, &made_up));
        async move { engine.confirm(returned, DEADLINE).await }
    });
    world.until(&order.id, |record| record.state.next().is_some()).await;
    world.engine.work_once().await.unwrap();
    let answer = stranger.await.unwrap();
    assert!(matches!(answer, Err(ConfirmError::PaidOtherwise(_))), "{answer:?}");
    assert!(matches!(world.come_back(&order, &first).await.unwrap().state, State::Paid { .. }));
}

/// It came back in time and had to wait for its turn; neither `step` nor the lane of expiry cuts it off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_came_back_in_time_may_wait_for_its_turn() {
    let settings = payment_engine::Settings::default().confirms(1, 1_024);
    let world = World::start_with(settings).await;
    let control = world.sandbox.control();
    let (busy, order) = (world.order().await, world.order().await);
    control.fault(Fault::TimeoutBefore, Scope::order(Endpoint::Confirm, busy.id.as_str()), Times::Once).unwrap();
    drop(world.engine.confirm(returned(&busy, &world.approve(&busy)), Duration::ZERO).await);
    control.wait_for(|view| view.hung() == 1, DEADLINE).await.unwrap();
    let key = world.approve(&order);
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| world.engine.is_undecided(record)).await;
    world.set_clock(41 * 60_000);
    world.engine.work_once().await.unwrap();
    assert_eq!(world.state(&order.id).await, State::Open, "its time is up, and it is not over");
    control.release_hung();
    world.until(&order.id, |record| matches!(record.state, State::Paid { .. })).await;
}

/// A key of a form that Toss does not know is called an invalid request, under every idempotency key, and looked up in vain.
#[tokio::test]
async fn an_invented_key_of_a_wrong_form_is_over_some_day() {
    let world = World::start().await;
    let order = world.order().await;
    let made_up = PaymentKey::parse("tgen_20261126000000ABCDE").unwrap();
    world.sandbox.control().fault(Fault::status_4xx(Code::INVALID_REQUEST), Scope::any(Endpoint::Confirm), Times::Always).unwrap();
    drop(world.engine.confirm(returned(&order, &made_up), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    let mut minutes = 0;
    while world.state(&order.id).await.undecided().is_some() {
        world.engine.work_once().await.unwrap();
        world.set_clock(60_000);
        minutes += 1;
        assert!(minutes < 60, "{:?}", world.state(&order.id).await);
    }
    assert!(minutes >= 30, "not before Toss can have it in no session any more: {minutes}");
    assert!(world.engine.events(&order.id).await.unwrap().len() < 60);
}

/// Toss may hide payments that it has not charged. Refused for a reason that passes for longer than a few tries, they still end.
#[tokio::test]
async fn a_hidden_payment_that_is_refused_for_long_ends_with_its_session() {
    let world = World::start().await;
    let order = world.order().await;
    let key = world.approve(&order);
    let control = world.sandbox.control();
    control.fault(Fault::status_4xx(Code::NOT_FOUND_PAYMENT), Scope::any(Endpoint::Lookup), Times::Always).unwrap();
    control.fault(Fault::status_4xx(Code::PROVIDER_ERROR), Scope::order(Endpoint::Confirm, order.id.as_str()), Times::Next(6)).unwrap();
    drop(world.engine.confirm(returned(&order, &key), Duration::ZERO).await);
    world.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
    for _ in 0..20 {
        world.engine.work_once().await.unwrap();
        world.set_clock(20_000);
    }
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }), "{:?}", world.state(&order.id).await);
    assert_eq!(world.charged(&order), [50_000]);
}

#[tokio::test]
async fn a_clock_that_is_set_back_by_minutes_delays_no_look_either() {
    let world = World::start().await;
    world.set_clock(5 * 60_000);
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.spoiler.look_up(&[Spoiled::AnswerLost]);
    world.engine.work_once().await.unwrap();
    world.set_clock(-5 * 60_000);
    assert_eq!(world.engine.work_once().await.unwrap(), 1);
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
}
