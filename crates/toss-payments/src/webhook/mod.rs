//! Webhooks of Toss: read leniently, trusted only as far as something vouches for them.
//!
//! Three envelopes exist (Toss docs `/reference/using-api/webhook-events`): `{eventType, createdAt, data}`, the flat
//! deposit callback without an `eventType`, and `{eventType, createdAt, version, eventId, entityType, entityBody}`.
//!
//! Anybody can post to a webhook address, so that the type of an event says what stands behind it:
//!
//! | type | vouched for by | what it is good for |
//! |---|---|---|
//! | [`Hint`] | nothing | look the payment up and believe the look-up |
//! | [`Unverified`] | a secret or a signature, not yet checked | [`verify`](Unverified::verify) |
//! | [`Verified`] | a secret or a signature that fits | act; deposits still deserve a look-up, since they arrive in any order |
//!
//! Toss delivers at least once, in no order, and again after 1, 4, 16 … 4096 minutes until it gets a 200 within ten
//! seconds.

mod delivery;
mod notice;
mod signature;
mod trust;

pub use delivery::Delivery;
pub use notice::{
    BillingDeleted, CancelNotice, CustomerStatus, CustomerStatusChanged, Deposit, EntityChange, MethodStatus, MethodUpdated, PaymentNotice,
};
pub use signature::{SecurityKey, SecurityKeyError};
pub use trust::{Claim, Hint, Unverified, Verified, VerifyError};

use crate::answer::BODY_MAX;
use crate::json::{FromJson, Object, without_bom};
use crate::sensitive::Sensitive;
use crate::timestamp::Timestamp;
use signature::Signed;
use thiserror::Error;

/// A webhook as it arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Webhook {
    /// What the headers say about this delivery.
    pub delivery: Delivery,
    /// When the event happened, in whatever form Toss wrote it; without an offset it is Korean time.
    pub created_at: Option<Timestamp>,
    /// The word in `eventType`; a deposit callback has none.
    pub event_type: Option<String>,
    /// What it tells.
    pub event: Event,
    /// The whole body, as received: it has what this version does not read. Nothing vouches for it.
    pub raw: Hint<Sensitive>,
}

/// What a webhook tells, by what vouches for it. New kinds appear without notice and arrive as [`Event::Unknown`].
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Event {
    /// `PAYMENT_STATUS_CHANGED`: something happened to a payment. Carries no signature: look the payment up.
    PaymentStatusChanged(Hint<PaymentNotice>),
    /// The flat `DEPOSIT_CALLBACK`: a virtual account was paid into, or the deposit was reversed or cancelled.
    DepositCallback(Unverified<Deposit>),
    /// `CANCEL_STATUS_CHANGED`: a cancel at an overseas provider went on.
    CancelStatusChanged(Box<Hint<CancelNotice>>),
    /// `BILLING_DELETED`: a billing key is gone.
    BillingDeleted(Hint<BillingDeleted>),
    /// `METHOD_UPDATED`: a BrandPay method changed.
    MethodUpdated(Hint<MethodUpdated>),
    /// `CUSTOMER_STATUS_CHANGED`: a BrandPay customer changed.
    CustomerStatusChanged(Hint<CustomerStatusChanged>),
    /// `payout.changed`, signed.
    PayoutChanged(Unverified<EntityChange>),
    /// `seller.changed`, signed.
    SellerChanged(Unverified<EntityChange>),
    /// An event that this version does not know; [`Webhook::event_type`] has its word, today and when a later version knows it.
    Unknown,
}

/// Why a body is not a webhook of Toss. Never carries the body.
///
/// ```
/// use toss_payments::webhook::{Delivery, NotAWebhook, Webhook};
///
/// assert_eq!(Webhook::parse(b"hello", Delivery::default()), Err(NotAWebhook::NotAnObject));
/// assert_eq!(Webhook::parse(b"{}", Delivery::default()), Err(NotAWebhook::Field("secret")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum NotAWebhook {
    /// Larger than one MiB, which no event comes near.
    #[error("the body is larger than a webhook")]
    TooLarge,
    /// Not one whole JSON object in which every field stands once.
    #[error("the body is not a JSON object")]
    NotAnObject,
    /// A field without which the event tells nothing is missing or unreadable.
    #[error("the field {0} is missing or unreadable")]
    Field(&'static str),
}

