//! Mistakes with the control API: each is refused with a sentence about the parameter or field that it is in.

use serde_json::{Value, json};

use crate::support::{Shop, refused};

/// Every call, with a body if it takes one.
const CALLS: [(&str, &str, bool); 33] = [
    ("POST", "/payments", true),
    ("POST", "/payments/KEY/approve", true),
    ("POST", "/payments/KEY/cancel", false),
    ("POST", "/payments/KEY/abort", true),
    ("POST", "/payments/KEY/deposit", false),
    ("POST", "/payments/KEY/reverse", false),
    ("POST", "/payments/KEY/expire", false),
    ("POST", "/payments/KEY/refund", true),
    ("POST", "/payments/KEY/finish-cancel", true),
    ("POST", "/billing-authorizations", true),
    ("GET", "/payments", false),
    ("GET", "/payments/KEY", false),
    ("GET", "/ledger", false),
    ("GET", "/requests", false),
    ("GET", "/requests/0", false),
    ("GET", "/state", false),
    ("GET", "/about", false),
    ("GET", "/events", false),
    ("GET", "/clock", false),
    ("POST", "/clock", true),
    ("GET", "/scenarios", false),
    ("POST", "/scenarios", true),
    ("GET", "/faults", false),
    ("POST", "/faults", true),
    ("DELETE", "/faults", false),
    ("POST", "/script-faults", true),
    ("POST", "/webhook-faults", true),
    ("POST", "/release", false),
    ("GET", "/webhooks", false),
    ("POST", "/webhooks/0/resend", false),
    ("POST", "/webhooks/events", true),
    ("POST", "/webhooks/registrations", true),
    ("POST", "/reset", false),
];

/// Words of serde, of Rust's types, and of axum's extractors: nobody who drives the sandbox has to know them.
pub const INNARDS: [&str; 12] = [
    "variant",
    "untagged",
    "invalid type",
    "invalid value",
    "missing field",
    "unknown field",
    "deserialize",
    "expected",
    "u64",
    "i64",
    "struct",
    "Failed to",
];

