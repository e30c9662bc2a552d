//! The program itself, started with settings that are wrong: it says in one line what to set, shows no value, and ends.

use crate::app::{Browser, DEADLINE};
use leptos::config::LeptosOptions;
use payment_engine::AccountError;
use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use toss_checkout::server::config::Config;
use toss_checkout::server::{Server, StartError};
use toss_sandbox::{DOCS_WIDGET_PAIR, Endpoint, Fault, NewPayment, Sandbox, Scope, Times};

/// Stands in every value, and must not be seen.
const HIDDEN: &str = "hunter2";
const KEYS: &str = "TOSS_CLIENT_KEY=test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm\nTOSS_SECRET_KEY=test_gsk_hunter2";

/// What the program says on standard error until it ends.
fn fail(folder: &Path, dotenv: &[u8], environment: &[(&str, &OsStr)]) -> String {
    fs::write(folder.join(".env"), dotenv).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_toss-checkout"));
    program.current_dir(folder).env_clear().env("LEPTOS_SITE_ADDR", "127.0.0.1:0").env("SANDBOX_ADDR", "127.0.0.1:0");
    program.envs(environment.iter().copied()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut running = program.spawn().unwrap();
    let mut stderr = running.stderr.take().unwrap();
    let (told, heard) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let read = stderr.read_to_end(&mut text);
        let _ = told.send(read.map(|_| text));
    });
    let Ok(said) = heard.recv_timeout(DEADLINE) else {
        running.kill().unwrap();
        running.wait().unwrap();
        panic!("it started with {}", String::from_utf8_lossy(dotenv));
    };
    let said = String::from_utf8(said.unwrap()).unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(1), "{said}");
    assert!(!said.contains(HIDDEN), "{said}");
    said
}

/// The one line.
fn refused(dotenv: &[u8], environment: &[(&str, &OsStr)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let said = fail(folder.path(), dotenv, environment);
    assert!(said.starts_with("error: ") && said.lines().count() == 1, "{said}");
    said
}

#[test]
fn a_slip_in_the_file_is_told_by_its_line() {
    for (dotenv, told) in [
        (format!("{KEYS} (old)\n"), ".env, line 2, TOSS_SECRET_KEY"),
        ("# the shop\n\nSESSION_SECRET=\"hunter2\nLOG=info\n".to_owned(), ".env, line 3, SESSION_SECRET"),
        ("hunter2\n".to_owned(), ".env, line 1"),
        ("SESSION_SECRET=hunter2\nSESSION_SECRET=hunter2\n".to_owned(), "SESSION_SECRET twice"),
        ("\u{feff}LOG=hunter2\n".to_owned(), "LOG is not a level"),
        ("LOG=warn\n\u{feff}LOG=hunter2\n".to_owned(), ".env, line 2"),
    ] {
        let said = refused(dotenv.as_bytes(), &[]);
        assert!(said.contains(told), "{dotenv:?} -> {said}");
    }
    let said = refused(b"LOG=info\nSESSION_SECRET=hunter2\xff\n", &[]);
    assert!(said.contains(".env, line 2"), "{said}");
}

#[test]
fn a_wrong_value_is_told_by_its_name() {
    for (name, value) in [
        ("PUBLIC_URL", "https://user:hunter2@shop.example"),
        ("PUBLIC_URL", "https://shop.example?hunter2"),
        ("DATABASE_URL", "postgres://shop:hunter2@db:port/shop"),
        ("DATABASE_URL", "sqlite://data/shop.db?key=hunter2"),
        ("SESSION_SECRET", "hunter2"),
        ("CONFIRM_API_KEY", "hunter2"),
        ("SANDBOX_ADDR", "hunter2"),
        ("METRICS_ADDR", "hunter2"),
        ("LOG", "hunter2"),
        ("LEPTOS_SITE_ADDR", "hunter2"),
        ("LEPTOS_RELOAD_PORT", "hunter2"),
        ("LEPTOS_HASH_FILES", "hunter2"),
        ("LEPTOS_ENV", "hunter2"),
        ("LEPTOS_SITE_PKG_DIR", "{hunter2"),
        ("LEPTOS_OUTPUT_NAME", "hunter2/x"),
        ("TOSS_SAME_ACCOUNT", "hunter2"),
        ("DATABASE_URL", "sqlite://file:hunter2/shop.db"),
    ] {
        let said = refused(b"", &[(name, value.as_ref())]);
        assert!(said.contains(name), "{name}={value} -> {said}");
    }
    for (name, value, instead) in [("LEPTOS_SITE_PKG_DIR", "api", "pkg"), ("SANDBOX_ADDR", "[::1]:0", "127.0.0.1")] {
        let said = refused(b"", &[(name, value.as_ref())]);
        assert!(said.contains(name) && said.contains(instead), "{name}={value} -> {said}");
    }
    // Whether a file's value was wrong or the environment's, the name is the same.
    assert!(refused(format!("{KEYS}\nTOSS_SDK=hunter2").as_bytes(), &[]).contains("TOSS_SDK"));
}

#[cfg(unix)]
#[test]
fn a_value_that_is_no_text_is_told_by_its_name() {
    use std::os::unix::ffi::OsStrExt as _;
    let said = refused(b"", &[("SESSION_SECRET", OsStr::from_bytes(b"hunter2\xff"))]);
    assert!(said.contains("SESSION_SECRET in the environment is not UTF-8"), "{said}");
}

#[test]
fn a_database_that_has_to_be_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let environment = [("DATABASE_URL", "sqlite://shop.db?mode=rw".as_ref()), ("TOSS_SECRET_KYE", HIDDEN.as_ref())];
    let said = fail(folder.path(), b"", &environment);
    assert!(said.lines().any(|line| line.starts_with("error: ") && line.contains("DATABASE_URL")), "{said}");
    assert!(said.contains("TOSS_SECRET_KYE"), "what has no effect is told: {said}");
    assert_eq!(databases(folder.path()), Vec::<String>::new());
}

