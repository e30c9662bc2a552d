//! The plan of deliveries: what is due when, what came of each attempt. It has no clock and sends nothing itself.
//!
//! One URL gets one webhook at a time, in the order in which they are due; another URL does not wait for it. (Toss
//! promises no order. The sandbox keeps one so that a test meets another order only where it asks for it.)

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{EventType, WebhookFault, target::Target};
use crate::{clock::UnixMs, config::MerchantId};

/// How long after a failed attempt the next one comes (Toss docs /guides/v2/webhook): 1, 4, 16, … minutes. After the
/// last the delivery has failed.
pub const RETRY_AFTER: [Duration; 7] = [minutes(1), minutes(4), minutes(16), minutes(64), minutes(256), minutes(1024), minutes(4096)];
/// How long a reordered webhook waits for one that it can follow.
const HELD_FOR: Duration = minutes(1);
/// So many attempts are made, resends included.
pub const MAX_ATTEMPTS: usize = 100;
/// How far from the oldest a finished delivery is looked for when room is needed.
const EVICTION_REACH: usize = 1_000;

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// A webhook on its way to one URL, and what has come of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookRecord {
    /// Counts from 0 since the start of the sandbox.
    pub number: u64,
    /// The header `tosspayments-webhook-transmission-id`.
    pub transmission_id: String,
    /// Where it goes.
    pub url: String,
    /// What it is about.
    pub event_type: EventType,
    /// The order that it is about, if it is about one.
    pub order_id: Option<String>,
    /// The body, byte for byte.
    pub body: String,
    /// When it happened, in milliseconds since the epoch.
    pub created_at: UnixMs,
    /// The fault that struck.
    pub fault: Option<WebhookFault>,
    /// Whether somebody else than Toss sends it.
    pub forged: bool,
    /// Where it stands.
    #[serde(flatten)]
    pub state: DeliveryState,
    /// What has been tried, oldest first.
    pub attempts: Vec<Attempt>,
}

/// Where a delivery stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// It will be sent.
    Waiting {
        /// When, in milliseconds since the epoch.
        due: UnixMs,
    },
    /// An attempt is under way.
    Sending,
    /// The receiver has answered 200.
    Delivered,
    /// Every retry has failed.
    Failed,
    /// A fault has lost it.
    Lost,
}

/// One attempt to deliver.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Attempt {
    /// When it began, in milliseconds since the epoch.
    pub at: UnixMs,
    /// The header `tosspayments-webhook-transmission-retried-count`.
    pub retried_count: usize,
    /// What came of it; null while it is under way.
    pub outcome: Option<Outcome>,
}

/// What came of an attempt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The receiver answered.
    Answered {
        /// HTTP status.
        status: u16,
    },
    /// No answer within 10 seconds.
    TimedOut,
    /// No connection, or one that broke.
    Unreachable {
        /// What the system says.
        why: String,
    },
}

/// A webhook that is to be sent now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Dispatch {
    pub(crate) number: u64,
    pub(crate) target: Target,
    pub(crate) event: EventType,
    pub(crate) body: String,
    pub(crate) transmission_id: String,
    pub(crate) retried_count: usize,
    pub(crate) fault: Option<WebhookFault>,
    pub(crate) forged: bool,
}

/// A webhook before it has a number.
pub(crate) struct Draft {
    pub(crate) target: Target,
    pub(crate) event: EventType,
    /// Whose it is, if it is about something of a shop.
    pub(crate) merchant: Option<MerchantId>,
    pub(crate) order_id: Option<String>,
    pub(crate) body: String,
    pub(crate) transmission_id: String,
    pub(crate) created_at: UnixMs,
    pub(crate) fault: Option<WebhookFault>,
    pub(crate) forged: bool,
}

/// A resend that cannot be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResendRefused {
    /// No delivery has this number, or it has been forgotten.
    #[error("there is no webhook number {0}; the log lists them")]
    Unknown(u64),
    /// It is being sent right now.
    #[error("the webhook is being sent right now; wait for the end of the attempt")]
    Sending,
    /// [`MAX_ATTEMPTS`] have been made.
    #[error("the webhook has been sent {MAX_ATTEMPTS} times, which has to do")]
    TooOften,
}

#[derive(Serialize, Deserialize)]
struct Delivery {
    record: WebhookRecord,
    merchant: Option<MerchantId>,
    target: Target,
    /// How many of [`RETRY_AFTER`] have been used.
    retries: usize,
    /// The moment for which the attempt under way was planned.
    planned: UnixMs,
    /// Waits for a later one to go first.
    held: bool,
}

