//! The event types of Toss's webhooks and the three envelopes that they come in.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clock::UnixMs;

/// An event type (Toss docs /reference/using-api/webhook-events). In JSON it is Toss's own word.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
#[non_exhaustive]
pub enum EventType {
    /// A payment was approved, aborted, cancelled, or has expired; for virtual accounts also deposited or reversed.
    PaymentStatusChanged,
    /// A virtual account was issued, paid, reversed or cancelled. The only one with the payment's secret.
    DepositCallback,
    /// The state of an asynchronous cancel has changed (overseas payments only).
    CancelStatusChanged,
    /// A billing key was deleted.
    BillingDeleted,
    /// A method of a BrandPay customer was added, removed or renamed.
    MethodUpdated,
    /// A BrandPay customer was created, removed, or changed a password.
    CustomerStatusChanged,
    /// The state of a payout has changed. Signed.
    PayoutChanged,
    /// The state of a seller has changed. Signed.
    SellerChanged,
}

impl EventType {
    /// Every event type.
    pub const ALL: [Self; 8] = [
        Self::PaymentStatusChanged,
        Self::DepositCallback,
        Self::CancelStatusChanged,
        Self::BillingDeleted,
        Self::MethodUpdated,
        Self::CustomerStatusChanged,
        Self::PayoutChanged,
        Self::SellerChanged,
    ];
    /// Those about payments: what a registration gets that does not choose.
    pub const OF_PAYMENTS: [Self; 3] = [Self::PaymentStatusChanged, Self::DepositCallback, Self::CancelStatusChanged];

    /// Toss's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PaymentStatusChanged => "PAYMENT_STATUS_CHANGED",
            Self::DepositCallback => "DEPOSIT_CALLBACK",
            Self::CancelStatusChanged => "CANCEL_STATUS_CHANGED",
            Self::BillingDeleted => "BILLING_DELETED",
            Self::MethodUpdated => "METHOD_UPDATED",
            Self::CustomerStatusChanged => "CUSTOMER_STATUS_CHANGED",
            Self::PayoutChanged => "payout.changed",
            Self::SellerChanged => "seller.changed",
        }
    }

    /// The event type of that word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == word)
    }

    pub(crate) fn envelope(self) -> Envelope {
        match self {
            Self::PaymentStatusChanged
            | Self::CancelStatusChanged
            | Self::BillingDeleted
            | Self::MethodUpdated
            | Self::CustomerStatusChanged => Envelope::Data,
            Self::DepositCallback => Envelope::Flat,
            Self::PayoutChanged => Envelope::Entity("payout"),
            Self::SellerChanged => Envelope::Entity("seller"),
        }
    }
}

impl From<EventType> for &'static str {
    fn from(event: EventType) -> Self {
        event.as_str()
    }
}

impl TryFrom<String> for EventType {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|event| event.as_str()).collect();
            format!("there is no event type {word:?}; there are {}", known.join(", "))
        })
    }
}

/// The shape of a webhook's body. Toss docs /reference/using-api/webhook-events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Envelope {
    /// `{eventType, createdAt, data}`
    Data,
    /// `{createdAt, …}`, without an event type.
    Flat,
    /// `{eventType, createdAt, version, eventId, entityType, entityBody}`, signed.
    Entity(&'static str),
}

impl Envelope {
    /// Whether a signature header goes with it.
    pub(crate) fn is_signed(self) -> bool {
        matches!(self, Self::Entity(_))
    }
}

/// Assumed: the entity envelope carries the API version of the core objects.
const ENTITY_VERSION: &str = "2022-11-16";

/// The body of a webhook around `data`, the JSON text of an object. Text, so that the order of keys stays Toss's.
pub(crate) fn body(event: EventType, created_at: UnixMs, event_id: &str, data: &str) -> String {
    let word = event.as_str();
    match event.envelope() {
        Envelope::Data => format!(r#"{{"eventType":"{word}","createdAt":"{}","data":{data}}}"#, created_at.to_kst_local()),
        Envelope::Flat => {
            let fields = data.strip_prefix('{').unwrap_or_default();
            let comma = if fields == "}" { "" } else { "," };
            format!(r#"{{"createdAt":"{}"{comma}{fields}"#, created_at.to_kst_local())
        }
        Envelope::Entity(entity) => format!(
            r#"{{"eventType":"{word}","createdAt":"{}","version":"{ENTITY_VERSION}","eventId":{},"entityType":"{entity}","entityBody":{data}}}"#,
            created_at.to_kst(),
            json!(event_id),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_type_is_found_by_its_word() {
        for event in EventType::ALL {
            assert_eq!(EventType::parse(event.as_str()), Some(event));
            assert_eq!(serde_json::to_value(event).ok(), Some(json!(event.as_str())));
        }
        assert!(serde_json::from_str::<EventType>("\"DONE\"").is_err_and(|error| error.to_string().contains("DEPOSIT_CALLBACK")));
    }

    #[test]
    fn each_envelope_has_the_shape_of_toss() {
        let at = UnixMs::new(1_785_542_400_120);
        for (event, data, expected) in [
            (
                EventType::PaymentStatusChanged,
                r#"{"b":1,"a":2}"#,
                r#"{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-08-01T09:00:00.12","data":{"b":1,"a":2}}"#,
            ),
            (EventType::DepositCallback, r#"{"secret":"s"}"#, r#"{"createdAt":"2026-08-01T09:00:00.12","secret":"s"}"#),
            (EventType::DepositCallback, "{}", r#"{"createdAt":"2026-08-01T09:00:00.12"}"#),
            (
                EventType::SellerChanged,
                r#"{"id":"1"}"#,
                concat!(
                    r#"{"eventType":"seller.changed","createdAt":"2026-08-01T09:00:00+09:00","version":"2022-11-16","#,
                    r#""eventId":"e","entityType":"seller","entityBody":{"id":"1"}}"#
                ),
            ),
        ] {
            assert_eq!(body(event, at, "e", data), expected);
        }
    }
}
