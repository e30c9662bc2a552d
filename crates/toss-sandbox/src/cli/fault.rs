//! `--fault confirm=decline(FDS_ERROR):2` and `--scenario lost-response:10%`.

use serde_json::json;
use toss_sandbox::{BadFault, Endpoint, Rule, Scenario, Scope, ScriptFault, Times, WebhookRule};

/// What goes wrong from the start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Mishap {
    Api(Rule),
    Webhook(WebhookRule),
    Script(ScriptFault, Times),
    Scenario(Scenario, Option<Times>),
}

/// The words are those of the control API.
pub(crate) fn parse(text: &str) -> Result<Mishap, String> {
    let (place, rest) = text.split_once('=').ok_or("--fault takes WHERE=WHAT[:N], such as confirm=error_after:2")?;
    let in_words = |why: String| format!("--fault {text}: {why}");
    let (fault, times) = with_times(rest).map_err(in_words)?;
    let times = times.unwrap_or_default();
    let bad = |why: BadFault| in_words(why.to_string());
    Ok(match place {
        "webhook" => Mishap::Webhook(WebhookRule::next(fault.parse().map_err(bad)?).times(times)),
        "script" => Mishap::Script(fault.parse().map_err(bad)?, times),
        endpoint => {
            let scope = Scope::any(called(endpoint).map_err(in_words)?);
            Mishap::Api(Rule::new(fault.parse().map_err(bad)?, scope, times))
        }
    })
}

fn called(name: &str) -> Result<Endpoint, String> {
    Endpoint::ALL.iter().copied().find(|endpoint| json!(endpoint) == name).ok_or_else(|| {
        let calls: String = Endpoint::ALL.iter().filter_map(|it| json!(it).as_str().map(|name| format!("{name}, "))).collect();
        format!("there is no `{name}` to go wrong; there are {calls}webhook and script")
    })
}

pub(crate) fn scenario(text: &str) -> Result<Mishap, String> {
    let (name, times) = with_times(text)?;
    let scenario = Scenario::ALL.iter().find(|scenario| scenario.name() == name).ok_or_else(|| {
        let known: String = Scenario::ALL.iter().map(|it| format!("\n  {:<22}{}", it.name(), it.what())).collect();
        format!("there is no scenario `{name}`; there are{known}")
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

#[cfg(test)]
mod tests {
    use toss_sandbox::{Endpoint, Fault, WebhookFault};

    use super::*;

    #[test]
    fn a_fault_says_where_what_and_how_often() {
        let api = |fault, times| Ok(Mishap::Api(Rule::new(fault, Scope::any(Endpoint::Confirm), times)));
        let webhook = WebhookRule::next(WebhookFault::Delay { ms: 5 }).times(Times::Chance { percent: 10 });
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
            ("confirm=eror_after", "there is no fault `eror_after` here; there are ok, decline(REJECT_CARD_PAYMENT), "),
            ("confrim=error_after", "there is no `confrim` to go wrong; there are confirm, lookup, "),
            ("webhook=garbage", "there is no fault `garbage` here; there are ok, lose, delay(3000), "),
            ("script=lose", "there is no fault `lose` here; there are not_found, "),
            ("confirm=slow_body", "`slow_body` takes a whole number of milliseconds in brackets"),
            ("confirm=error_after(5)", "`error_after` takes nothing in brackets"),
            ("confirm=slow_body(5", "bracket"),
            ("confirm=error_after:often", "how often"),
            ("confirm=error_after:101%", "how often"),
        ] {
            let why = parse(text).err().unwrap_or_default();
            assert!(why.starts_with(&format!("--fault {text}: ")) && why.contains(word), "{why}");
            // What a derived reader says is for programmers of the sandbox.
            assert!(!["variant", "missing field", "expected", "at line"].iter().any(|word| why.contains(word)), "{why}");
        }
        assert!(scenario("lost").is_err_and(|why| why.contains("lost-response")));
    }
}
