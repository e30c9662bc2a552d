//! Open enums: the words that Toss is known to send, and room for those that it will send one day.

use std::fmt;

/// A word of Toss's that this version does not know.
///
/// `as_str` of its enumeration tells the word. This value does not, and nobody can make one: an arm that asked for a certain
/// unknown word would silently stop matching on the day that a new version knows it.
///
/// ```
/// use toss_payments::ErrorCode;
///
/// let code = ErrorCode::from("SOMETHING_NEW");
/// assert!(matches!(code, ErrorCode::Unknown(_)));
/// // Holds with this version and with one that knows the word.
/// assert_eq!(code.as_str(), "SOMETHING_NEW");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownWord(pub(crate) Box<str>);

impl fmt::Debug for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Declares an enum of known words plus `Unknown`, with its text, its reading and its JSON form.
///
/// A word that is not known is kept, never an error: Toss adds words without a version bump (Toss docs
/// `/reference/versioning`). `| "word"` is another spelling of the same.
macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal $(| $other:literal)*,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word that this version does not know; `as_str` tells it.
            Unknown($crate::words::UnknownWord),
        }

        impl $name {
            /// The word as Toss writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)+
                    $name::Unknown(word) => &word.0,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> $name {
                match word {
                    $($word $(| $other)* => $name::$variant,)+
                    other => $name::Unknown($crate::words::UnknownWord(other.into())),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> $name {
                $name::from(word.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(word: &str) -> Result<$name, ::std::convert::Infallible> {
                Ok($name::from(word))
            }
        }

        /// By the word, so that one which becomes known keeps its place.
        impl Ord for $name {
            fn cmp(&self, other: &$name) -> ::std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &$name) -> Option<::std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::json::FromJson for $name {
            fn from_json(text: &str) -> Option<$name> {
                $crate::json::string(text).map(|word| $name::from(&*word))
            }
        }

        #[cfg(test)]
        impl $name {
            /// Every known word.
            pub(crate) const KNOWN: &'static [&'static str] = &[$($word,)+];
        }
    };
}

pub(crate) use open_enum;
