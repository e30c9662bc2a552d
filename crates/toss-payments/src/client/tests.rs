//! What a client refuses to be built from, and what it never prints.

use super::builder::basic;
use super::*;
use crate::error::ErrorCode;
use crate::ids::{IdempotencyKey, OrderId};
use crate::transport::{Exchange, Limits, TransportError, TransportFailure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Mutex;

const BODY: &str = "0123456789abcdef";

fn key(prefix: &str) -> SecretKey {
    SecretKey::parse(&format!("{prefix}{BODY}")).unwrap()
}

fn built_for(url: &str) -> Result<Client, BuildError> {
    Client::builder(key("test_gsk_")).base_url(url).build()
}

fn header(name: &str) -> BuildError {
    BuildError::Header(name.to_owned())
}

#[test]
fn plain_http_stays_on_this_machine() {
    for url in ["http://127.0.0.1:4000", "http://127.9.9.9", "http://[::1]:4000/", "http://localhost/prefix"] {
        assert!(built_for(url).is_ok(), "{url}");
    }
    for url in ["http://api.tosspayments.com", "http://10.0.0.1", "http://localhost.evil.example", "http://0.0.0.0", "http://[::2]"] {
        assert_eq!(built_for(url).err(), Some(BuildError::InsecureBaseUrl), "{url}");
    }
}

#[test]
fn a_base_url_is_an_address_and_nothing_else() {
    for url in [
        "",
        "api.tosspayments.com",
        "ftp://127.0.0.1",
        "https://",
        "https://u:p@a.example",
        "https://a.example?x",
        "https://a.example/#x",
        "data:x",
    ] {
        assert_eq!(built_for(url).err(), Some(BuildError::BaseUrl), "{url}");
    }
}

#[test]
fn plain_http_to_another_machine_takes_a_word_and_a_test_key() {
    let build = |prefix| Client::builder(key(prefix)).base_url("http://sandbox:3100").allow_plain_http().build();
    assert!(build("test_gsk_").is_ok() && build("test_sk_").is_ok());
    for prefix in ["live_gsk_", "live_sk_"] {
        assert_eq!(build(prefix).err(), Some(BuildError::InsecureBaseUrl));
    }
}

#[test]
fn a_test_code_never_meets_a_live_key() {
    let build = |prefix| Client::builder(key(prefix)).base_url("http://127.0.0.1:1").test_code(ErrorCode::RejectCardCompany).build();
    assert!(build("test_gsk_").is_ok());
    for prefix in ["live_gsk_", "live_sk_"] {
        assert_eq!(build(prefix).err(), Some(BuildError::TestCodeWithLiveKey));
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let builder = || Client::builder(key("test_gsk_")).base_url("http://127.0.0.1:1");
    for (built, expected) in [
        (builder().timeout(Duration::ZERO), BuildError::ZeroTimeout),
        (builder().connect_timeout(Duration::ZERO), BuildError::ZeroTimeout),
        (builder().user_agent("a\nb"), header("User-Agent")),
        (builder().accept_language("a\nb"), header("Accept-Language")),
        (builder().test_code(ErrorCode::from("a\nb")), header("TossPayments-Test-Code")),
        (builder().user_agent(""), header("User-Agent")),
        (builder().user_agent("상점/1.0"), header("User-Agent")),
        (builder().accept_language("en\r\nAuthorization: Basic x"), header("Accept-Language")),
        (builder().accept_language("한국어"), header("Accept-Language")),
        (builder().accept_language(" "), header("Accept-Language")),
        (builder().test_code(ErrorCode::from("")), header("TossPayments-Test-Code")),
        (builder().test_code(ErrorCode::from("REJECT CARD")), header("TossPayments-Test-Code")),
        (builder().test_code(ErrorCode::from("거절")), header("TossPayments-Test-Code")),
    ] {
        assert_eq!(built.build().err(), Some(expected));
    }
}

#[test]
fn neither_client_nor_builder_prints_the_key() {
    let encoded = STANDARD.encode(format!("live_gsk_{BODY}:"));
    let builder = Client::builder(key("live_gsk_")).base_url("http://127.0.0.1:1");
    let client = builder.clone().build().unwrap();
    let header = basic(&key("live_gsk_"));
    assert_eq!(header.as_bytes(), format!("Basic {encoded}").as_bytes());
    let printed = [format!("{builder:?}"), format!("{client:#?}"), format!("{:?}", client.headers), format!("{header:?}")];
    for text in printed {
        assert!(!text.contains(BODY) && !text.contains(&encoded), "{text}");
    }
    assert!(client.is_live());
}

/// Remembers what it was asked, and says nothing.
#[derive(Debug, Default)]
struct Silent(Mutex<Vec<(http::Request<String>, Limits)>>);

impl Transport for Silent {
    fn exchange(&self, request: http::Request<String>, limits: Limits) -> Exchange<'_> {
        self.0.lock().unwrap().push((request, limits));
        Box::pin(async { Err(TransportError::new(TransportFailure::Reset).caused_by("a cut wire")) })
    }
}

#[tokio::test]
async fn another_transport_gets_the_whole_request_and_its_failures_are_unknown() {
    let silent = Arc::new(Silent::default());
    let client = Client::builder(key("test_gsk_")).transport(Arc::clone(&silent)).timeout(Duration::from_secs(7)).build().unwrap();
    let error = client.payment_by_order(&OrderId::parse("order-1").unwrap()).await.unwrap_err();
    let crate::Error::Unknown(unknown) = &error else { panic!("{error}") };
    assert_eq!((unknown.cause, unknown.status, unknown.detail.as_str()), (crate::UnknownCause::Reset, None, "a cut wire"));
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string), Some("a cut wire".to_owned()), "the chain is kept");
    let sent = silent.0.lock().unwrap();
    let (request, limits) = &sent[0];
    assert_eq!(
        (request.method().as_str(), request.uri().to_string().as_str()),
        ("GET", "https://api.tosspayments.com/v1/payments/orders/order-1")
    );
    assert_eq!((limits.timeout, request.body().as_str()), (Duration::from_secs(7), ""));
    assert_eq!(request.headers()["authorization"], basic(&key("test_gsk_")));
    assert_eq!(request.headers()["accept-encoding"], "identity");
}

