//! What an answer of Toss means for an order. What Toss says is believed only as far as it fits the order; what it does not
//! say is never made up. Pure.
//!
//! Amounts are compared in the currency that Toss names, and never converted. Toss has been seen to write payments by PayPal in
//! `MUSD`, millionths of a dollar, and nobody has said when its API does. Such an answer is about another currency than the order's:
//! the order stays in doubt, and a person is told.
//!
//! Once a confirm may have left, nothing that speaks of our keys or our request decides, and neither does a single word about
//! a payment that is not there: only an answer about this payment does, or two answers that agree.

mod cancel;

pub(crate) use cancel::{CancelShown, RefundJudged, cancels_shown, of_cancel};

use crate::order::{About, Approval, Attempt, Decline, DepositAccount, Doubt, Hidden, Outcome, Refused, Shown, presence};
use std::fmt;
use std::time::Duration;
use toss_payments::{Class, Error, ErrorCode, Payment, Rejected, Response, Status, Timestamp, UnknownCause};
use toss_types::OrderId;

/// What a confirm's answer means. Printing leaves out Toss's body.
#[derive(PartialEq, Eq)]
#[non_exhaustive]
pub struct Judged {
    /// For the order.
    pub outcome: Outcome,
    /// The body that Toss sent, as received.
    pub toss_answer: Option<String>,
    /// Whether the call never left: then it certainly did nothing.
    pub not_sent: bool,
    /// How long Toss asks to be left alone.
    pub retry_after: Option<Duration>,
    /// A refusal that decides nothing by itself.
    pub refusal: Option<Refused>,
}

/// What a look-up found. Printing leaves out Toss's body.
#[derive(PartialEq, Eq)]
pub enum Found {
    /// The payment is decided.
    Decided {
        /// What it means: never [`Outcome::Unknown`].
        outcome: Box<Outcome>,
        /// The body that Toss sent, as received.
        toss_answer: String,
    },
    /// Toss and the order disagree in a way that only a person can judge, such as a charge of another amount.
    Differs(String),
    /// Toss has not charged so far: the confirm may be repeated while the session lasts.
    NotYetConfirmed,
    /// Toss knows no such payment.
    NoSuchPayment,
    /// Toss has the payment for another order, or uncharged for another amount: it cannot pay this one.
    NotThisOrders,
}

impl fmt::Debug for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Judged { outcome, toss_answer, not_sent, retry_after, refusal } = self;
        f.debug_struct("Judged")
            .field("outcome", outcome)
            .field("toss_answer", &presence(toss_answer.as_ref()))
            .field("not_sent", not_sent)
            .field("retry_after", retry_after)
            .field("refusal", refusal)
            .finish()
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Decided { outcome, toss_answer: _ } => {
                f.debug_struct("Decided").field("outcome", outcome).field("toss_answer", &Hidden).finish()
            }
            Found::Differs(difference) => f.debug_tuple("Differs").field(difference).finish(),
            Found::NotYetConfirmed => f.write_str("NotYetConfirmed"),
            Found::NoSuchPayment => f.write_str("NoSuchPayment"),
            Found::NotThisOrders => f.write_str("NotThisOrders"),
        }
    }
}

/// How old a payment is when Toss cannot have it in its session any more, in ms: three times the ten minutes that it gives.
const LONG_OVER_MS: i64 = 30 * 60_000;

impl Judged {
    /// An outcome that is certain.
    #[must_use]
    pub fn certain(outcome: Outcome, toss_answer: Option<String>) -> Judged {
        Judged { outcome, toss_answer, not_sent: false, retry_after: None, refusal: None }
    }

    /// What a refusal means beside what a look-up has found just before it, what has been `known` of the payment, and how old
    /// it is (ms). All have to agree that this payment has not paid the order and cannot any more.
    #[must_use]
    pub fn beside(mut self, found: &Found, known: &Doubt, age_ms: i64) -> Judged {
        // What Toss has shown once is not gone because it is not shown now.
        let is_missing = known.shown != Shown::Yes;
        let agrees = |refusal: &Refused| match (found, refusal.about) {
            (Found::NotThisOrders, About::NoPayment | About::ExpiredSession | About::Processed | About::Key | About::Request) => true,
            (Found::NoSuchPayment, About::NoPayment | About::ExpiredSession) => is_missing,
            // A key of a form that Toss does not know is called an invalid request, for ever.
            (Found::NoSuchPayment, About::Request) => is_missing && age_ms >= LONG_OVER_MS,
            (Found::NotYetConfirmed, About::ExpiredSession) => true,
            (Found::NotThisOrders, About::Passing)
            | (Found::NoSuchPayment, About::Processed | About::Passing | About::Key)
            | (Found::NotYetConfirmed, About::NoPayment | About::Processed | About::Passing | About::Key | About::Request)
            | (Found::Decided { .. } | Found::Differs(_), _) => false,
        };
        let about = self.refusal.as_ref().map(|refusal| refusal.about);
        match self.refusal.take_if(|refusal| agrees(refusal)) {
            Some(refusal) => self.outcome = Outcome::Declined(refusal.decline),
            None => {
                if let Outcome::Unknown { doubt, .. } = &mut self.outcome {
                    let is_invented = *found == Found::NoSuchPayment && about == Some(About::Request);
                    doubt.shown = doubt.shown.max(if is_invented { Shown::Missing } else { shown_by(found) });
                }
            }
        }
        self
    }
}

