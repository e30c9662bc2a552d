//! Faults: what can go wrong on the way to Toss and back, chosen per endpoint or per order.
//!
//! Rules are kept in the order in which they were given; the first one that fits a call is used up first. A rule fits
//! only calls with a valid secret key. Where a fault says *before*, no money has moved when the answer is lost; where
//! it says *after*, the charge is in the ledger and, with an idempotency key, the true answer is bound to the key.

mod queue;
mod script;
mod spelled;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(crate) use queue::Faults;
pub use queue::{MAX_RULES, TooManyRules};
pub use script::ScriptFault;
pub use spelled::BadFault;

pub use crate::endpoint::Endpoint;
use crate::error::Code;

/// One way for a call of the core API to go wrong. In JSON: `{"kind": "slow_body", "ms": 500}`.
///
/// ```
/// use toss_sandbox::{Code, Config, Endpoint, Fault, Sandbox, Scope, Times};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start(Config::default()).await?;
/// let control = sandbox.control();
/// // The first confirm is let through, the second is declined, and every look-up is slow.
/// control.fault(Fault::Ok, Scope::any(Endpoint::Confirm), Times::Once)?;
/// control.fault(Fault::decline(Code::REJECT_CARD_PAYMENT), Scope::any(Endpoint::Confirm), Times::Once)?;
/// control.fault(Fault::SlowBody { ms: 3_000 }, Scope::any(Endpoint::Lookup), Times::Always)?;
/// assert_eq!(control.faults().0.len(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing goes wrong: lets calls through before the next rule counts.
    Ok,
    /// The work is refused with `code`. A confirm makes the payment ABORTED; elsewhere nothing changes, and on reading
    /// calls it is the same as `Status4xx`.
    Decline {
        /// A code of the table, or any other word (then HTTP 403; on reading calls 400).
        code: String,
    },
    /// The call is answered with `code`; the payment stays as it is. Bound to the idempotency key.
    Status4xx {
        /// A code of the table, or any other word (then HTTP 400).
        code: String,
    },
    /// 429 on arrival, nothing is processed or bound.
    TooManyRequests,
    /// 409 `IDEMPOTENT_REQUEST_PROCESSING` on arrival, nothing is processed or bound.
    InProgressConflict,
    /// 500 before the work.
    ErrorBefore,
    /// 500 after the work.
    ErrorAfter,
    /// No answer, before the charge. Until it is released the call holds the payment and its idempotency key. If the
    /// caller hangs up, the call never happened; if it is released, it goes on as if nothing had been.
    TimeoutBefore,
    /// No answer, after the charge. If it is released, the answer arrives late.
    TimeoutAfter,
    /// The TCP connection is reset before the charge.
    ResetBefore,
    /// The TCP connection is reset after the charge.
    ResetAfter,
    /// Half of the body at once, the rest after `ms` milliseconds of the sandbox's clock.
    SlowBody {
        /// Milliseconds between the halves.
        ms: u64,
    },
    /// The connection ends in the middle of the body.
    TruncatedBody,
    /// 200 with `application/json` that is no JSON.
    Garbage200,
    /// 500 with an HTML page, after the charge.
    Html500,
    /// A successful answer whose `status` (`issueStatus`) is a word that nobody has seen. As with the other lies, an
    /// answer without the field stays true, and of a list the first entry lies.
    UnknownStatus,
    /// A successful answer with fields that nobody has seen.
    ExtraFields,
    /// A successful answer with a `totalAmount` (`amount`) that is 1 KRW too high. The ledger has the true amount.
    WrongAmount,
    /// A successful answer with another order's `orderId`.
    WrongOrderId,
    /// Another request of the shop got there first: the work is done, the answer says so. 400 `ALREADY_PROCESSED_PAYMENT`
    /// on a confirm, `ALREADY_CANCELED_PAYMENT` on a cancel, `DUPLICATED_ORDER_ID` where an order is made.
    AlreadyProcessed,
    /// 404 `NOT_FOUND_PAYMENT_SESSION`; a payment that was to be confirmed becomes EXPIRED.
    SessionExpired,
}

/// What a kind of fault takes besides its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Argument {
    None,
    Code,
    Ms,
    Call,
}

