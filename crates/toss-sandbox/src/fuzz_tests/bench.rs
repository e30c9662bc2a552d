//! A sandbox without a port, and calls of it in good order.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{
    clock::{Clock, UnixMs},
    config::{API_CLIENT_KEY, API_SECRET_KEY, Config},
    control::{Control, NewPayment},
    endpoint::Endpoint,
    order::Method as Paying,
    routes,
    server::{Address, Line},
    webhook::Setup,
    world::World,
};

/// What look-ups ask for: instants, days, nothing.
pub(super) const SPANS: [&str; 3] =
    ["?startDate=2026-08-01T00:00:00&endDate=2026-08-31T00:00:00", "?startDate=2026-08-01&endDate=2026-08-31&requestDate=2026-08-01", "?"];

#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) route: String,
    pub(super) method: String,
    pub(super) uri: String,
    pub(super) headers: Vec<(&'static str, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

/// A body that every call would take, about one thing that exists.
pub(super) fn sensible(order_id: &str, thing: &str) -> Value {
    json!({
        "orderId": order_id, "paymentKey": thing, "authKey": thing, "code": thing, "amount": 45_000, "orderName": "토스 티셔츠",
        "cancelReason": "변심", "customerName": "김토스", "bank": "88", "customerKey": "customer-1", "grantType": "AuthorizationCode",
        "cardNumber": "9410001234567890", "cardExpirationYear": "30", "cardExpirationMonth": "12", "customerIdentityNumber": "881212",
        "type": "소득공제",
    })
}

/// A path with something in its braces.
pub(super) fn filled(path: &str, segment: &str) -> String {
    let parts: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { segment } else { part }).collect();
    parts.join("/")
}

pub(super) fn basic(secret_key: &str) -> Vec<u8> {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{secret_key}:"))).into_bytes()
}

pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

async fn send(router: &Router, sent: &Sent) -> Option<Answered> {
    let mut request = Request::builder().method(sent.method.as_str()).uri(&sent.uri).extension(Line::default());
    for (name, value) in &sent.headers {
        request = request.header(*name, HeaderValue::from_bytes(value).ok()?);
    }
    // What is no request does not reach the router.
    let request = request.body(Body::from(sent.body.clone())).ok()?;
    let Ok(response) = TowerToHyperService::new(router.clone()).call(request).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default().to_vec();
    Some(Answered { status: parts.status, headers: parts.headers, body })
}

/// A sandbox without a port, with things in it.
pub(super) struct Bench {
    runtime: Runtime,
    router: Router,
    control: Control,
    /// Names of the things.
    pub(super) known: Vec<String>,
}

impl Bench {
    pub(super) fn open() -> Self {
        let config = Config { clock: Clock::stopped_at(UnixMs::new(1_785_542_400_000)), ..Config::default() };
        let merchants = config.merchants().unwrap_or_default();
        let setup = Setup::new(&[], false, crate::webhook::SECURITY_KEY).expect("the sandbox's own key");
        let world = World::new(
            Address { origin: "http://sandbox".to_owned(), is_local: false, names: Vec::new() },
            merchants,
            config.clock,
            config.limits,
            config.choices,
            setup,
            0,
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let control = Control::new(world.clone());
        let mut bench = Self { runtime, router: routes::router(world), control, known: vec!["order-0001".to_owned(), "1".to_owned()] };
        // Several payments of one order, so that the few bodies that fit one are met.
        for method in [Paying::Card; 6].into_iter().chain([Paying::VirtualAccount; 2]).chain([Paying::Paypal; 2]) {
            let currency = method.currency();
            let made = bench.control.authenticate(NewPayment { method, currency, ..NewPayment::new("order-0001", "주문", 45_000) });
            bench.known.extend(made.map(|payment| payment.payment_key));
        }
        for _ in 0..4 {
            bench.known.extend(bench.control.authorize_billing("customer-1", Paying::Card));
        }
        // Billing keys and receipts exist only once somebody has made them.
        let made = [bench.receipt("order-0003"), bench.paid("order-0003")];
        bench.known.extend(made);
        for _ in 0..20 {
            bench.known.push(bench.billing_key());
        }
        bench
    }

    pub(super) fn send(&self, sent: &Sent) -> Option<Answered> {
        self.runtime.block_on(send(&self.router, sent))
    }

    /// What a call in good order answers in the field `name`.
    fn made(&self, path: &str, order_id: &str, name: &str) -> String {
        let answered = self.send(&in_good_order(&Method::POST, path, path, order_id, "")).expect("a request");
        assert_eq!(answered.status, StatusCode::OK, "{path}");
        let body: Value = serde_json::from_slice(&answered.body).expect("JSON");
        body[name].as_str().expect("a name").to_owned()
    }

    fn receipt(&self, order_id: &str) -> String {
        self.made("/v1/cash-receipts", order_id, "receiptKey")
    }

    fn paid(&self, order_id: &str) -> String {
        self.made("/v1/payments/key-in", order_id, "paymentKey")
    }

    fn billing_key(&self) -> String {
        self.made("/v1/billing/authorizations/card", "order-0003", "billingKey")
    }

    /// A call that has to work, about something made for it alone: much can be done only once.
    pub(super) fn good_call(&self, endpoint: Endpoint) -> Sent {
        let order_id = format!("good-{endpoint:?}");
        let thing = match endpoint {
            Endpoint::Confirm | Endpoint::BrandpayConfirm => {
                let client_key = Some(API_CLIENT_KEY.to_owned());
                let opened = self.control.authenticate(NewPayment { client_key, ..NewPayment::new(&order_id, "주문", 45_000) });
                opened.expect("a payment").payment_key
            }
            Endpoint::Lookup | Endpoint::LookupByOrder | Endpoint::Cancel | Endpoint::SettleByHand => self.paid(&order_id),
            Endpoint::BillingIssue | Endpoint::BrandpayToken => {
                self.control.authorize_billing("customer-1", Paying::Card).expect("a customer who agrees")
            }
            Endpoint::BillingCharge | Endpoint::BillingDelete => self.billing_key(),
            Endpoint::CashReceiptCancel => self.receipt(&order_id),
            Endpoint::KeyIn
            | Endpoint::VirtualAccount
            | Endpoint::BillingIssueByCard
            | Endpoint::Transactions
            | Endpoint::Settlements
            | Endpoint::CashReceiptIssue
            | Endpoint::CashReceipts
            | Endpoint::Promotions
            | Endpoint::CardPromotions => String::new(),
        };
        let segment = if endpoint == Endpoint::LookupByOrder { &order_id } else { &thing };
        let in_days = [Endpoint::Settlements, Endpoint::CashReceipts].contains(&endpoint);
        let uri = filled(endpoint.path(), segment) + SPANS[usize::from(in_days)];
        in_good_order(&endpoint.method(), endpoint.path(), &uri, &order_id, &thing)
    }
}

/// A call of the shop of the API key.
fn in_good_order(method: &Method, route: &str, uri: &str, order_id: &str, thing: &str) -> Sent {
    let headers = vec![("authorization", basic(API_SECRET_KEY)), ("content-type", b"application/json".to_vec())];
    let body = if method == Method::POST { sensible(order_id, thing).to_string().into_bytes() } else { Vec::new() };
    Sent { route: route.to_owned(), method: method.to_string(), uri: uri.to_owned(), headers, body }
}
