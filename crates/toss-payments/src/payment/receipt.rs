//! Cash receipts of a payment, and the reason of a failed one.

use super::words::{CashReceiptTransaction, CashReceiptType, IssueStatus};
use crate::error::{DecodeError, ErrorCode};
use crate::ids::{OrderId, ReceiptKey};
use crate::money::Amount;
use crate::object::object;
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;

object! {
    /// The cash receipt of a payment.
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::cash_receipt::CashReceiptType;
    /// use toss_payments::payment::CashReceipt;
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW",
    ///         "cashReceipt":{"type":"소득공제","receiptKey":"nlkG9VcGMGVQxlwi","amount":45000}}"#,
    /// )?;
    /// let receipt: CashReceipt = payment.cash_receipt.unwrap();
    /// assert_eq!(receipt.receipt_type, Some(CashReceiptType::IncomeDeduction));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
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

impl CashReceiptEntry {
    /// Reads a cash receipt from JSON, such as a stored [`Response::raw`](crate::Response).
    ///
    /// ```
    /// use toss_payments::cash_receipt::{CashReceiptEntry, CashReceiptTransaction, IssueStatus};
    ///
    /// let receipt = CashReceiptEntry::from_json(
    ///     r#"{"receiptKey":"nlkG9VcGMGVQxlwi","issueStatus":"IN_PROGRESS","transactionType":"CONFIRM"}"#,
    /// )?;
    /// assert_eq!(receipt.issue_status, Some(IssueStatus::InProgress));
    /// assert_eq!(receipt.transaction_type, Some(CashReceiptTransaction::Confirm));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object.
    pub fn from_json(text: &str) -> Result<CashReceiptEntry, DecodeError> {
        CashReceiptEntry::decode(text)
    }
}

object! {
    /// Why something failed.
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::Failure;
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"EXPIRED","totalAmount":45000,"currency":"KRW",
    ///         "failure":{"code":"EXPIRED_PAYMENT","message":"…"}}"#,
    /// )?;
    /// let failure: Failure = payment.failure.unwrap();
    /// assert_eq!(failure.code.unwrap().as_str(), "EXPIRED_PAYMENT");
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct Failure {
        /// The code; branch on this.
        code: Option<ErrorCode> = "code",
        /// Words for people, up to 510 characters. They change without notice, and may repeat what was sent: not for a log.
        message: Option<Sensitive> = "message",
    }
}
