//! Brings a server up and takes it down again. Tests start the real thing with it, on port 0.

use super::config::{Config, MailConfig, RemoteToss, StoreConfig, TossConfig, origin_of};
use super::http::context::{Context, Health, TossWidget, Waits};
use super::http::listen::{self, Limits};
use super::http::session::Sessions;
use super::http::{Assets, metrics, router};
use super::mail::{MailCourier, MailSetupError};
use super::private_files::{self, SecretError};
use super::sandbox::{self, Sandbox};
use axum::Router;
use leptos::config::LeptosOptions;
use payment_engine::clock::{Clock, SystemClock};
use payment_engine::gateway::TossGateway;
use payment_engine::outbox::WebhookCourier;
use payment_engine::store::{Options, Postgres, Sqlite};
use payment_engine::{AccountError, Engine, Parts, Settings, StoreError};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use toss_payments::SecretKey;
use toss_widget::Sdk;

/// Why the server did not start, in one line.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store.
    #[error("{0}; set DATABASE_URL to a file on a local disk, or a PostgreSQL database, that can be written")]
    Store(#[from] StoreError),
    /// The store and the keys.
    #[error("the database that DATABASE_URL names and the keys that are set do not go together: {}", account_words(.0))]
    Account(AccountError),
    /// The sandbox.
    #[error("{0}")]
    Sandbox(String),
    /// The shop.
    #[error("the shop could not listen on {addr}: {cause}; set {variable} to a free address")]
    Listen {
        /// Where.
        addr: SocketAddr,
        /// What names it.
        variable: &'static str,
        /// Why.
        cause: std::io::Error,
    },
    /// The client that tells the merchant's system of orders.
    #[error("the client that tells of orders could not be set up: {0}")]
    Webhook(String),
    /// The way on which shoppers get their mails.
    #[error("{0}; or set MAIL_TRANSPORT=off")]
    Mail(#[from] MailSetupError),
    /// The client of Toss.
    #[error("the client for Toss could not be set up: {0}")]
    Toss(String),
    /// The secret of the sessions.
    #[error(transparent)]
    Session(#[from] SecretError),
    /// The front end.
    #[error("the front end's list of hashes could not be read: {0}; build with cargo leptos")]
    Assets(std::io::Error),
}

/// How long calls to Toss may take when the server is asked to stop: longer than the client waits for an answer.
pub(super) const LAST_CALLS: Duration = Duration::from_secs(70);

/// How long Toss's bodies are kept: longer than a year, for whoever closes the books of one.
const KEEP_ANSWERS: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// A server that listens and does not serve yet.
pub struct Server {
    /// What requests will share.
    pub context: Context,
    /// Where it listens, with the port that port 0 became.
    pub addr: SocketAddr,
    /// Where its figures are, where they are anywhere.
    pub metrics_addr: Option<SocketAddr>,
    /// The offline Toss, where it runs in this process.
    pub sandbox: Option<Sandbox>,
    listener: TcpListener,
    metrics: Option<TcpListener>,
}

impl Server {
    /// Opens the store, starts the sandbox, listens. Without a clock it goes by the store's.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn bind(config: Config, site: LeptosOptions, clock: Option<Arc<dyn Clock>>) -> Result<Server, StartError> {
        // Pages are rendered on this runtime. An `Err` says that an earlier server of the process has set it.
        let _ = any_spawner::Executor::init_tokio();
        let secret = private_files::session_secret(&config.session)?;
        let store = open_store(&config.store).await?;
        let (remote, sandbox) = match &config.toss {
            TossConfig::Remote(remote) => (remote.clone(), None),
            TossConfig::Sandbox(addr) => {
                let sandbox = sandbox::start(*addr).await.map_err(StartError::Sandbox)?;
                (remote_of(&sandbox, config.sdk)?, Some(sandbox))
            }
        };
        let parts = parts(&config, store, remote.secret_key.clone(), &remote.api_url, clock)?;
        let engine = Engine::start(parts).await?;
        // What is not named any more has no limit.
        let named = |sku: &str| config.merchant.stock.iter().find(|(known, _)| known == sku).map(|(_, total)| *total);
        let before: BTreeSet<String> = engine.stock().await?.into_iter().map(|level| level.sku).collect();
        for sku in before.iter().chain(config.merchant.stock.iter().map(|(sku, _)| sku)) {
            engine.set_stock(sku, named(sku)).await?;
        }
        let (listener, addr) = listen_at(site.site_addr, "LEPTOS_SITE_ADDR").await?;
        if let Some(sandbox) = &sandbox {
            sandbox::tell(sandbox, addr).map_err(StartError::Sandbox)?;
        }
        let metrics = match config.metrics {
            Some(addr) => Some(listen_at(addr, "METRICS_ADDR").await?),
            None => None,
        };
        let (metrics, metrics_addr) = metrics.map_or((None, None), |(listener, addr)| (Some(listener), Some(addr)));
        let context = Context {
            assets: Arc::new(Assets::find(&site).map_err(StartError::Assets)?),
            sessions: Arc::new(Sessions::new(secret, config.http.is_https())),
            config: Arc::new(config),
            site: Arc::new(site),
            engine,
            toss: Arc::new(TossWidget {
                client_key: remote.client_key.as_str().to_owned(),
                url: remote.widget_url,
                is_sandbox: sandbox.is_some(),
            }),
            waits: Waits::default(),
            health: Health::default(),
        };
        Ok(Server { context, addr, metrics_addr, sandbox, listener, metrics })
    }

    /// The routes, for tests that call them without a socket.
    pub fn router(&self) -> Router {
        router(self.context.clone())
    }

    /// Serves until `stop` resolves, then answers what is under way, lets calls to Toss end, and closes the store.
    /// `works` is for production; tests do the engine's work when they want to.
    pub async fn run(self, works: bool, stop: impl Future<Output = ()> + Send + 'static) {
        let router = self.router();
        let stopping = CancellationToken::new();
        let engine = self.context.engine.clone();
        let work = works.then(|| {
            tokio::spawn({
                let (engine, stopping) = (engine.clone(), stopping.clone());
                async move { engine.work(stopping.cancelled_owned()).await }
            })
        });
        tokio::spawn({
            let stopping = stopping.clone();
            async move {
                stop.await;
                stopping.cancel();
            }
        });
        let http = &self.context.config.http;
        let limits = Limits {
            max_connections: http.max_connections,
            max_connections_per_address: http.max_connections_per_address,
            ..Limits::default()
        };
        if let Some(listener) = self.metrics {
            tokio::spawn(listen::serve(listener, metrics(engine.clone()), Limits::default(), stopping.clone()));
        }
        listen::serve(self.listener, router, limits, stopping).await;
        if let Some(work) = work {
            match tokio::time::timeout(LAST_CALLS, work).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "the work that goes on by itself broke off"),
                Err(_) => tracing::error!("the work that goes on by itself did not end in time"),
            }
        }
        if !engine.close(LAST_CALLS).await {
            tracing::error!("a call to Toss did not end in time; it will be looked up at the next start");
        }
    }
}

