//! Cancelling a payment, wholly or in part (Toss docs /guides/v2/cancel-payment; what the answers are was measured by
//! others unless said otherwise).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{MAX_TRANSITIONS, Payment, RefundAccount, Stage, Transition, Trigger, deposit::CannotMove};
use crate::{
    clock::UnixMs,
    error::Code,
    ids,
    method::Group,
    money::{self, Money},
    order::Method,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A transfer can be cancelled so long after it was made (Toss docs).
pub const TRANSFER_CANCELABLE_FOR: Duration = DAY.saturating_mul(180);
/// A deposit can be refunded so long (Toss docs: usually 365 days).
pub const DEPOSIT_CANCELABLE_FOR: Duration = DAY.saturating_mul(365);

/// PayPal's payments can be cancelled so long (Toss docs).
pub const PAYPAL_CANCELABLE_FOR: Duration = DAY.saturating_mul(180);
/// A cancel abroad is IN_PROGRESS for so long, unless a test ends it before. Assumed: nobody says how long it takes.
pub const CANCEL_TAKES: Duration = Duration::from_secs(60);

/// What a shop asks for, in the smallest unit of the payment's currency.
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    pub(crate) reason: String,
    /// Everything that is left, if not said.
    pub(crate) amount: Option<i64>,
    /// The tax-free part of the amount. Assumed: if not said, none of a part, all of the rest.
    pub(crate) tax_free: Option<i64>,
    /// The excluded part of the amount, as above.
    pub(crate) tax_exemption: Option<i64>,
    /// The balance that the shop believes in: an optimistic lock.
    pub(crate) refundable: Option<i64>,
    /// Where the money goes; needed after a deposit.
    pub(crate) account: Option<RefundAccount>,
    pub(crate) request_id: Option<String>,
}

impl Refund {
    /// Everything that is left, to `account` if that is needed.
    pub(crate) fn all(reason: &str, account: Option<RefundAccount>) -> Self {
        Self { reason: reason.to_owned(), amount: None, tax_free: None, tax_exemption: None, refundable: None, account, request_id: None }
    }
}

/// Where a cancel stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum CancelState {
    /// Under way abroad, until that moment at the latest.
    InProgress {
        until: UnixMs,
    },
    Done,
    /// Nothing came of it.
    Aborted,
}

impl CancelState {
    /// `cancelStatus` (Toss docs /reference, Cancel).
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InProgress { .. } => "IN_PROGRESS",
            Self::Done => "DONE",
            Self::Aborted => "ABORTED",
        }
    }
}

/// A cancel that has been accepted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Cancel {
    #[serde(with = "money::stored")]
    pub(crate) amount: Money,
    pub(crate) reason: String,
    pub(crate) tax_free: i64,
    pub(crate) tax_exemption: i64,
    /// The balance after it. Assumed: one that was aborted has changed nothing.
    pub(crate) refundable: i64,
    pub(crate) at: UnixMs,
    pub(crate) transaction_key: String,
    pub(crate) request_id: Option<String>,
    /// Of the cash receipt's cancel, if there is a receipt.
    pub(crate) receipt_key: Option<String>,
    pub(crate) state: CancelState,
}

impl Payment {
    /// The cancels that have happened, oldest first.
    pub(crate) fn done_cancels(&self) -> impl DoubleEndedIterator<Item = &Cancel> {
        self.cancels().iter().filter(|cancel| cancel.state == CancelState::Done)
    }

    /// Until when the cancel that is under way lasts, if there is one.
    pub(crate) fn pending_cancel(&self) -> Option<UnixMs> {
        self.cancels().iter().find_map(|cancel| match cancel.state {
            CancelState::InProgress { until } => Some(until),
            CancelState::Done | CancelState::Aborted => None,
        })
    }

    /// The cancel that a change is about, if it is about one.
    pub(crate) fn cancel_of(&self, change: &Transition) -> Option<&Cancel> {
        let key = change.transaction_key.as_ref()?;
        self.cancels().iter().find(|cancel| cancel.transaction_key == *key)
    }

