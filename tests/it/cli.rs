//! The operator's commands: the real program, run beside a shop that serves. Calls are counted at its sandbox.

use crate::app::{Browser, DEADLINE, Order, TestApp};
use axum::Router;
use axum::http::StatusCode;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use toss_checkout::server::config::origin_of;
use toss_sandbox::{Endpoint, Fault, Method, OperatorRefund, Scope, Times};

/// What a command has answered.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        assert!(self.err.is_empty() || self.code != 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }

    /// The code for programs, of a complaint in JSON.
    pub fn complaint(&self) -> (i32, String) {
        let error: Value = serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err));
        assert!(error["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
        (self.code, error["error"]["code"].as_str().unwrap().to_owned())
    }
}

/// The program with the settings of that shop, whose files are in its folder.
pub struct Operator {
    folder: PathBuf,
    set: Vec<(&'static str, String)>,
}

impl Operator {
    pub fn of(app: &TestApp) -> Operator {
        let sandbox = origin_of(&app.ctx.toss.url).trim_start_matches("http://").to_owned();
        let set = vec![("DATABASE_URL", "sqlite://shop.db".to_owned()), ("SANDBOX_ADDR", sandbox), ("MAIL_TRANSPORT", "off".to_owned())];
        Operator { folder: app.folder().to_owned(), set }
    }

    pub fn set(mut self, name: &'static str, value: impl Into<String>) -> Operator {
        self.set.retain(|(known, _)| *known != name);
        self.set.push((name, value.into()));
        self
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_toss-checkout"));
        program.current_dir(&self.folder).env_clear().envs(self.set.iter().map(|(name, value)| (name, value)));
        program.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        program
    }

    pub async fn run(&self, words: &[&str]) -> Ran {
        let mut command = self.command(words);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ran = Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
        for never in ["\u{1b}", "panicked", toss_sandbox::SECRET_KEY, "3333"] {
            assert!(!ran.out.contains(never) && !ran.err.contains(never), "{words:?} shows {never:?}: {} {}", ran.out, ran.err);
        }
        assert_eq!(ran.code == 0, ran.err.is_empty(), "{words:?}: {} {}", ran.code, ran.err);
        ran
    }

