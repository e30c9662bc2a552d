//! The two languages of the checkout.

use serde::{Deserialize, Serialize};

/// Korean unless the shopper asks for English.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 한국어
    #[default]
    Ko,
    /// English
    En,
}

impl Lang {
    /// The value of the `lang` attribute, and of the cookie that remembers the choice.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Ko => "ko",
            Lang::En => "en",
        }
    }

    /// The reverse of [`Lang::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Lang> {
        match code {
            "ko" => Some(Lang::Ko),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The first of the two that an `Accept-Language` header names with a quality above zero. Browsers list
    /// languages in the order of preference, so the order decides.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Lang> {
        header.split(',').find_map(|range| {
            let mut parts = range.split(';');
            let primary = parts.next()?.trim().split('-').next()?.to_ascii_lowercase();
            let refused = parts.any(|part| matches!(part.trim(), "q=0" | "q=0.0"));
            if refused { None } else { Lang::from_code(&primary) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_of_the_header_wins() {
        for (header, expected) in [
            ("ko-KR,ko;q=0.9,en-US;q=0.8", Some(Lang::Ko)),
            ("en-US,en;q=0.9,ko;q=0.8", Some(Lang::En)),
            ("fr-FR, EN;q=0.5", Some(Lang::En)),
            ("en;q=0, ko", Some(Lang::Ko)),
            ("fr", None),
            ("", None),
        ] {
            assert_eq!(Lang::from_accept_language(header), expected, "{header:?}");
        }
    }
}
