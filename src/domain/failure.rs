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

/// What the page says under its title, in words a shopper understands; `None` where only Toss's message is known.
#[must_use]
pub fn advice(code: &str, lang: Lang) -> Option<&'static str> {
    let (ko, en) = match code {
        CANCELLED => ("결제를 취소했어요. 원할 때 다시 결제할 수 있어요.", "You cancelled. You can pay whenever you like."),
        "REJECT_CARD_COMPANY"
        | "REJECT_CARD_PAYMENT"
        | "INVALID_STOPPED_CARD"
        | "INVALID_CARD_EXPIRATION"
        | "INVALID_CARD_LOST_OR_STOLEN"
        | "INVALID_REJECT_CARD" => (
            "카드사가 결제를 거절했어요. 다른 카드나 결제 수단으로 다시 시도해 주세요.",
            "The card company declined. Please try another card or payment method.",
        ),
        "EXCEED_MAX_DAILY_PAYMENT_COUNT" | "EXCEED_MAX_PAYMENT_AMOUNT" | "EXCEED_MAX_AMOUNT" | "EXCEED_MAX_ONE_DAY_AMOUNT" => {
            ("결제 한도를 넘었어요. 다른 결제 수단으로 다시 시도해 주세요.", "The limit was exceeded. Please try another payment method.")
        }
        "NOT_FOUND_PAYMENT_SESSION" | "EXPIRED_PAYMENT" | "EXPIRED" => {
            ("결제 시간이 지났어요. 주문서에서 다시 결제해 주세요.", "The payment took too long. Please pay again from the checkout.")
        }
        "PROVIDER_ERROR" => (
            "결제사에 일시적인 문제가 있어서 결제되지 않았어요. 잠시 후 다시 시도하거나 다른 결제 수단을 이용해 주세요.",
            "The payment company had a passing problem, and nothing was charged. Please try again in a moment or use another payment method.",
        ),
        "PAY_PROCESS_ABORTED" => ("결제가 중단됐어요. 다시 시도해 주세요.", "The payment was interrupted. Please try again."),
        _ => return None,
    };
    Some(match lang {
        Lang::Ko => ko,
        Lang::En => en,
    })
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
}
