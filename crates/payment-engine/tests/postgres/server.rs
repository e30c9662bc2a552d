//! A real PostgreSQL server, one per test process, and a schema for whoever asks. It needs the server's programs; where they are not,
//! tests fail.

use crate::running::{Running, programs};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const POSTGRES: &str = r#"
start() {
  initdb -D data -U shop -E UTF8 --no-locale --no-sync --auth=trust &&
  printf 'host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n' > data/pg_hba.conf &&
  pg_ctl -D data -l server.log -w -t 60 -o "-p $port -h 127.0.0.1 -c unix_socket_directories='' -c max_connections=300" start
}
stop() { pg_ctl -D data -m immediate -w stop; }
"#;

pub struct Server {
    pub running: Running,
    schemas: AtomicU32,
}

/// The server of this process.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server { running: Running::start("PostgreSQL", POSTGRES, ""), schemas: AtomicU32::new(0) })
}

impl Server {
    /// The address of a schema of its own, which is to the engine what a database is, and made in no time.
    pub fn fresh(&self) -> String {
        let name = format!("shop_{}", self.schemas.fetch_add(1, Ordering::SeqCst));
        self.run(&format!("CREATE SCHEMA {name}"));
        format!("postgres://shop@127.0.0.1:{}/postgres?options=-c%20search_path%3D{name}", self.running.port)
    }

    /// Somebody else than the engine at the database.
    pub fn psql(&self) -> Command {
        let mut command = Command::new(programs().join("psql"));
        command.arg(format!("host=127.0.0.1 port={} user=shop dbname=postgres", self.running.port));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]);
        command
    }

    /// Runs SQL past the engine, and answers its rows.
    pub fn run(&self, sql: &str) -> String {
        let done = self.psql().args(["-c", sql]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }
}
