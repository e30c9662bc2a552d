//! Who may ask what. The sandbox has no passwords worth the name, and a browser sends requests on behalf of any page that
//! is open in it: a page of a stranger must not be able to reset a developer's sandbox, nor to read or cancel payments
//! with the secret key that the README prints.
//!
//! Programs send no `Origin` and may do everything. Of browsers' requests each class has its own rule, see [`Who`]. And
//! while the sandbox listens on this machine alone, whoever asks has to call it by a name of this machine, or else a
//! stranger's name that is made to point here would count as the sandbox's own (DNS rebinding). Listening on other
//! addresses, it cannot know its names.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, uri::Authority},
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
    /// Those of this machine (the inspector, and shops under test on other ports) and of the very host that is asked: the
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
    match check(request.headers(), Who::may_ask(request.uri().path()), world.address()) {
        Ok(()) => next.run(request).await,
        Err(why) => ApiError::other(StatusCode::FORBIDDEN, "FORBIDDEN_ORIGIN", why, why).into_response(),
    }
}

fn check(headers: &HeaderMap, who: Who, address: &Address) -> Result<(), &'static str> {
    let is_here = |authority: &Authority| is_here(authority, &address.names);
    let host = headers.get(header::HOST).map(|host| host.to_str().ok().and_then(authority));
    if address.is_local && host.as_ref().is_some_and(|host| !host.as_ref().is_some_and(is_here)) {
        return Err("The sandbox listens on this machine alone: ask for it as 127.0.0.1 or localhost, or start it with --host-name NAME.");
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).and_then(|(_, authority_text)| authority(authority_text));
    let is_own = origin.is_some() && host == Some(origin.clone());
    match who {
        Who::Anyone => Ok(()),
        Who::TheSandbox if is_own => Ok(()),
        Who::TheSandbox => Err("Only the sandbox's own pages may ask for this. A link may lead here."),
        Who::ThisMachine if is_own || origin.as_ref().is_some_and(is_here) => Ok(()),
        Who::ThisMachine => Err("Pages of other machines may not drive the sandbox or call its API. Programs send no Origin header."),
    }
}

fn authority(text: &str) -> Option<Authority> {
    text.parse().ok().filter(|authority: &Authority| !authority.as_str().contains('@'))
}

/// Whether a name means this machine wherever it is looked up, or because whoever started the sandbox has said so.
fn is_here(authority: &Authority, names: &[String]) -> bool {
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let name = host.to_ascii_lowercase();
    let is_named = names.iter().any(|known| known.eq_ignore_ascii_case(&name));
    address.is_ok_and(|address| address.is_loopback()) || name == "localhost" || name.ends_with(".localhost") || is_named
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
        let here = address(true, &[]);
        for who in ALL {
            assert!(!is_let_in(who, "evil.example:3100", None, &here), "{who:?}");
            assert!(!is_let_in(who, "evil.example:3100", Some("http://evil.example:3100"), &here), "{who:?}");
            assert!(!is_let_in(who, "not a host", None, &here), "{who:?}");
        }
    }

    #[test]
    fn a_name_that_the_sandbox_was_started_with_is_one_of_this_machine() {
        let named = address(true, &["host.docker.internal"]);
        for who in ALL {
            assert!(is_let_in(who, "Host.Docker.Internal:3100", None, &named));
            assert!(!is_let_in(who, "docker.internal:3100", None, &named));
        }
        assert!(is_let_in(Who::ThisMachine, "127.0.0.1:3100", Some("http://host.docker.internal:3000"), &named));
    }

    #[test]
    fn on_a_public_address_the_name_that_is_asked_may_be_any() {
        let public = address(false, &[]);
        for who in ALL {
            assert!(is_let_in(who, "sandbox:3100", None, &public));
            assert!(is_let_in(who, "sandbox:3100", Some("http://sandbox:3100"), &public));
        }
        assert!(!is_let_in(Who::ThisMachine, "sandbox:3100", Some("http://other:3100"), &public));
    }
}
