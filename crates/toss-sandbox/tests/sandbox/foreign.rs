//! The example that tests a shop from outside, run against shops of this file: a good one passes, each bad one is found.

#[path = "../../examples/foreign_shop/checks.rs"]
mod checks;

use std::{
    collections::HashMap,
    convert::Infallible,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use http_body_util::Full;
use hyper::{Request, Response, body::Bytes, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use toss_sandbox::{Config, SECRET_KEY, Sandbox};

use crate::{http::send, support::basic};

const PRICE: i64 = 15_000;

/// What a shop gets wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Flaw {
    None,
    /// Confirms what the address says.
    TrustsTheAddress,
    /// Confirms under a new key on each visit and takes every refusal for a decline.
    ForgetsThatItIsPaid,
    /// Breaks where no answer comes.
    FallsOver,
}

struct Shop {
    api: String,
    flaw: Flaw,
    /// Orders, and which of them are paid.
    orders: Mutex<HashMap<String, bool>>,
}

impl Shop {
    async fn open(api: String, flaw: Flaw) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shop = Arc::new(Self { api, flaw, orders: Mutex::default() });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shop = shop.clone();
                let serve = service_fn(move |request: Request<Incoming>| {
                    let shop = shop.clone();
                    async move {
                        let (status, text) = shop.answer(&request).await;
                        let response = Response::builder().status(status).body(Full::<Bytes>::from(text)).unwrap();
                        Ok::<_, Infallible>(response)
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), serve));
            }
        });
        url
    }

    async fn answer(&self, request: &Request<Incoming>) -> (u16, String) {
        if request.uri().path() == "/orders" {
            let id = {
                let mut orders = self.orders.lock().unwrap();
                let id = format!("foreign-{:04}", orders.len());
                orders.insert(id.clone(), false);
                id
            };
            return (201, json!({ "orderId": id, "orderName": "토스 티셔츠", "amount": PRICE }).to_string());
        }
        let query: HashMap<String, String> =
            url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
        let of = |name: &str| query.get(name).cloned().unwrap_or_default();
        self.confirm(&of("orderId"), &of("paymentKey"), &of("amount")).await
    }

    async fn confirm(&self, order_id: &str, payment_key: &str, amount: &str) -> (u16, String) {
        let paid = self.orders.lock().unwrap().get(order_id).copied();
        let Some(paid) = paid else { return (404, "no such order".to_owned()) };
        if paid && self.flaw != Flaw::ForgetsThatItIsPaid {
            return (200, "paid".to_owned());
        }
        if amount != PRICE.to_string() && self.flaw != Flaw::TrustsTheAddress {
            return (400, "another amount".to_owned());
        }
        let body = json!({ "paymentKey": payment_key, "orderId": order_id, "amount": PRICE }).to_string();
        let new_key = format!("{payment_key}-{paid}");
        let key = if self.flaw == Flaw::ForgetsThatItIsPaid { new_key.as_str() } else { payment_key };
        let authorization = basic(&format!("{SECRET_KEY}:"));
        let headers = [("authorization", authorization.as_str()), ("idempotency-key", key)];
        for _ in 0..3 {
            match send("POST", &format!("{}/v1/payments/confirm", self.api), Some(&body), &headers).await {
                Ok(answer) if answer.status == 200 => {
                    self.orders.lock().unwrap().insert(order_id.to_owned(), true);
                    return (200, "paid".to_owned());
                }
                Ok(answer) if self.flaw == Flaw::ForgetsThatItIsPaid => return (500, answer.body),
                Ok(answer) => {
                    let code: Value = serde_json::from_str(&answer.body).unwrap();
                    return (402, code["code"].as_str().unwrap_or_default().to_owned());
                }
                Err(error) if self.flaw == Flaw::FallsOver => return (500, error.to_string()),
                Err(_) => {}
            }
        }
        (202, "not known yet".to_owned())
    }
}

async fn verdict(flaw: Flaw) -> Result<usize, String> {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let shop = Shop::open(sandbox.url(), flaw).await;
    let pair = checks::Pair { shop: &shop, sandbox: &sandbox.url() };
    checks::run(&pair).await.map_err(|why| why.to_string())?;
    Ok(sandbox.control().payments().len() + sandbox.control().ledger().len() + sandbox.control().faults().0.len())
}

#[tokio::test]
async fn a_good_shop_passes_and_leaves_nothing_behind() {
    assert_eq!(verdict(Flaw::None).await, Ok(0));
}

#[tokio::test]
async fn every_bad_shop_is_found_by_what_it_does_wrong() {
    for (flaw, said) in [
        (Flaw::TrustsTheAddress, "another amount: charged [15000] instead of []"),
        (Flaw::ForgetsThatItIsPaid, "a refresh: the shopper saw 500"),
        (Flaw::FallsOver, "a lost answer: the shopper saw 500"),
    ] {
        let why = verdict(flaw).await.expect_err("a bad shop");
        assert!(why.starts_with(said), "{flaw:?}: {why}");
    }
}