impl Fault {
    /// Every kind as JSON has it, with what it takes besides.
    pub(crate) const KINDS: &'static [(&'static str, Argument)] = &[
        ("ok", Argument::None),
        ("decline", Argument::Code),
        ("status4xx", Argument::Code),
        ("too_many_requests", Argument::None),
        ("in_progress_conflict", Argument::None),
        ("error_before", Argument::None),
        ("error_after", Argument::None),
        ("timeout_before", Argument::None),
        ("timeout_after", Argument::None),
        ("reset_before", Argument::None),
        ("reset_after", Argument::None),
        ("slow_body", Argument::Ms),
        ("truncated_body", Argument::None),
        ("garbage200", Argument::None),
        ("html500", Argument::None),
        ("unknown_status", Argument::None),
        ("extra_fields", Argument::None),
        ("wrong_amount", Argument::None),
        ("wrong_order_id", Argument::None),
        ("already_processed", Argument::None),
        ("session_expired", Argument::None),
    ];

    /// A declined charge with a code of the table.
    pub fn decline(code: Code) -> Self {
        Self::Decline { code: code.into() }
    }

    /// An error answer with a code of the table.
    pub fn status_4xx(code: Code) -> Self {
        Self::Status4xx { code: code.into() }
    }

    /// Whether the fault changes what comes of a call, not only how it is told.
    pub(crate) fn decides(&self) -> bool {
        matches!(self.clone().plan(), Plan::Decide(_))
    }

    /// Where on the way of a call the fault strikes.
    pub(crate) fn plan(self) -> Plan {
        match self {
            Self::Ok => Plan::Nothing,
            Self::Decline { code } => Plan::Decide(Decision::Decline { code }),
            Self::Status4xx { code } => Plan::Decide(Decision::Refuse { code }),
            Self::AlreadyProcessed => Plan::Decide(Decision::AlreadyProcessed),
            Self::SessionExpired => Plan::Decide(Decision::Expire),
            Self::TooManyRequests => Plan::TurnAway(Code::TOO_MANY_REQUESTS),
            Self::InProgressConflict => Plan::TurnAway(Code::IDEMPOTENT_REQUEST_PROCESSING),
            Self::ErrorBefore => Plan::Before(Before::Error),
            Self::TimeoutBefore => Plan::Before(Before::Timeout),
            Self::ResetBefore => Plan::Before(Before::Reset),
            Self::ErrorAfter => Plan::After(After::Error),
            Self::TimeoutAfter => Plan::After(After::Timeout),
            Self::ResetAfter => Plan::After(After::Reset),
            Self::SlowBody { ms } => Plan::After(After::Slow(Duration::from_millis(ms))),
            Self::TruncatedBody => Plan::After(After::Truncated),
            Self::Garbage200 => Plan::After(After::Garbage),
            Self::Html500 => Plan::After(After::Html),
            Self::UnknownStatus => Plan::After(After::Falsified(Lie::Status)),
            Self::ExtraFields => Plan::After(After::Falsified(Lie::ExtraFields)),
            Self::WrongAmount => Plan::After(After::Falsified(Lie::Amount)),
            Self::WrongOrderId => Plan::After(After::Falsified(Lie::OrderId)),
        }
    }
}