    /// The cancel that is under way has become `state`, if there is one.
    pub(super) fn end_cancel(&mut self, state: CancelState, at: UnixMs) {
        let Stage::Charged { cancels, .. } = &self.stage else {
            return;
        };
        let balance = self.balance();
        let mut cancels = cancels.clone();
        let Some(cancel) = cancels.iter_mut().find(|cancel| matches!(cancel.state, CancelState::InProgress { .. })) else {
            return;
        };
        cancel.state = state;
        let ended = Some(cancel.transaction_key.clone());
        if state == CancelState::Aborted {
            cancel.refundable = balance;
        }
        let trigger = if state == CancelState::Aborted { Trigger::CancelAborted } else { Trigger::CancelDone };
        if let Stage::Charged { at: charged_at, transaction_key, account, .. } = &self.stage {
            let (at_charge, transaction_key, account) = (*charged_at, transaction_key.clone(), account.clone());
            self.change(Stage::Charged { at: at_charge, transaction_key, account, cancels }, trigger, ended, at);
        }
    }

    /// The provider abroad has decided about the cancel that is under way.
    pub(crate) fn decide_cancel(&mut self, state: CancelState, now: UnixMs) -> Result<(), CannotMove> {
        self.settle(now);
        if self.pending_cancel().is_none() {
            return Err(CannotMove::NoCancel);
        }
        self.end_cancel(state, now);
        Ok(())
    }

    /// Whether a part of the payment may be cancelled (Toss docs: not with escrow, nor a card payment with an excluded
    /// amount).
    pub(crate) fn is_partial_cancelable(&self) -> bool {
        !(self.order.use_escrow || (self.order.method == Method::Card && self.order.tax_exemption_amount > 0))
    }

    /// Cancels. Gives the cancel, and whether money has moved by it: before a deposit there was none, and abroad it moves
    /// later, unless `at_once`.
    pub(crate) fn cancel_money(&mut self, refund: &Refund, at_once: bool, now: UnixMs) -> Result<(Cancel, bool), Code> {
        self.settle(now);
        // One that is under way will have an end too.
        if self.timeline().len() + 1 >= MAX_TRANSITIONS {
            return Err(Code::EXCEED_CANCEL_LIMIT);
        }
        let mut cancel = self.check_refund(refund, now)?;
        if self.order.method.group() == Group::ForeignEasyPay && !at_once {
            cancel.state = CancelState::InProgress { until: now.plus(CANCEL_TAKES) };
        }
        let stage = match self.stage() {
            Stage::Waiting { account, .. } => Stage::Withdrawn { account: account.clone(), cancel: cancel.clone() },
            Stage::Charged { at, transaction_key, account, cancels } => Stage::Charged {
                at: *at,
                transaction_key: transaction_key.clone(),
                account: account.clone(),
                cancels: cancels.iter().cloned().chain([cancel.clone()]).collect(),
            },
            Stage::Ready | Stage::InProgress { .. } | Stage::Withdrawn { .. } | Stage::Aborted { .. } | Stage::Expired => {
                return Err(Code::NOT_CANCELABLE_PAYMENT);
            }
        };
        let done = cancel.state == CancelState::Done;
        let moved = done && matches!(stage, Stage::Charged { .. });
        let trigger = if done { Trigger::Cancelled } else { Trigger::CancelRequested };
        self.change(stage, trigger, Some(cancel.transaction_key.clone()), now);
        Ok((cancel, moved))
    }

