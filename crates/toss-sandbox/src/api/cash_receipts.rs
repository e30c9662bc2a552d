//! Cash receipts: issue, cancel, list.

use serde::{Deserialize, Serialize};

use super::{
    Answer, Input,
    input::Figure,
    work::{Desk, Work},
};
use crate::{
    clock::UnixMs,
    endpoint::Endpoint,
    error::{ApiError, Code},
    ids, kst,
    money::{Currency, Money},
    order,
    receipts::{self, Body, CashReceipt, ReceiptKind, Role},
};

const LIMIT: usize = 100;
/// Toss docs.
const MAX_LIMIT: usize = 10_000;

/// `POST /v1/cash-receipts`
pub(super) struct Issue {
    amount: i64,
    tax_free_amount: i64,
    order_id: String,
    order_name: String,
    kind: ReceiptKind,
    customer_identity_number: String,
}

impl Work for Issue {
    const ENDPOINT: Endpoint = Endpoint::CashReceiptIssue;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields {
            amount: Option<Figure>,
            order_id: String,
            order_name: String,
            r#type: String,
            // The name on old API versions.
            #[serde(alias = "registrationNumber")]
            customer_identity_number: String,
            tax_free_amount: Option<Figure>,
        }
        let body: Fields = input.json()?;
        let amount = body.amount.ok_or(Code::REQUIRED_AMOUNT)?.0;
        let amount = won(amount).ok_or(Code::BELOW_ZERO_AMOUNT)?;
        if !order::is_order_id(&body.order_id) {
            return Err(Code::INVALID_ORDER_ID.into());
        }
        if !order::has_chars(&body.order_name, 1, 100) {
            return Err(Code::INVALID_ORDER_NAME.into());
        }
        let number = body.customer_identity_number;
        if !receipts::is_identity_number(&number) {
            return Err(Code::INVALID_REQUEST.into());
        }
        let kind = ReceiptKind::parse(&body.r#type).ok_or(Code::INVALID_REGISTRATION_NUMBER_TYPE)?;
        let tax_free_amount = body.tax_free_amount.map_or(0, |figure| figure.0);
        if !(0..=amount).contains(&tax_free_amount) {
            return Err(Code::INVALID_REQUEST.into());
        }
        Ok(Self { amount, tax_free_amount, order_id: body.order_id, order_name: body.order_name, kind, customer_identity_number: number })
    }

    fn order_id(&self, _desk: &mut Desk<'_>) -> Option<String> {
        Some(self.order_id.clone())
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let receipt = CashReceipt {
            key: ids::receipt_key(),
            merchant: desk.merchant,
            issue_number: ids::issue_number(),
            order_id: self.order_id.clone(),
            order_name: self.order_name.clone(),
            kind: self.kind,
            amount: self.amount,
            tax_free_amount: self.tax_free_amount,
            customer_identity_number: self.customer_identity_number.clone(),
            requested_at: desk.now,
            role: Role::Receipt { left: self.amount, tax_free_left: self.tax_free_amount, cancels: 0 },
        };
        let answer = Answer::json(&Body::of(&receipt, desk.language, desk.origin, desk.now));
        desk.state.cash_receipts.put(receipt.key.clone(), receipt);
        Ok(answer)
    }
}

/// `POST /v1/cash-receipts/{receiptKey}/cancel`: all of it, or a part. Assumed: once.
pub(super) struct Cancel {
    receipt_key: String,
    amount: Option<i64>,
}

impl Work for Cancel {
    const ENDPOINT: Endpoint = Endpoint::CashReceiptCancel;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        struct Fields {
            amount: Option<Figure>,
        }
        let receipt_key = input.segment(Code::NOT_FOUND)?;
        let amount = if input.is_empty() { None } else { input.json::<Fields>()?.amount };
        let amount = match amount {
            None => None,
            Some(Figure(amount)) => Some(won(amount).ok_or(Code::INVALID_REQUEST)?),
        };
        Ok(Self { receipt_key, amount })
    }

    fn order_id(&self, desk: &mut Desk<'_>) -> Option<String> {
        find(desk, &self.receipt_key).ok().map(|receipt| receipt.order_id)
    }

    /// Assumed: a receipt of a payment too, as long as no cancel of the payment has touched it.
    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let receipt = find(desk, &self.receipt_key)?;
        let Role::Receipt { left, tax_free_left, cancels: 0 } = receipt.role else {
            return Err(Code::ALREADY_CANCELED_PAYMENT.into());
        };
        let amount = self.amount.unwrap_or(left);
        let tax_free = tax_free_left.min(amount);
        let cancel = receipts::cancel(&mut desk.state.cash_receipts, &receipt.key, amount, tax_free, desk.now);
        let cancel = cancel.ok_or(Code::NOT_CANCELABLE_AMOUNT)?;
        Ok(Answer::json(&Body::of(&cancel, desk.language, desk.origin, desk.now)))
    }
}

/// An amount above zero. Only payments in Korea have a cash receipt.
fn won(amount: i64) -> Option<i64> {
    Money::new(amount, Currency::Krw).map(Money::get).filter(|amount| *amount > 0)
}

fn find(desk: &Desk<'_>, key: &str) -> Result<CashReceipt, ApiError> {
    let found = desk.state.cash_receipts.get(key).filter(|receipt| receipt.merchant == desk.merchant);
    found.cloned().ok_or_else(|| Code::NOT_FOUND.into())
}

/// `GET /v1/cash-receipts`: those of one day. The cursor is the place of the last one of the page before.
pub(super) struct List {
    day: UnixMs,
    cursor: Option<u64>,
    limit: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    has_next: bool,
    last_cursor: u64,
    data: Vec<Body>,
}

impl Work for List {
    const ENDPOINT: Endpoint = Endpoint::CashReceipts;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let day = input.query("requestDate").ok_or(Code::INVALID_REQUIRED_PARAM)?;
        let cursor = match input.query("cursor") {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| Code::INVALID_PAGING_KEY)?),
        };
        Ok(Self { day: kst::date(&day).ok_or(Code::INVALID_DATE)?, cursor, limit: input.count("limit", LIMIT, MAX_LIMIT)? })
    }

    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let end = self.day.plus(std::time::Duration::from_secs(24 * 60 * 60));
        let wanted = |receipt: &CashReceipt| receipt.merchant == desk.merchant && (self.day..end).contains(&receipt.requested_at);
        // Cursors count from 1, so that 0 is before the first.
        let after = self.cursor.map(|cursor| cursor.checked_sub(1)).unwrap_or_default();
        let mut found = desk.state.cash_receipts.after(after).filter(|(_, receipt)| wanted(receipt));
        let page: Vec<_> = found.by_ref().take(self.limit).collect();
        let last_cursor = page.last().map_or(self.cursor.unwrap_or(0), |(place, _)| place + 1);
        let data = page.iter().map(|(_, receipt)| Body::of(receipt, desk.language, desk.origin, desk.now)).collect();
        Ok(Answer::json(&Page { has_next: found.next().is_some(), last_cursor, data }))
    }
}
