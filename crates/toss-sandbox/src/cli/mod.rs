//! The command line: options, help, and what is printed at the start.

mod fault;
mod greeting;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use toss_sandbox::{Config, EventType, Limits, Registration};

pub(crate) use fault::Mishap;
pub(crate) use greeting::greeting;

const HELP: &str = "\
An offline Toss Payments: browser widget, payment window, core API and webhooks.

Usage: toss-sandbox [options]

Where it listens, and as whom
  --port PORT               Port to listen on, 0 for a free one [3100]
  --host ADDRESS            Address to listen on [127.0.0.1]
                            Anything else than a loopback address lets others on your network in.
  --host-name NAME[,NAME]   Further names by which the sandbox may be asked, such as toss.test. IP addresses, localhost,
                            names without a dot and host.docker.internal need not be given.
  --client-key KEY          Client key of the shop, test_gck_… [the sandbox's own]
  --secret-key KEY          Secret key of the shop, test_gsk_… [the sandbox's own]

Webhooks
  --webhook-url URL[,URL]   Where your shop takes webhooks, http://127.0.0.1:3000/webhooks
  --webhook-events A[,B]    Which events those URLs get
                            [PAYMENT_STATUS_CHANGED,DEPOSIT_CALLBACK,CANCEL_STATUS_CHANGED]
  --security-key KEY        64 hexadecimal characters that sign payout.changed and seller.changed
                            [the sandbox's own]
  --allow-remote-webhooks   Lets webhooks leave this machine (http:// only)

What goes wrong
  --fault WHERE=WHAT[:N]    WHERE is an endpoint (confirm, lookup, …), webhook or script; WHAT is a fault,
                            its number or code in brackets; N is how often: 3, always, or 10% [1]
                            --fault confirm=error_after             500 after the first charge
                            --fault 'confirm=decline(FDS_ERROR):2'  two declined confirms
                            --fault 'lookup=slow_body(3000):always' every look-up takes 3 seconds
                            --fault webhook=duplicate:10%           one webhook in ten arrives twice
  --scenario NAME[:N]       A mishap of real life by name: lost-response, declined, toss-is-down, …
  --rate-limit              429 above 100 calls a minute of each API, as Toss's test environment has it
  --seed NUMBER             Decides which ones chance picks [0]

What it remembers
  --state FILE              Everything is kept in FILE and gone on with at the next start, also after a kill.
                            One sandbox at a time; FILE belongs to the key pair and holds its secrets. --fault and
                            --scenario set theirs anew at each start; FILE's security key and chance go before
                            --security-key and --seed. Without FILE all is forgotten when the program ends.

  -h, --help                This text
  -V, --version             The version

Toss's public documentation keys are always accepted. The page at / shows payments, calls and webhooks as they happen,
with buttons to make things go wrong, move the clock, deposit, refund, and send webhooks again; /sandbox/control (see
the README) does the same for programs. Ctrl-C stops it.
";

pub(crate) enum Command {
    Run { config: Box<Config>, mishaps: Vec<Mishap> },
    Say(String),
}

pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut config = Config { addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 3100)), ..Config::default() };
    let mut mishaps = Vec::new();
    let mut urls = Vec::new();
    let mut events = None;
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
            "--host-name" => config.host_names.extend(value()?.split(',').map(str::to_owned)),
            "--client-key" => config.client_key = value()?,
            "--secret-key" => config.secret_key = value()?,
            "--webhook-url" => urls.extend(value()?.split(',').map(str::to_owned)),
            "--webhook-events" => {
                let words: Result<Vec<_>, _> = value()?.split(',').map(|word| EventType::try_from(word.to_owned())).collect();
                events = Some(words?);
            }
            "--security-key" => config.security_key = value()?,
            "--allow-remote-webhooks" => {
                flag(name, inline.as_deref())?;
                config.allow_remote_webhooks = true;
            }
            "--rate-limit" => {
                flag(name, inline.as_deref())?;
                config.limits.calls_a_minute = Some(Limits::CALLS_A_MINUTE);
            }
            "--fault" => mishaps.push(fault::parse(&value()?)?),
            "--scenario" => mishaps.push(fault::scenario(&value()?)?),
            "--state" => config.state = Some(value()?.into()),
            "--seed" => config.seed = value()?.parse().map_err(|_| "--seed takes a whole number".to_owned())?,
            other => return Err(format!("there is no option {other}")),
        }
    }
    if urls.is_empty() && events.is_some() {
        return Err("--webhook-events needs --webhook-url".to_owned());
    }
    let registration = |url| match &events {
        Some(events) => Registration::of(url, events.clone()),
        None => Registration::new(url),
    };
    config.webhooks = urls.into_iter().map(registration).collect();
    Ok(Command::Run { config: Box::new(config), mishaps })
}

