//! The servers that share the database: each says that it lives, and what one has left that does not any more is taken up at once.

use super::Postgres;
use super::rows::{count, get};
use super::transaction::statement;
use super::tries::{Failed, tried};
use crate::clock::{Clock, SystemClock};
use crate::order::LEASE_MS;
use crate::random::{OsRandom, word};
use crate::store::StoreError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Who uses a store: a server from when it has said that it lives, and a program beside one otherwise.
#[derive(Debug)]
pub(super) struct Server {
    name: String,
    is_known: AtomicBool,
    clock: Arc<DatabaseClock>,
}

/// The clock of the database, by that of the machine: how far apart they are is found out now and then.
#[derive(Default, Debug)]
struct DatabaseClock {
    ahead_ms: AtomicI64,
}

impl Clock for DatabaseClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms().saturating_add(self.ahead_ms.load(Ordering::SeqCst))
    }
}

impl DatabaseClock {
    /// The database said that it is that time, between these two times of the machine's.
    fn set(&self, asked_ms: i64, said_ms: i64, answered_ms: i64) {
        let middle_ms = asked_ms + (answered_ms - asked_ms) / 2;
        self.ahead_ms.store(said_ms - middle_ms, Ordering::SeqCst);
    }
}

impl Server {
    pub(super) fn new() -> Server {
        Server { name: word(&OsRandom), is_known: AtomicBool::new(false), clock: Arc::default() }
    }

    /// By whom leases are taken that end when he does.
    pub(super) fn leaser(&self) -> Option<&str> {
        self.is_known.load(Ordering::SeqCst).then_some(self.name.as_str())
    }
}

impl Postgres {
    /// The clock of the database. Servers that share a database, and leases in it, need one: give it to
    /// [`Parts::clock`](crate::Parts::clock).
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.server.clock.clone()
    }

    pub(super) async fn set_clock(&self) -> Result<(), StoreError> {
        const NOW: &str = "SELECT (EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT AS said_ms";
        const DOING: &str = "asking what time it is";
        let asked_ms = SystemClock.now_ms();
        let row = tried!(DOING, self.row(statement(NOW)));
        let row = row.ok_or_else(|| StoreError::new(DOING, "it has not answered"))?;
        let said_ms = get(&row, "said_ms").map_err(|failed: Failed| failed.told(DOING))?;
        self.server.clock.set(asked_ms, said_ms, SystemClock.now_ms());
        Ok(())
    }

    pub(super) async fn live_until(&self, now_ms: i64, until_ms: i64) -> Result<u64, StoreError> {
        let ended = tried!("saying that this server lives", self.live_once(now_ms, until_ms));
        self.server.is_known.store(true, Ordering::SeqCst);
        self.set_clock().await?;
        Ok(ended)
    }

    /// Of a server that has no row, or whose time is over, nothing is heard any more. Its looks lie no further ahead than a lease; what lies
    /// further waits for its time, whoever set that.
    async fn live_once(&self, now_ms: i64, until_ms: i64) -> Result<u64, Failed> {
        const LIVE: &str = "WITH me AS (INSERT INTO servers (name, alive_until_ms) VALUES ($1, $3) \
             ON CONFLICT (name) DO UPDATE SET alive_until_ms = excluded.alive_until_ms), \
             gone AS (DELETE FROM servers WHERE alive_until_ms <= $2 AND name <> $1), \
             alive AS (SELECT name FROM servers WHERE alive_until_ms > $2 OR name = $1), \
             looks AS (UPDATE orders SET look_at_ms = $2, leased_by = NULL WHERE lane IS NOT NULL AND look_at_ms > $2 \
             AND look_at_ms <= $4 AND leased_by <> $1 AND leased_by NOT IN (SELECT name FROM alive) RETURNING 1), \
             webhooks AS (UPDATE inbox SET due_at_ms = $2, is_taken = FALSE, leased_by = NULL WHERE is_taken AND due_at_ms IS NOT NULL \
             AND leased_by <> $1 AND leased_by NOT IN (SELECT name FROM alive) RETURNING 1), \
             messages AS (UPDATE outbox SET due_at_ms = $2, is_taken = FALSE, leased_by = NULL WHERE is_taken AND due_at_ms IS NOT NULL \
             AND leased_by <> $1 AND leased_by NOT IN (SELECT name FROM alive) RETURNING 1) \
             SELECT (SELECT COUNT(*) FROM looks) + (SELECT COUNT(*) FROM webhooks) + (SELECT COUNT(*) FROM messages) AS ended";
        let live = statement(LIVE).bind(&self.server.name).bind(now_ms).bind(until_ms).bind(now_ms.saturating_add(LEASE_MS));
        let rows = self.written(live).await?;
        rows.first().map_or(Ok(0), |row| count(row, "ended"))
    }

    pub(super) async fn end_leases(&self, now_ms: i64) -> Result<u64, StoreError> {
        Ok(tried!("taking up what the last server left", self.end_leases_once(now_ms)))
    }

    async fn end_leases_once(&self, now_ms: i64) -> Result<u64, Failed> {
        let mut transaction = self.begin().await?;
        let mut ended = 0;
        for end in [
            "UPDATE orders SET look_at_ms = $1, leased_by = NULL WHERE lane IN ('shown', 'unheard', 'missing', 'refund') AND look_at_ms > $1 \
             AND (leased_by IS NULL OR leased_by NOT IN (SELECT name FROM servers WHERE alive_until_ms > $1))",
            "UPDATE inbox SET due_at_ms = $1, is_taken = FALSE, leased_by = NULL WHERE is_taken AND due_at_ms IS NOT NULL \
             AND (leased_by IS NULL OR leased_by NOT IN (SELECT name FROM servers WHERE alive_until_ms > $1))",
            "UPDATE outbox SET due_at_ms = $1, is_taken = FALSE, leased_by = NULL WHERE is_taken AND due_at_ms IS NOT NULL \
             AND (leased_by IS NULL OR leased_by NOT IN (SELECT name FROM servers WHERE alive_until_ms > $1))",
        ] {
            match statement(end).bind(now_ms).execute(transaction.connection()).await {
                Ok(done) => ended += done.rows_affected(),
                Err(cause) => return transaction.end(Err(cause.into())).await,
            }
        }
        transaction.end(Ok(ended)).await
    }

    /// What is left is anybody's from now on, and not only when the time is over.
    pub(super) async fn leave(&self) {
        let Some(name) = self.server.leaser() else { return };
        if let Err(failed) = self.execute(statement("DELETE FROM servers WHERE name = $1").bind(name)).await {
            let error = failed.told("saying that this server ends");
            tracing::warn!(%error, "the other servers will find out that this one is gone by themselves");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_as_far_ahead_as_the_database_said_in_the_middle_of_the_answer() {
        let clock = DatabaseClock::default();
        clock.set(1_000, 61_050, 1_100);
        assert_eq!(clock.ahead_ms.load(Ordering::SeqCst), 60_000);
        let (before, said, after) = (SystemClock.now_ms(), clock.now_ms(), SystemClock.now_ms());
        assert!((before + 60_000..=after + 60_000).contains(&said));
        clock.set(1_000, -2_000, 1_000);
        assert_eq!(clock.ahead_ms.load(Ordering::SeqCst), -3_000, "nor does it add up");
    }
}
