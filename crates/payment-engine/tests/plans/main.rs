//! How each statement of the stores finds its rows. A shop keeps every order that it has ever taken, so that a statement which reads a table from
//! one end to the other works in every test, and one day in no shop. Each statement is asked for its plan, and those that read more than they
//! answer are named here, with the reason.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../growth/mod.rs"]
#[allow(dead_code, reason = "a benchmark uses the rest")]
mod growth;
#[cfg(feature = "postgres")]
mod postgres;
#[path = "../sql/reader.rs"]
#[allow(dead_code, reason = "tests/sql uses the rest")]
mod reader;
#[cfg(feature = "postgres")]
#[path = "../postgres/running.rs"]
mod running;
#[cfg(feature = "postgres")]
#[path = "../postgres/server.rs"]
mod server;
mod sqlite;
#[path = "../sql/words.rs"]
mod words;

use growth::Growth;
use reader::Sql;
use std::path::Path;
use words::{Word, statements};

/// Tables that grow with every order.
const LARGE: [&str; 9] =
    ["orders", "order_events", "order_events_archive", "payment_claims", "inbox", "outbox", "books_listed", "settlements", "owners"];

/// Indices that have what is under way and nothing else, however many orders a shop has had. What they find may be looked through.
#[cfg(feature = "postgres")]
const UNDER_WAY: [&str; 6] = ["orders_to_look_at", "orders_unpaid_of_owner", "inbox_due", "outbox_due", "outbox_of_order", "outbox_dead"];

/// What reads a table or an index from one end to the other on purpose, by a part of it, and why that stays small.
const ON_PURPOSE: [(&str, &str); 11] = [
    ("SELECT lane, COUNT(*)", "for /metrics: orders under way are counted, by an index that has no others"),
    ("COUNT(*) AS orders FROM orders WHERE lane IN", "the same, at a start"),
    ("'$.attempt.account', COUNT(*) FROM orders WHERE lane IN", "the same, at a start"),
    ("SELECT id, state FROM orders WHERE lane IN", "orders under way, at a start"),
    (
        "AND status = 'paid' ORDER BY changed_at_ms DESC LIMIT 1",
        "one row: the last of its index, or of those given back the first that is not",
    ),
    ("(SELECT COUNT(*) FROM inbox WHERE due_at_ms IS NOT NULL)", "for /metrics: what waits is counted, by indices that have nothing else"),
    ("WHERE is_taken AND due_at_ms IS NOT NULL", "what was taken, among what waits, at a start"),
    ("WHERE is_taken = 1 AND due_at_ms IS NOT NULL", "the same"),
    ("IS NOT NULL ORDER BY at_ms, id LIMIT", "what waits or is dead, for an operator"),
    ("tries = 0 WHERE dead_at_ms IS NOT NULL", "what is dead, by hand"),
    ("SELECT COUNT(*) FROM orders", "a back-up is checked as a whole, on a connection of its own"),
];

fn excuse(sql: &str) -> Option<&'static str> {
    ON_PURPOSE.iter().find(|(part, _)| sql.contains(part)).map(|(_, why)| *why)
}

/// So many that plans are those of a large store, and few enough to be made in a moment.
const GROWTH: Growth = Growth { orders: 3_000, now_ms: 1_800_000_000_000 };

/// What of a store has a plan: all statements that read or change rows.
fn planned(folder: &str) -> Vec<(Sql, Vec<Word>)> {
    let found = reader::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store").join(folder));
    let has_plan = |words: &[Word]| matches!(words[0].text.as_str(), "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "WITH");
    let statements = found.sql.into_iter().filter_map(|sql| {
        let mut statements = statements(&sql.text);
        (statements.len() == 1 && has_plan(&statements[0])).then(|| (sql, statements.remove(0)))
    });
    let planned: Vec<_> = statements.collect();
    assert!(planned.len() > 50, "{folder}: {} statements", planned.len());
    planned
}

fn refuse(wrong: &[String]) {
    assert!(wrong.is_empty(), "these read more than they answer:\n  {}", wrong.join("\n  "));
}

/// An excuse that excuses nothing any more is to be taken back.
#[test]
fn each_excuse_is_of_a_statement_that_is_there() {
    let folders: &[&str] = &["sqlite", "postgres"];
    let all: Vec<String> = folders.iter().flat_map(|folder| planned(folder)).map(|(sql, _)| sql.text).collect();
    for (part, why) in &ON_PURPOSE {
        assert!(all.iter().any(|sql| sql.contains(part)), "nothing says {part} any more ({why})");
    }
}
