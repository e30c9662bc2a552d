//! `POST /v1/payments/confirm`: the call that moves money.

use axum::http::StatusCode;
use serde::Deserialize;

use super::{
    Answer, Input,
    input::Amount,
    work::{Desk, Work},
};
use crate::{
    bank::Bank,
    clock::UnixMs,
    endpoint::Endpoint,
    error::{ApiError, Code},
    fault::Decision,
    money::NoAmount,
    order::Method,
    payment::{Account, Payment},
    records::ChargeKind,
};

/// The body of a confirm.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Confirm {
    pub(super) payment_key: String,
    pub(super) order_id: String,
    amount: Amount,
}

impl Work for Confirm {
    const ENDPOINT: Endpoint = Endpoint::Confirm;
    const DECIDES: bool = true;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let confirm: Self = input.json()?;
        if confirm.payment_key.chars().count() > 200 {
            return Err(Code::INVALID_REQUEST.into());
        }
        Ok(confirm)
    }

    fn order_id(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order_id.clone())
    }

    fn order_name(&self, desk: &mut Desk<'_>) -> Option<String> {
        desk.payment(&self.payment_key).ok().map(|payment| payment.order.order_name.clone())
    }

    fn claim(&self, desk: &mut Desk<'_>) -> Result<(), ApiError> {
        let (now, merchant, choices) = (desk.now, desk.merchant, desk.choices);
        let payment = desk.state.payments.get(&self.payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
        if payment.merchant != merchant {
            return Err(Code::INVALID_API_KEY.into());
        }
        if payment.order.order_id != self.order_id {
            return Err(choices.wrong_order.into());
        }
        // It is said in the currency of the payment, which the call does not name.
        match self.amount.0.units(payment.currency()) {
            Ok(units) if units == payment.order.amount.get() => {}
            Err(NoAmount::TooFine) => return Err(Code::INVALID_REQUEST.into()),
            Ok(_) | Err(NoAmount::TooMuch) => return Err(choices.wrong_amount.into()),
        }
        payment.claim(now)
    }

    fn release(&self, desk: &mut Desk<'_>) {
        if let Ok(payment) = desk.payment(&self.payment_key) {
            payment.release();
        }
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        approve(desk, &self.payment_key, &self.order_id)
    }
}

/// Charges, issues the virtual account, or declines: what every kind of confirm comes to.
pub(super) fn approve(desk: &mut Desk<'_>, payment_key: &str, order_id: &str) -> Result<Answer, ApiError> {
    desk.refuse_approved(order_id)?;
    let (now, decision) = (desk.now, desk.decision);
    let payment = desk.payment(payment_key)?;
    if let Some(error) = refuse(payment, decision, now) {
        return Err(error);
    }
    if payment.order.method == Method::VirtualAccount {
        let order = &payment.order;
        // Assumed: the window has asked for what the shop did not say.
        let bank = order.bank.filter(|bank| bank.issues_accounts).unwrap_or(Bank::DEFAULT);
        let name = order.customer_name.clone().unwrap_or_else(|| "김토스".to_owned());
        let account = Account::issue(bank, name, order.deadline.at(now), order.refund_account.clone());
        payment.issue(account, now);
        return desk.show(payment_key);
    }
    let amount = payment.charge(now);
    let transaction_key = payment.last_transaction_key().unwrap_or_default().to_owned();
    desk.book(payment_key, amount, ChargeKind::Charge, transaction_key)?;
    desk.show(payment_key)
}

/// Why the payment is not approved, with the effect that this has on it.
fn refuse(payment: &mut Payment, decision: Option<&Decision>, now: UnixMs) -> Option<ApiError> {
    let failure = match decision {
        Some(Decision::Expire) => {
            payment.expire_session(now);
            return Some(Code::NOT_FOUND_PAYMENT_SESSION.into());
        }
        Some(Decision::Decline { code }) => ApiError::named(code, StatusCode::FORBIDDEN),
        Some(Decision::Refuse { .. } | Decision::AlreadyProcessed) | None => payment.refusal()?,
    };
    payment.decline(failure.clone(), now);
    Some(failure)
}
