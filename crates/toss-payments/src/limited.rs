//! Texts with limits: enforced on what we send, and printed no further than they may be.

/// Declares a text that keeps its limits. `shown` prints whole, `beginning` prints its first characters, `hidden` prints
/// its presence only.
macro_rules! limited {
    ($(#[$meta:meta])* pub struct $name:ident($what:literal, $min:literal..=$max:literal, $allowed:expr) shown) => {
        limited!(@type $(#[$meta])* $name, $what, $min, $max, $allowed);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }

        $crate::body::put_text!($name => as_str);
    };
    ($(#[$meta:meta])* pub struct $name:ident($what:literal, $min:literal..=$max:literal, $allowed:expr) beginning) => {
        limited!(@type $(#[$meta])* $name, $what, $min, $max, $allowed);
        limited!(@expose $name);

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                ::std::fmt::Debug::fmt(&::toss_types::Beginning(&self.0), f)?;
                f.write_str(")")
            }
        }
    };
    ($(#[$meta:meta])* pub struct $name:ident($what:literal, $min:literal..=$max:literal, $allowed:expr) hidden) => {
        limited!(@type $(#[$meta])* $name, $what, $min, $max, $allowed);
        limited!(@expose $name);

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
    (@expose $name:ident) => {
        impl $name {
            /// The whole text, for the request and the database; not for a log.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        $crate::body::put_text!($name => expose);
    };
    (@type $(#[$meta:meta])* $name:ident, $what:literal, $min:literal, $max:literal, $allowed:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The least number of characters.
            pub const MIN_LEN: usize = $min;
            /// The greatest number of characters.
            pub const MAX_LEN: usize = $max;

            /// Reads a text. Nothing is trimmed.
            ///
            /// # Errors
            /// [`IdError`](crate::IdError) where a character or the length is not allowed.
            pub fn parse(text: &str) -> Result<$name, $crate::ids::IdError> {
                $name::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::ids::IdError;

            fn try_from(text: String) -> Result<$name, $crate::ids::IdError> {
                $crate::ids::IdError::check($what, &text, $min, $max, $allowed)?;
                Ok($name(text))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ids::IdError;

            fn from_str(text: &str) -> Result<$name, $crate::ids::IdError> {
                $name::parse(text)
            }
        }
    };
}

/// Lets Toss send a text that we enforce limits on, even where it breaks them.
macro_rules! received {
    ($($name:ident),+) => {$(
        impl $name {
            pub(crate) fn received(text: String) -> Option<$name> {
                $crate::ids::usable(&text).then_some($name(text))
            }
        }

        $crate::limited::decoded!($name);
    )+};
}

/// Reads from JSON what takes a text as Toss sent it.
macro_rules! decoded {
    ($($name:ident),+) => {$(
        impl $crate::json::FromJson for $name {
            fn from_json(text: &str) -> Option<$name> {
                <String as $crate::json::FromJson>::from_json(text).and_then($name::received)
            }
        }
    )+};
}

pub(crate) use {decoded, limited, received};
