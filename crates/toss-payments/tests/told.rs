//! What the client tells of its calls: enough to find one again, and never a key or a body.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{CARD, PAYMENT_KEY, SECRET, client, confirm_request, idempotency_key, payment_key};
use toss_payments::{CancelReason, CancelRequest, Retry};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        self.clone()
    }
}

impl Log {
    /// The lines about this crate.
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().filter(|line| line.contains("toss_payments")).map(str::to_owned).collect()
    }
}

/// Everything that is told while it lives, by this thread.
fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        // A time has any digits, also those that are looked for.
        .without_time()
        .with_writer(log.clone())
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

fn answer(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).insert_header("x-tosspayments-trace-id", "trace-7").set_body_raw(body, "application/json")
}

#[tokio::test]
async fn a_call_is_told_by_method_template_status_and_trace_id() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/v1/payments/confirm")).respond_with(answer(200, CARD)).mount(&server).await;
    let (log, _guard) = listen();
    client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await.unwrap();
    let lines = log.lines();
    let answered = lines.iter().find(|line| line.contains("answered")).unwrap();
    for told in ["DEBUG", "toss{method=POST path=\"/v1/payments/confirm\" status=200 trace_id=\"trace-7\"}", "elapsed_ms="] {
        assert!(answered.contains(told), "{told} is not in {answered}");
    }
    assert!(lines.iter().any(|line| line.contains("close")), "the span ends with the call: {lines:?}");
}

#[tokio::test]
async fn a_refusal_and_an_unknown_outcome_say_why_and_a_repetition_how_often() {
    let server = MockServer::start().await;
    let declined = answer(403, r#"{"code":"REJECT_CARD_COMPANY","message":"9410-0012"}"#);
    Mock::given(method("POST")).respond_with(answer(500, "hunter2")).up_to_n_times(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(declined).mount(&server).await;
    let (log, _guard) = listen();
    let (client, request, key) = (client(&server.uri()), CancelRequest::new(CancelReason::parse("9410-0013").unwrap()), idempotency_key());
    let retry = Retry::new().pauses(Duration::from_millis(1), Duration::from_millis(1));
    let payment = payment_key();
    retry.run(&key, |key| client.cancel(&payment, &request, key)).await.unwrap_err();
    let lines = log.lines();
    for (level, told) in [
        (" WARN", &["cause=Toss failed internally", "path=\"/v1/payments/{paymentKey}/cancel\"", "status=500", "trace_id=\"trace-7\""][..]),
        (" INFO", &["attempts=1", "pause_ms=", "the call is repeated"]),
        (" INFO", &["code=REJECT_CARD_COMPANY", "status=403", "Toss refused"]),
    ] {
        let fits = |line: &&String| line.contains(level) && told.iter().all(|told| line.contains(told));
        assert!(lines.iter().any(|line| fits(&line)), "{level} {told:?} is not in {lines:#?}");
    }
    let given_up = lines.iter().find(|line| line.contains("given up")).unwrap();
    assert!(given_up.contains("toss_retry{attempts=2}") && given_up.contains(" attempts=2"), "{given_up}");
    for told in ["the outcome is unknown", "Toss refused"] {
        let line = lines.iter().find(|line| line.contains(told)).unwrap();
        assert!(
            line.contains("toss_retry:toss{method=POST path=\"/v1/payments/{paymentKey}/cancel\""),
            "it is told within the call: {line}"
        );
    }
    for hidden in [PAYMENT_KEY, SECRET, "hunter2", "9410", "attempt-1"] {
        assert!(!lines.iter().any(|line| line.contains(hidden)), "{hidden} is told: {lines:#?}");
    }
}

#[tokio::test]
async fn silence_is_told_without_the_address() {
    let (log, _guard) = listen();
    client("http://127.0.0.1:1").payment(&payment_key()).await.unwrap_err();
    let lines = log.lines();
    assert!(lines.iter().any(|line| line.contains(" WARN") && line.contains("cause=the request was not sent")), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("status=")), "no status arrived: {lines:#?}");
    assert!(!lines.iter().any(|line| line.contains(PAYMENT_KEY)), "{lines:#?}");
}
