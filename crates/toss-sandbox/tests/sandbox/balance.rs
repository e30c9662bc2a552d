//! The books balance: whatever is done to payments, in whichever order or at the same time, what the ledger has is what
//! the payments hold.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use hyper::Method as Http;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config as Cases, RngSeed, TestRunner},
};
use serde_json::{Value, json};
use toss_sandbox::{API_CLIENT_KEY, ChargeKind, Method, NewPayment, OperatorRefund, PaymentView, Status};

use crate::{
    api::Api,
    support::{Shop, basic, try_send},
};

/// So many orders, that several steps meet at one.
const ORDERS: usize = 3;
const AMOUNT: i64 = 15_000;

#[derive(Clone, Debug)]
enum Step {
    Issue,
    Pay(Method),
    Confirm { amount: i64 },
    Cancel { amount: Option<i64>, refundable: Option<i64>, tax_free: Option<i64> },
    CancelReceipt { amount: i64 },
    Deposit,
    Reverse,
    Expire,
    OperatorRefund { amount: Option<i64> },
    Later { minutes: u64 },
}

fn part() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 1..AMOUNT / 3,
        2 => Just(AMOUNT),
        1 => Just(AMOUNT + 1),
        1 => prop_oneof![Just(0), Just(-1), Just(i64::MIN), Just(i64::MAX), Just(9_007_199_254_740_992)],
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let maybe = || prop::option::of(part());
    let method = prop_oneof![Just(Method::Card), Just(Method::Transfer), Just(Method::VirtualAccount), Just(Method::MobilePhone)];
    prop_oneof![
        2 => Just(Step::Issue),
        2 => method.prop_map(Step::Pay),
        3 => prop_oneof![5 => Just(AMOUNT), 1 => part()].prop_map(|amount| Step::Confirm { amount }),
        4 => (maybe(), prop::option::weighted(0.1, part()), prop::option::weighted(0.1, part()))
            .prop_map(|(amount, refundable, tax_free)| Step::Cancel { amount, refundable, tax_free }),
        1 => part().prop_map(|amount| Step::CancelReceipt { amount }),
        4 => Just(Step::Deposit),
        4 => Just(Step::Reverse),
        1 => Just(Step::Expire),
        2 => maybe().prop_map(|amount| Step::OperatorRefund { amount }),
        1 => (0..20u64).prop_map(|minutes| Step::Later { minutes }),
    ]
}

/// Steps, each at an order; those of one inner list happen at the same time.
fn steps() -> impl Strategy<Value = Vec<Vec<(usize, Step)>>> {
    vec(vec((0..ORDERS, step()), 1..4), 3..14)
}

/// The latest payment of the order, as far as it was known before the step.
fn latest(payments: &[PaymentView], order_id: &str) -> String {
    payments.iter().rfind(|payment| payment.order_id == order_id).map_or_else(|| "nobody".to_owned(), |payment| payment.payment_key.clone())
}

