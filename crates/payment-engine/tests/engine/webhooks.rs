//! Webhooks, as the sandbox sends them and as a stranger does: whatever comes and however often, Toss is asked little, and the order
//! ends as Toss says.

use crate::world::{TOTAL, World};
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use payment_engine::order::{NoticeKind, State};
use payment_engine::outbox::{Courier, Message, Undelivered};
use payment_engine::toss_payments::webhook::Delivery;
use payment_engine::{Engine, NewOrder, OrderRecord, Received};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use toss_sandbox::{DeliveryState, OperatorRefund, Registration, WebhookFault, WebhookRule};
use toss_types::PaymentKey;

/// What a shop's handler does, and what it answered.
async fn take(Shared((engine, received)): Shared<(Engine, Log)>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let delivery = Delivery::from_headers(|name| headers.get(name).and_then(|value| value.to_str().ok()));
    match engine.receive(&body, delivery).await {
        Ok(what) => {
            received.lock().unwrap().push(what);
            StatusCode::OK
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

type Log = Arc<Mutex<Vec<Received>>>;

impl World {
    /// From now on the sandbox tells this engine.
    async fn listen(&self) -> Log {
        let log = Log::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
        let routes = axum::Router::new().route("/webhooks", axum::routing::post(take)).with_state((self.engine.clone(), log.clone()));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        self.sandbox.control().register_webhook(&Registration::new(url)).unwrap();
        log
    }

    /// Everything that is to be sent has been.
    async fn told(&self) {
        let over = |state: &DeliveryState| matches!(state, DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Lost);
        let control = self.sandbox.control();
        control.wait_for(|view| view.webhooks().all(|webhook| over(&webhook.state)), crate::world::DEADLINE).await.unwrap();
    }

    async fn told_and_done(&self) {
        self.told().await;
        self.work().await;
    }
}

pub fn notice(order: &NewOrder, key: &PaymentKey, status: &str) -> String {
    let (key, id) = (key.expose(), &order.id);
    format!(
        r#"{{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-08-01T12:00:00.1","data":{{"paymentKey":"{key}","orderId":"{id}","status":"{status}"}}}}"#
    )
}

pub fn id(id: &str) -> Delivery {
    Delivery::from_headers(|name| (name == "tosspayments-webhook-transmission-id").then_some(id))
}

#[tokio::test]
async fn a_deposit_is_heard_of_at_once_and_so_is_its_reversal() {
    let world = World::start().await;
    let log = world.listen().await;
    let (order, key) = world.waiting().await;
    let control = world.sandbox.control();
    control.deposit(key.expose()).unwrap();
    world.told_and_done().await;
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    control.reverse_deposit(key.expose()).unwrap();
    world.told().await;
    world.advance(Duration::from_secs(3));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::AwaitingDeposit { reversed_at_ms: Some(_), .. }));
    control.deposit(key.expose()).unwrap();
    world.told().await;
    world.advance(Duration::from_secs(3));
    world.work().await;
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
    assert!(log.lock().unwrap().contains(&Received::Kept));
}

/// Every way of going wrong that the sandbox has, on every change of a payment: the order ends as Toss says it stands.
#[tokio::test]
async fn lost_late_twice_out_of_order_and_forged_end_alike() {
    let faults = [
        None,
        Some(WebhookFault::Lose),
        Some(WebhookFault::Delay { ms: 3_600_000 }),
        Some(WebhookFault::Duplicate),
        Some(WebhookFault::Reorder),
        Some(WebhookFault::ForgeSecret),
        Some(WebhookFault::ForgeStatus),
    ];
    for fault in faults {
        let world = World::start().await;
        world.listen().await;
        let control = world.sandbox.control();
        let name = format!("{fault:?}");
        let fault = || {
            if let Some(fault) = &fault {
                control.webhook_fault(WebhookRule::next(*fault)).unwrap();
            }
        };
        fault();
        let (order, key) = world.waiting().await;
        fault();
        control.deposit(key.expose()).unwrap();
        // Whatever comes of webhooks, the lanes look by themselves, and what is late comes in time.
        for _ in 0..3 {
            world.advance(Duration::from_secs(3_700));
            world.told_and_done().await;
        }
        assert!(matches!(world.state(&order.id).await, State::Paid { .. }), "{name}");
        let (card, card_key) = world.paid().await;
        fault();
        control.refund(card_key.expose(), OperatorRefund::part(20_000)).unwrap();
        fault();
        control.refund(card_key.expose(), OperatorRefund::part(10_000)).unwrap();
        for _ in 0..3 {
            world.advance(Duration::from_secs(3_700));
            world.told_and_done().await;
        }
        let record = world.engine.order(&card.id).await.unwrap().unwrap();
        // Who hears of neither learns of them from the books.
        let expected = if name.contains("Lose") { "50000" } else { "20000" };
        assert_eq!(record.balance().refundable.to_string(), expected, "{name}: {:?}", record.refunds);
        assert_eq!(world.cancels().len(), 0, "{name}");
    }
}

#[tokio::test]
async fn one_that_comes_twice_is_looked_into_once_and_late_ones_undo_nothing() {
    let world = World::start().await;
    let (order, key) = world.waiting().await;
    world.sandbox.control().deposit(key.expose()).unwrap();
    let before = world.look_ups();
    let done = notice(&order, &key, "DONE");
    assert_eq!(world.engine.receive(done.as_bytes(), id("whtrans_1")).await.unwrap(), Received::Kept);
    assert_eq!(world.engine.receive(done.as_bytes(), id("whtrans_1")).await.unwrap(), Received::Repeated, "by its id");
    assert_eq!(world.engine.receive(done.as_bytes(), Delivery::default()).await.unwrap(), Received::Kept, "another one, without an id");
    assert_eq!(world.engine.receive(done.as_bytes(), Delivery::default()).await.unwrap(), Received::Repeated, "by what it says");
    world.work().await;
    assert_eq!(world.look_ups(), before + 1, "one look-up answers both");
    for status in ["DONE", "ABORTED", "EXPIRED", "READY", "IN_PROGRESS"] {
        let late = notice(&order, &key, status);
        assert_eq!(world.engine.receive(late.as_bytes(), id(status)).await.unwrap(), Received::Known, "{status}");
    }
    world.work().await;
    assert_eq!(world.look_ups(), before + 1);
    assert!(matches!(world.state(&order.id).await, State::Paid { .. }));
}

#[tokio::test]
async fn forgeries_move_nothing_and_cost_little() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    let (before, began_ms) = (world.look_ups(), world.engine.now_ms());
    // A look-up in two seconds, of the time that the test takes too.
    let most = |began_ms| usize::try_from((world.engine.now_ms() - began_ms) / 2_000 + 1).unwrap();
    // 10,000 a minute about an order of ours, 6 a millisecond apart, each another one.
    for number in 0..2_000 {
        let forged = notice(&order, &key, if number % 2 == 0 { "CANCELED" } else { "WAITING_FOR_DEPOSIT" });
        world.engine.receive(forged.as_bytes(), id(&format!("whtrans_{number}"))).await.unwrap();
        if number % 100 == 99 {
            world.advance(Duration::from_millis(600));
            world.work().await;
        }
    }
    world.advance(Duration::from_secs(3));
    world.work().await;
    let looked = world.look_ups() - before;
    assert!((1..=most(began_ms)).contains(&looked), "one look-up in two seconds: {looked}");
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert_eq!((record.standing(), record.version), ("paid", 2));
    // About payments that nobody has made, each another one.
    let (before, began_ms) = (world.look_ups(), world.engine.now_ms());
    for number in 0..2_000 {
        let forged = notice(&order, &PaymentKey::parse(&format!("tk_invented_{number}")).unwrap(), "DONE");
        world.engine.receive(forged.as_bytes(), id(&format!("invented_{number}"))).await.unwrap();
        if number % 100 == 99 {
            world.advance(Duration::from_millis(600));
            world.work().await;
        }
    }
    let invented = world.look_ups() - before;
    assert!((1..=most(began_ms)).contains(&invented), "{invented}");
    // They do not keep the order's own payment from being looked up.
    world.advance(Duration::from_secs(3));
    world.sandbox.control().refund(key.expose(), OperatorRefund::part(20_000)).unwrap();
    let canceled = notice(&order, &key, "PARTIAL_CANCELED");
    assert_eq!(world.engine.receive(canceled.as_bytes(), id("whtrans_true")).await.unwrap(), Received::Kept);
    world.work().await;
    assert_eq!(world.engine.order(&order.id).await.unwrap().unwrap().standing(), "partly_refunded");
    // What waits for its turn has had it.
    for _ in 0..4 {
        world.advance(Duration::from_secs(3));
        world.work().await;
    }
    // About nobody's orders: nothing is asked, and nothing is kept.
    let others = notice(
        &NewOrder { id: toss_types::OrderId::parse("somebody-elses").unwrap(), ..order.clone() },
        &PaymentKey::parse("tk_x").unwrap(),
        "DONE",
    );
    for number in 0..1_000 {
        assert_eq!(world.engine.receive(others.as_bytes(), id(&format!("x{number}"))).await.unwrap(), Received::NotOurs);
    }
    let before = world.look_ups();
    world.work().await;
    assert_eq!(world.look_ups(), before);
}

