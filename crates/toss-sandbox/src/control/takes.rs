//! What the calls of the control plane take, and a look at every call before it is made: a parameter or a body that it
//! does not know is a mistake that would otherwise go unnoticed. `DELETE /faults?order=A` must not clear everybody's.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{Method, Uri},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::http::bad_request;
use crate::error::ApiError;

/// Everything that is not in [`TAKES`] takes neither parameters nor a body.
struct Takes {
    method: Method,
    path: &'static str,
    parameters: &'static [&'static str],
    body: bool,
}

const fn body(path: &'static str) -> Takes {
    Takes { method: Method::POST, path, parameters: &[], body: true }
}

const fn parameters(method: Method, path: &'static str, parameters: &'static [&'static str]) -> Takes {
    Takes { method, path, parameters, body: false }
}

const TAKES: &[Takes] = &[
    parameters(Method::GET, "/state", &["limit", "find"]),
    parameters(Method::POST, "/reset", &["orderId", "clientKey"]),
    parameters(Method::DELETE, "/faults", &["orderId", "clientKey"]),
    body("/payments"),
    body("/payments/{payment_key}/approve"),
    body("/payments/{payment_key}/abort"),
    body("/payments/{payment_key}/refund"),
    body("/payments/{payment_key}/finish-cancel"),
    body("/billing-authorizations"),
    body("/clock"),
    body("/scenarios"),
    body("/faults"),
    body("/script-faults"),
    body("/webhook-faults"),
    body("/webhooks/events"),
    body("/webhooks/registrations"),
    body("/security-keys"),
];

/// A middleware of every call that there is.
pub(super) async fn look(request: Request, next: Next) -> Response {
    match check(request).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn check(request: Request) -> Result<Request, ApiError> {
    let path = request.uri().path();
    let takes = TAKES.iter().find(|takes| takes.method == *request.method() && fits(takes.path, path));
    let what = format!("{} {path}", request.method());
    let known = takes.map_or(&[][..], |takes| takes.parameters);
    Parameters::of(request.uri()).refuse_others(known, &what)?;
    if takes.is_some_and(|takes| takes.body) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    // An empty object says nothing either.
    const MOST: usize = 1_024;
    let said = to_bytes(body, MOST).await.map_err(|_| takes_no_body(&what))?;
    match said.trim_ascii() {
        b"" | b"{}" => Ok(Request::from_parts(parts, Body::empty())),
        _ => Err(takes_no_body(&what)),
    }
}

/// Whether a path is of that form: what stands in braces may be anything.
fn fits(form: &str, path: &str) -> bool {
    let is_as_long = form.split('/').count() == path.split('/').count();
    is_as_long && form.split('/').zip(path.split('/')).all(|(part, given)| part == given || part.starts_with('{'))
}

fn takes_no_body(what: &str) -> ApiError {
    bad_request(format!("{what} takes no body"))
}

/// What follows the `?` of an address.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn of(uri: &Uri) -> Self {
        let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        Self(pairs.into_owned().collect())
    }

    fn refuse_others(&self, known: &[&str], what: &str) -> Result<(), ApiError> {
        for (at, (name, _)) in self.0.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let takes = match known {
                    [] => "no parameters".to_owned(),
                    known => known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
                };
                return Err(bad_request(format!("there is no parameter `{name}`: {what} takes {takes}")));
            }
            if self.0.iter().skip(at + 1).any(|(other, _)| other == name) {
                return Err(bad_request(format!("the parameter `{name}` stands twice")));
            }
        }
        Ok(())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// One that names something: if it is there it is not empty, as it would be if whoever asks had nothing to name.
    pub(super) fn name(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.get(name) {
            Some("") => Err(bad_request(format!("the parameter `{name}` is empty"))),
            value => Ok(value),
        }
    }

    /// Two of them, of which one may be there.
    pub(super) fn one_of(&self, first: &str, second: &str) -> Result<(Option<&str>, Option<&str>), ApiError> {
        match (self.name(first)?, self.name(second)?) {
            (Some(_), Some(_)) => Err(bad_request(format!("name either `{first}` or `{second}`, not both"))),
            either => Ok(either),
        }
    }
}