/// Does a step. Whether it was refused does not matter: the books have to balance.
async fn act(shop: &Shop, payments: &[PaymentView], place: usize, step: Step) {
    let order_id = format!("order-{place:04}");
    let key = latest(payments, &order_id);
    let account = json!({ "bank": "20", "accountNumber": "1002123456789", "holderName": "김토스" });
    let (path, body) = match step {
        Step::Issue => {
            let mut body = json!({ "amount": AMOUNT, "orderId": order_id, "orderName": "주문", "customerName": "김토스", "bank": "20" });
            body["cashReceipt"] = json!({ "type": "소득공제" });
            body["taxFreeAmount"] = json!(3_000);
            ("/v1/virtual-accounts".to_owned(), body)
        }
        Step::Confirm { amount } => {
            ("/v1/payments/confirm".to_owned(), json!({ "paymentKey": key, "orderId": order_id, "amount": amount }))
        }
        Step::Cancel { amount, refundable, tax_free } => (
            format!("/v1/payments/{key}/cancel"),
            json!({
                "cancelReason": "변심", "cancelAmount": amount, "refundableAmount": refundable, "taxFreeAmount": tax_free,
                "refundReceiveAccount": account,
            }),
        ),
        Step::CancelReceipt { amount } => {
            let payment = Api::of(shop).get(&format!("/v1/payments/{key}")).await.json();
            let receipt = payment["cashReceipt"]["receiptKey"].as_str().unwrap_or("nobody").to_owned();
            (format!("/v1/cash-receipts/{receipt}/cancel"), json!({ "amount": amount }))
        }
        Step::Pay(method) => {
            let new = NewPayment { method, client_key: Some(API_CLIENT_KEY.to_owned()), ..NewPayment::new(order_id, "주문", AMOUNT) };
            drop(shop.control.authenticate(new));
            return;
        }
        Step::Deposit => return drop(shop.control.deposit(&key)),
        Step::Reverse => return drop(shop.control.reverse_deposit(&key)),
        Step::Expire => return drop(shop.control.expire(&key)),
        Step::OperatorRefund { amount } => {
            return drop(shop.control.refund(&key, amount.map_or_else(OperatorRefund::default, OperatorRefund::part)));
        }
        Step::Later { minutes } => return shop.control.advance(Duration::from_secs(60 * minutes)),
    };
    let reply = Api::of(shop).post(&path, body).await;
    // Of two confirms of one payment at once the second is told so.
    assert!(reply.status < 500 || reply.text().contains("[S008]"), "{path} {reply:?}");
}

/// What the ledger has of each payment. At no moment is it less than nothing, or more than the payment is about.
fn held(shop: &Shop) -> (Vec<PaymentView>, HashMap<String, i64>) {
    shop.control.look(|view| {
        let payments = view.payments();
        let mut held: HashMap<String, i64> = HashMap::new();
        for entry in view.ledger() {
            let money = held.entry(entry.payment_key.clone()).or_default();
            *money += match entry.kind {
                ChargeKind::Charge => entry.amount.get(),
                ChargeKind::Refund | ChargeKind::Reversal => -entry.amount.get(),
            };
            assert!((0..=AMOUNT).contains(money), "{entry:?} leaves {money}");
        }
        (payments, held)
    })
}

/// What the payment says that it holds.
fn balance(payment: &PaymentView) -> i64 {
    match payment.status {
        Status::Done | Status::Canceled | Status::PartialCanceled => payment.balance.get(),
        Status::Ready | Status::InProgress | Status::WaitingForDeposit | Status::Aborted | Status::Expired => 0,
    }
}

/// What of its money stands on cash receipts.
fn receipted(payment: &Value) -> i64 {
    let records = payment["cashReceipts"].as_array().cloned().unwrap_or_default();
    records.iter().map(|record| record["amount"].as_i64().unwrap() * if record["transactionType"] == "CONFIRM" { 1 } else { -1 }).sum()
}

async fn check(shop: &Shop, receipts_alone: bool) -> Result<(), TestCaseError> {
    let (payments, held) = held(shop);
    for payment in &payments {
        let key = &payment.payment_key;
        let money = held.get(key).copied().unwrap_or_default();
        prop_assert_eq!(money, balance(payment), "the ledger and {:?}", payment);
        let body = Api::of(shop).get(&format!("/v1/payments/{key}")).await.json();
        if body["cashReceipts"].is_array() {
            let receipted = receipted(&body);
            prop_assert!(receipted == money || (receipts_alone && (0..money).contains(&receipted)), "{receipted} of {money}: {body}");
        }
    }
    let total: i64 = held.values().sum();
    prop_assert_eq!(total, payments.iter().map(balance).sum::<i64>());
    for place in 0..ORDERS {
        let order_id = format!("order-{place:04}");
        let paid: Vec<_> =
            payments.iter().filter(|payment| payment.order_id == order_id && held.contains_key(&payment.payment_key)).collect();
        prop_assert!(paid.len() <= 1, "an order is paid by one payment: {paid:?}");
    }
    Ok(())
}

