//! Money in Korean won, as far as a JavaScript number holds it exactly.

use crate::args::{AMOUNT, Limit};
use crate::error::WidgetError;

/// An amount in KRW: whole, never negative, at most [`Won::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Won(i64);

impl Won {
    /// The largest amount that a JavaScript number holds exactly, 2^53 - 1.
    pub const MAX: Won = Won(9_007_199_254_740_991);

    /// An amount known when the program is compiled; anything else goes through [`Won::new`].
    #[must_use]
    pub const fn of(amount: u32) -> Won {
        Won(amount as i64)
    }

    /// This many won.
    ///
    /// # Errors
    /// `InvalidArgument` for `amount`, if it is negative or above [`Won::MAX`].
    pub fn new(amount: i64) -> Result<Won, WidgetError> {
        if (0..=Won::MAX.0).contains(&amount) { Ok(Won(amount)) } else { Err((&Limit { field: "amount", must_be: AMOUNT }).into()) }
    }

    /// The number of won, for the borders where a bare number is asked for.
    #[must_use]
    pub const fn amount(self) -> i64 {
        self.0
    }

    /// The same number in JavaScript.
    #[expect(clippy::cast_precision_loss, reason = "exact up to Won::MAX")]
    pub(crate) const fn as_number(self) -> f64 {
        self.0 as f64
    }

    /// A number of JavaScript's, if it is one of won.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
    pub(crate) fn from_number(number: f64) -> Option<Won> {
        let fits = number.fract() == 0.0 && (0.0..=Won::MAX.as_number()).contains(&number);
        fits.then_some(Won(number as i64))
    }
}

impl TryFrom<i64> for Won {
    type Error = WidgetError;

    fn try_from(amount: i64) -> Result<Won, WidgetError> {
        Won::new(amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    #[test]
    fn an_amount_is_whole_not_negative_and_exact_in_javascript() {
        for good in [0, 1, Won::MAX.amount()] {
            assert_eq!(Won::new(good).map(Won::amount), Ok(good));
            assert_eq!(Won::from_number(Won(good).as_number()), Some(Won(good)));
        }
        for bad in [-1, i64::MIN, Won::MAX.amount() + 1, i64::MAX] {
            let error = Won::try_from(bad).expect_err("out of bounds");
            assert_eq!(error.code, ErrorCode::InvalidArgument { field: "amount", limit: AMOUNT });
        }
        for bad in [-1.0, 0.5, 9_007_199_254_740_992.0, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Won::from_number(bad), None, "{bad}");
        }
    }
}
