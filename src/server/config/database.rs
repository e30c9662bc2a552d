//! Where orders are kept.

use super::secret::SESSION_KEY;
use super::{ConfigError, refuse};
use payment_engine::store::PostgresOptions;
use std::path::{Path, PathBuf};

const DEFAULT: &str = "sqlite://data/checkout.db";
/// Where files are that stand beside the database, if that is none itself.
const FOLDER: &str = "data";

/// Where orders are kept: `DATABASE_URL`.
#[derive(Debug, PartialEq, Eq)]
pub enum StoreConfig {
    /// A file.
    Sqlite {
        /// Where it is, from the current folder.
        path: PathBuf,
        /// Whether it is made where there is none: always but with `?mode=rw`.
        create: bool,
    },
    /// A database of a PostgreSQL server. Printing leaves out its password.
    Postgres(PostgresOptions),
}

impl StoreConfig {
    pub(super) fn parse(url: Option<String>) -> Result<StoreConfig, ConfigError> {
        let url = url.as_deref().unwrap_or(DEFAULT);
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let told = |error| format!("DATABASE_URL {error}; set it to an address such as postgres://user:password@host/database");
            return PostgresOptions::parse(url).map(StoreConfig::Postgres).or_else(|error| refuse(told(error)));
        }
        let Some(rest) = url.strip_prefix("sqlite://") else {
            return refuse(match url.split_once(':') {
                Some(("sqlite", _)) => {
                    format!("DATABASE_URL begins with sqlite: and lacks the // after it; set it to an address such as {DEFAULT}")
                }
                Some(_) | None => format!(
                    "DATABASE_URL begins with neither sqlite:// nor postgres://, and the shop knows no other database; set it to an address \
                     such as {DEFAULT}"
                ),
            });
        };
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let create = match query {
            None | Some("mode=rwc") => true,
            Some("mode=rw") => false,
            Some(_) => {
                return refuse("DATABASE_URL has a query that is neither mode=rwc nor mode=rw; set one of them after the ?, or neither");
            }
        };
        if path.contains(['#', '%']) {
            return refuse("DATABASE_URL has a # or a % in its path, which stand for other things in addresses; set it to a path without");
        }
        if path.starts_with(':') {
            return refuse(format!(
                "DATABASE_URL names no file, and orders have to outlast the server; set it to a file, such as {DEFAULT}"
            ));
        }
        // SQLite takes such a name for an address, wherever that leads to: not to where the secret and the file's rights are seen to.
        if path.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("file:")) {
            return refuse(
                "DATABASE_URL has file: after sqlite://, which SQLite takes for an address of its own; set it to sqlite:// and a path",
            );
        }
        // Not `Path::file_name`, to which `data/` and `data/.` are files called `data`.
        let last = path.rsplit('/').next().unwrap_or_default();
        if matches!(last, "" | "." | "..") {
            return refuse(format!("DATABASE_URL names a folder; set it to a file, such as {DEFAULT}"));
        }
        if last == SESSION_KEY {
            return refuse(format!("DATABASE_URL names {SESSION_KEY}, where the secret of the sessions is kept; set it to another file"));
        }
        Ok(StoreConfig::Sqlite { path: PathBuf::from(path), create })
    }

    /// A file of that name beside the database.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        match self {
            StoreConfig::Sqlite { path, .. } => path.with_file_name(name),
            StoreConfig::Postgres(_) => Path::new(FOLDER).join(name),
        }
    }

    /// Where a database has to be there already: whoever is not the server makes none.
    #[must_use]
    pub fn existing(&self) -> StoreConfig {
        match self {
            StoreConfig::Sqlite { path, create: _ } => StoreConfig::Sqlite { path: path.clone(), create: false },
            StoreConfig::Postgres(options) => StoreConfig::Postgres(options.clone().create(false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_without_their_query() {
        for (url, path, create) in [
            ("sqlite://data/shop.db", "data/shop.db", true),
            ("sqlite://data/shop.db?mode=rwc", "data/shop.db", true),
            ("sqlite://data/shop.db?mode=rw", "data/shop.db", false),
            ("sqlite:///var/lib/shop/shop.db", "/var/lib/shop/shop.db", true),
            ("sqlite://shop.db", "shop.db", true),
        ] {
            let expected = StoreConfig::Sqlite { path: PathBuf::from(path), create };
            assert_eq!(StoreConfig::parse(Some(url.to_owned())).unwrap(), expected, "{url}");
        }
        assert_eq!(StoreConfig::parse(None), StoreConfig::parse(Some(DEFAULT.to_owned())));
    }

    #[test]
    fn a_postgresql_database_is_named_by_its_address() {
        for url in ["postgres://shop:hunter2@db/shop", "postgresql://shop:hunter2@db:5433/shop?sslmode=verify-full"] {
            let config = StoreConfig::parse(Some(url.to_owned())).unwrap();
            assert_eq!(config, StoreConfig::Postgres(PostgresOptions::parse(url).unwrap()));
            assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
            assert_eq!(config.beside("mail"), Path::new("data/mail"));
            assert_ne!(config.existing(), config);
        }
    }

    #[test]
    fn what_is_no_file_is_refused_with_its_reason() {
        for (url, reason) in [
            ("sqlite://data/shop.db?mode=ro", "mode=rwc"),
            ("sqlite://data/shop.db?mode=memory", "mode=rwc"),
            ("sqlite://data/shop.db?mode=rw&cache=shared", "mode=rwc"),
            ("sqlite://data/shop.db?", "mode=rwc"),
            ("sqlite://data/shop.db#hunter2", "#"),
            ("sqlite://data/my%20shop.db", "%"),
            ("sqlite://data/", "folder"),
            ("sqlite://data/..", "folder"),
            ("sqlite://", "folder"),
            ("sqlite://?mode=rwc", "folder"),
            ("sqlite://:memory:", "no file"),
            ("sqlite://file:d/shop.db", "file:"),
            ("sqlite://file:///tmp/hunter2.db", "file:"),
            ("sqlite://FILE:shop.db", "file:"),
            ("sqlite:data/shop.db", "//"),
            ("sqlite::memory:", "//"),
            ("sqlite://data/session.key", "session.key"),
            ("postgres:shop:hunter2@db/shop", "postgres://"),
            ("postgres://shop:hunter2#@db/shop", "%23"),
            ("postgres://shop:hun/ter2@db:x/shop", "percent-encoded"),
            ("postgres://shop:hunter2@db/shop?sslmode=hunter2", "verify-full"),
            ("postgres://shop@db/shop?passwort=hunter2", "sslmode"),
            ("mysql://shop:hunter2@db/shop", "sqlite://"),
            ("hunter2", "sqlite://"),
        ] {
            let error = StoreConfig::parse(Some(url.to_owned())).expect_err(url).0;
            assert!(error.starts_with("DATABASE_URL ") && error.contains(reason) && error.contains("set "), "{url} -> {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
