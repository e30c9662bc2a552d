//! What a shop asks of its store, over and over for a while.

use crate::growth::{self, stories::CHANNELS};
use payment_engine::NewOrder;
use payment_engine::order::{Account, Approval, Attempt, Event, Lane, Outcome};
use payment_engine::store::{Note, OrderQuery, Placement, Store};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use toss_types::{IdempotencyKey, PaymentKey};

pub fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// How long each of many calls took.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    fn add(&mut self, since: Instant) {
        self.0.push(since.elapsed());
    }

    /// In us: of a hundred calls the fiftieth and the last but one.
    fn told(&mut self) -> Value {
        self.0.sort_unstable();
        let at = |hundredth: usize| self.0.get((self.0.len() * hundredth / 100).min(self.0.len().saturating_sub(1)));
        let us = |time: Option<&Duration>| time.map(|time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
        json!({ "calls": self.0.len(), "p50 us": us(at(50)), "p99 us": us(at(99)) })
    }
}

#[derive(Default)]
struct Paid {
    place: Times,
    claim: Times,
    settle: Times,
    orders: u64,
    /// Not taken, because too many were placed at once.
    refused: u64,
}

#[derive(Clone)]
pub struct Load {
    pub store: Arc<dyn Store>,
    orders: u64,
    next: Arc<AtomicU64>,
}

impl Load {
    /// On a store with so many orders.
    pub fn on(store: Arc<dyn Store>, orders: u64) -> Load {
        // No number comes twice, whoever else has been at this store.
        static NEXT: AtomicU64 = AtomicU64::new(1 << 40);
        let next = NEXT.fetch_add(1 << 30, Ordering::SeqCst);
        Load { store, orders, next: Arc::new(AtomicU64::new(next)) }
    }

    fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }

    /// Orders that are placed, claimed and paid by so many at once for that time.
    pub async fn paid_orders(&self, writers: usize, time: Duration) -> Value {
        let until = Instant::now() + time;
        let mut all = self.pay(writers, move |_| Instant::now() < until).await;
        json!({
            "orders": all.orders, "refused": all.refused,
            "place": all.place.told(), "claim": all.claim.told(), "settle": all.settle.told(),
        })
    }

    /// The same until there are so many. Answers how many.
    pub async fn some_paid_orders(&self, writers: usize, orders: u64) -> u64 {
        let each = orders / u64::try_from(writers).unwrap_or(1);
        self.pay(writers, move |done| done < each).await.orders
    }

    async fn pay(&self, writers: usize, goes_on: impl Fn(u64) -> bool + Clone + Send + 'static) -> Paid {
        let tasks: Vec<_> = (0..writers).map(|_| tokio::spawn(self.clone().pay_alone(goes_on.clone()))).collect();
        let mut all = Paid::default();
        for task in tasks {
            let one = task.await.unwrap();
            all.place.0.extend(one.place.0);
            all.claim.0.extend(one.claim.0);
            all.settle.0.extend(one.settle.0);
            all.orders += one.orders;
            all.refused += one.refused;
        }
        all
    }

    async fn pay_alone(self, goes_on: impl Fn(u64) -> bool) -> Paid {
        let mut paid = Paid::default();
        while goes_on(paid.orders + paid.refused) {
            let number = self.next();
            let now_ms = now_ms();
            let order = growth::new_order(number, now_ms);
            let payment_key = growth::payment_key(number);
            let idempotency_key = IdempotencyKey::parse(&growth::stamp::name('i', number, 30)).unwrap();
            let note = || Note::at(now_ms).channels(CHANNELS.into());
            let answer = note().toss_answer(growth::toss_answer(number));
            let began = Instant::now();
            if !matches!(self.store.place(&order, &note()).await, Ok(Placement::Placed { .. })) {
                paid.refused += 1;
                continue;
            }
            paid.place.add(began);
            let began = Instant::now();
            self.store.apply(&order.id, &started(&order, &payment_key, &idempotency_key, now_ms), &note()).await.unwrap();
            paid.claim.add(began);
            let ended = Event::ConfirmEnded { payment_key, idempotency_key: Some(idempotency_key), outcome: Outcome::Paid(approval()) };
            let began = Instant::now();
            self.store.apply(&order.id, &ended, &answer).await.unwrap();
            paid.settle.add(began);
            paid.orders += 1;
        }
        paid
    }

    /// Orders by their id, anywhere in the store.
    pub async fn look_up(&self, time: Duration) -> Value {
        let mut at = 0;
        repeated(time, async || {
            at += 1;
            let number = growth::stamp::scattered(at, 'r') % self.orders;
            assert!(self.store.order(&growth::order_id(number)).await.unwrap().is_some());
        })
        .await
    }

    /// What a lane does: eight orders that are due, of those that are.
    pub async fn next_looks(&self, time: Duration) -> Value {
        const DUE: usize = 100;
        let now = now_ms();
        for _ in 0..DUE {
            let order = growth::new_order(self.next(), now - 60 * 60_000);
            self.store.place(&order, &Note::at(now - 60 * 60_000)).await.unwrap();
        }
        repeated(time, async || {
            let now_ms = now_ms();
            self.store.take_due(Lane::Expiry, now_ms, now_ms + 1, 8).await.unwrap();
        })
        .await
    }

    /// What an operator sees.
    pub async fn list(&self, time: Duration, state: Option<&str>) -> Value {
        let query = OrderQuery::newest(50);
        let query = state.map_or(query.clone(), |state| query.status(state));
        repeated(time, async || drop(self.store.orders(&query).await.unwrap())).await
    }

    /// Looks of all kinds, one after another, while so many write.
    pub async fn looks_beside(&self, writers: usize, time: Duration) -> Value {
        let is_over = Arc::new(AtomicBool::new(false));
        let (load, seen) = (self.clone(), Arc::clone(&is_over));
        let writing = tokio::spawn(async move { load.pay(writers, move |_| !seen.load(Ordering::SeqCst)).await });
        let told = json!({
            "look-up": self.look_up(time).await,
            "next looks": self.next_looks(time).await,
            "list": self.list(time, None).await,
        });
        is_over.store(true, Ordering::SeqCst);
        writing.await.unwrap();
        told
    }
}

async fn repeated(time: Duration, mut call: impl AsyncFnMut()) -> Value {
    let (until, mut times) = (Instant::now() + time, Times::default());
    while times.0.is_empty() || Instant::now() < until {
        let began = Instant::now();
        call().await;
        times.add(began);
    }
    times.told()
}

fn started(order: &NewOrder, payment_key: &PaymentKey, idempotency_key: &IdempotencyKey, now_ms: i64) -> Event {
    let attempt = Attempt::new(payment_key.clone(), idempotency_key.clone(), order.total.clone(), now_ms);
    Event::ConfirmStarted(attempt.account(Account::new("account-1")))
}

fn approval() -> Approval {
    let mut approval = Approval::default();
    approval.method = Some("카드".to_owned());
    approval.approved_at = Some("2026-11-27T13:05:07+09:00".to_owned());
    approval.receipt_url = Some("https://receipt.example/receipt/redirection?transactionId=tviva20240213145434Rycs6&ref=PX".to_owned());
    approval
}
