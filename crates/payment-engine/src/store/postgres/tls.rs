//! TLS to the database, by rustls and the roots that the system trusts.

use super::address::BadPostgresUrl;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Socket;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

/// How safe the way to the server has to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    /// Never TLS.
    Plain,
    /// TLS where the server has it, and whoever that is.
    Preferred,
    /// TLS, with whoever that is.
    Required,
    /// TLS with a server whose certificate somebody signed who is trusted.
    Signed,
    /// TLS with a server of that very name.
    Named,
}

/// How safe the way has to be, who is trusted, and what the server is shown.
#[derive(Clone)]
pub(super) struct Security {
    mode: Mode,
    roots: Option<String>,
    shown: Option<(String, String)>,
}

impl Security {
    pub(super) fn parse(
        mode: Option<&str>,
        roots: Option<String>,
        certificate: Option<String>,
        key: Option<String>,
    ) -> Result<Security, BadPostgresUrl> {
        let mode = match mode.unwrap_or("prefer") {
            "disable" | "allow" => Mode::Plain,
            "prefer" => Mode::Preferred,
            "require" => Mode::Required,
            "verify-ca" => Mode::Signed,
            "verify-full" => Mode::Named,
            _ => return Err(BadPostgresUrl::new("has an sslmode that is none of disable, allow, prefer, require, verify-ca, verify-full")),
        };
        let shown = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(BadPostgresUrl::new("has one of sslcert and sslkey, which go together")),
        };
        Ok(Security { mode, roots, shown })
    }

    pub(super) fn asked(&self) -> SslMode {
        match self.mode {
            Mode::Plain => SslMode::Disable,
            Mode::Preferred => SslMode::Prefer,
            Mode::Required | Mode::Signed | Mode::Named => SslMode::Require,
        }
    }

    /// Reads the files that it names.
    pub(super) fn tls(&self) -> Result<Tls, Box<dyn std::error::Error + Send + Sync>> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
        let verifier: Arc<dyn ServerCertVerifier> = match self.mode {
            Mode::Plain | Mode::Preferred | Mode::Required => Arc::new(Lenient { signed: None, provider }),
            Mode::Signed => Arc::new(Lenient { signed: Some(self.signed(provider.clone())?), provider }),
            Mode::Named => self.signed(provider)?,
        };
        let config = config.dangerous().with_custom_certificate_verifier(verifier);
        let config = match &self.shown {
            None => config.with_no_client_auth(),
            Some((certificate, key)) => {
                let certificates = CertificateDer::pem_slice_iter(&pem(certificate)?).collect::<Result<Vec<_>, _>>()?;
                config.with_client_auth_cert(certificates, PrivateKeyDer::from_pem_slice(&pem(key)?)?)?
            }
        };
        Ok(Tls(Arc::new(config)))
    }

    fn signed(&self, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Box<dyn std::error::Error + Send + Sync>> {
        let mut roots = RootCertStore::empty();
        // What of it cannot be read is trusted by nobody.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(own) = &self.roots {
            for root in CertificateDer::pem_slice_iter(&pem(own)?) {
                roots.add(root?)?;
            }
        }
        Ok(WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build()?)
    }
}

/// A text in PEM, or the file that it stands in.
fn pem(text: &str) -> io::Result<Vec<u8>> {
    let text = text.trim();
    if text.starts_with("-----BEGIN ") {
        return Ok(text.as_bytes().to_owned());
    }
    std::fs::read(text).map_err(|error| io::Error::new(error.kind(), format!("{text}: {error}")))
}

/// Whoever it is, or whoever is signed, under any name. He has to have the key of the certificate that he shows.
#[derive(Debug)]
struct Lenient {
    /// Asked first, where somebody has to be trusted. It compares names last, so that all else has been verified then.
    signed: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.signed.as_ref().map(|signed| signed.verify_server_cert(certificate, between, name, ocsp, now)) {
            None
            | Some(Err(Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }))) => {
                Ok(ServerCertVerified::assertion())
            }
            Some(verified) => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Makes TLS of a connection.
#[derive(Clone)]
pub(super) struct Tls(Arc<ClientConfig>);

pub(super) struct Named {
    config: Arc<ClientConfig>,
    name: String,
}

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Stream;
    type TlsConnect = Named;
    type Error = io::Error;

    fn make_tls_connect(&mut self, name: &str) -> io::Result<Named> {
        Ok(Named { config: self.0.clone(), name: name.to_owned() })
    }
}

impl TlsConnect<Socket> for Named {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move {
            let name = ServerName::try_from(self.name).map_err(io::Error::other)?;
            Ok(Stream(TlsConnector::from(self.config).connect(name, socket).await?))
        })
    }
}

/// A connection with TLS.
pub(super) struct Stream(tokio_rustls::client::TlsStream<Socket>);

impl TlsStream for Stream {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