/// Every delivery, waiting and done, up to a limit.
#[derive(Serialize, Deserialize)]
pub(crate) struct Outbox {
    deliveries: BTreeMap<u64, Delivery>,
    #[serde(skip)]
    due: BTreeSet<(UnixMs, u64)>,
    /// URLs with an attempt under way, and its number.
    #[serde(skip)]
    busy: HashMap<Target, u64>,
    next: u64,
    #[serde(skip)]
    limit: usize,
}

impl Outbox {
    pub(crate) fn new(limit: usize, first: u64) -> Self {
        Self { deliveries: BTreeMap::new(), due: BTreeSet::new(), busy: HashMap::new(), next: first, limit: limit.max(1) }
    }

    /// Goes on after a restart. What came of an attempt that was under way nobody knows: as far as Toss can tell it failed.
    pub(crate) fn revive(&mut self, limit: usize) {
        self.limit = limit.max(1);
        let mut cut_off = Vec::new();
        for (number, delivery) in &self.deliveries {
            match delivery.record.state {
                DeliveryState::Waiting { due } => drop(self.due.insert((due, *number))),
                DeliveryState::Sending => cut_off.push((*number, delivery.target.clone())),
                DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Lost => {}
            }
        }
        for (number, target) in cut_off {
            let outcome = Outcome::Unreachable { why: "the sandbox ended before the answer came".to_owned() };
            self.report(number, &target, outcome, false, None);
        }
    }

