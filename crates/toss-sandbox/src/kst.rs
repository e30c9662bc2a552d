//! Dates and times as requests write them: Korean time, without an offset.

use time::{Date, PrimitiveDateTime, Time, UtcOffset, macros::format_description};

use crate::clock::UnixMs;

/// `yyyy-MM-dd'T'HH:mm:ss`; an offset of `+09:00` at the end says nothing new.
pub(crate) fn date_time(text: &str) -> Option<UnixMs> {
    let text = text.strip_suffix("+09:00").unwrap_or(text);
    let time = PrimitiveDateTime::parse(text, format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]")).ok()?;
    at(time)
}

/// `yyyy-MM-dd`: the moment at which that day begins.
pub(crate) fn date(text: &str) -> Option<UnixMs> {
    let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    at(PrimitiveDateTime::new(date, Time::MIDNIGHT))
}

fn at(time: PrimitiveDateTime) -> Option<UnixMs> {
    let korea = UtcOffset::from_hms(9, 0, 0).expect("invariant: nine hours are an offset");
    let at_ms = time.assume_offset(korea).unix_timestamp().checked_mul(1000)?;
    // What lies outside of the clock's range is no date of a payment.
    let at = UnixMs::new(at_ms);
    (at.get() == at_ms).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_korean_and_are_read_strictly() {
        assert_eq!(date_time("1970-01-01T09:00:01"), Some(UnixMs::new(1000)));
        assert_eq!(date_time("1970-01-01T09:00:01+09:00"), Some(UnixMs::new(1000)));
        assert_eq!(date("1970-01-02"), Some(UnixMs::new(15 * 3_600_000)));
        for text in ["", "1969-12-31", "2026-02-30", "2026-8-1", "2026-08-01T00:00:00", "99999-01-01", "2026-08-01 "] {
            assert_eq!(date(text), None, "{text}");
        }
        for text in ["2026-08-01", "2026-08-01T24:00:00", "2026-08-01T00:00", "2026-08-01T00:00:00Z"] {
            assert_eq!(date_time(text), None, "{text}");
        }
    }
}
