//! Turns a page into an answer.

use super::assets::Assets;
use super::context::Context;
use super::csp::content_security_policy;
use super::visit::Visit;
use crate::app::{Boot, Shell, ShellProps};
use crate::pages::Page;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hydration_context::SsrSharedContext;
use leptos::nonce::Nonce;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos_axum::ResponseOptions;
use std::sync::{Arc, PoisonError};

/// The page in the visitor's language and colours, behind a content security policy with a nonce of its own.
pub fn page(ctx: &Context, visit: &Visit, path: &str, status: StatusCode, page: Page) -> Response {
    let nonce = Nonce::new();
    let policy = content_security_policy(ctx, &nonce.to_string());
    let (lang, theme, path) = (visit.lang, visit.theme, path.to_owned());
    let Assets { js, wasm, css } = (*ctx.assets).clone();
    let boot = Boot { js, wasm, css, watch: ctx.site.clone() };
    let notice = ctx.notice();
    // On one thread and without a pause: pages hold what belongs to the thread that made it, and fetch nothing that there were to
    // wait for. They see nothing of the request, so that a paymentKey in its address is in no context.
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new())));
    let html = owner.with(|| {
        provide_context(nonce);
        Shell(ShellProps { lang, theme, path, boot, notice, page }).to_html()
    });
    owner.unset_with_forced_cleanup();
    match HeaderValue::from_str(&policy) {
        Ok(policy) => {
            let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            (status, [kind, (header::CONTENT_SECURITY_POLICY, policy)], html).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the content security policy is not a header; an unprotected page is not sent");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Calls a server function for a page that is about to be made, and answers with the headers that it has set. The function sees
/// the visitor and nothing else of the request.
pub async fn call<F: Future>(ctx: &Context, visit: &Visit, function: impl FnOnce() -> F) -> (F::Output, HeaderMap) {
    let owner = Owner::new();
    let options = ResponseOptions::default();
    let called = owner.with(|| {
        provide_context(ctx.clone());
        provide_context(visit.clone());
        provide_context(options.clone());
        ScopedFuture::new(function())
    });
    let answer = called.await;
    let headers = options.0.read().unwrap_or_else(PoisonError::into_inner).headers.clone();
    (answer, headers)
}
