//! What may differ from call to call.

use super::{BuildError, Client};
use crate::answer::{IDEMPOTENCY_KEY, TEST_CODE};
use crate::error::ErrorCode;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST,
    HeaderName, HeaderValue, RANGE, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use std::fmt;
use std::time::Duration;

/// What may differ from call to call; what is not set stays as the client has it. For [`Client::with`].
///
/// ```
/// use toss_payments::{CallOptions, Client, ErrorCode, SecretKey};
///
/// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).build()?;
/// let declining = client.with(&CallOptions::new().test_code(ErrorCode::RejectCardCompany))?;
/// assert!(client.with(&CallOptions::new().header("Authorization", "Basic …")).is_err(), "the client's own business");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CallOptions {
    timeout: Option<Duration>,
    language: Option<String>,
    test_code: Option<ErrorCode>,
    headers: Vec<(String, String)>,
}

impl CallOptions {
    /// Nothing differs.
    #[must_use]
    pub fn new() -> CallOptions {
        CallOptions::default()
    }

    /// How long a whole call may take, from its start to the last byte of the answer.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> CallOptions {
        self.timeout = Some(timeout);
        self
    }

    /// The header `Accept-Language`, such as `en-US`; see [`ClientBuilder::accept_language`](super::ClientBuilder::accept_language).
    #[must_use]
    pub fn language(mut self, language: impl Into<String>) -> CallOptions {
        self.language = Some(language.into());
        self
    }

    /// Makes Toss answer every POST with this error (header `TossPayments-Test-Code`, test keys only).
    #[must_use]
    pub fn test_code(mut self, code: ErrorCode) -> CallOptions {
        self.test_code = Some(code);
        self
    }

    /// One more header, such as `TossPayments-MID`. Those that the client itself sends cannot be replaced.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> CallOptions {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(super) fn apply(&self, client: &mut Client) -> Result<(), BuildError> {
        if let Some(timeout) = self.timeout {
            if timeout.is_zero() {
                return Err(BuildError::ZeroTimeout);
            }
            client.timeout = timeout;
        }
        if let Some(language) = &self.language {
            client.headers.insert(ACCEPT_LANGUAGE, header("Accept-Language", language)?);
        }
        if let Some(code) = &self.test_code {
            client.test_code = Some(test_code(code, client.is_live)?);
        }
        for (name, value) in &self.headers {
            let unusable = || BuildError::Header(name.clone());
            let parsed = HeaderName::try_from(name.as_str()).map_err(|_| unusable())?;
            if is_reserved(&parsed) {
                return Err(unusable());
            }
            let mut value = header(name, value)?;
            value.set_sensitive(true);
            client.headers.insert(parsed, value);
        }
        Ok(())
    }
}

/// What the client sends itself, what would change how bodies are written (an answer that cannot be read is an outcome that nobody
/// knows), and what belongs to the connection.
fn is_reserved(name: &HeaderName) -> bool {
    let ours = [&AUTHORIZATION, &ACCEPT, &ACCEPT_LANGUAGE, &CONTENT_TYPE, &HOST, &USER_AGENT, &IDEMPOTENCY_KEY, &TEST_CODE];
    let of_bodies = [&ACCEPT_ENCODING, &CONTENT_ENCODING, &CONTENT_LENGTH, &TRANSFER_ENCODING, &RANGE, &EXPECT];
    let of_connections = [&CONNECTION, &TE, &TRAILER, &UPGRADE];
    ours.contains(&name) || of_bodies.contains(&name) || of_connections.contains(&name) || name.as_str().starts_with("proxy-")
}

/// The value of a header of one's own may be a secret.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("language", &self.language)
            .field("test_code", &self.test_code)
            .field("headers", &names)
            .finish()
    }
}

/// A value that arrives as it is: `HeaderValue` alone would take any UTF-8, of which everybody on the way makes something else.
pub(super) fn header(name: &str, text: &str) -> Result<HeaderValue, BuildError> {
    let is_printable = !text.trim().is_empty() && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    HeaderValue::from_str(text).ok().filter(|_| is_printable).ok_or_else(|| BuildError::Header(name.to_owned()))
}

/// Toss takes a test code that it does not see for none, and answers as if there were no test; with a live key it does so always.
pub(super) fn test_code(code: &ErrorCode, is_live: bool) -> Result<HeaderValue, BuildError> {
    const NAME: &str = "TossPayments-Test-Code";
    if is_live {
        return Err(BuildError::TestCodeWithLiveKey);
    }
    if !ErrorCode::is_plausible(code.as_str()) {
        return Err(BuildError::Header(NAME.to_owned()));
    }
    header(NAME, code.as_str())
}
