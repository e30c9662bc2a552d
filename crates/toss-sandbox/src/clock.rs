//! The one clock. Sessions, deadlines, time stamps and slow answers all run on it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, UtcOffset, macros::format_description};
use tokio::sync::watch;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, between 1970 and 9990.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub struct UnixMs(i64);

impl UnixMs {
    /// Leaves room for the shift to Korean time below the largest year that can be written.
    const MAX_MS: i64 = 253_000_000_000_000;

    /// The point `ms` milliseconds after the epoch; what lies outside of the range becomes its nearest end.
    pub const fn new(ms: i64) -> Self {
        // `Ord::clamp` is not const.
        Self(if ms < 0 {
            0
        } else if ms > Self::MAX_MS {
            Self::MAX_MS
        } else {
            ms
        })
    }

    /// Milliseconds since the epoch.
    pub fn get(self) -> i64 {
        self.0
    }

    /// This point moved forward by `by`, at most to the end of the range.
    pub fn plus(self, by: Duration) -> Self {
        let by_ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Self::new(self.0.saturating_add(by_ms))
    }

    /// The time from `earlier` to this point, zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As Toss writes times: ISO 8601 in Korean time, to the second, with `+09:00` (Toss docs /reference, Payment).
    pub fn to_kst(self) -> String {
        self.korean()
            .format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+09:00"))
            .expect("invariant: UnixMs lies in the range that can be formatted")
    }

    /// As the older webhooks write `createdAt`: Korean time without an offset, with a fraction. Documented are six
    /// digits; real payloads leave the zeros at the end out, and so does this. Assumed: a whole second has no fraction.
    pub(crate) fn to_kst_local(self) -> String {
        let seconds = self
            .korean()
            .format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]"))
            .expect("invariant: UnixMs lies in the range that can be formatted");
        let fraction = format!(".{:03}", self.0 % 1000);
        format!("{seconds}{}", fraction.trim_end_matches('0').trim_end_matches('.'))
    }

    /// Whether both lie in one calendar month in Korea.
    pub(crate) fn is_in_month_of(self, other: Self) -> bool {
        let (one, two) = (self.korean(), other.korean());
        (one.year(), one.month()) == (two.year(), two.month())
    }

    /// `yyyyMMddHHmmss` in Korean time, the middle part of a paymentKey.
    pub(crate) fn to_compact_kst(self) -> String {
        self.korean()
            .format(format_description!("[year][month][day][hour][minute][second]"))
            .expect("invariant: UnixMs lies in the range that can be formatted")
    }

    fn korean(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0 / 1000)
            .expect("invariant: UnixMs lies in the range of OffsetDateTime")
            .to_offset(UtcOffset::from_hms(9, 0, 0).expect("invariant: nine hours are an offset"))
    }
}

impl From<i64> for UnixMs {
    fn from(ms: i64) -> Self {
        Self::new(ms)
    }
}

impl From<UnixMs> for i64 {
    fn from(at: UnixMs) -> Self {
        at.0
    }
}

/// A clock that either follows the system's, shifted, or stands still until it is moved.
///
/// Clones share the time: moving one moves all.
///
/// ```
/// use std::time::Duration;
///
/// use toss_sandbox::{Clock, Config, Sandbox, UnixMs};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = Clock::stopped_at(UnixMs::new(1_785_542_400_000));
/// let sandbox = Sandbox::start(Config { clock: clock.clone(), ..Config::default() }).await?;
/// sandbox.control().advance(Duration::from_secs(600));
/// assert_eq!(clock.now().to_kst(), "2026-08-01T09:10:00+09:00");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    initial: Mode,
    course: Mutex<Course>,
    moved: watch::Sender<()>,
}

#[derive(Clone, Copy, Debug)]
struct Course {
    mode: Mode,
    /// How often the clock has been set back to its start.
    resets: u64,
}

/// How the clock goes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    Running { ahead: Duration },
    Stopped { at: UnixMs },
}

impl Mode {
    fn now(self) -> UnixMs {
        match self {
            Self::Running { ahead } => system_now().plus(ahead),
            Self::Stopped { at } => at,
        }
    }
}

impl Clock {
    /// A clock that follows the system's.
    pub fn system() -> Self {
        Self::with(Mode::Running { ahead: Duration::ZERO })
    }

    /// A clock that stands at `at` until it is moved.
    pub fn stopped_at(at: UnixMs) -> Self {
        Self::with(Mode::Stopped { at })
    }

    fn with(mode: Mode) -> Self {
        let (moved, _) = watch::channel(());
        Self { inner: Arc::new(Inner { initial: mode, course: Mutex::new(Course { mode, resets: 0 }), moved }) }
    }

    /// The present.
    pub fn now(&self) -> UnixMs {
        self.mode().now()
    }

    /// Whether the clock follows the system's.
    pub fn is_running(&self) -> bool {
        matches!(self.mode(), Mode::Running { .. })
    }

