//! Cash receipts of payments: there is none before the money, and what goes back takes its part of the receipt along.

use hyper::Request;
use serde_json::{Value, json};
use toss_sandbox::CLIENT_KEY;

use crate::{
    api::{Api, with},
    support::{Shop, refused},
};

const ACCOUNT: fn() -> Value = || json!({ "bank": "20", "accountNumber": "1002123456789", "holderName": "김토스" });

/// A virtual account with a receipt for `kind`; gives the payment's key.
async fn issued(shop: &Shop, receipt: Value) -> String {
    let body = json!({
        "amount": 15_000, "orderId": "order-0001", "orderName": "토스 티셔츠", "customerName": "김토스", "bank": "20",
        "taxFreeAmount": 5_000, "cashReceipt": receipt,
    });
    let reply = Api::of(shop).post("/v1/virtual-accounts", body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let body = reply.json();
    assert_eq!((&body["cashReceipt"], &body["cashReceipts"]), (&Value::Null, &Value::Null), "none before the deposit");
    body["paymentKey"].as_str().unwrap().to_owned()
}

async fn payment(shop: &Shop, key: &str) -> Value {
    Api::of(shop).get(&format!("/v1/payments/{key}")).await.json()
}

fn records(payment: &Value) -> Vec<(String, i64, i64)> {
    let records = payment["cashReceipts"].as_array().cloned().unwrap_or_default();
    let field = |record: &Value, name: &str| record[name].as_i64().unwrap();
    records
        .iter()
        .map(|record| (record["transactionType"].as_str().unwrap().to_owned(), field(record, "amount"), field(record, "taxFreeAmount")))
        .collect()
}

fn confirm(amount: i64, tax_free: i64) -> (String, i64, i64) {
    ("CONFIRM".to_owned(), amount, tax_free)
}

fn cancel(amount: i64, tax_free: i64) -> (String, i64, i64) {
    ("CANCEL".to_owned(), amount, tax_free)
}

#[tokio::test]
async fn a_deposit_issues_the_receipt_that_was_asked_for() {
    for (kind, number) in [("소득공제", "01099998888"), ("지출증빙", "2118812345")] {
        let shop = Shop::open().await;
        let key = issued(&shop, json!({ "type": kind, "registrationNumber": number })).await;
        shop.control.deposit(&key).unwrap();
        let body = payment(&shop, &key).await;
        let receipt = &body["cashReceipt"];
        assert_eq!(
            *receipt,
            json!({
                "type": kind, "receiptKey": receipt["receiptKey"], "issueNumber": receipt["issueNumber"],
                "receiptUrl": receipt["receiptUrl"], "amount": 15_000, "taxFreeAmount": 5_000,
            })
        );
        let record = &body["cashReceipts"][0];
        assert_eq!((&record["receiptKey"], &record["customerIdentityNumber"]), (&receipt["receiptKey"], &json!(number)));
        assert_eq!((&record["orderId"], &record["issueStatus"]), (&json!("order-0001"), &json!("IN_PROGRESS")));
        assert_eq!(records(&body), [confirm(15_000, 5_000)]);
        let listed = Api::of(&shop).get("/v1/cash-receipts?requestDate=2026-08-01").await.json();
        assert_eq!(listed["data"], body["cashReceipts"], "the list of the day has it too");
    }
}

#[tokio::test]
async fn what_the_shopper_chose_in_the_window_is_issued_with_the_money() {
    for (method, choice, at_confirm) in [("TRANSFER", "지출증빙", 1), ("VIRTUAL_ACCOUNT", "소득공제", 0), ("TRANSFER", "미발행", 0)]
    {
        let shop = Shop::open().await;
        let order = json!({
            "clientKey": CLIENT_KEY, "orderId": "order-0001", "orderName": "주문", "amount": 15_000, "method": method,
            "cashReceipt": choice, "customerMobilePhone": "01099998888",
        });
        let window = Request::post("/sandbox/window/payments").header("content-type", "application/json");
        let opened = shop.send(window.body(order.to_string().into()).unwrap()).await.json();
        let key = opened["paymentKey"].as_str().unwrap();
        shop.control.approve(key).unwrap();
        let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 15_000 });
        let confirmed = Api::widget(&shop).post("/v1/payments/confirm", body).await.json();
        assert_eq!(records(&confirmed).len(), at_confirm, "{method} {choice}");
        if method == "VIRTUAL_ACCOUNT" {
            shop.control.deposit(key).unwrap();
        }
        let body = shop.get(&format!("/v1/payments/{key}")).await.json();
        if choice == "미발행" {
            assert_eq!(body["cashReceipts"], Value::Null);
        } else {
            assert_eq!((&body["cashReceipt"]["type"], records(&body)), (&json!(choice), vec![confirm(15_000, 0)]));
            assert_eq!(body["cashReceipts"][0]["customerIdentityNumber"], "01099998888", "the customer's phone");
        }
    }
}

#[tokio::test]
async fn no_receipt_is_issued_unless_one_was_asked_for() {
    for receipt in [json!({ "type": "미발행" }), Value::Null] {
        let shop = Shop::open().await;
        let key = issued(&shop, receipt).await;
        shop.control.deposit(&key).unwrap();
        let body = payment(&shop, &key).await;
        assert_eq!((&body["cashReceipt"], &body["cashReceipts"]), (&Value::Null, &Value::Null));
        assert_eq!(Api::of(&shop).get("/v1/cash-receipts?requestDate=2026-08-01").await.json()["data"], json!([]));
    }
}

