//! What the events tell. Source: Toss docs `/reference/using-api/webhook-events`.

use super::NotAWebhook;
use crate::ids::{BillingKey, CustomerKey, OrderId, PaymentKey, TransactionKey};
use crate::json::{FromJson, Object};
use crate::payment::{Payment, Status};
use crate::sensitive::Sensitive;
use crate::timestamp::Timestamp;
use crate::words::open_enum;

/// Something happened to a payment. Names it by its key, by the order, or by both.
///
/// ```
/// use toss_payments::webhook::{Delivery, Event, PaymentNotice, Webhook};
///
/// let body = br#"{"eventType":"PAYMENT_STATUS_CHANGED","data":{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE"}}"#;
/// let Event::PaymentStatusChanged(hint) = Webhook::parse(body, Delivery::default())?.event else { panic!() };
/// let notice: &PaymentNotice = hint.claims();
/// // `client.payment(key)` or `client.payment_by_order(id)` tells what is true.
/// assert!(notice.payment_key.is_some() && notice.order_id.is_some() && notice.payment.is_none());
/// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct PaymentNotice {
    /// The key of the payment.
    pub payment_key: Option<PaymentKey>,
    /// The shop's order.
    pub order_id: Option<OrderId>,
    /// Where the payment is said to stand. Notices arrive in any order: `ABORTED` has been seen right behind `DONE`.
    pub status: Option<Status>,
    /// The whole payment, where it came along; older forms have the three fields above only.
    pub payment: Option<Box<Payment>>,
}

impl FromJson for PaymentNotice {
    fn from_json(text: &str) -> Option<PaymentNotice> {
        if let Ok(payment) = Payment::from_json(text) {
            return Some(PaymentNotice {
                payment_key: Some(payment.payment_key.clone()),
                order_id: Some(payment.order_id.clone()),
                status: Some(payment.status.clone()),
                payment: Some(Box::new(payment)),
            });
        }
        let o = Object::parse(text).ok()?;
        let (payment_key, order_id) = (o.get("paymentKey"), o.get("orderId"));
        // Without either there is nothing to look up.
        let names_one = payment_key.is_some() || order_id.is_some();
        names_one.then(|| PaymentNotice { payment_key, order_id, status: o.get("status"), payment: None })
    }
}

/// A virtual account was issued (`WAITING_FOR_DEPOSIT`), paid into (`DONE`), the deposit reversed
/// (`WAITING_FOR_DEPOSIT` again), or the payment cancelled.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Deposit {
    /// The shop's order; a deposit callback does not name the payment key.
    pub order_id: OrderId,
    /// Where the payment stood when this was sent.
    pub status: Status,
    /// The key of the deposit or cancel.
    pub transaction_key: Option<TransactionKey>,
}

impl Deposit {
    pub(super) fn read(o: &Object<'_>) -> Result<Deposit, NotAWebhook> {
        Ok(Deposit {
            order_id: o.get("orderId").ok_or(NotAWebhook::Field("orderId"))?,
            status: o.get("status").ok_or(NotAWebhook::Field("status"))?,
            transaction_key: o.get("transactionKey"),
        })
    }
}

/// A billing key is gone, deleted by the customer or by Toss.
///
/// ```
/// use toss_payments::webhook::{BillingDeleted, Delivery, Event, Webhook};
///
/// let body = br#"{"eventType":"BILLING_DELETED","data":{"billingKey":"Z_t5vOvQxrj4499P"}}"#;
/// let Event::BillingDeleted(hint) = Webhook::parse(body, Delivery::default())?.event else { panic!() };
/// let deleted: &BillingDeleted = hint.claims();
/// assert_eq!(deleted.billing_key.expose(), "Z_t5vOvQxrj4499P");
/// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BillingDeleted {
    /// The billing key that charges no more.
    pub billing_key: BillingKey,
    /// Why, where Toss says it.
    pub reason: Option<String>,
}

impl FromJson for BillingDeleted {
    fn from_json(text: &str) -> Option<BillingDeleted> {
        let o = Object::parse(text).ok()?;
        Some(BillingDeleted { billing_key: o.get("billingKey")?, reason: o.get("reason") })
    }
}

