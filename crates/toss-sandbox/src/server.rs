//! The listener: an accept loop of our own, because a fault has to be able to reset a TCP connection.

use std::{convert::Infallible, future::pending, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::{JoinHandle, JoinSet},
};

use crate::{
    config::{BadKeys, Config},
    control::Control,
    routes,
    state_file::{BadState, Saver, StateFile},
    webhook::{self, BadSetup},
    world::World,
};

/// A running sandbox. Dropping it stops it.
///
/// ```
/// use toss_sandbox::{Config, NewPayment, Sandbox};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start(Config::default()).await?;
/// assert!(sandbox.url().starts_with("http://127.0.0.1:"));
/// // Your shop gets the address and the keys, and this is how a test looks on.
/// sandbox.control().authenticate(NewPayment::new("order-0001", "책", 12_000))?;
/// assert_eq!(sandbox.control().payments().len(), 1);
/// sandbox.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Sandbox {
    addr: SocketAddr,
    client_key: String,
    secret_key: String,
    control: Control,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The keys are not a pair of widget test keys.
    #[error(transparent)]
    BadKeys(#[from] BadKeys),
    /// A webhook URL or the security key is not as it has to be.
    #[error(transparent)]
    BadWebhooks(#[from] BadSetup),
    /// The state file cannot be gone on with.
    #[error(transparent)]
    BadState(#[from] BadState),
    /// The address cannot be listened on.
    #[error("cannot listen on {addr}")]
    Listen {
        /// The configured address.
        addr: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

impl Sandbox {
    /// Listens and serves until it is shut down or dropped. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`StartError`], when the keys are not test keys of a widget, a webhook cannot be sent as configured, the state file
    /// cannot be gone on with, or the address cannot be listened on.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let merchants = config.merchants()?;
        let webhooks = webhook::Setup::new(&config.webhooks, config.allow_remote_webhooks, &config.security_key)?;
        let (file, earlier) = match &config.state {
            Some(path) => StateFile::open(path, &merchants).map(|(file, earlier)| (Some(file), earlier))?,
            None => (None, None),
        };
        let failed = |source| StartError::Listen { addr: config.addr, source };
        let listener = TcpListener::bind(config.addr).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let world =
            World::new(Address::of(addr, config.host_names), merchants, config.clock, config.limits, config.choices, webhooks, config.seed);
        if let Some((clock, state)) = earlier {
            world.resume(clock, state).map_err(BadSetup::Target)?;
        }
        let (stop, stopped) = oneshot::channel();
        let mut router = routes::router(world.clone());
        let saver = match file {
            Some(file) => Some(Saver::start(file, &world).await?),
            None => None,
        };
        if let Some(saver) = &saver {
            router = saver.saving().before_every_answer(router);
        }
        Ok(Self {
            addr,
            client_key: config.client_key,
            secret_key: config.secret_key,
            control: Control::new(world.clone()),
            stop: Some(stop),
            task: tokio::spawn(serve_until(listener, router, world, saver, stopped)),
        })
    }

    /// Where it is reached, without a slash at the end: `http://127.0.0.1:3100`.
    pub fn url(&self) -> String {
        Address::of(self.addr, Vec::new()).origin
    }

    /// The address it listens on, with the port that port 0 became.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The client key for the browser.
    pub fn client_key(&self) -> &str {
        &self.client_key
    }

    /// The secret key for the shop's server.
    pub fn secret_key(&self) -> &str {
        &self.secret_key
    }

    /// The handle by which tests look and interfere. Cheap to clone, outlives the sandbox.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Stops listening and drops every connection, hanging ones too. When it returns, the port is free, and the state
    /// file, if there is one, is as the sandbox ended.
    pub async fn shutdown(mut self) {
        // An error of either means that the loop has ended already, which is what is wanted.
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Where a sandbox is reached.
pub(crate) struct Address {
    /// As a browser on this machine writes it.
    pub(crate) origin: String,
    /// Whether no other machine reaches it.
    pub(crate) is_local: bool,
    /// Names of this machine that only whoever started the sandbox knows.
    pub(crate) names: Vec<String>,
}

impl Address {
    fn of(mut addr: SocketAddr, names: Vec<String>) -> Self {
        let is_local = addr.ip().is_loopback();
        if addr.ip().is_unspecified() {
            addr.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        Self { origin: format!("http://{addr}"), is_local, names }
    }
}

/// The TCP connection on which a request came in.
#[derive(Clone, Default)]
pub(crate) struct Line {
    reset: Arc<Notify>,
}

impl Line {
    /// Resets the connection. The caller's future is dropped on the way.
    pub(crate) async fn reset(&self) -> Infallible {
        self.reset.notify_one();
        pending().await
    }
}

/// Answers and sends webhooks until it is stopped; both end together.
async fn serve_until(listener: TcpListener, router: Router, world: World, saver: Option<Saver>, stopped: oneshot::Receiver<()>) {
    let saving = saver.as_ref().map(Saver::saving);
    tokio::select! {
        () = accept(listener, router, stopped) => {}
        () = webhook::run(world, saving) => {}
        () = keep(saver.as_ref()) => {}
    }
    if let Some(saver) = saver {
        saver.finish().await;
    }
}

async fn keep(saver: Option<&Saver>) {
    match saver {
        Some(saver) => saver.run().await,
        None => pending().await,
    }
}

async fn accept(listener: TcpListener, router: Router, mut stopped: oneshot::Receiver<()>) {
    // Dropped with this future, and every connection with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            // Collects the finished ones, so that the set does not grow.
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, router.clone()));
                }
                // Out of descriptors, or the peer has gone: neither ends the sandbox.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
        }
    }
}

async fn serve(stream: TcpStream, router: Router) {
    let line = Line::default();
    let service = OnLine { line: line.clone(), inner: TowerToHyperService::new(router) };
    // Failing to switch delays off costs milliseconds, nothing else.
    let _ = stream.set_nodelay(true);
    let mut connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // How a connection ends is the client's business.
        _ = &mut connection => return,
        () = line.reset.notified() => {}
    }
    let stream = connection.into_parts().io.into_inner();
    // With zero linger the close is a reset. If that fails, the client sees an early end instead.
    let _ = stream.set_zero_linger();
}

/// The router, with the connection handed to every request.
struct OnLine {
    line: Line,
    inner: TowerToHyperService<Router>,
}

impl Service<Request<Incoming>> for OnLine {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.line.clone());
        self.inner.call(request)
    }
}
