//! Cash receipts of a payment, and the reason of a failed one.

use super::words::{CashReceiptTransaction, CashReceiptType, IssueStatus};
use crate::error::ErrorCode;
use crate::ids::{OrderId, ReceiptKey};
use crate::money::Amount;
use crate::object::object;
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;

object! {
    /// The cash receipt of a payment.
    pub struct CashReceipt {
        /// What it is for.
        receipt_type: Option<CashReceiptType> = "type",
        /// Its key at Toss.
        receipt_key: Option<ReceiptKey> = "receiptKey",
        /// Its number at the tax office.
        issue_number: Option<String> = "issueNumber",
        /// Where the buyer sees it.
        receipt_url: Option<Link> = "receiptUrl",
        /// The amount on it.
        amount: Option<Amount> = "amount",
        /// The tax-free part.
        tax_free_amount: Option<Amount> = "taxFreeAmount",
    }
}

object! {
    /// One issue or cancel of a cash receipt.
    pub struct CashReceiptEntry {
        /// Its key at Toss.
        receipt_key: Option<ReceiptKey> = "receiptKey",
        /// The shop's order.
        order_id: Option<OrderId> = "orderId",
        /// What the order is called.
        order_name: Option<String> = "orderName",
        /// What it is for.
        receipt_type: Option<CashReceiptType> = "type",
        /// Its number at the tax office.
        issue_number: Option<String> = "issueNumber",
        /// Where the buyer sees it.
        receipt_url: Option<Link> = "receiptUrl",
        /// The issuer's business number.
        business_number: Option<String> = "businessNumber",
        /// Issue or cancel.
        transaction_type: Option<CashReceiptTransaction> = "transactionType",
        /// The amount on it.
        amount: Option<Amount> = "amount",
        /// The tax-free part.
        tax_free_amount: Option<Amount> = "taxFreeAmount",
        /// Where the issue stands.
        issue_status: Option<IssueStatus> = "issueStatus",
        /// Why the issue failed.
        failure: Option<Failure> = "failure",
        /// The buyer's phone, card or business number.
        customer_identity_number: Option<Sensitive> = "customerIdentityNumber",
        /// When it was asked for.
        requested_at: Option<Timestamp> = "requestedAt",
    }
}

object! {
    /// Why something failed.
    pub struct Failure {
        /// The code; branch on this.
        code: Option<ErrorCode> = "code",
        /// Words for people, up to 510 characters. They change without notice.
        message: Option<String> = "message",
    }
}
