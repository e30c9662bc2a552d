//! A call: what is asked for, where, and how its address may be told to a log.

use crate::answer::{Answer, BODY_MAX};
use crate::client::{Client, Response};
use crate::error::{DecodeError, Effect, Error, UnknownCause, UnknownOutcome};
use crate::ids::IdempotencyKey;
use http::Method;
use serde_json::value::RawValue;
use std::fmt::{self, Write as _};
use url::Url;

/// A call of an endpoint for which [`Client`] has no method, or has none yet.
///
/// It travels like every other call: with the key of the client, its time limits, its idempotency key, and the same care about
/// outcomes that nobody knows.
///
/// The address is a template, such as `/v1/payments/{paymentKey}/escrow`. What stands in braces is filled in from the values, in
/// their order, each encoded so that it stays one segment. Logs and traces see the template only, which is why it is part of the
/// program: a key that was formatted into it would end there.
///
/// ```no_run
/// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use toss_payments::{Call, Effect, IdempotencyKey, PaymentKey};
///
/// let key = PaymentKey::parse("tviva20260801120000AbC12")?;
/// let escrow = Call::post(
///     Effect::Issue, // by this its error codes are read: it moves no money
///     "/v1/payments/{paymentKey}/escrow",
///     &[key.expose()],
///     IdempotencyKey::derive("escrow", &key)?,
///     r#"{"deliveryCompany":"CJ"}"#,
/// );
/// let answer = client.call(&escrow).await?; // a 200 with JSON; everything else is an error, as for other calls
/// println!("{}", answer.raw);
/// client.call(&Call::get("/v1/news", &[]).query("page", "2")).await?;
/// client.call(&Call::delete("/v1/news/{number}", &["7"])).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    method: Method,
    effect: Effect,
    template: &'static str,
    values: Vec<String>,
    query: Vec<(String, String)>,
    json: Option<String>,
    key: Option<IdempotencyKey>,
}

impl Call {
    /// Asks for something.
    #[must_use]
    pub fn get(template: &'static str, values: &[&str]) -> Call {
        Call::new(Method::GET, Effect::Lookup, template, values)
    }

    /// Has something done. The body is JSON text and is sent as it is.
    #[must_use]
    pub fn post(effect: Effect, template: &'static str, values: &[&str], key: IdempotencyKey, json: impl Into<String>) -> Call {
        Call { key: Some(key), json: Some(json.into()), ..Call::new(Method::POST, effect, template, values) }
    }

    /// Takes something away.
    #[must_use]
    pub fn delete(template: &'static str, values: &[&str]) -> Call {
        Call::new(Method::DELETE, Effect::Cancel, template, values)
    }

    fn new(method: Method, effect: Effect, template: &'static str, values: &[&str]) -> Call {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Call { method, effect, template, values, query: Vec::new(), json: None, key: None }
    }

    /// One more parameter behind the question mark.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Call {
        self.query.push((name.into(), value.into()));
        self
    }
}

/// Shows what a log may see: neither values nor bodies.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("template", &self.template)
            .field("effect", &self.effect)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a call for which there is no method. `Ok` is a 200 with JSON, or with nothing where something was taken away; what
    /// it says is for the caller to judge, beginning with whether it is about what was asked for.
    ///
    /// # Errors
    /// As for [`Client::confirm`].
    pub async fn call(&self, call: &Call) -> Result<Response<()>, Error> {
        let values: Vec<&str> = call.values.iter().map(String::as_str).collect();
        let answer = self
            .send(Outgoing {
                method: call.method.clone(),
                template: call.template,
                values: &values,
                query: &call.query,
                json: call.json.clone(),
                key: call.key.as_ref(),
                body_max: BODY_MAX,
            })
            .await?;
        let may_be_empty = call.method == Method::DELETE;
        answer.read(call.effect, if may_be_empty { nothing_or_json } else { json })
    }
}

/// Any JSON at all: the page of a proxy is no answer of Toss.
fn json(text: &str) -> Result<(), DecodeError> {
    serde_json::from_str::<&RawValue>(crate::json::without_bom(text)).map(|_| ()).map_err(|_| DecodeError::NotJson)
}

/// What a deletion is answered with.
pub(crate) fn nothing_or_json(text: &str) -> Result<(), DecodeError> {
    if text.trim().is_empty() { Ok(()) } else { json(text) }
}

/// A call on its way.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: Method,
    pub(crate) template: &'a str,
    pub(crate) values: &'a [&'a str],
    pub(crate) query: &'a [(String, String)],
    pub(crate) json: Option<String>,
    pub(crate) key: Option<&'a IdempotencyKey>,
    pub(crate) body_max: usize,
}

impl Client {
    pub(crate) async fn get(&self, template: &str, values: &[&str]) -> Result<Answer, Error> {
        let method = Method::GET;
        self.send(Outgoing { method, template, values, query: &[], json: None, key: None, body_max: BODY_MAX }).await
    }

