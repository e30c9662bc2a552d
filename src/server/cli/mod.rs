//! The operator's commands, beside the server that runs. They use its settings, its database and its Toss, and end with an exit code
//! that says what came of it. Nothing is logged: what a command finds out is its answer.

mod answer;
pub mod args;
mod backup;
mod books;
mod document;
pub mod failure;
mod help;
mod input;
mod language;
mod orders;
mod outbox;
mod refund;
mod stock;
mod table;
mod words;

use super::config::{Config, TossConfig};
use super::{sandbox, start};
use crate::domain::lang::Lang;
use answer::Answer;
use args::{Books, Cli, Command, EngineCommand, Orders, Outbox};
use failure::{Exit, Failure, pick};
use payment_engine::Engine;
use payment_engine::toss_payments::SecretKey;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpStream;

/// What the command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// The shop is to be served.
    Serve,
    /// A command is to be run.
    Run(Invocation),
    /// All has been said: help, the version, or what is wrong with the command line.
    Said(ExitCode),
}

/// A command, and how it is to be answered.
#[derive(Debug)]
pub struct Invocation {
    command: Command,
    json: bool,
    lang: Lang,
}

/// Reads the command line, the program's name first.
#[must_use]
pub fn asked(arguments: impl IntoIterator<Item = OsString>) -> Asked {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = language::of(&arguments, |name| std::env::var(name).ok());
    let (cli, is_json) = (help::parse(lang, &arguments), arguments.iter().any(|argument| argument == "--json"));
    match cli {
        Ok(Cli { command: Some(command), json, lang: _ }) => Asked::Run(Invocation { command, json, lang }),
        Ok(Cli { command: None, json: false, lang: None }) => Asked::Serve,
        Ok(Cli { command: None, .. }) => {
            let message = pick(lang, "명령이 없어요. --help로 명령을 볼 수 있어요.", "there is no command; --help names them");
            Asked::Said(complain(lang, is_json, &Failure::new(Exit::Usage, "usage", message)))
        }
        Err(error) if !error.use_stderr() => Asked::Said(say(&error.render().to_string()).map_or_else(unsaid, |()| code(Exit::Done))),
        Err(error) if is_json => {
            let message = error.render().to_string();
            let message = message.strip_prefix("error: ").unwrap_or(&message).trim_end();
            Asked::Said(complain(lang, true, &Failure::new(Exit::Usage, "usage", message)))
        }
        Err(error) => {
            to_stderr(&error.render().to_string());
            Asked::Said(code(Exit::Usage))
        }
    }
}

impl Invocation {
    /// Runs it and says what came of it.
    pub async fn run(self) -> ExitCode {
        let Invocation { command, json, lang } = self;
        let answer = match run(&command, lang).await {
            Ok(answer) => answer,
            Err(failure) => return complain(lang, json, &failure),
        };
        if let Err(cause) = say(if json { &answer.document } else { &answer.text }) {
            return unsaid(cause);
        }
        answer.failure.map_or_else(|| code(Exit::Done), |failure| complain(lang, json, &failure))
    }
}

async fn run(command: &Command, lang: Lang) -> Result<Answer, Failure> {
    let config = Config::from_environment().map_err(|error| Failure::new(Exit::Usage, "settings", error.to_string()))?;
    match command {
        Command::Engine(command) => run_beside(&config, command, lang).await,
        Command::Backup { file } => backup::run(&config, lang, file).await,
    }
}

