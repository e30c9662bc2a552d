//! The offline Toss inside this process.

pub use toss_sandbox::Sandbox;

use crate::domain::routes;
use std::net::{IpAddr, SocketAddr};

/// Its secret key and its address, for whoever asks it beside the server that it runs in.
///
/// # Errors
/// In a build without it.
pub fn beside(addr: SocketAddr) -> Result<(&'static str, String), String> {
    Ok((toss_sandbox::SECRET_KEY, format!("http://{}", on_this_machine(addr))))
}

/// What listens on every address is called on this machine's own.
fn on_this_machine(addr: SocketAddr) -> SocketAddr {
    let host = if addr.ip().is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { addr.ip() };
    SocketAddr::new(host, addr.port())
}

/// Lets it tell the shop what happens, as Toss does.
///
/// # Errors
/// Why it does not, in one line.
pub fn tell(sandbox: &Sandbox, shop: SocketAddr) -> Result<(), String> {
    let url = format!("http://{}{}", on_this_machine(shop), routes::WEBHOOKS);
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
