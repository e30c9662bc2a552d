//! Points in time of the crate `time` (feature `time-03`).

use crate::date::{Date, DateError, DateTime};
use crate::timestamp::{KST_OFFSET_MS, NotATime, Timestamp};
use time::{Duration, OffsetDateTime, UtcDateTime, UtcOffset};

impl TryFrom<&Timestamp> for UtcDateTime {
    type Error = NotATime;

    /// The moment, to the millisecond.
    fn try_from(timestamp: &Timestamp) -> Result<UtcDateTime, NotATime> {
        let ms = timestamp.unix_ms().ok_or(NotATime)?;
        UtcDateTime::UNIX_EPOCH.checked_add(Duration::milliseconds(ms)).ok_or(NotATime)
    }
}

impl TryFrom<&Timestamp> for OffsetDateTime {
    type Error = NotATime;

    /// The moment, to the millisecond, in UTC.
    fn try_from(timestamp: &Timestamp) -> Result<OffsetDateTime, NotATime> {
        UtcDateTime::try_from(timestamp).map(OffsetDateTime::from)
    }
}

impl TryFrom<OffsetDateTime> for DateTime {
    type Error = DateError;

    /// The same moment on a clock in Korea; fractions of a second are cut off.
    fn try_from(time: OffsetDateTime) -> Result<DateTime, DateError> {
        let offset = UtcOffset::from_whole_seconds((KST_OFFSET_MS / 1_000) as i32).map_err(|_| DateError::DateTime)?;
        let time = time.checked_to_offset(offset).ok_or(DateError::DateTime)?;
        let (date, hour, minute, second) = (time.date(), time.hour(), time.minute(), time.second());
        DateTime::parse(&format!("{}T{hour:02}:{minute:02}:{second:02}", Date::try_from(date).map_err(|_| DateError::DateTime)?))
    }
}

impl TryFrom<time::Date> for Date {
    type Error = DateError;

    fn try_from(date: time::Date) -> Result<Date, DateError> {
        Date::parse(&format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_same_moment() {
        let noon = Timestamp::new("2026-08-01T12:00:00.25+09:00");
        let moment = OffsetDateTime::try_from(&noon).unwrap();
        assert_eq!(moment.unix_timestamp_nanos(), i128::from(noon.unix_ms().unwrap()) * 1_000_000);
        assert_eq!(DateTime::try_from(moment).unwrap().as_str(), "2026-08-01T12:00:00");
        assert_eq!(Date::try_from(moment.date()).unwrap().as_str(), "2026-08-01");
        assert_eq!(UtcDateTime::try_from(&Timestamp::new("tomorrow")), Err(NotATime));
        assert_eq!(UtcDateTime::try_from(&Timestamp::new("0000-01-01T00:00:00Z")).map(|time| time.year()), Ok(0));
    }
}
