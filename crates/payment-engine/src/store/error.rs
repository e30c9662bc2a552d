//! A store that fails.

use std::fmt;

/// The database failed. What it says is for the log, never for a shopper: it may name files, tables and hosts.
///
/// It says all of it, the cause and whatever caused that, each once; so [`source`](std::error::Error::source) has nothing to add.
/// Who has to know what the cause is asks [`StoreError::cause`].
#[derive(Debug)]
pub struct StoreError {
    doing: &'static str,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    /// A failure while `doing` something.
    pub fn new(doing: &'static str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
        StoreError { doing, cause: cause.into() }
    }

    /// What the database said, to be asked for its type.
    ///
    /// ```
    /// use payment_engine::StoreError;
    ///
    /// let error = StoreError::new("reading an order", std::io::Error::other("disk failure"));
    /// assert_eq!(error.to_string(), "the store failed while reading an order: disk failure");
    /// assert!(error.cause().is::<std::io::Error>());
    /// ```
    #[must_use]
    pub fn cause(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self.cause.as_ref()
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.cause.to_string();
        for cause in std::iter::successors(self.cause.source(), |cause| cause.source()).map(ToString::to_string) {
            // Some errors name their cause themselves.
            if !text.contains(&cause) {
                text = format!("{text}: {cause}");
            }
        }
        write!(f, "the store failed while {}: {text}", self.doing)
    }
}

impl std::error::Error for StoreError {}

/// The cause of a [`StoreError`] of [`Store::place`](crate::store::Store::place), and of nothing else: the store has as many orders to
/// place as it takes on. Nothing was written, and nothing is broken. Asked for again in a moment, the order may well be placed.
///
/// ```
/// use payment_engine::StoreError;
/// use payment_engine::store::Busy;
///
/// let refused = StoreError::new("placing an order", Busy);
/// assert!(refused.cause().is::<Busy>());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("as many orders wait to be placed as the store takes on")]
pub struct Busy;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("db error")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("disk full: {0}")]
    struct Inner(#[source] std::io::Error);

    #[test]
    fn a_failed_store_tells_the_whole_cause_once() {
        let error = StoreError::new("placing an order", Outer(Inner(std::io::Error::other("no space left"))));
        assert_eq!(error.to_string(), "the store failed while placing an order: db error: disk full: no space left");
        assert!(std::error::Error::source(&error).is_none(), "a reporter that follows sources would say it twice");
        assert!(error.cause().is::<Outer>());
    }
}
