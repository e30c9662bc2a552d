//! Addresses: where something listens, and where something is reached.

use super::{ConfigError, refuse};
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

/// What an address is for.
#[derive(Debug)]
pub(super) struct Wanted {
    name: &'static str,
    example: &'static str,
}

pub(super) const PUBLIC: Wanted = Wanted { name: "PUBLIC_URL", example: "https://shop.example" };
pub(super) const TOSS_API: Wanted = Wanted { name: "TOSS_API_URL", example: "http://127.0.0.1:3100" };
pub(super) const TOSS_WIDGET: Wanted = Wanted { name: "TOSS_WIDGET_URL", example: "http://127.0.0.1:3100/v1/payment-widget" };
pub(super) const MAIL: Wanted = Wanted { name: "MAIL_TRANSPORT", example: "smtps://user:password@smtp.example" };

impl Wanted {
    fn refuse<T>(&self, reason: &str) -> Result<T, ConfigError> {
        refuse(format!("{} {reason}; set it to an address such as {}", self.name, self.example))
    }
}

/// An address of the web without user, query and fragment. Displayed as browsers write it: they compare origins as text.
#[derive(Debug)]
pub(super) struct Address {
    https: bool,
    host: Host,
    /// Where it is another than the scheme implies.
    port: Option<u16>,
    /// Empty, or with the slash that it begins with.
    path: String,
}

#[derive(Debug)]
enum Host {
    Name(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

impl Address {
    /// Scheme, host and port.
    pub(super) fn origin(wanted: &Wanted, value: &str) -> Result<Address, ConfigError> {
        let address = Address::url(wanted, value.trim_end_matches('/'))?;
        if address.path.is_empty() { Ok(address) } else { wanted.refuse("has a path") }
    }

    /// Scheme, host and port, and a path where there is one.
    pub(super) fn url(wanted: &Wanted, value: &str) -> Result<Address, ConfigError> {
        let https = without_scheme(value, "https://");
        let Some(rest) = https.or_else(|| without_scheme(value, "http://")) else {
            return wanted.refuse("does not begin with http:// or https://");
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
        if path.contains('?') {
            return wanted.refuse("has a query, which begins at the ?");
        }
        if path.contains('#') {
            return wanted.refuse("has a fragment, which begins at the #");
        }
        if !path.chars().all(stands_for_itself) {
            return wanted.refuse("has a character in its path that an address holds percent-encoded only");
        }
        if authority.contains('@') {
            return wanted.refuse("has a user or a password, which end at the @");
        }
        if !authority.is_ascii() {
            return wanted.refuse("has a host with letters that are not ASCII, which has to be in punycode (xn--…)");
        }
        let host_ends = if authority.starts_with('[') { authority.find(']').map(|at| at + 1) } else { authority.find(':') };
        let (host, port) = authority.split_at(host_ends.unwrap_or(authority.len()));
        let Some(host) = Host::parse(&host.to_ascii_lowercase()) else {
            return wanted.refuse("has a host that is neither a name, nor an IPv4 address, nor an IPv6 address in [brackets]");
        };
        let implied = if https.is_some() { 443 } else { 80 };
        let port = match parse_port(port) {
            _ if port.is_empty() => None,
            Some(port) => Some(port).filter(|port| *port != implied),
            None => return wanted.refuse("has a port that is not a number from 1 to 65535"),
        };
        Ok(Address { https: https.is_some(), host, port, path: path.to_owned() })
    }

    /// An address that a content security policy can name: it has no word for IPv6 (CSP 3, host-source).
    pub(super) fn of_a_page(wanted: &Wanted, value: &str) -> Result<Address, ConfigError> {
        let address = Address::url(wanted, value)?;
        match address.host {
            Host::Name(_) | Host::V4(_) => Ok(address),
            Host::V6(_) => wanted.refuse("is an IPv6 address, which a content security policy cannot name"),
        }
    }

    /// The host alone, an IPv6 address without brackets: as it is looked up.
    pub(super) fn host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.clone(),
            Host::V4(ip) => ip.to_string(),
            Host::V6(ip) => ip.to_string(),
        }
    }

    /// Whether nobody but this machine can come by it.
    pub(super) fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Name(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::V4(ip) => ip.is_loopback(),
            Host::V6(ip) => ip.is_loopback(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.https { "https://" } else { "http://" })?;
        match &self.host {
            Host::Name(name) => f.write_str(name)?,
            Host::V4(ip) => write!(f, "{ip}")?,
            Host::V6(ip) => write!(f, "[{ip}]")?,
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.path)
    }
}

impl Host {
    /// `text` is in small letters.
    fn parse(text: &str) -> Option<Host> {
        if let Some(inside) = text.strip_prefix('[') {
            return inside.strip_suffix(']')?.parse().ok().map(Host::V6);
        }
        // Browsers take everything whose last part is a number for an IPv4 address, in forms that nobody expects.
        let last = text.rsplit('.').next()?;
        let hexadecimal = last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if hexadecimal || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())) {
            return text.parse().ok().map(Host::V4);
        }
        is_dns_name(text).then(|| Host::Name(text.to_owned()))
    }
}