#[tokio::test]
async fn what_is_no_webhook_is_refused_and_nothing_changes() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let huge = format!(r#"{{"eventType":"PAYMENT_STATUS_CHANGED","data":{{"orderId":"{}"}},"x":"{}"}}"#, order.id, "x".repeat(2_000_000));
    let wrong = format!(r#"{{"eventType":"PAYMENT_STATUS_CHANGED","data":{{"orderId":["{}"],"paymentKey":5}}}}"#, order.id);
    for body in ["", "null", "hello", "[]", "{}", r#"{"eventType":5}"#, &deep, &huge, &wrong] {
        assert!(world.engine.receive(body.as_bytes(), Delivery::default()).await.is_err(), "{:.40}", body);
    }
    assert!(world.engine.receive(b"\xff\xfe{}", Delivery::default()).await.is_err());
    for other in ["BILLING_DELETED", "METHOD_UPDATED", "CUSTOMER_STATUS_CHANGED", "SOMETHING_NEW"] {
        let body = format!(
            r#"{{"eventType":"{other}","data":{{"billingKey":"b","customerKey":"customer-1","methodKey":"m","status":"ENABLED"}}}}"#
        );
        assert_eq!(world.engine.receive(body.as_bytes(), Delivery::default()).await.unwrap(), Received::OfNoPayment, "{other}");
    }
    assert_eq!((world.history(&order.id).await.len(), world.work_due().await), (2, 0));
}

impl World {
    async fn work_due(&self) -> usize {
        self.engine.work_once().await.unwrap()
    }
}

/// Toss does not answer at first: the webhook is not lost.
#[tokio::test]
async fn a_webhook_waits_until_toss_answers() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    world.sandbox.control().refund(key.expose(), OperatorRefund::default()).unwrap();
    let told = notice(&order, &key, "CANCELED");
    world.engine.receive(told.as_bytes(), id("whtrans_1")).await.unwrap();
    world.spoiler.look_up(&[crate::toss::Spoiled::AnswerLost; 3]);
    for _ in 0..4 {
        world.work().await;
        world.advance(Duration::from_secs(61));
    }
    let record = world.engine.order(&order.id).await.unwrap().unwrap();
    assert_eq!((record.standing(), world.balance(&order)), ("refunded", 0));
}

