//! The listener: HTTP/1.1 and nothing else, and no peer can hold more of the server than its share.
//!
//! `axum::serve` has no limits, and speaks HTTP/2 in clear text as soon as any crate of the build switches that on.

mod wire;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use wire::{Leaving, Phase, Wire};

/// What hyper reads before it has a head, and holds of an answer.
const MAX_BUFFER_BYTES: usize = 64 * 1024;
/// After a failed accept. Short beside a page's loading, long beside a loop.
const PAUSE: Duration = Duration::from_millis(100);
/// Between repetitions of what is logged, and of what is asked of connections when there are too many.
const NOT_MORE_OFTEN: Duration = Duration::from_secs(1);
/// How long, and for how many bytes, a peer may go on sending after its last answer.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 1024 * 1024;

/// How much of the server connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request, from its first byte, and for the first byte of a connection.
    pub head: Duration,
    /// Between an answer and the next request. Longer than the 60 s for which proxies keep a connection: one that the
    /// server closes while a proxy sends a confirm down it is a confirm that fails.
    pub idle: Duration,
    /// For a write of which the peer takes nothing.
    pub stalled_write: Duration,
    /// For a whole answer, from its first byte to its last. Making it takes as long as it takes: nothing is written then.
    pub answer: Duration,
    /// For connections to end when the server is asked to stop.
    pub drain: Duration,
    /// In all. A connection is a file descriptor or, with a file that it sends, two.
    pub max_connections: usize,
    /// From one address, or one network of IPv6, where a single customer has 2^64 addresses. A proxy in front of the shop
    /// is one address.
    pub max_connections_per_address: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stalled_write: Duration::from_secs(30),
            // The largest file of the front end, to a phone with 2 KB/s.
            answer: Duration::from_secs(300),
            drain: Duration::from_secs(10),
            max_connections: 2_048,
            max_connections_per_address: 256,
        }
    }
}

/// Serves until `stop` is cancelled and the connections have ended, or had [`Limits::drain`] to do so.
///
/// With [`Limits::max_connections`] open no more are accepted, and those that only wait for another request are closed. Who
/// comes then waits in the system's queue and is served in turn. A refusal would be quicker, but no browser repeats what was
/// refused, and one that comes back from Toss has a payment with it that has to be confirmed within ten minutes.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    serve_at(listener, router, limits, stop).await;
}

/// Where connections come from; tests have one that fails.
trait Accept {
    fn next(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send;
}

impl Accept for TcpListener {
    fn next(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send {
        self.accept()
    }
}

async fn serve_at(listener: impl Accept, router: Router, limits: Limits, stop: CancellationToken) {
    let shared = Shared { service: TowerToHyperService::new(router), limits, stop: stop.clone(), crowded: Arc::default() };
    let places = Arc::new(Places::default());
    let mut connections = JoinSet::new();
    let (mut failures, mut refusals) = (Seldom::default(), Seldom::default());
    loop {
        if connections.len() >= limits.max_connections {
            shared.crowded.notify_waiters();
            tokio::select! {
                () = stop.cancelled() => break,
                Some(ended) = connections.join_next() => note(ended),
                () = tokio::time::sleep(NOT_MORE_OFTEN) => {}
            }
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => break,
            Some(ended) = connections.join_next() => note(ended),
            accepted = listener.next() => match accepted {
                Ok((stream, peer)) => match Places::take(&places, peer.ip(), limits.max_connections_per_address) {
                    Some(place) => {
                        connections.spawn(shared.clone().converse(stream, peer, place));
                    }
                    None if refusals.is_due(Instant::now()) => {
                        tracing::warn!(peer = %peer.ip(), "closed a connection: its address has as many as it may");
                    }
                    None => {}
                },
                Err(error) if is_the_peers(&error) => {}
                Err(error) => {
                    if failures.is_due(Instant::now()) {
                        tracing::error!(%error, "connections cannot be accepted; trying again");
                    }
                    // Most likely there are no more file descriptors, and idle connections have some.
                    shared.crowded.notify_waiters();
                    tokio::select! {
                        () = stop.cancelled() => break,
                        () = tokio::time::sleep(PAUSE) => {}
                    }
                }
            },
        }
    }
    // Who comes now is told at once that nobody is here, rather than waiting for an end.
    drop(listener);
    let ended = async {
        while let Some(ended) = connections.join_next().await {
            note(ended);
        }
    };
    if tokio::time::timeout(limits.drain, ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "connections did not end in time and are cut off");
    }
}

/// The peer had gone before it was accepted.
fn is_the_peers(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused)
}

fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection broke off");
    }
}

/// What all connections have.
#[derive(Clone)]
struct Shared {
    service: TowerToHyperService<Router>,
    limits: Limits,
    stop: CancellationToken,
    /// Others wait for a place.
    crowded: Arc<Notify>,
}

