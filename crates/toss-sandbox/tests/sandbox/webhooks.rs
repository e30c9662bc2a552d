//! The way of a webhook: headers, signatures, retries, faults, limits. What is told about payments is in `notices`.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use toss_sandbox::{
    BadSetup, Choices, Config, DeliveryState, EventType, Limits, NewEvent, Outcome, RETRY_AFTER, ROTATION_FOR, Registration, ResendRefused,
    SECURITY_KEY, Sandbox, StartError, TargetRefused, WebhookFault, WebhookRule,
};

use crate::{
    receiver::{Heard, Manners, Receiver, log_where, settled},
    support::{START, Shop, refused},
};

/// A shop whose receiver hears of every event.
async fn shop_with(config: Config) -> (Shop, Receiver) {
    let receiver = Receiver::open().await;
    let shop = Shop::with(Config { webhooks: vec![Registration::of(receiver.url("/hook"), EventType::ALL)], ..config }).await;
    (shop, receiver)
}

async fn shop() -> (Shop, Receiver) {
    shop_with(Config::default()).await
}

fn event(event_type: EventType, data: Value) -> NewEvent {
    let Value::Object(data) = data else { panic!("{data} is no object") };
    let order_id = data.get("orderId").and_then(Value::as_str).map(str::to_owned);
    let event = NewEvent::new(event_type, data);
    match order_id {
        Some(order_id) => event.for_order(order_id),
        None => event,
    }
}

fn status_of(order: &str, status: &str) -> NewEvent {
    event(EventType::PaymentStatusChanged, json!({ "orderId": order, "status": status }))
}

async fn one(shop: &Shop, receiver: &Receiver) -> Heard {
    settled(shop).await;
    let mut heard = receiver.heard();
    assert_eq!(heard.len(), 1, "{heard:#?}");
    heard.remove(0)
}

/// HMAC-SHA256 from its definition (RFC 2104), for keys that are no longer than a block.
fn hmac(key: &[u8], message: &[u8]) -> String {
    let padded = |pad: u8| -> Vec<u8> { (0..64).map(|i| key.get(i).copied().unwrap_or(0) ^ pad).collect() };
    let inner = Sha256::digest([padded(0x36).as_slice(), message].concat());
    STANDARD.encode(Sha256::digest([padded(0x5c).as_slice(), inner.as_slice()].concat()))
}

fn signed_with(heard: &Heard, key: &[u8]) -> String {
    let message = format!("{}:{}", heard.body, heard.header("transmission-time"));
    format!("v1:{}", hmac(key, message.as_bytes()))
}

#[tokio::test]
async fn a_webhook_has_the_headers_of_toss_and_a_signature_only_where_toss_signs() {
    let (shop, receiver) = shop().await;
    for event_type in EventType::ALL {
        shop.control.send_event(event(event_type, json!({ "orderId": "order-0001" })));
        let heard = one(&shop, &receiver).await;
        assert_eq!(heard.path, "/hook");
        assert_eq!((heard.header("transmission-time"), heard.header("transmission-retried-count")), ("2026-08-01T09:00:00+09:00", "0"));
        assert!(heard.header("transmission-id").starts_with("whtrans_"));
        let is_signed = matches!(event_type, EventType::PayoutChanged | EventType::SellerChanged);
        assert_eq!(heard.headers.contains_key("tosspayments-webhook-signature"), is_signed, "{event_type:?}");
        let body = heard.json();
        let named = if event_type == EventType::DepositCallback { Value::Null } else { json!(event_type.as_str()) };
        assert_eq!(body["eventType"], named);
        let inside = match event_type {
            EventType::DepositCallback => &body,
            EventType::PayoutChanged | EventType::SellerChanged => &body["entityBody"],
            _ => &body["data"],
        };
        assert_eq!(inside["orderId"], "order-0001", "{event_type:?}");
    }
}

