//! The shop, started for one test, and a browser that visits it.

use leptos::config::LeptosOptions;
use payment_engine::OrderRecord;
use payment_engine::clock::{Clock, SystemClock};
use payment_engine::order::State;
use payment_engine::store::{Options, Sqlite};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use toss_checkout::server::Server;
use toss_checkout::server::config::Config;
use toss_checkout::server::http::context::Context;
use toss_sandbox::{Control, DeliveryState, Method, NewPayment, RequestRecord, Sandbox};
use toss_types::OrderId;

/// Longer than anything here takes on the slowest machine; reached only by a test that fails.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// The machine's clock, set forward by the test.
#[derive(Default)]
struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::SeqCst)
    }
}

/// A running shop. A test ends with [`TestApp::finish`], which holds the shop's books against the sandbox's ledger.
pub struct TestApp {
    pub ctx: Context,
    pub sandbox: Control,
    pub addr: SocketAddr,
    pub metrics: Option<SocketAddr>,
    clock: Arc<TestClock>,
    http: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    running: Option<(JoinHandle<()>, Sandbox)>,
    folder: tempfile::TempDir,
    finished: bool,
}

impl TestApp {
    pub async fn start() -> TestApp {
        TestApp::start_set(&[]).await
    }

    pub async fn start_with(site: LeptosOptions) -> TestApp {
        TestApp::launch(site, &[]).await
    }

    /// With those settings besides. Nobody is mailed unless they say so.
    pub async fn start_set(settings: &[(&str, &str)]) -> TestApp {
        let site = LeptosOptions::builder().output_name("toss-checkout").site_root("target/site");
        TestApp::launch(site.site_addr(SocketAddr::from(([127, 0, 0, 1], 0))).build(), settings).await
    }

    async fn launch(site: LeptosOptions, settings: &[(&str, &str)]) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}/shop.db", folder.path().display());
        let config = Config::read(|name| match name {
            "SANDBOX_ADDR" => Some("127.0.0.1:0".to_owned()),
            name => {
                let set = settings.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
                let set = set.or_else(|| (name == "DATABASE_URL").then(|| database.clone()));
                // What goes on by itself would be counted.
                set.or_else(|| ["MAIL_TRANSPORT", "BOOKS_EVERY_MINUTES"].contains(&name).then(|| "off".to_owned()))
            }
        });
        let clock = Arc::new(TestClock::default());
        let mut server = Server::bind(config.unwrap(), site, Some(clock.clone())).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ctx, addr, metrics) = (server.context.clone(), server.addr, server.metrics_addr);
        let sandbox = server.sandbox.take().unwrap();
        let control = sandbox.control();
        let served = tokio::spawn(server.run(false, async {
            let _ = stopped.await;
        }));
        let http = client();
        TestApp {
            ctx,
            sandbox: control,
            addr,
            metrics,
            clock,
            http,
            stop: Some(stop),
            running: Some((served, sandbox)),
            folder,
            finished: false,
        }
    }

    pub fn browser(&self) -> Browser {
        Browser { http: self.http.clone(), base: format!("http://{}", self.addr), cookies: Mutex::default() }
    }

    /// A browser that has opened the order sheet and pressed the pay button.
    pub async fn order(&self) -> (Browser, Order) {
        let browser = self.browser();
        browser.get("/checkout").await;
        let order = browser.place(None).await;
        (browser, order)
    }

    /// What the sandbox's window does when the shopper approves.
    pub fn approve(&self, order: &Order) -> String {
        self.approve_by(order, Method::Card)
    }

    pub fn approve_by(&self, order: &Order, method: Method) -> String {
        let payment = NewPayment { method, ..NewPayment::new(&order.id, &order.name, order.amount) };
        self.sandbox.authenticate(payment).unwrap().payment_key
    }

    pub fn confirms(&self) -> Vec<RequestRecord> {
        self.sandbox.requests().into_iter().filter(|request| request.method == "POST").collect()
    }

    /// How much the sandbox has charged for that order, charge by charge.
    pub fn charged(&self, order: &Order) -> Vec<i64> {
        self.sandbox.charges(&order.id).iter().map(|charge| charge.amount.get()).collect()
    }

    /// Where the shop keeps its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database, past the engine.
    pub async fn store(&self) -> Sqlite {
        Sqlite::open(&Options::at(self.folder.path().join("shop.db"))).await.unwrap()
    }

    pub async fn record(&self, id: &str) -> OrderRecord {
        self.ctx.engine.order(&OrderId::parse(id).unwrap()).await.unwrap().unwrap()
    }

    pub async fn state(&self, order: &Order) -> State {
        self.record(&order.id).await.state
    }

    /// The names of everything that happened to the order.
    pub async fn history(&self, order: &Order) -> Vec<String> {
        let events = self.ctx.engine.events(&OrderId::parse(&order.id).unwrap()).await.unwrap();
        let name = |event: &Value| event["outcome"]["outcome"].as_str().or(event["event"].as_str()).unwrap().to_owned();
        events.iter().map(|record| name(&serde_json::to_value(&record.event).unwrap())).collect()
    }

    /// Waits for an outcome of the order's payment.
    pub async fn decided(&self, order: &Order) -> State {
        let record = self.ctx.engine.decided(&OrderId::parse(&order.id).unwrap(), DEADLINE).await;
        record.unwrap().unwrap().state
    }

    pub fn advance(&self, by: Duration) {
        self.clock.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
        self.sandbox.advance(by);
    }

    /// One round of the work that goes on by itself.
    pub async fn work(&self) -> usize {
        self.ctx.engine.work_once().await.unwrap()
    }

    /// What the sandbox tells has arrived, and everything that follows from it has been done.
    pub async fn told(&self) {
        let is_over = |state: &DeliveryState| !matches!(state, DeliveryState::Waiting { .. } | DeliveryState::Sending);
        self.sandbox.wait_for(|view| view.webhooks().all(|webhook| is_over(&webhook.state)), DEADLINE).await.unwrap();
        while self.work().await > 0 {}
    }

    /// Ends the shop. The balance of every order at the sandbox is what the shop says was paid less what it says was refunded, no
    /// payment is left in doubt, no refund is under way, no webhook waits, what is taken of the stock is held by
    /// orders, and no message is dead: a test that leaves an outcome
    /// unexplained fails.
    pub async fn finish(mut self) {
        for payment in self.sandbox.payments() {
            let Ok(id) = OrderId::parse(&payment.order_id) else { continue };
            let Some(record) = self.ctx.engine.order(&id).await.unwrap() else { continue };
            assert!(record.state.undecided().is_none(), "left in doubt: {:?}", record.state);
        }
        // A shop without payments has nothing to do, and may have no store by now.
        if !self.sandbox.payments().is_empty() {
            self.balances().await;
        }
        self.stop.take().unwrap().send(()).unwrap();
        let (served, sandbox) = self.running.take().unwrap();
        tokio::time::timeout(DEADLINE, served).await.expect("the server stops when asked to").unwrap();
        sandbox.shutdown().await;
        assert!(self.folder.path().exists());
        self.finished = true;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        assert!(self.finished || std::thread::panicking(), "a test has to end with finish()");
    }
}

