//! What anybody can make the log say: each kind of it once an hour, no more kinds than can be remembered, and no text that
//! is longer than a line or passes for another.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const HOUR: Duration = Duration::from_secs(3_600);

/// The kinds of something that the log has had this hour.
#[derive(Debug)]
pub struct Hourly<T> {
    most: usize,
    had: Mutex<Had<T>>,
}

#[derive(Debug)]
struct Had<T> {
    since: Option<Instant>,
    kinds: HashSet<T>,
}

impl<T: Clone + Eq + Hash> Hourly<T> {
    /// Remembers that many kinds.
    pub fn new(most: usize) -> Hourly<T> {
        Hourly { most, had: Mutex::new(Had { since: None, kinds: HashSet::new() }) }
    }

    /// Whether the log is to have it.
    pub fn is_news(&self, kind: &T, now: Instant) -> bool {
        let mut had = self.had.lock().unwrap_or_else(PoisonError::into_inner);
        if had.since.is_none_or(|since| now.saturating_duration_since(since) >= HOUR) {
            had.kinds.clear();
            had.since = Some(now);
        }
        had.kinds.len() < self.most && had.kinds.insert(kind.clone())
    }
}

/// Cut, and without anything that could pass for another line of the log.
pub fn printable(text: &str, most: usize) -> String {
    text.chars().filter(char::is_ascii_graphic).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_once_an_hour_and_no_more_kinds_than_can_be_remembered() {
        let (hourly, start) = (Hourly::new(50), Instant::now());
        assert!(hourly.is_news(&"a".to_owned(), start) && !hourly.is_news(&"a".to_owned(), start));
        assert!(hourly.is_news(&"b".to_owned(), start));
        let told = (0..1_000).filter(|number| hourly.is_news(&number.to_string(), start)).count();
        assert_eq!((told, hourly.had.lock().unwrap().kinds.len()), (48, 50));
        assert!(!hourly.is_news(&"c".to_owned(), start + HOUR - Duration::from_millis(1)));
        assert!(hourly.is_news(&"a".to_owned(), start + HOUR), "an hour later it still happens");
        assert!(hourly.is_news(&"c".to_owned(), start + HOUR), "and there is room for what is new");
    }

    #[test]
    fn what_is_told_is_one_short_line() {
        assert_eq!(printable("https://a\r\n WARN paid\u{202e}\u{1b}[31m", 100), "https://aWARNpaid[31m");
        assert_eq!(printable(&"x".repeat(500), 100).len(), 100);
    }
}
