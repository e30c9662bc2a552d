//! Pages of strangers: what any website may ask of the sandbox, and what it may not. One test for each class of route.

use http_body_util::Full;
use hyper::{Method, Request, StatusCode, body::Bytes};
use serde_json::{Value, json};
use toss_sandbox::{API_CLIENT_KEY, Config, NewPayment};

use crate::support::{CONFIRM, Reply, Shop, connect, refused};

const STRANGER: &str = "https://evil.example";

struct Asked<'a> {
    method: Method,
    path: &'a str,
    origin: Option<&'a str>,
    body: Value,
}

async fn ask(shop: &Shop, asked: Asked<'_>) -> Reply {
    let Asked { method, path, origin, body } = asked;
    let mut request = Request::builder().method(method).uri(path).header("authorization", shop.basic());
    if !body.is_null() {
        request = request.header("content-type", "application/json");
    }
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    let body: Full<Bytes> = Full::from(if body.is_null() { String::new() } else { body.to_string() });
    shop.send(request.body(body).unwrap()).await
}

/// Status of a call without `Origin` to the sandbox under another name.
async fn under_another_name(shop: &Shop, method: Method, path: &str) -> StatusCode {
    let mut sender = connect(shop.sandbox.addr()).await;
    let request = Request::builder().method(method).uri(path).header("host", "evil.example:3100").header("authorization", shop.basic());
    sender.send_request(request.body(Full::default()).unwrap()).await.unwrap().status()
}

#[tokio::test]
async fn a_page_of_a_stranger_cannot_call_the_api_with_the_published_secret_key() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    assert_eq!(shop.confirm(&payment).await.status, 200);
    let cancel = format!("/v1/payments/{}/cancel", payment.payment_key);
    let lookup = format!("/v1/payments/{}", payment.payment_key);
    let range = "/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-31T00:00:00";
    for origin in [STRANGER, "null", "http://localhost.evil.example"] {
        for (method, path, body) in [
            (Method::GET, range, Value::Null),
            (Method::GET, lookup.as_str(), Value::Null),
            (Method::POST, cancel.as_str(), json!({ "cancelReason": "변심" })),
            (Method::POST, CONFIRM, json!({ "paymentKey": payment.payment_key, "orderId": "order-0001", "amount": 45_000 })),
            (Method::OPTIONS, CONFIRM, Value::Null),
            (Method::GET, "/v1/nothing", Value::Null),
        ] {
            let reply = ask(&shop, Asked { method, path, origin: Some(origin), body }).await;
            assert_eq!(reply.error(), refused(403, "FORBIDDEN_ORIGIN"), "{path} from {origin}");
            assert!(!reply.headers.contains_key("access-control-allow-origin"), "{path}: the page may not even read that");
        }
    }
    assert_eq!(shop.control.requests().len(), 1, "none of it was a call of a shop");
    assert_eq!(shop.control.payment(&payment.payment_key).unwrap().balance.get(), 45_000);

    // A shop's server, and a page of this machine that makes the mistake which Toss's own preflight does not keep it from.
    assert_eq!(ask(&shop, Asked { method: Method::GET, path: range, origin: None, body: Value::Null }).await.status, 200);
    let local = Some("http://127.0.0.1:3000");
    let preflight = ask(&shop, Asked { method: Method::OPTIONS, path: CONFIRM, origin: local, body: Value::Null }).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"));
    assert_eq!(
        ask(&shop, Asked { method: Method::POST, path: &cancel, origin: local, body: json!({ "cancelReason": "변심" }) }).await.status,
        200
    );
}

