//! What the offline Toss posts, heard over TCP by a shop of this crate: read, believed only where it proves itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::{HeaderMap, Request, Response, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use toss_payments::webhook::{CustomerStatus, Delivery, Event, MethodStatus, SecurityKey, Unverified, VerifyError, Webhook};
use toss_payments::{Client, ConfirmRequest, IdempotencyKey, OrderId, Payment, PaymentKey, SecretKey, Sensitive, Status};
use toss_sandbox::{
    Choices, Clock, Config, DeliveryState, EventType, Method, NewEvent, NewPayment, RETRY_AFTER, Registration, SECURITY_KEY, Sandbox,
    UnixMs, WebhookFault, WebhookRule,
};

const DEADLINE: Duration = Duration::from_secs(20);
/// 2026-08-01T12:00:00+09:00
const NOON: i64 = 1_785_553_200_000;
const ORDER: &str = "order-0001";

/// What came in, and the status that the next deliveries are answered with.
#[derive(Default)]
struct Inbox {
    heard: Vec<(HeaderMap, Bytes)>,
    busy: bool,
}

/// The sandbox, the client, and the webhook address of a shop that is told of everything.
struct Shop {
    sandbox: Sandbox,
    client: Client,
    inbox: Arc<Mutex<Inbox>>,
}

impl Shop {
    async fn open() -> Shop {
        Shop::with(Choices::default()).await
    }

    async fn with(choices: Choices) -> Shop {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
        let inbox = Arc::new(Mutex::new(Inbox::default()));
        tokio::spawn(listen(listener, Arc::clone(&inbox)));
        let webhooks = vec![Registration::of(url, EventType::ALL)];
        let config = Config { clock: Clock::stopped_at(UnixMs::new(NOON)), webhooks, choices, ..Config::default() };
        let sandbox = Sandbox::start(config).await.unwrap();
        let key = SecretKey::parse(sandbox.secret_key()).unwrap();
        let client = Client::builder(key).base_url(sandbox.url()).timeout(DEADLINE).build().unwrap();
        Shop { sandbox, client, inbox }
    }

    /// Confirms a payment of this order, and gives what the shop has stored of it since.
    async fn confirmed(&self, order: &str, method: Method) -> Payment {
        let payment = NewPayment { method, ..NewPayment::new(order, "토스 티셔츠", 45_000) };
        let made = self.sandbox.control().authenticate(payment).unwrap();
        let payment_key = PaymentKey::parse(&made.payment_key).unwrap();
        let amount = toss_payments::Won::new(45_000).unwrap();
        let request = ConfirmRequest::new(payment_key, OrderId::parse(order).unwrap(), amount);
        self.client.confirm(&request, &IdempotencyKey::parse(order).unwrap()).await.unwrap().value
    }

    /// What has come in since the last time, as it came, once nothing more is on its way.
    async fn heard(&self) -> Vec<(HeaderMap, Bytes)> {
        let now = self.sandbox.control().clock().now();
        let settled = |state: &DeliveryState| {
            if let DeliveryState::Waiting { due } = state { *due > now } else { *state != DeliveryState::Sending }
        };
        self.sandbox.control().wait_for(|view| view.webhooks().all(|record| settled(&record.state)), DEADLINE).await.unwrap();
        std::mem::take(&mut self.inbox.lock().unwrap().heard)
    }

    async fn webhooks(&self) -> Vec<Webhook> {
        self.heard().await.iter().map(|(headers, body)| parse(headers, body)).collect()
    }

    fn send(&self, event_type: EventType, data: Value) {
        let Value::Object(data) = data else { panic!("{data} is no object") };
        self.sandbox.control().send_event(NewEvent::new(event_type, data));
    }

    fn forge(&self, fault: WebhookFault) {
        self.sandbox.control().webhook_fault(WebhookRule::next(fault)).unwrap();
    }
}

fn parse(headers: &HeaderMap, body: &[u8]) -> Webhook {
    let find = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Webhook::parse(body, Delivery::from_headers(find)).unwrap()
}

