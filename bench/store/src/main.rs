//! How fast the stores are, and whether they stay so when they grow: what a paid order costs, what a look costs, on a store that holds a
//! thousand orders or ten million, alone and beside 64 writers. BENCHMARKS.md says how it is measured; `make bench-store` runs it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a benchmark breaks loudly and prints a table")]

#[path = "../../../crates/payment-engine/tests/growth/mod.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod growth;
mod load;
mod measure;
mod place;
#[path = "../../../crates/payment-engine/tests/postgres/running.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod running;
#[path = "../../../crates/payment-engine/tests/postgres/server.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod server;
mod table;

use growth::Growth;
use load::{Load, now_ms};
use place::Place;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const WRITERS: usize = 64;

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", code, store, orders, seconds, folder] => {
            let (orders, seconds) = (orders.parse().unwrap(), seconds.parse().unwrap());
            run(code, store, orders, Duration::from_secs(seconds), &PathBuf::from(folder)).await;
        }
        ["table", folder] => print!("{}", table::of(&PathBuf::from(folder))),
        _ => panic!("store-bench run CODE sqlite|postgres ORDERS SECONDS FOLDER, or store-bench table FOLDER"),
    }
}

async fn run(code: &str, store: &str, orders: u64, time: Duration, folder: &std::path::Path) {
    let began = Instant::now();
    let place = Place::named(store, folder);
    place.grow(&Growth { orders, now_ms: now_ms() }).await;
    let grown = began.elapsed();
    let bytes = place.bytes() / orders.max(1);
    let load = Load::on(place.open().await, orders);
    let alone = json!({
        "paid": paid(&load, &place, 1, time).await,
        "look-up": load.look_up(time).await,
        "next looks": load.next_looks(time).await,
        "list": load.list(time, None).await,
        "list of a state": load.list(time, Some("in_doubt")).await,
    });
    let crowded = paid(&load, &place, WRITERS, time).await;
    let beside = load.looks_beside(WRITERS, time).await;
    load.store.close().await;
    let synced = json!({ "alone": syncs(&place, orders, 1).await, "64 writers": syncs(&place, orders, WRITERS).await });
    let result = json!({
        "code": code, "store": store, "orders": orders, "seconds": time.as_secs(), "grown in s": grown.as_secs(),
        "bytes per order": bytes, "alone": alone, "64 writers": { "paid": crowded, "beside": beside }, "syncs per paid order": synced,
    });
    let file = folder.join(format!("{code}-{store}-{orders}.json"));
    std::fs::write(&file, serde_json::to_string_pretty(&result).unwrap()).unwrap();
}

/// Paid orders for that time, with what they cost.
async fn paid(load: &Load, place: &Place, writers: usize, time: Duration) -> Value {
    let (own, others, began) = (measure::own_cpu(), place.server_cpu(), Instant::now());
    let mut told = load.paid_orders(writers, time).await;
    let (took, paid) = (began.elapsed(), told["orders"].as_u64().unwrap().max(1));
    let each_us = |cpu: Duration| u64::try_from(cpu.as_micros()).unwrap_or(u64::MAX) / paid;
    told["own CPU, us each"] = json!(each_us(measure::own_cpu().saturating_sub(own)));
    told["server's CPU, us each"] = json!(each_us(place.server_cpu().saturating_sub(others)));
    told["paid orders a second"] = json!(u128::from(paid) * 1_000 / took.as_millis().max(1));
    told
}

/// How often the disk is waited for, per paid order: counted apart, since counting costs time.
async fn syncs(place: &Place, orders: u64, writers: usize) -> Value {
    const COUNTED: u64 = 640;
    let counter = place.count_syncs();
    let load = Load::on(place.open().await, orders);
    let paid = load.some_paid_orders(writers, COUNTED).await;
    load.store.close().await;
    let Some(syncs) = counter.end() else { return Value::Null };
    // Thousandths, so that no float is needed.
    json!(syncs * 1_000 / paid.max(1))
}