fn flag(name: &str, value: Option<&str>) -> Result<(), String> {
    value.map_or(Ok(()), |_| Err(format!("{name} takes no value")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Result<(Config, Vec<Mishap>), String> {
        match parse(line.split_whitespace().map(str::to_owned))? {
            Command::Run { config, mishaps } => Ok((*config, mishaps)),
            Command::Say(text) => Err(text),
        }
    }

    #[test]
    fn options_are_taken_with_a_space_or_an_equals_sign() {
        let addr = |line| run(line).map(|(config, _)| config.addr.to_string());
        assert_eq!(addr(""), Ok("127.0.0.1:3100".to_owned()));
        assert_eq!(addr("--port 0 --host=::1"), Ok("[::1]:0".to_owned()));
        assert_eq!(
            run("--host-name a,b --host-name=c").map(|(config, _)| config.host_names),
            Ok(["a", "b", "c"].map(str::to_owned).into())
        );
        assert_eq!(run("--secret-key test_gsk_x").map(|(config, _)| config.secret_key), Ok("test_gsk_x".to_owned()));
        assert_eq!(run("--state toss.json").map(|(config, _)| config.state), Ok(Some("toss.json".into())));
        assert_eq!(run("--seed=7").map(|(config, _)| config.seed), Ok(7));
        assert_eq!(run("--rate-limit").map(|(config, _)| config.limits.calls_a_minute), Ok(Some(100)));
        assert_eq!(run("--fault confirm=ok --scenario=declined --fault=script=garbage").map(|(_, mishaps)| mishaps.len()), Ok(3));
    }

    #[test]
    fn webhook_urls_share_their_events() {
        let line =
            "--webhook-events DEPOSIT_CALLBACK --webhook-url http://127.0.0.1:1/a,http://127.0.0.1:1/b --webhook-url=http://127.0.0.1:1/c";
        let webhooks = run(line).map(|(config, _)| config.webhooks);
        let expected = ["a", "b", "c"].map(|path| Registration::of(format!("http://127.0.0.1:1/{path}"), [EventType::DepositCallback]));
        assert_eq!(webhooks, Ok(expected.into()));
        let usual = run("--webhook-url http://127.0.0.1:1/?a=b").map(|(config, _)| config.webhooks);
        assert_eq!(usual, Ok(vec![Registration::new("http://127.0.0.1:1/?a=b")]));
    }

    #[test]
    fn mistakes_are_named() {
        for (line, word) in [
            ("--port", "--port needs a value"),
            ("--port 70000", "--port takes"),
            ("--host localhost", "--host takes"),
            ("--prot 1", "--prot"),
            ("--seed x", "--seed takes"),
            ("--state", "--state needs a value"),
            ("--webhook-events DONE --webhook-url http://127.0.0.1:1/", "DEPOSIT_CALLBACK"),
            ("--webhook-events DEPOSIT_CALLBACK", "needs --webhook-url"),
            ("--allow-remote-webhooks=yes", "takes no value"),
            ("--fault confirm", "WHERE=WHAT"),
            ("--help", "Usage:"),
        ] {
            assert!(matches!(run(line), Err(text) if text.contains(word)), "{line}");
        }
    }
}
