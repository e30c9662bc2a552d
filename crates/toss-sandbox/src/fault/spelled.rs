//! Faults as one types them: `error_after`, `decline(FDS_ERROR)`, `slow_body(3000)`.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::json;

use super::{Argument, Fault, ScriptFault};
use crate::webhook::WebhookFault;

/// A text that names no fault, and in words what would.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadFault(String);

/// ```
/// use toss_sandbox::{Code, Fault};
///
/// assert_eq!("decline(FDS_ERROR)".parse(), Ok(Fault::decline(Code::FDS_ERROR)));
/// let why = "slow_body".parse::<Fault>().unwrap_err().to_string();
/// assert_eq!(why, "`slow_body` takes a whole number of milliseconds in brackets: slow_body(3000)");
/// ```
impl FromStr for Fault {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        parse(text, Self::KINDS)
    }
}

impl FromStr for WebhookFault {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        parse(text, Self::KINDS)
    }
}

impl FromStr for ScriptFault {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        parse(text, Self::KINDS)
    }
}

fn parse<T: DeserializeOwned>(text: &str, kinds: &[(&str, Argument)]) -> Result<T, BadFault> {
    let (kind, given) = match text.split_once('(') {
        None => (text, None),
        Some((kind, rest)) => match rest.strip_suffix(')') {
            Some(given) => (kind, Some(given)),
            None => return Err(BadFault(format!("`{text}` lacks its closing bracket"))),
        },
    };
    let Some((_, argument)) = kinds.iter().find(|(known, _)| *known == kind) else {
        let known: Vec<_> = kinds.iter().map(|(kind, argument)| argument.example(kind)).collect();
        return Err(BadFault(format!("there is no fault `{kind}` here; there are {}", known.join(", "))));
    };
    let fault = match (argument, given) {
        (Argument::None, None) => Some(json!({ "kind": kind })),
        (Argument::Code, Some(code)) if !code.is_empty() => Some(json!({ "kind": kind, "code": code })),
        (Argument::Ms, Some(number)) => number.parse().ok().map(|ms: u64| json!({ "kind": kind, "ms": ms })),
        (Argument::Call, Some(number)) => number.parse().ok().map(|call: u32| json!({ "kind": kind, "call": call })),
        (Argument::None, Some(_)) | (Argument::Code, _) | (Argument::Ms | Argument::Call, None) => None,
    };
    let fault = fault.ok_or_else(|| BadFault(format!("`{kind}` takes {}", argument.wish(kind))))?;
    Ok(serde_json::from_value(fault).expect("invariant: a fault takes what its kind says"))
}

impl Argument {
    fn example(self, kind: &str) -> String {
        match self {
            Self::None => kind.to_owned(),
            Self::Code => format!("{kind}(REJECT_CARD_PAYMENT)"),
            Self::Ms => format!("{kind}(3000)"),
            Self::Call => format!("{kind}(2)"),
        }
    }

    fn wish(self, kind: &str) -> String {
        let what = match self {
            Self::None => return "nothing in brackets".to_owned(),
            Self::Code => "an error code",
            Self::Ms => "a whole number of milliseconds",
            Self::Call => "the number of a call, counted from 1,",
        };
        format!("{what} in brackets: {}", self.example(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_its_example_is_written() {
        fn read<T: FromStr>(kinds: &[(&str, Argument)]) -> bool {
            kinds.iter().all(|(kind, argument)| argument.example(kind).parse::<T>().is_ok())
        }
        assert!(read::<Fault>(Fault::KINDS) && read::<WebhookFault>(WebhookFault::KINDS) && read::<ScriptFault>(ScriptFault::KINDS));
        // A code of digits is a code, not a number of milliseconds.
        assert_eq!("decline(404)".parse(), Ok(Fault::Decline { code: "404".to_owned() }));
    }

    #[test]
    fn a_mistake_is_told_in_words_for_people() {
        for (text, why) in [
            ("error_after(5)", "`error_after` takes nothing in brackets"),
            ("decline", "`decline` takes an error code in brackets: decline(REJECT_CARD_PAYMENT)"),
            ("decline()", "`decline` takes an error code in brackets: decline(REJECT_CARD_PAYMENT)"),
            ("slow_body", "`slow_body` takes a whole number of milliseconds in brackets: slow_body(3000)"),
            ("slow_body(-1)", "`slow_body` takes a whole number of milliseconds in brackets: slow_body(3000)"),
            ("slow_body(5", "`slow_body(5` lacks its closing bracket"),
        ] {
            assert_eq!(text.parse::<Fault>(), Err(BadFault(why.to_owned())));
        }
        let call = BadFault("`throws_on_call` takes the number of a call, counted from 1, in brackets: throws_on_call(2)".to_owned());
        assert_eq!("throws_on_call(x)".parse::<ScriptFault>(), Err(call));
        let unknown = "there is no fault `not_fund` here; there are not_found, garbage, slow(3000), throws_on_call(2)";
        assert_eq!("not_fund".parse::<ScriptFault>(), Err(BadFault(unknown.to_owned())));
    }
}
