//! A registered means of payment. Source: Toss docs `/reference`, object Billing.

use crate::error::DecodeError;
use crate::ids::{BillingKey, CustomerKey};
use crate::object::object;
use crate::payment::words::Method;
use crate::payment::{CardType, OwnerType};
use crate::sensitive::Sensitive;
use crate::timestamp::Timestamp;

object! {
    /// What charges a customer without the customer. Toss shows the key this once.
    pub struct Billing {
        /// The key to charge with; store it like a secret.
        billing_key: BillingKey = "billingKey",
        /// Whose it is. A charge with another customer key is refused.
        customer_key: CustomerKey = "customerKey",
        /// The merchant id.
        m_id: Option<String> = "mId",
        /// When the customer agreed.
        authenticated_at: Option<Timestamp> = "authenticatedAt",
        /// Card or account transfer.
        method: Option<Method> = "method",
        /// The card, where it is one.
        card: Option<BillingCard> = "card",
        /// The accounts, where it is a transfer; empty where Toss sent null.
        transfers: Vec<BillingTransfer> = "transfers",
        /// The card company; left out since version 2024-06-01.
        card_company: Option<String> = "cardCompany",
        /// The masked card number; left out since version 2024-06-01.
        card_number: Option<String> = "cardNumber",
    }
}

impl Billing {
    /// Reads a billing key from JSON, such as a stored [`Response::raw`](crate::Response).
    ///
    /// ```
    /// use toss_payments::billing::Billing;
    ///
    /// let billing = Billing::from_json(r#"{"billingKey":"Z_t5vOvQxrj4499P","customerKey":"c7f3a9d2"}"#)?;
    /// assert_eq!(billing.customer_key.expose(), "c7f3a9d2");
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object, or has no billing key or customer key.
    pub fn from_json(text: &str) -> Result<Billing, DecodeError> {
        Billing::decode(text)
    }
}

object! {
    /// A registered card.
    ///
    /// ```
    /// use toss_payments::billing::{Billing, BillingCard};
    ///
    /// let body = r#"{"billingKey":"Z_t5vOvQxrj4499P","customerKey":"c7f3a9d2","card":{"issuerCode":"61","number":"94100012****7890"}}"#;
    /// let card: BillingCard = Billing::from_json(body)?.card.unwrap();
    /// assert_eq!(card.number.as_deref(), Some("94100012****7890"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct BillingCard {
        /// The issuer's name; in API versions before 2022-11-16, in place of the codes.
        company: Option<String> = "company",
        /// Code of the issuer.
        issuer_code: Option<String> = "issuerCode",
        /// Code of the acquirer.
        acquirer_code: Option<String> = "acquirerCode",
        /// The card number as masked by Toss.
        number: Option<String> = "number",
        /// Kind of card.
        card_type: Option<CardType> = "cardType",
        /// Whose card it is.
        owner_type: Option<OwnerType> = "ownerType",
    }
}

object! {
    /// A registered bank account.
    ///
    /// ```
    /// use toss_payments::billing::{Billing, BillingTransfer};
    ///
    /// let body = r#"{"billingKey":"Z_t5vOvQxrj4499P","customerKey":"c7f3a9d2","transfers":[{"bankName":"신한","bankAccountNumber":"1000****0001"}]}"#;
    /// let accounts: Vec<BillingTransfer> = Billing::from_json(body)?.transfers;
    /// assert_eq!(accounts[0].bank_name.as_deref(), Some("신한"));
    /// assert!(!format!("{accounts:?}").contains("0001"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct BillingTransfer {
        /// The bank's name.
        bank_name: Option<String> = "bankName",
        /// The account number as masked by Toss.
        bank_account_number: Option<Sensitive> = "bankAccountNumber",
    }
}