    fn check_refund(&self, refund: &Refund, now: UnixMs) -> Result<Cancel, Code> {
        let balance = self.balance();
        let waiting = match self.stage() {
            // Deduced by others: nothing else can be cancelled.
            Stage::Ready | Stage::InProgress { .. } | Stage::Aborted { .. } | Stage::Expired => return Err(Code::NOT_CANCELABLE_PAYMENT),
            Stage::Withdrawn { .. } => return Err(Code::ALREADY_CANCELED_PAYMENT),
            Stage::Waiting { .. } => true,
            Stage::Charged { at, .. } => {
                // Assumed: one after the other.
                if self.pending_cancel().is_some() {
                    return Err(Code::ALREADY_REFUNDING_PAYMENT);
                }
                if balance == 0 {
                    return Err(if self.done_cancels().count() == 1 {
                        Code::ALREADY_CANCELED_PAYMENT
                    } else {
                        Code::NOT_CANCELABLE_AMOUNT
                    });
                }
                if !self.is_in_time(*at, now) {
                    return Err(Code::EXCEED_MAX_REFUND_DUE);
                }
                false
            }
        };
        if refund.refundable.is_some_and(|believed| believed != balance) {
            return Err(Code::NOT_MATCHES_REFUNDABLE_AMOUNT);
        }
        let amount = refund.amount.unwrap_or(balance);
        if amount > balance {
            return Err(Code::NOT_CANCELABLE_AMOUNT);
        }
        let partial = amount < self.order.amount.get();
        if waiting && partial {
            return Err(Code::NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT);
        }
        if partial && !self.is_partial_cancelable() {
            return Err(Code::NOT_ALLOWED_PARTIAL_REFUND);
        }
        // Where no account is needed, one that is sent is not used. Assumed: that is no error.
        if matches!(self.stage(), Stage::Charged { account: Some(_), .. }) && refund.account.is_none() {
            return Err(Code::INVALID_REFUND_ACCOUNT_INFO);
        }
        let (free_left, exempt_left) = self.untaxed_left();
        let rest = amount == balance;
        let tax_free = refund.tax_free.unwrap_or(if rest { free_left } else { 0 });
        let tax_exemption = refund.tax_exemption.unwrap_or(if rest { exempt_left } else { 0 });
        // Assumed: the parts of what is cancelled and of what is left have to add up.
        let fits = |part: i64, left: i64| (0..=left).contains(&part);
        if !fits(tax_free, free_left)
            || !fits(tax_exemption, exempt_left)
            || tax_free + tax_exemption > amount
            || (free_left - tax_free) + (exempt_left - tax_exemption) > balance - amount
        {
            return Err(Code::INVALID_REQUEST);
        }
        Ok(Cancel {
            amount: Money::new(amount, self.currency()).filter(|amount| amount.get() > 0).ok_or(Code::NOT_CANCELABLE_AMOUNT)?,
            reason: refund.reason.clone(),
            tax_free,
            tax_exemption,
            refundable: balance - amount,
            at: now,
            transaction_key: ids::transaction_key(),
            request_id: refund.request_id.clone(),
            receipt_key: None,
            state: CancelState::Done,
        })
    }

    /// The last cancel of money has cancelled so much of the cash receipt, under this key.
    pub(crate) fn note_receipt(&mut self, key: String) {
        if let Stage::Charged { cancels, .. } = &mut self.stage
            && let Some(cancel) = cancels.last_mut()
        {
            cancel.receipt_key = Some(key);
        }
    }

    /// Toss docs: cards have no limit, a payment by phone is cancelled in its calendar month. Assumed: easy payments and
    /// gift certificates have none either.
    fn is_in_time(&self, charged_at: UnixMs, now: UnixMs) -> bool {
        let age = now.since(charged_at);
        match self.order.method.group() {
            Group::Card | Group::EasyPay | Group::GiftCertificate => true,
            Group::ForeignEasyPay => age < PAYPAL_CANCELABLE_FOR,
            Group::Transfer => age < TRANSFER_CANCELABLE_FOR,
            Group::VirtualAccount => age < DEPOSIT_CANCELABLE_FOR,
            Group::MobilePhone => now.is_in_month_of(charged_at),
        }
    }

    /// What is left of the tax-free and of the excluded amount.
    pub(crate) fn untaxed_left(&self) -> (i64, i64) {
        let free: i64 = self.done_cancels().map(|cancel| cancel.tax_free).sum();
        let exempt: i64 = self.done_cancels().map(|cancel| cancel.tax_exemption).sum();
        (self.order.tax_free_amount - free, self.order.tax_exemption_amount - exempt)
    }
}
