//! Points in time as Toss writes them: kept as received, read on demand.

use std::fmt;

/// Korea has had no daylight saving time since 1988: KST is always nine hours ahead of UTC.
pub(crate) const KST_OFFSET_MS: i64 = 9 * 3_600_000;

/// A text that is no point in time, or one that another crate's type cannot hold.
///
/// ```
/// use toss_payments::NotATime;
///
/// assert_eq!(NotATime.to_string(), "not a point in time");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a point in time")]
pub struct NotATime;

/// A point in time as Toss wrote it.
///
/// Most fields are `yyyy-MM-dd'T'HH:mm:ss+09:00`; deadlines and webhook times come without an offset or with fractions of
/// varying length (Toss docs `/reference` and `/reference/using-api/webhook-events`, and logged payloads). So the text is
/// kept, and reading it is lenient: no offset means KST.
///
/// ```
/// use toss_payments::Timestamp;
///
/// let approved = Timestamp::new("2026-08-01T12:00:00+09:00");
/// assert_eq!(approved.unix_ms(), Some(1_785_553_200_000));
/// assert_eq!(Timestamp::new("2026-08-01T12:00:00").unix_ms(), approved.unix_ms());
/// assert_eq!(Timestamp::new("tomorrow").unix_ms(), None);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Timestamp(String);

impl Timestamp {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Timestamp {
        Timestamp(text.into())
    }

    /// The text as Toss wrote it.
    ///
    /// ```
    /// use toss_payments::Timestamp;
    ///
    /// assert_eq!(Timestamp::new("2026-08-01T12:00:00.5").as_str(), "2026-08-01T12:00:00.5");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Milliseconds since 1970-01-01T00:00:00Z; finer fractions are cut off. `None` for what is no point in time.
    #[must_use]
    pub fn unix_ms(&self) -> Option<i64> {
        let mut rest = Cursor(self.0.as_bytes());
        let year = rest.digits(4)?;
        rest.one_of(b"-")?;
        let month = rest.digits(2)?;
        rest.one_of(b"-")?;
        let day = rest.digits(2)?;
        rest.one_of(b"Tt ")?;
        let hour = rest.digits(2)?;
        rest.one_of(b":")?;
        let minute = rest.digits(2)?;
        rest.one_of(b":")?;
        let second = rest.digits(2)?;
        let millis = rest.fraction_ms()?;
        let offset_ms = rest.offset_ms()?;
        // A leap second counts as the second after it; Toss has never sent one.
        let in_range = (1..=days_in(year, month)?).contains(&day) && hour < 24 && minute < 60 && second <= 60;
        if !in_range || !rest.0.is_empty() {
            return None;
        }
        let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        Some(seconds * 1_000 + millis - offset_ms)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is still to be read.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
    }

    fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        allowed.contains(first).then_some(*first)
    }

    fn fraction_ms(&mut self) -> Option<i64> {
        if self.0.first() != Some(&b'.') {
            return Some(0);
        }
        self.0 = &self.0[1..];
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let digit = |place: usize| digits.get(place).map_or(0, |b| i64::from(b - b'0'));
        (count > 0).then(|| digit(0) * 100 + digit(1) * 10 + digit(2))
    }

    fn offset_ms(&mut self) -> Option<i64> {
        if self.0.is_empty() {
            return Some(KST_OFFSET_MS);
        }
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.digits(2)?;
        if self.0.first() == Some(&b':') {
            self.0 = &self.0[1..];
        }
        let minutes = self.digits(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
    }
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Days in the proleptic Gregorian calendar, counted in years that start in March so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days_before_month = (153 * month + 2) / 5;
    year * 365 + leap_days + days_before_month + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(text: &str) -> Option<i64> {
        Timestamp::new(text).unix_ms()
    }

    #[test]
    fn every_form_that_toss_uses_is_read() {
        let noon_kst = Some(1_785_553_200_000);
        for text in [
            "2026-08-01T12:00:00+09:00",
            "2026-08-01T12:00:00",
            "2026-08-01T12:00:00.00000",
            "2026-08-01T12:00:00.000000",
            "2026-08-01 12:00:00",
            "2026-08-01T03:00:00Z",
            "2026-08-01T03:00:00+0000",
            "2026-07-31T22:00:00-05:00",
        ] {
            assert_eq!(ms(text), noon_kst, "{text}");
        }
        assert_eq!(ms("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(ms("1970-01-01T00:00:00"), Some(-32_400_000));
        assert_eq!(ms("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        assert_eq!(ms("2022-01-01T00:00:00.12345Z"), Some(1_640_995_200_123));
        assert_eq!(ms("2022-01-01T00:00:00.1Z"), Some(1_640_995_200_100));
    }

    #[test]
    fn what_is_no_point_in_time_is_none() {
        for text in [
            "",
            "2026-08-01",
            "2026-8-1T12:00:00",
            "2026-13-01T12:00:00",
            "2026-00-01T12:00:00",
            "2026-02-29T12:00:00",
            "2026-08-32T12:00:00",
            "2026-08-00T12:00:00",
            "2026-08-01T24:00:00",
            "2026-08-01T12:60:00",
            "2026-08-01T12:00:61",
            "2026-08-01T12:00:00.",
            "2026-08-01T12:00:00+9",
            "2026-08-01T12:00:00+24:00",
            "2026-08-01T12:00:00Zx",
            "20xx-08-01T12:00:00",
            "２026-08-01T12:00:00",
        ] {
            assert_eq!(ms(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_day_is_one_day_after_the_day_before(year in 1970..9999_i64, month in 1..=12_i64, day in 1..=31_i64) {
            prop_assume!(day <= days_in(year, month).unwrap());
            let next = if day < days_in(year, month).unwrap() {
                (year, month, day + 1)
            } else if month < 12 {
                (year, month + 1, 1)
            } else {
                (year + 1, 1, 1)
            };
            prop_assert_eq!(days_since_1970(next.0, next.1, next.2) - days_since_1970(year, month, day), 1);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}|[0-9T:+Z.-]{0,40}") {
            ms(&text);
        }
    }
}
