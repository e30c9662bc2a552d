//! The two SDKs.

use std::fmt;

/// Which SDK of Toss's runs in the page.
///
/// ```
/// use toss_widget::Sdk;
///
/// assert_eq!(Sdk::parse("v2"), Some(Sdk::V2));
/// assert_eq!(Sdk::V2.default_src(), "https://js.tosspayments.com/v2/standard");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Sdk {
    /// The payment widget of SDK v1, which Toss has frozen.
    V1,
    /// SDK v2, which Toss recommends.
    V2,
}

impl Sdk {
    /// Reads `v1` or `v2`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Sdk> {
        match word {
            "v1" => Some(Sdk::V1),
            "v2" => Some(Sdk::V2),
            _ => None,
        }
    }

    /// `v1` or `v2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Sdk::V1 => "v1",
            Sdk::V2 => "v2",
        }
    }

    /// Where Toss serves the script.
    #[must_use]
    pub const fn default_src(self) -> &'static str {
        match self {
            Sdk::V1 => crate::v1::DEFAULT_SRC,
            Sdk::V2 => crate::v2::DEFAULT_SRC,
        }
    }
}

impl fmt::Display for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sdk_has_a_name_and_an_address() {
        for sdk in [Sdk::V1, Sdk::V2] {
            assert_eq!(Sdk::parse(sdk.as_str()), Some(sdk));
            assert!(sdk.default_src().contains(&format!("/{}/", sdk.as_str())));
        }
        assert_eq!(Sdk::parse("v3"), None);
    }
}
