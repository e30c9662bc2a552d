//! Days and times that we send, always in Korean time, as Toss reads them: `2026-08-01` and `2026-08-01T12:00:00`.

use crate::body::put_text;
use crate::timestamp::Timestamp;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Not a day or time of the calendar in the form that Toss reads.
///
/// ```
/// use toss_payments::{Date, DateError, DateTime};
///
/// assert_eq!(Date::parse("1 August"), Err(DateError::Date));
/// assert_eq!(DateTime::parse("2026-08-01"), Err(DateError::DateTime));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum DateError {
    /// Not `yyyy-MM-dd` of a day that exists.
    #[error("not a day of the form 2026-08-01")]
    Date,
    /// Not `yyyy-MM-dd'T'HH:mm:ss`, without an offset, of a time that exists.
    #[error("not a time of the form 2026-08-01T12:00:00")]
    DateTime,
}

/// A day in Korea.
///
/// ```
/// use toss_payments::Date;
///
/// assert_eq!(Date::parse("2026-08-01")?.as_str(), "2026-08-01");
/// assert!(Date::parse("2026-02-29").is_err());
/// # Ok::<(), toss_payments::DateError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(String);

impl Date {
    /// Reads a day.
    ///
    /// # Errors
    /// [`DateError::Date`] for anything else.
    pub fn parse(text: &str) -> Result<Date, DateError> {
        let exists = text.len() == 10 && Timestamp::new(format!("{text}T00:00:00")).unix_ms().is_some();
        if exists { Ok(Date(text.to_owned())) } else { Err(DateError::Date) }
    }

    /// The day as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A second in Korea.
///
/// ```
/// use toss_payments::DateTime;
///
/// assert_eq!(DateTime::parse("2026-08-01T12:00:00")?.as_str(), "2026-08-01T12:00:00");
/// assert!(DateTime::parse("2026-08-01T12:00:00Z").is_err(), "Toss reads Korean time, without an offset");
/// # Ok::<(), toss_payments::DateError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DateTime(String);

impl DateTime {
    /// Reads a time.
    ///
    /// # Errors
    /// [`DateError::DateTime`] for anything else.
    pub fn parse(text: &str) -> Result<DateTime, DateError> {
        let exists = text.len() == 19 && text.as_bytes().get(10) == Some(&b'T') && Timestamp::new(text).unix_ms().is_some();
        if exists { Ok(DateTime(text.to_owned())) } else { Err(DateError::DateTime) }
    }

    /// The time as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

put_text!(Date => as_str, DateTime => as_str);

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Date, DateError> {
        Date::parse(text)
    }
}

impl FromStr for DateTime {
    type Err = DateError;

    fn from_str(text: &str) -> Result<DateTime, DateError> {
        DateTime::parse(text)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_toss_reads_is_a_day_or_a_time() {
        for bad in ["", "2026-8-1", "2026-13-01", "2026-02-30", "20260801", "2026-08-01 ", "２026-08-0"] {
            assert_eq!(Date::parse(bad), Err(DateError::Date), "{bad}");
        }
        for bad in [
            "2026-08-01",
            "2026-08-01 12:00:00",
            "2026-08-01t12:00:00",
            "2026-08-01T24:00:00",
            "2026-08-01T12:00:00.0",
            "2026-08-01T12:00+9",
        ] {
            assert_eq!(DateTime::parse(bad), Err(DateError::DateTime), "{bad}");
        }
    }
}
