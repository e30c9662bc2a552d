//! Lenient reading of JSON objects, field by field.
//!
//! A field that is missing, null or of another type than expected is `None` and spoils nothing else: Toss adds and
//! changes fields without a version bump (Toss docs `/reference/versioning`), and a charge must stay readable.
//! Numbers are read from their text, never through a float.

use crate::money::Amount;
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// The fields of one JSON object, each still as text. No name stands twice.
pub(crate) struct Object<'a>(BTreeMap<Cow<'a, str>, &'a RawValue>);

/// What is read from the text of one JSON value, which is valid JSON without space around it; `None` where the value is
/// something else.
pub(crate) trait FromJson: Sized {
    fn from_json(text: &str) -> Option<Self>;
}

/// Some tools write a byte order mark in front of JSON; JSON itself does not know it.
pub(crate) fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

impl<'a> Object<'a> {
    /// Reads a whole document that has to be an object.
    pub(crate) fn parse(text: &'a str) -> Result<Object<'a>, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// A field of any type that can be read from JSON.
    pub(crate) fn get<T: FromJson>(&self, name: &str) -> Option<T> {
        // Null is common, and finding out the long way that it is neither text nor number is slow.
        let value = self.0.get(name).map(|value| value.get()).filter(|text| *text != "null")?;
        T::from_json(value)
    }

    /// The text of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|value| value.get())
    }

    /// All fields with their text.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.get()))
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<'de>, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = BTreeMap::new();
                while let Some((Name(name), value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    // Two answers to one question, such as two amounts, are no answer.
                    if fields.insert(name, value).is_some() {
                        return Err(A::Error::custom("a field stands twice"));
                    }
                }
                Ok(Object(fields))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// A field name, borrowed unless it contains an escape.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name<'a>(Cow<'a, str>);

impl Name<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'de>, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// A JSON string, borrowed unless it contains an escape.
pub(crate) fn string(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(json).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

impl FromJson for String {
    fn from_json(text: &str) -> Option<String> {
        string(text).map(Cow::into_owned)
    }
}

impl FromJson for bool {
    fn from_json(text: &str) -> Option<bool> {
        text.parse().ok()
    }
}

impl FromJson for u32 {
    fn from_json(text: &str) -> Option<u32> {
        serde_json::from_str(text).ok()
    }
}

impl FromJson for u64 {
    fn from_json(text: &str) -> Option<u64> {
        serde_json::from_str(text).ok()
    }
}

/// A number, or a text with one: some bodies write `"800"`.
impl FromJson for Amount {
    fn from_json(text: &str) -> Option<Amount> {
        Amount::parse(text).or_else(|| Amount::parse(&string(text)?))
    }
}

impl FromJson for Timestamp {
    fn from_json(text: &str) -> Option<Timestamp> {
        String::from_json(text).map(Timestamp::new)
    }
}

impl FromJson for Sensitive {
    fn from_json(text: &str) -> Option<Sensitive> {
        String::from_json(text).map(Sensitive::new)
    }
}

impl FromJson for Link {
    fn from_json(text: &str) -> Option<Link> {
        String::from_json(text).map(Link::new)
    }
}

/// A list keeps the elements that can be read.
impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(text: &str) -> Option<Vec<T>> {
        let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        Some(elements.into_iter().filter_map(|element| T::from_json(element.get())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_or_none() {
        let object = Object::parse(r#"{"text":"a","escap\u0065d":"b","number":1.50,"null":null,"list":["a",1,"b"]}"#).unwrap();
        assert_eq!(object.get::<String>("text").as_deref(), Some("a"));
        assert_eq!(object.get::<String>("escaped").as_deref(), Some("b"));
        assert_eq!(object.get::<String>("number"), None);
        assert_eq!(object.get::<String>("null"), None);
        assert_eq!(object.get::<String>("missing"), None);
        assert_eq!(object.get::<Amount>("number"), Amount::parse("1.5"));
        assert_eq!(object.get::<Amount>("text"), None);
        assert_eq!(object.get::<Vec<String>>("list"), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(object.get::<Vec<String>>("text"), None);
    }

    #[test]
    fn what_is_no_object_or_names_a_field_twice_is_refused() {
        for text in ["", "[]", "1", "null", "{", r#"{"a":1"#, r#"{"a":1} x"#, r#"{"a":1,"a":2}"#, r#"{"a":1,"\u0061":1}"#] {
            assert!(Object::parse(text).is_err(), "{text}");
        }
    }
}
