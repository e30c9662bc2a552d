//! Databases with several hosts, of which one takes what is written.

use crate::server::server;
use crate::{NOTE, connect, id, options, order, order_of};
use payment_engine::store::{Postgres, Store as _};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// The same database with another host before, or after, its own.
fn with(url: &str, other: &str, is_first: bool) -> String {
    let host = url.split(['@', '/']).nth(3).unwrap();
    url.replace(host, &if is_first { format!("{other},{host}") } else { format!("{host},{other}") })
}

/// Where nobody listens.
async fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

#[tokio::test]
async fn the_host_that_is_there_is_found_wherever_it_stands() {
    for is_first in [true, false] {
        let store = connect(&with(&server().fresh(), &nobody().await, is_first)).await;
        store.place(&order(1), &NOTE).await.unwrap();
        assert!(store.order(&id(1)).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn where_no_host_is_there_each_is_told_of() {
    let (one, other) = (nobody().await, nobody().await);
    let refused = Postgres::connect(&options(&format!("postgres://shop@{one},{other}/postgres"))).await.unwrap_err().to_string();
    assert!(refused.contains(&one) && refused.contains(&other) && refused.contains("refused"), "{refused}");
}

/// A machine that hangs takes connections and says nothing.
#[tokio::test]
async fn a_host_that_does_not_answer_costs_a_bounded_time_and_no_more_than_once() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = with(&server().fresh(), &silent.local_addr().unwrap().to_string(), true);
    let began = Instant::now();
    let store = Postgres::connect(&options(&format!("{url}&connect_timeout=2"))).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let began = Instant::now();
    let places = (0..8).map(|number| {
        let (store, order) = (store.clone(), order_of(number, &format!("owner {number}")));
        async move { store.place(&order, &NOTE).await.unwrap() }
    });
    futures_util::future::join_all(places).await;
    assert!(began.elapsed() < Duration::from_secs(2), "the host that answered is asked first: {:?}", began.elapsed());
}

#[tokio::test]
async fn a_server_that_takes_nothing_to_be_written_is_none_where_that_is_said() {
    let url = server().fresh();
    connect(&url).await.close().await;
    let schema = url.rsplit_once("%3D").unwrap().1;
    server().run(&format!(
        "CREATE ROLE reader LOGIN; ALTER ROLE reader SET default_transaction_read_only = on; GRANT USAGE ON SCHEMA {schema} TO reader; \
         GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO reader"
    ));
    let reader = url.replace("shop@", "reader@");
    let refused = Postgres::connect(&options(&format!("{reader}&target_session_attrs=read-write"))).await.unwrap_err().to_string();
    assert!(refused.contains("read-only"), "{refused}");
    // Where nothing is said it is tried, and a session that turns out to be read-only is not used again.
    let store = connect(&reader).await;
    let refused = store.check_write(1).await.unwrap_err().to_string();
    assert!(refused.contains("read-only") && store.check_read().await.is_ok(), "{refused}");
    server().run("ALTER ROLE reader RESET default_transaction_read_only");
    let refused = store.check_write(1).await;
    assert!(refused.is_ok(), "{refused:?}");
}
