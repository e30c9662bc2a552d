//! The sandbox as a program.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line program speaks on its terminal")]

mod cli;

use std::process::ExitCode;

use cli::{Command, Mishap};
use toss_sandbox::{Control, Sandbox, TooManyRules};

#[tokio::main]
async fn main() -> ExitCode {
    let (config, mishaps) = match cli::parse(std::env::args().skip(1)) {
        Ok(Command::Run { config, mishaps }) => (*config, mishaps),
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
    if let Err(error) = set(&sandbox.control(), mishaps) {
        eprintln!("toss-sandbox: {error}");
        return ExitCode::FAILURE;
    }
    print!("{}", cli::greeting(&sandbox));
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("toss-sandbox: cannot wait for Ctrl-C: {error}");
        return ExitCode::FAILURE;
    }
    sandbox.shutdown().await;
    ExitCode::SUCCESS
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
