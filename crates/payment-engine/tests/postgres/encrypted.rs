//! TLS to the server: who is trusted under which name, by what the address says.

use crate::running::{Running, programs};
use crate::{NOTE, id, order};
use payment_engine::store::{Postgres, PostgresOptions, Store as _};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Takes nobody without TLS. Key and certificate are one file, of which it is told the text.
const POSTGRES: &str = r#"
start() {
  initdb -D data -U shop -E UTF8 --no-locale --no-sync --auth=trust &&
  printf 'hostssl all all 127.0.0.1/32 trust\n' > data/pg_hba.conf &&
  printf '%s' "$other" > data/server.pem &&
  pg_ctl -D data -l server.log -w -t 60 -o "-p $port -h 127.0.0.1 -c unix_socket_directories='' -c ssl=on -c ssl_cert_file=server.pem -c ssl_key_file=server.pem" start
}
stop() { pg_ctl -D data -m immediate -w stop; }
"#;

/// Somebody who signs certificates.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    fn fresh() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("root.pem"), issuer.pem()).unwrap();
        Authority { issuer, folder }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// Certificate and key of a server of that name.
    fn server(&self, name: &str) -> String {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        format!("{}{}", certificate.pem(), key.serialize_pem())
    }
}

/// The end of an address of who trusts that root.
fn trusting(mode: &str, root: Option<&Authority>) -> String {
    let root = root.map(|root| format!("&sslrootcert={}", root.root().to_str().unwrap()));
    format!("sslmode={mode}{}", root.unwrap_or_default())
}

async fn connect(server: &Running, end: &str) -> Result<Postgres, String> {
    let url = format!("postgres://shop@127.0.0.1:{}/postgres?{end}", server.port);
    Postgres::connect(&PostgresOptions::parse(&url).unwrap()).await.map_err(|error| error.to_string())
}

/// How many connections there are, and how many of them have TLS; but for the one that asks.
fn connections(server: &Running) -> String {
    let count = "SELECT COUNT(*), COUNT(*) FILTER (WHERE ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                 WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let address = format!("host=127.0.0.1 port={} user=shop dbname=postgres sslmode=require", server.port);
    let done = Command::new(programs().join("psql")).args([&address, "-XqAt", "-c", count]).output().unwrap();
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_server_of_the_name_is_trusted_where_somebody_has_signed_it_who_is() {
    let (authority, another) = (Authority::fresh(), Authority::fresh());
    let server = Running::start("PostgreSQL", POSTGRES, &authority.server("127.0.0.1"));
    for (end, is_trusted) in [
        (trusting("verify-full", Some(&authority)), true),
        (trusting("verify-ca", Some(&authority)), true),
        // Whoever it is: who wants to know says so.
        (trusting("require", None), true),
        (trusting("prefer", None), true),
        (String::new(), true),
        (trusting("disable", None), false),
        (trusting("verify-full", Some(&another)), false),
        (trusting("verify-ca", Some(&another)), false),
        // The system knows nobody who has signed this.
        (trusting("verify-full", None), false),
    ] {
        match connect(&server, &end).await {
            Ok(store) => {
                assert!(is_trusted, "{end}");
                let counted = connections(&server);
                let (all, encrypted) = counted.split_once('|').unwrap();
                assert!(all == encrypted && all != "0", "{end}: {counted}");
                store.close().await;
            }
            Err(error) => {
                assert!(!is_trusted, "{end}: {error}");
                assert!(error.contains("certificate") || error.contains("pg_hba.conf"), "{end}: {error}");
            }
        }
    }
    let store = connect(&server, &trusting("verify-full", Some(&authority))).await.unwrap();
    store.place(&order(1), &NOTE).await.unwrap();
    assert!(store.order(&id(1)).await.unwrap().is_some());
    store.close().await;
}

#[tokio::test]
async fn a_server_of_another_name_is_trusted_by_who_does_not_ask_for_it() {
    let authority = Authority::fresh();
    let server = Running::start("PostgreSQL", POSTGRES, &authority.server("somebody.else.test"));
    for (mode, is_trusted) in [("verify-full", false), ("verify-ca", true)] {
        let connected = connect(&server, &trusting(mode, Some(&authority))).await;
        assert_eq!(connected.is_ok(), is_trusted, "{mode}: {:?}", connected.err());
    }
}
