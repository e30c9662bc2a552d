//! Every code at every call.

use hyper::Method;
use serde_json::json;
use toss_sandbox::{API_SECRET_KEY, Code, Endpoint, Fault, Scope, Times};

use crate::{
    api::Api,
    support::{Reply, Shop, connect, exchange, refused},
};

/// Where Toss takes `TossPayments-Test-Code` (Toss docs /reference/using-api/authorization).
const TAKE_TEST_CODES: [Endpoint; 4] = [Endpoint::Confirm, Endpoint::KeyIn, Endpoint::Cancel, Endpoint::BillingCharge];

#[tokio::test]
async fn every_code_is_answered_by_every_call_on_request_in_both_languages() {
    let shop = Shop::open().await;
    let api = Api { shop: &shop, secret_key: API_SECRET_KEY.to_owned() };
    let mut connection = connect(shop.sandbox.addr()).await;
    for endpoint in Endpoint::ALL {
        let path = endpoint.path().replace(['{', '}'], "");
        let body = (endpoint.method() == Method::POST).then(|| json!({}));
        for code in Code::ALL {
            let mut ask = async |language: &str| -> Reply {
                let mut headers = vec![("accept-language", language)];
                if TAKE_TEST_CODES.contains(endpoint) {
                    headers.push(("tosspayments-test-code", code.as_str()));
                } else {
                    shop.control.fault(Fault::status_4xx(*code), Scope::any(*endpoint), Times::Once).unwrap();
                }
                let request = api.request(endpoint.method(), &path, body.as_ref(), &headers);
                exchange(&mut connection, shop.sandbox.addr(), request).await.unwrap()
            };
            let (korean, english) = (ask("ko-KR").await, ask("en-US").await);
            for reply in [&korean, &english] {
                // `error` wants exactly a code and a message that is not empty.
                assert_eq!(reply.error(), refused(code.status().as_u16(), code.as_str()), "{endpoint:?}");
            }
            let message = |reply: &Reply| reply.json()["message"].as_str().unwrap().to_owned();
            assert!(!message(&korean).is_ascii() && message(&english).is_ascii(), "{endpoint:?} {code:?}");
        }
    }
    assert_eq!(shop.control.faults().0, [], "each was used up");
    assert_eq!(shop.control.ledger(), []);
}
