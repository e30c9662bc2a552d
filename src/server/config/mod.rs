//! The settings: one struct per concern, read once, contradictions refused. `.env.example` lists every variable.
//!
//! An error names the variable, or the line of `.env`, and says what to set. Neither an error nor a warning shows a value:
//! any of them may be a secret that stands in the wrong place.

mod address;
mod database;
mod dotenv;
mod mail;
mod merchant;
mod secret;
mod site;
mod sources;
mod toss;

pub use address::origin_of;
pub use database::StoreConfig;
pub use mail::{Login, MailConfig, MailTransport, Security, Smtp};
pub use merchant::Merchant;
pub use secret::{ApiKey, SessionConfig};
pub use site::site_options;
pub use toss::{RemoteToss, TOSS_API_URL, TossConfig};

use address::Address;
use sources::Sources;
use std::fmt;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;
use toss_widget::Sdk;
use tracing::level_filters::LevelFilter;

const DEFAULT_PUBLIC_URL: &str = "http://127.0.0.1:3000";
const DEFAULT_ORDER_EXPIRES_MINUTES: u64 = 40;
const ORDER_EXPIRES_MINUTES: RangeInclusive<u64> = 10..=1440;
const DEFAULT_MAX_CONNECTIONS: usize = 2048;
const MAX_CONNECTIONS: RangeInclusive<usize> = 16..=65_536;
const DEFAULT_MAX_CONNECTIONS_PER_ADDRESS: usize = 256;
const MIN_CONNECTIONS_PER_ADDRESS: usize = 4;

/// Everything that can be set.
#[derive(Debug)]
pub struct Config {
    /// How the shop is reached.
    pub http: Http,
    /// What holds for orders.
    pub orders: Orders,
    /// What the merchant is told, and has said.
    pub merchant: Merchant,
    /// How shoppers get their mails.
    pub mail: MailConfig,
    /// Which Toss.
    pub toss: TossConfig,
    /// Which of Toss's browser SDKs draws the payment widget: `TOSS_SDK`, default `v1`.
    pub sdk: Sdk,
    /// Where orders are kept.
    pub store: StoreConfig,
    /// How browsers are recognised.
    pub session: SessionConfig,
    /// Where figures about the running server are served: `METRICS_ADDR`. Nowhere unless set.
    pub metrics: Option<SocketAddr>,
    /// The least level that is logged: `LOG`, default `info`.
    pub log: LevelFilter,
    /// Whether `cargo leptos watch` has started the server, and pages reload themselves: `LEPTOS_WATCH`.
    pub is_watched: bool,
    /// What is not wrong but hardly meant, one line each, for the log.
    pub warnings: Vec<String>,
}

/// How the shop is reached.
#[derive(Debug)]
pub struct Http {
    /// Scheme, host and port as shoppers see them, without a slash at the end: `PUBLIC_URL`.
    pub public_url: String,
    /// What a caller of `POST /confirm` has to know, where it is set: `CONFIRM_API_KEY`.
    pub confirm_api_key: Option<ApiKey>,
    /// How many connections are open at once: `MAX_CONNECTIONS`.
    pub max_connections: usize,
    /// How many of them come from one address: `MAX_CONNECTIONS_PER_ADDRESS`. Never more than all.
    pub max_connections_per_address: usize,
}

impl Http {
    /// Whether shoppers come by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// What holds for orders.
#[derive(Debug)]
pub struct Orders {
    /// After how long an order that nobody has paid expires: `ORDER_EXPIRES_MINUTES`.
    pub expire_after: Duration,
    /// The operator's word that a new secret key is of the same account at Toss: `TOSS_SAME_ACCOUNT`.
    pub is_same_account: bool,
}

/// A setting that is wrong or contradicts another: one line that says what to set. Never shows a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

fn refuse<T>(reason: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError(reason.into()))
}

impl Config {
    /// Reads the environment, and for what is not set there the file `.env` of the current folder, if there is one.
    ///
    /// # Errors
    /// The first contradiction, or a file that cannot be read.
    pub fn from_environment() -> Result<Config, ConfigError> {
        let sources = Sources::load()?;
        let mut config = Config::read(|name| sources.get(name))?;
        config.warnings.extend(sources.warnings());
        // Not a setting of the shop's: leptos reads it out of the environment alone, and in a file it would be half set.
        config.is_watched = std::env::var_os("LEPTOS_WATCH").is_some();
        Ok(config)
    }

    /// Reads the settings through `variable`. Empty counts as not set.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let get = sources::checked(&sources::SHOP, variable)?;

