//! A primary and its standby, each a PostgreSQL server of its own.

use crate::running::Running;

const PRIMARY: &str = r#"
start() {
  initdb -D data -U shop -E UTF8 --no-locale --no-sync --auth=trust &&
  printf 'host all,replication all 127.0.0.1/32 trust\n' > data/pg_hba.conf &&
  pg_ctl -D data -l server.log -w -t 60 -o "-p $port -h 127.0.0.1 -c unix_socket_directories='' -c synchronous_standby_names='$other'" start
}
die() {
  postmaster=$(head -n 1 data/postmaster.pid)
  kill -9 "$postmaster" $(pgrep -P "$postmaster")
}
stop() { pg_ctl -D data -m immediate -w stop; }
"#;

/// `part` is a network that breaks: the standby has everything until then, and gets nothing any more.
const STANDBY: &str = r#"
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "host=127.0.0.1 port=$1 user=shop dbname=postgres" -c "$2"; }
until_so() {
  tries=600
  until [ "$(sql "$1" "$2")" = t ]; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return
    sleep 0.05
  done
}
start() {
  pg_basebackup -D data -R -X stream -c fast --no-sync -d "host=127.0.0.1 port=$other user=shop application_name=standby" &&
  pg_ctl -D data -l server.log -w -t 60 -o "-p $port -h 127.0.0.1 -c unix_socket_directories=''" start &&
  until_so "$other" "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE application_name = 'standby' AND state = 'streaming')"
}
part() {
  written=$(sql "$other" "SELECT pg_current_wal_flush_lsn()") &&
  until_so "$port" "SELECT pg_last_wal_replay_lsn() >= '$written'" &&
  sql "$port" "ALTER SYSTEM SET primary_conninfo = ''" &&
  pg_ctl -D data reload &&
  until_so "$port" "SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)" &&
  until_so "$other" "SELECT NOT EXISTS (SELECT FROM pg_stat_replication)"
}
promote() { pg_ctl -D data -w -t 60 promote; }
stop() { pg_ctl -D data -m immediate -w stop; }
"#;

/// Whether a commit waits until the standby has it too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Replication {
    Synchronous,
    Asynchronous,
}

pub struct Pair {
    primary: Running,
    standby: Running,
}

impl Pair {
    pub fn start(replication: Replication) -> Pair {
        let waits_for = match replication {
            Replication::Synchronous => "standby",
            Replication::Asynchronous => "",
        };
        let primary = Running::start("the primary", PRIMARY, waits_for);
        let standby = Running::start("the standby", STANDBY, &primary.port.to_string());
        Pair { primary, standby }
    }

    /// Of both. Whichever can be written to is the one.
    pub fn url(&self) -> String {
        let (primary, standby) = (self.primary.port, self.standby.port);
        format!("postgres://shop@127.0.0.1:{primary},127.0.0.1:{standby}/postgres?target_session_attrs=read-write")
    }

    /// All of its processes at once, as with the machine.
    pub fn kill_primary(&mut self) {
        self.primary.tell("die").unwrap();
    }

    /// The standby gets nothing any more.
    pub fn part(&mut self) {
        self.standby.tell("part").unwrap();
    }

    pub fn promote(&mut self) {
        self.standby.tell("promote").unwrap();
    }
}
