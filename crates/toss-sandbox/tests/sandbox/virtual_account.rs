//! Virtual accounts: issued by a confirm or directly, paid, reversed, expired.

use std::time::Duration;

use serde_json::{Value, json};
use toss_sandbox::{Method, NewPayment};

use crate::{
    api::{Api, paid, with},
    support::{Shop, refused},
};

fn issue() -> Value {
    json!({ "amount": 15_000, "orderId": "order-0001", "orderName": "토스 티셔츠", "customerName": "김토스", "bank": "20" })
}

#[tokio::test]
async fn a_confirm_issues_the_account_and_charges_nothing() {
    let shop = Shop::open().await;
    let key = paid(&shop, NewPayment { method: Method::VirtualAccount, ..NewPayment::new("order-0001", "주문", 45_000) }).await;
    let body = shop.get(&format!("/v1/payments/{key}")).await.json();
    assert_eq!((&body["status"], &body["approvedAt"], &body["method"]), (&json!("WAITING_FOR_DEPOSIT"), &Value::Null, &json!("가상계좌")));
    assert!(body["secret"].as_str().unwrap().starts_with("ps_"));
    let account = &body["virtualAccount"];
    assert!(account["accountNumber"].as_str().unwrap().starts_with('X'), "{account}");
    assert_eq!((&account["depositorName"], &account["refundStatus"]), (&Value::Null, &json!("NONE")));
    assert_eq!(account["dueDate"], "2026-08-08T09:00:00+09:00", "168 hours");
    assert_eq!(shop.control.ledger(), []);

    shop.control.deposit(&key).unwrap();
    let body = shop.get(&format!("/v1/payments/{key}")).await.json();
    assert_eq!((&body["status"], &body["approvedAt"]), (&json!("DONE"), &json!("2026-08-01T09:00:00+09:00")));
    assert!(body["virtualAccount"]["depositorName"].is_string());
    assert_eq!(shop.control.charges("order-0001").len(), 1);
}

#[tokio::test]
async fn issued_directly_it_waits_for_its_deposit() {
    let shop = Shop::open().await;
    let reply = Api::of(&shop).post("/v1/virtual-accounts", issue()).await;
    let body = reply.json();
    assert_eq!((reply.status, &body["status"], &body["mId"]), (200, &json!("WAITING_FOR_DEPOSIT"), &json!("tsandboxapi")));
    let account = &body["virtualAccount"];
    assert_eq!((&account["bankCode"], &account["customerName"], &account["expired"]), (&json!("20"), &json!("김토스"), &json!(false)));
    assert_eq!(account["accountType"], "일반");
    assert_eq!(Api::of(&shop).post("/v1/virtual-accounts", issue()).await.error(), refused(400, "DUPLICATED_ORDER_ID"));
}

#[tokio::test]
async fn a_bank_may_be_named_by_code_number_korean_or_english() {
    let shop = Shop::open().await;
    for (place, bank) in ["06", "004", "국민", "국민은행", "KOOKMIN"].iter().enumerate() {
        let body = with(&issue(), json!({ "bank": bank, "orderId": format!("order-{place:04}") }));
        assert_eq!(Api::of(&shop).post("/v1/virtual-accounts", body).await.json()["virtualAccount"]["bankCode"], "06", "{bank}");
    }
    for bank in ["92", "카카오", "HSBC", "nobody", ""] {
        let body = with(&issue(), json!({ "bank": bank }));
        assert_eq!(Api::of(&shop).post("/v1/virtual-accounts", body).await.error(), refused(400, "INVALID_BANK"), "{bank}");
    }
}

#[tokio::test]
async fn a_deadline_is_given_in_hours_or_as_a_date_within_ninety_days() {
    for (change, due) in [
        (json!({ "validHours": 1 }), "2026-08-01T10:00:00+09:00"),
        (json!({ "validHours": 2160 }), "2026-10-30T09:00:00+09:00"),
        (json!({ "dueDate": "2026-08-03T21:00:00" }), "2026-08-03T21:00:00+09:00"),
        (json!({ "dueDate": "2026-10-30T09:00:00" }), "2026-10-30T09:00:00+09:00"),
    ] {
        let shop = Shop::open().await;
        let reply = Api::of(&shop).post("/v1/virtual-accounts", with(&issue(), change.clone())).await;
        assert_eq!(reply.json()["virtualAccount"]["dueDate"], due, "{change}");
    }
    let shop = Shop::open().await;
    for (change, code) in [
        (json!({ "validHours": 0 }), "INVALID_REQUEST"),
        (json!({ "validHours": 2161 }), "EXCEED_MAX_VALID_HOURS"),
        (json!({ "dueDate": "2026-10-30T09:00:01" }), "EXCEED_MAX_DUE_DATE"),
        (json!({ "dueDate": "2026-08-01T09:00:00" }), "INVALID_DATE"),
        (json!({ "dueDate": "2026-08-03" }), "INVALID_DATE"),
        (json!({ "validHours": 1, "dueDate": "2026-08-03T21:00:00" }), "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE"),
        (json!({ "cashReceipt": { "type": "기타" } }), "INVALID_REGISTRATION_NUMBER_TYPE"),
        (json!({ "amount": null }), "REQUIRED_AMOUNT"),
        (json!({ "amount": 0 }), "BELOW_ZERO_AMOUNT"),
        (json!({ "amount": 199 }), "BELOW_MINIMUM_AMOUNT"),
        (json!({ "orderId": "short" }), "INVALID_ORDER_ID"),
        (json!({ "orderName": "" }), "INVALID_ORDER_NAME"),
        (json!({ "customerName": null }), "INVALID_REQUEST"),
        (json!({ "customerEmail": "nobody" }), "INVALID_EMAIL"),
    ] {
        let reply = Api::of(&shop).post("/v1/virtual-accounts", with(&issue(), change.clone())).await;
        assert_eq!(reply.error(), refused(400, code), "{change}");
    }
    assert_eq!(shop.control.payments(), []);
}

