//! What the bank and an operator in Toss's developer centre do to a payment. No call of a shop does.

use serde::{Deserialize, Serialize};

use super::{Control, Refused};
use crate::{
    clock::UnixMs,
    error::{ApiError, Code},
    money::{Currency, Decimal, Money},
    payment::{CancelState, Payment, Refund, RefundAccount},
    receipts,
    records::{Booked, Charge, ChargeKind},
};

/// A cancel by an operator. The default is all that is left.
///
/// ```
/// use toss_sandbox::OperatorRefund;
///
/// let part = OperatorRefund::part(15_000).because("단순 변심");
/// assert_eq!((part.amount, part.reason.as_deref()), (Some(15_000), Some("단순 변심")));
/// assert_eq!(OperatorRefund::default().amount, None);
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct OperatorRefund {
    /// In the smallest unit of the payment's currency, won or US cents; all that is left, if not said.
    pub amount: Option<i64>,
    /// Why, 1 to 200 characters.
    pub reason: Option<String>,
}

impl OperatorRefund {
    /// So much, in the smallest unit of the payment's currency.
    pub fn part(amount: i64) -> Self {
        Self { amount: Some(amount), reason: None }
    }

    /// That, for a reason.
    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }
}

/// What the provider abroad makes of a cancel that is IN_PROGRESS. In JSON: its `cancelStatus`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CancelOutcome {
    /// The money has gone back.
    #[default]
    Done,
    /// It has not: the payment is as it was.
    Aborted,
}

impl CancelOutcome {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Done, Self::Aborted];
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
        Ok(self.give_back_units(payment_key, |_| Ok(refund.amount), refund.reason)?)
    }

    /// As [`Control::refund`], of an amount as it was written.
    pub(super) fn give_back(&self, payment_key: &str, amount: Option<Decimal>, refund: OperatorRefund) -> Result<(), ApiError> {
        let units = |currency| amount.map(|amount| amount.units(currency)).transpose().map_err(|_| Code::INVALID_REQUEST);
        self.give_back_units(payment_key, units, refund.reason)
    }

    fn give_back_units(
        &self,
        payment_key: &str,
        amount: impl FnOnce(Currency) -> Result<Option<i64>, Code>,
        reason: Option<String>,
    ) -> Result<(), ApiError> {
        let reason = reason.unwrap_or_else(|| "운영자 취소".to_owned());
        if !(1..=200).contains(&reason.chars().take(201).count()) {
            return Err(Code::INVALID_REQUEST.into());
        }
        let account = RefundAccount::check("20", "1002123456789", "운영자").ok_or(Code::INVALID_REFUND_ACCOUNT_INFO)?;
        let at_once = self.world().choices().foreign_cancels_at_once;
        self.move_money(payment_key, ChargeKind::Refund, |payment, now| {
            let amount = amount(payment.currency())?;
            if amount.is_some_and(|amount| amount <= 0) {
                return Err(Code::INVALID_REQUEST.into());
            }
            let refund = Refund { amount, ..Refund::all(&reason, Some(account)) };
            let (cancel, moved) = payment.cancel_money(&refund, at_once, now)?;
            Ok(moved.then_some(cancel.amount))
        })
    }

    /// The provider abroad decides about the cancel that is IN_PROGRESS. Without this it is done after
    /// [`CANCEL_TAKES`](crate::CANCEL_TAKES) of the sandbox's clock.
    ///
    /// # Errors
    /// [`Refused`], when there is no such payment, or no cancel of it is under way.
    pub fn finish_cancel(&self, payment_key: &str, outcome: CancelOutcome) -> Result<(), Refused> {
        Ok(self.end_cancel(payment_key, outcome)?)
    }

    pub(super) fn end_cancel(&self, payment_key: &str, outcome: CancelOutcome) -> Result<(), ApiError> {
        let state = match outcome {
            CancelOutcome::Done => CancelState::Done,
            CancelOutcome::Aborted => CancelState::Aborted,
        };
        self.world().with(|state_of_all, now| {
            let payment = state_of_all.payments.get(payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
            Ok(payment.decide_cancel(state, now)?)
        })
    }

    /// Moves money, or finds that none had to move, and writes the ledger in the same step.
    fn move_money(
        &self,
        payment_key: &str,
        kind: ChargeKind,
        act: impl FnOnce(&mut Payment, UnixMs) -> Result<Option<Money>, ApiError>,
    ) -> Result<(), ApiError> {
        self.world().with(|state, now| {
            let payment = state.payments.get(payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
            let Some(amount) = act(payment, now)? else {
                return Ok(());
            };
            receipts::follow(payment, &mut state.cash_receipts, now);
            let transaction_key = payment.last_transaction_key().unwrap_or_default().to_owned();
            let (payment_key, order_id, status) = (payment.payment_key.clone(), payment.order.order_id.clone(), payment.status());
            let merchant = payment.merchant;
            let charge = Charge { payment_key, order_id, amount, kind, status, transaction_key, at: now };
            state.ledger.push(|_| Booked { merchant, charge });
            Ok(())
        })
    }
}
