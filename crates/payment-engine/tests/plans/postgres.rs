//! The plans of PostgreSQL: generic ones, made without knowing the values, so that they hold for whichever come. A whole table is read only
//! where nothing else is possible, however small it is here.

use super::{GROWTH, LARGE, UNDER_WAY, excuse, growth, planned, refuse};
use crate::server::server;
use crate::words::Word;
use growth::postgres::Target;
use serde_json::Value;
use std::collections::BTreeMap;

/// As the planner decides where tables are large: it reads none as a whole, and looks rows up one by one rather than holding a whole index
/// against them.
const SETTINGS: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
                        SET enable_mergejoin = off";

/// Columns of which a value has a few rows and no more.
const KEYS: [&str; 6] = ["id", "order_id", "payment_key", "owner", "sku", "mark"];

/// What every index leaves out, by its name.
type Predicates = BTreeMap<String, String>;

/// What is wrong with a plan, if anything. A part of which no more is asked for than a limit may walk an index: it stops there.
fn fault(plan: &Value, predicates: &Predicates, is_limited: bool) -> Option<String> {
    let text = |name: &str| plan[name].as_str().unwrap_or_default();
    let (kind, table) = (text("Node Type"), text("Relation Name"));
    if LARGE.contains(&table) {
        let (filter, condition, indices) = (text("Filter"), conditions(plan), indices(plan));
        let name = indices.join(" and ");
        let is_under_way = !indices.is_empty() && indices.iter().all(|index| UNDER_WAY.contains(&index.as_str()));
        // What the index leaves out by itself is asked again where a row is locked.
        let throws_away =
            !filter.is_empty() && !indices.iter().any(|index| predicates.get(index).is_some_and(|predicate| predicate == filter));
        match kind {
            "Seq Scan" => return Some(format!("reads all of {table}")),
            "Index Scan" | "Index Only Scan" | "Bitmap Heap Scan" => {
                if condition.is_empty() && (throws_away || !is_limited) {
                    return Some(format!("walks all of {name}"));
                }
                // Of the rows of one order or payment some may be left out; of those of a span of time there may be any number.
                if throws_away && !is_under_way && !is_by_key(&condition) {
                    return Some(format!("reads what it throws away, by {name}: {filter}"));
                }
            }
            // What is changed was found by another part.
            _ => {}
        }
    }
    let passes_on = is_limited && matches!(kind, "LockRows" | "Subquery Scan" | "Result");
    plan["Plans"].as_array().into_iter().flatten().find_map(|inner| fault(inner, predicates, kind == "Limit" || passes_on))
}

fn conditions(plan: &Value) -> String {
    let inner = parts_of_bitmap(plan).map(conditions).collect::<String>();
    format!("{}{inner}", plan["Index Cond"].as_str().unwrap_or_default())
}

fn indices(plan: &Value) -> Vec<String> {
    plan["Index Name"].as_str().map(str::to_owned).into_iter().chain(parts_of_bitmap(plan).flat_map(indices)).collect()
}

fn parts_of_bitmap(plan: &Value) -> impl Iterator<Item = &Value> {
    let is_bitmap = |part: &&Value| part["Node Type"].as_str().is_some_and(|kind| kind.starts_with("Bitmap"));
    plan["Plans"].as_array().into_iter().flatten().filter(is_bitmap)
}

fn is_by_key(condition: &str) -> bool {
    let bare = condition.replace("::text", "").replace(['(', ')'], "");
    let words: Vec<&str> = bare.split_whitespace().collect();
    words.windows(2).any(|two| two[1] == "=" && KEYS.contains(&two[0].rsplit('.').next().unwrap_or_default()))
}

/// What PostgreSQL answers to that statement with parameters of those types.
fn explained(target: &Target<'_>, sql: &str, types: &[&str]) -> Result<Value, String> {
    let (types, nulls) = if types.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("({})", types.join(", ")), format!("({})", vec!["NULL"; types.len()].join(", ")))
    };
    let done = (target.psql)()
        .args(["-c", &format!("SET search_path = {}; {SETTINGS}", target.schema)])
        .args(["-c", &format!("PREPARE asked {types} AS {sql}"), "-c", &format!("EXPLAIN (FORMAT JSON) EXECUTE asked{nulls}")])
        .output()
        .unwrap();
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned());
    }
    let plans: Value = serde_json::from_slice(&done.stdout).map_err(|error| error.to_string())?;
    Ok(plans[0]["Plan"].clone())
}

