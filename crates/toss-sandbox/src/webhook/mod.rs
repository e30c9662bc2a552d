//! Webhooks: what Toss tells a shop's server by itself (Toss docs /reference/using-api/webhook-events).
//!
//! A change of a payment becomes a [`Notice`], a notice becomes one delivery per registered URL in the [`Outbox`], and
//! the [`driver`] sends what is due on the sandbox's clock. The first two happen under the lock in which the payment
//! changed, so that no notice is lost or told twice.

mod driver;
mod event;
mod fault;
mod notice;
mod outbox;
mod signature;
mod target;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use driver::run;
pub use event::EventType;
pub use fault::{WebhookFault, WebhookRule};
pub(crate) use notice::{Notice, events};
pub use outbox::{Attempt, DeliveryState, MAX_ATTEMPTS, Outcome, RETRY_AFTER, ResendRefused, WebhookRecord};
pub use signature::{BadSecurityKey, ROTATION_FOR, SECURITY_KEY};
pub use target::{MAX_REGISTRATIONS, Registration, TargetRefused};

use crate::{
    clock::UnixMs,
    config::{Choices, MerchantId},
    fault::Faults,
    ids,
};
use outbox::{Dispatch, Draft, Outbox};
use signature::SecurityKeys;
use target::Target;

/// What the webhooks of a sandbox start with, and go back to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Setup {
    registered: Vec<(Target, Vec<EventType>)>,
    keys: SecurityKeys,
    #[serde(skip)]
    allow_remote: bool,
}

impl Setup {
    pub(crate) fn new(registrations: &[Registration], allow_remote: bool, security_key: &str) -> Result<Self, BadSetup> {
        let mut setup = Self { registered: Vec::new(), keys: SecurityKeys::new(security_key)?, allow_remote };
        for registration in registrations {
            setup.register(registration)?;
        }
        Ok(setup)
    }

    fn register(&mut self, registration: &Registration) -> Result<(), TargetRefused> {
        let target = Target::parse(&registration.url, self.allow_remote)?;
        let events = registration.events.clone();
        if events.is_empty() {
            return Err(TargetRefused::NoEvents);
        }
        if let Some((_, registered)) = self.registered.iter_mut().find(|(known, _)| *known == target) {
            *registered = events;
        } else if self.registered.len() < MAX_REGISTRATIONS {
            self.registered.push((target, events));
        } else {
            return Err(TargetRefused::TooMany);
        }
        Ok(())
    }
}

