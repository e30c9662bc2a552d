//! `Config::state` inside a process: any state comes back as it was, and a file that cannot be written is no secret.

use std::{fs, path::Path, time::Duration};

use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    test_runner::{Config as Cases, TestRunner},
};
use serde_json::{Value, json};
use toss_sandbox::{
    Clock, Code, Config, DeliveryState, Endpoint, Fault, Limits, Method, NewPayment, OperatorRefund, Registration, Sandbox, Scope,
    StartError, Times, WebhookFault, WebhookRecord, WebhookRule,
};

use crate::{
    api::{Api, key_in, with},
    support::{DEADLINE, START, Shop, refused},
};

async fn open(file: &Path) -> Shop {
    with_limits(file, Limits::default()).await
}

async fn with_limits(file: &Path, limits: Limits) -> Shop {
    Shop::with(Config { state: Some(file.to_owned()), limits, ..Config::default() }).await
}

/// What somebody does to a sandbox.
#[derive(Clone, Debug)]
enum Act {
    Open(&'static [Method], u16),
    Approve(Index),
    Abort(Index),
    Confirm(Index, Option<u8>),
    Cancel(Index, i64),
    Deposit(Index),
    Reverse(Index),
    Expire(Index),
    Refund(Index),
    KeyIn(u16),
    IssueKey,
    Receipt(u16),
    Register(u8),
    Fault(u8),
    Advance(u32),
    RotateKey,
}

fn act() -> impl Strategy<Value = Act> {
    const METHODS: &[Method] = Method::ALL;
    let any_payment = any::<Index>;
    prop_oneof![
        4 => any::<u16>().prop_map(|number| Act::Open(METHODS, number)),
        3 => any_payment().prop_map(Act::Approve),
        1 => any_payment().prop_map(Act::Abort),
        5 => (any_payment(), proptest::option::of(0..4_u8)).prop_map(|(payment, key)| Act::Confirm(payment, key)),
        2 => (any_payment(), 1..60_000_i64).prop_map(|(payment, amount)| Act::Cancel(payment, amount)),
        2 => any_payment().prop_map(Act::Deposit),
        1 => any_payment().prop_map(Act::Reverse),
        1 => any_payment().prop_map(Act::Expire),
        1 => any_payment().prop_map(Act::Refund),
        1 => any::<u16>().prop_map(Act::KeyIn),
        1 => Just(Act::IssueKey),
        1 => any::<u16>().prop_map(Act::Receipt),
        1 => (0..3_u8).prop_map(Act::Register),
        1 => any::<u8>().prop_map(Act::Fault),
        2 => (0..900_000_u32).prop_map(Act::Advance),
        1 => Just(Act::RotateKey),
    ]
}

/// Does it. That something is refused is as good as that it is done.
async fn perform(shop: &Shop, act: &Act) {
    let payments = shop.control.payments();
    let any = |index: &Index| (!payments.is_empty()).then(|| index.get(&payments).clone());
    let control = &shop.control;
    match act {
        Act::Open(methods, number) => {
            let method = methods[usize::from(*number) % methods.len()];
            let new = NewPayment { method, ..NewPayment::new(format!("order-{}", number % 40 + 10), "주문", 45_000) };
            drop(control.open(new));
        }
        Act::Approve(index) => drop(any(index).map(|it| control.approve(&it.payment_key))),
        Act::Abort(index) => drop(any(index).map(|it| control.abort(&it.payment_key, Code::REJECT_CARD_COMPANY))),
        Act::Confirm(index, key) => {
            let Some(it) = any(index) else { return };
            let body = json!({ "paymentKey": it.payment_key, "orderId": it.order_id, "amount": it.amount });
            let key = key.map(|key| format!("key-{key}"));
            let headers: Vec<_> = key.iter().map(|key| ("idempotency-key", key.as_str())).collect();
            shop.send(shop.confirm_body(&body, &headers)).await;
        }
        Act::Cancel(index, amount) => {
            let Some(it) = any(index) else { return };
            let account = json!({ "bank": "88", "accountNumber": "123", "holderName": "김토스" });
            let body = json!({ "cancelReason": "변심", "cancelAmount": amount, "refundReceiveAccount": account });
            Api::widget(shop).cancel(&it.payment_key, body).await;
        }
        Act::Deposit(index) => drop(any(index).map(|it| control.deposit(&it.payment_key))),
        Act::Reverse(index) => drop(any(index).map(|it| control.reverse_deposit(&it.payment_key))),
        Act::Expire(index) => drop(any(index).map(|it| control.expire(&it.payment_key))),
        Act::Refund(index) => drop(any(index).map(|it| control.refund(&it.payment_key, OperatorRefund::default()))),
        Act::KeyIn(number) => {
            let order = json!({ "orderId": format!("typed-{number}") });
            Api::of(shop).post("/v1/payments/key-in", with(&key_in(), order)).await;
        }
        Act::IssueKey => drop(control.authorize_billing("customer-1", Method::Card)),
        Act::Receipt(number) => {
            let receipt = json!({
                "amount": number, "orderId": "order-0001", "orderName": "주문", "type": "소득공제", "customerIdentityNumber": "01012345678",
            });
            Api::widget(shop).post("/v1/cash-receipts", receipt).await;
        }
        // Port 9 refuses connections: attempts fail, retries wait.
        Act::Register(number) => control.register_webhook(&Registration::new(format!("http://127.0.0.1:9/{number}"))).unwrap(),
        Act::Fault(number) => {
            let times = Times::Chance { percent: number % 100 };
            control.fault(Fault::decline(Code::FDS_ERROR), Scope::any(Endpoint::Confirm), times).unwrap();
            control.webhook_fault(WebhookRule::next(WebhookFault::Duplicate).times(times)).unwrap();
        }
        Act::Advance(ms) => control.advance(Duration::from_millis(u64::from(*ms))),
        Act::RotateKey => control.rotate_security_key(None).unwrap(),
    }
}

/// What can be seen from outside, once no webhook is under way or due. The clock stands.
async fn seen(shop: &Shop) -> Vec<Value> {
    let now = shop.control.clock().now();
    let rests = |record: &WebhookRecord| match record.state {
        DeliveryState::Waiting { due } => due > now,
        state => state != DeliveryState::Sending,
    };
    shop.control.wait_for(|view| view.webhooks().all(rests), DEADLINE).await.unwrap();
    let mut seen = Vec::new();
    for list in ["/state", "/payments", "/ledger", "/requests", "/webhooks", "/faults", "/clock", "/security-keys"] {
        seen.push(shop.drive("GET", list, None).await.json());
    }
    for request in shop.control.requests() {
        seen.push(shop.drive("GET", &format!("/requests/{}", request.number), None).await.json());
    }
    seen
}

/// What the API answers, with the addresses of this sandbox taken out. To ask adds to the log.
async fn answered(shop: &Shop) -> Vec<(u16, String)> {
    let mut paths: Vec<_> = shop.control.payments().iter().map(|it| format!("/v1/payments/{}", it.payment_key)).collect();
    paths.push("/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-02T00:00:00".to_owned());
    paths.push("/v1/cash-receipts?requestDate=2026-08-01".to_owned());
    let mut answered = Vec::new();
    for path in &paths {
        let reply = shop.get(path).await;
        answered.push((reply.status, reply.text().replace(&shop.sandbox.url(), "")));
    }
    answered
}

#[test]
fn whatever_has_been_done_comes_back_as_it_was() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Cases { cases: 48, failure_persistence: None, ..Cases::default() });
    runner
        .run(&vec(act(), 0..40), |acts| {
            runtime.block_on(async {
                let directory = tempfile::tempdir().unwrap();
                let file = directory.path().join("toss.json");
                let shop = open(&file).await;
                for act in &acts {
                    perform(&shop, act).await;
                }
                let answers = answered(&shop).await;
                let mut before = seen(&shop).await;
                shop.sandbox.shutdown().await;
                // Twice, so that what was gone on with is gone on with like anything else.
                for _ in 0..2 {
                    let shop = open(&file).await;
                    assert_eq!(seen(&shop).await, before);
                    assert_eq!(answered(&shop).await, answers);
                    before = seen(&shop).await;
                    shop.sandbox.shutdown().await;
                }
            });
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn an_answer_whose_truth_is_not_on_disk_is_an_error_that_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("place");
    fs::create_dir(&place).unwrap();
    let shop = open(&place.join("toss.json")).await;
    let payment = shop.pay("order-0001", 45_000);
    fs::remove_dir_all(&place).unwrap();
    let reply = shop.confirm_with_key(&payment, "key-1").await;
    assert_eq!(reply.error(), refused(500, "SANDBOX_STATE_NOT_SAVED"));
    fs::create_dir(&place).unwrap();
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.json()["status"], "DONE");
    assert_eq!(shop.control.charges("order-0001").len(), 1);
}

