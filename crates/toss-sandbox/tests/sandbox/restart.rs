//! The program with `--state`, killed without warning and started again.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
};

use http_body_util::Full;
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::SendRequest,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{process::Child, sync::Semaphore, time::timeout};
use toss_sandbox::{DOCS_WIDGET_PAIR, SECRET_KEY};

use crate::{
    program::{base, program, started},
    receiver::{Manners, Receiver},
    support::{CONFIRM, DEADLINE, Lost, Reply, basic, connect, exchange, refused, try_send},
};

/// The program, its file, and the port on which it is started again.
struct Program {
    child: Child,
    addr: SocketAddr,
    file: PathBuf,
    _directory: Arc<TempDir>,
}

impl Program {
    async fn start() -> Self {
        let directory = Arc::new(tempfile::tempdir().unwrap());
        let file = directory.path().join("toss.json");
        let (child, addr) = run(&file, 0).await;
        Self { child, addr, file, _directory: directory }
    }

    /// `kill -9`, then the same command again.
    async fn kill_and_start(mut self) -> Self {
        self.child.kill().await.unwrap();
        (self.child, self.addr) = run(&self.file, self.addr.port()).await;
        self
    }

    async fn try_send(&self, request: Request<Full<Bytes>>) -> Result<Reply, Lost> {
        timeout(DEADLINE, try_send(self.addr, request)).await.unwrap()
    }

    async fn control(&self, method: &str, path: &str, body: Value) -> Reply {
        let request = Request::builder().method(method).uri(format!("/sandbox/control{path}")).header(CONTENT_TYPE, "application/json");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let reply = self.try_send(request.body(body.into()).unwrap()).await.unwrap();
        assert!((200..300).contains(&reply.status), "{path}: {reply:?}");
        reply
    }

    async fn look(&self, path: &str) -> Value {
        self.control("GET", path, Value::Null).await.json()
    }

    async fn pay(&self, order_id: &str) -> Value {
        let payment = json!({ "orderId": order_id, "orderName": "토스 티셔츠 외 2건", "amount": 45_000 });
        let made = self.control("POST", "/payments", payment).await.json();
        json!({ "paymentKey": made["paymentKey"], "orderId": order_id, "amount": 45_000 })
    }

    async fn confirm(&self, payment: &Value, key: &str) -> Reply {
        self.try_send(confirm(payment, key)).await.unwrap()
    }

    async fn lookup(&self, payment: &Value) -> Bytes {
        let path = format!("/v1/payments/{}", payment["paymentKey"].as_str().unwrap());
        let request = Request::get(path).header(AUTHORIZATION, basic(&format!("{SECRET_KEY}:"))).body(Full::default()).unwrap();
        self.try_send(request).await.unwrap().body
    }

