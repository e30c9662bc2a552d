//! The shop under test: the part that confirms payments.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::http::send;

/// What came of a confirm.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    Paid,
    Declined(String),
    /// No answer decides it yet: ask later.
    Unknown,
}

/// Knows where Toss is: in production https://api.tosspayments.com, in tests the sandbox.
pub struct Shop {
    api: String,
    authorization: String,
}

impl Shop {
    pub fn new(api: &str, secret_key: &str) -> Self {
        Self { api: api.to_owned(), authorization: format!("Basic {}", STANDARD.encode(format!("{secret_key}:"))) }
    }

    /// Confirms a payment of the order at the price that was stored with it.
    pub async fn confirm(&self, order_id: &str, payment_key: &str, price: i64) -> Outcome {
        let body = json!({ "paymentKey": payment_key, "orderId": order_id, "amount": price }).to_string();
        let headers = [("authorization", self.authorization.as_str()), ("idempotency-key", payment_key)];
        for _ in 0..3 {
            // Neither a lost connection nor an answer that is not whole says anything about the payment.
            let Ok(answer) = send("POST", &format!("{}/v1/payments/confirm", self.api), Some(&body), &headers).await else {
                continue;
            };
            let Ok(json) = serde_json::from_str::<Value>(&answer.body) else {
                continue;
            };
            match answer.status {
                200 if json["orderId"] == order_id && json["totalAmount"] == price => return Outcome::Paid,
                409 | 429 | 500.. | 200 => {}
                _ => return Outcome::Declined(json["code"].as_str().unwrap_or("UNKNOWN").to_owned()),
            }
        }
        Outcome::Unknown
    }
}