impl Shared {
    async fn converse(self, stream: TcpStream, peer: SocketAddr, _place: Place) {
        // Failing to switch delays off costs milliseconds, nothing else.
        let _ = stream.set_nodelay(true);
        let phase = Arc::new(Phase::default());
        let wire = Wire::new(stream, phase.clone(), &self.limits);
        let (router, told) = (self.service, phase.clone());
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            told.begin();
            request.extensions_mut().insert(ConnectInfo(peer));
            let (answer, phase) = (router.call(request), told.clone());
            async move {
                let answer = answer.await;
                phase.end();
                answer.map(|answer| answer.map(|body| Leaving::new(body, phase)))
            }
        });
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.idle)
            .max_buf_size(MAX_BUFFER_BYTES)
            .serve_connection(TokioIo::new(wire), service);
        let mut stopping = false;
        loop {
            tokio::select! {
                ended = &mut connection => match ended {
                    Ok(()) => break,
                    // It was told what is wrong with its request.
                    Err(error) if error.is_parse() => break,
                    // The peer broke off, or a limit was passed: nobody is left to be told.
                    Err(error) => {
                        tracing::debug!(%error, "a connection ended early");
                        return;
                    }
                },
                () = self.stop.cancelled(), if !stopping => {
                    stopping = true;
                    std::pin::Pin::new(&mut connection).graceful_shutdown();
                }
                // Who has not asked anything yet may be the one for whom room is made, and has its head's limit.
                () = self.crowded.notified() => if phase.has_asked() {
                    std::pin::Pin::new(&mut connection).graceful_shutdown();
                }
            }
        }
        let stream = connection.into_parts().io.into_inner().into_stream();
        tokio::select! {
            () = self.stop.cancelled() => {}
            _ = tokio::time::timeout(LINGER, read_out(&stream)) => {}
        }
    }
}

/// Reads what still comes. A connection that is closed with bytes unread is reset, and the answer to who is still sending
/// (413, say) would be lost with it.
async fn read_out(stream: &TcpStream) {
    let mut left = LINGER_BYTES;
    let mut bytes = vec![0; 4096];
    while left > 0 && stream.readable().await.is_ok() {
        match stream.try_read(&mut bytes) {
            Ok(0) => return,
            Ok(read) => left = left.saturating_sub(read),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

/// How many connections each address has.
#[derive(Default)]
struct Places(Mutex<HashMap<IpAddr, usize>>);

impl Places {
    fn take(places: &Arc<Places>, peer: IpAddr, most: usize) -> Option<Place> {
        let network = network(peer);
        let mut taken = places.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(network).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { places: Arc::clone(places), network })
    }
}

/// One connection's place; free again when it is dropped, however the connection ended.
struct Place {
    places: Arc<Places>,
    network: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.network);
            }
        }
    }
}

/// What one customer has of addresses: one of IPv4, also where it is written as one of IPv6, and 2^64 of IPv6.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

/// Says of something that happens often when it is to be logged.
#[derive(Default)]
struct Seldom(Option<Instant>);

impl Seldom {
    fn is_due(&mut self, now: Instant) -> bool {
        let is_due = self.0.is_none_or(|last| now.saturating_duration_since(last) >= NOT_MORE_OFTEN);
        if is_due {
            self.0 = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::timeout;

    /// Longer than anything here takes.
    const DEADLINE: Duration = Duration::from_secs(20);

    /// A listener of a process that is out of file descriptors for a while.
    struct Jammed {
        listener: TcpListener,
        failures_left: AtomicUsize,
    }

    impl Accept for Jammed {
        async fn next(&self) -> io::Result<(TcpStream, SocketAddr)> {
            const EMFILE: i32 = 24;
            if self.failures_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                return Err(io::Error::from_raw_os_error(EMFILE));
            }
            self.listener.accept().await
        }
    }

    #[tokio::test]
    async fn failing_to_accept_is_not_the_end() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (addr, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let listener = Jammed { listener, failures_left: AtomicUsize::new(3) };
        let router = Router::new().route("/", get(|| async { "ok" }));
        let serving = tokio::spawn(serve_at(listener, router, Limits::default(), stop.clone()));
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n").await.unwrap();
        let mut answer = [0; 12];
        timeout(DEADLINE, stream.read_exact(&mut answer)).await.expect("served after all").unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        stop.cancel();
        timeout(DEADLINE, serving).await.unwrap().unwrap();
    }

    #[test]
    fn an_address_has_its_share_and_gets_it_back() {
        let places = Arc::new(Places::default());
        let take = |address: &str| Places::take(&places, address.parse().unwrap(), 2);
        let held = [take("192.0.2.1").unwrap(), take("::ffff:192.0.2.1").unwrap()];
        assert!(take("192.0.2.1").is_none() && take("192.0.2.2").is_some());
        let block = [take("2001:db8::1").unwrap(), take("2001:db8::ffff:1").unwrap()];
        assert!(take("2001:db8::2").is_none() && take("2001:db8:0:1::1").is_some());
        drop(held);
        assert!(take("192.0.2.1").is_some());
        drop(block);
        assert!(places.0.lock().unwrap().is_empty(), "nothing is kept of who has gone");
    }

    #[test]
    fn what_happens_often_is_logged_seldom() {
        let (mut seldom, start) = (Seldom::default(), Instant::now());
        let due = [0, 1, 999, 1_000, 1_001, 1_999, 2_500].map(|ms| seldom.is_due(start + Duration::from_millis(ms)));
        assert_eq!(due, [true, false, false, true, false, false, true]);
    }
}
