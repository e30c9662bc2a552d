//! What an endpoint has to say of itself, and the desk at which it works.

use super::{Answer, Input};
use crate::{
    body::PaymentBody,
    clock::UnixMs,
    config::{Choices, MerchantId},
    endpoint::Endpoint,
    error::{ApiError, Code, Language},
    fault::Decision,
    money::Money,
    order::Order,
    payment::{Kind, Payment},
    receipts,
    records::{Booked, Charge, ChargeKind},
    webhook::{EventType, Notice},
    world::State,
};

/// One call of the core API. The pipeline does everything that all calls have in common.
pub(super) trait Work: Sized + Send + 'static {
    const ENDPOINT: Endpoint;
    /// Whether declines and expired sessions leave something behind, which [`Work::decide`] then sees to.
    const DECIDES: bool = false;

    /// Reads path, query and body, and checks their limits.
    fn read(input: &Input<'_>) -> Result<Self, ApiError>;

    /// The order that the call is about: faults are chosen by it.
    fn order_id(&self, _desk: &mut Desk<'_>) -> Option<String> {
        None
    }

    /// The name of the order that the call approves: magic words act by it.
    fn order_name(&self, _desk: &mut Desk<'_>) -> Option<String> {
        None
    }

    /// Takes hold of what nobody else may touch while the call is under way.
    fn claim(&self, _desk: &mut Desk<'_>) -> Result<(), ApiError> {
        Ok(())
    }

    /// Lets go of it, decided or not.
    fn release(&self, _desk: &mut Desk<'_>) {}

    /// Does the work in one step under the lock: payment, ledger and record agree at every moment.
    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError>;
}

/// The sandbox as one call sees it, at one moment.
pub(super) struct Desk<'a> {
    pub(super) state: &'a mut State,
    pub(super) now: UnixMs,
    pub(super) merchant: MerchantId,
    pub(super) m_id: &'static str,
    pub(super) client_key: &'a str,
    pub(super) has_webhooks: bool,
    pub(super) language: Language,
    pub(super) origin: &'a str,
    pub(super) choices: Choices,
    /// A fault that changes the outcome.
    pub(super) decision: Option<&'a Decision>,
    /// Whether money has moved at this desk.
    pub(super) moved: bool,
}

impl Desk<'_> {
    /// A payment of this merchant. Another merchant's does not exist.
    pub(super) fn payment(&mut self, payment_key: &str) -> Result<&mut Payment, ApiError> {
        let merchant = self.merchant;
        let found = self.state.payments.get(payment_key, self.now);
        found.filter(|payment| payment.merchant == merchant).ok_or_else(|| Code::NOT_FOUND_PAYMENT.into())
    }

    /// The payment as every answer shows it.
    pub(super) fn show(&mut self, payment_key: &str) -> Result<Answer, ApiError> {
        let found = self.state.payments.get(payment_key, self.now);
        let payment = found.filter(|payment| payment.merchant == self.merchant).ok_or(Code::NOT_FOUND_PAYMENT)?;
        let body = PaymentBody::of(payment, &self.state.cash_receipts, self.m_id, self.language, self.origin, self.now);
        Ok(Answer::json(&body))
    }

    /// An order is approved at most once, whichever of its payments comes first (Toss docs, `DUPLICATED_ORDER_ID`).
    pub(super) fn refuse_approved(&mut self, order_id: &str) -> Result<(), ApiError> {
        if self.state.payments.is_approved(self.merchant, order_id, self.now) {
            return Err(Code::DUPLICATED_ORDER_ID.into());
        }
        Ok(())
    }

    /// A charge without a window: its payment comes into being paid.
    pub(super) fn charge_directly(&mut self, kind: Kind, order: Order) -> Result<Answer, ApiError> {
        self.refuse_approved(&order.order_id)?;
        let amount = order.amount;
        let payment = Payment::charged_directly(self.merchant, self.m_id, kind, order, self.now);
        let transaction_key = payment.last_transaction_key().unwrap_or_default().to_owned();
        let payment_key = self.state.payments.insert(payment, self.m_id, self.now);
        self.book(&payment_key, amount, ChargeKind::Charge, transaction_key)?;
        self.show(&payment_key)
    }

    /// Tells an event that is about no payment to whoever is registered for it.
    pub(super) fn announce(&mut self, event: EventType, data: String) {
        if self.has_webhooks {
            let notice = Notice { event, merchant: Some(self.merchant), order_id: None, created_at: self.now, data };
            self.state.webhooks.announce(&notice, Some(self.client_key), &mut self.state.faults);
        }
    }

    /// Enters in the ledger what the payment has just done, and lets its cash receipt follow.
    pub(super) fn book(&mut self, payment_key: &str, amount: Money, kind: ChargeKind, transaction_key: String) -> Result<(), ApiError> {
        let now = self.now;
        let payment = self.state.payments.get(payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
        receipts::follow(payment, &mut self.state.cash_receipts, now);
        let (order_id, status) = (payment.order.order_id.clone(), payment.status());
        let payment_key = payment_key.to_owned();
        let charge = Charge { payment_key, order_id, amount, kind, status, transaction_key, at: now };
        self.state.ledger.push(|_| Booked { merchant: self.merchant, charge });
        self.moved = true;
        Ok(())
    }
}
