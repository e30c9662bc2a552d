//! The words inside a payment. Source: Toss docs `/reference`, object Payment, version 2022-11-16.
//!
//! With `Accept-Language: en-US` Toss translates the Korean ones (Toss docs `/reference/using-api/req-res`). Which English words it
//! uses is not documented: `CARD`, `CREDIT` and `PERSONAL` were seen in logs of live shops, the others here are made alike, and what
//! comes in other words is read as `Unknown`. `as_str` tells the Korean word.

use crate::words::open_enum;

open_enum! {
    /// Where a payment stands. Not a one-way street: a reversed deposit leads from `DONE` back to `WAITING_FOR_DEPOSIT`.
    pub enum Status {
        /// The payment window was opened; the buyer has not authenticated.
        Ready = "READY",
        /// Authenticated, waiting for the confirm; nothing is charged.
        InProgress = "IN_PROGRESS",
        /// A virtual account was issued and nobody has paid into it yet.
        WaitingForDeposit = "WAITING_FOR_DEPOSIT",
        /// Charged, or the deposit arrived.
        Done = "DONE",
        /// Cancelled, also before a deposit.
        Canceled = "CANCELED",
        /// Partly cancelled. A rest of zero left by several cancels stays in this status: look at the balance.
        PartialCanceled = "PARTIAL_CANCELED",
        /// The confirm failed.
        Aborted = "ABORTED",
        /// 30 minutes without authentication, or 10 without confirm.
        Expired = "EXPIRED",
    }
}

open_enum! {
    /// How the payment was started.
    pub enum PaymentType {
        /// One payment.
        Normal = "NORMAL",
        /// A charge of a stored billing key.
        Billing = "BILLING",
        /// BrandPay.
        BrandPay = "BRANDPAY",
    }
}

open_enum! {
    /// What the buyer pays with.
    pub enum Method {
        /// Card.
        Card = "카드" | "CARD",
        /// Virtual account.
        VirtualAccount = "가상계좌" | "VIRTUAL_ACCOUNT",
        /// Easy pay: Toss Pay, Naver Pay and others.
        EasyPay = "간편결제" | "EASY_PAY",
        /// Easy pay abroad: PayPal and others.
        ForeignEasyPay = "해외간편결제" | "FOREIGN_EASY_PAY",
        /// Mobile phone bill.
        MobilePhone = "휴대폰" | "MOBILE_PHONE",
        /// Account transfer.
        Transfer = "계좌이체" | "TRANSFER",
        /// Culture gift certificate.
        CultureGiftCertificate = "문화상품권" | "CULTURE_GIFT_CERTIFICATE",
        /// Book and culture gift certificate.
        BookGiftCertificate = "도서문화상품권" | "BOOK_GIFT_CERTIFICATE",
        /// Game and culture gift certificate.
        GameGiftCertificate = "게임문화상품권" | "GAME_GIFT_CERTIFICATE",
    }
}

open_enum! {
    /// The currency of every amount of the payment (ISO 4217).
    pub enum Currency {
        /// South Korean won.
        Krw = "KRW",
        /// US dollar; amounts have decimals.
        Usd = "USD",
        /// Japanese yen.
        Jpy = "JPY",
        /// Philippine peso.
        Php = "PHP",
        /// Millionths of a US dollar, in which Toss's own logs write payments by PayPal (Toss community).
        Musd = "MUSD",
    }
}

impl Currency {
    /// How many decimals its amounts have (ISO 4217); `None` for what is no currency of that standard, or none that this version
    /// knows.
    ///
    /// ```
    /// use toss_payments::Currency;
    ///
    /// assert_eq!([Currency::Krw, Currency::Usd, Currency::from("XYZ")].map(|currency| currency.decimals()), [Some(0), Some(2), None]);
    /// ```
    #[must_use]
    pub fn decimals(&self) -> Option<u8> {
        match self {
            Currency::Krw | Currency::Jpy => Some(0),
            Currency::Usd | Currency::Php => Some(2),
            Currency::Musd | Currency::Unknown(_) => None,
        }
    }
}

open_enum! {
    /// Kind of card.
    pub enum CardType {
        /// Credit card.
        Credit = "신용" | "CREDIT",
        /// Debit card.
        Check = "체크" | "CHECK",
        /// Gift card.
        Gift = "기프트" | "GIFT",
        /// Not determined by the issuer.
        Unverified = "미확인",
    }
}

