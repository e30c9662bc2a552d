//! Money in Korean won. Whole numbers only; every operation is checked.

use super::lang::Lang;
use serde::{Deserialize, Serialize};

/// An amount in KRW, never negative, at most [`Won::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Won(i64);

/// A number that is not an amount of won: negative, or above [`Won::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotWon;

impl std::fmt::Display for NotWon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an amount in won is a whole number from 0 to 1,000,000,000,000")
    }
}

impl std::error::Error for NotWon {}

impl Won {
    /// Nothing.
    pub const ZERO: Won = Won(0);
    /// One trillion: far above any order, far below where JavaScript's numbers lose precision.
    pub const MAX: Won = Won(1_000_000_000_000);
    /// The least that a card payment may be, 100 KRW (Toss docs, error `BELOW_MINIMUM_AMOUNT`).
    pub const CARD_MINIMUM: Won = Won(100);

    /// An amount known when the program is compiled; anything else goes through `try_from`.
    #[must_use]
    pub const fn of(amount: u32) -> Won {
        Won(amount as i64)
    }

    /// The number of won, for the borders where a bare number is asked for: Toss, SQL, JSON.
    #[must_use]
    pub const fn amount(self) -> i64 {
        self.0
    }

    /// The sum, unless it passes [`Won::MAX`].
    #[must_use]
    pub fn checked_add(self, other: Won) -> Option<Won> {
        self.0.checked_add(other.0).and_then(|sum| Won::try_from(sum).ok())
    }

    /// The difference, unless it is negative.
    #[must_use]
    pub fn checked_sub(self, other: Won) -> Option<Won> {
        self.0.checked_sub(other.0).and_then(|rest| Won::try_from(rest).ok())
    }

    /// The product, unless it passes [`Won::MAX`].
    #[must_use]
    pub fn checked_mul(self, times: u32) -> Option<Won> {
        self.0.checked_mul(i64::from(times)).and_then(|product| Won::try_from(product).ok())
    }

    /// Reads what a URL or form carries: digits only, no sign, no separators, no leading zeros.
    ///
    /// # Errors
    /// [`NotWon`] for anything else, so that `1e3`, `+5` or `45000.0` are never taken for an amount.
    pub fn parse(text: &str) -> Result<Won, NotWon> {
        let canonical = matches!(text.as_bytes(), [b'0'] | [b'1'..=b'9', ..]) && text.bytes().all(|b| b.is_ascii_digit());
        if !canonical {
            return Err(NotWon);
        }
        text.parse::<i64>().map_err(|_| NotWon).and_then(Won::try_from)
    }

    /// As shoppers read it: `45,000원`, `₩45,000`.
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        let digits = self.0.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 3);
        if lang == Lang::En {
            grouped.push('₩');
        }
        for (index, digit) in digits.char_indices() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if lang == Lang::Ko {
            grouped.push('원');
        }
        grouped
    }
}

impl TryFrom<i64> for Won {
    type Error = NotWon;

    fn try_from(amount: i64) -> Result<Won, NotWon> {
        if (0..=Won::MAX.0).contains(&amount) { Ok(Won(amount)) } else { Err(NotWon) }
    }
}

impl From<Won> for i64 {
    fn from(won: Won) -> i64 {
        won.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_read_as_shoppers_write_them() {
        for (amount, ko, en) in
            [(0, "0원", "₩0"), (999, "999원", "₩999"), (45_000, "45,000원", "₩45,000"), (1_234_567, "1,234,567원", "₩1,234,567")]
        {
            assert_eq!(Won::of(amount).text(Lang::Ko), ko);
            assert_eq!(Won::of(amount).text(Lang::En), en);
        }
    }

    #[test]
    fn only_plain_digits_are_an_amount() {
        for text in ["", "-1", "+1", " 1", "1 ", "1.0", "1e3", "01", "1,000", "0x10", "١", "9223372036854775808", "1000000000001"] {
            assert_eq!(Won::parse(text), Err(NotWon), "{text:?}");
        }
        assert_eq!(Won::parse("45000"), Ok(Won::of(45_000)));
        assert_eq!(Won::parse("0"), Ok(Won::ZERO));
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
        fn text_and_json_round_trip(amount in 0..=Won::MAX.0) {
            prop_assert_eq!(Won::parse(&amount.to_string()), Ok(Won(amount)));
            let json = serde_json::to_string(&Won(amount)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Won>(&json).unwrap(), Won(amount));
        }

        #[test]
        fn numbers_outside_the_range_are_no_amount(amount in prop_oneof![i64::MIN..0, Won::MAX.0 + 1..=i64::MAX]) {
            prop_assert_eq!(Won::try_from(amount), Err(NotWon));
        }
    }
}
