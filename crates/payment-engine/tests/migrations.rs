//! Migrations that somebody may have run already are left as they are: a database remembers by which text it was brought up to date, and an
//! engine with another text of the same number refuses it. What has to change is a migration of its own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::Path;

/// All of them. Add a line for a new one, and change none.
const AS_THEY_ARE: [(&str, &str); 8] = [
    ("postgres/0001_orders.sql", "d93ab8ba5a6d0a37290a23563e3519a682106b85ef95025f1f404d3b8f71968a"),
    ("postgres/0002_servers.sql", "b4847cfceec99a6da36754928a1da2e02400fdc997fa27c63c92bd46a624470b"),
    ("postgres/0003_growth.sql", "edafcc39938c6e2bf2e316a1ac5d77768553f508fe6f77dba6897bd2e069d4b1"),
    ("sqlite/0001_orders.sql", "64e8a5687859c479ac3177773e4c1fa5110a3b7e8761accbf2f7dde12cdf711d"),
    ("sqlite/0002_engine.sql", "2fa5e9221667180053a63bd3a160b165976d0d49538764887d14b7fb84f99b30"),
    ("sqlite/0003_currency.sql", "c0e047f43f961738522845b4cf0df15d688748b075f864f1283cd681d8392783"),
    ("sqlite/0004_life.sql", "c9ebf14fafe70fe737cf444b525c66ca22c3c33f07246217beaf0c754f3e210a"),
    ("sqlite/0005_growth.sql", "5a35cc067d4c0f90a774257b35c56c62c01904cd989ee8316bbbb3682c980254"),
];

#[test]
fn migrations_are_what_they_were() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations");
    let mut found = Vec::new();
    for database in ["postgres", "sqlite"] {
        let mut names: Vec<String> = std::fs::read_dir(root.join(database))
            .unwrap()
            .map(|file| format!("{database}/{}", file.unwrap().file_name().into_string().unwrap()))
            .collect();
        names.sort();
        for name in names {
            let digest = Sha256::digest(std::fs::read(root.join(&name)).unwrap());
            let digest = digest.iter().fold(String::new(), |mut text, byte| {
                write!(text, "{byte:02x}").unwrap();
                text
            });
            found.push((name, digest));
        }
    }
    let expected: Vec<(String, String)> = AS_THEY_ARE.map(|(name, digest)| (name.to_owned(), digest.to_owned())).into();
    assert_eq!(found, expected);
}
