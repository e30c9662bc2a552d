//! The connections to a database: so many and no more, made where one is needed, and kept for the next.
//!
//! A small pool of our own, since what the known ones share out is a client whose connection a task of its own moves, and what is asked
//! of this one is more than lending. Whatever ends a transaction but a commit or a rollback that worked costs the connection. One that is
//! lost costs all that wait beside it, since they lead to the same server. And where a database has several hosts, the one is looked for
//! that can be written to, beginning with the one that could last.

use super::address::{Address, Host};
use super::connection::{Answer, PgConnection, TO_READ};
use super::fault::Fault;
use super::rows::get;
use super::tls::Tls;
use crate::random::{OsRandom, word};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::types::Type;

/// How long a call waits for a connection, and for a server that takes one.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections are made anew now and then, so that a database that has moved is found.
const LONGEST_LIFE: Duration = Duration::from_secs(30 * 60);
/// How long a host may take where there is another one.
const CONNECT: Duration = Duration::from_secs(2);
/// Between two looks for a server that takes connections.
const PAUSE: Duration = Duration::from_millis(50);
/// A peer that has vanished without a word is found out within this time.
const SILENCE: Duration = Duration::from_secs(10);

/// What holds for each session from its beginning. It has a name besides that nobody else can have, so that whoever finds it in his session
/// knows that no pooler stands between.
const SESSION: &str = "-c default_transaction_isolation=read\\ committed -c lock_timeout=5s -c statement_timeout=20s \
                       -c idle_in_transaction_session_timeout=20s";

#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    address: Address,
    tls: Tls,
    most: u32,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<PgConnection>>,
    /// Which host was the right one last.
    last: AtomicUsize,
    /// Whether a pooler was met that lets nobody say how a session begins.
    is_shared: AtomicBool,
}