#[test]
fn a_query_is_no_part_of_the_file_name() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = taken.local_addr().unwrap().to_string();
    let environment = [("DATABASE_URL", "sqlite://shop.db?mode=rwc".as_ref()), ("LEPTOS_SITE_ADDR", site.as_ref())];
    let said = fail(folder.path(), b"", &environment);
    assert!(said.contains("LEPTOS_SITE_ADDR"), "{said}");
    assert_eq!(databases(folder.path()), ["shop.db"]);
}

#[cfg(unix)]
#[test]
fn what_others_can_read_is_no_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        path
    };
    let key = file("session.key", &[7; 32]);
    let database = [("DATABASE_URL", OsStr::new("sqlite://shop.db"))];
    let said = fail(folder.path(), b"", &database);
    assert!(said.contains("chmod 600 session.key") && said.lines().count() == 1, "{said}");

    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let orders = file("shop.db", b"");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = taken.local_addr().unwrap().to_string();
    let said = fail(folder.path(), b"", &[database[0], ("LEPTOS_SITE_ADDR", site.as_ref())]);
    assert!(said.contains("LEPTOS_SITE_ADDR") && said.contains("others could use shop.db"), "{said}");
    assert_eq!(fs::metadata(orders).unwrap().permissions().mode() & 0o777, 0o600);
}

/// A key of which Toss says nothing about the payments of before is taken only at the operator's word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operators_word_reaches_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(toss_sandbox::Config::default()).await.unwrap();
    let (database, toss) = (format!("sqlite://{}/shop.db", folder.path().display()), sandbox.url());
    let start = |[client_key, secret_key]: [&str; 2], word: &str| {
        let config = Config::read(|name| {
            let value = match name {
                "DATABASE_URL" => database.clone(),
                "TOSS_CLIENT_KEY" => client_key.to_owned(),
                "TOSS_SECRET_KEY" => secret_key.to_owned(),
                "TOSS_API_URL" => toss.clone(),
                "TOSS_WIDGET_URL" => format!("{toss}/v1/payment-widget"),
                "TOSS_SAME_ACCOUNT" => word.to_owned(),
                _ => return None,
            };
            Some(value)
        });
        let site = LeptosOptions::builder().output_name("toss-checkout").site_root("target/site");
        Server::bind(config.unwrap(), site.site_addr(([127, 0, 0, 1], 0)).build(), None)
    };
    let server = start([sandbox.client_key(), sandbox.secret_key()], "no").await.unwrap();
    let (addr, (stop, stopped)) = (server.addr, tokio::sync::oneshot::channel::<()>());
    let served = tokio::spawn(server.run(false, async {
        let _ = stopped.await;
    }));
    let browser = Browser::of(addr);
    browser.get("/checkout").await;
    let order = browser.place(None).await;
    let payment = sandbox.control().authenticate(NewPayment::new(&order.id, &order.name, order.amount)).unwrap();
    sandbox.control().fault(Fault::ErrorBefore, Scope::order(Endpoint::Confirm, &order.id), Times::Always).unwrap();
    browser.get(&order.success(&payment.payment_key)).await;
    stop.send(()).unwrap();
    tokio::time::timeout(DEADLINE, served).await.unwrap().unwrap();

    let refused = start(DOCS_WIDGET_PAIR, "no").await.err().expect("nothing vouches for that key");
    assert!(matches!(refused, StartError::Account(AccountError::Unproven { open_ends: 1, .. })), "{refused}");
    assert!(refused.to_string().contains("TOSS_SAME_ACCOUNT=yes"), "{refused}");
    assert!(start(DOCS_WIDGET_PAIR, "yes").await.is_ok());
    sandbox.shutdown().await;
}

fn databases(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter(|name| name.starts_with("shop.db") && !name.ends_with("-wal") && !name.ends_with("-shm")).collect();
    names.sort();
    names
}
