//! The settings: one struct per concern, read once, contradictions refused. `.env.example` lists every variable.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use toss_payments::{ClientKey, SecretKey};
use toss_widget::Sdk;
use tracing::level_filters::LevelFilter;

/// Where the real Toss answers (Toss docs, /reference).
pub const TOSS_API_URL: &str = "https://api.tosspayments.com";

const DEFAULT_PUBLIC_URL: &str = "http://127.0.0.1:3000";
const DEFAULT_SANDBOX_ADDR: &str = "127.0.0.1:3100";
const DEFAULT_DATABASE_URL: &str = "sqlite://data/checkout.db";
const SESSION_SECRET_MIN_CHARS: usize = 32;

/// Everything that can be set.
#[derive(Debug)]
pub struct Config {
    /// How the shop is reached.
    pub http: Http,
    /// Which Toss.
    pub toss: TossConfig,
    /// Which of Toss's browser SDKs draws the payment widget: `TOSS_SDK`, default `v1`.
    pub sdk: Sdk,
    /// Where orders are kept.
    pub store: StoreConfig,
    /// How browsers are recognised.
    pub session: SessionConfig,
    /// The least level that is logged: `LOG`, default `info`.
    pub log: LevelFilter,
}

/// How the shop is reached.
#[derive(Debug)]
pub struct Http {
    /// Scheme, host and port as shoppers see them, without a slash at the end: `PUBLIC_URL`.
    pub public_url: String,
}

impl Http {
    /// Whether shoppers come by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Which Toss.
#[derive(Debug)]
pub enum TossConfig {
    /// The offline Toss inside this process, on an origin of its own: `SANDBOX_ADDR`.
    Sandbox(SocketAddr),
    /// A Toss that is reached by URL.
    Remote(RemoteToss),
}

impl TossConfig {
    /// The account at Toss whose payments the store holds: the sandbox, or the merchant that the public key names.
    #[must_use]
    pub fn account(&self) -> String {
        match self {
            TossConfig::Sandbox(_) => "the sandbox".to_owned(),
            TossConfig::Remote(remote) => format!("the merchant of {}", remote.client_key.as_str()),
        }
    }
}

/// Keys and addresses of a Toss outside this process.
#[derive(Debug)]
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

/// Where orders are kept: `DATABASE_URL`.
#[derive(Debug, PartialEq, Eq)]
pub enum StoreConfig {
    /// A file.
    Sqlite(PathBuf),
}

/// How browsers are recognised.
pub enum SessionConfig {
    /// `SESSION_SECRET`.
    Secret(Vec<u8>),
    /// A secret made at the first start and kept in this file, for development.
    File(PathBuf),
}

impl fmt::Debug for SessionConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionConfig::Secret(_) => f.write_str("Secret(..)"),
            SessionConfig::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// A setting that is wrong or contradicts another: one line that says what to set.
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
        let file: HashMap<String, String> = match dotenvy::from_path_iter(".env") {
            Ok(pairs) => pairs.collect::<Result<_, _>>().or_else(|error| refuse(format!(".env: {error}")))?,
            Err(error) if error.not_found() => HashMap::new(),
            Err(error) => return refuse(format!(".env: {error}")),
        };
        Config::read(|name| std::env::var(name).ok().or_else(|| file.get(name).cloned()))
    }

    /// Reads the settings through `variable`. Empty counts as not set.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let get = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());

        let http = Http { public_url: origin("PUBLIC_URL", &get("PUBLIC_URL").unwrap_or_else(|| DEFAULT_PUBLIC_URL.to_owned()))? };
        let sdk = match get("TOSS_SDK") {
            None => Sdk::V1,
            Some(word) => Sdk::parse(&word).map_or_else(|| refuse(format!("TOSS_SDK is {word:?}; set it to v1 or v2")), Ok)?,
        };
        let toss = toss(&get, sdk)?;
        let store = store(&get("DATABASE_URL").unwrap_or_else(|| DEFAULT_DATABASE_URL.to_owned()))?;
        let session = session(get("SESSION_SECRET"), &store)?;
        let log = match get("LOG") {
            None => LevelFilter::INFO,
            Some(level) => {
                level.parse().or_else(|_| refuse(format!("LOG is {level:?}; set it to off, error, warn, info, debug or trace")))?
            }
        };
        let config = Config { http, toss, sdk, store, session, log };
        config.refuse_contradictions()?;
        Ok(config)
    }

    /// Whether real money moves.
    #[must_use]
    pub fn is_live(&self) -> bool {
        match &self.toss {
            TossConfig::Sandbox(_) => false,
            TossConfig::Remote(remote) => remote.secret_key.is_live(),
        }
    }

    fn refuse_contradictions(&self) -> Result<(), ConfigError> {
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

fn toss(get: &impl Fn(&str) -> Option<String>, sdk: Sdk) -> Result<TossConfig, ConfigError> {
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
            return match addr.parse() {
                Ok(addr) => Ok(TossConfig::Sandbox(addr)),
                Err(_) => refuse(format!("SANDBOX_ADDR is {addr:?}; set it to an address and port such as {DEFAULT_SANDBOX_ADDR}")),
            };
        }
    };
    let client_key = ClientKey::parse(&client_key).or_else(|error| refuse(format!("TOSS_CLIENT_KEY: {error}")))?;
    let secret_key = SecretKey::parse(&secret_key).or_else(|error| refuse(format!("TOSS_SECRET_KEY: {error}")))?;
    toss_payments::check_pair(&client_key, &secret_key).or_else(|error| refuse(format!("TOSS_CLIENT_KEY and TOSS_SECRET_KEY: {error}")))?;
    if client_key.family() != toss_payments::KeyFamily::Widget {
        return refuse("the checkout draws the payment widget: set TOSS_CLIENT_KEY and TOSS_SECRET_KEY to a …_gck_… and …_gsk_… pair");
    }
    Ok(TossConfig::Remote(RemoteToss {
        client_key,
        secret_key,
        api_url: origin("TOSS_API_URL", &api_url.unwrap_or_else(|| TOSS_API_URL.to_owned()))?,
        widget_url: url("TOSS_WIDGET_URL", widget_url.unwrap_or_else(|| sdk.default_src().to_owned()))?,
    }))
}