/// A fault as the stage of a call that it concerns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Plan {
    Nothing,
    TurnAway(Code),
    Before(Before),
    Decide(Decision),
    After(After),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Before {
    Error,
    Timeout,
    Reset,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Decision {
    Decline { code: String },
    Refuse { code: String },
    AlreadyProcessed,
    Expire,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum After {
    Error,
    Timeout,
    Reset,
    Slow(Duration),
    Truncated,
    Garbage,
    Html,
    Falsified(Lie),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lie {
    Status,
    ExtraFields,
    Amount,
    OrderId,
}

/// Which calls a fault is for.
///
/// ```
/// use toss_sandbox::{Endpoint, Scope};
///
/// // Tests that share a sandbox name their order or their shop, so that nobody else's call is struck.
/// let mine = Scope::order(Endpoint::Confirm, "order-0001");
/// let ours = Scope::any(Endpoint::Transactions).in_shop(toss_sandbox::API_CLIENT_KEY);
/// assert_ne!(mine, Scope::any(Endpoint::Confirm));
/// assert_ne!(ours, Scope::any(Endpoint::Transactions));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Scope {
    /// The call.
    pub endpoint: Endpoint,
    /// Only calls about this order; about any without it.
    pub order_id: Option<String>,
    /// Only calls of the shop with this client key; of any without it. One that no shop has fits no call.
    pub client_key: Option<String>,
}

impl Scope {
    /// Every call of `endpoint`.
    pub fn any(endpoint: Endpoint) -> Self {
        Self { endpoint, order_id: None, client_key: None }
    }

    /// The calls of `endpoint` about one order.
    pub fn order(endpoint: Endpoint, order_id: impl Into<String>) -> Self {
        Self { order_id: Some(order_id.into()), ..Self::any(endpoint) }
    }

    /// Of those only the calls of the shop with that client key.
    #[must_use]
    pub fn in_shop(self, client_key: impl Into<String>) -> Self {
        Self { client_key: Some(client_key.into()), ..self }
    }
}

/// How often. In JSON: `"once"`, `{"next": 3}`, `"always"` or `{"chance": {"percent": 30}}`.
///
/// ```
/// use toss_sandbox::Times;
///
/// assert_eq!(serde_json::to_string(&Times::Next(3))?, r#"{"next":3}"#);
/// assert_eq!(serde_json::from_str::<Times>(r#"{"chance":{"percent":30}}"#)?, Times::Chance { percent: 30 });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Times {
    /// For the next call.
    #[default]
    Once,
    /// For the next n calls; 0 is no fault at all.
    Next(u32),
    /// Until the faults are cleared.
    Always,
    /// Until the faults are cleared, by chance. The same [`Config::seed`](crate::Config::seed) and the same calls in
    /// the same order give the same faults.
    Chance {
        /// In how many of a hundred calls; 100 and more is always.
        percent: u8,
    },
}

/// A fault that waits for its calls.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "RawRule")]
#[non_exhaustive]
pub struct Rule {
    /// What goes wrong.
    pub fault: Fault,
    /// For which calls.
    #[serde(flatten)]
    pub scope: Scope,
    /// How often from now on.
    pub times: Times,
}

impl Rule {
    /// That fault for those calls, so often.
    pub fn new(fault: Fault, scope: Scope, times: Times) -> Self {
        Self { fault, scope, times }
    }
}

/// A flat rule that refuses unknown fields: a misspelt `orderId` must not become a fault for every order.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawRule {
    fault: Fault,
    endpoint: Endpoint,
    order_id: Option<String>,
    client_key: Option<String>,
    #[serde(default)]
    times: Times,
}

impl From<RawRule> for Rule {
    fn from(RawRule { fault, endpoint, order_id, client_key, times }: RawRule) -> Self {
        Self { fault, scope: Scope { endpoint, order_id, client_key }, times }
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::webhook::WebhookFault;

    /// The kinds that serde knows: it lists them between backticks where it meets another.
    fn known<T: DeserializeOwned>() -> Vec<String> {
        let why = serde_json::from_str::<T>(r#"{"kind":"?"}"#).err().map(|error| error.to_string()).unwrap_or_default();
        why.split('`').skip(3).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_kinds_that_are_offered_are_the_kinds_there_are_and_take_what_they_say() {
        fn compare<T: DeserializeOwned>(kinds: &[(&str, Argument)]) {
            let names: Vec<_> = kinds.iter().map(|(kind, _)| (*kind).to_owned()).collect();
            assert!(names.len() > 3);
            assert_eq!(names, known::<T>());
            for (kind, argument) in kinds {
                let whole = match argument {
                    Argument::None => format!(r#"{{"kind":"{kind}"}}"#),
                    Argument::Code => format!(r#"{{"kind":"{kind}","code":"FDS_ERROR"}}"#),
                    Argument::Ms => format!(r#"{{"kind":"{kind}","ms":5}}"#),
                    Argument::Call => format!(r#"{{"kind":"{kind}","call":5}}"#),
                };
                assert!(serde_json::from_str::<T>(&whole).is_ok(), "{whole}");
                let bare = format!(r#"{{"kind":"{kind}"}}"#);
                assert_eq!(serde_json::from_str::<T>(&bare).is_ok(), *argument == Argument::None, "{bare}");
            }
        }
        compare::<Fault>(Fault::KINDS);
        compare::<ScriptFault>(ScriptFault::KINDS);
        compare::<WebhookFault>(WebhookFault::KINDS);
    }

    #[test]
    fn every_fault_has_its_json() {
        for (json, fault) in [
            (r#"{"kind":"ok"}"#, Fault::Ok),
            (r#"{"kind":"status4xx","code":"FDS_ERROR"}"#, Fault::status_4xx(Code::FDS_ERROR)),
            (r#"{"kind":"slow_body","ms":5}"#, Fault::SlowBody { ms: 5 }),
            (r#"{"kind":"garbage200"}"#, Fault::Garbage200),
            (r#"{"kind":"html500"}"#, Fault::Html500),
            (r#"{"kind":"wrong_order_id"}"#, Fault::WrongOrderId),
        ] {
            assert!(matches!(serde_json::from_str::<Fault>(json), Ok(read) if read == fault), "{json}");
            assert!(matches!(serde_json::to_string(&fault), Ok(written) if written == json));
        }
    }
}
