//! What the buyer paid with: one object per method, the others null.

use super::words::{AccountType, AcquireStatus, CardType, InterestPayer, OwnerType, RefundStatus, SettlementStatus};
use crate::money::Amount;
use crate::object::object;
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;

object! {
    /// A card payment. Institution codes have two characters since 2022-11-16 (Toss docs `/codes/org-codes`).
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::{AcquireStatus, Card, CardType, InterestPayer, OwnerType};
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW",
    ///         "card":{"amount":45000,"number":"94100012****789*","cardType":"체크","ownerType":"개인","acquireStatus":"READY",
    ///         "interestPayer":null}}"#,
    /// )?;
    /// let card: Card = payment.card.unwrap();
    /// assert_eq!((card.card_type, card.owner_type), (Some(CardType::Check), Some(OwnerType::Personal)));
    /// assert_eq!((card.acquire_status, card.interest_payer), (Some(AcquireStatus::Ready), None::<InterestPayer>));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct Card {
        /// Charged to the card.
        amount: Option<Amount> = "amount",
        /// The issuer's name; in API versions before 2022-11-16, in place of the codes.
        company: Option<String> = "company",
        /// An easy-pay provider behind the card; seen on billing charges.
        provider: Option<String> = "provider",
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
        /// The receipt; in API versions 1.0 to 1.3 the only one.
        receipt_url: Option<Link> = "receiptUrl",
    }
}

object! {
    /// A virtual account that the buyer pays into.
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::{AccountType, RefundAccount, RefundStatus, SettlementStatus, VirtualAccount};
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"WAITING_FOR_DEPOSIT","totalAmount":45000,"currency":"KRW",
    ///         "virtualAccount":{"accountType":"일반","accountNumber":"X650123456789","bankCode":"20","refundStatus":"NONE",
    ///         "dueDate":"2026-08-08T12:00:00+09:00","settlementStatus":"INCOMPLETED","refundReceiveAccount":
    ///         {"bankCode":"88","accountNumber":"11012345678","holderName":"김토스"}}}"#,
    /// )?;
    /// let account: VirtualAccount = payment.virtual_account.unwrap();
    /// assert_eq!((account.account_type, account.refund_status), (Some(AccountType::Normal), Some(RefundStatus::None)));
    /// assert_eq!(account.settlement_status, Some(SettlementStatus::Incompleted));
    /// // Toss shows it for 30 minutes: store it, a refund will need it.
    /// let refund_to: RefundAccount = account.refund_receive_account.unwrap();
    /// assert_eq!(refund_to.bank_code.as_deref(), Some("88"));
    /// assert!(!format!("{refund_to:?}").contains("11012345678"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct VirtualAccount {
        /// Kind of account.
        account_type: Option<AccountType> = "accountType",
        /// The number to pay to; starts with `X` with a test key.
        account_number: Option<Sensitive> = "accountNumber",
        /// Code of the bank.
        bank_code: Option<String> = "bankCode",
        /// The bank's name; in API versions before 2022-11-16, in place of the code.
        bank: Option<String> = "bank",
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
        /// The bank's name; in API versions before 2022-11-16, in place of the code.
        bank: Option<String> = "bank",
        /// The account number.
        account_number: Option<Sensitive> = "accountNumber",
        /// Whose account it is.
        holder_name: Option<Sensitive> = "holderName",
    }
}

object! {
    /// An account transfer.
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::{SettlementStatus, Transfer};
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW",
    ///         "transfer":{"bankCode":"88","settlementStatus":"COMPLETED"}}"#,
    /// )?;
    /// let transfer: Transfer = payment.transfer.unwrap();
    /// assert_eq!(transfer.settlement_status, Some(SettlementStatus::Completed));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct Transfer {
        /// Code of the bank.
        bank_code: Option<String> = "bankCode",
        /// The bank's name; in API versions before 2022-11-16, in place of the code.
        bank: Option<String> = "bank",
        /// Whether it has been settled with the shop.
        settlement_status: Option<SettlementStatus> = "settlementStatus",
    }
}

object! {
    /// A payment on the phone bill.
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::MobilePhone;
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW",
    ///         "mobilePhone":{"customerMobilePhone":"010****5678","settlementStatus":"INCOMPLETED","receiptUrl":"https://a.example/r"}}"#,
    /// )?;
    /// let phone: MobilePhone = payment.mobile_phone.unwrap();
    /// assert!(phone.receipt_url.unwrap().is_https());
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
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
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::GiftCertificate;
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW",
    ///         "giftCertificate":{"approveNo":"00000000","settlementStatus":"INCOMPLETED"}}"#,
    /// )?;
    /// let certificate: GiftCertificate = payment.gift_certificate.unwrap();
    /// assert_eq!(certificate.approve_no.as_deref(), Some("00000000"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct GiftCertificate {
        /// Approval number.
        approve_no: Option<String> = "approveNo",
        /// Whether it has been settled with the shop.
        settlement_status: Option<SettlementStatus> = "settlementStatus",
    }
}

object! {
    /// A payment with an easy-pay provider.
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::EasyPay;
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW",
    ///         "easyPay":{"provider":"토스페이","amount":40000,"discountAmount":5000}}"#,
    /// )?;
    /// let easy_pay: EasyPay = payment.easy_pay.unwrap();
    /// assert_eq!(easy_pay.provider.as_deref(), Some("토스페이"));
    /// assert_eq!(easy_pay.discount_amount.unwrap().to_string(), "5000");
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
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

object! {
    /// A payment with an easy-pay provider abroad, in API versions before 2022-11-16; later ones have it in [`EasyPay`].
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::payment::ForeignEasyPay;
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45.5,"currency":"PHP",
    ///         "foreignEasyPay":{"provider":"페이마야"}}"#,
    /// )?;
    /// let easy_pay: ForeignEasyPay = payment.foreign_easy_pay.unwrap();
    /// assert_eq!(easy_pay.provider.as_deref(), Some("페이마야"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct ForeignEasyPay {
        /// The provider as Toss names it.
        provider: Option<String> = "provider",
    }
}
