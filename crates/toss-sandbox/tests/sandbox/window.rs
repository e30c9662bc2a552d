use http_body_util::Full;
use hyper::Request;
use serde_json::{Value, json};
use toss_sandbox::{CLIENT_KEY, DOCS_API_PAIR, DOCS_WIDGET_PAIR, READY_FOR};

use crate::{
    mistakes::INNARDS,
    support::{Reply, Shop, basic, query, refused, see_other},
};

const SUCCESS: &str = "http://127.0.0.1:3000/success?cart=7&name=%EA%B0%80";
const FAIL: &str = "http://127.0.0.1:3000/fail?cart=7";

fn order() -> Value {
    json!({
        "clientKey": CLIENT_KEY, "customerKey": "@@ANONYMOUS", "orderId": "order-0001",
        "orderName": "<토스> \"티셔츠\" 외 2건", "amount": 45_000, "currency": "KRW", "method": "CARD",
        "successUrl": SUCCESS, "failUrl": FAIL, "customerName": "김토스", "customerEmail": "a@b.kr",
        "customerMobilePhone": "01012345678", "metadata": { "memo": "안녕" }, "cardCompany": "61",
    })
}

async fn create(shop: &Shop, order: &Value) -> Reply {
    let request = Request::post("/sandbox/window/payments")
        .header("content-type", "application/json")
        .header("origin", "http://127.0.0.1:3000")
        .body(Full::from(order.to_string()))
        .unwrap();
    let reply = shop.send(request).await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    reply
}

/// A window that is open: paymentKey and path.
async fn opened(shop: &Shop, order: &Value) -> (String, String) {
    let reply = create(shop, order).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let body = reply.json();
    let text = |field: &str| body[field].as_str().unwrap().to_owned();
    (text("paymentKey"), text("windowUrl"))
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[tokio::test]
async fn approving_leads_to_the_success_url_with_what_a_confirm_needs() {
    let shop = Shop::open().await;
    let (key, window) = opened(&shop, &order()).await;
    let page = shop.get(&window).await;
    assert_eq!(page.status, 200);
    let html = page.text();
    for text in ["45,000원", "SANDBOX", "결제 승인", "결제 취소", "결제 거절", "승인 단계에서 거절", "김토스", "<html lang=\"ko\">"]
    {
        assert!(html.contains(text), "{text}");
    }
    assert!(html.contains("&lt;토스&gt; &quot;티셔츠&quot; 외 2건") && !html.contains("<토스>"));
    assert!(!html.contains("style="), "the policy forbids inline style");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");

    let url = see_other(&shop.post_form(&format!("{window}/approve"), "").await);
    assert_eq!(url.path(), "/success");
    assert_eq!(
        query(&url),
        pairs([
            ("cart", "7"),
            ("name", "가"),
            ("paymentType", "NORMAL"),
            ("orderId", "order-0001"),
            ("paymentKey", &key),
            ("amount", "45000")
        ])
    );
    assert_eq!(shop.control.ledger(), [], "no money has moved yet");

    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000 });
    let paid = shop.send(shop.confirm_body(&body, &[])).await.json();
    assert_eq!(paid["card"]["issuerCode"], "61");
    assert_eq!(paid["metadata"], json!({ "memo": "안녕" }));
}

#[tokio::test]
async fn cancelling_names_no_order_and_leaves_the_payment_ready() {
    let shop = Shop::open().await;
    let (key, window) = opened(&shop, &order()).await;
    let url = see_other(&shop.post_form(&format!("{window}/cancel"), "").await);
    assert_eq!(url.path(), "/fail");
    let query = query(&url);
    assert_eq!(query[0], ("cart".to_owned(), "7".to_owned()));
    assert_eq!(query[1], ("code".to_owned(), "PAY_PROCESS_CANCELED".to_owned()));
    assert_eq!(query[2].0, "message");
    assert_eq!(query.len(), 3);
    assert_eq!(shop.get(&format!("/v1/payments/{key}")).await.json()["status"], "READY");
}

