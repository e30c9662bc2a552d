//! Bodies of the control plane, read field by field: a mistake is told in words about the field that it is in.

use std::fmt::Write;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};

use super::http::bad_request;
use crate::{error::ApiError, fault::Argument, json::Object, money::Decimal, world::World};

/// A body that has arrived, JSON or nothing.
pub(super) struct Body(Bytes);

impl FromRequest<World> for Body {
    type Rejection = ApiError;

    /// The content type has to be said: a page of a stranger can send other kinds without asking first.
    async fn from_request(request: Request, world: &World) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let body = Bytes::from_request(request, world).await;
        let body = body.map_err(|_| bad_request("the body has broken off, or is longer than 64 KiB".to_owned()))?;
        if !body.is_empty() && !is_json {
            return Err(bad_request("the body has to be JSON, and the header `Content-Type: application/json` has to say so".to_owned()));
        }
        Ok(Self(body))
    }
}

impl Body {
    /// The fields that are there. Without a body there are none.
    pub(super) fn fields(&self, known: &'static [&'static str]) -> Result<Fields, ApiError> {
        if self.0.is_empty() {
            return Ok(Fields { path: String::new(), given: Vec::new() });
        }
        let json: &RawValue = serde_json::from_slice(&self.0).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            bad_request(format!("the body is not JSON: something is wrong in line {line} at character {column}"))
        })?;
        let fields = Fields::of("", json)?;
        fields.refuse_others(known, &format!("this call takes {}", listed(known)))?;
        Ok(fields)
    }
}

/// The fields of an object. Each is taken out once; null is as good as left out.
pub(super) struct Fields {
    /// Where the object stands: empty for the body itself, else its name with a point.
    path: String,
    given: Vec<(String, Box<RawValue>)>,
}

impl Fields {
    fn of(path: &str, json: &RawValue) -> Result<Self, ApiError> {
        let what = if path.is_empty() { "the body".to_owned() } else { format!("`{}`", path.trim_end_matches('.')) };
        let Ok(Object(given)) = serde_json::from_str(json.get()) else {
            return Err(bad_request(format!("{what} must be a JSON object, not {}", shown(json))));
        };
        for (at, (name, _)) in given.iter().enumerate() {
            if given.iter().skip(at + 1).any(|(other, _)| other == name) {
                return Err(bad_request(format!("`{path}{name}` stands twice")));
            }
        }
        Ok(Self { path: path.to_owned(), given })
    }

    fn refuse_others(&self, known: &[&str], hint: &str) -> Result<(), ApiError> {
        match self.given.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => Err(bad_request(format!("there is no field `{}{name}`: {hint}", self.path))),
        }
    }

    fn take(&mut self, name: &str) -> Option<Box<RawValue>> {
        let place = self.given.iter().position(|(field, _)| field == name)?;
        Some(self.given.swap_remove(place).1).filter(|value| value.get() != "null")
    }

    /// A field that may be left out. `must_be` completes the sentence "`field` must be …".
    pub(super) fn optional<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&RawValue) -> Option<T>,
        must_be: &str,
    ) -> Result<Option<T>, ApiError> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        let path = &self.path;
        read(&value).map(Some).ok_or_else(|| bad_request(format!("`{path}{name}` must be {must_be}, not {}", shown(&value))))
    }

    /// A field that has to be there.
    pub(super) fn required<T>(&mut self, name: &str, read: impl FnOnce(&RawValue) -> Option<T>, must_be: &str) -> Result<T, ApiError> {
        let missing = || bad_request(format!("`{}{name}` is missing; it must be {must_be}", self.path));
        let missing = missing();
        self.optional(name, read, must_be)?.ok_or(missing)
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        self.optional(name, exactly, "a text")
    }

    pub(super) fn required_text(&mut self, name: &str) -> Result<String, ApiError> {
        self.required(name, exactly, "a text")
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        self.optional(name, exactly, "true or false")
    }

    pub(super) fn count(&mut self, name: &str) -> Result<Option<u64>, ApiError> {
        self.optional(name, exactly, "a whole number from 0 on")
    }

    /// One word of a list, all of which are said if it is another.
    pub(super) fn word<T: Serialize + DeserializeOwned>(&mut self, name: &str, all: &[T]) -> Result<Option<T>, ApiError> {
        self.optional(name, exactly, &one_of(all))
    }

    pub(super) fn required_word<T: Serialize + DeserializeOwned>(&mut self, name: &str, all: &[T]) -> Result<T, ApiError> {
        self.required(name, exactly, &one_of(all))
    }

    pub(super) fn required_object(&mut self, name: &str) -> Result<Map<String, Value>, ApiError> {
        self.required(name, exactly, "a JSON object")
    }

    /// A fault: an object with its kind, and with what that kind takes.
    pub(super) fn fault<T: DeserializeOwned>(&mut self, name: &str, kinds: &[(&str, Argument)]) -> Result<T, ApiError> {
        let what = r#"an object with its kind, such as {"kind": "ok"}"#;
        let value = self.required(name, |value| Some(value.to_owned()), what)?;
        let path = format!("{}{name}.", self.path);
        let mut fault = Self::of(&path, &value)?;
        let names: Vec<_> = kinds.iter().map(|(kind, _)| *kind).collect();
        let must_be = one_of(&names);
        let known = |value: &RawValue| {
            let kind: String = exactly(value)?;
            kinds.iter().find(|(name, _)| *name == kind).copied()
        };
        let (kind, argument) = fault.required("kind", known, &must_be)?;
        match argument {
            Argument::None => fault.refuse_others(&[], &format!("`{kind}` takes nothing else"))?,
            Argument::Code => {
                fault.refuse_others(&["code"], &format!("`{kind}` takes `code`"))?;
                fault.required("code", exactly::<String>, "an error code of Toss, or any other word")?;
            }
            Argument::Ms => {
                fault.refuse_others(&["ms"], &format!("`{kind}` takes `ms`"))?;
                fault.required("ms", exactly::<u64>, "a whole number of milliseconds from 0 on")?;
            }
            Argument::Call => {
                fault.refuse_others(&["call"], &format!("`{kind}` takes `call`"))?;
                fault.required("call", exactly::<u32>, "the number of a call, counted from 1")?;
            }
        }
        exactly(&value).ok_or_else(|| bad_request(format!("`{}` is no fault: {}", path.trim_end_matches('.'), shown(&value))))
    }
}

/// What the text says, if it says such a thing.
pub(super) fn exactly<T: DeserializeOwned>(value: &RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

/// A number of money, digit by digit as it was written. A text of digits is none here.
pub(super) fn decimal(value: &RawValue) -> Option<Decimal> {
    Decimal::parse(value.get())
}

fn one_of<T: Serialize>(all: &[T]) -> String {
    let words: Vec<_> = all.iter().map(|word| serde_json::to_string(word).unwrap_or_default()).collect();
    format!("one of {}", words.join(", "))
}

fn listed(names: &[&str]) -> String {
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}`{name}`");
    }
    text
}

/// So much of a value that whoever has sent it knows it again.
fn shown(value: &RawValue) -> String {
    const MOST: usize = 60;
    let text = value.get();
    match text.char_indices().nth(MOST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
