//! Money in Korean won. Whole numbers only; every operation is checked.

use std::fmt;

/// An amount in KRW: whole, never negative, at most [`Won::MAX`].
///
/// ```
/// use toss_types::{NotWon, Won};
///
/// let price = Won::new(50_000)?;
/// let coupon = Won::of(5_000);
/// assert_eq!(price.checked_sub(coupon), Some(Won::of(45_000)));
/// assert_eq!(coupon.checked_sub(price), None);
/// assert_eq!(Won::new(-1), Err(NotWon));
/// assert_eq!(price.to_string(), "50000 KRW");
/// # Ok::<(), NotWon>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Won(i64);

/// A number that is no amount of won: negative, or above [`Won::MAX`]; or a text that is no such number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotWon;

impl fmt::Display for NotWon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount in won is a whole number from 0 to 9007199254740991")
    }
}

impl std::error::Error for NotWon {}

impl Won {
    /// Nothing.
    pub const ZERO: Won = Won(0);
    /// The largest amount that a number of JavaScript's holds exactly, 2^53 - 1 (ECMAScript, `Number.MAX_SAFE_INTEGER`).
    pub const MAX: Won = Won(9_007_199_254_740_991);
    /// The least that a card payment may be, 100 KRW (Toss docs, error `BELOW_MINIMUM_AMOUNT`).
    pub const CARD_MINIMUM: Won = Won(100);

    /// This many won.
    ///
    /// # Errors
    /// [`NotWon`] where it is negative or above [`Won::MAX`].
    pub const fn new(won: i64) -> Result<Won, NotWon> {
        if 0 <= won && won <= Won::MAX.0 { Ok(Won(won)) } else { Err(NotWon) }
    }

    /// An amount known when the program is compiled; anything else goes through [`Won::new`].
    ///
    /// ```
    /// use toss_types::Won;
    ///
    /// const SHIPPING: Won = Won::of(3_000);
    /// assert_eq!(SHIPPING.get(), 3_000);
    /// ```
    #[must_use]
    pub const fn of(won: u32) -> Won {
        Won(won as i64)
    }

    /// The number of won, for the borders where a bare number is asked for: Toss, SQL, JSON.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, unless it passes [`Won::MAX`].
    ///
    /// ```
    /// use toss_types::Won;
    ///
    /// assert_eq!(Won::of(1).checked_add(Won::of(2)), Some(Won::of(3)));
    /// assert_eq!(Won::MAX.checked_add(Won::of(1)), None);
    /// ```
    #[must_use]
    pub fn checked_add(self, other: Won) -> Option<Won> {
        self.0.checked_add(other.0).and_then(|sum| Won::new(sum).ok())
    }

    /// The difference, unless it is negative.
    #[must_use]
    pub fn checked_sub(self, other: Won) -> Option<Won> {
        self.0.checked_sub(other.0).and_then(|rest| Won::new(rest).ok())
    }

    /// The product, unless it passes [`Won::MAX`].
    #[must_use]
    pub fn checked_mul(self, times: u32) -> Option<Won> {
        self.0.checked_mul(i64::from(times)).and_then(|product| Won::new(product).ok())
    }

    /// Reads what a URL or form carries: digits only, no sign, no separators, no leading zeros.
    ///
    /// ```
    /// use toss_types::{NotWon, Won};
    ///
    /// assert_eq!(Won::parse("45000"), Ok(Won::of(45_000)));
    /// assert_eq!(Won::parse("45,000"), Err(NotWon));
    /// ```
    ///
    /// # Errors
    /// [`NotWon`] for anything else, so that `1e3`, `+5` or `45000.0` are never taken for an amount.
    pub fn parse(text: &str) -> Result<Won, NotWon> {
        let canonical = matches!(text.as_bytes(), [b'0'] | [b'1'..=b'9', ..]) && text.bytes().all(|b| b.is_ascii_digit());
        if !canonical {
            return Err(NotWon);
        }
        text.parse::<i64>().map_err(|_| NotWon).and_then(Won::new)
    }
}

/// As [`Won::parse`].
impl std::str::FromStr for Won {
    type Err = NotWon;

    fn from_str(text: &str) -> Result<Won, NotWon> {
        Won::parse(text)
    }
}

impl TryFrom<i64> for Won {
    type Error = NotWon;

    fn try_from(won: i64) -> Result<Won, NotWon> {
        Won::new(won)
    }
}

impl From<Won> for i64 {
    fn from(won: Won) -> i64 {
        won.0
    }
}

impl fmt::Display for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} KRW", self.0))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Won {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Won {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Won, D::Error> {
        i64::deserialize(deserializer).and_then(|won| Won::new(won).map_err(serde::de::Error::custom))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_plain_digits_are_an_amount() {
        for text in ["", "-1", "+1", " 1", "1 ", "1.0", "1e3", "01", "00", "1,000", "0x10", "١", "9223372036854775808", "9007199254740992"]
        {
            assert_eq!(Won::parse(text), Err(NotWon), "{text:?}");
        }
        assert_eq!(Won::parse("45000"), Ok(Won::of(45_000)));
        assert_eq!(Won::parse("0"), Ok(Won::ZERO));
        assert_eq!(Won::parse("9007199254740991"), Ok(Won::MAX));
    }

    #[test]
    fn amounts_and_errors_read_as_sentences() {
        assert_eq!((Won::of(45_000).to_string(), Won::default()), ("45000 KRW".to_owned(), Won::ZERO));
        assert_eq!(NotWon.to_string(), format!("an amount in won is a whole number from 0 to {}", Won::MAX.get()));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn json_that_is_no_amount_is_refused() {
        for json in ["-1", "9007199254740992", "45000.0", "4.5e4", "\"45000\"", "null", "1e400"] {
            assert!(serde_json::from_str::<Won>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::to_string(&Won::MAX).unwrap(), "9007199254740991");
    }

    proptest! {
        #[test]
        fn arithmetic_never_leaves_the_range(a in 0..=Won::MAX.0, b in 0..=Won::MAX.0, times in any::<u32>()) {
            let (a, b) = (Won(a), Won(b));
            for result in [a.checked_add(b), a.checked_sub(b), a.checked_mul(times)].into_iter().flatten() {
                prop_assert!(result >= Won::ZERO && result <= Won::MAX);
            }
            prop_assert_eq!(a.checked_sub(b).is_some(), a >= b);
        }

        #[test]
        fn texts_and_numbers_round_trip(won in 0..=Won::MAX.0) {
            prop_assert_eq!(Won::parse(&won.to_string()), Ok(Won(won)));
            prop_assert_eq!(won.to_string().parse(), Ok(Won(won)));
            prop_assert_eq!(Won::try_from(won).map(i64::from), Ok(won));
            #[cfg(feature = "serde")]
            prop_assert_eq!(serde_json::from_str::<Won>(&serde_json::to_string(&Won(won)).unwrap()).unwrap(), Won(won));
        }

        #[test]
        fn numbers_outside_the_range_are_no_amount(won in prop_oneof![i64::MIN..0, Won::MAX.0 + 1..=i64::MAX]) {
            prop_assert_eq!(Won::try_from(won), Err(NotWon));
        }
    }
}
