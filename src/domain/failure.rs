//! Why the shopper is on the fail page: codes of Toss, and the shop's own for what never reached Toss.

use super::lang::Lang;
use serde::{Deserialize, Serialize};

/// The shop refused what came back. Nothing was sent to Toss and nothing was charged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ShopCode {
    /// Parameters are missing or malformed.
    InvalidReturn,
    /// The shop has no such order.
    OrderNotFound,
    /// The amount is not the order's.
    AmountMismatch,
    /// The payment is not the order's.
    PaymentMismatch,
    /// The order cannot be paid any more.
    OrderExpired,
    /// Too many payments of the order have been tried.
    TooManyAttempts,
    /// The order has given back what it held, and there is not enough of it any more.
    SoldOut,
}

impl ShopCode {
    /// All of them.
    pub const ALL: [ShopCode; 7] = [
        ShopCode::InvalidReturn,
        ShopCode::OrderNotFound,
        ShopCode::AmountMismatch,
        ShopCode::PaymentMismatch,
        ShopCode::OrderExpired,
        ShopCode::TooManyAttempts,
        ShopCode::SoldOut,
    ];

    /// The code as it travels.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ShopCode::InvalidReturn => "SHOP_INVALID_RETURN",
            ShopCode::OrderNotFound => "SHOP_ORDER_NOT_FOUND",
            ShopCode::AmountMismatch => "SHOP_AMOUNT_MISMATCH",
            ShopCode::PaymentMismatch => "SHOP_PAYMENT_MISMATCH",
            ShopCode::OrderExpired => "SHOP_ORDER_EXPIRED",
            ShopCode::TooManyAttempts => "SHOP_TOO_MANY_ATTEMPTS",
            ShopCode::SoldOut => "SHOP_SOLD_OUT",
        }
    }

    /// The reverse of [`ShopCode::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<ShopCode> {
        ShopCode::ALL.into_iter().find(|known| known.code() == code)
    }

    /// What happened, for the shopper.
    #[must_use]
    pub const fn message(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (ShopCode::InvalidReturn, Lang::Ko) => "결제 정보가 올바르지 않아서 결제하지 않았어요.",
            (ShopCode::InvalidReturn, Lang::En) => "The payment data was not valid, so nothing was charged.",
            (ShopCode::OrderNotFound, Lang::Ko) => "주문을 찾을 수 없어서 결제하지 않았어요.",
            (ShopCode::OrderNotFound, Lang::En) => "The order was not found, so nothing was charged.",
            (ShopCode::AmountMismatch, Lang::Ko) => "주문 금액과 결제 금액이 달라서 결제하지 않았어요.",
            (ShopCode::AmountMismatch, Lang::En) => "The amount differs from the order's, so nothing was charged.",
            (ShopCode::PaymentMismatch, Lang::Ko) => "이 주문의 결제가 아니어서 결제하지 않았어요.",
            (ShopCode::PaymentMismatch, Lang::En) => "The payment is not for this order, so nothing was charged.",
            (ShopCode::OrderExpired, Lang::Ko) => "결제 시간이 지났거나 새 주문으로 바뀐 주문이어서 결제하지 않았어요.",
            (ShopCode::OrderExpired, Lang::En) => "The order has expired or was replaced by a newer one, so nothing was charged.",
            (ShopCode::TooManyAttempts, Lang::Ko) => {
                "이 주문으로 결제를 너무 많이 시도해서 결제하지 않았어요. 주문서에서 다시 주문해 주세요."
            }
            (ShopCode::TooManyAttempts, Lang::En) => {
                "This order was tried too often, so nothing was charged. Please order again from the checkout."
            }
            (ShopCode::SoldOut, Lang::Ko) => "그사이 다 팔려서 결제하지 않았어요. 주문서에서 수량을 줄여 다시 주문해 주세요.",
            (ShopCode::SoldOut, Lang::En) => {
                "It has sold out meanwhile, so nothing was charged. Please order less of it from the checkout."
            }
        }
    }
}

/// The shopper closed the payment window (Toss docs, failUrl codes). The one failure that needs no excuse.
pub const CANCELLED: &str = "PAY_PROCESS_CANCELED";

/// What helps a shopper whose payment did not go through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Remedy {
    /// The same once more.
    Again,
    /// Another card or another way to pay.
    AnotherWay,
}

