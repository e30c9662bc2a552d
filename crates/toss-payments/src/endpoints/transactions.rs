//! `GET /v1/transactions` (Toss docs `/reference`): every approval and cancel, the same day.

use super::astray;
use crate::client::{Client, Response};
use crate::date::DateTime;
use crate::error::{Effect, Error, UnknownCause, UnknownOutcome};
use crate::ids::TransactionKey;
use crate::paging::{Entries, Fetch, Page};
use crate::transaction::Transaction;

/// Which transactions.
///
/// ```
/// use toss_payments::{DateTime, TransactionQuery};
///
/// let day = TransactionQuery::new(DateTime::parse("2026-08-01T00:00:00")?, DateTime::parse("2026-08-02T00:00:00")?).limit(1_000);
/// # Ok::<(), toss_payments::DateError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionQuery {
    start: DateTime,
    end: DateTime,
    starting_after: Option<TransactionKey>,
    limit: u32,
}

impl TransactionQuery {
    /// The greatest number of transactions on a page (Toss docs `/reference`).
    pub const MAX_LIMIT: u32 = 5_000;
    /// The number of transactions on a page unless asked otherwise (Toss docs `/reference`).
    pub const DEFAULT_LIMIT: u32 = 100;

    /// Those from a time to a time.
    #[must_use]
    pub fn new(start: DateTime, end: DateTime) -> TransactionQuery {
        TransactionQuery { start, end, starting_after: None, limit: TransactionQuery::DEFAULT_LIMIT }
    }

    /// Only those behind this one in the order of Toss.
    #[must_use]
    pub fn starting_after(mut self, key: TransactionKey) -> TransactionQuery {
        self.starting_after = Some(key);
        self
    }

    /// So many on a page; brought within 1 to 5,000.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> TransactionQuery {
        self.limit = limit.clamp(1, TransactionQuery::MAX_LIMIT);
        self
    }
}

impl Client {
    /// One page of transactions. Changes nothing at Toss.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{DateTime, TransactionQuery};
    ///
    /// let day = TransactionQuery::new(DateTime::parse("2026-08-01T00:00:00")?, DateTime::parse("2026-08-02T00:00:00")?).limit(5_000);
    /// let first = client.transactions_page(&day).await?.value;
    /// if let Some(last) = first.last().and_then(|last| last.transaction_key.clone()) {
    ///     let second = client.transactions_page(&day.starting_after(last)).await?.value;
    ///     println!("{} and {}", first.len(), second.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; a page on which something is no transaction is [`Error::Unknown`]: a ledger has no silent gaps.
    pub async fn transactions_page(&self, query: &TransactionQuery) -> Result<Response<Vec<Transaction>>, Error> {
        let mut pairs =
            vec![("startDate", query.start.to_string()), ("endDate", query.end.to_string()), ("limit", query.limit.to_string())];
        pairs.extend(query.starting_after.as_ref().map(|key| ("startingAfter", key.to_string())));
        let answer = self.list("/v1/transactions", &pairs).await?;
        answer.read(Effect::Lookup, Transaction::list_from_json)
    }

    /// All transactions, page after page, each page behind the last transaction of the one before. The first empty page
    /// is the end.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{DateTime, TransactionQuery};
    ///
    /// let day = TransactionQuery::new(DateTime::parse("2026-08-01T00:00:00")?, DateTime::parse("2026-08-02T00:00:00")?);
    /// let mut transactions = client.transactions(&day);
    /// while let Some(transaction) = transactions.next().await {
    ///     println!("{:?}", transaction?.amount);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn transactions(&self, query: &TransactionQuery) -> Entries<Transaction> {
        Entries::new(fetch(self.clone(), query.clone()))
    }
}

fn fetch(client: Client, query: TransactionQuery) -> Fetch<Transaction> {
    Box::new(move || {
        Box::pin(async move {
            let page = client.transactions_page(&query).await?;
            let Some(last) = page.value.last() else {
                return Ok(Page { entries: Vec::new(), next: None });
            };
            let Some(last) = last.transaction_key.clone() else {
                let is_whole = u32::try_from(page.value.len()).is_ok_and(|len| len < query.limit);
                let next = (!is_whole).then(nothing_to_go_on_behind);
                return Ok(Page { entries: page.value, next });
            };
            if query.starting_after.as_ref() == Some(&last) {
                return Err(astray(page, "the list does not go on behind startingAfter"));
            }
            let next = Some(fetch(client, query.starting_after(last)));
            Ok(Page { entries: page.value, next })
        })
    })
}

/// What has been read stands; that there may be more behind it is said, not passed over.
fn nothing_to_go_on_behind() -> Fetch<Transaction> {
    Box::new(|| {
        Box::pin(async {
            let mut unknown = UnknownOutcome::new(UnknownCause::Mismatch);
            unknown.detail = "the last transaction of a full page has no transactionKey to go on behind".to_owned();
            Err(unknown.into())
        })
    })
}
