//! The pages: one file per route. A page gets everything it shows as a value and fetches nothing itself.

mod checkout;
mod fail;
mod order;
mod plain;
mod returning;

use crate::domain::lang::Lang;
use crate::domain::texts;
use crate::view::checkout::CheckoutView;
use crate::view::fail::FailView;
use crate::view::order::{OrderStatusView, OrderView};
use crate::view::returning::ReturningView;
use leptos::prelude::*;
use toss_types::OrderId;

/// A page and all that it shows.
#[derive(Clone, Debug)]
pub enum Page {
    /// The order sheet.
    Checkout(CheckoutView),
    /// The receipt.
    Order(Box<OrderView>),
    /// The way back after a failure.
    Fail(FailView),
    /// How an order stands, for a browser that came back with its payment but did not place it.
    Elsewhere {
        /// The language.
        lang: Lang,
        /// The number of the order.
        id: OrderId,
        /// Where it stands.
        status: OrderStatusView,
        /// How many events it has had.
        version: i64,
    },
    /// A payment that came back to somebody who may be no shopper.
    Returning(ReturningView),
    /// No such order, or not this browser's.
    NoSuchOrder,
    /// Nothing at that address.
    NoSuchPage,
    /// The store does not answer.
    Unavailable,
}

impl Page {
    /// What the browser's tab says.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        match self {
            Page::Checkout(_) => texts::checkout_title(lang),
            Page::Order(order) => order.status.title(lang),
            Page::Elsewhere { status, .. } => status.title(lang),
            Page::Fail(fail) => fail::title(&fail.code, lang),
            Page::Returning(_) => texts::returning_title(lang),
            Page::NoSuchOrder => texts::not_found_title(lang),
            Page::NoSuchPage => texts::no_page_title(lang),
            Page::Unavailable => texts::unavailable_title(lang),
        }
    }

    /// Has it an island?
    #[must_use]
    pub fn is_interactive(&self) -> bool {
        matches!(self, Page::Checkout(_)) || self.is_live()
    }

    /// Is it an order of which news may come while somebody looks at it?
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.status().is_some_and(OrderStatusView::is_live)
    }

    /// How often a page without script asks for news, in seconds; `None` where none is to be expected.
    #[must_use]
    pub fn refresh_s(&self) -> Option<u32> {
        match self.status()? {
            OrderStatusView::InDoubt { .. } => Some(3),
            OrderStatusView::AwaitingDeposit(_) | OrderStatusView::Paid(_) if self.is_live() => Some(10),
            OrderStatusView::Open
            | OrderStatusView::Declined(_)
            | OrderStatusView::AwaitingDeposit(_)
            | OrderStatusView::Paid(_)
            | OrderStatusView::Expired(_) => None,
        }
    }

    fn status(&self) -> Option<&OrderStatusView> {
        match self {
            Page::Order(order) => Some(&order.status),
            Page::Elsewhere { status, .. } => Some(status),
            Page::Checkout(_) | Page::Fail(_) | Page::Returning(_) | Page::NoSuchOrder | Page::NoSuchPage | Page::Unavailable => None,
        }
    }

    /// The script that the browser should fetch beside the wasm.
    #[must_use]
    pub fn widget_url(&self) -> Option<String> {
        match self {
            Page::Checkout(view) => Some(view.widget_url.clone()),
            Page::Order(_)
            | Page::Elsewhere { .. }
            | Page::Fail(_)
            | Page::Returning(_)
            | Page::NoSuchOrder
            | Page::NoSuchPage
            | Page::Unavailable => None,
        }
    }
}

/// What stands inside `<main>`.
#[component]
pub fn PageBody(page: Page, #[prop(optional)] lang: Lang) -> impl IntoView {
    match page {
        Page::Checkout(view) => view! { <checkout::CheckoutPage view/> }.into_any(),
        Page::Order(order) => view! { <order::OrderPage order=*order/> }.into_any(),
        Page::Elsewhere { lang, id, status, version } => view! { <order::ElsewherePage lang id status version/> }.into_any(),
        Page::Fail(fail) => view! { <fail::FailPage fail/> }.into_any(),
        Page::Returning(view) => view! { <returning::ReturningPage lang view/> }.into_any(),
        Page::NoSuchOrder => {
            view! { <plain::PlainPage lang title=texts::not_found_title(lang) text=Some(texts::not_found_text(lang))/> }.into_any()
        }
        Page::NoSuchPage => view! { <plain::PlainPage lang title=texts::no_page_title(lang) text=None/> }.into_any(),
        Page::Unavailable => {
            view! { <plain::PlainPage lang title=texts::unavailable_title(lang) text=Some(texts::unavailable_text(lang))/> }.into_any()
        }
    }
}
