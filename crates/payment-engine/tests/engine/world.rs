//! An engine on a fresh database with a sandbox of its own, and a clock that tests move.

use crate::database::{Database, Store};
use crate::toss::{Spoiled, Spoiler};
use async_trait::async_trait;
use payment_engine::clock::{Clock, SystemClock};
use payment_engine::gateway::TossGateway;
use payment_engine::order::State;
use payment_engine::outbox::Courier;
use payment_engine::{AccountError, ConfirmError, Engine, NewOrder, OrderRecord, Owner, Parts, Returned, Sale, Settings};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::time::Duration;
use toss_payments::SecretKey;
use toss_sandbox::{ChargeKind, Config, Method, NewPayment, RequestRecord, Sandbox};
use toss_types::{OrderId, PaymentKey, Won};

/// Longer than anything here takes on the slowest machine; reached only by a test that fails.
pub const DEADLINE: Duration = Duration::from_secs(20);
pub const TOTAL: i64 = 50_000;

/// The machine's clock, set forward or back. While it is stopped, nobody who sleeps wakes up.
#[derive(Default)]
pub struct TestClock {
    ahead_ms: AtomicI64,
    nobody_wakes: AtomicBool,
    longest_ms: AtomicI64,
    breaks: AtomicBool,
}

#[async_trait]
impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        assert!(!self.breaks.swap(false, Ordering::SeqCst), "a bug that the test has planted");
        SystemClock.now_ms() + self.ahead_ms.load(Ordering::SeqCst)
    }

    async fn sleep(&self, duration: Duration) {
        let longest_ms = self.longest_ms.load(Ordering::SeqCst);
        let is_too_long = longest_ms > 0 && i64::try_from(duration.as_millis()).is_ok_and(|ms| ms >= longest_ms);
        if is_too_long || self.nobody_wakes.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(duration).await;
    }
}

impl TestClock {
    /// Who asks next breaks off.
    pub fn breaks_once(&self) {
        self.breaks.store(true, Ordering::SeqCst);
    }

    pub fn has_broken(&self) -> bool {
        !self.breaks.load(Ordering::SeqCst)
    }

    pub fn none_wakes_that_sleeps_for(&self, duration: Duration) {
        self.longest_ms.store(i64::try_from(duration.as_millis()).unwrap(), Ordering::SeqCst);
    }

    pub fn nobody_wakes(&self) {
        self.nobody_wakes.store(true, Ordering::SeqCst);
    }

    /// Who sleeps already sleeps on.
    pub fn wakes_again(&self) {
        self.nobody_wakes.store(false, Ordering::SeqCst);
    }
}

pub struct World {
    pub engine: Engine,
    pub sandbox: Sandbox,
    pub clock: Arc<TestClock>,
    pub spoiler: Arc<Spoiler>,
    pub database: Database,
    owners: AtomicU32,
}

impl World {
    pub async fn start() -> World {
        World::start_with(quiet()).await
    }

    pub async fn start_with(settings: Settings) -> World {
        let (database, sandbox) = (Database::fresh(), Sandbox::start(Config::default()).await.unwrap());
        let (clock, spoiler) = (Arc::<TestClock>::default(), Arc::<Spoiler>::default());
        let key = sandbox.secret_key().to_owned();
        let engine = engine(&database, &sandbox, &key, &clock, &spoiler, settings).await.unwrap();
        World { engine, sandbox, clock, spoiler, database, owners: AtomicU32::new(0) }
    }

    /// With somebody who is told what happens.
    pub async fn start_told(courier: impl Courier) -> World {
        let world = World::start().await;
        let parts = Parts::new(world.store().await, world.spoiler.before(world.gateway()))
            .clock(world.clock.clone())
            .courier(courier)
            .settings(quiet());
        World { engine: Engine::start(parts).await.unwrap(), ..world }
    }

    /// Another server on the same database, with that secret key. The one before is not asked to stop: it is gone.
    pub async fn restart_with(&self, secret_key: &str) -> Result<Engine, AccountError> {
        self.restart_as(secret_key, quiet()).await
    }

    pub async fn restart_as(&self, secret_key: &str, settings: Settings) -> Result<Engine, AccountError> {
        engine(&self.database, &self.sandbox, secret_key, &self.clock, &self.spoiler, settings).await
    }

    /// A server beside the one that runs.
    pub async fn beside(&self) -> Engine {
        self.restart_with(self.sandbox.secret_key()).await.unwrap()
    }

    pub async fn store(&self) -> Store {
        self.database.open().await
    }

    /// An order of an owner of its own.
    pub async fn order(&self) -> NewOrder {
        let owner = self.owners.fetch_add(1, Ordering::SeqCst);
        self.order_of(&format!("owner {owner}")).await
    }

    pub async fn order_of(&self, owner: &str) -> NewOrder {
        let total = Won::new(TOTAL).unwrap();
        let sale = Sale::new(Owner::new(owner), "사과", total);
        self.engine.place(sale).await.unwrap()
    }

    /// What the sandbox's window does when the shopper approves.
    pub fn approve(&self, order: &NewOrder) -> PaymentKey {
        let payment = NewPayment::new(order.id.as_str(), &order.name, order.total.as_won().unwrap().get());
        PaymentKey::parse(&self.sandbox.control().authenticate(payment).unwrap().payment_key).unwrap()
    }

