//! What stands for the means of payment that a customer has left with Toss, and the rest that only this crate knows.

use super::{in_a_url, of_an_order_id};
use crate::limited::{limited, received};
use crate::object::Essential;

limited! {
    /// What the success URL of a billing registration brings: good for one issue of a billing key (Toss docs
    /// `/guides/v2/billing/integration`).
    ///
    /// ```
    /// use toss_payments::AuthKey;
    ///
    /// assert!(AuthKey::parse("bln_0123456789").is_ok());
    /// assert!(AuthKey::parse("").is_err());
    /// ```
    pub struct AuthKey("the auth key", 1..=300, |text| text.bytes().all(|b| b.is_ascii_graphic())) beginning
}

limited! {
    /// What charges a customer's card or account without the customer. Toss shows it once and has no call to look it up
    /// (Toss docs `/reference`): store it like a secret.
    ///
    /// ```
    /// use toss_payments::BillingKey;
    ///
    /// let key = BillingKey::parse("Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0=")?;
    /// assert_eq!(format!("{key:?}"), "BillingKey(Z_t5vO…)");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct BillingKey("the billing key", 1..=200, in_a_url) beginning
}

limited! {
    /// The temporary code that BrandPay brings to the redirect URL, good for one access token (Toss docs, BrandPay).
    /// The length is assumed to be that of an auth key.
    ///
    /// ```
    /// use toss_payments::AccessCode;
    ///
    /// assert_eq!(format!("{:?}", AccessCode::parse("abc123")?), "AccessCode(…)");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct AccessCode("the access code", 1..=300, |text| text.bytes().all(|b| b.is_ascii_graphic())) hidden
}

limited! {
    /// The shop's own id of an asynchronous cancel: 6 to 64 of `A-Z a-z 0-9 - _ =` (Toss docs `/reference`).
    ///
    /// ```
    /// use toss_payments::CancelRequestId;
    ///
    /// assert_eq!(CancelRequestId::parse("cancel-0001")?.as_str(), "cancel-0001");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct CancelRequestId("the cancel request id", 6..=64, of_an_order_id) shown
}

limited! {
    /// The key of one approval or cancel: 1 to 64 visible ASCII characters (Toss docs `/reference`).
    ///
    /// ```
    /// use toss_payments::TransactionKey;
    ///
    /// assert_eq!(TransactionKey::parse("090A796806E726BBB929F4A2CA7DB9A7")?.as_str().len(), 32);
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct TransactionKey("the transaction key", 1..=64, |text| text.bytes().all(|b| b.is_ascii_graphic())) shown
}

limited! {
    /// The key of a cash receipt, with which it can be cancelled: 1 to 200 visible ASCII characters (Toss docs
    /// `/reference`).
    ///
    /// ```
    /// use toss_payments::ReceiptKey;
    ///
    /// assert_eq!(format!("{:?}", ReceiptKey::parse("nlkG9VcGMGVQxlwi")?), "ReceiptKey(nlkG9V…)");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct ReceiptKey("the receipt key", 1..=200, in_a_url) beginning
}

received!(BillingKey, TransactionKey, ReceiptKey);

impl Essential for BillingKey {}
