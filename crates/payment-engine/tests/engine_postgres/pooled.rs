//! Two servers behind a pooler that hands out connections for a transaction each.

use crate::database::Database;
use crate::toss::Spoiled;
use crate::world::{DEADLINE, World, returned};
use futures_util::future::join_all;
use payment_engine::order::State;
use payment_engine::toss_payments::CancelReason;
use payment_engine::{RefundRequest, Settings};
use std::time::Duration;
use toss_types::Won;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_doubts_and_refunds_are_the_same_behind_a_pooler() {
    let world = World::start_on(Database::pooled(), Settings::default().books_every(None)).await;
    let beside = world.beside().await;
    let servers = [&world.engine, &beside];

    // More at once than the pooler has connections; each comes back at both servers.
    let paid = join_all((0..12).map(async |number| {
        let order = world.order_of(&format!("shopper {number}")).await;
        let key = world.approve(&order);
        let at_both = join_all(servers.map(|server| server.confirm(returned(&order, &key), DEADLINE))).await;
        assert!(at_both.into_iter().all(|record| record.unwrap().standing() == "paid"));
        order
    }));
    for order in paid.await {
        assert_eq!(world.charged(&order), [50_000]);
        let refund = RefundRequest::new(CancelReason::parse("단순 변심").unwrap()).amount(Won::of(20_000));
        beside.refund(&order.id, refund, DEADLINE).await.unwrap();
        assert_eq!((world.balance(&order), world.engine.order(&order.id).await.unwrap().unwrap().standing()), (30_000, "partly_refunded"));
    }

    let (doubtful, _) = world.in_doubt(Spoiled::AnswerLost).await;
    world.advance(Duration::from_secs(60));
    while beside.work_once().await.unwrap() > 0 {}
    assert!(matches!(world.state(&doubtful.id).await, State::Paid { .. }));
    assert_eq!(world.charged(&doubtful), [50_000]);
}
