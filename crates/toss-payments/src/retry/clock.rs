//! What repeating needs of the world: time that passes, and chance.

use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Duration;
use tokio::time::Instant;

/// Time and chance. Implement it to test without waiting, or to run on another runtime.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
/// use toss_payments::Retry;
/// use toss_payments::retry::Clock;
///
/// /// A clock on which every pause is over at once.
/// #[derive(Default)]
/// struct Hurried {
///     now_ms: AtomicU64,
/// }
///
/// impl Clock for Hurried {
///     fn now(&self) -> Duration {
///         Duration::from_millis(self.now_ms.load(Ordering::Relaxed))
///     }
///     async fn sleep(&self, pause: Duration) {
///         self.now_ms.fetch_add(pause.as_millis() as u64, Ordering::Relaxed);
///     }
///     fn roll(&self) -> u32 {
///         u32::MAX
///     }
/// }
///
/// let retry = Retry::new().with_clock(Hurried::default());
/// ```
pub trait Clock: Sync {
    /// Time since some fixed moment. Never goes back.
    fn now(&self) -> Duration;
    /// Returns when this long has passed. `Send`, so that a call that is repeated can be spawned.
    fn sleep(&self, pause: Duration) -> impl Future<Output = ()> + Send;
    /// A random number, every one equally likely. It spreads load and protects nothing.
    fn roll(&self) -> u32;
}

/// The clock of the tokio runtime, which also stands behind the client.
///
/// ```
/// use toss_payments::Retry;
/// use toss_payments::retry::TokioClock;
///
/// let retry: Retry<TokioClock> = Retry::new(); // the clock of everybody who asks for no other
/// ```
#[derive(Clone, Debug)]
pub struct TokioClock(Instant);

impl Default for TokioClock {
    fn default() -> TokioClock {
        TokioClock(Instant::now())
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }

    fn roll(&self) -> u32 {
        // The standard library seeds its hash maps at random; the upper half of such a hash is chance enough.
        (RandomState::new().build_hasher().finish() >> 32) as u32
    }
}
