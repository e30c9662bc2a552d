//! How often the store waits for the database, and what it says to a pooler.

use crate::held::hold;
use crate::proxy::{Pooler, Proxy};
use crate::server::server;
use crate::{NOTE, connect, id, order, order_of, paid, started};
use payment_engine::NewOrder;
use payment_engine::order::{Reserve, State};
use payment_engine::store::{ApplyError, Note, Placement, Store as _};

/// Once a session knows what it is asked, which takes two times.
#[tokio::test]
async fn placing_and_each_event_take_two_round_trips_and_a_look_one() {
    let (proxy, wire) = Proxy::before(&server().fresh()).await;
    let store = connect(&wire).await;
    let told = Note::at(20).channels(vec!["mail"]).toss_answer("{}");
    for number in 0..8 {
        let reserves = if number % 2 == 0 { Vec::new() } else { vec![Reserve::new("apple", 1), Reserve::new("pear", 2)] };
        let (order, key, mut before) = (NewOrder { reserves, ..order(number) }, format!("key-{number}"), (proxy.goes(), proxy.parsed()));
        let mut trips = || {
            let (now, last) = ((proxy.goes(), proxy.parsed()), before);
            before = now;
            (now.0 - last.0, now.1 - last.1)
        };
        store.place(&order, &NOTE).await.unwrap();
        let placed = trips();
        store.apply(&order.id, &started(&key), &NOTE).await.unwrap();
        let claimed = trips();
        let applied = store.apply(&order.id, &paid(&key), &told).await.unwrap();
        assert!(matches!(applied.record.state, State::Paid { .. }));
        let ended = trips();
        assert!(store.order(&order.id).await.unwrap().is_some());
        if number >= 4 {
            assert_eq!([placed, claimed, ended, trips()], [(2, 0), (2, 0), (2, 0), (1, 0)]);
        }
    }
}

/// The same database for a role that begins with the schema of that address, which a pooler does not pass on.
fn through(url: &str, role: &str) -> String {
    let (address, schema) = (url.split_once('?').unwrap().0, url.rsplit_once("%3D").unwrap().1);
    server()
        .run(&format!("CREATE ROLE {role} LOGIN; ALTER ROLE {role} SET search_path = {schema}; GRANT ALL ON SCHEMA {schema} TO {role}"));
    address.replace("shop@", &format!("{role}@"))
}

#[tokio::test]
async fn through_a_pooler_each_transaction_says_how_long_it_waits() {
    for (pooler, role) in [(Pooler::Refuses, "refused"), (Pooler::Ignores, "ignored")] {
        let url = server().fresh();
        let (proxy, wire) = Proxy::like(Some(pooler), &through(&url, role)).await;
        let store = connect(&wire).await;
        let begun = proxy.alone().len();
        let of = |number| NewOrder { reserves: vec![Reserve::new("apple", 1)], ..order_of(number, "one") };
        store.place(&of(1), &NOTE).await.unwrap();
        assert_eq!(store.place(&of(2), &NOTE).await.unwrap(), Placement::Placed { replaced: vec![id(1)] }, "{pooler:?}");
        store.apply(&id(2), &started("a"), &NOTE).await.unwrap();
        let again = store.apply(&id(1), &started("a"), &NOTE).await;
        assert!(matches!(again, Err(ApplyError::Illegal { .. })), "{pooler:?}: {again:?}");
        store.apply(&id(2), &paid("a"), &NOTE).await.unwrap();
        assert_eq!(store.stock().await.unwrap()[0].taken, 1, "{pooler:?}");
        assert!(store.keys().await.is_ok() && store.check_write(1).await.is_ok());
        // How a session stands is asked as it begins, and nothing else outside a transaction that says how long it waits.
        assert_eq!(proxy.alone()[begun..].iter().filter(|sql| !sql.contains("CURRENT_SETTING")).collect::<Vec<_>>(), Vec::<&String>::new());
        assert_eq!(proxy.lost_on_poolers(), Vec::<String>::new());
        let held = hold(&format!("SET search_path = {}; BEGIN; SELECT owner FROM owners FOR UPDATE", url.rsplit_once("%3D").unwrap().1));
        let refused = store.place(&of(3), &NOTE).await.unwrap_err().to_string();
        assert!(refused.contains("lock timeout"), "{pooler:?}: {refused}");
        drop(held);
        store.place(&of(3), &NOTE).await.unwrap();
    }
}

/// Behind a pooler that hands out sessions for a transaction each, what was prepared in one is not there in the next.
#[tokio::test]
async fn nothing_is_prepared_for_longer_than_its_transaction() {
    for (pooler, role) in [(Pooler::Refuses, "prepares"), (Pooler::Ignores, "prepares_too")] {
        let (proxy, wire) = Proxy::like(Some(pooler), &through(&server().fresh(), role)).await;
        let store = connect(&wire).await;
        for number in 0..4 {
            store.place(&order(number), &NOTE).await.unwrap();
            store.apply(&id(number), &started(&format!("key-{number}")), &NOTE).await.unwrap();
            store.order(&id(number)).await.unwrap();
            store.keys().await.unwrap();
            assert!(store.check_read().await.is_ok() && store.check_write(1).await.is_ok());
        }
        assert!(proxy.transactions() > 20, "it was read");
        assert_eq!(proxy.lost_on_poolers(), Vec::<String>::new());
    }
}

/// Tables that change under a statement that a session knows, as when a newer server brings them up to date.
#[tokio::test]
async fn what_a_session_knows_is_forgotten_where_tables_change() {
    let url = server().fresh();
    let store = connect(&url).await;
    for number in 0..4 {
        store.set_stock(&format!("sku-{number}"), Some(1)).await.unwrap();
        assert_eq!(store.stock().await.unwrap().len(), number + 1);
    }
    let schema = url.rsplit_once("%3D").unwrap().1;
    server().run(&format!("ALTER TABLE {schema}.stock ALTER COLUMN sku TYPE VARCHAR COLLATE \"C\""));
    assert_eq!(store.stock().await.unwrap().len(), 4);
}
