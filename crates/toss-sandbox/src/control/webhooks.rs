//! The control plane's part about webhooks: who is told, what was sent, what goes wrong on the way.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Control, View};
use crate::{
    fault::TooManyRules,
    webhook::{BadSecurityKey, EventType, Notice, Registration, ResendRefused, TargetRefused, WebhookRecord, WebhookRule},
};

/// An event that nothing in the sandbox causes, or a forged one: `data` is sent as it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct NewEvent {
    /// The event type. It decides about the envelope and the signature.
    pub event_type: EventType,
    /// `data` or `entityBody` of the envelope; for DEPOSIT_CALLBACK the fields beside `createdAt`.
    pub data: Map<String, Value>,
    /// The order that faults and the log know it by.
    #[serde(default)]
    pub order_id: Option<String>,
}

impl NewEvent {
    /// An event about no order.
    pub fn new(event_type: EventType, data: Map<String, Value>) -> Self {
        Self { event_type, data, order_id: None }
    }

    /// That event, about an order.
    #[must_use]
    pub fn for_order(self, order_id: impl Into<String>) -> Self {
        Self { order_id: Some(order_id.into()), ..self }
    }
}

impl Control {
    /// Tells a URL about events from now on, or changes the events of one that is registered.
    ///
    /// # Errors
    /// [`TargetRefused`], when the URL leaves this machine without leave, is not `http://`, or is one too many.
    pub fn register_webhook(&self, registration: &Registration) -> Result<(), TargetRefused> {
        self.world().with(|state, _| state.webhooks.register(registration))
    }

    /// Nobody is told anything from now on. What waits is still sent.
    pub fn unregister_webhooks(&self) {
        self.world().with(|state, _| state.webhooks.unregister_all());
    }

    /// Who is told what.
    pub fn registrations(&self) -> Vec<Registration> {
        self.world().peek(|state, _| state.webhooks.registrations())
    }

    /// Every delivery of a webhook with its attempts, oldest first.
    pub fn webhooks(&self) -> Vec<WebhookRecord> {
        self.look(|view| view.webhooks().cloned().collect())
    }

    /// Sends a webhook once more, as the button in the developer centre does.
    ///
    /// # Errors
    /// [`ResendRefused`], when there is no such webhook, it is being sent, or it has been sent a hundred times.
    pub fn resend_webhook(&self, number: u64) -> Result<(), ResendRefused> {
        self.world().with(|state, now| state.webhooks.resend(number, now))
    }

    /// Sends an event to whoever is registered for it.
    pub fn send_event(&self, event: NewEvent) {
        let NewEvent { event_type, data, order_id } = event;
        let data = Value::Object(data).to_string();
        self.world().with(|state, now| {
            let notice = Notice { event: event_type, merchant: None, order_id, created_at: now, data };
            state.webhooks.announce(&notice, None, &mut state.faults);
        });
    }

    /// Lets webhooks go wrong.
    ///
    /// # Errors
    /// [`TooManyRules`], when a thousand faults are waiting.
    pub fn webhook_fault(&self, rule: WebhookRule) -> Result<(), TooManyRules> {
        self.world().with(|state, _| state.faults.add_webhook(rule))
    }

    /// The rules that wait for webhooks.
    pub fn webhook_faults(&self) -> Vec<WebhookRule> {
        self.world().peek(|state, _| state.faults.webhook_rules().to_vec())
    }

    /// The security keys that sign, the newest first.
    pub fn security_keys(&self) -> Vec<String> {
        self.world().peek(|state, now| state.webhooks.keys(now))
    }

    /// Puts a new security key in force, a random one without `key`. For 7 days the old one signs too.
    ///
    /// # Errors
    /// [`BadSecurityKey`], when it is not 64 hexadecimal characters.
    pub fn rotate_security_key(&self, key: Option<&str>) -> Result<(), BadSecurityKey> {
        self.world().with(|state, now| state.webhooks.rotate_key(key, now))
    }
}

impl View<'_> {
    /// Every delivery of a webhook with its attempts, oldest first.
    pub fn webhooks(&self) -> impl DoubleEndedIterator<Item = &WebhookRecord> {
        self.state().webhooks.records()
    }
}
