//! Which database, and how; and whether it keeps what it is told.

use super::Postgres;
use super::rows::get;
use super::servers::Server;
use super::transaction::statement;
use super::tries::tried;
use crate::store::StoreError;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a call waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// Enough for a server on two processors; each is a process at the database.
const CONNECTIONS: u32 = 10;
/// Connections are made anew now and then, so that a database that has moved is found.
const LONGEST_LIFE: Duration = Duration::from_secs(30 * 60);

/// What the address may say after its question mark. Another name is a mistake, and would be passed over in silence.
const PARAMETERS: [&str; 12] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// Which PostgreSQL database, and how many connections to it. A database, or a schema, of the engine's own: its tables are called
/// `orders`, `order_events` and the like. Printing leaves out the password.
///
/// ```
/// use payment_engine::store::PostgresOptions;
///
/// let options = PostgresOptions::parse("postgres://shop:secret@db.example/shop?sslmode=verify-full")?.connections(20);
/// assert!(!format!("{options:?}").contains("secret"));
/// assert!(PostgresOptions::parse("mysql://shop@db.example/shop").is_err());
/// # Ok::<(), payment_engine::store::BadPostgresUrl>(())
/// ```
#[derive(Clone)]
pub struct PostgresOptions {
    url: String,
    connect: Box<PgConnectOptions>,
    connections: u32,
    create: bool,
}

impl PartialEq for PostgresOptions {
    fn eq(&self, other: &PostgresOptions) -> bool {
        (&self.url, self.connections, self.create) == (&other.url, other.connections, other.create)
    }
}

impl Eq for PostgresOptions {}

/// An address that names no PostgreSQL database. It says what is wrong, and nothing of the address itself.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadPostgresUrl(String);

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("host", &self.connect.get_host())
            .field("port", &self.connect.get_port())
            .field("database", &self.connect.get_database())
            .field("connections", &self.connections)
            .field("create", &self.create)
            .finish_non_exhaustive()
    }
}

impl PostgresOptions {
    /// The database of an address such as `postgres://user:password@host:5432/database?sslmode=verify-full`. What it leaves out is
    /// taken from `PGUSER`, `PGPASSWORD` and the like, or from the password file. Unless `sslmode` says otherwise, TLS is used where the
    /// server has it, and whose certificate that is is not looked at: a database on another machine needs `verify-full`.
    ///
    /// # Errors
    /// [`BadPostgresUrl`].
    pub fn parse(url: &str) -> Result<PostgresOptions, BadPostgresUrl> {
        let bad = |what: &str| BadPostgresUrl(what.to_owned());
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(bad("does not begin with postgres:// or postgresql://"));
        }
        if url.contains('#') {
            return Err(bad("has a #, which is %23 in a user or password"));
        }
        let query = url.split_once('?').map_or("", |(_, query)| query);
        for name in query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name)) {
            if !PARAMETERS.contains(&name) {
                return Err(bad(&format!("has something after its ? that is none of {}", PARAMETERS.join(", "))));
            }
        }
        let connect: PgConnectOptions =
            url.parse().map_err(|_| bad("cannot be read; characters such as @ / ? : % are percent-encoded in a user or password"))?;
        Ok(PostgresOptions { url: url.to_owned(), connect: Box::new(connect), connections: CONNECTIONS, create: true })
    }

    /// How many connections there are at most: 10 unless set, 2 at least.
    #[must_use]
    pub fn connections(mut self, at_most: u32) -> PostgresOptions {
        self.connections = at_most.max(2);
        self
    }

    /// Whether its tables may be made where there are none; otherwise a database without them is refused.
    #[must_use]
    pub fn create(mut self, create: bool) -> PostgresOptions {
        self.create = create;
        self
    }
}

impl Postgres {
    /// Connects and brings the tables up to date. Any number of servers may do so at once, and through a pooler that hands out
    /// connections for a transaction each.
    ///
    /// # Errors
    /// When that fails, or when the server does not wait for its disk: an order that is lost with the power is a charge that nobody
    /// knows of.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn connect(options: &PostgresOptions) -> Result<Postgres, StoreError> {
        let connect =
            PgConnectOptions::clone(&options.connect).statement_cache_capacity(0).extra_float_digits(None).disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(PATIENCE)
            .max_lifetime(LONGEST_LIFE)
            // Beginning a transaction finds out.
            .test_before_acquire(false)
            .connect_with(connect.clone());
        let pool = match pool.await {
            Ok(pool) => pool,
            Err(cause) => {
                // It has been patient, and does not say with what.
                let cause = if matches!(cause, sqlx::Error::PoolTimedOut) { connect.connect().await.err().unwrap_or(cause) } else { cause };
                return Err(StoreError::new("connecting to PostgreSQL", cause));
            }
        };
        let postgres = Postgres { pool, server: Arc::new(Server::new()) };
        postgres.refuse_unsafe_settings().await?;
        postgres.migrate(options.create).await?;
        postgres.set_clock().await?;
        Ok(postgres)
    }

    async fn refuse_unsafe_settings(&self) -> Result<(), StoreError> {
        const DOING: &str = "checking how PostgreSQL keeps what it is told";
        const SETTINGS: &str = "SELECT CURRENT_SETTING('fsync', TRUE) AS fsync, CURRENT_SETTING('synchronous_commit', TRUE) AS commits, \
                                CURRENT_SETTING('server_encoding', TRUE) AS encoding";
        let Some(row) = tried!(DOING, self.row(statement(SETTINGS))) else { return Ok(()) };
        let setting = |column| get::<Option<String>>(&row, column).map_err(|failed| failed.told(DOING));
        // Others that speak as PostgreSQL does may have no such settings.
        let (fsync, commits, encoding) = (setting("fsync")?, setting("commits")?, setting("encoding")?);
        let told =
            |setting: &str, value: &str, needed: &str| Err(StoreError::new(DOING, format!("it has {setting}={value}, and needs {needed}")));
        match (fsync.as_deref(), commits.as_deref(), encoding.as_deref()) {
            (Some("off"), _, _) => told("fsync", "off", "on"),
            (_, Some("off"), _) => told("synchronous_commit", "off", "on"),
            (_, _, Some(other)) if other != "UTF8" => told("server_encoding", other, "UTF8"),
            (_, _, _) => Ok(()),
        }
    }
}
