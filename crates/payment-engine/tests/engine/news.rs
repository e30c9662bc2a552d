//! Who waits for an order hears what another server has done to it.

use crate::world::{DEADLINE, World, returned};
use payment_engine::order::State;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Here nobody who sleeps for as long as the last resort takes, a look at the store each second, wakes up: what is heard, is heard of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_at_one_server_hears_what_another_one_has_done() {
    let world = World::start().await;
    world.clock.none_wakes_that_sleeps_for(Duration::from_secs(1));
    let stop = CancellationToken::new();
    let work = tokio::spawn({
        let (engine, stop) = (world.engine.clone(), stop.clone());
        async move { engine.work(stop.cancelled_owned()).await }
    });
    let other = world.beside().await;
    let (order, quiet) = (world.order().await, world.order().await);
    let waits = |id: &toss_types::OrderId| {
        let (engine, id) = (world.engine.clone(), id.clone());
        tokio::spawn(async move { engine.changed(&id, 0, Duration::from_secs(3_600)).await.unwrap().unwrap() })
    };
    let (hears, waits_on) = (waits(&order.id), waits(&quiet.id));
    let key = world.approve(&order);
    other.confirm(returned(&order, &key), DEADLINE).await.unwrap();
    let heard = tokio::time::timeout(DEADLINE, hears).await.expect("it is told").unwrap();
    assert!(heard.version > 0 && matches!(heard.state, State::Confirming { .. } | State::Paid { .. }), "{:?}", heard.state);
    assert!(!waits_on.is_finished(), "nobody else is told");
    waits_on.abort();
    stop.cancel();
    work.await.unwrap();
}
