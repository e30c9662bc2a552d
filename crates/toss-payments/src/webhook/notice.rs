//! What the events tell. Source: Toss docs `/reference/using-api/webhook-events`.

use super::NotAWebhook;
use crate::ids::{BillingKey, CustomerKey, OrderId, PaymentKey, TransactionKey};
use crate::json::{FromJson, Object};
use crate::payment::Cancel;
use crate::payment::whole::Payment;
use crate::payment::words::Status;
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
    /// The merchant id. Notices are sent to the address of their merchant id (Toss docs `/common/webhook`): one of another is not
    /// this shop's.
    pub m_id: Option<String>,
    /// The key of the last approval or cancel.
    pub last_transaction_key: Option<TransactionKey>,
    /// When the payment was asked for.
    pub requested_at: Option<Timestamp>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// The whole payment, where it came along; older and shorter forms have some of the fields above only.
    pub payment: Option<Box<Payment>>,
}

impl FromJson for PaymentNotice {
    fn from_json(text: &str) -> Option<PaymentNotice> {
        let o = Object::parse(text).ok()?;
        let (payment_key, order_id) = (o.get("paymentKey"), o.get("orderId"));
        // Without either there is nothing to look up.
        let names_one = payment_key.is_some() || order_id.is_some();
        names_one.then(|| PaymentNotice {
            payment_key,
            order_id,
            status: o.get("status"),
            m_id: o.get("mId"),
            last_transaction_key: o.get("lastTransactionKey"),
            requested_at: o.get("requestedAt"),
            approved_at: o.get("approvedAt"),
            payment: Payment::from_json(text).ok().map(Box::new),
        })
    }
}

/// A cancel at an overseas provider went on. What names the payment is not documented: where neither the key of the payment nor the
/// order is here, look for the transaction key or the shop's id of the cancel in the store, and into [`Webhook::raw`](super::Webhook).
///
/// ```
/// use toss_payments::payment::CancelStatus;
/// use toss_payments::webhook::{Delivery, Event, Webhook};
///
/// let body = br#"{"eventType":"CANCEL_STATUS_CHANGED","data":{"cancelStatus":"DONE","cancelRequestId":"cancel-0001"}}"#;
/// let Event::CancelStatusChanged(hint) = Webhook::parse(body, Delivery::default())?.event else { panic!() };
/// let cancel = &hint.claims().cancel;
/// assert_eq!((&cancel.cancel_status, cancel.cancel_request_id.as_deref()), (&Some(CancelStatus::Done), Some("cancel-0001")));
/// # Ok::<(), toss_payments::webhook::NotAWebhook>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CancelNotice {
    /// The key of the payment, where it came along.
    pub payment_key: Option<PaymentKey>,
    /// The shop's order, where it came along.
    pub order_id: Option<OrderId>,
    /// The cancel as it is said to stand.
    pub cancel: Cancel,
}

impl FromJson for CancelNotice {
    fn from_json(text: &str) -> Option<CancelNotice> {
        let o = Object::parse(text).ok()?;
        Some(CancelNotice { payment_key: o.get("paymentKey"), order_id: o.get("orderId"), cancel: Cancel::from_json(text)? })
    }
}

/// A virtual account was issued (`WAITING_FOR_DEPOSIT`), paid into (`DONE`), the deposit reversed
/// (`WAITING_FOR_DEPOSIT` again), or the payment cancelled.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Deposit {
    /// The key of the payment; the flat form that Toss documents does not name it.
    pub payment_key: Option<PaymentKey>,
    /// The shop's order.
    pub order_id: OrderId,
    /// Where the payment stood when this was sent.
    pub status: Status,
    /// The key of the deposit or cancel.
    pub transaction_key: Option<TransactionKey>,
}

impl Deposit {
    /// From the object that has the fields, or from the one around it.
    pub(super) fn read(within: &Object<'_>, around: &Object<'_>) -> Result<Deposit, NotAWebhook> {
        fn field<T: FromJson>(within: &Object<'_>, around: &Object<'_>, name: &str) -> Option<T> {
            within.get(name).or_else(|| around.get(name))
        }
        Ok(Deposit {
            payment_key: field(within, around, "paymentKey"),
            order_id: field(within, around, "orderId").ok_or(NotAWebhook::Field("orderId"))?,
            status: field(within, around, "status").ok_or(NotAWebhook::Field("status"))?,
            transaction_key: field(within, around, "transactionKey"),
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
    /// What happened to a BrandPay method. A sample in the documents writes `ENABLE`, which is read as `ENABLED`.
    pub enum MethodStatus {
        /// Registered or usable again.
        Enabled = "ENABLED" | "ENABLE",
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
