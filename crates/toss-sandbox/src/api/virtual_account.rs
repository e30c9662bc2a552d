//! `POST /v1/virtual-accounts`: an account to pay into, issued without a window.

use serde::Deserialize;

use super::{
    Answer, Input,
    fields::OrderFields,
    input::Figure,
    work::{Desk, Work},
};
use crate::{
    asked::ReceiptUse,
    bank::Bank,
    clock::UnixMs,
    endpoint::Endpoint,
    error::{ApiError, Code},
    kst,
    order::{self, Deadline, Method, Order},
    payment::{Account, Payment},
    receipts,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(flatten)]
    order: OrderFields,
    bank: String,
    valid_hours: Option<Figure>,
    due_date: Option<String>,
    cash_receipt: Option<CashReceipt>,
    escrow_products: Option<Vec<EscrowProduct>>,
    account_type: Option<String>,
    account_key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CashReceipt {
    r#type: String,
    registration_number: Option<String>,
}

impl CashReceipt {
    /// Assumed: a number that is none is `INVALID_REGISTRATION_NUMBER_TYPE`, as an unknown type is.
    fn check(self) -> Result<(ReceiptUse, Option<String>), ApiError> {
        let wanted = ReceiptUse::parse(&self.r#type).ok_or(Code::INVALID_REGISTRATION_NUMBER_TYPE)?;
        if self.registration_number.as_deref().is_some_and(|number| !receipts::is_identity_number(number)) {
            return Err(Code::INVALID_REGISTRATION_NUMBER_TYPE.into());
        }
        Ok((wanted, self.registration_number))
    }
}

/// All of it is required (published types).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EscrowProduct {
    id: String,
    name: String,
    code: String,
    unit_price: Figure,
    quantity: Figure,
}

impl EscrowProduct {
    /// Assumed: no text is empty, nothing costs less than nothing, there is at least one of it.
    fn is_whole(&self) -> bool {
        let texts = [&self.id, &self.name, &self.code];
        texts.into_iter().all(|text| !text.is_empty()) && self.unit_price.0 >= 0 && self.quantity.0 >= 1
    }
}

pub(super) struct Issue {
    order: Order,
    bank: Bank,
    customer_name: String,
    /// For whom the cash receipt is.
    registration_number: Option<String>,
    /// Of a fixed account.
    account_key: Option<String>,
}

impl Work for Issue {
    const ENDPOINT: Endpoint = Endpoint::VirtualAccount;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let body: Body = input.json()?;
        let mut order = body.order.check(Method::VirtualAccount)?;
        let customer_name = order.customer_name.clone().ok_or(Code::INVALID_REQUEST)?;
        let bank = Bank::parse(&body.bank).filter(|bank| bank.issues_accounts).ok_or(Code::INVALID_BANK)?;
        order.deadline = deadline(body.valid_hours, body.due_date.as_deref(), input.now)?;
        let registration_number = match body.cash_receipt {
            None => None,
            Some(receipt) => {
                let (wanted, number) = receipt.check()?;
                order.cash_receipt = Some(wanted);
                number
            }
        };
        if body.escrow_products.is_some_and(|products| !products.iter().all(EscrowProduct::is_whole)) {
            return Err(Code::INVALID_REQUEST.into());
        }
        let account_key = fixed(body.account_type.as_deref(), body.account_key)?;
        Ok(Self { order, bank, customer_name, registration_number, account_key })
    }

    fn order_id(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order.order_id.clone())
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        desk.refuse_approved(&self.order.order_id)?;
        let account = Account::issue(self.bank, self.customer_name.clone(), self.order.deadline.at(desk.now), None);
        let account = match &self.account_key {
            Some(key) => account.fixed(desk.m_id, key),
            None => account,
        };
        let mut payment = Payment::account_issued(desk.merchant, desk.m_id, self.order.clone(), account, desk.now);
        payment.receipts.identity_number = self.registration_number.clone();
        let payment_key = desk.state.payments.insert(payment, desk.m_id, desk.now);
        desk.show(&payment_key)
    }
}

/// The key of a fixed account (Toss docs: 고정 has one; that it has 1 to 100 characters is assumed).
fn fixed(account_type: Option<&str>, account_key: Option<String>) -> Result<Option<String>, ApiError> {
    match account_type {
        None | Some("일반") => Ok(None),
        Some("고정") => match account_key.filter(|key| order::has_chars(key, 1, 100)) {
            Some(key) => Ok(Some(key)),
            None => Err(Code::INVALID_REQUEST.into()),
        },
        Some(_) => Err(Code::INVALID_REQUEST.into()),
    }
}

/// At most 2160 hours or 90 days from now, which is the same (Toss docs).
fn deadline(valid_hours: Option<Figure>, due_date: Option<&str>, now: UnixMs) -> Result<Deadline, ApiError> {
    match (valid_hours, due_date) {
        (Some(_), Some(_)) => Err(Code::INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE.into()),
        (None, None) => Ok(Deadline::DEFAULT),
        (Some(Figure(hours)), None) if hours > Deadline::MAX_HOURS => Err(Code::EXCEED_MAX_VALID_HOURS.into()),
        (Some(Figure(hours)), None) => Deadline::after_hours(hours).ok_or_else(|| Code::INVALID_REQUEST.into()),
        (None, Some(date)) => {
            let due = kst::date_time(date).filter(|due| *due > now).ok_or(Code::INVALID_DATE)?;
            let last = Deadline::after_hours(Deadline::MAX_HOURS).unwrap_or(Deadline::DEFAULT).at(now);
            if due > last {
                return Err(Code::EXCEED_MAX_DUE_DATE.into());
            }
            Ok(Deadline::At(due))
        }
    }
}
