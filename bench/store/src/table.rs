//! What was measured, as one table.

use serde_json::Value;
use std::fs;
use std::path::Path;

/// Of all results in a folder, a column each.
pub fn of(folder: &Path) -> String {
    let mut results: Vec<Value> = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "json") {
            results.push(serde_json::from_str(&fs::read_to_string(entry.path()).unwrap()).unwrap());
        }
    }
    results.sort_by_key(|result| (result["store"].to_string(), result["orders"].as_u64(), result["code"].to_string()));
    let mut rows = vec![row("", &results, |result| {
        format!("{} {} {}", text(&result["store"]), short(result["orders"].as_u64().unwrap_or(0)), text(&result["code"]))
    })];
    for (name, crowd) in [("alone", "alone"), ("64 writers", "64 writers")] {
        let paid = |result: &Value| result[crowd]["paid"].clone();
        for call in ["place", "claim", "settle"] {
            rows.push(row(&format!("{call}, {name}: p50 / p99 us"), &results, |result| times(&paid(result)[call])));
        }
        rows.push(row(&format!("paid orders a second, {name}"), &results, |result| text(&paid(result)["paid orders a second"])));
        rows.push(row(&format!("CPU of the program per paid order, {name}: us"), &results, |result| {
            text(&paid(result)["own CPU, us each"])
        }));
        rows.push(row(&format!("CPU of the server per paid order, {name}: us"), &results, |result| {
            text(&paid(result)["server's CPU, us each"])
        }));
        rows.push(row(&format!("syncs per paid order, {name}"), &results, |result| thousandths(&result["syncs per paid order"][crowd])));
        for look in ["look-up", "next looks", "list", "list of a state"] {
            let of = |result: &Value| {
                let result = &result[crowd];
                if crowd == "alone" { result[look].clone() } else { result["beside"][look].clone() }
            };
            if results.iter().any(|result| !of(result).is_null()) {
                rows.push(row(&format!("{look}, {name}: p50 / p99 us"), &results, |result| times(&of(result))));
            }
        }
    }
    rows.push(row("bytes per order", &results, |result| text(&result["bytes per order"])));
    laid_out(&rows)
}

fn row(name: &str, results: &[Value], cell: impl Fn(&Value) -> String) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(results.iter().map(cell)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { "-".to_owned() } else { value.to_string() }, str::to_owned)
}

fn times(value: &Value) -> String {
    if value.is_null() { "-".to_owned() } else { format!("{} / {}", text(&value["p50 us"]), text(&value["p99 us"])) }
}

fn thousandths(value: &Value) -> String {
    value.as_u64().map_or_else(|| "-".to_owned(), |value| format!("{}.{:02}", value / 1_000, value % 1_000 / 10))
}

fn short(orders: u64) -> String {
    match orders {
        millions if millions >= 1_000_000 && millions % 1_000_000 == 0 => format!("{}M", millions / 1_000_000),
        thousands if thousands >= 1_000 && thousands % 1_000 == 0 => format!("{}k", thousands / 1_000),
        other => other.to_string(),
    }
}

/// As Markdown has tables.
fn laid_out(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns).map(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0)).collect();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut laid_out = String::new();
    for (at, row) in rows.iter().enumerate() {
        laid_out += &line(row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect());
        if at == 0 {
            laid_out += &line(widths.iter().map(|width| "-".repeat(*width)).collect());
        }
    }
    laid_out
}
