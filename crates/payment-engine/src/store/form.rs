//! States and events as the text that stores keep. Each says which form it has, so that a version of the engine from before, which meets it
//! in a rolling update or after going back, refuses what it would misread.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Serialize};

/// The form that this version writes. What an earlier version would read wrongly, rather than without something, takes the next number.
const FORM: u32 = 1;

#[derive(Serialize)]
struct Written<'v, T> {
    v: u32,
    #[serde(flatten)]
    value: &'v T,
}

/// Texts of before there were numbers have none, and are of the first form.
#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    v: u32,
}

/// The text of a state or an event.
pub(super) fn to_text(value: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Written { v: FORM, value })
}

/// What [`to_text`] was given, by this version or one before.
pub(super) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    let Form { v } = serde_json::from_str(text)?;
    if v > FORM {
        let newer = format!("a newer version of the engine has written it, in form {v}; this one reads {FORM} and those before");
        return Err(serde_json::Error::custom(newer));
    }
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::order::{Event, State};

    #[test]
    fn texts_say_which_form_they_have_and_those_of_before_have_none() {
        assert_eq!(to_text(&State::Open).unwrap(), r#"{"v":1,"status":"open"}"#);
        assert_eq!(to_text(&Event::TimeRanOut).unwrap(), r#"{"v":1,"event":"time_ran_out"}"#);
        for text in [r#"{"v":1,"status":"open"}"#, r#"{"status":"open"}"#, r#"{"status":"open","v":1}"#] {
            assert_eq!(from_text::<State>(text).unwrap(), State::Open, "{text}");
        }
    }

    #[test]
    fn what_a_newer_version_has_written_is_refused_in_words() {
        let error = from_text::<State>(r#"{"v":2,"status":"open"}"#).unwrap_err().to_string();
        assert_eq!(error, "a newer version of the engine has written it, in form 2; this one reads 1 and those before");
    }
}
