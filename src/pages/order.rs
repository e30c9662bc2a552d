//! `/orders/{id}`: the receipt, or where the order stands on its way there.

use crate::components::card::{ButtonLink, Card};
use crate::components::copy_button::CopyButton;
use crate::components::developer::DeveloperPanel;
use crate::components::facts::Fact;
use crate::components::reason::{Reason, next_step};
use crate::domain::lang::Lang;
use crate::domain::{routes, texts};
use crate::islands::order_status::{Countdown, OrderWatch};
use crate::view::order::{ApprovalView, DepositView, ExpiredView, OrderStatusView, OrderView};
use crate::view::watch::{CountdownView, WatchView};
use crate::wire;
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
            {introduction(lang, &id, order.version, &status, Some(&order.total))}
            <dl class="facts">
                <Fact label=amount_label(lang, &status) value=order.total strong=true/>
                <Fact label=texts::order_name(lang) value=order.name/>
                <Fact label=texts::order_number(lang) value=order.id.to_string() code=true/>
                {details(lang, status.clone())}
            </dl>
            {refunds(lang, &status)}
            {way_on(lang, &status)}
        </Card>
        {order.developer.map(|developer| view! { <DeveloperPanel lang developer/> })}
    }
}

/// How the order stands and nothing else: whoever came back with the payment may know that, the rest is for the browser
/// that placed the order.
#[component]
pub fn ElsewherePage(lang: Lang, id: OrderId, status: OrderStatusView, version: i64) -> impl IntoView {
    let title = status.title(lang);
    let text = match &status {
        OrderStatusView::Paid(_) => view! { <p>{texts::elsewhere_text(lang)}</p> }.into_any(),
        OrderStatusView::AwaitingDeposit(_) => view! { <p>{texts::elsewhere_deposit(lang)}</p> }.into_any(),
        OrderStatusView::Open | OrderStatusView::InDoubt { .. } | OrderStatusView::Declined(_) | OrderStatusView::Expired(_) => {
            introduction(lang, &id, version, &status, None)
        }
    };
    let alert = matches!(status, OrderStatusView::Declined(_));
    view! { <Card title alert>{text}</Card> }
}

/// What the amount is: nobody has paid it where nobody has paid.
fn amount_label(lang: Lang, status: &OrderStatusView) -> &'static str {
    match status {
        OrderStatusView::Paid(_) => texts::paid_amount(lang),
        OrderStatusView::AwaitingDeposit(_) => texts::amount_to_transfer(lang),
        OrderStatusView::Open | OrderStatusView::InDoubt { .. } | OrderStatusView::Declined(_) | OrderStatusView::Expired(_) => {
            texts::order_total(lang)
        }
    }
}

fn introduction(lang: Lang, id: &OrderId, version: i64, status: &OrderStatusView, total: Option<&str>) -> AnyView {
    let watch = |seen: Option<i64>| view! { {wire::hand_over(WatchView { lang, id: id.clone(), seen })}<OrderWatch/> };
    match status {
        OrderStatusView::Open => view! { <p>{texts::open_text(lang)}</p> }.into_any(),
        OrderStatusView::InDoubt { trying_again } => {
            let text = if *trying_again { texts::trying_again_text(lang) } else { texts::in_doubt_text(lang) };
            view! {
                <div>
                    <p class="in-doubt">
                        <span class="spinner" aria-hidden="true"></span>
                        {text}
                    </p>
                    {watch(None)}
                </div>
            }
            .into_any()
        }
        OrderStatusView::Declined(_) => view! { <p>{texts::failed_text(lang)}</p> }.into_any(),
        OrderStatusView::AwaitingDeposit(deposit) => {
            let reversed = deposit.is_reversed.then(|| view! { <p class="warning">{texts::reversed_text(lang)}</p> });
            let what = texts::deposit_text(lang, total.unwrap_or_default(), deposit.due.as_deref());
            view! {
                <div>
                    {reversed}
                    <p>{what}</p>
                    <p class="quiet">{texts::deposit_live(lang)}</p>
                    {watch(Some(version))}
                </div>
            }
            .into_any()
        }
        OrderStatusView::Paid(approval) if status.is_live() => {
            let hold = approval.on_hold.then(|| view! { <p>{texts::hold_text(lang)}</p> });
            view! { <div>{hold}{watch(Some(version))}</div> }.into_any()
        }
        OrderStatusView::Paid(_) => ().into_any(),
        OrderStatusView::Expired(why) => {
            let text = match why {
                ExpiredView::OutOfTime => texts::expired_text(lang),
                ExpiredView::Replaced => texts::replaced_text(lang),
                ExpiredView::NoDeposit => texts::no_deposit_text(lang),
                ExpiredView::Canceled => texts::canceled_text(lang),
            };
            view! { <p>{text}</p> }.into_any()
        }
    }
}

