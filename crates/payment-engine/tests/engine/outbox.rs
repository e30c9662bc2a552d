//! What a merchant's system is told of orders: everything, in order, once unless an answer is lost.

use crate::receiver::{Answer, Receiver};
use crate::toss::Spoiled;
use crate::world::World;
use payment_engine::order::{LEASE_MS, NoticeKind, State};
use payment_engine::{Engine, NewOrder};
use std::collections::BTreeSet;
use std::time::Duration;

/// An order that is paid for.
async fn paid(world: &World) -> NewOrder {
    let order = world.order().await;
    let record = world.come_back(&order, &world.approve(&order)).await.unwrap();
    assert!(matches!(record.state, State::Paid { .. }), "{:?}", record.state);
    order
}

async fn waiting(engine: &Engine) -> usize {
    engine.messages(false, 100).await.unwrap().len()
}

#[tokio::test]
async fn a_paid_order_is_told_once() {
    let (receiver, world) = Receiver::with_world().await;
    let order = paid(&world).await;
    let before_s = world.engine.now_ms() / 1_000;
    for _ in 0..3 {
        world.engine.work_once().await.unwrap();
        world.set_clock(60_000);
    }
    let [told] = &receiver.taken()[..] else { panic!("{:?}", receiver.taken()) };
    let json = told.json();
    assert_eq!((json["type"].as_str(), json["data"]["status"].as_str()), (Some("order.paid"), Some("paid")));
    assert_eq!((json["data"]["orderId"].as_str(), json["data"]["total"].as_str()), (Some(order.id.as_str()), Some("50000")));
    assert!((before_s..before_s + 20).contains(&told.timestamp), "dated by the engine's clock: {} and {before_s}", told.timestamp);
    assert_eq!((waiting(&world.engine).await, world.engine.messages(true, 10).await.unwrap()), (0, vec![]));
}

#[tokio::test]
async fn what_happens_to_an_order_is_told_in_order_even_where_the_first_is_not_taken() {
    let (receiver, world) = Receiver::with_world().await;
    receiver.answer([Answer::Status(500)]);
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.engine.work_once().await.unwrap();
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert_eq!((receiver.kinds(&order), waiting(&world.engine).await), (vec!["order.in_doubt".to_owned()], 2));
    let other = paid(&world).await;
    world.engine.work_once().await.unwrap();
    assert_eq!(receiver.kinds(&other), ["order.paid"], "other orders are not held up");
    assert_eq!(receiver.kinds(&order), ["order.in_doubt"], "the second waits for the first");
    world.set_clock(10_000);
    world.engine.work_once().await.unwrap();
    world.engine.work_once().await.unwrap();
    assert_eq!(receiver.kinds(&order), ["order.in_doubt", "order.in_doubt", "order.paid"]);
    assert_eq!(waiting(&world.engine).await, 0);
}

#[tokio::test]
async fn what_was_not_taken_comes_again_as_the_same_message_dated_anew() {
    let (receiver, world) = Receiver::with_world().await;
    receiver.answer([Answer::Status(500)]);
    paid(&world).await;
    world.engine.work_once().await.unwrap();
    let [left] = &world.engine.messages(false, 10).await.unwrap()[..] else { panic!("it waits") };
    assert_eq!((left.tries, left.last_error.as_deref(), left.kind), (1, Some("answered 500"), NoticeKind::Paid));
    world.engine.work_once().await.unwrap();
    assert_eq!(receiver.taken().len(), 1, "not at once");
    world.set_clock(60_000);
    world.engine.work_once().await.unwrap();
    let [first, second] = &receiver.taken()[..] else { panic!("{:?}", receiver.taken()) };
    assert_eq!((&first.id, &first.body), (&second.id, &second.body));
    assert!(second.timestamp >= first.timestamp + 60, "{} after {}", second.timestamp, first.timestamp);
    assert_ne!(first.signatures, second.signatures);
}

#[tokio::test]
async fn a_message_that_never_arrives_is_dead_in_the_end_until_it_is_replayed() {
    let (receiver, world) = Receiver::with_world().await;
    receiver.otherwise(500);
    let order = paid(&world).await;
    let mut tries = 0;
    while waiting(&world.engine).await > 0 {
        world.engine.work_once().await.unwrap();
        // More than the longest pause.
        world.advance(Duration::from_secs(16 * 60 * 60));
        tries += 1;
        assert!(tries < 100, "it is tried for ever");
    }
    assert_eq!((tries, receiver.taken().len()), (15, 15));
    let ids: BTreeSet<_> = receiver.taken().into_iter().map(|delivery| (delivery.id, delivery.body)).collect();
    assert_eq!(ids.len(), 1, "always the same message");
    let [dead] = &world.engine.messages(true, 10).await.unwrap()[..] else { panic!("it is listed") };
    assert_eq!((&dead.order_id, dead.tries, dead.last_error.as_deref()), (&order.id, 15, Some("answered 500")));
    world.engine.work_once().await.unwrap();
    assert_eq!(receiver.taken().len(), 15, "what is dead is not tried");

    receiver.otherwise(204);
    assert_eq!(world.engine.replay_messages(None).await.unwrap(), 1);
    world.engine.work_once().await.unwrap();
    assert_eq!(receiver.kinds(&order).len(), 16);
    assert_eq!((waiting(&world.engine).await, world.engine.messages(true, 10).await.unwrap()), (0, vec![]));
}

