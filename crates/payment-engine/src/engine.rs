//! The engine: what all flows and all work share.

mod alive;
mod parts;

pub use parts::{Parts, Settings};

use crate::clock::Clock;
use crate::gateway::Gateway;
use crate::news::News;
use crate::order::{Account, Attempt, Lane};
use crate::outbox::{Courier, Message};
use crate::random::Random;
use crate::store::{Backlog, EventRecord, LaneLoad, OrderQuery, OrderRecord, Owner, StockLevel, Store, StoreError};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio_util::task::TaskTracker;
use toss_types::OrderId;

/// Orders and money. A handle; clones are the same engine.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) gateway: Arc<dyn Gateway>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) settings: Settings,
    /// Whose payments can be asked about.
    pub(crate) account: Account,
    pub(crate) news: News,
    /// Calls to Toss that run to their end, also when the server is asked to stop.
    pub(crate) tasks: TaskTracker,
    pub(crate) confirms: Arc<Semaphore>,
    /// Orders of which a payment has come back and is not stored yet, and how many.
    pub(crate) returning: Mutex<HashMap<OrderId, usize>>,
    /// The ways on which what happens is told.
    pub(crate) couriers: Vec<Arc<dyn Courier>>,
    /// Wakes who looks into webhooks.
    pub(crate) inbox: Notify,
    /// Wakes who delivers messages.
    pub(crate) outbox: Notify,
    /// Wake a lane before its time.
    wake: [Notify; Lane::ALL.len()],
    /// When it is next looked whose details are to be forgotten.
    pub(crate) forget_at_ms: AtomicI64,
    /// When it is next looked whether the books are due.
    pub(crate) books_at_ms: AtomicI64,
    /// Toss has asked not to be called before this time.
    calm_until_ms: AtomicI64,
    /// Whether the other servers have been told that this one lives.
    is_alive: AtomicBool,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("account", &self.0.account).finish_non_exhaustive()
    }
}

impl Engine {
    /// Of an account that is known by now.
    pub(crate) fn new(parts: Parts, account: Account) -> Engine {
        let Parts { store, gateway, clock, random, settings, couriers } = parts;
        let settings = settings.within_bounds();
        Engine(Arc::new(Inner {
            store,
            gateway,
            clock,
            random,
            settings,
            account,
            news: News::default(),
            tasks: TaskTracker::new(),
            confirms: Arc::new(Semaphore::new(settings.confirms_at_once)),
            returning: Mutex::default(),
            couriers,
            inbox: Notify::new(),
            outbox: Notify::new(),
            wake: Default::default(),
            forget_at_ms: AtomicI64::new(0),
            books_at_ms: AtomicI64::new(0),
            calm_until_ms: AtomicI64::new(0),
            is_alive: AtomicBool::new(false),
        }))
    }

