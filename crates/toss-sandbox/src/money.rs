//! Exact money: a whole number of the currency's smallest unit. No floating point comes near it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::value::RawValue;

/// A currency of the sandbox. PayPal is paid in USD, everything else in KRW (Toss docs). In JSON: its ISO code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Currency {
    /// Korean won, which have no smaller unit.
    #[default]
    Krw,
    /// US dollars, counted in cents.
    Usd,
}

impl Currency {
    /// Every currency.
    pub const ALL: &'static [Self] = &[Self::Krw, Self::Usd];

    /// The ISO code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
            Self::Usd => "USD",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|currency| currency.as_str() == code)
    }

    /// How many digits stand behind the point.
    const fn decimals(self) -> u32 {
        match self {
            Self::Krw => 0,
            Self::Usd => 2,
        }
    }
}

/// An amount of money, never negative, in its currency's smallest unit: won, or US cents.
///
/// ```
/// use toss_sandbox::{Currency, Money};
///
/// let price = Money::new(72_624, Currency::Usd).ok_or("out of range")?;
/// assert_eq!((price.get(), price.to_string().as_str()), (72_624, "726.24"));
/// assert_eq!(serde_json::to_string(&price)?, "726.24");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    units: i64,
    currency: Currency,
}

impl Money {
    /// The largest integer that JavaScript holds exactly. In cents it has one digit less, so that all of its decimals
    /// survive there as well.
    const fn most(currency: Currency) -> i64 {
        match currency {
            Currency::Krw => 9_007_199_254_740_991,
            Currency::Usd => 999_999_999_999_999,
        }
    }

    /// So many of the smallest unit, if that is in range.
    pub fn new(units: i64, currency: Currency) -> Option<Self> {
        (0..=Self::most(currency)).contains(&units).then_some(Self { units, currency })
    }

    /// How many of the smallest unit: won, or US cents.
    pub const fn get(self) -> i64 {
        self.units
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// As a shopper reads it: `45,000원`, `726.24 USD`.
    pub(crate) fn to_korean(self) -> String {
        match self.currency {
            Currency::Usd => format!("{self} USD"),
            Currency::Krw => {
                let digits = self.units.to_string();
                let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 3);
                for (i, digit) in digits.chars().enumerate() {
                    if i > 0 && (digits.len() - i).is_multiple_of(3) {
                        text.push(',');
                    }
                    text.push(digit);
                }
                text.push('원');
                text
            }
        }
    }
}

impl fmt::Display for Money {
    /// The number as JSON has it, without zeros at the end behind the point (assumed: a log of Toss shows `726.24`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Decimal::of(self.units, self.currency).fmt(f)
    }
}

impl Serialize for Money {
    /// A number; which currency it is in stands beside it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Decimal::of(self.units, self.currency).serialize(serializer)
    }
}

/// As it is kept in the state file: the unit and the currency.
pub(crate) mod stored {
    use super::{Currency, Deserialize, Deserializer, Money, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        (money.units, money.currency).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let (units, currency) = <(i64, Currency)>::deserialize(deserializer)?;
        Money::new(units, currency).ok_or_else(|| serde::de::Error::custom("an amount out of range"))
    }
}

/// A number as it was written: its digits, and how many of them stand behind the point. Which currency it is in, and so
/// whether it can be one, shows later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Decimal {
    digits: i64,
    scale: u32,
}

/// Why a number is no amount of a currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NoAmount {
    /// It is finer than the smallest unit, or has a point where the currency knows none.
    TooFine,
    /// It is more than there is.
    TooMuch,
}

impl Decimal {
    /// More digits behind the point are no amount of any currency.
    const MOST_SCALE: usize = 9;

    /// So many of the currency's smallest unit.
    pub(crate) fn of(units: i64, currency: Currency) -> Self {
        let (mut digits, mut scale) = (units, currency.decimals());
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        Self { digits, scale }
    }

