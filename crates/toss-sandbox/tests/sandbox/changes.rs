//! The changes of a payment's status: each of the table is made, and none is made that the table does not have.

use std::time::Duration;

use serde_json::{Value, json};
use toss_sandbox::{
    CancelOutcome, Code, Currency, Fault, Method, NewPayment, OperatorRefund, READY_FOR, SESSION_FOR, Status, Transition, Trigger,
};

use crate::{
    api::{Api, key_in},
    conformance::{CHANGES, Change, Product},
    notices::{CANCEL, CHANGED, DEPOSIT, Told},
};

const PART: i64 = 1_000;

fn new(method: Method) -> NewPayment {
    let currency = if method == Method::Paypal { Currency::Usd } else { Currency::Krw };
    NewPayment { method, currency, ..NewPayment::new("order-0001", "토스 티셔츠 외 2건", 45_000) }
}

fn method(of: Product) -> Method {
    match of {
        Product::Account => Method::VirtualAccount,
        Product::Abroad => Method::Paypal,
        Product::Card | Product::KeyIn | Product::Billing => Method::Card,
    }
}

/// A payment of the product at the status; gives its key.
async fn at(it: &Told, of: Product, status: Status) -> String {
    let control = &it.shop.control;
    let open = || control.open(new(method(of))).unwrap().payment_key;
    match status {
        Status::Ready => open(),
        Status::InProgress => control.authenticate(new(method(of))).unwrap().payment_key,
        Status::WaitingForDeposit => it.account("order-0001").await,
        Status::Done if of == Product::Account => {
            let key = it.account("order-0001").await;
            control.deposit(&key).unwrap();
            key
        }
        Status::Done => crate::api::paid(&it.shop, new(method(of))).await,
        Status::PartialCanceled | Status::Canceled => {
            let key = Box::pin(at(it, of, Status::Done)).await;
            let amount = (status == Status::PartialCanceled).then_some(PART);
            control.refund(&key, amount.map_or_else(OperatorRefund::default, OperatorRefund::part)).unwrap();
            if of == Product::Abroad {
                control.finish_cancel(&key, CancelOutcome::Done).unwrap();
            }
            key
        }
        Status::Aborted => {
            let key = open();
            control.abort(&key, Code::REJECT_CARD_COMPANY).unwrap();
            key
        }
        Status::Expired => {
            let key = open();
            control.advance(READY_FOR);
            key
        }
    }
}

async fn confirm(it: &Told, key: &str) {
    let amount = it.shop.control.payment(key).unwrap().amount;
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": amount });
    // How it is answered shows in the payment.
    it.shop.send(it.shop.confirm_body(&body, &[])).await;
}