fn is_dns_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let made_of = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(made_of) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// `text` is a colon and digits.
fn parse_port(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(':')?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u16>().ok())?.filter(|port| *port > 0)
}

/// Quotation marks, commas and semicolons would also end an entry of the content security policy.
fn stands_for_itself(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | ';' | ',' | '\\' | '`' | '{' | '}' | '|' | '^')
}

fn without_scheme<'a>(value: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = value.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// Where to listen: an IP address and a port, or `localhost` and a port. Other names may mean several addresses, or
/// another one tomorrow.
pub(super) fn socket_addr(name: &str, example: &str, value: &str) -> Result<SocketAddr, ConfigError> {
    let (host, port) = value.rsplit_once(':').unwrap_or((value, ""));
    let numeric = if host.eq_ignore_ascii_case("localhost") { format!("127.0.0.1:{port}") } else { value.to_owned() };
    numeric.parse().or_else(|_| refuse(format!("{name} is not an IP address, or localhost, with a port; set it to one such as {example}")))
}

/// The same, where pages load something from: see [`Address::of_a_page`].
pub(super) fn page_socket_addr(name: &str, example: &str, value: &str) -> Result<SocketAddr, ConfigError> {
    match socket_addr(name, example, value)? {
        SocketAddr::V6(_) => {
            refuse(format!("{name} is an IPv6 address, which a content security policy cannot name; set it to one such as {example}"))
        }
        addr => Ok(addr),
    }
}

/// A port by itself.
pub(super) fn port(name: &str, value: &str) -> Result<u16, ConfigError> {
    parse_port(&format!(":{value}")).map_or_else(|| refuse(format!("{name} is not a number from 1 to 65535; set it to one")), Ok)
}