        let public = Address::origin(&address::PUBLIC, &get("PUBLIC_URL").unwrap_or_else(|| DEFAULT_PUBLIC_URL.to_owned()))?;
        let most = number("MAX_CONNECTIONS", get("MAX_CONNECTIONS"), DEFAULT_MAX_CONNECTIONS, MAX_CONNECTIONS)?;
        let http = Http {
            public_url: public.to_string(),
            confirm_api_key: get("CONFIRM_API_KEY").map(|key| ApiKey::parse("CONFIRM_API_KEY", &key)).transpose()?,
            max_connections: most,
            max_connections_per_address: number(
                "MAX_CONNECTIONS_PER_ADDRESS",
                get("MAX_CONNECTIONS_PER_ADDRESS"),
                DEFAULT_MAX_CONNECTIONS_PER_ADDRESS.min(most),
                MIN_CONNECTIONS_PER_ADDRESS..=most,
            )?,
        };
        let minutes = number("ORDER_EXPIRES_MINUTES", get("ORDER_EXPIRES_MINUTES"), DEFAULT_ORDER_EXPIRES_MINUTES, ORDER_EXPIRES_MINUTES)?;
        let is_same_account = yes_or_no("TOSS_SAME_ACCOUNT", get("TOSS_SAME_ACCOUNT"))?;
        let orders = Orders { expire_after: Duration::from_secs(minutes * 60), is_same_account };
        let merchant = Merchant::read(&get)?;
        let sdk = match get("TOSS_SDK") {
            None => Sdk::V1,
            Some(word) => Sdk::parse(&word).map_or_else(|| refuse("TOSS_SDK is neither v1 nor v2; set it to one of them"), Ok)?,
        };
        let toss = toss::read(&get, sdk)?;
        let store = StoreConfig::parse(get("DATABASE_URL"))?;
        let mail = MailConfig::read(&get, &store, is_live(&toss))?;
        let session = SessionConfig::parse(get("SESSION_SECRET"), &store)?;
        let metrics = get("METRICS_ADDR").map(|addr| address::socket_addr("METRICS_ADDR", "127.0.0.1:9090", &addr)).transpose()?;
        let log = match get("LOG") {
            None => LevelFilter::INFO,
            Some(level) => level.parse().or_else(|_| refuse("LOG is not a level; set it to off, error, warn, info, debug or trace"))?,
        };
        let allow_sandbox = yes_or_no("ALLOW_SANDBOX", get("ALLOW_SANDBOX"))?;
        let mut config =
            Config { http, orders, merchant, mail, toss, sdk, store, session, metrics, log, is_watched: false, warnings: Vec::new() };
        config.refuse_a_sandbox_in_public(&public, allow_sandbox)?;
        config.refuse_careless_live_keys()?;
        config.warnings.extend(config.mail.warning(config.is_live()));
        Ok(config)
    }

    /// Whether real money moves.
    #[must_use]
    pub fn is_live(&self) -> bool {
        is_live(&self.toss)
    }

    /// The offline Toss takes no money: whoever reaches a shop that runs with it gets everything for nothing.
    fn refuse_a_sandbox_in_public(&self, public: &Address, allowed: bool) -> Result<(), ConfigError> {
        let reachable = self.http.is_https() || !public.is_loopback();
        match &self.toss {
            TossConfig::Sandbox(_) if reachable && !allowed => refuse(
                "PUBLIC_URL is an address that others reach, and without keys the shop runs with the offline Toss, which takes no money: \
                 set TOSS_CLIENT_KEY and TOSS_SECRET_KEY, or ALLOW_SANDBOX=yes for a demonstration",
            ),
            TossConfig::Sandbox(addr) if self.metrics.is_some_and(|metrics| metrics == *addr && addr.port() != 0) => {
                refuse("METRICS_ADDR and SANDBOX_ADDR are the same; set one of them to another port")
            }
            TossConfig::Sandbox(_) | TossConfig::Remote(_) => Ok(()),
        }
    }

    fn refuse_careless_live_keys(&self) -> Result<(), ConfigError> {
        if !self.is_live() {
            return Ok(());
        }
        if let TossConfig::Remote(remote) = &self.toss
            && (remote.api_url != TOSS_API_URL || remote.widget_url != self.sdk.default_src())
        {
            return refuse("live keys go to the real Toss only: unset TOSS_API_URL and TOSS_WIDGET_URL, or use test keys");
        }
        if !self.http.is_https() {
            return refuse("live keys need https: set PUBLIC_URL to the https:// address that shoppers see");
        }
        match &self.session {
            SessionConfig::Secret(_) => Ok(()),
            SessionConfig::File(_) => {
                refuse("live keys need SESSION_SECRET: set it to 32 or more random characters, the same on every server")
            }
        }
    }
}

fn is_live(toss: &TossConfig) -> bool {
    match toss {
        TossConfig::Sandbox(_) => false,
        TossConfig::Remote(remote) => remote.secret_key.is_live(),
    }
}

fn yes_or_no(name: &str, value: Option<String>) -> Result<bool, ConfigError> {
    match value.as_deref() {
        None | Some("no") => Ok(false),
        Some("yes") => Ok(true),
        Some(_) => refuse(format!("{name} is neither yes nor no; set it to one of them")),
    }
}

fn number<N>(name: &str, value: Option<String>, default: N, range: RangeInclusive<N>) -> Result<N, ConfigError>
where
    N: FromStr + PartialOrd + fmt::Display,
{
    let Some(value) = value else { return Ok(default) };
    match value.parse::<N>() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => refuse(format!("{name} is not a whole number from {} to {}; set it to one", range.start(), range.end())),
    }
}

#[cfg(test)]
mod tests;