    /// The order of that id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn order(&self, id: &OrderId) -> Result<Option<OrderRecord>, StoreError> {
        self.0.store.order(id).await
    }

    /// What Toss answered last about that order, as it came but for accounts and secrets; `None` where nothing is kept, or not any more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn toss_answer(&self, id: &OrderId) -> Result<Option<String>, StoreError> {
        self.0.store.toss_answer(id).await
    }

    /// The history of an order, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn events(&self, id: &OrderId) -> Result<Vec<EventRecord>, StoreError> {
        self.0.store.events(id).await
    }

    /// Orders, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn orders(&self, query: &OrderQuery) -> Result<Vec<OrderRecord>, StoreError> {
        self.0.store.orders(query).await
    }

    /// Says how much there is of something; without a limit where `total` is `None`. What is taken stays taken.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_stock(&self, sku: &str, total: Option<u32>) -> Result<(), StoreError> {
        self.0.store.set_stock(sku, total).await
    }

    /// How much there is of everything that has been limited or reserved, and how much of it is taken.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stock(&self) -> Result<Vec<StockLevel>, StoreError> {
        self.0.store.stock().await
    }

    /// Messages that wait to be delivered, or that were given up; oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn messages(&self, is_dead: bool, limit: u32) -> Result<Vec<Message>, StoreError> {
        self.0.store.messages(is_dead, limit).await
    }

    /// Delivers what was given up anew: that message, or all of them. Answers how many there were.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn replay_messages(&self, id: Option<&str>) -> Result<u64, StoreError> {
        let replayed = self.0.store.replay_messages(id, self.now_ms()).await?;
        self.0.outbox.notify_waiters();
        Ok(replayed)
    }

    /// The order of that owner of which nobody knows whether it is paid.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn undecided_of(&self, owner: &Owner) -> Result<Option<OrderId>, StoreError> {
        self.0.store.undecided_of(owner).await
    }

    /// Whether a payment of that order may be charging, or has come back and is about to be confirmed by this server.
    #[must_use]
    pub fn is_undecided(&self, record: &OrderRecord) -> bool {
        record.state.undecided().is_some() || (record.state.is_payable() && self.is_returning(&record.order.id))
    }

    /// Whether a payment of that order may still come back: it is not paid, nor may be, and its time is not over. The work that
    /// writes down that it is comes later.
    #[must_use]
    pub fn is_payable(&self, record: &OrderRecord) -> bool {
        record.state.is_payable() && self.now_ms() < record.order.expires_at_ms
    }

    pub(crate) fn is_returning(&self, id: &OrderId) -> bool {
        self.0.returning.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    /// The order as soon as its payment is decided, or as it stands after `patience`; `None` where there is no such order.
    ///
    /// # Errors
    /// When the store fails.
    ///
    /// # Panics
    /// With the clock of the system, outside a Tokio runtime with its timer enabled.
    pub async fn decided(&self, id: &OrderId, patience: Duration) -> Result<Option<OrderRecord>, StoreError> {
        let is_decided =
            |record: &OrderRecord, was_returning: bool| record.state.undecided().is_none() && !(record.state.is_payable() && was_returning);
        self.until(id, patience, is_decided).await
    }

    /// The order as soon as it has had more events than `version`, or as it stands after `patience`; `None` where there is no such
    /// order.
    ///
    /// # Errors
    /// When the store fails.
    ///
    /// # Panics
    /// With the clock of the system, outside a Tokio runtime with its timer enabled.
    pub async fn changed(&self, id: &OrderId, version: i64, patience: Duration) -> Result<Option<OrderRecord>, StoreError> {
        self.until(id, patience, |record, _| record.version > version).await
    }

    async fn until(
        &self,
        id: &OrderId,
        patience: Duration,
        holds: impl Fn(&OrderRecord, bool) -> bool,
    ) -> Result<Option<OrderRecord>, StoreError> {
        /// Where nobody works ([`Engine::work`]), news of another process is not heard; the store has it.
        const LOOK_EACH: Duration = Duration::from_secs(1);
        let mut listener = self.0.news.listen(id);
        let deadline = self.0.clock.sleep(patience);
        tokio::pin!(deadline);
        loop {
            // Before the order is read: a claim that is stored in between is in neither otherwise.
            let was_returning = self.is_returning(id);
            let record = self.0.store.order(id).await?;
            match &record {
                Some(record) if !holds(record, was_returning) => listener.saw(record.version),
                Some(_) | None => return Ok(record),
            }
            tokio::select! {
                () = listener.changed() => {}
                () = self.0.clock.sleep(LOOK_EACH) => {}
                () = &mut deadline => return self.0.store.order(id).await,
            }
        }
    }

    /// How many orders wait in each lane, and since when the oldest does.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn load(&self) -> Result<Vec<LaneLoad>, StoreError> {
        self.0.store.load().await
    }

    /// What waits besides orders: webhooks, messages, findings of the books.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.0.store.backlog().await
    }

    /// Proves that the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check_read(&self) -> Result<(), StoreError> {
        self.0.store.check_read().await
    }

    /// Proves that the store can be written to.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check_write(&self) -> Result<(), StoreError> {
        self.0.store.check_write(self.now_ms()).await
    }

    /// What the engine takes for now, in ms since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.0.clock.now_ms()
    }

    /// Waits for calls to Toss that are under way, at most for `patience`, and closes the store. `false` where some were left:
    /// they are looked up at the next start.
    ///
    /// # Panics
    /// With the clock of the system, outside a Tokio runtime with its timer enabled.
    pub async fn close(&self, patience: Duration) -> bool {
        self.0.tasks.close();
        let ended = tokio::select! {
            () = self.0.tasks.wait() => true,
            () = self.0.clock.sleep(patience) => false,
            // Until then what they are about is this server's.
            () = self.stay_alive_if_alive() => false,
        };
        self.0.store.close().await;
        ended
    }

    /// Whether the attempt is of the account that can be asked. What another one does not show may have been charged all the same.
    pub(crate) fn is_ours(&self, attempt: &Attempt) -> bool {
        // Orders from before accounts were kept belong to the first one, and keys had to be its own.
        attempt.account.as_ref().is_none_or(|account| *account == self.0.account)
    }

    pub(crate) fn wake(&self, lane: Lane) {
        self.0.wake[lane as usize].notify_one();
    }

    pub(crate) async fn woken(&self, lane: Lane) {
        self.0.wake[lane as usize].notified().await;
    }

    /// Toss has asked to be left alone for that long; no lane calls it meanwhile.
    pub(crate) fn calm_down(&self, retry_after: Option<Duration>) {
        let Some(pause_ms) = retry_after.and_then(|pause| i64::try_from(pause.as_millis()).ok()) else { return };
        let (now_ms, pause_ms) = (self.now_ms(), pause_ms.min(LONGEST_CALM_MS));
        // What lies further ahead than anybody may ask for comes of a clock that was set back.
        let _ = self.0.calm_until_ms.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |until_ms| {
            Some(if until_ms > now_ms + LONGEST_CALM_MS { now_ms + pause_ms } else { until_ms.max(now_ms + pause_ms) })
        });
    }

    /// How long Toss has still to be left alone, in ms.
    pub(crate) fn calm_for_ms(&self) -> i64 {
        let left = self.0.calm_until_ms.load(Ordering::SeqCst) - self.now_ms();
        // More comes of a clock that was set back.
        if left > LONGEST_CALM_MS { 0 } else { left.max(0) }
    }
}

