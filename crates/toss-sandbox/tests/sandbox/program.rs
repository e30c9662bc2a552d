//! The program `toss-sandbox` as it is typed.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    time::timeout,
};

use crate::support::{DEADLINE, try_send};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toss-sandbox"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

#[tokio::test]
async fn it_prints_what_to_paste_and_serves_it() {
    let mut child = program(&["--port", "0"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = Vec::new();
    while !printed.iter().any(|line: &String| line.contains("secret key")) {
        printed.push(timeout(DEADLINE, lines.next_line()).await.unwrap().unwrap().unwrap());
    }
    let base = printed.iter().find_map(|line| line.strip_prefix("  API base URL")).unwrap().trim();
    assert!(printed.iter().any(|line| line.contains(&format!("<script src=\"{base}/v1/payment-widget\"></script>"))), "{printed:?}");
    let addr = base.strip_prefix("http://").unwrap().parse().unwrap();
    let request = hyper::Request::get("/v1/payment-widget").body(http_body_util::Full::default()).unwrap();
    assert_eq!(timeout(DEADLINE, try_send(addr, request)).await.unwrap().unwrap().status, 200);
    child.kill().await.unwrap();
}

#[tokio::test]
async fn mistakes_end_it_with_a_line_that_names_them() {
    for (arguments, code, text) in [
        (["--prot", "1"], 2, "there is no option --prot"),
        (["--port", "x"], 2, "--port takes a number"),
        (["--secret-key", "live_gsk_x"], 1, "test_gsk_"),
    ] {
        let output = timeout(DEADLINE, program(&arguments).output()).await.unwrap().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(text), "{said}");
        assert!(output.stdout.is_empty());
    }
    let help = timeout(DEADLINE, program(&["--help"]).output()).await.unwrap().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("--port PORT"));
}
