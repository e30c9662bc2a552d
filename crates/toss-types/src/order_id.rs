//! The shop's own number of an order.

use crate::ids::{IdError, is_word, read_and_written, usable};
use std::fmt;

/// The shop's own number of an order: 6 to 64 of `A-Z a-z 0-9 - _ =`.
///
/// The API reference leaves out `=`, the SDK pages allow it; it is accepted here and better not generated.
///
/// ```
/// use toss_types::OrderId;
///
/// assert_eq!(OrderId::parse("order-20260801-0001")?.as_str(), "order-20260801-0001");
/// assert!(OrderId::parse("order 1").is_err());
/// # Ok::<(), toss_types::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OrderId(String);

impl OrderId {
    /// The least length (Toss docs `/reference`).
    pub const MIN_LEN: usize = 6;
    /// The greatest length (Toss docs `/reference`).
    pub const MAX_LEN: usize = 64;

    /// Reads an order number. Nothing is trimmed.
    ///
    /// # Errors
    /// [`IdError`] where a character or the length is not allowed.
    pub fn parse(text: &str) -> Result<OrderId, IdError> {
        OrderId::check(text)?;
        Ok(OrderId(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), IdError> {
        IdError::check("the order id", text, OrderId::MIN_LEN, OrderId::MAX_LEN, |text| is_word(text, b"-_="))
    }

    /// What Toss has, taken as it is, also where it breaks the limits of today; `None` for what names nothing: an empty
    /// text, `.` and `..`. For what arrived
    /// from Toss or was sent to it by an earlier program; what a person or a browser brings goes through [`OrderId::parse`].
    ///
    /// ```
    /// use toss_types::OrderId;
    ///
    /// // Toss took it in 2025; it can be looked up, though nobody may order with it today.
    /// let old = OrderId::received("12".to_owned()).unwrap();
    /// assert_eq!(old.as_str(), "12");
    /// assert!(OrderId::parse("12").is_err());
    /// ```
    #[must_use]
    pub fn received(text: String) -> Option<OrderId> {
        usable(&text).then_some(OrderId(text))
    }

    /// The order number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for OrderId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<OrderId> for String {
    fn from(id: OrderId) -> String {
        id.0
    }
}

read_and_written!(OrderId);

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
    fn what_toss_sends_is_taken_as_it_is() {
        assert_eq!(OrderId::received("1 2".to_owned()).unwrap().as_str(), "1 2");
        for nothing in ["", ".", ".."] {
            assert_eq!(OrderId::received(nothing.to_owned()), None);
        }
    }

    #[test]
    fn an_order_id_prints_whole() {
        let id = OrderId::parse("order-1").unwrap();
        assert_eq!((id.to_string().as_str(), id.as_ref(), format!("{id:?}").as_str()), ("order-1", "order-1", r#"OrderId("order-1")"#));
        assert_eq!(String::from(id), "order-1");
    }
}
