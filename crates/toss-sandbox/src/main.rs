//! The sandbox as a program.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line program speaks on its terminal")]

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::ExitCode,
};

use toss_sandbox::{Config, Sandbox};

const HELP: &str = "\
An offline Toss Payments: browser widget, payment window and core API.

Usage: toss-sandbox [options]

  --port PORT         Port to listen on, 0 for a free one [3100]
  --host ADDRESS      Address to listen on [127.0.0.1]
                      Anything else than a loopback address lets others on your network in.
  --client-key KEY    Client key of the shop, test_gck_… [the sandbox's own]
  --secret-key KEY    Secret key of the shop, test_gsk_… [the sandbox's own]
  -h, --help          This text
  -V, --version       The version

Toss's public documentation keys are always accepted. Nothing is stored: what is paid here is forgotten when the
program ends. Look at / for what has been paid, and at /sandbox/control (see the README) to make things go wrong.
Ctrl-C stops it.
";

enum Command {
    Run(Config),
    Say(String),
}

#[tokio::main]
async fn main() -> ExitCode {
    let config = match parse(std::env::args().skip(1)) {
        Ok(Command::Run(config)) => config,
        Ok(Command::Say(text)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(why) => {
            eprintln!("toss-sandbox: {why}\nTry: toss-sandbox --help");
            return ExitCode::from(2);
        }
    };
    let sandbox = match Sandbox::start(config).await {
        Ok(sandbox) => sandbox,
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            eprintln!("toss-sandbox: {error}{}", cause.unwrap_or_default());
            return ExitCode::FAILURE;
        }
    };
    let url = sandbox.url();
    println!("Toss sandbox on {url} (Ctrl-C stops it). Paste these:\n");
    println!("  in the page       <script src=\"{url}/v1/payment-widget\"></script>");
    println!("  API base URL      {url}\n");
    println!("  client key        {}", sandbox.client_key());
    println!("  secret key        {}", sandbox.secret_key());
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("toss-sandbox: cannot wait for Ctrl-C: {error}");
        return ExitCode::FAILURE;
    }
    sandbox.shutdown().await;
    ExitCode::SUCCESS
}

fn parse(arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut config = Config { addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 3100)), ..Config::default() };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let (name, mut inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value = || inline.take().or_else(|| arguments.next()).ok_or_else(|| format!("{name} needs a value"));
        match name {
            "-h" | "--help" => return Ok(Command::Say(HELP.to_owned())),
            "-V" | "--version" => {
                let version = env!("CARGO_PKG_VERSION");
                return Ok(Command::Say(format!("toss-sandbox {version}\n")));
            }
            "--port" => {
                let port: u16 = value()?.parse().map_err(|_| "--port takes a number from 0 to 65535".to_owned())?;
                config.addr.set_port(port);
            }
            "--host" => {
                let host: IpAddr = value()?.parse().map_err(|_| "--host takes an IP address".to_owned())?;
                config.addr.set_ip(host);
            }
            "--client-key" => config.client_key = value()?,
            "--secret-key" => config.secret_key = value()?,
            other => return Err(format!("there is no option {other}")),
        }
    }
    Ok(Command::Run(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Result<Config, String> {
        match parse(line.split_whitespace().map(str::to_owned))? {
            Command::Run(config) => Ok(config),
            Command::Say(text) => Err(text),
        }
    }

    #[test]
    fn options_are_taken_with_a_space_or_an_equals_sign() {
        let addr = |line| run(line).map(|config| config.addr.to_string());
        assert_eq!(addr(""), Ok("127.0.0.1:3100".to_owned()));
        assert_eq!(addr("--port 0 --host=::1"), Ok("[::1]:0".to_owned()));
        assert_eq!(run("--secret-key test_gsk_x").map(|config| config.secret_key), Ok("test_gsk_x".to_owned()));
    }

    #[test]
    fn mistakes_are_named() {
        for (line, word) in [
            ("--port", "--port needs a value"),
            ("--port 70000", "--port takes"),
            ("--host localhost", "--host takes"),
            ("--prot 1", "--prot"),
            ("--help", "Usage:"),
        ] {
            assert!(matches!(run(line), Err(text) if text.contains(word)), "{line}");
        }
    }
}
