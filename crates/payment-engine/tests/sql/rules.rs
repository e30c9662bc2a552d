//! What no statement may do, so that the store runs on databases that speak as PostgreSQL does, behind poolers that hand out a connection for
//! a transaction, and beside a server of the version before.

use super::words::{Word, statements};

/// Words that follow each other, and why they must not.
const FORBIDDEN: [(&[&str], &str); 55] = [
    (&["TRIGGER"], "a trigger"),
    (&["CREATE", "RULE"], "a rule"),
    (&["SEQUENCE"], "a sequence"),
    (&["SERIAL"], "a sequence"),
    (&["BIGSERIAL"], "a sequence"),
    (&["SMALLSERIAL"], "a sequence"),
    (&["SERIAL4"], "a sequence"),
    (&["SERIAL8"], "a sequence"),
    (&["IDENTITY"], "a sequence"),
    (&["NEXTVAL"], "a sequence"),
    (&["CURRVAL"], "a sequence"),
    (&["LASTVAL"], "a sequence"),
    (&["SETVAL"], "a sequence"),
    (&["ENUM"], "a type of its own"),
    (&["CREATE", "TYPE"], "a type of its own"),
    (&["CREATE", "DOMAIN"], "a type of its own"),
    (&["LOCK", "TABLE"], "a lock of a whole table"),
    (&["SERIALIZABLE"], "serializable transactions"),
    (&["DEFERRABLE"], "constraints that wait"),
    (&["DEFERRED"], "constraints that wait"),
    (&["TEMP"], "a temporary table"),
    (&["TEMPORARY"], "a temporary table"),
    (&["UNLOGGED"], "a table that forgets"),
    (&["CONCURRENTLY"], "an index that is made outside a transaction"),
    (&["CASCADE"], "deleting what was not named"),
    (&["ON", "DELETE"], "deleting what was not named"),
    (&["ON", "UPDATE"], "changing what was not named"),
    (&["FUNCTION"], "a stored function"),
    (&["PROCEDURE"], "a stored function"),
    (&["LANGUAGE"], "a stored function"),
    (&["EXTENSION"], "an extension"),
    (&["CREATE", "MATERIALIZED"], "a view that is kept"),
    (&["INHERITS"], "tables that inherit"),
    (&["EXCLUDE"], "exclusion constraints"),
    (&["TABLESAMPLE"], "a sample"),
    (&["CTID"], "where a row lies"),
    (&["XMIN"], "which transaction wrote a row"),
    (&["USING", "GIN"], "another index than a tree"),
    (&["USING", "GIST"], "another index than a tree"),
    (&["USING", "SPGIST"], "another index than a tree"),
    (&["USING", "BRIN"], "another index than a tree"),
    (&["USING", "HASH"], "another index than a tree"),
    (&["TRUNCATE"], "emptying a table"),
    (&["NOWAIT"], "a lock that is not FOR NO KEY UPDATE"),
    (&["FOR", "UPDATE"], "a lock that is not FOR NO KEY UPDATE"),
    (&["FOR", "SHARE"], "a lock that is not FOR NO KEY UPDATE"),
    (&["FOR", "KEY"], "a lock that is not FOR NO KEY UPDATE"),
    (&["PREPARE"], "a statement with a name"),
    (&["EXECUTE"], "a statement with a name"),
    (&["DEALLOCATE"], "a statement with a name"),
    (&["DECLARE"], "a cursor"),
    (&["SET", "SESSION"], "a setting that outlives its transaction"),
    (&["DISCARD"], "a setting that outlives its transaction"),
    (&["{"], "a statement that is put together at run time"),
    (&["}"], "a statement that is put together at run time"),
];

/// What a text of SQL does that it must not.
pub fn offences(sql: &str) -> Vec<&'static str> {
    let statements = statements(sql);
    let mut found: Vec<&'static str> = statements.iter().flat_map(|statement| offences_of(statement)).collect();
    if statements.iter().any(|one| notifies(one)) && (statements.len() > 1 || statements.iter().any(|one| writes(one))) {
        found.push("a notification with something else in one transaction");
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether one of its statements tells or hears others. Those who notify commit one after another.
pub fn is_notification(sql: &str) -> bool {
    statements(sql).iter().any(|statement| notifies(statement))
}

pub fn is_write(sql: &str) -> bool {
    statements(sql).iter().any(|statement| writes(statement))
}

fn offences_of(statement: &[Word]) -> Vec<&'static str> {
    let mut found: Vec<&'static str> =
        FORBIDDEN.iter().filter(|(words, _)| positions(statement, words).next().is_some()).map(|(_, why)| *why).collect();
    if statement.iter().any(|word| word.text.starts_with("PG_ADVISORY") || word.text.starts_with("PG_TRY_ADVISORY")) {
        found.push("an advisory lock");
    }
    match statement[0].text.as_str() {
        "LOCK" => found.push("a lock of a whole table"),
        "DO" | "CALL" => found.push("a stored function"),
        "SET" if !positions(statement, &["SET", "LOCAL"]).any(|at| at == 0) => found.push("a setting that outlives its transaction"),
        _ => {}
    }
    if positions(statement, &["REPEATABLE", "READ"]).next().is_some() && positions(statement, &["READ", "ONLY"]).next().is_none() {
        found.push("a snapshot that writes");
    }
    if takes_all_columns(statement) {
        found.push("columns without their names");
    }
    if ["UPDATE", "DELETE"].into_iter().any(|verb| verbs(statement, verb).any(|at| !has_where(statement, at))) {
        found.push("a change of all rows");
    }
    found
}

