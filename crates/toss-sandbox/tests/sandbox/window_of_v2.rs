//! The window as SDK v2 opens it: by API key, in a frame, without the shopper, and for billing.

use http_body_util::Full;
use hyper::Request;
use serde_json::{Value, json};
use toss_sandbox::{API_CLIENT_KEY, API_SECRET_KEY, CLIENT_KEY};

use crate::support::{Reply, Shop, basic, query, refused, see_other};

const SUCCESS: &str = "http://127.0.0.1:3000/success?cart=7";
const FAIL: &str = "http://127.0.0.1:3000/fail";

fn order(own: Value) -> Value {
    let mut order = json!({
        "clientKey": API_CLIENT_KEY, "customerKey": "customer-1", "orderId": "order-0001", "orderName": "책", "amount": 12_000,
        "flow": "WINDOW", "method": "CARD", "successUrl": SUCCESS, "failUrl": FAIL,
    });
    for (field, value) in own.as_object().unwrap() {
        order[field] = value.clone();
    }
    order
}

async fn open(shop: &Shop, what: &str, asked: &Value) -> Reply {
    let request = Request::post(format!("/sandbox/window/{what}"))
        .header("content-type", "application/json")
        .body(Full::from(asked.to_string()))
        .unwrap();
    shop.send(request).await
}

