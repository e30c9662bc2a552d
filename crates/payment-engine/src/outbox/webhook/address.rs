//! Where a merchant's system is.

use reqwest::Url;
use std::fmt;
use std::net::IpAddr;

/// The address that messages are posted to: `https`, or `http` to this machine. Printing shows scheme and host: path and query may be
/// secrets.
///
/// ```
/// use payment_engine::outbox::{WebhookUrl, WebhookUrlError};
///
/// let url = WebhookUrl::parse("https://erp.shop.example/toss?token=hunter2")?;
/// assert_eq!(format!("{url:?}"), "WebhookUrl(https://erp.shop.example/…)");
/// assert_eq!(WebhookUrl::parse("http://erp.shop.example/").err(), Some(WebhookUrlError::PlainHttp));
/// # Ok::<(), WebhookUrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

/// Why a text is no address for messages. Never carries the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookUrlError {
    /// Not an address of the web, or one with a fragment, which no server sees.
    #[error("the address of a webhook is one such as https://shop.example/orders, without a fragment, and this is not")]
    NotAnAddress,
    /// A user or a password in it would end in logs on the way.
    #[error(
        "the address of a webhook has a user or a password, which end at the @: leave them out; the receiver knows by the signature \
         who calls"
    )]
    Credentials,
    /// Everybody on the way would see who has bought what.
    #[error(
        "the address of a webhook is plain http to another machine: give its https address; http is for 127.0.0.1, [::1] and localhost \
         only"
    )]
    PlainHttp,
}

impl WebhookUrl {
    /// Reads an address. Nothing is trimmed.
    ///
    /// # Errors
    /// [`WebhookUrlError`].
    pub fn parse(text: &str) -> Result<WebhookUrl, WebhookUrlError> {
        // What is read more kindly than it is written comes of a mistake.
        if text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\') {
            return Err(WebhookUrlError::NotAnAddress);
        }
        let url = Url::parse(text).map_err(|_| WebhookUrlError::NotAnAddress)?;
        let is_https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(WebhookUrlError::NotAnAddress),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WebhookUrlError::Credentials);
        }
        if url.fragment().is_some() {
            return Err(WebhookUrlError::NotAnAddress);
        }
        if is_https || is_this_machine(&url) { Ok(WebhookUrl(url)) } else { Err(WebhookUrlError::PlainHttp) }
    }

    pub(super) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub(super) fn to_url(&self) -> Url {
        self.0.clone()
    }
}

/// Names below `localhost` are not this machine everywhere.
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookUrl({}/…)", self.0.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_go_over_https_or_stay_on_this_machine() {
        for text in [
            "https://shop.example",
            "https://shop.example:8443/orders?tenant=7",
            "HTTPS://SHOP.example/",
            "https://10.0.0.1/",
            "http://localhost:3000/orders",
            "http://127.8.9.1:3000",
            "http://[::1]:3000/",
        ] {
            assert!(WebhookUrl::parse(text).is_ok(), "{text}");
        }
        for (text, expected) in [
            ("", WebhookUrlError::NotAnAddress),
            ("shop.example/orders", WebhookUrlError::NotAnAddress),
            ("ftp://shop.example", WebhookUrlError::NotAnAddress),
            ("https://", WebhookUrlError::NotAnAddress),
            (" https://shop.example", WebhookUrlError::NotAnAddress),
            ("https://shop.\nexample", WebhookUrlError::NotAnAddress),
            ("https:\\\\shop.example", WebhookUrlError::NotAnAddress),
            ("https://shop.example/#hunter2", WebhookUrlError::NotAnAddress),
            ("https://user:hunter2@shop.example", WebhookUrlError::Credentials),
            ("https://hunter2@shop.example", WebhookUrlError::Credentials),
            ("http://127.0.0.1@shop.example", WebhookUrlError::Credentials),
            ("http://shop.example/hunter2", WebhookUrlError::PlainHttp),
            ("http://192.168.0.2", WebhookUrlError::PlainHttp),
            ("http://0.0.0.0:3000", WebhookUrlError::PlainHttp),
            ("http://[::2]", WebhookUrlError::PlainHttp),
            ("http://localhost.example", WebhookUrlError::PlainHttp),
            ("http://shop.localhost", WebhookUrlError::PlainHttp),
        ] {
            let error = WebhookUrl::parse(text).expect_err(text);
            assert_eq!(error, expected, "{text}");
            let error = error.to_string();
            assert!(!error.contains("hunter2") && !error.contains('\n'), "{error}");
        }
    }
}
