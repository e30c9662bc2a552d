//! Whatever the engine does can be awaited in a task that moves between threads: handlers of every web framework are such tasks.

use crate::world::{World, returned};
use payment_engine::gateway::Gateway;
use payment_engine::order::{Event, Lane};
use payment_engine::store::{Note, Store};
use payment_engine::{Engine, Owner, Parts, Sale, Settings};
use std::time::Duration;

fn is_sendable<T: Send>(_: &T) {}

fn is_shareable<T: Send + Sync + Clone + 'static>(_: &T) {}

#[tokio::test]
async fn the_engines_futures_are_sendable_and_so_are_those_of_its_traits() {
    let world = World::start().await;
    let engine = &world.engine;
    let order = world.order().await;
    let key = world.approve(&order);
    is_shareable(engine);
    is_sendable(&engine.place(Sale::new(Owner::new("a"), "x", order.total.clone())));
    is_sendable(&engine.confirm(returned(&order, &key), Duration::ZERO));
    is_sendable(&engine.decided(&order.id, Duration::ZERO));
    is_sendable(&engine.work(std::future::pending()));
    is_sendable(&engine.work_once());
    is_sendable(&engine.close(Duration::ZERO));

    let store = world.store().await;
    let (store, gateway): (&dyn Store, &dyn Gateway) = (&store, &world.gateway());
    is_sendable(&store.place(&order, &Note::at(0)));
    is_sendable(&store.apply(&order.id, &Event::TimeRanOut, &Note::at(0)));
    is_sendable(&store.take_due(Lane::Expiry, 0, 0, 0));
    let record = engine.order(&order.id).await.unwrap().unwrap();
    let attempt = payment_engine::order::Attempt::new(key.clone(), toss_types::IdempotencyKey::parse("k").unwrap(), order.total.clone(), 0);
    is_sendable(&store.look_later(&record, 0, 0));
    is_sendable(&gateway.confirm(&order.id, &attempt));
    is_sendable(&gateway.payment(&key));
    is_sendable(&Engine::start(Parts::new(world.store().await, world.gateway()).settings(Settings::default())));
    assert_eq!(world.requests(), [], "a future that nobody awaits does nothing");
}
