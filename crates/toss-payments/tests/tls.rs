//! TLS and HTTP/2 against a server of our own, with a certificate of our own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, Version, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::{CARD, client, confirm_request, idempotency_key, unknown};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use toss_payments::{Status, UnknownCause};

/// Set in the process that trusts the certificate: whom to trust is read from the environment, once per process.
const URL: &str = "TOSS_PAYMENTS_TEST_URL";
const CALLS: usize = 16;

struct Server {
    url: String,
    certificate: String,
    connections: Arc<AtomicUsize>,
    over_http2: Arc<AtomicUsize>,
    others: Arc<AtomicUsize>,
}

async fn start() -> Server {
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key.into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server {
        url: format!("https://localhost:{}", listener.local_addr().unwrap().port()),
        certificate: certified.cert.pem(),
        connections: Arc::default(),
        over_http2: Arc::default(),
        others: Arc::default(),
    };
    let (connections, over_http2, others) = (Arc::clone(&server.connections), Arc::clone(&server.over_http2), Arc::clone(&server.others));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            connections.fetch_add(1, Ordering::SeqCst);
            let (over_http2, others) = (Arc::clone(&over_http2), Arc::clone(&others));
            let service = service_fn(move |request: Request<Incoming>| {
                let counter = if request.version() == Version::HTTP_2 { &over_http2 } else { &others };
                counter.fetch_add(1, Ordering::SeqCst);
                async move {
                    request.into_body().collect().await.unwrap();
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(CARD.as_bytes()))))
                }
            });
            tokio::spawn(hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service));
        }
    });
    server
}

/// Confirms once, and then many times at once.
async fn call(url: &str) {
    let client = client(url);
    assert_eq!(client.confirm(&confirm_request(), &idempotency_key()).await.unwrap().value.status, Status::Done);
    let mut calls = JoinSet::new();
    for _ in 1..CALLS {
        let client = client.clone();
        calls.spawn(async move { client.confirm(&confirm_request(), &idempotency_key()).await.unwrap() });
    }
    assert_eq!(calls.join_all().await.len(), CALLS - 1);
}

#[tokio::test]
async fn calls_at_once_share_one_http2_connection() {
    if let Ok(url) = std::env::var(URL) {
        return call(&url).await;
    }
    let server = start().await;
    let trusted = std::env::temp_dir().join(format!("toss-payments-{}.pem", std::process::id()));
    std::fs::write(&trusted, &server.certificate).unwrap();
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "calls_at_once_share_one_http2_connection", "--nocapture"]);
    let output = command.env(URL, &server.url).env("SSL_CERT_FILE", &trusted).output().await.unwrap();
    std::fs::remove_file(&trusted).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let counts = [&server.connections, &server.over_http2, &server.others].map(|counter| counter.load(Ordering::SeqCst));
    assert_eq!(counts, [1, CALLS, 0]);
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_sent_nothing() {
    let server = start().await;
    let unknown = unknown(client(&server.url).confirm(&confirm_request(), &idempotency_key()).await);
    assert_eq!((unknown.cause, unknown.status), (UnknownCause::NotSent, None), "{unknown}");
    assert_eq!(server.over_http2.load(Ordering::SeqCst) + server.others.load(Ordering::SeqCst), 0);
}