    /// Where something will still be sent.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &Target> {
        self.due.iter().filter_map(|(_, number)| self.deliveries.get(number)).map(|delivery| &delivery.target)
    }

    /// The number that the next delivery will get.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    pub(crate) fn records(&self) -> impl DoubleEndedIterator<Item = &WebhookRecord> {
        self.deliveries.values().map(|delivery| &delivery.record)
    }

    /// Plans a delivery. Makes room first if needed.
    pub(crate) fn push(&mut self, draft: Draft) {
        while self.deliveries.len() >= self.limit {
            self.evict();
        }
        let Draft { target, event, merchant, order_id, body, transmission_id, created_at, fault, forged } = draft;
        let struck = if forged { None } else { fault };
        let (state, held) = match struck {
            Some(WebhookFault::Lose) => (DeliveryState::Lost, false),
            Some(WebhookFault::Delay { ms }) => (DeliveryState::Waiting { due: created_at.plus(Duration::from_millis(ms)) }, false),
            Some(WebhookFault::Reorder) => (DeliveryState::Waiting { due: created_at.plus(HELD_FOR) }, true),
            Some(WebhookFault::Ok | WebhookFault::Duplicate | WebhookFault::ForgeSecret | WebhookFault::ForgeStatus) | None => {
                (DeliveryState::Waiting { due: created_at }, false)
            }
        };
        let number = self.next;
        self.next += 1;
        if let DeliveryState::Waiting { due } = state {
            self.due.insert((due, number));
        }
        let record = WebhookRecord {
            number,
            transmission_id,
            url: target.as_str().to_owned(),
            event_type: event,
            order_id,
            body,
            created_at,
            fault,
            forged,
            state,
            attempts: Vec::new(),
        };
        self.deliveries.insert(number, Delivery { record, merchant, target, retries: 0, planned: created_at, held });
    }

    /// When something will be due that could be sent then.
    pub(crate) fn next_due(&self) -> Option<UnixMs> {
        self.sendable().map(|(due, _)| due).next()
    }

    fn sendable(&self) -> impl Iterator<Item = (UnixMs, u64)> {
        self.due.iter().copied().filter(|(_, number)| self.deliveries.get(number).is_some_and(|it| !self.busy.contains_key(&it.target)))
    }

    /// Takes the next one that is due. The same URL gets nothing else until [`Outbox::report`].
    pub(crate) fn take_due(&mut self, now: UnixMs) -> Option<Dispatch> {
        let (due, number) = self.sendable().next().filter(|(due, _)| *due <= now)?;
        self.due.remove(&(due, number));
        let delivery = self.deliveries.get_mut(&number)?;
        self.busy.insert(delivery.target.clone(), number);
        delivery.planned = due;
        delivery.held = false;
        let record = &mut delivery.record;
        let retried_count = record.attempts.len();
        record.state = DeliveryState::Sending;
        record.attempts.push(Attempt { at: now, retried_count, outcome: None });
        Some(Dispatch {
            number,
            target: delivery.target.clone(),
            event: record.event_type,
            body: record.body.clone(),
            transmission_id: record.transmission_id.clone(),
            retried_count,
            fault: record.fault,
            forged: record.forged,
        })
    }

    /// Whether the attempt that was taken for that URL is neither reported nor forgotten.
    pub(crate) fn is_under_way(&self, number: u64, target: &Target) -> bool {
        self.busy.get(target) == Some(&number)
    }

    /// Notes what came of an attempt and plans the next one if it failed. `new_id` replaces the transmission id then.
    ///
    /// The next attempt counts from the moment for which this one was planned, so that a jump of the clock over many
    /// of them lets each happen.
    pub(crate) fn report(&mut self, number: u64, target: &Target, outcome: Outcome, delivered: bool, new_id: Option<String>) {
        // An attempt from before a reset must not free a URL that has another one under way.
        if self.busy.get(target) == Some(&number) {
            self.busy.remove(target);
        }
        if let Some(delivery) = self.deliveries.get_mut(&number) {
            let record = &mut delivery.record;
            if let Some(attempt) = record.attempts.last_mut() {
                attempt.outcome = Some(outcome);
            }
            let pause = RETRY_AFTER.get(delivery.retries).filter(|_| !record.forged && record.attempts.len() < MAX_ATTEMPTS);
            record.state = match pause {
                _ if delivered => DeliveryState::Delivered,
                None => DeliveryState::Failed,
                Some(pause) => {
                    delivery.retries += 1;
                    if let Some(id) = new_id {
                        record.transmission_id = id;
                    }
                    let due = delivery.planned.plus(*pause);
                    self.due.insert((due, number));
                    DeliveryState::Waiting { due }
                }
            };
        }
        self.let_go(number, target);
    }

    /// The held ones that `number` has now overtaken are due.
    fn let_go(&mut self, number: u64, target: &Target) {
        let overtaken = self.deliveries.range_mut(..number).filter(|(_, it)| it.held && it.target == *target);
        for (held, delivery) in overtaken {
            delivery.held = false;
            if let DeliveryState::Waiting { due } = delivery.record.state {
                let at = delivery.record.created_at;
                self.due.remove(&(due, *held));
                self.due.insert((at, *held));
                delivery.record.state = DeliveryState::Waiting { due: at };
            }
        }
    }

    /// Sends a delivery once more, whatever has become of it. Assumed: with its old transmission id; if the attempt
    /// fails, those retries follow that have not been used.
    pub(crate) fn resend(&mut self, number: u64, now: UnixMs) -> Result<(), ResendRefused> {
        let delivery = self.deliveries.get_mut(&number).ok_or(ResendRefused::Unknown(number))?;
        if delivery.record.attempts.len() >= MAX_ATTEMPTS {
            return Err(ResendRefused::TooOften);
        }
        match delivery.record.state {
            DeliveryState::Sending => return Err(ResendRefused::Sending),
            DeliveryState::Waiting { due } => {
                self.due.remove(&(due, number));
            }
            DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Lost => {}
        }
        delivery.held = false;
        delivery.record.state = DeliveryState::Waiting { due: now };
        self.due.insert((now, number));
        Ok(())
    }

    /// Forgets those deliveries. An attempt that is under way is given up, and its URL is free.
    pub(crate) fn forget(&mut self, is_meant: impl Fn(Option<MerchantId>, Option<&str>) -> bool) {
        let Self { deliveries, due, busy, .. } = self;
        let meant = |delivery: &Delivery| is_meant(delivery.merchant, delivery.record.order_id.as_deref());
        for (number, delivery) in deliveries.extract_if(.., |_, delivery| meant(delivery)) {
            match delivery.record.state {
                DeliveryState::Waiting { due: at } => drop(due.remove(&(at, number))),
                DeliveryState::Sending => drop(busy.remove(&delivery.target)),
                DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Lost => {}
            }
        }
    }

    /// Forgets the oldest finished delivery; if there is none near the old end, the oldest.
    fn evict(&mut self) {
        let finished = self.deliveries.iter().take(EVICTION_REACH).find(|(_, delivery)| match delivery.record.state {
            DeliveryState::Waiting { .. } | DeliveryState::Sending => false,
            DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Lost => true,
        });
        let Some(number) = finished.or(self.deliveries.first_key_value()).map(|(number, _)| *number) else {
            return;
        };
        if let Some(delivery) = self.deliveries.remove(&number)
            && let DeliveryState::Waiting { due } = delivery.record.state
        {
            self.due.remove(&(due, number));
        }
    }
}

#[cfg(test)]
mod tests;
