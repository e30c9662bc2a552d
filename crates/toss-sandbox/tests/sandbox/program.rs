//! The program `toss-sandbox` as it is typed.

use std::process::Stdio;

use http_body_util::Full;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};
use toss_sandbox::{API_CLIENT_KEY, API_SECRET_KEY, CLIENT_KEY, Limits, SECRET_KEY};

use crate::support::{DEADLINE, basic, connect, exchange, try_send};

pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toss-sandbox"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The program, and what it has printed up to the line with `last`.
pub async fn started(arguments: &[&str], last: &str) -> (Child, Vec<String>) {
    let mut child = program(arguments).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = Vec::new();
    while !printed.iter().any(|line: &String| line.contains(last)) {
        printed.push(timeout(DEADLINE, lines.next_line()).await.unwrap().unwrap().unwrap());
    }
    (child, printed)
}

pub fn base(printed: &[String]) -> &str {
    printed.iter().find_map(|line| line.strip_prefix("  API base URL")).unwrap().trim()
}

#[tokio::test]
async fn it_prints_what_to_paste_and_serves_it() {
    let (mut child, printed) = started(&["--port", "0"], "inspector").await;
    let base = base(&printed);
    let text = printed.join("\n");
    let addr = base.strip_prefix("http://").unwrap().parse().unwrap();
    for script in ["/v2/standard", "/v1/payment-widget"] {
        assert!(text.contains(&format!("<script src=\"{base}{script}\"></script>")), "{text}");
        let request = hyper::Request::get(script).body(http_body_util::Full::default()).unwrap();
        assert_eq!(timeout(DEADLINE, try_send(addr, request)).await.unwrap().unwrap().status, 200);
    }
    for key in [CLIENT_KEY, SECRET_KEY, API_CLIENT_KEY, API_SECRET_KEY] {
        assert!(text.contains(key), "{text}");
    }
    for language in ["Node", "Python", "Java"] {
        let line = printed.iter().position(|line| line.trim_start().starts_with(language)).unwrap();
        let sample = printed[line..].join("\n");
        assert!(sample.contains(base) && sample.contains("test_gsk_"), "{language}: {text}");
    }
    child.kill().await.unwrap();
}

#[tokio::test]
async fn webhooks_and_faults_of_the_command_line_are_set_when_it_answers() {
    let arguments = [
        "--port=0",
        "--webhook-url=http://127.0.0.1:9/hook",
        "--fault=confirm=decline(FDS_ERROR):2",
        "--fault=webhook=lose:10%",
        "--scenario=script-missing",
    ];
    let (mut child, printed) = started(&arguments, "inspector").await;
    assert!(printed.iter().any(|line| line.ends_with("http://127.0.0.1:9/hook")), "{printed:?}");
    let addr = base(&printed).strip_prefix("http://").unwrap().parse().unwrap();
    let get = async |path: &str| {
        let request = hyper::Request::get(format!("/sandbox/control{path}")).body(http_body_util::Full::default()).unwrap();
        timeout(DEADLINE, try_send(addr, request)).await.unwrap().unwrap().json()
    };
    let expected = json!({
        "faults": [{
            "fault": { "kind": "decline", "code": "FDS_ERROR" },
            "endpoint": "confirm", "orderId": null, "clientKey": null, "times": { "next": 2 },
        }],
        "webhookFaults": [{
            "fault": { "kind": "lose" },
            "eventType": null, "orderId": null, "clientKey": null, "times": { "chance": { "percent": 10 } },
        }],
        "scriptFaults": [{ "fault": { "kind": "not_found" }, "times": "once" }],
    });
    assert_eq!(get("/faults").await, expected);
    assert_eq!(get("/webhooks/registrations").await[0]["url"], "http://127.0.0.1:9/hook");
    child.kill().await.unwrap();
}

#[tokio::test]
async fn with_the_rate_limit_the_hundred_and_first_call_of_a_minute_is_429() {
    let (mut child, printed) = started(&["--port=0", "--rate-limit"], "inspector").await;
    let addr = base(&printed).strip_prefix("http://").unwrap().parse().unwrap();
    let clock = hyper::Request::post("/sandbox/control/clock").header("content-type", "application/json");
    let stop = clock.body(json!({ "running": false }).to_string().into()).unwrap();
    assert_eq!(timeout(DEADLINE, try_send(addr, stop)).await.unwrap().unwrap().status, 200);
    let mut connection = connect(addr).await;
    let mut statuses = Vec::new();
    for _ in 0..=Limits::CALLS_A_MINUTE {
        let request = hyper::Request::get("/v1/payments/nobody").header("authorization", basic(&format!("{SECRET_KEY}:")));
        let reply = timeout(DEADLINE, exchange(&mut connection, addr, request.body(Full::default()).unwrap())).await.unwrap().unwrap();
        statuses.push(reply.status);
    }
    assert_eq!((statuses.pop(), statuses.iter().all(|status| *status == 404)), (Some(429), true));
    child.kill().await.unwrap();
}

#[tokio::test]
async fn mistakes_end_it_with_a_line_that_names_them() {
    for (arguments, code, text) in [
        (["--prot", "1"], 2, "there is no option --prot"),
        (["--port", "x"], 2, "--port takes a number"),
        (["--secret-key", "live_gsk_x"], 1, "test_gsk_"),
        (["--webhook-url", "http://192.0.2.1/"], 1, "--allow-remote-webhooks"),
        (["--security-key", "abc"], 1, "64 hexadecimal"),
        (["--state", "/no/such/directory/toss.json"], 1, "written to: No such file"),
        (["--fault", "confirm=lost"], 2, "there is no fault `lost` here; there are ok, "),
        (["--scenario", "lost"], 2, "lost-response"),
    ] {
        let output = timeout(DEADLINE, program(&arguments).output()).await.unwrap().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(text), "{said}");
        assert!(said.matches("os error").count() < 2, "the cause is named once: {said}");
        assert!(output.stdout.is_empty());
    }
    let help = timeout(DEADLINE, program(&["--help"]).output()).await.unwrap().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("--port PORT"));
}

/// Who starts it may look at the first line and go: `toss-sandbox | head -1`.
#[tokio::test]
async fn it_serves_although_nobody_reads_what_it_prints() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = program(&["--port", &port.to_string()]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = command.stdout(writer).spawn().unwrap();
    drop(command);
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = timeout(DEADLINE, said.next_line()).await.unwrap().unwrap().unwrap();
    assert!(line.starts_with("toss-sandbox: runs, but cannot say so"), "{line}");
    let request = hyper::Request::get("/v2/standard").body(Full::default()).unwrap();
    let reply = timeout(DEADLINE, try_send(([127, 0, 0, 1], port).into(), request)).await.unwrap().unwrap();
    assert_eq!(reply.status, 200);
    child.kill().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn told_to_terminate_it_ends_in_good_order() {
    use rustix::process::{Pid, Signal, kill_process};

    let (mut child, _) = started(&["--port=0"], "inspector").await;
    let pid = Pid::from_raw(child.id().unwrap().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert!(timeout(DEADLINE, child.wait()).await.unwrap().unwrap().success());
}
