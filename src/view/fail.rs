//! What went wrong.

use crate::domain::failure::ShopCode;
use crate::domain::lang::Lang;
use crate::domain::marks::is_hidden;
use toss_types::OrderId;

/// Longer than any message that Toss documents (510 characters).
const MAX_MESSAGE_CHARS: usize = 600;
const MAX_CODE_CHARS: usize = 64;

/// What the fail page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailView {
    /// The language.
    pub lang: Lang,
    /// Toss's code or the shop's.
    pub code: String,
    /// Toss's message or the shop's, as text.
    pub message: String,
    /// The order, where it is known.
    pub order_id: Option<OrderId>,
}

impl FailView {
    /// From what came in the address. Anybody can write an address: it is cut to a sensible length, shown as text, and
    /// the shop's own codes bring their own words.
    #[must_use]
    pub fn new(lang: Lang, code: Option<&str>, message: Option<&str>, order_id: Option<&str>) -> FailView {
        let printable = |text: &str, most: usize| text.chars().filter(|c| !is_hidden(*c)).take(most).collect::<String>();
        let code = printable(code.filter(|code| !code.is_empty()).unwrap_or("UNKNOWN"), MAX_CODE_CHARS);
        let message = match ShopCode::from_code(&code) {
            Some(own) => own.message(lang).to_owned(),
            None => printable(message.unwrap_or_default(), MAX_MESSAGE_CHARS),
        };
        FailView { lang, code, message, order_id: order_id.and_then(|id| OrderId::parse(id).ok()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_put_words_into_the_shops_mouth() {
        let view = FailView::new(Lang::Ko, Some(ShopCode::AmountMismatch.code()), Some("call 1588-0000 now"), Some("x"));
        assert_eq!(view.message, ShopCode::AmountMismatch.message(Lang::Ko));
        assert_eq!(view.order_id, None);
    }

    #[test]
    fn marks_that_nobody_sees_are_left_out() {
        let view = FailView::new(Lang::Ko, Some("REJECT\u{202e}_CARD"), Some("한\u{200b}도\u{2066} 초과\n"), None);
        assert_eq!((view.code.as_str(), view.message.as_str()), ("REJECT_CARD", "한도 초과"));
    }

    #[test]
    fn what_is_missing_or_endless_is_bearable() {
        let view = FailView::new(Lang::En, None, None, None);
        assert_eq!((view.code.as_str(), view.message.as_str()), ("UNKNOWN", ""));
        let view = FailView::new(Lang::En, Some(&"C".repeat(5_000)), Some(&"메".repeat(5_000)), None);
        assert_eq!((view.code.chars().count(), view.message.chars().count()), (MAX_CODE_CHARS, MAX_MESSAGE_CHARS));
    }
}
