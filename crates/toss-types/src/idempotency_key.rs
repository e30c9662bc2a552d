//! What makes two POSTs one.

use crate::PaymentKey;
use crate::ids::{Beginning, IdError, is_visible, read_and_written};
use std::fmt;

/// What makes two POSTs one: 1 to 300 visible ASCII characters.
///
/// Toss remembers a key for 15 days together with secret key, URL and method, **but not the body** (Toss docs
/// `/guides/using-api/idempotency-key`). Two orders that share a key on confirm get the first order's payment for both,
/// so derive it from the attempt or the payment key and never make it a constant. As it may be made of a payment key, it has
/// no `Display`, and debugging shows its first characters only.
///
/// ```
/// use toss_types::IdempotencyKey;
///
/// let attempt = IdempotencyKey::parse("confirm-7f3a9d2e-1")?;
/// assert_eq!(attempt.expose(), "confirm-7f3a9d2e-1");
/// assert!(IdempotencyKey::parse("시도-1").is_err(), "not a header");
/// # Ok::<(), toss_types::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The least length.
    pub const MIN_LEN: usize = 1;
    /// The greatest length (Toss docs `/guides/using-api/idempotency-key`).
    pub const MAX_LEN: usize = 300;

    /// Reads an idempotency key. Nothing is trimmed.
    ///
    /// # Errors
    /// [`IdError`] where a character or the length is not allowed.
    pub fn parse(text: &str) -> Result<IdempotencyKey, IdError> {
        IdempotencyKey::check(text)?;
        Ok(IdempotencyKey(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), IdError> {
        IdError::check("the idempotency key", text, IdempotencyKey::MIN_LEN, IdempotencyKey::MAX_LEN, is_visible)
    }

    /// The key of the one thing of its kind that is ever done to a payment, such as its confirmation.
    ///
    /// ```
    /// use toss_types::{IdempotencyKey, PaymentKey};
    ///
    /// let payment = PaymentKey::parse("tviva20260801120000AbC12")?;
    /// assert_eq!(IdempotencyKey::derive("confirm", &payment)?.expose(), "confirm-tviva20260801120000AbC12");
    /// # Ok::<(), toss_types::IdError>(())
    /// ```
    ///
    /// # Errors
    /// [`IdError`] where purpose and payment key together break the limits.
    pub fn derive(purpose: &str, key: &PaymentKey) -> Result<IdempotencyKey, IdError> {
        IdempotencyKey::try_from([purpose, "-", key.expose()].concat())
    }

    /// The whole key, for the request and the database; not for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(")?;
        fmt::Debug::fmt(&Beginning(&self.0), f)?;
        f.write_str(")")
    }
}

read_and_written!(IdempotencyKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idempotency_keys_keep_the_documented_limits() {
        assert!(IdempotencyKey::parse("k").is_ok() && IdempotencyKey::parse(&"k".repeat(300)).is_ok());
        assert!(IdempotencyKey::parse("").is_err() && IdempotencyKey::parse(&"k".repeat(301)).is_err());
        for bad in ["a b", "a\r\nb", "결제", "a\u{7f}"] {
            assert!(IdempotencyKey::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_derived_key_belongs_to_its_purpose_and_its_payment() {
        let longest = PaymentKey::parse(&"k".repeat(PaymentKey::MAX_LEN)).unwrap();
        assert_eq!(IdempotencyKey::derive("cancel", &longest).unwrap().expose(), format!("cancel-{}", longest.expose()));
        assert!(IdempotencyKey::derive(&"p".repeat(100), &longest).is_err(), "301 characters");
        let odd = PaymentKey::received("키".to_owned()).unwrap();
        assert_eq!(IdempotencyKey::derive("confirm", &odd), Err(IdError::Character { what: "the idempotency key" }));
    }

    #[test]
    fn a_key_is_never_shown_whole() {
        for text in ["k", "ab", "abcdef", "tviva20260801120000AbC12"] {
            let attempt = IdempotencyKey::parse(text).unwrap();
            assert!(!format!("{attempt:?}").trim_start_matches("IdempotencyKey").contains(text), "{attempt:?}");
        }
    }
}