async fn run_beside(config: &Config, command: &EngineCommand, lang: Lang) -> Result<Answer, Failure> {
    let engine = attach(config, command, lang).await?;
    let answer = match command {
        EngineCommand::Orders(Orders::List { status, limit }) => orders::list(&engine, lang, status.as_deref(), *limit).await,
        EngineCommand::Orders(Orders::Show { id, contact }) => orders::show(&engine, lang, id, *contact).await,
        EngineCommand::Orders(Orders::Check { id }) => orders::check(&engine, lang, id).await,
        EngineCommand::Refund(typed) => refund::run(&engine, lang, typed).await,
        EngineCommand::Outbox(Outbox::List { dead, limit }) => outbox::list(&engine, lang, *dead, *limit).await,
        EngineCommand::Outbox(Outbox::Replay { id, all: _ }) => outbox::replay(&engine, lang, id.as_deref()).await,
        EngineCommand::Stock => stock::list(&engine, lang).await,
        EngineCommand::Books(Books::Run) => books::run(&engine, lang).await,
        EngineCommand::Books(Books::Report { all, limit }) => books::report(&engine, lang, *all, *limit).await,
        EngineCommand::Books(Books::Close { id, note }) => books::close(&engine, lang, id, note).await,
        EngineCommand::Books(Books::PayOuts { from, to }) => books::pay_outs(&engine, lang, from, to).await,
    };
    // A refund that nobody waits for any more has its call to end; what is cut off is the server's to look up.
    engine.close(start::LAST_CALLS).await;
    answer
}

/// The engine beside that of the server.
async fn attach(config: &Config, command: &EngineCommand, lang: Lang) -> Result<Engine, Failure> {
    let failed = |error| Failure::start(lang, &error);
    let (secret_key, api_url) = match &config.toss {
        TossConfig::Remote(remote) => (remote.secret_key.clone(), remote.api_url.clone()),
        TossConfig::Sandbox(addr) => {
            let unusable = |error: String| Failure::new(Exit::Usage, "settings", error);
            let (key, url) = sandbox::beside(*addr).map_err(unusable)?;
            if command.asks_toss() {
                reach_sandbox(lang, &url).await?;
            }
            (SecretKey::parse(key).map_err(|error| unusable(error.to_string()))?, url)
        }
    };
    // A database is made by the server, which knows what for.
    let store = start::open_store(&config.store.existing()).await.map_err(failed)?;
    let parts = start::parts(config, store, secret_key, &api_url, None).map_err(failed)?;
    Engine::attach(parts).await.map_err(|error| failed(error.into()))
}

impl EngineCommand {
    fn asks_toss(&self) -> bool {
        match self {
            EngineCommand::Orders(Orders::Check { .. }) | EngineCommand::Refund(_) | EngineCommand::Books(Books::Run) => true,
            EngineCommand::Orders(Orders::List { .. } | Orders::Show { .. })
            | EngineCommand::Outbox(_)
            | EngineCommand::Stock
            | EngineCommand::Books(Books::Report { .. } | Books::Close { .. } | Books::PayOuts { .. }) => false,
        }
    }
}

/// The offline Toss is in the server: without that one there is nobody to ask.
async fn reach_sandbox(lang: Lang, url: &str) -> Result<(), Failure> {
    const PATIENCE: Duration = Duration::from_secs(2);
    let address = url.strip_prefix("http://").unwrap_or(url);
    if let Ok(Ok(_)) = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await {
        return Ok(());
    }
    let message = match lang {
        Lang::Ko => format!("키가 없어서 서버 안의 오프라인 토스를 쓰는데, {url}에서 응답하지 않아요. 서버를 먼저 시작해 주세요."),
        Lang::En => format!(
            "without keys it is the offline Toss inside the server that is asked, and nobody answers at {url}: start the server first"
        ),
    };
    Err(Failure::new(Exit::Unreachable, "server_not_running", message))
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit as u8)
}

fn complain(lang: Lang, json: bool, failure: &Failure) -> ExitCode {
    to_stderr(&failure.render(lang, json));
    code(failure.exit)
}

/// Nothing is left to do about a standard error that is closed.
fn to_stderr(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Whoever has read enough, as `head` has, may close the output.
fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        said => said,
    }
}

fn unsaid(cause: io::Error) -> ExitCode {
    to_stderr(&format!("error: the answer could not be written: {cause}\n"));
    code(Exit::Unreachable)
}
