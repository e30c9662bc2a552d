//! What the buyer paid with: one object per method, the others null.

use super::words::{AccountType, AcquireStatus, CardType, InterestPayer, OwnerType, RefundStatus, SettlementStatus};
use crate::json::{FromJson, Object};
use crate::money::Amount;
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;

/// A card payment. Institution codes have two characters since 2022-11-16 (Toss docs `/codes/org-codes`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    /// Charged to the card.
    pub amount: Option<Amount>,
    /// Code of the issuer.
    pub issuer_code: Option<String>,
    /// Code of the acquirer.
    pub acquirer_code: Option<String>,
    /// The card number as masked by Toss.
    pub number: Option<String>,
    /// Months of instalment; 0 is a lump sum.
    pub installment_plan_months: Option<u32>,
    /// Approval number; `00000000` with a test key.
    pub approve_no: Option<String>,
    /// Whether card points were used.
    pub use_card_point: Option<bool>,
    /// Kind of card.
    pub card_type: Option<CardType>,
    /// Whose card it is.
    pub owner_type: Option<OwnerType>,
    /// Where the acquisition stands.
    pub acquire_status: Option<AcquireStatus>,
    /// Whether the instalments are free of interest.
    pub is_interest_free: Option<bool>,
    /// Who pays the interest.
    pub interest_payer: Option<InterestPayer>,
}

impl FromJson for Card {
    fn from_json(text: &str) -> Option<Card> {
        let o = Object::parse(text).ok()?;
        Some(Card {
            amount: o.get("amount"),
            issuer_code: o.get("issuerCode"),
            acquirer_code: o.get("acquirerCode"),
            number: o.get("number"),
            installment_plan_months: o.get("installmentPlanMonths"),
            approve_no: o.get("approveNo"),
            use_card_point: o.get("useCardPoint"),
            card_type: o.get("cardType"),
            owner_type: o.get("ownerType"),
            acquire_status: o.get("acquireStatus"),
            is_interest_free: o.get("isInterestFree"),
            interest_payer: o.get("interestPayer"),
        })
    }
}

/// A virtual account that the buyer pays into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VirtualAccount {
    /// Kind of account.
    pub account_type: Option<AccountType>,
    /// The number to pay to; starts with `X` with a test key.
    pub account_number: Option<Sensitive>,
    /// Code of the bank.
    pub bank_code: Option<String>,
    /// In whose name the account was issued.
    pub customer_name: Option<Sensitive>,
    /// Who paid; absent until the deposit.
    pub depositor_name: Option<Sensitive>,
    /// Until when to pay. No webhook tells when it has passed.
    pub due_date: Option<Timestamp>,
    /// Where a refund stands.
    pub refund_status: Option<RefundStatus>,
    /// Whether the deadline has passed; the status of the payment does not change with it.
    pub expired: Option<bool>,
    /// Whether it has been settled with the shop.
    pub settlement_status: Option<SettlementStatus>,
    /// Where refunds go; returned within 30 minutes of opening the window only.
    pub refund_receive_account: Option<RefundAccount>,
}

impl FromJson for VirtualAccount {
    fn from_json(text: &str) -> Option<VirtualAccount> {
        let o = Object::parse(text).ok()?;
        Some(VirtualAccount {
            account_type: o.get("accountType"),
            account_number: o.get("accountNumber"),
            bank_code: o.get("bankCode"),
            customer_name: o.get("customerName"),
            depositor_name: o.get("depositorName"),
            due_date: o.get("dueDate"),
            refund_status: o.get("refundStatus"),
            expired: o.get("expired"),
            settlement_status: o.get("settlementStatus"),
            refund_receive_account: o.get("refundReceiveAccount"),
        })
    }
}

/// The buyer's account for refunds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefundAccount {
    /// Code of the bank.
    pub bank_code: Option<String>,
    /// The account number.
    pub account_number: Option<Sensitive>,
    /// Whose account it is.
    pub holder_name: Option<Sensitive>,
}

impl FromJson for RefundAccount {
    fn from_json(text: &str) -> Option<RefundAccount> {
        let o = Object::parse(text).ok()?;
        Some(RefundAccount { bank_code: o.get("bankCode"), account_number: o.get("accountNumber"), holder_name: o.get("holderName") })
    }
}

/// An account transfer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transfer {
    /// Code of the bank.
    pub bank_code: Option<String>,
    /// Whether it has been settled with the shop.
    pub settlement_status: Option<SettlementStatus>,
}

impl FromJson for Transfer {
    fn from_json(text: &str) -> Option<Transfer> {
        let o = Object::parse(text).ok()?;
        Some(Transfer { bank_code: o.get("bankCode"), settlement_status: o.get("settlementStatus") })
    }
}

/// A payment on the phone bill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MobilePhone {
    /// The buyer's number.
    pub customer_mobile_phone: Option<Sensitive>,
    /// Whether it has been settled with the shop.
    pub settlement_status: Option<SettlementStatus>,
    /// The receipt.
    pub receipt_url: Option<Link>,
}

impl FromJson for MobilePhone {
    fn from_json(text: &str) -> Option<MobilePhone> {
        let o = Object::parse(text).ok()?;
        Some(MobilePhone {
            customer_mobile_phone: o.get("customerMobilePhone"),
            settlement_status: o.get("settlementStatus"),
            receipt_url: o.get("receiptUrl"),
        })
    }
}

/// A payment with a gift certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GiftCertificate {
    /// Approval number.
    pub approve_no: Option<String>,
    /// Whether it has been settled with the shop.
    pub settlement_status: Option<SettlementStatus>,
}

impl FromJson for GiftCertificate {
    fn from_json(text: &str) -> Option<GiftCertificate> {
        let o = Object::parse(text).ok()?;
        Some(GiftCertificate { approve_no: o.get("approveNo"), settlement_status: o.get("settlementStatus") })
    }
}

/// A payment with an easy-pay provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EasyPay {
    /// The provider as Toss names it, such as `토스페이`.
    pub provider: Option<String>,
    /// Paid with the provider's points or money.
    pub amount: Option<Amount>,
    /// Discounted by the provider.
    pub discount_amount: Option<Amount>,
}

impl FromJson for EasyPay {
    fn from_json(text: &str) -> Option<EasyPay> {
        // Older documents show the provider alone, as a string.
        if let Some(provider) = String::from_json(text) {
            return Some(EasyPay { provider: Some(provider), amount: None, discount_amount: None });
        }
        let o = Object::parse(text).ok()?;
        Some(EasyPay { provider: o.get("provider"), amount: o.get("amount"), discount_amount: o.get("discountAmount") })
    }
}
