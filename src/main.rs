//! The checkout server: configuration, telemetry, run; or one of the operator's commands.

#[cfg(feature = "ssr")]
#[tokio::main]
async fn main() -> std::process::ExitCode {
    use std::io::Write as _;
    use toss_checkout::server::cli::{self, Asked};
    match cli::asked(std::env::args_os()) {
        Asked::Serve => {}
        Asked::Run(invocation) => return invocation.run().await,
        Asked::Said(code) => return code,
    }
    match serve().await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            let text = error.to_string();
            let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
            // Some errors name their cause themselves.
            let causes: String = causes.filter(|cause| !text.contains(cause)).map(|cause| format!(": {cause}")).collect();
            // Nothing is left to do about a standard error that is closed.
            let _ = writeln!(std::io::stderr(), "error: {text}{causes}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "ssr")]
async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    use toss_checkout::server::config::{Config, site_options};
    use toss_checkout::server::{Server, telemetry};

    let config = Config::from_environment()?;
    let site = site_options()?;
    telemetry::start(config.log, &config.warnings);
    let server = Server::bind(config, site, None).await?;
    telemetry::announce(&server);
    server.run(true, telemetry::stop_signal()).await;
    Ok(())
}

/// The front end has no program of its own; cargo-leptos and trunk build the library.
#[cfg(not(feature = "ssr"))]
fn main() {}
