//! Every sentence that only mails say, in both languages, beside each other. The others are in [`crate::domain::texts`].

use crate::domain::lang::Lang;
use crate::domain::texts;

/// What a mail is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Topic {
    /// The money is there.
    Receipt,
    /// An account waits for the money.
    DepositWaiting,
    /// The bank has taken a deposit back.
    DepositReversed,
    /// All of what was paid was given back.
    RefundedWhole,
    /// Part of what was paid was given back.
    RefundedPart,
    /// A payment was given back that does not pay the order.
    RefundedDuplicate,
    /// Nobody has paid into the account in time.
    NoDeposit,
    /// The account was taken back before anybody had paid into it.
    Canceled,
}

impl Topic {
    /// What stands above the mail, and, with the shop's name, in its subject.
    pub(super) const fn heading(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Topic::Receipt, _) => texts::paid_title(lang),
            (Topic::DepositWaiting, _) => texts::deposit_title(lang),
            (Topic::DepositReversed, _) => texts::reversed_title(lang),
            (Topic::RefundedWhole, Lang::Ko) => "결제 금액을 모두 환불했어요",
            (Topic::RefundedWhole, Lang::En) => "Your payment was refunded",
            (Topic::RefundedPart, Lang::Ko) => "결제 금액의 일부를 환불했어요",
            (Topic::RefundedPart, Lang::En) => "Part of your payment was refunded",
            (Topic::RefundedDuplicate, Lang::Ko) => "주문과 별도로 결제된 금액을 환불했어요",
            (Topic::RefundedDuplicate, Lang::En) => "A payment besides your order was refunded",
            (Topic::NoDeposit, _) => texts::no_deposit_title(lang),
            (Topic::Canceled, _) => texts::canceled_title(lang),
        }
    }

    /// What it means, where the heading does not say it all.
    pub(super) const fn text(self, lang: Lang) -> Option<&'static str> {
        match (self, lang) {
            (Topic::Receipt, Lang::Ko) => Some("주문해 주셔서 감사합니다. 결제 내용을 알려드려요."),
            (Topic::Receipt, Lang::En) => Some("Thank you for your order. This is what you paid."),
            (Topic::DepositWaiting, Lang::Ko) => Some("입금이 확인되면 영수증을 메일로 보내 드려요."),
            (Topic::DepositWaiting, Lang::En) => Some("You will get a receipt by mail as soon as the deposit has arrived."),
            (Topic::DepositReversed, _) => Some(texts::reversed_text(lang)),
            (Topic::RefundedWhole | Topic::RefundedPart, _) => None,
            (Topic::RefundedDuplicate, Lang::Ko) => Some("두 번 결제되었거나 이미 끝난 주문에 결제되어 그 금액을 돌려드렸어요."),
            (Topic::RefundedDuplicate, Lang::En) => {
                Some("It was charged twice, or for an order that was already over, so we have given it back.")
            }
            (Topic::NoDeposit, Lang::Ko) => {
                Some("안내해 드린 계좌로 입금하지 마세요. 기한 안에 입금되지 않아 주문이 끝났어요. 원하시면 다시 주문해 주세요.")
            }
            (Topic::NoDeposit, Lang::En) => Some(
                "Please do not transfer to the account that we sent you. No money came in time, so the order has ended. You are welcome to order again.",
            ),
            (Topic::Canceled, Lang::Ko) => Some("입금 전에 주문이 취소됐어요. 안내해 드린 계좌로 입금하지 마세요."),
            (Topic::Canceled, Lang::En) => {
                Some("The order was cancelled before any money came. Please do not transfer to the account that we sent you.")
            }
        }
    }
}

/// The subject: whose mail it is, and about what.
pub(super) fn subject(lang: Lang, topic: Topic) -> String {
    format!("[{}] {}", texts::shop(lang), topic.heading(lang))
}

/// The first line.
pub(super) fn greeting(lang: Lang, name: Option<&str>) -> String {
    match (lang, name) {
        (Lang::Ko, Some(name)) => format!("{name}님, 안녕하세요."),
        (Lang::Ko, None) => "안녕하세요.".to_owned(),
        (Lang::En, Some(name)) => format!("Hello {name},"),
        (Lang::En, None) => "Hello,".to_owned(),
    }
}

/// Row: what was given back, and when.
pub(super) const fn refund(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "환불 금액",
        Lang::En => "Refund",
    }
}

/// Row: a payment besides the one that pays the order was given back.
pub(super) const fn duplicate_refund(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "별도 결제 환불",
        Lang::En => "Refund of another payment",
    }
}

/// Row: all that was given back.
pub(super) const fn refunded_in_all(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "환불 합계",
        Lang::En => "Refunded in all",
    }
}

/// An amount, and when it was given back.
pub(super) fn refund_at(amount: &str, at: &str) -> String {
    format!("{amount} ({at})")
}

/// On the link to the order's page.
pub(super) const fn see_order(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "주문 보기",
        Lang::En => "See your order",
    }
}

/// Below it.
pub(super) const fn same_browser(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "주문한 브라우저에서 열어 주세요.",
        Lang::En => "It opens in the browser in which you ordered.",
    }
}

/// At the end.
pub(super) const fn automatic(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "주문 상태가 바뀌어 자동으로 보낸 메일이에요.",
        Lang::En => "This mail was sent automatically because something happened to your order.",
    }
}
