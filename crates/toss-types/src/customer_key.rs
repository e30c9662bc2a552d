//! The shop's own name for a customer at Toss.

use crate::ids::{IdError, is_word, read_and_written, usable};
use std::fmt;

/// The shop's own name for a customer at Toss: 2 to 50 of `A-Z a-z 0-9 - _ = . @`.
///
/// Whoever guesses it can reach for the customer's means of payment, so it must be random: no number in a row, no
/// address, no phone number (Toss docs `/reference`). The billing reference allows 300 characters and the server takes them
/// (measured by others); the SDK does not, so that 50 is the limit here. It has no `Display`, and debugging shows nothing of
/// it.
///
/// ```
/// use toss_types::CustomerKey;
///
/// let key = CustomerKey::parse("c7f3a9d2-54e1-4a0b")?;
/// assert_eq!(format!("{key:?}"), "CustomerKey(…)");
/// assert!(CustomerKey::parse("a").is_err());
/// # Ok::<(), toss_types::IdError>(())
/// ```
///
/// ```compile_fail,E0277
/// println!("{}", toss_types::CustomerKey::parse("c7f3a9d2-54e1-4a0b").unwrap());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomerKey(String);

impl CustomerKey {
    /// The least length (Toss docs `/sdk/v2/js`, `customerKey`).
    pub const MIN_LEN: usize = 2;
    /// The greatest length (Toss docs `/sdk/v2/js`, `customerKey`).
    pub const MAX_LEN: usize = 50;

    /// Reads a customer key. Nothing is trimmed.
    ///
    /// # Errors
    /// [`IdError`] where a character or the length is not allowed.
    pub fn parse(text: &str) -> Result<CustomerKey, IdError> {
        CustomerKey::check(text)?;
        Ok(CustomerKey(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), IdError> {
        IdError::check("the customer key", text, CustomerKey::MIN_LEN, CustomerKey::MAX_LEN, |text| is_word(text, b"-_=.@"))
    }

    /// What Toss has, taken as it is, also where it breaks the limits of today; `None` for what names nobody: an empty
    /// text, `.` and `..`. For what arrived
    /// from Toss or was sent to it by an earlier program; what a person or a browser brings goes through [`CustomerKey::parse`].
    #[must_use]
    pub fn received(text: String) -> Option<CustomerKey> {
        usable(&text).then_some(CustomerKey(text))
    }

    /// The whole key, for the request and the database; not for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerKey(…)")
    }
}

read_and_written!(CustomerKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customer_keys_keep_the_documented_limits() {
        for good in ["ab", "A-Z_0=9.@", &"k".repeat(50)] {
            assert_eq!(CustomerKey::parse(good).unwrap().expose(), good);
        }
        for bad in ["", "a", "a b", "한글", "a+b", "ab\n", &"k".repeat(51)] {
            assert!(CustomerKey::parse(bad).is_err(), "{bad:?} passed");
        }
    }

    #[test]
    fn what_toss_sends_beyond_the_limits_is_taken() {
        assert_eq!(CustomerKey::received("키".repeat(300)).unwrap().expose().chars().count(), 300);
        assert_eq!(CustomerKey::received(String::new()), None);
    }

    #[test]
    fn a_customer_key_is_not_printed() {
        assert_eq!(format!("{:?}", CustomerKey::parse("f47ac10b-58cc").unwrap()), "CustomerKey(…)");
    }
}
