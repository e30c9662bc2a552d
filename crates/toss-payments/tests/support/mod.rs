//! What the tests share: a client for a fake Toss on this machine, and a server that speaks raw bytes.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use toss_payments::{Client, ConfirmRequest, Error, IdempotencyKey, OrderId, PaymentKey, SecretKey, UnknownOutcome, Won};

pub const SECRET: &str = "test_gsk_0123456789abcdef";
/// `printf '%s:' "$SECRET" | base64`
pub const BASIC: &str = "Basic dGVzdF9nc2tfMDEyMzQ1Njc4OWFiY2RlZjo=";
pub const PAYMENT_KEY: &str = "tviva20260801120000AbC12";
pub const ORDER_ID: &str = "order-20260801-0001";
pub const CARD: &str = include_str!("../golden/card.json");
pub const EVERYTHING: &str = include_str!("../golden/everything.json");
pub const EXPIRED: &str = include_str!("../golden/expired.json");

pub fn client(base_url: &str) -> Client {
    client_with_timeout(base_url, Duration::from_secs(20))
}

pub fn client_with_timeout(base_url: &str, timeout: Duration) -> Client {
    let key = SecretKey::parse(SECRET).unwrap();
    Client::builder(key).base_url(base_url).timeout(timeout).build().unwrap()
}

pub fn payment_key() -> PaymentKey {
    PaymentKey::parse(PAYMENT_KEY).unwrap()
}

pub fn order_id() -> OrderId {
    OrderId::parse(ORDER_ID).unwrap()
}

pub fn idempotency_key() -> IdempotencyKey {
    IdempotencyKey::parse("attempt-1").unwrap()
}

pub fn confirm_request() -> ConfirmRequest {
    ConfirmRequest::new(payment_key(), order_id(), Won::of(45_000))
}

/// The unknown outcome that a call was expected to have.
pub fn unknown<T: std::fmt::Debug>(result: Result<T, Error>) -> UnknownOutcome {
    match result {
        Err(Error::Unknown(unknown)) => *unknown,
        other => panic!("expected an unknown outcome, got {other:?}"),
    }
}

/// What the raw server does once it has read a whole request.
#[derive(Clone)]
pub enum Act {
    /// Writes these bytes and hangs up.
    Say(Vec<u8>),
    /// Writes nothing and keeps the connection until the client gives up.
    Hang,
    /// Writes these bytes and keeps the connection until the client gives up.
    SayAndHang(Vec<u8>),
}

/// A server of raw bytes on 127.0.0.1 that counts the requests it has read.
pub struct RawServer {
    pub address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl RawServer {
    pub async fn start(act: Act) -> RawServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, act.clone(), Arc::clone(&counter)));
            }
        });
        RawServer { address, requests }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, act: Act, requests: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    while !is_complete(&request) {
        match stream.read_buf(&mut request).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let hangs = !matches!(act, Act::Say(_));
    if let Act::Say(bytes) | Act::SayAndHang(bytes) = act {
        // A client that has read enough may hang up first.
        if stream.write_all(&bytes).await.is_err() {
            return;
        }
    }
    if hangs {
        // Ends when the client closes its side.
        while stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {}
    }
}

pub fn is_complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let announced = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    body.len() >= announced
}
