//! `POST /v1/payments/{paymentKey}/cancel`: all of a payment, or a part.

use serde::Deserialize;

use super::{
    Answer, Input,
    input::Figure,
    work::{Desk, Work},
};
use crate::{
    bank::Bank,
    endpoint::Endpoint,
    error::{ApiError, Code},
    order::{self, Won},
    payment::{Refund, RefundAccount},
    records::ChargeKind,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    cancel_reason: String,
    cancel_amount: Option<Figure>,
    refund_receive_account: Option<RefundReceiveAccount>,
    tax_free_amount: Option<Figure>,
    tax_exemption_amount: Option<Figure>,
    currency: Option<String>,
    refundable_amount: Option<Figure>,
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
    refund: Refund,
}

impl Work for Cancel {
    const ENDPOINT: Endpoint = Endpoint::Cancel;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let payment_key = input.segment(Code::NOT_FOUND_PAYMENT)?;
        let body: Body = input.json()?;
        if !order::has_chars(&body.cancel_reason, 1, 200) {
            return Err(Code::INVALID_REQUEST.into());
        }
        // PayPal is the only method in another currency, and the sandbox has no PayPal.
        if body.currency.is_some_and(|currency| currency != "KRW") {
            return Err(Code::INVALID_CURRENCY.into());
        }
        if body.cancel_request_id.as_ref().is_some_and(|id| !order::is_order_id(id)) {
            return Err(Code::INVALID_REQUEST.into());
        }
        let amount = match body.cancel_amount {
            None => None,
            Some(Figure(amount)) if amount <= 0 => return Err(Code::INVALID_REQUEST.into()),
            // Above every amount there is.
            Some(Figure(amount)) => Some(Won::new(amount).ok_or(Code::NOT_CANCELABLE_AMOUNT)?),
        };
        let account = body.refund_receive_account.as_ref().map(RefundReceiveAccount::check).transpose()?;
        let refund = Refund {
            reason: body.cancel_reason,
            amount,
            tax_free: body.tax_free_amount.map(|figure| figure.0),
            tax_exemption: body.tax_exemption_amount.map(|figure| figure.0),
            refundable: body.refundable_amount.map(|figure| figure.0),
            account,
            request_id: body.cancel_request_id,
        };
        Ok(Self { payment_key, refund })
    }

    fn order_id(&self, desk: &mut Desk<'_>) -> Option<String> {
        desk.payment(&self.payment_key).ok().map(|payment| payment.order.order_id.clone())
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let now = desk.now;
        let (cancel, moved) = desk.payment(&self.payment_key)?.cancel_money(&self.refund, now)?;
        if moved {
            desk.book(&self.payment_key, cancel.amount, ChargeKind::Refund, cancel.transaction_key)?;
        }
        desk.show(&self.payment_key)
    }
}
