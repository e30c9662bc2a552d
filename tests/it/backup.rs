//! `toss-checkout backup` beside a shop that serves, and what becomes of orders when its file is put in the place of the database.
//! The sandbox is the test's, so that Toss goes on while the shop is restored.

use crate::app::{Browser, DEADLINE, Order};
use leptos::config::LeptosOptions;
use payment_engine::clock::{Clock, SystemClock};
use payment_engine::order::State;
use payment_engine::store::{FindingKind, FindingQuery};
use payment_engine::toss_payments::{CancelReason, Won};
use payment_engine::{Engine, RefundRequest};
use serde_json::Value;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use toss_checkout::server::Server;
use toss_checkout::server::config::Config;
use toss_sandbox::{ChargeKind, NewPayment, Sandbox};
use toss_types::OrderId;

/// The machine's clock, set forward by the test.
#[derive(Default)]
struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::SeqCst)
    }
}

/// A folder with a database, a sandbox, and now and then a server between them.
struct Shop {
    folder: tempfile::TempDir,
    sandbox: Sandbox,
    clock: Arc<TestClock>,
}

struct Serving {
    engine: Engine,
    addr: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Serving {
    async fn stop(self) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(DEADLINE, self.served).await.unwrap().unwrap();
    }

    async fn order(&self) -> (Browser, Order) {
        let browser = Browser::of(self.addr);
        browser.get("/checkout").await;
        let order = browser.place(None).await;
        (browser, order)
    }

    async fn refund(&self, order: &Order, won: Option<u32>) {
        let all = RefundRequest::new(CancelReason::parse("단순 변심").unwrap());
        let request = match won {
            Some(won) => all.amount(Won::of(won)),
            None => all,
        };
        self.engine.refund(&id(order), request, DEADLINE).await.unwrap();
    }

    async fn standing(&self, order: &Order) -> &'static str {
        self.engine.order(&id(order)).await.unwrap().unwrap().standing()
    }
}

fn id(order: &Order) -> OrderId {
    OrderId::parse(&order.id).unwrap()
}

impl Shop {
    async fn new() -> Shop {
        let sandbox = Sandbox::start(toss_sandbox::Config::default()).await.unwrap();
        Shop { folder: tempfile::tempdir().unwrap(), sandbox, clock: Arc::default() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DATABASE_URL", format!("sqlite://{}", self.path("shop.db").display())),
            ("TOSS_CLIENT_KEY", self.sandbox.client_key().to_owned()),
            ("TOSS_SECRET_KEY", self.sandbox.secret_key().to_owned()),
            ("TOSS_API_URL", self.sandbox.url()),
            ("TOSS_WIDGET_URL", format!("{}/v1/payment-widget", self.sandbox.url())),
            ("MAIL_TRANSPORT", "off".to_owned()),
            ("BOOKS_EVERY_MINUTES", "off".to_owned()),
        ]
    }

    async fn serve(&self) -> Serving {
        let settings = self.settings();
        let config = Config::read(|name| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()));
        let site = LeptosOptions::builder().output_name("toss-checkout").site_root("target/site").site_addr(([127, 0, 0, 1], 0));
        let server = Server::bind(config.unwrap(), site.build(), Some(self.clock.clone())).await.unwrap();
        let (engine, addr) = (server.context.engine.clone(), server.addr);
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(server.run(false, async {
            let _ = stopped.await;
        }));
        Serving { engine, addr, stop, served }
    }

    async fn pay(&self, browser: &Browser, order: &Order) {
        let payment = self.sandbox.control().authenticate(NewPayment::new(&order.id, &order.name, order.amount)).unwrap();
        let (_, pages) = browser.follow(&order.success(&payment.payment_key)).await;
        assert!(pages.last().unwrap().body.contains("결제를 완료했어요"));
    }

    async fn paid(&self, serving: &Serving) -> Order {
        let (browser, order) = serving.order().await;
        self.pay(&browser, &order).await;
        order
    }

    fn advance(&self, by: Duration) {
        self.clock.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
        self.sandbox.control().advance(by);
    }

    fn charged(&self, order: &Order) -> i64 {
        let charges = self.sandbox.control().ledger().into_iter().filter(|charge| charge.order_id == order.id);
        charges.map(|charge| if charge.kind == ChargeKind::Charge { charge.amount.get() } else { -charge.amount.get() }).sum()
    }

    /// `toss-checkout backup` with those words, started by that line of a shell.
    async fn back_up_by(&self, shell: &str, words: &[&str]) -> (i32, String, String) {
        let mut program = Command::new("sh");
        program.args(["-c", shell, env!("CARGO_BIN_EXE_toss-checkout"), "backup"]).args(words);
        program.current_dir(self.folder.path()).env_clear().envs(self.settings());
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    async fn back_up(&self, words: &[&str]) -> (i32, String, String) {
        self.back_up_by("exec \"$0\" \"$@\"", words).await
    }

    /// The exit code of a complaint, its code for programs, and what it says.
    async fn complaint(&self, file: &str) -> (i32, String, String) {
        let (code, out, err) = self.back_up(&[file, "--json"]).await;
        assert_eq!(out, "");
        complaint(code, &err)
    }
}

