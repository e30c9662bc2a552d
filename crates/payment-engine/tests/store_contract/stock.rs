//! What there is so much of and no more; who bought, and until when that is known; lists.

use crate::{at, attempt, declined, ended, id, order, order_of, paid, placed, started, stores};
use payment_engine::NewOrder;
use payment_engine::order::{Event, Illegal, Refund, Reserve};
use payment_engine::store::{ApplyError, Forget, Inbound, OrderQuery, Placement, Store};
use payment_engine::toss_payments::CancelRequestId;
use toss_types::{IdempotencyKey, Won};

fn of_apples(number: usize, quantity: u32) -> NewOrder {
    NewOrder { reserves: vec![Reserve::new("apple", quantity), Reserve::new("pear", 1)], ..order(number) }
}

async fn taken(store: &dyn Store) -> Vec<(String, Option<u32>, u32)> {
    store.stock().await.unwrap().into_iter().map(|level| (level.sku, level.total, level.taken)).collect()
}

fn apples(total: Option<u32>, taken: u32, pears: u32) -> Vec<(String, Option<u32>, u32)> {
    vec![("apple".to_owned(), total, taken), ("pear".to_owned(), None, pears)]
}

#[tokio::test]
async fn an_order_takes_all_that_it_reserves_or_nothing() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.set_stock("apple", Some(3)).await.unwrap();
        assert!(matches!(store.place(&of_apples(1, 2), &placed()).await.unwrap(), Placement::Placed { .. }));
        assert_eq!(taken(store).await, apples(Some(3), 2, 1));
        assert_eq!(store.place(&of_apples(2, 2), &placed()).await.unwrap(), Placement::SoldOut(vec!["apple".to_owned()]));
        assert!(store.order(&id(2)).await.unwrap().is_none());
        assert_eq!(taken(store).await, apples(Some(3), 2, 1), "nor has it taken the pear");
        assert!(matches!(store.place(&of_apples(2, 1), &placed()).await.unwrap(), Placement::Placed { .. }));
        let fresh = fresh.reopen().await;
        assert_eq!(taken(fresh.store.as_ref()).await, apples(Some(3), 3, 2));
        fresh.store.set_stock("apple", Some(1)).await.unwrap();
        assert_eq!(taken(fresh.store.as_ref()).await, apples(Some(1), 3, 2), "what is taken stays taken");
        fresh.store.set_stock("apple", None).await.unwrap();
        assert!(matches!(fresh.store.place(&of_apples(3, 1_000), &placed()).await.unwrap(), Placement::Placed { .. }));
    }
}

#[tokio::test]
async fn of_many_at_once_no_more_than_there_is_get_it() {
    for fresh in stores().await {
        fresh.store.set_stock("apple", Some(5)).await.unwrap();
        let places = (1..=40).map(|number| {
            let store = fresh.store.clone();
            async move { store.place(&of_apples(number, 1), &placed()).await.unwrap() }
        });
        let placements = futures_util::future::join_all(places).await;
        assert_eq!(placements.iter().filter(|placement| matches!(placement, Placement::Placed { .. })).count(), 5);
        assert_eq!(taken(fresh.store.as_ref()).await, apples(Some(5), 5, 5));
    }
}

#[tokio::test]
async fn a_decline_gives_back_and_another_payment_takes_anew_where_there_is_enough() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.set_stock("apple", Some(1)).await.unwrap();
        store.place(&of_apples(1, 1), &placed()).await.unwrap();
        store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
        assert_eq!(taken(store).await, apples(Some(1), 1, 1), "a charge is possible");
        store.apply(&id(1), &ended("a", declined()), &at(20)).await.unwrap();
        assert_eq!(taken(store).await, apples(Some(1), 0, 0));
        store.place(&of_apples(2, 1), &placed()).await.unwrap();
        let refused = store.apply(&id(1), &started("b"), &at(30)).await;
        assert!(matches!(refused, Err(ApplyError::Illegal { illegal: Illegal::SoldOut, .. })), "{refused:?}");
        assert_eq!(taken(store).await, apples(Some(1), 1, 1));
        assert!(store.claimed_by(&attempt("b").payment_key).await.unwrap().is_none(), "the payment was not claimed either");
        store.apply(&id(2), &Event::TimeRanOut, &at(10_000)).await.unwrap();
        assert_eq!(taken(store).await, apples(Some(1), 0, 0));
    }
}

