//! The signature of payout and seller events. Source: Toss docs `/reference/using-api/webhook-events`.

use super::delivery::Delivery;
use super::trust::VerifyError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use thiserror::Error;

/// Two while a key is being replaced; more are not worth the work.
const SIGNATURES_MAX: usize = 4;

/// The security key of a shop, 64 hexadecimal characters. Can be neither displayed nor serialised.
///
/// ```
/// use toss_payments::webhook::SecurityKey;
///
/// let key = SecurityKey::parse(&"0123456789abcdef".repeat(4))?;
/// assert_eq!(format!("{key:?}"), "SecurityKey(…)");
/// # Ok::<(), toss_payments::webhook::SecurityKeyError>(())
/// ```
///
/// ```compile_fail,E0277
/// # let key = toss_payments::webhook::SecurityKey::parse(&"0123456789abcdef".repeat(4)).unwrap();
/// println!("{key}");
/// ```
#[derive(Clone)]
pub struct SecurityKey(Vec<u8>);

/// Why a text is not a security key. Never carries the text.
///
/// ```
/// use toss_payments::webhook::{SecurityKey, SecurityKeyError};
///
/// assert_eq!(SecurityKey::parse("too short").err(), Some(SecurityKeyError));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("a security key is 64 hexadecimal characters")]
pub struct SecurityKeyError;

impl SecurityKey {
    const LEN: usize = 64;

    /// Reads a key as the developer centre shows it. Signs with the text itself.
    ///
    /// # Errors
    /// [`SecurityKeyError`] for anything but 64 hexadecimal characters. Nothing is trimmed.
    pub fn parse(text: &str) -> Result<SecurityKey, SecurityKeyError> {
        let is_key = text.len() == SecurityKey::LEN && text.bytes().all(|b| b.is_ascii_hexdigit());
        is_key.then(|| SecurityKey(text.as_bytes().to_vec())).ok_or(SecurityKeyError)
    }

    /// Reads a key and signs with the 32 bytes that it stands for. The documents do not say which of the two Toss uses
    /// (assumed: the text); a shop whose signatures do not fit can give both keys.
    ///
    /// ```
    /// use toss_payments::webhook::SecurityKey;
    ///
    /// let text = "0123456789abcdef".repeat(4);
    /// let keys = [SecurityKey::parse(&text)?, SecurityKey::parse_as_bytes(&text)?];
    /// # Ok::<(), toss_payments::webhook::SecurityKeyError>(())
    /// ```
    ///
    /// # Errors
    /// As for [`SecurityKey::parse`].
    pub fn parse_as_bytes(text: &str) -> Result<SecurityKey, SecurityKeyError> {
        let SecurityKey(hex) = SecurityKey::parse(text)?;
        let nibble = |b: u8| if b.is_ascii_digit() { b - b'0' } else { b.to_ascii_lowercase() - b'a' + 10 };
        Ok(SecurityKey(hex.chunks_exact(2).map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])).collect()))
    }

    fn mac(&self, body: &[u8], time: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("invariant: HMAC takes a key of any length");
        mac.update(body);
        mac.update(b":");
        mac.update(time.as_bytes());
        mac
    }
}

impl fmt::Debug for SecurityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityKey(…)")
    }
}

/// What was signed, and the signatures that came with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    body: Vec<u8>,
    time: Option<String>,
    signature: Option<String>,
}

impl Signed {
    pub(super) fn new(body: &[u8], delivery: &Delivery) -> Signed {
        let time = delivery.transmission_time.as_ref().map(|time| time.as_str().to_owned());
        Signed { body: body.to_vec(), time, signature: delivery.signature.clone() }
    }

    pub(super) fn verify(&self, keys: &[SecurityKey]) -> Result<(), VerifyError> {
        if keys.is_empty() {
            return Err(VerifyError::NoKey);
        }
        let header = self.signature.as_deref().ok_or(VerifyError::NoSignature)?;
        let time = self.time.as_deref().ok_or(VerifyError::NoTime)?;
        let decoded = |part: &str| STANDARD.decode(part.trim().strip_prefix("v1:")?).ok();
        let signatures: Vec<Vec<u8>> = header.split(',').take(SIGNATURES_MAX).filter_map(decoded).collect();
        if signatures.is_empty() {
            return Err(VerifyError::Malformed);
        }
        for key in keys {
            let mac = key.mac(&self.body, time);
            if signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok()) {
                return Ok(());
            }
        }
        Err(VerifyError::Mismatch)
    }
}

#[cfg(test)]
mod tests;
