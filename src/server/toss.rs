//! The way to Toss: one client, and the judgement of its answers. What Toss says is believed only as far as it fits
//! the order; what it does not say is never made up.

use super::config::{RemoteToss, origin_of};
use super::store::OrderRecord;
use crate::domain::order::{Approval, Attempt, Decline, DepositAccount};
use crate::domain::step::Outcome;
use toss_payments::{Class, Client, ConfirmRequest, Error, IdempotencyKey, OrderId, Payment, PaymentKey, Rejected, Response, Status, Won};

/// What the shop needs of Toss.
#[derive(Debug)]
pub struct Toss {
    client: Client,
    /// For the browser: Toss's widget refuses to start without it.
    pub client_key: String,
    /// Where the browser gets the widget.
    pub widget_url: String,
    /// Whether it is the offline Toss of this process.
    pub is_sandbox: bool,
}

/// An answer, judged.
#[derive(Debug, PartialEq, Eq)]
pub struct Judged {
    /// What it means for the order.
    pub outcome: Outcome,
    /// The body that Toss sent, as received.
    pub toss_answer: Option<String>,
    /// Toss refused the request as one that does not fit a payment it has. A decline, but only once a look-up has found
    /// the same: see [`Found::NotThisOrders`].
    pub refused: Option<Decline>,
}

/// What a look-up found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// The payment is decided.
    Decided(Judged),
    /// Toss has not charged so far: the confirm may be repeated with the same idempotency key while the session lasts.
    NotYetConfirmed,
    /// Toss has no such payment, or has it for another order or another amount, and has not charged for this order.
    NotThisOrders,
}

impl Toss {
    /// Does not call Toss yet.
    ///
    /// # Errors
    /// When the address or the TLS set-up is unusable.
    pub fn new(remote: &RemoteToss, is_sandbox: bool) -> Result<Toss, toss_payments::BuildError> {
        Ok(Toss {
            client: Client::builder(remote.secret_key.clone()).base_url(&remote.api_url).build()?,
            client_key: remote.client_key.as_str().to_owned(),
            widget_url: remote.widget_url.clone(),
            is_sandbox,
        })
    }

    /// Scheme, host and port of the widget script.
    #[must_use]
    pub fn widget_origin(&self) -> &str {
        origin_of(&self.widget_url)
    }

    /// Asks Toss to charge what the order costs. Repeating it with the same attempt charges once.
    pub async fn confirm(&self, order: &OrderRecord, attempt: &Attempt) -> Judged {
        let request = || -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
            let request = ConfirmRequest {
                payment_key: PaymentKey::parse(attempt.payment_key.expose())?,
                order_id: OrderId::parse(order.order.id.as_str())?,
                amount: Won::new(attempt.amount.amount())?,
            };
            Ok((request, IdempotencyKey::parse(&attempt.idempotency_key)?))
        };
        match request().map_err(|invalid| invalid.to_string()) {
            Ok((request, key)) => judge_confirm(order, attempt, self.client.confirm(&request, &key).await),
            Err(invalid) => unknown(format!("the request could not be made: {invalid}"), None),
        }
    }

    /// Asks Toss what became of the attempt.
    ///
    /// # Errors
    /// When Toss does not say: the payment stays in doubt then.
    pub async fn look_up(&self, order: &OrderRecord, attempt: &Attempt) -> Result<Found, Box<dyn std::error::Error + Send + Sync>> {
        let key = PaymentKey::parse(attempt.payment_key.expose())?;
        Ok(judge_look_up(order, attempt, self.client.payment(&key).await)?)
    }
}

fn judge_confirm(order: &OrderRecord, attempt: &Attempt, answer: Result<Response<Payment>, Error>) -> Judged {
    match answer {
        Ok(response) => judge_payment(order, attempt, &response)
            .unwrap_or_else(|| unknown(format!("confirm answered {} with status {}", response.status, response.value.status), Some(response.raw))),
        Err(Error::Rejected(rejected)) => judge_rejection(*rejected),
        Err(Error::Unknown(lost)) => unknown(lost.to_string(), lost.raw),
    }
}

/// Only what Toss documents as a refusal of this very payment is one. Anything else, such as a key that does not
/// fit or `ALREADY_PROCESSED_PAYMENT`, says nothing about the money, and a look-up has to.
fn judge_rejection(rejected: Rejected) -> Judged {
    let cause = format!("Toss answered {} {}", rejected.status, rejected.code);
    let decline = Decline { code: rejected.code.to_string(), message: rejected.message, status: rejected.status };
    match rejected.class {
        Class::Declined => Judged { outcome: Outcome::Declined(decline), toss_answer: Some(rejected.raw), refused: None },
        Class::Validation | Class::Key => Judged { refused: Some(decline), ..unknown(cause, Some(rejected.raw)) },
        // An expired session, too: an earlier call whose answer was lost may have charged before it expired.
        Class::Expired | Class::State | Class::Unknown => unknown(cause, Some(rejected.raw)),
    }
}

