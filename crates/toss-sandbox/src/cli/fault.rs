//! `--fault confirm=decline(FDS_ERROR):2` and `--scenario lost-response:10%`.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use toss_sandbox::{Rule, Scenario, Scope, ScriptFault, Times, WebhookRule};

/// What goes wrong from the start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Mishap {
    Api(Rule),
    Webhook(WebhookRule),
    Script(ScriptFault, Times),
    Scenario(Scenario, Option<Times>),
}

/// The words are those of the control API; its types read them, so that there is one list of faults.
pub(crate) fn parse(text: &str) -> Result<Mishap, String> {
    let (place, rest) = text.split_once('=').ok_or("--fault takes WHERE=WHAT[:N], such as confirm=error_after:2")?;
    let (fault, times) = with_times(rest)?;
    let fault = fault_json(fault)?;
    let times = times.unwrap_or_default();
    let mishap = match place {
        "webhook" => exact(&fault).map(|fault| Mishap::Webhook(WebhookRule { times, ..WebhookRule::next(fault) })),
        "script" => exact(&fault).map(|fault| Mishap::Script(fault, times)),
        endpoint => exact(&json!(endpoint)).and_then(|endpoint| {
            let scope = Scope::any(endpoint);
            exact(&fault).map(|fault| Mishap::Api(Rule { fault, scope, times }))
        }),
    };
    mishap.map_err(|why| format!("--fault {text}: {why}"))
}

/// As serde reads it, but a fault without fields does not pass over one that is given.
fn exact<T: DeserializeOwned + Serialize>(json: &Value) -> Result<T, String> {
    let read = T::deserialize(json).map_err(|error| error.to_string())?;
    if json!(read) == *json { Ok(read) } else { Err("this fault takes nothing in brackets".to_owned()) }
}

pub(crate) fn scenario(text: &str) -> Result<Mishap, String> {
    let (name, times) = with_times(text)?;
    let scenario = Scenario::ALL.iter().find(|scenario| scenario.name() == name).ok_or_else(|| {
        let known: String = Scenario::ALL.iter().map(|it| format!("\n  {:<22}{}", it.name(), it.what())).collect();
        format!("there is no scenario {name}; there are:{known}")
    })?;
    Ok(Mishap::Scenario(*scenario, times))
}

fn with_times(text: &str) -> Result<(&str, Option<Times>), String> {
    let Some((what, times)) = text.rsplit_once(':') else {
        return Ok((text, None));
    };
    let parsed = match times.strip_suffix('%') {
        _ if times == "once" => Some(Times::Once),
        _ if times == "always" => Some(Times::Always),
        Some(percent) => percent.parse().ok().filter(|percent| *percent <= 100).map(|percent| Times::Chance { percent }),
        None => times.parse().ok().map(Times::Next),
    };
    match parsed {
        Some(times) => Ok((what, Some(times))),
        None => Err(format!("after the colon stands how often: 3, always or 10%, not {times}")),
    }
}

/// `decline(FDS_ERROR)` is `{"kind": "decline", "code": "FDS_ERROR"}`.
fn fault_json(text: &str) -> Result<Value, String> {
    let (kind, argument) = match text.split_once('(') {
        None => (text, None),
        Some((kind, rest)) => (kind, Some(rest.strip_suffix(')').ok_or_else(|| format!("{text} lacks its closing bracket"))?)),
    };
    let mut fault = Map::new();
    fault.insert("kind".to_owned(), kind.into());
    if let Some(argument) = argument {
        match argument.parse::<u64>() {
            Ok(number) => fault.insert(if kind == "throws_on_call" { "call" } else { "ms" }.to_owned(), number.into()),
            Err(_) => fault.insert("code".to_owned(), argument.into()),
        };
    }
    Ok(fault.into())
}

#[cfg(test)]
mod tests {
    use toss_sandbox::{Endpoint, Fault, WebhookFault};

    use super::*;

    #[test]
    fn a_fault_says_where_what_and_how_often() {
        let api = |fault, times| Ok(Mishap::Api(Rule { fault, scope: Scope::any(Endpoint::Confirm), times }));
        let webhook = WebhookRule { times: Times::Chance { percent: 10 }, ..WebhookRule::next(WebhookFault::Delay { ms: 5 }) };
        for (text, expected) in [
            ("confirm=error_after", api(Fault::ErrorAfter, Times::Once)),
            ("confirm=decline(FDS_ERROR):2", api(Fault::Decline { code: "FDS_ERROR".to_owned() }, Times::Next(2))),
            ("confirm=slow_body(300):always", api(Fault::SlowBody { ms: 300 }, Times::Always)),
            ("webhook=delay(5):10%", Ok(Mishap::Webhook(webhook))),
            ("script=throws_on_call(3):once", Ok(Mishap::Script(ScriptFault::ThrowsOnCall { call: 3 }, Times::Once))),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(scenario("lost-response:3"), Ok(Mishap::Scenario(Scenario::LostResponse, Some(Times::Next(3)))));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("confirm=eror_after", "unknown variant `eror_after`"),
            ("confrim=error_after", "unknown variant `confrim`"),
            ("confirm=slow_body", "missing field `ms`"),
            ("confirm=error_after(5)", "nothing in brackets"),
            ("confirm=slow_body(5", "bracket"),
            ("confirm=error_after:often", "how often"),
            ("confirm=error_after:101%", "how often"),
        ] {
            assert!(parse(text).is_err_and(|why| why.contains(word)), "{text}: {:?}", parse(text));
        }
        assert!(scenario("lost").is_err_and(|why| why.contains("lost-response")));
    }
}
