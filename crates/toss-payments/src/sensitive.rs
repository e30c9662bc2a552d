//! Values that are stored and shown to the one they belong to, but never printed by accident.

use std::fmt;
use subtle::ConstantTimeEq as _;

/// Personal data or a shared secret: an account number, a name, the webhook secret. Printing shows its presence only, and
/// comparing takes equally long wherever two values of one length differ.
///
/// ```
/// use toss_payments::Sensitive;
///
/// let name = Sensitive::new("김토스");
/// assert_eq!(format!("{name:?}"), "Sensitive(…)");
/// assert_eq!(name.expose(), "김토스");
/// ```
#[derive(Clone)]
pub struct Sensitive(String);

impl Sensitive {
    /// Wraps a value.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Sensitive {
        Sensitive(text.into())
    }

    /// The value itself; not for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether somebody who sent this text knows the secret. Compared in constant time; an empty secret proves nothing.
    ///
    /// ```
    /// use toss_payments::Sensitive;
    ///
    /// let stored = Sensitive::new("ps_made-up");
    /// assert!(stored.matches("ps_made-up") && !stored.matches("ps_made-UP"));
    /// assert!(!Sensitive::new("").matches(""));
    /// ```
    #[must_use]
    pub fn matches(&self, sent: &str) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(sent.as_bytes()))
    }
}

impl PartialEq for Sensitive {
    fn eq(&self, other: &Sensitive) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Sensitive {}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sensitive(…)")
    }
}

/// An address that Toss sent. Receipt and checkout links contain the payment key, so that printing shows the host only.
///
/// ```
/// use toss_payments::Link;
///
/// let link = Link::new("https://dashboard.tosspayments.com/receipt/redirection?transactionId=abc");
/// assert_eq!(format!("{link:?}"), "Link(dashboard.tosspayments.com/…)");
/// assert!(link.is_https());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Link(String);

impl Link {
    /// Wraps an address.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Link {
        Link(url.into())
    }

    /// The whole address, for the page that links to it; not for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is an `https` address. Anything else (`javascript:`) has no place in a page's `href`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.0.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        // A host name is all that may be shown: `user:password@` and line breaks are not one.
        let plain = host.filter(|h| h.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':')));
        write!(f, "Link({}/…)", plain.unwrap_or("?"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_prints_a_host_or_nothing() {
        for (url, shown) in [
            ("https://a.example?k=secret", "Link(a.example/…)"),
            ("https://user:secret@a.example/", "Link(?/…)"),
            ("javascript:secret", "Link(?/…)"),
            ("https://sec\nret/", "Link(?/…)"),
            ("", "Link(?/…)"),
        ] {
            assert_eq!(format!("{:?}", Link::new(url)), shown);
        }
    }
}
