//! In which language an operator is answered.

use super::args::Language;
use crate::domain::lang::Lang;
use clap::ValueEnum as _;
use std::ffi::OsString;

/// What `--lang` says, even where the rest of the command line is wrong; then what the environment says, as programs of the system
/// read it; then English.
pub(super) fn of(arguments: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Lang {
    let texts: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let pairs = texts.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1].as_ref());
    let joined = texts.iter().filter_map(|text| text.strip_prefix("--lang="));
    if let Some(Ok(language)) = pairs.chain(joined).last().map(|word| Language::from_str(word, false)) {
        return language.into();
    }
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    if said.is_some_and(|value| value.starts_with("ko")) { Lang::Ko } else { Lang::En }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Ko => Lang::Ko,
            Language::En => Lang::En,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_goes_before_the_environment() {
        let lang = |arguments: &[&str], set: &[(&str, &str)]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            of(&arguments, |name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        for (arguments, set, expected) in [
            (&[][..], &[][..], Lang::En),
            (&[], &[("LANG", "ko_KR.UTF-8")], Lang::Ko),
            (&[], &[("LANG", "ko_KR.UTF-8"), ("LC_ALL", "C")], Lang::En),
            (&[], &[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "ko"), ("LC_ALL", "")], Lang::Ko),
            (&["x", "--lang", "en"], &[("LANG", "ko")], Lang::En),
            (&["x", "--lang=ko", "--nonsense"], &[], Lang::Ko),
            (&["x", "--lang", "fr"], &[("LANG", "ko")], Lang::Ko),
        ] {
            assert_eq!(lang(arguments, set), expected, "{arguments:?} {set:?}");
        }
    }
}
