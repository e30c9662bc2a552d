//! The database of a world: a schema of a PostgreSQL server.

use crate::held::{Held, hold};
use crate::server::server;
use payment_engine::store::{Postgres, PostgresOptions};

pub type Store = Postgres;

pub struct Database(String);

impl Database {
    pub fn fresh() -> Database {
        Database(server().fresh())
    }

    pub async fn open(&self) -> Store {
        Postgres::connect(&PostgresOptions::parse(&self.0).unwrap()).await.unwrap()
    }

    fn schema(&self) -> &str {
        self.0.rsplit_once("%3D").unwrap().1
    }

    /// Nobody else changes orders until that is dropped.
    pub async fn lock(&self) -> Held {
        hold(&format!("BEGIN; LOCK TABLE {}.orders IN EXCLUSIVE MODE; SELECT 1", self.schema()))
    }

    /// Whether that text is anywhere in its tables.
    pub async fn holds(&self, text: &str) -> bool {
        let rows = |table: &str| format!("SELECT one::TEXT FROM {}.{table} AS one", self.schema());
        let all = ["orders", "order_events", "payment_claims", "inbox", "outbox", "books_findings"].map(rows).join(" UNION ALL ");
        server().run(&all).contains(text)
    }
}