/// The types are as PostgreSQL takes them; what it cannot tell the driver says, and here whichever is understood.
fn explain(target: &Target<'_>, sql: &str, words: &[Word]) -> Result<Value, String> {
    const TYPES: [&str; 6] = ["BIGINT", "TEXT", "BOOLEAN", "NUMERIC", "TEXT[]", "BIGINT[]"];
    let parameters = words.iter().filter_map(|word| word.text.strip_prefix('$')?.parse::<usize>().ok()).max().unwrap_or(0);
    // Nobody asks for more than some at a time. The longest names first, since $1 is a part of $10.
    let sql = &(1..=parameters).rev().fold(sql.to_owned(), |sql, number| {
        ["LIMIT", "OFFSET"].iter().fold(sql, |sql, word| sql.replace(&format!("{word} ${number}"), &format!("{word} 50")))
    });
    let mut types = vec!["unknown"; parameters];
    let mut told = match explained(target, sql, &types) {
        Ok(plan) => return Ok(plan),
        Err(told) => told,
    };
    for _ in 0..parameters {
        let named = (1..=parameters).find(|number| told.contains(&format!("parameter ${number}\n"))).map(|number| number - 1);
        let unsaid = (0..parameters).filter(|at| types[*at] == "unknown" && named.is_none_or(|named| named == *at));
        let mut better = None;
        for (at, one) in unsaid.flat_map(|at| TYPES.map(|one| (at, one))) {
            let mut tried = types.clone();
            tried[at] = one;
            match explained(target, sql, &tried) {
                Ok(plan) => return Ok(plan),
                // Of this one nothing is wrong any more.
                Err(other) if named.is_some() && better.is_none() && other.contains("could not determine") => better = Some((tried, other)),
                Err(_) => {}
            }
        }
        let Some((tried, other)) = better.filter(|(_, other)| *other != told) else { break };
        (types, told) = (tried, other);
    }
    Err(told)
}

#[tokio::test]
async fn no_statement_reads_a_large_table_of_postgresql_as_a_whole() {
    let psql = || server().psql();
    let urls = [server().fresh(), server().fresh()];
    let [target, stories] = urls.each_ref().map(|url| Target { psql: &psql, schema: url.rsplit_once("%3D").unwrap().1, url });
    growth::postgres::grow(&target, &stories, &GROWTH).await;
    assert_eq!(target.run("SELECT COUNT(*) FROM orders").trim(), "3000");
    let predicates = target.run(
        "SELECT indexrelid::REGCLASS || ' ' || pg_get_expr(indpred, indrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid \
         WHERE relnamespace = current_schema()::REGNAMESPACE AND indpred IS NOT NULL",
    );
    let predicates = predicates.lines().filter_map(|line| line.split_once(' '));
    let predicates: Predicates = predicates.map(|(index, predicate)| (index.to_owned(), predicate.to_owned())).collect();
    let mut wrong = Vec::new();
    for (sql, words) in planned("postgres") {
        match explain(&target, &sql.text, &words).map(|plan| fault(&plan, &predicates, false)) {
            Ok(fault) => {
                wrong.extend(fault.filter(|_| excuse(&sql.text).is_none()).map(|why| format!("{}: {why}: {}", sql.file, sql.text)))
            }
            Err(told) => wrong.push(format!("{}: {told}: {}", sql.file, sql.text)),
        }
    }
    refuse(&wrong);
    // What is planted is found.
    for (planted, is_wrong) in [
        ("SELECT id FROM orders WHERE name = $1", true),
        ("SELECT id FROM orders ORDER BY placed_at_ms DESC, id", true),
        ("SELECT id FROM orders WHERE placed_at_ms < $1 AND name = $2 ORDER BY placed_at_ms DESC, id LIMIT 1", true),
        ("UPDATE outbox SET tries = 0 WHERE body = $1", true),
        ("SELECT id FROM orders WHERE placed_at_ms < $1 ORDER BY placed_at_ms DESC, id LIMIT 1", false),
        ("SELECT name FROM orders WHERE id = $1 AND version = $2", false),
    ] {
        let words = crate::statements(planted).remove(0);
        let fault = fault(&explain(&target, planted, &words).unwrap(), &predicates, false);
        assert_eq!(fault.is_some(), is_wrong, "{planted}: {fault:?}");
    }
}
