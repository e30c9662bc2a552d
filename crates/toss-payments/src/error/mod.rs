//! What can go wrong, told apart by one question: did Toss decide, or does nobody know?
//!
//! A payment is lost in the difference. [`Rejected`] is Toss's own word, readable and complete. Everything else is
//! [`UnknownOutcome`]: the charge may have happened, and only a look-up tells. Within a rejection, [`Class`] says what the word
//! means for the order.

mod body;
mod class;
mod code;
mod decode;

pub use body::ErrorBody;
pub(crate) use class::class;
pub use class::{Class, Effect};
pub use code::ErrorCode;
pub use decode::DecodeError;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// A call that did not bring what was asked for.
///
/// ```
/// use toss_payments::{Class, Error};
///
/// fn what_now(error: &Error) -> &'static str {
///     match error.class() {
///         Class::Declined => "tell the shopper why and offer another method",
///         Class::Expired => "start a new payment",
///         Class::State => "look the payment up: it is probably paid",
///         Class::Validation | Class::Key => "wake somebody up; the order stays as it is",
///         Class::Unknown => "look the payment up; until then the order is pending",
///     }
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum Error {
    /// Toss answered and refused.
    #[error(transparent)]
    Rejected(Box<Rejected>),
    /// Nobody knows what Toss did.
    #[error(transparent)]
    Unknown(Box<UnknownOutcome>),
}

impl Error {
    /// What the error means for the order; [`Class::Unknown`] wherever Toss did not decide.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Error::Rejected(rejected) => rejected.class,
            Error::Unknown(_) => Class::Unknown,
        }
    }

    /// The code that Toss gave, if it could be read.
    ///
    /// ```
    /// use toss_payments::Error;
    ///
    /// /// What a log needs to find the call again; nothing that was sent or received in a body.
    /// fn line(error: &Error) -> String {
    ///     format!("{:?} {:?} {:?} {:?}", error.code(), error.status(), error.trace_id(), error.retry_after())
    /// }
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        match self {
            Error::Rejected(rejected) => Some(&rejected.code),
            Error::Unknown(unknown) => unknown.code.as_ref(),
        }
    }

    /// The HTTP status, if one arrived.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::Rejected(rejected) => Some(rejected.status),
            Error::Unknown(unknown) => unknown.status,
        }
    }

    /// What Toss support asks for: the header `x-tosspayments-trace-id`.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        match self {
            Error::Rejected(rejected) => rejected.trace_id.as_deref(),
            Error::Unknown(unknown) => unknown.trace_id.as_deref(),
        }
    }

    /// How long Toss, or what stands before it, asks to wait: the header `Retry-After` in seconds. Toss documents none.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::Rejected(rejected) => rejected.retry_after,
            Error::Unknown(unknown) => unknown.retry_after,
        }
    }
}

/// Toss decided: a 4xx with a readable code.
///
/// Printing shows neither message nor body, which are Toss's free text and may repeat what was sent.
///
/// ```
/// use toss_payments::{Class, Error, ErrorCode, Rejected};
///
/// // By hand, for the tests of a shop.
/// let mut declined = Rejected::new(403, ErrorCode::RejectCardCompany, Class::Declined);
/// declined.message = "결제 승인이 거절되었습니다.".to_owned();
/// assert_eq!(declined.to_string(), "Toss rejected the request: 403 REJECT_CARD_COMPANY (declined)");
/// assert_eq!(Error::from(declined).class(), Class::Declined);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// The HTTP status, 400 to 499 without 409 and 429.
    pub status: u16,
    /// The code; branch on this or on the class.
    pub code: ErrorCode,
    /// Words for people, Korean unless asked otherwise. They change without notice.
    pub message: String,
    /// The header `x-tosspayments-trace-id`.
    pub trace_id: Option<String>,
    /// The header `Retry-After`, where it is a number of seconds.
    pub retry_after: Option<Duration>,
    /// What it means for the order.
    pub class: Class,
    /// The body as received.
    pub raw: String,
}

