//! The log. It names orders by their ids, payments by the beginning of their keys, and shoppers not at all.

use super::start::Server;
use crate::domain::routes;
use std::io::Write as _;
use tracing::level_filters::LevelFilter;

/// Starts writing lines at `level` and above to standard error, `warnings` first.
pub fn start(level: LevelFilter, warnings: &[String]) {
    tracing_subscriber::fmt().with_max_level(level).with_target(false).with_writer(std::io::stderr).init();
    for warning in warnings {
        tracing::warn!("{warning}");
    }
}

/// Says where the shop is and what to do there, however little is logged.
pub fn announce(server: &Server) {
    let shop = format!("http://{}", server.addr);
    let text = match &server.sandbox {
        Some(sandbox) => {
            let how = "open the shop, agree to the terms, press the pay button and approve";
            format!("Shop:         {shop}{}\nOffline Toss: {}\n{how}", routes::CHECKOUT, sandbox.url())
        }
        None if server.context.config.is_live() => format!("Shop: {shop}{}, with live keys: real money moves", routes::CHECKOUT),
        None => format!("Shop: {shop}{}, with test keys", routes::CHECKOUT),
    };
    // Nothing is left to do about a standard error that is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Resolves when the process is asked to stop. Asked a second time, it stops at once: what is under way is looked up at the
/// next start.
pub async fn stop_signal() {
    signal().await;
    tracing::info!("stopping: answering what is under way; once more stops at once");
    tokio::spawn(async {
        signal().await;
        tracing::warn!("stopping at once; payments that are under way will be looked up at the next start");
        std::process::exit(130);
    });
}

async fn signal() {
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
}