fn message(reply: &crate::support::Reply) -> String {
    reply.json()["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_parameter_that_no_call_knows_is_named_and_so_are_those_that_it_knows() {
    let shop = Shop::open().await;
    let calls = CALLS.iter().copied().chain([
        ("GET", "/webhooks/registrations", false),
        ("DELETE", "/webhooks/registrations", false),
        ("GET", "/security-keys", false),
        ("POST", "/security-keys", true),
    ]);
    for (method, path, _) in calls {
        let path = path.replace("KEY", "none");
        let reply = shop.drive(method, &format!("{path}?verbose=1"), None).await;
        assert_eq!(reply.error(), refused(400, "INVALID_REQUEST"), "{method} {path}");
        let takes = match (method, path.as_str()) {
            ("GET", "/state") => "`limit`, `find`",
            ("POST", "/reset") | ("DELETE", "/faults") => "`orderId`, `clientKey`",
            _ => "no parameters",
        };
        assert_eq!(message(&reply), format!("there is no parameter `verbose`: {method} {path} takes {takes}"));
    }
    assert_eq!(message(&shop.drive("GET", "/state?limit=many", None).await), "the parameter `limit` must be a whole number, not many");
}

#[tokio::test]
async fn every_call_refuses_a_body_that_it_does_not_understand() {
    let shop = Shop::open().await;
    for (method, path, takes_body) in CALLS {
        let path = path.replace("KEY", "none");
        let reply = shop.drive(method, &path, Some(json!({ "surprise": 1 }))).await;
        assert_eq!(reply.error(), refused(400, "INVALID_REQUEST"), "{method} {path}");
        let message = message(&reply);
        if takes_body {
            assert!(message.starts_with("there is no field `surprise`: this call takes `"), "{path}: {message}");
            for broken in [json!([1]), json!("text"), json!(7)] {
                let reply = shop.drive(method, &path, Some(broken.clone())).await;
                assert_eq!(reply.json()["message"], format!("the body must be a JSON object, not {broken}"), "{path}");
            }
        } else {
            assert_eq!(message, format!("{method} {path} takes no body"));
        }
    }
    // An empty object says as little as no body.
    assert_eq!(shop.drive("POST", "/reset", Some(json!({}))).await.status, 204);
}

#[tokio::test]
async fn what_is_no_json_is_refused_with_its_place_and_a_body_of_another_kind_with_the_header() {
    use http_body_util::Full;
    use hyper::Request;

    let shop = Shop::open().await;
    let send = async |kind: &'static str, body: &'static str| {
        let request = Request::post("/sandbox/control/clock").header("content-type", kind).body(Full::from(body)).unwrap();
        shop.send(request).await
    };
    let broken = send("application/json", "{\"advanceMs\":\n 5,}").await;
    assert_eq!(broken.error(), refused(400, "INVALID_REQUEST"));
    assert!(message(&broken).contains("not JSON") && message(&broken).contains("line 2"), "{}", message(&broken));
    let twice = send("application/json", r#"{"advanceMs":5,"advanceMs":6}"#).await;
    assert_eq!(message(&twice), "`advanceMs` stands twice");
    let form = send("text/plain", r#"{"advanceMs":5}"#).await;
    assert_eq!(form.error(), refused(400, "INVALID_REQUEST"));
    assert!(message(&form).contains("Content-Type: application/json"));
    assert_eq!(send("application/json; charset=utf-8", r#"{"advanceMs":5}"#).await.status, 200);
}

#[tokio::test]
async fn a_wrong_field_is_told_in_words_about_that_field() {
    let shop = Shop::open().await;
    let order = |changes: Value| {
        let mut body = json!({ "orderId": "order-0001", "orderName": "주문", "amount": 45_000 });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let fault = |fault: Value| json!({ "fault": fault, "endpoint": "confirm" });
    let times = r#"`times` must be "once", "always", {"next": n} or {"chance": {"percent": n}}, not "#;
    let rows: Vec<(&str, Value, String)> = vec![
        ("/payments", json!({ "orderName": "주문", "amount": 1 }), "`orderId` is missing; it must be a text".into()),
        ("/payments", order(json!({ "orderId": 7 })), "`orderId` must be a text, not 7".into()),
        (
            "/payments",
            order(json!({ "amount": "45000" })),
            "`amount` must be a number, such as 45000, or 726.24 in USD, not \"45000\"".into(),
        ),
        ("/payments", order(json!({ "amount": null })), "`amount` is missing; it must be a number, such as 45000, or 726.24 in USD".into()),
        ("/payments", order(json!({ "currency": "EUR" })), "`currency` must be one of \"KRW\", \"USD\", not \"EUR\"".into()),
        ("/payments", order(json!({ "authenticated": "no" })), "`authenticated` must be true or false, not \"no\"".into()),
        ("/payments", order(json!({ "method": "CASH" })), "`method` must be one of \"CARD\", ".into()),
        ("/payments/none/approve", json!({ "declineAtConfirm": 1 }), "`declineAtConfirm` must be a text, not 1".into()),
        ("/payments/none/refund", json!({ "amount": true }), "`amount` must be a number".into()),
        ("/payments/none/refund", json!({ "reason": [] }), "`reason` must be a text, not []".into()),
        ("/payments/none/finish-cancel", json!({ "status": "LOST" }), "`status` must be one of \"DONE\", \"ABORTED\", not \"LOST\"".into()),
        ("/billing-authorizations", json!({}), "`customerKey` is missing; it must be a text".into()),
        ("/billing-authorizations", json!({ "customerKey": "c1", "method": 3 }), "`method` must be one of \"CARD\", ".into()),
        ("/clock", json!({ "advanceMs": -5 }), "`advanceMs` must be a whole number from 0 on, not -5".into()),
        ("/clock", json!({ "running": "yes" }), "`running` must be true or false, not \"yes\"".into()),
        ("/scenarios", json!({}), "`name` is missing; it must be one of \"lost-response\", ".into()),
        ("/scenarios", json!({ "name": "lost" }), "`name` must be one of \"lost-response\", ".into()),
        ("/scenarios", json!({ "name": "declined", "times": 3 }), format!("{times}3")),
        ("/faults", json!({ "endpoint": "confirm" }), "`fault` is missing; it must be an object with its kind, such as".into()),
        ("/faults", fault(json!("ok")), "`fault` must be a JSON object, not \"ok\"".into()),
        ("/faults", fault(json!({})), "`fault.kind` is missing; it must be one of \"ok\", \"decline\", ".into()),
        ("/faults", fault(json!({ "kind": "no_such" })), "`fault.kind` must be one of \"ok\", \"decline\", ".into()),
        ("/faults", fault(json!({ "kind": "ok", "ms": 5 })), "there is no field `fault.ms`: `ok` takes nothing else".into()),
        ("/faults", fault(json!({ "kind": "slow_body" })), "`fault.ms` is missing; it must be a whole number of milliseconds".into()),
        ("/faults", fault(json!({ "kind": "slow_body", "ms": "5" })), "`fault.ms` must be a whole number of milliseconds".into()),
        (
            "/faults",
            fault(json!({ "kind": "decline", "code": 5 })),
            "`fault.code` must be an error code of Toss, or any other word, not 5".into(),
        ),
        ("/faults", json!({ "fault": { "kind": "ok" } }), "`endpoint` is missing; it must be one of \"confirm\", ".into()),
        ("/faults", json!({ "fault": { "kind": "ok" }, "endpoint": "nowhere" }), "`endpoint` must be one of \"confirm\", ".into()),
        (
            "/faults",
            json!({ "fault": { "kind": "ok" }, "endpoint": "confirm", "orderID": "x" }),
            "there is no field `orderID`: this call takes `fault`, `endpoint`, `orderId`, `clientKey`, `times`".into(),
        ),
        ("/faults", json!({ "fault": { "kind": "ok" }, "endpoint": "confirm", "times": "twice" }), format!("{times}\"twice\"")),
        (
            "/faults",
            json!({ "fault": { "kind": "ok" }, "endpoint": "confirm", "times": { "next": -1 } }),
            format!("{times}{{\"next\":-1}}"),
        ),
        (
            "/faults",
            json!({ "fault": { "kind": "ok" }, "endpoint": "confirm", "times": { "chance": 10 } }),
            format!("{times}{{\"chance\":10}}"),
        ),
        (
            "/script-faults",
            json!({ "fault": { "kind": "slow", "ms": -1 } }),
            "`fault.ms` must be a whole number of milliseconds from 0 on, not -1".into(),
        ),
        (
            "/script-faults",
            json!({ "fault": { "kind": "throws_on_call" } }),
            "`fault.call` is missing; it must be the number of a call".into(),
        ),
        ("/script-faults", json!({ "fault": { "kind": "decline" } }), "`fault.kind` must be one of \"not_found\", ".into()),
        ("/webhook-faults", json!({ "fault": { "kind": "late" } }), "`fault.kind` must be one of \"ok\", \"lose\", ".into()),
        (
            "/webhook-faults",
            json!({ "fault": { "kind": "lose" }, "eventType": "DONE" }),
            "`eventType` must be one of \"PAYMENT_STATUS_CHANGED\", ".into(),
        ),
        ("/webhooks/events", json!({ "eventType": "seller.changed" }), "`data` is missing; it must be a JSON object".into()),
        ("/webhooks/events", json!({ "eventType": "seller.changed", "data": 1 }), "`data` must be a JSON object, not 1".into()),
        ("/webhooks/registrations", json!({ "url": 1 }), "`url` must be a text, not 1".into()),
        (
            "/webhooks/registrations",
            json!({ "url": "http://127.0.0.1:1/", "events": ["DONE"] }),
            "`events` must be a list of event types: \"PAYMENT_STATUS_CHANGED\", ".into(),
        ),
        ("/security-keys", json!({ "key": 1 }), "`key` must be a text, not 1".into()),
    ];
    for (path, body, expected) in rows {
        let reply = shop.drive("POST", path, Some(body.clone())).await;
        assert_eq!(reply.error(), refused(400, "INVALID_REQUEST"), "{path} {body}");
        let message = message(&reply);
        assert!(message.starts_with(&expected), "{path} {body}\n{message}\n{expected}");
        assert!(INNARDS.iter().all(|word| !message.contains(word)), "{message}");
    }
    assert_eq!(shop.control.faults(), (vec![], vec![]), "none of it has been set");
    assert!(shop.control.payments().is_empty() && shop.control.registrations().is_empty());
}

#[tokio::test]
async fn a_number_or_code_that_is_none_is_told_in_words_too() {
    let shop = Shop::open().await;
    let open = shop.control.open(toss_sandbox::NewPayment::new("order-0001", "주문", 45_000)).unwrap().payment_key;
    let abort = shop.drive("POST", &format!("/payments/{open}/abort"), Some(json!({ "code": "NO_SUCH" }))).await;
    assert_eq!(abort.error(), refused(400, "INVALID_TEST_CODE"));
    assert!(message(&abort).starts_with("`code` must be an error code of Toss") && message(&abort).contains("NO_SUCH"));
    for (method, path, why) in [
        ("GET", "/requests/first", "a request is named by its number, as in /requests/0"),
        ("POST", "/webhooks/last/resend", "a webhook is named by its number, as in /webhooks/0/resend"),
    ] {
        let reply = shop.drive(method, path, None).await;
        assert_eq!((reply.error(), message(&reply).as_str()), (refused(400, "INVALID_REQUEST"), why));
    }
}