#[test]
fn one_transport_is_not_set_up_beside_another() {
    let builder = || Client::builder(key("test_gsk_")).transport(Arc::new(Silent::default()));
    assert!(builder().build().is_ok());
    for both in [builder().connect_timeout(Duration::from_secs(1)), builder().proxy("http://127.0.0.1:1"), builder().root_certificates("x")]
    {
        assert_eq!(both.build().err(), Some(BuildError::TwoTransports));
    }
}

#[test]
fn a_proxy_and_certificates_that_cannot_be_read_are_named_and_not_shown() {
    let builder = || Client::builder(key("test_gsk_"));
    let secret = "http://user:hunter2@";
    assert_eq!(builder().proxy(secret).build().err(), Some(BuildError::Proxy));
    assert!(!format!("{:?}", builder().proxy(secret)).contains("hunter2"));
    let cut = "-----BEGIN CERTIFICATE-----\nMIIB\n";
    for pem in ["", "no certificate", cut] {
        assert_eq!(builder().root_certificates(pem).build().err(), Some(BuildError::RootCertificates), "{pem}");
    }
}

#[tokio::test]
async fn options_hold_for_one_call_and_leave_the_client_as_it_was() {
    let silent = Arc::new(Silent::default());
    let client = Client::builder(key("test_gsk_")).transport(Arc::clone(&silent)).build().unwrap();
    let options = CallOptions::new()
        .timeout(Duration::from_secs(3))
        .language("en-US")
        .test_code(ErrorCode::RejectCardCompany)
        .header("TossPayments-MID", "tgoldenshop");
    let call = crate::Call::post(crate::Effect::Issue, "/v1/new/{id}", &["a/b"], IdempotencyKey::parse("k-1").unwrap(), "{}");
    client.with(&options).unwrap().call(&call).await.unwrap_err();
    client.call(&call).await.unwrap_err();
    let sent = silent.0.lock().unwrap();
    let header = |at: usize, name: &str| sent[at].0.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    for (name, value) in
        [("accept-language", "en-US"), ("tosspayments-test-code", "REJECT_CARD_COMPANY"), ("tosspayments-mid", "tgoldenshop")]
    {
        assert_eq!((header(0, name).as_deref(), header(1, name)), (Some(value), None), "{name}");
    }
    assert_eq!([sent[0].1.timeout, sent[1].1.timeout], [Duration::from_secs(3), ClientBuilder::DEFAULT_TIMEOUT]);
    assert_eq!(
        (sent[0].0.uri().path(), sent[0].0.body().as_str(), header(0, "idempotency-key").as_deref()),
        ("/v1/new/a%2Fb", "{}", Some("k-1"))
    );
}

#[test]
fn options_do_not_replace_what_the_client_sends_nor_how_bodies_are_written() {
    let client = built_for("http://127.0.0.1:1").unwrap();
    for name in [
        "authorization",
        "User-Agent",
        "Idempotency-Key",
        "TossPayments-Test-Code",
        "content-type",
        "Content-Length",
        "accept",
        "Accept-Encoding",
        "accept-language",
        "Host",
        "transfer-encoding",
        "connection",
        "expect",
        "Proxy-Authorization",
        "range",
        "a b",
        "",
        "이름",
    ] {
        assert_eq!(client.with(&CallOptions::new().header(name, "x")).err(), Some(header(name)), "{name}");
    }
    assert_eq!(client.with(&CallOptions::new().header("x-a", "a\r\nb: c")).err(), Some(header("x-a")));
    assert_eq!(client.with(&CallOptions::new().timeout(Duration::ZERO)).err(), Some(BuildError::ZeroTimeout));
    let live = Client::builder(key("live_gsk_")).base_url("http://127.0.0.1:1").build().unwrap();
    assert_eq!(live.with(&CallOptions::new().test_code(ErrorCode::RejectCardCompany)).err(), Some(BuildError::TestCodeWithLiveKey));
    assert!(!format!("{:?}", CallOptions::new().header("x-secret", "hunter2")).contains("hunter2"));
}
