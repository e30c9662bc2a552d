//! Identifiers: limits enforced on what we send, tolerance for what Toss sends.
//!
//! The limits are those of the Toss docs `/reference` and `/guides/using-api/idempotency-key`.

mod billing;

pub use billing::{AccessCode, AuthKey, BillingKey, CancelRequestId, CustomerKey, ReceiptKey, TransactionKey};

use crate::body::put_text;
use crate::limited::received;
use crate::object::Essential;
use std::fmt;
use thiserror::Error;

/// Why a text cannot be sent. Never carries the text.
///
/// ```
/// use toss_payments::{IdError, OrderId};
///
/// assert_eq!(OrderId::parse("a/b-c-d"), Err(IdError::Character { what: "the order id" }));
/// assert_eq!(OrderId::parse("abc"), Err(IdError::Length { what: "the order id", len: 3, min: 6, max: 64 }));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum IdError {
    /// Shorter or longer than allowed.
    #[error("{what} has {len} characters instead of {min} to {max}")]
    Length {
        /// Which text.
        what: &'static str,
        /// Its length in characters.
        len: usize,
        /// The least length.
        min: usize,
        /// The greatest length.
        max: usize,
    },
    /// A character outside the allowed set.
    #[error("{what} contains a character that is not allowed")]
    Character {
        /// Which text.
        what: &'static str,
    },
}

pub(crate) fn check(what: &'static str, text: &str, min: usize, max: usize, allowed: fn(&str) -> bool) -> Result<(), IdError> {
    let len = text.chars().count();
    if !(min..=max).contains(&len) {
        return Err(IdError::Length { what, len, min, max });
    }
    if !allowed(text) {
        return Err(IdError::Character { what });
    }
    Ok(())
}

/// Visible ASCII that stays one segment of a URL.
fn in_a_url(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic()) && !is_dots(text)
}

fn of_an_order_id(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='))
}

/// Enough to tell two apart in a log, never the whole.
pub(crate) fn write_beginning(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    const SHOWN: usize = 6;
    // A short text would otherwise be shown whole.
    let shown = SHOWN.min(text.chars().count() / 2);
    for c in text.chars().take(shown) {
        write!(f, "{}", c.escape_debug())?;
    }
    f.write_str("…")
}

/// As a segment of a URL these two mean another address, however they are encoded (WHATWG URL standard).
fn is_dots(text: &str) -> bool {
    text == "." || text == ".."
}

/// What Toss sent can go back to it in a URL, whatever it looks like, as long as it names something.
pub(crate) fn usable(text: &str) -> bool {
    !text.is_empty() && !is_dots(text)
}

/// The key of a payment at Toss. Whoever holds it and a secret key can confirm and cancel the payment, so that printing
/// shows its first characters only.
///
/// ```
/// use toss_payments::PaymentKey;
///
/// let key = PaymentKey::parse("tviva20260801120000AbC12")?;
/// assert_eq!(key.to_string(), "tviva2…");
/// assert_eq!(key.expose(), "tviva20260801120000AbC12");
/// # Ok::<(), toss_payments::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PaymentKey(String);

impl PaymentKey {
    /// The greatest length (Toss docs `/reference`).
    pub const MAX_LEN: usize = 200;

    /// Reads a payment key as it came with the success URL: 1 to 200 visible ASCII characters.
    ///
    /// # Errors
    /// [`IdError`] for anything else; also for `.` and `..`, which would address something else than a payment.
    pub fn parse(text: &str) -> Result<PaymentKey, IdError> {
        check("the payment key", text, 1, PaymentKey::MAX_LEN, in_a_url)?;
        Ok(PaymentKey(text.to_owned()))
    }

    /// The whole key, for the request and the database; not for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_beginning(f, &self.0)
    }
}

impl fmt::Debug for PaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaymentKey({self})")
    }
}

/// The shop's own number of an order: 6 to 64 of `A-Z a-z 0-9 - _ =`.
///
/// The API reference leaves out `=`, the SDK pages allow it; it is accepted here and better not generated.
///
/// ```
/// use toss_payments::OrderId;
///
/// assert_eq!(OrderId::parse("order-20260801-0001")?.as_str(), "order-20260801-0001");
/// assert!(OrderId::parse("order 1").is_err());
/// # Ok::<(), toss_payments::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OrderId(String);

impl OrderId {
    /// The least length (Toss docs `/reference`).
    pub const MIN_LEN: usize = 6;
    /// The greatest length (Toss docs `/reference`).
    pub const MAX_LEN: usize = 64;

    /// Reads an order number.
    ///
    /// # Errors
    /// [`IdError`] where a character or the length is not allowed.
    pub fn parse(text: &str) -> Result<OrderId, IdError> {
        check("the order id", text, OrderId::MIN_LEN, OrderId::MAX_LEN, of_an_order_id)?;
        Ok(OrderId(text.to_owned()))
    }

