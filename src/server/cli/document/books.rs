//! What programs read of the books.

use crate::server::korean_time::rfc3339;
use payment_engine::BooksReport;
use payment_engine::store::{Closing, Finding, PayOut, SettlementRecord};
use payment_engine::toss_payments::Amount;
use serde::Serialize;
use toss_types::Beginning;

/// A finding of the books.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::cli) struct FindingBody {
    id: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_key_begins: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    what: String,
    found_at: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl FindingBody {
    pub(in crate::server::cli) fn of(finding: &Finding) -> FindingBody {
        let (status, note) = match &finding.closed {
            None => ("open", None),
            Some((_, Closing::Mended)) => ("mended", None),
            Some((_, Closing::ByHand(note))) => ("closed", Some(note.clone())),
        };
        FindingBody {
            id: finding.id.clone(),
            kind: finding.kind.word(),
            order_id: finding.order_id.as_ref().map(|id| id.as_str().to_owned()),
            payment_key_begins: finding.payment_key.as_ref().map(|key| format!("{:?}", Beginning(key.expose()))),
            amount: finding.amount.as_ref().map(|amount| amount.amount().to_string()),
            currency: finding.amount.as_ref().map(|amount| amount.currency().to_string()),
            what: finding.what.clone(),
            found_at: rfc3339(finding.found_at_ms),
            status,
            closed_at: finding.closed.as_ref().map(|(at_ms, _)| rfc3339(*at_ms)),
            note,
        }
    }
}

/// What `books report` answers.
#[derive(Serialize)]
pub(in crate::server::cli) struct Findings {
    pub(in crate::server::cli) findings: Vec<FindingBody>,
}

/// What `books run` answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::cli) struct RanBooks {
    transactions: u64,
    foreign: u64,
    look_ups: u64,
    compared_until: String,
    mended: u64,
    found: u64,
    settlements: Option<u64>,
    open: Vec<FindingBody>,
}

impl RanBooks {
    pub(in crate::server::cli) fn of(report: &BooksReport, open: &[Finding]) -> RanBooks {
        RanBooks {
            transactions: report.transactions,
            foreign: report.foreign,
            look_ups: report.look_ups,
            compared_until: rfc3339(report.until_ms),
            mended: report.mended,
            found: report.found,
            settlements: report.settlements,
            open: open.iter().map(FindingBody::of).collect(),
        }
    }
}

/// What `books close` answers.
#[derive(Serialize)]
pub(in crate::server::cli) struct Closed {
    pub(in crate::server::cli) closed: String,
}

/// What `books payouts` answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::cli) struct PayOuts {
    pub(in crate::server::cli) pay_outs: Vec<PayOutBody>,
}

/// What Toss pays out on a day.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::cli) struct PayOutBody {
    day: String,
    currency: String,
    settlements: u64,
    fee: String,
    pay_out: String,
    incomplete: u64,
}

impl PayOutBody {
    pub(in crate::server::cli) fn of(one: &PayOut) -> PayOutBody {
        PayOutBody {
            day: one.day.clone(),
            currency: one.currency.to_string(),
            settlements: one.settlements,
            fee: one.fee.to_string(),
            pay_out: one.pay_out.to_string(),
            incomplete: one.incomplete,
        }
    }
}

/// What an approval or cancel comes to for the shop.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::cli) struct SettlementBody {
    currency: String,
    amount: Option<String>,
    fee: Option<String>,
    vat: Option<String>,
    pay_out: Option<String>,
    sold_day: Option<String>,
    paid_out_day: Option<String>,
}

impl SettlementBody {
    pub(in crate::server::cli) fn of(one: &SettlementRecord) -> SettlementBody {
        let text = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
        SettlementBody {
            currency: one.currency.to_string(),
            amount: text(one.amount),
            fee: text(one.fee),
            vat: text(one.vat),
            pay_out: text(one.pay_out),
            sold_day: one.sold_day.clone(),
            paid_out_day: one.paid_out_day.clone(),
        }
    }
}