impl Webhook {
    /// Reads a webhook from the body as received and what the headers say. Checks no secret and no signature: the type
    /// of the event says whether there is one to check.
    ///
    /// ```
    /// use toss_payments::webhook::{Delivery, Event, Webhook};
    ///
    /// let body = br#"{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-08-01T12:00:00.12345",
    ///     "data":{"paymentKey":"tviva20260801120000AbC12","orderId":"order-20260801-0001","status":"DONE"}}"#;
    /// let webhook = Webhook::parse(body, Delivery::default())?;
    /// let Event::PaymentStatusChanged(hint) = webhook.event else { panic!() };
    /// // Nothing vouches for it: `client.payment(key)` tells what is true.
    /// let key = hint.claims().payment_key.as_ref();
    /// assert_eq!(key.map(|key| key.expose()), Some("tviva20260801120000AbC12"));
    /// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
    /// ```
    ///
    /// # Errors
    /// [`NotAWebhook`] where it is no JSON object, or lacks what its kind of event is about.
    pub fn parse(body: &[u8], delivery: Delivery) -> Result<Webhook, NotAWebhook> {
        if body.len() > BODY_MAX {
            return Err(NotAWebhook::TooLarge);
        }
        let text = std::str::from_utf8(body).map_err(|_| NotAWebhook::NotAnObject)?;
        let envelope = Object::parse(without_bom(text)).map_err(|_| NotAWebhook::NotAnObject)?;
        let event_type = envelope.get::<String>("eventType");
        let event = match event_type.as_deref() {
            // Flat and unnamed, as a rule; named and wrapped like the other events it is what it is.
            None | Some("DEPOSIT_CALLBACK") => Event::DepositCallback(deposit(&envelope)?),
            Some("PAYMENT_STATUS_CHANGED") => Event::PaymentStatusChanged(hint(&envelope)?),
            Some("CANCEL_STATUS_CHANGED") => Event::CancelStatusChanged(Box::new(hint(&envelope)?)),
            Some("BILLING_DELETED") => Event::BillingDeleted(hint(&envelope)?),
            Some("METHOD_UPDATED") => Event::MethodUpdated(hint(&envelope)?),
            Some("CUSTOMER_STATUS_CHANGED") => Event::CustomerStatusChanged(hint(&envelope)?),
            Some("payout.changed") => Event::PayoutChanged(entity(&envelope, body, &delivery)?),
            Some("seller.changed") => Event::SellerChanged(entity(&envelope, body, &delivery)?),
            Some(_) => Event::Unknown,
        };
        Ok(Webhook { event_type, created_at: envelope.get("createdAt"), delivery, event, raw: Hint::new(Sensitive::new(text)) })
    }
}

fn hint<T: FromJson>(envelope: &Object<'_>) -> Result<Hint<T>, NotAWebhook> {
    envelope.get("data").map(Hint::new).ok_or(NotAWebhook::Field("data"))
}

fn deposit(envelope: &Object<'_>) -> Result<Unverified<Deposit>, NotAWebhook> {
    let data = envelope.text("data").and_then(|data| Object::parse(data).ok());
    let within = data.as_ref().unwrap_or(envelope);
    // Without a name, the secret is what tells a deposit callback from any other object.
    let secret = within.get("secret").or_else(|| envelope.get("secret")).ok_or(NotAWebhook::Field("secret"))?;
    Ok(Unverified::new(Deposit::read(within, envelope)?, secret))
}

fn entity(envelope: &Object<'_>, body: &[u8], delivery: &Delivery) -> Result<Unverified<EntityChange>, NotAWebhook> {
    Ok(Unverified::new(EntityChange::read(envelope)?, Signed::new(body, delivery)))
}

#[cfg(test)]
mod tests;