async fn listen(listener: TcpListener, inbox: Arc<Mutex<Inbox>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let inbox = Arc::clone(&inbox);
        let service = service_fn(move |request: Request<Incoming>| {
            let inbox = Arc::clone(&inbox);
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                let mut inbox = inbox.lock().unwrap();
                inbox.heard.push((head.headers, body));
                let status = if inbox.busy { 503 } else { 200 };
                Ok::<_, Infallible>(Response::builder().status(status).body(Empty::<Bytes>::new()).unwrap())
            }
        });
        tokio::spawn(async move { drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await) });
    }
}

/// The deposits among what came in, as they were sent.
fn deposits(webhooks: &[Webhook]) -> Vec<Unverified<toss_payments::webhook::Deposit>> {
    let deposit = |webhook: &Webhook| if let Event::DepositCallback(deposit) = &webhook.event { Some(deposit.clone()) } else { None };
    webhooks.iter().filter_map(deposit).collect()
}

fn hinted(webhooks: &[Webhook]) -> Vec<(Option<PaymentKey>, Option<Status>)> {
    let hint = |webhook: &Webhook| {
        let Event::PaymentStatusChanged(hint) = &webhook.event else { return None };
        Some((hint.claims().payment_key.clone(), hint.claims().status.clone()))
    };
    webhooks.iter().filter_map(hint).collect()
}

fn keys(texts: &[String]) -> Vec<SecurityKey> {
    texts.iter().map(|text| SecurityKey::parse(text).unwrap()).collect()
}

#[tokio::test]
async fn deposits_prove_themselves_by_the_secret_of_the_confirm() {
    let shop = Shop::open().await;
    let payment = shop.confirmed(ORDER, Method::VirtualAccount).await;
    assert_eq!(payment.status, Status::WaitingForDeposit);
    let stored = payment.secret.clone().unwrap();
    let control = shop.sandbox.control();
    let key = payment.payment_key.expose();
    let steps: [(&dyn Fn(), Status); 3] = [
        (&|| (), Status::WaitingForDeposit),
        (&|| control.deposit(key).unwrap(), Status::Done),
        (&|| control.reverse_deposit(key).unwrap(), Status::WaitingForDeposit),
    ];
    for (step, status) in steps {
        step();
        let heard = shop.webhooks().await;
        let told = deposits(&heard);
        assert_eq!(told.len(), 1, "{heard:#?}");
        assert_eq!(told[0].clone().verify(&Sensitive::new("ps_another")), Err(VerifyError::Mismatch));
        let deposit = told[0].clone().verify(&stored).unwrap();
        assert_eq!((deposit.order_id.as_str(), &deposit.status), (ORDER, &status));
        let looked_up = shop.client.payment_by_order(&deposit.order_id).await.unwrap().value;
        assert_eq!((looked_up.status, looked_up.last_transaction_key), (status, deposit.transaction_key.clone()));
        assert!(heard.iter().all(|webhook| webhook.created_at.as_ref().unwrap().unix_ms() == Some(NOON)));
    }
}

#[tokio::test]
async fn the_secret_of_one_order_proves_nothing_about_another() {
    let shop = Shop::open().await;
    let first = shop.confirmed("order-0001", Method::VirtualAccount).await;
    let second = shop.confirmed("order-0002", Method::VirtualAccount).await;
    let told = deposits(&shop.webhooks().await);
    assert_eq!(told.len(), 2);
    for (deposit, own, other) in [(&told[0], &first, &second), (&told[1], &second, &first)] {
        assert_eq!(deposit.claims().order_id, own.order_id);
        assert!(deposit.clone().verify(own.secret.as_ref().unwrap()).is_ok());
        assert_eq!(deposit.clone().verify(other.secret.as_ref().unwrap()), Err(VerifyError::Mismatch));
    }
}

