//! The key of a payment at Toss.

use crate::ids::{Beginning, IdError, is_segment, read_and_written, usable};
use std::fmt;

/// What stands under `/v1/payments/` beside the keys of payments (Toss docs `/reference`): as a key, each would address
/// something else than a payment.
const RESERVED: [&str; 3] = ["confirm", "key-in", "orders"];

/// The key of a payment at Toss: 1 to 200 visible ASCII characters that address a payment and nothing else.
///
/// Whoever holds it and a secret key can confirm and cancel the payment. It has no `Display`, and debugging shows its first
/// characters only.
///
/// ```
/// use toss_types::PaymentKey;
///
/// let key = PaymentKey::parse("tviva20260801120000AbC12")?;
/// assert_eq!(format!("{key:?}"), "PaymentKey(tviva2…)");
/// assert_eq!(key.expose(), "tviva20260801120000AbC12");
/// assert!(PaymentKey::parse("confirm").is_err(), "/v1/payments/confirm is no payment");
/// # Ok::<(), toss_types::IdError>(())
/// ```
///
/// ```compile_fail,E0277
/// println!("{}", toss_types::PaymentKey::parse("tviva20260801120000AbC12").unwrap());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentKey(String);

impl PaymentKey {
    /// The least length.
    pub const MIN_LEN: usize = 1;
    /// The greatest length (Toss docs `/reference`).
    pub const MAX_LEN: usize = 200;

    /// Reads a payment key as it came with the success URL. Nothing is trimmed.
    ///
    /// # Errors
    /// [`IdError`] for anything but 1 to 200 visible ASCII characters; also for `.` and `..`, and for `confirm`, `key-in`
    /// and `orders`, which under `/v1/payments/` address something else than a payment.
    pub fn parse(text: &str) -> Result<PaymentKey, IdError> {
        PaymentKey::check(text)?;
        Ok(PaymentKey(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), IdError> {
        const WHAT: &str = "the payment key";
        IdError::check(WHAT, text, PaymentKey::MIN_LEN, PaymentKey::MAX_LEN, is_segment)?;
        if RESERVED.contains(&text) { Err(IdError::Reserved { what: WHAT }) } else { Ok(()) }
    }

    /// What Toss has, taken as it is, also where it breaks the limits of today; `None` for what would not address a
    /// payment: an empty text, `.`, `..`, `confirm`, `key-in` and `orders`. For what arrived
    /// from Toss or was sent to it by an earlier program; what a person or a browser brings goes through [`PaymentKey::parse`].
    #[must_use]
    pub fn received(text: String) -> Option<PaymentKey> {
        (usable(&text) && !RESERVED.contains(&text.as_str())).then_some(PaymentKey(text))
    }

    /// The whole key, for the request and the database; not for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentKey(")?;
        fmt::Debug::fmt(&Beginning(&self.0), f)?;
        f.write_str(")")
    }
}

read_and_written!(PaymentKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payment_keys_keep_the_documented_limits() {
        assert!(PaymentKey::parse("k").is_ok() && PaymentKey::parse(&"k".repeat(200)).is_ok());
        assert!(PaymentKey::parse("").is_err() && PaymentKey::parse(&"k".repeat(201)).is_err());
        for bad in ["a b", "a\r\nb", "결제", "a\u{7f}", ".", ".."] {
            assert_eq!(PaymentKey::parse(bad), Err(IdError::Character { what: "the payment key" }), "{bad:?}");
        }
    }

    #[test]
    fn what_is_a_place_of_its_own_at_toss_is_no_key() {
        for word in RESERVED {
            assert_eq!(PaymentKey::parse(word), Err(IdError::Reserved { what: "the payment key" }), "{word}");
            assert_eq!(PaymentKey::received(word.to_owned()), None, "{word}");
            assert!(PaymentKey::parse(&format!("{word}1")).is_ok(), "{word}");
        }
    }

    #[test]
    fn what_toss_sends_is_taken_as_it_is() {
        let long = "키".repeat(300);
        assert_eq!(PaymentKey::received(long.clone()).unwrap().expose(), long);
        for nothing in ["", ".", ".."] {
            assert_eq!(PaymentKey::received(nothing.to_owned()), None);
        }
    }

    #[test]
    fn a_payment_key_is_never_shown_whole() {
        for text in ["k", "ab", "abcdef", "tviva20260801120000AbC12"] {
            let key = PaymentKey::parse(text).unwrap();
            assert!(!format!("{key:?}").trim_start_matches("PaymentKey").contains(text), "{key:?}");
        }
        let hostile = PaymentKey::received("\n\n\n\nabcdefgh".to_owned()).unwrap();
        assert_eq!(format!("{hostile:?}"), "PaymentKey(\\n\\n\\n\\nab…)");
    }
}
