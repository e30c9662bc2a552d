//! Requests that nobody sends by mistake: each is refused or understood, and no money moves unasked.

use http_body_util::Full;
use hyper::{Method as Http, Request, body::Bytes, header};
use serde_json::{Value, json};
use toss_sandbox::{API_SECRET_KEY, Endpoint, NewPayment};

use crate::{
    api::{Api, key_in, paid, with},
    support::{CONFIRM, Reply, Shop, basic, refused},
};

/// A body as it stands, JSON or not.
async fn post(shop: &Shop, secret_key: &str, path: &str, body: &str) -> Reply {
    let request = Request::post(path).header("authorization", basic(&format!("{secret_key}:"))).header("content-type", "application/json");
    shop.send(request.body(Full::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn an_amount_is_a_whole_number_of_won_or_the_payment_is_not_confirmed() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    for amount in [
        "-45000",
        "0",
        "45000.5",
        "1e400",
        "99999999999999999999999999",
        "-9223372036854775809",
        "9223372036854775807",
        "true",
        "null",
        "[45000]",
        "{\"$numberLong\":\"45000\"}",
        "\"\"",
        "\"45,000\"",
        "\" 45000\"",
        "\"0xAFC8\"",
        "\"４５０００\"",
        "NaN",
        "45000,",
    ] {
        let body = format!("{{\"paymentKey\":\"{}\",\"orderId\":\"order-0001\",\"amount\":{amount}}}", payment.payment_key);
        assert_eq!(post(&shop, shop.sandbox.secret_key(), CONFIRM, &body).await.error(), refused(400, "INVALID_REQUEST"), "{amount}");
    }
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(shop.confirm(&payment).await.status, 200, "nothing of it has spoilt the payment");
}

#[tokio::test]
async fn an_amount_to_cancel_is_above_nothing_and_not_above_the_balance() {
    let shop = Shop::open().await;
    let key = paid(&shop, NewPayment::new("order-0001", "주문", 45_000)).await;
    for (amount, error) in [
        ("0", refused(400, "INVALID_REQUEST")),
        ("-1", refused(400, "INVALID_REQUEST")),
        ("-9223372036854775808", refused(400, "INVALID_REQUEST")),
        ("45000.5", refused(400, "INVALID_REQUEST")),
        ("1e30", refused(400, "INVALID_REQUEST")),
        ("45001", refused(403, "NOT_CANCELABLE_AMOUNT")),
        ("9007199254740992", refused(403, "NOT_CANCELABLE_AMOUNT")),
        ("9223372036854775807", refused(403, "NOT_CANCELABLE_AMOUNT")),
    ] {
        let body = format!("{{\"cancelReason\":\"변심\",\"cancelAmount\":{amount}}}");
        let reply = post(&shop, shop.sandbox.secret_key(), &format!("/v1/payments/{key}/cancel"), &body).await;
        assert_eq!(reply.error(), error, "{amount}");
    }
    for name in ["taxFreeAmount", "taxExemptionAmount"] {
        for amount in [i64::MIN, -1, 1, i64::MAX] {
            let body = json!({ "cancelReason": "변심", name: amount });
            assert_eq!(Api::widget(&shop).cancel(&key, body).await.error(), refused(400, "INVALID_REQUEST"), "{name} {amount}");
        }
    }
    assert_eq!(shop.control.ledger().len(), 1);
}

#[tokio::test]
async fn a_field_that_comes_twice_is_no_request() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let key = &payment.payment_key;
    let widget = shop.sandbox.secret_key().to_owned();
    let confirm = format!("{{\"paymentKey\":\"{key}\",\"orderId\":\"order-0001\",\"amount\":1,\"amount\":45000}}");
    assert_eq!(post(&shop, &widget, CONFIRM, &confirm).await.error(), refused(400, "INVALID_REQUEST"));
    // The fields of these lie in several structs.
    for field in ["\"amount\":1000", "\"orderId\":\"order-0002\"", "\"cardNumber\":\"9410001234567890\""] {
        let twice = key_in().to_string().replacen('{', &format!("{{{field},"), 1);
        assert_eq!(post(&shop, API_SECRET_KEY, "/v1/payments/key-in", &twice).await.error(), refused(400, "INVALID_REQUEST"), "{field}");
    }
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(shop.confirm(&payment).await.status, 200);
    let cancel = "{\"cancelReason\":\"a\",\"cancelAmount\":1,\"cancelAmount\":45000}";
    assert_eq!(post(&shop, &widget, &format!("/v1/payments/{key}/cancel"), cancel).await.error(), refused(400, "INVALID_REQUEST"));
    assert_eq!(shop.control.ledger().len(), 1);
}

#[tokio::test]
async fn json_of_any_depth_is_answered() {
    let shop = Shop::open().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{{\"x\":{}1{}}}", open.repeat(10_000), close.repeat(10_000));
        for endpoint in Endpoint::ALL.iter().filter(|endpoint| endpoint.method() == Http::POST) {
            let path =
                endpoint.path().replace("{payment_key}", "nobody").replace("{billing_key}", "nobody").replace("{receipt_key}", "nobody");
            let (status, code) = post(&shop, API_SECRET_KEY, &path, &deep).await.error();
            assert!(matches!((status, code.as_str()), (400, "INVALID_REQUEST") | (404, "NOT_FOUND")), "{endpoint:?} {status} {code}");
        }
    }
}

#[tokio::test]
async fn words_of_every_script_come_back_as_they_were_sent() {
    let shop = Shop::open().await;
    for (place, name) in
        ["티셔츠 👕👨‍👩‍👧 \u{202e}olleh", "\u{0}\u{7f}\\\"<script>", "e\u{301}", "𝕳", &"가".repeat(100), &"👕".repeat(100)].iter().enumerate()
    {
        let body = with(&key_in(), json!({ "orderId": format!("order-{place:04}"), "orderName": name }));
        let reply = Api::of(&shop).post("/v1/payments/key-in", body).await;
        assert_eq!(reply.json()["orderName"], *name);
    }
    let lone = key_in().to_string().replace("토스 티셔츠 외 2건", "\\ud800");
    assert_eq!(
        post(&shop, API_SECRET_KEY, "/v1/payments/key-in", &lone).await.error(),
        refused(400, "INVALID_REQUEST"),
        "half a character"
    );
    let long = with(&key_in(), json!({ "orderName": "👕".repeat(101) }));
    assert_eq!(Api::of(&shop).post("/v1/payments/key-in", long).await.error(), refused(400, "INVALID_ORDER_NAME"));
}

#[tokio::test]
async fn a_path_may_be_escaped_and_names_what_it_spells() {
    let shop = Shop::open().await;
    let key = paid(&shop, NewPayment::new("order-0001", "주문", 45_000)).await;
    let escaped: String = key.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for path in [format!("/v1/payments/{escaped}"), "/v1/payments/orders/order%2D0001".to_owned()] {
        assert_eq!(shop.get(&path).await.json()["paymentKey"], json!(key), "{path}");
    }
    for path in [
        format!("/v1/payments/%2F{key}"),
        format!("/v1/payments/{key}%00"),
        format!("/v1/payments/{key}%20"),
        "/v1/payments/%FF%FE".to_owned(),
        format!("/v1/payments/%25{}", &escaped[1..]),
        "/v1/payments/..%2Forders%2Forder-0001".to_owned(),
    ] {
        assert_eq!(shop.get(&path).await.error(), refused(404, "NOT_FOUND_PAYMENT"), "{path}");
    }
}

#[tokio::test]
async fn head_and_options_are_answered_and_do_nothing() {
    let shop = Shop::open().await;
    for endpoint in Endpoint::ALL {
        let path = endpoint.path().replace(['{', '}'], "");
        let options = shop.send(Request::options(&path).body(Full::default()).unwrap()).await;
        assert_eq!((options.status, options.header("access-control-allow-origin")), (204, "*"), "{endpoint:?}");
        let allowed = options.header("access-control-allow-headers").to_owned();
        assert!(["idempotency-key", "tosspayments-test-code", "tosspayments-mid"].iter().all(|name| allowed.contains(name)), "{allowed}");
        let head = shop.send(Api::of(&shop).request(Http::HEAD, &path, None, &[])).await;
        // A path may be that of several calls.
        let readable = Endpoint::ALL.iter().any(|other| other.path() == endpoint.path() && other.method() == Http::GET);
        assert!(head.body.is_empty() && (head.status == 404 || readable), "{endpoint:?} {head:?}");
    }
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn headers_without_end_are_refused_and_harm_nobody() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let request = |count: usize, value: &str| {
        let mut request = shop.confirm_request(&payment, &[]);
        for place in 0..count {
            let name: header::HeaderName = format!("x-anything-{place}").parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request
    };
    assert_eq!(shop.send(request(1_000, "a")).await.status, 431);
    let large = "a".repeat(60_000);
    assert_eq!(shop.send(request(20, &large)).await.status, 431);
    assert_eq!(shop.control.ledger(), []);
    assert_eq!(shop.send(request(50, "a")).await.status, 200, "as many as a proxy may add");
    let twice: Request<Full<Bytes>> = {
        let mut request = shop.confirm_request(&payment, &[]);
        request.headers_mut().append("authorization", basic("test_gsk_nobody:").parse().unwrap());
        request
    };
    let reply: Value = shop.send(twice).await.json();
    assert_eq!(reply["code"], "ALREADY_PROCESSED_PAYMENT", "the first of two counts");
}