/// What Toss's code means to a shopper, as a title, and what helps; `None` where only Toss's message says it. Nothing was charged in any of
/// these cases (Toss docs, error codes; the classes of `toss_payments::Class` that decline).
#[must_use]
pub fn told(code: &str, lang: Lang) -> Option<(&'static str, Remedy)> {
    use Remedy::{Again, AnotherWay};
    let (ko, en, remedy) = match code {
        CANCELLED => ("결제를 그만뒀어요", "You left the payment", Again),
        "REJECT_CARD_PAYMENT" => ("카드 한도나 잔액이 부족해요", "Card limit or balance is too low", AnotherWay),
        "REJECT_ACCOUNT_PAYMENT" => ("계좌 잔액이 부족해요", "Not enough money in the account", AnotherWay),
        "REJECT_TOSSPAY_INVALID_ACCOUNT" => ("연결한 계좌로 결제할 수 없어요", "The linked account cannot be used", AnotherWay),
        "REJECT_CARD_COMPANY" | "INVALID_REJECT_CARD" => ("카드사가 결제를 거절했어요", "Your card company declined", AnotherWay),
        "INVALID_STOPPED_CARD" => ("사용이 정지된 카드예요", "This card is suspended", AnotherWay),
        "INVALID_CARD_LOST_OR_STOLEN" => ("분실·도난 신고된 카드예요", "This card is reported lost or stolen", AnotherWay),
        "INVALID_CARD_EXPIRATION" => ("카드 유효기간을 다시 확인해 주세요", "Check the card's expiry date", Again),
        "INVALID_CARD_NUMBER" => ("카드 번호를 다시 확인해 주세요", "Check the card number", Again),
        "INVALID_PASSWORD" => ("비밀번호가 맞지 않아요", "The password is wrong", Again),
        "EXCEED_MAX_AUTH_COUNT" => ("인증을 여러 번 틀렸어요", "Too many attempts", AnotherWay),
        "EXCEED_MAX_DAILY_PAYMENT_COUNT" => ("오늘 결제할 수 있는 횟수를 넘었어요", "Too many payments today", AnotherWay),
        "EXCEED_MAX_PAYMENT_AMOUNT"
        | "EXCEED_MAX_AMOUNT"
        | "EXCEED_MAX_ONE_DAY_AMOUNT"
        | "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT"
        | "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT"
        | "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT"
        | "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM" => ("결제 한도를 넘었어요", "Payment limit exceeded", AnotherWay),
        "EXCEED_MAX_CARD_INSTALLMENT_PLAN"
        | "INVALID_CARD_INSTALLMENT_PLAN"
        | "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT"
        | "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN"
        | "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT" => {
            ("이 할부 개월 수로는 결제할 수 없어요", "These instalments are not possible", Again)
        }
        "NOT_ALLOWED_POINT_USE" => ("이 카드는 포인트를 쓸 수 없어요", "This card's points cannot be used", Again),
        "FDS_ERROR" => ("카드사에서 안전을 위해 결제를 막았어요", "Blocked for your security", AnotherWay),
        "NOT_AVAILABLE_BANK" => ("지금은 은행 점검 시간이에요", "The bank is closed at this hour", AnotherWay),
        "RESTRICTED_TRANSFER_ACCOUNT" => ("이 계좌로는 결제할 수 없어요", "This account cannot be used to pay", AnotherWay),
        "MAINTAINED_METHOD" => ("지금은 이 결제 수단을 점검하고 있어요", "This payment method is under maintenance", AnotherWay),
        "CARD_PROCESSING_ERROR" => ("카드사에서 오류가 났어요", "The card company had an error", Again),
        "PROVIDER_ERROR" => ("결제사에 잠깐 문제가 있었어요", "The payment company had a passing problem", Again),
        "NOT_FOUND_PAYMENT_SESSION" | "EXPIRED_PAYMENT" | "EXPIRED" => ("결제 시간이 지났어요", "The payment timed out", Again),
        "PAY_PROCESS_ABORTED" => ("결제가 중단됐어요", "The payment was interrupted", Again),
        _ => return None,
    };
    let title = match lang {
        Lang::Ko => ko,
        Lang::En => en,
    };
    Some((title, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shops_codes_come_back_and_never_look_like_those_of_toss() {
        for code in ShopCode::ALL {
            assert_eq!(ShopCode::from_code(code.code()), Some(code));
            assert!(code.code().starts_with("SHOP_"));
        }
        assert_eq!(ShopCode::from_code(CANCELLED), None);
    }

    #[test]
    fn a_limit_is_no_refusal_of_the_card_company_and_a_count_is_no_amount() {
        let titles = ["REJECT_CARD_PAYMENT", "REJECT_CARD_COMPANY", "EXCEED_MAX_DAILY_PAYMENT_COUNT", "EXCEED_MAX_AMOUNT"];
        for lang in [Lang::Ko, Lang::En] {
            let titles = titles.map(|code| told(code, lang).unwrap().0);
            assert!((1..titles.len()).all(|at| !titles[..at].contains(&titles[at])), "{titles:?}");
        }
        assert_eq!(told("A_WORD_OF_TOMORROW", Lang::Ko), None);
        assert_eq!(told(ShopCode::SoldOut.code(), Lang::Ko), None, "the shop says its own at length");
    }
}