fn details(lang: Lang, status: OrderStatusView) -> AnyView {
    let fact = |label: &'static str, value: Option<String>| value.map(|value| view! { <Fact label value/> });
    match status {
        OrderStatusView::Open | OrderStatusView::InDoubt { .. } | OrderStatusView::Declined(_) | OrderStatusView::Expired(_) => {
            ().into_any()
        }
        OrderStatusView::AwaitingDeposit(deposit) => account(lang, deposit).into_any(),
        OrderStatusView::Paid(approval) => {
            (fact(texts::method(lang), approval.method), fact(texts::approved_at(lang), approval.approved_at)).into_any()
        }
    }
}

/// Where to transfer to, and how long there is.
fn account(lang: Lang, deposit: DepositView) -> impl IntoView {
    let fact = |label: &'static str, value: Option<String>| value.map(|value| view! { <Fact label value/> });
    let number = deposit.account_number.map(|number| {
        view! {
            <div class="fact">
                <dt>{texts::account_number(lang)}</dt>
                <dd class="code copied">
                    <span class="whole">{number.clone()}</span>
                    <CopyButton lang text=number/>
                </dd>
            </div>
        }
    });
    let left = deposit.left_ms.map(|left_ms| {
        view! {
            <div class="fact">
                <dt>{texts::time_left(lang)}</dt>
                <dd>{wire::hand_over(CountdownView { lang, left_ms })}<Countdown/></dd>
            </div>
        }
    });
    (
        fact(texts::bank(lang), deposit.bank),
        number,
        fact(texts::account_holder(lang), deposit.holder),
        fact(texts::due_date(lang), deposit.due),
        left,
    )
}

/// What was given back, what is left, and where the money goes.
fn refunds(lang: Lang, status: &OrderStatusView) -> Option<impl IntoView + use<>> {
    let OrderStatusView::Paid(ApprovalView { refunds, left, is_deposit, is_sent_back, .. }) = status else { return None };
    if refunds.is_empty() {
        return None;
    }
    let rows = refunds.iter().map(|refund| {
        let said = if refund.is_done { texts::refund_done(lang) } else { texts::refund_pending(lang) };
        view! {
            <li>
                <span class="refund-amount">{refund.amount.clone()}</span>
                <span class="refund-said">{said}</span>
                <span class="refund-about">{format!("{} · {}", refund.at, refund.reason)}</span>
            </li>
        }
    });
    let where_to = if *is_sent_back {
        texts::refund_sent_back(lang)
    } else if *is_deposit {
        texts::refund_by_account(lang)
    } else {
        texts::refund_by_card(lang)
    };
    Some(view! {
        <section class="refunds">
            <h2>{texts::refunds(lang)}</h2>
            <ul>{rows.collect_view()}</ul>
            {left.clone().map(|left| view! {
                <dl class="facts"><Fact label=texts::remaining(lang) value=left strong=true/></dl>
            })}
            <p class="quiet">{where_to}</p>
        </section>
    })
}

fn way_on(lang: Lang, status: &OrderStatusView) -> AnyView {
    match status {
        OrderStatusView::Open | OrderStatusView::Expired(_) => {
            view! { <ButtonLink href=routes::CHECKOUT>{texts::back_to_checkout(lang)}</ButtonLink> }.into_any()
        }
        OrderStatusView::Declined(decline) => {
            let step = next_step(lang, &decline.code);
            view! {
                <ButtonLink href=routes::CHECKOUT>{step}</ButtonLink>
                <Reason lang code=decline.code.clone() message=decline.message.clone()/>
            }
            .into_any()
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
