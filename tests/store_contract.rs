//! What every store promises, one suite for all of them. A store joins by a line in [`stores`].

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use futures_util::future::join_all;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use toss_checkout::domain::cart::Cart;
use toss_checkout::domain::customer::{Customer, CustomerRequest};
use toss_checkout::domain::lang::Lang;
use toss_checkout::domain::money::Won;
use toss_checkout::domain::order::{Approval, Attempt, Decline, OrderId, PaymentKey};
use toss_checkout::domain::step::{Effect, Event, Illegal, Outcome, State};
use toss_checkout::server::store::{ApplyError, NewOrder, Note, Owner, Sqlite, Store};

/// A store on a fresh database, and what keeps that database alive.
struct Fresh {
    store: Arc<dyn Store>,
    folder: TempDir,
}

impl Fresh {
    async fn reopen(self) -> Fresh {
        self.store.close().await;
        Fresh { store: sqlite(self.folder.path()).await, folder: self.folder }
    }
}

async fn sqlite(folder: &Path) -> Arc<dyn Store> {
    Arc::new(Sqlite::open(&folder.join("orders.db"), "the account of the tests").await.unwrap())
}

async fn stores() -> Vec<Fresh> {
    let folder = tempfile::tempdir().unwrap();
    vec![Fresh { store: sqlite(folder.path()).await, folder }]
}

fn id(number: usize) -> OrderId {
    OrderId::parse(&format!("order_{number:015}")).unwrap()
}

fn order(number: usize) -> NewOrder {
    let contact = CustomerRequest { name: "김토스".to_owned(), email: "a@b.co".to_owned(), phone: "01012345678".to_owned() };
    NewOrder {
        id: id(number),
        owner: Owner("owner".to_owned()),
        name: "토스 티셔츠 외 2건".to_owned(),
        cart: Cart::demo().to_request(),
        total: Won::of(50_000),
        customer: Customer::parse(&contact).unwrap(),
        lang: Lang::En,
        placed_at_ms: 1,
    }
}

fn attempt(key: &str) -> Attempt {
    Attempt {
        payment_key: PaymentKey::parse(key).unwrap(),
        idempotency_key: format!("confirm-{key}"),
        amount: Won::of(50_000),
        claimed_at_ms: 10,
    }
}

fn started(key: &str) -> Event {
    Event::ConfirmStarted(attempt(key))
}

fn ended(key: &str, outcome: Outcome) -> Event {
    Event::ConfirmEnded { payment_key: attempt(key).payment_key, outcome }
}

fn note(at_ms: i64, check_at_ms: Option<i64>) -> Note {
    Note { at_ms, toss_answer: None, check_at_ms }
}

fn unknown() -> Outcome {
    Outcome::Unknown { cause: "time-out".to_owned() }
}

#[tokio::test]
async fn an_order_comes_back_as_it_was_placed() {
    for fresh in stores().await {
        assert!(fresh.store.order(&id(1)).await.unwrap().is_none());
        fresh.store.place(&order(1)).await.unwrap();
        assert!(fresh.store.place(&order(1)).await.is_err(), "an id is given once");
        let fresh = fresh.reopen().await;
        let record = fresh.store.order(&id(1)).await.unwrap().unwrap();
        let placed = order(1);
        assert_eq!(record.state, State::Open);
        assert_eq!((&record.order.id, &record.order.owner, &record.order.name), (&placed.id, &placed.owner, &placed.name));
        assert_eq!((&record.order.cart, record.order.total, record.order.lang), (&placed.cart, placed.total, placed.lang));
        assert!(record.order.customer == placed.customer);
        assert_eq!(record.order.placed_at_ms, 1);
        assert!(fresh.store.events(&id(1)).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_event_changes_row_and_history_together() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1)).await.unwrap();
        let (record, effect) = store.apply(&id(1), &started("a"), &note(10, Some(99))).await.unwrap();
        assert_eq!((record.state, effect), (State::Confirming(attempt("a")), Some(Effect::Confirm)));
        let paid = Note { at_ms: 20, toss_answer: Some("{\"status\":\"DONE\"}".to_owned()), check_at_ms: None };
        let (record, effect) = store.apply(&id(1), &ended("a", Outcome::Paid(Approval::default())), &paid).await.unwrap();
        assert!(matches!(record.state, State::Paid { .. }) && effect.is_none());

        let fresh = fresh.reopen().await;
        let record = fresh.store.order(&id(1)).await.unwrap().unwrap();
        assert!(matches!(record.state, State::Paid { .. }));
        assert_eq!(record.toss_answer.as_deref(), Some("{\"status\":\"DONE\"}"));
        let history = fresh.store.events(&id(1)).await.unwrap();
        let rows: Vec<_> = history.iter().map(|row| (row.seq, row.at_ms, row.toss_answer.is_some())).collect();
        assert_eq!(rows, [(1, 10, false), (2, 20, true)]);
        assert_eq!(history[0].event, started("a"));
    }
}

