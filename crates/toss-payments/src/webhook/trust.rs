//! How far a webhook is to be believed, as types: what nobody vouches for cannot be mistaken for what somebody does.

use super::notice::{Deposit, EntityChange};
use super::signature::{SecurityKey, Signed};
use crate::sensitive::Sensitive;
use std::fmt;
use thiserror::Error;

/// Told by somebody who cannot prove to be Toss. Good for knowing what to look up, and for nothing else.
///
/// ```
/// use toss_payments::PaymentKey;
/// use toss_payments::webhook::{Hint, PaymentNotice};
///
/// /// What to look up; a hint has no `verify`, and no status of it is worth storing.
/// fn to_look_up(hint: &Hint<PaymentNotice>) -> Option<&PaymentKey> {
///     hint.claims().payment_key.as_ref()
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint<T>(T);

impl<T> Hint<T> {
    pub(super) fn new(claims: T) -> Hint<T> {
        Hint(claims)
    }

    /// What the sender claims. Never move an order by it: look up by its keys with the secret key and believe that.
    ///
    /// ```
    /// use toss_payments::webhook::{Delivery, Event, Webhook};
    ///
    /// let body = br#"{"eventType":"BILLING_DELETED","data":{"billingKey":"Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0="}}"#;
    /// let webhook = Webhook::parse(body, Delivery::default())?;
    /// let Event::BillingDeleted(hint) = webhook.event else { panic!() };
    /// assert!(hint.claims().reason.is_none());
    /// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
    /// ```
    #[must_use]
    pub fn claims(&self) -> &T {
        &self.0
    }
}

/// A claim that carries its proof: a [`Deposit`] its secret, an [`EntityChange`] its signature. Nothing else is one.
///
/// ```
/// use toss_payments::webhook::{Claim, Unverified};
///
/// /// Prints what is claimed and never what would prove it.
/// fn log<T: Claim + std::fmt::Debug>(claim: &Unverified<T>) -> String {
///     format!("not checked yet: {:?}", claim.claims())
/// }
/// ```
pub trait Claim: sealed::Claim {}

impl Claim for Deposit {}
impl Claim for EntityChange {}

mod sealed {
    use super::{Deposit, EntityChange, Sensitive, Signed};

    pub trait Claim {
        type Proof;
    }

    impl Claim for Deposit {
        type Proof = Sensitive;
    }

    impl Claim for EntityChange {
        type Proof = Signed;
    }
}

/// A claim whose proof has not been checked. Its proof is never printed.
pub struct Unverified<T: Claim> {
    claims: T,
    proof: T::Proof,
}

impl<T: Claim> Unverified<T> {
    pub(super) fn new(claims: T, proof: T::Proof) -> Unverified<T> {
        Unverified { claims, proof }
    }

    /// What the sender claims, to find what the proof is checked against.
    #[must_use]
    pub fn claims(&self) -> &T {
        &self.claims
    }
}

impl Unverified<Deposit> {
    /// Compares the secret with that of the payment ([`Payment::secret`](crate::Payment::secret), stored when the
    /// virtual account was issued), in constant time. An empty secret fits nothing.
    ///
    /// ```
    /// use toss_payments::Sensitive;
    /// use toss_payments::webhook::{Delivery, Event, VerifyError, Webhook};
    ///
    /// let body = br#"{"createdAt":"2026-08-01T12:00:00.000000","secret":"ps_made-up","status":"DONE",
    ///     "transactionKey":"9FF15E1A29D0E77C218F57262BFA4986","orderId":"order-20260801-0001"}"#;
    /// let webhook = Webhook::parse(body, Delivery::default())?;
    /// let Event::DepositCallback(unverified) = webhook.event else { panic!() };
    /// assert_eq!(unverified.clone().verify(&Sensitive::new("ps_another")), Err(VerifyError::Mismatch));
    /// let deposit = unverified.verify(&Sensitive::new("ps_made-up")).map_err(|_| "forged").unwrap();
    /// assert_eq!(deposit.order_id.as_str(), "order-20260801-0001");
    /// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
    /// ```
    ///
    /// # Errors
    /// [`VerifyError::Mismatch`]: somebody else than Toss sent it, or it is about another payment.
    pub fn verify(self, stored: &Sensitive) -> Result<Verified<Deposit>, VerifyError> {
        if stored.matches(self.proof.expose()) { Ok(Verified(self.claims)) } else { Err(VerifyError::Mismatch) }
    }
}

