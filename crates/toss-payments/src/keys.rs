//! API keys: parsed once, never printed, and checked against each other before the first payment.
//!
//! The prefixes are those of the Toss docs, `/reference/using-api/api-keys`.

use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Longer than any key that Toss has issued; a value past it is not a key (assumed: no length is documented).
const MAX_LEN: usize = 200;

/// The product that a key belongs to. A pair mixes never.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum KeyFamily {
    /// `gck` and `gsk`: the payment widget (Toss docs: "payment integration key").
    Widget,
    /// `ck` and `sk`: payment window, billing, BrandPay and the direct APIs ("API individual key").
    Api,
}

impl fmt::Display for KeyFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyFamily::Widget => "widget",
            KeyFamily::Api => "API",
        })
    }
}

/// Why a text is not a key. Never carries the text.
///
/// ```
/// use toss_payments::{ClientKey, KeyError, SecretKey};
///
/// assert_eq!(ClientKey::parse("test_gsk_0123456789abcdef"), Err(KeyError::IsSecretKey));
/// assert_eq!(SecretKey::parse("test_gsk_0123456789abcdef\n").err(), Some(KeyError::Whitespace));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Nothing at all.
    #[error("the key is empty")]
    Empty,
    /// A byte order mark, as left by some editors; Toss would answer an encoding of it with a rejected key.
    #[error("the key starts with a byte order mark; save the file it comes from without one")]
    ByteOrderMark,
    /// A blank or line break anywhere; nothing is trimmed, so that what is stored is what is sent.
    #[error("the key contains white space")]
    Whitespace,
    /// A client key where the secret key belongs.
    #[error("this is a client key (ck, gck); a secret key (sk, gsk) belongs here")]
    IsClientKey,
    /// A secret key where the client key belongs. It would have been sent to every browser.
    #[error("this is a secret key (sk, gsk); a client key (ck, gck) belongs here")]
    IsSecretKey,
    /// None of the eight prefixes.
    #[error("the key starts with none of test_gsk_, test_sk_, live_gsk_, live_sk_, test_gck_, test_ck_, live_gck_, live_ck_")]
    UnknownPrefix,
    /// Nothing behind the prefix, or something that no key contains.
    #[error("the part of the key behind its prefix is empty, too long, or not made of letters, digits, `_` and `-`")]
    Malformed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Secret,
    Client,
}

const PREFIXES: [(&str, Side, KeyFamily, bool); 8] = [
    ("test_gsk_", Side::Secret, KeyFamily::Widget, false),
    ("test_sk_", Side::Secret, KeyFamily::Api, false),
    ("live_gsk_", Side::Secret, KeyFamily::Widget, true),
    ("live_sk_", Side::Secret, KeyFamily::Api, true),
    ("test_gck_", Side::Client, KeyFamily::Widget, false),
    ("test_ck_", Side::Client, KeyFamily::Api, false),
    ("live_gck_", Side::Client, KeyFamily::Widget, true),
    ("live_ck_", Side::Client, KeyFamily::Api, true),
];

fn parse(text: &str, wanted: Side) -> Result<(KeyFamily, bool), KeyError> {
    if text.is_empty() {
        return Err(KeyError::Empty);
    }
    if text.starts_with('\u{feff}') {
        return Err(KeyError::ByteOrderMark);
    }
    if text.chars().any(char::is_whitespace) {
        return Err(KeyError::Whitespace);
    }
    let (body, side, family, live) = PREFIXES
        .iter()
        .find_map(|&(prefix, side, family, live)| Some((text.strip_prefix(prefix)?, side, family, live)))
        .ok_or(KeyError::UnknownPrefix)?;
    if side != wanted {
        return Err(match side {
            Side::Secret => KeyError::IsSecretKey,
            Side::Client => KeyError::IsClientKey,
        });
    }
    let of_a_key = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if body.is_empty() || text.len() > MAX_LEN || !body.bytes().all(of_a_key) {
        return Err(KeyError::Malformed);
    }
    Ok((family, live))
}

/// A secret key. Printing shows its family and nothing of its value; it can be neither displayed nor serialised.
///
/// ```
/// use toss_payments::{KeyFamily, SecretKey};
///
/// let key = SecretKey::parse("test_gsk_0123456789abcdef")?;
/// assert_eq!(key.family(), KeyFamily::Widget);
/// assert!(!key.is_live());
/// assert_eq!(format!("{key:?}"), "SecretKey(test_gsk_…)");
/// # Ok::<(), toss_payments::KeyError>(())
/// ```
///
/// ```compile_fail,E0277
/// # let key = toss_payments::SecretKey::parse("test_gsk_0123456789abcdef").unwrap();
/// println!("{key}");
/// ```
///
/// ```compile_fail,E0277
/// # let key = toss_payments::SecretKey::parse("test_gsk_0123456789abcdef").unwrap();
/// serde_json::to_string(&key);
/// ```
#[derive(Clone)]
pub struct SecretKey {
    text: String,
    family: KeyFamily,
    live: bool,
}

