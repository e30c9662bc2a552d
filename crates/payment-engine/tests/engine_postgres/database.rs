//! The database of a world: a schema of a PostgreSQL server.

use crate::held::{Held, hold};
use crate::pooler::pooler;
use crate::server::server;
use payment_engine::store::{Postgres, PostgresOptions};

pub type Store = Postgres;

/// Set, all of these tests go by way of the pooler.
const BY_POOLER: &str = "PAYMENT_ENGINE_POOLER";

pub struct Database {
    url: String,
    schema: String,
}

impl Database {
    pub fn fresh() -> Database {
        if std::env::var_os(BY_POOLER).is_some() {
            return Database::pooled();
        }
        let url = server().fresh();
        let schema = url.rsplit_once("%3D").unwrap().1.to_owned();
        Database { url, schema }
    }

    /// By way of a pooler for transactions.
    pub fn pooled() -> Database {
        let url = pooler().fresh();
        let schema = url.split(['/', '@']).nth(2).unwrap().to_owned();
        Database { url, schema }
    }

    pub async fn open(&self) -> Store {
        Postgres::connect(&PostgresOptions::parse(&self.url).unwrap()).await.unwrap()
    }

    /// Nobody else changes orders until that is dropped.
    pub async fn lock(&self) -> Held {
        hold(&format!("BEGIN; LOCK TABLE {}.orders IN EXCLUSIVE MODE; SELECT 1", self.schema))
    }

    /// How many events were moved out of the way.
    pub async fn archived(&self) -> u32 {
        server().run(&format!("SELECT COUNT(*) FROM {}.order_events_archive", self.schema)).trim().parse().unwrap()
    }

    /// Whether that text is anywhere in its tables.
    pub async fn holds(&self, text: &str) -> bool {
        let rows = |table: &str| format!("SELECT one::TEXT FROM {}.{table} AS one", self.schema);
        let tables = ["orders", "order_events", "order_events_archive", "payment_claims", "inbox", "outbox", "books_findings"];
        let all = tables.map(rows).join(" UNION ALL ");
        server().run(&all).contains(text)
    }
}
