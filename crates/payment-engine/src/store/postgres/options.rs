//! Which database, and how; and whether it keeps what it is told.

use super::Postgres;
use super::address::{Address, BadPostgresUrl};
use super::pool::Pool;
use super::rows::get;
use super::servers::Server;
use super::transaction::statement;
use super::tries::tried;
use crate::store::StoreError;
use std::fmt;
use std::sync::Arc;

/// Enough for a server on two processors; each is a process at the database.
const CONNECTIONS: u32 = 10;

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
    address: Box<Address>,
    connections: u32,
    create: bool,
}

impl PartialEq for PostgresOptions {
    fn eq(&self, other: &PostgresOptions) -> bool {
        (&self.url, self.connections, self.create) == (&other.url, other.connections, other.create)
    }
}

impl Eq for PostgresOptions {}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("hosts", &self.address.hosts.iter().map(ToString::to_string).collect::<Vec<_>>())
            .field("database", &self.address.database)
            .field("connections", &self.connections)
            .field("create", &self.create)
            .finish_non_exhaustive()
    }
}

impl PostgresOptions {
    /// The database of an address such as `postgres://user:password@host:5432/database?sslmode=verify-full`. What it leaves out is
    /// taken from `PGUSER`, `PGPASSWORD` and the like, or from the password file. Unless `sslmode` says otherwise, TLS is used where the
    /// server has it, and whose certificate that is is not looked at: a database on another machine needs `verify-full`. `allow` is
    /// `disable` here.
    ///
    /// A database that has a standby names both, as in `postgres://user@one,other:5433/database`: of several hosts the one is used that
    /// can be written to (`target_session_attrs=read-write`, which `any` turns off). A host may take two seconds to answer where there
    /// is another one, and `connect_timeout` seconds where that is said. A call waits up to five for one that can be written to.
    ///
    /// A session begins with `options`, which carry the times that nobody waits longer than. A pooler that refuses or ignores them is
    /// found out, and each transaction says them then; a search path, or whatever else the address has in its `options`, does not come
    /// through such a pooler, and has to be set for the role: `ALTER ROLE … SET search_path`.
    ///
    /// # Errors
    /// [`BadPostgresUrl`].
    pub fn parse(url: &str) -> Result<PostgresOptions, BadPostgresUrl> {
        Ok(PostgresOptions { url: url.to_owned(), address: Box::new(Address::parse(url)?), connections: CONNECTIONS, create: true })
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
        const DOING: &str = "connecting to PostgreSQL";
        let tls = options.address.security.tls().map_err(|cause| StoreError::new(DOING, cause))?;
        let pool = Pool::new(Address::clone(&options.address), tls, options.connections);
        pool.lend().await.map_err(|cause| StoreError::new(DOING, cause))?;
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
