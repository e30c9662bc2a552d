//! Secrets that are set: long enough, random enough, and never printed.

use super::{ConfigError, StoreConfig, refuse};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

/// The file, beside the database, in which a secret is kept that the shop has made itself.
pub(super) const SESSION_KEY: &str = "session.key";

const MIN_CHARS: usize = 32;
/// A random text of 32 hexadecimal digits has fewer once in several thousand times; a text that somebody has typed to fill
/// the field, nearly always.
const MIN_DISTINCT: usize = 10;

/// How browsers are recognised.
pub enum SessionConfig {
    /// `SESSION_SECRET`.
    Secret(Vec<u8>),
    /// A secret made at the first start and kept in this file, for development.
    File(PathBuf),
}

impl SessionConfig {
    pub(super) fn parse(secret: Option<String>, store: &StoreConfig) -> Result<SessionConfig, ConfigError> {
        let Some(secret) = secret else {
            return match store {
                StoreConfig::Sqlite { .. } => Ok(SessionConfig::File(store.beside(SESSION_KEY))),
                StoreConfig::Postgres(_) => refuse(
                    "SESSION_SECRET is not set, and servers that share a PostgreSQL database need the same one; set it to 32 or more \
                     random characters, for instance from openssl rand -hex 32",
                ),
            };
        };
        refuse_weak("SESSION_SECRET", &secret)?;
        Ok(SessionConfig::Secret(secret.into_bytes()))
    }
}

impl fmt::Debug for SessionConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionConfig::Secret(_) => f.write_str("Secret(..)"),
            SessionConfig::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// What a caller has to know. Kept as its digest, so that nothing can print it.
#[derive(Clone)]
pub struct ApiKey {
    digest: Vec<u8>,
}

impl ApiKey {
    pub(super) fn parse(name: &str, key: &str) -> Result<ApiKey, ConfigError> {
        refuse_weak(name, key)?;
        if !key.chars().all(|c| c.is_ascii_graphic()) {
            return refuse(format!("{name} travels in a header, which has no place for blanks and letters beyond ASCII; set it to others"));
        }
        Ok(ApiKey { digest: digest(key.as_bytes()).finalize().into_bytes().as_slice().to_vec() })
    }

    /// Whether that is the key. Takes as long for a key that is nearly right as for any other of its length.
    #[must_use]
    pub fn matches(&self, given: &[u8]) -> bool {
        digest(given).verify_slice(&self.digest).is_ok()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

fn digest(key: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"toss-checkout: API key").expect("invariant: HMAC takes a key of any length");
    mac.update(key);
    mac
}

fn refuse_weak(name: &str, secret: &str) -> Result<(), ConfigError> {
    if secret.chars().count() < MIN_CHARS {
        return refuse(format!("{name} is too short; set it to {MIN_CHARS} or more random characters"));
    }
    if secret.chars().collect::<BTreeSet<char>>().len() < MIN_DISTINCT {
        return refuse(format!("{name} repeats few characters; set it to {MIN_CHARS} or more random ones"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn weak_secrets_are_refused() {
        for weak in ["hunter2", &KEY[..31], &"a".repeat(32), &"123456789".repeat(5)] {
            let error = refuse_weak("SESSION_SECRET", weak).expect_err(weak).0;
            assert!(error.starts_with("SESSION_SECRET ") && !error.contains(weak), "{error}");
        }
        assert_eq!(refuse_weak("SESSION_SECRET", KEY), Ok(()));
        assert_eq!(refuse_weak("SESSION_SECRET", "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로"), Ok(()));
    }

    #[test]
    fn an_api_key_matches_itself_alone_and_is_not_printed() {
        let key = ApiKey::parse("CONFIRM_API_KEY", KEY).unwrap();
        assert!(key.matches(KEY.as_bytes()));
        let with_more = format!("{KEY}0");
        for other in ["", &KEY[..31], with_more.as_str(), "0123456789abcdef0123456789abcdeF"] {
            assert!(!key.matches(other.as_bytes()), "{other}");
        }
        assert_eq!(format!("{key:?}"), "ApiKey(..)");
        assert!(ApiKey::parse("CONFIRM_API_KEY", "0123456789abcdef 0123456789abcdef").is_err());
        assert!(ApiKey::parse("CONFIRM_API_KEY", &"a".repeat(32)).is_err());
    }
}