open_enum! {
    /// Whose card it is.
    pub enum OwnerType {
        /// A person's.
        Personal = "개인" | "PERSONAL",
        /// A company's.
        Corporate = "법인" | "CORPORATE",
        /// Not determined by the issuer.
        Unverified = "미확인",
    }
}

open_enum! {
    /// Where the acquisition of a card payment stands.
    pub enum AcquireStatus {
        /// Not requested yet.
        Ready = "READY",
        /// Requested.
        Requested = "REQUESTED",
        /// Acquired.
        Completed = "COMPLETED",
        /// Its cancel is requested.
        CancelRequested = "CANCEL_REQUESTED",
        /// Cancelled.
        Canceled = "CANCELED",
    }
}

open_enum! {
    /// Who pays the instalment interest.
    pub enum InterestPayer {
        /// The buyer.
        Buyer = "BUYER",
        /// The card company.
        CardCompany = "CARD_COMPANY",
        /// The shop.
        Merchant = "MERCHANT",
    }
}

open_enum! {
    /// Kind of virtual account.
    pub enum AccountType {
        /// Issued for one payment.
        Normal = "일반",
        /// Kept for a customer.
        Fixed = "고정",
    }
}

open_enum! {
    /// Where the refund of a virtual account payment stands.
    pub enum RefundStatus {
        /// None asked for.
        None = "NONE",
        /// Under way.
        Pending = "PENDING",
        /// Failed.
        Failed = "FAILED",
        /// A partial refund failed.
        PartialFailed = "PARTIAL_FAILED",
        /// Done.
        Completed = "COMPLETED",
    }
}

open_enum! {
    /// Whether the payment has been settled with the shop.
    pub enum SettlementStatus {
        /// Not yet.
        Incompleted = "INCOMPLETED",
        /// Settled.
        Completed = "COMPLETED",
    }
}

open_enum! {
    /// What a cash receipt is for.
    pub enum CashReceiptType {
        /// The buyer's income deduction.
        IncomeDeduction = "소득공제",
        /// A company's proof of expenditure.
        ExpenseProof = "지출증빙",
    }
}

open_enum! {
    /// Whether a cash receipt entry issues or cancels.
    pub enum CashReceiptTransaction {
        /// Issued.
        Confirm = "CONFIRM",
        /// Cancelled.
        Cancel = "CANCEL",
    }
}

open_enum! {
    /// Where the issue of a cash receipt stands.
    pub enum IssueStatus {
        /// With the tax office, for one or two days.
        InProgress = "IN_PROGRESS",
        /// Issued.
        Completed = "COMPLETED",
        /// Refused.
        Failed = "FAILED",
    }
}

open_enum! {
    /// Where a cancel stands. Cancels within Korea are done at once.
    pub enum CancelStatus {
        /// Under way at an overseas provider.
        InProgress = "IN_PROGRESS",
        /// Done.
        Done = "DONE",
        /// Refused by an overseas provider.
        Aborted = "ABORTED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::FromJson;

    macro_rules! every_word_of {
        ($($name:ident),+) => {$(
            for word in $name::KNOWN {
                let read = $name::from(*word);
                assert!(!matches!(read, $name::Unknown(_)), "{word}");
                assert_eq!(read.as_str(), *word);
                assert_eq!($name::from_json(&format!("{word:?}")), Some(read));
            }
            let unheard = $name::from("UNHEARD_OF");
            assert!(matches!(unheard, $name::Unknown(_)));
            assert_eq!(unheard.to_string(), "UNHEARD_OF");
            assert_eq!($name::from_json("1"), None);
        )+};
    }

    #[test]
    fn every_known_word_is_read_and_written_back_and_others_are_kept() {
        every_word_of!(
            Status,
            PaymentType,
            Method,
            Currency,
            CardType,
            OwnerType,
            AcquireStatus,
            InterestPayer,
            AccountType,
            RefundStatus,
            SettlementStatus,
            CashReceiptType,
            CashReceiptTransaction,
            IssueStatus,
            CancelStatus
        );
    }

    #[test]
    fn english_words_of_live_shops_are_read_as_the_korean_ones() {
        let english = (Method::from("CARD"), CardType::from("CREDIT"), OwnerType::from("PERSONAL"), Method::from("FOREIGN_EASY_PAY"));
        assert_eq!(english, (Method::Card, CardType::Credit, OwnerType::Personal, Method::ForeignEasyPay));
        assert_eq!(Method::from("해외간편결제"), Method::ForeignEasyPay);
        assert_eq!(Method::Card.as_str(), "카드");
    }
}
