//! The transport that comes along: reqwest and rustls, HTTP/1.1 and HTTP/2.

use super::{Exchange, Limits, Transport, TransportError, TransportFailure, crypto};
use crate::client::BuildError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Shorter than the minute after which servers usually hang up, so that no request meets a closing connection and becomes an
/// unknown outcome for nothing.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// How often a connection over HTTP/2 is asked whether it lives, and how long it may take to say so: less than a look-up waits.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(3);
/// Enough for a handshake across the world; longer means a firewall (Toss docs, glossary "timeout").
pub(crate) const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What can be set about it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct UsualSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) proxy: Option<String>,
    pub(crate) roots_pem: Vec<Vec<u8>>,
}

impl Default for UsualSettings {
    fn default() -> UsualSettings {
        UsualSettings { connect_timeout: DEFAULT_CONNECT_TIMEOUT, proxy: None, roots_pem: Vec::new() }
    }
}

/// The address of a proxy may have a password in it.
impl fmt::Debug for UsualSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UsualSettings { connect_timeout, proxy, roots_pem } = self;
        f.debug_struct("UsualSettings")
            .field("connect_timeout", connect_timeout)
            .field("has_proxy", &proxy.is_some())
            .field("roots", &roots_pem.len())
            .finish()
    }
}

#[derive(Debug)]
pub(crate) struct Usual(reqwest::Client);

impl Usual {
    /// Opens no connection and needs no runtime; the certificates of the system are read for `https` only.
    pub(crate) fn new(settings: &UsualSettings, is_https: bool) -> Result<Usual, BuildError> {
        if settings.connect_timeout.is_zero() {
            return Err(BuildError::ZeroTimeout);
        }
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(is_https, &settings.roots_pem)?)
            .https_only(is_https)
            .connect_timeout(settings.connect_timeout)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // Not those that the environment names: the secret key goes where the shop says, and nowhere else.
            .no_proxy()
            // Names are looked up as the system does, also where another crate switches a resolver of its own on.
            .no_hickory_dns()
            .referer(false)
            // A connection that has died without a word is noticed while it is idle, not by the next payment.
            .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL)
            .http2_keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
            .http2_keep_alive_while_idle(true)
            // The body is kept as received, also where another crate switches decompression on.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd();
        if let Some(proxy) = &settings.proxy {
            // By CONNECT: the proxy sees the name of Toss's machine and nothing of what is said to it.
            builder = builder.proxy(reqwest::Proxy::https(proxy).map_err(|_| BuildError::Proxy)?);
        }
        Ok(Usual(builder.build().map_err(BuildError::http)?))
    }
}

impl Transport for Usual {
    fn exchange(&self, request: http::Request<String>, limits: Limits) -> Exchange<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            // An empty body would be announced by a length on some methods.
            let body = (!body.is_empty()).then_some(body).map_or_else(reqwest::Body::default, reqwest::Body::from);
            let mut request = reqwest::Request::try_from(http::Request::from_parts(parts, body)).map_err(|error| broken(error, None))?;
            *request.timeout_mut() = Some(limits.timeout);
            let response = self.0.execute(request).await.map_err(|error| broken(error, None))?;
            read(response, limits).await
        })
    }
}

async fn read(mut response: reqwest::Response, limits: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
    let mut whole = http::Response::new(Vec::new());
    *whole.status_mut() = response.status();
    *whole.version_mut() = response.version();
    *whole.headers_mut() = std::mem::take(response.headers_mut());
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if whole.body().len() + chunk.len() <= limits.body_max => whole.body_mut().extend_from_slice(&chunk),
            Ok(Some(_)) => return Err(TransportError::new(TransportFailure::BodyTooLarge).after(whole)),
            Ok(None) => return Ok(whole),
            Err(error) => return Err(broken(error, Some(whole))),
        }
    }
}

/// Only a connection that never came about proves that nothing was sent.
fn broken(error: reqwest::Error, begun: Option<http::Response<Vec<u8>>>) -> TransportError {
    let failure = if error.is_connect() || error.is_builder() {
        TransportFailure::NotSent
    } else if error.is_timeout() {
        TransportFailure::TimedOut
    } else {
        TransportFailure::Reset
    };
    // The address contains the payment key.
    let error = TransportError::new(failure).caused_by(error.without_url());
    match begun {
        Some(begun) => error.after(begun),
        None => error,
    }
}

/// Without `https` no certificate is ever asked for, and reading those of the system would only slow the start.
fn tls(is_https: bool, roots_pem: &[Vec<u8>]) -> Result<rustls::ClientConfig, BuildError> {
    let provider = crypto::provider().ok_or(BuildError::NoCryptoProvider)?;
    let config = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(BuildError::tls)?;
    let config = if is_https {
        let mut roots = Vec::new();
        for pem in roots_pem {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                roots.push(certificate.map_err(|_| BuildError::RootCertificates)?);
            }
            if roots.len() == before {
                return Err(BuildError::RootCertificates);
            }
        }
        let verifier = Verifier::new_with_extra_roots(roots, provider).map_err(BuildError::tls)?;
        config.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
    } else {
        config.with_root_certificates(rustls::RootCertStore::empty())
    };
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