/// Why webhooks cannot be set up as configured.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadSetup {
    /// A URL.
    #[error(transparent)]
    Target(#[from] TargetRefused),
    /// The security key.
    #[error(transparent)]
    Key(#[from] BadSecurityKey),
}

/// The webhooks of a sandbox: who is told what, and every delivery.
#[derive(Serialize, Deserialize)]
pub(crate) struct Webhooks {
    setup: Setup,
    outbox: Outbox,
}

impl Webhooks {
    /// `first` is the number of the first delivery.
    pub(crate) fn new(setup: Setup, limit: usize, first: u64) -> Self {
        Self { setup, outbox: Outbox::new(limit, first) }
    }

    /// Goes on after a restart, now also telling whoever `configured` tells, and no further than that may.
    pub(crate) fn revive(&mut self, configured: &Setup, limit: usize) -> Result<(), TargetRefused> {
        self.outbox.revive(limit);
        self.setup.allow_remote = configured.allow_remote;
        for target in self.setup.registered.iter().map(|(target, _)| target).chain(self.outbox.targets()) {
            Target::parse(target.as_str(), configured.allow_remote)?;
        }
        for (target, events) in &configured.registered {
            self.setup.register(&Registration::of(target.as_str(), events.clone()))?;
        }
        Ok(())
    }

    /// The number that the next delivery will get.
    pub(crate) fn next(&self) -> u64 {
        self.outbox.next()
    }

    /// Registers a URL, or changes the events of one that is registered.
    pub(crate) fn register(&mut self, registration: &Registration) -> Result<(), TargetRefused> {
        self.setup.register(registration)
    }

    /// Nobody is told anything from now on. What waits is still sent.
    pub(crate) fn unregister_all(&mut self) {
        self.setup.registered.clear();
    }

    pub(crate) fn registrations(&self) -> Vec<Registration> {
        self.setup.registered.iter().map(|(target, events)| Registration::of(target.as_str(), events.clone())).collect()
    }

    pub(crate) fn rotate_key(&mut self, key: Option<&str>, now: UnixMs) -> Result<(), BadSecurityKey> {
        self.setup.keys.rotate(key, now)
    }

    pub(crate) fn keys(&self, now: UnixMs) -> Vec<String> {
        self.setup.keys.in_force(now).map(str::to_owned).collect()
    }

    pub(crate) fn records(&self) -> impl DoubleEndedIterator<Item = &WebhookRecord> {
        self.outbox.records()
    }

    /// Forgets those deliveries, by whose they are and for which order. What waits is not sent, what is being sent
    /// is given up.
    pub(crate) fn forget(&mut self, is_meant: impl Fn(Option<MerchantId>, Option<&str>) -> bool) {
        self.outbox.forget(is_meant);
    }

    pub(crate) fn resend(&mut self, number: u64, now: UnixMs) -> Result<(), ResendRefused> {
        self.outbox.resend(number, now)
    }

    /// Whether anybody is registered for an event.
    pub(crate) fn is_wanted(&self, event: EventType) -> bool {
        self.setup.registered.iter().any(|(_, events)| events.contains(&event))
    }

    /// Plans the deliveries of a notice, by a shop with that client key if by one. A fault strikes it for every URL alike; one
    /// that nobody hears uses up none.
    pub(crate) fn announce(&mut self, notice: &Notice, client_key: Option<&str>, faults: &mut Faults) {
        let Notice { event, merchant, order_id, created_at, data } = notice;
        let targets: Vec<_> = self.setup.registered.iter().filter(|(_, events)| events.contains(event)).map(|(it, _)| it.clone()).collect();
        if targets.is_empty() {
            return;
        }
        let fault = faults.take_webhook(*event, order_id.as_deref(), client_key);
        let event_id = ids::event_id();
        for target in targets {
            let draft = |data: &str, forged| Draft {
                target: target.clone(),
                event: *event,
                merchant: *merchant,
                order_id: order_id.clone(),
                body: event::body(*event, *created_at, &event_id, data),
                transmission_id: ids::transmission_id(),
                created_at: *created_at,
                fault,
                forged,
            };
            if let Some(lie) = fault.and_then(|fault| forge(fault, *event, data)) {
                self.outbox.push(draft(&lie, true));
            }
            let truth = draft(data, false);
            let twin = matches!(fault, Some(WebhookFault::Duplicate))
                .then(|| Draft { transmission_id: truth.transmission_id.clone(), ..draft(data, false) });
            self.outbox.push(truth);
            if let Some(twin) = twin {
                self.outbox.push(twin);
            }
        }
    }

    fn next_due(&self) -> Option<UnixMs> {
        self.outbox.next_due()
    }

    fn take_due(&mut self, choices: Choices, now: UnixMs) -> Option<Letter> {
        let dispatch = self.outbox.take_due(now)?;
        let transmission_time = now.to_kst();
        let signature = dispatch.event.envelope().is_signed().then(|| {
            if dispatch.forged && matches!(dispatch.fault, Some(WebhookFault::ForgeSecret)) {
                signature::sign(&ids::security_key(), &dispatch.body, &transmission_time, choices.hex_security_key)
            } else {
                self.setup.keys.sign(&dispatch.body, &transmission_time, choices.hex_security_key, now)
            }
        });
        Some(Letter { dispatch, transmission_time, signature })
    }

    /// Whether that attempt is still to be made: not once its delivery is forgotten.
    fn is_under_way(&self, dispatch: &Dispatch) -> bool {
        self.outbox.is_under_way(dispatch.number, &dispatch.target)
    }

    /// Assumed: nothing but 200 counts (Toss docs /guides/v2/webhook; an older page says any 2xx), and a retry keeps
    /// the transmission id; [`Choices`] has both.
    fn report(&mut self, dispatch: &Dispatch, outcome: Outcome, choices: Choices) {
        let delivered = match outcome {
            Outcome::Answered { status: 200 } => true,
            Outcome::Answered { status } => choices.accept_any_2xx && (200..300).contains(&status),
            Outcome::TimedOut | Outcome::Unreachable { .. } => false,
        };
        let new_id = choices.new_id_on_retry.then(ids::transmission_id);
        self.outbox.report(dispatch.number, &dispatch.target, outcome, delivered, new_id);
    }
}

/// A dispatch with the headers that depend on when it is sent.
struct Letter {
    dispatch: Dispatch,
    transmission_time: String,
    signature: Option<String>,
}

/// What a forger says in place of `data`, if the fault is a forgery.
fn forge(fault: WebhookFault, event: EventType, data: &str) -> Option<String> {
    let lie: fn(&mut Value) = match fault {
        // The lie is in the signature.
        WebhookFault::ForgeSecret if event.envelope().is_signed() => |_| (),
        WebhookFault::ForgeSecret => |data| data["secret"] = ids::payment_secret().into(),
        WebhookFault::ForgeStatus if event == EventType::CancelStatusChanged => {
            |data| data["cancelStatus"] = if data["cancelStatus"] == "DONE" { "ABORTED" } else { "DONE" }.into()
        }
        WebhookFault::ForgeStatus => |data| data["status"] = if data["status"] == "DONE" { "CANCELED" } else { "DONE" }.into(),
        WebhookFault::Ok | WebhookFault::Lose | WebhookFault::Delay { .. } | WebhookFault::Duplicate | WebhookFault::Reorder => {
            return None;
        }
    };
    let mut data: Value = serde_json::from_str(data).ok()?;
    lie(&mut data);
    Some(data.to_string())
}
