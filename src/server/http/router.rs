//! Every HTTP route, one list: the map of the server.

use super::context::Context;
use super::guard::{self, Guard};
use super::{confirm, csp, files, headers, health, pages, preferences, problem, server_functions, success, webhooks};
use crate::domain::routes;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, get_service, post};
use tower_http::catch_panic::CatchPanicLayer;

/// The whole server as a service.
pub fn router(ctx: Context) -> Router {
    let assets = get_service(files::assets(&ctx)).fallback(problem::wrong_method_of_a_file).with_state(ctx.clone());
    let public_files = files::public_files(&ctx).layer(from_fn_with_state(ctx.clone(), problem::nothing_but_questions));
    Router::new()
        .route(routes::HOME, get(pages::home))
        .route(routes::CHECKOUT, get(pages::checkout))
        .route(routes::SUCCESS, get(success::get).post(success::post))
        .route(routes::FAIL, get(pages::fail))
        .route(&format!("{}/{{id}}", routes::ORDERS), get(pages::order))
        .route(routes::CONFIRM, post(confirm::post))
        .route(routes::WEBHOOKS, post(webhooks::toss))
        .route(routes::PREFERENCES, post(preferences::remember))
        .route(routes::HEALTH, get(health::health))
        .route(routes::CSP_REPORT, csp::reports())
        .route(routes::API, any(server_functions::handle))
        .route(&format!("{}/", routes::API), any(server_functions::handle))
        .route(&format!("{}/{{*function}}", routes::API), any(server_functions::handle))
        .nest_service(&format!("/{}", ctx.site.site_pkg_dir), assets)
        .fallback_service(public_files)
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(from_fn_with_state(Guard::new(ctx.clone()), guard::check))
        // A bug answers 500 rather than nothing at all.
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(ctx.clone(), headers::common))
        .with_state(ctx)
}