async fn opened(shop: &Shop, own: Value) -> Value {
    let reply = open(shop, "payments", &order(own)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn path(opened: &Value) -> String {
    opened["windowUrl"].as_str().unwrap().to_owned()
}

fn names(url: &url::Url) -> Vec<String> {
    query(url).into_iter().map(|(name, _)| name).collect()
}

async fn confirm(shop: &Shop, opened: &Value) -> Value {
    let body = json!({ "paymentKey": opened["paymentKey"], "orderId": "order-0001", "amount": 12_000 });
    let mut request = shop.confirm_body(&body, &[]);
    request.headers_mut().insert("authorization", basic(&format!("{API_SECRET_KEY}:")).parse().unwrap());
    shop.send(request).await.json()
}

#[tokio::test]
async fn the_success_url_of_the_payment_window_has_no_payment_type() {
    let shop = Shop::open().await;
    let window = opened(&shop, json!({})).await;
    let url = see_other(&shop.post_form(&format!("{}/approve", path(&window)), "cardCompany=61").await);
    assert_eq!(names(&url), ["cart", "orderId", "paymentKey", "amount"]);
    assert_eq!(confirm(&shop, &window).await["card"]["issuerCode"], "61", "the shopper chose it in the window");
}

#[tokio::test]
async fn each_function_takes_the_keys_of_its_family() {
    let shop = Shop::open().await;
    for (own, code) in
        [(json!({ "clientKey": CLIENT_KEY }), "NOT_SUPPORTED_WIDGET_KEY"), (json!({ "flow": "WIDGET" }), "NOT_REGISTERED_PAYMENT_WIDGET")]
    {
        assert_eq!(open(&shop, "payments", &order(own)).await.error(), refused(400, code));
    }
    assert_eq!(shop.control.payments(), []);
}

#[tokio::test]
async fn the_window_asks_what_its_method_needs_and_takes_nothing_else() {
    let shop = Shop::open().await;
    let window = opened(&shop, json!({ "method": "VIRTUAL_ACCOUNT", "customerName": "김토스" })).await;
    let page = shop.get(&path(&window)).await.text();
    assert!(page.contains("입금은행") && page.contains("신한은행") && page.contains("현금영수증"), "{page}");
    assert!(!page.contains("카카오은행"), "opens no virtual accounts");
    let approve = format!("{}/approve", path(&window));
    for form in ["bank=90", "bank=nowhere", "cashReceipt=x", "cardCompany=00", "carrier=KT5", "phone=010-1"] {
        assert_eq!(shop.post_form(&approve, form).await.status, 400, "{form}");
    }
    see_other(&shop.post_form(&approve, "bank=88&cashReceipt=%EB%AF%B8%EB%B0%9C%ED%96%89").await);
    let payment = confirm(&shop, &window).await;
    assert_eq!((payment["status"].as_str(), payment["virtualAccount"]["bankCode"].as_str()), (Some("WAITING_FOR_DEPOSIT"), Some("88")));
    let receipt = shop.get(&format!("/receipt/redirection?transactionId={}", window["paymentKey"].as_str().unwrap())).await;
    assert_eq!(receipt.status, 200);
    assert!(receipt.text().contains("입금 안내") && receipt.text().contains("신한은행") && receipt.text().contains("입금기한"));
}

#[tokio::test]
async fn a_shop_may_allow_some_carriers_only() {
    let shop = Shop::open().await;
    let window = opened(&shop, json!({ "method": "MOBILE_PHONE", "mobileCarriers": ["KT"] })).await;
    let page = shop.get(&path(&window)).await.text();
    assert!(page.contains("value=\"KT\"") && !page.contains("value=\"SKT\""));
    let approve = format!("{}/approve", path(&window));
    assert_eq!(shop.post_form(&approve, "carrier=SKT&phone=01012345678").await.status, 400);
    see_other(&shop.post_form(&approve, "carrier=KT&phone=01099998888").await);
    assert_eq!(confirm(&shop, &window).await["mobilePhone"]["customerMobilePhone"], "01099998888");
}

#[tokio::test]
async fn in_a_frame_the_page_around_it_is_told_where_to_go() {
    let shop = Shop::open().await;
    let window = opened(&shop, json!({ "openerOrigin": "http://127.0.0.1:3000/cart" })).await;
    let page = shop.get(&path(&window)).await;
    assert!(page.header("content-security-policy").contains("frame-ancestors http://127.0.0.1:3000"));
    assert!(window["cancelUrl"].as_str().unwrap().starts_with(&format!("{FAIL}?code=PAY_PROCESS_CANCELED")));
    let approved = shop.post_form(&format!("{}/approve", path(&window)), "").await;
    assert_eq!(approved.status, 200, "the frame itself goes nowhere");
    assert!(approved.text().contains("&quot;redirect&quot;:&quot;http://127.0.0.1:3000/success?cart=7&amp;orderId=order-0001"));
}

#[tokio::test]
async fn without_the_shopper_the_window_leads_on_by_itself() {
    let shop = Shop::open().await;
    let window = opened(&shop, json!({ "authSkip": "SUCCESS", "method": "TRANSFER" })).await;
    for _ in 0..2 {
        assert_eq!(see_other(&shop.get(&path(&window)).await).path(), "/success");
    }
    assert_eq!(confirm(&shop, &window).await["method"], "카드", "it is always a card then");
    let window = opened(&shop, json!({ "authSkip": "FAIL", "orderId": "order-0002" })).await;
    let url = see_other(&shop.get(&path(&window)).await);
    assert_eq!((url.path(), query(&url)[0].1.as_str()), ("/fail", "REJECT_CARD_COMPANY"));
}

#[tokio::test]
async fn a_deadline_lies_ahead_and_within_ninety_days() {
    let shop = Shop::open().await;
    for (due, error) in
        [("2026-08-01T09:00:00", Some("INVALID_DATE")), ("2026-10-31T00:00:00", Some("EXCEED_MAX_DUE_DATE")), ("2026-10-30T00:00:00", None)]
    {
        let reply = open(&shop, "payments", &order(json!({ "method": "VIRTUAL_ACCOUNT", "dueDate": due }))).await;
        match error {
            Some(code) => assert_eq!(reply.error(), refused(400, code), "{due}"),
            None => assert_eq!(reply.status, 200, "{due}"),
        }
    }
}

#[tokio::test]
async fn an_agreement_gives_an_auth_key_that_works_once() {
    let shop = Shop::open().await;
    let asked =
        json!({ "clientKey": API_CLIENT_KEY, "customerKey": "customer-1", "method": "CARD", "successUrl": SUCCESS, "failUrl": FAIL });
    let window = path(&open(&shop, "billing-auths", &asked).await.json());
    let page = shop.get(&window).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("등록 동의") && page.text().contains("customer-1"));
    let form: &'static str = window.split_once('?').unwrap().1.to_owned().leak();

    let url = see_other(&shop.post_form("/sandbox/window/billing/agree", form).await);
    assert_eq!(names(&url), ["cart", "customerKey", "authKey"]);
    let auth_key = query(&url)[2].1.clone();
    let issue = async || {
        let request = Request::post("/v1/billing/authorizations/issue")
            .header("authorization", basic(&format!("{API_SECRET_KEY}:")))
            .header("content-type", "application/json")
            .body(Full::from(json!({ "customerKey": "customer-1", "authKey": auth_key }).to_string()))
            .unwrap();
        shop.send(request).await
    };
    assert_eq!(issue().await.json()["method"], "카드");
    assert_ne!(issue().await.status, 200, "used up");

    let refuse: &'static str = format!("{form}&code=PAY_PROCESS_CANCELED").leak();
    let url = see_other(&shop.post_form("/sandbox/window/billing/refuse", refuse).await);
    assert_eq!((url.path(), names(&url).join(" ")), ("/fail", "code message".to_owned()));
}

#[tokio::test]
async fn a_billing_window_that_makes_no_sense_is_a_page() {
    let shop = Shop::open().await;
    for (field, value, code) in [
        ("clientKey", CLIENT_KEY, "NOT_SUPPORTED_WIDGET_KEY"),
        ("customerKey", "a b", "INVALID_PARAMETER"),
        ("method", "MOBILE_PHONE", "INVALID_PARAMETER"),
        ("successUrl", "/success", "INVALID_PARAMETER"),
    ] {
        let mut asked =
            json!({ "clientKey": API_CLIENT_KEY, "customerKey": "customer-1", "method": "CARD", "successUrl": SUCCESS, "failUrl": FAIL });
        asked[field] = value.into();
        assert_eq!(open(&shop, "billing-auths", &asked).await.error(), refused(400, code), "{field}");
    }
    assert_eq!(shop.get("/sandbox/window/billing").await.status, 400);
    for (way, form) in [("agree", ""), ("refuse", "code=PAY_PROCESS_CANCELED"), ("refuse", "code=nothing")] {
        assert_eq!(shop.post_form(&format!("/sandbox/window/billing/{way}"), form).await.status, 400, "{way} {form}");
    }
}
