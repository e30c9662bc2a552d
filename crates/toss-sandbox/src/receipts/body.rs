//! Cash receipts as answers show them.

use serde::Serialize;

use super::{CashReceipt, Role};
use crate::{clock::UnixMs, error::Language};

/// Toss docs /reference (CashReceipt).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body {
    receipt_key: String,
    issue_number: String,
    issue_status: &'static str,
    amount: i64,
    tax_free_amount: i64,
    order_id: String,
    order_name: String,
    r#type: &'static str,
    transaction_type: &'static str,
    business_number: &'static str,
    customer_identity_number: String,
    failure: Option<()>,
    requested_at: String,
    receipt_url: String,
}

/// `cashReceipt` of a Payment (Toss docs /reference).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    r#type: &'static str,
    receipt_key: String,
    issue_number: String,
    receipt_url: String,
    amount: i64,
    tax_free_amount: i64,
}

fn url(receipt: &CashReceipt, origin: &str) -> String {
    format!("{origin}/receipt/redirection?transactionId={}&ref=PX", receipt.key)
}

impl Body {
    pub(crate) fn of(receipt: &CashReceipt, language: Language, origin: &str, now: UnixMs) -> Self {
        Self {
            receipt_key: receipt.key.clone(),
            issue_number: receipt.issue_number.clone(),
            issue_status: receipt.status(now),
            amount: receipt.amount,
            tax_free_amount: receipt.tax_free_amount,
            order_id: receipt.order_id.clone(),
            order_name: receipt.order_name.clone(),
            r#type: receipt.kind.word(language),
            transaction_type: match receipt.role {
                Role::Receipt { .. } => "CONFIRM",
                Role::Cancel => "CANCEL",
            },
            business_number: "1234567890",
            customer_identity_number: receipt.customer_identity_number.clone(),
            failure: None,
            requested_at: receipt.requested_at.to_kst(),
            receipt_url: url(receipt, origin),
        }
    }
}

impl Summary {
    pub(crate) fn of(receipt: &CashReceipt, language: Language, origin: &str) -> Self {
        Self {
            r#type: receipt.kind.word(language),
            receipt_key: receipt.key.clone(),
            issue_number: receipt.issue_number.clone(),
            receipt_url: url(receipt, origin),
            amount: receipt.amount,
            tax_free_amount: receipt.tax_free_amount,
        }
    }
}