#[tokio::test]
async fn a_refusal_at_the_window_leads_to_the_fail_url_with_its_code() {
    let shop = Shop::open().await;
    let (key, window) = opened(&shop, &order()).await;
    let url = see_other(&shop.post_form(&format!("{window}/decline"), "code=REJECT_CARD_COMPANY&when=window").await);
    let query = query(&url);
    assert_eq!(url.path(), "/fail");
    assert_eq!(query[1], ("code".to_owned(), "REJECT_CARD_COMPANY".to_owned()));
    assert_eq!(query[2], ("message".to_owned(), "카드사에서 결제 승인을 거절했습니다.".to_owned()));
    assert_eq!(query[3], ("orderId".to_owned(), "order-0001".to_owned()));
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000 });
    assert_eq!(shop.send(shop.confirm_body(&body, &[])).await.error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
}

#[tokio::test]
async fn a_refusal_at_the_confirm_looks_like_success_at_first() {
    let shop = Shop::open().await;
    let (key, window) = opened(&shop, &order()).await;
    let url = see_other(&shop.post_form(&format!("{window}/decline"), "code=REJECT_CARD_PAYMENT&when=confirm").await);
    assert_eq!(url.path(), "/success");
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000 });
    assert_eq!(shop.send(shop.confirm_body(&body, &[])).await.error(), refused(403, "REJECT_CARD_PAYMENT"));
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn a_window_that_has_done_its_work_says_so() {
    let shop = Shop::open().await;
    let (key, window) = opened(&shop, &order()).await;
    shop.control.approve(&key).unwrap();
    let page = shop.get(&window).await;
    assert_eq!(page.status, 409);
    assert!(page.text().contains("이미 인증된 결제입니다") && !page.text().contains("<form"));
    see_other(&shop.post_form(&format!("{window}/approve"), "").await);

    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000 });
    assert_eq!(shop.send(shop.confirm_body(&body, &[])).await.status, 200);
    for reply in [shop.get(&window).await, shop.post_form(&format!("{window}/approve"), "").await] {
        assert_eq!(reply.status, 409);
        assert!(reply.text().contains("이미 완료된 결제입니다"));
        assert!(reply.text().contains("href=\"http://127.0.0.1:3000/success?cart=7"));
    }
    let again = create(&shop, &order()).await;
    assert_eq!(again.error(), refused(400, "DUPLICATED_ORDER_ID"));

    let mut late = order();
    late["orderId"] = "order-0002".into();
    let (_, window) = opened(&shop, &late).await;
    shop.control.advance(READY_FOR);
    for reply in [shop.get(&window).await, shop.post_form(&format!("{window}/approve"), "").await] {
        assert_eq!(reply.status, 410);
        assert!(reply.text().contains("결제 시간이 지났습니다"));
    }
}

#[tokio::test]
async fn a_window_that_does_not_exist_or_a_form_that_makes_no_sense_is_a_page() {
    let shop = Shop::open().await;
    for path in ["/sandbox/window/nobody", "/sandbox/window/%ff", "/receipt/redirection", "/receipt/redirection?transactionId=nobody"] {
        let reply = shop.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.text().contains("없는 결제입니다"), "{path}");
    }
    let (key, window) = opened(&shop, &order()).await;
    for form in ["", "code=REJECT_CARD_COMPANY", "code=NO_SUCH_CODE&when=window", "code=FDS_ERROR&when=never"] {
        assert_eq!(shop.post_form(&format!("{window}/decline"), form).await.status, 400, "{form}");
    }
    assert_eq!(shop.get(&format!("/v1/payments/{key}")).await.json()["status"], "READY");
}

#[tokio::test]
async fn fields_out_of_their_limits_are_an_invalid_parameter() {
    let shop = Shop::open().await;
    for (field, value) in [
        ("orderId", json!("short")),
        ("orderName", json!("")),
        ("amount", json!(0)),
        ("amount", json!(1.5)),
        ("amount", json!("45000")),
        ("currency", json!("USD")),
        ("method", json!("TELEPATHY")),
        ("customerKey", json!("a b")),
        ("customerMobilePhone", json!("010-1234-5678")),
        ("successUrl", json!("/success")),
        ("failUrl", json!(null)),
        ("metadata", json!({ "a[0]": "x" })),
        ("cardCompany", json!("00")),
        ("unknownField", json!(1)),
    ] {
        let mut order = order();
        order[field] = value.clone();
        let reply = create(&shop, &order).await;
        assert_eq!(reply.error(), refused(400, "INVALID_PARAMETER"), "{field} {value}");
        let said = reply.text();
        assert!(!INNARDS.iter().any(|word| said.contains(word)), "{said}");
        if ["amount", "method", "unknownField"].contains(&field) {
            assert!(said.contains(field), "{said}");
        }
    }
    let mut nameless = order();
    nameless.as_object_mut().unwrap().remove("orderId");
    let said = create(&shop, &nameless).await.text();
    assert!(said.contains("필수 파라미터"), "{said}");
    assert_eq!(shop.control.payments(), []);
}