#[tokio::test]
async fn a_signature_is_an_hmac_over_body_and_time_with_each_key_in_force() {
    let (shop, receiver) = shop().await;
    let seller = || event(EventType::SellerChanged, json!({ "id": "seller-1", "status": "APPROVED" }));
    shop.control.send_event(seller());
    let heard = one(&shop, &receiver).await;
    assert_eq!(heard.header("signature"), signed_with(&heard, SECURITY_KEY.as_bytes()));

    let second = "0f".repeat(32);
    let rotated = shop.drive("POST", "/security-keys", Some(json!({ "key": second }))).await.json();
    assert_eq!(rotated, json!({ "keys": [second, SECURITY_KEY] }));
    shop.control.send_event(seller());
    let heard = one(&shop, &receiver).await;
    let both = format!("{},{}", signed_with(&heard, second.as_bytes()), signed_with(&heard, SECURITY_KEY.as_bytes()));
    assert_eq!(heard.header("signature"), both);

    shop.control.advance(ROTATION_FOR);
    shop.control.send_event(seller());
    let heard = one(&shop, &receiver).await;
    assert_eq!(heard.header("signature"), signed_with(&heard, second.as_bytes()));
    assert_eq!(shop.drive("POST", "/security-keys", Some(json!({ "key": "abc" }))).await.error(), refused(400, "INVALID_REQUEST"));
    shop.drive("POST", "/security-keys", None).await;
    assert_eq!(shop.control.security_keys().len(), 2);

    let choices = Choices { hex_security_key: true, ..Choices::default() };
    let (shop, receiver) = shop_with(Config { choices, security_key: second.clone(), ..Config::default() }).await;
    shop.control.send_event(seller());
    let heard = one(&shop, &receiver).await;
    assert_eq!(heard.header("signature"), signed_with(&heard, &[0x0f; 32]));
}

#[tokio::test]
async fn what_is_not_answered_with_200_is_sent_again_seven_times_and_has_then_failed() {
    for status in [201, 204, 302, 400, 500] {
        let (shop, receiver) = shop().await;
        receiver.behave(Manners::Answer(status));
        shop.control.send_event(status_of("order-0001", "DONE"));
        let mut heard = vec![one(&shop, &receiver).await];
        for pause in RETRY_AFTER {
            shop.control.advance(pause - Duration::from_millis(1));
            settled(&shop).await;
            assert_eq!(receiver.heard().len(), 0, "not a millisecond early");
            shop.control.advance(Duration::from_millis(1));
            heard.push(one(&shop, &receiver).await);
        }
        let log = shop.control.webhooks();
        assert_eq!(log[0].state, DeliveryState::Failed);
        assert!(log[0].attempts.iter().all(|attempt| attempt.outcome == Some(Outcome::Answered { status })));
        for (count, again) in heard.iter().enumerate() {
            assert_eq!(again.header("transmission-retried-count"), count.to_string());
            assert_eq!(again.header("transmission-id"), heard[0].header("transmission-id"), "the key by which a shop drops repeats");
            assert_eq!(again.body, heard[0].body);
        }
        assert_eq!(heard[7].header("transmission-time"), "2026-08-05T04:01:00+09:00", "1 + 4 + 16 + … + 4096 minutes later");
    }
}

