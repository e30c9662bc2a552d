//! What merchants and shoppers are told of an order: written in the transaction that causes it, delivered in order per order, and
//! tried again until it has arrived.

#[cfg(feature = "reqwest")]
mod webhook;

#[cfg(feature = "reqwest")]
pub use webhook::{WebhookCourier, WebhookSecret, WebhookSecretError, WebhookSetupError, WebhookUrl, WebhookUrlError};

pub use crate::store::Message;

use crate::store::OrderRecord;
use async_trait::async_trait;
use std::time::Duration;

/// A way of telling: a webhook of the merchant's, mail, a queue.
#[async_trait]
pub trait Courier: Send + Sync + 'static {
    /// Its name, which stays: messages are written for it, and wait for whoever bears it.
    fn channel(&self) -> &'static str;

    /// Delivers a message about an order, which may have gone on since. A message may come twice, where an answer was lost.
    ///
    /// # Errors
    /// [`Undelivered`], where it has not arrived.
    async fn deliver(&self, message: &Message, order: &OrderRecord) -> Result<(), Undelivered>;
}

/// A message has not arrived.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{why}")]
#[non_exhaustive]
pub struct Undelivered {
    /// For the operator.
    pub why: String,
    /// Whether trying again is of no use: an address that there is not.
    pub is_final: bool,
    /// How long the receiver asks not to be tried again. It counts where it is longer than the pause that there would be, and up to
    /// half a day.
    pub retry_after: Option<Duration>,
}

impl Undelivered {
    /// It is to be tried again.
    #[must_use]
    pub fn again(why: impl Into<String>) -> Undelivered {
        Undelivered { why: why.into(), is_final: false, retry_after: None }
    }

    /// It never will arrive.
    #[must_use]
    pub fn never(why: impl Into<String>) -> Undelivered {
        Undelivered { why: why.into(), is_final: true, retry_after: None }
    }

    /// But not before so long.
    ///
    /// ```
    /// use payment_engine::outbox::Undelivered;
    /// use std::time::Duration;
    ///
    /// let busy = Undelivered::again("the queue is full").retry_after(Duration::from_secs(600));
    /// assert!(!busy.is_final && busy.retry_after == Some(Duration::from_secs(600)));
    /// ```
    #[must_use]
    pub fn retry_after(mut self, pause: Duration) -> Undelivered {
        self.retry_after = Some(pause);
        self
    }
}