/// The tests speak plain http; without this, building a client reads every root certificate of the machine.
fn no_tls() -> rustls::ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).tls_backend_preconfigured(no_tls()).build().unwrap()
}

/// An order as the page knows it.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: String,
    pub name: String,
    pub amount: i64,
}

impl Order {
    /// Where Toss sends the browser.
    pub fn success(&self, payment_key: &str) -> String {
        format!("/success?paymentType=NORMAL&orderId={}&paymentKey={payment_key}&amount={}", self.id, self.amount)
    }

    pub fn page(&self) -> String {
        format!("/orders/{}", self.id)
    }
}

/// What a browser got.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Page {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}

/// Keeps cookies and follows nothing.
pub struct Browser {
    http: reqwest::Client,
    base: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    /// As a browser goes to an address.
    pub async fn get(&self, path: &str) -> Page {
        self.get_with(path, ("sec-fetch-mode", "navigate")).await
    }

    pub async fn get_with(&self, path: &str, header: (&str, &str)) -> Page {
        self.request("GET", path, &[header], "").await
    }

    /// A browser of another server than a [`TestApp`]'s.
    pub fn of(addr: SocketAddr) -> Browser {
        Browser { http: client(), base: format!("http://{addr}"), cookies: Mutex::default() }
    }

    /// The same browser when the shop has moved.
    pub fn at(&self, addr: SocketAddr) -> Browser {
        Browser { cookies: Mutex::new(self.cookies.lock().unwrap().clone()), ..Browser::of(addr) }
    }

    /// Any request, with those headers and no others but cookies.
    pub async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Page {
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.base)).body(body);
        self.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    }

    /// As a browser goes to an address, and on to where it is led: the pages on the way, and the path of the last.
    pub async fn follow(&self, path: &str) -> (String, Vec<Page>) {
        let (mut path, mut pages) = (path.to_owned(), Vec::new());
        loop {
            assert!(pages.len() < 8, "led on and on: {path}");
            let page = self.get(&path).await;
            let on = page.location.clone();
            pages.push(page);
            match on {
                Some(on) => path = on,
                None => return (path, pages),
            }
        }
    }

    /// Without that cookie.
    pub fn forget(&self, name: &str) {
        self.cookies.lock().unwrap().remove(name).expect("the browser had that cookie");
    }

    pub fn remember(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub fn has_cookie(&self, name: &str) -> bool {
        self.cookies.lock().unwrap().contains_key(name)
    }

    pub async fn post(&self, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> Page {
        self.send(self.http.post(format!("{}{path}", self.base)).header("content-type", kind).body(body)).await
    }

    pub async fn post_json(&self, path: &str, body: &Value) -> Page {
        self.post(path, "application/json", body.to_string()).await
    }

    pub async fn post_from(&self, path: &str, origin: &str, body: &Value) -> Page {
        let request = self.http.post(format!("{}{path}", self.base)).header("content-type", "application/json").header("origin", origin);
        self.send(request.body(body.to_string())).await
    }

    /// Places the demo order.
    pub async fn place(&self, coupon: Option<&str>) -> Order {
        let total = if coupon.is_some() { 45_000 } else { 50_000 };
        let page = self.post_json("/api/place_order", &order_request(coupon, total)).await;
        let placed = page.json()["Placed"].clone();
        assert!(placed.is_object(), "not placed: {} {}", page.status, page.body);
        Order {
            id: placed["order_id"].as_str().unwrap().to_owned(),
            name: placed["order_name"].as_str().unwrap().to_owned(),
            amount: placed["amount"].as_i64().unwrap(),
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for set in response.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        Page {
            status: response.status().as_u16(),
            location: response.headers().get("location").map(|location| location.to_str().unwrap().to_owned()),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }
}

/// The demo cart, as the page sends it.
pub fn order_request(coupon: Option<&str>, expected_total: i64) -> Value {
    json!({
        "cart": {
            "items": [{"id": "tshirt", "quantity": 1}, {"id": "mug", "quantity": 1}, {"id": "socks", "quantity": 1}],
            "coupon": coupon,
        },
        "customer": {"name": "김토스", "email": "member@example.com", "phone": "010-1234-5678"},
        "expected_total": expected_total,
        "lang": "ko",
    })
}
