//! What is repeated, how often and when, on a clock that never waits.

use super::*;
use crate::error::{Rejected, UnknownOutcome};
use proptest::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Mutex;

const KEY: &str = "attempt-1";

/// A clock on which every pause is over at once, and remembered.
#[derive(Default)]
struct Stage(Mutex<Scene>);

#[derive(Default)]
struct Scene {
    now: Duration,
    roll: u32,
    pauses: Vec<Duration>,
}

impl Stage {
    fn rolling(roll: u32) -> Stage {
        Stage(Mutex::new(Scene { roll, ..Scene::default() }))
    }

    fn pass(&self, time: Duration) {
        self.0.lock().unwrap().now += time;
    }

    fn pauses(&self) -> Vec<Duration> {
        self.0.lock().unwrap().pauses.clone()
    }
}

impl Clock for &Stage {
    fn now(&self) -> Duration {
        self.0.lock().unwrap().now
    }

    async fn sleep(&self, pause: Duration) {
        self.pass(pause);
        self.0.lock().unwrap().pauses.push(pause);
    }

    fn roll(&self) -> u32 {
        self.0.lock().unwrap().roll
    }
}

fn unknown(cause: UnknownCause, retry_after: Option<Duration>) -> Error {
    UnknownOutcome { retry_after, ..UnknownOutcome::new(cause) }.into()
}

