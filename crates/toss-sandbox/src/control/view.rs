//! A look at everything that the sandbox knows.

use crate::{
    clock::UnixMs,
    payment::Payment,
    records::{Charge, ChargeKind, PaymentView, RequestRecord},
    world::State,
};

/// What the sandbox knows at one moment.
pub struct View<'a> {
    state: &'a mut State,
    now: UnixMs,
}

impl<'a> View<'a> {
    pub(super) fn at(state: &'a mut State, now: UnixMs) -> Self {
        Self { state, now }
    }

    pub(super) fn state(&self) -> &State {
        self.state
    }

    /// Every movement of money, oldest first.
    pub fn ledger(&self) -> impl DoubleEndedIterator<Item = &Charge> {
        self.state.ledger.iter().map(|booked| &booked.charge)
    }

    /// The charges of one order.
    pub fn charges(&self, order_id: &str) -> impl Iterator<Item = &Charge> {
        self.ledger().filter(move |charge| charge.kind == ChargeKind::Charge && charge.order_id == order_id)
    }

    /// Every recorded call of the core API, oldest first.
    pub fn requests(&self) -> impl DoubleEndedIterator<Item = &RequestRecord> {
        self.state.requests.iter()
    }

    /// How many calls hang.
    pub fn hung(&self) -> usize {
        self.state.hung.len()
    }

    /// Every payment, oldest first.
    pub fn payments(&mut self) -> Vec<PaymentView> {
        self.state.payments.all().map(PaymentView::of).collect()
    }

    /// The newest payments that are `wanted`, at most `limit`, newest first.
    pub(super) fn newest_payments(&self, limit: usize, wanted: impl Fn(&Payment) -> bool) -> Vec<PaymentView> {
        self.state.payments.all().rev().filter(|payment| wanted(payment)).take(limit).map(PaymentView::of).collect()
    }

    /// One payment.
    pub fn payment(&mut self, payment_key: &str) -> Option<PaymentView> {
        let payment = self.state.payments.get(payment_key, self.now)?;
        Some(PaymentView::of(payment))
    }
}
