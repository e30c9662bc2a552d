//! What can be read afterwards: transactions, settlements, cash receipts, promotions.

use std::time::Duration;

use serde_json::{Value, json};
use toss_sandbox::{Method, NewPayment};

use crate::{
    api::{Api, paid, with},
    support::{Shop, refused},
};

const TODAY: &str = "startDate=2026-08-01T00:00:00&endDate=2026-08-01T23:59:59";

async fn transactions(shop: &Shop, query: &str) -> Vec<Value> {
    let reply = shop.get(&format!("/v1/transactions?{query}")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json().as_array().unwrap().clone()
}

#[tokio::test]
async fn every_approval_and_every_cancel_is_a_transaction() {
    let shop = Shop::open().await;
    let key = paid(&shop, NewPayment::new("order-0001", "주문", 45_000)).await;
    let cancelled = Api::widget(&shop).cancel(&key, json!({ "cancelReason": "변심", "cancelAmount": 15_000 })).await.json();
    let listed = transactions(&shop, TODAY).await;
    assert_eq!(
        listed[0],
        json!({
            "mId": "tsandboxshop", "transactionKey": listed[0]["transactionKey"], "paymentKey": key, "orderId": "order-0001",
            "method": "카드", "customerKey": null, "useEscrow": false, "receiptUrl": cancelled["receipt"]["url"],
            "status": "DONE", "transactionAt": "2026-08-01T09:00:00+09:00", "currency": "KRW", "amount": 45_000,
        })
    );
    assert_eq!((&listed[1]["status"], &listed[1]["amount"]), (&json!("PARTIAL_CANCELED"), &json!(15_000)));
    assert_eq!(listed[1]["transactionKey"], cancelled["lastTransactionKey"]);
    assert_eq!(listed.len(), 2);
    assert_eq!(Api::of(&shop).get(&format!("/v1/transactions?{TODAY}")).await.json(), json!([]), "another pair sees none of it");
    assert_eq!(transactions(&shop, "startDate=2026-08-02T00:00:00&endDate=2026-08-03T00:00:00").await, Vec::<Value>::new());
}

#[tokio::test]
async fn transactions_come_in_pages_after_a_key() {
    let shop = Shop::open().await;
    for i in 0..5 {
        paid(&shop, NewPayment::new(format!("order-{i:04}"), "주문", 1_000 + i)).await;
        shop.control.advance(Duration::from_secs(1));
    }
    let first = transactions(&shop, &format!("{TODAY}&limit=3")).await;
    let last = first[2]["transactionKey"].as_str().unwrap();
    let second = transactions(&shop, &format!("{TODAY}&limit=3&startingAfter={last}")).await;
    let amounts: Vec<_> = first.iter().chain(&second).map(|it| it["amount"].as_i64().unwrap()).collect();
    assert_eq!(amounts, [1_000, 1_001, 1_002, 1_003, 1_004]);
}

#[tokio::test]
async fn dates_and_limits_of_queries_are_checked() {
    let shop = Shop::open().await;
    let days = "startDate=2026-08-01&endDate=2026-08-02";
    for (path, code) in [
        ("/v1/transactions".to_owned(), "INVALID_REQUIRED_PARAM"),
        ("/v1/transactions?startDate=2026-08-01T00:00:00".to_owned(), "INVALID_REQUIRED_PARAM"),
        (format!("/v1/transactions?{days}"), "INVALID_DATE"),
        ("/v1/transactions?startDate=2026-08-02T00:00:00&endDate=2026-08-01T00:00:00".to_owned(), "INVALID_DATE"),
        (format!("/v1/transactions?{TODAY}&limit=0"), "INVALID_REQUEST"),
        (format!("/v1/transactions?{TODAY}&limit=many"), "INVALID_REQUEST"),
        (format!("/v1/transactions?{TODAY}&limit=5001"), "EXCEED_MAX_QUERY_LIMIT"),
        (format!("/v1/transactions?{TODAY}&startingAfter=nobody"), "INVALID_PAGING_KEY"),
        ("/v1/settlements".to_owned(), "INVALID_REQUIRED_PARAM"),
        (format!("/v1/settlements?{TODAY}"), "INVALID_DATE"),
        (format!("/v1/settlements?{days}&dateType=someDate"), "INVALID_REQUEST"),
        (format!("/v1/settlements?{days}&page=0"), "INVALID_REQUEST"),
        (format!("/v1/settlements?{days}&size=5001"), "EXCEED_MAX_QUERY_LIMIT"),
        ("/v1/cash-receipts".to_owned(), "INVALID_REQUIRED_PARAM"),
        ("/v1/cash-receipts?requestDate=today".to_owned(), "INVALID_DATE"),
        ("/v1/cash-receipts?requestDate=2026-08-01&cursor=-1".to_owned(), "INVALID_PAGING_KEY"),
        ("/v1/cash-receipts?requestDate=2026-08-01&limit=10001".to_owned(), "EXCEED_MAX_QUERY_LIMIT"),
    ] {
        assert_eq!(shop.get(&path).await.error(), refused(400, code), "{path}");
    }
}

#[tokio::test]
async fn the_test_environment_settles_nothing() {
    let shop = Shop::open().await;
    let key = paid(&shop, NewPayment::new("order-0001", "주문", 45_000)).await;
    let api = Api::widget(&shop);
    shop.control.advance(Duration::from_secs(3 * 86_400));
    let path = "/v1/settlements?startDate=2026-08-01&endDate=2026-08-31&dateType=paidOutDate&page=1&size=5000";
    assert_eq!(api.get(path).await.json(), json!([]));
    assert_eq!(api.post("/v1/settlements", json!({ "paymentKey": key })).await.json(), json!({ "result": true }));
    assert_eq!(api.post("/v1/settlements", json!({ "paymentKey": "nobody" })).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
    let waiting = shop.pay("order-0002", 1_000).payment_key;
    assert_eq!(api.post("/v1/settlements", json!({ "paymentKey": waiting })).await.error(), refused(400, "UNAPPROVED_ORDER_ID"));
}

#[tokio::test]
async fn the_sandbox_has_no_promotions() {
    let shop = Shop::open().await;
    let cards = json!({ "discountCards": [], "interestFreeCards": [] });
    assert_eq!(shop.get("/v1/promotions/card").await.json(), cards);
    assert_eq!(shop.get("/v1/promotions").await.json(), json!({ "card": cards, "bank": { "discountBanks": [] } }));
}

fn receipt() -> Value {
    json!({
        "amount": 11_000, "orderId": "order-0001", "orderName": "토스 티셔츠", "type": "소득공제", "customerIdentityNumber": "01012345678",
    })
}

#[tokio::test]
async fn a_cash_receipt_is_in_progress_for_a_day_and_then_completed() {
    let shop = Shop::open().await;
    let api = Api::widget(&shop);
    let issued = api.post("/v1/cash-receipts", receipt()).await.json();
    let key = issued["receiptKey"].as_str().unwrap();
    assert_eq!(
        issued,
        json!({
            "receiptKey": key, "issueNumber": issued["issueNumber"], "issueStatus": "IN_PROGRESS", "amount": 11_000, "taxFreeAmount": 0,
            "orderId": "order-0001", "orderName": "토스 티셔츠", "type": "소득공제", "transactionType": "CONFIRM",
            "businessNumber": "1234567890", "customerIdentityNumber": "01012345678", "failure": null,
            "requestedAt": "2026-08-01T09:00:00+09:00",
            "receiptUrl": format!("{}/receipt/redirection?transactionId={key}&ref=PX", shop.sandbox.url()),
        })
    );
    assert_eq!(issued["issueNumber"].as_str().unwrap().len(), 9);
    shop.control.advance(Duration::from_secs(86_400));
    let listed = api.get("/v1/cash-receipts?requestDate=2026-08-01").await.json();
    assert_eq!(listed["data"][0]["issueStatus"], "COMPLETED");
    assert_eq!(api.get("/v1/cash-receipts?requestDate=2026-08-02").await.json()["data"], json!([]));
}

#[tokio::test]
async fn the_cancel_of_a_cash_receipt_has_its_key_with_c_before_it() {
    let shop = Shop::open().await;
    let api = Api::widget(&shop);
    let issued = api.post("/v1/cash-receipts", receipt()).await.json();
    let key = issued["receiptKey"].as_str().unwrap();
    let path = format!("/v1/cash-receipts/{key}/cancel");
    assert_eq!(api.post(&path, json!({ "amount": 11_001 })).await.error(), refused(403, "NOT_CANCELABLE_AMOUNT"));
    let cancelled = api.post(&path, json!({ "amount": 1_000 })).await.json();
    assert_eq!((&cancelled["receiptKey"], &cancelled["transactionType"]), (&json!(format!("c_{key}")), &json!("CANCEL")));
    assert_eq!(cancelled["amount"], 1_000);
    assert_eq!(api.post(&path, json!({})).await.error(), refused(400, "ALREADY_CANCELED_PAYMENT"));
    assert_eq!(api.post("/v1/cash-receipts/nobody/cancel", json!({})).await.error(), refused(404, "NOT_FOUND"));
    assert_eq!(Api::of(&shop).post(&path, json!({})).await.error(), refused(404, "NOT_FOUND"), "another pair's");
}

#[tokio::test]
async fn cash_receipts_are_listed_in_pages_by_a_cursor() {
    let shop = Shop::open().await;
    let api = Api::widget(&shop);
    for i in 0..5 {
        let body = with(&receipt(), json!({ "orderId": format!("order-{i:04}") }));
        assert_eq!(api.post("/v1/cash-receipts", body).await.status, 200);
    }
    let mut orders = Vec::new();
    let mut cursor = String::new();
    let mut pages = 0;
    loop {
        let page = api.get(&format!("/v1/cash-receipts?requestDate=2026-08-01&limit=2{cursor}")).await.json();
        orders.extend(page["data"].as_array().unwrap().iter().map(|it| it["orderId"].as_str().unwrap().to_owned()));
        pages += 1;
        if page["hasNext"] == false {
            break;
        }
        cursor = format!("&cursor={}", page["lastCursor"].as_u64().unwrap());
    }
    assert_eq!((pages, orders.len()), (3, 5));
    assert!(orders.is_sorted());
}

#[tokio::test]
async fn fields_of_a_cash_receipt_have_limits() {
    let shop = Shop::open().await;
    for (change, code) in [
        (json!({ "amount": null }), "REQUIRED_AMOUNT"),
        (json!({ "amount": 0 }), "BELOW_ZERO_AMOUNT"),
        (json!({ "orderId": "short" }), "INVALID_ORDER_ID"),
        (json!({ "orderName": "" }), "INVALID_ORDER_NAME"),
        (json!({ "type": "기타" }), "INVALID_REGISTRATION_NUMBER_TYPE"),
        (json!({ "customerIdentityNumber": "1".repeat(31) }), "INVALID_REQUEST"),
        (json!({ "taxFreeAmount": 11_001 }), "INVALID_REQUEST"),
    ] {
        let reply = Api::widget(&shop).post("/v1/cash-receipts", with(&receipt(), change.clone())).await;
        assert_eq!(reply.error(), refused(400, code), "{change}");
    }
}

#[tokio::test]
async fn every_method_has_its_own_object_and_the_others_are_null() {
    for (method, word, object) in [
        (Method::Card, "카드", "card"),
        (Method::Kakaopay, "간편결제", "easyPay"),
        (Method::Transfer, "계좌이체", "transfer"),
        (Method::VirtualAccount, "가상계좌", "virtualAccount"),
        (Method::MobilePhone, "휴대폰", "mobilePhone"),
        (Method::CultureGiftCertificate, "문화상품권", "giftCertificate"),
        (Method::BookGiftCertificate, "도서문화상품권", "giftCertificate"),
        (Method::GameGiftCertificate, "게임문화상품권", "giftCertificate"),
    ] {
        let shop = Shop::open().await;
        let key = paid(&shop, NewPayment { method, ..NewPayment::new("order-0001", "주문", 45_000) }).await;
        let body = shop.get(&format!("/v1/payments/{key}")).await.json();
        assert_eq!(body["method"], word);
        let used: Vec<_> = ["card", "virtualAccount", "transfer", "mobilePhone", "giftCertificate", "easyPay"]
            .into_iter()
            .filter(|name| !body[name].is_null())
            .collect();
        assert_eq!(used, [object], "{method:?}");
    }
}