impl Unverified<EntityChange> {
    /// Checks the signature, HMAC-SHA256 over `<body>:<transmission time>`, in constant time. While a key is being
    /// replaced, Toss signs with both and a shop may hold both: one fitting pair is enough.
    ///
    /// The transmission time is part of what is signed; whether it is too long ago is for the caller to judge. The
    /// transmission id is not signed: tell repetitions by [`EntityChange::event_id`].
    ///
    /// ```
    /// use toss_payments::webhook::{Delivery, Event, SecurityKey, VerifyError, Webhook};
    ///
    /// let body = br#"{"eventType":"payout.changed","createdAt":"2026-08-01T12:00:00+09:00","version":"2022-11-16","eventId":"evt-1","entityType":"payout","entityBody":{"id":"FPA_1","status":"COMPLETED"}}"#;
    /// let delivery = Delivery::from_headers(|name| match name {
    ///     "tosspayments-webhook-transmission-time" => Some("2026-08-01T12:00:01+09:00"),
    ///     "tosspayments-webhook-signature" => Some("v1:ClVZpDmoe3IdQ2jZU+JYpAW8/1TneBBesTxWD6c9sPU="),
    ///     _ => None,
    /// });
    /// let key = SecurityKey::parse("0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF").unwrap();
    /// let another = SecurityKey::parse(&"0".repeat(64)).unwrap();
    /// let Event::PayoutChanged(payout) = Webhook::parse(body, delivery)?.event else { panic!() };
    /// assert_eq!(payout.clone().verify(&[another]), Err(VerifyError::Mismatch));
    /// assert_eq!(payout.verify(&[key]).unwrap().event_id.as_deref(), Some("evt-1"));
    /// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
    /// ```
    ///
    /// # Errors
    /// [`VerifyError`], by what is missing or does not fit.
    pub fn verify(self, keys: &[SecurityKey]) -> Result<Verified<EntityChange>, VerifyError> {
        self.proof.verify(keys).map(|()| Verified(self.claims))
    }
}

impl<T: Claim + Clone> Clone for Unverified<T>
where
    T::Proof: Clone,
{
    fn clone(&self) -> Unverified<T> {
        Unverified { claims: self.claims.clone(), proof: self.proof.clone() }
    }
}

impl<T: Claim + PartialEq> PartialEq for Unverified<T>
where
    T::Proof: PartialEq,
{
    fn eq(&self, other: &Unverified<T>) -> bool {
        self.claims == other.claims && self.proof == other.proof
    }
}

impl<T: Claim + Eq> Eq for Unverified<T> where T::Proof: Eq {}

impl<T: Claim + fmt::Debug> fmt::Debug for Unverified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unverified").field(&self.claims).finish()
    }
}

/// Toss's own word: the secret or the signature fits. Only [`Unverified::verify`] makes one.
///
/// ```compile_fail,E0423
/// fn believe(deposit: toss_payments::webhook::Deposit) {
///     toss_payments::webhook::Verified(deposit);
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// The event alone.
    ///
    /// ```
    /// use toss_payments::webhook::{Deposit, EntityChange, Verified};
    ///
    /// fn paid_into(deposit: Verified<Deposit>) -> Deposit {
    ///     deposit.into_inner()
    /// }
    ///
    /// fn paid_out(payout: &Verified<EntityChange>) -> Option<&str> {
    ///     payout.event_id.as_deref() // the fields are there without taking it apart
    /// }
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> std::ops::Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Why a webhook is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// No key was given to check the signature with.
    #[error("there is no security key to check the signature with")]
    NoKey,
    /// The header `tosspayments-webhook-signature` is missing.
    #[error("the webhook is not signed")]
    NoSignature,
    /// The header `tosspayments-webhook-transmission-time` is missing; the signature covers it.
    #[error("the webhook has no transmission time, which its signature covers")]
    NoTime,
    /// No signature of a form that this version knows (`v1:` and base64).
    #[error("the signature is of an unknown form")]
    Malformed,
    /// The secret or the signature does not fit.
    #[error("the webhook does not come from Toss, or is about something else")]
    Mismatch,
}