fn rejected(status: u16, code: ErrorCode, class: Class) -> Error {
    Rejected::new(status, code, class).into()
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Runs a call that brings these errors, each after taking so long, and then succeeds. Brings the number of calls, too.
async fn run(retry: &Retry<&Stage>, stage: &Stage, took: Duration, errors: impl IntoIterator<Item = Error>) -> (Result<(), GaveUp>, u32) {
    let (result, calls) = run_for_answer(retry, stage, took, errors).await;
    (result.map(|answer| assert_eq!(answer.attempts, calls)), calls)
}

async fn run_for_answer(
    retry: &Retry<&Stage>,
    stage: &Stage,
    took: Duration,
    errors: impl IntoIterator<Item = Error>,
) -> (Result<Response<()>, GaveUp>, u32) {
    let key = IdempotencyKey::parse(KEY).unwrap();
    let answers = RefCell::new(errors.into_iter().collect::<VecDeque<_>>());
    let calls = Cell::new(0);
    let call = |sent: &IdempotencyKey| {
        assert_eq!(sent.expose(), KEY);
        calls.set(calls.get() + 1);
        stage.pass(took);
        let answer = answers.borrow_mut().pop_front().map_or_else(|| Ok(Response::new((), "")), Err);
        async move { answer }
    };
    (retry.run(&key, call).await, calls.get())
}

const REPEATED: [UnknownCause; 6] = [
    UnknownCause::NotSent,
    UnknownCause::TimedOut,
    UnknownCause::Reset,
    UnknownCause::ServerError,
    UnknownCause::Conflict,
    UnknownCause::TooManyRequests,
];

#[tokio::test]
async fn what_nobody_answered_is_asked_again_with_the_same_key() {
    for cause in REPEATED {
        let stage = Stage::default();
        let (result, calls) = run(&Retry::new().with_clock(&stage), &stage, secs(1), [unknown(cause, None)]).await;
        assert_eq!((result, calls), (Ok(()), 2), "{cause:?}");
    }
    let stage = Stage::default();
    let too_fast = rejected(403, ErrorCode::ForbiddenConsecutiveRequest, Class::Unknown);
    let (result, calls) = run(&Retry::new().with_clock(&stage), &stage, secs(1), [too_fast]).await;
    assert_eq!((result, calls), (Ok(()), 2));
}

#[tokio::test]
async fn what_toss_decided_and_what_it_would_replay_is_asked_once() {
    let decided = [
        rejected(400, ErrorCode::ProviderError, Class::Unknown),
        rejected(403, ErrorCode::RejectCardPayment, Class::Declined),
        rejected(400, ErrorCode::AlreadyProcessedPayment, Class::State),
        rejected(404, ErrorCode::NotFoundPaymentSession, Class::Expired),
        rejected(400, ErrorCode::InvalidRequest, Class::Validation),
        rejected(401, ErrorCode::UnauthorizedKey, Class::Key),
        rejected(400, ErrorCode::from("TOMORROW"), Class::Unknown),
        unknown(UnknownCause::Unreadable, None),
        unknown(UnknownCause::Mismatch, None),
    ];
    for error in decided {
        let stage = Stage::default();
        let (result, calls) = run(&Retry::new().with_clock(&stage), &stage, secs(1), [error.clone()]).await;
        let gave_up = result.unwrap_err();
        assert_eq!((calls, gave_up.attempts, gave_up.earlier_unanswered), (1, 1, false), "{error}");
        assert_eq!((gave_up.class(), gave_up.error), (error.class(), error));
        assert!(stage.pauses().is_empty());
    }
}

#[tokio::test]
async fn repetitions_are_counted() {
    for repeats in [0, 1, 5] {
        let stage = Stage::default();
        let retry = Retry::new().repeats(repeats).within(secs(3_600)).with_clock(&stage);
        let errors = (0..10).map(|_| unknown(UnknownCause::Reset, None));
        let (result, calls) = run(&retry, &stage, secs(1), errors).await;
        assert_eq!((calls, result.unwrap_err().attempts), (repeats + 1, repeats + 1));
    }
}

#[tokio::test]
async fn no_repetition_starts_after_the_whole_time_is_over() {
    let stage = Stage::default();
    let retry = Retry::new().repeats(100).within(secs(90)).with_clock(&stage);
    // Every attempt takes the client's whole minute: the second starts within the time, a third would not.
    let errors = (0..100).map(|_| unknown(UnknownCause::TimedOut, None));
    let (result, calls) = run(&retry, &stage, secs(60), errors).await;
    assert_eq!((calls, result.unwrap_err().attempts), (2, 2));
}

#[tokio::test]
async fn a_pause_that_toss_asks_for_is_kept_or_the_error_returned() {
    let stage = Stage::rolling(u32::MAX);
    let retry = Retry::new().within(secs(30)).with_clock(&stage);
    let asked = |seconds| unknown(UnknownCause::TooManyRequests, Some(secs(seconds)));
    let (result, _) = run(&retry, &stage, Duration::ZERO, [asked(20), asked(20)]).await;
    assert_eq!(result.unwrap_err().attempts, 2);
    assert_eq!(stage.pauses(), [Duration::from_millis(20_500)]);
}

#[tokio::test]
async fn pauses_grow_to_the_longest_and_are_spread_by_chance() {
    let errors = |cause| (0..7).map(move |_| unknown(cause, None));
    for (roll, cause, expected_ms) in [
        (u32::MAX, UnknownCause::Reset, [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]),
        (u32::MAX / 2, UnknownCause::Reset, [249, 499, 999, 1_999, 3_999, 3_999, 3_999]),
        (0, UnknownCause::Reset, [0; 7]),
        // Where Toss is busy, chance may shorten the pause to the first and not to nothing.
        (0, UnknownCause::Conflict, [500; 7]),
        (u32::MAX, UnknownCause::Conflict, [1_000, 1_500, 2_500, 4_500, 8_500, 8_500, 8_500]),
    ] {
        let stage = Stage::rolling(roll);
        let retry = Retry::new().repeats(7).within(secs(3_600)).with_clock(&stage);
        assert_eq!(run(&retry, &stage, Duration::ZERO, errors(cause)).await, (Ok(()), 8));
        assert_eq!(stage.pauses(), expected_ms.map(Duration::from_millis), "{roll} {cause:?}");
    }
}

#[tokio::test]
async fn an_expiry_after_a_silence_is_not_a_failure() {
    let expired = || rejected(404, ErrorCode::NotFoundPaymentSession, Class::Expired);
    for (earlier, class, unanswered) in [
        // Nothing had been sent: the expiry is the first word of Toss, and true.
        (UnknownCause::NotSent, Class::Expired, false),
        (UnknownCause::TimedOut, Class::Unknown, true),
        (UnknownCause::ServerError, Class::Unknown, true),
        (UnknownCause::Conflict, Class::Unknown, true),
    ] {
        let stage = Stage::default();
        let (result, _) = run(&Retry::new().with_clock(&stage), &stage, secs(1), [unknown(earlier, None), expired()]).await;
        let gave_up = result.unwrap_err();
        assert_eq!((gave_up.class(), gave_up.earlier_unanswered, gave_up.attempts), (class, unanswered, 2), "{earlier:?}");
    }
    // A silence before the last but one counts, too; a decline is Toss's answer to this very key, whenever it comes.
    let stage = Stage::default();
    let silent = || unknown(UnknownCause::TimedOut, None);
    let (result, _) =
        run(&Retry::new().with_clock(&stage), &stage, secs(1), [silent(), unknown(UnknownCause::NotSent, None), expired()]).await;
    assert_eq!(result.unwrap_err().class(), Class::Unknown);
    let declined = rejected(403, ErrorCode::RejectCardPayment, Class::Declined);
    let (result, _) = run(&Retry::new().with_clock(&stage), &stage, secs(1), [silent(), declined]).await;
    assert_eq!(result.unwrap_err().class(), Class::Declined);
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_tokio_waits_as_long_as_it_says() {
    let start = tokio::time::Instant::now();
    let calls = Cell::new(0);
    let retry = Retry::new().pauses(secs(4), secs(4));
    let answer = retry
        .look_up(|| {
            calls.set(calls.get() + 1);
            let answer = if calls.get() < 3 { Err(unknown(UnknownCause::Conflict, None)) } else { Ok(Response::new((), "")) };
            async move { answer }
        })
        .await;
    assert_eq!((answer.map(|answer| answer.attempts), calls.get()), (Ok(3), 3));
    assert!((secs(8)..=secs(16)).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn who_asks_is_told_of_every_repetition_before_its_pause() {
    let stage = Stage::rolling(u32::MAX);
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let retry =
        Retry::new().with_clock(&stage).on_retry(move |it| heard.lock().unwrap().push((it.attempts, it.pause, it.error.to_string())));
    let errors = [UnknownCause::TimedOut, UnknownCause::Reset].map(|cause| unknown(cause, None));
    let texts = errors.clone().map(|error| error.to_string());
    assert_eq!(run(&retry, &stage, Duration::ZERO, errors).await, (Ok(()), 3));
    let pauses = stage.pauses();
    let expected: Vec<_> = (1..).zip(pauses).zip(texts).map(|((attempts, pause), text)| (attempts, pause, text)).collect();
    assert_eq!(*told.lock().unwrap(), expected);
    assert_eq!(expected.len(), 2);
}

#[test]
fn chance_is_chance() {
    let clock = TokioClock::default();
    let rolls: std::collections::BTreeSet<u32> = (0..100).map(|_| clock.roll()).collect();
    assert!(rolls.len() > 90, "{rolls:?}");
    assert!(rolls.iter().any(|roll| *roll < u32::MAX / 2) && rolls.iter().any(|roll| *roll > u32::MAX / 2));
}

#[test]
fn a_repeated_call_can_be_spawned() {
    fn spawnable<T: Send>(_: &T) {}
    let (retry, key) = (Retry::new(), IdempotencyKey::parse(KEY).unwrap());
    spawnable(&retry.run(&key, |_| async { Ok(Response::new((), "")) }));
}

proptest! {
    #[test]
    fn no_setting_makes_it_panic_or_exceed_its_caps(
        repeats in any::<u32>(), first in any::<u64>(), longest in any::<u64>(), total in any::<u64>(),
        attempts in 1..u32::MAX, after in any::<Option<u64>>(), elapsed in any::<u64>(), roll in any::<u32>(),
    ) {
        let [first_pause, longest_pause, total, elapsed] = [first, longest, total, elapsed].map(Duration::from_secs);
        let schedule = Schedule { repeats, first_pause, longest_pause, total };
        for repeat in [Repeat::Unanswered, Repeat::Busy] {
            if let Some(pause) = schedule.pause(attempts, repeat, after.map(Duration::from_secs), elapsed, roll) {
                prop_assert!(attempts <= repeats && elapsed.saturating_add(pause) <= total);
                prop_assert!(pause >= after.map(Duration::from_secs).unwrap_or_default());
            }
        }
    }
}
