//! `POST /v1/virtual-accounts`: an account to pay into, issued without a window.

use serde::Deserialize;

use super::{
    Answer, Input,
    fields::OrderFields,
    input::Figure,
    work::{Desk, Work},
};
use crate::{
    bank::Bank,
    clock::UnixMs,
    endpoint::Endpoint,
    error::{ApiError, Code},
    kst,
    order::{self, Deadline, Method, Order},
    payment::{Account, Payment},
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
}

#[derive(Deserialize)]
struct CashReceipt {
    r#type: String,
}

pub(super) struct Issue {
    order: Order,
    bank: Bank,
    customer_name: String,
}

impl Work for Issue {
    const ENDPOINT: Endpoint = Endpoint::VirtualAccount;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let body: Body = input.json()?;
        let mut order = body.order.check(Method::VirtualAccount)?;
        let customer_name = order.customer_name.clone().ok_or(Code::INVALID_REQUEST)?;
        let bank = Bank::parse(&body.bank).filter(|bank| bank.issues_accounts).ok_or(Code::INVALID_BANK)?;
        order.deadline = deadline(body.valid_hours, body.due_date.as_deref(), input.now)?;
        if body.cash_receipt.is_some_and(|receipt| !order::is_cash_receipt_type(&receipt.r#type)) {
            return Err(Code::INVALID_REGISTRATION_NUMBER_TYPE.into());
        }
        Ok(Self { order, bank, customer_name })
    }

    fn order_id(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order.order_id.clone())
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        desk.refuse_approved(&self.order.order_id)?;
        let account = Account::issue(self.bank, self.customer_name.clone(), self.order.deadline.at(desk.now), None);
        let payment = Payment::account_issued(desk.merchant, desk.m_id, self.order.clone(), account, desk.now);
        let payment_key = desk.state.payments.insert(payment, desk.m_id, desk.now);
        desk.show(&payment_key)
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
