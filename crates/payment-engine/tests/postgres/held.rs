//! Somebody else who holds on to something in the database.

use crate::server::server;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Stdio};

/// Somebody else, until that is dropped.
pub struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

/// Somebody else who has run that SQL, whose last statement answers one row.
pub fn hold(sql: &str) -> Held {
    let mut other = server().psql().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(other.stdin.as_mut().unwrap(), "{sql};").unwrap();
    let mut row = String::new();
    BufReader::new(other.stdout.as_mut().unwrap()).read_line(&mut row).unwrap();
    assert!(!row.is_empty(), "{sql} answers nothing");
    Held(other)
}
