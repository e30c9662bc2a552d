//! What programs read. Names are those of the messages that merchants get; none is ever renamed. Amounts are texts, exact to the
//! last decimal; times are Korea's. No payment key stands here whole, and no account that money goes back to.

mod backup;
mod books;

pub(super) use backup::BackedUpBody;
pub(super) use books::{Closed, FindingBody, Findings, PayOutBody, PayOuts, RanBooks, SettlementBody};

use super::table::masked;
use super::words::{came_of_it_word, event, event_words};
use crate::domain::lang::Lang;
use crate::server::details::Details;
use crate::server::korean_time::rfc3339;
use payment_engine::order::{Progress, Refund, State};
use payment_engine::outbox::Message;
use payment_engine::toss_payments::Amount;
use payment_engine::{CameOfIt, EventRecord, OrderRecord};
use serde::Serialize;
use toss_types::Beginning;

/// An order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    order_id: String,
    order_name: String,
    status: &'static str,
    currency: String,
    total: String,
    paid: String,
    refunded: String,
    /// What may be given back besides: nobody knows yet.
    refund_under_way: String,
    refundable: String,
    placed_at: String,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// Until when goods should not leave, after a deposit.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_until: Option<String>,
    /// Until when a deposit is waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    deposit_due: Option<String>,
    /// Why it was declined or has expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The beginning of it, as logs have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_key_begins: Option<String>,
    /// What it takes of things of which there are so many: goods, coupons.
    reserves: Vec<Taken>,
    /// Masked unless it was asked for; missing where it is forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<Customer>,
    version: i64,
}

#[derive(Serialize)]
struct Taken {
    sku: String,
    quantity: u32,
}

#[derive(Serialize)]
struct Customer {
    name: String,
    email: String,
    phone: String,
}

impl Order {
    /// With masked contact data.
    pub(super) fn of(record: &OrderRecord) -> Order {
        Order::with_contact(record, false)
    }

    /// `is_whole`: contact data as the buyer has typed it.
    pub(super) fn with_contact(record: &OrderRecord, is_whole: bool) -> Order {
        let (balance, more) = (record.balance(), More::of(record));
        let paid = balance.paid.as_ref().map_or_else(|| Amount::default().to_string(), |paid| paid.amount().to_string());
        let customer = Details::from_text(&record.order.details).ok().map(|details| {
            let customer = details.customer;
            let (name, email, phone) = if is_whole { (customer.name, customer.email, customer.phone) } else { masked(&customer) };
            Customer { name, email, phone }
        });
        Order {
            order_id: record.order.id.as_str().to_owned(),
            order_name: record.order.name.clone(),
            status: record.standing(),
            currency: record.order.total.currency().to_string(),
            total: record.order.total.amount().to_string(),
            paid,
            refunded: balance.refunded.to_string(),
            refund_under_way: balance.under_way.to_string(),
            refundable: balance.refundable.to_string(),
            placed_at: rfc3339(record.order.placed_at_ms),
            expires_at: rfc3339(record.order.expires_at_ms),
            method: more.method.map(str::to_owned),
            hold_until: more.hold_until_ms.map(rfc3339),
            deposit_due: more.deposit_due_ms.map(rfc3339),
            code: more.code.map(str::to_owned),
            payment_key_begins: record.state.attempt().map(|attempt| format!("{:?}", Beginning(attempt.payment_key.expose()))),
            reserves: record.order.reserves.iter().map(|one| Taken { sku: one.sku.clone(), quantity: one.quantity }).collect(),
            customer,
            version: record.version,
        }
    }

    /// What it takes, in a line.
    pub(super) fn taken(&self) -> String {
        self.reserves.iter().map(|one| format!("{} × {}", one.sku, one.quantity)).collect::<Vec<_>>().join(", ")
    }

    /// The buyer's masked name.
    pub(super) fn customer_name(&self) -> Option<&str> {
        self.customer.as_ref().map(|customer| customer.name.as_str())
    }

    /// The buyer's contact data in a line.
    pub(super) fn contact(&self) -> Option<String> {
        self.customer.as_ref().map(|customer| format!("{}, {}, {}", customer.name, customer.email, customer.phone))
    }
}

/// What is known besides in some states.
#[derive(Default)]
pub(super) struct More<'r> {
    /// How it was paid, in Toss's words.
    pub(super) method: Option<&'r str>,
    /// Until when goods should not leave, in ms since 1970 UTC.
    pub(super) hold_until_ms: Option<i64>,
    /// Until when a deposit is waited for, in ms since 1970 UTC.
    pub(super) deposit_due_ms: Option<i64>,
    /// Why it was declined or has expired.
    pub(super) code: Option<&'r str>,
}