open_enum! {
    /// What happened to a BrandPay method. A sample in the documents writes `ENABLE`, which arrives as `Unknown`.
    pub enum MethodStatus {
        /// Registered or usable again.
        Enabled = "ENABLED",
        /// Removed or unusable.
        Disabled = "DISABLED",
        /// Renamed.
        AliasUpdated = "ALIAS_UPDATED",
    }
}

/// A BrandPay method changed.
///
/// ```
/// use toss_payments::webhook::{Delivery, Event, MethodStatus, MethodUpdated, Webhook};
///
/// let body = br#"{"eventType":"METHOD_UPDATED","data":{"customerKey":"c7f3a9d2","methodKey":"m_1","status":"DISABLED"}}"#;
/// let Event::MethodUpdated(hint) = Webhook::parse(body, Delivery::default())?.event else { panic!() };
/// let updated: &MethodUpdated = hint.claims();
/// assert_eq!(updated.status, Some(MethodStatus::Disabled));
/// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct MethodUpdated {
    /// The shop's id of the customer.
    pub customer_key: CustomerKey,
    /// The id of the card or account.
    pub method_key: Sensitive,
    /// What happened to it.
    pub status: Option<MethodStatus>,
}

impl FromJson for MethodUpdated {
    fn from_json(text: &str) -> Option<MethodUpdated> {
        let o = Object::parse(text).ok()?;
        Some(MethodUpdated { customer_key: o.get("customerKey")?, method_key: o.get("methodKey")?, status: o.get("status") })
    }
}

open_enum! {
    /// What happened to a BrandPay customer.
    pub enum CustomerStatus {
        /// Signed up.
        Created = "CREATED",
        /// Left.
        Removed = "REMOVED",
        /// Changed the payment password.
        PasswordChanged = "PASSWORD_CHANGED",
        /// Switched one-touch payment on.
        OneTouchActivated = "ONE_TOUCH_ACTIVATED",
        /// Switched one-touch payment off.
        OneTouchDeactivated = "ONE_TOUCH_DEACTIVATED",
    }
}

/// A BrandPay customer changed.
///
/// ```
/// use toss_payments::webhook::{CustomerStatus, CustomerStatusChanged, Delivery, Event, Webhook};
///
/// let body = br#"{"eventType":"CUSTOMER_STATUS_CHANGED","data":{"customerKey":"c7f3a9d2","status":"REMOVED"}}"#;
/// let Event::CustomerStatusChanged(hint) = Webhook::parse(body, Delivery::default())?.event else { panic!() };
/// let changed: &CustomerStatusChanged = hint.claims();
/// assert_eq!(changed.status, Some(CustomerStatus::Removed));
/// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CustomerStatusChanged {
    /// The shop's id of the customer.
    pub customer_key: CustomerKey,
    /// What happened.
    pub status: Option<CustomerStatus>,
    /// When.
    pub changed_at: Option<Timestamp>,
}

impl FromJson for CustomerStatusChanged {
    fn from_json(text: &str) -> Option<CustomerStatusChanged> {
        let o = Object::parse(text).ok()?;
        Some(CustomerStatusChanged { customer_key: o.get("customerKey")?, status: o.get("status"), changed_at: o.get("changedAt") })
    }
}

/// A payout or a seller changed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct EntityChange {
    /// The unique id of the event, which the signature covers: tell repetitions by it.
    pub event_id: Option<String>,
    /// The version of the entity.
    pub version: Option<String>,
    /// The kind of entity, such as `payout`.
    pub entity_type: Option<String>,
    /// The entity as JSON. It has names and account numbers.
    pub entity_body: Sensitive,
}

impl EntityChange {
    pub(super) fn read(o: &Object<'_>) -> Result<EntityChange, NotAWebhook> {
        let entity_body = o.entries().find(|(name, text)| *name == "entityBody" && text.starts_with('{'));
        Ok(EntityChange {
            event_id: o.get("eventId"),
            version: o.get("version"),
            entity_type: o.get("entityType"),
            entity_body: entity_body.map(|(_, text)| Sensitive::new(text)).ok_or(NotAWebhook::Field("entityBody"))?,
        })
    }
}
