//! The way to Toss: one client, and the judgement of its answers. What Toss says is believed only as far as it fits
//! the order; what it does not say is never made up.

use super::config::{RemoteToss, origin_of};
use super::store::OrderRecord;
use crate::domain::order::{Approval, Attempt, Decline, DepositAccount};
use crate::domain::step::Outcome;
use std::time::Duration;
use toss_payments::{Class, Client, ConfirmRequest, Error, IdempotencyKey, OrderId, Payment, PaymentKey, Rejected, Response, Status, Won};

const LOOK_UP_PATIENCE: Duration = Duration::from_secs(10);

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
    /// Toss refused to charge for a reason that is not the shopper's. A decline, but only once a look-up agrees that
    /// nothing was charged: see [`Judged::given`].
    pub refused: Option<Refusal>,
}

/// A refusal that proves nothing by itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    decline: Decline,
    /// Toss says that the payment was processed before: for this order, unless a look-up says for which other one.
    processed_before: bool,
}

impl Judged {
    /// What a refusal means beside what a look-up has found just before it. A payment that Toss has not charged, or not
    /// for this order, and refuses to charge, cannot pay this order.
    #[must_use]
    pub fn given(mut self, found: &Found) -> Judged {
        let agrees = |refusal: &Refusal| match found {
            Found::AnotherOrders => true,
            Found::NoSuchPayment | Found::NotYetConfirmed => !refusal.processed_before,
            Found::Decided(_) => false,
        };
        if let Some(refusal) = self.refused.take_if(|refusal| agrees(refusal)) {
            self.outcome = Outcome::Declined(refusal.decline);
        }
        self
    }
}

/// What a look-up found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// The payment is decided.
    Decided(Judged),
    /// Toss has not charged so far: the confirm may be repeated with the same idempotency key while the session lasts.
    NotYetConfirmed,
    /// Toss knows no such payment.
    NoSuchPayment,
    /// Toss has the payment for another order, or uncharged for another amount.
    AnotherOrders,
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
        // Unlike a confirm, a look-up may be dropped at any time.
        let answer = tokio::time::timeout(LOOK_UP_PATIENCE, self.client.payment(&key)).await?;
        Ok(judge_look_up(order, attempt, answer)?)
    }
}

fn judge_confirm(order: &OrderRecord, attempt: &Attempt, answer: Result<Response<Payment>, Error>) -> Judged {
    match answer {
        Ok(response) => judge_payment(order, attempt, &response).unwrap_or_else(|| {
            unknown(format!("confirm answered {} with status {}", response.status, response.value.status), Some(response.raw))
        }),
        Err(Error::Rejected(rejected)) => {
            if matches!(rejected.class, Class::Validation | Class::Key) {
                tracing::error!(order_id = %order.order.id, %rejected, "Toss refuses the shop's request; keys and settings may be wrong");
            }
            judge_rejection(*rejected)
        }
        Err(Error::Unknown(lost)) => unknown(lost.to_string(), lost.raw),
    }
}

/// Only what Toss documents as a refusal of this very payment is one. Anything else, such as a key that does not
/// fit or `ALREADY_PROCESSED_PAYMENT`, says nothing about the money, and a look-up has to.
fn judge_rejection(rejected: Rejected) -> Judged {
    let cause = format!("Toss answered {} {}", rejected.status, rejected.code);
    let processed_before = rejected.class == Class::State;
    let decline = Decline { code: rejected.code.to_string(), message: rejected.message, status: rejected.status };
    match rejected.class {
        Class::Declined => Judged { outcome: Outcome::Declined(decline), toss_answer: Some(rejected.raw), refused: None },
        // An expired session is among them: an earlier call whose answer was lost may have charged before it expired.
        Class::Expired | Class::Validation | Class::Key | Class::State => {
            Judged { refused: Some(Refusal { decline, processed_before }), ..unknown(cause, Some(rejected.raw)) }
        }
        Class::Unknown => unknown(cause, Some(rejected.raw)),
    }
}

