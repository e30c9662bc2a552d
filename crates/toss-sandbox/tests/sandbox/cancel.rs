//! Cancels: all, in parts, before and after a deposit, in time and too late.

use std::time::Duration;

use serde_json::{Value, json};
use toss_sandbox::{ChargeKind, DEPOSIT_CANCELABLE_FOR, Method, NewPayment, Status, TRANSFER_CANCELABLE_FOR};

use crate::{
    api::{Api, paid},
    support::{Reply, Shop, refused},
};

fn order(method: Method) -> NewPayment {
    NewPayment { method, ..NewPayment::new("order-0001", "토스 티셔츠 외 2건", 45_000) }
}

fn reason() -> Value {
    json!({ "cancelReason": "변심" })
}

fn part(amount: i64) -> Value {
    json!({ "cancelReason": "변심", "cancelAmount": amount })
}

fn money(reply: &Reply) -> (u16, String, i64) {
    let body = reply.json();
    (reply.status, body["status"].as_str().unwrap_or_default().to_owned(), body["balanceAmount"].as_i64().unwrap_or(-1))
}

#[tokio::test]
async fn a_full_cancel_is_canceled_and_its_repeat_is_already_canceled_payment() {
    let shop = Shop::open().await;
    let key = paid(&shop, order(Method::Card)).await;
    let reply = Api::widget(&shop).cancel(&key, reason()).await;
    assert_eq!(money(&reply), (200, "CANCELED".to_owned(), 0));
    let body = reply.json();
    let entry = &body["cancels"][0];
    assert_eq!(
        body["cancels"],
        json!([{
            "cancelAmount": 45_000, "cancelReason": "변심", "taxFreeAmount": 0, "taxExemptionAmount": 0, "refundableAmount": 0,
            "cardDiscountAmount": 0, "transferDiscountAmount": 0, "easyPayDiscountAmount": 0,
            "canceledAt": "2026-08-01T09:00:00+09:00", "transactionKey": body["lastTransactionKey"], "receiptKey": null,
            "cancelStatus": "DONE", "cancelRequestId": null,
        }])
    );
    assert_eq!((&body["totalAmount"], &body["suppliedAmount"], &body["vat"]), (&json!(45_000), &json!(0), &json!(0)));
    assert_eq!(Api::widget(&shop).cancel(&key, reason()).await.error(), refused(400, "ALREADY_CANCELED_PAYMENT"));
    let ledger = shop.control.ledger();
    assert_eq!(
        ledger.iter().map(|entry| (entry.kind, entry.amount.get())).collect::<Vec<_>>(),
        [(ChargeKind::Charge, 45_000), (ChargeKind::Refund, 45_000)]
    );
    assert_eq!(entry["transactionKey"], ledger[1].transaction_key.as_str());
}

#[tokio::test]
async fn in_parts_it_stays_partial_canceled_and_then_no_amount_is_cancelable() {
    let shop = Shop::open().await;
    let key = paid(&shop, order(Method::Card)).await;
    let api = Api::widget(&shop);
    assert_eq!(money(&api.cancel(&key, part(15_000)).await), (200, "PARTIAL_CANCELED".to_owned(), 30_000));
    assert_eq!(api.cancel(&key, part(30_001)).await.error(), refused(403, "NOT_CANCELABLE_AMOUNT"));
    let rest = api.cancel(&key, reason()).await;
    assert_eq!(money(&rest), (200, "PARTIAL_CANCELED".to_owned(), 0));
    assert_eq!(rest.json()["cancels"].as_array().unwrap().len(), 2);
    assert_eq!(api.cancel(&key, reason()).await.error(), refused(403, "NOT_CANCELABLE_AMOUNT"));
    let refunded: i64 = shop.control.ledger().iter().filter(|it| it.kind == ChargeKind::Refund).map(|it| it.amount.get()).sum();
    assert_eq!(refunded, 45_000);
    assert_eq!(shop.control.payment(&key).unwrap().balance.get(), 0);
}

#[tokio::test]
async fn more_than_there_is_cannot_be_cancelled_and_changes_nothing() {
    let shop = Shop::open().await;
    let key = paid(&shop, order(Method::Card)).await;
    assert_eq!(Api::widget(&shop).cancel(&key, part(45_001)).await.error(), refused(403, "NOT_CANCELABLE_AMOUNT"));
    assert_eq!(shop.control.payment(&key).unwrap().status, Status::Done);
    assert_eq!(shop.control.ledger().len(), 1);
}

#[tokio::test]
async fn the_refundable_amount_is_an_optimistic_lock() {
    let shop = Shop::open().await;
    let key = paid(&shop, order(Method::Card)).await;
    let api = Api::widget(&shop);
    let believed = |amount: i64| json!({ "cancelReason": "변심", "cancelAmount": 15_000, "refundableAmount": amount });
    assert_eq!(api.cancel(&key, believed(30_000)).await.error(), refused(400, "NOT_MATCHES_REFUNDABLE_AMOUNT"));
    assert_eq!(api.cancel(&key, believed(45_000)).await.status, 200);
    assert_eq!(api.cancel(&key, believed(45_000)).await.error(), refused(400, "NOT_MATCHES_REFUNDABLE_AMOUNT"));
    assert_eq!(api.cancel(&key, believed(30_000)).await.status, 200);
}