/// What a look-up has heard of the payment. That Toss shows none says little: it may hide those that it has not charged.
fn shown_by(found: &Found) -> Shown {
    match found {
        Found::Decided { .. } | Found::Differs(_) | Found::NotYetConfirmed => Shown::Yes,
        Found::NoSuchPayment | Found::NotThisOrders => Shown::Unheard,
    }
}

/// What an answer to a confirm means for the order.
#[must_use]
pub fn of_confirm(order_id: &OrderId, attempt: &Attempt, answer: Result<Response<Payment>, Error>) -> Judged {
    match answer {
        Ok(response) => {
            let (status, raw) = (response.value.status.to_string(), response.raw.clone());
            match of_payment(order_id, attempt, &response) {
                Found::Decided { outcome, toss_answer } => Judged { toss_answer: Some(toss_answer), ..plain(*outcome) },
                Found::Differs(cause) => Judged { toss_answer: Some(raw), ..plain(unknown(cause, Shown::Yes, None)) },
                Found::NotYetConfirmed | Found::NoSuchPayment | Found::NotThisOrders => {
                    Judged { toss_answer: Some(raw), ..plain(unknown(format!("the confirmed payment is {status}"), Shown::Yes, None)) }
                }
            }
        }
        Err(Error::Rejected(rejected)) => of_rejection(*rejected),
        Err(Error::Unknown(lost)) => Judged {
            toss_answer: lost.raw.clone(),
            not_sent: lost.cause == UnknownCause::NotSent,
            retry_after: lost.retry_after,
            ..plain(unknown(lost.to_string(), Shown::Unheard, None))
        },
    }
}

/// Only what Toss documents as a refusal of this very payment is a decline by itself.
fn of_rejection(rejected: Rejected) -> Judged {
    let cause = format!("Toss answered {} {}", rejected.status, rejected.code);
    let decline = Decline { code: rejected.code.to_string(), message: rejected.message, status: rejected.status };
    let about = match (rejected.class, &rejected.code) {
        (Class::Declined, _) => return plain(Outcome::Declined(decline)).with(rejected.raw, rejected.retry_after),
        (_, ErrorCode::NotFoundPayment | ErrorCode::NotFound | ErrorCode::InvalidPaymentKey) => About::NoPayment,
        (Class::Expired, _) => About::ExpiredSession,
        (Class::State, _) => About::Processed,
        (Class::Validation, _) => About::Request,
        (Class::Key, _) => About::Key,
        (Class::Unknown, ErrorCode::ProviderError) => About::Passing,
        // Too many or too fast, or a word of tomorrow: the call may be under way, and its key is not used up.
        (Class::Unknown, _) => return plain(unknown(cause, Shown::Unheard, None)).with(rejected.raw, rejected.retry_after),
    };
    let shown = match about {
        About::NoPayment => Shown::Missing,
        About::ExpiredSession | About::Processed => Shown::Yes,
        About::Passing | About::Key | About::Request => Shown::Unheard,
    };
    let refused = Refused { decline, about };
    let is_repeated = match about {
        About::NoPayment | About::Passing | About::Key | About::Request => true,
        About::ExpiredSession | About::Processed => false,
    };
    let outcome = unknown(cause, shown, is_repeated.then(|| refused.clone()));
    Judged { refusal: Some(refused), ..plain(outcome).with(rejected.raw, rejected.retry_after) }
}

/// Any answer to a look-up that knows no such payment counts as one, whatever its code: a word of Toss's own paths, say, or a key
/// of a form that Toss does not know.
fn is_no_payment(rejected: &Rejected) -> bool {
    let known = matches!(
        rejected.code,
        ErrorCode::NotFoundPayment | ErrorCode::NotFound | ErrorCode::InvalidPaymentKey | ErrorCode::NotFoundHttpMethod
    );
    // A key that has no account, or an account that lacks something, is answered with 404 as well.
    known || (rejected.status == 404 && rejected.class != Class::Key)
}

