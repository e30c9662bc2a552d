//! `POST /webhooks/toss`: what Toss tells. It is written down and answered before anything comes of it, and none of it is believed.

use super::context::Context;
use super::problem::problem;
use super::visit::Visit;
use crate::domain::lang::Lang;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use payment_engine::toss_payments::webhook::Delivery;
use payment_engine::{Received, WebhookError};

/// Toss takes nothing but 200 for an answer, and sends again whatever is not answered so within ten seconds (Toss docs, webhooks).
pub async fn toss(State(ctx): State<Context>, headers: HeaderMap, body: Bytes) -> Response {
    let delivery = Delivery::from_headers(|name| headers.get(name).and_then(|value| value.to_str().ok()));
    match ctx.engine.receive(&body, delivery).await {
        Ok(received) => {
            match received {
                Received::Kept | Received::Known | Received::Repeated | Received::OfNoPayment => tracing::debug!(?received, "a webhook"),
                Received::NotOurs | _ => tracing::debug!(?received, "a webhook about no order of this shop"),
            }
            StatusCode::OK.into_response()
        }
        Err(WebhookError::NotAWebhook(error)) => {
            let lang = Visit::read(&ctx, &headers).lang;
            let message = match lang {
                Lang::Ko => format!("토스페이먼츠 웹훅이 아니에요: {error}"),
                Lang::En => format!("This is not a webhook of Toss Payments: {error}"),
            };
            problem(StatusCode::BAD_REQUEST, "NOT_A_WEBHOOK", &message)
        }
        Err(WebhookError::Store(error)) => {
            tracing::error!(%error, "a webhook could not be kept; Toss will send it again");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
