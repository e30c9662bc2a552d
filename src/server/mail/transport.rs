//! The ways on which mails go.

use crate::server::config::{MailTransport, Security, Smtp};
use crate::server::private_files;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Category;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport, Message, Tokio1Executor};
use payment_engine::outbox::Undelivered;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// For each step of a conversation with a mail server. The engine waits 30 s for the whole of it.
const STEP_TIMEOUT: Duration = Duration::from_secs(10);

/// Why mails cannot be sent at all.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up for the mail server; see to the certificates of the system: {0}")]
pub struct MailSetupError(#[source] Error);

pub(super) enum Transport {
    Files(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Transport::Files(folder) => f.debug_tuple("Files").field(folder).finish(),
            Transport::Smtp(_) => f.write_str("Smtp(..)"),
        }
    }
}

impl Transport {
    /// `own_name` is what the shop calls itself to a mail server.
    pub(super) fn new(settings: &MailTransport, own_name: &str) -> Result<Transport, MailSetupError> {
        let Smtp { host, port, security, login } = match settings {
            MailTransport::Files(folder) => return Ok(Transport::Files(folder.clone())),
            MailTransport::Smtp(smtp) => smtp,
        };
        let parameters = || TlsParameters::new(host.clone()).map_err(MailSetupError);
        let tls = match security {
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::StartTls => Tls::Required(parameters()?),
            Security::Plain => Tls::None,
        };
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(*port)
            .tls(tls)
            .timeout(Some(STEP_TIMEOUT))
            .hello_name(ClientId::Domain(own_name.to_owned()));
        if let Some(login) = login {
            server = server.credentials(Credentials::new(login.user.clone(), login.password.clone()));
        }
        Ok(Transport::Smtp(server.build()))
    }

    /// Sends it. What is sent twice under one name is one file, and to a mail server the same `Message-ID`.
    pub(super) async fn send(&self, name: &str, mail: &Message) -> Result<(), Undelivered> {
        match self {
            Transport::Files(folder) => {
                let (folder, name, content) = (folder.clone(), format!("{name}.eml"), mail.formatted());
                let written = tokio::task::spawn_blocking(move || private_files::write(&folder, &name, &content)).await;
                let written = written.map_err(|error| Undelivered::again(format!("the mail was not written: {error}")))?;
                written.map_err(|error| Undelivered::again(format!("the mail could not be written: {error}")))
            }
            Transport::Smtp(server) => server.send(mail.clone()).await.map(|_| ()).map_err(|error| refused(&error)),
        }
    }
}

/// What an error means for the mail. Of an answer's own words none is kept: mail servers repeat the shopper's address in them.
fn refused(error: &Error) -> Undelivered {
    match error.status() {
        // 55x is about this mailbox or this mail; other refusals, of a password above all, are for the operator to see to.
        Some(code) if error.is_permanent() && code.category == Category::MailSystem => {
            Undelivered::never(format!("the mail server answered {code}: it does not take this mail for that address"))
        }
        Some(code) => Undelivered::again(format!("the mail server answered {code}")),
        None if error.is_timeout() => Undelivered::again("the mail server did not answer in time"),
        None if error.is_response() => Undelivered::again("the mail server gave an answer that is none"),
        None => Undelivered::again(format!("the mail server could not be reached: {error}")),
    }
}
