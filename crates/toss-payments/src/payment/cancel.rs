//! One cancel of a payment.

use super::words::CancelStatus;
use crate::json::{FromJson, Object};
use crate::money::Amount;
use crate::timestamp::Timestamp;

/// A full or partial cancel. Fields were added over the years: older payments lack the discounts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cancel {
    /// Given back.
    pub cancel_amount: Option<Amount>,
    /// Why, in the shop's words.
    pub cancel_reason: Option<String>,
    /// The tax-free part.
    pub tax_free_amount: Option<Amount>,
    /// The part excluded from taxation.
    pub tax_exemption_amount: Option<Amount>,
    /// What was left to refund after this cancel.
    pub refundable_amount: Option<Amount>,
    /// Card promotion discount taken back.
    pub card_discount_amount: Option<Amount>,
    /// Transfer promotion discount taken back.
    pub transfer_discount_amount: Option<Amount>,
    /// Easy-pay discount taken back.
    pub easy_pay_discount_amount: Option<Amount>,
    /// When.
    pub canceled_at: Option<Timestamp>,
    /// Unique per cancel.
    pub transaction_key: Option<String>,
    /// The key of the cash receipt that was cancelled with it.
    pub receipt_key: Option<String>,
    /// Where it stands.
    pub cancel_status: Option<CancelStatus>,
    /// The shop's id of an asynchronous cancel.
    pub cancel_request_id: Option<String>,
}

impl FromJson for Cancel {
    fn from_json(text: &str) -> Option<Cancel> {
        let o = Object::parse(text).ok()?;
        Some(Cancel {
            cancel_amount: o.get("cancelAmount"),
            cancel_reason: o.get("cancelReason"),
            tax_free_amount: o.get("taxFreeAmount"),
            tax_exemption_amount: o.get("taxExemptionAmount"),
            refundable_amount: o.get("refundableAmount"),
            card_discount_amount: o.get("cardDiscountAmount"),
            transfer_discount_amount: o.get("transferDiscountAmount"),
            easy_pay_discount_amount: o.get("easyPayDiscountAmount"),
            canceled_at: o.get("canceledAt"),
            transaction_key: o.get("transactionKey"),
            receipt_key: o.get("receiptKey"),
            cancel_status: o.get("cancelStatus"),
            cancel_request_id: o.get("cancelRequestId"),
        })
    }
}