    /// Asks for a list.
    pub(crate) async fn list(&self, template: &str, query: &[(&str, String)]) -> Result<Answer, Error> {
        let query: Vec<(String, String)> = query.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let (method, body_max) = (Method::GET, crate::answer::LIST_MAX);
        self.send(Outgoing { method, template, values: &[], query: &query, json: None, key: None, body_max }).await
    }

    pub(crate) async fn delete(&self, template: &str, values: &[&str]) -> Result<Answer, Error> {
        let method = Method::DELETE;
        self.send(Outgoing { method, template, values, query: &[], json: None, key: None, body_max: BODY_MAX }).await
    }

    pub(crate) async fn post(&self, template: &str, values: &[&str], key: &IdempotencyKey, json: String) -> Result<Answer, Error> {
        let (method, json, key) = (Method::POST, Some(json), Some(key));
        self.send(Outgoing { method, template, values, query: &[], json, key, body_max: BODY_MAX }).await
    }
}

/// A call that was held back, because it could do harm or cannot be sent as it is.
pub(crate) fn not_sent(what: &str) -> Error {
    let mut unknown = UnknownOutcome::new(UnknownCause::NotSent);
    unknown.detail = what.to_owned();
    unknown.into()
}

/// Fills a template in, each value encoded so that it stays one segment whatever it contains; `None` where values and braces do
/// not match.
///
/// Encoded here, since [`Url`] itself drops tabs and line breaks: a key without them could be that of another payment.
pub(crate) fn address(base: &Url, template: &str, values: &[&str]) -> Option<Url> {
    let mut whole = base.path().strip_suffix('/').unwrap_or(base.path()).to_owned();
    let mut values = values.iter();
    for part in template.strip_prefix('/')?.split('/') {
        whole.push('/');
        let is_value = part.starts_with('{') && part.ends_with('}');
        let segment = if is_value { values.next()? } else { part };
        // A segment of the template's own that is empty or dots would lead elsewhere, as a value of that kind would.
        if matches!(segment, "" | "." | "..") {
            return None;
        }
        for byte in segment.bytes() {
            // What may stand in a segment as it is (RFC 3986, `pchar`).
            if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
                whole.push(char::from(byte));
            } else {
                write!(whole, "%{byte:02X}").expect("invariant: a String takes whatever is written");
            }
        }
    }
    let mut url = base.clone();
    url.set_path(&whole);
    values.next().is_none().then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(base: &str, template: &str, values: &[&str]) -> Option<String> {
        address(&Url::parse(base).unwrap(), template, values).map(|url| url.to_string())
    }

    #[test]
    fn a_segment_stays_a_segment() {
        let filled = |value| path("https://a.example", "/v1/{key}/x", &[value]).unwrap();
        assert_eq!(path("https://a.example", "/v1/payments", &[]).unwrap(), "https://a.example/v1/payments");
        assert_eq!(path("https://a.example/toss/", "/v1", &[]).unwrap(), "https://a.example/toss/v1");
        // What Toss sent goes back as it came, though a URL drops line breaks: without them it would name another payment.
        assert_eq!(filled("a\nb\tc\rd 키"), "https://a.example/v1/a%0Ab%09c%0Dd%20%ED%82%A4/x");
        assert_eq!(filled("%2e%2e"), "https://a.example/v1/%252e%252e/x");
        assert_eq!(filled("a/../b?c#d%2f\\"), "https://a.example/v1/a%2F..%2Fb%3Fc%23d%252f%5C/x");
        assert_eq!(filled("{other}"), "https://a.example/v1/%7Bother%7D/x");
        assert_eq!(path("https://a.example/%7Eshop/", "/v1", &[]).unwrap(), "https://a.example/%7Eshop/v1");
    }

    #[test]
    fn a_template_that_leads_elsewhere_or_does_not_fit_is_no_address() {
        for (template, values) in [
            ("v1/payments", &[][..]),
            ("/v1//payments", &[]),
            ("/v1/../payments", &[]),
            ("/v1/{key}", &[]),
            ("/v1/{key}", &[".."]),
            ("/v1/{key}", &[""]),
            ("/v1/{key}", &["a", "b"]),
            ("/v1/key", &["a"]),
        ] {
            assert_eq!(path("https://a.example", template, values), None, "{template} {values:?}");
        }
    }

    #[test]
    fn a_call_prints_neither_values_nor_bodies() {
        let key = IdempotencyKey::parse("attempt-0001").unwrap();
        let call = Call::post(Effect::Charge, "/v1/{billingKey}", &["Z_t5vOvQxrj4499P"], key, r#"{"amount":4900}"#).query("card", "9410");
        let shown = format!("{call:?}");
        assert!(shown.contains("/v1/{billingKey}"), "{shown}");
        assert!(!["Z_t5", "4900", "9410", "attempt-0001"].iter().any(|hidden| shown.contains(hidden)), "{shown}");
    }
}
