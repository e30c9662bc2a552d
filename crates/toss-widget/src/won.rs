//! Won as numbers of JavaScript's, which hold every amount up to [`Won::MAX`] exactly.

use crate::args::{AMOUNT, Limit};
use crate::error::WidgetError;
use toss_types::{NotWon, Won};

/// The same number in JavaScript.
#[expect(clippy::cast_precision_loss, reason = "exact up to Won::MAX")]
pub(crate) const fn as_number(won: Won) -> f64 {
    won.get() as f64
}

/// A number of JavaScript's, if it is one of won.
#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
pub(crate) fn from_number(number: f64) -> Option<Won> {
    let fits = number.fract() == 0.0 && (0.0..=as_number(Won::MAX)).contains(&number);
    if fits { Won::new(number as i64).ok() } else { None }
}

/// `InvalidArgument` for `amount`.
impl From<NotWon> for WidgetError {
    fn from(_: NotWon) -> WidgetError {
        (&Limit { field: "amount", must_be: AMOUNT }).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    #[test]
    fn an_amount_is_exact_in_javascript() {
        for good in [Won::ZERO, Won::of(1), Won::MAX] {
            assert_eq!(from_number(as_number(good)), Some(good));
        }
        for bad in [-1.0, 0.5, 9_007_199_254_740_992.0, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(from_number(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_no_amount_is_an_invalid_argument() {
        let error = WidgetError::from(Won::new(-1).expect_err("out of bounds"));
        assert_eq!(error.code, ErrorCode::InvalidArgument { field: "amount", limit: AMOUNT });
        assert_eq!(error.message, "amount: 0 to 9007199254740991 KRW");
    }
}