/// Scheme, host and port of a URL, as a content security policy wants them.
#[must_use]
pub fn origin_of(url: &str) -> &str {
    let host_from = url.find("://").map_or(0, |at| at + 3);
    url[host_from..].find('/').map_or(url, |slash| &url[..host_from + slash])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use toss_widget::Sdk;

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        for (value, origin) in [
            ("https://shop.example", "https://shop.example"),
            ("HTTPS://Shop.Example:443/", "https://shop.example"),
            ("http://shop.example:0080", "http://shop.example"),
            ("http://shop.example:443", "http://shop.example:443"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[0:0::1]:3000", "http://[::1]:3000"),
            ("https://xn--9n2bp8q.example", "https://xn--9n2bp8q.example"),
            ("http://localhost:65535", "http://localhost:65535"),
        ] {
            assert_eq!(Address::origin(&PUBLIC, value).unwrap().to_string(), origin, "{value}");
        }
        let widget = "http://localhost:3100/v1/Payment-Widget";
        assert_eq!(Address::url(&TOSS_WIDGET, widget).unwrap().to_string(), widget, "paths keep their letters");
    }

    #[test]
    fn what_is_no_origin_is_refused_with_its_reason() {
        for (value, reason) in [
            ("shop.example", "begin"),
            ("ftp://shop.example", "begin"),
            ("https:/", "begin"),
            ("https://shop.example?x", "query"),
            ("https://shop.example/?x", "query"),
            ("https://shop.example#x", "fragment"),
            ("https://user:hunter2@shop.example", "password"),
            ("https://user@shop.example", "password"),
            ("https://shop.example:99999", "port"),
            ("https://shop.example:65536", "port"),
            ("https://shop.example:0", "port"),
            ("https://shop.example:", "port"),
            ("https://shop.example:+80", "port"),
            ("https://shop.example:80:80", "port"),
            ("https://[::1]3000", "port"),
            ("https://*", "host"),
            ("https://*.shop.example", "host"),
            ("https://", "begin"),
            ("https://:3000", "host"),
            ("https://-shop.example", "host"),
            ("https://shop..example", "host"),
            ("https://shop.example.", "host"),
            ("https://shop_1.example", "host"),
            ("https://256.1.1.1", "host"),
            ("https://1.2.3", "host"),
            ("https://127.0.0.0x1", "host"),
            ("https://::1", "host"),
            ("https://[::1", "host"),
            ("https://[shop]", "host"),
            ("https://shop.example; script-src *", "host"),
            ("https://상점.example", "punycode"),
            ("https://shop.example/path", "path"),
            ("https://shop.example/a;b", "path"),
            ("https://shop.example\\@evil.example", "path"),
        ] {
            let error = Address::origin(&PUBLIC, value).expect_err(value).0;
            assert!(error.starts_with("PUBLIC_URL ") && error.contains(reason), "{value} -> {error}");
            assert!(!error.contains("hunter2") && !error.contains("evil"), "{error}");
        }
        assert!(Address::url(&TOSS_WIDGET, "https://shop.example/widget?key=hunter2").unwrap_err().0.starts_with("TOSS_WIDGET_URL "));
    }

    #[test]
    fn this_machine_is_told_from_others() {
        for (value, loopback) in [
            ("http://localhost:3000", true),
            ("http://shop.localhost", true),
            ("http://127.8.9.1", true),
            ("http://[::1]", true),
            ("http://192.168.0.2:3000", false),
            ("http://0.0.0.0:3000", false),
            ("http://localhost.example", false),
            ("http://[::2]", false),
        ] {
            assert_eq!(Address::origin(&PUBLIC, value).unwrap().is_loopback(), loopback, "{value}");
        }
    }

    #[test]
    fn localhost_is_an_address_to_listen_at() {
        let at = |value| socket_addr("METRICS_ADDR", "127.0.0.1:9090", value);
        assert_eq!(at("localhost:3000").unwrap().to_string(), "127.0.0.1:3000");
        assert_eq!(at("LOCALHOST:0").unwrap().to_string(), "127.0.0.1:0");
        assert_eq!(at("0.0.0.0:3000").unwrap().to_string(), "0.0.0.0:3000");
        assert_eq!(at("[::1]:3000").unwrap().to_string(), "[::1]:3000");
        for value in [
            "localhost",
            "localhost:",
            "localhost:+1",
            "localhost:99999",
            "hunter2:80",
            "3000",
            ":3000",
            "127.0.0.1",
            "http://127.0.0.1:80",
        ] {
            let error = at(value).expect_err(value).0;
            assert!(error.starts_with("METRICS_ADDR ") && error.contains("127.0.0.1:9090") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn origins_are_cut_out_of_urls() {
        assert_eq!(origin_of(Sdk::V2.default_src()), origin_of(Sdk::V1.default_src()));
        assert_eq!(origin_of("https://shop.example/a/b"), "https://shop.example");
        assert_eq!(origin_of("http://127.0.0.1:3100"), "http://127.0.0.1:3100");
    }

    #[test]
    fn what_a_page_loads_from_has_no_ipv6_address() {
        for value in ["[::1]:3100", "[::]:3100", "[::ffff:127.0.0.1]:3100"] {
            let error = page_socket_addr("SANDBOX_ADDR", "127.0.0.1:3100", value).expect_err(value).0;
            assert!(error.starts_with("SANDBOX_ADDR is an IPv6") && error.contains("127.0.0.1:3100"), "{error}");
            let error = Address::of_a_page(&TOSS_WIDGET, &format!("http://{value}/v1/payment-widget")).expect_err(value).0;
            assert!(error.starts_with("TOSS_WIDGET_URL is an IPv6") && error.contains("http://127.0.0.1:3100"), "{error}");
        }
        assert!(
            page_socket_addr("SANDBOX_ADDR", "", "localhost:3100").is_ok() && page_socket_addr("SANDBOX_ADDR", "", "0.0.0.0:3100").is_ok()
        );
        assert!(Address::of_a_page(&TOSS_WIDGET, "http://127.0.0.1:3100/v1/payment-widget").is_ok());
        assert!(Address::url(&TOSS_API, "http://[::1]:3100").is_ok(), "no page loads anything from there");
    }

    proptest! {
        /// The form in which it is written is itself accepted, and says the same.
        #[test]
        fn an_origin_reads_as_itself(value in "https?://[a-z0-9.:\\[\\]-]{1,12}") {
            if let Ok(address) = Address::origin(&PUBLIC, &value) {
                let written = address.to_string();
                prop_assert_eq!(Address::origin(&PUBLIC, &written).unwrap().to_string(), written.as_str());
                prop_assert_eq!(origin_of(&written), written.as_str());
            }
        }
    }
}