#[tokio::test]
async fn past_its_deadline_an_account_is_expired_and_its_payment_still_waits() {
    let shop = Shop::open().await;
    let api = Api::of(&shop);
    let made = api.post("/v1/virtual-accounts", with(&issue(), json!({ "validHours": 1 }))).await.json();
    let key = made["paymentKey"].as_str().unwrap();
    let expired = async || api.get(&format!("/v1/payments/{key}")).await.json()["virtualAccount"]["expired"].clone();
    shop.control.advance(Duration::from_secs(3600) - Duration::from_millis(1));
    assert_eq!(expired().await, false);
    shop.control.advance(Duration::from_millis(1));
    assert_eq!(expired().await, true, "the end is exclusive");
    assert_eq!(api.get(&format!("/v1/payments/{key}")).await.json()["status"], "WAITING_FOR_DEPOSIT");
    assert_eq!(shop.control.deposit(key).unwrap_err().code, "CANNOT_MOVE_PAYMENT");
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn a_reversed_deposit_waits_again_and_can_be_paid_again() {
    let shop = Shop::open().await;
    let made = Api::of(&shop).post("/v1/virtual-accounts", issue()).await.json();
    let key = made["paymentKey"].as_str().unwrap();
    shop.control.deposit(key).unwrap();
    shop.control.reverse_deposit(key).unwrap();
    let body = Api::of(&shop).get(&format!("/v1/payments/{key}")).await.json();
    assert_eq!(
        (&body["status"], &body["approvedAt"], &body["balanceAmount"]),
        (&json!("WAITING_FOR_DEPOSIT"), &Value::Null, &json!(15_000))
    );
    shop.control.deposit(key).unwrap();
    let statuses: Vec<_> = shop.control.payment(key).unwrap().timeline.iter().map(|change| change.to.as_str()).collect();
    assert_eq!(statuses, ["WAITING_FOR_DEPOSIT", "DONE", "WAITING_FOR_DEPOSIT", "DONE"]);
}

#[tokio::test]
async fn a_fixed_account_has_the_same_number_each_time() {
    let shop = Shop::open().await;
    let account = async |order_id: &str, changes: Value| {
        let body = with(&with(&issue(), json!({ "orderId": order_id, "accountType": "고정", "accountKey": "customer-1" })), changes);
        let body = Api::of(&shop).post("/v1/virtual-accounts", body).await.json();
        (body["virtualAccount"]["accountType"].clone(), body["virtualAccount"]["accountNumber"].as_str().unwrap().to_owned())
    };
    let (kind, number) = account("order-0001", json!({})).await;
    assert_eq!((kind, number.len(), number.starts_with('X')), (json!("고정"), 14, true));
    assert_eq!(account("order-0002", json!({})).await.1, number);
    assert_ne!(account("order-0003", json!({ "accountKey": "customer-2" })).await.1, number);
    assert_ne!(account("order-0004", json!({ "bank": "88" })).await.1, number, "another bank");
    let (kind, ordinary) = account("order-0005", json!({ "accountType": "일반" })).await;
    assert!(kind == "일반" && ordinary != number);
    for wrong in [json!({ "accountType": "고정" }), json!({ "accountType": "고정", "accountKey": "" }), json!({ "accountType": "임시" })]
    {
        let reply = Api::of(&shop).post("/v1/virtual-accounts", with(&issue(), with(&wrong, json!({ "orderId": "order-0006" })))).await;
        assert_eq!(reply.error(), refused(400, "INVALID_REQUEST"), "{wrong}");
    }
}

#[tokio::test]
async fn products_in_escrow_are_whole() {
    let shop = Shop::open().await;
    let product = json!({ "id": "shirt-1", "name": "토스 티셔츠", "code": "shirt", "unitPrice": 15_000, "quantity": 1 });
    for change in [
        json!({ "id": null }),
        json!({ "name": "" }),
        json!({ "code": 7 }),
        json!({ "unitPrice": -1 }),
        json!({ "quantity": 0 }),
        json!({ "quantity": 1.5 }),
    ] {
        let body = with(&issue(), json!({ "useEscrow": true, "escrowProducts": [product, with(&product, change.clone())] }));
        assert_eq!(Api::of(&shop).post("/v1/virtual-accounts", body).await.error(), refused(400, "INVALID_REQUEST"), "{change}");
    }
    let body = with(&issue(), json!({ "useEscrow": true, "escrowProducts": [product] }));
    assert_eq!(Api::of(&shop).post("/v1/virtual-accounts", body).await.json()["useEscrow"], true);
}