/// A connection that is lent, and comes back if it can be used by somebody else.
pub(super) struct Lent {
    connection: Option<PgConnection>,
    pool: Pool,
    _place: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(address: Address, tls: Tls, most: u32) -> Pool {
        let places = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)));
        let (idle, last, is_shared) = (Mutex::default(), AtomicUsize::new(0), AtomicBool::new(false));
        Pool(Arc::new(Shared { address, tls, most, places, idle, last, is_shared }))
    }

    /// How many connections there may be.
    pub(super) fn most(&self) -> u32 {
        self.0.most
    }

    pub(super) async fn lend(&self) -> Result<Lent, Fault> {
        let until = Instant::now() + PATIENCE;
        let place = tokio::time::timeout(PATIENCE, self.0.places.clone().acquire_owned()).await;
        let place = place.map_err(|_| Fault::Unable(format!("none of {} connections became free in time", self.0.most)))?;
        let place = place.map_err(|_| Fault::Unable("the store has been closed".to_owned()))?;
        let connection = match self.idle() {
            Some(connection) => connection,
            None => self.connect(until).await?,
        };
        Ok(Lent { connection: Some(connection), pool: self.clone(), _place: place })
    }

    /// One that waits and can be used.
    fn idle(&self) -> Option<PgConnection> {
        loop {
            let mut waiting = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if waiting.age() < LONGEST_LIFE && waiting.is_alive() {
                return Some(waiting);
            }
        }
    }

    async fn connect(&self, until: Instant) -> Result<PgConnection, Fault> {
        let hosts = &self.0.address.hosts;
        loop {
            let (mut told, mut is_final) = (Vec::new(), true);
            let first = self.0.last.load(Ordering::Relaxed);
            for at in (first..first + hosts.len()).map(|at| at % hosts.len()) {
                let Some(host) = hosts.get(at) else { continue };
                match self.connect_to(host, until).await {
                    Ok(connection) => {
                        self.0.last.store(at, Ordering::Relaxed);
                        return Ok(connection);
                    }
                    Err(Unfit { why, passes }) => {
                        is_final &= !passes;
                        told.push(format!("{host}: {why}"));
                    }
                }
            }
            if is_final || Instant::now() + PAUSE >= until {
                return Err(Fault::Unable(told.join("; ")));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn connect_to(&self, host: &Host, until: Instant) -> Result<PgConnection, Unfit> {
        let usual = if self.0.address.hosts.len() > 1 { CONNECT } else { PATIENCE };
        let left = until.saturating_duration_since(Instant::now());
        // Whoever is late looks once all the same.
        let patience = self.0.address.connect_timeout.unwrap_or(usual).min(left.max(PAUSE));
        let connection = async {
            if !self.0.is_shared.load(Ordering::Relaxed) {
                match self.greet(host, true).await {
                    Err(fault) if self.0.address.options.is_none() && fault.code() == Some("08P01") => {
                        self.0.is_shared.store(true, Ordering::Relaxed);
                    }
                    greeted => return greeted,
                }
            }
            self.greet(host, false).await
        };
        match tokio::time::timeout(patience, connection).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(fault)) => Err(Unfit { passes: passes(&fault), why: in_one_line(&fault) }),
            Err(_) => Err(Unfit { why: format!("it has not answered within {} ms", patience.as_millis()), passes: true }),
        }
    }

    /// Connects, and finds out what kind of session that is.
    async fn greet(&self, host: &Host, is_own: bool) -> Result<PgConnection, Fault> {
        let Shared { address, tls, .. } = &*self.0;
        let mut config = address.config_of(host);
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE).keepalives_interval(SILENCE / 4).keepalives_retries(2);
        let name = word(&OsRandom);
        match (is_own, &address.options) {
            // What was asked for stands last, and so goes first.
            (true, Some(options)) => config.options(format!("-c payment_engine.session={name} {SESSION} {options}")),
            (true, None) => config.options(format!("-c payment_engine.session={name} {SESSION}")),
            (false, _) => &mut config,
        };
        let mut connection = PgConnection::new(config.connect(tls.clone()).await?);
        const ASKED: &str = "SELECT CURRENT_SETTING('default_transaction_isolation', TRUE) = 'read committed' \
             AND CURRENT_SETTING('lock_timeout', TRUE) <> '0' AND CURRENT_SETTING('statement_timeout', TRUE) <> '0' \
             AND CURRENT_SETTING('idle_in_transaction_session_timeout', TRUE) <> '0' \
             AND CURRENT_SETTING('payment_engine.session', TRUE) = $1 AS is_own, \
             CURRENT_SETTING('transaction_read_only', TRUE) = 'on' AS is_read_only";
        let Answer { rows, .. } = connection.alone(TO_READ, ASKED, vec![(Box::new(name), Type::TEXT)]).await.map_err(|(fault, _)| fault)?;
        let is = |column| rows.first().and_then(|row| get::<Option<bool>>(row, column).ok()).flatten().unwrap_or(false);
        // It may be a pooler that passes over how a session should begin.
        if !is("is_own") {
            connection.share();
        }
        if address.must_write && is("is_read_only") {
            return Err(Fault::Unable("it is read-only, or in recovery".to_owned()));
        }
        Ok(connection)
    }

    /// Waits until what is lent has come back, and lends no more.
    pub(super) async fn close(&self) {
        if let Ok(_all) = self.0.places.acquire_many(self.0.most).await {
            self.0.places.close();
        }
        let waiting = std::mem::take(&mut *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in waiting {
            connection.part().await;
        }
    }
}

/// Why a host is not the one, and whether that may pass: it starts, or stops, or is promoted.
struct Unfit {
    why: String,
    passes: bool,
}

fn passes(fault: &Fault) -> bool {
    const TOO_MANY_CONNECTIONS: &str = "53300";
    match fault {
        Fault::Refused { code, .. } => fault.is_cut_off() && code != "08P01" || code == TOO_MANY_CONNECTIONS,
        Fault::Lost(..) | Fault::Unable(_) => true,
    }
}

fn in_one_line(fault: &Fault) -> String {
    let mut text = fault.to_string();
    for cause in std::iter::successors(std::error::Error::source(fault), |cause| cause.source()).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text.replace('\n', " ")
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection.as_ref().expect("invariant: it is lent until it is dropped")
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("invariant: it is lent until it is dropped")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let mut idle = self.pool.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.is_lost() {
            idle.clear();
        } else if connection.is_idle() {
            idle.push(connection);
        }
    }
}
