//! Words of Toss's: those that it is known to send, with room for those that it will send one day, and those that it takes.

use std::fmt;

/// A word of Toss's that this version of the crate does not know.
///
/// `as_str` of its enumeration tells the word. This value does not, and nobody but this crate can make one: an arm that
/// asked for a certain unknown word would silently stop matching on the day that a new version knows it.
///
/// ```
/// use toss_widget::ErrorCode;
///
/// let code = ErrorCode::from("SOMETHING_NEW");
/// assert!(matches!(code, ErrorCode::Unknown(_)));
/// // This holds with a version that knows the word, too:
/// assert_eq!(code.as_str(), "SOMETHING_NEW");
/// ```
///
/// ```compile_fail,E0308
/// # let code = toss_widget::ErrorCode::from("SOMETHING_NEW");
/// assert!(matches!(code, toss_widget::ErrorCode::Unknown("SOMETHING_NEW")));
/// ```
///
/// ```compile_fail,E0423
/// toss_widget::UnknownWord("SOMETHING_NEW".into());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownWord(Box<str>);

impl UnknownWord {
    pub(crate) fn new(word: &str) -> UnknownWord {
        UnknownWord(word.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What every enumeration of words can do, given its `as_str`.
macro_rules! written {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
    };
}

/// Words that Toss sends. One that is not known is kept, never an error.
macro_rules! open_words {
    ($(#[$doc:meta])+ $name:ident, $unknown:literal { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])+
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[doc = concat!("`", $word, "`.")] $variant,)+
            #[doc = $unknown]
            Unknown($crate::words::UnknownWord),
        }

        impl $name {
            /// The word as Toss writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)+
                    $name::Unknown(word) => word.as_str(),
                }
            }

            #[cfg(test)]
            const WORDS: &[&str] = &[$($word),+];
        }

        /// Reads Toss's word.
        impl From<&str> for $name {
            fn from(word: &str) -> $name {
                match word {
                    $($word => $name::$variant,)+
                    _ => $name::Unknown($crate::words::UnknownWord::new(word)),
                }
            }
        }

        $crate::words::written!($name);
    };
}

/// Words that Toss takes.
macro_rules! taken_words {
    ($(#[$doc:meta])+ $name:ident { $($(#[$variant_doc:meta])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])+ $variant,)+
        }

        impl $name {
            /// The word as Toss writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
    };
}

pub(crate) use {open_words, taken_words, written};
