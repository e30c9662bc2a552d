//! A shop's webhook endpoint in miniature: hears over real TCP, and answers as it is told.

use std::{
    convert::Infallible,
    future::pending,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use http_body_util::{BodyExt, Empty};
use hyper::{HeaderMap, Request, Response, body::Bytes, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpListener, task::AbortHandle};
use toss_sandbox::{DeliveryState, WebhookRecord};

use crate::support::{DEADLINE, Shop};

/// What the endpoint does with a webhook.
#[derive(Clone, Copy, Debug)]
pub enum Manners {
    Answer(u16),
    Hang,
}

#[derive(Clone, Debug)]
pub struct Heard {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(format!("tosspayments-webhook-{name}"))
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
            .to_str()
            .unwrap()
    }
}

#[derive(Default)]
struct Ear {
    heard: Vec<Heard>,
    manners: Option<Manners>,
}

pub struct Receiver {
    url: String,
    ear: Arc<Mutex<Ear>>,
    task: AbortHandle,
}

impl Receiver {
    /// Answers 200 until told otherwise.
    pub async fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let ear = Arc::new(Mutex::new(Ear::default()));
        let task = tokio::spawn(listen(listener, ear.clone())).abort_handle();
        Self { url, ear, task }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub fn behave(&self, manners: Manners) {
        self.ear.lock().unwrap().manners = Some(manners);
    }

    /// What has been heard since the last time.
    pub fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.ear.lock().unwrap().heard)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(listener: TcpListener, ear: Arc<Mutex<Ear>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let ear = ear.clone();
        let service = service_fn(move |request| hear(request, ear.clone()));
        // How the connection ends shows in the sandbox's log.
        tokio::spawn(async move { drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await) });
    }
}

async fn hear(request: Request<Incoming>, ear: Arc<Mutex<Ear>>) -> Result<Response<Empty<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert_eq!((parts.method.as_str(), parts.headers["content-type"].to_str().unwrap()), ("POST", "application/json"));
    let manners = {
        let mut ear = ear.lock().unwrap();
        ear.heard.push(Heard { path: parts.uri.to_string(), headers: parts.headers, body });
        ear.manners.unwrap_or(Manners::Answer(200))
    };
    match manners {
        Manners::Answer(status) => Ok(Response::builder().status(status).body(Empty::new()).unwrap()),
        Manners::Hang => pending().await,
    }
}

/// Waits until the log of webhooks is as wanted, and gives it.
pub async fn log_where(shop: &Shop, wanted: impl Fn(&[WebhookRecord]) -> bool) -> Vec<WebhookRecord> {
    let mut log = Vec::new();
    let outcome = shop
        .control
        .wait_for(
            |view| {
                log = view.webhooks().cloned().collect();
                wanted(&log)
            },
            DEADLINE,
        )
        .await;
    assert!(outcome.is_ok(), "{log:#?}");
    log
}

/// Waits until nothing is on its way and nothing is due on the clock that stands still.
pub async fn settled(shop: &Shop) -> Vec<WebhookRecord> {
    let now = shop.control.clock().now();
    let is_settled = |record: &WebhookRecord| match record.state {
        DeliveryState::Waiting { due } => due > now,
        state => state != DeliveryState::Sending,
    };
    log_where(shop, |log| log.iter().all(is_settled)).await
}
