//! How long it takes to read a payment. Goal: less than 5 microseconds for a card payment as Toss sends it.
//!
//! `cargo bench -p toss-payments --bench decode`

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use toss_payments::Payment;
use toss_payments::webhook::{Delivery, Webhook};

const CARD: &str = include_str!("../tests/golden/card.json");
const EVERYTHING: &str = include_str!("../tests/golden/everything.json");

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for (name, body) in [("payment_card", CARD), ("payment_everything", EVERYTHING)] {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| Payment::from_json(black_box(body))));
    }
    let webhook = format!(r#"{{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-08-01T12:00:00.12345","data":{CARD}}}"#);
    group.throughput(Throughput::Bytes(webhook.len() as u64));
    group.bench_function("webhook_payment", |bencher| bencher.iter(|| Webhook::parse(black_box(webhook.as_bytes()), Delivery::default())));
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
