//! pgbouncer in front of the server of this process, which hands out its connections for a transaction each.

use crate::running::Running;
use crate::server::server;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// It passes on whom somebody is, and not which schema he wants: everybody has one by his own name, where PostgreSQL looks first. Few
/// connections, so that a transaction seldom has the one of the transaction before.
const POOLER: &str = r#"
start() {
  role=0
  while [ $role -lt 1000 ]; do echo "\"pooled_$role\" \"\""; role=$((role + 1)); done > users.txt
  cat > pooler.ini <<END
[databases]
* = host=127.0.0.1 port=$other
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = trust
auth_file = users.txt
pool_mode = transaction
default_pool_size = 4
max_client_conn = 1000
server_idle_timeout = 5
logfile = pooler.log
pidfile = pooler.pid
END
  pgbouncer -d pooler.ini || return
  tries=100
  until pg_isready -q -h 127.0.0.1 -p "$port" -U nobody -d pgbouncer; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return
    sleep 0.1
  done
}
stop() { kill "$(cat pooler.pid)"; }
"#;

pub struct Pooler {
    running: Running,
    roles: AtomicU32,
}

/// The pooler of this process.
pub fn pooler() -> &'static Pooler {
    static POOLERS: OnceLock<Pooler> = OnceLock::new();
    POOLERS.get_or_init(|| {
        let on_the_way = std::env::var_os("PATH").unwrap_or_default();
        let is_here = std::env::split_paths(&on_the_way).any(|folder| folder.join("pgbouncer").exists());
        assert!(
            is_here || Path::new("/usr/sbin/pgbouncer").exists(),
            "there is no pgbouncer here, which these tests start: apt-get install pgbouncer, or scripts/setup test"
        );
        let port = server().running.port.to_string();
        Pooler { running: Running::start("pgbouncer", POOLER, &port), roles: AtomicU32::new(0) }
    })
}

impl Pooler {
    /// The address of a schema of its own, by way of the pooler.
    pub fn fresh(&self) -> String {
        let name = format!("pooled_{}", self.roles.fetch_add(1, Ordering::SeqCst));
        server().run(&format!("CREATE ROLE {name} LOGIN; CREATE SCHEMA {name} AUTHORIZATION {name}"));
        format!("postgres://{name}@127.0.0.1:{}/postgres", self.running.port)
    }
}
