//! Files of the versions before, and of shops that keep tables of their own in the file.

use crate::{NOTE, id, raw};
use payment_engine::order::{Account, Event, Expiry, Lane, Refund, State};
use payment_engine::store::{Note, Options, Sqlite, Store};
use payment_engine::toss_payments::CancelRequestId;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha384};
use std::path::Path;
use toss_types::{IdempotencyKey, PaymentKey, Won};

/// A shop that uses sqlx too has migrations of its own, under the usual name.
#[tokio::test]
async fn a_shop_may_keep_tables_of_its_own_in_the_file() {
    for shop_first in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let of_the_shop = || migrate(&raw(&path), USUAL, &[("goods", "CREATE TABLE goods (id TEXT NOT NULL PRIMARY KEY);")]);
        if shop_first {
            of_the_shop();
        }
        Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
        of_the_shop();
        assert_eq!(account(&path, USUAL), [(1, "goods".to_owned(), true)]);
        Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
    }
}

pub const FIRST: &str = include_str!("../../src/store/migrations/sqlite/0001_orders.sql");
const SECOND: &str = include_str!("../../src/store/migrations/sqlite/0002_engine.sql");
const THIRD: &str = include_str!("../../src/store/migrations/sqlite/0003_currency.sql");

const FOURTH: &str = include_str!("../../src/store/migrations/sqlite/0004_life.sql");

const FIFTH: &str = include_str!("../../src/store/migrations/sqlite/0005_growth.sql");

/// Where sqlx keeps account of migrations unless it is told otherwise.
const USUAL: &str = "_sqlx_migrations";
const OURS: &str = "payment_engine_migrations";

/// As sqlx 0.9 does it: refuses what was half done, what it does not know and what is another text by now, and does the rest.
fn migrate(file: &Connection, account: &str, steps: &[(&str, &str)]) {
    file.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {account} (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
         execution_time BIGINT NOT NULL)"
    ))
    .unwrap();
    let mut applied = file.prepare(&format!("SELECT version, checksum, success FROM {account} ORDER BY version")).unwrap();
    let applied: Vec<(i64, Vec<u8>, bool)> =
        applied.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect();
    let known: Vec<(i64, Vec<u8>, bool)> =
        (1..).zip(steps).map(|(version, (_, sql))| (version, Sha384::digest(sql).to_vec(), true)).collect();
    assert!(known.starts_with(&applied), "{applied:?}");
    for ((version, checksum, _), (description, sql)) in known.iter().zip(steps).skip(applied.len()) {
        file.execute_batch(sql).unwrap();
        let row = format!("INSERT INTO {account} (version, description, success, checksum, execution_time) VALUES (?, ?, TRUE, ?, 1)");
        file.execute(&row, params![version, description, checksum]).unwrap();
    }
}

fn account(path: &Path, account: &str) -> Vec<(i64, String, bool)> {
    let file = raw(path);
    let mut rows = file.prepare(&format!("SELECT version, description, success FROM {account} ORDER BY version")).unwrap();
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect()
}

/// Whoever has the same migrations and sqlx to take them, as versions before had it, finds nothing left to do.
#[tokio::test]
async fn the_account_of_migrations_is_as_sqlx_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
    let steps = [("orders", FIRST), ("engine", SECOND), ("currency", THIRD), ("life", FOURTH), ("expand: growth", FIFTH)];
    let told = account(&path, OURS);
    assert_eq!(told, (1..).zip(steps).map(|(version, (name, _))| (version, name.to_owned(), true)).collect::<Vec<_>>());
    migrate(&raw(&path), OURS, &steps);
    assert_eq!(account(&path, OURS), told, "there is nothing left to do");
    let columns = "SELECT group_concat(name || ' ' || type || ' ' || \"notnull\" || ' ' || pk, ', ') FROM pragma_table_info(?)";
    let columns = |account: &str| raw(&path).query_row(columns, [account], |row| row.get::<_, String>(0)).unwrap();
    migrate(&raw(&path), USUAL, &[]);
    assert_eq!(columns(OURS), columns(USUAL));
}

