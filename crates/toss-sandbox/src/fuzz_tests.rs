//! Whatever is sent to whichever address: an answer of the right shape, no 5xx that nobody asked for, never a panic.
//!
//! The router is called in process. A failure names its seed; `SEED=… cargo test` repeats it.

mod bench;

use std::{
    cell::RefCell,
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

use axum::http::{HeaderValue, StatusCode, header};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config as Cases, RngSeed, TestRunner},
};
use serde_json::{Value, json};

use self::bench::{Answered, Bench, SPANS, Sent, basic, filled, sensible};
use crate::{
    config::{API_SECRET_KEY, SECRET_KEY},
    endpoint::Endpoint,
    error::Code,
};

/// Names of fields and parameters that some call reads.
const NAMES: [&str; 44] = [
    "paymentKey",
    "orderId",
    "amount",
    "orderName",
    "cancelReason",
    "cancelAmount",
    "refundReceiveAccount",
    "bank",
    "accountNumber",
    "holderName",
    "taxFreeAmount",
    "taxExemptionAmount",
    "currency",
    "refundableAmount",
    "cancelRequestId",
    "customerName",
    "validHours",
    "dueDate",
    "cashReceipt",
    "type",
    "authKey",
    "customerKey",
    "cardNumber",
    "cardExpirationYear",
    "cardExpirationMonth",
    "customerIdentityNumber",
    "cardPassword",
    "cardInstallmentPlan",
    "grantType",
    "code",
    "startDate",
    "endDate",
    "startingAfter",
    "limit",
    "dateType",
    "page",
    "size",
    "requestDate",
    "cursor",
    "useEscrow",
    "clientKey",
    "successUrl",
    "method",
    "url",
];

/// Values that some call takes for some field.
const WORDS: [&str; 24] = [
    "order-0001",
    "order-0002",
    "토스 티셔츠",
    "변심",
    "신한",
    "004",
    "KOOKMIN",
    "1000123456789",
    "KRW",
    "USD",
    "PAYPAL",
    "2026-08-03T21:00:00",
    "2026-08-01",
    "소득공제",
    "customer-1",
    "9410001234567890",
    "30",
    "12",
    "881212",
    "AuthorizationCode",
    "soldDate",
    "VIRTUAL_ACCOUNT",
    "45000",
    "",
];

fn value(words: Vec<String>) -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => select(words).prop_map(Value::from),
        2 => select(vec![0, 1, 100, 1_000, 45_000, 2_160, -1, i64::MAX, i64::MIN]).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => ".{0,20}".prop_map(Value::from),
        1 => Just(json!("가".repeat(301))),
        1 => Just(Value::Null),
        1 => Just(json!({ "bank": "88", "accountNumber": "1", "holderName": "김", "type": "소득공제" })),
        1 => vec(Just(json!("a")), 0..3).prop_map(Value::from),
    ]
}

/// Anything for one of the `routes`, near enough to sense that much of it gets past the first check.
fn anything(routes: Vec<(String, Vec<String>)>, known: Vec<String>) -> impl Strategy<Value = Sent> {
    let words: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).chain(known.clone()).collect();
    let escaped = vec(any::<u8>(), 0..20).prop_map(|bytes| bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<String>());
    let segment = prop_oneof![6 => select(known.clone()), 1 => "[A-Za-z0-9_=.~-]{0,30}", 1 => escaped, 1 => Just("x".repeat(5_000))];
    let span = select(SPANS.to_vec());
    let pairs = vec((select(NAMES.to_vec()), prop_oneof![select(words.clone()), ".{0,20}"]), 0..3);
    let query = (span, pairs).prop_map(|(span, pairs)| {
        let mut query = url::form_urlencoded::Serializer::for_suffix(span.to_owned(), 1);
        for (name, text) in pairs {
            query.append_pair(name, &text);
        }
        query.finish()
    });
    let visible = || vec(prop_oneof![Just(b'\t'), 0x20..0x7fu8, 0x80..=0xffu8], 0..60);
    let secret_keys = [API_SECRET_KEY, SECRET_KEY].map(basic);
    let authorization = prop_oneof![12 => select(secret_keys.to_vec()), 1 => visible()];
    let kind = prop_oneof![12 => Just(b"application/json".to_vec()), 1 => visible()];
    let code = select(Code::ALL).prop_map(|code| code.as_str().as_bytes().to_vec());
    let other = prop_oneof![
        2 => (Just("idempotency-key"), prop_oneof![3 => vec(0x21..0x7fu8, 1..3), 1 => visible(), 1 => vec(0x21..0x7fu8, 290..310)]),
        1 => (Just("tosspayments-test-code"), prop_oneof![code, visible()]),
        2 => (Just("accept-language"), prop_oneof![Just(b"en-US".to_vec()), visible()]),
        1 => (Just("x-anything"), visible()),
    ];
    let order_id = prop_oneof![Just("order-0001".to_owned()), "order-[a-z]{8}"];
    let changes = vec((prop_oneof![8 => select(NAMES.to_vec()).prop_map(str::to_owned), 1 => ".{0,10}"], value(words)), 0..4);
    let fields = (order_id, select(known), changes).prop_map(|(order_id, thing, changes)| {
        let mut body = sensible(&order_id, &thing);
        for (name, value) in changes {
            body[name] = value;
        }
        body.to_string().into_bytes()
    });
    let body = prop_oneof![
        8 => fields,
        1 => vec(any::<u8>(), 0..200),
        1 => Just(vec![b'['; 100_000]),
    ];
    (select(routes), any::<u8>(), segment, query, authorization, kind, vec(other, 0..2), body).prop_map(
        |((path, methods), pick, segment, query, authorization, kind, others, body)| {
            let strange = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"];
            let own = &methods[usize::from(pick) % methods.len()];
            let method = if pick < 230 { own.clone() } else { strange[usize::from(pick) % strange.len()].to_owned() };
            let uri = filled(&path, &segment);
            let headers = [("authorization", authorization), ("content-type", kind)].into_iter().chain(others).collect();
            Sent { route: path, method, uri: uri + &query, headers, body }
        },
    )
}

