//! What may happen to a virtual account and to a deposit into it.

use crate::order::attempt::{Deposit, DepositAccount, Transfer};
use crate::order::event::Illegal;
use crate::order::refunds::Refunds;
use crate::order::state::{Expiry, State};
use toss_types::PaymentKey;

/// The bank has taken the deposit back: the only way on which an order goes back.
pub(super) fn reverse(state: &State, payment_key: &PaymentKey, at_ms: i64) -> Result<State, Illegal> {
    match state {
        State::Paid { attempt, deposit: Some(deposit), .. } if attempt.payment_key == *payment_key => {
            Ok(State::AwaitingDeposit { attempt: attempt.clone(), account: deposit.account.clone(), reversed_at_ms: Some(at_ms) })
        }
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => Err(Illegal::NotAwaited),
    }
}

pub(super) fn stay(state: &State, payment_key: &PaymentKey) -> Result<State, Illegal> {
    match state {
        State::Paid { attempt, approval, deposit: Some(deposit) } if attempt.payment_key == *payment_key && !deposit.is_final => {
            let deposit = Some(Deposit { has_stayed: true, is_final: deposit.has_stayed, ..deposit.clone() });
            Ok(State::Paid { attempt: attempt.clone(), approval: approval.clone(), deposit })
        }
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => Err(Illegal::NothingNew),
    }
}

pub(super) fn transferred(state: &State, payment_key: &PaymentKey, transfer: Transfer) -> Result<State, Illegal> {
    match state {
        State::Paid { attempt, approval, deposit: Some(deposit) }
            if attempt.payment_key == *payment_key && deposit.account.transfer != Some(transfer) =>
        {
            let account = DepositAccount { transfer: Some(transfer), ..deposit.account.clone() };
            let deposit = Some(Deposit { account, ..deposit.clone() });
            Ok(State::Paid { attempt: attempt.clone(), approval: approval.clone(), deposit })
        }
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => Err(Illegal::NothingNew),
    }
}

pub(super) fn run_out(state: &State, refunds: &Refunds, payment_key: &PaymentKey) -> Result<State, Illegal> {
    match state {
        State::AwaitingDeposit { attempt, .. } if attempt.payment_key == *payment_key && refunds.under_way().is_none() => {
            Ok(State::Expired { reason: Expiry::NoDeposit, attempt: Some(attempt.clone()) })
        }
        State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::AwaitingDeposit { .. }
        | State::Paid { .. }
        | State::Expired { .. } => Err(Illegal::NotExpired),
    }
}
