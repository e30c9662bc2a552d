//! Whatever is sent, the answer has the right shape and the sandbox goes on.

use std::hash::{BuildHasher, RandomState};

use http_body_util::Full;
use hyper::{Request, header::HeaderValue};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config as Cases, RngSeed, TestRunner},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{DEADLINE, Reply, Shop, basic, try_send};

#[derive(Clone, Debug)]
struct Anything {
    method: &'static str,
    path: String,
    authorization: Option<Vec<u8>>,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

fn path(key: String) -> impl Strategy<Value = String> {
    let escaped = vec(any::<u8>(), 0..20).prop_map(|bytes| bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<String>());
    let segment = prop_oneof![Just(key), "[A-Za-z0-9_=.~-]{0,30}", escaped, Just("x".repeat(5_000))];
    let query = prop_oneof![Just(String::new()), "\\?[A-Za-z0-9=&%+]{0,30}"];
    let place = prop_oneof![
        Just("/v1/payments/confirm"),
        Just("/v1/payments/{}"),
        Just("/v1/payments/orders/{}"),
        Just("/v1/payments/{}/checkout"),
        Just("/v1/{}"),
        Just("/{}"),
        Just("/sandbox/window/payments"),
        Just("/sandbox/window/{}"),
        Just("/sandbox/window/{}/approve"),
        Just("/sandbox/window/{}/decline"),
        Just("/receipt/redirection?transactionId={}"),
        Just("/sandbox/control/payments"),
        Just("/sandbox/control/payments/{}/approve"),
        Just("/sandbox/control/payments/{}/abort"),
        Just("/sandbox/control/clock"),
    ];
    (place, segment, query).prop_map(|(place, segment, query)| place.replace("{}", &segment) + &query)
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        let name = prop_oneof![
            Just("paymentKey".to_owned()),
            Just("orderId".to_owned()),
            Just("amount".to_owned()),
            Just("clientKey".to_owned()),
            Just("metadata".to_owned()),
            Just("advanceMs".to_owned()),
            ".{0,10}",
        ];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name, inner), 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn anything(key: String, secret: &str) -> impl Strategy<Value = Anything> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("PUT"), Just("DELETE"), Just("OPTIONS"), Just("PATCH")];
    let visible = || vec(prop_oneof![Just(b'\t'), 0x20..0x7fu8, 0x80..=0xffu8], 0..60);
    let good = basic(&format!("{secret}:")).into_bytes();
    let authorization = prop_oneof![
        3 => Just(Some(good)),
        1 => visible().prop_map(|rest| Some([b"Basic ".as_slice(), &rest].concat())),
        1 => visible().prop_map(Some),
        1 => Just(None),
    ];
    let name = prop_oneof![
        Just("content-type"),
        Just("idempotency-key"),
        Just("tosspayments-test-code"),
        Just("accept-language"),
        Just("origin"),
        Just("x-anything"),
    ];
    let value = prop_oneof![Just(b"application/json".to_vec()), visible(), vec(0x21..0x7fu8, 290..310)];
    let body = prop_oneof![vec(any::<u8>(), 0..200), json().prop_map(|json| json.to_string().into_bytes())];
    (method, path(key), authorization, vec((name, value), 0..4), body).prop_map(|(method, path, authorization, headers, body)| Anything {
        method,
        path,
        authorization,
        headers,
        body,
    })
}

fn check(sent: &Anything, reply: &Reply) -> Result<(), TestCaseError> {
    let status = reply.status;
    prop_assert!(matches!(status, 200 | 201 | 204 | 303 | 400 | 401 | 403 | 404 | 409 | 410 | 500), "{status} for {sent:?}");
    let is_api = sent.path.starts_with("/v1/") && !sent.path.contains("/checkout") && !sent.path.contains("payment-widget");
    if is_api && status != 204 {
        prop_assert_eq!(reply.headers.get("content-type"), Some(&HeaderValue::from_static("application/json")));
        let body: Value = serde_json::from_slice(&reply.body).map_err(|error| TestCaseError::fail(error.to_string()))?;
        // A page of a stranger gets no answer of Toss's.
        let from_a_stranger = body["code"] == "FORBIDDEN_ORIGIN";
        prop_assert_eq!(reply.headers.contains_key("x-tosspayments-trace-id"), !from_a_stranger);
        let shape = if status == 200 { "paymentKey" } else { "code" };
        prop_assert!(body[shape].is_string(), "{body} for {sent:?}");
    }
    Ok(())
}

/// The environment's `SEED`, to repeat a failure, or a new one.
fn seed() -> u64 {
    std::env::var("SEED").map_or_else(|_| RandomState::new().hash_one(0), |seed| seed.parse().unwrap())
}

#[test]
fn any_request_gets_an_answer_of_the_right_shape() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (shop, key) = runtime.block_on(async {
        let shop = Shop::open().await;
        let key = shop.pay("order-0001", 45_000).payment_key;
        (shop, key)
    });
    let addr = shop.sandbox.addr();
    let seed = seed();
    let mut runner = TestRunner::new(Cases { cases: 5_000, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Cases::default() });
    let result = runner.run(&anything(key, shop.sandbox.secret_key()), |sent| {
        let mut request = Request::builder().method(sent.method).uri(&sent.path);
        if let Some(value) = &sent.authorization {
            request = request.header("authorization", HeaderValue::from_bytes(value).unwrap());
        }
        for (name, value) in &sent.headers {
            request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
        }
        let request = request.body(Full::from(sent.body.clone())).unwrap();
        // A connection each: one whose body nobody has read ends after its answer.
        let reply = runtime.block_on(try_send(addr, request));
        match reply {
            Ok(reply) => check(&sent, &reply),
            Err(error) => Err(TestCaseError::fail(format!("{error:?} for {sent:?}"))),
        }
    });
    assert!(result.is_ok(), "SEED={seed}: {result:?}");
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn bytes_that_are_no_http_do_no_harm() {
    let shop = Shop::open().await;
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".as_slice(),
        b"GET\r\n\r\n",
        b"POST /v1/payments/confirm HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/payments/confirm HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc",
        b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
        b"\0\0\0\0",
        b"",
    ] {
        let mut stream = TcpStream::connect(shop.sandbox.addr()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        // The sandbox ends the connection, with a 400 or without a word.
        let mut answer = Vec::new();
        let end = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut answer)).await;
        assert!(end.is_ok(), "{bytes:?}");
    }
    assert_eq!(shop.confirm(&shop.pay("order-0001", 45_000)).await.status, 200);
}
