//! Tells a merchant's system of orders: one POST per message, signed by Standard Webhooks (<https://www.standardwebhooks.com>), so
//! that libraries which exist for most languages verify it.

mod address;
mod secret;

pub use address::{WebhookUrl, WebhookUrlError};
pub use secret::{WebhookSecret, WebhookSecretError};

use super::{Courier, Message, Undelivered};
use crate::clock::{Clock, SystemClock};
use crate::store::OrderRecord;
use async_trait::async_trait;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use rustls::crypto::CryptoProvider;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Enough for a handshake across the world.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For a whole delivery: a receiver answers first and works then. Less than the engine waits for a courier.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Shorter than the minute after which servers usually hang up.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// How much of an answer is read, in bytes, so that its connection serves again. What it says does not matter.
const ANSWER_MAX: usize = 64 * 1024;
/// How much of a cause is kept, in characters.
const CAUSE_MAX: usize = 200;

/// Posts messages to a merchant's system.
///
/// Delivered is what is answered by a status from 200 to 299 within 20 s. 410 ends the message; after anything else, redirects among
/// it, it is tried again, and of 429 and 503 the header `Retry-After` counts, in seconds. No proxy is used, whatever the environment
/// names.
///
/// ```
/// use payment_engine::outbox::{WebhookCourier, WebhookSecret, WebhookUrl};
///
/// let url = WebhookUrl::parse("https://erp.shop.example/orders")?;
/// let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// let courier = WebhookCourier::new(url, secret)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WebhookCourier {
    http: reqwest::Client,
    url: WebhookUrl,
    secrets: Vec<WebhookSecret>,
    clock: Arc<dyn Clock>,
}

/// Why a courier cannot be set up.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookSetupError {
    /// The feature `ring` is off and the process has installed no provider for rustls.
    #[error("there is no cryptography for webhooks: switch the feature `ring` on, or install a provider of rustls before")]
    NoCryptoProvider,
    /// The system's certificates cannot be read.
    #[error("TLS cannot be set up for webhooks; see to the certificates of the system: {0}")]
    Tls(String),
    /// The HTTP client refuses its settings.
    #[error("the HTTP client for webhooks cannot be set up: {0}")]
    Http(String),
}

impl WebhookCourier {
    /// To that address, signed with that secret. Opens no connection and needs no runtime; the certificates of the system are read for
    /// `https` only.
    ///
    /// # Errors
    /// [`WebhookSetupError`].
    pub fn new(url: WebhookUrl, secret: WebhookSecret) -> Result<WebhookCourier, WebhookSetupError> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(url.is_https())?)
            .https_only(url.is_https())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .user_agent(concat!("payment-engine/", env!("CARGO_PKG_VERSION")))
            // Who has moved says so to the shop; a message goes nowhere else by itself.
            .redirect(reqwest::redirect::Policy::none())
            // The outbox tries again, and counts.
            .retry(reqwest::retry::never())
            .no_proxy()
            // Names are looked up as the system does, also where another crate switches a resolver of its own on.
            .no_hickory_dns()
            .referer(false)
            .build()
            .map_err(|error| WebhookSetupError::Http(root(&error)))?;
        Ok(WebhookCourier { http, url, secrets: vec![secret], clock: Arc::new(SystemClock) })
    }

    /// Signed with this secret too, while the receiver goes over from one to the other: it takes what one of them has signed.
    ///
    /// ```
    /// use payment_engine::outbox::{WebhookCourier, WebhookSecret, WebhookUrl};
    ///
    /// let new = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
    /// let old = WebhookSecret::parse("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")?;
    /// let courier = WebhookCourier::new(WebhookUrl::parse("https://erp.shop.example/orders")?, new)?.also_signed_with(old);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn also_signed_with(mut self, secret: WebhookSecret) -> WebhookCourier {
        self.secrets.push(secret);
        self
    }

    /// With another clock, which dates the signatures.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> WebhookCourier {
        self.clock = Arc::new(clock);
        self
    }

    async fn post(&self, message: &Message) -> Result<Response, reqwest::Error> {
        let timestamp = self.clock.now_ms().div_euclid(1_000);
        let signatures: Vec<_> = self.secrets.iter().map(|secret| secret.sign(&message.id, timestamp, &message.body)).collect();
        let request = self.http.post(self.url.to_url()).header(CONTENT_TYPE, "application/json");
        let request = request.header("webhook-id", &message.id).header("webhook-timestamp", timestamp);
        request.header("webhook-signature", signatures.join(" ")).body(message.body.clone()).send().await
    }
}

