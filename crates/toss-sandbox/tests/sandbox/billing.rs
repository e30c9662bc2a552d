//! Cards that the shop types in or keeps: key-in and billing keys.

use hyper::Request;
use serde_json::{Value, json};
use toss_sandbox::{API_CLIENT_KEY, Method, NewPayment};

use crate::{
    api::{Api, key_in, with},
    support::{Shop, refused},
};

fn card() -> Value {
    json!({
        "customerKey": "customer-1", "cardNumber": "9410001234567890", "cardExpirationYear": "30", "cardExpirationMonth": "12",
        "customerIdentityNumber": "881212",
    })
}

fn charge(order_id: &str) -> Value {
    json!({ "amount": 4_900, "orderId": order_id, "orderName": "월 구독", "customerKey": "customer-1" })
}

async fn billing_key(shop: &Shop) -> String {
    let reply = Api::of(shop).post("/v1/billing/authorizations/card", card()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["billingKey"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_typed_card_is_charged_at_once() {
    let shop = Shop::open().await;
    let reply = Api::of(&shop).post("/v1/payments/key-in", with(&key_in(), json!({ "cardInstallmentPlan": 3 }))).await;
    let body = reply.json();
    assert_eq!((reply.status, &body["status"], &body["type"]), (200, &json!("DONE"), &json!("NORMAL")));
    assert_eq!((&body["card"]["number"], &body["card"]["installmentPlanMonths"]), (&json!("94100012****789*"), &json!(3)));
    assert_eq!(shop.control.charges("order-0001").len(), 1);
    assert_eq!(Api::of(&shop).post("/v1/payments/key-in", key_in()).await.error(), refused(400, "DUPLICATED_ORDER_ID"));
    assert_eq!(shop.control.ledger().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_typed_card_is_told_by_its_code() {
    let shop = Shop::open().await;
    for (change, code) in [
        (json!({ "cardNumber": "941000" }), "INVALID_CARD_NUMBER"),
        (json!({ "cardNumber": "9410-0012-3456-7890" }), "INVALID_CARD_NUMBER"),
        (json!({ "cardExpirationYear": "26", "cardExpirationMonth": "07" }), "INVALID_CARD_EXPIRATION"),
        (json!({ "cardExpirationMonth": "13" }), "INVALID_CARD_EXPIRATION"),
        (json!({ "cardExpirationYear": "2030" }), "INVALID_CARD_EXPIRATION"),
        (json!({ "cardInstallmentPlan": 1 }), "INVALID_CARD_INSTALLMENT_PLAN"),
        (json!({ "cardInstallmentPlan": 13 }), "INVALID_CARD_INSTALLMENT_PLAN"),
        (json!({ "cardInstallmentPlan": 2, "amount": 49_999 }), "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT"),
        (json!({ "amount": 99 }), "BELOW_MINIMUM_AMOUNT"),
        (json!({ "customerIdentityNumber": "88" }), "INVALID_REQUEST"),
        (json!({ "cardPassword": "1" }), "INVALID_REQUEST"),
        (json!({ "cardNumber": null }), "INVALID_REQUEST"),
        (json!({ "orderName": "가".repeat(101) }), "INVALID_ORDER_NAME"),
    ] {
        let reply = Api::of(&shop).post("/v1/payments/key-in", with(&key_in(), change.clone())).await;
        assert_eq!(reply.error(), refused(400, code), "{change}");
    }
    assert_eq!(shop.control.ledger(), []);
    let this_month = with(&key_in(), json!({ "cardExpirationYear": "26", "cardExpirationMonth": "08" }));
    assert_eq!(Api::of(&shop).post("/v1/payments/key-in", this_month).await.status, 200);
}

#[tokio::test]
async fn a_billing_key_charges_its_customer() {
    let shop = Shop::open().await;
    let issued = Api::of(&shop).post("/v1/billing/authorizations/card", card()).await.json();
    let key = issued["billingKey"].as_str().unwrap();
    assert_eq!(
        issued,
        json!({
            "mId": "tsandboxapi", "customerKey": "customer-1", "authenticatedAt": "2026-08-01T09:00:00+09:00", "method": "카드",
            "billingKey": key, "cardCompany": "신한", "cardNumber": "94100012****789*",
            "card": { "issuerCode": "41", "acquirerCode": "41", "number": "94100012****789*", "cardType": "신용", "ownerType": "개인" },
            "transfers": null,
        })
    );
    let reply = Api::of(&shop).post(&format!("/v1/billing/{key}"), charge("order-0001")).await;
    let body = reply.json();
    assert_eq!((reply.status, &body["status"], &body["type"]), (200, &json!("DONE"), &json!("BILLING")));
    assert_eq!(shop.control.charges("order-0001").len(), 1);
    let again = Api::of(&shop).post(&format!("/v1/billing/{key}"), charge("order-0001")).await;
    assert_eq!(again.error(), refused(400, "DUPLICATED_ORDER_ID"));
}

#[tokio::test]
async fn another_customer_cannot_be_charged() {
    let shop = Shop::open().await;
    let key = billing_key(&shop).await;
    let other = with(&charge("order-0001"), json!({ "customerKey": "customer-2" }));
    let reply = Api::of(&shop).post(&format!("/v1/billing/{key}"), other).await;
    assert_eq!(reply.error(), refused(400, "NOT_MATCHES_CUSTOMER_KEY"));
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn a_removed_billing_key_charges_nothing() {
    let shop = Shop::open().await;
    let path = format!("/v1/billing/{}", billing_key(&shop).await);
    let reply = Api::of(&shop).delete(&path).await;
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    assert_eq!(Api::of(&shop).post(&path, charge("order-0001")).await.error(), refused(400, "ALREADY_REMOVED_BILLING_KEY"));
    assert_eq!(Api::of(&shop).delete(&path).await.error(), refused(400, "ALREADY_REMOVED_BILLING_KEY"));
    assert_eq!(Api::of(&shop).delete("/v1/billing/nobody").await.error(), refused(404, "NOT_FOUND_BILLING"));
    assert_eq!(Api::of(&shop).post("/v1/billing/nobody", charge("order-0001")).await.error(), refused(404, "NOT_FOUND_BILLING"));
}

#[tokio::test]
async fn card_numbers_behave_as_measured() {
    let shop = Shop::open().await;
    let bare = with(&card(), json!({ "cardNumber": "941000" }));
    assert_eq!(Api::of(&shop).post("/v1/billing/authorizations/card", bare).await.error(), refused(400, "INVALID_CARD_NUMBER"));
    let other = with(&card(), json!({ "cardNumber": "5555001234567890" }));
    let issued = Api::of(&shop).post("/v1/billing/authorizations/card", other).await.json();
    assert_eq!(issued["card"]["cardType"], "미확인");
    let path = format!("/v1/billing/{}", issued["billingKey"].as_str().unwrap());
    assert_eq!(Api::of(&shop).post(&path, charge("order-0001")).await.error(), refused(400, "NOT_SUPPORTED_CARD_TYPE"));
}

#[tokio::test]
async fn a_customer_key_may_have_three_hundred_characters_and_no_more() {
    let shop = Shop::open().await;
    let issue = |key: String| {
        Api::of(&shop).shop.send(Api::of(&shop).request(
            hyper::Method::POST,
            "/v1/billing/authorizations/card",
            Some(&with(&card(), json!({ "customerKey": key }))),
            &[],
        ))
    };
    assert_eq!(issue("a b".repeat(100)).await.status, 200);
    assert_eq!(issue("a".repeat(301)).await.error(), refused(500, "FAILED_DB_PROCESSING"));
    assert_eq!(issue(String::new()).await.error(), refused(400, "INVALID_CUSTOMER_KEY"));
}

#[tokio::test]
async fn an_auth_key_issues_one_billing_key_for_its_customer() {
    for (method, word) in [(Method::Card, "카드"), (Method::Transfer, "계좌이체")] {
        let shop = Shop::open().await;
        let auth_key = shop.control.authorize_billing("customer-1", method).unwrap();
        let path = "/v1/billing/authorizations/issue";
        let issue = |customer: &str| json!({ "authKey": auth_key, "customerKey": customer });
        assert_eq!(Api::of(&shop).post(path, issue("customer-2")).await.error(), refused(400, "NOT_MATCHES_CUSTOMER_KEY"));
        let issued = Api::of(&shop).post(path, issue("customer-1")).await.json();
        assert_eq!((&issued["method"], issued["card"].is_null()), (&json!(word), method == Method::Transfer));
        assert_eq!(Api::of(&shop).post(path, issue("customer-1")).await.error(), refused(400, "INVALID_BILLING_AUTH"), "once");
        let path = format!("/v1/billing/{}", issued["billingKey"].as_str().unwrap());
        assert_eq!(Api::of(&shop).post(&path, charge("order-0001")).await.json()["method"], word);
    }
}

#[tokio::test]
async fn brandpay_takes_a_code_for_a_token() {
    let shop = Shop::open().await;
    let code = shop.control.authorize_billing("customer-1", Method::Card).unwrap();
    let path = "/v1/brandpay/authorizations/access-token";
    let token = |customer: &str| json!({ "grantType": "AuthorizationCode", "customerKey": customer, "code": code });
    assert_eq!(Api::of(&shop).post(path, token("customer-2")).await.error(), refused(400, "NOT_MATCHES_CUSTOMER_KEY"));
    let tokens = Api::of(&shop).post(path, token("customer-1")).await.json();
    assert_eq!((tokens["accessToken"].is_string(), &tokens["tokenType"]), (true, &json!("bearer")));
    assert_eq!(Api::of(&shop).post(path, token("customer-1")).await.error(), refused(400, "INVALID_AUTHORIZE_AUTH"), "once");
}

#[tokio::test]
async fn a_brandpay_payment_is_confirmed_once_for_its_customer() {
    let shop = Shop::open().await;
    let new = NewPayment { client_key: Some(API_CLIENT_KEY.to_owned()), ..NewPayment::new("order-0001", "주문", 45_000) };
    let made = shop.control.authenticate(new).unwrap();
    let path = "/v1/brandpay/payments/confirm";
    let body = json!({ "paymentKey": made.payment_key, "orderId": "order-0001", "amount": 45_000, "customerKey": "customer-1" });
    for (change, error) in [
        (json!({ "amount": 45_001 }), refused(400, "INVALID_REQUEST")),
        (json!({ "orderId": "order-0002" }), refused(403, "FORBIDDEN_REQUEST")),
        (json!({ "customerKey": null }), refused(400, "INVALID_REQUEST")),
        (json!({ "customerKey": "" }), refused(400, "INVALID_CUSTOMER_KEY")),
        (json!({ "paymentKey": "nobody" }), refused(404, "NOT_FOUND_PAYMENT")),
    ] {
        assert_eq!(Api::of(&shop).post(path, with(&body, change.clone())).await.error(), error, "{change}");
    }
    assert_eq!(shop.control.ledger(), []);
    let paid = Api::of(&shop).post(path, body.clone()).await;
    let payment = paid.json();
    assert_eq!((paid.status, &payment["status"], &payment["type"]), (200, &json!("DONE"), &json!("BRANDPAY")));
    assert_eq!(shop.control.charges("order-0001").len(), 1);
    let today = "/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-02T00:00:00";
    assert_eq!(Api::of(&shop).get(today).await.json()[0]["customerKey"], "customer-1");
    assert_eq!(Api::of(&shop).post(path, body).await.error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
    assert_eq!(shop.control.charges("order-0001").len(), 1);
}

#[tokio::test]
async fn a_brandpay_window_is_confirmed_for_no_other_customer() {
    let shop = Shop::open().await;
    let order = json!({
        "clientKey": API_CLIENT_KEY, "flow": "WINDOW", "paymentType": "BRANDPAY", "customerKey": "customer-1", "orderId": "order-0001",
        "orderName": "주문", "amount": 45_000, "method": "CARD",
    });
    let window = Request::post("/sandbox/window/payments").header("content-type", "application/json");
    let opened = shop.send(window.body(order.to_string().into()).unwrap()).await.json();
    let key = opened["paymentKey"].as_str().unwrap();
    shop.control.approve(key).unwrap();
    let path = "/v1/brandpay/payments/confirm";
    let body = |customer: &str| json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000, "customerKey": customer });
    assert_eq!(Api::of(&shop).post(path, body("customer-2")).await.error(), refused(400, "NOT_MATCHES_CUSTOMER_KEY"));
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(Api::of(&shop).post(path, body("customer-1")).await.json()["status"], "DONE");
}

#[tokio::test]
async fn over_http_too_a_customer_agrees_without_a_browser() {
    let shop = Shop::open().await;
    for (body, word) in
        [(json!({ "customerKey": "customer-1" }), "카드"), (json!({ "customerKey": "customer-1", "method": "TRANSFER" }), "계좌이체")]
    {
        let made = shop.drive("POST", "/billing-authorizations", Some(body)).await;
        assert_eq!(made.status, 201, "{made:?}");
        let issue = json!({ "authKey": made.json()["authKey"], "customerKey": "customer-1" });
        assert_eq!(Api::of(&shop).post("/v1/billing/authorizations/issue", issue).await.json()["method"], word);
    }
    for (body, error) in [
        (json!({ "customerKey": "a" }), refused(400, "INVALID_CUSTOMER_KEY")),
        (json!({ "customerKey": "customer-1", "method": "MOBILE_PHONE" }), refused(400, "NOT_SUPPORTED_METHOD")),
        (json!({ "method": "CARD" }), refused(400, "INVALID_REQUEST")),
    ] {
        assert_eq!(shop.drive("POST", "/billing-authorizations", Some(body.clone())).await.error(), error, "{body}");
    }
}

#[tokio::test]
async fn points_and_free_instalments_of_a_typed_card_show_in_its_payment() {
    let shop = Shop::open().await;
    let wishes = json!({ "cardInstallmentPlan": 3, "useFreeInstallmentPlan": true, "useCardPoint": true });
    let card = Api::of(&shop).post("/v1/payments/key-in", with(&key_in(), wishes)).await.json()["card"].clone();
    assert_eq!((&card["isInterestFree"], &card["interestPayer"], &card["useCardPoint"]), (&json!(true), &json!("MERCHANT"), &json!(true)));
    let at_once = json!({ "orderId": "order-0002", "useFreeInstallmentPlan": true });
    let card = Api::of(&shop).post("/v1/payments/key-in", with(&key_in(), at_once)).await.json()["card"].clone();
    assert_eq!((&card["isInterestFree"], &card["interestPayer"], &card["useCardPoint"]), (&json!(false), &Value::Null, &json!(false)));
    for wrong in [json!({ "useFreeInstallmentPlan": "yes" }), json!({ "useCardPoint": 1 })] {
        let body = with(&key_in(), with(&wrong, json!({ "orderId": "order-0003" })));
        assert_eq!(Api::of(&shop).post("/v1/payments/key-in", body).await.error(), refused(400, "INVALID_REQUEST"), "{wrong}");
    }
}

#[tokio::test]
async fn an_unknown_auth_key_issues_nothing() {
    let shop = Shop::open().await;
    let body = json!({ "authKey": "nobody", "customerKey": "customer-1" });
    assert_eq!(Api::of(&shop).post("/v1/billing/authorizations/issue", body).await.error(), refused(400, "INVALID_BILLING_AUTH"));
    let long = json!({ "authKey": "a".repeat(301), "customerKey": "customer-1" });
    assert_eq!(Api::of(&shop).post("/v1/billing/authorizations/issue", long).await.error(), refused(400, "INVALID_REQUEST"));
}

#[tokio::test]
async fn an_unknown_brandpay_code_gives_no_token() {
    let shop = Shop::open().await;
    let path = "/v1/brandpay/authorizations/access-token";
    let token = |grant: &str| json!({ "grantType": grant, "customerKey": "customer-1", "code": "nobody" });
    assert_eq!(Api::of(&shop).post(path, token("AuthorizationCode")).await.error(), refused(400, "INVALID_AUTHORIZE_AUTH"));
    assert_eq!(Api::of(&shop).post(path, token("Password")).await.error(), refused(400, "INVALID_REQUEST"));
}
