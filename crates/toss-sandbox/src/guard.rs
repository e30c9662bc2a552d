//! Who may drive the control plane. It has no password, and a browser sends requests on behalf of any page that is open
//! in it: a page of a stranger must not be able to reset a developer's sandbox.
//!
//! Programs send no `Origin` and may do everything. A browser's request is answered only for pages of this machine
//! (the inspector, and shops under test on other ports) and for pages of the very host that is asked. While the sandbox
//! listens on this machine alone, the host has to be a name of this machine too, or else a stranger's name that is made
//! to point here would count as the very host (DNS rebinding). Listening on other addresses, it cannot know its names.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{error::ApiError, world::World};

pub(crate) async fn guard(State(world): State<World>, request: Request, next: Next) -> Response {
    match check(request.headers(), world.is_local()) {
        Ok(()) => next.run(request).await,
        Err(why) => ApiError::other(StatusCode::FORBIDDEN, "FORBIDDEN_ORIGIN", why, why).into_response(),
    }
}

fn check(headers: &HeaderMap, is_local: bool) -> Result<(), &'static str> {
    let host = headers.get(header::HOST).map(|host| host.to_str().ok().and_then(authority));
    if is_local && host.as_ref().is_some_and(|host| !host.as_ref().is_some_and(is_here)) {
        return Err("The sandbox listens on this machine alone: ask for it as 127.0.0.1 or localhost.");
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).and_then(|(_, authority_text)| authority(authority_text));
    let is_welcome = origin.is_some_and(|origin| is_here(&origin) || host == Some(Some(origin)));
    if is_welcome { Ok(()) } else { Err("Pages of other machines may not drive the sandbox. Programs send no Origin header.") }
}

fn authority(text: &str) -> Option<Authority> {
    text.parse().ok().filter(|authority: &Authority| !authority.as_str().contains('@'))
}

/// Whether a name means this machine wherever it is looked up.
fn is_here(authority: &Authority) -> bool {
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let name = host.to_ascii_lowercase();
    address.is_ok_and(|address| address.is_loopback()) || name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_let_in(host: &str, origin: Option<&str>, is_local: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        }
        check(&headers, is_local).is_ok()
    }

    #[test]
    fn programs_and_pages_of_this_machine_are_let_in() {
        for host in ["127.0.0.1:3100", "localhost:3100", "LOCALHOST", "[::1]:3100", "127.8.8.8", "shop.localhost:3100"] {
            assert!(is_let_in(host, None, true), "{host}");
        }
        for origin in ["http://127.0.0.1:3000", "http://localhost:5173", "https://shop.localhost", "http://[::1]:3000"] {
            assert!(is_let_in("127.0.0.1:3100", Some(origin), true), "{origin}");
        }
    }

    #[test]
    fn pages_of_strangers_are_not() {
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example:3100",
            "http://127.0.0.1@evil.example",
            "http://evil.example#127.0.0.1",
            "file://",
            "",
        ] {
            assert!(!is_let_in("127.0.0.1:3100", Some(origin), true), "{origin}");
            assert!(!is_let_in("sandbox:3100", Some(origin), false), "{origin}");
        }
    }

    #[test]
    fn a_strangers_name_for_this_machine_is_not_let_in() {
        assert!(!is_let_in("evil.example:3100", None, true));
        assert!(!is_let_in("evil.example:3100", Some("http://evil.example:3100"), true));
        assert!(!is_let_in("not a host", None, true));
    }

    #[test]
    fn on_a_public_address_the_name_that_is_asked_may_be_any() {
        assert!(is_let_in("sandbox:3100", None, false));
        assert!(is_let_in("sandbox:3100", Some("http://sandbox:3100"), false));
        assert!(!is_let_in("sandbox:3100", Some("http://other:3100"), false));
    }
}
