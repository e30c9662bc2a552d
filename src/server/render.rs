//! Turns a page into an answer.

use super::context::Context;
use super::headers::content_security_policy;
use super::visit::Visit;
use crate::app::{Boot, Shell, ShellProps};
use crate::pages::Page;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::nonce::Nonce;
use leptos::prelude::*;

/// The page in the visitor's language and colours, behind a content security policy with a nonce of its own.
pub async fn page(ctx: &Context, visit: &Visit, path: &str, status: StatusCode, page: Page) -> Response {
    let nonce = Nonce::new();
    let policy = content_security_policy(ctx, &nonce.to_string());
    let (lang, theme, path) = (visit.lang, visit.theme, path.to_owned());
    let boot = Boot { assets: ctx.assets.clone(), watch: ctx.site.clone() };
    let notice = ctx.notice();
    let view = move || {
        let (page, boot, notice, path) = (page.clone(), boot.clone(), notice.clone(), path.clone());
        Shell(ShellProps { lang, theme, path, boot, notice, page })
    };
    let render = leptos_axum::render_app_to_stream_in_order_with_context(move || provide_context(nonce.clone()), view);
    // The view needs nothing of the request; an empty one keeps a paymentKey in the address out of every context.
    let mut response = render(Request::new(Body::empty())).await.into_response();
    *response.status_mut() = status;
    match HeaderValue::from_str(&policy) {
        Ok(policy) => {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            response
        }
        Err(error) => {
            tracing::error!(%error, "the content security policy is not a header; an unprotected page is not sent");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