/// Remembers what it is told.
struct Told(Arc<Mutex<Vec<(NoticeKind, String)>>>);

#[async_trait::async_trait]
impl Courier for Told {
    fn channel(&self) -> &'static str {
        "test"
    }

    async fn deliver(&self, message: &Message, _order: &OrderRecord) -> Result<(), Undelivered> {
        let body: serde_json::Value = serde_json::from_str(&message.body).unwrap();
        self.0.lock().unwrap().push((message.kind, body["data"]["status"].as_str().unwrap().to_owned()));
        Ok(())
    }
}

#[tokio::test]
async fn a_merchant_is_told_each_thing_once_and_in_order() {
    let told = Arc::<Mutex<Vec<_>>>::default();
    let world = World::start_told(Told(told.clone())).await;
    let (_, key) = world.waiting().await;
    let control = world.sandbox.control();
    control.deposit(key.expose()).unwrap();
    for step in 0..3 {
        if step == 1 {
            control.reverse_deposit(key.expose()).unwrap();
        }
        if step == 2 {
            control.deposit(key.expose()).unwrap();
            control.refund(key.expose(), OperatorRefund::part(i64::from(TOTAL as i32) / 2)).unwrap();
        }
        world.advance(Duration::from_secs(601));
        world.work().await;
    }
    let told = told.lock().unwrap().clone();
    let told: Vec<_> = told.iter().map(|(kind, status)| (kind.word(), status.as_str())).collect();
    assert_eq!(
        told,
        [
            ("order.deposit_waiting", "awaiting_deposit"),
            ("order.paid", "paid"),
            ("order.deposit_reversed", "awaiting_deposit"),
            ("order.paid", "partly_refunded"),
            ("order.refunded", "partly_refunded"),
        ]
    );
}
