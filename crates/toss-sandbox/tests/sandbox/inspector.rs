//! The inspector's page, the signal it listens to, what it reads, and who may drive the control plane.

use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Incoming, header::HOST};
use serde_json::{Value, json};
use toss_sandbox::{API_CLIENT_KEY, API_SECRET_KEY, Config, Fault, Limits, NewPayment};

use crate::support::{DEADLINE, Shop, connect, refused};

/// Waits for the next event of a stream; signs of life are none.
async fn next_event(stream: &mut Incoming) {
    let event = async {
        loop {
            let piece = stream.frame().await.unwrap().unwrap().into_data().unwrap();
            if piece.starts_with(b"event: change\n") {
                return;
            }
        }
    };
    tokio::time::timeout(DEADLINE, event).await.unwrap();
}

async fn listen(shop: &Shop) -> Incoming {
    let mut sender = connect(shop.sandbox.addr()).await;
    let request = Request::get("/sandbox/control/events").header(HOST, shop.sandbox.addr().to_string()).body(Full::default()).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    // The connection lives as long as its sender.
    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop(sender);
    });
    response.into_body()
}

#[tokio::test]
async fn every_change_is_told_to_whoever_looks_on() {
    let shop = Shop::open().await;
    let mut events = listen(&shop).await;
    // One at once.
    next_event(&mut events).await;
    let payment = shop.control.open(NewPayment::new("order-0001", "주문", 45_000)).unwrap();
    next_event(&mut events).await;
    shop.control.stop_clock();
    next_event(&mut events).await;
    shop.control.approve(&payment.payment_key).unwrap();
    next_event(&mut events).await;
    // Nor does a reset leave anybody looking at what is gone.
    for _ in 0..2 {
        shop.control.reset_order("order-0001");
        next_event(&mut events).await;
        shop.control.reset();
        next_event(&mut events).await;
    }
}

#[tokio::test]
async fn however_much_happens_there_are_ten_events_a_second_at_most() {
    let shop = Shop::open().await;
    let mut events = listen(&shop).await;
    next_event(&mut events).await;
    let began = Instant::now();
    let listening = tokio::spawn(async move {
        for _ in 0..4 {
            next_event(&mut events).await;
        }
    });
    let mut changes = 0;
    while !listening.is_finished() {
        changes += 1;
        shop.control.clear_faults();
        tokio::task::yield_now().await;
    }
    listening.await.unwrap();
    assert!(changes > 4, "{changes}");
    // However slow the machine is, four pauses are never shorter.
    assert!(began.elapsed() >= Duration::from_millis(300), "{:?} for {changes} changes", began.elapsed());
}

#[tokio::test]
async fn a_request_alone_shows_what_was_asked_and_answered() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::WrongAmount);
    shop.confirm_with_key(&payment, "key-1").await;
    let list = shop.drive("GET", "/requests", None).await.json();
    assert_eq!((&list[0]["orderId"], &list[0]["requestBody"]), (&json!("order-0001"), &Value::Null), "lists stay small");
    assert!(list[0]["tookMs"].is_u64());

    let reply = shop.drive("GET", "/requests/0", None).await;
    let request = reply.json();
    let asked: Value = serde_json::from_str(request["requestBody"]["text"].as_str().unwrap()).unwrap();
    assert_eq!((&asked["orderId"], &asked["amount"]), (&json!("order-0001"), &json!(45_000)));
    let answered: Value = serde_json::from_str(request["answerBody"]["text"].as_str().unwrap()).unwrap();
    assert_eq!(answered["totalAmount"], 45_001, "what the shop has got, not what is true");
    assert_eq!(request["idempotencyKey"], "key-1");
    assert!(!reply.text().contains(shop.sandbox.secret_key()) && !reply.text().contains(&shop.basic()));
    assert_eq!(shop.drive("GET", "/requests/1", None).await.error(), refused(404, "NOT_FOUND"));
}

#[tokio::test]
async fn a_secret_key_that_a_shop_sends_in_a_body_is_not_kept() {
    let shop = Shop::open().await;
    let body = json!({ "paymentKey": shop.sandbox.secret_key(), "orderId": "order-0001", "amount": 1_000 });
    shop.send(shop.confirm_body(&body, &[])).await;
    let request = shop.drive("GET", "/requests/0", None).await;
    assert!(request.text().contains("[secret key]") && !request.text().contains(shop.sandbox.secret_key()));
}

