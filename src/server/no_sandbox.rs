//! A build without the offline Toss: it refuses to start without keys.

use std::net::SocketAddr;

/// There is none.
#[derive(Debug)]
pub enum Sandbox {}

impl Sandbox {
    /// Where it is reached.
    #[must_use]
    pub fn url(&self) -> String {
        match *self {}
    }

    /// The client key for the browser.
    #[must_use]
    pub fn client_key(&self) -> &str {
        match *self {}
    }

    /// The secret key for the shop's server.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        match *self {}
    }
}

/// Refuses.
///
/// # Errors
/// Always, with what to do about it.
pub async fn start(_: SocketAddr) -> Result<Sandbox, String> {
    Err(NONE.to_owned())
}

/// Refuses.
///
/// # Errors
/// Always, with what to do about it.
pub fn beside(_: SocketAddr) -> Result<(&'static str, String), String> {
    Err(NONE.to_owned())
}

/// There is nobody who could tell.
///
/// # Errors
/// None: there is no sandbox to be called with.
pub fn tell(sandbox: &Sandbox, _: SocketAddr) -> Result<(), String> {
    match *sandbox {}
}

const NONE: &str = "this build has no sandbox: set TOSS_CLIENT_KEY and TOSS_SECRET_KEY, or build with the feature sandbox";
