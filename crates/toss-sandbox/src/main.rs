//! The sandbox as a program.

#![allow(clippy::print_stderr, reason = "a command line program speaks on its terminal")]

mod cli;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use cli::{Command, Mishap};
use toss_sandbox::{Control, Sandbox, TooManyRules};

#[tokio::main]
async fn main() -> ExitCode {
    let (config, mishaps) = match cli::parse(std::env::args().skip(1)) {
        Ok(Command::Run { config, mishaps }) => (*config, mishaps),
        Ok(Command::Say(text)) => {
            return match say(&text) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            };
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
    if let Err(error) = set(&sandbox.control(), mishaps) {
        eprintln!("toss-sandbox: {error}");
        return ExitCode::FAILURE;
    }
    let stop = match told_to_stop() {
        Ok(stop) => stop,
        Err(error) => return deaf(&error),
    };
    // Nobody may be listening to that any more; the shop still needs its sandbox.
    if let Err(error) = say(&cli::greeting(&sandbox)) {
        eprintln!("toss-sandbox: runs, but cannot say so: {error}");
    }
    if let Err(error) = stop.await {
        return deaf(&error);
    }
    sandbox.shutdown().await;
    ExitCode::SUCCESS
}

fn deaf(error: &io::Error) -> ExitCode {
    eprintln!("toss-sandbox: cannot wait for Ctrl-C: {error}");
    ExitCode::FAILURE
}

/// `print!` would panic where the output is closed.
fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Ends with Ctrl-C and, where there is such a thing, with SIGTERM, which the first process of a container is deaf to unless
/// it listens. It listens from the call on.
fn told_to_stop() -> io::Result<impl Future<Output = io::Result<()>>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await
    })
}

fn set(control: &Control, mishaps: Vec<Mishap>) -> Result<(), TooManyRules> {
    for mishap in mishaps {
        match mishap {
            Mishap::Api(rule) => control.fault(rule.fault, rule.scope, rule.times)?,
            Mishap::Webhook(rule) => control.webhook_fault(rule)?,
            Mishap::Script(fault, times) => control.script_fault(fault, times)?,
            Mishap::Scenario(scenario, times) => drop(control.play(scenario, None, times)?),
        }
    }
    Ok(())
}
