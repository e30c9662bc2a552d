//! Where orders are kept.

use super::secret::SESSION_KEY;
use super::{ConfigError, refuse};
use std::path::PathBuf;

const DEFAULT: &str = "sqlite://data/checkout.db";

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
}

impl StoreConfig {
    pub(super) fn parse(url: Option<String>) -> Result<StoreConfig, ConfigError> {
        let url = url.as_deref().unwrap_or(DEFAULT);
        let Some(rest) = url.strip_prefix("sqlite://") else {
            return refuse(match url.split_once(':') {
                Some(("postgres" | "postgresql", _)) => {
                    format!("DATABASE_URL names a PostgreSQL database, which the shop cannot use; set it to one such as {DEFAULT}")
                }
                Some(("sqlite", _)) => {
                    format!("DATABASE_URL begins with sqlite: and lacks the // after it; set it to an address such as {DEFAULT}")
                }
                Some(_) | None => format!(
                    "DATABASE_URL does not begin with sqlite://, and the shop knows no other database; set it to an address such as {DEFAULT}"
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
            ("postgres://shop:hunter2@db/shop", "PostgreSQL"),
            ("postgresql://shop:hunter2@db/shop", "PostgreSQL"),
            ("mysql://shop:hunter2@db/shop", "sqlite://"),
            ("hunter2", "sqlite://"),
        ] {
            let error = StoreConfig::parse(Some(url.to_owned())).expect_err(url).0;
            assert!(error.starts_with("DATABASE_URL ") && error.contains(reason) && error.contains("set "), "{url} -> {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
