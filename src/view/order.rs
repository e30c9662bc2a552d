//! The receipt, or where the order stands on its way there.

use crate::domain::failure::told;
use crate::domain::lang::Lang;
use crate::domain::texts;
use serde::{Deserialize, Serialize};
use toss_types::OrderId;

/// What the receipt shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrderView {
    /// The language.
    pub lang: Lang,
    /// The number of the order.
    pub id: OrderId,
    /// What was bought.
    pub name: String,
    /// What it costs, as the shopper reads it.
    pub total: String,
    /// How many events it has had: who waits for news waits for more.
    pub version: i64,
    /// Where it stands.
    pub status: OrderStatusView,
    /// For developers; never in live mode.
    pub developer: Option<DeveloperView>,
}

/// Where an order stands, as far as it is the shopper's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderStatusView {
    /// Nobody has tried to pay it.
    Open,
    /// Being checked.
    InDoubt {
        /// Toss has refused for a reason that passes, has charged nothing, and is being asked again.
        trying_again: bool,
    },
    /// Not charged.
    Declined(DeclineView),
    /// Waiting for a deposit.
    AwaitingDeposit(DepositView),
    /// Charged.
    Paid(ApprovalView),
    /// Not charged, and not payable any more.
    Expired(ExpiredView),
}

/// Why an order cannot be paid any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExpiredView {
    /// It was not paid in time.
    OutOfTime,
    /// A newer order of the same browser has taken its place.
    Replaced,
    /// Nobody has paid into its account in time.
    NoDeposit,
    /// Its account was taken back before anybody had paid into it.
    Canceled,
}

/// What the receipt shows of a payment that went through, as Toss writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// How it was paid (`카드`), where Toss says.
    pub method: Option<String>,
    /// When, in words.
    pub approved_at: Option<String>,
    /// Toss's receipt.
    pub receipt_url: Option<String>,
    /// Whether goods wait because the bank may still take the deposit back.
    pub on_hold: bool,
    /// What was given back, oldest first, and what is to be.
    pub refunds: Vec<RefundView>,
    /// What is left of the payment, as the shopper reads it, where something was given back.
    pub left: Option<String>,
    /// Whether nothing is left.
    pub is_refunded: bool,
    /// Whether the bank has not taken the transfer that gives the money back.
    pub is_sent_back: bool,
    /// Whether it was paid into a virtual account: refunds go to an account then.
    pub is_deposit: bool,
}

/// A refund as the receipt shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundView {
    /// How much, as the shopper reads it.
    pub amount: String,
    /// When, in words.
    pub at: String,
    /// Why.
    pub reason: String,
    /// Whether it has gone through; it is under way otherwise.
    pub is_done: bool,
}

/// The account into which the shopper is to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositView {
    /// The bank's name; its code where the name is not known.
    pub bank: Option<String>,
    /// The account's number.
    pub account_number: Option<String>,
    /// Whose name the account bears.
    pub holder: Option<String>,
    /// Until when, in words.
    pub due: Option<String>,
    /// How long there is, in ms; `None` where there is no deadline.
    pub left_ms: Option<i64>,
    /// Whether a deposit has been taken back by the bank.
    pub is_reversed: bool,
}

/// Why Toss did not charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclineView {
    /// Toss's error code.
    pub code: String,
    /// Toss's message, to be shown as text and never to be interpreted.
    pub message: String,
}

/// What the developer panel shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeveloperView {
    /// Toss's name of the payment.
    pub payment_key: Option<String>,
    /// The latest body that Toss sent, indented.
    pub toss_answer: Option<String>,
}

impl OrderStatusView {
    /// The heading, and what the browser's tab says.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        match self {
            OrderStatusView::Open => texts::open_title(lang),
            OrderStatusView::InDoubt { .. } => texts::in_doubt_title(lang),
            OrderStatusView::Declined(decline) => told(&decline.code, lang).map_or(texts::failed_title(lang), |(title, _)| title),
            OrderStatusView::AwaitingDeposit(deposit) if deposit.is_reversed => texts::reversed_title(lang),
            OrderStatusView::AwaitingDeposit(_) => texts::deposit_title(lang),
            OrderStatusView::Paid(approval) if approval.is_refunded => texts::refunded_title(lang),
            OrderStatusView::Paid(_) => texts::paid_title(lang),
            OrderStatusView::Expired(ExpiredView::OutOfTime | ExpiredView::Replaced) => texts::expired_title(lang),
            OrderStatusView::Expired(ExpiredView::NoDeposit) => texts::no_deposit_title(lang),
            OrderStatusView::Expired(ExpiredView::Canceled) => texts::canceled_title(lang),
        }
    }

    /// Whether something may come of it while somebody looks at the page.
    #[must_use]
    pub fn is_live(&self) -> bool {
        match self {
            OrderStatusView::InDoubt { .. } | OrderStatusView::AwaitingDeposit(_) => true,
            OrderStatusView::Paid(approval) => approval.on_hold || approval.refunds.iter().any(|refund| !refund.is_done),
            OrderStatusView::Open | OrderStatusView::Declined(_) | OrderStatusView::Expired(_) => false,
        }
    }
}
