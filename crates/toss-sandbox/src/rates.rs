//! How many calls a merchant may make: 100 a minute for each API in the test environment (Toss docs). An option.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{clock::UnixMs, config::MerchantId, endpoint::Endpoint, state_file::pairs};

const WINDOW: Duration = Duration::from_secs(60);

/// The calls of the last minute. Assumed: the minute slides.
#[derive(Serialize, Deserialize)]
pub(crate) struct Rates {
    /// Never more than `limit` for each merchant and endpoint.
    #[serde(with = "pairs")]
    calls: HashMap<(MerchantId, Endpoint), VecDeque<UnixMs>>,
    #[serde(skip)]
    limit: Option<usize>,
}

impl Rates {
    pub(crate) fn new(limit: Option<usize>) -> Self {
        Self { calls: HashMap::new(), limit }
    }

    /// Goes on after a restart.
    pub(crate) fn revive(&mut self, limit: Option<usize>) {
        self.limit = limit;
    }

    /// Forgets how often one merchant has called.
    pub(crate) fn forget(&mut self, merchant: MerchantId) {
        self.calls.retain(|(caller, _), _| *caller != merchant);
    }

    /// Counts a call, or says that it is one too many.
    pub(crate) fn admit(&mut self, merchant: MerchantId, endpoint: Endpoint, now: UnixMs) -> bool {
        let Some(limit) = self.limit else {
            return true;
        };
        let calls = self.calls.entry((merchant, endpoint)).or_default();
        while calls.front().is_some_and(|at| now.since(*at) >= WINDOW) {
            calls.pop_front();
        }
        if calls.len() >= limit {
            return false;
        }
        calls.push_back(now);
        true
    }
}
