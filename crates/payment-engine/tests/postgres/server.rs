//! A real PostgreSQL server, one per test process, and a schema for whoever asks. It needs the server's programs; where they are not,
//! tests fail. The server ends with the process, however that ends: a shell beside it waits for the end of a pipe.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where none is said to be on the way to programs, those of Debian and its kin.
const INSTALLED: &str = "/usr/lib/postgresql";

/// Starts it, says so, waits until nobody holds the pipe, and takes it down with all that it has written. What `start` and `stop` are is
/// said before. They have the programs' folder, their own and a free port.
const RUN: &str = r#"
trap '' INT TERM HUP
export PATH="$1:$PATH:/usr/sbin" LC_ALL=C
cd "$2" || exit 1
umask 077
start "$@" > start.log 2>&1 </dev/null && echo ready || { cat *.log 2>/dev/null | tr '\n' '|'; echo; }
cat >/dev/null
stop >/dev/null 2>&1
rm -rf "$2"
"#;

const POSTGRES: &str = r#"
start() {
  initdb -D data -U shop -E UTF8 --no-locale --no-sync --auth=trust &&
  printf 'host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n' > data/pg_hba.conf &&
  pg_ctl -D data -l server.log -w -t 60 -o "-p $3 -h 127.0.0.1 -c unix_socket_directories='' -c max_connections=300" start
}
stop() { pg_ctl -D data -m immediate -w stop; }
"#;

/// A program in a folder of its own.
pub struct Running {
    pub port: u16,
    // It runs as long as the pipe to it is open.
    _shell: Child,
}

impl Running {
    /// By the shell's functions `start` and `stop`. They have what else is said from their fourth parameter on.
    pub fn start(what: &str, functions: &str, more: &[&str]) -> Running {
        let mut told = String::new();
        // Somebody else may take the port between the question and the start.
        for _ in 0..3 {
            match Running::try_start(functions, more) {
                Ok(running) => return running,
                Err(why) => told = why,
            }
        }
        panic!("{what} did not start: {told}");
    }

    fn try_start(functions: &str, more: &[&str]) -> Result<Running, String> {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let folder = as_nobody_special("mktemp").args(["-d", "/tmp/payment-engine-postgres-XXXXXXXX"]).output().unwrap();
        assert!(folder.status.success(), "{}", String::from_utf8_lossy(&folder.stderr));
        let folder = String::from_utf8(folder.stdout).unwrap();
        let mut shell = as_nobody_special("sh")
            .args(["-c", &format!("{functions}{RUN}"), "sh", programs().to_str().unwrap(), folder.trim_end(), &port.to_string()])
            .args(more)
            .current_dir("/tmp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut told = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut told).unwrap();
        if told.trim_end() != "ready" {
            drop(shell.stdin.take());
            shell.wait().unwrap();
            return Err(told);
        }
        Ok(Running { port, _shell: shell })
    }
}

pub struct Server {
    pub running: Running,
    schemas: AtomicU32,
}

/// The server of this process.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server { running: Running::start("PostgreSQL", POSTGRES, &[]), schemas: AtomicU32::new(0) })
}

fn programs() -> PathBuf {
    let on_the_way = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = std::fs::read_dir(INSTALLED).into_iter().flatten().flatten().map(|version| version.path().join("bin"));
    let mut versions: Vec<PathBuf> = versions.collect();
    versions.sort_by_key(|path| path.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let found = on_the_way
        .chain(versions.into_iter().rev())
        .find(|folder| ["initdb", "pg_ctl", "psql"].iter().all(|program| folder.join(program).exists()));
    found.unwrap_or_else(|| {
        panic!("there is no PostgreSQL here, which these tests start: apt-get install postgresql, or scripts/setup test")
    })
}

/// The server refuses to run as root.
fn as_nobody_special(program: &str) -> Command {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", program]);
    command
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
