//! The client: how to reach Toss, and nothing that is particular to one endpoint.

mod builder;
mod options;
#[cfg(feature = "reqwest")]
mod usual;

pub use builder::{BuildError, ClientBuilder};
pub use options::CallOptions;

use crate::keys::SecretKey;
use crate::transport::Transport;
use http::{HeaderMap, HeaderValue};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// A client for one secret key. Cheap to clone; clones share their connections.
///
/// Redirects are not followed, no proxy is used that was not named, and nothing is repeated that may have reached Toss.
///
/// ```
/// use toss_payments::{Client, SecretKey};
///
/// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).build()?;
/// assert!(!format!("{client:?}").contains("0123456789abcdef"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) base_url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) test_code: Option<HeaderValue>,
    fingerprint: String,
    is_live: bool,
}

impl Client {
    /// Starts a client with this key, for the real Toss, with the time-outs of a payment.
    ///
    /// ```
    /// use std::time::Duration;
    /// use toss_payments::{Client, SecretKey};
    ///
    /// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?)
    ///     .base_url("http://127.0.0.1:4000")
    ///     .timeout(Duration::from_secs(30))
    ///     .build()?;
    /// assert!(!client.is_live());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn builder(key: SecretKey) -> ClientBuilder {
        ClientBuilder::new(key)
    }

    /// Whether the key moves real money.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.is_live
    }

    /// How long a whole call may take.
    ///
    /// ```
    /// use toss_payments::{Client, ClientBuilder, SecretKey};
    ///
    /// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).build()?;
    /// assert_eq!(client.timeout(), ClientBuilder::DEFAULT_TIMEOUT);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What tells the key of this client from others and says nothing about it ([`SecretKey::fingerprint`]).
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The same client with other options, for one call or for many. It shares key and connections with this one.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client, key: toss_payments::PaymentKey) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use toss_payments::CallOptions;
    ///
    /// let hurried = CallOptions::new().timeout(Duration::from_secs(5)).language("en-US");
    /// let payment = client.with(&hurried)?.payment(&key).await?.value;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`BuildError`] for a value that cannot be sent, a time-out of zero, and a test code with a live key.
    pub fn with(&self, options: &CallOptions) -> Result<Client, BuildError> {
        let mut client = self.clone();
        options.apply(&mut client)?;
        Ok(client)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base_url.as_str()).field("is_live", &self.is_live).finish_non_exhaustive()
    }
}

/// A successful answer.
///
/// ```no_run
/// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use toss_payments::{OrderId, Payment, Response};
///
/// let answer: Response<Payment> = client.payment_by_order(&OrderId::parse("order-20260801-0001")?).await?;
/// let stored: &str = &answer.raw; // reads back as the same payment, with this version and with later ones
/// assert_eq!(Payment::from_json(stored)?, answer.value);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response<T> {
    /// What Toss said, typed.
    pub value: T,
    /// What Toss said, byte for byte. Store it: it has the fields that this version does not know. It also has the
    /// payment key and the webhook secret, so that printing leaves it out.
    pub raw: String,
    /// The HTTP status.
    pub status: u16,
    /// The header `x-tosspayments-trace-id`; on a replayed answer the new and the original id, separated by a comma.
    pub trace_id: Option<String>,
    /// How often the call was made until this answer came: 1, or what [`Retry`](crate::Retry) needed.
    pub attempts: u32,
}

impl<T> Response<T> {
    /// A first answer of status 200 without a trace id; for the tests of who calls. The rest can be set.
    #[must_use]
    pub fn new(value: T, raw: impl Into<String>) -> Response<T> {
        Response { value, raw: raw.into(), status: 200, trace_id: None, attempts: 1 }
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("status", &self.status)
            .field("trace_id", &self.trace_id)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