#[tokio::test]
async fn what_cannot_happen_writes_nothing() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1)).await.unwrap();
        let early = store.apply(&id(1), &ended("a", unknown()), &note(5, None)).await;
        assert!(matches!(early, Err(ApplyError::Illegal { illegal: Illegal::NotAwaited, .. })));
        store.apply(&id(1), &started("a"), &note(10, None)).await.unwrap();
        let second = store.apply(&id(1), &started("b"), &note(11, None)).await;
        let Err(ApplyError::Illegal { illegal: Illegal::NotPayable, record }) = second else { panic!("{second:?}") };
        assert_eq!(record.state, State::Confirming(attempt("a")), "the order as it stands comes with the refusal");
        assert!(matches!(store.apply(&id(2), &started("a"), &note(1, None)).await, Err(ApplyError::NoSuchOrder)));
        assert_eq!(store.events(&id(1)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_payment_is_claimed_by_one_order_for_ever() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for number in [1, 2] {
            store.place(&order(number)).await.unwrap();
        }
        store.apply(&id(1), &started("a"), &note(10, None)).await.unwrap();
        let declined = Outcome::Declined(Decline { code: "X".to_owned(), message: String::new(), status: 403 });
        store.apply(&id(1), &ended("a", declined), &note(11, None)).await.unwrap();
        assert!(matches!(store.apply(&id(2), &started("a"), &note(12, None)).await, Err(ApplyError::PaymentTaken)));
        assert_eq!(store.order(&id(2)).await.unwrap().unwrap().state, State::Open);
        assert!(store.events(&id(2)).await.unwrap().is_empty());
        store.apply(&id(1), &started("b"), &note(13, None)).await.unwrap();
        let declined = Outcome::Declined(Decline { code: "Y".to_owned(), message: String::new(), status: 403 });
        store.apply(&id(1), &ended("b", declined), &note(14, None)).await.unwrap();
        let own_again = store.apply(&id(1), &started("a"), &note(15, None)).await;
        assert!(matches!(own_again, Err(ApplyError::Illegal { illegal: Illegal::AlreadyDeclined, .. })), "{own_again:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_claims_at_once_one_wins() {
    for fresh in stores().await {
        fresh.store.place(&order(1)).await.unwrap();
        let claims = join_all((0..32).map(|number| {
            let store = fresh.store.clone();
            tokio::spawn(async move { store.apply(&id(1), &started(&format!("key{number}")), &note(10, None)).await.is_ok() })
        }));
        let won = claims.await.into_iter().filter(|claim| *claim.as_ref().unwrap()).count();
        assert_eq!(won, 1);
        assert_eq!(fresh.store.events(&id(1)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn checks_fall_due_once_and_stop_with_the_doubt() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for number in 1..=3 {
            store.place(&order(number)).await.unwrap();
        }
        store.apply(&id(1), &started("a"), &note(10, Some(100))).await.unwrap();
        store.apply(&id(2), &started("b"), &note(10, Some(50))).await.unwrap();
        let due = |now, lease, limit| async move {
            let records = store.take_due(now, lease, limit).await.unwrap();
            records.iter().map(|record| record.order.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(due(49, 0, 9).await, []);
        assert_eq!(due(100, 500, 1).await, [id(2)], "the longest overdue first");
        assert_eq!(due(100, 500, 9).await, [id(1)], "and none that is taken");
        assert_eq!(due(499, 500, 9).await, []);

        let record = |number| async move { store.order(&id(number)).await.unwrap().unwrap() };
        let first = record(1).await;
        store.check_later(&first, 300).await.unwrap();
        store.check_later(&first, 301).await.unwrap();
        store.check_later(&record(3).await, 1).await.unwrap();
        assert_eq!(due(400, 900, 9).await, [id(1)], "an order that has no check gets none");
        assert_eq!(record(1).await.checks, 2);

        store.apply(&id(1), &ended("a", unknown()), &note(20, Some(800))).await.unwrap();
        store.check_later(&first, 1).await.unwrap();
        assert_eq!(due(499, 500, 9).await, [], "what was read before an event moves nothing after it");
        store.apply(&id(1), &ended("a", Outcome::Paid(Approval::default())), &note(21, None)).await.unwrap();
        store.check_later(&record(1).await, 1).await.unwrap();
        assert_eq!(due(i64::MAX, i64::MAX, 9).await, [id(2)]);
    }
}

#[tokio::test]
async fn it_says_whether_it_answers() {
    for fresh in stores().await {
        assert!(fresh.store.ping().await.is_ok());
        fresh.store.close().await;
        assert!(fresh.store.ping().await.is_err());
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.db"), "this is no database, it is a letter to whoever reads it").unwrap();
    let error = Sqlite::open(&folder.path().join("orders.db"), "a").await.unwrap_err().to_string();
    assert!(error.starts_with("the store failed while ") && !error.contains('\n'), "{error}");
}

#[tokio::test]
async fn orders_of_another_account_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    for _ in 0..2 {
        Sqlite::open(&path, "the sandbox").await.unwrap().close().await;
    }
    let error = Sqlite::open(&path, "the merchant of live_gck_x").await.unwrap_err().to_string();
    assert!(error.contains("the sandbox") && error.contains("live_gck_x"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_orders() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let store = Sqlite::open(&path, "a").await.unwrap();
    store.place(&order(1)).await.unwrap();
    for name in ["orders.db", "orders.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
}
