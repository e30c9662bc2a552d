//! `Accept-Language: en-US`: of every endpoint no answer has a Korean word that the shop has not sent itself.

use std::collections::HashSet;

use hyper::Method as Http;
use serde_json::{Value, json};
use toss_sandbox::{API_CLIENT_KEY, Currency, Endpoint, Method, NewPayment};

use crate::{
    api::{Api, key_in, with},
    support::{Reply, Shop},
};

const ENGLISH: [(&str, &str); 1] = [("accept-language", "en-US")];

/// Who pays into the accounts of windows that nobody sees. A name stays as it is.
const SHOPPER: &str = "김토스";

/// Paths to every text with a Hangul syllable in it.
fn korean(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text != SHOPPER && text.chars().any(|c| ('가'..='힣').contains(&c)) => found.push(format!("{at}: {text}")),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, value)| korean(&format!("{at}[{i}]"), value, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| korean(&format!("{at}.{name}"), value, found)),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

fn order(order_id: &str) -> Value {
    json!({ "amount": 50_000, "orderId": order_id, "orderName": "Order", "customerName": "Kim", "bank": "20", "customerKey": "customer-1" })
}

fn card(number: &str) -> Value {
    let card = with(&key_in(), json!({ "amount": null, "orderId": null, "orderName": null, "customerKey": "customer-1" }));
    with(&card, json!({ "cardNumber": number }))
}

/// A shop in which there is something of everything.
struct World {
    shop: Shop,
    seen: HashSet<Endpoint>,
}

impl World {
    async fn call(&mut self, endpoint: Endpoint, part: &str, body: &Value) -> Value {
        let reply = self.send(endpoint, part, body, &ENGLISH).await;
        assert_eq!(reply.status, 200, "{endpoint:?} {part} {reply:?}");
        let answer = if reply.body.is_empty() { Value::Null } else { reply.json() };
        let mut found = Vec::new();
        korean("", &answer, &mut found);
        assert_eq!(found, Vec::<String>::new(), "{endpoint:?}");
        self.seen.insert(endpoint);
        answer
    }

    async fn send(&self, endpoint: Endpoint, part: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        let names = ["{payment_key}", "{order_id}", "{billing_key}", "{receipt_key}"];
        let (name, query) = part.split_once('?').unwrap_or((part, ""));
        let path = names.iter().fold(endpoint.path().to_owned(), |path, hole| path.replace(hole, name));
        let body = (endpoint.method() == Http::POST).then_some(body);
        let request = Api::of(&self.shop).request(endpoint.method(), &format!("{path}?{query}"), body, headers);
        self.shop.send(request).await
    }

    /// A payment of every method, confirmed; gives its key.
    async fn paid(&mut self, method: Method, order_id: &str) -> String {
        let currency = if method == Method::Paypal { Currency::Usd } else { Currency::Krw };
        let new =
            NewPayment { method, currency, client_key: Some(API_CLIENT_KEY.to_owned()), ..NewPayment::new(order_id, "Order", 50_000) };
        let made = self.shop.control.authenticate(new).unwrap();
        let body = json!({ "paymentKey": made.payment_key, "orderId": order_id, "amount": made.amount });
        self.call(Endpoint::Confirm, "", &body).await;
        made.payment_key
    }
}

