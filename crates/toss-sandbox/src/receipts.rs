//! Cash receipts: what the tax office is told of a payment in cash (Toss docs /reference, cash receipts).

mod body;
mod of_payment;

use std::time::Duration;

pub(crate) use body::{Body, Summary};
pub(crate) use of_payment::{Receipts, follow};
use serde::{Deserialize, Serialize};

use crate::{asked::ReceiptUse, clock::UnixMs, config::MerchantId, error::Language, shelf::Shelf};

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
    pub(crate) role: Role,
}

/// Which of the two a record is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Role {
    /// A receipt, with what is left of its amounts after so many cancels.
    Receipt {
        left: i64,
        tax_free_left: i64,
        cancels: u32,
    },
    Cancel,
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
        ReceiptUse::parse(word).and_then(Self::of)
    }

    /// The receipt that is wanted, if one is.
    pub(crate) fn of(wanted: ReceiptUse) -> Option<Self> {
        match wanted {
            ReceiptUse::IncomeDeduction => Some(Self::Deduction),
            ReceiptUse::ExpenseProof => Some(Self::Expense),
            ReceiptUse::None => None,
        }
    }

    /// As answers name it. The English words are assumed.
    pub(crate) fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Deduction, Language::Korean) => ReceiptUse::IncomeDeduction.korean(),
            (Self::Deduction, Language::English) => "INCOME_DEDUCTION",
            (Self::Expense, Language::Korean) => ReceiptUse::ExpenseProof.korean(),
            (Self::Expense, Language::English) => "EXPENSE_PROOF",
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

/// The numbers a receipt is for: 1 to 30 digits (Toss docs: at most 30; that they are digits is assumed).
pub(crate) fn is_identity_number(text: &str) -> bool {
    (1..=30).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// The key of a receipt's n-th cancel, counted from 1: the receipt's own with `c_` before it (Toss docs). Assumed: a
/// later one has its number at the end.
fn cancel_key(receipt_key: &str, n: u32) -> String {
    match n {
        0 | 1 => format!("c_{receipt_key}"),
        n => format!("c_{receipt_key}_{n}"),
    }
}

/// Cancels a part of a receipt, or all that is left, and gives the record of it. None when there is no such receipt or
/// less is left of it.
pub(crate) fn cancel(receipts: &mut CashReceipts, key: &str, amount: i64, tax_free: i64, now: UnixMs) -> Option<CashReceipt> {
    let receipt = receipts.get_mut(key)?;
    let Role::Receipt { left, tax_free_left, cancels } = &mut receipt.role else {
        return None;
    };
    if !(1..=*left).contains(&amount) || !(0..=*tax_free_left).contains(&tax_free) {
        return None;
    }
    *left -= amount;
    *tax_free_left -= tax_free;
    *cancels += 1;
    let key = cancel_key(key, *cancels);
    let record =
        CashReceipt { key: key.clone(), amount, tax_free_amount: tax_free, requested_at: now, role: Role::Cancel, ..receipt.clone() };
    receipts.put(key, record.clone());
    Some(record)
}
