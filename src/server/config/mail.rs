//! How shoppers get their mails, and from whom.

use super::address::{self, Address, MAIL};
use super::{ConfigError, StoreConfig, refuse};
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use std::fmt;
use std::path::PathBuf;

/// The folder beside the database in which mails are kept while nobody is to get them.
const FOLDER: &str = "mail";
/// Of mails that nobody gets.
const NOBODY: &str = "no-reply@localhost";
/// TLS from the start (RFC 8314).
const SUBMISSIONS_PORT: u16 = 465;
/// TLS by STARTTLS, or none (RFC 6409).
const SUBMISSION_PORT: u16 = 587;

/// Whether shoppers get mails, and how.
#[derive(Debug)]
pub enum MailConfig {
    /// They get none.
    Off,
    /// They do, or a folder does.
    On {
        /// Where mails go: `MAIL_TRANSPORT`.
        transport: MailTransport,
        /// Whose mails they are: `MAIL_FROM`. Without a name it is the shop's.
        from: Mailbox,
    },
}

/// Where mails go.
#[derive(Debug)]
pub enum MailTransport {
    /// Into this folder, one file each.
    Files(PathBuf),
    /// To this server, which takes them on.
    Smtp(Smtp),
}

/// A mail server that takes mails on.
#[derive(Debug)]
pub struct Smtp {
    /// A name or an IP address.
    pub host: String,
    /// Where it listens.
    pub port: u16,
    /// What keeps others from reading along.
    pub security: Security,
    /// Who the shop is there, where the server asks.
    pub login: Option<Login>,
}

/// What keeps others from reading along.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Security {
    /// TLS from the start.
    Tls,
    /// TLS by STARTTLS; without it nothing is sent.
    StartTls,
    /// Nothing: the server is on this machine, or the operator has said so.
    Plain,
}

/// User and password. Printing shows neither.
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(..)")
    }
}

impl MailConfig {
    /// Reads it. Where nothing is said, mails are files beside the database, and with live keys there are none.
    ///
    /// # Errors
    /// The first setting that is wrong, or lacks the other one.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>, store: &StoreConfig, is_live: bool) -> Result<MailConfig, ConfigError> {
        let from = get("MAIL_FROM").map(|from| mailbox(&from)).transpose()?;
        let nobody = || NOBODY.parse().expect("invariant: a user and a host are an address");
        match (get("MAIL_TRANSPORT").as_deref(), from) {
            (Some("off"), _) => Ok(MailConfig::Off),
            (None, None) if is_live => Ok(MailConfig::Off),
            (None, Some(_)) if is_live => refuse(
                "MAIL_FROM is set and MAIL_TRANSPORT is not, and with live keys mails are off unless it is; set both, or MAIL_TRANSPORT=off",
            ),
            (None, from) => Ok(MailConfig::On { transport: MailTransport::Files(store.beside(FOLDER)), from: from.unwrap_or_else(nobody) }),
            (Some(text), from) => match (transport(text)?, from) {
                (MailTransport::Smtp(_), None) => refuse(
                    "MAIL_TRANSPORT names a mail server and MAIL_FROM is not set; set it to an address such as Shop <orders@shop.example>",
                ),
                (transport @ (MailTransport::Files(_) | MailTransport::Smtp(_)), from) => {
                    Ok(MailConfig::On { transport, from: from.unwrap_or_else(nobody) })
                }
            },
        }
    }
}

impl MailConfig {
    /// What is not wrong but hardly meant.
    pub(super) fn warning(&self, is_live: bool) -> Option<String> {
        match self {
            MailConfig::On { transport: MailTransport::Files(_), .. } if is_live => Some(
                "MAIL_TRANSPORT keeps mails as files, and shoppers who pay real money get none; set it to a mail server, or to off"
                    .to_owned(),
            ),
            MailConfig::Off | MailConfig::On { .. } => None,
        }
    }
}

fn mailbox(text: &str) -> Result<Mailbox, ConfigError> {
    let wrong = "MAIL_FROM is not an address, with or without a name; set it to one such as Shop <orders@shop.example>";
    text.parse().or_else(|_| refuse(wrong))
}