fn positions<'s>(statement: &'s [Word], words: &'s [&'s str]) -> impl Iterator<Item = usize> + 's {
    let found = statement.windows(words.len()).enumerate();
    found.filter(move |(_, window)| window.iter().zip(words).all(|(word, other)| word.text == *other)).map(|(at, _)| at)
}

/// Where a statement, or a part of one, begins to change rows.
fn verbs<'s>(statement: &'s [Word], verb: &'s str) -> impl Iterator<Item = usize> + 's {
    positions_of(statement, verb).filter(move |at| {
        // FOR NO KEY UPDATE, ON CONFLICT DO UPDATE, ON DELETE: none of them is a verb.
        !at.checked_sub(1).is_some_and(|before| matches!(statement[before].text.as_str(), "KEY" | "DO" | "FOR" | "ON"))
    })
}

fn positions_of<'s>(statement: &'s [Word], word: &'s str) -> impl Iterator<Item = usize> + 's {
    statement.iter().enumerate().filter(move |(_, one)| one.text == word).map(|(at, _)| at)
}

fn has_where(statement: &[Word], verb_at: usize) -> bool {
    let depth = statement[verb_at].depth;
    let within = statement[verb_at..].iter().take_while(|word| word.depth >= depth);
    within.filter(|word| word.depth == depth).any(|word| word.text == "WHERE")
}

fn takes_all_columns(statement: &[Word]) -> bool {
    positions_of(statement, "*").any(|at| {
        let before = |steps: usize| at.checked_sub(steps).map_or("", |before| statement[before].text.as_str());
        matches!(before(1), "SELECT" | "DISTINCT" | "ALL" | "RETURNING" | "." | ",")
    })
}

fn notifies(statement: &[Word]) -> bool {
    matches!(statement[0].text.as_str(), "LISTEN" | "UNLISTEN" | "NOTIFY") || positions_of(statement, "PG_NOTIFY").next().is_some()
}

fn writes(statement: &[Word]) -> bool {
    let is_change = |verb| verbs(statement, verb).next().is_some();
    is_change("INSERT") || is_change("UPDATE") || is_change("DELETE")
}

/// What a migration does, other than the first one, that a server of the version before would not survive.
pub fn contractions(sql: &str) -> Vec<&'static str> {
    let statements = statements(sql);
    let made: Vec<&str> = statements.iter().filter_map(|statement| name_after(statement, &["CREATE", "TABLE"])).collect();
    let mut found = Vec::new();
    for statement in &statements {
        let has = |words: &[&str]| positions(statement, words).next().is_some();
        // An index is how something is found. Nobody's statement says its name.
        if has(&["DROP"]) && !has(&["DROP", "INDEX"]) {
            found.push("it takes something away");
        }
        if has(&["RENAME"]) {
            found.push("it renames something");
        }
        if has(&["SET", "DATA", "TYPE"]) || (has(&["ALTER", "COLUMN"]) && has(&["TYPE"])) {
            found.push("it changes a column's type");
        }
        if statement[0].text == "ALTER" {
            for at in positions(statement, &["NOT", "NULL"]) {
                let begins_at = statement[..at].iter().rposition(|word| word.text == "," && word.depth == 0).unwrap_or(0);
                let action = statement[begins_at..]
                    .iter()
                    .enumerate()
                    .take_while(|(step, word)| *step == 0 || !(word.text == "," && word.depth == 0));
                if !action.map(|(_, word)| word.text.as_str()).any(|word| word == "DEFAULT") {
                    found.push("it demands a value that a server of the version before does not write");
                }
            }
            if has(&["ADD", "CONSTRAINT"])
                || has(&["UNIQUE"])
                || has(&["ADD", "CHECK"])
                || has(&["ADD", "FOREIGN"])
                || has(&["ADD", "PRIMARY"])
            {
                found.push("it refuses what a server of the version before may write");
            }
        }
        if has(&["CREATE", "UNIQUE", "INDEX"]) && name_after(statement, &["ON"]).is_none_or(|table| !made.contains(&table)) {
            found.push("it refuses what a server of the version before may write");
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn name_after<'s>(statement: &'s [Word], words: &[&str]) -> Option<&'s str> {
    let at = statement.windows(words.len()).position(|window| window.iter().zip(words).all(|(word, other)| word.text == *other))?;
    let mut after = statement[at + words.len()..].iter().map(|word| word.text.as_str());
    after.find(|word| !matches!(*word, "IF" | "NOT" | "EXISTS"))
}