async fn made_directly(it: &Told, of: Product) -> String {
    let api = Api::of(&it.shop);
    let key = |body: Value| body["paymentKey"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned();
    match of {
        Product::Card | Product::Abroad => it.shop.control.open(new(method(of))).unwrap().payment_key,
        Product::KeyIn => key(api.post("/v1/payments/key-in", key_in()).await.json()),
        Product::Account => {
            let body = json!({ "amount": 45_000, "orderId": "order-0001", "orderName": "주문", "customerName": "김토스", "bank": "88" });
            key(api.post("/v1/virtual-accounts", body).await.json())
        }
        Product::Billing => {
            let auth_key = it.shop.control.authorize_billing("customer-1", Method::Card).unwrap();
            let issue = json!({ "authKey": auth_key, "customerKey": "customer-1" });
            let issued = api.post("/v1/billing/authorizations/issue", issue).await.json();
            let charge = json!({ "amount": 45_000, "orderId": "order-0001", "orderName": "주문", "customerKey": "customer-1" });
            key(api.post(&format!("/v1/billing/{}", issued["billingKey"].as_str().unwrap()), charge).await.json())
        }
    }
}

/// Makes the change of the row; gives the payment's key. What was told before is forgotten.
async fn make(it: &Told, change: &Change) -> String {
    let control = &it.shop.control;
    let Some(from) = change.from else {
        return made_directly(it, change.of).await;
    };
    let key = at(it, change.of, from).await;
    it.news().await;
    let part = (change.to == Status::PartialCanceled).then_some(PART);
    match change.trigger {
        Trigger::Opened | Trigger::ChargedDirectly => panic!("{}: nothing comes before it", change.when),
        Trigger::Authenticated => drop(control.approve(&key).unwrap()),
        Trigger::RefusedAtWindow => drop(control.abort(&key, Code::PAY_PROCESS_ABORTED).unwrap()),
        Trigger::TimedOut => control.advance(if from == Status::Ready { READY_FOR } else { SESSION_FOR }),
        Trigger::Declined => {
            it.shop.next_confirm(Fault::decline(Code::REJECT_CARD_PAYMENT));
            confirm(it, &key).await;
        }
        Trigger::Confirmed | Trigger::AccountIssued => confirm(it, &key).await,
        Trigger::Deposited => control.deposit(&key).unwrap(),
        Trigger::DepositReversed => control.reverse_deposit(&key).unwrap(),
        Trigger::Cancelled | Trigger::CancelRequested => {
            control.refund(&key, part.map_or_else(OperatorRefund::default, OperatorRefund::part)).unwrap();
        }
        Trigger::CancelDone | Trigger::CancelAborted => {
            control.refund(&key, part.map_or_else(OperatorRefund::default, OperatorRefund::part)).unwrap();
            let done = change.trigger == Trigger::CancelDone;
            control.finish_cancel(&key, if done { CancelOutcome::Done } else { CancelOutcome::Aborted }).unwrap();
        }
        other => panic!("{}: how {other:?} is done is not said here", change.when),
    }
    key
}

fn last(it: &Told, key: &str) -> Transition {
    it.shop.control.payment(key).unwrap().timeline.pop().unwrap()
}

#[tokio::test]
async fn every_change_of_the_table_happens_and_tells_what_the_table_says() {
    for change in CHANGES {
        let it = Told::open().await;
        let key = make(&it, change).await;
        let happened = last(&it, &key);
        assert_eq!((happened.from, happened.trigger, happened.to), (change.from, change.trigger, change.to), "{}", change.when);
        let outcome = if change.trigger == Trigger::CancelAborted { "ABORTED" } else { "DONE" };
        let status = change.to.as_str();
        let told = [(change.changed, CHANGED, status), (change.deposit, DEPOSIT, status), (change.cancel, CANCEL, outcome)];
        let told = told.into_iter().filter(|(is, _, _)| *is);
        let expected: Vec<_> = told.map(|(_, event, status)| (event, status.to_owned())).collect();
        assert_eq!(it.news().await, expected, "{}", change.when);
    }
}

/// Everything that anybody can do to a payment of the widget.
async fn act(it: &Told, key: &str, what: usize) -> bool {
    let control = &it.shop.control;
    let refund = |amount: Option<i64>| control.refund(key, amount.map_or_else(OperatorRefund::default, OperatorRefund::part));
    // A refusal is an answer too: then nothing has happened.
    match what {
        0 => drop(control.approve(key)),
        1 => drop(control.cancel(key)),
        2 => drop(control.abort(key, Code::FDS_ERROR)),
        3 => confirm(it, key).await,
        4 => {
            it.shop.next_confirm(Fault::decline(Code::FDS_ERROR));
            confirm(it, key).await;
        }
        5 => drop(control.deposit(key)),
        6 => drop(control.reverse_deposit(key)),
        7 => drop(refund(None)),
        8 => drop(refund(Some(PART))),
        9 => drop(control.expire(key)),
        10 => control.advance(Duration::from_secs(400 * 86_400)),
        11 => drop(refund(None).map(|()| control.finish_cancel(key, CancelOutcome::Aborted))),
        12 => drop(refund(Some(PART)).map(|()| control.finish_cancel(key, CancelOutcome::Done))),
        _ => return false,
    }
    true
}

#[tokio::test]
async fn no_change_happens_that_the_table_does_not_have() {
    let statuses = [
        Status::Ready,
        Status::InProgress,
        Status::WaitingForDeposit,
        Status::Done,
        Status::Canceled,
        Status::PartialCanceled,
        Status::Aborted,
        Status::Expired,
    ];
    let mut seen = Vec::new();
    for of in [Product::Card, Product::Account, Product::Abroad] {
        for from in statuses.iter().filter(|status| of == Product::Account || **status != Status::WaitingForDeposit) {
            let mut what = 0;
            loop {
                let it = Told::open().await;
                let key = at(&it, of, *from).await;
                let before = it.shop.control.payment(&key).unwrap().timeline.len();
                if !act(&it, &key, what).await {
                    break;
                }
                what += 1;
                for happened in &it.shop.control.payment(&key).unwrap().timeline[before..] {
                    // Until it is confirmed a payment lives the same life, whatever it is to be paid by.
                    let is_same = |row: &Change| row.of == of || matches!(row.from, Some(Status::Ready | Status::InProgress));
                    let is_row = |row: &Change| (row.from, row.trigger, row.to) == (happened.from, happened.trigger, happened.to);
                    let row = CHANGES.iter().position(|row| is_row(row) && is_same(row));
                    let row = row.unwrap_or_else(|| panic!("no row for {happened:?} of {of:?}"));
                    seen.push(row);
                }
            }
        }
    }
    assert!(seen.len() > 20, "hardly anything happened: {seen:?}");
}

#[test]
fn every_trigger_has_a_row() {
    for trigger in Trigger::ALL {
        assert!(CHANGES.iter().any(|change| change.trigger == *trigger), "{trigger:?}");
    }
}
