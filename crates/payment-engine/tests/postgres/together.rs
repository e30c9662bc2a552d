//! Two servers on one database, at once.

use super::fresh;
use crate::{NOTE, connect, id, key, order, order_of, paid, started};
use futures_util::future::join_all;
use payment_engine::NewOrder;
use payment_engine::gateway::{Fingerprint, Mode};
use payment_engine::order::{Account, Event, LEASE_MS, Lane, Reserve};
use payment_engine::store::{
    ApplyError, Books, BooksLease, BooksTaken, Finding, FindingKind, Inbound, Kept, Note, Placement, Postgres, Store as _,
};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// Stores of two servers, by turns.
struct Pair([Postgres; 2]);

impl Pair {
    async fn start() -> Pair {
        let url = fresh();
        Pair([connect(&url).await, connect(&url).await])
    }

    /// Runs it so many times at once.
    async fn at_once<T: Debug + Send + 'static, F: Future<Output = T> + Send + 'static>(
        &self,
        times: usize,
        run: impl Fn(usize, Postgres) -> F,
    ) -> Vec<T> {
        let runs = (0..times).map(|number| tokio::spawn(run(number, self.0[number % 2].clone())));
        join_all(runs).await.into_iter().map(|done| done.unwrap()).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_tabs_at_two_servers_one_order_is_payable_and_each_replaces_the_one_before() {
    let pair = Pair::start().await;
    let placed = pair.at_once(24, |number, store| async move { store.place(&order_of(number, "tabs"), &NOTE).await.unwrap() }).await;
    let mut replaced: Vec<usize> = placed
        .into_iter()
        .map(|placement| match placement {
            Placement::Placed { replaced } => replaced.len(),
            other @ (Placement::Undecided(_) | Placement::SoldOut(_)) => panic!("{other:?}"),
        })
        .collect();
    replaced.sort_unstable();
    assert_eq!((replaced[0], replaced[1], replaced[23]), (0, 1, 1), "one was first, and each other one met its own");
    let mut payable = 0;
    for number in 0..24 {
        payable += usize::from(pair.0[0].order(&id(number)).await.unwrap().unwrap().state.is_payable());
    }
    assert_eq!(payable, 1);
}

/// Whichever comes first, the shopper does not pay for an order while another one of his can be paid.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_and_a_new_order_at_once_leave_one_that_can_be_paid() {
    let pair = Pair::start().await;
    for round in 0..20 {
        let (first, second) = (round * 2, round * 2 + 1);
        let owner = format!("owner {round}");
        pair.0[0].place(&order_of(first, &owner), &NOTE).await.unwrap();
        let (one, other) = (pair.0[0].clone(), pair.0[1].clone());
        let pays = tokio::spawn(async move { one.apply(&id(first), &started(&format!("key-{round}")), &NOTE).await });
        let places = tokio::spawn(async move { other.place(&order_of(second, &owner), &NOTE).await.unwrap() });
        match (pays.await.unwrap(), places.await.unwrap()) {
            (Ok(_), Placement::Undecided(undecided)) => assert_eq!(undecided, id(first)),
            (Err(ApplyError::Illegal { .. }), Placement::Placed { replaced }) => assert_eq!(replaced, [id(first)]),
            (paid, placed) => panic!("{paid:?} {placed:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_orders_that_claim_one_payment_one_has_it() {
    let pair = Pair::start().await;
    for number in 0..20 {
        pair.0[0].place(&order(number), &NOTE).await.unwrap();
    }
    let claims = pair.at_once(20, |number, store| async move { store.apply(&id(number), &started("one"), &NOTE).await }).await;
    assert_eq!(claims.iter().filter(|claim| claim.is_ok()).count(), 1);
    assert!(claims.iter().all(|claim| matches!(claim, Ok(_) | Err(ApplyError::PaymentTaken))), "{claims:?}");
}

/// Orders that take, replace and give back different things in different orders: nothing is lost, and nobody is refused for having met
/// another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stock_adds_up_whoever_meets_whom() {
    let pair = Pair::start().await;
    for sku in ["a", "b", "c"] {
        pair.0[0].set_stock(sku, Some(1_000)).await.unwrap();
    }
    pair.at_once(60, |number, store| async move {
        let mut reserves = vec![Reserve::new("a", 1), Reserve::new("b", 2), Reserve::new("c", 3)];
        reserves.rotate_left(number % 3);
        reserves.truncate(1 + number % 2);
        let order = NewOrder { reserves, ..order_of(number, &format!("owner {}", number % 10)) };
        assert!(matches!(store.place(&order, &NOTE).await.unwrap(), Placement::Placed { .. }));
    })
    .await;
    let mut held = std::collections::BTreeMap::<String, u32>::new();
    for number in 0..60 {
        let record = pair.0[0].order(&id(number)).await.unwrap().unwrap();
        for reserve in record.order.reserves.iter().filter(|_| record.state.is_payable()) {
            *held.entry(reserve.sku.clone()).or_default() += reserve.quantity;
        }
    }
    for level in pair.0[1].stock().await.unwrap() {
        assert_eq!(level.taken, held.get(&level.sku).copied().unwrap_or(0), "{}", level.sku);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_is_taken_by_one() {
    let pair = Pair::start().await;
    for number in 0..30 {
        let told = Note::at(10).channels(vec!["mail"]);
        pair.0[0].place(&order(number), &told).await.unwrap();
        let name = format!("key-{number}");
        pair.0[0].apply(&id(number), &started(&name), &told).await.unwrap();
        let webhook = Inbound::new(format!("w{number}"), id(number), key(&name), "DONE", 20);
        assert!(pair.0[0].keep_inbound(&webhook, 0).await.unwrap());
    }
    let now_ms = 10 + LEASE_MS;
    let once = |kind: &str, taken: Vec<Vec<String>>| {
        let taken: Vec<String> = taken.into_iter().flatten().collect();
        let distinct = taken.iter().collect::<BTreeSet<_>>().len();
        assert_eq!((taken.len(), distinct), (30, 30), "{kind}: each once, and none is forgotten");
    };
    let orders = pair.at_once(12, move |_, store| async move {
        let taken = store.take_due(Lane::Unheard, now_ms, now_ms + LEASE_MS, 5).await.unwrap();
        taken.into_iter().map(|record| record.order.id.to_string()).collect::<Vec<_>>()
    });
    let mut orders = orders.await;
    // Who found rows locked has left them for the next look.
    let left = pair.0[0].take_due(Lane::Unheard, now_ms, now_ms + LEASE_MS, 30).await.unwrap();
    orders.push(left.into_iter().map(|record| record.order.id.to_string()).collect());
    once("orders", orders);

    let webhooks = pair.at_once(12, |_, store| async move {
        store.take_inbound(30, 1_030, 5).await.unwrap().into_iter().map(|inbound| inbound.id).collect::<Vec<_>>()
    });
    let mut webhooks = webhooks.await;
    webhooks.push(pair.0[0].take_inbound(30, 1_030, 30).await.unwrap().into_iter().map(|inbound| inbound.id).collect());
    once("webhooks", webhooks);

    for number in 0..30 {
        let told = Note::at(20).channels(vec!["mail"]);
        pair.0[0].apply(&id(number), &paid(&format!("key-{number}")), &told).await.unwrap();
    }
    let messages = pair.at_once(12, |_, store| async move {
        store.take_messages("mail", 30, 1_030, 5).await.unwrap().into_iter().map(|message| message.id).collect::<Vec<_>>()
    });
    let mut messages = messages.await;
    messages.push(pair.0[0].take_messages("mail", 30, 1_030, 30).await.unwrap().into_iter().map(|message| message.id).collect());
    once("messages", messages);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_webhooks_that_come_at_once_four_wait() {
    let pair = Pair::start().await;
    pair.0[0].place(&order(1), &NOTE).await.unwrap();
    pair.0[0].apply(&id(1), &started("a"), &NOTE).await.unwrap();
    for about in ["a", "invented"] {
        let kept = pair.at_once(16, |number, store| async move {
            store.keep_inbound(&Inbound::new(format!("{about}-{number}"), id(1), key(about), "DONE", 100), 0).await.unwrap()
        });
        assert_eq!(kept.await.into_iter().filter(|kept| *kept).count(), 4, "{about}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_are_taken_by_one_and_a_finding_is_new_once() {
    let pair = Pair::start().await;
    let account = Account::new("account-1");
    pair.at_once(8, |_, store| async move {
        store.add_key(&Fingerprint::new("one"), &Account::new("account-1"), Mode::Test).await.unwrap();
    })
    .await;
    // When they are made, and when the lease of whoever had them has run out.
    for now_ms in [1_000, 2_000 + BooksLease::LONGEST_MS] {
        let taken = pair.at_once(12, move |number, store| async move {
            let lease = BooksLease::new(number.to_string(), now_ms + BooksLease::LONGEST_MS);
            store.take_books(&Account::new("account-1"), &lease, now_ms, None).await.unwrap()
        });
        let taken = taken.await;
        assert_eq!(taken.iter().filter(|taken| **taken == BooksTaken::Taken(Books::new(account.clone(), 1_000))).count(), 1, "{taken:?}");
    }
    let kept = pair.at_once(12, |number, store| async move {
        store.keep_finding(&Finding::new(format!("f{number}"), FindingKind::Charge, "a", "what", 10)).await.unwrap()
    });
    assert_eq!(kept.await.into_iter().filter(|kept| *kept == Kept::New).count(), 1);
}

/// Many events for one order at once take effect one after another, and none fails for having met another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_one_order_take_turns() {
    let pair = Pair::start().await;
    pair.0[0].place(&order(1), &NOTE).await.unwrap();
    let ends = pair.at_once(40, |number, store| async move {
        let name = format!("key-{number}");
        match store.apply(&id(1), &if number % 2 == 0 { started(&name) } else { Event::TimeRanOut }, &NOTE).await {
            Ok(_) => 1,
            Err(ApplyError::Illegal { .. }) => 0,
            Err(other @ (ApplyError::NoSuchOrder | ApplyError::PaymentTaken | ApplyError::Store(_))) => panic!("{other}"),
        }
    });
    assert_eq!(ends.await.into_iter().sum::<i32>(), 1);
    assert_eq!(pair.0[1].events(&id(1)).await.unwrap().len(), 1);
}