#[tokio::test]
async fn every_shop_gets_the_scripts_and_may_open_a_window_whatever_it_is_called() {
    let shop = Shop::open().await;
    for origin in [Some("http://shop.test:3000"), Some("https://staging.shop.example"), None] {
        for path in ["/v1/payment-widget", "/v2/standard"] {
            let script = ask(&shop, Asked { method: Method::GET, path, origin, body: Value::Null }).await;
            assert_eq!((script.status, script.header("access-control-allow-origin")), (200, "*"), "{origin:?}");
        }
        for (path, body) in [
            (
                "/sandbox/window/payments",
                json!({ "clientKey": shop.sandbox.client_key(), "orderId": "order-0001", "orderName": "주문", "amount": 45_000 }),
            ),
            (
                "/sandbox/window/billing-auths",
                json!({ "clientKey": API_CLIENT_KEY, "customerKey": "customer-1", "method": "CARD",
                    "successUrl": "http://shop.test:3000/s", "failUrl": "http://shop.test:3000/f" }),
            ),
        ] {
            let preflight = ask(&shop, Asked { method: Method::OPTIONS, path, origin, body: Value::Null }).await;
            assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"), "{path}");
            let opened = ask(&shop, Asked { method: Method::POST, path, origin, body }).await;
            assert_eq!((opened.status, opened.header("access-control-allow-origin")), (200, "*"), "{path} {opened:?}");
        }
    }
}

#[tokio::test]
async fn the_window_takes_its_forms_from_itself_alone_and_is_open_to_links() {
    let shop = Shop::open().await;
    let key = shop.control.open(NewPayment::new("order-0001", "주문", 45_000)).unwrap().payment_key;
    let window = format!("/sandbox/window/{key}");
    let page = shop.get(&window).await;
    assert_eq!(page.status, 200, "a link or a frame names no origin");
    // With `no-referrer` browsers would send the form with `Origin: null`, and the window would refuse its own.
    assert_eq!(page.header("referrer-policy"), "same-origin");
    let post = async |path: &str, origin: &str| {
        let form = Request::post(path).header("origin", origin).header("content-type", "application/x-www-form-urlencoded");
        shop.send(form.body(Full::default()).unwrap()).await
    };
    for origin in [STRANGER, "null", "http://127.0.0.1:3000"] {
        for act in ["approve", "cancel", "decline"] {
            assert_eq!(post(&format!("{window}/{act}"), origin).await.error(), refused(403, "FORBIDDEN_ORIGIN"), "{act} from {origin}");
        }
        for act in ["agree", "refuse"] {
            assert_eq!(post(&format!("/sandbox/window/billing/{act}"), origin).await.error(), refused(403, "FORBIDDEN_ORIGIN"));
        }
    }
    assert_eq!(shop.control.payment(&key).unwrap().status, toss_sandbox::Status::Ready, "no stranger has paid");
    let own = shop.sandbox.url();
    assert_ne!(post(&format!("{window}/approve"), &own).await.status, 403);
    assert_eq!(shop.control.payment(&key).unwrap().status, toss_sandbox::Status::InProgress);
}

#[tokio::test]
async fn receipt_and_checkout_are_for_whoever_follows_the_link_and_for_no_script_of_a_stranger() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.confirm(&payment).await;
    let receipt = format!("/receipt/redirection?transactionId={}&ref=PX", payment.payment_key);
    let checkout = format!("/v1/payments/{}/checkout", payment.payment_key);
    for (path, status) in [(receipt.as_str(), 200), (checkout.as_str(), 303), ("/sandbox/assets/page.css", 200)] {
        assert_eq!(ask(&shop, Asked { method: Method::GET, path, origin: None, body: Value::Null }).await.status, status, "{path}");
        let stranger = ask(&shop, Asked { method: Method::GET, path, origin: Some(STRANGER), body: Value::Null }).await;
        assert_eq!(stranger.error(), refused(403, "FORBIDDEN_ORIGIN"), "{path}");
    }
}

#[tokio::test]
async fn by_a_strangers_name_for_this_machine_nothing_answers() {
    let shop = Shop::open().await;
    shop.pay("order-0001", 45_000);
    for (method, path) in [
        (Method::GET, "/v1/payment-widget"),
        (Method::GET, "/v2/standard"),
        (Method::POST, "/sandbox/window/payments"),
        (Method::GET, "/sandbox/window/some-key"),
        (Method::GET, "/receipt/redirection?transactionId=x"),
        (Method::GET, "/v1/transactions?startDate=2026-08-01T00:00:00&endDate=2026-08-31T00:00:00"),
        (Method::OPTIONS, CONFIRM),
        (Method::GET, "/v1/payments/orders/order-0001"),
        (Method::POST, "/sandbox/control/reset"),
        (Method::GET, "/sandbox/control/about"),
        (Method::GET, "/"),
        (Method::GET, "/nothing"),
    ] {
        assert_eq!(under_another_name(&shop, method.clone(), path).await, 403, "{method} {path}");
    }
    assert_eq!(shop.control.payments().len(), 1);
}

