//! The client: how to reach Toss, and nothing that is particular to one endpoint.

use crate::error::ErrorCode;
use crate::keys::SecretKey;
use crate::transport::chain;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, HeaderValue};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// A client for one secret key. Cheap to clone; clones share their connections.
///
/// Redirects are not followed, no proxy is used, and nothing is repeated that may have reached Toss.
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
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Url,
    pub(crate) test_code: Option<HeaderValue>,
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
        ClientBuilder {
            key,
            base_url: ClientBuilder::DEFAULT_BASE_URL.to_owned(),
            connect_timeout: ClientBuilder::DEFAULT_CONNECT_TIMEOUT,
            timeout: ClientBuilder::DEFAULT_TIMEOUT,
            user_agent: concat!("toss-payments/", env!("CARGO_PKG_VERSION")).to_owned(),
            accept_language: None,
            test_code: None,
        }
    }

    /// Whether the key moves real money.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.is_live
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
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("status", &self.status)
            .field("trace_id", &self.trace_id)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Client`] before it is built.
///
/// ```
/// use std::time::Duration;
/// use toss_payments::{Client, ClientBuilder, ErrorCode, SecretKey};
///
/// let builder: ClientBuilder = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?)
///     .connect_timeout(Duration::from_secs(3))
///     .user_agent("my-shop/1.0")
///     .accept_language("en-US")
///     .test_code(ErrorCode::RejectCardCompany);
/// assert!(builder.build().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    key: SecretKey,
    base_url: String,
    connect_timeout: Duration,
    timeout: Duration,
    user_agent: String,
    accept_language: Option<String>,
    test_code: Option<ErrorCode>,
}

impl ClientBuilder {
    /// The real Toss (Toss docs `/reference`).
    pub const DEFAULT_BASE_URL: &'static str = "https://api.tosspayments.com";
    /// Enough for a handshake across the world; longer means a firewall (Toss docs, glossary "timeout").
    pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
    /// Assumed for confirm: Toss documents at least 60 s for other calls that wait for a card company.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
    /// Shorter than the minute after which servers usually hang up, so that no request meets a closing connection and
    /// becomes an unknown outcome for nothing.
    const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(20);

    /// Where Toss is. Plain `http` is allowed to this machine only: the key travels in every request.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> ClientBuilder {
        self.base_url = url.into();
        self
    }

    /// How long a connection may take to come about.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.connect_timeout = timeout;
        self
    }

    /// How long a whole call may take, from its start to the last byte of the answer.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.timeout = timeout;
        self
    }

    /// The header `User-Agent`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> ClientBuilder {
        self.user_agent = user_agent.into();
        self
    }

    /// The header `Accept-Language`, such as `en-US`. Toss then translates messages, and the Korean words among the
    /// fields too (`method`, `cardType` …), which are read as `Unknown`.
    #[must_use]
    pub fn accept_language(mut self, language: impl Into<String>) -> ClientBuilder {
        self.accept_language = Some(language.into());
        self
    }

    /// Makes Toss answer every POST with this error (header `TossPayments-Test-Code`, test keys only).
    #[must_use]
    pub fn test_code(mut self, code: ErrorCode) -> ClientBuilder {
        self.test_code = Some(code);
        self
    }

    /// Builds the client. Opens no connection and needs no runtime; the certificates of the system are read for `https`
    /// only.
    ///
    /// # Errors
    /// [`BuildError`], which never contains the key.
    pub fn build(self) -> Result<Client, BuildError> {
        let base_url = parse_base_url(&self.base_url)?;
        if self.timeout.is_zero() || self.connect_timeout.is_zero() {
            return Err(BuildError::ZeroTimeout);
        }
        if self.test_code.is_some() && self.key.is_live() {
            return Err(BuildError::TestCodeWithLiveKey);
        }
        let header = |name, text: &str| {
            // `HeaderValue` alone would take any UTF-8, of which everybody on the way makes something else.
            let is_printable = !text.trim().is_empty() && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
            HeaderValue::from_str(text).ok().filter(|_| is_printable).ok_or(BuildError::Header(name))
        };
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, basic(&self.key));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(language) = &self.accept_language {
            headers.insert(ACCEPT_LANGUAGE, header("Accept-Language", language)?);
        }
        let test_code = match &self.test_code {
            // Toss takes a test code that it does not see for none, and answers as if there were no test.
            Some(code) if !ErrorCode::is_plausible(code.as_str()) => return Err(BuildError::Header("TossPayments-Test-Code")),
            Some(code) => Some(header("TossPayments-Test-Code", code.as_str())?),
            None => None,
        };
        let https = base_url.scheme() == "https";
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(https)?)
            .https_only(https)
            .default_headers(headers)
            .user_agent(header("User-Agent", &self.user_agent)?)
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .pool_idle_timeout(ClientBuilder::POOL_IDLE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            // The body is kept as received, also where another crate switches decompression on.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .build()
            .map_err(|error| BuildError::Http(chain(&error)))?;
        Ok(Client { http, base_url, test_code, is_live: self.key.is_live() })
    }
}

