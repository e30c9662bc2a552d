//! Programs that tests start: in a folder of their own, as a user who is nobody special. They end with the process, however that ends: a
//! shell beside each waits for the end of a pipe.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Where none is said to be on the way to programs, those of Debian and its kin.
const INSTALLED: &str = "/usr/lib/postgresql";

/// Does what it is told and says so, until nobody holds the pipe; then it takes down what runs, with all that it has written. What can be
/// told are functions that are said before, of which `start` is the first to be told and `stop` the last.
const RUN: &str = r#"
trap '' INT TERM HUP
export PATH="$1:$PATH:/usr/sbin" LC_ALL=C
folder=$2 port=$3 other=$4
cd "$folder" || exit 1
umask 077
while read -r what; do
  if $what >> told.log 2>&1 </dev/null; then echo done; else cat *.log | tail -n 50 | tr '\n' '|'; echo; fi
done
stop >/dev/null 2>&1
rm -rf "$folder"
"#;

/// A program with a folder and a port of its own.
pub struct Running {
    pub port: u16,
    shell: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Running {
    /// By the shell's functions `start` and `stop`, which have `$port`, and `$other` for what else they have to know.
    pub fn start(what: &str, functions: &str, other: &str) -> Running {
        let mut told = String::new();
        // Somebody else may take the port between the question and the start.
        for _ in 0..3 {
            let mut running = Running::prepare(functions, other);
            match running.tell("start") {
                Ok(()) => return running,
                Err(why) => told = why,
            }
        }
        panic!("{what} did not start: {told}");
    }

    fn prepare(functions: &str, other: &str) -> Running {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let folder = as_nobody_special("mktemp").args(["-d", "/tmp/payment-engine-postgres-XXXXXXXX"]).output().unwrap();
        assert!(folder.status.success(), "{}", String::from_utf8_lossy(&folder.stderr));
        let folder = String::from_utf8(folder.stdout).unwrap();
        let mut shell = as_nobody_special("sh")
            .args(["-c", &format!("{functions}{RUN}"), "sh", programs().to_str().unwrap(), folder.trim_end(), &port.to_string(), other])
            .current_dir("/tmp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, from) = (shell.stdin.take(), BufReader::new(shell.stdout.take().unwrap()));
        Running { port, shell, to, from }
    }

    /// Runs one of its functions to its end. Where that fails, it answers what was said.
    pub fn tell(&mut self, function: &str) -> Result<(), String> {
        writeln!(self.to.as_mut().unwrap(), "{function}").unwrap();
        let mut said = String::new();
        self.from.read_line(&mut said).unwrap();
        if said.trim_end() == "done" { Ok(()) } else { Err(said) }
    }
}

/// One that is not needed for as long as the process runs.
impl Drop for Running {
    fn drop(&mut self) {
        drop(self.to.take());
        drop(self.shell.wait());
    }
}

pub fn programs() -> PathBuf {
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
