//! Codes of payment methods.

use crate::raw::Value;
use crate::words::open_words;

open_words! {
    /// What the buyer can choose (types, `WidgetsPaymentMethodCode`): a method, an easy payment, a card company, or a method
    /// of the shop's own.
    ///
    /// ```
    /// use toss_widget::v2::MethodCode;
    ///
    /// assert_eq!(MethodCode::from("CARD"), MethodCode::Card);
    /// // A method of the shop's own, by the key that the shop gave it:
    /// assert_eq!(MethodCode::from("문화바우처").as_str(), "문화바우처");
    /// ```
    MethodCode, "A method of the shop's own, or a code that this crate does not know; [`as_str`](MethodCode::as_str) tells it." {
        Card = "CARD", VirtualAccount = "VIRTUAL_ACCOUNT", MobilePhone = "MOBILE_PHONE", Transfer = "TRANSFER",
        CultureGiftCertificate = "CULTURE_GIFT_CERTIFICATE", GameGiftCertificate = "GAME_GIFT_CERTIFICATE",
        BookGiftCertificate = "BOOK_GIFT_CERTIFICATE", BrandPay = "BRANDPAY", KeyIn = "KEYIN",
        TossPay = "TOSSPAY", NaverPay = "NAVERPAY", SamsungPay = "SAMSUNGPAY", LPay = "LPAY", KakaoPay = "KAKAOPAY",
        Payco = "PAYCO", Ssg = "SSG", ApplePay = "APPLEPAY", PinPay = "PINPAY", KbPay = "KBPAY",
        PayPal = "PAYPAL", GCash = "GCASH", TouchNGo = "TOUCHNGO", Boost = "BOOST", Bpi = "BPI", BillEase = "BILLEASE",
        Dana = "DANA", AlipayHk = "ALIPAYHK", TrueMoney = "TRUEMONEY", RabbitLinePay = "RABBIT_LINE_PAY", Alipay = "ALIPAY",
        Shinhan = "SHINHAN", Hyundai = "HYUNDAI", Samsung = "SAMSUNG", Woori = "WOORI", Kookmin = "KOOKMIN", Lotte = "LOTTE",
        Nonghyeop = "NONGHYEOP", Hana = "HANA", Bc = "BC", KdbBank = "KDBBANK", TossBank = "TOSSBANK", KakaoBank = "KAKAOBANK",
        Suhyeop = "SUHYEOP", JeonbukBank = "JEONBUKBANK", KBank = "KBANK", Post = "POST", Saemaul = "SAEMAUL", Citi = "CITI",
        SavingBank = "SAVINGBANK", JejuBank = "JEJUBANK", GwangjuBank = "GWANGJUBANK", Shinhyeop = "SHINHYEOP", Jcb = "JCB",
        UnionPay = "UNIONPAY", Master = "MASTER", Visa = "VISA", Diners = "DINERS", Discover = "DISCOVER", IbkBc = "IBK_BC",
        Amex = "AMEX", TossPayments = "TOSS_PAYMENTS", BankPay = "BANKPAY",
    }
}

/// The method that is chosen (types, `WidgetSelectedPaymentMethod`).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct SelectedMethod {
    /// Which one.
    pub code: MethodCode,
    /// The stored method (BrandPay).
    pub method_id: Option<String>,
}

impl SelectedMethod {
    pub(super) fn read(answer: &Value) -> Option<SelectedMethod> {
        Some(SelectedMethod { code: MethodCode::from(answer.text("code")?.as_str()), method_id: answer.text("methodId") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_open_and_survive_the_round_trip() {
        assert_eq!(MethodCode::WORDS.len(), 62);
        for word in MethodCode::WORDS {
            let code = MethodCode::from(*word);
            assert!(!matches!(code, MethodCode::Unknown(_)), "{word} is not known");
            assert_eq!(code.as_str(), *word);
        }
        let own = MethodCode::from("문화바우처");
        assert!(matches!(own, MethodCode::Unknown(_)));
        assert_eq!(own.as_str(), "문화바우처");
    }
}
