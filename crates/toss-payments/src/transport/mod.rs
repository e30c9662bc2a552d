//! The way to Toss: one request out, one answer back, nothing repeated.
//!
//! [`Client`](crate::Client) comes with one on top of reqwest (the default feature `reqwest`). A simulation, a replay or another
//! HTTP stack implements [`Transport`]; what its answers and failures mean stays the client's business.
//!
//! ```
//! use toss_payments::http::{Request, Response};
//! use toss_payments::transport::{Exchange, Limits, Transport};
//! use toss_payments::{Client, OrderId, SecretKey};
//!
//! /// A Toss that knows one payment.
//! #[derive(Debug)]
//! struct Replay(&'static str);
//!
//! impl Transport for Replay {
//!     fn exchange(&self, request: Request<String>, _limits: Limits) -> Exchange<'_> {
//!         assert_eq!(request.uri().path(), "/v1/payments/orders/order-1");
//!         Box::pin(async { Ok(Response::new(self.0.as_bytes().to_vec())) })
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let replay = Replay(r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW"}"#);
//! let client = Client::builder(SecretKey::parse("test_gsk_0123456789abcdef")?).transport(replay).build()?;
//! assert_eq!(client.payment_by_order(&OrderId::parse("order-1")?).await?.value.status.as_str(), "DONE");
//! # Ok(())
//! # }
//! ```

#[cfg(all(feature = "reqwest", feature = "ring"))]
#[path = "crypto_ring.rs"]
mod crypto;
#[cfg(all(feature = "reqwest", not(feature = "ring")))]
#[path = "crypto_of_the_process.rs"]
mod crypto;
#[cfg(not(feature = "reqwest"))]
#[path = "none.rs"]
mod usual;
#[cfg(feature = "reqwest")]
#[path = "over_reqwest.rs"]
mod usual;

#[cfg(feature = "reqwest")]
pub(crate) use usual::DEFAULT_CONNECT_TIMEOUT;
pub(crate) use usual::{Usual, UsualSettings};

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// What an exchange comes to: a complete answer, or why there is none.
pub type Exchange<'a> = Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send + 'a>>;

/// Carries requests to Toss. See the [module](self).
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends a request once and reads the answer to its end. The request is complete: address, key and all other headers, and a
    /// body, which is empty where there is none. Dropping the future may leave the outcome unknown.
    ///
    /// It ends by [`Limits::timeout`], answered or not: who confirms payments takes one that has not come back by then for lost.
    /// It follows no redirect, changes no byte of the body, and repeats nothing that may have left. Nor does it print the request:
    /// address and body have payment keys and, of some calls, card numbers in them, which only the `Debug` of the headers hides.
    fn exchange(&self, request: http::Request<String>, limits: Limits) -> Exchange<'_>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn exchange(&self, request: http::Request<String>, limits: Limits) -> Exchange<'_> {
        (**self).exchange(request, limits)
    }
}

/// How far an exchange may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// How long the whole may take, to the last byte of the answer.
    pub timeout: Duration,
    /// How many bytes of a body may be read.
    pub body_max: usize,
}

impl Limits {
    /// So long, and so many bytes.
    #[must_use]
    pub fn new(timeout: Duration, body_max: usize) -> Limits {
        Limits { timeout, body_max }
    }
}

/// Why there is no complete answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum TransportFailure {
    /// Nothing has left, for certain: the client takes it for a call that never was.
    NotSent,
    /// [`Limits::timeout`] has passed.
    TimedOut,
    /// The connection broke, or anything else after which the request may have arrived.
    Reset,
    /// The body is larger than [`Limits::body_max`].
    BodyTooLarge,
}

/// An exchange without a complete answer.
///
/// ```
/// use toss_payments::transport::{TransportError, TransportFailure};
///
/// let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// let error = TransportError::new(TransportFailure::NotSent).caused_by(refused);
/// assert_eq!(error.failure(), TransportFailure::NotSent);
///
/// let cut = TransportError::new(TransportFailure::Reset).after(toss_payments::http::Response::new(b"{\"payment".to_vec()));
/// assert_eq!(cut.begun().map(|answer| answer.status().as_u16()), Some(200));
/// ```
pub struct TransportError {
    failure: TransportFailure,
    begun: Option<Box<http::Response<Vec<u8>>>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// A failure of this kind.
    #[must_use]
    pub fn new(failure: TransportFailure) -> TransportError {
        TransportError { failure, begun: None, source: None }
    }

    /// What broke. It ends in logs: its text must not contain the address, which has the payment key in it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> TransportError {
        self.source = Some(source.into());
        self
    }

    /// The answer as far as it had arrived.
    #[must_use]
    pub fn after(mut self, begun: http::Response<Vec<u8>>) -> TransportError {
        self.begun = Some(Box::new(begun));
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn failure(&self) -> TransportFailure {
        self.failure
    }

    /// The answer as far as it had arrived.
    #[must_use]
    pub fn begun(&self) -> Option<&http::Response<Vec<u8>>> {
        self.begun.as_deref()
    }

    pub(crate) fn into_source(self) -> Option<Box<dyn StdError + Send + Sync>> {
        self.source
    }
}

/// Of an answer that has begun, its status alone.
impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.begun.as_ref().map(|begun| begun.status());
        f.debug_struct("TransportError")
            .field("failure", &self.failure)
            .field("status", &status)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.failure {
            TransportFailure::NotSent => "the request was not sent",
            TransportFailure::TimedOut => "no answer in time",
            TransportFailure::Reset => "the connection broke",
            TransportFailure::BodyTooLarge => "the body is too large",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
