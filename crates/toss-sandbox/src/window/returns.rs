//! How the window's result reaches the shop: a redirect, or a message to the page around the frame.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use url::Url;

use super::page;
use crate::{
    asked::{Flow, Returns},
    error::{Code, Language},
    payment::Payment,
};

/// By this the browser script knows the messages of a window.
pub(super) const SOURCE: &str = "toss-sandbox";

pub(super) fn see_other(url: String) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, url), (header::CACHE_CONTROL, "no-store".to_owned())]).into_response()
}

/// The result of a window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Return {
    Success,
    Failure(Code),
    /// The only one that does not name the order (Toss docs).
    Cancel,
}

impl Return {
    /// The URL of the shop with the parameters of the result, after those that the shop has put there itself.
    ///
    /// None for a payment in promise mode, or without a browser.
    pub(crate) fn url(self, payment: &Payment) -> Option<Url> {
        let Returns::Redirect { success, fail, .. } = &payment.order.returns else {
            return None;
        };
        let order = &payment.order;
        let mut url = match self {
            Self::Success => success,
            Self::Failure(_) | Self::Cancel => fail,
        }
        .clone();
        let mut query = url.query_pairs_mut();
        match self {
            Self::Success => {
                // The success URL of the payment window has no `paymentType` (Toss docs).
                if order.flow == Flow::Widget {
                    query.append_pair("paymentType", order.payment_type.as_str());
                }
                query
                    .append_pair("orderId", &order.order_id)
                    .append_pair("paymentKey", &payment.payment_key)
                    .append_pair("amount", &order.amount.to_string());
            }
            Self::Failure(code) => {
                query
                    .append_pair("code", code.as_str())
                    .append_pair("message", code.message(Language::Korean))
                    .append_pair("orderId", &order.order_id);
            }
            Self::Cancel => {
                let code = Code::PAY_PROCESS_CANCELED;
                query.append_pair("code", code.as_str()).append_pair("message", code.message(Language::Korean));
            }
        }
        drop(query);
        Some(url)
    }

    /// 303 to the shop; in a frame the page that tells the page around it.
    pub(super) fn respond(self, payment: &Payment) -> Response {
        let url = self.url(payment).map(String::from);
        match (payment.order.returns.frame(), url) {
            (Some(origin), Some(url)) => {
                let message = json!({ "source": SOURCE, "id": payment.payment_key, "redirect": url });
                page::result(&message.to_string(), origin)
            }
            (Some(origin), None) => page::result(&self.message(payment).to_string(), origin),
            (None, Some(url)) => see_other(url),
            (None, None) => page::window(payment),
        }
    }

    /// What the promise of `requestPayment` is settled with (Toss docs; `USER_CANCEL` from the published types).
    fn message(self, payment: &Payment) -> serde_json::Value {
        let order = &payment.order;
        match self {
            Self::Success => {
                let mut result = json!({
                    "paymentType": order.payment_type.as_str(),
                    "paymentKey": payment.payment_key,
                    "orderId": order.order_id,
                    "amount": order.amount,
                });
                // Only BrandPay has it, and others have no null in its place (published types).
                if let Some(method_id) = &order.method_id {
                    result["methodId"] = json!(method_id);
                }
                json!({ "source": SOURCE, "id": payment.payment_key, "result": result })
            }
            Self::Failure(code) => json!({
                "source": SOURCE,
                "id": payment.payment_key,
                "error": { "code": code.as_str(), "message": code.message(Language::Korean) },
            }),
            Self::Cancel => json!({
                "source": SOURCE,
                "id": payment.payment_key,
                "error": {
                    "code": "USER_CANCEL",
                    "message": Code::PAY_PROCESS_CANCELED.message(Language::Korean),
                },
            }),
        }
    }
}