#[tokio::test]
async fn replacing_an_order_gives_back_what_it_held() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.set_stock("apple", Some(1)).await.unwrap();
        let of = |number| NewOrder { reserves: vec![Reserve::new("apple", 1)], ..order_of(number, "one") };
        store.place(&of(1), &placed()).await.unwrap();
        assert_eq!(store.place(&of(2), &placed()).await.unwrap(), Placement::Placed { replaced: vec![id(1)] });
        assert_eq!(store.stock().await.unwrap()[0].taken, 1);
    }
}

#[tokio::test]
async fn who_bought_is_forgotten_when_its_time_is_over_and_events_stay() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        // 1 has expired, 2 is paid, 3 is open.
        for number in 1..=3 {
            store.place(&order(number), &placed()).await.unwrap();
        }
        store.apply(&id(1), &Event::TimeRanOut, &at(10_000)).await.unwrap();
        store.apply(&id(2), &started("b"), &at(10)).await.unwrap();
        store.apply(&id(2), &ended("b", paid()), &at(20_000).toss_answer("{\"card\":\"1234\"}")).await.unwrap();
        let details = |number| async move { store.order(&id(number)).await.unwrap().unwrap().order.details };
        assert_eq!(store.forget(&Forget::new(10_000, 20_000).paid(20_000), 1, 10).await.unwrap(), 0, "not before its time");
        assert_eq!(store.forget(&Forget::new(10_001, 20_000), 1, 10).await.unwrap(), 1);
        assert_eq!((details(1).await.is_empty(), details(2).await.is_empty(), details(3).await.is_empty()), (true, false, false));
        assert_eq!(store.forget(&Forget::new(i64::MAX, 20_001).paid(20_001), 1, 10).await.unwrap(), 2, "details and a body");
        assert_eq!((details(2).await.is_empty(), details(3).await.is_empty()), (true, false), "what can still be paid is not over");
        let record = store.order(&id(2)).await.unwrap().unwrap();
        let events = store.events(&id(2)).await.unwrap();
        assert!(store.toss_answer(&id(2)).await.unwrap().is_none() && events.iter().all(|event| event.toss_answer.is_none()));
        assert_eq!((events.len(), record.standing()), (2, "paid"));
        assert_eq!(store.forget(&Forget::new(i64::MAX, i64::MAX).paid(i64::MAX), 1, 10).await.unwrap(), 0, "once");
    }
}