impl Rejected {
    /// A rejection with nothing but these; for the tests of who calls. The rest can be set.
    #[must_use]
    pub fn new(status: u16, code: ErrorCode, class: Class) -> Rejected {
        Rejected { status, code, message: String::new(), trace_id: None, retry_after: None, class, raw: String::new() }
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Error {
        Error::Rejected(Box::new(rejected))
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Toss rejected the request: {} {} ({})", self.status, self.code, self.class)?;
        trace(f, self.trace_id.as_deref())
    }
}

impl fmt::Debug for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("class", &self.class)
            .field("trace_id", &self.trace_id)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Rejected {}

/// Nobody knows what Toss did, except where the cause is [`UnknownCause::NotSent`].
///
/// ```
/// use toss_payments::{Class, Error, UnknownCause, UnknownOutcome};
///
/// // By hand, for the tests of a shop.
/// let silence = UnknownOutcome::new(UnknownCause::TimedOut);
/// assert_eq!(silence.to_string(), "the outcome at Toss is unknown: no answer in time");
/// let silence = silence.caused_by(std::io::Error::other("a cut wire"));
/// assert_eq!(Error::from(silence).class(), Class::Unknown);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct UnknownOutcome {
    /// Why nobody knows.
    pub cause: UnknownCause,
    /// The HTTP status, if one arrived.
    pub status: Option<u16>,
    /// The code, if one could be read.
    pub code: Option<ErrorCode>,
    /// The body as received, as far as it could be read as UTF-8, cut after [`UnknownOutcome::RAW_MAX`] bytes.
    pub raw: Option<String>,
    /// The header `x-tosspayments-trace-id`.
    pub trace_id: Option<String>,
    /// The header `Retry-After`, where it is a number of seconds.
    pub retry_after: Option<Duration>,
    /// What happened, in words for a log. Contains nothing that was sent or received in a body.
    pub detail: String,
    /// What broke, where something did; [`source`](std::error::Error::source) gives it out.
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl UnknownOutcome {
    /// The most bytes of a body that are kept.
    pub const RAW_MAX: usize = 16 * 1024;

    /// What broke underneath. It ends in logs: its text must contain nothing that was sent.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> UnknownOutcome {
        self.source = Some(Arc::new(source));
        self
    }

    /// An unknown outcome with nothing but its cause; for the tests of who calls, and for time limits of one's own. The rest
    /// can be set.
    #[must_use]
    pub fn new(cause: UnknownCause) -> UnknownOutcome {
        UnknownOutcome {
            cause,
            status: None,
            code: None,
            raw: None,
            trace_id: None,
            retry_after: None,
            detail: String::new(),
            source: None,
        }
    }
}

/// Two are equal where all that can be seen of them is; what broke underneath is not compared.
impl PartialEq for UnknownOutcome {
    fn eq(&self, other: &UnknownOutcome) -> bool {
        let UnknownOutcome { cause, status, code, raw, trace_id, retry_after, detail, source: _ } = self;
        (cause, status, code, raw, trace_id, retry_after, detail)
            == (&other.cause, &other.status, &other.code, &other.raw, &other.trace_id, &other.retry_after, &other.detail)
    }
}

impl Eq for UnknownOutcome {}

impl From<UnknownOutcome> for Error {
    fn from(unknown: UnknownOutcome) -> Error {
        Error::Unknown(Box::new(unknown))
    }
}

impl fmt::Display for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the outcome at Toss is unknown: {}", self.cause)?;
        if let Some(status) = self.status {
            write!(f, ", status {status}")?;
        }
        if let Some(code) = &self.code {
            write!(f, ", code {code}")?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        trace(f, self.trace_id.as_deref())
    }
}

impl fmt::Debug for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownOutcome")
            .field("cause", &self.cause)
            .field("status", &self.status)
            .field("code", &self.code)
            .field("trace_id", &self.trace_id)
            .field("detail", &self.detail)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for UnknownOutcome {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

fn trace(f: &mut fmt::Formatter<'_>, trace_id: Option<&str>) -> fmt::Result {
    match trace_id {
        Some(id) => write!(f, " [trace {id}]"),
        None => Ok(()),
    }
}

/// Why the outcome is unknown.
///
/// ```
/// use toss_payments::{Error, UnknownCause};
///
/// /// Whether this very call certainly did nothing. An earlier one with the same key may have.
/// fn did_nothing(error: &Error) -> bool {
///     matches!(error, Error::Unknown(unknown) if unknown.cause == UnknownCause::NotSent)
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnknownCause {
    /// No connection came about, or the request could do harm and was held back: nothing reached Toss. The one case in
    /// which this very call certainly did nothing.
    NotSent,
    /// No complete answer in time.
    TimedOut,
    /// The connection broke after the request may have been sent.
    Reset,
    /// Any 5xx, whatever its code.
    ServerError,
    /// 409: the first request with this idempotency key is still running.
    Conflict,
    /// 429.
    TooManyRequests,
    /// An answer that is neither a payment nor an error of Toss: HTML, a redirect, too large, not JSON.
    Unreadable,
    /// A 200 with another payment, order, amount or currency than asked for.
    Mismatch,
}

impl fmt::Display for UnknownCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UnknownCause::NotSent => "the request was not sent",
            UnknownCause::TimedOut => "no answer in time",
            UnknownCause::Reset => "the connection broke",
            UnknownCause::ServerError => "Toss failed internally",
            UnknownCause::Conflict => "the same request is still running",
            UnknownCause::TooManyRequests => "too many requests",
            UnknownCause::Unreadable => "the answer is unreadable",
            UnknownCause::Mismatch => "the answer is about something else",
        })
    }
}
