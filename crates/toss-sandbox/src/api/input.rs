//! What a caller sent, read with care.

use axum::http::{HeaderMap, header};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use super::ReadBody;
use crate::{
    clock::UnixMs,
    error::{ApiError, Code},
    money::Decimal,
};

pub(super) struct Input<'a> {
    /// The part of the path that varies, decoded.
    pub(super) segment: Option<&'a str>,
    pub(super) query: Option<&'a str>,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a ReadBody,
    pub(super) now: UnixMs,
}

impl Input<'_> {
    /// The JSON object of the body. Fields that nobody knows are let through, as Toss does.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let is_json = self
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let body = self.body.as_ref().map_err(|_| Code::INVALID_REQUEST)?;
        if !is_json {
            return Err(Code::INVALID_REQUEST.into());
        }
        serde_json::from_slice(body).map_err(|_| Code::INVALID_REQUEST.into())
    }

    /// The segment of the path, decoded. One that is not UTF-8 names nothing.
    pub(super) fn segment(&self, missing: Code) -> Result<String, ApiError> {
        self.segment.map(str::to_owned).ok_or_else(|| missing.into())
    }

    /// Whether there is no body at all.
    pub(super) fn is_empty(&self) -> bool {
        self.body.as_ref().is_ok_and(|body| body.is_empty())
    }

    /// A whole number of the query from 1 to `most`. Assumed: more is `EXCEED_MAX_QUERY_LIMIT`.
    pub(super) fn count(&self, name: &str, otherwise: usize, most: usize) -> Result<usize, ApiError> {
        let Some(text) = self.query(name) else {
            return Ok(otherwise);
        };
        let count: usize = text.parse().ok().filter(|count| *count > 0).ok_or(Code::INVALID_REQUEST)?;
        if count > most {
            return Err(Code::EXCEED_MAX_QUERY_LIMIT.into());
        }
        Ok(count)
    }

    /// The values of a query, the last one of a name.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let pairs = url::form_urlencoded::parse(self.query.unwrap_or_default().as_bytes());
        pairs.filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned())
    }
}

/// An amount as requests about a payment carry it, in whichever currency that is: a number, or the text of its digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Amount(pub(super) Decimal);

impl<'de> Deserialize<'de> for Amount {
    /// Only from JSON itself, where the digits are still as they were written.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        Decimal::parse(bare).map(Self).ok_or_else(|| serde::de::Error::custom("no amount"))
    }
}

/// An amount in KRW as requests carry it: a whole number, or the string of digits that Toss's own samples forward and Toss was
/// seen to take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Figure(pub(super) i64);

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::String(digits) => digits.parse().ok(),
            Value::Number(number) => number.as_i64(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        number.map(Self).ok_or_else(|| serde::de::Error::custom("no whole number"))
    }
}
