//! One cancel of a payment.

use super::words::CancelStatus;
use crate::ids::{ReceiptKey, TransactionKey};
use crate::money::Amount;
use crate::object::object;
use crate::timestamp::Timestamp;

object! {
    /// A full or partial cancel. Fields were added over the years: older payments lack the discounts.
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::{Cancel, CancelStatus};
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"PARTIAL_CANCELED","totalAmount":45000,"currency":"KRW",
    ///         "balanceAmount":44000,
    ///         "cancels":[{"cancelAmount":1000,"cancelReason":"단순 변심","refundableAmount":44000,"cancelStatus":"DONE"}]}"#,
    /// )?;
    /// let cancel: &Cancel = &payment.cancels[0];
    /// assert_eq!(cancel.cancel_status, Some(CancelStatus::Done));
    /// assert_eq!(cancel.refundable_amount, payment.balance_amount);
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct Cancel {
        /// Given back.
        cancel_amount: Option<Amount> = "cancelAmount",
        /// Why, in the shop's words.
        cancel_reason: Option<String> = "cancelReason",
        /// The tax-free part.
        tax_free_amount: Option<Amount> = "taxFreeAmount",
        /// The part excluded from taxation.
        tax_exemption_amount: Option<Amount> = "taxExemptionAmount",
        /// The value-added tax of it, in API versions before 2022-11-16.
        tax_amount: Option<Amount> = "taxAmount",
        /// What was left to refund after this cancel.
        refundable_amount: Option<Amount> = "refundableAmount",
        /// Card promotion discount taken back.
        card_discount_amount: Option<Amount> = "cardDiscountAmount",
        /// Transfer promotion discount taken back.
        transfer_discount_amount: Option<Amount> = "transferDiscountAmount",
        /// Easy-pay discount taken back.
        easy_pay_discount_amount: Option<Amount> = "easyPayDiscountAmount",
        /// When.
        canceled_at: Option<Timestamp> = "canceledAt",
        /// Unique per cancel.
        transaction_key: Option<TransactionKey> = "transactionKey",
        /// The key of the cash receipt that was cancelled with it.
        receipt_key: Option<ReceiptKey> = "receiptKey",
        /// Where it stands.
        cancel_status: Option<CancelStatus> = "cancelStatus",
        /// The shop's id of an asynchronous cancel.
        cancel_request_id: Option<String> = "cancelRequestId",
    }
}
