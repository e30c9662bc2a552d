//! The work that goes on by itself. It takes no input but the store: each lane takes what is due and looks at it, whether a
//! confirm was cut off, answered with nonsense, or the server died in the middle of it. Time alone never turns an order in
//! doubt into a failure.

pub(crate) mod books;
mod expiry;
mod forget;
mod inbox;
mod news;
mod outbox;
pub(crate) mod payment;
mod refund;
mod telling;

use crate::engine::Engine;
use crate::order::{LEASE_MS, Lane, State, TRANSFER_LOOK_MS};
use crate::outbox::Courier;
use crate::store::{OrderRecord, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// Between two questions whether something is due. What is urgent wakes its lane.
const PAUSE: Duration = Duration::from_secs(1);

impl Engine {
    /// Runs all lanes until `stop` comes back: for ever with [`std::future::pending`]. What is under way then is finished first. Where
    /// this is dropped instead, the lanes end by themselves as soon as that is. A lane that breaks off is logged and started again.
    ///
    /// # Panics
    /// Outside a Tokio runtime; and with the clock of the system, where the runtime's timer is not enabled.
    pub async fn work(&self, stop: impl Future<Output = ()> + Send) {
        let stopping = CancellationToken::new();
        // What is under way is this server's until it has ended.
        let ended = CancellationToken::new();
        let alive = tokio::spawn(supervise(self.clone(), "alive", ended.clone(), |engine, ended| async move {
            tokio::select! {
                () = ended.cancelled() => {}
                () = engine.stay_alive() => {}
            }
        }));
        let has_ended = ended.drop_guard();
        let mut lanes = JoinSet::new();
        lanes.spawn(supervise(self.clone(), "news", stopping.clone(), news::run));
        for queue in Queue::all(self) {
            let name = queue.word();
            let run = move |engine, stop| run(engine, queue.clone(), stop);
            lanes.spawn(supervise(self.clone(), name, stopping.clone(), run));
        }
        // However this ends, no lane goes on.
        let stopped = stopping.drop_guard();
        stop.await;
        drop(stopped);
        while lanes.join_next().await.is_some() {}
        drop(has_ended);
        // What broke off has been logged.
        let _ = alive.await;
    }

    /// Looks at everything that is due, once. Answers how many orders there were.
    ///
    /// # Errors
    /// When the store cannot be read. What could not be written is logged and falls due again.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn work_once(&self) -> Result<usize, StoreError> {
        let mut looks = JoinSet::new();
        let mut count = 0;
        for queue in Queue::all(self) {
            count += queue.take_due(self, &mut looks, queue.places()).await?;
        }
        while let Some(look) = looks.join_next().await {
            report(look);
        }
        Ok(count)
    }
}

/// What waits to be done, each kind with places of its own.
#[derive(Clone)]
enum Queue {
    /// Orders to be looked at.
    Orders(Lane),
    /// Webhooks to be looked into.
    Inbox,
    /// Messages to be delivered on one way.
    Outbox(Arc<dyn Courier>),
    /// Details and bodies whose time is over.
    Forget,
    /// What Toss lists.
    Books,
}

impl Queue {
    fn all(engine: &Engine) -> Vec<Queue> {
        let lanes = Lane::ALL.into_iter().map(Queue::Orders);
        lanes.chain([Queue::Inbox, Queue::Forget, Queue::Books]).chain(engine.0.couriers.iter().cloned().map(Queue::Outbox)).collect()
    }

    fn word(&self) -> &'static str {
        match self {
            Queue::Orders(lane) => lane.word(),
            Queue::Inbox => "inbox",
            Queue::Outbox(courier) => courier.channel(),
            Queue::Forget => "forget",
            Queue::Books => "books",
        }
    }

    fn places(&self) -> u32 {
        match self {
            Queue::Orders(lane) => lane.places(),
            Queue::Inbox => inbox::PLACES,
            Queue::Outbox(_) => outbox::PLACES,
            Queue::Forget | Queue::Books => 1,
        }
    }

    async fn take_due(&self, engine: &Engine, looks: &mut JoinSet<()>, limit: u32) -> Result<usize, StoreError> {
        match self {
            Queue::Orders(lane) => take_due(engine, *lane, looks, limit).await,
            Queue::Inbox => inbox::take_due(engine, looks, limit).await,
            Queue::Outbox(courier) => outbox::take_due(engine, courier, looks, limit).await,
            Queue::Forget => forget::take_due(engine).await,
            Queue::Books => books::take_due(engine, looks, limit).await,
        }
    }

    /// Something may be due before its time.
    async fn woken(&self, engine: &Engine) {
        match self {
            Queue::Orders(lane) => engine.woken(*lane).await,
            Queue::Inbox => engine.0.inbox.notified().await,
            Queue::Outbox(_) => engine.0.outbox.notified().await,
            Queue::Forget | Queue::Books => std::future::pending().await,
        }
    }
}

