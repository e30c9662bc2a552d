//! What an address of a database says, and where it says nothing, the environment and the password file: as the programs that come with
//! PostgreSQL read them.

use super::password_file::password_of;
use super::tls::Security;
use percent_encoding::percent_decode_str;
use std::env::var;
use std::fmt;
use std::path::Path;
use std::time::Duration;
use tokio_postgres::Config;

const PORT: u16 = 5432;

/// What the address may say after its question mark. Another name is a mistake, and would be passed over in silence.
const PARAMETERS: [&str; 14] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "connect_timeout",
    "target_session_attrs",
];

/// An address that names no PostgreSQL database. It says what is wrong, and nothing of the address itself.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadPostgresUrl(String);

impl BadPostgresUrl {
    pub(super) fn new(what: impl Into<String>) -> BadPostgresUrl {
        BadPostgresUrl(what.into())
    }
}

/// A server of the database, one of several perhaps of which one takes what is written.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Host {
    /// What it is called, or the folder of its socket.
    pub(super) name: String,
    /// Where it is, if its name need not be looked up for that.
    address: Option<std::net::IpAddr>,
    pub(super) port: u16,
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.port)
    }
}

#[derive(Clone)]
pub(super) struct Address {
    pub(super) hosts: Vec<Host>,
    user: Option<String>,
    password: Option<String>,
    pub(super) database: Option<String>,
    application_name: Option<String>,
    /// What each connection is to begin with, in the form of a command line.
    pub(super) options: Option<String>,
    pub(super) security: Security,
    pub(super) connect_timeout: Option<Duration>,
    /// Whether a server will not do that takes nothing to be written, such as a standby.
    pub(super) must_write: bool,
}

/// Pairs of names and values.
type Said = Vec<(String, String)>;

