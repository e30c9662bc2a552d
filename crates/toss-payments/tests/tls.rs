//! TLS and HTTP/2 against a server of our own, with a certificate of our own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, Version, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{CARD, SECRET, client, confirm_request, idempotency_key, unknown};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use toss_payments::{Class, Client, ClientBuilder, SecretKey, Status, UnknownCause};

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

/// A proxy that answers a CONNECT as it is told, and keeps what it was sent before it opened the way.
struct Proxy {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(answer: &'static str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let proxy = Proxy { url: format!("http://user:hunter2@{}", listener.local_addr().unwrap()), asked: Arc::clone(&asked) };
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(near.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                let to = head.split(' ').nth(1).unwrap().to_owned();
                asked.lock().unwrap().push(head);
                near.write_all(answer.as_bytes()).await.unwrap();
                if answer.contains(" 200 ") {
                    let mut far = TcpStream::connect(to.replace("localhost", "127.0.0.1")).await.unwrap();
                    tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
                }
            }
        });
        proxy
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn trusting(server: &Server) -> ClientBuilder {
    Client::builder(SecretKey::parse(SECRET).unwrap()).base_url(&server.url).root_certificates(server.certificate.as_bytes())
}

#[tokio::test]
async fn a_proxy_is_asked_for_the_way_and_sees_nothing_of_what_is_said() {
    let (server, proxy) = (start().await, Proxy::start("HTTP/1.1 200 OK\r\n\r\n").await);
    let client = trusting(&server).proxy(&proxy.url).build().unwrap();
    assert_eq!(client.confirm(&confirm_request(), &idempotency_key()).await.unwrap().value.status, Status::Done);
    let asked = proxy.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].starts_with(&format!("CONNECT {} HTTP/1.1\r\n", server.url.trim_start_matches("https://"))), "{asked:?}");
    // `printf user:hunter2 | base64`
    assert!(asked[0].to_ascii_lowercase().contains("proxy-authorization: basic dxnlcjpodw50zxiy"), "{asked:?}");
    assert!(!asked[0].to_ascii_lowercase().contains("\r\nauthorization:"), "the secret key is for Toss alone: {asked:?}");
    assert_eq!(server.over_http2.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_proxy_that_refuses_has_sent_nothing_on() {
    let (server, proxy) = (start().await, Proxy::start("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await);
    let client = trusting(&server).proxy(&proxy.url).build().unwrap();
    let unknown = unknown(client.confirm(&confirm_request(), &idempotency_key()).await);
    assert_eq!(unknown.cause, UnknownCause::NotSent, "{unknown}");
    assert!(!format!("{unknown} {unknown:?}").contains("hunter2"));
    assert_eq!((proxy.asked().len(), server.over_http2.load(Ordering::SeqCst)), (1, 0));
}

/// A path that drops everything without a word, as a firewall does with a connection that it has forgotten.
#[tokio::test]
async fn a_connection_that_has_died_without_a_word_is_not_used_for_ever() {
    let server = start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let way = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let to = server.url.trim_start_matches("https://").replace("localhost", "127.0.0.1");
    let is_dead = Arc::new(AtomicBool::new(false));
    let dead = Arc::clone(&is_dead);
    tokio::spawn(async move {
        let mut first = true;
        while let Ok((near, _)) = listener.accept().await {
            let far = TcpStream::connect(&to).await.unwrap();
            tokio::spawn(pass(near, far, if std::mem::take(&mut first) { Arc::clone(&dead) } else { Arc::default() }));
        }
    });
    let client = trusting(&server).base_url(way).timeout(Duration::from_secs(1)).build().unwrap();
    client.confirm(&confirm_request(), &idempotency_key()).await.unwrap();
    is_dead.store(true, Ordering::SeqCst);
    let alive = async {
        while let Err(error) = client.confirm(&confirm_request(), &idempotency_key()).await {
            assert_eq!(error.class(), Class::Unknown, "{error}");
        }
    };
    tokio::time::timeout(Duration::from_secs(30), alive).await.expect("the dead connection is used for ever");
}

/// Passes bytes on both ways until the way is dead; then it reads them and keeps them.
async fn pass(mut near: TcpStream, mut far: TcpStream, dead: Arc<AtomicBool>) {
    let (mut there, mut back) = ([0; 4096], [0; 4096]);
    loop {
        let is_dead = || dead.load(Ordering::SeqCst);
        tokio::select! {
            Ok(read @ 1..) = near.read(&mut there) => if !is_dead() { far.write_all(&there[..read]).await.unwrap() },
            Ok(read @ 1..) = far.read(&mut back) => if !is_dead() { near.write_all(&back[..read]).await.unwrap() },
            else => return,
        }
    }
}

#[tokio::test]
async fn certificates_of_ones_own_are_trusted_besides_the_systems_and_no_others() {
    let (server, other) = (start().await, start().await);
    let client = trusting(&server).build().unwrap();
    assert!(client.confirm(&confirm_request(), &idempotency_key()).await.is_ok());
    let client = trusting(&server).base_url(&other.url).build().unwrap();
    assert_eq!(unknown(client.confirm(&confirm_request(), &idempotency_key()).await).cause, UnknownCause::NotSent);
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
