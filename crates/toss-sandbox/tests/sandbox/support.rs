//! A shop's server in miniature: one connection per call, nothing followed, nothing retried.

use std::{net::SocketAddr, path::Path, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Request, StatusCode,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use toss_sandbox::{Authenticated, Clock, Config, Control, Endpoint, Fault, NewPayment, Sandbox, Scope, Times, UnixMs};

/// Long enough that a busy machine does not reach it; no test waits for it when all is well.
pub const DEADLINE: Duration = Duration::from_secs(30);
/// 2026-08-01T00:00:00Z, where the clocks of the tests stand.
pub const START: UnixMs = UnixMs::new(1_785_542_400_000);
pub const CONFIRM: &str = "/v1/payments/confirm";

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers)).to_str().unwrap()
    }

    /// Status and code of an error, whose body has exactly `code` and `message`.
    pub fn error(&self) -> (u16, String) {
        let json = self.json();
        let fields: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields, ["code", "message"], "{json}");
        assert!(!json["message"].as_str().unwrap().is_empty());
        (self.status, json["code"].as_str().unwrap().to_owned())
    }
}

pub fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Whether this is the unpacked package, beside which there is no project. `cargo package` puts the manifest in twice.
pub fn is_alone() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml.orig").exists()
}

/// The call got no whole answer.
pub type Lost = hyper::Error;

pub struct Shop {
    pub sandbox: Sandbox,
    pub control: Control,
}

impl Shop {
    pub async fn open() -> Self {
        Self::with(Config::default()).await
    }

    /// The clock stands still, whatever `config` says.
    pub async fn with(config: Config) -> Self {
        let config = Config { clock: Clock::stopped_at(START), ..config };
        let sandbox = Sandbox::start(config).await.unwrap();
        let control = sandbox.control();
        Self { sandbox, control }
    }

    pub fn pay(&self, order_id: &str, amount: i64) -> Authenticated {
        self.control.authenticate(NewPayment::new(order_id, "토스 티셔츠 외 2건", amount)).unwrap()
    }

    pub fn next_confirm(&self, fault: Fault) {
        self.control.fault(fault, Scope::any(Endpoint::Confirm), Times::Once).unwrap();
    }

    pub fn basic(&self) -> String {
        basic(&format!("{}:", self.sandbox.secret_key()))
    }

    pub async fn try_send(&self, request: Request<Full<Bytes>>) -> Result<Reply, Lost> {
        try_send(self.sandbox.addr(), request).await
    }

    pub async fn send(&self, request: Request<Full<Bytes>>) -> Reply {
        self.try_send(request).await.unwrap()
    }

    pub fn confirm_request(&self, payment: &Authenticated, headers: &[(&str, &str)]) -> Request<Full<Bytes>> {
        let body = json!({
            "paymentKey": payment.payment_key, "orderId": payment.order_id, "amount": payment.amount,
        });
        self.confirm_body(&body, headers)
    }

    pub fn confirm_body(&self, body: &Value, headers: &[(&str, &str)]) -> Request<Full<Bytes>> {
        let mut request = Request::post(CONFIRM).header(AUTHORIZATION, self.basic()).header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Full::from(body.to_string())).unwrap()
    }

    pub async fn confirm(&self, payment: &Authenticated) -> Reply {
        self.send(self.confirm_request(payment, &[])).await
    }

    pub async fn confirm_with_key(&self, payment: &Authenticated, key: &str) -> Reply {
        self.send(self.confirm_request(payment, &[("idempotency-key", key)])).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.get_request(path)).await
    }

    pub fn get_request(&self, path: &str) -> Request<Full<Bytes>> {
        Request::get(path).header(AUTHORIZATION, self.basic()).body(Full::default()).unwrap()
    }

    pub async fn lookup(&self, payment: &Authenticated) -> Value {
        let reply = self.get(&format!("/v1/payments/{}", payment.payment_key)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    /// The control plane over HTTP: method, path below the prefix, body.
    pub async fn drive(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("/sandbox/control{path}"))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(body.map(|body| body.to_string()).unwrap_or_default()))
            .unwrap();
        self.send(request).await
    }

    pub async fn post_form(&self, path: &str, form: &'static str) -> Reply {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Full::from(form)).unwrap();
        self.send(request).await
    }

    /// Starts a call and does not wait for its answer.
    pub fn begin(&self, request: Request<Full<Bytes>>) -> tokio::task::JoinHandle<Result<Reply, Lost>> {
        tokio::spawn(try_send(self.sandbox.addr(), request))
    }

    /// Starts a call and gives it back once it hangs, `hung` calls hanging then.
    pub async fn hang(&self, request: Request<Full<Bytes>>, hung: usize) -> tokio::task::JoinHandle<Result<Reply, Lost>> {
        let call = self.begin(request);
        self.control.wait_for(|view| view.hung() == hung, DEADLINE).await.unwrap();
        call
    }
}

/// Moves the clock on, step by step, until the call has its answer. The call may begin to wait after any of the steps.
pub async fn advance_until_answered(control: &Control, step: Duration, call: tokio::task::JoinHandle<Result<Reply, Lost>>) -> Reply {
    let advance = async {
        while !call.is_finished() {
            control.advance(step);
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, advance).await.unwrap();
    call.await.unwrap().unwrap()
}

pub fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

/// A connection for many calls.
pub async fn connect(addr: SocketAddr) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(addr).await.unwrap();
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    // How the connection ends shows in the calls on it.
    tokio::spawn(async move { drop(connection.await) });
    sender
}

pub async fn try_send(addr: SocketAddr, request: Request<Full<Bytes>>) -> Result<Reply, Lost> {
    let mut sender = connect(addr).await;
    exchange(&mut sender, addr, request).await
}

pub async fn exchange(sender: &mut SendRequest<Full<Bytes>>, addr: SocketAddr, mut request: Request<Full<Bytes>>) -> Result<Reply, Lost> {
    request.headers_mut().insert(HOST, addr.to_string().try_into().unwrap());
    let response = sender.send_request(request).await?;
    let (parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
}

pub fn see_other(reply: &Reply) -> url::Url {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{reply:?}");
    reply.header("location").parse().unwrap()
}

pub fn query(url: &url::Url) -> Vec<(String, String)> {
    url.query_pairs().into_owned().collect()
}
