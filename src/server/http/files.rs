//! Files: the front end, and icons and the like.

use super::context::Context;
use super::pages;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use tower_http::services::ServeDir;

/// The front end. Its names change with its content where the build hashes them, so browsers may keep it for ever.
pub fn assets(ctx: &Context) -> Router {
    let cache = if ctx.site.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    let folder = format!("{}/{}", ctx.site.site_root, ctx.site.site_pkg_dir);
    Router::new()
        .fallback_service(ServeDir::new(folder).precompressed_br())
        .layer(map_response(move |response: Response| async move { cached(response, cache) }))
}

/// Icons and the like; what is not there is a page of its own.
pub fn public_files(ctx: &Context) -> Router {
    let pages = Router::new().fallback(pages::no_such_page).with_state(ctx.clone());
    Router::new()
        .fallback_service(
            ServeDir::new(ctx.site.site_root.as_ref()).append_index_html_on_directories(false).precompressed_br().fallback(pages),
        )
        .layer(map_response(|response: Response| async move { cached(response, "public, max-age=3600") }))
}

/// A file, or the news that the browser's copy is still it, which says as much about keeping it (RFC 9110, 15.4.5):
/// a browser takes the headers of a 304 over into its copy.
fn cached(mut response: Response, cache: &'static str) -> Response {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    }
    response
}
