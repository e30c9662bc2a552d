//! Settings of the transport that comes along.

use super::ClientBuilder;
use crate::transport::DEFAULT_CONNECT_TIMEOUT;
use std::time::Duration;

impl ClientBuilder {
    /// Enough for a handshake across the world; longer means a firewall (Toss docs, glossary "timeout").
    pub const DEFAULT_CONNECT_TIMEOUT: Duration = DEFAULT_CONNECT_TIMEOUT;

    /// How long a connection may take to come about (feature `reqwest`).
    ///
    /// ```
    /// use std::time::Duration;
    /// use toss_payments::{Client, SecretKey};
    ///
    /// let patient = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).connect_timeout(Duration::from_secs(10)).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.usual.connect_timeout = timeout;
        self
    }

    /// A proxy to go through, such as `http://user:password@proxy.internal:3128` (feature `reqwest`). It is asked to connect to
    /// Toss (`CONNECT`) and sees nothing of what is said. Without this none is used, whatever the environment names; plain `http`
    /// to this machine never goes through one.
    ///
    /// ```
    /// use toss_payments::{Client, SecretKey};
    ///
    /// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).proxy("http://proxy.internal:3128").build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> ClientBuilder {
        self.usual.proxy = Some(url.into());
        self
    }

    /// Certificates in PEM that are trusted besides the system's, for a proxy that looks inside or a Toss of one's own (feature
    /// `reqwest`). Can be called more than once.
    ///
    /// ```no_run
    /// use toss_payments::{Client, SecretKey};
    ///
    /// let roots = std::fs::read("/etc/ssl/company.pem")?;
    /// let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).root_certificates(roots).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> ClientBuilder {
        self.usual.roots_pem.push(pem.into());
        self
    }
}
