//! Open enums: the words that Toss is known to send, and room for those that it will send one day.

/// Declares an enum of known words plus `Unknown(String)`, with its text, its reading and its JSON form.
///
/// A word that is not known is kept, never an error: Toss adds words without a version bump (Toss docs
/// `/reference/versioning`).
macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word that this version does not know.
            Unknown(String),
        }

        impl $name {
            /// The word as Toss writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)+
                    $name::Unknown(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> $name {
                match word {
                    $($word => $name::$variant,)+
                    other => $name::Unknown(other.to_owned()),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
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
