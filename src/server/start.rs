//! Brings a server up and takes it down again. Tests start the real thing with it, on port 0.

use super::assets::Assets;
use super::clock::Clock;
use super::config::{Config, RemoteToss, SessionConfig, StoreConfig, TossConfig, origin_of};
use super::context::{Changes, Context};
use super::session::Sessions;
use super::store::{Sqlite, Store, StoreError};
use super::toss::Toss;
use super::{reconciler, router};
use axum::Router;
use leptos::config::LeptosOptions;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use toss_sandbox::Sandbox;
use toss_widget::Sdk;

/// Why the server did not start, in one line.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store.
    #[error("{0}; set DATABASE_URL to a file on a local disk that can be written and belongs to these keys")]
    Store(#[from] StoreError),
    /// The sandbox.
    #[error("the sandbox did not start: {0}; set SANDBOX_ADDR to a free address")]
    Sandbox(toss_sandbox::StartError),
    /// The shop.
    #[error("the shop could not listen on {addr}: {cause}; set LEPTOS_SITE_ADDR to a free address")]
    Listen {
        /// Where.
        addr: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// The client of Toss.
    #[error("the client for Toss could not be set up: {0}")]
    Toss(String),
    /// The secret of the sessions.
    #[error("the session secret could not be kept in {path}: {cause}; set SESSION_SECRET")]
    Session {
        /// Where.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The front end.
    #[error("the front end's list of hashes could not be read: {0}; build with cargo leptos")]
    Assets(std::io::Error),
}

/// How long connections may take to end once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How long calls to Toss may take then: longer than the client waits for an answer.
const LAST_CALLS: Duration = Duration::from_secs(70);

/// A running server.
pub struct Server {
    /// What its requests share.
    pub context: Context,
    /// Where it listens.
    pub addr: SocketAddr,
    /// The offline Toss, when it runs in this process.
    pub sandbox: Option<Sandbox>,
    listener: TcpListener,
}

impl Server {
    /// Opens the store, starts the sandbox where one is wanted, and listens. Requests wait until [`Server::run`].
    ///
    /// # Errors
    /// The first thing that does not work.
    pub async fn bind(config: Config, site: LeptosOptions, clock: Arc<dyn Clock>) -> Result<Server, StartError> {
        // Pages are rendered on this runtime. An `Err` says that an earlier server of the process has set it.
        let _ = any_spawner::Executor::init_tokio();
        let secret = session_secret(&config.session)?;
        let (store, sandbox) = tokio::try_join!(open_store(&config), start_sandbox(&config.toss))?;
        let toss = match (&config.toss, &sandbox) {
            (TossConfig::Remote(remote), _) => Toss::new(remote, false),
            (TossConfig::Sandbox(_), Some(sandbox)) => Toss::new(&remote_of(sandbox, config.sdk)?, true),
            (TossConfig::Sandbox(_), None) => return Err(StartError::Toss("the sandbox is not running".to_owned())),
        };
        let listener = TcpListener::bind(site.site_addr).await.map_err(|cause| StartError::Listen { addr: site.site_addr, cause })?;
        let addr = listener.local_addr().map_err(|cause| StartError::Listen { addr: site.site_addr, cause })?;
        let context = Context {
            assets: Arc::new(Assets::find(&site).map_err(StartError::Assets)?),
            sessions: Arc::new(Sessions::new(secret, config.http.is_https())),
            config: Arc::new(config),
            site: Arc::new(site),
            store,
            toss: Arc::new(toss.map_err(|error| StartError::Toss(error.to_string()))?),
            clock,
            changes: Changes::default(),
            calls: TaskTracker::new(),
            reconcile_now: Arc::default(),
        };
        Ok(Server { context, addr, sandbox, listener })
    }

    /// The routes, for tests that call them without a socket.
    pub fn router(&self) -> Router {
        router::router(self.context.clone())
    }

    /// Serves until `stop` resolves, then answers what is under way, lets calls to Toss end, and closes the store.
    /// `reconcile` is for production; tests reconcile when they want to.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn run(self, reconcile: bool, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let router = self.router();
        let stopping = CancellationToken::new();
        let reconciler = reconcile.then(|| tokio::spawn(reconciler::run(self.context.clone(), stopping.clone())));
        tokio::spawn({
            let stopping = stopping.clone();
            async move {
                stop.await;
                stopping.cancel();
            }
        });
        let serve = axum::serve(self.listener, router).with_graceful_shutdown(stopping.clone().cancelled_owned());
        let drained = async {
            stopping.cancelled().await;
            tokio::time::sleep(DRAIN).await;
        };
        let served = tokio::select! {
            served = serve => served,
            () = drained => {
                tracing::warn!("some connections did not end in time; leaving them");
                Ok(())
            }
        };
        stopping.cancel();
        self.context.calls.close();
        let last_calls = async {
            self.context.calls.wait().await;
            if let Some(reconciler) = reconciler
                && let Err(error) = reconciler.await
            {
                tracing::error!(%error, "the reconciler broke off");
            }
        };
        if tokio::time::timeout(LAST_CALLS, last_calls).await.is_err() {
            tracing::error!("a call to Toss did not end in time; it will be looked up at the next start");
        }
        self.context.store.close().await;
        served
    }
}

async fn open_store(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    match &config.store {
        StoreConfig::Sqlite(path) => Ok(Arc::new(Sqlite::open(path, &config.toss.account()).await?)),
    }
}

async fn start_sandbox(config: &TossConfig) -> Result<Option<Sandbox>, StartError> {
    match config {
        TossConfig::Remote(_) => Ok(None),
        TossConfig::Sandbox(addr) => {
            let config = toss_sandbox::Config { addr: *addr, ..toss_sandbox::Config::default() };
            Sandbox::start(config).await.map(Some).map_err(StartError::Sandbox)
        }
    }
}

/// The sandbox serves each script under the path that it has at Toss.
fn remote_of(sandbox: &Sandbox, sdk: Sdk) -> Result<RemoteToss, StartError> {
    let failed = |error: &dyn std::fmt::Display| StartError::Toss(error.to_string());
    Ok(RemoteToss {
        client_key: toss_payments::ClientKey::parse(sandbox.client_key()).map_err(|error| failed(&error))?,
        secret_key: toss_payments::SecretKey::parse(sandbox.secret_key()).map_err(|error| failed(&error))?,
        api_url: sandbox.url(),
        widget_url: sdk.default_src().replacen(origin_of(sdk.default_src()), &sandbox.url(), 1),
    })
}

/// The secret that was set, or one that is made at the first start and kept beside the database, readable by its owner.
fn session_secret(config: &SessionConfig) -> Result<Vec<u8>, StartError> {
    match config {
        SessionConfig::Secret(secret) => Ok(secret.clone()),
        SessionConfig::File(path) => keep_secret(path).map_err(|cause| StartError::Session { path: path.display().to_string(), cause }),
    }
}

fn keep_secret(path: &Path) -> std::io::Result<Vec<u8>> {
    const BYTES: usize = 32;
    match std::fs::read(path) {
        Ok(secret) if secret.len() == BYTES => return Ok(secret),
        Ok(_) => return Err(std::io::Error::other(format!("the file does not hold {BYTES} bytes; delete it"))),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        Err(_) => {}
    }
    let mut secret = vec![0; BYTES];
    getrandom::fill(&mut secret).expect("invariant: the operating system has random numbers");
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(&secret)?;
    Ok(secret)
}