    /// What the window does when the shopper chooses a virtual account.
    pub fn approve_account(&self, order: &NewOrder) -> PaymentKey {
        let new = NewPayment::new(order.id.as_str(), &order.name, order.total.as_won().unwrap().get());
        let payment = NewPayment { method: Method::VirtualAccount, ..new };
        PaymentKey::parse(&self.sandbox.control().authenticate(payment).unwrap().payment_key).unwrap()
    }

    /// An order that is paid by card.
    pub async fn paid(&self) -> (NewOrder, PaymentKey) {
        let order = self.order().await;
        let key = self.approve(&order);
        self.come_back(&order, &key).await.unwrap();
        (order, key)
    }

    /// An order that waits for its deposit.
    pub async fn waiting(&self) -> (NewOrder, PaymentKey) {
        let order = self.order().await;
        let key = self.approve_account(&order);
        let record = self.come_back(&order, &key).await.unwrap();
        assert!(matches!(record.state, State::AwaitingDeposit { .. }), "{:?}", record.state);
        (order, key)
    }

    /// What the sandbox has charged for an order, less what it has given back.
    pub fn balance(&self, order: &NewOrder) -> i64 {
        let ledger = self.sandbox.control().ledger();
        let charges = ledger.iter().filter(|charge| charge.order_id == order.id.as_str());
        let signed = |kind: ChargeKind| if kind == ChargeKind::Charge { 1 } else { -1 };
        charges.map(|charge| signed(charge.kind) * charge.amount.get()).sum()
    }

    /// Calls of that kind that have reached the sandbox.
    pub fn cancels(&self) -> Vec<RequestRecord> {
        self.requests().into_iter().filter(|request| request.path.ends_with("/cancel")).collect()
    }

    pub fn look_ups(&self) -> usize {
        self.requests().iter().filter(|request| request.method == "GET").count()
    }

    /// Works until nothing is due.
    pub async fn work(&self) {
        while self.engine.work_once().await.unwrap() > 0 {}
    }

    pub async fn come_back(&self, order: &NewOrder, payment_key: &PaymentKey) -> Result<OrderRecord, ConfirmError> {
        self.engine.confirm(returned(order, payment_key), DEADLINE).await
    }

    /// Comes back with an approved payment of which nothing is heard.
    pub async fn in_doubt(&self, spoiled: Spoiled) -> (NewOrder, PaymentKey) {
        let order = self.order().await;
        let payment_key = self.approve(&order);
        self.spoiler.confirm(&order.id, &[spoiled]);
        let record = self.engine.confirm(returned(&order, &payment_key), Duration::ZERO).await;
        drop(record);
        self.until(&order.id, |record| matches!(record.state, State::InDoubt { .. })).await;
        (order, payment_key)
    }

    pub async fn state(&self, id: &OrderId) -> State {
        self.engine.order(id).await.unwrap().unwrap().state
    }

    /// Waits for a condition, by asking the store whenever something else has run.
    pub async fn until(&self, id: &OrderId, holds: impl Fn(&OrderRecord) -> bool) -> OrderRecord {
        let waiting = async {
            loop {
                let record = self.engine.order(id).await.unwrap().unwrap();
                if holds(&record) {
                    return record;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(DEADLINE, waiting).await.expect("it holds in time")
    }

    pub async fn history(&self, id: &OrderId) -> Vec<String> {
        let events = self.engine.events(id).await.unwrap();
        let name = |event: &serde_json::Value| event["outcome"]["outcome"].as_str().or(event["event"].as_str()).unwrap().to_owned();
        events.iter().map(|record| name(&serde_json::to_value(&record.event).unwrap())).collect()
    }

    /// A way to the sandbox that nothing spoils.
    pub fn gateway(&self) -> TossGateway {
        TossGateway::new(SecretKey::parse(self.sandbox.secret_key()).unwrap(), &self.sandbox.url()).unwrap()
    }

    pub fn requests(&self) -> Vec<RequestRecord> {
        self.sandbox.control().requests()
    }

    pub fn confirms(&self) -> Vec<RequestRecord> {
        self.requests().into_iter().filter(|request| request.method == "POST").collect()
    }

    pub fn charged(&self, order: &NewOrder) -> Vec<i64> {
        self.sandbox.control().charges(order.id.as_str()).iter().map(|charge| charge.amount.get()).collect()
    }

    pub fn advance(&self, by: Duration) {
        self.clock.ahead_ms.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
        self.sandbox.control().advance(by);
    }

    /// The shop's clock alone, forward or back.
    pub fn set_clock(&self, by_ms: i64) {
        self.clock.ahead_ms.fetch_add(by_ms, Ordering::SeqCst);
    }
}

/// The books are compared when a test asks for it: they look payments up, which others count.
fn quiet() -> Settings {
    Settings::default().books_every(None)
}

pub fn returned(order: &NewOrder, payment_key: &PaymentKey) -> Returned {
    Returned::new(order.id.clone(), payment_key.clone(), order.total.amount())
}

async fn engine(
    database: &Database,
    sandbox: &Sandbox,
    secret_key: &str,
    clock: &Arc<TestClock>,
    spoiler: &Arc<Spoiler>,
    settings: Settings,
) -> Result<Engine, AccountError> {
    let store = database.open().await;
    let toss = TossGateway::new(SecretKey::parse(secret_key).unwrap(), &sandbox.url()).unwrap();
    Engine::start(Parts::new(store, spoiler.before(toss)).clock(clock.clone()).settings(settings)).await
}