#[tokio::test]
async fn on_every_address_too_nothing_answers_by_a_strangers_name() {
    let shop = Shop::with(Config { addr: ([0, 0, 0, 0], 0).into(), ..Config::default() }).await;
    for (method, path) in [(Method::POST, "/sandbox/control/reset"), (Method::GET, "/sandbox/control/about"), (Method::GET, "/v2/standard")]
    {
        assert_eq!(under_another_name(&shop, method.clone(), path).await, 403, "{method} {path}");
    }
    let port = shop.sandbox.addr().port();
    let mut sender = connect(([127, 0, 0, 1], port).into()).await;
    for host in ["sandbox:3100", "192.168.0.7:3100", "host.docker.internal"] {
        let request = Request::get("/sandbox/control/about").header("host", host).body(Full::default()).unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), 200, "{host}");
        drop(http_body_util::BodyExt::collect(response.into_body()).await.unwrap());
    }
}

/// What a browser asks before a page of `origin` sends JSON.
async fn preflight(shop: &Shop, path: &str, origin: &str) -> Reply {
    let request = Request::builder().method(Method::OPTIONS).uri(path).header("origin", origin);
    let request = request.header("access-control-request-method", "POST").header("access-control-request-headers", "content-type");
    shop.send(request.body(Full::default()).unwrap()).await
}

#[tokio::test]
async fn a_page_of_this_machine_on_another_port_drives_the_sandbox_and_reads_the_answers() {
    let shop = Shop::open().await;
    let payment = json!({ "orderId": "order-0001", "orderName": "책", "amount": 12_000 });
    for origin in ["http://127.0.0.1:3000", "http://localhost:5173", "https://shop.localhost"] {
        let asked = preflight(&shop, "/sandbox/control/payments", origin).await;
        assert_eq!((asked.status, asked.header("access-control-allow-origin"), asked.header("vary")), (204, origin, "origin"));
        assert!(asked.header("access-control-allow-methods").contains("POST") && asked.header("access-control-allow-headers") == "*");
        assert!(asked.header("access-control-allow-methods").contains("DELETE"));
        assert!(!asked.headers.contains_key("access-control-allow-credentials"), "there is nothing to log in with");

        let made =
            ask(&shop, Asked { method: Method::POST, path: "/sandbox/control/payments", origin: Some(origin), body: payment.clone() })
                .await;
        assert_eq!((made.status, made.header("access-control-allow-origin"), made.header("vary")), (201, origin, "origin"));
        let wrong =
            ask(&shop, Asked { method: Method::GET, path: "/sandbox/control/nothing", origin: Some(origin), body: Value::Null }).await;
        assert_eq!((wrong.status, wrong.header("access-control-allow-origin")), (404, origin), "mistakes are for reading too");
    }
    for origin in [STRANGER, "null", "http://localhost.evil.example"] {
        let asked = preflight(&shop, "/sandbox/control/payments", origin).await;
        assert_eq!(asked.error(), refused(403, "FORBIDDEN_ORIGIN"), "{origin}");
        assert!(!asked.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{origin}");
    }
    // A cache must not give one page what was allowed to another, nor what no page asked for.
    let program = ask(&shop, Asked { method: Method::GET, path: "/sandbox/control/about", origin: None, body: Value::Null }).await;
    assert_eq!((program.header("vary"), program.headers.contains_key("access-control-allow-origin")), ("origin", false));
}

#[tokio::test]
async fn a_name_that_the_sandbox_is_told_of_is_as_good_as_localhost() {
    let named = Shop::with(Config { host_names: vec!["evil.example".to_owned()], ..Config::default() }).await;
    assert_eq!(under_another_name(&named, Method::GET, "/v2/standard").await, 200);
    assert_eq!(under_another_name(&named, Method::POST, "/sandbox/control/reset").await, 204);
}
