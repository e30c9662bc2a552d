//! What can fail, and what is worth trying again.

use super::fault::Fault;
use crate::random::{OsRandom, Random as _};
use crate::store::StoreError;
use std::error::Error;
use std::time::Duration;

/// How often a transaction is tried that others have got in the way of, or that has lost its connection.
const TRIES: u32 = 10;
/// The longest pause before the next try is two to the power of this many ms.
const LONGEST_PAUSE_BITS: u32 = 6;

/// Why a transaction did not come to its end.
#[derive(Debug)]
pub(super) enum Failed {
    /// Before it was committed: nothing has been written.
    Before(Fault),
    /// While it was being committed: nobody knows whether it was written.
    AtCommit(Fault),
    /// Another transaction has changed the order since it was read. Nothing has been written.
    Overtaken,
    /// What the database holds, or is to hold, is not what it should be. Nothing has been written.
    Content(Box<dyn Error + Send + Sync>),
}

impl From<Fault> for Failed {
    fn from(error: Fault) -> Failed {
        Failed::Before(error)
    }
}

impl Failed {
    pub(super) fn content(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Failed {
        Failed::Content(cause.into())
    }

    pub(super) fn told(self, doing: &'static str) -> StoreError {
        match self {
            Failed::Before(cause) | Failed::AtCommit(cause) => StoreError::new(doing, cause),
            Failed::Overtaken => StoreError::new(doing, "others have changed the order again and again"),
            Failed::Content(cause) => StoreError::new(doing, cause),
        }
    }
}

/// Counts the tries of one transaction.
pub(super) struct Tries {
    doing: &'static str,
    tried: u32,
}

impl Tries {
    pub(super) fn of(doing: &'static str) -> Tries {
        Tries { doing, tried: 0 }
    }

    /// Returns when the next try may begin.
    ///
    /// # Errors
    /// Where there is none: the failure is no matter of chance, something may have been written, or it has been tried often enough.
    pub(super) async fn again(&mut self, failed: Failed) -> Result<(), StoreError> {
        self.tried += 1;
        match failed {
            Failed::Before(cause) if self.tried < TRIES && (cause.is_in_the_way() || cause.is_cut_off() || cause.is_stale()) => {
                tracing::debug!(doing = self.doing, %cause, "the transaction is tried again");
            }
            Failed::Overtaken if self.tried < TRIES => {}
            Failed::Before(_) | Failed::AtCommit(_) | Failed::Overtaken | Failed::Content(_) => return Err(failed.told(self.doing)),
        }
        self.pause().await;
        Ok(())
    }

    /// The same where the next try finds out whether this one was written.
    pub(super) async fn again_after(&mut self, lost: Fault) -> Result<(), StoreError> {
        self.tried += 1;
        if self.tried >= TRIES {
            return Err(StoreError::new(self.doing, lost));
        }
        self.pause().await;
        Ok(())
    }

    /// The same where another server may have been making the same table.
    pub(super) async fn again_after_another(&mut self, failed: Failed) -> Result<(), StoreError> {
        const MADE_MEANWHILE: [&str; 3] = ["23505", "42P07", "42710"];
        match failed {
            Failed::Before(cause) if cause.code().is_some_and(|code| MADE_MEANWHILE.contains(&code)) => self.again_after(cause).await,
            Failed::Before(_) | Failed::AtCommit(_) | Failed::Overtaken | Failed::Content(_) => self.again(failed).await,
        }
    }

    /// By chance, so that two that were in each other's way do not meet again.
    async fn pause(&self) {
        let mut byte = [0];
        OsRandom.fill(&mut byte);
        let longest_ms = 1_u64 << self.tried.min(LONGEST_PAUSE_BITS);
        tokio::time::sleep(Duration::from_millis(u64::from(byte[0]) % longest_ms)).await;
    }
}

/// Runs what makes one transaction until it succeeds, or fails for good.
macro_rules! tried {
    ($doing:expr, $transaction:expr) => {{
        let mut tries = $crate::store::postgres::tries::Tries::of($doing);
        loop {
            match $transaction.await {
                Ok(done) => break done,
                Err(failed) => tries.again(failed).await?,
            }
        }
    }};
}
pub(super) use tried;
