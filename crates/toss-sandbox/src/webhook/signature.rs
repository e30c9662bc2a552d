//! The signature of `payout.changed` and `seller.changed`: HMAC-SHA256 over `<body>:<transmission time>`.

use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{clock::UnixMs, ids};

/// The sandbox's own security key: 64 hexadecimal characters, as Toss's are.
pub const SECURITY_KEY: &str = "5a0c7e1f93b8d24667ab10fe35c9d8824e7b6f01a9c3d5e82b4f6071c8e9ad03";
/// How long the old key still signs after a rotation (Toss docs: a reissued key and the old one are valid for 7 days).
pub const ROTATION_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// The key is not 64 hexadecimal characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a security key has 64 hexadecimal characters")]
pub struct BadSecurityKey;

/// The key in force and, for a week after a rotation, the one before.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SecurityKeys {
    current: String,
    previous: Option<(String, UnixMs)>,
}

impl fmt::Debug for SecurityKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityKeys").field("rotating", &self.previous.is_some()).finish_non_exhaustive()
    }
}

impl SecurityKeys {
    pub(crate) fn new(key: &str) -> Result<Self, BadSecurityKey> {
        Ok(Self { current: checked(key)?, previous: None })
    }

    /// Puts a new key in force. At most two coexist (Toss docs): a third one ends the first.
    pub(crate) fn rotate(&mut self, key: Option<&str>, now: UnixMs) -> Result<(), BadSecurityKey> {
        let key = key.map_or_else(|| Ok(ids::security_key()), checked)?;
        let old = std::mem::replace(&mut self.current, key);
        self.previous = Some((old, now.plus(ROTATION_FOR)));
        Ok(())
    }

    /// The keys that sign, the newest first.
    pub(crate) fn in_force(&self, now: UnixMs) -> impl Iterator<Item = &str> {
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until).map(|(key, _)| key.as_str());
        std::iter::once(self.current.as_str()).chain(previous)
    }

    /// The signature header: a `v1:` value for each key in force.
    pub(crate) fn sign(&self, body: &str, transmission_time: &str, hex_decoded: bool, now: UnixMs) -> String {
        let values: Vec<_> = self.in_force(now).map(|key| sign(key, body, transmission_time, hex_decoded)).collect();
        values.join(",")
    }
}

/// Assumed by default: the key is the UTF-8 text; see [`Choices`](crate::Choices::hex_security_key).
pub(crate) fn sign(key: &str, body: &str, transmission_time: &str, hex_decoded: bool) -> String {
    let decoded;
    let key = if hex_decoded {
        decoded = unhex(key);
        decoded.as_slice()
    } else {
        key.as_bytes()
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("invariant: HMAC takes keys of any length");
    mac.update(body.as_bytes());
    mac.update(b":");
    mac.update(transmission_time.as_bytes());
    format!("v1:{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn checked(key: &str) -> Result<String, BadSecurityKey> {
    let fits = key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit());
    if fits { Ok(key.to_owned()) } else { Err(BadSecurityKey) }
}

fn unhex(key: &str) -> Vec<u8> {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap_or(0)).unwrap_or(0);
    key.as_bytes().chunks(2).map(|pair| pair.iter().fold(0, |value, byte| value << 4 | digit(*byte))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_keys_sign_for_a_week_and_never_three() {
        let start = UnixMs::new(0);
        let mut keys = SecurityKeys::new(SECURITY_KEY).expect("the sandbox's own key");
        let [second, third] = ["a".repeat(64), "b".repeat(64)];
        assert_eq!(keys.in_force(start).collect::<Vec<_>>(), [SECURITY_KEY]);
        assert_eq!(keys.rotate(Some(&second), start), Ok(()));
        assert_eq!(keys.in_force(start).collect::<Vec<_>>(), [second.as_str(), SECURITY_KEY]);
        assert_eq!(keys.sign("{}", "t", false, start).split(",v1:").count(), 2);
        assert_eq!(keys.in_force(start.plus(ROTATION_FOR)).collect::<Vec<_>>(), [second.as_str()]);
        assert_eq!(keys.rotate(Some(&third), start), Ok(()));
        assert_eq!(keys.in_force(start).collect::<Vec<_>>(), [third.as_str(), second.as_str()]);
        assert_eq!(keys.rotate(Some("abc"), start), Err(BadSecurityKey));
    }

    #[test]
    fn a_key_is_text_or_bytes() {
        assert_eq!(unhex("00fFa1"), [0, 255, 161]);
        assert_ne!(sign(SECURITY_KEY, "{}", "t", false), sign(SECURITY_KEY, "{}", "t", true));
    }
}
