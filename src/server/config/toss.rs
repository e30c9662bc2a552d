//! Which Toss: the offline one in this process, or one that is reached by URL.

use super::address::{self, Address, page_socket_addr};
use super::{ConfigError, refuse};
use std::net::SocketAddr;
use toss_payments::{ClientKey, KeyFamily, SecretKey};
use toss_widget::Sdk;

/// Where the real Toss answers (Toss docs, /reference).
pub const TOSS_API_URL: &str = "https://api.tosspayments.com";

pub(super) const DEFAULT_SANDBOX_ADDR: &str = "127.0.0.1:3100";

/// Which Toss.
#[derive(Debug)]
pub enum TossConfig {
    /// The offline Toss inside this process, on an origin of its own: `SANDBOX_ADDR`.
    Sandbox(SocketAddr),
    /// A Toss that is reached by URL.
    Remote(RemoteToss),
}

/// Keys and addresses of a Toss outside this process.
#[derive(Clone, Debug)]
pub struct RemoteToss {
    /// Public: `TOSS_CLIENT_KEY`.
    pub client_key: ClientKey,
    /// Secret: `TOSS_SECRET_KEY`.
    pub secret_key: SecretKey,
    /// `TOSS_API_URL`, by default [`TOSS_API_URL`].
    pub api_url: String,
    /// `TOSS_WIDGET_URL`, by default Toss's own, [`Sdk::default_src`].
    pub widget_url: String,
}

pub(super) fn read(get: &impl Fn(&str) -> Option<String>, sdk: Sdk) -> Result<TossConfig, ConfigError> {
    let (api_url, widget_url) = (get("TOSS_API_URL"), get("TOSS_WIDGET_URL"));
    let (client_key, secret_key) = match (get("TOSS_CLIENT_KEY"), get("TOSS_SECRET_KEY")) {
        (Some(client), Some(secret)) => (client, secret),
        (Some(_), None) => return refuse("TOSS_CLIENT_KEY is set and TOSS_SECRET_KEY is not: set both, or neither for the sandbox"),
        (None, Some(_)) => return refuse("TOSS_SECRET_KEY is set and TOSS_CLIENT_KEY is not: set both, or neither for the sandbox"),
        (None, None) if api_url.is_some() || widget_url.is_some() => {
            return refuse(
                "TOSS_API_URL or TOSS_WIDGET_URL is set without keys: set TOSS_CLIENT_KEY and TOSS_SECRET_KEY too, or none of the four",
            );
        }
        (None, None) => {
            let addr = get("SANDBOX_ADDR").unwrap_or_else(|| DEFAULT_SANDBOX_ADDR.to_owned());
            return page_socket_addr("SANDBOX_ADDR", DEFAULT_SANDBOX_ADDR, &addr).map(TossConfig::Sandbox);
        }
    };
    let as_issued = "set it to the key as Toss's console shows it";
    let client_key = ClientKey::parse(&client_key).or_else(|error| refuse(format!("TOSS_CLIENT_KEY: {error}; {as_issued}")))?;
    let secret_key = SecretKey::parse(&secret_key).or_else(|error| refuse(format!("TOSS_SECRET_KEY: {error}; {as_issued}")))?;
    toss_payments::check_pair(&client_key, &secret_key)
        .or_else(|error| refuse(format!("TOSS_CLIENT_KEY and TOSS_SECRET_KEY: {error}; set both to the same pair")))?;
    if client_key.family() != KeyFamily::Widget {
        return refuse("the checkout draws the payment widget: set TOSS_CLIENT_KEY and TOSS_SECRET_KEY to a …_gck_… and …_gsk_… pair");
    }
    Ok(TossConfig::Remote(RemoteToss {
        client_key,
        secret_key,
        api_url: match api_url {
            None => TOSS_API_URL.to_owned(),
            Some(url) => Address::origin(&address::TOSS_API, &url)?.to_string(),
        },
        widget_url: match widget_url {
            None => sdk.default_src().to_owned(),
            Some(url) => Address::of_a_page(&address::TOSS_WIDGET, &url)?.to_string(),
        },
    }))
}
