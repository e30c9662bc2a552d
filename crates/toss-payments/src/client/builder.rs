//! Settings of a client, and why they cannot be.

use super::{CallOptions, Client, options};
use crate::answer::chain;
use crate::error::ErrorCode;
use crate::keys::SecretKey;
use crate::transport::{Transport, Usual, UsualSettings};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HeaderValue, USER_AGENT};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use url::Url;

/// Settings of a [`Client`] before it is built.
///
/// ```
/// use std::time::Duration;
/// use toss_payments::{Client, ClientBuilder, ErrorCode, SecretKey};
///
/// let builder: ClientBuilder = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?)
///     .timeout(Duration::from_secs(30))
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
    timeout: Duration,
    user_agent: String,
    options: CallOptions,
    allow_plain_http: bool,
    pub(super) usual: UsualSettings,
    transport: Option<Arc<dyn Transport>>,
    around: Option<Around>,
}

type Wrap = dyn Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync;

#[derive(Clone)]
struct Around(Arc<Wrap>);

impl std::fmt::Debug for Around {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Around(…)")
    }
}

impl ClientBuilder {
    /// The real Toss (Toss docs `/reference`).
    pub const DEFAULT_BASE_URL: &'static str = "https://api.tosspayments.com";
    /// Assumed for confirm: Toss documents at least 60 s for other calls that wait for a card company.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

    pub(super) fn new(key: SecretKey) -> ClientBuilder {
        ClientBuilder {
            key,
            base_url: ClientBuilder::DEFAULT_BASE_URL.to_owned(),
            timeout: ClientBuilder::DEFAULT_TIMEOUT,
            user_agent: concat!("toss-payments/", env!("CARGO_PKG_VERSION")).to_owned(),
            options: CallOptions::new(),
            allow_plain_http: false,
            usual: UsualSettings::default(),
            transport: None,
            around: None,
        }
    }

