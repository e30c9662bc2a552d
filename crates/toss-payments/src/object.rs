//! Objects that Toss sends: one declaration for the Rust field, its name in JSON and its documentation.
//!
//! The fields of an object are read in one pass over its text, each from the text of its value, so that a value that is
//! not understood spoils nothing but its own field.

use crate::error::DecodeError;
use crate::json::{FromJson, Object, without_bom};
use serde::de::{Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;

/// Declares an object of Toss. A field that is an `Option` or a `Vec` may be missing, null or of another type; any other
/// is essential. `"outer" / "inner"` reads one field of an object within; `else` reads what is no object.
macro_rules! object {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty = $json:literal $(/ $inner:literal)?,)+ } $(else $otherwise:expr)?) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $ty,)+
        }

        impl $name {
            /// Reads the object from its JSON text.
            pub(crate) fn decode(text: &str) -> Result<$name, $crate::error::DecodeError> {
                #[derive(Default)]
                struct Raw<'a> {
                    $($field: Option<&'a ::serde_json::value::RawValue>,)+
                }

                impl<'a> $crate::object::Slots<'a> for Raw<'a> {
                    fn slot(&mut self, name: &str) -> Option<&mut Option<&'a ::serde_json::value::RawValue>> {
                        match name {
                            $($json => Some(&mut self.$field),)+
                            _ => None,
                        }
                    }
                }

                let raw: Raw<'_> = $crate::object::slots(text)?;
                Ok($name {
                    $($field: {
                        let value = raw.$field.map(|value| value.get());
                        $(let value = value.and_then(|object| $crate::object::within(object, $inner));)?
                        $crate::object::Field::read(value, $json)?
                    },)+
                })
            }
        }

        impl $crate::json::FromJson for $name {
            fn from_json(text: &str) -> Option<$name> {
                $name::decode(text).ok()$(.or_else(|| $otherwise(text)))?
            }
        }
    };
}

pub(crate) use object;

/// A place for the text of each field that is read.
pub(crate) trait Slots<'a>: Default {
    /// The place for a field; `None` for a field that nobody reads.
    fn slot(&mut self, name: &str) -> Option<&mut Option<&'a RawValue>>;
}

/// Fills the places in one pass over the text.
pub(crate) fn slots<'a, S: Slots<'a>>(text: &'a str) -> Result<S, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_str(without_bom(text));
    let slots = deserializer.deserialize_map(Fields(PhantomData)).map_err(|_| DecodeError::NotAnObject)?;
    deserializer.end().map_err(|_| DecodeError::NotAnObject)?;
    Ok(slots)
}

struct Fields<S>(PhantomData<S>);

impl<'de, S: Slots<'de>> Visitor<'de> for Fields<S> {
    type Value = S;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<S, A::Error> {
        let mut slots = S::default();
        while let Some(name) = map.next_key::<crate::json::Name<'de>>()? {
            match slots.slot(name.as_str()) {
                // Two answers to one question, such as two amounts, are no answer.
                Some(Some(_)) => return Err(A::Error::custom("a field stands twice")),
                Some(slot) => *slot = Some(map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(slots)
    }
}

/// One field of an object within.
pub(crate) fn within<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    Object::parse(object).ok()?.text(name)
}

/// The elements of a list that has to be readable to its last element: a ledger with silent gaps would be worse than none.
pub(crate) fn list<T>(text: &str, decode: impl Fn(&str) -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
    let elements: Vec<&RawValue> = serde_json::from_str(without_bom(text)).map_err(|_| DecodeError::NotAList)?;
    elements.into_iter().map(|element| decode(element.get())).collect()
}

/// What a field becomes when it is missing, null or of another type.
pub(crate) trait Field: Sized {
    fn read(json: Option<&str>, name: &'static str) -> Result<Self, DecodeError>;
}

/// A type without which its object means nothing.
pub(crate) trait Essential: FromJson {}

impl<T: Essential> Field for T {
    fn read(json: Option<&str>, name: &'static str) -> Result<T, DecodeError> {
        json.and_then(T::from_json).ok_or(DecodeError::Field(name))
    }
}

impl<T: FromJson> Field for Option<T> {
    fn read(json: Option<&str>, _: &'static str) -> Result<Option<T>, DecodeError> {
        // Null is common, and finding out the long way that it is neither text nor number is slow.
        Ok(json.filter(|text| *text != "null").and_then(T::from_json))
    }
}

impl<T: FromJson> Field for Vec<T> {
    fn read(json: Option<&str>, name: &'static str) -> Result<Vec<T>, DecodeError> {
        Option::<Vec<T>>::read(json, name).map(Option::unwrap_or_default)
    }
}