/// A file of a later version, and one whose migration is not what this version knows by that number.
#[tokio::test]
async fn a_file_that_another_version_has_gone_on_with_is_refused() {
    for change in [
        "INSERT INTO payment_engine_migrations VALUES (6, 'later', CURRENT_TIMESTAMP, TRUE, x'00', 1)",
        "INSERT INTO payment_engine_migrations VALUES (6, 'expand: half', CURRENT_TIMESTAMP, FALSE, x'00', 1)",
        "UPDATE payment_engine_migrations SET checksum = x'00' WHERE version = 4",
        "UPDATE payment_engine_migrations SET success = FALSE WHERE version = 4",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.db");
        Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
        raw(&path).execute_batch(change).unwrap();
        let refused = Sqlite::open(&Options::at(&path)).await.unwrap_err().to_string();
        assert!(refused.contains("bringing the tables up to date: ") && refused.contains("migration "), "{change}: {refused}");
    }
}

/// An operator who goes back to the version before, where the one after had only added something.
#[tokio::test]
async fn a_file_that_a_later_version_has_added_to_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
    let later = "ALTER TABLE orders ADD COLUMN gift_wrap TEXT; \
                 INSERT INTO payment_engine_migrations VALUES (6, 'expand: gifts', CURRENT_TIMESTAMP, TRUE, x'00', 1)";
    raw(&path).execute_batch(later).unwrap();
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    store.place(&crate::order(1), &NOTE).await.unwrap();
    assert!(store.order(&id(1)).await.unwrap().is_some());
    store.close().await;
    assert_eq!(account(&path, OURS).last().unwrap().1, "expand: gifts");
}

