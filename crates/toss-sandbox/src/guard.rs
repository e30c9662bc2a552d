//! Who may ask what. The sandbox has no passwords worth the name, and a browser sends requests on behalf of any page that
//! is open in it: a page of a stranger must not be able to reset a developer's sandbox, nor to read or cancel payments
//! with the secret key that the README prints.
//!
//! Programs send no `Origin` and may do everything. Of browsers' requests each class has its own rule, see [`Who`]; pages
//! that may ask are also let read the answer (CORS). And whoever asks has to call the sandbox by a name that cannot be a
//! stranger's, wherever it listens: a name that its owner makes point here would else count as the sandbox's own (DNS
//! rebinding).

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{error::ApiError, server::Address, world::World};

/// Whose pages may ask, where a page asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    /// Any: the real Toss serves its scripts to every shop, and they open their windows from there.
    Anyone,
    /// The sandbox's own: the window's forms, and what the window is made of. Links from elsewhere lead here all the same,
    /// for a browser names no origin where it follows one.
    TheSandbox,
    /// Those of this machine (the inspector, and shops under test on other ports) and of the host that is asked, on any port: the
    /// core API, which no page of a shop should call, the control API, and whatever is not named below.
    ThisMachine,
}

/// The scripts, and what they call to open a window.
const FOR_ANYONE: [&str; 4] = ["/v1/payment-widget", "/v2/standard", "/sandbox/window/payments", "/sandbox/window/billing-auths"];
/// The receipt, and what the pages of windows load.
const OF_THE_SANDBOX: [&str; 3] = ["/receipt/redirection", "/sandbox/assets/page.css", "/sandbox/assets/result.js"];

impl Who {
    fn may_ask(path: &str) -> Self {
        let is_checkout = path.starts_with("/v1/payments/") && path.ends_with("/checkout");
        if FOR_ANYONE.contains(&path) {
            Self::Anyone
        } else if path.starts_with("/sandbox/window/") || is_checkout || OF_THE_SANDBOX.contains(&path) {
            Self::TheSandbox
        } else {
            Self::ThisMachine
        }
    }
}

