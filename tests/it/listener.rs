//! The listener: what a peer may take of the server, and what it may not.

use crate::app::{DEADLINE, TestApp};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use toss_checkout::server::http::listen::{self, Limits};

const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n";
const ASK_AND_CLOSE: &[u8] = b"GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";
const ASK_AND_WAIT: &[u8] = b"GET /wait HTTP/1.1\r\nHost: shop\r\n\r\n";
const HALF: &[u8] = b"GET / HTTP/1.1\r\nHost: shop\r\nX-Never: e";

/// A limit that is passed while a test looks.
const SHORT: Duration = Duration::from_millis(250);

/// Limits that no test passes, for those that are about another one.
fn unlimited() -> Limits {
    const HOUR: Duration = Duration::from_secs(3_600);
    Limits { head: HOUR, idle: HOUR, stalled_write: HOUR, answer: HOUR, drain: HOUR, ..Limits::default() }
}

/// What a server answers to that, until it ends the connection.
pub async fn exchange(addr: SocketAddr, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    // A server may have had enough before the end.
    let _ = stream.write_all(sent).await;
    rest(&mut stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // However it ends, by a reset too, what counts is what came before.
    let _ = timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("the server ends the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A listener with routes of its own.
pub struct Listener {
    pub addr: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Listener {
    pub async fn start(router: Router, limits: Limits) -> Listener {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (addr, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let serving = tokio::spawn(listen::serve(listener, router, limits, stop.clone()));
        Listener { addr, stop, serving }
    }

    pub async fn end(self) {
        self.stop.cancel();
        timeout(DEADLINE, self.serving).await.expect("the listener stops when asked to").unwrap();
    }

    /// A connection that has had an answer and is kept.
    async fn idle(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        stream.write_all(ASK).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\nok") {
            assert_ne!(timeout(DEADLINE, stream.read_buf(&mut answer)).await.unwrap().unwrap(), 0, "it is kept");
        }
        stream
    }
}

/// `/` answers at once, `/wait` when it is released.
struct Waiting {
    begun: Arc<Semaphore>,
    release: CancellationToken,
}

impl Waiting {
    fn new() -> (Waiting, Router) {
        let (begun, release) = (Arc::new(Semaphore::new(0)), CancellationToken::new());
        let waiting = Waiting { begun: begun.clone(), release: release.clone() };
        let wait = move || {
            let (begun, release) = (begun.clone(), release.clone());
            async move {
                begun.add_permits(1);
                release.cancelled().await;
                "ok"
            }
        };
        (waiting, Router::new().route("/", get(|| async { "ok" })).route("/wait", get(wait)))
    }

    /// A connection on which an answer is being waited for.
    async fn busy(&self, listener: &Listener) -> TcpStream {
        let mut stream = TcpStream::connect(listener.addr).await.unwrap();
        stream.write_all(ASK_AND_WAIT).await.unwrap();
        timeout(DEADLINE, self.begun.acquire()).await.unwrap().unwrap().forget();
        stream
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_request_is_not_waited_for() {
    let (_waiting, router) = Waiting::new();
    let listener = Listener::start(router, Limits { head: SHORT, ..unlimited() }).await;
    for half in [HALF, b"", b"\r\n"] {
        assert_eq!(exchange(listener.addr, half).await, "");
    }
    let mut second = listener.idle().await;
    second.write_all(HALF).await.unwrap();
    assert_eq!(rest(&mut second).await, "", "nor half of a second one");
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_kept_for_a_while_and_no_longer() {
    let (_waiting, router) = Waiting::new();
    let listener = Listener::start(router, Limits { idle: SHORT, ..unlimited() }).await;
    assert_eq!(rest(&mut listener.idle().await).await, "");
    listener.end().await;

    // The limit of a head is none of a kept connection: half requests end, and it is still there.
    let (_waiting, router) = Waiting::new();
    let listener = Listener::start(router, Limits { head: SHORT, ..unlimited() }).await;
    let mut kept = listener.idle().await;
    for _ in 0..3 {
        assert_eq!(exchange(listener.addr, HALF).await, "");
    }
    kept.write_all(ASK_AND_CLOSE).await.unwrap();
    assert!(rest(&mut kept).await.starts_with("HTTP/1.1 200"));
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_may_take_longer_than_any_limit() {
    let (waiting, router) = Waiting::new();
    let limits = Limits { head: SHORT, idle: SHORT, stalled_write: SHORT, ..unlimited() };
    let listener = Listener::start(router, limits).await;
    let mut busy = waiting.busy(&listener).await;
    // Each of these ends by a limit that began after the wait did.
    for _ in 0..3 {
        assert_eq!(exchange(listener.addr, HALF).await, "");
        assert_eq!(rest(&mut listener.idle().await).await, "");
    }
    waiting.release.cancel();
    let answer = rest(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\nok"), "{answer}");
    listener.end().await;
}

/// `/` has no end; what is cancelled says that it has been given up.
fn endless() -> (CancellationToken, Router) {
    let gone = CancellationToken::new();
    let begin = {
        let gone = gone.clone();
        move || {
            let held = gone.clone().drop_guard();
            let chunk = move || {
                let _ = &held;
                Ok::<_, Infallible>(vec![0_u8; 65_536])
            };
            async move { Body::from_stream(futures_util::stream::repeat_with(chunk)) }
        }
    };
    (gone, Router::new().route("/", get(begin)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_taken_as_a_whole_in_time() {
    let limits = Limits { answer: SHORT, ..unlimited() };
    let (gone, router) = endless();
    let listener = Listener::start(router, limits).await;
    let (waiting, router) = Waiting::new();
    let other = Listener::start(router, limits).await;
    let (mut kept, mut busy) = (other.idle().await, waiting.busy(&other).await);
    // Never silent for long enough to be one who takes nothing.
    let mut stream = TcpStream::connect(listener.addr).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    let taken = async {
        let mut bytes = vec![0; 65_536];
        while matches!(stream.read(&mut bytes).await, Ok(read) if read > 0) {}
    };
    timeout(DEADLINE, taken).await.expect("it has an end all the same");
    timeout(DEADLINE, gone.cancelled()).await.expect("the answer is given up");
    listener.end().await;
    // What is no part of an answer, the time before it and that between two, has passed for these meanwhile.
    waiting.release.cancel();
    kept.write_all(ASK_AND_CLOSE).await.unwrap();
    let second = rest(&mut kept).await;
    other.end().await;
    for answer in [second, rest(&mut busy).await] {
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_nothing_of_an_answer_is_let_go() {
    let (gone, router) = endless();
    let limits = Limits { stalled_write: SHORT, ..unlimited() };
    let listener = Listener::start(router, limits).await;
    let mut stream = TcpStream::connect(listener.addr).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    timeout(DEADLINE, gone.cancelled()).await.expect("the answer is given up");
    drop(stream);
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_has_its_share_of_the_connections() {
    let (_waiting, router) = Waiting::new();
    let listener = Listener::start(router, Limits { max_connections_per_address: 2, ..unlimited() }).await;
    let (first, mut second) = (listener.idle().await, listener.idle().await);
    assert_eq!(exchange(listener.addr, ASK_AND_CLOSE).await, "", "closed at once");
    second.write_all(ASK_AND_CLOSE).await.unwrap();
    assert!(rest(&mut second).await.starts_with("HTTP/1.1 200"), "whom it has is served");
    drop(first);
    let served = async { while !exchange(listener.addr, ASK_AND_CLOSE).await.starts_with("HTTP/1.1 200") {} };
    timeout(DEADLINE, served).await.expect("a place is free again");
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_make_room_for_who_comes() {
    let (_waiting, router) = Waiting::new();
    let listener = Listener::start(router, Limits { max_connections: 2, ..unlimited() }).await;
    let (mut first, mut second) = (listener.idle().await, listener.idle().await);
    assert!(exchange(listener.addr, ASK_AND_CLOSE).await.starts_with("HTTP/1.1 200"));
    assert_eq!((rest(&mut first).await, rest(&mut second).await), (String::new(), String::new()));
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_place_at_work_who_comes_waits_and_is_not_refused() {
    let (waiting, router) = Waiting::new();
    let listener = Listener::start(router, Limits { max_connections: 2, ..unlimited() }).await;
    let (mut first, mut second) = (waiting.busy(&listener).await, waiting.busy(&listener).await);
    let mut third = TcpStream::connect(listener.addr).await.unwrap();
    third.write_all(ASK_AND_CLOSE).await.unwrap();
    waiting.release.cancel();
    for stream in [&mut first, &mut second, &mut third] {
        assert!(rest(stream).await.starts_with("HTTP/1.1 200"));
    }
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_answers_what_is_under_way_and_takes_nothing_new() {
    let (waiting, router) = Waiting::new();
    let listener = Listener::start(router, unlimited()).await;
    let (mut busy, mut idle) = (waiting.busy(&listener).await, listener.idle().await);
    listener.stop.cancel();
    assert_eq!(rest(&mut idle).await, "");
    let shut = async {
        while TcpStream::connect(listener.addr).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, shut).await.expect("nobody is let in any more");
    assert!(!listener.serving.is_finished());
    waiting.release.cancel();
    assert!(rest(&mut busy).await.starts_with("HTTP/1.1 200"));
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_ever() {
    let (waiting, router) = Waiting::new();
    let listener = Listener::start(router, Limits { drain: SHORT, ..unlimited() }).await;
    let mut busy = waiting.busy(&listener).await;
    listener.end().await;
    assert_eq!(rest(&mut busy).await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_ends_one_connection() {
    async fn broken() -> &'static str {
        panic!("a bug, on purpose")
    }
    let (_waiting, router) = Waiting::new();
    let limits = Limits { max_connections_per_address: 1, ..unlimited() };
    let listener = Listener::start(router.route("/broken", get(broken)), limits).await;
    assert_eq!(exchange(listener.addr, b"GET /broken HTTP/1.1\r\nHost: shop\r\n\r\n").await, "");
    let served = async { while !exchange(listener.addr, ASK_AND_CLOSE).await.starts_with("HTTP/1.1 200") {} };
    timeout(DEADLINE, served).await.expect("and gives its place back");
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_knows_the_peer() {
    let router = Router::new().route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() }));
    let listener = Listener::start(router, unlimited()).await;
    let mut stream = TcpStream::connect(listener.addr).await.unwrap();
    stream.write_all(ASK_AND_CLOSE).await.unwrap();
    let own = stream.local_addr().unwrap().to_string();
    assert!(rest(&mut stream).await.ends_with(&format!("\r\n\r\n{own}")));
    listener.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_reaches_who_is_still_sending() {
    let listener = Listener::start(Router::new().route("/", post(|| async { "enough" })), unlimited()).await;
    let head = b"POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 400000\r\n\r\n";
    let answer = exchange(listener.addr, &[head.as_slice(), &[b'x'; 400_000]].concat()).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("enough"), "{answer}");
    let head = [b"GET / HTTP/1.1\r\nHost: shop\r\nX-Long: ".as_slice(), &[b'x'; 100_000]].concat();
    assert!(exchange(listener.addr, &head).await.starts_with("HTTP/1.1 431"), "and who sends more than a head may have");
    listener.end().await;
}

/// A feature that another crate of the build switched on made the server speak HTTP/2 to whoever began with it: 20
/// connections that took nothing held 510 MB.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http_2_is_not_spoken() {
    let app = TestApp::start().await;
    let preface_and_settings = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let answer = exchange(app.addr, preface_and_settings).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer:?}");
    app.finish().await;
}