    /// `-5`, `45000`, `726.24`: as JSON writes numbers, with no exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (whole, fraction) = match text.split_once('.') {
            None => (text, ""),
            Some((whole, fraction)) if is_digits(fraction) && fraction.len() <= Self::MOST_SCALE => (whole, fraction),
            Some(_) => return None,
        };
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        if !is_digits(unsigned) || (unsigned.len() > 1 && unsigned.starts_with('0')) {
            return None;
        }
        Some(Self { digits: format!("{whole}{fraction}").parse().ok()?, scale: u32::try_from(fraction.len()).ok()? })
    }

    pub(crate) fn is_above_zero(self) -> bool {
        self.digits > 0
    }

    /// How many of the currency's smallest unit it is, negative ones too.
    pub(crate) fn units(self, currency: Currency) -> Result<i64, NoAmount> {
        match currency.decimals().checked_sub(self.scale) {
            Some(missing) => self.digits.checked_mul(10_i64.pow(missing)).ok_or(NoAmount::TooMuch),
            // KRW is written without a point, also where nothing stands behind it.
            None if currency.decimals() == 0 => Err(NoAmount::TooFine),
            None => {
                let finer = 10_i64.pow(self.scale - currency.decimals());
                if self.digits % finer == 0 { Ok(self.digits / finer) } else { Err(NoAmount::TooFine) }
            }
        }
    }

    /// The same, one won or dollar more.
    pub(crate) fn one_more(self) -> Option<Self> {
        Some(Self { digits: self.digits.checked_add(10_i64.checked_pow(self.scale)?)?, ..self })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { digits, scale } = *self;
        if scale == 0 {
            return write!(f, "{digits}");
        }
        let sign = if digits < 0 { "-" } else { "" };
        let width = usize::try_from(scale).unwrap_or_default();
        let text = format!("{:0>1$}", digits.unsigned_abs(), width + 1);
        let (whole, fraction) = text.split_at(text.len() - width);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.scale == 0 {
            return serializer.serialize_i64(self.digits);
        }
        RawValue::from_string(self.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// A number, only from JSON.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        Self::parse(text).ok_or_else(|| D::Error::custom("no amount"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_shoppers_read_them() {
        for (amount, text) in [(0, "0원"), (1, "1원"), (999, "999원"), (45_000, "45,000원"), (1_234_567, "1,234,567원")] {
            assert_eq!(Money::new(amount, Currency::Krw).map(Money::to_korean).as_deref(), Some(text));
        }
        assert_eq!(Money::new(72_624, Currency::Usd).map(Money::to_korean).as_deref(), Some("726.24 USD"));
        for amount in [i64::MIN, -1, 9_007_199_254_740_992] {
            assert_eq!(Money::new(amount, Currency::Krw), None);
            assert_eq!(Money::new(amount, Currency::Usd), None);
        }
    }

    #[test]
    fn a_number_is_read_digit_by_digit_and_written_as_it_was_or_it_is_none() {
        for (text, units) in [
            ("45000", Ok(4_500_000)),
            ("726.24", Ok(72_624)),
            ("0.1", Ok(10)),
            ("0.30", Ok(30)),
            ("-0.05", Ok(-5)),
            ("1.230000000", Ok(123)),
            ("0.001", Err(NoAmount::TooFine)),
            ("92233720368547758", Ok(9_223_372_036_854_775_800)),
            ("92233720368547759", Err(NoAmount::TooMuch)),
        ] {
            let number = Decimal::parse(text).expect(text);
            assert_eq!(number.units(Currency::Usd), units, "{text}");
            assert_eq!(number.to_string(), text);
            assert_eq!(serde_json::to_string(&number).expect("JSON"), text);
        }
        for text in [
            "",
            ".",
            ".5",
            "5.",
            "1.2.3",
            "1e2",
            "1,000",
            " 1",
            "--1",
            "0x1",
            "+1.5",
            "+5",
            "-",
            "+",
            "007",
            "00",
            "-01",
            "00.5",
            "01.5",
            "1.2345678901",
            "92233720368547758070",
            "１",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse("45000").expect("a number").units(Currency::Krw), Ok(45_000));
        assert_eq!(Decimal::parse("45000.0").expect("a number").units(Currency::Krw), Err(NoAmount::TooFine));
    }

    #[test]
    fn cents_are_exact_where_floating_point_is_not() {
        // 0.1 + 0.2, and an amount whose float has more digits than fifteen.
        for (units, text) in [(30, "0.3"), (1_000, "10"), (5, "0.05"), (999_999_999_999_999, "9999999999999.99")] {
            let money = Money::new(units, Currency::Usd).expect("in range");
            assert_eq!(serde_json::to_string(&money).expect("JSON"), text);
            let value = serde_json::to_value(money).expect("JSON");
            assert_eq!(value.to_string().trim_end_matches(".0"), text, "through a tree too");
            assert_eq!(Decimal::parse(text).and_then(|number| number.units(Currency::Usd).ok()), Some(units));
        }
        assert_eq!(Decimal::parse("726.24").and_then(Decimal::one_more).map(|more| more.to_string()).as_deref(), Some("727.24"));
    }
}