#[tokio::test]
async fn one_payment_shows_everything_about_its_order() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.confirm(&shop.pay("order-0002", 1_000)).await;
    shop.confirm(&payment).await;
    shop.lookup(&payment).await;
    shop.get("/v1/payments/orders/order-0001").await;
    let whole = shop.drive("GET", &format!("/payments/{}", payment.payment_key), None).await.json();
    let paths: Vec<_> = whole["requests"].as_array().unwrap().iter().map(|it| it["method"].as_str().unwrap()).collect();
    assert_eq!(paths, ["POST", "GET", "GET"]);
    assert_eq!((&whole["payment"]["status"], &whole["ledger"][0]["amount"]), (&json!("DONE"), &json!(45_000)));
    assert_eq!(shop.drive("GET", "/payments/none", None).await.error(), refused(404, "NOT_FOUND_PAYMENT"));
}

#[tokio::test]
async fn of_many_the_newest_are_shown_or_those_that_are_looked_for() {
    let shop = Shop::with(Config { limits: Limits { requests: 20, ..Limits::default() }, ..Config::default() }).await;
    for number in 0..30 {
        shop.confirm(&shop.pay(&format!("order-{number:04}"), 1_000)).await;
    }
    let state = shop.drive("GET", "/state?limit=5", None).await.json();
    let orders: Vec<_> = state["payments"].as_array().unwrap().iter().map(|it| it["orderId"].as_str().unwrap()).collect();
    assert_eq!(orders, ["order-0025", "order-0026", "order-0027", "order-0028", "order-0029"]);
    assert_eq!(state["requests"].as_array().unwrap().len(), 5);
    assert_eq!((&state["requests"][4]["number"], &state["ledger"][0]["orderId"]), (&json!(29), &json!("order-0025")));

    let found = shop.drive("GET", "/state?find=order-0017", None).await.json();
    assert_eq!((found["payments"].as_array().unwrap().len(), &found["payments"][0]["orderId"]), (1, &json!("order-0017")));
    assert_eq!(found["requests"].as_array().unwrap().len(), 1);
    assert_eq!(shop.drive("GET", "/state?limit=many", None).await.error().0, 400);
}

#[tokio::test]
async fn the_page_is_served_whole_and_asks_nobody_else() {
    let shop = Shop::open().await;
    let page = shop.get("/").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    let html = page.text();
    assert!(html.contains("not the real Toss"));
    let mut served = 0;
    for name in html.split('"').filter(|text| text.starts_with("/sandbox/assets/")) {
        assert_eq!(shop.get(name).await.status, 200, "{name}");
        served += 1;
    }
    assert!(served >= 2, "a style and a script");
    assert!(!html.contains("https://") && !html.contains("//cdn"));
}

#[tokio::test]
async fn the_page_learns_keys_and_scenarios_but_no_secret_key_that_was_brought_along() {
    let shop = Shop::open().await;
    let about = shop.drive("GET", "/about", None).await.json();
    assert_eq!((&about["url"], &about["secretKey"]), (&json!(shop.sandbox.url()), &json!(shop.sandbox.secret_key())));
    assert_eq!((&about["apiClientKey"], &about["apiSecretKey"]), (&json!(API_CLIENT_KEY), &json!(API_SECRET_KEY)));
    assert!(about["endpoints"].as_array().unwrap().contains(&json!("confirm")));
    assert!(about["scenarios"].as_array().unwrap().iter().any(|it| it["name"] == "lost-response"));
    assert!(about["magicWords"].as_array().unwrap().iter().any(|it| it["word"] == "#lost"));

    let own = Config { secret_key: "test_gsk_mine".to_owned(), ..Config::default() };
    let about = Shop::with(own).await.drive("GET", "/about", None).await;
    assert_eq!(about.json()["secretKey"], Value::Null);
    assert!(!about.text().contains("test_gsk_mine"));
}

#[tokio::test]
async fn a_page_of_a_stranger_cannot_drive_the_sandbox() {
    let shop = Shop::open().await;
    shop.pay("order-0001", 45_000);
    let reset = |origin: &'static str| {
        Request::post("/sandbox/control/reset").header("origin", origin).header("content-type", "text/plain").body(Full::default()).unwrap()
    };
    for stranger in ["https://evil.example", "null"] {
        assert_eq!(shop.send(reset(stranger)).await.error(), refused(403, "FORBIDDEN_ORIGIN"));
    }
    assert_eq!(shop.control.payments().len(), 1, "nothing was forgotten");

    // The same host by a stranger's name, as after DNS rebinding.
    let mut sender = connect(shop.sandbox.addr()).await;
    let rebound = Request::post("/sandbox/control/reset").header(HOST, "evil.example").body(Full::default()).unwrap();
    assert_eq!(sender.send_request(rebound).await.unwrap().status(), 403);
    assert_eq!(shop.control.payments().len(), 1);

    assert_eq!(shop.send(reset("http://localhost:3000")).await.status, 204, "a shop under test on this machine");
    assert!(shop.control.payments().is_empty());
}