/// Why a client cannot be built.
///
/// ```
/// use toss_payments::{BuildError, Client, ErrorCode, SecretKey};
///
/// let live = || SecretKey::parse("live_gsk_0123456789abcdef").map(Client::builder);
/// assert_eq!(live()?.base_url("http://api.example").build().err(), Some(BuildError::InsecureBaseUrl));
/// assert_eq!(live()?.test_code(ErrorCode::RejectCardCompany).build().err(), Some(BuildError::TestCodeWithLiveKey));
/// # Ok::<(), toss_payments::KeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum BuildError {
    /// Not an address of the form `https://host` or `https://host/prefix`.
    #[error("the base URL is not an http(s) address without user, query and fragment")]
    BaseUrl,
    /// Plain `http` to another machine would show the secret key to the network.
    #[error("the base URL is plain http to another machine; only 127.0.0.1, [::1] and localhost may do without https")]
    InsecureBaseUrl,
    /// A time-out of zero would fail every call.
    #[error("a time-out is zero")]
    ZeroTimeout,
    /// Toss ignores the test code with a live key and would charge.
    #[error("a test code with a live key: Toss would ignore it and charge")]
    TestCodeWithLiveKey,
    /// A value that cannot be sent as a header: empty, or with anything but printable ASCII; for a test code, no code.
    #[error("the value for the header {0} cannot be sent")]
    Header(&'static str),
    /// The system's certificates cannot be read.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// The HTTP client refuses its settings.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(String),
}

fn parse_base_url(text: &str) -> Result<Url, BuildError> {
    let url = Url::parse(text).map_err(|_| BuildError::BaseUrl)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    let Some(host) = url.host_str().filter(|_| plain) else {
        return Err(BuildError::BaseUrl);
    };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_this_machine = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_this_machine => Ok(url),
        "http" => Err(BuildError::InsecureBaseUrl),
        _ => Err(BuildError::BaseUrl),
    }
}

/// `Basic base64("<secret key>:")`, the key as user, an empty password, padded (Toss docs
/// `/reference/using-api/authorization`).
fn basic(key: &SecretKey) -> HeaderValue {
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(format!("{}:", key.expose()))))
        .expect("invariant: base64 is visible ASCII");
    value.set_sensitive(true);
    value
}

/// TLS by rustls with ring, without touching the process-wide default provider.
///
/// Without `https` no certificate is ever asked for, and reading those of the system would only slow the start.
fn tls(https: bool) -> Result<rustls::ClientConfig, BuildError> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let failed = |error: rustls::Error| BuildError::Tls(error.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(failed)?;
    let config = if https {
        config.with_platform_verifier().map_err(failed)?
    } else {
        config.with_root_certificates(rustls::RootCertStore::empty())
    };
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests;
