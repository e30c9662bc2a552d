//! Connections: how many are opened, and what happens while one comes about or dribbles.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::{CARD, SECRET, client, confirm_request, idempotency_key, is_complete, payment_key, unknown};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use toss_payments::{Client, SecretKey, Status, UnknownCause};

/// A server that keeps its connections, answers every request with a payment, and counts both.
struct Keeping {
    url: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Keeping {
    async fn start(piece: usize) -> Keeping {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counters = (Arc::clone(&connections), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counters.0.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer_all(stream, piece, Arc::clone(&counters.1)));
            }
        });
        Keeping { url, connections, requests }
    }

    fn counts(&self) -> (usize, usize) {
        (self.connections.load(Ordering::SeqCst), self.requests.load(Ordering::SeqCst))
    }
}

/// Answers in chunks of so many bytes, each written on its own.
async fn answer_all(mut stream: TcpStream, piece: usize, requests: Arc<AtomicUsize>) {
    stream.set_nodelay(true).unwrap();
    let mut request = Vec::new();
    while stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {
        if !is_complete(&request) {
            continue;
        }
        request.clear();
        requests.fetch_add(1, Ordering::SeqCst);
        let mut answer = vec![b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec()];
        for bytes in CARD.as_bytes().chunks(piece) {
            answer.push([format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat());
        }
        answer.push(b"0\r\n\r\n".to_vec());
        for part in answer {
            if stream.write_all(&part).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn calls_one_after_another_share_one_connection_and_so_do_clones() {
    let server = Keeping::start(4096).await;
    let client = client(&server.url);
    for _ in 0..5 {
        client.clone().confirm(&confirm_request(), &idempotency_key()).await.unwrap();
        client.payment(&payment_key()).await.unwrap();
    }
    assert_eq!(server.counts(), (1, 10));
}

#[tokio::test]
async fn a_body_in_single_bytes_is_one_answer() {
    // Korean words are three bytes each: no piece is text of its own.
    let server = Keeping::start(1).await;
    let response = client(&server.url).confirm(&confirm_request(), &idempotency_key()).await.unwrap();
    assert_eq!((response.value.status, response.raw.as_str()), (Status::Done, CARD));
    assert_eq!(server.counts(), (1, 1));
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_in_time_sent_nothing() {
    // A full queue: the system answers no further greeting, as a firewall would.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(500), TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
        assert!(waiting.len() < 1_000, "the queue has no end");
    }
    let client = Client::builder(SecretKey::parse(SECRET).unwrap())
        .base_url(format!("http://{address}"))
        .connect_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let unknown = unknown(client.confirm(&confirm_request(), &idempotency_key()).await);
    assert_eq!((unknown.cause, unknown.status), (UnknownCause::NotSent, None), "{unknown}");
}