impl Address {
    pub(super) fn parse(url: &str) -> Result<Address, BadPostgresUrl> {
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
        let rest = rest.ok_or_else(|| BadPostgresUrl::new("does not begin with postgres:// or postgresql://"))?;
        if rest.contains('#') {
            return Err(BadPostgresUrl::new("has a #, which is %23 in a user or password"));
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut said = parameters(query)?;
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        if database.contains('/') {
            return Err(unreadable());
        }
        let (credentials, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = credentials.split_once(':').map_or((credentials, None), |(user, password)| (user, Some(password)));
        let mut say = |name: &str, value: &str| match decoded(value) {
            Ok(value) if value.is_empty() || said.iter().any(|(known, _)| known == name) => Ok(()),
            Ok(value) => {
                said.push((name.to_owned(), value));
                Ok(())
            }
            Err(unreadable) => Err(unreadable),
        };
        say("user", user)?;
        say("password", password.unwrap_or_default())?;
        say("dbname", database)?;
        let named: Vec<(&str, &str)> = hosts.split(',').map(host_and_port).collect::<Result<_, _>>()?;
        say("host", &named.iter().map(|(host, _)| *host).collect::<Vec<_>>().join(","))?;
        if named.iter().any(|(_, port)| !port.is_empty()) {
            say("port", &named.iter().map(|(_, port)| *port).collect::<Vec<_>>().join(","))?;
        }
        Address::of(&said)
    }

    fn of(said: &Said) -> Result<Address, BadPostgresUrl> {
        let of = |name: &str| said.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let or = |name: &str, variable: &str| of(name).or_else(|| var(variable).ok().filter(|value| !value.is_empty()));
        let hosts = hosts(or("host", "PGHOST"), or("hostaddr", "PGHOSTADDR"), &or("port", "PGPORT").unwrap_or_default())?;
        let connect_timeout = or("connect_timeout", "PGCONNECT_TIMEOUT").map(|seconds| seconds.parse().map_err(|_| unreadable()));
        let must_write = match or("target_session_attrs", "PGTARGETSESSIONATTRS").as_deref() {
            // Of several, the one is meant that orders can be written to.
            None => hosts.len() > 1,
            Some("any") => false,
            Some("read-write" | "primary") => true,
            Some(_) => return Err(BadPostgresUrl::new("has a target_session_attrs that is none of any, read-write, primary")),
        };
        let security = Security::parse(
            or("sslmode", "PGSSLMODE").as_deref(),
            or("sslrootcert", "PGSSLROOTCERT"),
            or("sslcert", "PGSSLCERT"),
            or("sslkey", "PGSSLKEY"),
        )?;
        Ok(Address {
            hosts,
            user: or("user", "PGUSER"),
            password: or("password", "PGPASSWORD"),
            database: or("dbname", "PGDATABASE"),
            application_name: or("application_name", "PGAPPNAME"),
            options: or("options", "PGOPTIONS"),
            security,
            // As everywhere: none, where it is zero.
            connect_timeout: connect_timeout.transpose()?.filter(|seconds| *seconds > 0).map(Duration::from_secs),
            must_write,
        })
    }

    /// How that one of its hosts is connected to.
    pub(super) fn config_of(&self, host: &Host) -> Config {
        let mut config = Config::new();
        config.port(host.port).ssl_mode(self.security.asked());
        if host.name.starts_with('/') {
            config.host_path(&host.name);
        } else {
            config.host(&host.name);
        }
        if let Some(address) = host.address {
            config.hostaddr(address);
        }
        if let Some(user) = &self.user {
            config.user(user);
        }
        let database = self.database.as_deref().or(self.user.as_deref()).unwrap_or_default();
        let user = self.user.as_deref().unwrap_or_default();
        if let Some(password) = self.password.clone().or_else(|| password_of(host, database, user)) {
            config.password(password);
        }
        if let Some(database) = &self.database {
            config.dbname(database);
        }
        if let Some(name) = &self.application_name {
            config.application_name(name);
        }
        config
    }
}

fn unreadable() -> BadPostgresUrl {
    BadPostgresUrl::new("cannot be read; characters such as @ / ? : % are percent-encoded in a user or password")
}

fn decoded(text: &str) -> Result<String, BadPostgresUrl> {
    percent_decode_str(text).decode_utf8().map(Into::into).map_err(|_| unreadable())
}

fn parameters(query: &str) -> Result<Said, BadPostgresUrl> {
    let mut said = Said::new();
    for (name, value) in query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, ""))) {
        if !PARAMETERS.contains(&name) {
            return Err(BadPostgresUrl::new(format!("has something after its ? that is none of {}", PARAMETERS.join(", "))));
        }
        let value = decoded(&value.replace('+', " "))?;
        match said.iter_mut().find(|(known, _)| known == name) {
            Some((_, options)) if name == "options" => *options = format!("{options} {value}"),
            Some((_, before)) => *before = value,
            None => said.push((name.to_owned(), value)),
        }
    }
    Ok(said)
}

/// Of an IPv6 address in brackets too.
fn host_and_port(text: &str) -> Result<(&str, &str), BadPostgresUrl> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or_else(unreadable)?,
        None => text.find(':').map_or((text, ""), |at| text.split_at(at)),
    };
    if port.is_empty() { Ok((host, "")) } else { port.strip_prefix(':').map(|port| (host, port)).ok_or_else(unreadable) }
}

fn hosts(names: Option<String>, addresses: Option<String>, ports: &str) -> Result<Vec<Host>, BadPostgresUrl> {
    let port = |text: &str| if text.is_empty() { Ok(PORT) } else { text.parse().map_err(|_| unreadable()) };
    let ports = ports.split(',').map(port).collect::<Result<Vec<u16>, _>>()?;
    let addresses = addresses.as_deref().map(|all| all.split(',').map(|one| one.parse().map_err(|_| unreadable())).collect());
    let addresses: Vec<std::net::IpAddr> = addresses.transpose()?.unwrap_or_default();
    let names: Vec<String> = match &names {
        Some(names) => names.split(',').map(str::to_owned).collect(),
        None => addresses.iter().map(ToString::to_string).collect(),
    };
    if names.len() > 1 && names.iter().any(String::is_empty) {
        return Err(BadPostgresUrl::new("has a host without a name among several"));
    }
    let names = if names.concat().is_empty() { vec![here(ports.first().copied().unwrap_or(PORT))] } else { names };
    if !(ports.len() == 1 || ports.len() == names.len()) || !(addresses.is_empty() || addresses.len() == names.len()) {
        return Err(BadPostgresUrl::new("has not as many ports, or hostaddrs, as hosts"));
    }
    let host = |(at, name): (usize, String)| Host {
        name,
        address: addresses.get(at).copied(),
        port: ports.get(at).or(ports.first()).copied().unwrap_or(PORT),
    };
    Ok(names.into_iter().enumerate().map(host).collect())
}

