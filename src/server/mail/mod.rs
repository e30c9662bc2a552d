//! Tells shoppers of their orders by mail: what they paid, where to transfer to, what was given back.
//!
//! A mail says how the order stood when it happened. One that comes late and would send somebody astray, to an account that has been
//! paid into or is over, is not sent.

mod compose;
mod letter;
mod texts;
mod transport;

pub use transport::MailSetupError;

use super::config::MailTransport;
use super::details::Details;
use crate::domain::lang::Lang;
use crate::domain::texts as domain_texts;
use async_trait::async_trait;
use compose::Shop;
use letter::Letter;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message as Mail};
use payment_engine::OrderRecord;
use payment_engine::clock::Clock;
use payment_engine::outbox::{Courier, Message, Undelivered};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use transport::Transport;

/// Year 9999, in ms: what a date in a mail can say.
const LAST_MS: i64 = 253_402_300_799_000;

/// Mails shoppers what they have to know: receipt, account to transfer to, deposit taken back, refund, an account whose time is over.
///
/// The address and the language are the order's details. Where there is no address, or the details are forgotten, nothing is sent. A
/// server that refuses the address for good ends the message; anything else is tried again.
pub struct MailCourier {
    transport: Transport,
    from: Mailbox,
    shop: Shop,
    clock: Arc<dyn Clock>,
}

impl MailCourier {
    /// From that sender, by that way; links lead to `public_url`, which has no slash at its end. Opens no connection; the certificates
    /// of the system are read where there is TLS.
    ///
    /// # Errors
    /// [`MailSetupError`].
    pub fn new(
        transport: &MailTransport,
        from: Mailbox,
        public_url: impl Into<String>,
        clock: Arc<dyn Clock>,
    ) -> Result<MailCourier, MailSetupError> {
        let transport = Transport::new(transport, from.email.domain())?;
        Ok(MailCourier { transport, from, shop: Shop { public_url: public_url.into() }, clock })
    }

    fn mail(&self, message: &Message, to: Address, letter: &Letter) -> Result<Mail, lettre::error::Error> {
        let lang = letter.lang;
        let from =
            Mailbox::new(Some(self.from.name.clone().unwrap_or_else(|| domain_texts::shop(lang).to_owned())), self.from.email.clone());
        let at_ms = u64::try_from(message.at_ms.clamp(0, LAST_MS)).unwrap_or(0);
        Mail::builder()
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(&letter.subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(at_ms))
            .message_id(Some(format!("<{}@{}>", atom(&message.id), self.from.email.domain())))
            .header(AutoSubmitted)
            .header(ContentLanguage(lang))
            .multipart(MultiPart::alternative_plain_html(letter.plain(), letter.html()))
    }
}

/// Of where mails go, the way alone.
impl fmt::Debug for MailCourier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailCourier").field("transport", &self.transport).finish_non_exhaustive()
    }
}

#[async_trait]
impl Courier for MailCourier {
    fn channel(&self) -> &'static str {
        "mail"
    }

    async fn deliver(&self, message: &Message, order: &OrderRecord) -> Result<(), Undelivered> {
        let order_id = &order.order.id;
        let Some(details) = details(order)? else {
            tracing::debug!(%order_id, message = %message.id, "nobody is mailed: it is not known, or not any more, who ordered");
            return Ok(());
        };
        if details.customer.email.is_empty() {
            tracing::debug!(%order_id, message = %message.id, "nobody is mailed: the shopper has given no address");
            return Ok(());
        }
        let composed = compose::letter(&self.shop, message, order, &details, self.clock.now_ms());
        let Some(letter) = composed.map_err(|error| Undelivered::never(format!("the message cannot be read: {error}")))? else {
            tracing::debug!(%order_id, message = %message.id, kind = message.kind.word(), "nobody is mailed: it is nothing for shoppers, or over");
            return Ok(());
        };
        // The address is the shopper's own business: what is said of it goes to the log.
        let to = details.customer.email.parse::<Address>().map_err(|_| Undelivered::never("the address is none that mails can go to"))?;
        let mail = self.mail(message, to, &letter).map_err(|error| Undelivered::never(format!("the mail cannot be written: {error}")))?;
        self.transport.send(&atom(&message.id), &mail).await
    }
}

/// What the shop has kept with the order; `None` where it is forgotten.
fn details(order: &OrderRecord) -> Result<Option<Details>, Undelivered> {
    if order.order.details.is_empty() {
        return Ok(None);
    }
    // Its own words would quote the details, which say who bought.
    let unreadable = |error: serde_json::Error| {
        Undelivered::never(format!("the order's details cannot be read: {:?} at column {}", error.classify(), error.column()))
    };
    Details::from_text(&order.order.details).map(Some).map_err(unreadable)
}

/// A message's id as part of a file's name and of a `Message-ID`: other characters than those of order numbers are written by their
/// numbers, so that two ids never become one.
fn atom(id: &str) -> String {
    id.bytes().fold(String::with_capacity(id.len()), |mut atom, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'=' => atom.push(char::from(byte)),
            other => atom.push_str(&format!("~{other:02x}")),
        }
        atom
    })
}

/// Nobody has to answer, and no machine should (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// What the mail is written in (RFC 3282).
#[derive(Clone)]
struct ContentLanguage(Lang);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Lang::from_code(text).map(ContentLanguage).ok_or_else(|| "another language".into())
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.code().to_owned())
    }
}

#[cfg(test)]
mod tests;
