//! Webhooks that wait to be looked into.

use crate::{at, attempt, id, order, placed, started, stores};
use payment_engine::store::{Inbound, Store};
use toss_types::PaymentKey;

const PAUSE_MS: i64 = 2_000;

fn inbound(name: &str, key: &str, at_ms: i64) -> Inbound {
    Inbound::new(name, id(1), PaymentKey::parse(key).unwrap(), "DONE", at_ms)
}

async fn claimed(store: &dyn Store) {
    store.place(&order(1), &placed()).await.unwrap();
    store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
}

async fn due(store: &dyn Store, now_ms: i64) -> Vec<String> {
    store.take_inbound(now_ms, now_ms + 1_000, 10).await.unwrap().into_iter().map(|inbound| inbound.id).collect()
}

#[tokio::test]
async fn each_is_kept_once_and_taken_by_one() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        claimed(store).await;
        let vouched = inbound("w1", "a", 100).vouched_for(true);
        assert!(store.keep_inbound(&vouched, PAUSE_MS).await.unwrap());
        assert!(!store.keep_inbound(&vouched, PAUSE_MS).await.unwrap(), "it came before");
        assert!(store.take_inbound(99, 1_099, 10).await.unwrap().is_empty());
        assert_eq!(store.take_inbound(100, 1_100, 10).await.unwrap(), [vouched]);
        assert!(store.take_inbound(1_099, 2_000, 10).await.unwrap().is_empty(), "somebody else looks into it");
        assert_eq!(due(store, 1_100).await, ["w1"], "whoever took it died");
        store.inbound_later(&attempt("a").payment_key, 5_000).await.unwrap();
        assert!(due(store, 4_999).await.is_empty());
        assert_eq!(due(store, 5_000).await, ["w1"]);
        store.inbound_done(&attempt("a").payment_key, 5_000, 5_001, PAUSE_MS, "nothing new").await.unwrap();
        assert!(due(store, i64::MAX - 1_000).await.is_empty());
        assert!(!store.keep_inbound(&inbound("w1", "a", 6_000), PAUSE_MS).await.unwrap(), "nor is it kept again when it is over");
    }
}

#[tokio::test]
async fn one_look_up_answers_what_came_before_it_and_the_next_waits() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        claimed(store).await;
        for name in ["w1", "w2", "w3"] {
            assert!(store.keep_inbound(&inbound(name, "a", 100), PAUSE_MS).await.unwrap());
        }
        assert_eq!(store.take_inbound(100, 1_100, 10).await.unwrap().len(), 1, "of one payment, one");
        assert!(store.keep_inbound(&inbound("w4", "a", 150), PAUSE_MS).await.unwrap(), "while the look-up is under way");
        assert!(due(store, 200).await.is_empty(), "of which there is one at a time");
        store.inbound_done(&attempt("a").payment_key, 120, 200, PAUSE_MS, "the order has changed").await.unwrap();
        assert!(due(store, 2_199).await.is_empty());
        assert_eq!(due(store, 2_200).await, ["w4"], "it came after the look-up had begun, and has its turn after the pause");
        store.inbound_done(&attempt("a").payment_key, 4_000, 4_100, PAUSE_MS, "nothing new").await.unwrap();
        assert!(store.keep_inbound(&inbound("w6", "a", 4_200), PAUSE_MS).await.unwrap());
        assert!(due(store, 6_099).await.is_empty(), "the last look-up is not {PAUSE_MS} ms ago");
        assert_eq!(due(store, 6_100).await, ["w6"]);
    }
}

#[tokio::test]
async fn four_wait_for_a_look_up_and_those_that_are_looked_into_are_not_counted() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        claimed(store).await;
        for name in ["w1", "w2", "w3", "w4"] {
            assert!(store.keep_inbound(&inbound(name, "a", 100), PAUSE_MS).await.unwrap());
        }
        assert!(!store.keep_inbound(&inbound("w5", "a", 100), PAUSE_MS).await.unwrap(), "one more says nothing new");
        assert!(
            store.keep_inbound(&inbound("vouched", "a", 100).vouched_for(true), PAUSE_MS).await.unwrap(),
            "forgeries are not in its way"
        );
        store.take_inbound(100, 1_100, 10).await.unwrap();
        assert!(store.keep_inbound(&inbound("w6", "a", 150), PAUSE_MS).await.unwrap(), "the look-up may be older than what it tells");
    }
}

#[tokio::test]
async fn payments_that_nobody_has_claimed_count_as_one() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        claimed(store).await;
        for number in 0..100 {
            store.keep_inbound(&inbound(&format!("w{number}"), &format!("invented-{number}"), 100), PAUSE_MS).await.unwrap();
        }
        assert!(store.keep_inbound(&inbound("true", "a", 100), PAUSE_MS).await.unwrap(), "they are not in the way of the order's own");
        let mut taken = Vec::new();
        for second in 0..20 {
            let now_ms = 100 + second * 1_000;
            for inbound in store.take_inbound(now_ms, now_ms + 1_000, 10).await.unwrap() {
                store.inbound_done(&inbound.payment_key, now_ms, now_ms, PAUSE_MS, "no such payment").await.unwrap();
                taken.push((inbound.id, second));
            }
        }
        let at: Vec<_> = taken.iter().filter(|(name, _)| name != "true").map(|(_, second)| *second).collect();
        assert_eq!(at, [0, 2, 4, 6], "one in {PAUSE_MS} ms");
        assert_eq!(taken.iter().filter(|(name, second)| name == "true" && *second == 0).count(), 1);
    }
}

#[tokio::test]
async fn what_was_under_way_when_the_server_ended_is_due_at_once_and_what_waits_waits() {
    for fresh in stores().await {
        claimed(fresh.store.as_ref()).await;
        fresh.store.keep_inbound(&inbound("w1", "a", 100), PAUSE_MS).await.unwrap();
        fresh.store.take_inbound(100, 90_000, 10).await.unwrap();
        let fresh = fresh.reopen().await;
        let store = fresh.store.as_ref();
        assert!(store.recover(200).await.unwrap() > 0);
        assert_eq!(due(store, 200).await, ["w1"]);
        store.inbound_later(&attempt("a").payment_key, 50_000).await.unwrap();
        store.recover(300).await.unwrap();
        assert!(due(store, 49_999).await.is_empty(), "it was put off, not under way");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_holds_nothing_up() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        claimed(store).await;
        store.keep_inbound(&inbound("w1", "a", 50_000_000), PAUSE_MS).await.unwrap();
        assert_eq!(due(store, 1_000).await, ["w1"]);
    }
}