/// Of where it goes, scheme and host; of its secrets, how many.
impl fmt::Debug for WebhookCourier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookCourier").field("url", &self.url).field("secrets", &self.secrets.len()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Courier for WebhookCourier {
    fn channel(&self) -> &'static str {
        "webhook"
    }

    async fn deliver(&self, message: &Message, _order: &OrderRecord) -> Result<(), Undelivered> {
        let response = self.post(message).await.map_err(|error| unsent(&error))?;
        let judged = judge(response.status(), response.headers());
        drain(response).await;
        judged
    }
}

/// What an answer means for the message. Of the answer's own words none is kept: they are whoever's.
fn judge(status: StatusCode, headers: &HeaderMap) -> Result<(), Undelivered> {
    if status.is_success() {
        return Ok(());
    }
    if status == StatusCode::GONE {
        return Err(Undelivered::never("answered 410: nobody listens there any more"));
    }
    if status.is_redirection() {
        return Err(Undelivered::again(format!("answered {}: redirects are not followed", status.as_u16())));
    }
    let undelivered = Undelivered::again(format!("answered {}", status.as_u16()));
    let asks = status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE;
    // The other form, a date, would need a clock that agrees with the receiver's.
    let seconds = headers.get(RETRY_AFTER).filter(|_| asks).and_then(|value| value.to_str().ok()?.parse().ok());
    Err(match seconds {
        Some(seconds) => undelivered.retry_after(Duration::from_secs(seconds)),
        None => undelivered,
    })
}

/// The status has decided; how the rest ends does not matter.
async fn drain(mut response: Response) {
    let mut left = ANSWER_MAX;
    while let Ok(Some(chunk)) = response.chunk().await {
        let Some(rest) = left.checked_sub(chunk.len()) else { return };
        left = rest;
    }
}

/// Why there is no answer, without the address.
fn unsent(error: &reqwest::Error) -> Undelivered {
    if error.is_builder() {
        return Undelivered::never("its id cannot be written into a header");
    }
    Undelivered::again(if error.is_connect() && error.is_timeout() {
        format!("no connection within {} s", CONNECT_TIMEOUT.as_secs())
    } else if error.is_timeout() {
        format!("no answer within {} s", TIMEOUT.as_secs())
    } else if causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::ConnectionRefused)
    {
        "connection refused".to_owned()
    } else if error.is_connect() {
        format!("no connection: {}", root(error))
    } else {
        format!("the connection broke: {}", root(error))
    })
}

fn causes<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| (*error).source())
}

/// What is at the bottom of an error. Those above it may name the address.
fn root(error: &reqwest::Error) -> String {
    let cause = causes(error).skip(1).last().map_or_else(|| "no more is known".to_owned(), ToString::to_string);
    cause.chars().take(CAUSE_MAX).collect()
}

/// Without `https` no certificate is ever asked for, and reading those of the system would only slow the start.
fn tls(is_https: bool) -> Result<rustls::ClientConfig, WebhookSetupError> {
    let failed = |error: rustls::Error| WebhookSetupError::Tls(error.to_string());
    let provider = provider().ok_or(WebhookSetupError::NoCryptoProvider)?;
    let config = rustls::ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().map_err(failed)?;
    let config = if is_https {
        let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(failed)?;
        config.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
    } else {
        config.with_root_certificates(rustls::RootCertStore::empty())
    };
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What the process has chosen for itself; ring where it has chosen nothing.
fn provider() -> Option<Arc<CryptoProvider>> {
    let chosen = CryptoProvider::get_default().cloned();
    #[cfg(feature = "ring")]
    let chosen = chosen.or_else(|| Some(Arc::new(rustls::crypto::ring::default_provider())));
    chosen
}
