//! What the bank, the shopper at the bank, and an operator do to a payment. No call of the API does.

use axum::http::StatusCode;

use super::{MAX_TRANSITIONS, Payment, Stage, Status, Trigger};
use crate::{clock::UnixMs, error::ApiError, ids, money::Money};

/// Why a payment cannot be moved by hand, by the bank or by an operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum CannotMove {
    #[error("the payment is {}, only WAITING_FOR_DEPOSIT takes a deposit", .0.as_str())]
    NotWaiting(Status),
    #[error("the deadline of the virtual account has passed")]
    DeadlinePassed,
    #[error("the payment is {}, only a deposit (DONE, nothing cancelled) can be taken back", .0.as_str())]
    NotDeposited(Status),
    #[error("the payment is {}, only READY, IN_PROGRESS and WAITING_FOR_DEPOSIT have a deadline", .0.as_str())]
    NoDeadline(Status),
    #[error("a confirm is working on the payment")]
    Busy,
    #[error("no cancel of the payment is under way")]
    NoCancel,
    #[error("the payment has changed {MAX_TRANSITIONS} times, which is as much as is remembered")]
    TooOften,
}

impl From<CannotMove> for ApiError {
    fn from(error: CannotMove) -> Self {
        Self::other(StatusCode::CONFLICT, "CANNOT_MOVE_PAYMENT", error.to_string(), error.to_string())
    }
}

impl Payment {
    /// Lets the deadline of the payment pass now, whatever the clock says.
    pub(crate) fn expire(&mut self, now: UnixMs) -> Result<(), CannotMove> {
        self.settle(now);
        match &mut self.stage {
            Stage::InProgress { confirming: true, .. } => Err(CannotMove::Busy),
            Stage::Ready | Stage::InProgress { .. } => {
                self.enter(Stage::Expired, Trigger::TimedOut, now);
                Ok(())
            }
            Stage::Waiting { account } => {
                account.due = account.due.min(now);
                Ok(())
            }
            Stage::Withdrawn { .. } | Stage::Charged { .. } | Stage::Aborted { .. } | Stage::Expired => {
                Err(CannotMove::NoDeadline(self.status()))
            }
        }
    }

    /// The shopper pays the whole amount into the virtual account. Gives what has moved.
    pub(crate) fn deposit(&mut self, now: UnixMs) -> Result<Money, CannotMove> {
        self.settle(now);
        let Stage::Waiting { account } = &self.stage else {
            return Err(CannotMove::NotWaiting(self.status()));
        };
        if account.is_expired(now) {
            return Err(CannotMove::DeadlinePassed);
        }
        if self.timeline.len() >= MAX_TRANSITIONS {
            return Err(CannotMove::TooOften);
        }
        let account = Some(account.clone());
        let stage = Stage::Charged { at: now, transaction_key: ids::transaction_key(), account, cancels: Vec::new() };
        self.enter(stage, Trigger::Deposited, now);
        Ok(self.order.amount)
    }

    /// The bank takes the deposit back: the payment waits again (Toss docs). Gives what has moved.
    pub(crate) fn reverse_deposit(&mut self, now: UnixMs) -> Result<Money, CannotMove> {
        self.settle(now);
        let Stage::Charged { account: Some(account), cancels, .. } = &self.stage else {
            return Err(CannotMove::NotDeposited(self.status()));
        };
        if !cancels.is_empty() {
            return Err(CannotMove::NotDeposited(self.status()));
        }
        if self.timeline.len() >= MAX_TRANSITIONS {
            return Err(CannotMove::TooOften);
        }
        let stage = Stage::Waiting { account: account.clone() };
        self.enter(stage, Trigger::DepositReversed, now);
        Ok(self.order.amount)
    }
}