#[tokio::test]
async fn histories_of_orders_that_are_over_move_out_of_the_way_and_are_read_as_before() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        // 1 has expired, 2 is paid, 3 is open.
        for number in 1..=3 {
            store.place(&order(number), &placed()).await.unwrap();
        }
        store.apply(&id(1), &Event::TimeRanOut, &at(10_000)).await.unwrap();
        store.apply(&id(2), &started("b"), &at(10)).await.unwrap();
        store.apply(&id(2), &ended("b", paid()), &at(20_000).toss_answer("{\"card\":\"1234\"}")).await.unwrap();
        let history = |number| async move {
            let events = store.events(&id(number)).await.unwrap();
            events.into_iter().map(|event| (event.seq, event.at_ms, event.event, event.toss_answer)).collect::<Vec<_>>()
        };
        let before = [history(1).await, history(2).await, history(3).await];
        assert_eq!(store.archive(10_000, 50_000, 10).await.unwrap(), 0, "not before its time");
        assert_eq!(store.archive(i64::MAX, 50_000, 1).await.unwrap(), 1, "so many and no more");
        assert_eq!(store.archive(i64::MAX, 50_000, 10).await.unwrap(), 1, "what can still be paid is not over");
        assert_eq!(store.archive(i64::MAX, 50_000, 10).await.unwrap(), 0, "once");
        assert_eq!([history(1).await, history(2).await, history(3).await], before);
        assert_eq!(store.toss_answer(&id(2)).await.unwrap().as_deref(), Some("{\"card\":\"1234\"}"));

        // It goes on from there, and all of it moves again.
        let (request, key) = (CancelRequestId::parse("refund-1").unwrap(), IdempotencyKey::parse("refund-1").unwrap());
        let refund = Refund::new(request, key, attempt("b").payment_key, Won::of(1_000).into(), Won::of(50_000).into(), 30_000);
        store.apply(&id(2), &Event::RefundStarted(refund), &at(30_000)).await.unwrap();
        let seqs = |history: Vec<(i64, i64, Event, Option<String>)>| history.into_iter().map(|(seq, ..)| seq).collect::<Vec<_>>();
        assert_eq!(seqs(history(2).await), [1, 2, 3]);
        assert_eq!(store.archive(i64::MAX, 60_000, 10).await.unwrap(), 0, "a refund is under way");

        // What is archived is forgotten like everything else.
        assert_eq!(store.forget(&Forget::new(i64::MAX, 20_001), 1, 10).await.unwrap(), 2, "details of the first and the body");
        assert_eq!(store.toss_answer(&id(2)).await.unwrap(), None);
        let fresh = fresh.reopen().await;
        assert_eq!(fresh.store.events(&id(2)).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn orders_are_listed_newest_first() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for number in 1..=5 {
            store.place(&NewOrder { placed_at_ms: i64::try_from(number).unwrap(), ..order(number) }, &placed()).await.unwrap();
        }
        store.apply(&id(3), &started("c"), &at(10)).await.unwrap();
        let list = |query: OrderQuery| async move {
            store.orders(&query).await.unwrap().into_iter().map(|record| record.order.id).collect::<Vec<_>>()
        };
        assert_eq!(list(OrderQuery::newest(2)).await, [id(5), id(4)]);
        assert_eq!(list(OrderQuery::newest(2).before(4)).await, [id(3), id(2)]);
        assert_eq!(list(OrderQuery::newest(9).status("confirming")).await, [id(3)]);
        assert_eq!(list(OrderQuery::newest(2).status("open")).await, [id(5), id(4)]);
        assert_eq!(list(OrderQuery::newest(2).status("open").before(4)).await, [id(2), id(1)]);
        assert!(list(OrderQuery::newest(9).status("refunded")).await.is_empty());
    }
}

#[tokio::test]
async fn an_event_can_be_for_an_order_that_nothing_has_happened_to_since() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &placed()).await.unwrap();
        let refused = store.apply(&id(1), &started("a"), &at(10).only_at(1)).await;
        assert!(matches!(refused, Err(ApplyError::Illegal { illegal: Illegal::Overtaken, .. })), "{refused:?}");
        store.apply(&id(1), &started("a"), &at(10).only_at(0)).await.unwrap();
        assert_eq!(store.events(&id(1)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn messages_and_webhooks_that_are_over_go_and_others_stay() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &placed()).await.unwrap();
        store.apply(&id(1), &started("a"), &at(10)).await.unwrap();
        store.apply(&id(1), &ended("a", paid()), &at(20).channels(vec!["mail", "webhook"])).await.unwrap();
        let key = attempt("a").payment_key;
        for (name, at_ms) in [("w1", 30), ("w2", 40)] {
            store.keep_inbound(&Inbound::new(name, id(1), key.clone(), "DONE", at_ms), 0).await.unwrap();
        }
        let told = store.take_messages("mail", 100, 200, 10).await.unwrap().remove(0);
        store.message_delivered(&told, 110).await.unwrap();
        store.inbound_done(&key, 30, 110, 0, "nothing new").await.unwrap();
        let before = |told_ms| Forget::new(0, 0).told(told_ms);
        assert_eq!(store.forget(&before(110), 1_000, 10).await.unwrap(), 0);
        assert_eq!(store.forget(&before(111), 1_000, 10).await.unwrap(), 2);
        let backlog = store.backlog().await.unwrap();
        assert_eq!((backlog.waiting, backlog.inbound), (1, 1), "what is not over");
    }
}