fn transport(text: &str) -> Result<MailTransport, ConfigError> {
    if let Some(path) = text.strip_prefix("file:") {
        if path.is_empty() || path.starts_with("//") {
            return refuse("MAIL_TRANSPORT has no folder behind file: or a // before it; set it to a path such as file:data/mail");
        }
        return Ok(MailTransport::Files(PathBuf::from(path)));
    }
    if let Some(rest) = text.strip_prefix("smtps://") {
        return Ok(MailTransport::Smtp(Smtp::parse(rest, true)?));
    }
    if let Some(rest) = text.strip_prefix("smtp://") {
        return Ok(MailTransport::Smtp(Smtp::parse(rest, false)?));
    }
    refuse(
        "MAIL_TRANSPORT is neither off, nor file: and a path, nor an address that begins with smtps:// or smtp://; set it to one of them",
    )
}

impl Smtp {
    /// `user:password@host:port`, and behind it `?tls=off` where that is meant.
    fn parse(rest: &str, is_tls: bool) -> Result<Smtp, ConfigError> {
        let (authority, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let is_plain = match behind.strip_prefix('/').unwrap_or(behind) {
            "" => false,
            "?tls=off" => true,
            _ => {
                return refuse(
                    "MAIL_TRANSPORT has something behind its host that is not ?tls=off; set it without, and write /, ? and # in a password \
                     as %2F, %3F and %23",
                );
            }
        };
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(Login::parse(login)?), place),
            None => (None, authority),
        };
        let host_ends = if place.starts_with('[') { place.find(']').map(|at| at + 1) } else { place.find(':') };
        let (host, port) = place.split_at(host_ends.unwrap_or(place.len()));
        let host = Address::origin(&MAIL, &format!("http://{host}"))?;
        let port = match port.strip_prefix(':') {
            Some(port) => address::port("the port of MAIL_TRANSPORT", port)?,
            None if is_tls => SUBMISSIONS_PORT,
            None => SUBMISSION_PORT,
        };
        let security = match (is_tls, is_plain) {
            (true, true) => return refuse("MAIL_TRANSPORT is smtps:// and says ?tls=off; set it to one or the other"),
            (true, false) => Security::Tls,
            (false, false) if !host.is_loopback() => Security::StartTls,
            (false, true) if login.is_some() && !host.is_loopback() => {
                return refuse("MAIL_TRANSPORT would send its password for everybody to read; set it to smtps://, or without ?tls=off");
            }
            (false, _) => Security::Plain,
        };
        Ok(Smtp { host: host.host(), port, security, login })
    }
}

