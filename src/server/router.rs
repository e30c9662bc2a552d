//! Every HTTP route, one list: the map of the server.

use super::context::Context;
use super::visit::Visit;
use super::{handlers, headers, health, preferences};
use crate::domain::routes;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use leptos::prelude::provide_context;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::services::ServeDir;

/// Larger than any body that the checkout takes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The whole server as a service.
pub fn router(ctx: Context) -> Router {
    Router::new()
        .route(routes::HOME, get(handlers::home))
        .route(routes::CHECKOUT, get(handlers::checkout))
        .route(routes::SUCCESS, get(handlers::success))
        .route(routes::FAIL, get(handlers::fail))
        .route(&format!("{}/{{id}}", routes::ORDERS), get(handlers::order))
        .route(routes::CONFIRM, post(handlers::confirm))
        .route(routes::PREFERENCES, post(preferences::remember))
        .route(routes::HEALTH, get(health::health))
        .route(&format!("{}/{{*function}}", routes::API), get(server_function).post(server_function))
        .nest_service(&format!("/{}", ctx.site.site_pkg_dir), assets(&ctx))
        .fallback_service(public_files(&ctx))
        // A bug answers 500 rather than nothing at all.
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(ctx.clone(), headers::common))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(ctx)
}

async fn server_function(State(ctx): State<Context>, visit: Visit, request: Request) -> Response {
    if leptos::server_fn::axum::get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        return handlers::no_such_page(State(ctx), visit).await;
    }
    leptos_axum::handle_server_fns_with_context(move || provide_context(ctx.clone()), request).await.into_response()
}

/// The front end. Its names change with its content where the build hashes them, so browsers may keep it for ever.
fn assets(ctx: &Context) -> Router {
    let cache = if ctx.site.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    let folder = format!("{}/{}", ctx.site.site_root, ctx.site.site_pkg_dir);
    Router::new()
        .fallback_service(ServeDir::new(folder).precompressed_br())
        .layer(map_response(move |response: Response| async move { cached(response, cache) }))
}

/// Icons and the like; what is not there is a page of its own.
fn public_files(ctx: &Context) -> Router {
    let pages = Router::new().fallback(handlers::no_such_page).with_state(ctx.clone());
    Router::new()
        .fallback_service(
            ServeDir::new(ctx.site.site_root.as_ref()).append_index_html_on_directories(false).precompressed_br().fallback(pages),
        )
        .layer(map_response(|response: Response| async move { cached(response, "public, max-age=3600") }))
}

fn cached(mut response: Response, cache: &'static str) -> Response {
    if response.status().is_success() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    }
    response
}