impl More<'_> {
    pub(super) fn of(record: &OrderRecord) -> More<'_> {
        let more = More::default();
        match &record.state {
            State::Paid { approval, deposit, .. } => {
                let hold_until_ms = deposit
                    .as_ref()
                    .filter(|deposit| !deposit.has_stayed && !record.balance().is_refunded())
                    .map(|deposit| deposit.hold_until_ms);
                More { method: approval.method.as_deref(), hold_until_ms, ..more }
            }
            State::AwaitingDeposit { account, .. } => More { deposit_due_ms: account.due_at_ms, ..more },
            State::Declined { decline, .. } => More { code: Some(&decline.code), ..more },
            State::Expired { reason, .. } => More { code: Some(reason.word()), ..more },
            State::Open | State::Confirming { .. } | State::InDoubt { .. } => more,
        }
    }
}

/// A refund.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefundBody {
    id: String,
    amount: String,
    currency: String,
    status: &'static str,
    origin: &'static str,
    reason: String,
    /// Whether it took back an account that nobody had paid into: no money has moved.
    is_void: bool,
    asked_at: String,
    /// As Toss writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    done_at: Option<String>,
    /// Why Toss refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    toss_code: Option<String>,
}

impl RefundBody {
    pub(super) fn of(refund: &Refund) -> RefundBody {
        let (done_at, toss_code) = match &refund.progress {
            Progress::Done { done_at, .. } => (done_at.clone(), None),
            Progress::Refused(decline) => (None, Some(decline.code.clone())),
            Progress::Asked | Progress::InDoubt { .. } | Progress::Pending => (None, None),
        };
        RefundBody {
            id: refund.id.as_str().to_owned(),
            amount: refund.amount.amount().to_string(),
            currency: refund.amount.currency().to_string(),
            status: refund.progress.word(),
            origin: refund.origin.word(),
            reason: refund.reason.clone(),
            is_void: refund.is_void,
            asked_at: rfc3339(refund.asked_at_ms),
            done_at,
            toss_code,
        }
    }
}

/// Something that happened to an order.
#[derive(Serialize)]
pub(super) struct EventBody {
    seq: i64,
    at: String,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// In the operator's language.
    text: String,
}

impl EventBody {
    pub(super) fn of(lang: Lang, record: &EventRecord) -> EventBody {
        let (word, outcome) = event_words(&record.event);
        EventBody { seq: record.seq, at: rfc3339(record.at_ms), event: word, outcome, text: event(lang, &record.event) }
    }
}

/// A message that has not been delivered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessageBody {
    id: String,
    channel: String,
    order_id: String,
    r#type: &'static str,
    at: String,
    status: &'static str,
    tries: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
}

impl MessageBody {
    pub(super) fn of(message: &Message, is_dead: bool) -> MessageBody {
        MessageBody {
            id: message.id.clone(),
            channel: message.channel.clone(),
            order_id: message.order_id.as_str().to_owned(),
            r#type: message.kind.word(),
            at: rfc3339(message.at_ms),
            status: if is_dead { "dead" } else { "waiting" },
            tries: message.tries,
            last_error: message.last_error.clone(),
        }
    }
}

/// Of `orders list`.
#[derive(Serialize)]
pub(super) struct List {
    pub(super) orders: Vec<Order>,
}

/// Of `orders show`.
#[derive(Serialize)]
pub(super) struct Show {
    pub(super) order: Order,
    pub(super) refunds: Vec<RefundBody>,
    pub(super) settlements: Vec<SettlementBody>,
    pub(super) events: Vec<EventBody>,
    pub(super) messages: Vec<MessageBody>,
}

/// Of `orders check`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Check {
    came_of_it: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    disagreement: Option<String>,
    order: Order,
}

impl Check {
    pub(super) fn of(record: &OrderRecord, came: &CameOfIt) -> Check {
        let disagreement = match came {
            CameOfIt::Disagreement(what) => Some(what.clone()),
            CameOfIt::Changed | CameOfIt::NothingNew | CameOfIt::Undecided | CameOfIt::NothingToAsk => None,
        };
        Check { came_of_it: came_of_it_word(came), disagreement, order: Order::of(record) }
    }
}

/// Of `refund`.
#[derive(Serialize)]
pub(super) struct Refunded {
    /// Whether it was asked for before, and nothing was sent this time.
    pub(super) repeated: bool,
    pub(super) refund: RefundBody,
    pub(super) order: Order,
}

/// Of `outbox list`.
#[derive(Serialize)]
pub(super) struct Messages {
    pub(super) messages: Vec<MessageBody>,
}

/// Of `outbox replay`.
#[derive(Serialize)]
pub(super) struct Replayed {
    pub(super) replayed: u64,
}