impl SecretKey {
    /// Reads a secret key as Toss issued it. Nothing is trimmed.
    ///
    /// # Errors
    /// [`KeyError`], which never contains the text.
    pub fn parse(text: &str) -> Result<SecretKey, KeyError> {
        let (family, live) = parse(text, Side::Secret)?;
        Ok(SecretKey { text: text.to_owned(), family, live })
    }

    /// The product that the key belongs to.
    #[must_use]
    pub fn family(&self) -> KeyFamily {
        self.family
    }

    /// Whether the key moves real money.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// What tells one secret key from another and says nothing about either: 128 bits of a digest, in 32 hexadecimal
    /// characters. For a database that has to know whose payments it holds.
    ///
    /// ```
    /// use toss_payments::SecretKey;
    ///
    /// let (one, other) = (SecretKey::parse("test_gsk_0123456789abcdef")?, SecretKey::parse("test_gsk_0123456789abcdeg")?);
    /// assert_ne!(one.fingerprint(), other.fingerprint());
    /// assert_eq!(one.fingerprint().len(), 32);
    /// # Ok::<(), toss_payments::KeyError>(())
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new_with_prefix(b"secret key of Toss\0").chain_update(self.text.as_bytes()).finalize();
        digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// For the one place that writes the `Authorization` header.
    pub(crate) fn expose(&self) -> &str {
        &self.text
    }
}

impl FromStr for SecretKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<SecretKey, KeyError> {
        SecretKey::parse(text)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = PREFIXES.iter().find(|p| p.1 == Side::Secret && p.2 == self.family && p.3 == self.live);
        write!(f, "SecretKey({}…)", prefix.map_or("", |p| p.0))
    }
}

/// A client key: public, sent to every browser.
///
/// ```
/// use toss_payments::{ClientKey, KeyFamily};
///
/// let key = ClientKey::parse("test_gck_0123456789abcdef")?;
/// assert_eq!((key.as_str(), key.family(), key.is_live()), ("test_gck_0123456789abcdef", KeyFamily::Widget, false));
/// # Ok::<(), toss_payments::KeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClientKey {
    text: String,
    family: KeyFamily,
    live: bool,
}

impl ClientKey {
    /// Reads a client key as Toss issued it. Nothing is trimmed.
    ///
    /// # Errors
    /// [`KeyError`]; above all [`KeyError::IsSecretKey`], before the secret reaches a page.
    pub fn parse(text: &str) -> Result<ClientKey, KeyError> {
        let (family, live) = parse(text, Side::Client)?;
        Ok(ClientKey { text: text.to_owned(), family, live })
    }

    /// The product that the key belongs to.
    #[must_use]
    pub fn family(&self) -> KeyFamily {
        self.family
    }

    /// Whether the key moves real money.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// The key, for the page that hands it to the browser SDK.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for ClientKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<ClientKey, KeyError> {
        ClientKey::parse(text)
    }
}

/// Why a client key and a secret key do not belong together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum PairError {
    /// One moves real money and the other does not.
    #[error("one key is a live key and the other a test key: client key {}, secret key {}", mode(*.client_is_live), mode(!*.client_is_live))]
    Mode {
        /// Whether the client key is the live one.
        client_is_live: bool,
    },
    /// One belongs to the widget, the other to the API.
    #[error("the keys are of different products: {client} client key, {secret} secret key")]
    Family {
        /// The family of the client key.
        client: KeyFamily,
        /// The family of the secret key.
        secret: KeyFamily,
    },
}

fn mode(live: bool) -> &'static str {
    if live { "live" } else { "test" }
}

