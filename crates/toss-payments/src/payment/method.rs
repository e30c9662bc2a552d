//! What the buyer paid with: one object per method, the others null.

use super::words::{AccountType, AcquireStatus, CardType, InterestPayer, OwnerType, RefundStatus, SettlementStatus};
use crate::money::Amount;
use crate::object::object;
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;

object! {
    /// A card payment. Institution codes have two characters since 2022-11-16 (Toss docs `/codes/org-codes`).
    pub struct Card {
        /// Charged to the card.
        amount: Option<Amount> = "amount",
        /// Code of the issuer.
        issuer_code: Option<String> = "issuerCode",
        /// Code of the acquirer.
        acquirer_code: Option<String> = "acquirerCode",
        /// The card number as masked by Toss.
        number: Option<String> = "number",
        /// Months of instalment; 0 is a lump sum.
        installment_plan_months: Option<u32> = "installmentPlanMonths",
        /// Approval number; `00000000` with a test key.
        approve_no: Option<String> = "approveNo",
        /// Whether card points were used.
        use_card_point: Option<bool> = "useCardPoint",
        /// Kind of card.
        card_type: Option<CardType> = "cardType",
        /// Whose card it is.
        owner_type: Option<OwnerType> = "ownerType",
        /// Where the acquisition stands.
        acquire_status: Option<AcquireStatus> = "acquireStatus",
        /// Whether the instalments are free of interest.
        is_interest_free: Option<bool> = "isInterestFree",
        /// Who pays the interest.
        interest_payer: Option<InterestPayer> = "interestPayer",
    }
}

object! {
    /// A virtual account that the buyer pays into.
    pub struct VirtualAccount {
        /// Kind of account.
        account_type: Option<AccountType> = "accountType",
        /// The number to pay to; starts with `X` with a test key.
        account_number: Option<Sensitive> = "accountNumber",
        /// Code of the bank.
        bank_code: Option<String> = "bankCode",
        /// In whose name the account was issued.
        customer_name: Option<Sensitive> = "customerName",
        /// Who paid; absent until the deposit.
        depositor_name: Option<Sensitive> = "depositorName",
        /// Until when to pay. No webhook tells when it has passed.
        due_date: Option<Timestamp> = "dueDate",
        /// Where a refund stands.
        refund_status: Option<RefundStatus> = "refundStatus",
        /// Whether the deadline has passed; the status of the payment does not change with it.
        expired: Option<bool> = "expired",
        /// Whether it has been settled with the shop.
        settlement_status: Option<SettlementStatus> = "settlementStatus",
        /// Where refunds go; returned within 30 minutes of opening the window only.
        refund_receive_account: Option<RefundAccount> = "refundReceiveAccount",
    }
}

object! {
    /// The buyer's account for refunds.
    pub struct RefundAccount {
        /// Code of the bank.
        bank_code: Option<String> = "bankCode",
        /// The account number.
        account_number: Option<Sensitive> = "accountNumber",
        /// Whose account it is.
        holder_name: Option<Sensitive> = "holderName",
    }
}

object! {
    /// An account transfer.
    pub struct Transfer {
        /// Code of the bank.
        bank_code: Option<String> = "bankCode",
        /// Whether it has been settled with the shop.
        settlement_status: Option<SettlementStatus> = "settlementStatus",
    }
}

object! {
    /// A payment on the phone bill.
    pub struct MobilePhone {
        /// The buyer's number.
        customer_mobile_phone: Option<Sensitive> = "customerMobilePhone",
        /// Whether it has been settled with the shop.
        settlement_status: Option<SettlementStatus> = "settlementStatus",
        /// The receipt.
        receipt_url: Option<Link> = "receiptUrl",
    }
}

object! {
    /// A payment with a gift certificate.
    pub struct GiftCertificate {
        /// Approval number.
        approve_no: Option<String> = "approveNo",
        /// Whether it has been settled with the shop.
        settlement_status: Option<SettlementStatus> = "settlementStatus",
    }
}

object! {
    /// A payment with an easy-pay provider.
    pub struct EasyPay {
        /// The provider as Toss names it, such as `토스페이`.
        provider: Option<String> = "provider",
        /// Paid with the provider's points or money.
        amount: Option<Amount> = "amount",
        /// Discounted by the provider.
        discount_amount: Option<Amount> = "discountAmount",
    } else |text| {
        // Older documents show the provider alone, as a string.
        String::from_json(text).map(|provider| EasyPay { provider: Some(provider), amount: None, discount_amount: None })
    }
}
