//! A shop that calls the API with the secret key of one family.

use http_body_util::Full;
use hyper::{
    Method, Request,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::{Value, json};
use toss_sandbox::{API_SECRET_KEY, NewPayment};

use crate::support::{Reply, Shop, basic};

pub struct Api<'a> {
    pub shop: &'a Shop,
    pub secret_key: String,
}

impl<'a> Api<'a> {
    /// The pair for the API: key-in, billing, virtual accounts.
    pub fn of(shop: &'a Shop) -> Self {
        Self { shop, secret_key: API_SECRET_KEY.to_owned() }
    }

    /// The pair of the widget.
    pub fn widget(shop: &'a Shop) -> Self {
        Self { shop, secret_key: shop.sandbox.secret_key().to_owned() }
    }

    pub fn request(&self, method: Method, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Request<Full<Bytes>> {
        let mut request = Request::builder().method(method).uri(path).header(AUTHORIZATION, basic(&format!("{}:", self.secret_key)));
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Full::from(body.map(Value::to_string).unwrap_or_default())).unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.shop.send(self.request(Method::POST, path, Some(&body), &[])).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.shop.send(self.request(Method::GET, path, None, &[])).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.shop.send(self.request(Method::DELETE, path, None, &[])).await
    }

    pub async fn cancel(&self, payment_key: &str, body: Value) -> Reply {
        self.post(&format!("/v1/payments/{payment_key}/cancel"), body).await
    }
}

/// A confirmed payment of the widget; gives its key.
pub async fn paid(shop: &Shop, payment: NewPayment) -> String {
    let payment = shop.control.authenticate(payment).unwrap();
    let reply = shop.confirm(&payment).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    payment.payment_key
}

/// `template` with some fields replaced, or taken away where the change is null.
pub fn with(template: &Value, changes: Value) -> Value {
    let mut body = template.clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name);
        } else {
            body[name] = value.clone();
        }
    }
    body
}

pub fn key_in() -> Value {
    json!({
        "amount": 50_000, "orderId": "order-0001", "orderName": "토스 티셔츠 외 2건", "cardNumber": "9410001234567890",
        "cardExpirationYear": "30", "cardExpirationMonth": "12", "customerIdentityNumber": "881212",
    })
}
