use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use toss_sandbox::{API_CLIENT_KEY, API_SECRET_KEY, CLIENT_KEY, DOCS_API_PAIR, DOCS_WIDGET_PAIR, SECRET_KEY, ScriptFault, Times};

use crate::support::{START, Shop, advance_until_answered, try_send};

const SCRIPT: &str = "/v1/payment-widget";
const STANDARD: &str = "/v2/standard";

#[tokio::test]
async fn the_script_may_be_loaded_from_any_page_and_is_never_stored() {
    let shop = Shop::open().await;
    let reply = shop.get(SCRIPT).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin");
    let text = reply.text();
    for present in ["PaymentWidget.ANONYMOUS", "@@ANONYMOUS", "__versionHash__", CLIENT_KEY, DOCS_WIDGET_PAIR[0]] {
        assert!(text.contains(present), "{present}");
    }
    for absent in [SECRET_KEY, DOCS_WIDGET_PAIR[1], DOCS_API_PAIR[0], "innerHTML", "eval(", ".style.", "new Function"] {
        assert!(!text.contains(absent), "{absent}");
    }
}

#[tokio::test]
async fn the_script_of_sdk_v2_knows_the_keys_of_both_families_and_no_secret() {
    let shop = Shop::open().await;
    let reply = shop.get(STANDARD).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    let text = reply.text();
    for present in ["TossPayments.ANONYMOUS", CLIENT_KEY, API_CLIENT_KEY, DOCS_WIDGET_PAIR[0], DOCS_API_PAIR[0]] {
        assert!(text.contains(present), "{present}");
    }
    for absent in [SECRET_KEY, API_SECRET_KEY, DOCS_WIDGET_PAIR[1], DOCS_API_PAIR[1], "innerHTML", "eval(", ".style.", "new Function"] {
        assert!(!text.contains(absent), "{absent}");
    }
}

#[tokio::test]
async fn the_script_says_that_its_global_is_there_once_it_is() {
    let shop = Shop::open().await;
    for (script, namespace) in [(SCRIPT, "PaymentWidget"), (STANDARD, "TossPayments")] {
        let text = shop.get(script).await.text();
        // What older loaders wait for.
        assert!(text.contains("window.dispatchEvent(new Event(`TossPayments:initialize:${namespace}`))"), "{script}");
        let end = format!("Object.assign(window, {{ {namespace} }});\nannounce('{namespace}');\n}})();\n");
        assert!(text.ends_with(&end), "{script} ends with {}", &text[text.len() - 120..]);
        assert_eq!(text.matches("announce('").count(), 1, "{script}");
    }
}

#[tokio::test]
async fn the_script_of_sdk_v2_goes_wrong_as_that_of_v1_does() {
    let shop = Shop::open().await;
    for fault in [ScriptFault::NotFound, ScriptFault::Garbage, ScriptFault::ThrowsOnCall { call: 3 }] {
        shop.control.script_fault(fault, Times::Once).unwrap();
    }
    assert_eq!(shop.get(STANDARD).await.status, 404);
    assert!(!shop.get(STANDARD).await.text().contains("ANONYMOUS"));
    assert!(shop.get(STANDARD).await.text().contains("\"throwsOnCall\":3"));
    assert!(shop.get(STANDARD).await.text().contains("\"throwsOnCall\":0"));
}

#[tokio::test]
async fn the_script_goes_wrong_on_command() {
    let shop = Shop::open().await;
    let good = shop.get(SCRIPT).await.body;
    for fault in [ScriptFault::NotFound, ScriptFault::Garbage, ScriptFault::ThrowsOnCall { call: 3 }, ScriptFault::Slow { ms: 60_000 }] {
        shop.control.script_fault(fault, Times::Once).unwrap();
    }
    assert_eq!(shop.get(SCRIPT).await.status, 404);
    let garbage = shop.get(SCRIPT).await;
    assert_eq!((garbage.status, garbage.text().contains("ANONYMOUS")), (200, false));
    assert!(shop.get(SCRIPT).await.text().contains("\"throwsOnCall\":3"));

    let request = Request::get(SCRIPT).body(Full::default()).unwrap();
    let slow = tokio::spawn(try_send(shop.sandbox.addr(), request));
    assert_eq!(advance_until_answered(&shop.control, Duration::from_secs(20), slow).await.body, good);
    assert!(shop.control.clock().now().since(START) >= Duration::from_secs(60));
    assert_eq!(shop.get(SCRIPT).await.body, good);
}

#[tokio::test]
async fn pages_of_other_origins_may_open_a_payment() {
    let shop = Shop::open().await;
    for path in ["/sandbox/window/payments", "/v1/payments/confirm"] {
        let request = Request::options(path)
            .header("origin", "http://127.0.0.1:3000")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .body(Full::default())
            .unwrap();
        let reply = shop.send(request).await;
        assert_eq!(reply.status, 204, "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert!(reply.header("access-control-allow-methods").contains("POST"));
        for name in ["content-type", "idempotency-key", "tosspayments-test-code"] {
            assert!(reply.header("access-control-allow-headers").contains(name), "{name}");
        }
    }
}