/// A middleware of everything.
pub(crate) async fn guard(State(world): State<World>, request: Request, next: Next) -> Response {
    let (headers, path) = (request.headers(), request.uri().path());
    let who = Who::may_ask(path);
    if let Err(why) = check(headers, who, world.address()) {
        return ApiError::other(StatusCode::FORBIDDEN, "FORBIDDEN_ORIGIN", why.clone(), why).into_response();
    }
    // The core API has Toss's own headers, which whoever was let in here may see.
    if who != Who::ThisMachine || path.starts_with("/v1/") {
        return next.run(request).await;
    }
    let origin = headers.get(header::ORIGIN).cloned();
    let is_preflight = request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight && origin.is_some() { preflight() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

/// Whoever may ask at all may ask anything in any way. There are no cookies, so nothing is said of credentials.
fn preflight() -> Response {
    let may = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, may).into_response()
}

fn check(headers: &HeaderMap, who: Who, address: &Address) -> Result<(), String> {
    let host = headers.get(header::HOST).map(|host| host.to_str().ok().and_then(authority));
    if let Some(host) = &host
        && !host.as_ref().is_some_and(|host| is_asked_by(host, address))
    {
        let name = host.as_ref().map_or("NAME", Authority::host);
        return Err(if address.is_local {
            format!("The sandbox listens on this machine alone: ask for it as 127.0.0.1 or localhost, or start it with --host-name {name}.")
        } else {
            format!(
                "Anybody could own this name: ask for the sandbox by its IP address or a name without a dot, or start it with --host-name {name}."
            )
        });
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).and_then(|(_, authority_text)| authority(authority_text));
    let host = host.flatten();
    let is_own = origin.is_some() && origin == host;
    // A page beside the sandbox, under the name by which the sandbox is asked: its host cannot be a stranger's either.
    let is_beside = |origin: &Authority| host.as_ref().is_some_and(|host| host.host().eq_ignore_ascii_case(origin.host()));
    match who {
        Who::Anyone => Ok(()),
        Who::TheSandbox if is_own => Ok(()),
        Who::TheSandbox => Err("Only the sandbox's own pages may ask for this. A link may lead here.".to_owned()),
        Who::ThisMachine if origin.is_some_and(|origin| is_here(&origin, &address.names) || is_beside(&origin)) => Ok(()),
        Who::ThisMachine => {
            Err("Pages of other machines may not drive the sandbox or call its API. Programs send no Origin header.".to_owned())
        }
    }
}

fn authority(text: &str) -> Option<Authority> {
    text.parse().ok().filter(|authority: &Authority| !authority.as_str().contains('@'))
}

/// What Docker calls the machine that it runs on; `.internal` is nobody's.
const DOCKER_HOST: &str = "host.docker.internal";

/// Whether the sandbox may be asked by that name: no stranger can make it point here.
fn is_asked_by(host: &Authority, address: &Address) -> bool {
    match ip(host) {
        // Whoever has reached a loopback listener has asked for a loopback address.
        Some(ip) => ip.is_loopback() || !address.is_local,
        // Without a dot it is a name of the local network, as containers have.
        None => is_here(host, &address.names) || !host.host().contains('.'),
    }
}

fn ip(authority: &Authority) -> Option<IpAddr> {
    authority.host().trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether a name means this machine wherever it is looked up, or because whoever started the sandbox has said so.
fn is_here(authority: &Authority, names: &[String]) -> bool {
    let name = authority.host().to_ascii_lowercase();
    let is_named = names.iter().any(|known| known.eq_ignore_ascii_case(&name));
    ip(authority).is_some_and(|ip| ip.is_loopback())
        || name == "localhost"
        || name.ends_with(".localhost")
        || name == DOCKER_HOST
        || is_named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(is_local: bool, names: &[&str]) -> Address {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Address { origin: "http://127.0.0.1:3100".to_owned(), is_local, names }
    }

    fn is_let_in(who: Who, host: &str, origin: Option<&str>, address: &Address) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        }
        check(&headers, who, address).is_ok()
    }

    const ALL: [Who; 3] = [Who::Anyone, Who::TheSandbox, Who::ThisMachine];

    #[test]
    fn every_path_has_its_class() {
        for (path, who) in [
            ("/v1/payment-widget", Who::Anyone),
            ("/v2/standard", Who::Anyone),
            ("/sandbox/window/payments", Who::Anyone),
            ("/sandbox/window/billing-auths", Who::Anyone),
            ("/sandbox/window/tsand20260801", Who::TheSandbox),
            ("/sandbox/window/tsand20260801/approve", Who::TheSandbox),
            ("/sandbox/window/payments/approve", Who::TheSandbox),
            ("/sandbox/window/billing/agree", Who::TheSandbox),
            ("/receipt/redirection", Who::TheSandbox),
            ("/v1/payments/tsand20260801/checkout", Who::TheSandbox),
            ("/v1/payments/confirm", Who::ThisMachine),
            ("/v1/payments/tsand20260801/cancel", Who::ThisMachine),
            ("/v1/transactions", Who::ThisMachine),
            ("/v1/payment-widget/", Who::ThisMachine),
            ("/sandbox/control/reset", Who::ThisMachine),
            ("/", Who::ThisMachine),
            ("/nowhere", Who::ThisMachine),
        ] {
            assert_eq!(Who::may_ask(path), who, "{path}");
        }
    }

    #[test]
    fn programs_and_pages_of_this_machine_are_let_in() {
        let here = address(true, &[]);
        for host in ["127.0.0.1:3100", "localhost:3100", "LOCALHOST", "[::1]:3100", "127.8.8.8", "shop.localhost:3100"] {
            assert!(ALL.iter().all(|who| is_let_in(*who, host, None, &here)), "{host}");
        }
        for origin in ["http://127.0.0.1:3000", "http://localhost:5173", "https://shop.localhost", "http://[::1]:3000"] {
            assert!(is_let_in(Who::ThisMachine, "127.0.0.1:3100", Some(origin), &here), "{origin}");
            assert!(!is_let_in(Who::TheSandbox, "127.0.0.1:3100", Some(origin), &here), "{origin}: another port is not the sandbox");
        }
        assert!(is_let_in(Who::TheSandbox, "127.0.0.1:3100", Some("http://127.0.0.1:3100"), &here));
    }

    #[test]
    fn pages_of_strangers_get_what_every_shop_gets_and_nothing_else() {
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
            for (host, address) in [("127.0.0.1:3100", address(true, &[])), ("sandbox:3100", address(false, &[]))] {
                assert!(is_let_in(Who::Anyone, host, Some(origin), &address), "{origin}");
                assert!(!is_let_in(Who::TheSandbox, host, Some(origin), &address), "{origin}");
                assert!(!is_let_in(Who::ThisMachine, host, Some(origin), &address), "{origin}");
            }
        }
    }

    #[test]
    fn a_strangers_name_for_this_machine_is_let_in_nowhere() {
        for (who, here) in ALL.into_iter().flat_map(|who| [true, false].map(|is_local| (who, address(is_local, &[])))) {
            assert!(!is_let_in(who, "evil.example:3100", None, &here), "{who:?}");
            assert!(!is_let_in(who, "evil.example:3100", Some("http://evil.example:3100"), &here), "{who:?}");
            assert!(!is_let_in(who, "not a host", None, &here), "{who:?}");
        }
    }

    #[test]
    fn a_name_that_the_sandbox_was_started_with_is_one_of_this_machine() {
        let named = address(true, &["toss.test"]);
        for who in ALL {
            assert!(is_let_in(who, "Toss.Test:3100", None, &named));
            assert!(!is_let_in(who, "sub.toss.test:3100", None, &named));
        }
        assert!(is_let_in(Who::ThisMachine, "127.0.0.1:3100", Some("http://toss.test:3000"), &named));
    }

    #[test]
    fn a_sandbox_on_any_address_is_asked_by_names_that_no_stranger_can_own() {
        let hosts = |is_local| {
            let address = address(is_local, &["toss.test"]);
            move |host: &str| ALL.iter().all(|who| is_let_in(*who, host, None, &address))
        };
        let (public, local) = (hosts(false), hosts(true));
        for host in ["127.0.0.1:3100", "[::1]", "localhost", "a.localhost:1", "sandbox:3100", "host.docker.internal:3100", "toss.test"] {
            assert!(public(host) && local(host), "{host}");
        }
        for host in ["192.168.0.7:3100", "10.0.0.1", "0.0.0.0:3100", "[fe80::1]:3100"] {
            assert!(public(host) && !local(host), "{host}: a loopback listener has another address");
        }
        for host in ["evil.example:3100", "evil.example.", "127.0.0.1.nip.io", "mac.local", "evil.internal", "a:b@sandbox", "", "a b"] {
            assert!(!public(host) && !local(host), "{host}");
        }
    }

    #[test]
    fn a_page_beside_the_sandbox_may_drive_it_under_the_name_that_is_asked() {
        let public = address(false, &[]);
        for (host, origin) in [
            ("sandbox:3100", "http://sandbox:3100"),
            ("sandbox:3100", "http://Sandbox:3000"),
            ("192.168.0.7:3100", "http://192.168.0.7:3000"),
            ("sandbox:3100", "http://host.docker.internal:3000"),
        ] {
            assert!(is_let_in(Who::ThisMachine, host, Some(origin), &public), "{origin} asks {host}");
            assert_eq!(is_let_in(Who::TheSandbox, host, Some(origin), &public), origin == "http://sandbox:3100", "{origin} asks {host}");
        }
        for (host, origin) in [("sandbox:3100", "http://other:3100"), ("192.168.0.7:3100", "http://192.168.0.8:3100")] {
            assert!(!is_let_in(Who::ThisMachine, host, Some(origin), &public), "{origin} asks {host}");
        }
    }

    #[test]
    fn whoever_is_refused_by_name_is_told_how_to_ask() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("toss.test:3100"));
        for is_local in [true, false] {
            let why = check(&headers, Who::Anyone, &address(is_local, &[])).err().unwrap_or_default();
            assert!(why.contains("--host-name toss.test."), "{why}");
        }
    }
}
