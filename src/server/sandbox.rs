//! The offline Toss inside this process.

pub use toss_sandbox::Sandbox;

use std::net::SocketAddr;

/// Starts it on an origin of its own.
///
/// # Errors
/// What to do about it, in one line.
pub async fn start(addr: SocketAddr) -> Result<Sandbox, String> {
    let config = toss_sandbox::Config { addr, ..toss_sandbox::Config::default() };
    Sandbox::start(config).await.map_err(|error| format!("the sandbox did not start: {error}; set SANDBOX_ADDR to a free address"))
}