/// Checks what can be seen of a pair without asking Toss: both live or both test, and of one family.
///
/// Whether the two were issued together only Toss knows; it answers `INVALID_API_KEY` if not (Toss docs,
/// `/reference/error-codes`).
///
/// ```
/// use toss_payments::{ClientKey, PairError, SecretKey, check_pair};
///
/// let client = ClientKey::parse("test_gck_0123456789abcdef")?;
/// let secret = SecretKey::parse("live_gsk_0123456789abcdef")?;
/// assert_eq!(check_pair(&client, &secret), Err(PairError::Mode { client_is_live: false }));
/// # Ok::<(), toss_payments::KeyError>(())
/// ```
///
/// # Errors
/// [`PairError`]; a difference of mode is reported before a difference of family.
pub fn check_pair(client: &ClientKey, secret: &SecretKey) -> Result<(), PairError> {
    if client.live != secret.live {
        return Err(PairError::Mode { client_is_live: client.live });
    }
    if client.family != secret.family {
        return Err(PairError::Family { client: client.family, secret: secret.family });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "Ovk5rk1EwkEbP0W43n07xlzm";

    #[test]
    fn every_prefix_is_read_as_what_it_is() {
        for (prefix, side, family, live) in PREFIXES {
            let text = format!("{prefix}{BODY}");
            match side {
                Side::Secret => {
                    let key = SecretKey::parse(&text).unwrap();
                    assert_eq!((key.family(), key.is_live(), key.expose()), (family, live, text.as_str()));
                    assert_eq!(ClientKey::parse(&text), Err(KeyError::IsSecretKey));
                }
                Side::Client => {
                    let key = ClientKey::parse(&text).unwrap();
                    assert_eq!((key.family(), key.is_live(), key.as_str()), (family, live, text.as_str()));
                    assert_eq!(SecretKey::parse(&text).unwrap_err(), KeyError::IsClientKey);
                }
            }
        }
    }

    #[test]
    fn what_is_not_a_key_says_why_and_never_shows_itself() {
        let cases = [
            ("".to_owned(), KeyError::Empty),
            (format!("\u{feff}test_gsk_{BODY}"), KeyError::ByteOrderMark),
            (format!(" test_gsk_{BODY}"), KeyError::Whitespace),
            (format!("test_gsk_{BODY}\n"), KeyError::Whitespace),
            (format!("test_gsk_{BODY}\u{a0}"), KeyError::Whitespace),
            (format!("test_ak_{BODY}"), KeyError::UnknownPrefix),
            (format!("TEST_GSK_{BODY}"), KeyError::UnknownPrefix),
            (BODY.to_owned(), KeyError::UnknownPrefix),
            ("test_gsk_".to_owned(), KeyError::Malformed),
            (format!("test_gsk_{BODY}:"), KeyError::Malformed),
            (format!("test_gsk_{BODY}\u{feff}"), KeyError::Malformed),
            (format!("test_gsk_{BODY}\0"), KeyError::Malformed),
            (format!("test_gsk_{}", "a".repeat(MAX_LEN)), KeyError::Malformed),
        ];
        for (text, expected) in cases {
            let error = SecretKey::parse(&text).unwrap_err();
            assert_eq!(error, expected, "{text:?}");
            assert!(!format!("{error} {error:?}").contains(BODY));
        }
    }

    #[test]
    fn a_secret_prints_its_family_only() {
        for prefix in ["test_gsk_", "test_sk_", "live_gsk_", "live_sk_"] {
            let key = SecretKey::parse(&format!("{prefix}{BODY}")).unwrap();
            assert_eq!(format!("{key:?}"), format!("SecretKey({prefix}…)"));
            assert!(!format!("{key:#?}").contains(BODY));
        }
    }

    #[test]
    fn only_keys_of_one_mode_and_family_pair() {
        let sides = [("gsk", "gck"), ("sk", "ck")];
        for (i, (_, client)) in sides.iter().enumerate() {
            for (j, (secret, _)) in sides.iter().enumerate() {
                for client_mode in ["test", "live"] {
                    for secret_mode in ["test", "live"] {
                        let client = ClientKey::parse(&format!("{client_mode}_{client}_{BODY}")).unwrap();
                        let secret = SecretKey::parse(&format!("{secret_mode}_{secret}_{BODY}")).unwrap();
                        let expected = if client_mode != secret_mode {
                            Err(PairError::Mode { client_is_live: client_mode == "live" })
                        } else if i != j {
                            Err(PairError::Family { client: client.family(), secret: secret.family() })
                        } else {
                            Ok(())
                        };
                        assert_eq!(check_pair(&client, &secret), expected);
                    }
                }
            }
        }
    }

    #[test]
    fn a_mixed_pair_reads_plainly() {
        assert_eq!(
            PairError::Mode { client_is_live: true }.to_string(),
            "one key is a live key and the other a test key: client key live, secret key test"
        );
        assert_eq!(
            PairError::Family { client: KeyFamily::Api, secret: KeyFamily::Widget }.to_string(),
            "the keys are of different products: API client key, widget secret key"
        );
    }
}
