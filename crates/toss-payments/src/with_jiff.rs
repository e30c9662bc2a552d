//! Points in time of the crate `jiff` (feature `jiff-02`).

use crate::date::{Date, DateError, DateTime};
use crate::timestamp::{KST_OFFSET_MS, NotATime, Timestamp};
use jiff::tz::Offset;

impl TryFrom<&Timestamp> for jiff::Timestamp {
    type Error = NotATime;

    /// The moment, to the millisecond.
    fn try_from(timestamp: &Timestamp) -> Result<jiff::Timestamp, NotATime> {
        jiff::Timestamp::from_millisecond(timestamp.unix_ms().ok_or(NotATime)?).map_err(|_| NotATime)
    }
}

impl TryFrom<jiff::Timestamp> for DateTime {
    type Error = DateError;

    /// The same moment on a clock in Korea; fractions of a second are cut off.
    fn try_from(time: jiff::Timestamp) -> Result<DateTime, DateError> {
        let offset = Offset::from_seconds((KST_OFFSET_MS / 1_000) as i32).map_err(|_| DateError::DateTime)?;
        let time = offset.to_datetime(time);
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        DateTime::parse(&format!("{}T{hour:02}:{minute:02}:{second:02}", Date::try_from(time.date()).map_err(|_| DateError::DateTime)?))
    }
}

impl TryFrom<jiff::civil::Date> for Date {
    type Error = DateError;

    fn try_from(date: jiff::civil::Date) -> Result<Date, DateError> {
        Date::parse(&format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_same_moment() {
        let noon = Timestamp::new("2026-08-01T12:00:00.25+09:00");
        let moment = jiff::Timestamp::try_from(&noon).unwrap();
        assert_eq!(moment.as_millisecond(), noon.unix_ms().unwrap());
        assert_eq!(DateTime::try_from(moment).unwrap().as_str(), "2026-08-01T12:00:00");
        assert_eq!(Date::try_from(jiff::civil::date(2026, 8, 1)).unwrap().as_str(), "2026-08-01");
        assert_eq!(jiff::Timestamp::try_from(&Timestamp::new("tomorrow")), Err(NotATime));
    }
}
