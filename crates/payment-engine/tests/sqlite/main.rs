//! What the SQLite store promises besides the contract.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod backup;
mod versions;

use payment_engine::order::{Attempt, Event, State};
use payment_engine::store::{Busy, Note, Options, OrderQuery, Placement, Sqlite, Store};
use payment_engine::{NewOrder, Owner};
use rusqlite::Connection;
use std::path::Path;
use std::task::Poll;
use std::time::Duration;
use toss_types::{IdempotencyKey, OrderId, PaymentKey, Won};

fn id(number: usize) -> OrderId {
    OrderId::parse(&format!("order_{number:015}")).unwrap()
}

fn order(number: usize) -> NewOrder {
    NewOrder {
        id: id(number),
        owner: Owner::new(format!("owner {number}")),
        name: "사과".to_owned(),
        total: Won::of(50_000).into(),
        details: "{}".to_owned(),
        reserves: Vec::new(),
        placed_at_ms: 1,
        expires_at_ms: 10_000,
    }
}

fn started(key: &str) -> Event {
    let (payment_key, idempotency_key) = (PaymentKey::parse(key).unwrap(), IdempotencyKey::parse(key).unwrap());
    Event::ConfirmStarted(Attempt::new(payment_key, idempotency_key, Won::of(50_000), 10))
}

const NOTE: Note = Note::at(10);

/// As another process has it.
fn raw(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.db"), "this is no database, it is a letter to whoever reads it").unwrap();
    let error = Sqlite::open(&Options::at(folder.path().join("orders.db"))).await.unwrap_err().to_string();
    assert!(error.starts_with("the store failed while ") && !error.contains('\n'), "{error}");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_made_only_where_it_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let refused = Sqlite::open(&Options::at(&path).create(false)).await;
    assert!(refused.is_err() && !path.exists());
    Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
    Sqlite::open(&Options::at(path).create(false)).await.unwrap().close().await;
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_orders() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    store.place(&order(1), &Note::at(1)).await.unwrap();
    for name in ["orders.db", "orders.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
}

/// Each way in which SQLite ends a transaction by itself, as it does when the disk is full. The trigger stands for the disk.
#[tokio::test]
async fn a_failure_in_a_transaction_is_over_when_its_cause_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    store.place(&order(1), &Note::at(1)).await.unwrap();
    for kind in ["ROLLBACK", "ABORT", "FAIL"] {
        let broken =
            format!("CREATE TRIGGER full BEFORE INSERT ON order_events BEGIN SELECT RAISE({kind}, 'database or disk is full'); END");
        let other = raw(&path);
        other.execute_batch(&broken).unwrap();
        for _ in 0..3 {
            let failed = store.apply(&id(1), &started("a"), &NOTE).await.unwrap_err().to_string();
            assert!(failed.contains("disk is full"), "{kind}: {failed}");
        }
        assert!(store.check_read().await.is_ok() && store.check_write(1).await.is_ok(), "{kind}: nothing is left behind");
        assert_eq!(store.order(&id(1)).await.unwrap().unwrap().state, State::Open, "{kind}: nothing was written");
        other.execute_batch("DROP TRIGGER full").unwrap();
    }
    store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
}

/// A caller that goes away in the middle leaves nothing behind, whenever it goes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_leaves_no_transaction_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&Options::at(folder.path().join("orders.db"))).await.unwrap();
    for number in 0..200 {
        let micros = (number as u64 * 37) % 2_000;
        // What has been written by then is one thing or the other.
        drop(tokio::time::timeout(Duration::from_micros(micros), store.place(&order(number), &Note::at(1))).await);
        assert!(store.check_write(1).await.is_ok(), "gone after {micros} us");
    }
}

/// Another process that does not let go of the file.
#[tokio::test]
async fn a_locked_file_is_an_error_and_then_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    store.place(&order(1), &Note::at(1)).await.unwrap();
    let other = raw(&path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(store.check_write(1).await.is_err());
    assert!(store.check_read().await.is_ok(), "it still answers");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(store.check_write(1).await.is_ok());
    store.apply(&id(1), &started("a"), &NOTE).await.unwrap();
}

/// Of new orders only so many wait, and whoever comes then is told so at once. Money is not refused for that.
#[tokio::test]
async fn where_too_many_orders_wait_the_next_is_refused_and_no_payment_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    store.place(&order(0), &Note::at(1)).await.unwrap();
    let other = raw(&path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (orders, note): (Vec<_>, _) = ((1..2_000).map(order).collect(), NOTE);
    let (mut waiting, mut refused) = (Vec::new(), 0);
    for order in &orders {
        let mut place = store.place(order, &note);
        match futures_util::poll!(&mut place) {
            Poll::Ready(told) => {
                assert!(told.unwrap_err().cause().is::<Busy>());
                refused += 1;
            }
            Poll::Pending => waiting.push(place),
        }
    }
    assert!(refused > 0 && waiting.len() > 100, "{refused} {}", waiting.len());
    let (first, event) = (id(0), started("a"));
    let mut paying = store.apply(&first, &event, &note);
    assert!(futures_util::poll!(&mut paying).is_pending());
    other.execute_batch("ROLLBACK").unwrap();
    paying.await.unwrap();
    let placed = waiting.len();
    for told in futures_util::future::join_all(waiting).await {
        assert!(matches!(told.unwrap(), Placement::Placed { .. }));
    }
    assert_eq!(store.orders(&OrderQuery::newest(u32::MAX)).await.unwrap().len(), placed + 1, "what was refused is not stored");
    assert!(matches!(store.place(&orders[1_998], &NOTE).await.unwrap(), Placement::Placed { .. }), "asked for again");
}

/// A back-up, or a shell that somebody has left open.
#[tokio::test]
async fn a_log_that_a_reader_has_let_grow_shrinks_again() {
    const MEGABYTE: u64 = 1024 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    let place = |numbers: std::ops::Range<usize>| {
        let orders = numbers.map(|number| NewOrder { details: "d".repeat(20_000), ..order(number) });
        futures_util::future::join_all(orders.map(async |order| store.place(&order, &NOTE).await.unwrap()))
    };
    let log = || std::fs::metadata(folder.path().join("orders.db-wal")).unwrap().len() / MEGABYTE;
    let reader = raw(&path);
    reader.execute_batch("BEGIN; SELECT COUNT(*) FROM orders").unwrap();
    for thousandth in 0..3 {
        place(thousandth * 500..thousandth * 500 + 500).await;
    }
    assert!(log() > 20, "{} MB", log());
    reader.execute_batch("COMMIT").unwrap();
    place(5_000..5_500).await;
    place(6_000..6_500).await;
    assert!(log() <= 16, "{} MB", log());
    store.close().await;
}
