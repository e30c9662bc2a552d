//! Where a store lies: a file, or a schema of a server that this process has started.

use crate::growth::{self, Growth, postgres::Target};
use crate::measure::{Strace, cpu_of_family};
use crate::server::server;
use payment_engine::store::{Options, Postgres, PostgresOptions, Sqlite, Store};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

pub enum Place {
    File(TempDir),
    Server { url: String, postmaster: u32 },
}

/// Counts how often the disk is waited for, until its end.
pub enum Syncs<'p> {
    Traced(Option<Strace>),
    Told { place: &'p Place, before: u64 },
}

fn psql() -> Command {
    server().psql()
}

fn target(url: &str) -> Target<'_> {
    Target { psql: &psql, schema: url.rsplit_once("%3D").unwrap().1, url }
}

impl Place {
    pub fn named(store: &str, folder: &Path) -> Place {
        match store {
            "sqlite" => Place::File(tempfile::tempdir_in(folder).unwrap()),
            "postgres" => {
                let url = server().fresh();
                let data = target(&url).run("SHOW data_directory");
                let pid = fs::read_to_string(Path::new(data.trim()).join("postmaster.pid")).unwrap();
                Place::Server { url, postmaster: pid.lines().next().unwrap().trim().parse().unwrap() }
            }
            other => panic!("{other} is no store"),
        }
    }

    fn file(folder: &TempDir) -> PathBuf {
        folder.path().join("orders.db")
    }

    pub async fn grow(&self, growth: &Growth) {
        match self {
            Place::File(folder) => growth::sqlite::grow(&Place::file(folder), growth).await,
            Place::Server { url, .. } => growth::postgres::grow(&target(url), &target(&server().fresh()), growth).await,
        }
    }

    pub async fn open(&self) -> Arc<dyn Store> {
        match self {
            Place::File(folder) => Arc::new(Sqlite::open(&Options::at(Place::file(folder))).await.unwrap()),
            Place::Server { url, .. } => Arc::new(Postgres::connect(&PostgresOptions::parse(url).unwrap()).await.unwrap()),
        }
    }

    /// How much of the disk it takes.
    pub fn bytes(&self) -> u64 {
        match self {
            Place::File(folder) => fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum(),
            Place::Server { url, .. } => {
                let sizes = "SELECT SUM(pg_total_relation_size(oid)) FROM pg_class \
                             WHERE relnamespace = current_schema()::REGNAMESPACE AND relkind = 'r'";
                target(url).run(sizes).trim().parse().unwrap()
            }
        }
    }

    /// The processor time of the database's server so far; of a file this process is the server.
    pub fn server_cpu(&self) -> Duration {
        match self {
            Place::File(_) => Duration::ZERO,
            Place::Server { postmaster, .. } => cpu_of_family(*postmaster),
        }
    }

    pub fn count_syncs(&self) -> Syncs<'_> {
        match self {
            Place::File(folder) => Syncs::Traced(Strace::attach(folder.path())),
            Place::Server { .. } => Syncs::Told { place: self, before: self.told_syncs() },
        }
    }

    /// As the server counts them. A connection tells when it ends.
    fn told_syncs(&self) -> u64 {
        match self {
            Place::File(_) => 0,
            Place::Server { url, .. } => {
                let target = target(url);
                for _ in 0..500 {
                    let left = "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
                    if target.run(left).trim() == "0" {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(10));
                }
                target.run("SELECT wal_sync FROM pg_stat_wal").trim().parse().unwrap()
            }
        }
    }
}

impl Syncs<'_> {
    pub fn end(self) -> Option<u64> {
        match self {
            Syncs::Traced(strace) => strace.map(Strace::count),
            Syncs::Told { place, before } => Some(place.told_syncs() - before),
        }
    }
}
