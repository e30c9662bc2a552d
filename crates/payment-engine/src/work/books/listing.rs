//! Reads what Toss lists, span by span and page by page, and compares each transaction once.

use super::compare::{self, Difference};
use super::{BooksError, MARGIN_MS, OVERLAP_MS, Run, SKEW_MS, Went, days};
use crate::random::WORD_CHARS;
use crate::store::{FindingKind, Listed, Span};
use toss_payments::transaction::Transaction;
use toss_payments::{Error, TransactionKey, UnknownCause, UnknownOutcome};
use toss_types::{OrderId, PaymentKey};

/// The longest span that is asked for at once, in ms.
const LONGEST_SPAN_MS: i64 = days::days_ms(7);

impl Run<'_> {
    pub(super) async fn read_transactions(&mut self) -> Result<Went, BooksError> {
        let to_ms = self.to_ms();
        let mut is_first = true;
        loop {
            let mut span = match self.books.span.take() {
                Some(span) => {
                    is_first = false;
                    span
                }
                None if !is_first && self.books.agreed_ms >= to_ms => return Ok(Went::ToItsEnd),
                None => {
                    let overlap_ms = if is_first { OVERLAP_MS } else { 0 };
                    let from_ms = (self.books.agreed_ms.min(to_ms) - overlap_ms).max(self.books.begin_ms - SKEW_MS);
                    if from_ms >= to_ms {
                        return Ok(Went::ToItsEnd);
                    }
                    is_first = false;
                    Span::new(from_ms, to_ms.min(from_ms + LONGEST_SPAN_MS))
                }
            };
            let went = self.read_span(&mut span).await;
            match went {
                Ok(Went::ToItsEnd) => {
                    (self.books.agreed_ms, self.books.span) = (span.to_ms, None);
                    self.progress().await?;
                }
                Ok(Went::OutOfBudget) | Err(_) => {
                    self.books.span = Some(span);
                    return went;
                }
            }
        }
    }

    async fn read_span(&mut self, span: &mut Span) -> Result<Went, BooksError> {
        loop {
            if self.budget.pages == 0 {
                return Ok(Went::OutOfBudget);
            }
            self.budget.pages -= 1;
            self.before_call().await?;
            let after = span.after.as_deref().map(TransactionKey::parse).transpose().unwrap_or_default();
            let answer = self.engine.0.gateway.transactions(&days::second(span.from_ms), &days::second(span.to_ms), after.as_ref()).await;
            let page = match answer {
                Ok(page) => page.value,
                Err(error) => {
                    // A page may not be there to go on behind any more: then the span is read from its beginning.
                    if matches!(error, Error::Rejected(_)) {
                        span.after = None;
                    }
                    return Err(self.failed(Box::new(error)));
                }
            };
            if page.is_empty() {
                return Ok(Went::ToItsEnd);
            }
            for transaction in &page {
                if self.report.look_ups >= self.budget.look_ups {
                    return Ok(Went::OutOfBudget);
                }
                self.compare(transaction).await?;
            }
            let last = page.iter().rev().find_map(|transaction| transaction.transaction_key.as_ref());
            match last {
                Some(last) if span.after.as_deref() != Some(last.as_str()) => span.after = Some(last.as_str().to_owned()),
                Some(_) | None => return Err(self.failed(astray())),
            }
            self.books.span = Some(span.clone());
            self.progress().await?;
        }
    }

    async fn compare(&mut self, transaction: &Transaction) -> Result<(), BooksError> {
        let (Some(key), Some(transaction_key)) = (&transaction.payment_key, &transaction.transaction_key) else {
            return self.unreadable(transaction).await;
        };
        let status = transaction.status.as_ref().map_or_else(String::new, ToString::to_string);
        let mut listed = Listed::new(key.clone(), transaction_key.as_str(), status, compare::is_cancel(transaction));
        let is_again = |known: &Listed| known.transaction_key == listed.transaction_key && known.status == listed.status;
        if self.engine.0.store.listed(key).await?.iter().any(is_again) {
            return Ok(());
        }
        let record = self.order_of(key, transaction.order_id.as_ref()).await?;
        let about = format!("{} {}", key.expose(), transaction_key.as_str());
        match &record {
            None => self.not_ours(key, transaction).await?,
            Some(record) if compare::is_known(record, key, transaction) => {}
            Some(record) => {
                let examined = self.examine(record, key).await?;
                self.keep_examined(record, key, &about, examined).await?;
            }
        }
        self.report.transactions += 1;
        listed.order_id = record.map(|record| record.order.id);
        listed.at_ms = transaction.transaction_at.as_ref().and_then(toss_payments::Timestamp::unix_ms);
        Ok(self.engine.0.store.keep_listed(&listed).await?)
    }

    /// Of an order that this store does not have. Other shops may share the merchant id, and name theirs otherwise.
    async fn not_ours(&mut self, key: &PaymentKey, transaction: &Transaction) -> Result<(), BooksError> {
        let Some(order_id) = transaction.order_id.as_ref().filter(|id| is_of_our_form(id)) else {
            self.report.foreign += 1;
            return Ok(());
        };
        let what = "this store has no such order: it may have been placed after the back-up that was restored, or by another server";
        let difference = Difference::new(FindingKind::UnknownOrder, what, compare::money(transaction));
        let mut finding = self.finding(&difference, key.expose(), None);
        (finding.order_id, finding.payment_key) = (Some(order_id.clone()), Some(key.clone()));
        self.keep(finding).await
    }

    async fn unreadable(&mut self, transaction: &Transaction) -> Result<(), BooksError> {
        let text = |text: Option<&str>| text.unwrap_or("?").to_owned();
        let about = [
            text(transaction.payment_key.as_ref().map(PaymentKey::expose)),
            text(transaction.transaction_key.as_ref().map(|key| key.as_str())),
            text(transaction.order_id.as_ref().map(OrderId::as_str)),
            text(transaction.transaction_at.as_ref().map(|at| at.as_str())),
        ];
        let what = "Toss lists a transaction without the key of its payment or of itself: it cannot be compared";
        let difference = Difference::new(FindingKind::Unreadable, what, compare::money(transaction));
        let mut finding = self.finding(&difference, &about.join(" "), None);
        (finding.order_id, finding.payment_key) = (transaction.order_id.clone(), transaction.payment_key.clone());
        self.keep(finding).await
    }
}

/// Whether this engine could have made that number ([`Engine::place`](crate::Engine::place)).
fn is_of_our_form(id: &OrderId) -> bool {
    let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    id.as_str().len() == WORD_CHARS && id.as_str().bytes().all(is_ours)
}

fn astray() -> Box<Error> {
    let mut unknown = UnknownOutcome::new(UnknownCause::Mismatch);
    unknown.detail = "the list of transactions does not go on behind the page before".to_owned();
    Box::new(unknown.into())
}

const _: () = assert!(MARGIN_MS < SKEW_MS, "the first span of a new store is not empty");
