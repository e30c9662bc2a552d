//! What is answered instead of what was asked for: at the paths of programs a code and a sentence in JSON, everywhere else
//! the sentence alone, in the visitor's language.

use super::context::Context;
use super::visit::Visit;
use crate::domain::lang::Lang;
use crate::domain::routes;
use crate::view::api_error::ApiError;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Response};

/// For programs.
pub fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(serde_json::json!({ "code": code, "message": message }))).into_response()
}

/// An error of a server function, with its status and what belongs to it.
pub fn of_a_function(error: ApiError, lang: Lang) -> Response {
    let headers = match error {
        ApiError::WrongMethod => Some((header::ALLOW, "POST")),
        ApiError::Unavailable => Some((header::RETRY_AFTER, "5")),
        ApiError::BadRequest | ApiError::NotFound | ApiError::WrongType | ApiError::ForeignOrigin => None,
    };
    (AppendHeaders(headers), problem(status_of(error), error.code(), error.message(lang))).into_response()
}

/// For whoever asks at that path.
pub fn at(path: &str, status: StatusCode, code: &str, message: &str) -> Response {
    if is_for_programs(path) { problem(status, code, message) } else { (status, message.to_owned()).into_response() }
}

/// The same, of what has a code and a sentence.
pub fn of(error: ApiError, path: &str, lang: Lang) -> Response {
    at(path, status_of(error), error.code(), error.message(lang))
}

/// At a path of the shop's, for a method that it does not take. The router adds those that it does.
pub async fn wrong_method(uri: Uri, visit: Visit) -> Response {
    of(ApiError::WrongMethod, uri.path(), visit.lang)
}

/// The same for the front end's files, which know no more than the end of their path.
pub async fn wrong_method_of_a_file(visit: Visit) -> Response {
    of(ApiError::WrongMethod, "", visit.lang)
}

/// Where only files and pages are, there is nothing that takes more than a question.
pub async fn nothing_but_questions(State(ctx): State<Context>, request: Request, next: Next) -> Response {
    if [Method::GET, Method::HEAD].contains(request.method()) {
        return next.run(request).await;
    }
    of(ApiError::NotFound, request.uri().path(), Visit::read(&ctx, request.headers()).lang)
}

const fn status_of(error: ApiError) -> StatusCode {
    match error {
        ApiError::BadRequest => StatusCode::BAD_REQUEST,
        ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
        ApiError::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ApiError::ForeignOrigin => StatusCode::FORBIDDEN,
        ApiError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn is_for_programs(path: &str) -> bool {
    path == routes::CONFIRM || path.strip_prefix(routes::API).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_in_json() {
        for path in ["/confirm", "/api", "/api/", "/api/place_order"] {
            assert!(is_for_programs(path), "{path}");
        }
        for path in ["", "/", "/confirm/x", "/apis", "/checkout", "/preferences"] {
            assert!(!is_for_programs(path), "{path}");
        }
    }
}