#[tokio::test]
async fn a_forged_deposit_is_refused_and_the_true_one_behind_it_is_taken() {
    let shop = Shop::open().await;
    let payment = shop.confirmed(ORDER, Method::VirtualAccount).await;
    shop.webhooks().await;
    let forged = WebhookRule::next(WebhookFault::ForgeSecret).of_event(EventType::DepositCallback);
    shop.sandbox.control().webhook_fault(forged).unwrap();
    shop.sandbox.control().deposit(payment.payment_key.expose()).unwrap();
    let told = deposits(&shop.webhooks().await);
    let stored = payment.secret.unwrap();
    let believed: Vec<bool> = told.into_iter().map(|deposit| deposit.verify(&stored).is_ok()).collect();
    assert_eq!(believed, [false, true]);
}

#[tokio::test]
async fn what_a_payment_event_claims_is_asked_for_and_not_believed() {
    let shop = Shop::open().await;
    shop.forge(WebhookFault::ForgeStatus);
    let payment = shop.confirmed(ORDER, Method::Card).await;
    let told = hinted(&shop.webhooks().await);
    let key = Some(payment.payment_key);
    assert_eq!(told, [(key.clone(), Some(Status::Canceled)), (key.clone(), Some(Status::Done))]);
    for (key, _) in told {
        assert_eq!(shop.client.payment(&key.unwrap()).await.unwrap().value.status, Status::Done, "the look-up tells the truth");
    }
}

#[tokio::test]
async fn payouts_and_sellers_prove_themselves_by_either_key_while_one_is_replaced() {
    let shop = Shop::open().await;
    let control = shop.sandbox.control();
    let old = vec![SECURITY_KEY.to_owned()];
    let entities = |webhooks: Vec<Webhook>| -> Vec<_> {
        webhooks
            .into_iter()
            .map(|webhook| {
                let (Event::PayoutChanged(change) | Event::SellerChanged(change)) = webhook.event else { panic!("{webhook:?}") };
                change
            })
            .collect()
    };
    let send = || {
        shop.send(EventType::PayoutChanged, json!({ "id": "FPA_1", "status": "COMPLETED" }));
        shop.send(EventType::SellerChanged, json!({ "id": "SEL_1", "status": "APPROVED" }));
    };
    send();
    let told = entities(shop.webhooks().await);
    let types: Vec<_> = told.iter().map(|change| change.claims().entity_type.clone().unwrap()).collect();
    assert_eq!(types, ["payout", "seller"]);
    for change in told {
        assert_eq!(change.clone().verify(&keys(&["0".repeat(64)])), Err(VerifyError::Mismatch));
        let change = change.verify(&keys(&old)).unwrap();
        assert!(change.event_id.is_some() && change.entity_body.expose().contains("_1"));
    }

    control.rotate_security_key(None).unwrap();
    let new = vec![control.security_keys().remove(0)];
    assert_ne!(new, old);
    send();
    for change in entities(shop.webhooks().await) {
        assert!(change.clone().verify(&keys(&old)).is_ok() && change.clone().verify(&keys(&new)).is_ok());
    }
    control.advance(toss_sandbox::ROTATION_FOR);
    send();
    for change in entities(shop.webhooks().await) {
        assert_eq!(change.clone().verify(&keys(&old)), Err(VerifyError::Mismatch), "the old key has ended");
        assert!(change.verify(&keys(&new)).is_ok());
    }
}

#[tokio::test]
async fn a_forged_payout_is_refused_and_so_is_one_with_another_body_or_time() {
    let shop = Shop::open().await;
    shop.forge(WebhookFault::ForgeSecret);
    shop.send(EventType::PayoutChanged, json!({ "id": "FPA_1" }));
    let heard = shop.heard().await;
    let [(forged, forged_body), (headers, body)] = &*heard else { panic!("{} deliveries", heard.len()) };
    let verify = |headers: &HeaderMap, body: &[u8]| {
        let Event::PayoutChanged(payout) = parse(headers, body).event else { panic!("not a payout") };
        payout.verify(&keys(&[SECURITY_KEY.to_owned()])).map(drop)
    };
    assert_eq!(verify(forged, forged_body), Err(VerifyError::Mismatch));
    assert_eq!(verify(headers, body), Ok(()));
    let other_body = String::from_utf8(body.to_vec()).unwrap().replace("FPA_1", "FPA_2");
    assert_eq!(verify(headers, other_body.as_bytes()), Err(VerifyError::Mismatch));
    let mut later = headers.clone();
    later.insert("tosspayments-webhook-transmission-time", "2026-08-02T12:00:00+09:00".parse().unwrap());
    assert_eq!(verify(&later, body), Err(VerifyError::Mismatch));
    let mut unsigned = headers.clone();
    unsigned.remove("tosspayments-webhook-signature");
    assert_eq!(verify(&unsigned, body), Err(VerifyError::NoSignature));
}

