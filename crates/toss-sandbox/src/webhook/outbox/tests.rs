//! The plan on a clock that is only a number.

use super::*;

const START: UnixMs = UnixMs::new(1_785_542_400_000);

fn target(path: &str) -> Target {
    Target::parse(&format!("http://127.0.0.1:1{path}"), false).unwrap()
}

fn draft(path: &str, fault: Option<WebhookFault>) -> Draft {
    Draft {
        target: target(path),
        merchant: None,
        event: EventType::PaymentStatusChanged,
        order_id: None,
        body: "{}".to_owned(),
        transmission_id: "whtrans_1".to_owned(),
        created_at: START,
        fault,
        forged: false,
    }
}

fn answered(status: u16) -> Outcome {
    Outcome::Answered { status }
}

fn state(outbox: &Outbox, number: usize) -> DeliveryState {
    outbox.records().nth(number).unwrap().state
}

fn numbers(outbox: &mut Outbox, now: UnixMs) -> Vec<u64> {
    std::iter::from_fn(|| {
        let sent = outbox.take_due(now)?;
        outbox.report(sent.number, &sent.target, answered(200), true, None);
        Some(sent.number)
    })
    .collect()
}

#[test]
fn retries_come_after_1_4_16_64_256_1024_and_4096_minutes_and_then_it_has_failed() {
    let mut outbox = Outbox::new(10, 0);
    outbox.push(draft("/", None));
    let mut at = START;
    for (retried, minutes) in [0, 1, 4, 16, 64, 256, 1024, 4096].into_iter().enumerate() {
        at = at.plus(Duration::from_secs(minutes * 60));
        assert_eq!(outbox.next_due(), Some(at));
        assert_eq!(outbox.take_due(UnixMs::new(at.get() - 1)), None, "not a millisecond early");
        let sent = outbox.take_due(at).unwrap();
        assert_eq!((sent.retried_count, sent.transmission_id.as_str()), (retried, "whtrans_1"));
        outbox.report(sent.number, &sent.target, answered(500), false, None);
    }
    assert_eq!((state(&outbox, 0), outbox.next_due()), (DeliveryState::Failed, None));
    assert_eq!(outbox.records().next().unwrap().attempts.len(), 8);
}

#[test]
fn a_jump_over_all_retries_lets_each_happen_in_order() {
    let mut outbox = Outbox::new(10, 0);
    outbox.push(draft("/", None));
    outbox.push(draft("/", None));
    let later = START.plus(Duration::from_secs(15 * 86_400));
    let sent: Vec<_> = std::iter::from_fn(|| {
        let sent = outbox.take_due(later)?;
        outbox.report(sent.number, &sent.target, Outcome::TimedOut, false, None);
        Some((sent.retried_count, sent.number))
    })
    .collect();
    let expected: Vec<_> = (0..8).flat_map(|retried| [(retried, 0), (retried, 1)]).collect();
    assert_eq!(sent, expected);
}

#[test]
fn one_url_gets_one_at_a_time_and_another_does_not_wait_for_it() {
    let mut outbox = Outbox::new(10, 0);
    for path in ["/a", "/a", "/b"] {
        outbox.push(draft(path, None));
    }
    let first = outbox.take_due(START).unwrap();
    assert_eq!(outbox.take_due(START).unwrap().number, 2);
    assert_eq!((outbox.take_due(START), outbox.next_due()), (None, None));
    outbox.report(first.number, &first.target, answered(200), true, None);
    assert_eq!(outbox.take_due(START).unwrap().number, 1);
    assert_eq!(state(&outbox, 0), DeliveryState::Delivered);
}

#[test]
fn faults_lose_delay_and_reorder() {
    let mut outbox = Outbox::new(10, 0);
    for fault in [Some(WebhookFault::Reorder), Some(WebhookFault::Lose), Some(WebhookFault::Delay { ms: 5 }), None] {
        outbox.push(draft("/", fault));
    }
    assert_eq!(numbers(&mut outbox, START), [3, 0]);
    assert_eq!(numbers(&mut outbox, START.plus(Duration::from_millis(5))), [2]);
    assert_eq!((state(&outbox, 1), outbox.next_due()), (DeliveryState::Lost, None));
}

#[test]
fn a_reordered_one_that_nothing_overtakes_comes_after_a_minute() {
    let mut outbox = Outbox::new(10, 0);
    outbox.push(draft("/", Some(WebhookFault::Reorder)));
    outbox.push(draft("/elsewhere", None));
    assert_eq!(numbers(&mut outbox, START), [1]);
    assert_eq!(numbers(&mut outbox, START.plus(HELD_FOR)), [0]);
}

#[test]
fn a_resend_is_one_more_attempt() {
    let mut outbox = Outbox::new(10, 0);
    outbox.push(draft("/", Some(WebhookFault::Lose)));
    assert_eq!(outbox.resend(7, START), Err(ResendRefused::Unknown(7)));
    for retried in 0..MAX_ATTEMPTS {
        assert_eq!(outbox.resend(0, START), Ok(()));
        let sent = outbox.take_due(START).unwrap();
        assert_eq!(sent.retried_count, retried);
        assert_eq!(
            outbox.resend(0, START),
            if retried + 1 < MAX_ATTEMPTS { Err(ResendRefused::Sending) } else { Err(ResendRefused::TooOften) }
        );
        outbox.report(0, &sent.target, answered(200), true, None);
    }
    assert_eq!(outbox.resend(0, START), Err(ResendRefused::TooOften));
}

#[test]
fn at_the_limit_the_oldest_finished_one_goes_first() {
    let mut outbox = Outbox::new(2, 5);
    outbox.push(draft("/waiting", None));
    outbox.push(draft("/", Some(WebhookFault::Lose)));
    outbox.push(draft("/", None));
    let kept = |outbox: &Outbox| outbox.records().map(|record| record.number).collect::<Vec<_>>();
    assert_eq!(kept(&outbox), [5, 7]);
    outbox.push(draft("/", None));
    assert_eq!(kept(&outbox), [7, 8], "nothing was finished: the oldest went");
    assert_eq!((numbers(&mut outbox, START), outbox.due.len()), (vec![7, 8], 0));
}