#[tokio::test]
async fn client_keys_are_told_apart() {
    let shop = Shop::open().await;
    let with_key = |key: &str| {
        let mut order = order();
        order["clientKey"] = key.into();
        order
    };
    for (key, error) in
        [(DOCS_API_PAIR[0], refused(400, "NOT_REGISTERED_PAYMENT_WIDGET")), ("test_gck_unknown", refused(401, "UNAUTHORIZED_KEY"))]
    {
        assert_eq!(create(&shop, &with_key(key)).await.error(), error);
    }
    let (key, _) = opened(&shop, &with_key(DOCS_WIDGET_PAIR[0])).await;
    shop.control.approve(&key).unwrap();
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 45_000 });
    let confirm = async |secret: &str| {
        let mut request = shop.confirm_body(&body, &[]);
        request.headers_mut().insert("authorization", basic(&format!("{secret}:")).parse().unwrap());
        shop.send(request).await
    };
    assert_eq!(shop.send(shop.confirm_body(&body, &[])).await.error(), refused(400, "INVALID_API_KEY"));
    assert_eq!(confirm(DOCS_API_PAIR[1]).await.error(), refused(400, "INVALID_API_KEY"));
    assert_eq!(confirm(DOCS_WIDGET_PAIR[1]).await.status, 200);
}

#[tokio::test]
async fn in_promise_mode_the_result_is_told_to_the_page_around_the_frame() {
    let shop = Shop::open().await;
    let promise = |order_id: &str| {
        let mut order = order();
        let fields = order.as_object_mut().unwrap();
        fields.remove("successUrl");
        fields.remove("failUrl");
        fields.insert("openerOrigin".to_owned(), "http://127.0.0.1:3000".into());
        fields.insert("orderId".to_owned(), order_id.into());
        order
    };
    let (key, window) = opened(&shop, &promise("order-0001")).await;
    assert!(shop.get(&window).await.header("content-security-policy").contains("frame-ancestors http://127.0.0.1:3000"));
    let approved = shop.post_form(&format!("{window}/approve"), "").await;
    assert_eq!(approved.status, 200);
    let html = approved.text();
    assert!(html.contains("data-origin=\"http://127.0.0.1:3000\"") && html.contains("/sandbox/assets/result.js"));
    for text in ["&quot;paymentType&quot;:&quot;NORMAL&quot;", "&quot;amount&quot;:45000", &key] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("methodId"), "only BrandPay has one");
    assert!(shop.get("/sandbox/assets/result.js").await.text().contains("postMessage"));

    let (_, window) = opened(&shop, &promise("order-0002")).await;
    assert!(shop.post_form(&format!("{window}/cancel"), "").await.text().contains("USER_CANCEL"));
    let (_, window) = opened(&shop, &promise("order-0003")).await;
    let declined = shop.post_form(&format!("{window}/decline"), "code=REJECT_CARD_COMPANY&when=window").await;
    assert!(declined.text().contains("&quot;code&quot;:&quot;REJECT_CARD_COMPANY&quot;"));
}

#[tokio::test]
async fn the_links_of_a_payment_lead_to_pages_of_the_sandbox() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let body = shop.confirm(&payment).await.json();
    let local = |link: &Value| link["url"].as_str().unwrap().strip_prefix(&shop.sandbox.url()).unwrap().to_owned();
    let receipt = shop.get(&local(&body["receipt"])).await;
    assert_eq!(receipt.status, 200);
    assert!(receipt.text().contains("영수증") && receipt.text().contains("45,000원"));
    let checkout = shop.get(&local(&body["checkout"])).await;
    assert_eq!(checkout.status, 303);
    assert_eq!(checkout.header("location"), format!("/sandbox/window/{}", payment.payment_key));
}
