//! The log. It names orders by their ids, payments by the beginning of their keys, and shoppers not at all.

use super::Server;
use tracing::level_filters::LevelFilter;

/// Starts writing lines at `level` and above to standard error.
pub fn start(level: LevelFilter) {
    tracing_subscriber::fmt().with_max_level(level).with_target(false).with_writer(std::io::stderr).init();
}

/// Says where the shop is and what to do there.
pub fn announce(server: &Server) {
    let shop = format!("http://{}", server.addr);
    match &server.sandbox {
        Some(sandbox) => tracing::info!(
            "shop {shop} · offline Toss {} · open {shop}/checkout, agree to the terms and press the pay button",
            sandbox.url()
        ),
        None => tracing::info!(
            "shop {shop} · Toss {}",
            if server.context.config.is_live() { "with live keys: real money moves" } else { "with test keys" }
        ),
    }
}

/// Resolves when the process is asked to stop.
pub async fn stop_signal() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl-C cannot be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping: answering what is under way");
}