#[tokio::test]
async fn a_jump_of_fifteen_days_loses_no_retry() {
    let (shop, receiver) = shop().await;
    receiver.behave(Manners::Answer(500));
    for order in ["order-0001", "order-0002"] {
        shop.control.send_event(status_of(order, "DONE"));
    }
    shop.control.advance(Duration::from_secs(15 * 86_400));
    let log = log_where(&shop, |log| log.iter().all(|record| record.state == DeliveryState::Failed)).await;
    assert_eq!(log.len(), 2);
    let heard: Vec<_> = receiver
        .heard()
        .iter()
        .map(|it| (it.json()["data"]["orderId"].as_str().unwrap().to_owned(), it.header("transmission-retried-count").to_owned()))
        .collect();
    for order in ["order-0001", "order-0002"] {
        let counts: Vec<_> = heard.iter().filter(|(it, _)| it == order).map(|(_, count)| count.as_str()).collect();
        assert_eq!(counts, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    }
}

#[tokio::test]
async fn no_answer_within_ten_seconds_is_a_failed_attempt() {
    let (shop, receiver) = shop().await;
    receiver.behave(Manners::Hang);
    shop.control.send_event(status_of("order-0001", "DONE"));
    log_where(&shop, |log| log[0].state == DeliveryState::Sending).await;
    shop.control.advance(Duration::from_secs(10));
    let log = log_where(&shop, |log| log[0].state != DeliveryState::Sending).await;
    assert_eq!(log[0].attempts[0].outcome, Some(Outcome::TimedOut));
    assert_eq!(log[0].state, DeliveryState::Waiting { due: START.plus(RETRY_AFTER[0]) });
    receiver.behave(Manners::Answer(200));
    shop.control.advance(RETRY_AFTER[0]);
    assert_eq!(settled(&shop).await[0].state, DeliveryState::Delivered);
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_a_failed_attempt() {
    let receiver = Receiver::open().await;
    let url = receiver.url("/hook");
    drop(receiver);
    let shop = Shop::with(Config { webhooks: vec![Registration::new(url)], ..Config::default() }).await;
    shop.control.send_event(status_of("order-0001", "DONE"));
    let log = log_where(&shop, |log| log[0].attempts.first().is_some_and(|attempt| attempt.outcome.is_some())).await;
    assert!(matches!(&log[0].attempts[0].outcome, Some(Outcome::Unreachable { why }) if !why.is_empty()), "{log:?}");
}

#[tokio::test]
async fn any_2xx_and_a_new_id_for_a_retry_are_choices() {
    let choices = Choices { accept_any_2xx: true, new_id_on_retry: true, ..Choices::default() };
    let (shop, receiver) = shop_with(Config { choices, ..Config::default() }).await;
    receiver.behave(Manners::Answer(500));
    shop.control.send_event(status_of("order-0001", "DONE"));
    let first = one(&shop, &receiver).await;
    receiver.behave(Manners::Answer(204));
    shop.control.advance(RETRY_AFTER[0]);
    let second = one(&shop, &receiver).await;
    assert_ne!(first.header("transmission-id"), second.header("transmission-id"));
    assert_eq!(shop.control.webhooks()[0].state, DeliveryState::Delivered);
}

#[tokio::test]
async fn faults_of_webhooks_lose_delay_duplicate_reorder_and_forge() {
    let (shop, receiver) = shop().await;
    let statuses = async |fault| {
        let rule = json!({ "fault": fault, "eventType": "PAYMENT_STATUS_CHANGED", "orderId": "order-0001" });
        assert_eq!(shop.drive("POST", "/webhook-faults", Some(rule)).await.status, 204);
        shop.control.send_event(status_of("order-0002", "ABORTED"));
        shop.control.send_event(status_of("order-0001", "CANCELED"));
        shop.control.send_event(status_of("order-0001", "DONE"));
        settled(&shop).await;
        receiver.heard().iter().map(|it| it.json()["data"]["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(statuses(json!({ "kind": "ok" })).await, ["ABORTED", "CANCELED", "DONE"]);
    assert_eq!(statuses(json!({ "kind": "lose" })).await, ["ABORTED", "DONE"]);
    assert_eq!(statuses(json!({ "kind": "reorder" })).await, ["ABORTED", "DONE", "CANCELED"]);
    assert_eq!(statuses(json!({ "kind": "duplicate" })).await, ["ABORTED", "CANCELED", "CANCELED", "DONE"]);
    assert_eq!(statuses(json!({ "kind": "forge_status" })).await, ["ABORTED", "DONE", "CANCELED", "DONE"]);
    assert_eq!(statuses(json!({ "kind": "delay", "ms": 60_000 })).await, ["ABORTED", "DONE"]);
    shop.control.advance(Duration::from_secs(60));
    assert_eq!(one(&shop, &receiver).await.json()["data"]["status"], "CANCELED");
    assert_eq!(shop.control.webhook_faults(), [], "each was for once");
}

#[tokio::test]
async fn a_duplicate_has_the_same_transmission_id_and_a_forgery_another_secret_or_signature() {
    let (shop, receiver) = shop().await;
    shop.control.webhook_fault(WebhookRule::next(WebhookFault::Duplicate)).unwrap();
    shop.control.send_event(status_of("order-0001", "DONE"));
    settled(&shop).await;
    let heard = receiver.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].header("transmission-id"), heard[1].header("transmission-id"));

    shop.control.webhook_fault(WebhookRule::next(WebhookFault::ForgeSecret)).unwrap();
    shop.control.send_event(event(EventType::DepositCallback, json!({ "secret": "ps_true", "status": "DONE", "orderId": "order-0001" })));
    settled(&shop).await;
    let secrets: Vec<_> = receiver.heard().iter().map(|it| it.json()["secret"].as_str().unwrap().to_owned()).collect();
    assert_eq!((secrets.len(), secrets[1].as_str()), (2, "ps_true"));
    assert_ne!(secrets[0], "ps_true");

    shop.control.webhook_fault(WebhookRule::next(WebhookFault::ForgeSecret)).unwrap();
    shop.control.send_event(event(EventType::PayoutChanged, json!({ "id": "payout-1" })));
    settled(&shop).await;
    let genuine: Vec<_> = receiver.heard().iter().map(|it| it.header("signature") == signed_with(it, SECURITY_KEY.as_bytes())).collect();
    assert_eq!(genuine, [false, true]);
    let log = shop.control.webhooks();
    assert_eq!(log.iter().filter(|record| record.forged).count(), 2);
}

#[tokio::test]
async fn a_webhook_is_sent_again_by_hand() {
    let (shop, receiver) = shop().await;
    shop.control.send_event(status_of("order-0001", "DONE"));
    let first = one(&shop, &receiver).await;
    assert_eq!(shop.drive("POST", "/webhooks/0/resend", None).await.status, 204);
    let again = one(&shop, &receiver).await;
    assert_eq!((again.header("transmission-id"), again.header("transmission-retried-count")), (first.header("transmission-id"), "1"));
    assert_eq!(shop.control.resend_webhook(1), Err(ResendRefused::Unknown(1)));
    assert_eq!(shop.drive("POST", "/webhooks/7/resend", None).await.error(), refused(400, "INVALID_REQUEST"));
    assert_eq!(shop.drive("POST", "/webhooks/x/resend", None).await.error(), refused(400, "INVALID_REQUEST"));
}

#[tokio::test]
async fn each_url_gets_the_events_that_it_is_registered_for() {
    let (one, two) = (Receiver::open().await, Receiver::open().await);
    let shop = Shop::open().await;
    let register = async |body| shop.drive("POST", "/webhooks/registrations", Some(body)).await;
    assert_eq!(register(json!({ "url": one.url("/") })).await.status, 204);
    assert_eq!(register(json!({ "url": two.url("/"), "events": ["seller.changed"] })).await.status, 204);
    shop.control.send_event(status_of("order-0001", "DONE"));
    shop.control.send_event(event(EventType::SellerChanged, json!({})));
    settled(&shop).await;
    assert_eq!((one.heard().len(), two.heard().len()), (1, 1));

    let registered = shop.drive("GET", "/webhooks/registrations", None).await.json();
    assert_eq!(registered[1], json!({ "url": two.url("/"), "events": ["seller.changed"] }));
    for (body, word) in [
        (json!({ "url": "http://192.0.2.1/hook" }), "--allow-remote-webhooks"),
        (json!({ "url": "https://127.0.0.1/hook" }), "http://"),
        (json!({ "url": "/hook" }), "is not a URL"),
        (json!({ "url": one.url("/"), "events": [] }), "at least one"),
        (json!({ "url": one.url("/"), "events": ["DONE"] }), "DEPOSIT_CALLBACK"),
    ] {
        let reply = register(body).await;
        assert_eq!(
            reply.error(),
            if word == "DEPOSIT_CALLBACK" { (reply.status, "INVALID_REQUEST".to_owned()) } else { refused(400, "INVALID_REQUEST") }
        );
        assert!(reply.text().contains(word), "{}", reply.text());
    }
    shop.drive("DELETE", "/webhooks/registrations", None).await;
    shop.control.send_event(status_of("order-0001", "DONE"));
    assert_eq!((settled(&shop).await.len(), shop.control.registrations().len()), (2, 0));
}

#[tokio::test]
async fn a_sandbox_does_not_start_with_a_webhook_that_leaves_the_machine() {
    let config = |allow_remote_webhooks| Config {
        webhooks: vec![Registration::new("http://192.0.2.1/hook")],
        allow_remote_webhooks,
        ..Config::default()
    };
    let refused = Sandbox::start(config(false)).await;
    assert!(matches!(refused, Err(StartError::BadWebhooks(BadSetup::Target(TargetRefused::Remote(host)))) if host == "192.0.2.1"));
    Sandbox::start(config(true)).await.unwrap();
    let bad_key = Sandbox::start(Config { security_key: "abc".to_owned(), ..Config::default() }).await;
    assert!(matches!(bad_key, Err(StartError::BadWebhooks(BadSetup::Key(_)))));
}

#[tokio::test]
async fn the_log_is_bounded_and_a_reset_empties_it() {
    let limits = Limits { webhooks: 3, ..Limits::default() };
    let (shop, receiver) = shop_with(Config { limits, ..Config::default() }).await;
    for i in 0..10 {
        shop.control.send_event(status_of(&format!("order-{i:04}"), "DONE"));
        settled(&shop).await;
    }
    assert_eq!(receiver.heard().len(), 10, "the limit is on the log, not on what is sent");
    let numbers: Vec<_> = shop.control.webhooks().iter().map(|record| record.number).collect();
    assert_eq!(numbers, [7, 8, 9]);
    shop.control.unregister_webhooks();
    shop.control.rotate_security_key(None).unwrap();
    shop.control.reset();
    assert_eq!(shop.control.webhooks(), []);
    assert_eq!(shop.control.security_keys(), [SECURITY_KEY]);
    shop.control.send_event(status_of("order-0001", "DONE"));
    assert_eq!(settled(&shop).await[0].number, 10, "numbers go on");
}