/// A database of the first version, with an order of 50,000 KRW in every state.
fn first_version(path: &Path) {
    let old = raw(path);
    migrate(&old, USUAL, &[("orders", FIRST)]);
    old.execute_batch("INSERT INTO toss_account VALUES (1, 'the merchant of test_gck_docs')").unwrap();
    let attempt = r#""payment_key":"tk_KEY","idempotency_key":"confirm-KEY","amount":50000,"claimed_at_ms":2000"#;
    for (number, state, check) in [
        (1, r#"{"status":"open"}"#.to_owned(), "NULL"),
        (2, format!(r#"{{"status":"confirming",{}}}"#, attempt.replace("KEY", "2")), "92000"),
        (3, format!(r#"{{"status":"unknown",{}}}"#, attempt.replace("KEY", "3")), "5000"),
        (
            4,
            format!(
                r#"{{"status":"declined","attempt":{{{}}},"decline":{{"code":"X","message":"","status":403}}}}"#,
                attempt.replace("KEY", "4")
            ),
            "NULL",
        ),
        (
            5,
            format!(
                r#"{{"status":"awaiting_deposit","attempt":{{{}}},"account":{{"bank_code":"20","account_number":"1","holder":null,"due_date":null}}}}"#,
                attempt.replace("KEY", "5")
            ),
            "600000",
        ),
        (
            6,
            format!(
                r#"{{"status":"paid","attempt":{{{}}},"approval":{{"method":"카드","approved_at":null,"receipt_url":null}}}}"#,
                attempt.replace("KEY", "6")
            ),
            "NULL",
        ),
    ] {
        let id = id(number);
        let sql = format!(
            r#"INSERT INTO orders VALUES ('{id}', 'owner {number}', '사과', '{{"items":[],"coupon":null}}', '{{"name":"김"}}', 'ko',
               50000, '{state}', 2, NULL, {check}, 3, 1000, 2000)"#
        );
        old.execute_batch(&sql).unwrap();
        if number > 1 {
            old.execute_batch(&format!("INSERT INTO payment_claims VALUES ('tk_{number}', '{id}')")).unwrap();
        }
    }
    // A word of Toss's paths, which was taken for a paymentKey and stayed in doubt for ever.
    let word = attempt.replace("tk_KEY", "confirm").replace("KEY", "7");
    let sql = format!(
        r#"INSERT INTO orders VALUES ('{id}', 'owner 7', '사과', '{{}}', '{{}}', 'ko', 50000, '{{"status":"unknown",{word}}}', 2, NULL, 5, 3, 1000, 2000)"#,
        id = id(7)
    );
    old.execute_batch(&sql).unwrap();
    old.execute_batch(&format!("INSERT INTO payment_claims VALUES ('confirm', '{}')", id(7))).unwrap();
    let event = format!(r#"{{"event":"confirm_started",{word}}}"#);
    old.execute_batch(&format!("INSERT INTO order_events VALUES ('{}', 1, 2000, '{event}', NULL)", id(7))).unwrap();
    let event = format!(r#"{{"event":"confirm_started",{}}}"#, attempt.replace("KEY", "2"));
    old.execute_batch(&format!("INSERT INTO order_events VALUES ('{}', 1, 2000, '{event}', NULL)", id(2))).unwrap();
    drop(old);
}

#[tokio::test]
async fn orders_of_the_second_version_keep_what_they_cost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let old = raw(&path);
    migrate(&old, USUAL, &[("orders", FIRST), ("engine", SECOND)]);
    let attempt =
        r#"{"payment_key":"tk_1","idempotency_key":"confirm-1","amount":45000,"claimed_at_ms":2000,"account":"account-1","renewals":2}"#;
    let state = format!(r#"{{"status":"confirming","attempt":{attempt},"next":null}}"#);
    let sql = format!(
        "INSERT INTO orders (id, owner, name, total_krw, state, status, version, placed_at_ms, changed_at_ms, expires_at_ms, attempts, lane, \
         look_at_ms, waits_since_ms) VALUES ('{}', 'owner', '사과', 45000, '{state}', 'confirming', 1, 1000, 2000, 9000, 1, 'unheard', 92000, 2000)",
        id(1)
    );
    old.execute_batch(&sql).unwrap();
    drop(old);
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    let record = store.order(&id(1)).await.unwrap().unwrap();
    let attempt = record.state.attempt().unwrap();
    assert_eq!((&record.order.total, &attempt.amount), (&Won::of(45_000).into(), &Won::of(45_000).into()));
    assert_eq!((attempt.renewals, attempt.account.is_some()), (2, true));
    store.close().await;
    // Not even by hand is an order sold for a made-up price.
    let raw = raw(&path);
    let forgetful = "INSERT INTO orders (id, owner, name, state, version, placed_at_ms, changed_at_ms) SELECT 'x', owner, name, state, 1, 1, 1 FROM orders";
    raw.execute_batch(forgetful).unwrap();
    let price: Option<String> = raw.query_row("SELECT amount FROM orders WHERE id = 'x'", [], |row| row.get(0)).unwrap();
    assert_eq!(price, None);
}

#[tokio::test]
async fn orders_of_the_third_version_go_on_and_can_be_refunded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let old = raw(&path);
    migrate(&old, USUAL, &[("orders", FIRST), ("engine", SECOND), ("currency", THIRD)]);
    let attempt = |number: usize| {
        format!(
            r#"{{"payment_key":"tk_{number}","idempotency_key":"confirm-{number}","amount":45000,"claimed_at_ms":2000,"account":"account-1","renewals":0}}"#
        )
    };
    let states = [
        ("paid", format!(r#"{{"status":"paid","attempt":{},"approval":{{"method":"카드"}}}}"#, attempt(1))),
        (
            "awaiting_deposit",
            format!(r#"{{"status":"awaiting_deposit","attempt":{},"account":{{"bank_code":"20","account_number":"1"}}}}"#, attempt(2)),
        ),
        ("expired", r#"{"status":"expired","reason":"out_of_time","attempt":null}"#.to_owned()),
    ];
    for (number, (status, state)) in (1..).zip(&states) {
        let sql = format!(
            "INSERT INTO orders (id, owner, name, amount, currency, state, status, version, placed_at_ms, changed_at_ms, expires_at_ms, \
             attempts) VALUES ('{id}', 'owner', '사과', '45000', 'KRW', '{state}', '{status}', 2, 1000, 2000, 9000, 1)",
            id = id(number)
        );
        old.execute_batch(&sql).unwrap();
        for (seq, event) in [
            (1, format!(r#"{{"event":"confirm_started",{}"#, &attempt(number)[1..])),
            (2, format!(r#"{{"event":"confirm_ended","payment_key":"tk_{number}","outcome":{{"outcome":"paid","method":"카드"}}}}"#)),
        ] {
            let sql = format!("INSERT INTO order_events VALUES ('{}', {seq}, 2000, '{event}', '{{}}')", id(number));
            old.execute_batch(&sql).unwrap();
        }
    }
    drop(old);

    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    for number in 1..=3 {
        assert_eq!(store.events(&id(number)).await.unwrap().len(), 2, "{number}");
    }
    let record = store.order(&id(1)).await.unwrap().unwrap();
    assert!(matches!(record.state, State::Paid { deposit: None, .. }) && record.refunds.is_empty() && record.order.reserves.is_empty());
    assert_eq!(record.balance().refundable.to_string(), "45000");
    let refund = Refund::new(
        CancelRequestId::parse("refund-1").unwrap(),
        IdempotencyKey::parse("refund-1").unwrap(),
        record.state.attempt().unwrap().payment_key.clone(),
        Won::of(5_000).into(),
        Won::of(45_000).into(),
        3_000,
    );
    let applied = store.apply(&id(1), &Event::RefundStarted(refund), &NOTE).await.unwrap();
    assert_eq!(applied.record.balance().under_way.to_string(), "5000");
    let payment_key = PaymentKey::parse("tk_2").unwrap();
    store.apply(&id(2), &Event::NoDeposit { payment_key }, &NOTE).await.unwrap();
    assert!(matches!(store.order(&id(2)).await.unwrap().unwrap().state, State::Expired { reason: Expiry::NoDeposit, .. }));
    assert!(matches!(store.order(&id(3)).await.unwrap().unwrap().state, State::Expired { reason: Expiry::OutOfTime, .. }));
}

#[tokio::test]
async fn two_that_start_at_once_on_an_old_file_both_start() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.db");
        first_version(&path);
        let options = Options::at(&path);
        let stores = futures_util::future::join_all((0..4).map(|_| Sqlite::open(&options))).await;
        for store in stores {
            let store = store.unwrap();
            assert_eq!(store.order(&id(1)).await.unwrap().unwrap().order.total, Won::of(50_000).into());
            store.close().await;
        }
    }
}

#[tokio::test]
async fn an_account_of_migrations_that_is_a_shops_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    migrate(&raw(&path), USUAL, &[("orders", "CREATE TABLE shop_orders (id TEXT NOT NULL PRIMARY KEY);")]);
    Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
    assert_eq!(account(&path, USUAL), [(1, "orders".to_owned(), true)]);
}

#[tokio::test]
async fn orders_of_the_version_before_are_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    first_version(&path);
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    let record = |number| {
        let store = &store;
        async move { store.order(&id(number)).await.unwrap().unwrap() }
    };
    let key = |state: &State| state.attempt().map(|attempt| attempt.payment_key.expose().to_owned());
    for number in 1..=7 {
        let record = record(number).await;
        assert_eq!(record.order.total, Won::of(50_000).into(), "{number}");
        assert!(record.state.attempt().is_none_or(|attempt| attempt.amount == record.order.total), "{number}");
    }
    assert_eq!(record(1).await.state, State::Open);
    assert!(matches!(record(2).await.state, State::Confirming { next: None, .. }));
    assert!(matches!(record(3).await.state, State::InDoubt { next: None, .. }));
    assert!(matches!(record(4).await.state, State::Declined { .. }));
    assert!(matches!(record(5).await.state, State::AwaitingDeposit { .. }));
    assert!(matches!(record(6).await.state, State::Paid { .. }));
    for number in 2..=6 {
        assert_eq!((key(&record(number).await.state), record(number).await.attempts), (Some(format!("tk_{number}")), 1));
    }
    let details: serde_json::Value = serde_json::from_str(&record(1).await.order.details).unwrap();
    assert_eq!((details["lang"].as_str(), details["customer"]["name"].as_str()), (Some("ko"), Some("김")));
    assert!(details["cart"]["items"].is_array());
    assert_eq!(record(1).await.order.expires_at_ms, 1_000 + 40 * 60_000);
    assert_eq!(store.events(&id(2)).await.unwrap().len(), 1);
    assert!(matches!(record(7).await.state, State::Declined { .. }), "no such key, and so no charge");
    assert_eq!((key(&record(7).await.state).as_deref(), store.events(&id(7)).await.unwrap().len()), (Some("no-key-confirm"), 1));

    let due = |lane, now_ms| {
        let store = &store;
        async move {
            store.take_due(lane, now_ms, now_ms + 90_000, 9).await.unwrap().into_iter().map(|record| record.order.id).collect::<Vec<_>>()
        }
    };
    let mut unheard = due(Lane::Unheard, 92_000).await;
    unheard.sort();
    assert_eq!(unheard, [id(2), id(3)]);
    assert_eq!(due(Lane::Deposit, 600_000).await, [id(5)]);
    assert_eq!(due(Lane::Expiry, 1_000 + 40 * 60_000).await.len(), 3);
    store.apply(&id(1), &Event::TimeRanOut, &Note::at(1_000 + 40 * 60_000)).await.unwrap();
    assert_eq!(record(1).await.state, State::Expired { reason: Expiry::OutOfTime, attempt: None });
    let keys = store.keys().await.unwrap();
    assert_eq!(keys.accounts, [(Account::new("account-1"), "test".to_owned())]);
    assert_eq!((keys.keys.len(), keys.open_ends), (0, vec![(None, 3)]));
}