impl Login {
    fn parse(text: &str) -> Result<Login, ConfigError> {
        let decoded = |part: &str| percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        let is_given = |part: &String| !part.is_empty() && !part.contains(char::is_control);
        let parts = text.split_once(':').and_then(|(user, password)| Some((decoded(user)?, decoded(password)?)));
        match parts.filter(|(user, password)| is_given(user) && is_given(password)) {
            Some((user, password)) => Ok(Login { user, password }),
            None => refuse(
                "MAIL_TRANSPORT has an @ and no user:password before it that can be read; set both, percent-encoded, or neither and no @",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_for(is_live: bool, settings: &[(&str, &str)]) -> Result<MailConfig, String> {
        let get = |name: &str| settings.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
        let store = StoreConfig::Sqlite { path: PathBuf::from("data/shop.db"), create: true };
        MailConfig::read(get, &store, is_live).map_err(|error| error.to_string())
    }

    fn read(settings: &[(&str, &str)]) -> Result<MailConfig, String> {
        read_for(false, settings)
    }

    fn smtp(text: &str) -> Smtp {
        match read(&[("MAIL_TRANSPORT", text), ("MAIL_FROM", "orders@shop.example")]) {
            Ok(MailConfig::On { transport: MailTransport::Smtp(smtp), .. }) => smtp,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn mails_are_files_unless_something_is_said_and_with_live_keys_there_are_none() {
        let MailConfig::On { transport: MailTransport::Files(folder), from } = read(&[]).unwrap() else { panic!("no files") };
        assert_eq!((folder, from.to_string().as_str()), (PathBuf::from("data/mail"), NOBODY));
        assert!(matches!(read_for(true, &[]), Ok(MailConfig::Off)));
        for is_live in [false, true] {
            let off = [("MAIL_TRANSPORT", "off"), ("MAIL_FROM", "orders@shop.example")];
            assert!(matches!(read_for(is_live, &off), Ok(MailConfig::Off)), "off is off, whoever would write");
            assert!(matches!(read_for(is_live, &off[..1]), Ok(MailConfig::Off)));
            let set = read_for(is_live, &[("MAIL_TRANSPORT", "file:/var/spool/shop")]).unwrap();
            assert!(
                matches!(set, MailConfig::On { transport: MailTransport::Files(folder), .. } if folder.as_path() == std::path::Path::new("/var/spool/shop"))
            );
        }
    }

    #[test]
    fn a_server_is_reached_as_it_is_said() {
        let tls = smtp("smtps://shop%40x:p%2F%C3%A4%3Aw@smtp.example");
        assert_eq!((tls.host.as_str(), tls.port, tls.security), ("smtp.example", 465, Security::Tls));
        let login = tls.login.unwrap();
        assert_eq!((login.user.as_str(), login.password.as_str()), ("shop@x", "p/ä:w"));
        for (text, host, port, security) in [
            ("smtp://SMTP.example", "smtp.example", 587, Security::StartTls),
            ("smtp://smtp.example:25/", "smtp.example", 25, Security::StartTls),
            ("smtp://relay:1025?tls=off", "relay", 1025, Security::Plain),
            ("smtp://127.0.0.1:80", "127.0.0.1", 80, Security::Plain),
            ("smtp://[::1]:2525", "::1", 2525, Security::Plain),
            ("smtp://user:pw@localhost", "localhost", 587, Security::Plain),
            ("smtp://user:pw@smtp.example", "smtp.example", 587, Security::StartTls),
            ("smtps://[2001:db8::1]", "2001:db8::1", 465, Security::Tls),
        ] {
            let smtp = smtp(text);
            assert_eq!((smtp.host.as_str(), smtp.port, smtp.security), (host, port, security), "{text}");
        }
    }

    #[test]
    fn senders_have_an_address_and_may_have_a_name() {
        for (text, written) in [
            ("orders@shop.example", "orders@shop.example"),
            ("가게 <orders@shop.example>", "가게 <orders@shop.example>"),
            ("\"The Shop, Inc.\" <orders@shop.example>", "\"The Shop, Inc.\" <orders@shop.example>"),
        ] {
            let Ok(MailConfig::On { from, .. }) = read(&[("MAIL_FROM", text)]) else { panic!("{text}") };
            assert_eq!(from.to_string(), written);
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_no_value_is_shown() {
        let from = ("MAIL_FROM", "hunter2@shop.example");
        let to = |text| [("MAIL_TRANSPORT", text), from];
        for (is_live, settings, named) in [
            (true, &[from][..], "MAIL_TRANSPORT"),
            (false, &[("MAIL_TRANSPORT", "smtp://localhost")], "MAIL_FROM"),
            (true, &[("MAIL_TRANSPORT", "smtps://hunter2.example")], "MAIL_FROM"),
            (false, &[("MAIL_FROM", "hunter2")], "MAIL_FROM"),
            (false, &[("MAIL_FROM", "a@hunter2, b@hunter2")], "MAIL_FROM"),
            (false, &[("MAIL_FROM", "Shop <hunter2@x\r\nBcc: hunter2@y>")], "MAIL_FROM"),
            (false, &to("hunter2"), "MAIL_TRANSPORT"),
            (false, &to("file:"), "MAIL_TRANSPORT"),
            (false, &to("file://hunter2"), "file:data/mail"),
            (false, &to("smtp://"), "MAIL_TRANSPORT"),
            (false, &to("smtps://hunter2@smtp.example"), "user:password"),
            (false, &to("smtps://:hunter2@smtp.example"), "user:password"),
            (false, &to("smtps://hunter2:@smtp.example"), "user:password"),
            (false, &to("smtps://u:hunter2%0d@smtp.example"), "user:password"),
            (false, &to("smtps://u:hunter2%ff@smtp.example"), "user:password"),
            (false, &to("smtps://u:hunter2/x@smtp.example"), "%2F"),
            (false, &to("smtps://smtp.example?tls=hunter2"), "?tls=off"),
            (false, &to("smtps://smtp.example?tls=off"), "smtps://"),
            (false, &to("smtp://u:hunter2@smtp.example?tls=off"), "smtps://"),
            (false, &to("smtps://hunter2_.example"), "host"),
            (false, &to("smtps://smtp.example:hunter2"), "port of MAIL_TRANSPORT"),
            (false, &to("smtps://smtp.example:0"), "port of MAIL_TRANSPORT"),
        ] {
            let error = read_for(is_live, settings).expect_err(named);
            assert!(error.contains(named) && error.contains("set") && error.contains("MAIL_"), "{settings:?} -> {error}");
            assert!(!error.contains("hunter2") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn no_password_is_printed() {
        let printed = format!("{:?}", smtp("smtps://hunter1:hunter2@smtp.example"));
        assert!(!printed.contains("hunter") && printed.contains("smtp.example"), "{printed}");
    }
}
