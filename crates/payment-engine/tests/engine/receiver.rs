//! A merchant's system: it takes what is posted to it over real HTTP, and checks signatures by itself, from the text of the standard.

use crate::world::{DEADLINE, World};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use payment_engine::Engine;
use payment_engine::outbox::{WebhookCourier, WebhookSecret, WebhookUrl};
use payment_engine::{Parts, clock::Clock};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

pub const SECRET: &str = "whsec_dGhpcyBpcyBhIHNlY3JldCBmb3IgdGVzdHMgb25seSE=";
/// Nothing that is told of a failure may contain it.
pub const TOKEN: &str = "hunter2";

/// What the receiver does with a message.
pub enum Answer {
    Status(u16),
    /// With the header `Retry-After`.
    Later(u16, &'static str),
    /// With the header `Location`.
    Redirect(String),
    /// 204, as soon as the test says so.
    Held(oneshot::Receiver<()>),
    /// 200, and a body without an end.
    Endless,
}

/// One delivery, as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    pub id: String,
    pub timestamp: i64,
    pub signatures: Vec<String>,
    pub body: String,
    pub path: String,
    pub content_type: String,
}

impl Delivery {
    /// Whether one of the signatures is by that secret, over the bytes that came.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let expected = signature(secret, &format!("{}.{}.{}", self.id, self.timestamp, self.body));
        self.signatures.contains(&expected)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    pub fn order_id(&self) -> String {
        self.json()["data"]["orderId"].as_str().unwrap().to_owned()
    }
}

/// HMAC by its definition (RFC 2104), for keys of at most one block.
fn signature(secret: &str, text: &str) -> String {
    let mut key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    key.resize(64, 0);
    let padded = |pad: u8| key.iter().map(|byte| byte ^ pad).collect::<Vec<_>>();
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    let outer = Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize();
    format!("v1,{}", STANDARD.encode(outer))
}

struct Desk {
    taken: watch::Sender<Vec<Delivery>>,
    answers: Mutex<VecDeque<Answer>>,
    otherwise: Mutex<u16>,
}

/// Listens until it is dropped.
pub struct Receiver {
    pub address: String,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

impl Receiver {
    pub async fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let desk = Arc::new(Desk { taken: watch::Sender::default(), answers: Mutex::default(), otherwise: Mutex::new(204) });
        let router = axum::Router::new().fallback(take).with_state(desk.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Receiver { address, desk, serving }
    }

    /// What it does next, in this order; after that it answers [`Receiver::otherwise`].
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.desk.answers.lock().unwrap().extend(answers);
    }

    pub fn otherwise(&self, status: u16) {
        *self.desk.otherwise.lock().unwrap() = status;
    }

    /// The next message is kept waiting, until the test says so.
    pub fn hold(&self) -> oneshot::Sender<()> {
        let (release, held) = oneshot::channel();
        self.answer([Answer::Held(held)]);
        release
    }

    /// Everything that came, each signed as it has to be.
    pub fn taken(&self) -> Vec<Delivery> {
        let taken = self.desk.taken.borrow().clone();
        for delivery in &taken {
            assert!(delivery.is_signed_with(SECRET), "{delivery:?}");
            assert_eq!((delivery.content_type.as_str(), delivery.path.as_str()), ("application/json", "/orders?token=hunter2"));
        }
        taken
    }

    /// The kinds of what came, of that order.
    pub fn kinds(&self, order: &payment_engine::NewOrder) -> Vec<String> {
        self.taken().iter().filter(|delivery| delivery.order_id() == order.id.as_str()).map(Delivery::kind).collect()
    }

    /// Comes back once so many have come.
    pub async fn until(&self, count: usize) {
        let mut taken = self.desk.taken.subscribe();
        tokio::time::timeout(DEADLINE, taken.wait_for(|taken| taken.len() >= count)).await.expect("they come in time").unwrap();
    }

    pub fn url(&self, scheme: &str) -> WebhookUrl {
        WebhookUrl::parse(&format!("{scheme}://{}/orders?token={TOKEN}", self.address)).unwrap()
    }

    pub fn courier(&self, clock: impl Clock) -> WebhookCourier {
        WebhookCourier::new(self.url("http"), WebhookSecret::parse(SECRET).unwrap()).unwrap().clock(clock)
    }

    /// A server on the database of that world that tells this receiver.
    pub async fn engine(&self, world: &World) -> Engine {
        let parts = Parts::new(world.store().await, world.spoiler.before(world.gateway())).clock(world.clock.clone());
        Engine::start(parts.courier(self.courier(world.clock.clone()))).await.unwrap()
    }

    /// A world whose server tells a receiver.
    pub async fn with_world() -> (Receiver, World) {
        let (receiver, mut world) = (Receiver::start().await, World::start().await);
        world.engine = receiver.engine(&world).await;
        (receiver, world)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(State(desk): State<Arc<Desk>>, uri: axum::http::Uri, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let delivery = Delivery {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap_or_default(),
        signatures: header("webhook-signature").split(' ').map(str::to_owned).collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
        path: uri.to_string(),
        content_type: header("content-type"),
    };
    desk.taken.send_modify(|taken| taken.push(delivery));
    let next = desk.answers.lock().unwrap().pop_front();
    let otherwise = *desk.otherwise.lock().unwrap();
    let mut answer = Response::new(Body::from("the receiver's own words"));
    let status = match next {
        None => otherwise,
        Some(Answer::Status(status)) => status,
        Some(Answer::Later(status, retry_after)) => {
            answer.headers_mut().insert("retry-after", retry_after.parse().unwrap());
            status
        }
        Some(Answer::Redirect(location)) => {
            answer.headers_mut().insert("location", location.parse().unwrap());
            307
        }
        Some(Answer::Held(held)) => {
            drop(held.await);
            204
        }
        Some(Answer::Endless) => {
            let chunks = futures_util::stream::repeat(Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b' '; 8 * 1024])));
            *answer.body_mut() = Body::from_stream(chunks);
            200
        }
    };
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}