#[tokio::test]
async fn a_key_can_be_its_text_or_its_bytes() {
    let shop = Shop::with(Choices { hex_security_key: true, ..Choices::default() }).await;
    shop.send(EventType::PayoutChanged, json!({ "id": "FPA_1" }));
    let Event::PayoutChanged(payout) = shop.webhooks().await.remove(0).event else { panic!() };
    assert_eq!(payout.clone().verify(&keys(&[SECURITY_KEY.to_owned()])), Err(VerifyError::Mismatch));
    assert!(payout.verify(&[SecurityKey::parse_as_bytes(SECURITY_KEY).unwrap()]).is_ok());
}

#[tokio::test]
async fn a_delivery_that_comes_again_says_so_and_keeps_its_id() {
    let shop = Shop::open().await;
    shop.inbox.lock().unwrap().busy = true;
    let payment = shop.confirmed(ORDER, Method::Card).await;
    let first = shop.webhooks().await.remove(0).delivery;
    shop.inbox.lock().unwrap().busy = false;
    shop.sandbox.control().advance(RETRY_AFTER[0]);
    let heard = shop.webhooks().await;
    let again = &heard[0].delivery;
    assert_eq!((first.retried_count, again.retried_count), (Some(0), Some(1)));
    assert!(first.transmission_id.as_ref().unwrap().starts_with("whtrans_"));
    assert_eq!(first.transmission_id, again.transmission_id);
    assert_eq!(hinted(&heard), [(Some(payment.payment_key), Some(Status::Done))]);
}

#[tokio::test]
async fn every_event_of_the_sandbox_is_read_as_what_it_is() {
    let shop = Shop::open().await;
    for (event_type, data) in [
        (EventType::CancelStatusChanged, json!({ "transactionKey": "t1", "cancelAmount": 12.34, "cancelStatus": "DONE" })),
        (EventType::BillingDeleted, json!({ "billingKey": "b1", "reason": "REASON" })),
        (EventType::MethodUpdated, json!({ "customerKey": "c1", "methodKey": "m1", "status": "DISABLED" })),
        (EventType::CustomerStatusChanged, json!({ "customerKey": "c1", "status": "REMOVED", "changedAt": "2026-08-01T12:00:00" })),
    ] {
        shop.send(event_type, data);
        let told = shop.webhooks().await.remove(0);
        match told.event {
            Event::CancelStatusChanged(hint) => {
                assert_eq!(event_type, EventType::CancelStatusChanged);
                assert_eq!(hint.claims().cancel.cancel_amount, toss_payments::Amount::parse("12.34"));
            }
            Event::BillingDeleted(hint) => {
                assert_eq!((event_type, hint.claims().billing_key.expose()), (EventType::BillingDeleted, "b1"));
            }
            Event::MethodUpdated(hint) => {
                assert_eq!((event_type, &hint.claims().status), (EventType::MethodUpdated, &Some(MethodStatus::Disabled)));
            }
            Event::CustomerStatusChanged(hint) => {
                assert_eq!((event_type, &hint.claims().status), (EventType::CustomerStatusChanged, &Some(CustomerStatus::Removed)));
                assert_eq!(hint.claims().changed_at.as_ref().unwrap().unix_ms(), Some(NOON));
            }
            Event::PaymentStatusChanged(_)
            | Event::DepositCallback(_)
            | Event::PayoutChanged(_)
            | Event::SellerChanged(_)
            | Event::Unknown => panic!("{event_type:?} is read as something else"),
            _ => panic!("{event_type:?} is read as an event that no test knows"),
        }
    }
}
