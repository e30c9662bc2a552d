//! The receipt, or where the order stands on its way there.

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
    Expired {
        /// A newer order of the same browser has taken its place.
        replaced: bool,
    },
}

/// What the receipt shows of a payment that went through, as Toss writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// How it was paid (`카드`), where Toss says.
    pub method: Option<String>,
    /// When (ISO 8601, `+09:00`).
    pub approved_at: Option<String>,
    /// Toss's receipt.
    pub receipt_url: Option<String>,
}

/// The account into which the shopper is to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositView {
    /// Toss's two-character bank code (Toss docs, institution codes).
    pub bank_code: Option<String>,
    /// The account's number.
    pub account_number: Option<String>,
    /// Whose name the account bears.
    pub holder: Option<String>,
    /// Until when, as Toss writes it.
    pub due_date: Option<String>,
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
            OrderStatusView::Declined(_) => texts::failed_title(lang),
            OrderStatusView::AwaitingDeposit(_) => texts::deposit_title(lang),
            OrderStatusView::Paid(_) => texts::paid_title(lang),
            OrderStatusView::Expired { .. } => texts::expired_title(lang),
        }
    }
}
