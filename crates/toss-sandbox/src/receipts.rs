//! Cash receipts: what the tax office is told of a payment in cash (Toss docs /reference, cash receipts).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{clock::UnixMs, config::MerchantId, shelf::Shelf};

/// Toss docs: the tax office answers after one or two days. Assumed: after one, and always with yes.
const ISSUED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A receipt, or the cancel of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CashReceipt {
    pub(crate) key: String,
    pub(crate) merchant: MerchantId,
    pub(crate) issue_number: String,
    pub(crate) order_id: String,
    pub(crate) order_name: String,
    pub(crate) kind: ReceiptKind,
    pub(crate) amount: i64,
    pub(crate) tax_free_amount: i64,
    pub(crate) customer_identity_number: String,
    pub(crate) requested_at: UnixMs,
    pub(crate) cancels: bool,
}

/// Who the receipt is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum ReceiptKind {
    /// 소득공제: a person's tax deduction.
    Deduction,
    /// 지출증빙: a business's proof of expense.
    Expense,
}

impl ReceiptKind {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "소득공제" => Some(Self::Deduction),
            "지출증빙" => Some(Self::Expense),
            _ => None,
        }
    }

    pub(crate) fn korean(self) -> &'static str {
        match self {
            Self::Deduction => "소득공제",
            Self::Expense => "지출증빙",
        }
    }
}

impl CashReceipt {
    /// `issueStatus`.
    pub(crate) fn status(&self, now: UnixMs) -> &'static str {
        if now.since(self.requested_at) >= ISSUED_AFTER { "COMPLETED" } else { "IN_PROGRESS" }
    }
}

pub(crate) type CashReceipts = Shelf<CashReceipt>;
