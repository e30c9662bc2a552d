//! How many long waits a browser has: each holds one of the few connections that a browser opens to a host, and the next page
//! needs one, too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Browsers open six connections to a host; these many may wait.
const MOST_OF_ONE: usize = 2;
/// For all browsers together. A wait costs a connection and little else.
const MOST: usize = 1_024;

/// Who waits how often.
#[derive(Clone, Default, Debug)]
pub struct Waits(Arc<Mutex<HashMap<String, usize>>>);

/// A long wait. Dropping it ends it.
#[derive(Debug)]
pub struct Wait {
    waits: Waits,
    who: String,
}

impl Waits {
    /// `None` where this browser, or all of them, wait enough already.
    #[must_use]
    pub fn begin(&self, who: String) -> Option<Wait> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.values().sum::<usize>() >= MOST || waiting.get(&who).is_some_and(|count| *count >= MOST_OF_ONE) {
            return None;
        }
        *waiting.entry(who.clone()).or_default() += 1;
        Some(Wait { waits: self.clone(), who })
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let mut waiting = self.waits.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = waiting.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_browser_and_all_of_them_have_a_share() {
        let waits = Waits::default();
        let one: Vec<_> = (0..9).filter_map(|_| waits.begin("one".to_owned())).collect();
        assert_eq!(one.len(), MOST_OF_ONE);
        let others: Vec<_> = (0..MOST).filter_map(|number| waits.begin(number.to_string())).collect();
        assert_eq!(one.len() + others.len(), MOST);
        drop(one);
        assert!(waits.begin("one".to_owned()).is_some());
        drop(others);
        assert!(waits.0.lock().unwrap().is_empty());
    }
}
