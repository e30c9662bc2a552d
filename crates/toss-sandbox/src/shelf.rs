//! Things by their key, up to a limit; the oldest goes first.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct Shelf<T> {
    entries: HashMap<String, (u64, T)>,
    #[serde(skip)]
    by_age: BTreeMap<u64, String>,
    next: u64,
    #[serde(skip)]
    limit: usize,
}

impl<T> Shelf<T> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { entries: HashMap::new(), by_age: BTreeMap::new(), next: 0, limit: limit.max(1) }
    }

    /// Goes on after a restart.
    pub(crate) fn revive(&mut self, limit: usize) {
        self.by_age = self.entries.iter().map(|(key, (age, _))| (*age, key.clone())).collect();
        self.limit = limit.max(1);
    }

    /// Puts a thing under a key that is new.
    pub(crate) fn put(&mut self, key: String, thing: T) {
        while self.entries.len() >= self.limit {
            let Some((_, oldest)) = self.by_age.pop_first() else { break };
            self.entries.remove(&oldest);
        }
        self.by_age.insert(self.next, key.clone());
        self.entries.insert(key, (self.next, thing));
        self.next += 1;
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.entries.get(key).map(|(_, thing)| thing)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.entries.get_mut(key).map(|(_, thing)| thing)
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<T> {
        let (age, thing) = self.entries.remove(key)?;
        self.by_age.remove(&age);
        Some(thing)
    }

    /// Keeps those things, and forgets the others.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&T) -> bool) {
        let entries = &mut self.entries;
        entries.retain(|_, (_, thing)| is_kept(thing));
        self.by_age.retain(|_, key| entries.contains_key(key));
    }

    /// Everything after the place `after`, oldest first, with its place.
    pub(crate) fn after(&self, after: Option<u64>) -> impl Iterator<Item = (u64, &T)> {
        let first = after.map_or(0, |place| place.saturating_add(1));
        self.by_age.range(first..).filter_map(|(place, key)| self.get(key).map(|thing| (*place, thing)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_forgets_the_oldest_at_its_limit() {
        let mut shelf = Shelf::new(2);
        for key in ["a", "b", "c"] {
            shelf.put(key.to_owned(), key);
        }
        assert_eq!(shelf.get("a"), None);
        assert_eq!((shelf.take("b"), shelf.take("b")), (Some("b"), None));
        shelf.put("d".to_owned(), "d");
        assert_eq!(shelf.after(None).map(|(_, thing)| *thing).collect::<Vec<_>>(), ["c", "d"]);
        assert_eq!(shelf.after(Some(2)).map(|(place, _)| place).collect::<Vec<_>>(), [3]);
        assert_eq!((shelf.entries.len(), shelf.by_age.len()), (2, 2));
        shelf.retain(|thing| *thing == "d");
        assert_eq!(shelf.after(None).map(|(_, thing)| *thing).collect::<Vec<_>>(), ["d"]);
        assert_eq!((shelf.entries.len(), shelf.by_age.len()), (1, 1));
    }
}