    /// Where Toss is. Plain `http` is allowed to this machine only: the key travels in every request.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> ClientBuilder {
        self.base_url = url.into();
        self
    }

    /// Lets a client with a test key speak plain `http` to another machine, such as `http://sandbox:3100` in a network of
    /// containers. Everybody on the way sees the key. With a live key it stays refused.
    ///
    /// ```
    /// use toss_payments::{Client, SecretKey};
    ///
    /// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).base_url("http://sandbox:3100").allow_plain_http().build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn allow_plain_http(mut self) -> ClientBuilder {
        self.allow_plain_http = true;
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
    /// fields too (`method`, `cardType` …), of which only some are known here: others are read as `Unknown`.
    #[must_use]
    pub fn accept_language(mut self, language: impl Into<String>) -> ClientBuilder {
        self.options = self.options.language(language);
        self
    }

    /// Makes Toss answer every POST with this error (header `TossPayments-Test-Code`, test keys only).
    #[must_use]
    pub fn test_code(mut self, code: ErrorCode) -> ClientBuilder {
        self.options = self.options.test_code(code);
        self
    }

    /// With a transport of one's own in place of the one that comes along.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> ClientBuilder {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// With a transport around the one that there would be, for counters, a circuit breaker, a log of one's own. Where it is called
    /// again, the later one is around the earlier.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use toss_payments::http::Request;
    /// use toss_payments::transport::{Exchange, Limits, Transport};
    /// use toss_payments::{Client, SecretKey};
    ///
    /// #[derive(Debug)]
    /// struct Counting(Arc<dyn Transport>, AtomicU64);
    ///
    /// impl Transport for Counting {
    ///     fn exchange(&self, request: Request<String>, limits: Limits) -> Exchange<'_> {
    ///         self.1.fetch_add(1, Ordering::Relaxed);
    ///         self.0.exchange(request, limits)
    ///     }
    /// }
    ///
    /// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?)
    ///     .around_transport(|inner| Counting(inner, AtomicU64::new(0)))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn around_transport<T: Transport>(mut self, around: impl Fn(Arc<dyn Transport>) -> T + Send + Sync + 'static) -> ClientBuilder {
        let within = self.around.take();
        self.around = Some(Around(Arc::new(move |inner| {
            let inner = match &within {
                Some(Around(within)) => within(inner),
                None => inner,
            };
            Arc::new(around(inner))
        })));
        self
    }

    /// Builds the client. Opens no connection and needs no runtime; the certificates of the system are read for `https`
    /// only.
    ///
    /// # Errors
    /// [`BuildError`], which never contains the key.
    pub fn build(self) -> Result<Client, BuildError> {
        let base_url = parse_base_url(&self.base_url, self.allow_plain_http && !self.key.is_live())?;
        if self.timeout.is_zero() {
            return Err(BuildError::ZeroTimeout);
        }
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, basic(&self.key));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        // Nothing here unpacks a body.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(USER_AGENT, options::header("User-Agent", &self.user_agent)?);
        let transport: Arc<dyn Transport> = match self.transport {
            None => Arc::new(Usual::new(&self.usual, base_url.scheme() == "https")?),
            Some(transport) if self.usual == UsualSettings::default() => transport,
            Some(_) => return Err(BuildError::TwoTransports),
        };
        let transport = match self.around {
            Some(Around(around)) => around(transport),
            None => transport,
        };
        let (fingerprint, is_live) = (self.key.fingerprint(), self.key.is_live());
        let mut client = Client { transport, base_url, headers, timeout: self.timeout, test_code: None, fingerprint, is_live };
        self.options.apply(&mut client)?;
        Ok(client)
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
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Not an address of the form `https://host` or `https://host/prefix`.
    #[error("the base URL is not an http(s) address without user, query and fragment")]
    BaseUrl,
    /// Plain `http` to another machine would show the secret key to the network.
    #[error(
        "the base URL is plain http to another machine; only 127.0.0.1, [::1] and localhost may do without https, and with a test key \
         those that `allow_plain_http` lets"
    )]
    InsecureBaseUrl,
    /// A time-out of zero would fail every call.
    #[error("a time-out is zero")]
    ZeroTimeout,
    /// Toss ignores the test code with a live key and would charge.
    #[error("a test code with a live key: Toss would ignore it and charge")]
    TestCodeWithLiveKey,
    /// A header that cannot be sent: its value is empty or has anything but printable ASCII, it is no test code, or its name is
    /// one that the client itself sends.
    #[error("the header {0} cannot be sent")]
    Header(String),
    /// Not the address of a proxy.
    #[error("the address of the proxy cannot be read")]
    Proxy,
    /// Not certificates in PEM.
    #[error("the root certificates cannot be read: they have to be in PEM, one at least")]
    RootCertificates,
    /// The feature `reqwest` is off and no transport was given.
    #[error("there is no transport: switch the feature `reqwest` on, or give one of your own")]
    NoTransport,
    /// A transport was given, and the one that comes along was set up.
    #[error("a transport of one's own beside settings (connect time-out, proxy, root certificates) of the usual one, which it replaces")]
    TwoTransports,
    /// The feature `ring` is off and the process has installed no provider for rustls.
    #[error("there is no cryptography: switch the feature `ring` on, or install a provider of rustls before")]
    NoCryptoProvider,
    /// The system's certificates cannot be read.
    #[error("TLS cannot be set up: {text}")]
    #[non_exhaustive]
    Tls {
        /// Why, with its causes.
        text: String,
        /// What failed.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// The HTTP client refuses its settings.
    #[error("the HTTP client cannot be set up: {text}")]
    #[non_exhaustive]
    Http {
        /// Why, with its causes.
        text: String,
        /// What failed.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
}

/// Two are equal where they say the same.
impl PartialEq for BuildError {
    fn eq(&self, other: &BuildError) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for BuildError {}

#[cfg_attr(not(feature = "reqwest"), expect(dead_code, reason = "only the usual transport fails so"))]
impl BuildError {
    pub(crate) fn tls(error: impl std::error::Error + Send + Sync + 'static) -> BuildError {
        BuildError::Tls { text: chain(&error), source: Arc::new(error) }
    }

    pub(crate) fn http(error: impl std::error::Error + Send + Sync + 'static) -> BuildError {
        BuildError::Http { text: chain(&error), source: Arc::new(error) }
    }
}

fn parse_base_url(text: &str, allow_plain_http: bool) -> Result<Url, BuildError> {
    let url = Url::parse(text).map_err(|_| BuildError::BaseUrl)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    let Some(host) = url.host_str().filter(|_| plain) else {
        return Err(BuildError::BaseUrl);
    };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_this_machine = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_this_machine || allow_plain_http => Ok(url),
        "http" => Err(BuildError::InsecureBaseUrl),
        _ => Err(BuildError::BaseUrl),
    }
}

/// `Basic base64("<secret key>:")`, the key as user, an empty password, padded (Toss docs
/// `/reference/using-api/authorization`).
pub(super) fn basic(key: &SecretKey) -> HeaderValue {
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(format!("{}:", key.expose()))))
        .expect("invariant: base64 is visible ASCII");
    value.set_sensitive(true);
    value
}
