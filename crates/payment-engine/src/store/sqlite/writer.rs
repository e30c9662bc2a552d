//! The one thread that writes. It has the one writing connection, takes whole transactions out of a [queue](super::queue), and commits
//! together what has queued up: a savepoint each, and one COMMIT, and so one sync of the disk, for all of them. A caller is
//! answered after that COMMIT, also one that was refused: what refused it may have been written just before it.
//!
//! What fails, refuses or panics rolls back to its savepoint and leaves the others alone. Whatever ends the transaction of the group but a
//! COMMIT that worked, be it a full disk or a lock, fails all that were in it, of which nothing is written, and costs the connection: the next
//! group starts afresh, so that no failure outlives its cause. Where a caller went away before its transaction began, it does not
//! begin; one that has begun runs to its end.
//!
//! The bounds:
//! - [`MOST_TOGETHER`] transactions are a group, some 0.1 ms each, so that nobody waits for a commit much longer than the disk takes for it.
//! - [`MOST_MONEY`] transactions about money wait in the queue. Whoever comes then waits before it, in turn, and is never refused.
//! - [`MOST_PLACING`] new orders wait: some sixteen groups, well below a second on an ordinary disk. Whoever comes then is refused at once. Money goes first,
//!   so that a rush of shoppers cannot hold up those who have paid.

use super::queue::{Queue, Urgency, Work};
use crate::store::{Busy, StoreError};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, oneshot};
use tokio_util::sync::CancellationToken;

pub(super) const MOST_TOGETHER: usize = 64;
pub(super) const MOST_MONEY: usize = 256;
pub(super) const MOST_PLACING: usize = 1_024;

/// What made a transaction fail.
pub(super) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// How a transaction ends that has not failed.
pub(super) enum Ended<T> {
    /// What it has written is kept.
    Commit(T),
    /// Nothing is to be written.
    RollBack(T),
}

pub(super) struct Writer {
    queue: Arc<Queue>,
    money: Arc<Semaphore>,
    placing: Arc<Semaphore>,
    has_ended: CancellationToken,
}

impl Writer {
    /// Begins with that connection; `open` opens the ones after it.
    pub(super) fn start(
        connection: Connection,
        open: impl Fn() -> Result<Connection, StoreError> + Send + 'static,
    ) -> std::io::Result<Writer> {
        let queue = Arc::new(Queue::default());
        let writer = Writer {
            queue: Arc::clone(&queue),
            money: Arc::new(Semaphore::new(MOST_MONEY)),
            placing: Arc::new(Semaphore::new(MOST_PLACING)),
            has_ended: CancellationToken::new(),
        };
        let last = Last { queue, has_ended: writer.has_ended.clone() };
        thread::Builder::new().name("payment-engine-sqlite".to_owned()).spawn(move || write(&last, connection, open))?;
        Ok(writer)
    }

