//! Servers that come and go on one database.

use crate::server::server;
use crate::{NOTE, connect, id, key, order, paid, started};
use payment_engine::clock::{Clock as _, SystemClock};
use payment_engine::order::{Event, LEASE_MS, Lane, Refund, State};
use payment_engine::store::{Inbound, Note, Postgres, Store as _};
use payment_engine::toss_payments::{CancelRequestId, Money};
use toss_types::{IdempotencyKey, Won};

const LANES: [Lane; 2] = [Lane::Unheard, Lane::Refund];

/// Another server.
async fn joins(url: &str, now_ms: i64) -> Postgres {
    let store = connect(url).await;
    store.keep_alive(now_ms, now_ms + 10_000).await.unwrap();
    store
}

/// What somebody may look at now, of each kind.
async fn due(store: &Postgres, now_ms: i64) -> [usize; 4] {
    let mut due = [0; 4];
    for (count, lane) in due.iter_mut().zip(LANES) {
        *count = store.take_due(lane, now_ms, now_ms + LEASE_MS, 9).await.unwrap().len();
    }
    due[2] = store.take_inbound(now_ms, now_ms + LEASE_MS, 9).await.unwrap().len();
    due[3] = store.take_messages("mail", now_ms, now_ms + LEASE_MS, 9).await.unwrap().len();
    due
}

/// A confirm and a refund that are under way, a webhook that is looked into, a message that is being delivered.
async fn busy(store: &Postgres) {
    for (number, name) in [(1, "a"), (2, "b")] {
        store.place(&order(number), &NOTE).await.unwrap();
        store.apply(&id(number), &started(name), &NOTE).await.unwrap();
    }
    store.apply(&id(2), &paid("b"), &NOTE.channels(vec!["mail"])).await.unwrap();
    let (request, idempotency) = (CancelRequestId::parse("refund-1").unwrap(), IdempotencyKey::parse("refund-1").unwrap());
    let won = |won| Money::from(Won::of(won));
    let refund = Refund::new(request, idempotency, key("b"), won(50_000), won(50_000), 10);
    store.apply(&id(2), &Event::RefundStarted(refund), &NOTE).await.unwrap();
    assert!(store.keep_inbound(&Inbound::new("w1", id(1), key("a"), "DONE", 10), 0).await.unwrap());
    assert_eq!(due(store, 10).await, [0, 0, 1, 1]);
}

#[tokio::test]
async fn what_a_server_that_is_gone_had_under_way_is_taken_up_when_its_time_is_over() {
    let url = server().fresh();
    let (one, other) = (joins(&url, 10).await, joins(&url, 10).await);
    busy(&one).await;
    assert_eq!(other.keep_alive(10_009, 20_009).await.unwrap(), 0, "it may live");
    assert_eq!(due(&other, 10_009).await, [0; 4]);
    // It has not said anything for ten seconds.
    assert_eq!(other.keep_alive(10_010, 20_010).await.unwrap(), 4);
    assert_eq!(due(&other, 10_010).await, [1; 4]);
    assert_eq!(due(&one, 10_010).await, [0; 4], "each of it is done by one");
    assert_eq!(joins(&url, 10_011).await.keep_alive(10_011, 20_011).await.unwrap(), 0, "and by nobody else");
}

#[tokio::test]
async fn what_a_living_server_has_under_way_is_its_own_whoever_starts_beside_it() {
    let url = server().fresh();
    let one = joins(&url, 10).await;
    busy(&one).await;
    let other = connect(&url).await;
    assert_eq!(other.recover(20).await.unwrap(), 0);
    other.keep_alive(20, 10_020).await.unwrap();
    assert_eq!(due(&other, 20).await, [0; 4]);
    // It says so again, and somebody who has come back with another payment does not change whose the call is.
    one.keep_alive(9_000, 19_000).await.unwrap();
    let Event::ConfirmStarted(attempt) = started("c") else { panic!("a payment that came back") };
    other.apply(&id(1), &Event::AnotherReturned(attempt), &Note::at(9_000)).await.unwrap();
    assert_eq!(other.keep_alive(18_999, 28_999).await.unwrap(), 0);
    assert_eq!(due(&other, 18_999).await, [0; 4]);
    assert_eq!(other.keep_alive(19_000, 29_000).await.unwrap(), 4);
    assert!(matches!(other.order(&id(1)).await.unwrap().unwrap().state, State::Confirming { .. }));
}

#[tokio::test]
async fn who_ends_hands_over_at_once() {
    let url = server().fresh();
    let (one, other) = (joins(&url, 10).await, joins(&url, 10).await);
    busy(&one).await;
    one.close().await;
    assert_eq!(other.keep_alive(11, 10_011).await.unwrap(), 4);
    assert_eq!(due(&other, 11).await, [1; 4]);
}

/// An operator's program is no server: what it has under way is nobody's to take up, and ends with its lease.
#[tokio::test]
async fn what_a_program_beside_the_servers_does_is_left_to_it() {
    let url = server().fresh();
    let (program, other) = (connect(&url).await, joins(&url, 10).await);
    busy(&program).await;
    program.close().await;
    assert_eq!(other.keep_alive(10_010, 20_010).await.unwrap(), 0);
    assert_eq!(due(&other, 10_010).await, [0; 4]);
    assert_eq!(due(&other, 10 + LEASE_MS).await, [1; 4]);
}

#[tokio::test]
async fn the_time_is_the_databases() {
    let url = server().fresh();
    let clock = connect(&url).await.clock();
    let database_ms = || server().run("SELECT (EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT").trim().parse::<i64>().unwrap();
    let (before, said, after) = (database_ms(), clock.now_ms(), database_ms());
    // They are on one machine here: what is found out about the distance is off by no more than the answer took.
    let slack = after - before + 1_000;
    assert!((before - slack..=after + slack).contains(&said), "{before} {said} {after} {}", SystemClock.now_ms());
}
