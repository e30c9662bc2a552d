//! Mishaps by name, and everything at one moment.

use std::collections::HashSet;
use std::fs;

use serde_json::{Value, json};
use toss_sandbox::{Config, Endpoint, EventType, Scenario, Times};

use crate::{
    api::with,
    support::{START, Shop, is_alone, refused},
};

#[tokio::test]
async fn a_scenario_in_one_line_sets_its_faults_for_one_order() {
    let shop = Shop::open().await;
    let [mine, other] = ["order-0001", "order-0002"].map(|order| shop.pay(order, 45_000));
    let played = shop.drive("POST", "/scenarios", Some(json!({ "name": "lost-response", "orderId": "order-0001" }))).await.json();
    let scope = json!({ "endpoint": "confirm", "orderId": "order-0001", "clientKey": null });
    let rule = with(&scope, json!({ "fault": { "kind": "reset_after" }, "times": "once" }));
    assert_eq!(played, json!({ "faults": [rule], "webhookFaults": [], "scriptFaults": [] }));
    assert_eq!(shop.confirm(&other).await.status, 200);
    shop.try_send(shop.confirm_request(&mine, &[])).await.unwrap_err();
    assert_eq!(shop.control.charges("order-0001").len(), 1);
    assert_eq!(shop.drive("POST", "/scenarios", Some(json!({ "name": "lost" }))).await.json()["code"], "INVALID_REQUEST");
}

#[tokio::test]
async fn every_scenario_is_listed_says_what_it_is_and_sets_something() {
    let shop = Shop::open().await;
    let listed = shop.drive("GET", "/scenarios", None).await.json();
    let names: HashSet<_> = listed.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.len(), Scenario::ALL.len(), "each has a name of its own");
    for scenario in Scenario::ALL {
        assert!(names.contains(scenario.name()) && scenario.what().ends_with('.'), "{scenario:?}: {}", scenario.what());
        assert_eq!(json!(scenario), json!(scenario.name()));
        let played = shop.control.play(*scenario, None, Some(Times::Next(3))).unwrap();
        let (faults, script_faults) = shop.control.faults();
        let waiting = (faults.len(), shop.control.webhook_faults().len(), script_faults.len());
        assert_eq!(waiting, (played.faults.len(), played.webhook_faults.len(), played.script_faults.len()), "{scenario:?}");
        assert_ne!(waiting, (0, 0, 0), "{scenario:?}");
        assert!(faults.iter().all(|rule| rule.times == Times::Next(3)), "{scenario:?}");
        shop.control.clear_faults();
    }
}

#[test]
fn the_readme_names_every_scenario() {
    let readme = include_str!("../../README.md");
    for scenario in Scenario::ALL {
        let row = format!("| `{}` | {} |", scenario.name(), scenario.what());
        assert!(readme.contains(&row), "{row}");
    }
}

#[test]
fn the_typescript_client_names_every_scenario_event_and_endpoint() {
    // The client belongs to the end-to-end tests, which the package comes without.
    if is_alone() {
        return;
    }
    let client = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/fixtures/sandbox-types.ts")).unwrap();
    for scenario in Scenario::ALL {
        assert!(client.contains(&format!("'{}'", scenario.name())), "{scenario:?}");
    }
    for event in EventType::ALL {
        assert!(client.contains(&format!("'{}'", event.as_str())), "{event:?}");
    }
    for endpoint in Endpoint::ALL {
        let Value::String(word) = json!(endpoint) else { panic!("{endpoint:?} is no word") };
        assert!(client.contains(&format!("'{word}'")), "{word}");
    }
}

#[tokio::test]
async fn when_toss_is_down_every_call_fails_until_the_faults_are_cleared() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let played = shop.control.play(Scenario::TossIsDown, None, None).unwrap();
    assert_eq!(played.faults.len(), Endpoint::ALL.len());
    for _ in 0..3 {
        assert_eq!(shop.confirm(&payment).await.status, 500);
        assert_eq!(shop.get(&format!("/v1/payments/{}", payment.payment_key)).await.status, 500);
    }
    assert_eq!(shop.control.ledger(), []);
    shop.control.clear_faults();
    assert_eq!(shop.confirm(&payment).await.status, 200);
}

#[tokio::test]
async fn chance_strikes_the_same_calls_with_the_same_seed() {
    let struck = async |seed| {
        let shop = Shop::with(Config { seed, ..Config::default() }).await;
        let rule = json!({ "fault": { "kind": "error_before" }, "endpoint": "confirm", "times": { "chance": { "percent": 50 } } });
        assert_eq!(shop.drive("POST", "/faults", Some(rule)).await.status, 204);
        let mut statuses = Vec::new();
        for i in 0..30 {
            let payment = shop.pay(&format!("order-{i:04}"), 45_000);
            statuses.push(shop.confirm(&payment).await.status);
        }
        statuses
    };
    let first = struck(7).await;
    assert!(first.contains(&200) && first.contains(&500), "{first:?}");
    assert_eq!(first, struck(7).await);
    assert_ne!(first, struck(8).await);
}

#[tokio::test]
async fn the_state_is_everything_at_one_moment() {
    let shop = Shop::open().await;
    for i in 0..201 {
        shop.pay(&format!("order-{i:04}"), 45_000);
    }
    let payment = shop.pay("order-0201", 45_000);
    shop.confirm_with_key(&payment, "key-1").await;
    let state = shop.drive("GET", "/state", None).await.json();
    let payments = state["payments"].as_array().unwrap();
    assert_eq!((payments.len(), &payments[0]["orderId"], &payments[199]["status"]), (200, &json!("order-0002"), &json!("DONE")));
    assert_eq!((&state["ledger"][0]["orderId"], &state["requests"][0]["idempotencyKey"]), (&json!("order-0201"), &json!("key-1")));
    assert_eq!((&state["webhooks"], &state["hung"], &state["registrations"]), (&json!([]), &json!(0), &json!([])));
    assert_eq!(state["clock"], json!({ "nowMs": START.get(), "running": false }));
    assert_eq!(state["faults"], json!({ "faults": [], "scriptFaults": [], "webhookFaults": [] }));
    assert_eq!(shop.drive("POST", "/state", None).await.error(), refused(404, "NOT_FOUND_HTTP_METHOD"));
}
