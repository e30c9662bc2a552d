//! What must hold of money whatever gets lost on the way, counted in the ledger of the offline Toss.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;
use support::unknown;
use toss_payments::{
    CancelReason, CancelRequest, Class, Client, ConfirmRequest, Error, ErrorCode, IdempotencyKey, OrderId, Payment, PaymentKey, Response,
    Retry, SecretKey, Status, UnknownCause, Won,
};
use toss_sandbox::{ChargeKind, Clock, Config, Endpoint, Fault, NewPayment, Sandbox, Scope, Times, UnixMs};

const ORDER: &str = "order-0001";
const PRICE: i64 = 45_000;

fn won(won: i64) -> Won {
    Won::new(won).unwrap()
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

struct Shop {
    sandbox: Sandbox,
    client: Client,
}

impl Shop {
    async fn open() -> Shop {
        // 2026-08-01T12:00:00+09:00
        let clock = Clock::stopped_at(UnixMs::new(1_785_553_200_000));
        let sandbox = Sandbox::start(Config { clock, ..Config::default() }).await.unwrap();
        let secret = SecretKey::parse(sandbox.secret_key()).unwrap();
        let client = Client::builder(secret).base_url(sandbox.url()).timeout(Duration::from_secs(20)).build().unwrap();
        Shop { sandbox, client }
    }

    fn returned(&self, order: &str) -> ConfirmRequest {
        let made = self.sandbox.control().authenticate(NewPayment::new(order, "토스 티셔츠", PRICE)).unwrap();
        let payment_key = PaymentKey::parse(&made.payment_key).unwrap();
        ConfirmRequest::new(payment_key, OrderId::parse(order).unwrap(), won(PRICE))
    }

    async fn paid(&self) -> PaymentKey {
        let request = self.returned(ORDER);
        self.client.confirm(&request, &key("confirm")).await.unwrap();
        request.payment_key
    }

    async fn cancel(&self, payment: &PaymentKey, request: &CancelRequest, attempt: &str) -> Result<Response<Payment>, Error> {
        self.client.cancel(payment, request, &key(attempt)).await
    }

    fn lose(&self, fault: Fault, endpoint: Endpoint, times: Times) {
        self.sandbox.control().fault(fault, Scope::any(endpoint), times).unwrap();
    }

    /// What was given back, cancel by cancel.
    fn refunds(&self) -> Vec<i64> {
        let ledger = self.sandbox.control().ledger();
        ledger.iter().filter(|entry| entry.kind == ChargeKind::Refund).map(|entry| entry.amount.get()).collect()
    }

    fn cancels_sent(&self) -> usize {
        self.sandbox.control().requests().iter().filter(|request| request.path.ends_with("/cancel")).count()
    }
}

fn all() -> CancelRequest {
    CancelRequest::new(CancelReason::parse("단순 변심").unwrap())
}

fn part(amount: i64, left: i64) -> CancelRequest {
    all().amount(won(amount)).refundable_amount(won(left))
}

#[tokio::test]
async fn the_same_part_is_given_back_twice_only_if_it_is_asked_for_twice() {
    let shop = Shop::open().await;
    let payment = shop.paid().await;
    let first = shop.cancel(&payment, &part(1_000, 45_000), "return-1").await.unwrap();
    let replayed = shop.cancel(&payment, &part(1_000, 45_000), "return-1").await.unwrap();
    assert_eq!(first.raw, replayed.raw);
    assert_eq!(shop.refunds(), [1_000]);

    // The shop means a second return and takes the first one's key: the replayed answer is of the first.
    let reused = shop.cancel(&payment, &part(1_000, 44_000), "return-1").await;
    assert_eq!(unknown(reused).cause, UnknownCause::Mismatch);
    assert_eq!(shop.refunds(), [1_000]);

    let second = shop.cancel(&payment, &part(1_000, 44_000), "return-2").await.unwrap().value;
    assert_eq!((second.cancels.len(), second.balance_won()), (2, Some(won(43_000))));
    assert_eq!(shop.refunds(), [1_000, 1_000]);
}

#[tokio::test]
async fn everything_is_given_back_only_if_nothing_is_left() {
    let shop = Shop::open().await;
    let payment = shop.paid().await;
    shop.cancel(&payment, &part(1_000, 45_000), "return").await.unwrap();
    // The answer to the part, replayed: 44,000 are still with the shop.
    let reused = unknown(shop.cancel(&payment, &all(), "return").await);
    assert_eq!((reused.cause, reused.detail.as_str()), (UnknownCause::Mismatch, "balanceAmount differs from what was asked for"));
    assert_eq!(shop.refunds(), [1_000]);
    let rest = shop.cancel(&payment, &all(), "return-all").await.unwrap().value;
    assert_eq!((rest.status, rest.balance_amount.unwrap().is_zero()), (Status::PartialCanceled, true));
    assert_eq!(shop.refunds(), [1_000, 44_000]);
}

#[tokio::test]
async fn a_cancel_of_nothing_is_not_sent() {
    let shop = Shop::open().await;
    let payment = shop.paid().await;
    let nothing = unknown(shop.cancel(&payment, &all().amount(Won::ZERO), "return").await);
    assert_eq!((nothing.cause, nothing.status), (UnknownCause::NotSent, None));
    assert_eq!((shop.cancels_sent(), shop.refunds().len()), (0, 0));
}

#[tokio::test]
async fn a_cancel_whose_answer_got_lost_is_found_by_its_key_and_not_made_again() {
    let shop = Shop::open().await;
    let payment = shop.paid().await;
    shop.lose(Fault::ResetAfter, Endpoint::Cancel, Times::Once);
    let request = part(1_000, 45_000);
    let attempt = key("return-1");
    let answer = Retry::new()
        .pauses(Duration::from_millis(1), Duration::from_millis(1))
        .run(&attempt, |attempt| shop.client.cancel(&payment, &request, attempt))
        .await
        .unwrap();
    assert_eq!((answer.value.cancels.len(), answer.value.balance_won()), (1, Some(won(44_000))));
    assert_eq!((shop.cancels_sent(), shop.refunds()), (2, vec![1_000]));
}

#[tokio::test]
async fn what_is_cancelled_already_is_a_state_and_the_look_up_says_so() {
    let shop = Shop::open().await;
    let payment = shop.paid().await;
    shop.lose(Fault::ResetAfter, Endpoint::Cancel, Times::Once);
    assert_eq!(unknown(shop.cancel(&payment, &all(), "return-1").await).cause, UnknownCause::Reset);
    // The shop has lost its key, too, and takes a new one.
    let again = shop.cancel(&payment, &all(), "return-2").await.unwrap_err();
    assert_eq!((again.code(), again.class()), (Some(&ErrorCode::AlreadyCanceledPayment), Class::State));
    let found = shop.client.payment(&payment).await.unwrap().value;
    assert_eq!((found.status.clone(), found.balance_won()), (Status::Canceled, Some(Won::ZERO)));
    assert_eq!(shop.refunds(), [PRICE]);
}

#[tokio::test]
async fn after_silence_the_look_up_tells_what_the_confirm_did() {
    for (fault, status, charged) in [(Fault::ResetAfter, Status::Done, 1), (Fault::ResetBefore, Status::InProgress, 0)] {
        let shop = Shop::open().await;
        let request = shop.returned(ORDER);
        shop.lose(fault, Endpoint::Confirm, Times::Once);
        assert_eq!(unknown(shop.client.confirm(&request, &key("a")).await).cause, UnknownCause::Reset);
        let found = shop.client.payment_by_order(&request.order_id).await.unwrap().value;
        assert_eq!((found.payment_key, found.status), (request.payment_key.clone(), status));
        assert_eq!(shop.sandbox.control().charges(ORDER).len(), charged);
        assert_eq!(shop.client.confirm(&request, &key("a")).await.unwrap().value.status, Status::Done);
        assert_eq!(shop.sandbox.control().charges(ORDER).len(), 1);
    }
}

#[tokio::test]
async fn a_repetition_keeps_to_its_call_and_its_key() {
    let shop = Shop::open().await;
    let (first, second) = (shop.returned("order-0001"), shop.returned("order-0002"));
    shop.lose(Fault::ResetAfter, Endpoint::Confirm, Times::Next(4));
    let (a, b) = (key("attempt-a"), key("attempt-b"));
    let retry = Retry::new().pauses(Duration::from_millis(1), Duration::from_millis(1)).repeats(4);
    let (left, right) = tokio::join!(
        retry.run(&a, |attempt| shop.client.confirm(&first, attempt)),
        retry.run(&b, |attempt| shop.client.confirm(&second, attempt)),
    );
    assert_eq!(left.unwrap().value.order_id, first.order_id);
    assert_eq!(right.unwrap().value.order_id, second.order_id);
    for order in ["order-0001", "order-0002"] {
        assert_eq!(shop.sandbox.control().charges(order).len(), 1);
    }
    for request in shop.sandbox.control().requests() {
        let attempt = if request.order_id.as_deref() == Some("order-0001") { "attempt-a" } else { "attempt-b" };
        assert_eq!((request.path.as_str(), request.idempotency_key.as_deref()), ("/v1/payments/confirm", Some(attempt)));
    }
}

#[tokio::test]
async fn whatever_goes_wrong_a_charge_is_never_called_a_failure() {
    let mut charged = 0;
    for fault in [
        Fault::ErrorBefore,
        Fault::ErrorAfter,
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::TooManyRequests,
        Fault::InProgressConflict,
        Fault::TruncatedBody,
        Fault::Garbage200,
        Fault::Html500,
        Fault::UnknownStatus,
        Fault::ExtraFields,
        Fault::WrongAmount,
        Fault::WrongOrderId,
        Fault::AlreadyProcessed,
        Fault::SessionExpired,
    ] {
        let shop = Shop::open().await;
        let request = shop.returned(ORDER);
        shop.lose(fault.clone(), Endpoint::Confirm, Times::Once);
        let outcome = shop.client.confirm(&request, &key("a")).await;
        let charges = shop.sandbox.control().charges(ORDER).len();
        charged += charges;
        match outcome {
            Ok(answer) => assert_eq!((charges, answer.value.total_won()), (1, Some(won(PRICE))), "{fault:?}"),
            Err(error) => {
                let is_open = matches!(error.class(), Class::Unknown | Class::State);
                assert!(is_open || charges == 0, "{fault:?} has charged, and is told as {error}");
            }
        }
    }
    assert!(charged > 5, "{charged} of the faults charge");
}
