//! A hostile world: proxies that the environment names, answers that come too late, bodies that were asked for by nobody.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::{CARD, ORDER_ID, client, client_with_timeout, confirm_request, idempotency_key, is_complete, payment_key, unknown};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use toss_payments::{Client, PaymentKey, SecretKey, Status, UnknownCause};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Set in the process that is told to use a proxy.
const URL: &str = "TOSS_PAYMENTS_TEST_URL";
const PROXIES: [&str; 6] = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

async fn paid_at(times: u64) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_string(CARD)).expect(times).mount(&server).await;
    server
}

/// The secret key goes to Toss and to nobody whom an environment names. A client with a host that cannot be reached shows
/// that no proxy is asked for `https` either.
#[tokio::test]
async fn a_proxy_of_the_environment_is_sent_nothing() {
    if let Ok(url) = std::env::var(URL) {
        assert_eq!(client(&url).confirm(&confirm_request(), &idempotency_key()).await.unwrap().value.status, Status::Done);
        let closed = url.replacen("http://", "https://", 1);
        assert_eq!(unknown(client(&closed).confirm(&confirm_request(), &idempotency_key()).await).cause, UnknownCause::NotSent);
        return;
    }
    let (toss, proxy) = (paid_at(1).await, TcpListener::bind("127.0.0.1:0").await.unwrap());
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = proxy.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            drop(stream);
        }
    });
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "a_proxy_of_the_environment_is_sent_nothing", "--nocapture"]).env(URL, toss.uri());
    command.envs(PROXIES.map(|name| (name, &proxy_url))).env_remove("NO_PROXY").env_remove("no_proxy");
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

/// Answers the first request of all with this once it is let, and every other at once with a payment.
async fn late(mut stream: TcpStream, requests: Arc<AtomicUsize>, let_go: Arc<Notify>, answer: String) {
    let mut request = Vec::new();
    while stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {
        if !is_complete(&request) {
            continue;
        }
        request.clear();
        let body = if requests.fetch_add(1, Ordering::SeqCst) == 0 {
            let_go.notified().await;
            answer.as_str()
        } else {
            CARD
        };
        let whole = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(whole.as_bytes()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_not_that_of_the_next_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (requests, let_go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let connections = Arc::new(AtomicUsize::new(0));
    let (counters, gate) = ((Arc::clone(&connections), Arc::clone(&requests)), Arc::clone(&let_go));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counters.0.fetch_add(1, Ordering::SeqCst);
            let stale = CARD.replace("\"DONE\"", "\"ABORTED\"");
            tokio::spawn(late(stream, Arc::clone(&counters.1), Arc::clone(&gate), stale));
        }
    });
    let client = client_with_timeout(&url, Duration::from_secs(1));
    assert_eq!(unknown(client.payment(&payment_key()).await).cause, UnknownCause::TimedOut);
    let_go.notify_one();
    for _ in 0..3 {
        assert_eq!(client.payment(&payment_key()).await.unwrap().value.status, Status::Done);
    }
    assert_eq!(
        (connections.load(Ordering::SeqCst), requests.load(Ordering::SeqCst)),
        (2, 4),
        "the connection of the lost call is not used"
    );
}

#[tokio::test]
async fn a_compressed_body_is_asked_for_by_nobody_and_decides_nothing() {
    // `printf '{"code":"REJECT_CARD_COMPANY"}' | gzip -n`, as a proxy could send a decline.
    const DECLINED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x4a\xce\x4f\x49\x55\xb2\x52\x0a\x72\xf5\x72\x75\x0e\x89\x77\x76\x0c\x72\x89\x77\xf6\xf7\x0d\x70\xf4\x8b\x54\xaa\x05\x00\x30\xe5\x4c\x63\x1e\x00\x00\x00";
    for status in [200, 403] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status).insert_header("content-encoding", "gzip").set_body_bytes(DECLINED);
        Mock::given(any()).respond_with(answer).expect(1).mount(&server).await;
        let unknown = unknown(client(&server.uri()).confirm(&confirm_request(), &idempotency_key()).await);
        assert_eq!(unknown.cause, UnknownCause::Unreadable, "{status}");
        assert_eq!(server.received_requests().await.unwrap()[0].headers["accept-encoding"], "identity");
    }
}

#[tokio::test]
async fn an_identifier_is_one_segment_of_the_address_whatever_stands_in_it() {
    for hostile in ["../../confirm", "a/cancel", "a?b=c", "a#b", "%2e%2e", "%2F..%2F", "a\\..\\b", ";a=b", "//evil.example"] {
        let body = CARD.replacen("tviva20260801120000AbC12", &hostile.replace('\\', "\\\\"), 1);
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_string(body)).expect(1).mount(&server).await;
        let key = PaymentKey::parse(hostile).unwrap();
        client(&server.uri()).payment(&key).await.unwrap();
        let sent = &server.received_requests().await.unwrap()[0];
        let segments: Vec<&str> = sent.url.path_segments().unwrap().collect();
        assert_eq!(
            (segments.len(), &segments[..2], sent.url.query(), sent.url.fragment()),
            (3, &["v1", "payments"][..], None, None),
            "{hostile}"
        );
    }
}

#[tokio::test]
async fn a_prefix_of_the_base_url_stands_before_every_call() {
    for prefix in ["", "/", "/toss", "/toss/", "/a/b/"] {
        let server = paid_at(1).await;
        let key = SecretKey::parse(support::SECRET).unwrap();
        let client = Client::builder(key).base_url(format!("{}{prefix}", server.uri())).build().unwrap();
        client.payment_by_order(&support::order_id()).await.unwrap();
        let path = format!("{}/v1/payments/orders/{ORDER_ID}", prefix.trim_end_matches('/'));
        assert_eq!(server.received_requests().await.unwrap()[0].url.path(), path);
    }
}