#[tokio::test]
async fn only_what_has_been_approved_can_be_cancelled() {
    let shop = Shop::open().await;
    let api = Api::widget(&shop);
    let open = shop.control.open(order(Method::Card)).unwrap().payment_key;
    let waiting = shop.pay("order-0002", 45_000).payment_key;
    let aborted = shop.control.open(NewPayment::new("order-0003", "주문", 45_000)).unwrap().payment_key;
    shop.control.abort(&aborted, toss_sandbox::Code::REJECT_CARD_COMPANY).unwrap();
    for key in [&open, &waiting, &aborted] {
        assert_eq!(api.cancel(key, reason()).await.error(), refused(403, "NOT_CANCELABLE_PAYMENT"));
    }
    shop.control.advance(Duration::from_secs(3600));
    assert_eq!(api.cancel(&waiting, reason()).await.error(), refused(403, "NOT_CANCELABLE_PAYMENT"), "EXPIRED");
    assert_eq!(api.cancel("nobody", reason()).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
}

#[tokio::test]
async fn before_the_deposit_only_everything_can_be_cancelled_and_no_money_moves() {
    let shop = Shop::open().await;
    let api = Api::widget(&shop);
    let key = paid(&shop, order(Method::VirtualAccount)).await;
    assert_eq!(api.cancel(&key, part(1_000)).await.error(), refused(403, "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT"));
    assert_eq!(money(&api.cancel(&key, reason()).await), (200, "CANCELED".to_owned(), 0));
    assert_eq!(api.cancel(&key, reason()).await.error(), refused(400, "ALREADY_CANCELED_PAYMENT"));
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn after_the_deposit_the_refund_needs_an_account() {
    let shop = Shop::open().await;
    let api = Api::widget(&shop);
    let key = paid(&shop, order(Method::VirtualAccount)).await;
    shop.control.deposit(&key).unwrap();
    let to = |bank: &str, number: &str, holder: &str| json!({ "cancelReason": "변심", "refundReceiveAccount": { "bank": bank, "accountNumber": number, "holderName": holder } });
    for (body, code) in [
        (reason(), "INVALID_REFUND_ACCOUNT_INFO"),
        (to("다람쥐", "1000123456789", "김토스"), "INVALID_BANK"),
        (to("88", "1000-1234", "김토스"), "INVALID_REFUND_ACCOUNT_NUMBER"),
        (to("88", "100012345678910001234", "김토스"), "INVALID_REFUND_ACCOUNT_NUMBER"),
        (to("88", "1000123456789", ""), "INVALID_REFUND_ACCOUNT_INFO"),
        (to("88", "1000123456789", &"김".repeat(61)), "INVALID_REFUND_ACCOUNT_INFO"),
    ] {
        assert_eq!(api.cancel(&key, body).await.error(), refused(400, code));
    }
    let mut some = to("신한", "1000123456789", "김토스");
    some["cancelAmount"] = json!(5_000);
    let reply = api.cancel(&key, some).await;
    assert_eq!(money(&reply), (200, "PARTIAL_CANCELED".to_owned(), 40_000));
    assert_eq!(reply.json()["virtualAccount"]["refundStatus"], "COMPLETED");
    assert_eq!(money(&api.cancel(&key, to("SHINHAN", "1000123456789", "김토스")).await), (200, "PARTIAL_CANCELED".to_owned(), 0));
}

#[tokio::test]
async fn every_method_has_its_time_for_cancels() {
    let day = Duration::from_secs(86_400);
    let account = json!({ "cancelReason": "변심", "refundReceiveAccount": { "bank": "88", "accountNumber": "1", "holderName": "김" } });
    for (method, last, body) in [
        (Method::Transfer, TRANSFER_CANCELABLE_FOR, reason()),
        (Method::VirtualAccount, DEPOSIT_CANCELABLE_FOR, account),
        // From 1 August 09:00 to the end of the month in Korea.
        (Method::MobilePhone, 31 * day - Duration::from_secs(9 * 3600), reason()),
    ] {
        let shop = Shop::open().await;
        let key = paid(&shop, order(method)).await;
        if method == Method::VirtualAccount {
            shop.control.deposit(&key).unwrap();
        }
        shop.control.advance(last - Duration::from_millis(1));
        let mut some = body.clone();
        some["cancelAmount"] = json!(1_000);
        assert_eq!(Api::widget(&shop).cancel(&key, some).await.status, 200, "{method:?}");
        shop.control.advance(Duration::from_millis(1));
        assert_eq!(Api::widget(&shop).cancel(&key, body).await.error(), refused(403, "EXCEED_MAX_REFUND_DUE"), "{method:?}");
    }
    let shop = Shop::open().await;
    let key = paid(&shop, order(Method::Card)).await;
    shop.control.advance(3_000 * day);
    assert_eq!(Api::widget(&shop).cancel(&key, reason()).await.status, 200, "cards have no limit");
}

#[tokio::test]
async fn fields_of_a_cancel_have_limits() {
    let shop = Shop::open().await;
    let key = paid(&shop, order(Method::Card)).await;
    for (body, code) in [
        (json!({}), "INVALID_REQUEST"),
        (json!({ "cancelReason": "" }), "INVALID_REQUEST"),
        (json!({ "cancelReason": "가".repeat(201) }), "INVALID_REQUEST"),
        (json!({ "cancelReason": "변심", "cancelAmount": 0 }), "INVALID_REQUEST"),
        (json!({ "cancelReason": "변심", "cancelAmount": -1 }), "INVALID_REQUEST"),
        (json!({ "cancelReason": "변심", "cancelAmount": 1.5 }), "INVALID_REQUEST"),
        (json!({ "cancelReason": "변심", "taxFreeAmount": 1 }), "INVALID_REQUEST"),
        (json!({ "cancelReason": "변심", "currency": "USD" }), "INVALID_CURRENCY"),
        (json!({ "cancelReason": "변심", "cancelRequestId": "short" }), "INVALID_REQUEST"),
    ] {
        assert_eq!(Api::widget(&shop).cancel(&key, body.clone()).await.error(), refused(400, code), "{body}");
    }
    let most = json!({ "cancelReason": "가".repeat(200), "cancelAmount": "1000", "currency": "KRW", "cancelRequestId": "cancel-1" });
    let reply = Api::widget(&shop).cancel(&key, most).await;
    assert_eq!(reply.json()["cancels"][0]["cancelRequestId"], "cancel-1", "{reply:?}");
}

#[tokio::test]
async fn tax_free_parts_of_cancels_add_up() {
    let shop = Shop::open().await;
    let api = Api::of(&shop);
    let mut body = crate::api::key_in();
    body["amount"] = json!(10_000);
    body["taxFreeAmount"] = json!(3_000);
    let key = api.post("/v1/payments/key-in", body).await.json()["paymentKey"].as_str().unwrap().to_owned();
    let cancel = |amount: i64, free: i64| json!({ "cancelReason": "변심", "cancelAmount": amount, "taxFreeAmount": free });
    assert_eq!(api.cancel(&key, cancel(2_000, 2_001)).await.error(), refused(400, "INVALID_REQUEST"), "more than the part");
    assert_eq!(api.cancel(&key, cancel(4_000, 3_001)).await.error(), refused(400, "INVALID_REQUEST"), "more than there is");
    let reply = api.cancel(&key, cancel(4_000, 1_000)).await.json();
    let amounts = |body: &Value| ["balanceAmount", "taxFreeAmount", "suppliedAmount", "vat"].map(|name| body[name].as_i64().unwrap());
    // 6,000 left, 2,000 of it tax-free; a eleventh of the other 4,000 is tax.
    assert_eq!(amounts(&reply), [6_000, 2_000, 3_636, 364]);
    assert_eq!(api.cancel(&key, cancel(5_000, 0)).await.error(), refused(400, "INVALID_REQUEST"), "1,000 cannot hold 2,000 tax-free");
    let rest = api.cancel(&key, reason()).await.json();
    assert_eq!(amounts(&rest), [0, 0, 0, 0]);
    assert_eq!(rest["cancels"][1]["taxFreeAmount"], 2_000);
}

#[tokio::test]
async fn escrow_allows_no_partial_cancel() {
    let shop = Shop::open().await;
    let api = Api::of(&shop);
    for change in [json!({ "useEscrow": true }), json!({ "taxExemptionAmount": 1_000 })] {
        let shop_order = crate::api::with(&crate::api::key_in(), change.clone());
        let order_id = format!("order-{}", shop.control.ledger().len());
        let made = api.post("/v1/payments/key-in", crate::api::with(&shop_order, json!({ "orderId": order_id }))).await.json();
        assert_eq!(made["isPartialCancelable"], false, "{change}");
        let key = made["paymentKey"].as_str().unwrap();
        assert_eq!(api.cancel(key, part(1_000)).await.error(), refused(403, "NOT_ALLOWED_PARTIAL_REFUND"), "{change}");
        assert_eq!(api.cancel(key, reason()).await.status, 200, "{change}");
    }
}

#[tokio::test]
async fn a_cancel_replayed_for_its_key_cancels_once() {
    let shop = Shop::open().await;
    let key = paid(&shop, order(Method::Card)).await;
    let api = Api::widget(&shop);
    let cancel = || {
        let path = format!("/v1/payments/{key}/cancel");
        api.request(hyper::Method::POST, &path, Some(&part(15_000)), &[("idempotency-key", "key-1")])
    };
    let first = shop.send(cancel()).await;
    assert_eq!(shop.send(cancel()).await.body, first.body);
    assert_eq!(shop.control.payment(&key).unwrap().balance.get(), 30_000);
}
