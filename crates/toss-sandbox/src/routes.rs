//! Every address that the sandbox answers: the map.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

use crate::{api, control, guard, inspector, script, window, world::World};

/// More than any call of Toss's can need: five metadata values of 2,000 characters are the largest part.
const MAX_BODY_BYTES: usize = 64 * 1024;

pub(crate) fn router(world: World) -> Router {
    Router::new()
        // The browser
        .route("/v1/payment-widget", get(script::payment_widget))
        .route("/v2/standard", get(script::standard))
        .route("/sandbox/window/payments", post(window::create).options(api::preflight))
        .route("/sandbox/window/billing-auths", post(window::create_billing).options(api::preflight))
        .route("/sandbox/window/billing", get(window::show_billing))
        .route("/sandbox/window/billing/agree", post(window::agree))
        .route("/sandbox/window/billing/refuse", post(window::refuse_billing))
        .route("/sandbox/window/{payment_key}", get(window::show))
        .route("/sandbox/window/{payment_key}/approve", post(window::approve))
        .route("/sandbox/window/{payment_key}/cancel", post(window::cancel))
        .route("/sandbox/window/{payment_key}/decline", post(window::decline))
        .route("/sandbox/assets/page.css", get(window::stylesheet))
        .route("/sandbox/assets/result.js", get(window::result_script))
        .route("/v1/payments/{payment_key}/checkout", get(window::checkout))
        .route("/receipt/redirection", get(window::receipt))
        // The shop's server
        .merge(api::routes())
        // The tests, and whoever looks on
        .nest("/sandbox/control", control::routes())
        .merge(inspector::routes())
        .method_not_allowed_fallback(api::wrong_method)
        .fallback(api::not_found)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(world.clone(), guard::guard))
        .with_state(world)
}