/// The longest that a `Retry-After` is obeyed, in ms: a shopper waits.
const LONGEST_CALM_MS: i64 = 10 * 60_000;

/// Marks an order as one of which a payment has come back, for as long as it is held.
pub(crate) struct Returning {
    engine: Engine,
    id: OrderId,
}

impl Returning {
    /// `None` where so many have come back that they have to wait outside.
    pub(crate) fn enter(engine: &Engine, id: &OrderId) -> Option<Returning> {
        /// For one order at once: two windows, a reload, an impatient shopper; not more.
        const MOST_OF_ONE: usize = 64;
        let mut returning = engine.0.returning.lock().unwrap_or_else(PoisonError::into_inner);
        let most = engine.0.settings.confirms_at_once + engine.0.settings.confirms_waiting;
        if returning.values().sum::<usize>() >= most || returning.get(id).is_some_and(|count| *count >= MOST_OF_ONE) {
            return None;
        }
        *returning.entry(id.clone()).or_default() += 1;
        Some(Returning { engine: engine.clone(), id: id.clone() })
    }
}

impl Drop for Returning {
    fn drop(&mut self) {
        let mut returning = self.engine.0.returning.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = returning.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                returning.remove(&self.id);
            }
        }
        drop(returning);
        self.engine.0.news.announce(&self.id);
    }
}
