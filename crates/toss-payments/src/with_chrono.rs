//! Points in time of the crate `chrono` (feature `chrono-04`).

use crate::date::{Date, DateError, DateTime};
use crate::timestamp::{KST_OFFSET_MS, NotATime, Timestamp};
use chrono::{DateTime as Moment, Datelike as _, FixedOffset, NaiveDate, Timelike as _, Utc};

impl TryFrom<&Timestamp> for Moment<Utc> {
    type Error = NotATime;

    /// The moment, to the millisecond.
    fn try_from(timestamp: &Timestamp) -> Result<Moment<Utc>, NotATime> {
        Moment::from_timestamp_millis(timestamp.unix_ms().ok_or(NotATime)?).ok_or(NotATime)
    }
}

impl TryFrom<Moment<Utc>> for DateTime {
    type Error = DateError;

    /// The same moment on a clock in Korea; fractions of a second are cut off.
    fn try_from(time: Moment<Utc>) -> Result<DateTime, DateError> {
        let offset = FixedOffset::east_opt((KST_OFFSET_MS / 1_000) as i32).ok_or(DateError::DateTime)?;
        let time = time.with_timezone(&offset).naive_local();
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        DateTime::parse(&format!("{}T{hour:02}:{minute:02}:{second:02}", Date::try_from(time.date()).map_err(|_| DateError::DateTime)?))
    }
}

impl TryFrom<NaiveDate> for Date {
    type Error = DateError;

    fn try_from(date: NaiveDate) -> Result<Date, DateError> {
        Date::parse(&format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_same_moment() {
        let noon = Timestamp::new("2026-08-01T12:00:00.25+09:00");
        let moment = Moment::<Utc>::try_from(&noon).unwrap();
        assert_eq!(moment.timestamp_millis(), noon.unix_ms().unwrap());
        assert_eq!(DateTime::try_from(moment).unwrap().as_str(), "2026-08-01T12:00:00");
        assert_eq!(Date::try_from(moment.date_naive()).unwrap().as_str(), "2026-08-01");
        assert_eq!(Moment::<Utc>::try_from(&Timestamp::new("tomorrow")), Err(NotATime));
    }
}
