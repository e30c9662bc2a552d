//! Cash receipts of a payment, and the reason of a failed one.

use super::words::{CashReceiptTransaction, CashReceiptType, IssueStatus};
use crate::error::ErrorCode;
use crate::ids::OrderId;
use crate::json::{FromJson, Object};
use crate::money::Amount;
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;

/// The cash receipt of a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CashReceipt {
    /// What it is for.
    pub receipt_type: Option<CashReceiptType>,
    /// Its key at Toss.
    pub receipt_key: Option<String>,
    /// Its number at the tax office.
    pub issue_number: Option<String>,
    /// Where the buyer sees it.
    pub receipt_url: Option<Link>,
    /// The amount on it.
    pub amount: Option<Amount>,
    /// The tax-free part.
    pub tax_free_amount: Option<Amount>,
}

impl FromJson for CashReceipt {
    fn from_json(text: &str) -> Option<CashReceipt> {
        let o = Object::parse(text).ok()?;
        Some(CashReceipt {
            receipt_type: o.get("type"),
            receipt_key: o.get("receiptKey"),
            issue_number: o.get("issueNumber"),
            receipt_url: o.get("receiptUrl"),
            amount: o.get("amount"),
            tax_free_amount: o.get("taxFreeAmount"),
        })
    }
}

/// One issue or cancel of a cash receipt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CashReceiptEntry {
    /// Its key at Toss.
    pub receipt_key: Option<String>,
    /// The shop's order.
    pub order_id: Option<OrderId>,
    /// What the order is called.
    pub order_name: Option<String>,
    /// What it is for.
    pub receipt_type: Option<CashReceiptType>,
    /// Its number at the tax office.
    pub issue_number: Option<String>,
    /// Where the buyer sees it.
    pub receipt_url: Option<Link>,
    /// The issuer's business number.
    pub business_number: Option<String>,
    /// Issue or cancel.
    pub transaction_type: Option<CashReceiptTransaction>,
    /// The amount on it.
    pub amount: Option<Amount>,
    /// The tax-free part.
    pub tax_free_amount: Option<Amount>,
    /// Where the issue stands.
    pub issue_status: Option<IssueStatus>,
    /// Why the issue failed.
    pub failure: Option<Failure>,
    /// The buyer's phone, card or business number.
    pub customer_identity_number: Option<Sensitive>,
    /// When it was asked for.
    pub requested_at: Option<Timestamp>,
}

impl FromJson for CashReceiptEntry {
    fn from_json(text: &str) -> Option<CashReceiptEntry> {
        let o = Object::parse(text).ok()?;
        Some(CashReceiptEntry {
            receipt_key: o.get("receiptKey"),
            order_id: o.get("orderId"),
            order_name: o.get("orderName"),
            receipt_type: o.get("type"),
            issue_number: o.get("issueNumber"),
            receipt_url: o.get("receiptUrl"),
            business_number: o.get("businessNumber"),
            transaction_type: o.get("transactionType"),
            amount: o.get("amount"),
            tax_free_amount: o.get("taxFreeAmount"),
            issue_status: o.get("issueStatus"),
            failure: o.get("failure"),
            customer_identity_number: o.get("customerIdentityNumber"),
            requested_at: o.get("requestedAt"),
        })
    }
}

/// Why something failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The code; branch on this.
    pub code: Option<ErrorCode>,
    /// Words for people, up to 510 characters. They change without notice.
    pub message: Option<String>,
}

impl FromJson for Failure {
    fn from_json(text: &str) -> Option<Failure> {
        let o = Object::parse(text).ok()?;
        Some(Failure { code: o.get("code"), message: o.get("message") })
    }
}
