//! `/fail`: what happened, in words a shopper understands, and the way back to a cart that is still there.

use crate::components::card::{ButtonLink, Card};
use crate::components::facts::Fact;
use crate::domain::failure::{self, ShopCode};
use crate::domain::lang::Lang;
use crate::domain::order::OrderId;
use crate::domain::{routes, texts};
use leptos::prelude::*;

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
        let printable = |text: &str, most: usize| text.chars().filter(|c| !c.is_control()).take(most).collect::<String>();
        let code = printable(code.filter(|code| !code.is_empty()).unwrap_or("UNKNOWN"), MAX_CODE_CHARS);
        let message = match ShopCode::from_code(&code) {
            Some(own) => own.message(lang).to_owned(),
            None => printable(message.unwrap_or_default(), MAX_MESSAGE_CHARS),
        };
        FailView { lang, code, message, order_id: order_id.and_then(|id| OrderId::parse(id).ok()) }
    }
}

/// The page.
#[component]
pub fn FailPage(fail: FailView) -> impl IntoView {
    let lang = fail.lang;
    let cancelled = fail.code == failure::CANCELLED;
    let title = if cancelled { texts::cancelled_title(lang) } else { texts::failed_title(lang) };
    view! {
        <Card title alert=!cancelled>
            <p>{failure::advice(&fail.code, lang).unwrap_or(texts::failed_text(lang))}</p>
            <dl class="facts">
                <Fact label=texts::error_message(lang) value=fail.message/>
                <Fact label=texts::error_code(lang) value=fail.code code=true/>
                {fail.order_id.map(|id| view! { <Fact label=texts::order_number(lang) value=id.to_string() code=true/> })}
            </dl>
            <ButtonLink href=routes::CHECKOUT>{texts::back_to_checkout(lang)}</ButtonLink>
        </Card>
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
    fn what_is_missing_or_endless_is_bearable() {
        let view = FailView::new(Lang::En, None, None, None);
        assert_eq!((view.code.as_str(), view.message.as_str()), ("UNKNOWN", ""));
        let view = FailView::new(Lang::En, Some(&"C".repeat(5_000)), Some(&"메".repeat(5_000)), None);
        assert_eq!((view.code.chars().count(), view.message.chars().count()), (MAX_CODE_CHARS, MAX_MESSAGE_CHARS));
    }
}
