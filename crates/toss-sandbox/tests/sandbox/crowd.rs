//! Many at once: no charge is lost, none is doubled, and no merchant sees another's.

use serde_json::json;
use toss_sandbox::{API_SECRET_KEY, DOCS_API_PAIR, Endpoint, EventType, Fault, Registration, Scope, Times};

use crate::{
    api::Api,
    receiver::Receiver,
    room,
    support::{DEADLINE, Shop, try_send},
};

#[tokio::test]
async fn a_thousand_confirms_in_flight_are_a_thousand_charges() {
    const MANY: usize = 1_000;
    let _room = room::for_a_thousand().await;
    let shop = Shop::open().await;
    let payments: Vec<_> = (0..MANY).map(|i| shop.pay(&format!("order-{i:04}"), i64::try_from(i).unwrap() + 1_000)).collect();
    shop.control.fault(Fault::TimeoutBefore, Scope::any(Endpoint::Confirm), Times::Always).unwrap();
    let calls: Vec<_> =
        payments.iter().map(|payment| tokio::spawn(try_send(shop.sandbox.addr(), shop.confirm_request(payment, &[])))).collect();
    shop.control.wait_for(|view| view.hung() == MANY, DEADLINE).await.unwrap();
    assert_eq!(shop.control.ledger(), [], "all are in flight, none is charged");
    shop.control.release_hung();
    for (call, payment) in calls.into_iter().zip(&payments) {
        let reply = call.await.unwrap().unwrap();
        assert_eq!((reply.status, &reply.json()["orderId"]), (200, &json!(payment.order_id)));
    }
    let mut charged: Vec<_> = shop.control.ledger().into_iter().map(|charge| (charge.order_id, charge.amount.get())).collect();
    charged.sort_unstable();
    let ordered: Vec<_> = payments.into_iter().map(|payment| (payment.order_id, payment.amount.get())).collect();
    assert_eq!(charged, ordered);
}

#[tokio::test]
async fn a_thousand_confirms_of_one_payment_are_one_charge() {
    let _room = room::for_a_thousand().await;
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let calls: Vec<_> = (0..1_000)
        .map(|i| {
            let key = format!("key-{i}");
            let with_key = [("idempotency-key", key.as_str())];
            let request = shop.confirm_request(&payment, if i % 2 == 0 { &with_key } else { &[] });
            tokio::spawn(try_send(shop.sandbox.addr(), request))
        })
        .collect();
    let mut done = 0;
    for call in calls {
        let reply = call.await.unwrap().unwrap();
        match reply.status {
            200 => done += 1,
            _ => assert!(
                matches!(reply.error().1.as_str(), "ALREADY_PROCESSED_PAYMENT" | "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"),
                "{reply:?}"
            ),
        }
    }
    assert_eq!((done, shop.control.ledger().len()), (1, 1));
}

#[tokio::test]
async fn key_pairs_share_orders_keys_and_ledgers_in_nothing() {
    let shop = Shop::open().await;
    let card = json!({
        "amount": 50_000, "orderId": "order-0001", "orderName": "주문", "cardNumber": "9410001234567890",
        "cardExpirationYear": "30", "cardExpirationMonth": "12", "customerIdentityNumber": "881212", "customerKey": "customer-1",
    });
    let [own, docs] = [API_SECRET_KEY, DOCS_API_PAIR[1]].map(|key| Api { shop: &shop, secret_key: key.to_owned() });
    let mut bodies = Vec::new();
    for api in [&own, &docs] {
        // One order number and one idempotency key for both: each pair has its own.
        let request = api.request(hyper::Method::POST, "/v1/payments/key-in", Some(&card), &[("idempotency-key", "key-1")]);
        let reply = shop.send(request).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        bodies.push(reply.json());
    }
    assert_ne!(bodies[0]["paymentKey"], bodies[1]["paymentKey"]);
    assert_eq!(shop.control.charges("order-0001").len(), 2);
    for (api, mine, theirs) in [(&own, &bodies[0], &bodies[1]), (&docs, &bodies[1], &bodies[0])] {
        assert_eq!(api.get("/v1/payments/orders/order-0001").await.json()["paymentKey"], mine["paymentKey"]);
        let foreign = theirs["paymentKey"].as_str().unwrap();
        assert_eq!(api.get(&format!("/v1/payments/{foreign}")).await.status, 404);
        assert_eq!(api.cancel(foreign, json!({ "cancelReason": "변심" })).await.status, 404);
        let listed = api.get("/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-02T00:00:00").await.json();
        assert_eq!(listed.as_array().unwrap().iter().map(|it| &it["paymentKey"]).collect::<Vec<_>>(), [&mine["paymentKey"]]);
    }
    assert_eq!(shop.control.payments().iter().map(|it| it.balance.get()).collect::<Vec<_>>(), [50_000, 50_000]);
}

#[tokio::test]
async fn a_deleted_billing_key_is_told_to_the_shop_and_never_for_the_documentation_pair() {
    let shop = Shop::open().await;
    let receiver = Receiver::open().await;
    shop.control.register_webhook(&Registration::of(receiver.url("/hook"), [EventType::BillingDeleted])).unwrap();
    let customer = json!({
        "customerKey": "customer-1", "cardNumber": "9410001234567890", "cardExpirationYear": "30", "cardExpirationMonth": "12",
        "customerIdentityNumber": "881212",
    });
    let mut deleted = Vec::new();
    for secret_key in [DOCS_API_PAIR[1], API_SECRET_KEY] {
        let api = Api { shop: &shop, secret_key: secret_key.to_owned() };
        let issued = api.post("/v1/billing/authorizations/card", customer.clone()).await.json();
        let key = issued["billingKey"].as_str().unwrap().to_owned();
        assert_eq!(api.delete(&format!("/v1/billing/{key}")).await.status, 200);
        assert_eq!(api.delete(&format!("/v1/billing/{key}")).await.error().1, "ALREADY_REMOVED_BILLING_KEY");
        deleted.push(key);
    }
    shop.control.wait_for(|view| view.webhooks().any(|it| !it.attempts.is_empty()), DEADLINE).await.unwrap();
    let records = shop.control.webhooks();
    assert_eq!(records.len(), 1, "one deletion is told, once");
    let body: serde_json::Value = serde_json::from_str(&records[0].body).unwrap();
    assert_eq!((&body["eventType"], &body["data"]["billingKey"]), (&json!("BILLING_DELETED"), &json!(deleted[1])));
}
