//! What messages are signed with, by Standard Webhooks (<https://www.standardwebhooks.com>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// How many bytes a secret may have, by Standard Webhooks.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that the shop and the receiver of its messages share. Can be neither displayed nor serialised.
///
/// ```
/// use payment_engine::outbox::WebhookSecret;
///
/// let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// assert_eq!(format!("{secret:?}"), "WebhookSecret(…)");
/// # Ok::<(), payment_engine::outbox::WebhookSecretError>(())
/// ```
#[derive(Clone)]
pub struct WebhookSecret(Vec<u8>);

/// Why a text is not a secret. Never carries the text.
///
/// ```
/// use payment_engine::outbox::{WebhookSecret, WebhookSecretError};
///
/// assert_eq!(WebhookSecret::parse("hunter2").err(), Some(WebhookSecretError));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "the secret of a webhook is whsec_ and 24 to 64 random bytes in base64, and this is not: make one by \
     `echo \"whsec_$(openssl rand -base64 32)\"`, and give the same to the receiver"
)]
pub struct WebhookSecretError;

impl WebhookSecret {
    /// Reads `whsec_` and base64 with its padding. Nothing is trimmed.
    ///
    /// # Errors
    /// [`WebhookSecretError`] for anything else, and for less than 24 bytes or more than 64.
    pub fn parse(text: &str) -> Result<WebhookSecret, WebhookSecretError> {
        let bytes = text.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
        bytes.filter(|bytes| BYTES.contains(&bytes.len())).map(WebhookSecret).ok_or(WebhookSecretError)
    }

    /// The signature of a body, as the header `webhook-signature` has it. `timestamp` is in seconds since 1970 UTC.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("invariant: HMAC takes a key of any length");
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: usize) -> String {
        format!("whsec_{}", STANDARD.encode(vec![7; bytes]))
    }

    /// The example that the documents of Standard Webhooks' libraries publish; the one for Python signs it so too.
    #[test]
    fn the_published_example_is_signed_as_published() {
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_have_24_to_64_bytes_in_base64() {
        for bytes in [24, 25, 32, 64] {
            assert_eq!(WebhookSecret::parse(&of(bytes)).unwrap().0.len(), bytes);
        }
        let unpadded = of(25).trim_end_matches('=').to_owned();
        let spaced = format!("{} ", of(32));
        for text in ["", "whsec_", "whsec_####", &of(23), &of(65), &of(32)[6..], &unpadded, &spaced, &of(32).to_uppercase()] {
            let error = WebhookSecret::parse(text).expect_err(text).to_string();
            assert!(error.contains("whsec_$(openssl rand -base64 32)") && !error.contains('\n'), "{error}");
        }
    }
}