async fn supervise<F: Future<Output = ()> + Send + 'static>(
    engine: Engine,
    queue: &'static str,
    stop: CancellationToken,
    run: impl Fn(Engine, CancellationToken) -> F,
) {
    while let Err(error) = tokio::spawn(run(engine.clone(), stop.clone())).await {
        tracing::error!(queue, %error, "a queue broke off; starting it again");
        tokio::select! {
            () = stop.cancelled() => return,
            () = engine.0.clock.sleep(PAUSE) => {}
        }
    }
}

async fn run(engine: Engine, queue: Queue, stop: CancellationToken) {
    let mut looks = JoinSet::new();
    loop {
        // No more than can be worked on at once, so that nobody waits in a queue while their lease runs out.
        let free = queue.places().saturating_sub(u32::try_from(looks.len()).unwrap_or(u32::MAX));
        if let Err(error) = queue.take_due(&engine, &mut looks, free).await {
            tracing::error!(queue = queue.word(), %error, "a queue could not read the store");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = queue.woken(&engine) => {}
            // What ends makes room for the next at once.
            Some(look) = looks.join_next() => report(look),
            () = engine.0.clock.sleep(PAUSE) => {}
        }
    }
    while let Some(look) = looks.join_next().await {
        report(look);
    }
}

async fn take_due(engine: &Engine, lane: Lane, looks: &mut JoinSet<()>, limit: u32) -> Result<usize, StoreError> {
    let asks_toss = match lane {
        Lane::Shown | Lane::Unheard | Lane::Missing | Lane::Deposit | Lane::Refund => true,
        Lane::Expiry => false,
    };
    if limit == 0 || (asks_toss && engine.calm_for_ms() > 0) {
        return Ok(0);
    }
    let now_ms = engine.now_ms();
    let taken = engine.0.store.take_due(lane, now_ms, now_ms + LEASE_MS, limit).await?;
    let count = taken.len();
    for record in taken {
        let engine = engine.clone();
        looks.spawn(async move {
            if let Err(error) = look(&engine, lane, &record).await {
                tracing::error!(order_id = %record.order.id, lane = lane.word(), %error, "a look at an order could not be stored");
            }
        });
    }
    Ok(count)
}

/// A look that panicked is one order's; it falls due again when its lease has run out.
fn report(look: Result<(), JoinError>) {
    if let Err(error) = look {
        tracing::error!(%error, "a look at an order broke off");
    }
}

async fn look(engine: &Engine, lane: Lane, record: &OrderRecord) -> Result<(), StoreError> {
    match lane {
        Lane::Shown | Lane::Unheard | Lane::Missing | Lane::Deposit => payment::look(engine, lane, record).await,
        Lane::Refund => refund::look(engine, record).await,
        Lane::Expiry => expiry::look(engine, record).await,
    }
}

/// Sets the next look after one in vain.
async fn later(engine: &Engine, lane: Lane, record: &OrderRecord, least: Option<Duration>) -> Result<(), StoreError> {
    let asked_ms = least.and_then(|least| i64::try_from(least.as_millis()).ok()).unwrap_or(0);
    let pause_ms = lane.pause_ms(record.looks).max(asked_ms.min(lane.longest_wait_ms()));
    let now_ms = engine.now_ms();
    let at_ms = match &record.state {
        // At its deadline somebody looks.
        State::AwaitingDeposit { account, .. } => account.next_look_ms(now_ms + pause_ms, now_ms),
        // Money on its way back takes days.
        State::Paid { deposit: Some(deposit), .. } if deposit.has_stayed && lane == Lane::Deposit => now_ms + TRANSFER_LOOK_MS,
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::Paid { .. }
        | State::Expired { .. } => now_ms + pause_ms,
    };
    engine.0.store.look_later(record, now_ms, at_ms).await
}