    /// Jumps forward by `by`, running or stopped.
    pub(crate) fn advance(&self, by: Duration) {
        self.change(|mode| match mode {
            Mode::Running { ahead } => Mode::Running { ahead: ahead.saturating_add(by) },
            Mode::Stopped { at } => Mode::Stopped { at: at.plus(by) },
        });
    }

    /// Stands still from now on.
    pub(crate) fn stop(&self) {
        self.change(|mode| Mode::Stopped { at: mode.now() });
    }

    /// Goes on from where it stands. A clock that stands before the system's time jumps to it: it never runs behind.
    pub(crate) fn run(&self) {
        self.change(|mode| Mode::Running { ahead: mode.now().since(system_now()) });
    }

    /// Goes back to what the clock was when it was made.
    pub(crate) fn reset(&self) {
        let initial = self.inner.initial;
        self.set(|course| Course { mode: initial, resets: course.resets + 1 });
    }

    /// Goes on as another clock went.
    pub(crate) fn resume(&self, mode: Mode) {
        self.change(|_| mode);
    }

    /// Ends when this clock, not the system's, has moved on by `by` from the call of this. Set back to its start it does not
    /// come to that time as it would have: then the wait ends at once.
    pub(crate) fn sleep(&self, by: Duration) -> impl Future<Output = ()> + Send + use<> {
        let Course { mode, resets } = self.course();
        self.clone().wait(mode.now().plus(by), resets)
    }

    /// Ends when this clock, not the system's, shows `until` or later, or is set back to its start.
    pub(crate) async fn sleep_until(&self, until: UnixMs) {
        let resets = self.course().resets;
        self.clone().wait(until, resets).await;
    }

    async fn wait(self, until: UnixMs, resets: u64) {
        let mut moved = self.inner.moved.subscribe();
        loop {
            moved.borrow_and_update();
            let course = self.course();
            let left = until.since(course.mode.now());
            if left.is_zero() || course.resets != resets {
                return;
            }
            match course.mode {
                Mode::Running { .. } => {
                    // A change of the clock and the end of the wait both lead to the same second look.
                    let _ = tokio::time::timeout(left, moved.changed()).await;
                }
                Mode::Stopped { .. } => moved.changed().await.expect("invariant: the sender lives as long as self"),
            }
        }
    }

    pub(crate) fn mode(&self) -> Mode {
        self.course().mode
    }

    fn course(&self) -> Course {
        *self.inner.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, to: impl FnOnce(Mode) -> Mode) {
        self.set(|course| Course { mode: to(course.mode), ..course });
    }

    fn set(&self, to: impl FnOnce(Course) -> Course) {
        let mut course = self.inner.course.lock().unwrap_or_else(PoisonError::into_inner);
        *course = to(*course);
        drop(course);
        self.inner.moved.send_replace(());
    }
}

fn system_now() -> UnixMs {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    UnixMs::new(0).plus(since_epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_korean_time_to_the_second() {
        assert_eq!(UnixMs::new(999).to_kst(), "1970-01-01T09:00:00+09:00");
        assert_eq!(UnixMs::new(999).to_compact_kst(), "19700101090000");
        for (ms, local) in
            [(0, "1970-01-01T09:00:00"), (30, "1970-01-01T09:00:00.03"), (120, "1970-01-01T09:00:00.12"), (999, "1970-01-01T09:00:00.999")]
        {
            assert_eq!(UnixMs::new(ms).to_kst_local(), local);
        }
        assert!(UnixMs::new(i64::MAX).to_kst().ends_with("+09:00"));
    }

    #[test]
    fn a_stopped_clock_moves_only_when_told() {
        let clock = Clock::stopped_at(UnixMs::new(1_000));
        clock.clone().advance(Duration::from_millis(5));
        assert_eq!(clock.now(), UnixMs::new(1_005));
        clock.reset();
        assert_eq!(clock.now(), UnixMs::new(1_000));
    }

    #[test]
    fn a_clock_never_runs_behind_the_systems() {
        let clock = Clock::stopped_at(UnixMs::new(0));
        clock.run();
        assert!(clock.is_running());
        assert!(clock.now() > UnixMs::new(1_600_000_000_000));
        clock.advance(Duration::from_secs(86_400));
        clock.stop();
        assert!(clock.now().since(system_now()) > Duration::from_secs(86_000));
    }

    #[tokio::test]
    async fn sleeping_on_a_stopped_clock_ends_when_it_is_moved_far_enough() {
        let clock = Clock::stopped_at(UnixMs::new(0));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep(Duration::from_secs(3600)).await;
                clock.now()
            }
        });
        // The sleeper may start after the first jumps; then its hour counts from there.
        let jumps = async {
            while !sleeper.is_finished() {
                clock.advance(Duration::from_secs(600));
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(Duration::from_secs(30), jumps).await.is_ok());
        assert!(matches!(sleeper.await, Ok(at) if at >= UnixMs::new(3_600_000)));
    }
}