/// The server of this machine: by its socket where it has one in one of the usual places.
fn here(port: u16) -> String {
    const USUAL: [&str; 3] = ["/var/run/postgresql", "/private/tmp", "/tmp"];
    let socket = format!(".s.PGSQL.{port}");
    USUAL.into_iter().find(|folder| Path::new(folder).join(&socket).exists()).unwrap_or("localhost").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Address {
        Address::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    fn hosts_of(url: &str) -> Vec<String> {
        parse(url).hosts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_address_names_one_server_or_several() {
        for (url, expected) in [
            ("postgres://shop@db/shop", vec!["db:5432"]),
            ("postgresql://shop@db:5433/shop", vec!["db:5433"]),
            ("postgres://shop@a:1,b:2/shop?target_session_attrs=read-write", vec!["a:1", "b:2"]),
            ("postgres://shop@a,b:2/shop", vec!["a:5432", "b:2"]),
            ("postgres://shop@[::1]:5433,b/shop", vec!["::1:5433", "b:5432"]),
            ("postgres:///shop?host=a,b&port=1,2", vec!["a:1", "b:2"]),
            ("postgres://shop@a,b/shop?port=7", vec!["a:7", "b:7"]),
            ("postgres://shop@%2Fvar%2Frun/shop", vec!["/var/run:5432"]),
            ("postgres:///shop?hostaddr=127.0.0.1", vec!["127.0.0.1:5432"]),
        ] {
            assert_eq!(hosts_of(url), expected, "{url}");
        }
    }

    #[test]
    fn of_several_servers_the_one_is_meant_that_can_be_written_to() {
        assert!(parse("postgres://a,b/shop").must_write);
        assert!(parse("postgres://a/shop?target_session_attrs=read-write").must_write);
        assert!(!parse("postgres://a/shop").must_write);
        assert!(!parse("postgres://a,b/shop?target_session_attrs=any").must_write);
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let address =
            parse("postgres://sh%40p:hun%40t%2Fer2@db/sh%20op?options=-c%20search_path%3Done&options=-c+jit%3Doff&application_name=a%26b");
        let config = address.config_of(&address.hosts[0]);
        assert_eq!((config.get_user(), config.get_password()), (Some("sh@p"), Some(&b"hun@t/er2"[..])));
        assert_eq!((config.get_dbname(), config.get_application_name()), (Some("sh op"), Some("a&b")));
        assert_eq!(address.options.as_deref(), Some("-c search_path=one -c jit=off"));
        assert!(matches!(&config.get_hosts()[0], tokio_postgres::config::Host::Tcp(host) if host == "db"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for (url, told) in [
            ("mysql://shop:hunter2@db/shop", "begin with postgres://"),
            ("postgres://shop:hunter2#@db/shop", "%23"),
            ("postgres://shop:hunter2@db:port/shop", "cannot be read"),
            ("postgres://shop:hunter2@db/shop/hunter2", "cannot be read"),
            ("postgres://shop:hunter2@db/shop?sslmod=require", "none of sslmode, sslrootcert"),
            ("postgres://shop:hunter2@db/shop?sslmode=hunter2", "disable, allow, prefer"),
            ("postgres://shop:hunter2@db/shop?target_session_attrs=read-only", "none of any, read-write"),
            ("postgres://shop:hunter2@a,/shop", "without a name"),
            ("postgres://shop:hunter2@a,b,c/shop?port=1,2", "as many ports"),
            ("postgres://shop:hunter2@db/shop?hostaddr=hunter2", "cannot be read"),
            ("postgres://shop:hunter2@db/shop?connect_timeout=hunter2", "cannot be read"),
            ("postgres://shop:%ff@db/shop", "cannot be read"),
        ] {
            let refused = Address::parse(url).map(|_| ()).unwrap_err().to_string();
            assert!(refused.contains(told) && !refused.contains("hunter2"), "{url}: {refused}");
        }
    }
}
