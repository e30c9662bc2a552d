//! What the bank and an operator in Toss's developer centre do to a payment. No call of a shop does.

use serde::{Deserialize, Serialize};

use super::{Control, Refused};
use crate::{
    clock::UnixMs,
    error::{ApiError, Code},
    order::Won,
    payment::{Payment, Refund, RefundAccount},
    receipts,
    records::{Charge, ChargeKind},
};

/// A cancel by an operator. In JSON both fields may be left out.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperatorRefund {
    /// In KRW; all that is left, if not said.
    #[serde(default)]
    pub amount: Option<i64>,
    /// Why, 1 to 200 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Control {
    /// The shopper pays the whole amount into the virtual account.
    ///
    /// # Errors
    /// [`Refused`], when there is no such payment, it waits for no deposit, or its deadline has passed.
    pub fn deposit(&self, payment_key: &str) -> Result<(), Refused> {
        Ok(self.pay_in(payment_key)?)
    }

    pub(super) fn pay_in(&self, payment_key: &str) -> Result<(), ApiError> {
        self.move_money(payment_key, ChargeKind::Charge, |payment, now| Ok(Some(payment.deposit(now)?)))
    }

    /// The bank takes the deposit back: the payment waits for it again.
    ///
    /// # Errors
    /// [`Refused`], when there is no such payment, or no deposit that is whole.
    pub fn reverse_deposit(&self, payment_key: &str) -> Result<(), Refused> {
        Ok(self.take_back(payment_key)?)
    }

    pub(super) fn take_back(&self, payment_key: &str) -> Result<(), ApiError> {
        self.move_money(payment_key, ChargeKind::Reversal, |payment, now| Ok(Some(payment.reverse_deposit(now)?)))
    }

    /// The payment's deadline passes now: 30 minutes, 10 minutes, or the one of the virtual account.
    ///
    /// # Errors
    /// [`Refused`], when there is no such payment, or it has no deadline.
    pub fn expire(&self, payment_key: &str) -> Result<(), Refused> {
        Ok(self.end(payment_key)?)
    }

    pub(super) fn end(&self, payment_key: &str) -> Result<(), ApiError> {
        self.world().with(|state, now| {
            let payment = state.payments.get(payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
            Ok(payment.expire(now)?)
        })
    }

    /// Cancels the payment as an operator does, without a call of the shop. Money of a deposit goes to an account that
    /// the operator knows.
    ///
    /// # Errors
    /// [`Refused`], as a cancel by the API would be.
    pub fn refund(&self, payment_key: &str, refund: OperatorRefund) -> Result<(), Refused> {
        Ok(self.give_back(payment_key, refund)?)
    }

    pub(super) fn give_back(&self, payment_key: &str, refund: OperatorRefund) -> Result<(), ApiError> {
        let OperatorRefund { amount, reason } = refund;
        let amount = amount.map(|amount| Won::new(amount).filter(|amount| amount.get() > 0).ok_or(Code::INVALID_REQUEST)).transpose()?;
        let reason = reason.unwrap_or_else(|| "운영자 취소".to_owned());
        if !(1..=200).contains(&reason.chars().take(201).count()) {
            return Err(Code::INVALID_REQUEST.into());
        }
        let account = RefundAccount::check("20", "1002123456789", "운영자").ok_or(Code::INVALID_REFUND_ACCOUNT_INFO)?;
        let refund = Refund { amount, ..Refund::all(&reason, Some(account)) };
        self.move_money(payment_key, ChargeKind::Refund, |payment, now| {
            let (cancel, moved) = payment.cancel_money(&refund, now)?;
            Ok(moved.then_some(cancel.amount))
        })
    }

    /// Moves money, or finds that none had to move, and writes the ledger in the same step.
    fn move_money(
        &self,
        payment_key: &str,
        kind: ChargeKind,
        act: impl FnOnce(&mut Payment, UnixMs) -> Result<Option<Won>, ApiError>,
    ) -> Result<(), ApiError> {
        self.world().with(|state, now| {
            let payment = state.payments.get(payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
            let Some(amount) = act(payment, now)? else {
                return Ok(());
            };
            receipts::follow(payment, &mut state.cash_receipts, now);
            let transaction_key = payment.last_transaction_key().unwrap_or_default().to_owned();
            let (payment_key, order_id, status) = (payment.payment_key.clone(), payment.order.order_id.clone(), payment.status());
            state.ledger.push(|_| Charge { payment_key, order_id, amount, kind, status, transaction_key, at: now });
            Ok(())
        })
    }
}