    /// Waits until the control API says so.
    async fn until(&self, path: &str, happened: impl Fn(&Value) -> bool) -> Value {
        let wait = async {
            loop {
                let found = self.look(path).await;
                if happened(&found) {
                    return found;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(DEADLINE, wait).await.unwrap()
    }
}

async fn run(file: &Path, port: u16) -> (Child, SocketAddr) {
    let (port, file) = (port.to_string(), file.to_str().unwrap());
    let (child, printed) = started(&["--port", &port, "--state", file], "inspector").await;
    (child, base(&printed).strip_prefix("http://").unwrap().parse().unwrap())
}

fn confirm(payment: &Value, key: &str) -> Request<Full<Bytes>> {
    Request::post(CONFIRM)
        .header(AUTHORIZATION, basic(&format!("{SECRET_KEY}:")))
        .header(CONTENT_TYPE, "application/json")
        .header("idempotency-key", key)
        .body(payment.to_string().into())
        .unwrap()
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_kill_and_what_was_pending_goes_on() {
    let shop = Receiver::open().await;
    shop.behave(Manners::Answer(500));
    let sandbox = Program::start().await;
    sandbox.control("POST", "/clock", json!({ "running": false })).await;
    sandbox.control("POST", "/webhooks/registrations", json!({ "url": shop.url("/hook") })).await;
    let (paid, open) = (sandbox.pay("order-0001").await, sandbox.pay("order-0002").await);
    let first = sandbox.confirm(&paid, "key-1").await;
    assert_eq!(first.status, 200);
    sandbox.until("/webhooks", |sent| sent[0]["state"] == "waiting" && sent[0]["attempts"][0]["outcome"]["status"] == 500).await;
    let decline = json!({ "fault": { "kind": "decline", "code": "FDS_ERROR" }, "endpoint": "confirm", "orderId": "order-0002" });
    sandbox.control("POST", "/faults", decline).await;
    sandbox.control("POST", "/security-keys", Value::Null).await;
    sandbox.control("POST", "/clock", json!({ "advanceMs": 30_000 })).await;
    let (looked_up, state) = (sandbox.lookup(&paid).await, sandbox.look("/state").await);
    let keys = sandbox.look("/security-keys").await;

    let sandbox = sandbox.kill_and_start().await;
    assert_eq!(sandbox.look("/state").await, state);
    assert_eq!(sandbox.look("/security-keys").await, keys);
    assert_eq!(sandbox.lookup(&paid).await, looked_up);
    let replay = sandbox.confirm(&paid, "key-1").await;
    assert_eq!((replay.status, &replay.body), (200, &first.body));
    assert_eq!(sandbox.look("/ledger").await.as_array().map(Vec::len), Some(1));

    assert_eq!(shop.heard().len(), 1);
    shop.behave(Manners::Answer(200));
    sandbox.control("POST", "/clock", json!({ "advanceMs": 30_000 })).await;
    let sent = sandbox.until("/webhooks", |sent| sent[0]["state"] == "delivered").await;
    assert_eq!(sent[0]["attempts"].as_array().map(Vec::len), Some(2));
    assert_eq!(shop.heard()[0].header("transmission-retried-count"), "1");
    assert_eq!(sandbox.confirm(&open, "key-2").await.error().1, "FDS_ERROR");
}

#[tokio::test]
async fn a_call_that_a_kill_cuts_off_before_the_charge_never_happened() {
    let sandbox = Program::start().await;
    let payment = sandbox.pay("order-0001").await;
    sandbox.control("POST", "/faults", json!({ "fault": { "kind": "timeout_before" }, "endpoint": "confirm" })).await;
    let call = tokio::spawn(try_send(sandbox.addr, confirm(&payment, "key-1")));
    sandbox.until("/state", |state| state["hung"] == 1).await;
    let sandbox = sandbox.kill_and_start().await;
    assert!(call.await.unwrap().is_err());
    assert_eq!(sandbox.look("/state").await["hung"], 0);
    assert_eq!(sandbox.look("/ledger").await, json!([]));
    assert_eq!(sandbox.confirm(&payment, "key-1").await.status, 200, "key and payment are free");
    assert_eq!(sandbox.look("/ledger").await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_webhook_that_a_kill_cuts_off_is_sent_again_by_the_next_retry() {
    let shop = Receiver::open().await;
    shop.behave(Manners::Hang);
    let sandbox = Program::start().await;
    sandbox.control("POST", "/webhooks/registrations", json!({ "url": shop.url("/hook") })).await;
    let payment = sandbox.pay("order-0001").await;
    sandbox.confirm(&payment, "key-1").await;
    sandbox.until("/webhooks", |sent| sent[0]["state"] == "sending").await;
    // Any answer: by then the file knows of the attempt.
    sandbox.lookup(&payment).await;
    let sandbox = sandbox.kill_and_start().await;
    let sent = sandbox.look("/webhooks").await;
    assert_eq!((&sent[0]["state"], &sent[0]["attempts"][0]["outcome"]["kind"]), (&json!("waiting"), &json!("unreachable")));
    shop.behave(Manners::Answer(200));
    sandbox.control("POST", "/clock", json!({ "advanceMs": 60_000 })).await;
    sandbox.until("/webhooks", |sent| sent[0]["state"] == "delivered").await;
}

/// Confirms order after order until the connection is gone. Gives those that were answered, with the body.
async fn shop_on(
    mut line: SendRequest<Full<Bytes>>,
    addr: SocketAddr,
    payments: Vec<Value>,
    answered: Arc<Semaphore>,
) -> Vec<(Value, Bytes)> {
    let mut done = Vec::new();
    for payment in payments {
        let key = payment["orderId"].as_str().unwrap();
        let Ok(reply) = exchange(&mut line, addr, confirm(&payment, key)).await else { break };
        assert_eq!(reply.status, 200, "{reply:?}");
        answered.add_permits(1);
        done.push((payment, reply.body));
    }
    done
}

#[tokio::test]
async fn a_kill_at_any_moment_loses_no_charge_that_was_answered_and_doubles_none() {
    for answers_before_the_kill in [1, 7, 20] {
        let sandbox = Program::start().await;
        let answered = Arc::new(Semaphore::new(0));
        let mut shops = Vec::new();
        for shop in 0..6 {
            let mut payments = Vec::new();
            for order in 0..8 {
                payments.push(sandbox.pay(&format!("order-{shop}-{order}")).await);
            }
            let line = connect(sandbox.addr).await;
            shops.push((payments.clone(), tokio::spawn(shop_on(line, sandbox.addr, payments, answered.clone()))));
        }
        timeout(DEADLINE, answered.acquire_many(answers_before_the_kill)).await.unwrap().unwrap().forget();
        let sandbox = sandbox.kill_and_start().await;
        let mut all = Vec::new();
        for (payments, shop) in shops {
            for (payment, body) in shop.await.unwrap() {
                assert_eq!(sandbox.confirm(&payment, payment["orderId"].as_str().unwrap()).await.body, body);
            }
            all.extend(payments);
        }
        // Whoever got no answer asks again with the same key.
        for payment in &all {
            assert_eq!(sandbox.confirm(payment, payment["orderId"].as_str().unwrap()).await.status, 200);
        }
        let ledger = sandbox.look("/ledger").await;
        let mut charged: Vec<_> = ledger.as_array().unwrap().iter().map(|entry| entry["orderId"].as_str().unwrap()).collect();
        let mut ordered: Vec<_> = all.iter().map(|payment| payment["orderId"].as_str().unwrap()).collect();
        charged.sort_unstable();
        ordered.sort_unstable();
        assert_eq!(charged, ordered, "killed after {answers_before_the_kill} answers");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_gone_on_with_is_refused_in_one_line_and_left_alone() {
    let mut sandbox = Program::start().await;
    sandbox.pay("order-0001").await;
    sandbox.child.kill().await.unwrap();
    let whole = std::fs::read_to_string(&sandbox.file).unwrap();
    let [docs_client, docs_secret] = DOCS_WIDGET_PAIR;
    let own: &[&str] = &[];
    let docs: &[&str] = &["--client-key", docs_client, "--secret-key", docs_secret];
    for (text, keys, said) in [
        (&whole[..whole.len() / 2], own, "is damaged (it breaks off)"),
        ("", own, "is damaged (it breaks off)"),
        ("{]", own, "is damaged (it is no JSON in line 1 at character 2)"),
        (&whole.replace("45000", "-45000"), own, "is damaged (no sandbox writes what stands in line 1 before character "),
        (&whole.replacen("\"version\":2", "\"version\":999", 1), own, "has format 999"),
        (&whole, docs, "belongs to the client key test_gck_sandbox"),
    ] {
        std::fs::write(&sandbox.file, text).unwrap();
        let mut arguments = vec!["--port", "0", "--state", sandbox.file.to_str().unwrap()];
        arguments.extend(keys);
        let output = timeout(DEADLINE, program(&arguments).stderr(Stdio::piped()).output()).await.unwrap().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), stderr.lines().count()), (Some(1), 1), "{stderr}");
        assert!(stderr.contains(said) && stderr.contains("name another file") | stderr.contains("move it away"), "{stderr}");
        assert_eq!(std::fs::read_to_string(&sandbox.file).unwrap(), text);
    }
    std::fs::write(&sandbox.file, &whole).unwrap();
    let sandbox = Program { child: run(&sandbox.file, 0).await.0, ..sandbox };
    drop(sandbox);
}

#[tokio::test]
async fn one_file_serves_one_sandbox_at_a_time() {
    let sandbox = Program::start().await;
    let payment = sandbox.pay("order-0001").await;
    let file = sandbox.file.to_str().unwrap();
    let output = timeout(DEADLINE, program(&["--port", "0", "--state", file]).output()).await.unwrap().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && stderr.contains("another sandbox uses the state file"), "{stderr}");
    let sandbox = sandbox.kill_and_start().await;
    assert_eq!(sandbox.confirm(&payment, "key-1").await.status, 200);
    assert_eq!(sandbox.confirm(&payment, "key-2").await.error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
}
