//! Messages that wait to be delivered.

use crate::{at, ended, id, order, paid, started, stores, unknown};
use payment_engine::order::{NoticeKind, Shown};
use payment_engine::outbox::Message;
use payment_engine::store::{Closing, Finding, FindingKind, Inbound, Note, Store};
use toss_types::PaymentKey;

fn told(at_ms: i64) -> Note {
    at(at_ms).channels(vec!["mail", "webhook"])
}

/// That order was in doubt at 20 and is paid since 30: two messages on each way.
async fn two_messages(store: &dyn Store, number: usize) {
    let key = format!("key-{number}");
    store.place(&order(number), &told(1)).await.unwrap();
    store.apply(&id(number), &started(&key), &told(10)).await.unwrap();
    store.apply(&id(number), &ended(&key, unknown(Shown::Unheard)), &told(20)).await.unwrap();
    store.apply(&id(number), &ended(&key, paid()), &told(30)).await.unwrap();
}

async fn take(store: &dyn Store, now_ms: i64) -> Vec<Message> {
    store.take_messages("mail", now_ms, now_ms + 1_000, 10).await.unwrap()
}

#[tokio::test]
async fn they_are_written_with_the_event_and_come_in_order_of_each_order() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        two_messages(store, 1).await;
        two_messages(store, 2).await;
        let first = take(store, 100).await;
        let of: Vec<_> = first.iter().map(|message| (message.order_id.clone(), message.kind, message.at_ms, message.tries)).collect();
        assert_eq!(of, [(id(1), NoticeKind::InDoubt, 20, 0), (id(2), NoticeKind::InDoubt, 20, 0)]);
        assert!(first[0].body.contains("order.in_doubt") && !first[0].body.contains("key-1"));
        assert!(take(store, 101).await.is_empty(), "the second of an order waits for its first");
        store.message_delivered(&first[0], 110).await.unwrap();
        let second = take(store, 110).await;
        assert_eq!((second.len(), second[0].kind, &second[0].order_id), (1, NoticeKind::Paid, &id(1)));
        assert_eq!(store.take_messages("webhook", 110, 1_110, 10).await.unwrap().len(), 2, "each way has its own");
        assert_eq!(take(store, 1_100).await.len(), 1, "whoever took the one of the second order died");
    }
}

#[tokio::test]
async fn nothing_is_told_where_nothing_was_written() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &told(1)).await.unwrap();
        assert!(store.apply(&id(1), &ended("a", paid()), &told(5)).await.is_err());
        store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
        store.apply(&id(1), &ended("a", paid()), &at(20)).await.unwrap();
        assert!(store.messages(false, 10).await.unwrap().is_empty(), "told to nobody");
    }
}

#[tokio::test]
async fn what_fails_is_tried_again_or_dead_until_it_is_replayed() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        two_messages(store, 1).await;
        let first = take(store, 100).await.remove(0);
        store.message_failed(&first, 110, Some(5_000), "the receiver sleeps").await.unwrap();
        assert!(take(store, 4_999).await.is_empty());
        let again = take(store, 5_000).await.remove(0);
        assert_eq!((&again.id, again.tries, again.last_error.as_deref()), (&first.id, 1, Some("the receiver sleeps")));
        store.message_failed(&again, 5_010, None, "no such address").await.unwrap();
        let next = take(store, 5_010).await.remove(0);
        assert_eq!(next.kind, NoticeKind::Paid, "the dead do not hold up the living");
        store.message_delivered(&next, 5_020).await.unwrap();
        let dead = store.messages(true, 10).await.unwrap();
        assert_eq!((dead.len(), &dead[0].id, dead[0].tries), (1, &first.id, 2));
        assert_eq!(store.replay_messages(Some("msg_of_nobody"), 6_000).await.unwrap(), 0);
        assert_eq!(store.replay_messages(None, 6_000).await.unwrap(), 1);
        assert!(store.messages(true, 10).await.unwrap().is_empty());
        let replayed = take(store, 6_000).await.remove(0);
        assert_eq!((&replayed.id, replayed.tries), (&first.id, 0));
        store.message_delivered(&replayed, 6_010).await.unwrap();
        store.message_failed(&replayed, 6_020, Some(7_000), "late news of another try").await.unwrap();
        assert!(take(store, i64::MAX - 1_000).await.is_empty(), "what has arrived has arrived");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_holds_nothing_up() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        let ahead_ms = Message::LONGEST_PAUSE_MS + 1_000;
        store.place(&order(1), &told(ahead_ms)).await.unwrap();
        store.apply(&id(1), &started("a"), &told(ahead_ms)).await.unwrap();
        store.apply(&id(1), &ended("a", paid()), &told(ahead_ms)).await.unwrap();
        assert_eq!(take(store, 100).await.len(), 1);
        assert!(take(store, 101).await.is_empty());
    }
}

#[tokio::test]
async fn what_waits_is_counted_for_whoever_watches() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        let count = async || {
            let backlog = store.backlog().await.unwrap();
            (backlog.inbound, backlog.waiting, backlog.waiting_since_ms, backlog.dead, backlog.findings)
        };
        assert_eq!(count().await, (0, 0, None, 0, 0));
        two_messages(store, 1).await;
        assert_eq!(count().await, (0, 4, Some(20), 0, 0));
        let first = take(store, 100).await.remove(0);
        store.message_failed(&first, 110, None, "no such address").await.unwrap();
        assert_eq!(count().await, (0, 3, Some(20), 1, 0));
        store.keep_inbound(&Inbound::new("w1", id(1), PaymentKey::parse("key-1").unwrap(), "DONE", 40), 0).await.unwrap();
        store.keep_finding(&Finding::new("f1", FindingKind::Differs, "key-1", "another amount", 50)).await.unwrap();
        assert_eq!(count().await, (1, 3, Some(20), 1, 1));
        store.close_finding("f1", 60, &Closing::Mended).await.unwrap();
        store.inbound_done(&PaymentKey::parse("key-1").unwrap(), 50, 60, 0, "nothing new").await.unwrap();
        assert_eq!(count().await, (0, 3, Some(20), 1, 0));
    }
}

#[tokio::test]
async fn what_was_under_way_when_the_server_ended_is_due_at_once_and_what_waits_waits() {
    for fresh in stores().await {
        two_messages(fresh.store.as_ref(), 1).await;
        fresh.store.take_messages("mail", 100, 90_000, 10).await.unwrap();
        let fresh = fresh.reopen().await;
        let store = fresh.store.as_ref();
        assert!(store.recover(200).await.unwrap() > 0);
        let message = take(store, 200).await.remove(0);
        store.message_failed(&message, 210, Some(50_000), "the receiver sleeps").await.unwrap();
        store.recover(300).await.unwrap();
        assert!(take(store, 49_999).await.is_empty(), "it was put off, not under way");
    }
}
