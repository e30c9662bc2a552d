//! `GET /v1/transactions`: every approval and cancel of a span of time.

use serde::Serialize;

use super::{
    Answer, Input,
    work::{Desk, Work},
};
use crate::{
    clock::UnixMs,
    endpoint::Endpoint,
    error::{ApiError, Code},
    kst,
    money::{Currency, Money},
    payment::{Kind, Status},
    records::{Charge, ChargeKind},
};

const LIMIT: usize = 100;
/// Toss docs. Assumed: more is `EXCEED_MAX_QUERY_LIMIT`.
const MAX_LIMIT: usize = 5_000;

pub(super) struct Transactions {
    start: UnixMs,
    end: UnixMs,
    starting_after: Option<String>,
    limit: usize,
}

impl Work for Transactions {
    const ENDPOINT: Endpoint = Endpoint::Transactions;

    fn read(input: &Input<'_>) -> Result<Self, ApiError> {
        let date = |name| {
            let text = input.query(name).ok_or(Code::INVALID_REQUIRED_PARAM)?;
            kst::date_time(&text).ok_or(Code::INVALID_DATE)
        };
        let (start, end) = (date("startDate")?, date("endDate")?);
        if start > end {
            return Err(Code::INVALID_DATE.into());
        }
        let limit = input.count("limit", LIMIT, MAX_LIMIT)?;
        Ok(Self { start, end, starting_after: input.query("startingAfter"), limit })
    }

    /// Oldest first, both ends included; `startingAfter` is the last transaction of the page before. Assumed.
    fn decide(&self, desk: &mut Desk<'_>) -> Result<Answer, ApiError> {
        let span = self.start..=self.end;
        let entries = desk.state.ledger.iter().map(|booked| &booked.charge);
        let entries = entries.filter(|entry| span.contains(&entry.at) && entry.kind != ChargeKind::Reversal);
        let entries: Vec<Charge> = entries.cloned().collect();
        // Another merchant's payments do not exist here, nor do forgotten ones.
        let transactions: Vec<_> = entries.into_iter().filter_map(|entry| Transaction::of(entry, desk)).collect();
        let first = match &self.starting_after {
            None => 0,
            Some(key) => transactions.iter().position(|it| it.transaction_key == *key).ok_or(Code::INVALID_PAGING_KEY)? + 1,
        };
        let page: Vec<_> = transactions.into_iter().skip(first).take(self.limit).collect();
        Ok(Answer::json(&page))
    }
}

/// Toss docs /reference (Transaction). Assumed: the amount of a cancel is positive, its status tells.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transaction {
    m_id: &'static str,
    transaction_key: String,
    payment_key: String,
    order_id: String,
    method: &'static str,
    customer_key: Option<String>,
    use_escrow: bool,
    receipt_url: String,
    status: Status,
    transaction_at: String,
    currency: Currency,
    amount: Money,
}

impl Transaction {
    fn of(entry: Charge, desk: &mut Desk<'_>) -> Option<Self> {
        let (m_id, language, origin) = (desk.m_id, desk.language, desk.origin.to_owned());
        let payment = desk.payment(&entry.payment_key).ok()?;
        Some(Self {
            m_id,
            method: payment.order.method.word(language),
            customer_key: match &payment.kind {
                Kind::Normal => None,
                Kind::Billing { customer_key } | Kind::Brandpay { customer_key } => Some(customer_key.clone()),
            },
            use_escrow: payment.order.use_escrow,
            receipt_url: payment.receipt_url(&origin),
            transaction_key: entry.transaction_key,
            payment_key: entry.payment_key,
            order_id: entry.order_id,
            status: entry.status,
            transaction_at: entry.at.to_kst(),
            currency: entry.amount.currency(),
            amount: entry.amount,
        })
    }
}