    /// The order number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What makes two POSTs one: 1 to 300 visible ASCII characters.
///
/// Toss remembers a key for 15 days together with secret key, URL and method, **but not the body** (Toss docs
/// `/guides/using-api/idempotency-key`). Two orders that share a key on confirm get the first order's payment for both,
/// so derive it from the attempt or the payment key and never make it a constant. As it may be made of a payment key,
/// printing shows its first characters only.
///
/// ```
/// use toss_payments::IdempotencyKey;
///
/// let attempt = IdempotencyKey::parse("confirm-7f3a9d2e-1")?;
/// assert_eq!(attempt.as_str(), "confirm-7f3a9d2e-1");
/// assert!(IdempotencyKey::parse("시도-1").is_err(), "not a header");
/// # Ok::<(), toss_payments::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The greatest length (Toss docs).
    pub const MAX_LEN: usize = 300;

    /// Reads an idempotency key.
    ///
    /// # Errors
    /// [`IdError`] where a character or the length is not allowed.
    pub fn parse(text: &str) -> Result<IdempotencyKey, IdError> {
        check("the idempotency key", text, 1, IdempotencyKey::MAX_LEN, |text| text.bytes().all(|b| b.is_ascii_graphic()))?;
        Ok(IdempotencyKey(text.to_owned()))
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(")?;
        write_beginning(f, &self.0)?;
        f.write_str(")")
    }
}

received!(PaymentKey, OrderId);
put_text!(PaymentKey => expose, OrderId => as_str);

impl Essential for PaymentKey {}
impl Essential for OrderId {}

impl std::str::FromStr for PaymentKey {
    type Err = IdError;

    fn from_str(text: &str) -> Result<PaymentKey, IdError> {
        PaymentKey::parse(text)
    }
}

impl std::str::FromStr for OrderId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<OrderId, IdError> {
        OrderId::parse(text)
    }
}

impl std::str::FromStr for IdempotencyKey {
    type Err = IdError;

    fn from_str(text: &str) -> Result<IdempotencyKey, IdError> {
        IdempotencyKey::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_ids_keep_the_documented_limits() {
        for good in ["abcdef", "A-_=09", &"a".repeat(64)] {
            assert_eq!(OrderId::parse(good).unwrap().as_str(), good);
        }
        for (bad, len) in [("", 0), ("abcde", 5), (&*"a".repeat(65), 65)] {
            assert_eq!(OrderId::parse(bad), Err(IdError::Length { what: "the order id", len, min: 6, max: 64 }), "{bad}");
        }
        for bad in ["abc def", "abc/def", "abcdef\n", "주문번호주문", "abc.def"] {
            assert_eq!(OrderId::parse(bad), Err(IdError::Character { what: "the order id" }), "{bad}");
        }
    }

    #[test]
    fn payment_keys_and_idempotency_keys_keep_the_documented_limits() {
        assert!(PaymentKey::parse("k").is_ok() && PaymentKey::parse(&"k".repeat(200)).is_ok());
        assert!(IdempotencyKey::parse("k").is_ok() && IdempotencyKey::parse(&"k".repeat(300)).is_ok());
        assert!(PaymentKey::parse("").is_err() && PaymentKey::parse(&"k".repeat(201)).is_err());
        assert!(IdempotencyKey::parse("").is_err() && IdempotencyKey::parse(&"k".repeat(301)).is_err());
        for bad in ["a b", "a\r\nb", "결제", "a\u{7f}"] {
            assert!(PaymentKey::parse(bad).is_err() && IdempotencyKey::parse(bad).is_err(), "{bad:?}");
        }
        assert!(PaymentKey::parse(".").is_err() && PaymentKey::parse("..").is_err());
    }

    #[test]
    fn what_toss_sends_is_taken_as_it_is() {
        let long = "키".repeat(300);
        assert_eq!(PaymentKey::received(long.clone()).unwrap().expose(), long);
        assert_eq!(OrderId::received("1 2".to_owned()).unwrap().as_str(), "1 2");
        for nothing in ["", ".", ".."] {
            assert_eq!(PaymentKey::received(nothing.to_owned()), None);
            assert_eq!(OrderId::received(nothing.to_owned()), None);
        }
    }

    #[test]
    fn a_payment_key_is_never_shown_whole() {
        for text in ["k", "ab", "abcdef", "tviva20260801120000AbC12"] {
            let attempt = IdempotencyKey::parse(text).unwrap();
            assert!(!format!("{attempt:?}").trim_start_matches("IdempotencyKey").contains(text), "{attempt:?}");
            let key = PaymentKey::parse(text).unwrap();
            assert!(!key.to_string().contains(text) && !format!("{key:?}").trim_start_matches("PaymentKey").contains(text), "{key}");
        }
        let hostile = PaymentKey::received("\n\n\n\nabcdefgh".to_owned()).unwrap();
        assert_eq!(hostile.to_string(), "\\n\\n\\n\\nab…");
    }
}
