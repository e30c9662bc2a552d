//! Where webhooks go. Loopback addresses, unless more was allowed when the sandbox was started.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::EventType;

/// So many URLs can be registered at once.
pub const MAX_REGISTRATIONS: usize = 20;
const MAX_URL_CHARS: usize = 2_000;

/// A URL that is told about events, as one registers it in Toss's developer centre.
///
/// ```
/// use toss_sandbox::{Config, EventType, Registration, Sandbox};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start(Config::default()).await?;
/// let deposits = Registration::of("http://127.0.0.1:3000/deposits", [EventType::DepositCallback]);
/// sandbox.control().register_webhook(&deposits)?;
/// assert_eq!(sandbox.control().registrations(), [deposits]);
/// let elsewhere = Registration::new("http://shop.example/webhooks");
/// assert!(sandbox.control().register_webhook(&elsewhere).is_err(), "not without `allow_remote_webhooks`");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Registration {
    /// `http://127.0.0.1:3000/webhooks`
    pub url: String,
    /// Which events; those about payments if not said.
    #[serde(default = "of_payments")]
    pub events: Vec<EventType>,
}

fn of_payments() -> Vec<EventType> {
    EventType::OF_PAYMENTS.to_vec()
}

impl Registration {
    /// Tells `url` about payments.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), events: of_payments() }
    }

    /// Tells `url` about `events` and nothing else.
    pub fn of(url: impl Into<String>, events: impl Into<Vec<EventType>>) -> Self {
        Self { url: url.into(), events: events.into() }
    }
}

/// Why a URL was not registered.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TargetRefused {
    /// Not an absolute URL, or a very long one.
    #[error("the webhook URL {0:?} is not a URL such as http://127.0.0.1:3000/webhooks")]
    NotAUrl(String),
    /// The sandbox speaks no TLS.
    #[error("the webhook URL {0:?} must start with http:// (the sandbox speaks no TLS)")]
    NotHttp(String),
    /// A name and a password in the URL.
    #[error("the webhook URL must not hold a user name or a password")]
    Credentials,
    /// Not on this machine.
    #[error("webhooks go to this machine only, not to {0}; start the sandbox with --allow-remote-webhooks to change that")]
    Remote(String),
    /// A registration for no event.
    #[error("name at least one event type for the webhook URL")]
    NoEvents,
    /// [`MAX_REGISTRATIONS`] URLs are registered.
    #[error("{MAX_REGISTRATIONS} webhook URLs are registered already")]
    TooMany,
}

/// A checked URL.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Target {
    url: Url,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Target").field(&self.url.as_str()).finish()
    }
}

impl Target {
    pub(crate) fn parse(text: &str, allow_remote: bool) -> Result<Self, TargetRefused> {
        let refused = || TargetRefused::NotAUrl(text.chars().take(100).collect());
        if text.len() > MAX_URL_CHARS {
            return Err(refused());
        }
        let mut url = Url::parse(text).map_err(|_| refused())?;
        if url.scheme() != "http" {
            return Err(TargetRefused::NotHttp(text.to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetRefused::Credentials);
        }
        let is_local = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => return Err(refused()),
        };
        if !is_local && !allow_remote {
            return Err(TargetRefused::Remote(url.host_str().unwrap_or_default().to_owned()));
        }
        url.set_fragment(None);
        Ok(Self { url })
    }

    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// The `Host` header.
    pub(crate) fn authority(&self) -> &str {
        self.url.authority()
    }

    /// Path and query, the target of the request line.
    pub(crate) fn path_and_query(&self) -> &str {
        &self.url[url::Position::BeforePath..url::Position::AfterQuery]
    }

    /// `host:port`, for the resolver.
    pub(crate) fn address(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        format!("{host}:{}", self.url.port_or_known_default().unwrap_or(80))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_a_target_unless_more_is_allowed() {
        for url in ["http://127.0.0.1:3000/hook?a=1", "http://localhost/", "http://[::1]:80/x", "http://127.9.9.9/"] {
            assert!(Target::parse(url, false).is_ok(), "{url}");
        }
        for url in
            ["http://192.168.0.7/", "http://example.com/", "http://localhost.example.com/", "http://[2001:db8::1]/", "http://0.0.0.0/"]
        {
            assert!(matches!(Target::parse(url, false), Err(TargetRefused::Remote(_))), "{url}");
            assert!(Target::parse(url, true).is_ok(), "{url}");
        }
        assert!(matches!(Target::parse("https://127.0.0.1/", true), Err(TargetRefused::NotHttp(_))));
        assert!(matches!(Target::parse("http://a:b@127.0.0.1/", true), Err(TargetRefused::Credentials)));
        assert!(matches!(Target::parse("/webhooks", true), Err(TargetRefused::NotAUrl(_))));
    }

    #[test]
    fn a_target_knows_what_a_request_needs() {
        let target = Target::parse("http://[::1]:3000/a/b?c=d#e", false).expect("a loopback URL");
        assert_eq!((target.address().as_str(), target.path_and_query()), ("[::1]:3000", "/a/b?c=d"));
        assert_eq!(target.authority(), "[::1]:3000");
    }
}
