//! Connections that break.

use crate::held::hold;
use crate::proxy::{Cut, Proxy};
use crate::server::server;
use crate::{NOTE, connect, id, options, order, order_of, paid, started};
use payment_engine::order::{Illegal, Reserve, State};
use payment_engine::store::{ApplyError, Note, Placement, Postgres, Store as _};
use payment_engine::{NewOrder, Owner};
use std::time::Duration;

#[tokio::test]
async fn an_event_whose_commit_is_cut_off_is_written_once() {
    for cut in [Cut::Before, Cut::After] {
        let url = server().fresh();
        let (proxy, wire) = Proxy::before(&url).await;
        let store = connect(&wire).await;
        store.place(&order(1), &NOTE).await.unwrap();
        store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
        proxy.cut(cut);
        let applied = store.apply(&id(1), &paid("a"), &Note::at(20).channels(vec!["mail"])).await.unwrap();
        assert!(proxy.has_cut(), "{cut:?}");
        assert!(matches!(applied.record.state, State::Paid { .. }) && applied.record.version == 2, "{cut:?}: {:?}", applied.record);
        let direct = connect(&url).await;
        assert_eq!(direct.events(&id(1)).await.unwrap().len(), 2, "{cut:?}");
        assert_eq!(direct.messages(false, 9).await.unwrap().len(), 1, "{cut:?}");
        assert!(matches!(direct.order(&id(1)).await.unwrap().unwrap().state, State::Paid { .. }), "{cut:?}");
    }
}

/// The claim of a payment would refuse a second try: it is not taken for somebody else's.
#[tokio::test]
async fn a_claim_whose_commit_is_cut_off_is_this_callers() {
    for cut in [Cut::Before, Cut::After] {
        let (proxy, wire) = Proxy::before(&server().fresh()).await;
        let store = connect(&wire).await;
        store.place(&order(1), &NOTE).await.unwrap();
        proxy.cut(cut);
        let applied = store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
        assert!(proxy.has_cut() && applied.effect.is_some() && applied.record.attempts == 1, "{cut:?}: {applied:?}");
        let again = store.apply(&id(1), &started("a"), &NOTE).await;
        assert!(matches!(again, Err(ApplyError::Illegal { illegal: Illegal::NotPayable, .. })), "{cut:?}: {again:?}");
    }
}

#[tokio::test]
async fn a_placing_whose_commit_is_cut_off_places_once() {
    for cut in [Cut::Before, Cut::After] {
        let (proxy, wire) = Proxy::before(&server().fresh()).await;
        let store = connect(&wire).await;
        store.set_stock("apple", Some(5)).await.unwrap();
        let of = |number| NewOrder { reserves: vec![Reserve::new("apple", 2)], ..order_of(number, "one") };
        store.place(&of(1), &NOTE).await.unwrap();
        proxy.cut(cut);
        assert_eq!(store.place(&of(2), &NOTE).await.unwrap(), Placement::Placed { replaced: vec![id(1)] }, "{cut:?}");
        assert!(proxy.has_cut(), "{cut:?}");
        assert_eq!(store.stock().await.unwrap()[0].taken, 2, "{cut:?}");
        assert_eq!(store.events(&id(1)).await.unwrap().len(), 1, "{cut:?}");
        assert!(store.order(&id(2)).await.unwrap().unwrap().state.is_payable(), "{cut:?}");
    }
}

#[tokio::test]
async fn what_the_server_has_cut_off_is_connected_anew() {
    let url = server().fresh();
    let options = options(&format!("{url}&application_name=cut_off")).connections(30);
    let store = Postgres::connect(&options).await.unwrap();
    let places = (0..60).map(|number| {
        let store = store.clone();
        async move { store.place(&order(number), &NOTE).await.unwrap() }
    });
    futures_util::future::join_all(places).await;
    server().run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut_off'");
    store.place(&order(100), &NOTE).await.unwrap();
    assert!(store.check_read().await.is_ok() && store.check_write(1).await.is_ok());
    assert_eq!(store.undecided_of(&Owner::new("owner 100")).await.unwrap(), None);
}

/// Behind a pooler that hands out connections for a transaction each, what one has prepared is not there on the next.
#[tokio::test]
async fn nothing_is_prepared_for_longer_than_its_transaction() {
    let (proxy, wire) = Proxy::before(&server().fresh()).await;
    let store = connect(&wire).await;
    store.place(&order(1), &NOTE).await.unwrap();
    store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
    store.order(&id(1)).await.unwrap();
    store.keys().await.unwrap();
    assert!(store.check_read().await.is_ok() && store.check_write(1).await.is_ok());
    assert!(proxy.commits() > 5, "it was read");
    assert_eq!(proxy.lost_on_poolers(), Vec::<String>::new());
}

/// A caller that goes away in the middle leaves nothing behind, whenever it goes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_leaves_no_transaction_open() {
    let url = server().fresh();
    let store = connect(&format!("{url}&application_name=gone_away")).await;
    let of = |number| NewOrder { reserves: vec![Reserve::new("apple", 1)], ..order_of(number, "one") };
    for number in 0..150 {
        let micros = (number as u64 * 137) % 12_000;
        // What has been written by then is one thing or the other.
        drop(tokio::time::timeout(Duration::from_micros(micros), store.place(&of(number), &NOTE)).await);
        assert!(store.check_write(1).await.is_ok(), "gone after {micros} us");
    }
    // Whoever had locked the owner's row has let go of it, and half of an order is nowhere.
    assert!(matches!(store.place(&of(200), &NOTE).await.unwrap(), Placement::Placed { .. }));
    assert_eq!(store.stock().await.unwrap()[0].taken, 1);
}

/// Somebody who does not let go of a row.
#[tokio::test]
async fn a_row_that_is_held_is_an_error_and_then_none() {
    let url = server().fresh();
    let store = connect(&url).await;
    store.place(&order(1), &NOTE).await.unwrap();
    let held = hold(&format!("SET search_path = {}; BEGIN; SELECT id FROM orders FOR UPDATE", url.rsplit_once("%3D").unwrap().1));
    let refused = store.apply(&id(1), &started("a"), &NOTE).await.unwrap_err().to_string();
    assert!(refused.contains("applying an event") && refused.contains("lock timeout"), "{refused}");
    assert!(store.order(&id(1)).await.unwrap().is_some(), "it still answers");
    drop(held);
    store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
}

#[tokio::test]
async fn what_no_text_of_the_database_can_hold_loses_nothing_else() {
    let store = connect(&server().fresh()).await;
    let odd = NewOrder { details: "a\0b".to_owned(), ..order(1) };
    store.place(&odd, &NOTE).await.unwrap();
    store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
    let applied = store.apply(&id(1), &paid("a"), &Note::at(20).toss_answer("<html>\0</html>")).await.unwrap();
    assert!(matches!(applied.record.state, State::Paid { .. }));
    let record = store.order(&id(1)).await.unwrap().unwrap();
    let answer = store.toss_answer(&id(1)).await.unwrap();
    assert_eq!((record.order.details.as_str(), answer.as_deref()), ("a\u{fffd}b", Some("<html>\u{fffd}</html>")));
}