#[test]
fn the_ledger_is_what_the_payments_hold_after_any_steps_at_once() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = runtime.block_on(Shop::open());
    let seed = std::env::var("SEED").map_or_else(|_| RandomState::new().hash_one(0), |seed| seed.parse().unwrap());
    let mut runner = TestRunner::new(Cases { cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Cases::default() });
    let moved = std::cell::Cell::new([0; 3]);
    let result = runner.run(&steps(), |steps| {
        shop.control.reset();
        let mut receipts_alone = false;
        runtime.block_on(async {
            for place in 0..ORDERS {
                act(&shop, &[], place, if place == 0 { Step::Pay(Method::Card) } else { Step::Issue }).await;
            }
            for at_once in steps {
                let payments = shop.control.payments();
                receipts_alone |= at_once.iter().any(|(_, step)| matches!(step, Step::CancelReceipt { .. }));
                futures_util::future::join_all(at_once.into_iter().map(|(place, step)| act(&shop, &payments, place, step))).await;
                check(&shop, receipts_alone).await?;
            }
            let mut counts = moved.get();
            for entry in shop.control.ledger() {
                counts[match entry.kind {
                    ChargeKind::Charge => 0,
                    ChargeKind::Refund => 1,
                    ChargeKind::Reversal => 2,
                }] += 1;
            }
            moved.set(counts);
            Ok(())
        })
    });
    assert!(result.is_ok(), "SEED={seed}: {result:?}");
    assert!(moved.get().iter().all(|count| *count > 25), "too little happened: {:?}", moved.get());
}

/// A deposited virtual account of `AMOUNT`.
async fn deposited(shop: &Shop, order_id: &str) -> String {
    let body = json!({ "amount": AMOUNT, "orderId": order_id, "orderName": "주문", "customerName": "김토스", "bank": "20" });
    let key = Api::of(shop).post("/v1/virtual-accounts", body).await.json()["paymentKey"].as_str().unwrap().to_owned();
    shop.control.deposit(&key).unwrap();
    key
}

fn cancel_request(key: &str, amount: Option<i64>) -> hyper::Request<http_body_util::Full<hyper::body::Bytes>> {
    let account = json!({ "bank": "20", "accountNumber": "1002123456789", "holderName": "김토스" });
    let body = json!({ "cancelReason": "변심", "cancelAmount": amount, "refundReceiveAccount": account }).to_string();
    hyper::Request::builder()
        .method(Http::POST)
        .uri(format!("/v1/payments/{key}/cancel"))
        .header("authorization", basic(&format!("{}:", toss_sandbox::API_SECRET_KEY)))
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_cancels_at_once_as_many_succeed_as_there_is_money_for() {
    for (amount, fit) in [(None, 1), (Some(AMOUNT), 1), (Some(1_000), 15), (Some(4_000), 3)] {
        let shop = Shop::open().await;
        let key = deposited(&shop, "order-0001").await;
        let calls = (0..30).map(|_| tokio::spawn(try_send(shop.sandbox.addr(), cancel_request(&key, amount))));
        let replies = futures_util::future::join_all(calls).await;
        let won = replies.into_iter().filter(|reply| reply.as_ref().unwrap().as_ref().unwrap().status == 200).count();
        assert_eq!(won, fit, "{amount:?}");
        check(&shop, false).await.unwrap();
        assert_eq!(shop.control.ledger().len(), 1 + fit);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_cancel_and_a_reversal_at_once_one_gives_the_money_back() {
    let shop = Shop::open().await;
    for round in 0..50 {
        let key = deposited(&shop, &format!("order-{round:04}")).await;
        let control = shop.control.clone();
        let reversed = key.clone();
        let (cancel, reversal) = tokio::join!(
            tokio::spawn(try_send(shop.sandbox.addr(), cancel_request(&key, None))),
            tokio::spawn(async move { control.reverse_deposit(&reversed) }),
        );
        let back = shop.control.ledger().iter().filter(|entry| entry.payment_key == key && entry.kind != ChargeKind::Charge).count();
        assert_eq!(back, 1, "a cancel of what waits again moves nothing");
        assert!(cancel.unwrap().unwrap().status == 200 || reversal.unwrap().is_ok());
        check(&shop, false).await.unwrap();
    }
}
