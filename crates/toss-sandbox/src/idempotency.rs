//! Idempotency keys (Toss docs /guides/using-api/idempotency-key): what was answered first is answered again.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{api::Answer, clock::UnixMs, config::MerchantId, state_file::pairs};

/// From the first use of a key; afterwards the same key is a new request.
pub const KEY_LIVES_FOR: Duration = Duration::from_secs(15 * 24 * 60 * 60);
/// The longest key, in characters.
pub const MAX_KEY_CHARS: usize = 300;

/// What makes two requests the same: key, API key, URL and HTTP method. The body is not part of it, so that one key for
/// two orders replays the first order's answer, as it does at Toss.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) key: String,
    pub(crate) merchant: MerchantId,
    pub(crate) method: String,
    pub(crate) path: String,
}

/// An answer that is bound to a key, with the trace id under which it was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Bound {
    pub(crate) answer: Answer,
    pub(crate) trace_id: String,
}

/// What a request with a key meets.
pub(crate) enum Found {
    /// Nothing: the key is this request's until it binds or frees it. The number tells it from later users.
    New(u64),
    /// The first request is still being processed.
    InFlight,
    /// The first answer.
    Replay(Bound),
}

#[derive(Serialize, Deserialize)]
struct Entry {
    turn: u64,
    /// The order that the first request is about, if it is about one.
    order_id: Option<String>,
    since: UnixMs,
    bound: Option<Bound>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Idempotency {
    #[serde(with = "pairs")]
    entries: HashMap<Identity, Entry>,
    /// First uses, oldest first. Holds entries that were freed since, until they come up for eviction.
    #[serde(skip)]
    turns: VecDeque<(u64, Identity)>,
    next_turn: u64,
    #[serde(skip)]
    limit: usize,
}

impl Idempotency {
    /// `first` is the number of the first use of a key.
    pub(crate) fn new(limit: usize, first: u64) -> Self {
        Self { entries: HashMap::new(), turns: VecDeque::new(), next_turn: first, limit: limit.max(1) }
    }

    /// The number that the next first use of a key will get.
    pub(crate) fn next(&self) -> u64 {
        self.next_turn
    }

    /// Goes on after a restart: requests that were being processed never happened, their keys are free.
    pub(crate) fn revive(&mut self, limit: usize) {
        self.limit = limit.max(1);
        self.entries.retain(|_, entry| entry.bound.is_some());
        let mut turns: Vec<_> = self.entries.iter().map(|(identity, entry)| (entry.turn, identity.clone())).collect();
        turns.sort_unstable_by_key(|(turn, _)| *turn);
        self.turns = turns.into();
    }

    /// Takes the key for a new request, or says what it is bound to.
    pub(crate) fn begin(&mut self, identity: Identity, order_id: Option<&str>, now: UnixMs) -> Found {
        if let Some(entry) = self.entries.get(&identity) {
            match &entry.bound {
                None => return Found::InFlight,
                Some(bound) if now.since(entry.since) < KEY_LIVES_FOR => {
                    return Found::Replay(bound.clone());
                }
                Some(_) => {}
            }
        }
        let turn = self.next_turn;
        self.next_turn += 1;
        self.entries.insert(identity.clone(), Entry { turn, order_id: order_id.map(str::to_owned), since: now, bound: None });
        self.turns.push_back((turn, identity));
        self.evict();
        Found::New(turn)
    }

    /// Binds the answer of the request that took the key at `turn`.
    pub(crate) fn bind(&mut self, identity: &Identity, turn: u64, bound: Bound) {
        if let Some(entry) = self.entries.get_mut(identity)
            && entry.turn == turn
        {
            entry.bound = Some(bound);
        }
    }

    /// Frees the key that a request took at `turn` and did not bind.
    pub(crate) fn free(&mut self, identity: &Identity, turn: u64) {
        let held = |entry: &Entry| entry.turn == turn && entry.bound.is_none();
        if self.entries.get(identity).is_some_and(held) {
            self.entries.remove(identity);
        }
    }

    /// Forgets those keys, by who has used them first and for which order. A request that is under way with one of them
    /// binds nothing any more.
    pub(crate) fn forget(&mut self, is_meant: impl Fn(MerchantId, Option<&str>) -> bool) {
        self.entries.retain(|identity, entry| !is_meant(identity.merchant, entry.order_id.as_deref()));
    }

    fn evict(&mut self) {
        while self.turns.len() > self.limit {
            if let Some((turn, identity)) = self.turns.pop_front()
                && self.entries.get(&identity).is_some_and(|entry| entry.turn == turn)
            {
                self.entries.remove(&identity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(key: &str) -> Identity {
        Identity { key: key.to_owned(), merchant: MerchantId(0), method: "POST".to_owned(), path: "/v1/payments/confirm".to_owned() }
    }

    #[test]
    fn the_oldest_keys_go_at_the_limit() {
        let mut keys = Idempotency::new(2, 0);
        let now = UnixMs::new(0);
        for key in ["a", "b", "c"] {
            assert!(matches!(keys.begin(identity(key), None, now), Found::New(_)));
        }
        assert!(matches!(keys.begin(identity("b"), None, now), Found::InFlight));
        assert!(matches!(keys.begin(identity("a"), None, now), Found::New(_)));
        assert_eq!(keys.entries.len(), 2);
        assert_eq!(keys.turns.len(), 2);
    }

    #[test]
    fn a_freed_key_is_not_freed_again_by_its_first_holder() {
        let mut keys = Idempotency::new(10, 0);
        let now = UnixMs::new(0);
        let Found::New(first) = keys.begin(identity("a"), None, now) else {
            unreachable!("a key nobody has used");
        };
        keys.free(&identity("a"), first);
        assert!(matches!(keys.begin(identity("a"), None, now), Found::New(_)));
        keys.free(&identity("a"), first);
        assert!(matches!(keys.begin(identity("a"), None, now), Found::InFlight));
    }

    #[test]
    fn who_held_a_key_before_a_reset_neither_binds_nor_frees_its_next_use() {
        let now = UnixMs::new(0);
        let mut before = Idempotency::new(10, 0);
        let Found::New(old) = before.begin(identity("a"), None, now) else {
            unreachable!("a key nobody has used");
        };
        let mut after = Idempotency::new(10, before.next());
        assert!(matches!(after.begin(identity("a"), None, now), Found::New(_)));
        let answer = Answer { status: axum::http::StatusCode::OK, body: axum::body::Bytes::new() };
        after.bind(&identity("a"), old, Bound { answer, trace_id: String::new() });
        after.free(&identity("a"), old);
        assert!(matches!(after.begin(identity("a"), None, now), Found::InFlight));
    }
}
