//! The loop.

use super::schedule::Schedule;
use super::{Clock, TokioClock};
use crate::client::Response;
use crate::error::{Class, Error, ErrorCode, UnknownCause};
use crate::ids::IdempotencyKey;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument as _;

/// How often and how fast a call is repeated: with full jitter (a random pause of up to twice as much as the time before),
/// a cap on repetitions and a cap on the whole.
///
/// ```no_run
/// use toss_payments::{Client, ConfirmRequest, IdempotencyKey, Retry};
///
/// # async fn confirm(client: Client, request: ConfirmRequest, key: IdempotencyKey) {
/// let retry = Retry::new().repeats(4);
/// match retry.run(&key, |key| client.confirm(&request, key)).await {
///     Ok(response) => println!("{} after {} attempts", response.value.status, response.attempts),
///     // `class` of the whole: never a failure where an earlier attempt may have charged.
///     Err(gave_up) => println!("{} after {} attempts", gave_up.class(), gave_up.attempts),
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Retry<C = TokioClock> {
    schedule: Schedule,
    clock: C,
    told: Option<Told>,
}

type Told = Arc<dyn Fn(&Repetition<'_>) + Send + Sync>;

/// A repetition that is about to be waited for.
///
/// ```
/// use toss_payments::retry::Repetition;
///
/// fn line(repetition: &Repetition<'_>) -> String {
///     format!("attempt {} brought {:?}; again in {:?}", repetition.attempts, repetition.error.class(), repetition.pause)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Repetition<'a> {
    /// How many attempts have been made.
    pub attempts: u32,
    /// What the last one brought.
    pub error: &'a Error,
    /// How long to wait before the next one.
    pub pause: Duration,
}

impl Retry {
    /// Two repetitions, pauses from half a second to eight, no repetition later than 90 seconds after the start. The call
    /// itself keeps the time-out of its client.
    #[must_use]
    pub fn new() -> Retry {
        Retry { schedule: Schedule::default(), clock: TokioClock::default(), told: None }
    }
}

impl Default for Retry {
    fn default() -> Retry {
        Retry::new()
    }
}

impl<C: Clock> Retry<C> {
    /// How often a call is repeated at most; 0 for never.
    #[must_use]
    pub fn repeats(mut self, repeats: u32) -> Retry<C> {
        self.schedule.repeats = repeats;
        self
    }

    /// The longest first pause, and the longest pause at all. A pause that Toss asks for (`Retry-After`) may be longer.
    ///
    /// ```
    /// use std::time::Duration;
    /// use toss_payments::Retry;
    ///
    /// let retry = Retry::new().pauses(Duration::from_secs(1), Duration::from_secs(30)).within(Duration::from_secs(300));
    /// ```
    #[must_use]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Retry<C> {
        self.schedule.first_pause = first;
        self.schedule.longest_pause = longest;
        self
    }

    /// No repetition starts later than this after the first attempt. Where a pause would end later, there is none: the
    /// error is returned at once.
    #[must_use]
    pub fn within(mut self, total: Duration) -> Retry<C> {
        self.schedule.total = total;
        self
    }

    /// With another clock: for tests, or for a runtime other than tokio.
    #[must_use]
    pub fn with_clock<D: Clock>(self, clock: D) -> Retry<D> {
        Retry { schedule: self.schedule, clock, told: self.told }
    }

    /// Is told of each repetition before its pause, for counters and logs of one's own. Replaces who was told before.
    ///
    /// ```
    /// use toss_payments::Retry;
    ///
    /// let retry = Retry::new().on_retry(|repetition| println!("{} in {:?}", repetition.error, repetition.pause));
    /// ```
    #[must_use]
    pub fn on_retry(mut self, told: impl Fn(&Repetition<'_>) + Send + Sync + 'static) -> Retry<C> {
        self.told = Some(Arc::new(told));
        self
    }

    /// Makes a call that changes something, and repeats it with the same key as long as that can tell more. The answer says how
    /// many attempts it took ([`Response::attempts`]).
    ///
    /// # Errors
    /// [`GaveUp`] with the error of the last attempt.
    pub async fn run<'k, T, Call, Answer>(&self, key: &'k IdempotencyKey, mut call: Call) -> Result<Response<T>, GaveUp>
    where
        Call: FnMut(&'k IdempotencyKey) -> Answer,
        Answer: Future<Output = Result<Response<T>, Error>>,
    {
        self.drive(|| call(key)).await
    }

    /// Makes a look-up, which changes nothing and needs no key, and repeats it as [`run`](Retry::run) would.
    ///
    /// ```no_run
    /// # use toss_payments::{Client, OrderId, Retry};
    /// # async fn look_up(client: Client, order_id: OrderId) -> Result<(), toss_payments::retry::GaveUp> {
    /// let payment = Retry::new().look_up(|| client.payment_by_order(&order_id)).await?.value;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`GaveUp`] with the error of the last attempt.
    pub async fn look_up<T, Call, Answer>(&self, call: Call) -> Result<Response<T>, GaveUp>
    where
        Call: FnMut() -> Answer,
        Answer: Future<Output = Result<Response<T>, Error>>,
    {
        self.drive(call).await
    }

    /// Tells of the whole: the calls, with their methods and paths, are spans within this one.
    async fn drive<T, Call, Answer>(&self, call: Call) -> Result<Response<T>, GaveUp>
    where
        Call: FnMut() -> Answer,
        Answer: Future<Output = Result<Response<T>, Error>>,
    {
        let span = tracing::debug_span!("toss_retry", attempts = tracing::field::Empty);
        let ended = self.repeat(call).instrument(span.clone()).await;
        let _entered = span.enter();
        match &ended {
            Ok(Response { attempts, .. }) => {
                span.record("attempts", attempts);
                tracing::debug!(attempts, "answered in the end");
            }
            Err(GaveUp { error, attempts, .. }) => {
                span.record("attempts", attempts);
                tracing::info!(attempts, error = %error, "given up");
            }
        }
        ended
    }

    async fn repeat<T, Call, Answer>(&self, mut call: Call) -> Result<Response<T>, GaveUp>
    where
        Call: FnMut() -> Answer,
        Answer: Future<Output = Result<Response<T>, Error>>,
    {
        let start = self.clock.now();
        let mut attempts = 0_u32;
        let mut earlier_unanswered = false;
        loop {
            attempts = attempts.saturating_add(1);
            let error = match call().await {
                Ok(answer) => return Ok(Response { attempts, ..answer }),
                Err(error) => error,
            };
            let elapsed = self.clock.now().saturating_sub(start);
            let roll = self.clock.roll();
            let Some(pause) =
                Repeat::of(&error).and_then(|repeat| self.schedule.pause(attempts, repeat, error.retry_after(), elapsed, roll))
            else {
                return Err(GaveUp { error, attempts, earlier_unanswered });
            };
            earlier_unanswered |= may_have_acted(&error);
            let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            tracing::info!(attempts, pause_ms, error = %error, "the call is repeated");
            if let Some(told) = &self.told {
                told(&Repetition { attempts, error: &error, pause });
            }
            self.clock.sleep(pause).await;
        }
    }
}