    /// One transaction about money. It waits for its place, and is never refused one.
    pub(super) async fn write<T, F>(&self, doing: &'static str, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<Ended<T>, Cause> + Send + 'static,
        T: Send + 'static,
    {
        let place = Arc::clone(&self.money).acquire_owned().await.map_err(|cause| StoreError::new(doing, cause))?;
        self.run(Urgency::Money, Task::new(doing, false, place, work)).await
    }

    /// Something that cannot be in a transaction, and is about money too.
    pub(super) async fn write_alone<T, F>(&self, doing: &'static str, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<Ended<T>, Cause> + Send + 'static,
        T: Send + 'static,
    {
        let place = Arc::clone(&self.money).acquire_owned().await.map_err(|cause| StoreError::new(doing, cause))?;
        self.run(Urgency::Money, Task::new(doing, true, place, work)).await
    }

    /// One transaction that places an order; [`Busy`] where too many wait.
    pub(super) async fn place<T, F>(&self, doing: &'static str, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<Ended<T>, Cause> + Send + 'static,
        T: Send + 'static,
    {
        match Arc::clone(&self.placing).try_acquire_owned() {
            Ok(place) => self.run(Urgency::Placing, Task::new(doing, false, place, work)).await,
            Err(TryAcquireError::NoPermits) => Err(StoreError::new(doing, Busy)),
            Err(cause @ TryAcquireError::Closed) => Err(StoreError::new(doing, cause)),
        }
    }

    async fn run<T, F>(&self, urgency: Urgency, (task, answer): (Task<T, F>, Answer<T>)) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<Ended<T>, Cause> + Send + 'static,
        T: Send + 'static,
    {
        let doing = task.doing;
        if !self.queue.push(urgency, Box::new(task)) {
            return Err(StoreError::new(doing, "the database is closed"));
        }
        // Nobody answers where the thread has ended before its time.
        answer.await.unwrap_or_else(|_| Err(StoreError::new(doing, "the thread that writes has ended")))
    }

    /// Finishes what is under way and lets go of the database.
    pub(super) async fn close(&self) {
        self.money.close();
        self.placing.close();
        self.queue.close();
        self.has_ended.cancelled().await;
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
    }
}

type Answer<T> = oneshot::Receiver<Result<T, StoreError>>;

struct Task<T, F> {
    doing: &'static str,
    is_alone: bool,
    work: Option<F>,
    done: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
    place: OwnedSemaphorePermit,
}

impl<T, F> Task<T, F> {
    fn new(doing: &'static str, is_alone: bool, place: OwnedSemaphorePermit, work: F) -> (Task<T, F>, Answer<T>) {
        let (answer, answered) = oneshot::channel();
        (Task { doing, is_alone, work: Some(work), done: None, answer, place }, answered)
    }

    fn tell(self, done: Result<T, StoreError>) {
        // Whoever hears of it finds the place free.
        drop(self.place);
        drop(self.answer.send(done));
    }
}

impl<T, F> Work for Task<T, F>
where
    F: FnOnce(&Connection) -> Result<Ended<T>, Cause> + Send,
    T: Send,
{
    fn is_awaited(&self) -> bool {
        !self.answer.is_closed()
    }

    fn is_alone(&self) -> bool {
        self.is_alone
    }

    fn run(&mut self, connection: &Connection) -> bool {
        let work = self.work.take().expect("invariant: a transaction runs once");
        // What it has written is rolled back, and it keeps nothing else that another one sees.
        let (is_kept, done) = match catch_unwind(AssertUnwindSafe(|| work(connection))) {
            Ok(Ok(Ended::Commit(value))) => (true, Ok(value)),
            Ok(Ok(Ended::RollBack(value))) => (false, Ok(value)),
            Ok(Err(cause)) => (false, Err(cause)),
            Err(_) => (false, Err(Cause::from("the transaction panicked"))),
        };
        self.done = Some(done.map_err(|cause| StoreError::new(self.doing, cause)));
        is_kept
    }

    fn answer(mut self: Box<Self>) {
        if let Some(done) = self.done.take() {
            self.tell(done);
        }
    }

    fn fail(mut self: Box<Self>, why: &str) {
        let done = match self.done.take() {
            Some(Err(own)) => own,
            Some(Ok(_)) | None => StoreError::new(self.doing, why.to_owned()),
        };
        self.tell(Err(done));
    }
}

/// Whatever ends the thread, nobody waits for it in vain.
struct Last {
    queue: Arc<Queue>,
    has_ended: CancellationToken,
}

impl Drop for Last {
    fn drop(&mut self) {
        self.queue.abandon();
        self.has_ended.cancel();
    }
}

fn write(last: &Last, connection: Connection, open: impl Fn() -> Result<Connection, StoreError>) {
    let mut connection = Some(connection);
    while let Some(mut group) = last.queue.take(MOST_TOGETHER) {
        while !group.is_empty() {
            let (usable, left) = match connection.take().map_or_else(&open, Ok) {
                Ok(connection) => run(connection, group),
                Err(error) => {
                    fail(group, &error.to_string());
                    (None, Vec::new())
                }
            };
            (connection, group) = (usable, left);
        }
    }
}

/// Answers the connection, unless it may have something left of a failure, and what has not begun yet.
fn run(connection: Connection, mut group: Vec<Box<dyn Work>>) -> (Option<Connection>, Vec<Box<dyn Work>>) {
    if group.first().is_some_and(|work| work.is_alone()) {
        for mut work in group {
            work.run(&connection);
            work.answer();
        }
        return (Some(connection), Vec::new());
    }
    if let Err(cause) = execute(&connection, "BEGIN IMMEDIATE") {
        fail(group, &cause.to_string());
        return (None, Vec::new());
    }
    let is_shared = group.len() > 1;
    let mut done = Vec::with_capacity(group.len());
    let mut left = group.drain(..);
    while let Some(mut work) = left.next() {
        if !work.is_awaited() {
            continue;
        }
        let ran = run_within(&connection, work.as_mut(), is_shared);
        done.push(work);
        if let Err(cause) = ran {
            fail(done, &cause.to_string());
            return (None, left.collect());
        }
    }
    drop(left);
    // One that was alone may have rolled all of it back.
    let committed = if connection.is_autocommit() { Ok(()) } else { execute(&connection, "COMMIT") };
    match committed {
        Ok(()) => {
            done.into_iter().for_each(Work::answer);
            (Some(connection), Vec::new())
        }
        Err(cause) => {
            fail(done, &cause.to_string());
            (None, Vec::new())
        }
    }
}

/// An error is one of the transaction that all of the group share.
fn run_within(connection: &Connection, work: &mut dyn Work, is_shared: bool) -> Result<(), Cause> {
    if is_shared {
        execute(connection, "SAVEPOINT one")?;
    }
    let is_kept = work.run(connection);
    // SQLite does that by itself, as where the disk is full.
    if connection.is_autocommit() {
        return Err("SQLite has ended the transaction because of another one that was written with it".into());
    }
    match (is_shared, is_kept) {
        (true, true) => execute(connection, "RELEASE one"),
        (true, false) => {
            execute(connection, "ROLLBACK TO one")?;
            execute(connection, "RELEASE one")
        }
        (false, true) => Ok(()),
        (false, false) => execute(connection, "ROLLBACK"),
    }
}

fn execute(connection: &Connection, statement: &str) -> Result<(), Cause> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

fn fail(group: Vec<Box<dyn Work>>, why: &str) {
    for work in group {
        work.fail(why);
    }
}

#[cfg(test)]
mod tests;
