//! Toss, as far as one order of two payments needs it.

use super::{AMOUNT, ORDER, id_of, key_of};
use crate::order::{Attempt, Refund};
use serde::Serialize;
use toss_payments::{Class, Error, ErrorCode, Payment, Rejected, Response, UnknownCause, UnknownOutcome};

/// How long after the shopper's approval Toss takes a confirm, in ms.
const SESSION_MS: i64 = 10 * 60_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
enum Standing {
    InProgress,
    Done,
    Aborted,
}

/// A cancel that has happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct Canceled {
    pub(super) request: String,
    key: String,
    pub(super) amount: u32,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct AtToss {
    standing: Standing,
    approved_at_ms: i64,
    /// Answered with a refusal that says nothing about the payment: Toss repeats it under that key.
    refused: Vec<String>,
    /// By which key it was decided: what comes under another one is answered otherwise.
    decided_by: Option<String>,
    /// How often money has moved.
    pub(super) charges: u32,
    pub(super) cancels: Vec<Canceled>,
}

/// What has left for Toss, and of which nobody will hear whether it has arrived.
#[derive(Clone, Serialize)]
pub(super) enum Late {
    Confirm { payment: usize, key: String },
    Cancel { payment: usize, refund: Box<Refund> },
}

pub(super) type Answer = Result<Response<Payment>, Error>;

/// What Toss may make of a confirm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Whim {
    Approve,
    Decline,
    /// For a reason that passes.
    Refuse,
}

impl AtToss {
    pub(super) fn approved(at_ms: i64) -> AtToss {
        AtToss {
            standing: Standing::InProgress,
            approved_at_ms: at_ms,
            refused: Vec::new(),
            decided_by: None,
            charges: 0,
            cancels: Vec::new(),
        }
    }

    pub(super) fn session_ends_ms(&self) -> i64 {
        self.approved_at_ms + SESSION_MS
    }

    pub(super) fn is_charged(&self) -> bool {
        self.standing == Standing::Done
    }

    /// Whether it is open what Toss says to a confirm.
    pub(super) fn has_a_choice(&self, key: &str, now_ms: i64) -> bool {
        self.standing == Standing::InProgress && now_ms < self.session_ends_ms() && !self.refused.iter().any(|refused| refused == key)
    }

    pub(super) fn balance(&self) -> u32 {
        let charged = if self.is_charged() { AMOUNT } else { 0 };
        charged - self.cancels.iter().map(|cancel| cancel.amount).sum::<u32>()
    }

    pub(super) fn confirm(&mut self, number: usize, key: &str, now_ms: i64, whim: Whim) -> Answer {
        if self.refused.iter().any(|refused| refused == key) {
            return Err(rejected(400, ErrorCode::ProviderError, Class::Unknown));
        }
        let is_of_this_key = self.decided_by.as_deref() == Some(key);
        match self.standing {
            Standing::Done if is_of_this_key => Ok(self.shown(number, now_ms)),
            Standing::Done => Err(rejected(400, ErrorCode::AlreadyProcessedPayment, Class::State)),
            Standing::Aborted if is_of_this_key => Err(rejected(403, ErrorCode::RejectCardCompany, Class::Declined)),
            Standing::Aborted => Err(rejected(404, ErrorCode::NotFoundPaymentSession, Class::Expired)),
            Standing::InProgress if now_ms >= self.session_ends_ms() => {
                Err(rejected(404, ErrorCode::NotFoundPaymentSession, Class::Expired))
            }
            Standing::InProgress => match whim {
                Whim::Approve => {
                    (self.standing, self.decided_by) = (Standing::Done, Some(key.to_owned()));
                    self.charges += 1;
                    Ok(self.shown(number, now_ms))
                }
                Whim::Decline => {
                    (self.standing, self.decided_by) = (Standing::Aborted, Some(key.to_owned()));
                    Err(rejected(403, ErrorCode::RejectCardCompany, Class::Declined))
                }
                Whim::Refuse => {
                    self.refused.push(key.to_owned());
                    Err(rejected(400, ErrorCode::ProviderError, Class::Unknown))
                }
            },
        }
    }

    /// Toss cancels nothing where its balance is another one than it was told.
    pub(super) fn cancel(&mut self, number: usize, refund: &Refund, now_ms: i64) -> Answer {
        let key = refund.idempotency_key.as_ref().map(|key| key.expose().to_owned()).unwrap_or_default();
        if self.cancels.iter().any(|cancel| cancel.key == key) {
            return Ok(self.shown(number, now_ms));
        }
        if won(&refund.balance_before) != self.balance() || won(&refund.amount) > self.balance() {
            return Err(rejected(400, ErrorCode::NotMatchesRefundableAmount, Class::State));
        }
        self.cancels.push(Canceled { request: refund.id.to_string(), key, amount: won(&refund.amount) });
        Ok(self.shown(number, now_ms))
    }

    pub(super) fn shown(&self, number: usize, now_ms: i64) -> Response<Payment> {
        let status = match self.standing {
            Standing::InProgress if now_ms >= self.session_ends_ms() => "EXPIRED",
            Standing::InProgress => "IN_PROGRESS",
            Standing::Aborted => "ABORTED",
            Standing::Done if self.cancels.is_empty() => "DONE",
            Standing::Done if self.balance() == 0 => "CANCELED",
            Standing::Done => "PARTIAL_CANCELED",
        };
        let mut left = AMOUNT;
        let cancels: Vec<serde_json::Value> = self
            .cancels
            .iter()
            .map(|cancel| {
                left -= cancel.amount;
                serde_json::json!({
                    "cancelAmount": cancel.amount, "cancelRequestId": cancel.request, "refundableAmount": left, "cancelStatus": "DONE",
                    "transactionKey": format!("transaction-{}", cancel.key), "canceledAt": "2026-11-27T10:00:00+09:00",
                })
            })
            .collect();
        let approved_at = self.is_charged().then_some("2026-11-27T09:00:00+09:00");
        let body = serde_json::json!({
            "paymentKey": key_of(number).expose(), "orderId": id_of(ORDER).as_str(), "status": status, "totalAmount": AMOUNT, "currency": "KRW",
            "balanceAmount": self.balance(), "approvedAt": approved_at, "method": "카드", "cancels": cancels,
        });
        let raw = body.to_string();
        Response::new(Payment::from_json(&raw).expect("a payment"), raw)
    }
}

pub(super) fn won(money: &toss_payments::Money) -> u32 {
    money.amount().to_string().parse().expect("whole won")
}

pub(super) fn unanswered() -> Error {
    UnknownOutcome::new(UnknownCause::TimedOut).into()
}

fn rejected(status: u16, code: ErrorCode, class: Class) -> Error {
    let mut rejected = Rejected::new(status, code, class);
    rejected.raw = "{}".to_owned();
    rejected.into()
}

pub(super) fn key_text(attempt: &Attempt) -> String {
    attempt.idempotency_key.expose().to_owned()
}