#[tokio::test]
async fn in_english_every_endpoint_answers_without_a_korean_word() {
    let mut world = World { shop: Shop::open().await, seen: HashSet::new() };
    for (i, method) in Method::ALL.iter().enumerate() {
        let order_id = format!("order-m{i:03}");
        let key = world.paid(*method, &order_id).await;
        world.call(Endpoint::Lookup, &key, &Value::Null).await;
        world.call(Endpoint::LookupByOrder, &order_id, &Value::Null).await;
        world.call(Endpoint::Cancel, &key, &json!({ "cancelReason": "Changed my mind", "cancelRequestId": "cancel-0001" })).await;
    }
    world.call(Endpoint::KeyIn, "", &with(&key_in(), json!({ "orderId": "order-0001", "orderName": "Order" }))).await;
    for (order_id, account_type) in [("order-0002", "일반"), ("order-0003", "고정")] {
        let receipt = json!({ "accountType": account_type, "accountKey": "key", "cashReceipt": { "type": "소득공제" } });
        let made = world.call(Endpoint::VirtualAccount, "", &with(&order(order_id), receipt)).await;
        let key = made["paymentKey"].as_str().unwrap();
        world.shop.control.deposit(key).unwrap();
        let deposited = world.call(Endpoint::Lookup, key, &Value::Null).await;
        assert_eq!(deposited["cashReceipt"]["type"], "INCOME_DEDUCTION");
    }
    for number in ["9410001234567890", "5555001234567890"] {
        let issued = world.call(Endpoint::BillingIssueByCard, "", &card(number)).await;
        let key = issued["billingKey"].as_str().unwrap().to_owned();
        if number.starts_with("9410") {
            world.call(Endpoint::BillingCharge, &key, &order("order-0004")).await;
        }
        world.call(Endpoint::BillingDelete, &key, &Value::Null).await;
    }
    for method in [Method::Card, Method::Transfer] {
        let auth_key = world.shop.control.authorize_billing("customer-1", method).unwrap();
        world.call(Endpoint::BillingIssue, "", &json!({ "authKey": auth_key, "customerKey": "customer-1" })).await;
    }
    let code = world.shop.control.authorize_billing("customer-1", Method::Card).unwrap();
    let token = json!({ "grantType": "AuthorizationCode", "customerKey": "customer-1", "code": code });
    world.call(Endpoint::BrandpayToken, "", &token).await;
    let new = NewPayment { client_key: Some(API_CLIENT_KEY.to_owned()), ..NewPayment::new("order-0005", "Order", 50_000) };
    let made = world.shop.control.authenticate(new).unwrap();
    let body = with(&order("order-0005"), json!({ "paymentKey": made.payment_key }));
    world.call(Endpoint::BrandpayConfirm, "", &body).await;
    let settled = json!({ "paymentKey": made.payment_key });
    world.call(Endpoint::SettleByHand, "", &settled).await;
    world.call(Endpoint::Settlements, "?startDate=2026-08-01&endDate=2026-08-02", &Value::Null).await;
    world.call(Endpoint::Transactions, "?startDate=2026-08-01T00:00:00&endDate=2026-08-02T00:00:00", &Value::Null).await;
    for kind in ["소득공제", "지출증빙"] {
        let receipt = with(&order("order-0006"), json!({ "type": kind, "customerIdentityNumber": "01012345678" }));
        let issued = world.call(Endpoint::CashReceiptIssue, "", &receipt).await;
        world.call(Endpoint::CashReceiptCancel, issued["receiptKey"].as_str().unwrap(), &json!({})).await;
    }
    world.call(Endpoint::CashReceipts, "?requestDate=2026-08-01", &Value::Null).await;
    world.call(Endpoint::Promotions, "", &Value::Null).await;
    world.call(Endpoint::CardPromotions, "", &Value::Null).await;
    let missing: Vec<_> = Endpoint::ALL.iter().filter(|endpoint| !world.seen.contains(endpoint)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn errors_are_korean_unless_english_is_asked_for() {
    let world = World { shop: Shop::open().await, seen: HashSet::new() };
    let is_korean = |reply: &Reply| {
        let mut found = Vec::new();
        korean("", &reply.json(), &mut found);
        !found.is_empty()
    };
    for endpoint in Endpoint::ALL.iter().filter(|endpoint| !matches!(endpoint, Endpoint::Promotions | Endpoint::CardPromotions)) {
        let reply = world.send(*endpoint, "nobody", &json!({}), &[]).await;
        assert!(reply.status >= 400 && is_korean(&reply), "{endpoint:?} {reply:?}");
        for language in ["en-US", "en", "en-US,en;q=0.9,ko;q=0.8"] {
            let reply = world.send(*endpoint, "nobody", &json!({}), &[("accept-language", language)]).await;
            assert!(reply.status >= 400 && !is_korean(&reply), "{endpoint:?} {language} {reply:?}");
        }
        let korean = world.send(*endpoint, "nobody", &json!({}), &[("accept-language", "ko-KR,ko;q=0.9,en-US;q=0.8")]).await;
        assert!(is_korean(&korean), "{endpoint:?}: the first language counts");
    }
}