#[tokio::test]
async fn the_file_is_its_owners_alone_and_holds_no_half_of_anything() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("toss.json");
    let shop = open(&file).await;
    let payment = shop.pay("order-0001", 45_000);
    // What a kill has left behind in the middle of writing.
    fs::write(directory.path().join("toss.json.new"), "{").unwrap();
    assert_eq!(shop.confirm(&payment).await.status, 200);
    let page: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(page["version"], 2);
    #[cfg(unix)]
    for entry in fs::read_dir(directory.path()).unwrap() {
        let mode = std::os::unix::fs::PermissionsExt::mode(&entry.as_ref().unwrap().metadata().unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "{entry:?}");
    }
    shop.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_file_whose_webhooks_leave_the_machine_needs_that_leave_again() {
    let directory = tempfile::tempdir().unwrap();
    let config = Config { state: Some(directory.path().join("toss.json")), clock: Clock::stopped_at(START), ..Config::default() };
    let allowed = Sandbox::start(Config { allow_remote_webhooks: true, ..config.clone() }).await.unwrap();
    allowed.control().register_webhook(&Registration::new("http://192.0.2.1/hook")).unwrap();
    allowed.shutdown().await;
    assert!(matches!(Sandbox::start(config.clone()).await, Err(StartError::BadWebhooks(_))));
    let allowed = Sandbox::start(Config { allow_remote_webhooks: true, ..config }).await.unwrap();
    assert_eq!(allowed.control().registrations()[0].url, "http://192.0.2.1/hook");
}

