//! `POST /v1/payments/{paymentKey}/cancel`: all of a payment, or a part.

use serde::Deserialize;

use super::{
    Answer, Input,
    input::Amount,
    work::{Desk, Work},
};
use crate::{
    bank::Bank,
    endpoint::Endpoint,
    error::{ApiError, Code},
    method::Group,
    money::{Currency, NoAmount},
    order,
    payment::{Payment, Refund, RefundAccount},
    records::ChargeKind,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    cancel_reason: String,
    cancel_amount: Option<Amount>,
    refund_receive_account: Option<RefundReceiveAccount>,
    tax_free_amount: Option<Amount>,
    tax_exemption_amount: Option<Amount>,
    currency: Option<String>,
    refundable_amount: Option<Amount>,
    cancel_request_id: Option<String>,
}

/// The bank is called `bank` here; `bankCode` is its name in answers and in the SDK (Toss docs).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefundReceiveAccount {
    bank: String,
    account_number: String,
    holder_name: String,
}

impl RefundReceiveAccount {
    fn check(&self) -> Result<RefundAccount, Code> {
        Bank::parse(&self.bank).ok_or(Code::INVALID_BANK)?;
        if self.account_number.len() > 20 || !self.account_number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Code::INVALID_REFUND_ACCOUNT_NUMBER);
        }
        RefundAccount::check(&self.bank, &self.account_number, &self.holder_name).ok_or(Code::INVALID_REFUND_ACCOUNT_INFO)
    }
}

pub(super) struct Cancel {
    payment_key: String,
    body: Body,
    currency: Option<Currency>,
    account: Option<RefundAccount>,
}

impl Cancel {
    /// What is asked for, in the currency of the payment.
    fn refund(&self, payment: &Payment, at_once: bool) -> Result<Refund, Code> {
        let (body, currency) = (&self.body, payment.currency());
        if self.currency.is_some_and(|said| said != currency) {
            return Err(Code::INVALID_CURRENCY);
        }
        // Toss docs: an asynchronous cancel needs one. Assumed: without it the request is not valid.
        if payment.order.method.group() == Group::ForeignEasyPay && !at_once && body.cancel_request_id.is_none() {
            return Err(Code::INVALID_REQUEST);
        }
        let units = |figure: Option<Amount>, too_much: Code| match figure.map(|Amount(figure)| figure.units(currency)) {
            None => Ok(None),
            Some(Ok(units)) => Ok(Some(units)),
            Some(Err(NoAmount::TooMuch)) => Err(too_much),
            Some(Err(NoAmount::TooFine)) => Err(Code::INVALID_REQUEST),
        };
        Ok(Refund {
            reason: body.cancel_reason.clone(),
            amount: units(body.cancel_amount, Code::NOT_CANCELABLE_AMOUNT)?,
            tax_free: units(body.tax_free_amount, Code::INVALID_REQUEST)?,
            tax_exemption: units(body.tax_exemption_amount, Code::INVALID_REQUEST)?,
            refundable: units(body.refundable_amount, Code::NOT_MATCHES_REFUNDABLE_AMOUNT)?,
            account: self.account.clone(),
            request_id: body.cancel_request_id.clone(),
        })
    }
}

impl Work for Cancel {
    const ENDPOINT: Endpoint = Endpoint::Cancel;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let payment_key = input.segment(Code::NOT_FOUND_PAYMENT)?;
        let body: Body = input.json()?;
        if !order::has_chars(&body.cancel_reason, 1, 200) {
            return Err(Code::INVALID_REQUEST.into());
        }
        // Toss docs name JPY too; the sandbox has no payment in it.
        let currency = match &body.currency {
            None => None,
            Some(code) => Some(Currency::parse(code).ok_or(Code::INVALID_CURRENCY)?),
        };
        if body.cancel_request_id.as_ref().is_some_and(|id| !order::is_order_id(id)) {
            return Err(Code::INVALID_REQUEST.into());
        }
        if body.cancel_amount.is_some_and(|Amount(amount)| !amount.is_above_zero()) {
            return Err(Code::INVALID_REQUEST.into());
        }
        let account = body.refund_receive_account.as_ref().map(RefundReceiveAccount::check).transpose()?;
        Ok(Self { payment_key, body, currency, account })
    }

    fn order_id(&self, desk: &mut Desk<'_>) -> Option<String> {
        desk.payment(&self.payment_key).ok().map(|payment| payment.order.order_id.clone())
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let (now, at_once) = (desk.now, desk.choices.foreign_cancels_at_once);
        let payment = desk.payment(&self.payment_key)?;
        let refund = self.refund(payment, at_once)?;
        let (cancel, moved) = payment.cancel_money(&refund, at_once, now)?;
        if moved {
            desk.book(&self.payment_key, cancel.amount, ChargeKind::Refund, cancel.transaction_key)?;
        }
        desk.show(&self.payment_key)
    }
}