impl<C: fmt::Debug> fmt::Debug for Retry<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry").field("schedule", &self.schedule).field("clock", &self.clock).finish_non_exhaustive()
    }
}

/// Why a repetition can tell more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Repeat {
    /// Nobody answered; the next attempt may come at once.
    Unanswered,
    /// Toss asks for a pause, in one way or another.
    Busy,
}

impl Repeat {
    fn of(error: &Error) -> Option<Repeat> {
        match error {
            Error::Rejected(rejected) if rejected.code == ErrorCode::ForbiddenConsecutiveRequest => Some(Repeat::Busy),
            Error::Rejected(_) => None,
            Error::Unknown(unknown) => match unknown.cause {
                UnknownCause::NotSent | UnknownCause::TimedOut | UnknownCause::Reset | UnknownCause::ServerError => {
                    Some(Repeat::Unanswered)
                }
                UnknownCause::Conflict | UnknownCause::TooManyRequests => Some(Repeat::Busy),
                UnknownCause::Unreadable | UnknownCause::Mismatch => None,
            },
        }
    }
}

fn may_have_acted(error: &Error) -> bool {
    match error {
        Error::Rejected(_) => false,
        Error::Unknown(unknown) => unknown.cause != UnknownCause::NotSent,
    }
}

/// A call that did not succeed, however often it was made.
///
/// ```
/// use toss_payments::retry::GaveUp;
/// use toss_payments::{Class, ErrorCode, Rejected};
///
/// let declined = Rejected::new(403, ErrorCode::RejectCardCompany, Class::Declined);
/// assert_eq!(GaveUp::new(declined.into(), 2).class(), Class::Declined);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct GaveUp {
    /// What the last attempt brought.
    pub error: Error,
    /// How many attempts were made, at least one.
    pub attempts: u32,
    /// Whether an attempt before the last may have reached Toss and brought no answer.
    pub earlier_unanswered: bool,
}

impl GaveUp {
    /// The error of a last attempt, after so many; for the tests of who calls.
    #[must_use]
    pub fn new(error: Error, attempts: u32) -> GaveUp {
        GaveUp { error, attempts, earlier_unanswered: false }
    }

    /// What the whole means for the order. As for [`Error::class`], except that nothing is certain where an earlier
    /// attempt may have charged: that a payment has expired now does not say that it had expired then.
    ///
    /// ```
    /// use toss_payments::Class;
    /// use toss_payments::retry::GaveUp;
    ///
    /// fn may_start_anew(gave_up: &GaveUp) -> bool {
    ///     matches!(gave_up.class(), Class::Declined | Class::Expired)
    /// }
    /// ```
    #[must_use]
    pub fn class(&self) -> Class {
        match self.error.class() {
            Class::Expired if self.earlier_unanswered => Class::Unknown,
            class @ (Class::Declined | Class::Expired | Class::Validation | Class::Key | Class::State | Class::Unknown) => class,
        }
    }
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (attempt {})", self.error, self.attempts)
    }
}

impl std::error::Error for GaveUp {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

#[cfg(test)]
#[path = "again_tests.rs"]
mod tests;
