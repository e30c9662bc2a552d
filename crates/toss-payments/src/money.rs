//! Money: [`Won`] is what we ask for, [`Amount`] is what Toss reports. Neither is ever a float.

use crate::object::Essential;
use crate::payment::words::Currency;
use std::cmp::Ordering;
use std::fmt;
use thiserror::Error;

pub use toss_types::{NotWon, Won};

/// An amount as Toss sent it, exact to the last decimal, in the currency that stands beside it.
///
/// Won come whole; PayPal payments in US dollars come with decimals such as `726.24` (Toss docs, cancel guide). Equal
/// amounts are equal however they were written: `45000`, `45000.0` and `4.5e4`.
///
/// ```
/// use toss_payments::{Amount, Won};
///
/// let dollars = Amount::parse("726.24").unwrap();
/// assert_eq!((dollars.to_string().as_str(), dollars.as_won()), ("726.24", None));
/// assert_eq!(Amount::parse("45000").unwrap().as_won(), Won::new(45_000).ok());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Amount {
    /// Signed digits without the point. No trailing zero unless `scale` is 0: that makes the form unique.
    digits: i128,
    /// How many of the digits stand behind the point.
    scale: u8,
}

impl Amount {
    /// More decimals than any currency has, few enough that 128 bits hold any sane amount.
    const MAX_SCALE: u8 = 18;

    /// Reads a JSON number: `726.24`, `45000`, `4.5e4`.
    ///
    /// `None` for what is no JSON number, and for numbers that no amount needs: more than 18 decimals, or past 128 bits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Amount> {
        // Won, by far the most common, come as a few digits.
        if let [first @ b'1'..=b'9', rest @ ..] = text.as_bytes()
            && rest.len() < 18
            && rest.iter().all(u8::is_ascii_digit)
        {
            let digits = rest.iter().fold(i64::from(first - b'0'), |sum, b| sum * 10 + i64::from(b - b'0'));
            return Some(Amount { digits: i128::from(digits), scale: 0 });
        }
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        let starts_well = matches!(whole.as_bytes(), [b'0'] | [b'1'..=b'9', ..]);
        if !starts_well || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut digits: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            digits = digits.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        let scale = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        Amount::normal(if negative { -digits } else { digits }, scale)
    }

    fn normal(mut digits: i128, mut scale: i64) -> Option<Amount> {
        if digits == 0 {
            return Some(Amount { digits: 0, scale: 0 });
        }
        while scale < 0 {
            digits = digits.checked_mul(10)?;
            scale += 1;
        }
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        if scale > i64::from(Amount::MAX_SCALE) {
            return None;
        }
        Some(Amount { digits, scale: u8::try_from(scale).ok()? })
    }

    /// The amount as won, where it is whole, not negative and at most [`Won::MAX`]. Look at the currency before.
    #[must_use]
    pub fn as_won(self) -> Option<Won> {
        if self.scale != 0 {
            return None;
        }
        i64::try_from(self.digits).ok().and_then(|won| Won::new(won).ok())
    }

    /// The whole part, rounded down, and what is left of it in units of the last decimal that an amount can have.
    fn split(self) -> (i128, i128) {
        let one = 10_i128.pow(u32::from(self.scale));
        let unit = 10_i128.pow(u32::from(Amount::MAX_SCALE - self.scale));
        (self.digits.div_euclid(one), self.digits.rem_euclid(one) * unit)
    }

    /// The sum; `None` past 128 bits.
    ///
    /// ```
    /// use toss_payments::Amount;
    ///
    /// let [a, b] = ["726.24", "0.76"].map(|text| Amount::parse(text).unwrap());
    /// assert_eq!(a.checked_add(b), Amount::parse("727"));
    /// assert_eq!(b.checked_sub(a), Amount::parse("-725.48"));
    /// ```
    #[must_use]
    pub fn checked_add(self, other: Amount) -> Option<Amount> {
        self.combined(other, i128::checked_add)
    }

    /// The difference, which may be negative; `None` past 128 bits.
    #[must_use]
    pub fn checked_sub(self, other: Amount) -> Option<Amount> {
        self.combined(other, i128::checked_sub)
    }

    fn combined(self, other: Amount, of: fn(i128, i128) -> Option<i128>) -> Option<Amount> {
        let scale = self.scale.max(other.scale);
        let digits = |amount: Amount| amount.digits.checked_mul(10_i128.pow(u32::from(scale - amount.scale)));
        Amount::normal(of(digits(self)?, digits(other)?)?, i64::from(scale))
    }

    /// Whether it is nothing at all.
    ///
    /// ```
    /// use toss_payments::Amount;
    ///
    /// assert!(Amount::parse("0.00").unwrap().is_zero());
    /// ```
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }
}

/// By their value.
impl Ord for Amount {
    fn cmp(&self, other: &Amount) -> Ordering {
        self.split().cmp(&other.split())
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Amount) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn parse_exponent(text: &str) -> Option<i16> {
    // `i16::from_str` takes the `+` that JSON allows, and limits how long `normal` can loop.
    text.parse().ok()
}

impl Essential for Amount {}

impl From<Won> for Amount {
    fn from(won: Won) -> Amount {
        Amount { digits: i128::from(won.get()), scale: 0 }
    }
}

/// What is won of an amount; [`Amount::as_won`].
impl TryFrom<Amount> for Won {
    type Error = NotWon;