fn judge_look_up(order: &OrderRecord, attempt: &Attempt, answer: Result<Response<Payment>, Error>) -> Result<Found, Error> {
    let response = match answer {
        Ok(response) => response,
        Err(Error::Rejected(rejected)) if rejected.status == 404 && rejected.code.as_str() == "NOT_FOUND_PAYMENT" => {
            return Ok(Found::NoSuchPayment);
        }
        Err(error) => return Err(error),
    };
    let payment = &response.value;
    let uncharged = matches!(payment.status, Status::Ready | Status::InProgress | Status::Aborted | Status::Expired);
    let anothers = payment.order_id.as_str() != order.order.id.as_str();
    if anothers || (uncharged && difference(order, attempt, payment).is_some()) {
        return Ok(Found::AnotherOrders);
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
        // Charged and given back at Toss before the shop learnt of it: nothing is left to be paid for.
        Status::Canceled if payment.balance_amount.is_some_and(|balance| balance.is_zero()) => Outcome::Declined(failure(payment)),
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
        receipt_url: payment.receipt_url.as_ref().filter(|link| is_web_link(link.expose())).map(|link| link.expose().to_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cart::Cart;
    use crate::domain::customer::{Customer, CustomerRequest};
    use crate::domain::lang::Lang;
    use crate::domain::step::State;
    use crate::server::store::{NewOrder, Owner};

    const ID: &str = "V1StGXR8_Z5jdHi6B-myT";

    fn attempt() -> Attempt {
        let payment_key = crate::domain::order::PaymentKey::parse("tk_1").unwrap();
        Attempt { payment_key, idempotency_key: "k".to_owned(), amount: crate::domain::money::Won::of(50_000), claimed_at_ms: 0 }
    }

    fn order() -> OrderRecord {
        let contact = CustomerRequest { name: "n".to_owned(), email: "a@b.co".to_owned(), phone: "01012345678".to_owned() };
        let order = NewOrder {
            id: crate::domain::order::OrderId::parse(ID).unwrap(),
            owner: Owner(String::new()),
            name: String::new(),
            cart: Cart::demo().to_request(),
            total: attempt().amount,
            customer: Customer::parse(&contact).unwrap(),
            lang: Lang::Ko,
            placed_at_ms: 0,
        };
        OrderRecord { order, state: State::Confirming(attempt()), toss_answer: None, version: 1, checks: 0 }
    }

    fn response(status: &str, key: &str, order_id: &str, amount: i64, currency: &str) -> Response<Payment> {
        let raw = format!(
            r#"{{"paymentKey":"{key}","orderId":"{order_id}","status":"{status}","totalAmount":{amount},"currency":"{currency}","balanceAmount":0,
            "method":"가상계좌","virtualAccount":{{"accountNumber":"X123","bankCode":"20","dueDate":"2026-12-01T00:00:00"}},
            "failure":{{"code":"EXPIRED_PAYMENT","message":"만료"}},"receipt":{{"url":"javascript:alert(1)"}}}}"#
        );
        Response { value: Payment::from_json(&raw).unwrap(), raw, status: 200, trace_id: None }
    }

    fn ours(status: &str) -> Response<Payment> {
        response(status, "tk_1", ID, 50_000, "KRW")
    }

    #[test]
    fn each_status_means_one_thing() {
        let judged = |status: &str| judge_payment(&order(), &attempt(), &ours(status)).map(|judged| judged.outcome);
        assert!(
            matches!(judged("DONE"), Some(Outcome::Paid(approval)) if approval.receipt_url.is_none()),
            "a link that is no link is left out"
        );
        assert!(
            matches!(judged("WAITING_FOR_DEPOSIT"), Some(Outcome::AwaitingDeposit(account)) if account.account_number.as_deref() == Some("X123"))
        );
        for status in ["ABORTED", "EXPIRED", "CANCELED"] {
            assert!(matches!(judged(status), Some(Outcome::Declined(decline)) if decline.code == "EXPIRED_PAYMENT"), "{status}");
        }
        for status in ["PARTIAL_CANCELED", "A_NEW_WORD"] {
            assert!(matches!(judged(status), Some(Outcome::Unknown { .. })), "{status}");
        }
        for status in ["READY", "IN_PROGRESS"] {
            assert_eq!(judged(status), None, "{status}");
        }
    }

    #[test]
    fn a_payment_that_differs_is_never_an_outcome() {
        let others = [
            response("DONE", "tk_2", ID, 50_000, "KRW"),
            response("DONE", "tk_1", "V1StGXR8_Z5jdHi6B-myX", 50_000, "KRW"),
            response("DONE", "tk_1", ID, 50_001, "KRW"),
            response("DONE", "tk_1", ID, 50_000, "USD"),
        ];
        for other in others {
            let judged = judge_payment(&order(), &attempt(), &other).unwrap();
            assert!(matches!(judged.outcome, Outcome::Unknown { .. }), "{}", other.raw);
        }
    }

    #[test]
    fn a_charge_of_another_amount_for_this_order_is_for_a_person_to_see() {
        let found = |response| judge_look_up(&order(), &attempt(), Ok(response)).unwrap();
        let charged_otherwise = found(response("DONE", "tk_1", ID, 100, "KRW"));
        assert!(matches!(charged_otherwise, Found::Decided(Judged { outcome: Outcome::Unknown { .. }, .. })), "{charged_otherwise:?}");
        assert_eq!(found(response("IN_PROGRESS", "tk_1", ID, 100, "KRW")), Found::AnotherOrders);
        assert_eq!(found(response("DONE", "tk_1", "V1StGXR8_Z5jdHi6B-myX", 50_000, "KRW")), Found::AnotherOrders);
        assert_eq!(found(ours("IN_PROGRESS")), Found::NotYetConfirmed);
    }

    #[test]
    fn a_refusal_counts_only_beside_a_look_up_that_agrees() {
        let refused = |processed_before| {
            let decline = Decline { code: "C".to_owned(), message: String::new(), status: 400 };
            Judged { refused: Some(Refusal { decline, processed_before }), ..unknown(String::new(), None) }
        };
        let decided = || Found::Decided(unknown(String::new(), None));
        for (processed_before, found, declined) in [
            (false, Found::NoSuchPayment, true),
            (false, Found::AnotherOrders, true),
            (false, Found::NotYetConfirmed, true),
            (false, decided(), false),
            (true, Found::NoSuchPayment, false),
            (true, Found::AnotherOrders, true),
            (true, Found::NotYetConfirmed, false),
            (true, decided(), false),
        ] {
            let outcome = refused(processed_before).given(&found).outcome;
            assert_eq!(matches!(outcome, Outcome::Declined(_)), declined, "{processed_before} {found:?}");
        }
    }
}
