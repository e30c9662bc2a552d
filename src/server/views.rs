//! What pages are made of: orders and settings, turned into what a shopper may see.

use super::context::Context;
use super::session::Session;
use super::store::OrderRecord;
use super::visit::Visit;
use crate::domain::cart::Cart;
use crate::domain::customer::CustomerRequest;
use crate::domain::lang::Lang;
use crate::domain::step::State;
use crate::islands::checkout::CheckoutView;
use crate::pages::{CustomerKind, DeveloperView, OrderStatusView, OrderView};

/// The order sheet after the last order: filled in as that one was as long as it can be paid, else fresh.
#[must_use]
pub fn checkout(ctx: &Context, visit: &Visit, session: &Session, kind: CustomerKind, last: Option<OrderRecord>) -> CheckoutView {
    let (cart, customer) = match last.filter(|record| record.state.is_payable()).map(|record| record.order) {
        Some(order) => {
            (order.cart, CustomerRequest { name: order.customer.name, email: order.customer.email, phone: order.customer.phone })
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
        widget_url: ctx.toss.widget_url.clone(),
        sdk: ctx.config.sdk,
    }
}

/// The receipt.
#[must_use]
pub fn order(ctx: &Context, lang: Lang, record: &OrderRecord) -> OrderView {
    let status = status(record);
    let developer = (!ctx.config.is_live()).then(|| DeveloperView {
        payment_key: record.state.attempt().map(|attempt| attempt.payment_key.expose().to_owned()),
        toss_answer: record.toss_answer.as_deref().map(indented),
    });
    OrderView { lang, id: record.order.id.clone(), name: record.order.name.clone(), total: record.order.total, status, developer }
}

/// Where the order stands.
#[must_use]
pub fn status(record: &OrderRecord) -> OrderStatusView {
    match &record.state {
        State::Open => OrderStatusView::Open,
        State::Confirming(_) | State::Unknown(_) => OrderStatusView::InDoubt,
        State::Declined { decline, .. } => OrderStatusView::Declined(decline.clone()),
        State::AwaitingDeposit { account, .. } => OrderStatusView::AwaitingDeposit(account.clone()),
        State::Paid { approval, .. } => OrderStatusView::Paid(approval.clone()),
    }
}

fn indented(body: &str) -> String {
    serde_json::from_str::<serde_json::Value>(body)
        .ok()
        .and_then(|json| serde_json::to_string_pretty(&json).ok())
        .unwrap_or_else(|| body.to_owned())
}
