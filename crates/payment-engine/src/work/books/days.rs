//! Times as Toss's lists take them: Korean, to the second and to the day.

use time::{OffsetDateTime, UtcOffset};
use toss_payments::{Date, DateTime, Timestamp};

const DAY_MS: i64 = 24 * 60 * 60_000;

fn korean(at_ms: i64) -> OffsetDateTime {
    let korea = UtcOffset::from_hms(9, 0, 0).expect("invariant: nine hours are an offset");
    let at = OffsetDateTime::from_unix_timestamp(at_ms.div_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.to_offset(korea)
}

/// The second of that time (ms since 1970 UTC).
pub(super) fn second(at_ms: i64) -> DateTime {
    let at = korean(at_ms);
    let (hour, minute, second) = at.to_hms();
    let text = format!("{}T{hour:02}:{minute:02}:{second:02}", date(at));
    DateTime::parse(&text).expect("invariant: a time of the calendar is one")
}

/// The day of that time (ms since 1970 UTC).
pub(super) fn day(at_ms: i64) -> Date {
    Date::parse(&date(korean(at_ms))).expect("invariant: a day of the calendar is one")
}

/// When that day begins in Korea, in ms since 1970 UTC.
pub(super) fn begin_ms(day: &str) -> Option<i64> {
    Timestamp::new(format!("{day}T00:00:00")).unix_ms()
}

/// So many days in ms.
pub(super) const fn days_ms(days: i64) -> i64 {
    days * DAY_MS
}

fn date(at: OffsetDateTime) -> String {
    format!("{:04}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korea_is_nine_hours_ahead() {
        let at_ms = Timestamp::new("2026-08-01T20:30:59.999Z").unix_ms().unwrap();
        assert_eq!(second(at_ms).as_str(), "2026-08-02T05:30:59");
        assert_eq!(day(at_ms).as_str(), "2026-08-02");
        assert_eq!(day(begin_ms("2026-08-02").unwrap()).as_str(), "2026-08-02");
        assert_eq!(day(begin_ms("2026-08-02").unwrap() - 1).as_str(), "2026-08-01");
        assert_eq!(second(0).as_str(), "1970-01-01T09:00:00");
    }
}
