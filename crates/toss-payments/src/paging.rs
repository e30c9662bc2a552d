//! Lists that come in pages, as one stream.

use crate::error::Error;
use futures_core::Stream;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

type Fetched<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;
/// Asks for one page.
pub(crate) type Fetch<T> = Box<dyn FnOnce() -> Fetched<T> + Send>;

/// One page, and how to ask for the one behind it.
pub(crate) struct Page<T> {
    pub(crate) entries: Vec<T>,
    pub(crate) next: Option<Fetch<T>>,
}

/// The entries of a list, in the order of Toss. A page is asked for when the entries before it have been taken, and each
/// is asked for once.
///
/// After an error the stream has ended, and what came before it stands. To go on, ask again from the last entry.
///
/// ```no_run
/// # async fn example(client: &toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use toss_payments::{DateTime, TransactionQuery};
///
/// let day = TransactionQuery::new(DateTime::parse("2026-08-01T00:00:00")?, DateTime::parse("2026-08-02T00:00:00")?);
/// let mut transactions = client.transactions(&day);
/// while let Some(transaction) = transactions.next().await {
///     println!("{:?}", transaction?.transaction_key);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing unless it is read"]
pub struct Entries<T> {
    ready: std::vec::IntoIter<T>,
    fetching: Option<Fetched<T>>,
    next: Option<Fetch<T>>,
}

impl<T> Entries<T> {
    pub(crate) fn new(first: Fetch<T>) -> Entries<T> {
        Entries { ready: Vec::new().into_iter(), fetching: None, next: Some(first) }
    }

    /// The next entry; `None` after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

/// Nothing in it is pinned but what stands in a box.
impl<T> Unpin for Entries<T> {}

impl<T> Stream for Entries<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        let entries = self.get_mut();
        loop {
            if let Some(entry) = entries.ready.next() {
                return Poll::Ready(Some(Ok(entry)));
            }
            match &mut entries.fetching {
                None => match entries.next.take() {
                    Some(fetch) => entries.fetching = Some(fetch()),
                    None => return Poll::Ready(None),
                },
                Some(fetching) => {
                    let fetched = std::task::ready!(fetching.as_mut().poll(cx));
                    entries.fetching = None;
                    match fetched {
                        Ok(page) => {
                            entries.ready = page.entries.into_iter();
                            entries.next = page.next;
                        }
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }
}

impl<T> fmt::Debug for Entries<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").field("ready", &self.ready.len()).finish_non_exhaustive()
    }
}
