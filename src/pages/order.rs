//! `/orders/{id}`: the receipt, or where the order stands on its way there.

use crate::components::card::{ButtonLink, Card};
use crate::components::developer::DeveloperPanel;
use crate::components::facts::Fact;
use crate::domain::lang::Lang;
use crate::domain::{failure, routes, texts};
use crate::islands::order_status::OrderWatch;
use crate::view::order::{OrderStatusView, OrderView};
use leptos::prelude::*;
use toss_types::OrderId;

/// The page.
#[component]
pub fn OrderPage(order: OrderView) -> impl IntoView {
    let lang = order.lang;
    let title = order.status.title(lang);
    let declined = matches!(order.status, OrderStatusView::Declined(_));
    let id = order.id.clone();
    let status = order.status.clone();
    view! {
        <Card title alert=declined>
            {introduction(lang, &id, &status)}
            <dl class="facts">
                <Fact label=texts::paid_amount(lang) value=order.total strong=true/>
                <Fact label=texts::order_name(lang) value=order.name/>
                <Fact label=texts::order_number(lang) value=order.id.to_string() code=true/>
                {details(lang, status.clone())}
            </dl>
            {way_on(lang, &status)}
        </Card>
        {order.developer.map(|developer| view! { <DeveloperPanel lang developer/> })}
    }
}

/// How the order stands and nothing else: whoever came back with the payment may know that, the rest is for the browser
/// that placed the order.
#[component]
pub fn ElsewherePage(lang: Lang, id: OrderId, status: OrderStatusView) -> impl IntoView {
    let title = status.title(lang);
    let text = match &status {
        OrderStatusView::Paid(_) | OrderStatusView::AwaitingDeposit(_) => view! { <p>{texts::elsewhere_text(lang)}</p> }.into_any(),
        OrderStatusView::Open | OrderStatusView::InDoubt { .. } | OrderStatusView::Declined(_) | OrderStatusView::Expired { .. } => {
            introduction(lang, &id, &status)
        }
    };
    let alert = matches!(status, OrderStatusView::Declined(_));
    view! { <Card title alert>{text}</Card> }
}

fn introduction(lang: Lang, id: &OrderId, status: &OrderStatusView) -> AnyView {
    match status {
        OrderStatusView::Open => view! { <p>{texts::open_text(lang)}</p> }.into_any(),
        OrderStatusView::InDoubt { trying_again } => view! { <OrderWatch lang id=id.clone() trying_again=*trying_again/> }.into_any(),
        OrderStatusView::Declined(decline) => {
            view! { <p>{failure::advice(&decline.code, lang).unwrap_or(texts::failed_text(lang))}</p> }.into_any()
        }
        OrderStatusView::AwaitingDeposit(_) => view! { <p>{texts::deposit_text(lang)}</p> }.into_any(),
        OrderStatusView::Paid(_) => ().into_any(),
        OrderStatusView::Expired { replaced: false } => view! { <p>{texts::expired_text(lang)}</p> }.into_any(),
        OrderStatusView::Expired { replaced: true } => view! { <p>{texts::replaced_text(lang)}</p> }.into_any(),
    }
}

fn details(lang: Lang, status: OrderStatusView) -> AnyView {
    let fact = |label: &'static str, value: Option<String>| value.map(|value| view! { <Fact label value/> });
    match status {
        OrderStatusView::Open | OrderStatusView::InDoubt { .. } | OrderStatusView::Expired { .. } => ().into_any(),
        OrderStatusView::Declined(decline) => view! {
            <Fact label=texts::error_message(lang) value=decline.message/>
            <Fact label=texts::error_code(lang) value=decline.code code=true/>
        }
        .into_any(),
        OrderStatusView::AwaitingDeposit(account) => (
            fact(texts::bank(lang), account.bank_code),
            fact(texts::account_number(lang), account.account_number),
            fact(texts::account_holder(lang), account.holder),
            fact(texts::due_date(lang), account.due_date),
        )
            .into_any(),
        OrderStatusView::Paid(approval) => {
            (fact(texts::method(lang), approval.method), fact(texts::approved_at(lang), approval.approved_at.map(readable_time))).into_any()
        }
    }
}

fn way_on(lang: Lang, status: &OrderStatusView) -> AnyView {
    match status {
        OrderStatusView::Open | OrderStatusView::Declined(_) | OrderStatusView::Expired { .. } => {
            view! { <ButtonLink href=routes::CHECKOUT>{texts::back_to_checkout(lang)}</ButtonLink> }.into_any()
        }
        OrderStatusView::InDoubt { .. } | OrderStatusView::AwaitingDeposit(_) => ().into_any(),
        OrderStatusView::Paid(approval) => view! {
            <p class="links">
                {approval.receipt_url.clone().map(|url| view! { <a href=url rel="noreferrer" target="_blank">{texts::receipt(lang)}</a> })}
                <a href=routes::CHECKOUT>{texts::new_order(lang)}</a>
            </p>
        }
        .into_any(),
    }
}

/// `2026-11-23T14:05:09+09:00` is `2026-11-23 14:05:09`; anything else stays as it is.
fn readable_time(iso: String) -> String {
    match iso.split_once('T') {
        Some((date, time)) => format!("{date} {}", time.split(['+', 'Z', '.']).next().unwrap_or(time)),
        None => iso,
    }
}

#[cfg(test)]
mod tests {
    use super::readable_time;

    #[test]
    fn times_lose_what_shoppers_do_not_read() {
        assert_eq!(readable_time("2026-11-23T14:05:09+09:00".to_owned()), "2026-11-23 14:05:09");
        assert_eq!(readable_time("soon".to_owned()), "soon");
    }
}
