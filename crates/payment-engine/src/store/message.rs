//! What merchants and shoppers are told of an order, as it waits to be delivered.

use super::record::OrderRecord;
use crate::order::{NoticeKind, Progress, Refund, Reserve, State};
use serde::Serialize;
use std::fmt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use toss_types::OrderId;

/// A message about an order, on one way of telling it. Printing leaves out the body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Its id, the same on every way and at every try: whoever has it already has it twice.
    pub id: String,
    /// The way on which it is told.
    pub channel: String,
    /// Of which order.
    pub order_id: OrderId,
    /// What happened.
    pub kind: NoticeKind,
    /// JSON: `type`, `timestamp` and `data`. It says how the order stood when it happened, not how it stands.
    pub body: String,
    /// When it happened, in ms since 1970 UTC.
    pub at_ms: i64,
    /// How often it has been tried in vain.
    pub tries: u32,
    /// Why the last try was in vain.
    pub last_error: Option<String>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("kind", &self.kind)
            .field("tries", &self.tries)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// The longest pause that lies ahead of a message, in ms. One that lies further ahead comes of a clock that was set back.
    pub const LONGEST_PAUSE_MS: i64 = 16 * 60 * 60_000;

    /// That message, never tried so far.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        channel: impl Into<String>,
        order_id: OrderId,
        kind: NoticeKind,
        body: impl Into<String>,
        at_ms: i64,
    ) -> Message {
        Message { id: id.into(), channel: channel.into(), order_id, kind, body: body.into(), at_ms, tries: 0, last_error: None }
    }

    /// The body of a message: how the order stands, without payment keys, accounts, or whose it is.
    #[must_use]
    pub fn body_of(kind: NoticeKind, record: &OrderRecord, at_ms: i64) -> String {
        let balance = record.balance();
        let (mut method, mut hold_until, mut deposit_due, mut code) = (None, None, None, None);
        match &record.state {
            State::Paid { approval, deposit, .. } => {
                method = approval.method.as_deref();
                // Nobody sends what has been given back.
                hold_until = deposit.as_ref().filter(|_| !balance.is_refunded()).map(|deposit| rfc3339(deposit.hold_until_ms));
            }
            State::AwaitingDeposit { account, .. } => deposit_due = account.due_at_ms.map(rfc3339),
            State::Declined { decline, .. } => code = Some(decline.code.as_str()),
            State::Expired { reason, .. } => code = Some(reason.word()),
            State::Open | State::Confirming { .. } | State::InDoubt { .. } => {}
        }
        let refund = |refund: &'_ Refund| -> bool { !refund.is_void };
        let body = Body {
            r#type: kind.word(),
            timestamp: rfc3339(at_ms),
            data: Data {
                order_id: record.order.id.as_str(),
                order_name: &record.order.name,
                status: record.standing(),
                currency: record.order.total.currency().as_str(),
                total: record.order.total.amount().to_string(),
                paid: balance.paid.map_or_else(|| "0".to_owned(), |paid| paid.amount().to_string()),
                refunded: balance.refunded.to_string(),
                refundable: balance.refundable.to_string(),
                method,
                hold_until,
                deposit_due,
                code,
                refunds: record.refunds.iter().filter(|one| refund(one)).map(RefundData::of).collect(),
                reserves: &record.order.reserves,
                version: record.version,
            },
        };
        serde_json::to_string(&body).expect("invariant: texts and numbers are JSON")
    }
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    order_id: &'a str,
    order_name: &'a str,
    /// By [`OrderRecord::standing`].
    status: &'static str,
    currency: &'a str,
    total: String,
    paid: String,
    refunded: String,
    refundable: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    /// Until when goods should not leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_until: Option<String>,
    /// Until when a deposit is waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    deposit_due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    refunds: Vec<RefundData<'a>>,
    /// What it takes of things of which there are so many: goods, coupons.
    reserves: &'a [Reserve],
    /// How many events the order has had: what comes late is told from what is new.
    version: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundData<'a> {
    id: &'a str,
    amount: String,
    status: &'static str,
    origin: &'static str,
    reason: &'a str,
}

impl<'a> RefundData<'a> {
    fn of(refund: &'a Refund) -> RefundData<'a> {
        let status = match &refund.progress {
            Progress::Asked | Progress::InDoubt { .. } | Progress::Pending => "pending",
            Progress::Done { .. } => "done",
            Progress::Refused(_) => "refused",
        };
        RefundData {
            id: refund.id.as_str(),
            amount: refund.amount.amount().to_string(),
            status,
            origin: refund.origin.word(),
            reason: &refund.reason,
        }
    }
}

fn rfc3339(at_ms: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(&Rfc3339).expect("invariant: a time in UTC can be written")
}
