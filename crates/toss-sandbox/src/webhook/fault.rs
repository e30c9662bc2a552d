//! What can go wrong with a webhook on its way.

use serde::{Deserialize, Serialize};

use super::EventType;
use crate::fault::{Argument, Times};

/// One way for a webhook to go wrong. In JSON: `{"kind": "delay", "ms": 60000}`.
///
/// Retries need no fault: they come when the receiver does not answer 200.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum WebhookFault {
    /// Nothing goes wrong: lets events through before the next rule counts.
    Ok,
    /// It is never sent, by no retry either. A resend sends it.
    Lose,
    /// It is sent late.
    Delay {
        /// Milliseconds of the sandbox's clock.
        ms: u64,
    },
    /// It is sent twice, with the same transmission id.
    Duplicate,
    /// It is sent after the next one to the same URL; alone after a minute, if none comes.
    Reorder,
    /// Somebody else sends it first: with a secret (where the event has none: a `secret` in `data`) or a signature
    /// that is wrong. The true one follows.
    ForgeSecret,
    /// Somebody else sends it first: with a status that never happened. The true one follows.
    ForgeStatus,
}

impl WebhookFault {
    /// Every kind as JSON has it, with what it takes besides.
    pub(crate) const KINDS: &'static [(&'static str, Argument)] = &[
        ("ok", Argument::None),
        ("lose", Argument::None),
        ("delay", Argument::Ms),
        ("duplicate", Argument::None),
        ("reorder", Argument::None),
        ("forge_secret", Argument::None),
        ("forge_status", Argument::None),
    ];
}

/// A fault that waits for its events.
///
/// ```
/// use toss_sandbox::{Config, EventType, Sandbox, WebhookFault, WebhookRule};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start(Config::default()).await?;
/// let late = WebhookRule::next(WebhookFault::Delay { ms: 3_600_000 }).of_event(EventType::DepositCallback);
/// sandbox.control().webhook_fault(late)?;
/// assert_eq!(sandbox.control().webhook_faults().len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct WebhookRule {
    /// What goes wrong.
    pub fault: WebhookFault,
    /// Only events of this type; of any without it.
    #[serde(default)]
    pub event_type: Option<EventType>,
    /// Only events about this order; about any without it.
    #[serde(default)]
    pub order_id: Option<String>,
    /// Only events of the shop with this client key; of any without it. One that was sent by hand is of no shop.
    #[serde(default)]
    pub client_key: Option<String>,
    /// How often from now on.
    #[serde(default)]
    pub times: Times,
}

impl WebhookRule {
    /// The next event of any kind.
    pub fn next(fault: WebhookFault) -> Self {
        Self { fault, event_type: None, order_id: None, client_key: None, times: Times::Once }
    }

    /// Of those only events of that type.
    #[must_use]
    pub fn of_event(self, event_type: EventType) -> Self {
        Self { event_type: Some(event_type), ..self }
    }

    /// Of those only events about that order.
    #[must_use]
    pub fn for_order(self, order_id: impl Into<String>) -> Self {
        Self { order_id: Some(order_id.into()), ..self }
    }

    /// Of those only events of the shop with that client key.
    #[must_use]
    pub fn in_shop(self, client_key: impl Into<String>) -> Self {
        Self { client_key: Some(client_key.into()), ..self }
    }

    /// So often instead of once.
    #[must_use]
    pub fn times(self, times: Times) -> Self {
        Self { times, ..self }
    }

    pub(crate) fn fits(&self, event: EventType, order_id: Option<&str>, client_key: Option<&str>) -> bool {
        self.event_type.is_none_or(|wanted| wanted == event)
            && self.order_id.as_deref().is_none_or(|wanted| Some(wanted) == order_id)
            && self.client_key.as_deref().is_none_or(|wanted| Some(wanted) == client_key)
    }
}
