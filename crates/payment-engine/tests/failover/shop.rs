//! A shop of several servers on one database, with the offline Toss and a clock that all of them share.

use crate::moments::{Moments, Watched};
use async_trait::async_trait;
use payment_engine::clock::{Clock, SystemClock};
use payment_engine::gateway::{Gateway, TossGateway};
use payment_engine::order::State;
use payment_engine::store::{Postgres, PostgresOptions};
use payment_engine::{Engine, NewOrder, OrderRecord, Owner, Parts, Returned, Sale, Settings};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use toss_payments::SecretKey;
use toss_sandbox::{ChargeKind, Config, NewPayment, Sandbox};
use toss_types::{OrderId, PaymentKey, Won};

/// Longer than anything here takes on the slowest machine; reached only by a test that fails.
pub const DEADLINE: Duration = Duration::from_secs(60);
pub const TOTAL: i64 = 50_000;

/// The machine's clock, set forward.
#[derive(Default)]
struct Ahead(AtomicI64);

#[async_trait]
impl Clock for Ahead {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::SeqCst)
    }
}

pub struct Shop {
    pub sandbox: Sandbox,
    clock: Arc<Ahead>,
    url: String,
}

impl Shop {
    pub async fn start(url: String) -> Shop {
        Shop { sandbox: Sandbox::start(Config::default()).await.unwrap(), clock: Arc::default(), url }
    }

    pub async fn server(&self) -> Engine {
        self.server_by(self.toss()).await
    }

    /// One of which is seen what it asks Toss, and when.
    pub async fn server_in(&self, moments: &Arc<Moments>) -> Engine {
        self.server_by(Watched::new(self.toss(), moments)).await
    }

    async fn server_by(&self, gateway: impl Gateway) -> Engine {
        let store = Postgres::connect(&PostgresOptions::parse(&self.url).unwrap()).await.unwrap();
        // The books are compared when a test asks for it.
        let settings = Settings::default().books_every(None);
        Engine::start(Parts::new(store, gateway).clock(self.clock.clone()).settings(settings)).await.unwrap()
    }

    fn toss(&self) -> TossGateway {
        TossGateway::new(SecretKey::parse(self.sandbox.secret_key()).unwrap(), &self.sandbox.url()).unwrap()
    }

    /// What the sandbox's window does when the shopper approves.
    pub fn approve(&self, order: &NewOrder) -> PaymentKey {
        let payment = NewPayment::new(order.id.as_str(), &order.name, TOTAL);
        PaymentKey::parse(&self.sandbox.control().authenticate(payment).unwrap().payment_key).unwrap()
    }

    /// What was charged for an order, each of it.
    pub fn charges(&self, id: &OrderId) -> Vec<i64> {
        self.sandbox.control().charges(id.as_str()).iter().map(|charge| charge.amount.get()).collect()
    }

    /// What was charged for an order, less what was given back.
    pub fn balance(&self, id: &OrderId) -> i64 {
        let ledger = self.sandbox.control().ledger();
        let signed = |kind: ChargeKind| if kind == ChargeKind::Charge { 1 } else { -1 };
        ledger.iter().filter(|charge| charge.order_id == id.as_str()).map(|charge| signed(charge.kind) * charge.amount.get()).sum()
    }

    pub fn advance(&self, by: Duration) {
        self.clock.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
        self.sandbox.control().advance(by);
    }
}

/// Of an owner of its own.
pub fn sale(owner: &str) -> Sale {
    Sale::new(Owner::new(owner), "사과", Won::new(TOTAL).unwrap())
}

pub fn returned(order: &NewOrder, key: &PaymentKey) -> Returned {
    Returned::new(order.id.clone(), key.clone(), order.total.amount())
}

/// Works until nothing is due.
pub async fn work(server: &Engine) {
    while server.work_once().await.unwrap() > 0 {}
}

pub fn is_paid_by(record: &OrderRecord, key: &PaymentKey) -> bool {
    matches!(&record.state, State::Paid { attempt, .. } if attempt.payment_key == *key)
}
