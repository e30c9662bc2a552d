//! The offline Toss inside this process.

pub use toss_sandbox::Sandbox;

use crate::domain::routes;
use std::net::SocketAddr;

/// Lets it tell the shop what happens, as Toss does.
///
/// # Errors
/// Why it does not, in one line.
pub fn tell(sandbox: &Sandbox, shop: SocketAddr) -> Result<(), String> {
    // A shop that listens on every address is called on this machine's own.
    let host = if shop.ip().is_unspecified() { std::net::IpAddr::from([127, 0, 0, 1]) } else { shop.ip() };
    let url = format!("http://{}{}", SocketAddr::new(host, shop.port()), routes::WEBHOOKS);
    sandbox
        .control()
        .register_webhook(&toss_sandbox::Registration::new(url))
        .map_err(|error| format!("the sandbox cannot tell the shop: {error}"))
}

/// Starts it on an origin of its own.
///
/// # Errors
/// What to do about it, in one line.
pub async fn start(addr: SocketAddr) -> Result<Sandbox, String> {
    let config = toss_sandbox::Config { addr, ..toss_sandbox::Config::default() };
    Sandbox::start(config).await.map_err(|error| format!("the sandbox did not start: {error}; set SANDBOX_ADDR to a free address"))
}