#[tokio::test]
async fn each_cancel_of_the_payment_cancels_its_part_of_the_receipt() {
    let shop = Shop::open().await;
    let api = Api::of(&shop);
    let key = issued(&shop, json!({ "type": "소득공제" })).await;
    shop.control.deposit(&key).unwrap();
    let part = json!({ "cancelReason": "변심", "cancelAmount": 6_000, "taxFreeAmount": 2_000, "refundReceiveAccount": ACCOUNT() });
    let body = api.cancel(&key, part).await.json();
    assert_eq!(records(&body), [confirm(15_000, 5_000), cancel(6_000, 2_000)]);
    let body = api.cancel(&key, json!({ "cancelReason": "변심", "refundReceiveAccount": ACCOUNT() })).await.json();
    assert_eq!(records(&body), [confirm(15_000, 5_000), cancel(6_000, 2_000), cancel(9_000, 3_000)]);
    let receipt = body["cashReceipt"]["receiptKey"].as_str().unwrap();
    let keys: Vec<_> = body["cancels"].as_array().unwrap().iter().map(|cancel| cancel["receiptKey"].clone()).collect();
    assert_eq!(keys, [format!("c_{receipt}"), format!("c_{receipt}_2")], "each cancel names the record of its own");
    assert_eq!(body["cashReceipts"][1]["receiptKey"], keys[0]);
}

#[tokio::test]
async fn a_cancel_before_the_deposit_and_one_by_an_operator_know_of_the_receipt_too() {
    let shop = Shop::open().await;
    let key = issued(&shop, json!({ "type": "소득공제" })).await;
    let body = Api::of(&shop).cancel(&key, json!({ "cancelReason": "변심" })).await.json();
    assert_eq!(
        (&body["status"], &body["cashReceipts"], &body["cancels"][0]["receiptKey"]),
        (&json!("CANCELED"), &Value::Null, &Value::Null)
    );

    let shop = Shop::open().await;
    let key = issued(&shop, json!({ "type": "소득공제" })).await;
    shop.control.deposit(&key).unwrap();
    shop.control.refund(&key, toss_sandbox::OperatorRefund::default()).unwrap();
    assert_eq!(records(&payment(&shop, &key).await), [confirm(15_000, 5_000), cancel(15_000, 5_000)]);
}

#[tokio::test]
async fn a_reversed_deposit_takes_its_receipt_back_and_the_next_one_has_its_own() {
    let shop = Shop::open().await;
    let key = issued(&shop, json!({ "type": "소득공제" })).await;
    shop.control.deposit(&key).unwrap();
    let first = payment(&shop, &key).await["cashReceipt"]["receiptKey"].clone();
    shop.control.reverse_deposit(&key).unwrap();
    let waiting = payment(&shop, &key).await;
    assert_eq!((&waiting["cashReceipt"], records(&waiting)), (&Value::Null, vec![confirm(15_000, 5_000), cancel(15_000, 5_000)]));
    shop.control.deposit(&key).unwrap();
    let again = payment(&shop, &key).await;
    assert_eq!(records(&again), [confirm(15_000, 5_000), cancel(15_000, 5_000), confirm(15_000, 5_000)]);
    assert!(again["cashReceipt"]["receiptKey"].is_string() && again["cashReceipt"]["receiptKey"] != first);
}

#[tokio::test]
async fn what_was_cancelled_of_the_receipt_alone_is_not_cancelled_again() {
    let shop = Shop::open().await;
    let api = Api::of(&shop);
    let key = issued(&shop, json!({ "type": "소득공제" })).await;
    shop.control.deposit(&key).unwrap();
    let receipt = payment(&shop, &key).await["cashReceipt"]["receiptKey"].as_str().unwrap().to_owned();
    let path = format!("/v1/cash-receipts/{receipt}/cancel");
    assert_eq!(api.post(&path, json!({ "amount": 4_000 })).await.status, 200);
    let body = api.cancel(&key, json!({ "cancelReason": "변심", "refundReceiveAccount": ACCOUNT() })).await.json();
    let cancelled: i64 = records(&body)[1..].iter().map(|(_, amount, _)| amount).sum();
    assert_eq!((records(&body).len(), cancelled), (3, 15_000));
    assert_eq!(api.post(&path, json!({})).await.error(), refused(400, "ALREADY_CANCELED_PAYMENT"));
}

#[tokio::test]
async fn a_number_that_is_none_is_refused() {
    let shop = Shop::open().await;
    let body = json!({ "amount": 15_000, "orderId": "order-0001", "orderName": "주문", "customerName": "김토스", "bank": "20" });
    for receipt in [
        json!({ "type": "소득공제", "registrationNumber": "010-9999-8888" }),
        json!({ "type": "소득공제", "registrationNumber": "" }),
        json!({ "type": "소득공제", "registrationNumber": "1".repeat(31) }),
        json!({ "type": "현금" }),
    ] {
        let reply = Api::of(&shop).post("/v1/virtual-accounts", with(&body, json!({ "cashReceipt": receipt }))).await;
        assert_eq!(reply.error(), refused(400, "INVALID_REGISTRATION_NUMBER_TYPE"), "{receipt}");
    }
    assert_eq!(shop.control.payments(), []);
}
