//! The SQL of the PostgreSQL store, read statement by statement: what databases that speak as PostgreSQL does may lack, and what poolers and
//! servers of the version before do not survive, is in none of it. No database is needed for that.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod reader;
mod rules;
mod words;

use reader::{Sql, files, read, read_texts};
use rules::{contractions, is_notification, is_write, offences};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn store() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store")
}

/// What is allowed all the same, by how it begins.
const EXCUSED: [(&str, &str); 1] = [
    // A table of one row.
    ("UPDATE write_probe SET at_ms", "a change of all rows"),
];

fn unexcused(sql: &str) -> Vec<&'static str> {
    let is_excused = |why: &str| EXCUSED.iter().any(|(beginning, excused)| sql.starts_with(beginning) && *excused == why);
    offences(sql).into_iter().filter(|why| !is_excused(why)).collect()
}

fn migrations() -> Vec<(String, String)> {
    let files = files(&store().join("migrations/postgres"), "sql");
    files.iter().map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn every_statement_runs_on_databases_that_speak_as_postgresql_does() {
    let found = read(&store().join("postgres"));
    let mut wrong = Vec::new();
    for Sql { file, text } in &found.sql {
        wrong.extend(unexcused(text).into_iter().map(|why| format!("{file}: {why}: {text}")));
        // Those who notify commit one after another, and a file is what a transaction is written in.
        if is_notification(text) && found.sql.iter().any(|other| other.file == *file && is_write(&other.text)) {
            wrong.push(format!("{file}: a notification beside what writes: {text}"));
        }
    }
    for (file, text) in migrations() {
        wrong.extend(offences(&text).into_iter().map(|why| format!("{file}: {why}")));
    }
    assert!(wrong.is_empty(), "the SQL does what it must not:\n  {}", wrong.join("\n  "));
}

#[test]
fn migrations_after_the_first_leave_a_server_of_the_version_before_at_work() {
    let migrations = migrations();
    assert!(migrations[0].0.starts_with("0001_"), "the first is not there: {:?}", migrations[0].0);
    let wrong = migrations.iter().skip(1).flat_map(|(file, text)| contractions(text).into_iter().map(move |why| format!("{file}: {why}")));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "migrations only add:\n  {}", wrong.join("\n  "));
}

/// Nothing that looks like SQL is overlooked, and each file that has any has a statement.
#[test]
fn the_reader_overlooks_nothing() {
    for (folder, least) in [("postgres", 50), ("sqlite", 50)] {
        let root = store().join(folder);
        let found = read(&root);
        let strays: Vec<String> = found.strays.iter().map(|stray| format!("{}: {}", stray.file, stray.text)).collect();
        assert!(strays.is_empty(), "teach tests/sql/reader.rs what puts these together:\n  {}", strays.join("\n  "));
        assert!(found.sql.len() >= least, "{folder}: {} statements", found.sql.len());
        let with_statements: BTreeSet<&str> = found.sql.iter().map(|sql| sql.file.as_str()).collect();
        for file in files(&root, "rs").into_iter().filter(|file| !file.ends_with("tests.rs")) {
            let (text, name) = (fs::read_to_string(&file).unwrap(), file.strip_prefix(&root).unwrap().to_str().unwrap());
            let has_sql = ["\"SELECT ", "\"INSERT INTO", "\"UPDATE ", "\"DELETE FROM", "\"WITH "].iter().any(|word| text.contains(word));
            assert!(!has_sql || with_statements.contains(name), "{folder}/{name} has SQL of which nothing was read");
        }
        // Nothing is left of what puts statements together.
        assert!(found.sql.iter().all(|sql| !sql.text.contains("columns!") && !sql.text.contains('\\')));
        for table in ["orders", "order_events", "payment_claims", "inbox", "outbox", "books_listed", "settlements"] {
            let is_asked = |verb: &str| found.sql.iter().any(|sql| sql.text.contains(&format!("{verb} {table}")));
            assert!(is_asked("FROM") && (is_asked("INSERT INTO") || is_asked("UPDATE")), "{folder}: nothing about {table}");
        }
    }
}