fn complaint(code: i32, err: &str) -> (i32, String, String) {
    let error = serde_json::from_str::<Value>(err).unwrap_or_else(|error| panic!("{error}: {err}"));
    let text = |name: &str| error["error"][name].as_str().unwrap().to_owned();
    (code, text("code"), text("message"))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_back_up_is_made_beside_the_server_restored_and_brought_up_to_date_by_the_books() {
    let shop = Shop::new().await;
    let serving = shop.serve().await;
    let (refunded, partly, untouched) = (shop.paid(&serving).await, shop.paid(&serving).await, shop.paid(&serving).await);
    let (browser, open) = serving.order().await;
    serving.engine.run_books().await.unwrap();
    let asked = shop.sandbox.control().requests().len();
    let (code, out, err) = shop.back_up(&["monday.db", "--json"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&told["file"], &told["orders"]), (&"monday.db".into(), &4.into()), "{told}");
    assert_eq!(told["bytes"], fs::metadata(shop.path("monday.db")).unwrap().len());
    assert!(told["milliseconds"].is_u64());
    assert_eq!(shop.sandbox.control().requests().len(), asked, "Toss is not asked");

    shop.pay(&browser, &open).await;
    serving.refund(&refunded, None).await;
    for _ in 0..2 {
        serving.refund(&partly, Some(10_000)).await;
    }
    let lost = shop.paid(&serving).await;
    serving.stop().await;

    // As the README says.
    for end in ["-wal", "-shm"] {
        drop(fs::remove_file(shop.path(&format!("shop.db{end}"))));
    }
    fs::copy(shop.path("monday.db"), shop.path("shop.db")).unwrap();
    let serving = shop.serve().await;
    assert_eq!((serving.standing(&open).await, serving.standing(&refunded).await), ("open", "paid"), "that of then");
    assert!(serving.engine.order(&id(&lost)).await.unwrap().is_none());
    shop.advance(Duration::from_secs(3 * 3_600));
    while serving.engine.work_once().await.unwrap() > 0 {}
    assert!(matches!(serving.engine.order(&id(&open)).await.unwrap().unwrap().state, State::Expired { .. }));
    serving.engine.run_books().await.unwrap();

    for (order, standing, left) in
        [(&open, "paid", 50_000), (&refunded, "refunded", 0), (&partly, "partly_refunded", 30_000), (&untouched, "paid", 50_000)]
    {
        assert_eq!((serving.standing(order).await, shop.charged(order)), (standing, left));
        let balance = serving.engine.order(&id(order)).await.unwrap().unwrap().balance();
        let known = balance.paid.unwrap().amount().checked_sub(balance.refunded).unwrap();
        assert_eq!(known.as_won().unwrap().get(), left, "{standing}");
    }
    let found = serving.engine.books_findings(&FindingQuery::open(10)).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|finding| (finding.kind, finding.order_id)).collect();
    assert_eq!(found, [(FindingKind::UnknownOrder, Some(id(&lost)))], "a person has to look at it");
    assert_eq!(shop.charged(&lost), 50_000, "and nobody has taken the money back meanwhile");
    serving.stop().await;
    shop.sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_back_up_needs_no_server_and_no_toss_and_says_what_stands_in_its_way() {
    let shop = Shop::new().await;
    assert_eq!(shop.complaint("early.db").await.1, "store_unreachable");
    assert!(names(shop.folder.path()).is_empty(), "neither is made");
    let serving = shop.serve().await;
    shop.paid(&serving).await;
    serving.stop().await;

    let (code, out, err) = shop.back_up(&["stopped.db"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("Backed up to stopped.db, and checked: 1 orders, ") && out.contains(" kB, "), "{out}");
    let (code, out, _) = shop.back_up(&["월요일.db", "--lang", "ko"]).await;
    assert!(code == 0 && out.starts_with("월요일.db에 백업하고 검사했어요. 주문 1건, "), "{out}");

    fs::write(shop.path(".cut.db.unfinished"), "").unwrap();
    let before = names(shop.folder.path());
    for (file, code, name) in [
        ("stopped.db", 1, "file_exists"),
        ("shop.db", 1, "file_exists"),
        ("cut.db", 1, "backup_under_way"),
        ("-", 2, "file_malformed"),
        ("", 2, "usage"),
        ("no-folder/monday.db", 4, "backup_failed"),
    ] {
        let told = shop.complaint(file).await;
        assert_eq!((told.0, told.1.as_str()), (code, name), "{file}: {}", told.2);
        assert!(name != "backup_under_way" || told.2.contains(".cut.db.unfinished"), "{}", told.2);
    }
    assert_eq!(names(shop.folder.path()), before);
    shop.sandbox.shutdown().await;
}

/// A file that may not grow longer stands for the disk.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_no_half_back_up_is_left() {
    let shop = Shop::new().await;
    let serving = shop.serve().await;
    shop.paid(&serving).await;
    let before = names(shop.folder.path());
    let limited = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let (code, out, err) = shop.back_up_by(limited, &["full.db", "--json"]).await;
    let told = complaint(code, &err);
    assert_eq!((out.as_str(), told.0, told.1.as_str()), ("", 4, "backup_failed"), "{}", told.2);
    assert!(told.2.starts_with("there is no back-up, and nothing is left of it: the store failed while writing the back-up"), "{}", told.2);
    assert_eq!(names(shop.folder.path()), before);
    let (code, ..) = shop.back_up(&["full.db"]).await;
    assert_eq!(code, 0, "once there is room");
    shop.paid(&serving).await;
    serving.stop().await;
    shop.sandbox.shutdown().await;
}