#[tokio::test]
async fn a_restart_gives_no_calls_back_and_forgets_what_is_over_a_smaller_limit() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("toss.json");
    let limits = Limits { calls_a_minute: Some(2), ..Limits::default() };
    let shop = with_limits(&file, limits).await;
    for order in ["order-0001", "order-0002"] {
        let payment = shop.pay(order, 45_000);
        assert_eq!(shop.confirm(&payment).await.status, 200);
    }
    shop.sandbox.shutdown().await;

    let shop = with_limits(&file, Limits { payments: 1, ..limits }).await;
    let third = shop.pay("order-0003", 45_000);
    assert_eq!(shop.confirm(&third).await.error(), refused(429, "TOO_MANY_REQUESTS"));
    shop.control.advance(Duration::from_secs(60));
    assert_eq!(shop.confirm(&third).await.status, 200);
    let known: Vec<_> = shop.control.payments().into_iter().map(|it| it.order_id).collect();
    let booked: Vec<_> = shop.control.ledger().into_iter().map(|it| it.order_id).collect();
    assert_eq!((known, booked), (vec!["order-0003".to_owned()], vec!["order-0003".to_owned()]));
    shop.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_call_that_was_forgotten_while_it_hung_is_not_in_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("toss.json");
    let key_in_with_key =
        |shop: &Shop| Api::of(shop).request(hyper::Method::POST, "/v1/payments/key-in", Some(&key_in()), &[("idempotency-key", "key-1")]);
    let shop = open(&file).await;
    shop.control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::KeyIn), Times::Once).unwrap();
    let call = shop.hang(key_in_with_key(&shop), 1).await;
    assert_eq!(shop.drive("POST", "/reset?orderId=order-0001", None).await.status, 204);
    assert_eq!(call.await.unwrap().unwrap().error(), refused(500, "SANDBOX_RESET"));
    shop.sandbox.shutdown().await;

    let shop = open(&file).await;
    assert_eq!((shop.control.ledger(), shop.control.payments()), (vec![], vec![]));
    assert_eq!(shop.send(key_in_with_key(&shop)).await.status, 200);
    assert!(shop.control.requests().iter().all(|it| !it.replayed));
}
