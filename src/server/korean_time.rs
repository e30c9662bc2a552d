//! Times as shoppers in Korea read them.

use crate::domain::lang::Lang;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset, Weekday};

/// Korea has had no summer time since 1988.
const KOREA: UtcOffset = match UtcOffset::from_hms(9, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// Day and time in Korea, in words: `11월 28일(토) 오후 2:05`, `Sat 28 Nov, 2:05 PM (Korean time)`. `at_ms` is in ms since 1970 UTC.
#[must_use]
pub fn in_words(at_ms: i64, lang: Lang) -> String {
    let at = in_korea(at_ms);
    let (hour, minute) = (at.hour(), at.minute());
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let day = day(at.date(), lang);
    match lang {
        Lang::Ko => format!("{day} {} {twelve}:{minute:02}", if hour < 12 { "오전" } else { "오후" }),
        Lang::En => format!("{day}, {twelve}:{minute:02} {} (Korean time)", if hour < 12 { "AM" } else { "PM" }),
    }
}

/// The same for programs: `2026-11-28T14:05:00+09:00`. Milliseconds are left out.
#[must_use]
pub fn rfc3339(at_ms: i64) -> String {
    in_korea(at_ms - at_ms.rem_euclid(1_000)).format(&Rfc3339).expect("invariant: a time with whole hours of offset can be written")
}

fn in_korea(at_ms: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(KOREA)
}

fn day(date: Date, lang: Lang) -> String {
    let weekday = date.weekday();
    let (ko, en) = match weekday {
        Weekday::Monday => ("월", "Mon"),
        Weekday::Tuesday => ("화", "Tue"),
        Weekday::Wednesday => ("수", "Wed"),
        Weekday::Thursday => ("목", "Thu"),
        Weekday::Friday => ("금", "Fri"),
        Weekday::Saturday => ("토", "Sat"),
        Weekday::Sunday => ("일", "Sun"),
    };
    match lang {
        Lang::Ko => format!("{}월 {}일({ko})", u8::from(date.month()), date.day()),
        Lang::En => format!("{en} {} {}", date.day(), &date.month().to_string()[..3]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_koreas() {
        for (at_ms, ko, en) in [
            (1_795_842_300_000, "11월 28일(토) 오후 2:05", "Sat 28 Nov, 2:05 PM (Korean time)"),
            (1_795_791_600_000, "11월 28일(토) 오전 12:00", "Sat 28 Nov, 12:00 AM (Korean time)"),
            (1_795_834_800_000, "11월 28일(토) 오후 12:00", "Sat 28 Nov, 12:00 PM (Korean time)"),
        ] {
            assert_eq!((in_words(at_ms, Lang::Ko).as_str(), in_words(at_ms, Lang::En).as_str()), (ko, en));
        }
        assert_eq!(rfc3339(1_795_842_300_123), "2026-11-28T14:05:00+09:00");
    }
}
