//! The plans of SQLite. Without statistics, since the store never makes any: a file in a shop has none, and its plans are these whatever its
//! size.

use super::{GROWTH, LARGE, excuse, growth, planned, refuse};
use crate::words::Word;
use rusqlite::Connection;

/// What SQLite says of a statement, step by step.
fn plan(connection: &Connection, sql: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    // What is not bound is NULL, and a plan does not look at it.
    explain.raw_query().mapped(|row| row.get(3)).collect()
}

/// By which name a step may call a large table: its own, or what the statement calls it.
fn names(words: &[Word]) -> Vec<String> {
    let large = |word: &Word| LARGE.contains(&word.text.to_lowercase().as_str());
    let aliases = words.windows(3).filter(|three| large(&three[0]) && three[1].text == "AS").map(|three| three[2].text.to_lowercase());
    LARGE.iter().map(ToString::to_string).chain(aliases).collect()
}

/// The step that reads a large table from one end to the other, be it along an index.
fn scan(steps: &[String], names: &[String]) -> Option<String> {
    let is_scan =
        |step: &&String| step.strip_prefix("SCAN ").is_some_and(|what| names.iter().any(|name| what.split(' ').next() == Some(name)));
    steps.iter().find(is_scan).cloned()
}

#[tokio::test]
async fn no_statement_reads_a_large_table_of_sqlite_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    growth::sqlite::grow(&path, &GROWTH).await;
    let connection = Connection::open(&path).unwrap();
    let mut wrong = Vec::new();
    for (sql, words) in planned("sqlite") {
        // Of a table that SQLite itself has, or that another version had.
        if ["sqlite_schema", "_sqlx_migrations", "pragma_"].iter().any(|other| sql.text.contains(other)) {
            continue;
        }
        let steps = plan(&connection, &sql.text).unwrap_or_else(|error| panic!("{}: {error}: {}", sql.file, sql.text));
        if let Some(step) = scan(&steps, &names(&words)).filter(|_| excuse(&sql.text).is_none()) {
            wrong.push(format!("{}: {step}: {}", sql.file, sql.text));
        }
    }
    refuse(&wrong);
    // What is planted is found.
    for (planted, is_scan) in [
        ("SELECT id FROM orders WHERE name = 'a'", true),
        ("SELECT name FROM orders AS one WHERE one.name = ?1", true),
        ("SELECT placed_at_ms FROM orders", true),
        ("SELECT 1 FROM outbox WHERE body = ?", true),
        ("SELECT name FROM orders WHERE id = ?", false),
    ] {
        let words = crate::statements(planted).remove(0);
        assert_eq!(scan(&plan(&connection, planted).unwrap(), &names(&words)).is_some(), is_scan, "{planted}");
    }
}

/// The copies are what the store would have written: it reads them, works on them, and they are of the mix that was asked for.
#[tokio::test]
async fn a_store_that_was_grown_is_a_store() {
    use payment_engine::order::{Event, State};
    use payment_engine::store::{Note, Options, OrderQuery, Sqlite, Store as _};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    growth::sqlite::grow(&path, &GROWTH).await;
    let store = Sqlite::open(&Options::at(&path)).await.unwrap();
    let all = store.orders(&OrderQuery::newest(10_000)).await.unwrap();
    assert_eq!(all.len(), 3_000);
    let paid = all.iter().filter(|record| matches!(record.state, State::Paid { .. })).count();
    assert!((2_250..2_550).contains(&paid), "{paid} are paid");
    for number in [0, 1_234, 2_999] {
        let (id, story) = (growth::order_id(number), GROWTH.story(number));
        let record = store.order(&id).await.unwrap().unwrap();
        assert_eq!(record.order.placed_at_ms, GROWTH.placed_at_ms(number));
        let events = store.events(&id).await.unwrap();
        assert_eq!(i64::try_from(events.len()).unwrap(), record.version, "{story:?}");
        if let Some(attempt) = record.state.attempt() {
            assert_eq!(attempt.claimed_at_ms, GROWTH.placed_at_ms(number) + 60_000);
            assert_eq!(attempt.payment_key, growth::payment_key(number));
            assert_eq!(store.claimed_by(&attempt.payment_key).await.unwrap(), Some(id));
        }
    }
    let open = all.iter().find(|record| record.state == State::Open).unwrap();
    let note = Note::at(open.order.expires_at_ms);
    store.apply(&open.order.id, &Event::TimeRanOut, &note).await.unwrap();
    let connection = Connection::open(&path).unwrap();
    let strays: i64 = connection.query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    let marks = ["orders", "order_events", "outbox", "inbox", "settlements"].map(|table| {
        let sql =
            format!("SELECT COUNT(*) FROM {table} WHERE {table}.order_id LIKE '%template%'").replace("orders.order_id", "orders.state");
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    });
    assert_eq!((strays, marks), (0, [0; 5]), "rows without their order, and names that were not stamped");
}
