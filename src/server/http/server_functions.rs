//! The way in to the server functions. Leptos answers any content type, words its errors in Rust and serde, calls them all
//! 500, and redirects whoever takes HTML to where they came from. Here a request is made one that a function can take before
//! leptos gets it, and an error leaves with its status and in the shop's words.

use super::context::Context;
use super::pages;
use super::problem::of_a_function;
use super::visit::Visit;
use crate::domain::lang::Lang;
use crate::view::api_error::ApiError;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::{FromServerFnError as _, provide_context};
use leptos::server_fn::axum::get_server_fn_service;

/// More than an error of a server function has.
const MAX_ERROR_BYTES: usize = 4 * 1024;

/// Any method of `/api` and of anything below.
pub async fn handle(State(ctx): State<Context>, visit: Visit, request: Request) -> Response {
    let lang = visit.lang;
    if get_server_fn_service(request.uri().path(), Method::POST).is_none() {
        // Who gets an address has typed it, or followed a link: for people it is a page like any other that is not there.
        return if [Method::GET, Method::HEAD].contains(request.method()) {
            pages::no_such_page(State(ctx), visit).await
        } else {
            of_a_function(ApiError::NotFound, lang)
        };
    }
    if request.method() != Method::POST {
        return of_a_function(ApiError::WrongMethod, lang);
    }
    if !says_json(request.headers()) {
        return of_a_function(ApiError::WrongType, lang);
    }
    let request = without_ways_back(request);
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(ctx.clone()), request).await;
    in_the_shops_words(answer.into_response(), lang).await
}

fn says_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// Without what makes leptos redirect. Its body is whole and of a bounded size already: the guard has seen to that.
fn without_ways_back(mut request: Request) -> Request {
    request.headers_mut().remove(header::ACCEPT);
    request.headers_mut().remove(header::REFERER);
    request
}

/// A success as it is; an error anew, since leptos knows neither its status nor who reads it.
async fn in_the_shops_words(answer: Response, lang: Lang) -> Response {
    if !answer.status().is_client_error() && !answer.status().is_server_error() {
        return answer;
    }
    let body = to_bytes(answer.into_body(), MAX_ERROR_BYTES).await.unwrap_or_default();
    of_a_function(ApiError::de(body), lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_what_says_so() {
        let says = |kind: &str| says_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]));
        for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=UTF-8"] {
            assert!(says(kind), "{kind}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "text/html; application/json", ""] {
            assert!(!says(kind), "{kind}");
        }
        assert!(!says_json(&HeaderMap::new()));
    }
}