#[tokio::test]
async fn an_address_that_is_gone_ends_a_message_and_the_next_one_has_its_turn() {
    let (receiver, world) = Receiver::with_world().await;
    receiver.answer([Answer::Status(410)]);
    let (order, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.engine.work_once().await.unwrap();
    world.engine.work_once().await.unwrap();
    assert_eq!(receiver.kinds(&order), ["order.in_doubt", "order.paid"]);
    let dead = world.engine.messages(true, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].kind, dead[0].tries), (1, NoticeKind::InDoubt, 1));
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it_but_no_more_than_half_a_day() {
    for (status, asks, longest_s) in [(503, "3600", 3_600), (429, "9999999999", 12 * 60 * 60)] {
        let (receiver, world) = Receiver::with_world().await;
        receiver.answer([Answer::Later(status, asks)]);
        paid(&world).await;
        world.engine.work_once().await.unwrap();
        world.advance(Duration::from_secs(longest_s - 60));
        world.engine.work_once().await.unwrap();
        assert_eq!(receiver.taken().len(), 1, "{status}: it is left alone, though its turn would be after seconds");
        world.advance(Duration::from_secs(60));
        world.engine.work_once().await.unwrap();
        assert_eq!(receiver.taken().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn what_happened_before_there_was_anybody_to_tell_is_not_told() {
    let (receiver, mut world) = (Receiver::start().await, World::start().await);
    let early = paid(&world).await;
    world.engine = receiver.engine(&world).await;
    let late = paid(&world).await;
    world.engine.work_once().await.unwrap();
    world.engine.work_once().await.unwrap();
    assert_eq!((receiver.kinds(&early).len(), receiver.kinds(&late).len(), receiver.taken().len()), (0, 1, 1));
}

#[tokio::test]
async fn a_server_that_ends_before_it_has_told_loses_nothing() {
    let (receiver, mut world) = Receiver::with_world().await;
    let order = paid(&world).await;
    assert_eq!(receiver.taken(), [], "nothing has been delivered so far");
    world.engine = receiver.engine(&world).await;
    world.engine.work_once().await.unwrap();
    assert_eq!(receiver.kinds(&order), ["order.paid"]);
}

#[tokio::test]
async fn a_server_that_ends_in_the_middle_of_telling_loses_nothing() {
    let (receiver, mut world) = Receiver::with_world().await;
    let order = paid(&world).await;
    let _never = receiver.hold();
    let ending = tokio::spawn({
        let engine = world.engine.clone();
        async move { engine.work_once().await }
    });
    receiver.until(1).await;
    ending.abort();
    assert!(ending.await.unwrap_err().is_cancelled());
    world.engine = receiver.engine(&world).await;
    world.set_clock(LEASE_MS);
    world.engine.work_once().await.unwrap();
    let [first, second] = &receiver.taken()[..] else { panic!("{:?}", receiver.taken()) };
    assert_eq!((&first.id, &first.body), (&second.id, &second.body), "whoever has it already knows it by its id");
    assert_eq!((receiver.kinds(&order).len(), waiting(&world.engine).await), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database_tell_each_thing_once() {
    let (receiver, world) = Receiver::with_world().await;
    let (one, two) = (world.engine.clone(), receiver.engine(&world).await);
    let release = receiver.hold();
    paid(&world).await;
    let telling = tokio::spawn({
        let one = one.clone();
        async move { one.work_once().await.unwrap() }
    });
    receiver.until(1).await;
    two.work_once().await.unwrap();
    assert_eq!(receiver.taken().len(), 1, "what one is telling the other leaves alone");
    release.send(()).unwrap();
    telling.await.unwrap();

    for _ in 0..30 {
        paid(&world).await;
    }
    // Each takes eight at once, so that both are at it at the same time.
    for _ in 0..30 {
        let (first, second) = tokio::join!(one.work_once(), two.work_once());
        first.unwrap();
        second.unwrap();
    }
    assert_eq!(waiting(&one).await, 0);
    let ids: BTreeSet<_> = receiver.taken().into_iter().map(|delivery| delivery.id).collect();
    assert_eq!((ids.len(), receiver.taken().len()), (31, 31));
}
