//! What pages are made of: orders and settings, turned into what a shopper may see.

use super::confirm::without_secret;
use super::context::Context;
use super::session::Session;
use super::visit::Visit;
use crate::domain::banks::bank_name;
use crate::domain::cart::Cart;
use crate::domain::customer::CustomerRequest;
use crate::domain::lang::Lang;
use crate::domain::methods::method_name;
use crate::server::amounts::in_words as amount;
use crate::server::details::Details;
use crate::server::korean_time::in_words;
use crate::view::checkout::CheckoutView;
use crate::view::order::{ApprovalView, DeclineView, DepositView, DeveloperView, ExpiredView, OrderStatusView, OrderView, RefundView};
use crate::view::visitor::CustomerKind;
use payment_engine::order::{Approval, Deposit, DepositAccount, Expiry, Progress, Refund, State, Transfer};
use payment_engine::toss_payments::Timestamp;
use payment_engine::{OrderRecord, StoreError};

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
///
/// # Errors
/// When the store fails.
pub async fn order(ctx: &Context, lang: Lang, record: &OrderRecord) -> Result<OrderView, StoreError> {
    let status = status(ctx, lang, record);
    let developer = if ctx.config.is_live() {
        None
    } else {
        let payment = ctx.engine.toss_answer(&record.order.id).await?.as_deref().and_then(without_secret);
        Some(DeveloperView {
            payment_key: record.state.attempt().map(|attempt| attempt.payment_key.expose().to_owned()),
            toss_answer: payment.map(|payment| format!("{payment:#}")),
        })
    };
    let total = amount(lang, record, record.order.total.amount());
    Ok(OrderView { lang, id: record.order.id.clone(), name: record.order.name.clone(), total, version: record.version, status, developer })
}

/// Where the order stands.
#[must_use]
pub fn status(ctx: &Context, lang: Lang, record: &OrderRecord) -> OrderStatusView {
    if ctx.engine.is_undecided(record) {
        let is_refused = matches!(&record.state, State::InDoubt { doubt, .. } if doubt.refused.is_some());
        let is_repeated = record.state.undecided().is_some_and(|attempt| attempt.renewals > 0);
        return OrderStatusView::InDoubt { trying_again: is_refused || is_repeated };
    }
    if record.state.is_payable() && !ctx.engine.is_payable(record) {
        return OrderStatusView::Expired(ExpiredView::OutOfTime);
    }
    match &record.state {
        State::Open => OrderStatusView::Open,
        State::Confirming { .. } | State::InDoubt { .. } => OrderStatusView::InDoubt { trying_again: false },
        State::Declined { decline, .. } => {
            OrderStatusView::Declined(DeclineView { code: decline.code.clone(), message: decline.message.clone() })
        }
        // After its deadline nobody is asked to transfer any more, whether or not Toss has been asked by then.
        State::AwaitingDeposit { account, .. } if account.is_overdue(ctx.engine.now_ms()) => {
            OrderStatusView::Expired(ExpiredView::NoDeposit)
        }
        State::AwaitingDeposit { account, reversed_at_ms, .. } => {
            OrderStatusView::AwaitingDeposit(deposit(ctx, lang, account, reversed_at_ms.is_some()))
        }
        State::Paid { approval, deposit, .. } => OrderStatusView::Paid(receipt(lang, record, approval, deposit.as_ref())),
        State::Expired { reason, .. } => OrderStatusView::Expired(match reason {
            Expiry::OutOfTime => ExpiredView::OutOfTime,
            Expiry::Replaced => ExpiredView::Replaced,
            Expiry::NoDeposit => ExpiredView::NoDeposit,
            Expiry::Canceled => ExpiredView::Canceled,
        }),
    }
}

fn deposit(ctx: &Context, lang: Lang, account: &DepositAccount, is_reversed: bool) -> DepositView {
    let named = |code: &String| bank_name(code, lang).map_or_else(|| code.clone(), str::to_owned);
    DepositView {
        bank: account.bank_code.as_ref().map(named),
        account_number: account.account_number.clone(),
        holder: account.holder.clone(),
        due: account.due_at_ms.map(|due_at_ms| in_words(due_at_ms, lang)),
        left_ms: account.due_at_ms.map(|due_at_ms| due_at_ms - ctx.engine.now_ms()),
        is_reversed,
    }
}

fn receipt(lang: Lang, record: &OrderRecord, approval: &Approval, deposit: Option<&Deposit>) -> ApprovalView {
    let balance = record.balance();
    // What was refused is the operator's; what was given back of other payments is not of this receipt.
    let is_shown = |refund: &&Refund| {
        let is_own = record.state.attempt().is_some_and(|attempt| attempt.payment_key == refund.payment_key);
        is_own && !refund.is_void && !matches!(refund.progress, Progress::Refused(_))
    };
    let refund = |refund: &Refund| {
        let at = match &refund.progress {
            Progress::Done { done_at: Some(at), .. } => Timestamp::new(at.as_str()).unix_ms(),
            Progress::Done { done_at: None, .. }
            | Progress::Asked
            | Progress::InDoubt { .. }
            | Progress::Pending
            | Progress::Refused(_) => None,
        };
        RefundView {
            amount: amount(lang, record, refund.amount.amount()),
            at: in_words(at.unwrap_or(refund.asked_at_ms), lang),
            reason: refund.reason.clone(),
            is_done: matches!(refund.progress, Progress::Done { .. }),
        }
    };
    let left = balance.paid.as_ref().and_then(|paid| paid.amount().checked_sub(balance.refunded));
    ApprovalView {
        method: approval.method.as_deref().map(|method| method_name(method, lang).to_owned()),
        approved_at: approval
            .approved_at
            .as_deref()
            .map(|at| Timestamp::new(at).unix_ms().map_or_else(|| at.to_owned(), |at_ms| in_words(at_ms, lang))),
        receipt_url: approval.receipt_url.clone(),
        // Nobody sends what has been given back.
        on_hold: deposit.is_some_and(|deposit| !deposit.has_stayed) && !balance.is_refunded(),
        refunds: record.refunds.iter().filter(is_shown).map(refund).collect(),
        left: left.filter(|_| !balance.refunded.is_zero()).map(|left| amount(lang, record, left)),
        is_refunded: balance.is_refunded(),
        is_sent_back: deposit.is_some_and(|deposit| deposit.account.transfer.is_some_and(Transfer::has_failed)),
        is_deposit: deposit.is_some(),
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
