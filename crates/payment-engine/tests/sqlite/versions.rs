//! Files of the versions before, and of shops that keep tables of their own in the file.

use crate::{NOTE, id};
use payment_engine::order::{Account, Event, Expiry, Lane, Refund, State};
use payment_engine::store::{Note, Options, Sqlite, Store};
use payment_engine::toss_payments::CancelRequestId;
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use std::path::Path;
use toss_types::{IdempotencyKey, PaymentKey, Won};

/// A shop that uses sqlx too has migrations of its own, under the usual name.
#[tokio::test]
async fn a_shop_may_keep_tables_of_its_own_in_the_file() {
    for shop_first in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let of_the_shop =
            async || migrate(&mut file(&path).await, &[("0001_goods.sql", "CREATE TABLE goods (id TEXT NOT NULL PRIMARY KEY);")]).await;
        if shop_first {
            of_the_shop().await;
        }
        Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
        of_the_shop().await;
        Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
    }
}

pub const FIRST: &str = include_str!("../../src/store/migrations/sqlite/0001_orders.sql");
const SECOND: &str = include_str!("../../src/store/migrations/sqlite/0002_engine.sql");
const THIRD: &str = include_str!("../../src/store/migrations/sqlite/0003_currency.sql");

/// As sqlx keeps account of migrations, under its usual name; the checksum is that of the file.
async fn migrate(file: &mut SqliteConnection, steps: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, sql) in steps {
        std::fs::write(folder.path().join(name), sql).unwrap();
    }
    sqlx::migrate::Migrator::new(folder.path().to_owned()).await.unwrap().run(file).await.unwrap();
}

pub async fn file(path: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", path.display())).await.unwrap()
}

/// A database of the first version, with an order of 50,000 KRW in every state.
async fn first_version(path: &Path) {
    let mut old = file(path).await;
    migrate(&mut old, &[("0001_orders.sql", FIRST)]).await;
    old.execute("INSERT INTO toss_account VALUES (1, 'the merchant of test_gck_docs')").await.unwrap();
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
        old.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        if number > 1 {
            old.execute(sqlx::AssertSqlSafe(format!("INSERT INTO payment_claims VALUES ('tk_{number}', '{id}')"))).await.unwrap();
        }
    }
    // A word of Toss's paths, which was taken for a paymentKey and stayed in doubt for ever.
    let word = attempt.replace("tk_KEY", "confirm").replace("KEY", "7");
    let sql = format!(
        r#"INSERT INTO orders VALUES ('{id}', 'owner 7', '사과', '{{}}', '{{}}', 'ko', 50000, '{{"status":"unknown",{word}}}', 2, NULL, 5, 3, 1000, 2000)"#,
        id = id(7)
    );
    old.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    old.execute(sqlx::AssertSqlSafe(format!("INSERT INTO payment_claims VALUES ('confirm', '{}')", id(7)))).await.unwrap();
    let event = format!(r#"{{"event":"confirm_started",{word}}}"#);
    old.execute(sqlx::AssertSqlSafe(format!("INSERT INTO order_events VALUES ('{}', 1, 2000, '{event}', NULL)", id(7)))).await.unwrap();
    let event = format!(r#"{{"event":"confirm_started",{}}}"#, attempt.replace("KEY", "2"));
    old.execute(sqlx::AssertSqlSafe(format!("INSERT INTO order_events VALUES ('{}', 1, 2000, '{event}', NULL)", id(2)))).await.unwrap();
    old.close().await.unwrap();
}

#[tokio::test]
async fn orders_of_the_second_version_keep_what_they_cost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let mut old = file(&path).await;
    migrate(&mut old, &[("0001_orders.sql", FIRST), ("0002_engine.sql", SECOND)]).await;
    let attempt =
        r#"{"payment_key":"tk_1","idempotency_key":"confirm-1","amount":45000,"claimed_at_ms":2000,"account":"account-1","renewals":2}"#;
    let state = format!(r#"{{"status":"confirming","attempt":{attempt},"next":null}}"#);
    let sql = format!(
        "INSERT INTO orders (id, owner, name, total_krw, state, status, version, placed_at_ms, changed_at_ms, expires_at_ms, attempts, lane, \
         look_at_ms, waits_since_ms) VALUES ('{}', 'owner', '사과', 45000, '{state}', 'confirming', 1, 1000, 2000, 9000, 1, 'unheard', 92000, 2000)",
        id(1)
    );
    old.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    old.close().await.unwrap();
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    let record = store.order(&id(1)).await.unwrap().unwrap();
    let attempt = record.state.attempt().unwrap();
    assert_eq!((&record.order.total, &attempt.amount), (&Won::of(45_000).into(), &Won::of(45_000).into()));
    assert_eq!((attempt.renewals, attempt.account.is_some()), (2, true));
    store.close().await;
    // Not even by hand is an order sold for a made-up price.
    let mut raw = file(&path).await;
    let forgetful = "INSERT INTO orders (id, owner, name, state, version, placed_at_ms, changed_at_ms) SELECT 'x', owner, name, state, 1, 1, 1 FROM orders";
    raw.execute(forgetful).await.unwrap();
    let price: Option<String> = sqlx::query_scalar("SELECT amount FROM orders WHERE id = 'x'").fetch_one(&mut raw).await.unwrap();
    assert_eq!(price, None);
}

#[tokio::test]
async fn orders_of_the_third_version_go_on_and_can_be_refunded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let mut old = file(&path).await;
    migrate(&mut old, &[("0001_orders.sql", FIRST), ("0002_engine.sql", SECOND), ("0003_currency.sql", THIRD)]).await;
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
        old.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        for (seq, event) in [
            (1, format!(r#"{{"event":"confirm_started",{}"#, &attempt(number)[1..])),
            (2, format!(r#"{{"event":"confirm_ended","payment_key":"tk_{number}","outcome":{{"outcome":"paid","method":"카드"}}}}"#)),
        ] {
            let sql = format!("INSERT INTO order_events VALUES ('{}', {seq}, 2000, '{event}', '{{}}')", id(number));
            old.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        }
    }
    old.close().await.unwrap();

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
        first_version(&path).await;
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
    let mut shop = file(&path).await;
    migrate(&mut shop, &[("0001_orders.sql", "CREATE TABLE shop_orders (id TEXT NOT NULL PRIMARY KEY);")]).await;
    Sqlite::open(&Options::at(&path)).await.unwrap().close().await;
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations").fetch_one(&mut shop).await.unwrap();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn orders_of_the_version_before_are_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    first_version(&path).await;
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