#[test]
fn sql_is_read_as_the_compiler_reads_it() {
    const ROWS: &str = r#"macro_rules! columns { () => { "id, \
        owner" }; } pub(super) use columns;"#;
    for (source, expected) in [
        (r#"fn f() { statement("SELECT 1") }"#, vec!["SELECT 1"]),
        (r#"const A: &str = concat!("SELECT ", columns!(), " FROM orders");"#, vec!["SELECT id, owner FROM orders"]),
        // A file's own macro goes before that of the rows.
        (
            r#"macro_rules! columns { () => { "kind" }; } const A: &str = concat!("SELECT ", columns!(), " FROM outbox");"#,
            vec!["SELECT kind FROM outbox"],
        ),
        (
            r#"macro_rules! both { ($of:literal) => { (concat!("SELECT 1 FROM a WHERE ", $of), concat!("DELETE FROM a WHERE ", $of)) }; }
               const B: (&str, &str) = both!("x = $1");"#,
            vec!["DELETE FROM a WHERE x = $1", "SELECT 1 FROM a WHERE x = $1"],
        ),
        (r#"fn f() { tried!("reading", self.row(statement("SELECT 2 FROM a").bind("b"))) }"#, vec!["SELECT 2 FROM a"]),
        (r##"fn f() { run(r#"SELECT "x" FROM a"#) }"##, vec![r#"SELECT "x" FROM a"#]),
        (
            r#"/* "SELECT 1" */ // "SELECT 2"
            /// "SELECT 3"
            fn f() {} #[cfg(test)] mod tests { const T: &str = "SELECT 4"; }"#,
            vec![],
        ),
        (r#"fn f() { run("select id from orders where true") }"#, vec!["select id from orders where true"]),
        (r#"fn f() { told("updating an order"); told("selected by hand"); told("with care") }"#, vec![]),
    ] {
        let found = read_texts(&[("orders.rs", source), ("rows.rs", ROWS)]);
        let texts: Vec<&str> = found.sql.iter().map(|sql| sql.text.as_str()).collect();
        assert_eq!(texts, expected, "{source}");
        assert!(found.strays.is_empty(), "{source}: {:?}", found.strays);
    }
    // What it does not understand it does not pass over.
    for source in [
        r#"macro_rules! list { ($($of:literal),*) => { concat!("SELECT 1 FROM a WHERE ", $($of),*) }; } const A: &str = list!("x", "y");"#,
        r#"fn f() { ["SEL", "ECT 1 FROM orders WHERE x"].concat() }"#,
    ] {
        assert!(!read_texts(&[("a.rs", source)]).strays.is_empty(), "{source}");
    }
}

#[test]
fn whatever_is_forbidden_is_found() {
    for (sql, why) in [
        ("CREATE TRIGGER a BEFORE UPDATE ON orders EXECUTE b", "a trigger"),
        ("CREATE RULE a AS ON SELECT TO b", "a rule"),
        ("CREATE SEQUENCE a", "a sequence"),
        ("CREATE TABLE a (id BIGSERIAL)", "a sequence"),
        ("CREATE TABLE a (id bigserial)", "a sequence"),
        ("CREATE TABLE a (id BIGINT GENERATED ALWAYS AS IDENTITY)", "a sequence"),
        ("SELECT nextval('a')", "a sequence"),
        ("CREATE TYPE a AS (b TEXT)", "a type of its own"),
        ("CREATE TYPE a AS ENUM ('b')", "a type of its own"),
        ("CREATE DOMAIN a AS TEXT", "a type of its own"),
        ("SELECT pg_advisory_xact_lock(1)", "an advisory lock"),
        ("SELECT pg_try_advisory_lock(1)", "an advisory lock"),
        ("NOTIFY news; UPDATE orders SET a = 1 WHERE id = $1", "a notification with something else in one transaction"),
        (
            "WITH a AS (UPDATE orders SET a = 1 WHERE id = $1 RETURNING id) SELECT pg_notify('news', id) FROM a",
            "a notification with something else in one transaction",
        ),
        ("LOCK TABLE orders IN EXCLUSIVE MODE", "a lock of a whole table"),
        ("LOCK orders", "a lock of a whole table"),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE", "serializable transactions"),
        ("BEGIN ISOLATION LEVEL REPEATABLE READ", "a snapshot that writes"),
        ("CREATE TEMPORARY TABLE a (b TEXT)", "a temporary table"),
        ("CREATE TEMP TABLE a (b TEXT)", "a temporary table"),
        ("CREATE UNLOGGED TABLE a (b TEXT)", "a table that forgets"),
        ("CREATE INDEX CONCURRENTLY a ON orders (b)", "an index that is made outside a transaction"),
        ("CREATE TABLE a (b TEXT REFERENCES c (d) ON DELETE CASCADE)", "deleting what was not named"),
        ("CREATE TABLE a (b TEXT REFERENCES c (d) ON DELETE SET NULL)", "deleting what was not named"),
        ("DROP TABLE a CASCADE", "deleting what was not named"),
        ("CREATE FUNCTION a() RETURNS INT AS 'x' LANGUAGE plpgsql", "a stored function"),
        ("DO 'x'", "a stored function"),
        ("CALL a()", "a stored function"),
        ("SELECT * FROM orders WHERE id = $1", "columns without their names"),
        ("SELECT id, orders.* FROM orders WHERE id = $1", "columns without their names"),
        ("UPDATE orders SET a = 1 WHERE id = $1 RETURNING *", "columns without their names"),
        ("DELETE FROM orders", "a change of all rows"),
        ("UPDATE orders SET a = (SELECT 1 FROM b WHERE c = 2)", "a change of all rows"),
        ("WITH a AS (DELETE FROM inbox RETURNING id) SELECT id FROM a WHERE id = $1", "a change of all rows"),
        ("SELECT id FROM orders WHERE id = $1 FOR UPDATE", "a lock that is not FOR NO KEY UPDATE"),
        ("SELECT id FROM orders WHERE id = $1 FOR SHARE", "a lock that is not FOR NO KEY UPDATE"),
        ("SELECT id FROM orders WHERE id = $1 FOR KEY SHARE", "a lock that is not FOR NO KEY UPDATE"),
        ("SELECT id FROM orders WHERE id = $1 FOR NO KEY UPDATE NOWAIT", "a lock that is not FOR NO KEY UPDATE"),
        ("CREATE INDEX a ON orders USING gin (b)", "another index than a tree"),
        ("SET statement_timeout = '1s'", "a setting that outlives its transaction"),
        ("BEGIN; SET lock_timeout = '1s'", "a setting that outlives its transaction"),
        ("PREPARE a AS SELECT 1", "a statement with a name"),
        ("SELECT id FROM orders WHERE ctid = $1", "where a row lies"),
        ("TRUNCATE orders", "emptying a table"),
        ("SELECT id FROM {table}", "a statement that is put together at run time"),
    ] {
        assert!(offences(sql).contains(&why), "{sql}: {:?}", offences(sql));
    }
    for sql in [
        "SELECT COUNT(*) AS orders FROM orders WHERE lane IS NOT NULL",
        "SELECT price * quantity FROM a WHERE b = 'DELETE FROM orders; SELECT * FROM a FOR UPDATE'",
        "-- a trigger, SELECT * FROM a\nSELECT id FROM a WHERE \"for update\" = 1 /* LOCK TABLE a */",
        "WITH due AS (SELECT id FROM orders WHERE a = $1 LIMIT $2 FOR NO KEY UPDATE OF orders SKIP LOCKED) \
         UPDATE orders SET a = 1 FROM due WHERE orders.id = due.id RETURNING orders.id",
        "INSERT INTO stock (sku) VALUES ($1) ON CONFLICT (sku) DO UPDATE SET taken = stock.taken * 2",
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '5s'",
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "SELECT pg_notify('news', $1)",
    ] {
        assert!(offences(sql).is_empty(), "{sql}: {:?}", offences(sql));
    }
}

#[test]
fn whatever_takes_away_is_found_in_a_migration() {
    for sql in [
        "DROP TABLE a",
        "ALTER TABLE orders DROP COLUMN a",
        "ALTER TABLE orders RENAME COLUMN a TO b",
        "ALTER TABLE orders RENAME TO a",
        "ALTER TABLE orders ALTER COLUMN a TYPE BIGINT",
        "ALTER TABLE orders ALTER COLUMN a SET DATA TYPE BIGINT",
        "ALTER TABLE orders ADD COLUMN a TEXT NOT NULL",
        "ALTER TABLE orders ADD COLUMN a TEXT NOT NULL DEFAULT '', ADD COLUMN b TEXT NOT NULL",
        "ALTER TABLE orders ALTER COLUMN a SET NOT NULL",
        "ALTER TABLE orders ADD CONSTRAINT a CHECK (b > 0)",
        "ALTER TABLE orders ADD COLUMN a TEXT UNIQUE",
        "CREATE UNIQUE INDEX a ON orders (b)",
    ] {
        assert!(!contractions(sql).is_empty(), "{sql}");
    }
    for sql in [
        "CREATE TABLE a (b TEXT NOT NULL PRIMARY KEY, c TEXT NOT NULL UNIQUE); CREATE UNIQUE INDEX d ON a (c)",
        "ALTER TABLE orders ADD COLUMN a TEXT COLLATE \"C\"",
        "ALTER TABLE orders ADD COLUMN a BIGINT NOT NULL DEFAULT 0",
        "CREATE INDEX a ON orders (b) WHERE b IS NOT NULL -- DROP TABLE a",
        "DROP INDEX a",
    ] {
        assert!(contractions(sql).is_empty(), "{sql}: {:?}", contractions(sql));
    }
}
