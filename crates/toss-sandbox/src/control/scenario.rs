//! Scenarios: what goes wrong in real life, by name, as the faults that it is made of.

use serde::{Deserialize, Serialize};

use super::Control;
use crate::{
    error::Code,
    fault::{Endpoint, Fault, Rule, Scope, ScriptFault, Times, TooManyRules},
    webhook::{WebhookFault, WebhookRule},
};

macro_rules! scenarios {
    ($($(#[doc = $what:literal])+ $variant:ident = $name:literal,)*) => {
        /// A mishap by name. In JSON: `"lost-response"`.
        ///
        /// ```
        /// use toss_sandbox::{Config, Fault, Sandbox, Scenario};
        ///
        /// # #[tokio::main]
        /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let sandbox = Sandbox::start(Config::default()).await?;
        /// let played = sandbox.control().play(Scenario::LostResponse, Some("order-0001"), None)?;
        /// assert_eq!(played.faults[0].fault, Fault::ResetAfter);
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Scenario { $($(#[doc = $what])+ #[serde(rename = $name)] $variant,)* }

        impl Scenario {
            /// Every scenario.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// How it is called in JSON and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What happens, in one English sentence.
            pub fn what(self) -> &'static str {
                match self { $(Self::$variant => concat!($($what),+).trim()),* }
            }
        }
    };
}

scenarios! {
    /// The confirm charges, and its answer is lost: the connection is reset.
    LostResponse = "lost-response",
    /// The confirm charges, and its answer does not come until it is released.
    HangingAfterCharge = "hanging-after-charge",
    /// The confirm hangs before the charge, until it is released.
    HangingBeforeCharge = "hanging-before-charge",
    /// The card company refuses the charge.
    Declined = "declined",
    /// The shopper came back too late: the session is over.
    SessionExpired = "session-expired",
    /// Another request of the shop has just charged the payment.
    AlreadyProcessed = "already-processed",
    /// Toss says 500 without having charged.
    ErrorBeforeCharge = "error-before-charge",
    /// Toss says 500 although it has charged.
    ErrorAfterCharge = "error-after-charge",
    /// The answer to the confirm is no JSON, after the charge.
    GarbageAnswer = "garbage-answer",
    /// The answer to the confirm names another amount than was charged.
    WrongAmount = "wrong-amount",
    /// Too many requests: 429.
    RateLimited = "rate-limited",
    /// Every call of the API is answered with 500 until the faults are cleared.
    TossIsDown = "toss-is-down",
    /// One confirm in ten is reset before the charge, one in ten after it, until the faults are cleared.
    FlakyNetwork = "flaky-network",
    /// The next webhook never arrives.
    WebhookLost = "webhook-lost",
    /// The next webhook arrives an hour late.
    WebhookLate = "webhook-late",
    /// The next webhook arrives twice.
    WebhookTwice = "webhook-twice",
    /// The next webhook arrives after the one that follows it.
    WebhookOutOfOrder = "webhook-out-of-order",
    /// Before the next webhook somebody else sends one with a status that never happened.
    WebhookForged = "webhook-forged",
    /// The browser script is not found.
    ScriptMissing = "script-missing",
}

/// The faults that a scenario has set.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Played {
    /// Of the API.
    pub faults: Vec<Rule>,
    /// Of webhooks.
    pub webhook_faults: Vec<WebhookRule>,
    /// Of the browser script.
    pub script_faults: Vec<ScriptFault>,
}

impl Scenario {
    /// The faults that the scenario is made of, for one order and shop or for all, as often as `times` says or as is usual.
    fn faults(self, order_id: Option<&str>, client_key: Option<&str>, times: Option<Times>) -> Played {
        let (order_id, client_key) = (order_id.map(str::to_owned), client_key.map(str::to_owned));
        let rule = |endpoint, fault, usually| {
            let scope = Scope { endpoint, order_id: order_id.clone(), client_key: client_key.clone() };
            Rule { fault, scope, times: times.unwrap_or(usually) }
        };
        let confirm = |fault| Played { faults: vec![rule(Endpoint::Confirm, fault, Times::Once)], ..Played::default() };
        let webhook = |fault| {
            let (order_id, client_key, times) = (order_id.clone(), client_key.clone(), times.unwrap_or_default());
            let rule = WebhookRule { order_id, client_key, times, ..WebhookRule::next(fault) };
            Played { webhook_faults: vec![rule], ..Played::default() }
        };
        let one_in_ten = Times::Chance { percent: 10 };
        match self {
            Self::LostResponse => confirm(Fault::ResetAfter),
            Self::HangingAfterCharge => confirm(Fault::TimeoutAfter),
            Self::HangingBeforeCharge => confirm(Fault::TimeoutBefore),
            Self::Declined => confirm(Fault::decline(Code::REJECT_CARD_PAYMENT)),
            Self::SessionExpired => confirm(Fault::SessionExpired),
            Self::AlreadyProcessed => confirm(Fault::AlreadyProcessed),
            Self::ErrorBeforeCharge => confirm(Fault::ErrorBefore),
            Self::ErrorAfterCharge => confirm(Fault::ErrorAfter),
            Self::GarbageAnswer => confirm(Fault::Garbage200),
            Self::WrongAmount => confirm(Fault::WrongAmount),
            Self::RateLimited => confirm(Fault::TooManyRequests),
            Self::TossIsDown => Played {
                faults: Endpoint::ALL.iter().map(|endpoint| rule(*endpoint, Fault::ErrorBefore, Times::Always)).collect(),
                ..Played::default()
            },
            Self::FlakyNetwork => Played {
                faults: [Fault::ResetBefore, Fault::ResetAfter].map(|fault| rule(Endpoint::Confirm, fault, one_in_ten)).into(),
                ..Played::default()
            },
            Self::WebhookLost => webhook(WebhookFault::Lose),
            Self::WebhookLate => webhook(WebhookFault::Delay { ms: 3_600_000 }),
            Self::WebhookTwice => webhook(WebhookFault::Duplicate),
            Self::WebhookOutOfOrder => webhook(WebhookFault::Reorder),
            Self::WebhookForged => webhook(WebhookFault::ForgeStatus),
            Self::ScriptMissing => Played { script_faults: vec![ScriptFault::NotFound], ..Played::default() },
        }
    }
}

impl Control {
    /// Sets the faults of a scenario, for one order or for all. `times` replaces how often it usually happens. The
    /// browser script knows no orders.
    ///
    /// # Errors
    /// [`TooManyRules`], when a thousand faults are waiting.
    pub fn play(&self, scenario: Scenario, order_id: Option<&str>, times: Option<Times>) -> Result<Played, TooManyRules> {
        self.set(scenario, order_id, None, times)
    }

    /// As [`Control::play`], for the shop with that client key alone. One that no shop has fits nothing, and the browser script
    /// knows no shops.
    ///
    /// # Errors
    /// [`TooManyRules`], when a thousand faults are waiting.
    pub fn play_in_shop(
        &self,
        client_key: &str,
        scenario: Scenario,
        order_id: Option<&str>,
        times: Option<Times>,
    ) -> Result<Played, TooManyRules> {
        self.set(scenario, order_id, Some(client_key), times)
    }

    pub(super) fn set(
        &self,
        scenario: Scenario,
        order_id: Option<&str>,
        client_key: Option<&str>,
        times: Option<Times>,
    ) -> Result<Played, TooManyRules> {
        let played = scenario.faults(order_id, client_key, times);
        for Rule { fault, scope, times } in played.faults.iter().cloned() {
            self.fault(fault, scope, times)?;
        }
        for rule in played.webhook_faults.iter().cloned() {
            self.webhook_fault(rule)?;
        }
        for fault in &played.script_faults {
            self.script_fault(*fault, times.unwrap_or_default())?;
        }
        Ok(played)
    }
}
