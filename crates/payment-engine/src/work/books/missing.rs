//! What the orders say was charged or given back and Toss does not list.

use super::compare::{self, Difference, Unlisted};
use super::examine::Examined;
use super::{BooksError, HOUR_MS, OVERLAP_MS, Run, SKEW_MS};
use crate::store::{FindingKind, Listed, OrderRecord};

/// How many orders are read at once.
const AT_ONCE: u32 = 100;
/// How many payments are looked up because they are not listed. More than that means that the list is late.
const MOST_LOOK_UPS: u64 = 50;
/// What is younger may still come, in ms.
const LISTED_WITHIN_MS: i64 = HOUR_MS;

impl Run<'_> {
    pub(super) async fn look_for_missing(&mut self) -> Result<(), BooksError> {
        let since_ms = self.books.ran_at_ms.unwrap_or(self.books.begin_ms).min(self.to_ms()) - OVERLAP_MS - LISTED_WITHIN_MS;
        let mut at = (since_ms, None);
        let until = self.report.look_ups.saturating_add(MOST_LOOK_UPS);
        loop {
            let orders = self.engine.0.store.with_money(at.0, at.1.as_ref(), AT_ONCE).await?;
            let Some((changed_ms, last)) = orders.last() else { return Ok(()) };
            at = (*changed_ms, Some(last.order.id.clone()));
            self.before_call().await?;
            for (_, record) in &orders {
                for unlisted in self.unlisted(record).await? {
                    let age_ms = self.began_ms - unlisted.at_ms;
                    let is_of_these_books = unlisted.at_ms >= self.books.begin_ms - SKEW_MS && age_ms >= LISTED_WITHIN_MS;
                    if is_of_these_books && (self.report.look_ups < until || age_ms >= OVERLAP_MS) {
                        self.miss(record, unlisted, self.report.look_ups < until).await?;
                    }
                }
            }
        }
    }

    /// What that order says and Toss has not listed. Payments of another account are in other lists.
    pub(super) async fn unlisted(&self, record: &OrderRecord) -> Result<Vec<Unlisted>, BooksError> {
        if record.state.attempt().is_some_and(|attempt| !self.engine.is_ours(attempt)) {
            return Ok(Vec::new());
        }
        let mut listed: Vec<Listed> = Vec::new();
        let paying = record.state.attempt().map(|attempt| &attempt.payment_key);
        for key in paying.into_iter().chain(record.refunds.iter().map(|refund| &refund.payment_key)) {
            if !listed.iter().any(|known| known.payment_key == *key) {
                listed.extend(self.engine.0.store.listed(key).await?);
            }
        }
        Ok(compare::unlisted(record, &listed))
    }

    async fn miss(&mut self, record: &OrderRecord, unlisted: Unlisted, may_look_up: bool) -> Result<(), BooksError> {
        let key = &unlisted.payment_key;
        if may_look_up {
            let examined = self.examine(record, key).await?;
            if !matches!(examined, Examined::Agreed) {
                return self.keep_examined(record, key, &unlisted.about, examined).await;
            }
        }
        if self.began_ms - unlisted.at_ms < OVERLAP_MS {
            return Ok(());
        }
        let what = "Toss shows the payment as the order has it, and has not listed this for a day";
        let what = if may_look_up { what } else { "Toss has not listed this for a day" };
        let difference = Difference::new(FindingKind::NotListed, what, Some(unlisted.amount.clone()));
        let mut finding = self.finding(&difference, &unlisted.about, Some(record));
        finding.payment_key = Some(key.clone());
        self.keep(finding).await
    }
}