fn judge_look_up(order: &OrderRecord, attempt: &Attempt, answer: Result<Response<Payment>, Error>) -> Result<Found, Error> {
    let response = match answer {
        Ok(response) => response,
        Err(Error::Rejected(rejected)) if rejected.status == 404 && rejected.code.as_str() == "NOT_FOUND_PAYMENT" => return Ok(Found::NotThisOrders),
        Err(error) => return Err(error),
    };
    let payment = &response.value;
    let uncharged = matches!(payment.status, Status::Ready | Status::InProgress | Status::Aborted | Status::Expired);
    let anothers = payment.order_id.as_str() != order.order.id.as_str();
    if anothers || (uncharged && difference(order, attempt, payment).is_some()) {
        return Ok(Found::NotThisOrders);
    }
    Ok(judge_payment(order, attempt, &response).map_or(Found::NotYetConfirmed, Found::Decided))
}

/// What a Payment object says about the attempt; `None` when it is not decided yet. A payment that is not exactly the
/// one that was asked for decides nothing, whatever its status.
fn judge_payment(order: &OrderRecord, attempt: &Attempt, response: &Response<Payment>) -> Option<Judged> {
    let payment = &response.value;
    let raw = || Some(response.raw.clone());
    if let Some(difference) = difference(order, attempt, payment) {
        tracing::error!(order_id = %order.order.id, %difference, "Toss answered with a payment that is not the one asked for");
        return Some(unknown(difference.to_owned(), raw()));
    }
    let outcome = match &payment.status {
        Status::Done => Outcome::Paid(approval(payment)),
        Status::WaitingForDeposit => Outcome::AwaitingDeposit(deposit_account(payment)),
        Status::Aborted | Status::Expired => Outcome::Declined(failure(payment)),
        Status::Ready | Status::InProgress => return None,
        Status::Canceled | Status::PartialCanceled | Status::Unknown(_) => {
            return Some(unknown(format!("the payment has status {}", payment.status), raw()));
        }
    };
    Some(Judged { outcome, toss_answer: raw(), refused: None })
}

fn approval(payment: &Payment) -> Approval {
    Approval {
        method: payment.method.as_ref().map(ToString::to_string),
        approved_at: payment.approved_at.as_ref().map(|at| at.as_str().to_owned()),
        receipt_url: payment.receipt_url.as_ref().filter(|link| link.is_https()).map(|link| link.expose().to_owned()),
    }
}

fn deposit_account(payment: &Payment) -> DepositAccount {
    payment.virtual_account.as_ref().map_or_else(DepositAccount::default, |account| DepositAccount {
        bank_code: account.bank_code.clone(),
        account_number: account.account_number.as_ref().map(|number| number.expose().to_owned()),
        holder: account.customer_name.as_ref().map(|name| name.expose().to_owned()),
        due_date: account.due_date.as_ref().map(|date| date.as_str().to_owned()),
    })
}

fn failure(payment: &Payment) -> Decline {
    let failure = payment.failure.as_ref();
    Decline {
        code: failure.and_then(|failure| failure.code.as_ref()).map_or_else(|| payment.status.to_string(), ToString::to_string),
        message: failure.and_then(|failure| failure.message.clone()).unwrap_or_default(),
        status: DECLINED_BY_LOOK_UP,
    }
}

/// Toss did not say it as an HTTP error; this is the one that its documentation gives the common declines.
const DECLINED_BY_LOOK_UP: u16 = 400;

fn difference(order: &OrderRecord, attempt: &Attempt, payment: &Payment) -> Option<&'static str> {
    if payment.payment_key.expose() != attempt.payment_key.expose() {
        Some("another paymentKey")
    } else if payment.order_id.as_str() != order.order.id.as_str() {
        Some("another orderId")
    } else if payment.total_amount.as_won().map(Won::get) != Some(attempt.amount.amount()) {
        Some("another amount")
    } else if payment.currency.as_str() != "KRW" {
        Some("another currency")
    } else {
        None
    }
}

fn unknown(cause: String, toss_answer: Option<String>) -> Judged {
    Judged { outcome: Outcome::Unknown { cause }, toss_answer, refused: None }
}