    fn try_from(amount: Amount) -> Result<Won, NotWon> {
        amount.as_won().ok_or(NotWon)
    }
}

/// As [`Amount::parse`].
impl std::str::FromStr for Amount {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Amount, NotMoney> {
        Amount::parse(text).ok_or(NotMoney::NotANumber)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let point = if fraction.is_empty() { "" } else { "." };
        f.pad(&format!("{sign}{whole}{point}{fraction}"))
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

/// An amount together with its currency, as it is asked for: never negative.
///
/// ```
/// use toss_payments::Currency;
/// use toss_payments::{Amount, Money, Won};
///
/// let dollars = Money::new(Amount::parse("726.24").unwrap(), Currency::Usd)?;
/// assert_eq!(dollars.to_string(), "726.24 USD");
/// assert_eq!(Money::from(Won::new(1_000)?).to_string(), "1000 KRW");
/// assert!(Money::new(Amount::parse("0.5").unwrap(), Currency::Krw).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    amount: Amount,
    currency: Currency,
}

/// Why an amount cannot be asked for in a currency.
///
/// ```
/// use toss_payments::Currency;
/// use toss_payments::{Amount, Money, NotMoney};
///
/// let half = Amount::parse("0.5").unwrap();
/// assert_eq!(Money::new(half, Currency::Jpy), Err(NotMoney::Decimals));
/// let dollars = Money::new(half, Currency::Usd)?;
/// assert_eq!((dollars.amount(), dollars.currency()), (half, &Currency::Usd));
/// # Ok::<(), NotMoney>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum NotMoney {
    /// No number as JSON writes one, or one that no amount needs.
    #[error("an amount is a number such as 726.24")]
    NotANumber,
    /// Less than nothing.
    #[error("an amount of money is not negative")]
    Negative,
    /// More decimals than the currency has (ISO 4217): won and yen have none, dollars and pesos two.
    #[error("the currency has not so many decimals")]
    Decimals,
}

impl Money {
    /// An amount in a currency.
    ///
    /// # Errors
    /// [`NotMoney`] where it is negative, or has decimals that the currency does not have.
    pub fn new(amount: Amount, currency: Currency) -> Result<Money, NotMoney> {
        if amount.digits < 0 {
            return Err(NotMoney::Negative);
        }
        match currency.decimals() {
            Some(decimals) if amount.scale > decimals => Err(NotMoney::Decimals),
            Some(_) | None => Ok(Money { amount, currency }),
        }
    }

    /// How much.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.amount
    }

    /// The amount as won; `None` in another currency.
    ///
    /// ```
    /// use toss_payments::{Amount, Currency, Money, Won};
    ///
    /// assert_eq!(Money::from(Won::of(45_000)).as_won(), Some(Won::of(45_000)));
    /// assert_eq!(Money::new(Amount::parse("45").unwrap(), Currency::Usd)?.as_won(), None);
    /// # Ok::<(), toss_payments::NotMoney>(())
    /// ```
    #[must_use]
    pub fn as_won(&self) -> Option<Won> {
        if self.currency == Currency::Krw { self.amount.as_won() } else { None }
    }

    /// The sum; `None` where the currencies differ, and past 128 bits.
    ///
    /// ```
    /// use toss_payments::{Money, Won};
    ///
    /// let (paid, back) = (Money::from(Won::of(45_000)), Money::from(Won::of(15_000)));
    /// assert_eq!(paid.checked_sub(&back), Some(Won::of(30_000).into()));
    /// assert_eq!(back.checked_sub(&paid), None, "money is never negative");
    /// assert_eq!(back.checked_add(&back), Some(Won::of(30_000).into()));
    /// ```
    #[must_use]
    pub fn checked_add(&self, other: &Money) -> Option<Money> {
        self.with(other, self.amount.checked_add(other.amount)?)
    }

    /// The difference; `None` where the currencies differ, and where it would be negative.
    #[must_use]
    pub fn checked_sub(&self, other: &Money) -> Option<Money> {
        self.with(other, self.amount.checked_sub(other.amount)?)
    }

    fn with(&self, other: &Money, amount: Amount) -> Option<Money> {
        if self.currency == other.currency { Money::new(amount, self.currency.clone()).ok() } else { None }
    }

    /// Of what.
    #[must_use]
    pub fn currency(&self) -> &Currency {
        &self.currency
    }
}

impl From<Won> for Money {
    fn from(won: Won) -> Money {
        Money { amount: won.into(), currency: Currency::Krw }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = usize::from(self.currency.decimals().unwrap_or(0));
        let missing = decimals.saturating_sub(usize::from(self.amount.scale));
        let point = if missing > 0 && self.amount.scale == 0 { "." } else { "" };
        f.pad(&format!("{}{point}{:0<missing$} {}", self.amount, "", self.currency))
    }
}

#[cfg(test)]
mod tests;