impl From<AccountError> for StartError {
    fn from(error: AccountError) -> StartError {
        match error {
            AccountError::Store(error) => StartError::Store(error),
            AccountError::AnotherMode { .. } | AccountError::Unproven { .. } | AccountError::UnknownKey | AccountError::NotAsked(_) => {
                StartError::Account(error)
            }
        }
    }
}

/// What the engine of this shop is made of, for the server and for the commands beside it: whoever changes an order tells of it on
/// the same ways.
pub(super) fn parts(
    config: &Config,
    store: Opened,
    secret_key: SecretKey,
    api_url: &str,
    clock: Option<Arc<dyn Clock>>,
) -> Result<Parts, StartError> {
    let clock = clock.unwrap_or_else(|| store.clock());
    let gateway = TossGateway::new(secret_key, api_url).map_err(|error| StartError::Toss(error.to_string()))?;
    let gateway = match &config.toss {
        TossConfig::Sandbox(_) => gateway.sandbox().map_err(|error| StartError::Toss(error.to_string()))?,
        TossConfig::Remote(_) => gateway,
    };
    let merchant = &config.merchant;
    let settings = Settings::default()
        .expire_after(config.orders.expire_after)
        .is_same_account(config.orders.is_same_account)
        .hold(merchant.hold)
        .books_every(merchant.books_every)
        .forget_after(merchant.forget_unpaid_after, merchant.forget_paid_after, KEEP_ANSWERS);
    let parts = match store {
        Opened::Sqlite(store) => Parts::new(store, gateway),
        Opened::Postgres(store) => Parts::new(store, gateway),
    };
    let mut parts = parts.clock(clock.clone()).settings(settings);
    if let Some((url, secret)) = &merchant.webhook {
        let courier = WebhookCourier::new(url.clone(), secret.clone()).map_err(|error| StartError::Webhook(error.to_string()))?;
        parts = parts.courier(courier.clock(clock.clone()));
    }
    if let MailConfig::On { transport, from } = &config.mail {
        parts = parts.courier(MailCourier::new(transport, from.clone(), &config.http.public_url, clock)?);
    }
    Ok(parts)
}