fn store(database_url: &str) -> Result<StoreConfig, ConfigError> {
    match database_url.split_once("://") {
        Some(("sqlite", path)) if !path.is_empty() && !path.starts_with(':') => Ok(StoreConfig::Sqlite(PathBuf::from(path))),
        _ => refuse("DATABASE_URL: set it to sqlite://path/to/file.db"),
    }
}

fn session(secret: Option<String>, store: &StoreConfig) -> Result<SessionConfig, ConfigError> {
    match secret {
        Some(secret) if secret.chars().count() < SESSION_SECRET_MIN_CHARS => {
            refuse(format!("SESSION_SECRET is too short: set it to {SESSION_SECRET_MIN_CHARS} or more random characters"))
        }
        Some(secret) => Ok(SessionConfig::Secret(secret.into_bytes())),
        None => {
            let StoreConfig::Sqlite(path) = store;
            Ok(SessionConfig::File(path.with_file_name("session.key")))
        }
    }
}

fn url(name: &str, value: String) -> Result<String, ConfigError> {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | ';' | ',' | '\\');
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && value.chars().all(plain) => Ok(value),
        _ => refuse(format!("{name} is {value:?}; set it to an address that begins with http:// or https://")),
    }
}

fn origin(name: &str, value: &str) -> Result<String, ConfigError> {
    let value = url(name, value.trim_end_matches('/').to_ascii_lowercase())?;
    // As browsers write origins: without the port that the scheme implies.
    let implied = if value.starts_with("https:") { ":443" } else { ":80" };
    let value = value.strip_suffix(implied).map_or(value.clone(), str::to_owned);
    let path = value.splitn(4, '/').nth(3);
    if path.is_some() { refuse(format!("{name} is {value:?}; set it to scheme, host and port alone")) } else { Ok(value) }
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

    const TEST_PAIR: [(&str, &str); 2] =
        [("TOSS_CLIENT_KEY", "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm"), ("TOSS_SECRET_KEY", "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6")];
    const LIVE_PAIR: [(&str, &str); 2] =
        [("TOSS_CLIENT_KEY", "live_gck_made_up_for_tests"), ("TOSS_SECRET_KEY", "live_gsk_made_up_for_tests")];
    const SECRET: (&str, &str) = ("SESSION_SECRET", "0123456789abcdef0123456789abcdef");

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn with<'a>(pair: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        pair.iter().chain(more).copied().collect()
    }

    #[test]
    fn without_settings_it_is_the_sandbox() {
        let config = read(&[]).unwrap();
        assert!(matches!(config.toss, TossConfig::Sandbox(addr) if addr.to_string() == DEFAULT_SANDBOX_ADDR));
        assert_eq!(config.store, StoreConfig::Sqlite(PathBuf::from("data/checkout.db")));
        assert!(!config.is_live());
        assert!(matches!(read(&[("TOSS_CLIENT_KEY", " ")]).unwrap().toss, TossConfig::Sandbox(_)), "empty is not set");
    }

    #[test]
    fn a_pair_of_keys_leads_to_the_real_toss() {
        let config = read(&TEST_PAIR).unwrap();
        assert!(
            matches!(&config.toss, TossConfig::Remote(remote) if remote.api_url == TOSS_API_URL && remote.widget_url == Sdk::V1.default_src())
        );
        assert!(!config.is_live());
        let newer = read(&with(&TEST_PAIR, &[("TOSS_SDK", "v2")])).unwrap();
        assert!(matches!(&newer.toss, TossConfig::Remote(remote) if remote.widget_url == Sdk::V2.default_src()));
        let live = read(&with(&LIVE_PAIR, &[SECRET, ("PUBLIC_URL", "https://shop.example/")])).unwrap();
        assert!(live.is_live());
        assert_eq!(live.http.public_url, "https://shop.example");
        let written_otherwise = read(&with(&LIVE_PAIR, &[SECRET, ("PUBLIC_URL", "HTTPS://Shop.Example:443")])).unwrap();
        assert_eq!(written_otherwise.http.public_url, "https://shop.example", "as browsers send it");
    }

    #[test]
    fn contradictions_are_refused_with_what_to_set() {
        let api_pair =
            [("TOSS_CLIENT_KEY", "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"), ("TOSS_SECRET_KEY", "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R")];
        let https = ("PUBLIC_URL", "https://shop.example");
        for (variables, named) in [
            (vec![TEST_PAIR[0]], "TOSS_SECRET_KEY"),
            (vec![TEST_PAIR[1]], "TOSS_CLIENT_KEY"),
            (vec![TEST_PAIR[0], LIVE_PAIR[1]], "TOSS_SECRET_KEY"),
            (vec![TEST_PAIR[0], api_pair[1]], "TOSS_SECRET_KEY"),
            (api_pair.to_vec(), "gck"),
            (vec![("TOSS_CLIENT_KEY", TEST_PAIR[1].1), TEST_PAIR[1]], "TOSS_CLIENT_KEY"),
            (with(&LIVE_PAIR, &[SECRET, https, ("TOSS_API_URL", "http://127.0.0.1:3100")]), "TOSS_API_URL"),
            (with(&LIVE_PAIR, &[SECRET, https, ("TOSS_WIDGET_URL", "http://127.0.0.1:3100/v1/payment-widget")]), "TOSS_WIDGET_URL"),
            (with(&LIVE_PAIR, &[SECRET]), "PUBLIC_URL"),
            (with(&LIVE_PAIR, &[https]), "SESSION_SECRET"),
            (vec![("TOSS_API_URL", "http://127.0.0.1:3100")], "TOSS_CLIENT_KEY"),
            (vec![("SANDBOX_ADDR", "here")], "SANDBOX_ADDR"),
            (vec![("SESSION_SECRET", "short")], "SESSION_SECRET"),
            (vec![("DATABASE_URL", "mysql://x")], "DATABASE_URL"),
            (vec![("DATABASE_URL", "sqlite://:memory:")], "DATABASE_URL"),
            (vec![("PUBLIC_URL", "shop.example")], "PUBLIC_URL"),
            (vec![("PUBLIC_URL", "https://shop.example/path")], "PUBLIC_URL"),
            (vec![("PUBLIC_URL", "https://shop.example; script-src *")], "PUBLIC_URL"),
            (vec![("LOG", "loud")], "LOG"),
            (vec![("TOSS_SDK", "v3")], "TOSS_SDK"),
        ] {
            let error = read(&variables).expect_err(named);
            assert!(error.0.contains(named), "{variables:?} -> {error}");
            assert!(!error.0.contains('\n') && !error.0.contains("OaPz8L5K") && !error.0.contains("zXLkKEyp"), "{error}");
        }
    }

    #[test]
    fn no_secret_is_printed() {
        let printed = format!("{:?}", read(&with(&TEST_PAIR, &[SECRET])).unwrap());
        assert!(!printed.contains("OaPz8L5K") && !printed.contains("0123456789abcdef"), "{printed}");
    }

    #[test]
    fn origins_are_cut_out_of_urls() {
        assert_eq!(origin_of(Sdk::V2.default_src()), origin_of(Sdk::V1.default_src()));
        assert_eq!(origin_of("https://shop.example/a/b"), "https://shop.example");
        assert_eq!(origin_of("http://127.0.0.1:3100"), "http://127.0.0.1:3100");
    }
}