fn throw(bench: &Bench, cases: u32, routes: Vec<(String, Vec<String>)>, check: impl Fn(&Sent, &Answered) -> Result<(), TestCaseError>) {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| RandomState::new().hash_one(0));
    let mut runner = TestRunner::new(Cases { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Cases::default() });
    let result = runner.run(&anything(routes, bench.known.clone()), |sent| {
        let Some(answered) = bench.send(&sent) else {
            return Ok(());
        };
        check(&sent, &answered)
    });
    assert!(result.is_ok(), "SEED={seed}: {result:?}");
}

/// Codes of 5xx that Toss itself answers to what a caller sends: measured for a customer key of 301 characters.
fn is_asked_for(sent: &Sent, code: &str) -> bool {
    code == Code::FAILED_DB_PROCESSING.as_str()
        || sent.headers.iter().any(|(name, value)| *name == "tosspayments-test-code" && value == code.as_bytes())
}

#[test]
fn every_call_of_the_api_answers_in_the_right_shape_to_anything() {
    let routes = Endpoint::ALL.iter().map(|endpoint| (endpoint.path().to_owned(), vec![endpoint.method().to_string()])).collect();
    let bench = Bench::open();
    let worked = RefCell::new(HashSet::new());
    throw(&bench, 15_000, routes, |sent, answered| {
        let Answered { status, headers, body } = answered;
        if *status == StatusCode::NO_CONTENT || sent.method == "HEAD" {
            return Ok(());
        }
        prop_assert_eq!(headers.get(header::CONTENT_TYPE), Some(&HeaderValue::from_static("application/json")));
        prop_assert!(headers.contains_key("x-tosspayments-trace-id"));
        if *status == StatusCode::OK {
            let deleted = sent.method == "DELETE" && body.is_empty();
            worked.borrow_mut().insert((sent.method.clone(), sent.route.clone()));
            prop_assert!(deleted || serde_json::from_slice::<Value>(body).is_ok_and(|body| body.is_object() || body.is_array()));
            return Ok(());
        }
        prop_assert!(matches!(status.as_u16(), 400 | 401 | 403 | 404 | 409 | 429 | 500), "{status}");
        let body: Value = serde_json::from_slice(body).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let code = body["code"].as_str().unwrap_or_default();
        prop_assert!(!code.is_empty() && body["message"].is_string() && body.as_object().is_some_and(|body| body.len() == 2), "{body}");
        prop_assert!(!status.is_server_error() || is_asked_for(sent, code), "{code}");
        Ok(())
    });
    // Otherwise all of it might have ended at the first check.
    assert!(worked.borrow().len() > Endpoint::ALL.len() / 2, "only these ever worked: {worked:?}");
    // And nothing of it is in the way of a shop that knows what it does.
    for endpoint in Endpoint::ALL {
        let good = bench.good_call(*endpoint);
        let answered = bench.send(&good).expect("a request");
        assert_eq!(answered.status, StatusCode::OK, "{good:?}: {}", String::from_utf8_lossy(&answered.body));
    }
}

/// The paths in the sources of the routers, so that none can be forgotten, without those that let calls hang.
fn other_routes() -> Vec<(String, Vec<String>)> {
    let sources = [
        ("", include_str!("routes.rs")),
        ("/sandbox/control", include_str!("control/http.rs")),
        ("/sandbox/control", include_str!("control/snapshot.rs")),
        ("/sandbox/control", include_str!("control/authorize.rs")),
        ("/sandbox/control", include_str!("control/webhook_http.rs")),
    ];
    let all = sources.into_iter().flat_map(|(prefix, source)| {
        let paths = source.split(".route(").skip(1).filter_map(|rest| rest.split('"').nth(1));
        paths.map(move |path| format!("{prefix}{path}"))
    });
    all.map(|path| (path, vec!["GET".to_owned(), "POST".to_owned()])).collect()
}

#[test]
fn every_other_address_answers_anything_without_a_server_error() {
    let routes = other_routes();
    assert!(routes.len() > 30, "{routes:?}");
    throw(&Bench::open(), 5_000, routes, |_, answered| {
        prop_assert!(!answered.status.is_server_error(), "{}", answered.status);
        Ok(())
    });
}
