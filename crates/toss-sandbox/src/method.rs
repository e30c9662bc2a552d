//! How a shopper pays.

use serde::{Deserialize, Serialize};

use crate::{error::Language, money::Currency};

macro_rules! methods {
    ($($name:ident $group:ident $korean:literal $english:literal)*) => {
        /// How the shopper pays: a method of `payment()`, or the provider of an easy payment (published types).
        /// In JSON as the SDK v2 spells it.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[non_exhaustive]
        pub enum Method {
            #[default]
            $(#[doc = $korean] $name,)*
        }

        impl Method {
            /// Every method.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What the shopper sees; for an easy payment its provider.
            pub(crate) const fn korean(self) -> &'static str {
                match self { $(Self::$name => $korean),* }
            }

            /// The English form; for an easy payment its provider.
            pub(crate) const fn english(self) -> &'static str {
                match self { $(Self::$name => $english),* }
            }

            /// Which object of the Payment describes it.
            pub(crate) const fn group(self) -> Group {
                match self { $(Self::$name => Group::$group),* }
            }
        }
    };
}

methods! {
    Card Card "카드" "CARD"
    Tosspay EasyPay "토스페이" "TOSSPAY"
    Naverpay EasyPay "네이버페이" "NAVERPAY"
    Kakaopay EasyPay "카카오페이" "KAKAOPAY"
    Payco EasyPay "페이코" "PAYCO"
    Samsungpay EasyPay "삼성페이" "SAMSUNGPAY"
    Applepay EasyPay "애플페이" "APPLEPAY"
    Lpay EasyPay "엘페이" "LPAY"
    Ssg EasyPay "SSG페이" "SSG"
    Pinpay EasyPay "핀페이" "PINPAY"
    Kbpay EasyPay "KB페이" "KBPAY"
    Paypal ForeignEasyPay "페이팔" "PAYPAL"
    Transfer Transfer "계좌이체" "TRANSFER"
    VirtualAccount VirtualAccount "가상계좌" "VIRTUAL_ACCOUNT"
    MobilePhone MobilePhone "휴대폰" "MOBILE_PHONE"
    CultureGiftCertificate GiftCertificate "문화상품권" "CULTURE_GIFT_CERTIFICATE"
    BookGiftCertificate GiftCertificate "도서문화상품권" "BOOK_GIFT_CERTIFICATE"
    GameGiftCertificate GiftCertificate "게임문화상품권" "GAME_GIFT_CERTIFICATE"
}

/// The objects of a Payment, one of which is not null once it is approved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Group {
    Card,
    EasyPay,
    /// Paid abroad: in the `easyPay` object as well.
    ForeignEasyPay,
    Transfer,
    VirtualAccount,
    MobilePhone,
    GiftCertificate,
}

impl Method {
    /// What it is paid in (Toss docs: PayPal in USD, everything else in KRW).
    pub(crate) const fn currency(self) -> Currency {
        match self.group() {
            Group::ForeignEasyPay => Currency::Usd,
            Group::Card | Group::EasyPay | Group::Transfer | Group::VirtualAccount | Group::MobilePhone | Group::GiftCertificate => {
                Currency::Krw
            }
        }
    }

    /// `method` of a Payment (Toss docs /reference). The English words are assumed.
    pub(crate) const fn word(self, language: Language) -> &'static str {
        match (self.group(), language) {
            (Group::EasyPay, Language::Korean) => "간편결제",
            (Group::EasyPay, Language::English) => "EASY_PAY",
            (Group::ForeignEasyPay, Language::Korean) => "해외간편결제",
            (Group::ForeignEasyPay, Language::English) => "FOREIGN_EASY_PAY",
            (_, Language::Korean) => self.korean(),
            (_, Language::English) => self.english(),
        }
    }

    /// The least amount, in the smallest unit of its currency (Toss docs, `BELOW_MINIMUM_AMOUNT`: 100 by card, 200 from an account). Assumed: easy
    /// payments are charged to a card, and the other methods have no least amount.
    pub(crate) const fn minimum(self) -> i64 {
        match self.group() {
            Group::Card | Group::EasyPay => 100,
            Group::Transfer | Group::VirtualAccount => 200,
            Group::MobilePhone | Group::GiftCertificate | Group::ForeignEasyPay => 1,
        }
    }

    /// The greatest amount in KRW, if there is one (Toss docs, `EXCEEDS_TRANSFER_AMOUNT_MAXIMUM`: 10,000,000 per transfer).
    pub(crate) const fn maximum(self) -> Option<i64> {
        match self.group() {
            Group::Transfer => Some(10_000_000),
            Group::Card | Group::EasyPay | Group::ForeignEasyPay | Group::VirtualAccount | Group::MobilePhone | Group::GiftCertificate => {
                None
            }
        }
    }
}
