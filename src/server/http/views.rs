//! What pages are made of: orders and settings, turned into what a shopper may see.

use super::confirm::without_secret;
use super::context::Context;
use super::session::Session;
use super::visit::Visit;
use crate::domain::cart::Cart;
use crate::domain::customer::CustomerRequest;
use crate::domain::lang::Lang;
use crate::domain::texts;
use crate::server::details::Details;
use crate::view::checkout::CheckoutView;
use crate::view::order::{ApprovalView, DeclineView, DepositView, DeveloperView, OrderStatusView, OrderView};
use crate::view::visitor::CustomerKind;
use payment_engine::OrderRecord;
use payment_engine::order::{Expiry, State};

/// The order sheet after the last order: filled in as that one was where it has not been paid, else fresh.
#[must_use]
pub fn checkout(ctx: &Context, visit: &Visit, session: &Session, kind: CustomerKind, last: Option<OrderRecord>) -> CheckoutView {
    let is_unpaid = |state: &State| match state {
        State::Open | State::Declined { .. } | State::Expired { .. } => true,
        State::Confirming { .. } | State::InDoubt { .. } | State::AwaitingDeposit { .. } | State::Paid { .. } => false,
    };
    let last = last.filter(|record| is_unpaid(&record.state)).and_then(|record| details(&record));
    let (cart, customer) = match last {
        Some(Details { cart, customer, .. }) => {
            (cart, CustomerRequest { name: customer.name, email: customer.email, phone: customer.phone })
        }
        None => (Cart::demo().to_request(), kind.known_contact()),
    };
    CheckoutView {
        lang: visit.lang,
        cart,
        customer,
        customer_key: match kind {
            CustomerKind::Member => Some(ctx.sessions.customer_key(session)),
            CustomerKind::Guest => None,
        },
        client_key: ctx.toss.client_key.clone(),
        widget_url: ctx.toss.url.clone(),
        sdk: ctx.config.sdk,
    }
}

/// The receipt.
#[must_use]
pub fn order(ctx: &Context, lang: Lang, record: &OrderRecord) -> OrderView {
    let status = status(ctx, record);
    let developer = (!ctx.config.is_live()).then(|| DeveloperView {
        payment_key: record.state.attempt().map(|attempt| attempt.payment_key.expose().to_owned()),
        toss_answer: record.toss_answer.as_deref().and_then(without_secret).map(|payment| format!("{payment:#}")),
    });
    let total = &record.order.total;
    let total = total.as_won().map_or_else(|| total.to_string(), |won| texts::won(lang, won));
    OrderView { lang, id: record.order.id.clone(), name: record.order.name.clone(), total, status, developer }
}

/// Where the order stands.
#[must_use]
pub fn status(ctx: &Context, record: &OrderRecord) -> OrderStatusView {
    if ctx.engine.is_undecided(record) {
        let is_refused = matches!(&record.state, State::InDoubt { doubt, .. } if doubt.refused.is_some());
        let is_repeated = record.state.undecided().is_some_and(|attempt| attempt.renewals > 0);
        return OrderStatusView::InDoubt { trying_again: is_refused || is_repeated };
    }
    if record.state.is_payable() && !ctx.engine.is_payable(record) {
        return OrderStatusView::Expired { replaced: false };
    }
    match &record.state {
        State::Open => OrderStatusView::Open,
        State::Confirming { .. } | State::InDoubt { .. } => OrderStatusView::InDoubt { trying_again: false },
        State::Declined { decline, .. } => {
            OrderStatusView::Declined(DeclineView { code: decline.code.clone(), message: decline.message.clone() })
        }
        State::AwaitingDeposit { account, .. } => OrderStatusView::AwaitingDeposit(DepositView {
            bank_code: account.bank_code.clone(),
            account_number: account.account_number.clone(),
            holder: account.holder.clone(),
            due_date: account.due_date.clone(),
        }),
        State::Paid { approval, .. } => OrderStatusView::Paid(ApprovalView {
            method: approval.method.clone(),
            approved_at: approval.approved_at.clone(),
            receipt_url: approval.receipt_url.clone(),
        }),
        State::Expired { reason, .. } => OrderStatusView::Expired { replaced: *reason == Expiry::Replaced },
    }
}

/// What the shop had kept with the order. Details of another version are left out: the sheet begins afresh.
fn details(record: &OrderRecord) -> Option<Details> {
    let order_id = &record.order.id;
    Details::from_text(&record.order.details)
        // Its own words would quote the details, which say who bought.
        .map_err(
            |error| tracing::warn!(%order_id, kind = ?error.classify(), column = error.column(), "the details of an order cannot be read"),
        )
        .ok()
}