/// The engine's reasons, by the names that the settings have here.
fn account_words(error: &AccountError) -> String {
    match error {
        AccountError::Unproven { open_ends, reason } => format!(
            "{open_ends} payments in it are undecided or wait for a deposit, and the secret key that is set has not proved to be of the \
             same account: {reason}. Set the keys of before until these payments are decided, or TOSS_SAME_ACCOUNT=yes if you know that it is"
        ),
        AccountError::AnotherMode { .. } | AccountError::UnknownKey | AccountError::NotAsked(_) | AccountError::Store(_) => {
            error.to_string()
        }
    }
}

async fn listen_at(addr: SocketAddr, variable: &'static str) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |cause| StartError::Listen { addr, variable, cause };
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    Ok((listener, addr))
}

/// Where orders are kept, ready to be used.
pub(super) enum Opened {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Opened {
    /// That of the database where several servers share one.
    fn clock(&self) -> Arc<dyn Clock> {
        match self {
            Opened::Sqlite(_) => Arc::new(SystemClock),
            Opened::Postgres(store) => store.clock(),
        }
    }
}

pub(super) async fn open_store(config: &StoreConfig) -> Result<Opened, StartError> {
    match config {
        StoreConfig::Sqlite { path, create } => {
            match private_files::secure_database(path) {
                Ok(warning) => warning.iter().for_each(|warning| tracing::warn!("{warning}")),
                Err(cause) => return Err(StartError::Store(StoreError::new("making the database private", cause))),
            }
            Ok(Opened::Sqlite(Sqlite::open(&Options::at(path).create(*create)).await?))
        }
        StoreConfig::Postgres(options) => Ok(Opened::Postgres(Postgres::connect(options).await?)),
    }
}

/// The sandbox serves each script under the path that it has at Toss.
fn remote_of(sandbox: &Sandbox, sdk: Sdk) -> Result<RemoteToss, StartError> {
    let failed = |error: &dyn std::fmt::Display| StartError::Toss(error.to_string());
    Ok(RemoteToss {
        client_key: toss_payments::ClientKey::parse(sandbox.client_key()).map_err(|error| failed(&error))?,
        secret_key: SecretKey::parse(sandbox.secret_key()).map_err(|error| failed(&error))?,
        api_url: sandbox.url(),
        widget_url: sdk.default_src().replacen(origin_of(sdk.default_src()), &sandbox.url(), 1),
    })
}