    pub async fn json(&self, words: &[&str]) -> Ran {
        self.run(&[words, &["--json"]].concat()).await
    }
}

pub async fn paid(app: &TestApp) -> (Browser, Order, String) {
    let (browser, order) = app.order().await;
    let key = app.approve(&order);
    browser.follow(&order.success(&key)).await;
    app.told().await;
    (browser, order, key)
}

pub fn cancels(app: &TestApp) -> usize {
    app.sandbox.requests().iter().filter(|request| request.path.ends_with("/cancel")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_are_listed_and_shown_without_asking_toss() {
    let app = TestApp::start().await;
    let (_, order, key) = paid(&app).await;
    let (_, open) = app.order().await;
    let (operator, asked) = (Operator::of(&app), app.sandbox.requests().len());

    let list = operator.run(&["orders", "list"]).await;
    let rows: Vec<&str> = list.out.lines().collect();
    assert_eq!((list.code, rows.len()), (0, 3), "{}", list.out);
    assert!(rows[0].starts_with("ORDER ") && rows[1].starts_with(&open.id) && rows[2].starts_with(&order.id), "newest first: {}", list.out);
    assert!(rows[2].contains(" paid ") && rows[2].contains("₩50,000") && rows[2].contains("(Korean time)") && rows[2].ends_with("김**"));
    let listed = operator.json(&["orders", "list", "--status", "paid", "--limit", "5"]).await.json();
    assert_eq!(listed["orders"].as_array().unwrap().len(), 1);
    let listed = &listed["orders"][0];
    for (name, value) in [
        ("orderId", order.id.as_str()),
        ("status", "paid"),
        ("currency", "KRW"),
        ("total", "50000"),
        ("paid", "50000"),
        ("refunded", "0"),
        ("refundable", "50000"),
    ] {
        assert_eq!(listed[name], value, "{listed}");
    }

    let shown = operator.run(&["orders", "show", &order.id]).await;
    for text in ["김**, m*****@example.com, 010****5678", "a payment came back, and its confirm was begun: ₩50,000", "paid: 카드"] {
        assert!(shown.out.contains(text), "{text}: {}", shown.out);
    }
    let korean = operator.run(&["--lang", "ko", "orders", "show", &order.id]).await;
    assert!(korean.out.contains("결제 완료") && korean.out.contains("50,000원") && korean.out.contains("있었던 일"), "{}", korean.out);
    let document = operator.json(&["orders", "show", &order.id]).await;
    let events: Vec<Value> = document.json()["events"].as_array().unwrap().iter().map(|event| event["event"].clone()).collect();
    assert_eq!(events, ["confirm_started", "confirm_ended"]);
    for said in [&shown, &korean, &document] {
        for private in [key.as_str(), "김토스", "member@", "01012345678"] {
            assert!(!said.out.contains(private), "{private}: {}", said.out);
        }
    }
    let missing = operator.json(&["orders", "show", "V1StGXR8_Z5jdHi6B-myT"]).await;
    assert_eq!((missing.complaint(), missing.out.as_str()), ((1, "order_not_found".to_owned()), ""));
    assert_eq!(app.sandbox.requests().len(), asked);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_asks_toss_once_and_brings_the_order_up_to_date() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    let (_, order, key) = paid(&app).await;
    let asked = app.sandbox.requests().len();
    assert_eq!(operator.json(&["orders", "check", &order.id]).await.json()["cameOfIt"], "nothing_new");
    assert_eq!(app.sandbox.requests().len(), asked + 1);
    app.sandbox.fault(Fault::ErrorBefore, Scope::order(Endpoint::Lookup, &order.id), Times::Always).unwrap();
    assert_eq!(operator.json(&["orders", "check", &order.id]).await.complaint(), (4, "toss_unreachable".to_owned()));
    app.sandbox.clear_faults();
    app.sandbox.refund(&key, OperatorRefund::part(5_000)).unwrap();
    let checked = operator.json(&["orders", "check", &order.id]).await.json();
    assert_eq!((&checked["cameOfIt"], &checked["order"]["refunded"]), (&"changed".into(), &"5000".into()));

    // Charged, and the answer was lost; then not charged at all.
    let (browser, lost) = app.order().await;
    app.sandbox.fault(Fault::ErrorAfter, Scope::order(Endpoint::Confirm, &lost.id), Times::Once).unwrap();
    browser.get(&lost.success(&app.approve(&lost))).await;
    let checked = operator.run(&["orders", "check", &lost.id]).await;
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert!(checked.out.starts_with("Toss knew more") && checked.out.contains("paid"), "{}", checked.out);
    let (browser, waits) = app.order().await;
    app.sandbox.fault(Fault::ErrorBefore, Scope::order(Endpoint::Confirm, &waits.id), Times::Once).unwrap();
    browser.get(&waits.success(&app.approve(&waits))).await;
    let confirms = app.confirms().len();
    let checked = operator.json(&["orders", "check", &waits.id]).await;
    assert_eq!(checked.complaint(), (3, "in_doubt".to_owned()));
    assert_eq!(checked.json()["cameOfIt"], "undecided");
    assert_eq!((app.confirms().len(), app.charged(&waits)), (confirms, vec![]), "a check confirms nothing");
    app.work().await;

    let (_, open) = app.order().await;
    let asked = app.sandbox.requests().len();
    assert_eq!(operator.json(&["orders", "check", &open.id]).await.json()["cameOfIt"], "nothing_to_ask");
    assert_eq!(operator.json(&["orders", "check", "no-such-order"]).await.complaint(), (1, "order_not_found".to_owned()));
    assert_eq!(app.sandbox.requests().len(), asked);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_given_back_and_then_the_rest_and_never_more() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    let (browser, order, _) = paid(&app).await;
    let part = operator.json(&["refund", &order.id, "--amount", "20000", "--reason", "한 벌 반품"]).await;
    let part = part.json();
    assert_eq!((&part["refund"]["status"], &part["refund"]["amount"]), (&"done".into(), &"20000".into()), "{part}");
    assert_eq!((&part["refund"]["reason"], &part["order"]["refundable"]), (&"한 벌 반품".into(), &"30000".into()), "{part}");
    assert_eq!((cancels(&app), app.balance(&order.id)), (1, 30_000));
    assert!(browser.get(&order.page()).await.body.contains("한 벌 반품"), "the shop that runs shows it");

    let too_much = operator.json(&["refund", &order.id, "--amount", "30001"]).await;
    assert_eq!(too_much.complaint(), (1, "amount_too_much".to_owned()));
    let korean = operator.run(&["refund", &order.id, "--amount", "30001", "--lang", "ko"]).await;
    assert_eq!((korean.code, korean.err.as_str()), (1, "오류: --amount: 남은 금액보다 많아요. 30,000원까지 환불할 수 있어요.\n"));
    let rest = operator.run(&["refund", &order.id]).await;
    assert!(rest.code == 0 && rest.out.starts_with("₩30,000 refunded."), "{} {}", rest.out, rest.err);
    assert_eq!(operator.json(&["refund", &order.id]).await.complaint(), (1, "nothing_left".to_owned()));
    assert_eq!((cancels(&app), app.balance(&order.id)), (2, 0));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_wrong_is_named_and_changes_nothing() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    let (_, order, _) = paid(&app).await;
    let (_, open) = app.order().await;
    let history = app.history(&order).await;
    for (words, code, field, exit) in [
        (&["--amount", "0"][..], "amount_zero", "--amount", 2),
        (&["--amount", "-1"], "amount_negative", "--amount", 2),
        (&["--amount=-1"], "amount_negative", "--amount", 2),
        (&["--amount", "0.5"], "amount_fraction", "--amount", 2),
        (&["--amount", "1,000"], "amount_malformed", "--amount", 2),
        (&["--amount", "10 USD"], "other_currency", "--amount", 1),
        (&["--amount", "100", "--tax-free", "101"], "tax_free_too_much", "--tax-free", 1),
        (&["--reason", " "], "reason_malformed", "--reason", 2),
        (&["--account", "88:3333012345x:김토스"], "account_number_malformed", "--account", 2),
        (&["--account", "99:33330123456:김토스"], "bank_unknown", "--account", 2),
        (&["--account", "88:33330123456"], "account_malformed", "--account", 2),
        (&["--account", "88:33330123456:김토스"], "account_not_wanted", "--account", 1),
    ] {
        let ran = operator.json(&[&["refund", &order.id], words].concat()).await;
        assert_eq!(ran.complaint(), (exit, code.to_owned()), "{words:?}");
        assert_eq!(serde_json::from_str::<Value>(&ran.err).unwrap()["error"]["field"], field, "{words:?}");
        assert_eq!(ran.out, "", "{words:?}");
    }
    assert_eq!(operator.json(&["refund", &open.id]).await.complaint(), (1, "not_refundable".to_owned()));
    for id in ["V1StGXR8_Z5jdHi6B-myT", "?", ""] {
        assert_eq!(operator.json(&["refund", id]).await.complaint(), (1, "order_not_found".to_owned()), "{id:?}");
    }
    assert_eq!((cancels(&app), app.history(&order).await), (0, history));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deposit_goes_back_to_an_account_that_is_shown_nowhere() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    let (browser, order) = app.order().await;
    let key = app.approve_by(&order, Method::VirtualAccount);
    browser.follow(&order.success(&key)).await;
    app.told().await;
    let waiting = operator.json(&["orders", "show", &order.id]).await.json();
    assert_eq!(waiting["order"]["status"], "awaiting_deposit");
    assert!(waiting["order"]["depositDue"].as_str().is_some_and(|due| due.ends_with("+09:00")), "{waiting}");
    assert!(operator.run(&["orders", "show", &order.id]).await.out.contains("Deposit by"));
    assert_eq!(operator.json(&["refund", &order.id, "--amount", "1000"]).await.complaint(), (1, "part_of_nothing".to_owned()));
    app.sandbox.deposit(&key).unwrap();
    let checked = operator.json(&["orders", "check", &order.id]).await.json();
    assert_eq!((&checked["cameOfIt"], &checked["order"]["status"]), (&"changed".into(), &"paid".into()));

    assert_eq!(operator.json(&["refund", &order.id]).await.complaint(), (1, "account_missing".to_owned()));
    let account = ["--account", "신한은행:3333-01-23456:김예금"];
    let refunded = operator.json(&[&["refund", &order.id, "--amount", "20000"], &account[..]].concat()).await;
    assert_eq!(refunded.json()["order"]["status"], "partly_refunded");
    let shown = operator.run(&["orders", "show", &order.id]).await;
    assert!(!shown.out.contains("김예금") && !shown.out.contains("3333"), "{}", shown.out);
    assert_eq!((cancels(&app), app.balance(&order.id)), (1, 30_000));

    let from_stdin = ["refund", &order.id, "--account", "-", "--json"];
    assert_eq!(operator.run(&from_stdin).await.complaint(), (2, "account_malformed".to_owned()), "nobody has typed anything");
    let (mut command, file) = (operator.command(&from_stdin), app.folder().join("account"));
    std::fs::write(&file, "88:33330123456:김예금\n").unwrap();
    command.stdin(std::fs::File::open(file).unwrap());
    let ended = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!((cancels(&app), app.balance(&order.id)), (2, 0));
    app.advance(Duration::from_secs(130));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_in_doubt_ends_with_its_own_code_and_the_server_resolves_it() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    let (_, order, _) = paid(&app).await;
    app.sandbox.fault(Fault::ErrorBefore, Scope::order(Endpoint::Cancel, &order.id), Times::Always).unwrap();
    let doubtful = operator.json(&["refund", &order.id, "--amount", "20000"]).await;
    assert_eq!(doubtful.complaint(), (3, "in_doubt".to_owned()));
    assert_eq!(doubtful.json()["refund"]["status"], "in_doubt");
    let sent = cancels(&app);
    assert_eq!(operator.json(&["refund", &order.id]).await.complaint(), (1, "refund_under_way".to_owned()));
    assert_eq!(operator.json(&["orders", "check", &order.id]).await.complaint(), (3, "in_doubt".to_owned()));
    assert_eq!(cancels(&app), sent, "nothing is sent while nobody knows");

    app.sandbox.clear_faults();
    app.advance(Duration::from_secs(20));
    app.work().await;
    let shown = operator.json(&["orders", "show", &order.id]).await.json();
    assert_eq!((&shown["order"]["status"], &shown["refunds"][0]["status"]), (&"partly_refunded".into(), &"done".into()));
    assert_eq!(app.balance(&order.id), 30_000);
    app.finish().await;
}

/// A merchant's system that answers with that status.
async fn merchant(status: &Arc<AtomicU16>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/orders", listener.local_addr().unwrap());
    let status = status.clone();
    let answer = move || async move { StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap() };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_commands_are_told_and_what_was_given_up_is_replayed() {
    let status = Arc::new(AtomicU16::new(200));
    let (url, secret) = (merchant(&status).await, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let app = TestApp::start_set(&[("ORDER_WEBHOOK_URL", &url), ("ORDER_WEBHOOK_SECRET", secret)]).await;
    let operator = Operator::of(&app).set("ORDER_WEBHOOK_URL", &url).set("ORDER_WEBHOOK_SECRET", secret);
    let (_, order, _) = paid(&app).await;
    assert_eq!(operator.json(&["outbox", "list"]).await.json()["messages"], Value::Array(vec![]), "all of it is delivered");

    status.store(410, Ordering::SeqCst);
    operator.json(&["refund", &order.id, "--amount", "20000"]).await.json();
    let waiting = operator.json(&["outbox", "list"]).await.json();
    let message = &waiting["messages"][0];
    assert_eq!((&message["type"], &message["status"]), (&"order.refunded".into(), &"waiting".into()), "{waiting}");
    assert_eq!(message["orderId"], order.id.as_str());
    app.told().await;
    let dead = operator.json(&["outbox", "list", "--dead"]).await.json();
    assert_eq!((&dead["messages"][0]["id"], &dead["messages"][0]["status"]), (&message["id"], &"dead".into()), "{dead}");
    assert!(operator.run(&["orders", "show", &order.id]).await.out.contains("given up"));

    let id = message["id"].as_str().unwrap();
    assert_eq!(operator.json(&["outbox", "replay", "msg_of_nobody"]).await.complaint(), (1, "message_not_found".to_owned()));
    for words in [&["outbox", "replay", id][..], &["outbox", "replay", "--all"]] {
        assert_eq!(operator.json(words).await.json()["replayed"], 1, "{words:?}");
        app.told().await;
        assert!(operator.run(&["outbox", "list"]).await.out.contains("given up"), "answered 410 once more");
    }
    status.store(204, Ordering::SeqCst);
    assert_eq!(operator.json(&["outbox", "replay", id]).await.json()["replayed"], 1);
    app.told().await;
    assert_eq!(operator.run(&["outbox", "list"]).await.out, "No message waits, and none was given up.\n");
    assert_eq!(operator.json(&["outbox", "replay", "--all"]).await.json()["replayed"], 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_command_line_and_wrong_settings_are_told_apart() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    let (_, order, _) = paid(&app).await;
    for words in [
        &["orders"][..],
        &["orders", "list", "--nonsense"],
        &["orders", "list", "--status", "sold"],
        &["orders", "list", "--limit", "0"],
        &["refund"],
        &["outbox", "replay"],
        &["outbox", "replay", "msg_1", "--all"],
        &["serve"],
        &[],
    ] {
        assert_eq!(operator.json(words).await.complaint(), (2, "usage".to_owned()), "{words:?}");
    }
    let helped = operator.run(&["--help"]).await;
    assert!(helped.code == 0 && helped.out.contains("Exit codes"), "{}", helped.out);
    let korean = Operator::of(&app).set("LANG", "ko_KR.UTF-8").run(&["refund", "--help"]).await;
    assert!(korean.out.contains("은행:계좌번호:예금주"), "{}", korean.out);

    let check = ["orders", "check", &order.id];
    let closed = Operator::of(&app).set("SANDBOX_ADDR", "127.0.0.1:1");
    assert_eq!(closed.json(&check).await.complaint(), (4, "server_not_running".to_owned()));
    assert_eq!(closed.run(&["orders", "list"]).await.code, 0, "which Toss is not needed for");
    let absent = Operator::of(&app).set("DATABASE_URL", "sqlite://absent.db");
    assert_eq!(absent.json(&["orders", "list"]).await.complaint(), (4, "store_unreachable".to_owned()));
    assert!(!app.folder().join("absent.db").exists(), "a command makes no database");
    let [client, secret] = toss_sandbox::DOCS_WIDGET_PAIR;
    let stranger = Operator::of(&app).set("TOSS_CLIENT_KEY", client).set("TOSS_SECRET_KEY", secret);
    assert_eq!(stranger.json(&["orders", "list"]).await.complaint(), (2, "settings".to_owned()), "another kind of money");
    assert_eq!(Operator::of(&app).set("LOG", "nonsense").json(&["orders", "list"]).await.complaint(), (2, "settings".to_owned()));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_no_further_is_no_error_and_a_full_disk_is() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app);
    app.order().await;
    let mut command = operator.command(&["orders", "list"]);
    let ended = tokio::task::spawn_blocking(move || {
        let mut running = command.spawn().unwrap();
        drop(running.stdout.take());
        running.wait_with_output().unwrap()
    });
    let ended = tokio::time::timeout(DEADLINE, ended).await.unwrap().unwrap();
    assert_eq!((ended.status.code(), ended.stderr), (Some(0), vec![]));
    #[cfg(target_os = "linux")]
    {
        let mut command = operator.command(&["orders", "list"]);
        command.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let ended = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.code() == Some(4) && said.starts_with("error: the answer could not be written"), "{said}");
    }
    app.finish().await;
}