/// What an answer to a look-up means for the order.
///
/// # Errors
/// When Toss does not say: the payment stays in doubt then.
pub fn of_look_up(order_id: &OrderId, attempt: &Attempt, answer: Result<Response<Payment>, Error>) -> Result<Found, Error> {
    match answer {
        Ok(response) => Ok(of_payment(order_id, attempt, &response)),
        Err(Error::Rejected(rejected)) if is_no_payment(&rejected) => Ok(Found::NoSuchPayment),
        Err(error) => Err(error),
    }
}

/// What a Payment object says about the attempt. A payment that is not exactly the one that was asked for decides nothing,
/// whatever its status.
fn of_payment(order_id: &OrderId, attempt: &Attempt, response: &Response<Payment>) -> Found {
    let payment = &response.value;
    let uncharged = matches!(payment.status, Status::Ready | Status::InProgress | Status::Aborted | Status::Expired);
    if payment.payment_key != attempt.payment_key {
        return Found::Differs("another paymentKey".to_owned());
    }
    if payment.order_id != *order_id {
        return Found::NotThisOrders;
    }
    let difference = if payment.total_amount != attempt.amount.amount() {
        Some("another amount")
    } else if payment.currency != *attempt.amount.currency() {
        Some("another currency")
    } else {
        None
    };
    match difference {
        Some(_) if uncharged => return Found::NotThisOrders,
        Some(difference) => return Found::Differs(difference.to_owned()),
        None => {}
    }
    let outcome = match &payment.status {
        Status::Done => Outcome::Paid(approval(payment)),
        Status::WaitingForDeposit => Outcome::AwaitingDeposit(deposit_account(payment)),
        Status::Aborted | Status::Expired => Outcome::Declined(failure(payment)),
        // An account that was taken back before anybody had paid into it was never approved.
        Status::Canceled if payment.approved_at.is_none() => Outcome::Canceled,
        // Charged, and given back in part or whole: who learns of the charge now learns of both.
        Status::Canceled | Status::PartialCanceled => Outcome::Paid(approval(payment)),
        Status::Ready | Status::InProgress => return Found::NotYetConfirmed,
        Status::Unknown(_) | _ => {
            return Found::Differs(format!("the payment has status {}", payment.status));
        }
    };
    Found::Decided { outcome: Box::new(outcome), toss_answer: response.raw.clone() }
}

fn approval(payment: &Payment) -> Approval {
    Approval {
        method: payment.method.as_ref().map(ToString::to_string),
        approved_at: payment.approved_at.as_ref().map(|at| at.as_str().to_owned()),
        receipt_url: payment.receipt_url.as_ref().filter(|link| is_web_link(link.expose())).map(|link| link.expose().to_owned()),
        account: payment.virtual_account.as_ref().map(|_| deposit_account(payment)),
        hold_ms: None,
        cancels: cancels_shown(payment).cancels,
    }
}

/// Toss's receipts are on https, those of the sandbox on http; what else could stand there is no link.
fn is_web_link(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn deposit_account(payment: &Payment) -> DepositAccount {
    payment.virtual_account.as_ref().map_or_else(DepositAccount::default, |account| DepositAccount {
        bank_code: account.bank_code.clone(),
        account_number: account.account_number.as_ref().map(|number| number.expose().to_owned()),
        holder: account.customer_name.as_ref().map(|name| name.expose().to_owned()),
        due_date: account.due_date.as_ref().map(|date| date.as_str().to_owned()),
        due_at_ms: account.due_date.as_ref().and_then(Timestamp::unix_ms),
        secret: payment.secret.as_ref().map(|secret| secret.expose().to_owned()),
        is_expired: account.expired.unwrap_or(false),
        transfer: cancel::transfer(payment),
    })
}

/// Toss did not say it as an HTTP error; this is the one that its documentation gives the common declines.
const DECLINED_BY_LOOK_UP: u16 = 400;

fn failure(payment: &Payment) -> Decline {
    let failure = payment.failure.as_ref();
    Decline {
        code: failure.and_then(|failure| failure.code.as_ref()).map_or_else(|| payment.status.to_string(), ToString::to_string),
        message: failure.and_then(|failure| failure.message.as_ref()).map(|message| message.expose().to_owned()).unwrap_or_default(),
        status: DECLINED_BY_LOOK_UP,
    }
}

/// Nobody knows, and this is what has been heard.
fn unknown(cause: String, shown: Shown, refused: Option<Refused>) -> Outcome {
    Outcome::Unknown { cause, doubt: Doubt { shown, refused } }
}

fn plain(outcome: Outcome) -> Judged {
    Judged::certain(outcome, None)
}

impl Judged {
    fn with(self, raw: String, retry_after: Option<Duration>) -> Judged {
        Judged { toss_answer: Some(raw), retry_after, ..self }
    }
}

#[cfg(test)]
mod tests;
