//! Connecting, and bringing the tables up to date.

use crate::server::server;
use crate::{NOTE, connect, id, key, options, order, paid, started};
use futures_util::future::join_all;
use payment_engine::order::{LEASE_MS, Lane, State};
use payment_engine::store::{ApplyError, Inbound, Note, Postgres, Store as _};

/// The schema that an address names.
fn schema(url: &str) -> &str {
    url.rsplit_once("%3D").unwrap().1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_at_once_on_an_empty_database_all_start() {
    let url = server().fresh();
    let stores = join_all((0..8).map(|_| {
        let options = options(&url);
        tokio::spawn(async move { Postgres::connect(&options).await })
    }));
    let stores: Vec<Postgres> = stores.await.into_iter().map(|store| store.unwrap().unwrap()).collect();
    stores[0].place(&order(1), &NOTE).await.unwrap();
    assert!(stores[7].order(&id(1)).await.unwrap().is_some(), "they share one database");
    let migrations = server().run(&format!("SELECT COUNT(*) FROM {}.payment_engine_migrations", schema(&url)));
    assert_eq!(migrations.trim(), "3");
}

#[tokio::test]
async fn a_role_that_may_make_nothing_uses_what_is_there() {
    let url = server().fresh();
    let (schema, maker) = (schema(&url), connect(&url).await);
    server().run(&format!(
        "CREATE ROLE humble LOGIN; GRANT USAGE ON SCHEMA {schema} TO humble; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO humble"
    ));
    let humble = connect(&url.replace("shop@", "humble@")).await;
    humble.place(&order(1), &NOTE).await.unwrap();
    humble.apply(&id(1), &started("a"), &NOTE).await.unwrap();
    assert_eq!(maker.events(&id(1)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn tables_are_made_only_where_they_may_be() {
    let url = server().fresh();
    let existing = options(&url).create(false);
    let refused = Postgres::connect(&existing).await.unwrap_err().to_string();
    assert!(refused.contains("has not been started on it"), "{refused}");
    connect(&url).await.close().await;
    Postgres::connect(&existing).await.unwrap();
}

#[tokio::test]
async fn tables_of_another_version_are_left_alone() {
    for (change, told) in [
        ("INSERT INTO payment_engine_migrations VALUES (90, 'contract: later', 'x')", "migration 90"),
        ("UPDATE payment_engine_migrations SET checksum = 'x'", "migration 1"),
    ] {
        let url = server().fresh();
        connect(&url).await.close().await;
        server().run(&format!("SET search_path = {}; {change}", schema(&url)));
        let refused = Postgres::connect(&options(&url)).await.unwrap_err().to_string();
        assert!(refused.contains(told) && !refused.contains('\n'), "{refused}");
    }
}

/// While servers are exchanged one by one, those of before go on, and may start, beside the tables of the ones after.
#[tokio::test]
async fn tables_that_a_later_version_has_added_to_are_worked_with() {
    let url = server().fresh();
    connect(&url).await.close().await;
    let later = "ALTER TABLE orders ADD COLUMN gift_wrap TEXT; INSERT INTO payment_engine_migrations VALUES (90, 'expand: gifts', 'x')";
    server().run(&format!("SET search_path = {}; {later}", schema(&url)));
    let store = connect(&url).await;
    store.place(&order(1), &NOTE).await.unwrap();
    store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
    assert_eq!(store.order(&id(1)).await.unwrap().unwrap().version, 1);
}

/// A database of the first version, with what an engine keeps in it.
async fn first_version() -> String {
    const FIRST: &str = include_str!("../../src/store/migrations/postgres/0001_orders.sql");
    let (url, newer) = (server().fresh(), server().fresh());
    let (old, new) = (schema(&url), schema(&newer));
    let store = connect(&newer).await;
    store.place(&order(1), &NOTE).await.unwrap();
    store.apply(&id(1), &started("a"), &Note::at(10).channels(vec!["mail"])).await.unwrap();
    store.keep_inbound(&Inbound::new("w1", id(1), key("a"), "DONE", 20), 0).await.unwrap();
    store.place(&order(2), &NOTE).await.unwrap();
    store.apply(&id(2), &started("b"), &NOTE).await.unwrap();
    store.apply(&id(2), &paid("b"), &Note::at(20).channels(vec!["mail"])).await.unwrap();
    store.close().await;
    server().run(&format!(
        "SET search_path = {old}; {FIRST}; CREATE TABLE payment_engine_migrations (LIKE {new}.payment_engine_migrations INCLUDING ALL); \
         INSERT INTO payment_engine_migrations SELECT * FROM {new}.payment_engine_migrations WHERE version = 1"
    ));
    for table in ["owners", "orders", "order_events", "payment_claims", "inbox", "outbox"] {
        let columns = server().run(&format!(
            "SELECT STRING_AGG(column_name, ', ') FROM information_schema.columns WHERE table_schema = '{old}' AND table_name = '{table}'"
        ));
        server().run(&format!("INSERT INTO {old}.{table} ({columns}) SELECT {columns} FROM {new}.{table}"));
    }
    url
}

#[tokio::test]
async fn what_the_version_before_has_kept_is_taken_over() {
    let url = first_version().await;
    let store = connect(&url).await;
    assert_eq!(store.recover(100).await.unwrap(), 1, "nobody's lease ends when a server starts");
    let due = store.take_due(Lane::Unheard, 100, 100 + LEASE_MS, 9).await.unwrap();
    assert_eq!(due.iter().map(|record| (&record.order.id, record.version)).collect::<Vec<_>>(), [(&id(1), 1)]);
    assert_eq!(store.take_inbound(100, 200, 9).await.unwrap().len(), 1);
    assert_eq!(store.take_messages("mail", 100, 200, 9).await.unwrap().len(), 1);
    assert!(matches!(store.order(&id(2)).await.unwrap().unwrap().state, State::Paid { .. }));
    let again = store.apply(&id(2), &started("a"), &NOTE).await;
    assert!(matches!(again, Err(ApplyError::Illegal { .. } | ApplyError::PaymentTaken)), "{again:?}");
    store.apply(&id(1), &paid("a"), &Note::at(30)).await.unwrap();
}

#[tokio::test]
async fn a_server_that_does_not_wait_for_its_disk_is_refused() {
    let url = server().fresh();
    server().run("CREATE ROLE hasty LOGIN; ALTER ROLE hasty SET synchronous_commit = off");
    let refused = Postgres::connect(&options(&url.replace("shop@", "hasty@"))).await.unwrap_err().to_string();
    assert!(refused.contains("synchronous_commit=off") && refused.contains("needs on"), "{refused}");
}

#[tokio::test]
async fn the_password_opens_the_database_and_is_told_to_nobody() {
    let url = server().fresh();
    server().run(&format!("CREATE ROLE guarded LOGIN PASSWORD 'hun@ter2'; GRANT USAGE, CREATE ON SCHEMA {} TO guarded", schema(&url)));
    let open = connect(&url.replace("shop@", "guarded:hun%40ter2@")).await;
    assert!(open.check_read().await.is_ok());
    let wrong = options(&url.replace("shop@", "guarded:swordfish@"));
    let refused = Postgres::connect(&wrong).await.unwrap_err();
    for printed in [refused.to_string(), format!("{refused:?} {wrong:?} {open:?}")] {
        assert!(!printed.contains("swordfish") && !printed.contains("hun@ter2") && !printed.contains("hun%40ter2"), "{printed}");
        assert!(!printed.contains('\n'), "{printed}");
    }
}
