//! What all identifiers have in common: the error, the limits, and how far one may be printed.

use std::fmt;

/// Why a text cannot be sent. Never carries the text.
///
/// ```
/// use toss_types::{IdError, OrderId};
///
/// assert_eq!(OrderId::parse("a/b-c-d"), Err(IdError::Character { what: "the order id" }));
/// assert_eq!(OrderId::parse("abc"), Err(IdError::Length { what: "the order id", len: 3, min: 6, max: 64 }));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum IdError {
    /// Shorter or longer than allowed.
    Length {
        /// Which text.
        what: &'static str,
        /// Its length in characters.
        len: usize,
        /// The least length.
        min: usize,
        /// The greatest length.
        max: usize,
    },
    /// A character outside the allowed set.
    Character {
        /// Which text.
        what: &'static str,
    },
    /// A word that means something else at the place where it would be sent.
    Reserved {
        /// Which text.
        what: &'static str,
    },
}

impl IdError {
    /// Holds a text against limits, as every identifier here does; for types of one's own.
    ///
    /// ```
    /// use toss_types::IdError;
    ///
    /// let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    /// assert_eq!(IdError::check("the phone number", "01012345678", 8, 15, digits), Ok(()));
    /// let error = IdError::check("the phone number", "010-1234-5678", 8, 15, digits);
    /// assert_eq!(error, Err(IdError::Character { what: "the phone number" }));
    /// ```
    ///
    /// # Errors
    /// [`IdError::Length`] where the characters are not from `min` to `max`, else [`IdError::Character`] where `allowed`
    /// says no.
    pub fn check(what: &'static str, text: &str, min: usize, max: usize, allowed: fn(&str) -> bool) -> Result<(), IdError> {
        let len = text.chars().count();
        if !(min..=max).contains(&len) {
            return Err(IdError::Length { what, len, min, max });
        }
        if allowed(text) { Ok(()) } else { Err(IdError::Character { what }) }
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdError::Length { what, len, min, max } => write!(f, "{what} has {len} characters instead of {min} to {max}"),
            IdError::Character { what } => {
                f.write_str(what)?;
                f.write_str(" contains a character that is not allowed")
            }
            IdError::Reserved { what } => {
                f.write_str(what)?;
                f.write_str(" is a word that means something else to Toss")
            }
        }
    }
}

impl std::error::Error for IdError {}

/// Prints the first characters of a text: enough to tell two apart in a log, never the whole.
///
/// ```
/// use toss_types::Beginning;
///
/// assert_eq!(format!("{:?}", Beginning("tviva20260801120000AbC12")), "tviva2…");
/// assert_eq!(format!("{:?}", Beginning("abc")), "a…");
/// ```
#[derive(Clone, Copy)]
pub struct Beginning<'a>(
    /// The text.
    pub &'a str,
);

impl fmt::Debug for Beginning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 6;
        // A short text would otherwise be shown whole.
        let shown = SHOWN.min(self.0.chars().count() / 2);
        for c in self.0.chars().take(shown) {
            fmt::Display::fmt(&c.escape_debug(), f)?;
        }
        f.write_str("…")
    }
}

/// As a segment of a URL these two mean another address, however they are encoded (WHATWG URL standard).
fn is_dots(text: &str) -> bool {
    text == "." || text == ".."
}

/// Visible ASCII, which a header carries as it is.
pub(crate) fn is_visible(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
}

/// Visible ASCII that stays one segment of a URL.
pub(crate) fn is_segment(text: &str) -> bool {
    is_visible(text) && !is_dots(text)
}

/// ASCII letters, digits and these marks.
pub(crate) fn is_word(text: &str, marks: &[u8]) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || marks.contains(&b))
}

/// What Toss sent can go back to it in a URL, whatever it looks like, as long as it names something.
pub(crate) fn usable(text: &str) -> bool {
    !text.is_empty() && !is_dots(text)
}

/// What a text with limits can do beside its own methods, given its `check`: be read from a `str`, from a `String`
/// without a copy, and through serde, whole on the way out and within its limits on the way in.
macro_rules! read_and_written {
    ($name:ident) => {
        impl ::std::str::FromStr for $name {
            type Err = $crate::IdError;

            fn from_str(text: &str) -> Result<$name, $crate::IdError> {
                $name::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::IdError;

            fn try_from(text: String) -> Result<$name, $crate::IdError> {
                $name::check(&text)?;
                Ok($name(text))
            }
        }

        #[cfg(feature = "serde")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                $name::try_from(text).map_err(::serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use read_and_written;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CustomerKey, IdempotencyKey, OrderId, PaymentKey};
    use proptest::prelude::*;

    /// However a text is read the answer is the same, what is accepted comes back as it was, and no error repeats it.
    macro_rules! reads_alike {
        ($text:expr, $($name:ident $get:ident),+) => {$(
            let parsed = $name::parse($text);
            prop_assert_eq!($text.parse::<$name>(), parsed.clone());
            prop_assert_eq!($name::try_from($text.to_owned()), parsed.clone());
            #[cfg(feature = "serde")]
            {
                let json = serde_json::to_string($text).unwrap();
                prop_assert_eq!(serde_json::from_str::<$name>(&json).ok(), parsed.clone().ok());
                if let Ok(value) = &parsed {
                    prop_assert_eq!(serde_json::to_string(value).unwrap(), json);
                }
            }
            match parsed {
                Ok(value) => {
                    prop_assert_eq!(value.$get(), $text);
                    prop_assert!(($name::MIN_LEN..=$name::MAX_LEN).contains(&$text.len()));
                }
                Err(error) => {
                    let said = format!("{error} {error:?}");
                    prop_assert!($text.chars().count() < 20 || !said.contains($text), "{}", said);
                }
            }
        )+};
    }

    proptest! {
        #[test]
        fn every_identifier_keeps_its_limits(text in "\\PC{0,60}|[A-Za-z0-9=_.@-]{0,320}|.{190,310}") {
            let text = text.as_str();
            reads_alike!(text, OrderId as_str, PaymentKey expose, CustomerKey expose, IdempotencyKey expose);
        }

        #[test]
        fn no_beginning_is_the_whole(text in ".{1,40}") {
            prop_assert_ne!(format!("{:?}", Beginning(&text)), format!("{}…", text.escape_debug()));
            let shown = format!("{:?}", Beginning(&text));
            prop_assert!(shown.chars().all(|c| !c.is_control()), "{}", shown);
        }
    }

    #[test]
    fn an_error_names_the_text_and_not_its_content() {
        let what = "the order id";
        assert_eq!(IdError::Length { what, len: 3, min: 6, max: 64 }.to_string(), "the order id has 3 characters instead of 6 to 64");
        assert_eq!(IdError::Character { what }.to_string(), "the order id contains a character that is not allowed");
        assert_eq!(IdError::Reserved { what }.to_string(), "the order id is a word that means something else to Toss");
    }
}
