//! The program itself, with a full disk, and stopped in the middle of a payment. The sandbox is another process's: it is
//! the test's, and outlives the shop.

use crate::app::{Browser, DEADLINE, Order, Page};
use futures_util::future::join_all;
use serde_json::json;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};
use toss_sandbox::{Config, Control, Endpoint, Fault, NewPayment, Sandbox, Scope, Times};

/// How long what a dead server held stays untouched where nobody takes it up: longer than any of these tests waits.
pub const LEASE: Duration = Duration::from_millis(payment_engine::order::LEASE_MS.unsigned_abs());
/// Between two looks at whether something has come about.
const LOOK: Duration = Duration::from_millis(20);

pub struct Program {
    child: Child,
    said: Arc<Mutex<String>>,
    pub addr: SocketAddr,
}

impl Program {
    async fn start(folder: &Path, sandbox: &Sandbox) -> Program {
        Program::start_set(folder, sandbox, &[("DATABASE_URL", "sqlite://shop.db")]).await
    }

    /// Where files that are too long are an error and not the end of the process, as on a disk that is full.
    pub async fn start_set(folder: &Path, sandbox: &Sandbox, settings: &[(&str, &str)]) -> Program {
        let mut program = Command::new("sh");
        program.args(["-c", "trap '' XFSZ; exec \"$0\"", env!("CARGO_BIN_EXE_toss-checkout")]);
        program.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        program.envs([("LEPTOS_SITE_ADDR", "127.0.0.1:0"), ("RUST_BACKTRACE", "0")]).envs(settings.iter().copied());
        program.envs([("TOSS_CLIENT_KEY", sandbox.client_key()), ("TOSS_SECRET_KEY", sandbox.secret_key())]);
        program.envs([("TOSS_API_URL", sandbox.url()), ("TOSS_WIDGET_URL", format!("{}/v1/payment-widget", sandbox.url()))]);
        let mut child = program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (lines, heard) = (BufReader::new(child.stderr.take().unwrap()).lines(), said.clone());
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                *heard.lock().unwrap() += &(line + "\n");
            }
        });
        let mut program = Program { child, said, addr: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let shop = program.says("Shop: http://").await;
        program.addr = shop.split('/').next().unwrap().parse().unwrap();
        program
    }

    /// Waits until it has said that, and answers what comes after it in the line.
    pub async fn says(&self, text: &str) -> String {
        let until = Instant::now() + DEADLINE;
        loop {
            let said = self.said.lock().unwrap().clone();
            if let Some(line) = said.lines().find_map(|line| line.split_once(text)) {
                return line.1.to_owned();
            }
            assert!(Instant::now() < until, "it did not say {text:?}: {said}");
            sleep(LOOK).await;
        }
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn interrupt(&self) {
        assert!(Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap().success());
    }

    /// The most bytes that a file may have, for this process, until it is set again.
    fn limit_files_to(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:");
        assert!(Command::new("prlimit").args(["--pid", &self.child.id().to_string(), &limit]).status().unwrap().success());
    }

    pub async fn ended(&mut self) -> ExitStatus {
        let until = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "it did not end: {}", self.said.lock().unwrap());
            sleep(LOOK).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An `Err` says that it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub async fn ordered(program: &Program) -> (Browser, Order) {
    let browser = Browser::of(program.addr);
    browser.get("/checkout").await;
    let order = browser.place(None).await;
    (browser, order)
}

pub fn approve(toss: &Control, order: &Order) -> String {
    order.success(&toss.authenticate(NewPayment::new(&order.id, &order.name, order.amount)).unwrap().payment_key)
}

pub fn charged(toss: &Control, order: &Order) -> Vec<i64> {
    toss.charges(&order.id).iter().map(|charge| charge.amount.get()).collect()
}

pub fn confirms(toss: &Control, order: &Order) -> Vec<toss_sandbox::RequestRecord> {
    toss.requests().into_iter().filter(|request| request.method == "POST" && request.order_id.as_deref() == Some(&order.id)).collect()
}

/// Asks for the page until it is what was hoped for.
async fn until(browser: &Browser, path: &str, is: impl Fn(&Page) -> bool) -> Page {
    let asked = async {
        loop {
            let page = browser.get(path).await;
            if is(&page) {
                return page;
            }
            sleep(LOOK).await;
        }
    };
    timeout(DEADLINE, asked).await.unwrap_or_else(|_| panic!("{path} did not become what it has to"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_takes_no_payment_and_leaves_no_trace_when_there_is_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let toss = sandbox.control();
    let mut program = Program::start(folder.path(), &sandbox).await;
    let mut shoppers = Vec::new();
    for _ in 0..6 {
        let (browser, order) = ordered(&program).await;
        let url = approve(&toss, &order);
        shoppers.push((browser, order, url));
    }
    let (browser, order, url) = shoppers.pop().unwrap();
    browser.get(&url).await;
    until(&browser, &order.page(), |page| page.body.contains("결제를 완료했어요")).await;
    let asked = toss.requests().len();

    // The log of the database is as long as it may become; nothing can be added to it.
    let log = folder.path().join("shop.db-wal");
    program.limit_files_to(&std::fs::metadata(&log).unwrap().len().to_string());
    for _ in 0..3 {
        let tabs = join_all(shoppers.iter().map(|(browser, _, url)| browser.get(url))).await;
        for tab in tabs {
            assert_eq!((tab.status, tab.location.as_deref()), (503, None), "{}", tab.body);
            assert!(tab.headers.contains_key("retry-after") && tab.body.contains("결제 정보는 안전해요"), "{}", tab.body);
        }
        let health = browser.get("/health").await;
        assert_eq!((health.status, health.body.as_str()), (503, "the store answers and cannot be written to"));
    }
    let placed = browser.post_json("/api/place_order", &crate::app::order_request(None, 50_000)).await;
    assert_eq!((placed.status, placed.json()["code"].as_str()), (503, Some("UNAVAILABLE")), "{}", placed.body);
    assert!(browser.get(&order.page()).await.body.contains("결제를 완료했어요"), "receipts can be read");
    assert_eq!(toss.requests().len(), asked, "what cannot be claimed is not confirmed");
    assert_eq!(toss.ledger().len(), 1);

    program.limit_files_to("unlimited");
    until(&browser, "/health", |page| page.status == 200 && page.body == "ok").await;
    for (browser, order, url) in &shoppers {
        let back = browser.get(url).await;
        assert_eq!((back.status, back.location.as_deref()), (303, Some(order.page().as_str())), "the same address pays now");
        until(browser, &order.page(), |page| page.body.contains("결제를 완료했어요")).await;
        assert_eq!((charged(&toss, order), confirms(&toss, order).len()), (vec![50_000], 1));
    }
    assert!(program.child.try_wait().unwrap().is_none(), "it is the same process");
    program.interrupt();
    assert_eq!(program.ended().await.code(), Some(0));
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_hung_when_the_server_was_stopped_is_taken_up_by_the_next_at_once() {
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let toss = sandbox.control();
    let mut program = Program::start(folder.path(), &sandbox).await;
    let mut shoppers = Vec::new();
    for fault in [Fault::TimeoutBefore, Fault::TimeoutAfter] {
        let (browser, order) = ordered(&program).await;
        let url = approve(&toss, &order);
        toss.fault(fault, Scope::order(Endpoint::Confirm, &order.id), Times::Once).unwrap();
        let back = browser.get(&url).await;
        assert_eq!((back.status, back.location.as_deref()), (303, Some(order.page().as_str())));
        assert!(browser.get(&order.page()).await.body.contains("결제를 확인 중이에요"));
        shoppers.push((browser, order, url));
    }
    toss.wait_for(|view| view.hung() == 2, DEADLINE).await.unwrap();

    program.interrupt();
    program.says("once more stops at once").await;
    assert!(program.child.try_wait().unwrap().is_none(), "it waits for what Toss says");
    let asked_again = Instant::now();
    program.interrupt();
    assert_eq!(program.ended().await.code(), Some(130));
    assert!(asked_again.elapsed() < DEADLINE / 2, "at once: {:?}", asked_again.elapsed());

    let program = Program::start(folder.path(), &sandbox).await;
    assert!(began.elapsed() < LEASE / 2, "whoever looks now has not waited for the lease to run out");
    for (browser, order, url) in &shoppers {
        let browser = browser.at(program.addr);
        let question = json!({"order_id": order.id});
        let known = async { while browser.post_json("/api/await_order", &question).await.json() != "Known" {} };
        timeout(DEADLINE, known).await.expect("it is taken up at once");
        assert!(browser.get(&order.page()).await.body.contains("결제를 완료했어요"));
        assert_eq!(browser.get(url).await.location.as_deref(), Some(order.page().as_str()), "who reloads is not charged again");
        assert_eq!(charged(&toss, order), [50_000]);
        let keys: Vec<_> = confirms(&toss, order).into_iter().map(|confirm| confirm.idempotency_key.unwrap()).collect();
        assert!(keys.iter().all(|key| *key == keys[0]), "the key of the first server: {keys:?}");
    }
    assert!(began.elapsed() < LEASE, "all of it took less than a lease");
    assert_eq!(confirms(&toss, &shoppers[0].1).len(), 2, "nothing had been charged, so it was asked again");
    assert_eq!(confirms(&toss, &shoppers[1].1).len(), 1, "what had been charged was looked up");

    // A server with nothing under way stops when asked to.
    let mut program = program;
    program.interrupt();
    assert_eq!(program.ended().await.code(), Some(0));
    sandbox.shutdown().await;
}
