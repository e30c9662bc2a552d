//! Reads what Toss pays out. It says so the day after the sale, and a day of pay-out may come later still: so the last days are read
//! again each time.

use super::{BooksError, Run, days};
use crate::store::SettlementRecord;
use toss_payments::settlement::Settlement;
use toss_payments::{Amount, Currency, Error};

/// How many days are read again.
const AGAIN_MS: i64 = days::days_ms(7);
/// The longest span that is asked for at once.
const LONGEST_SPAN_MS: i64 = days::days_ms(6);
/// More pages than a week of any shop has.
const MOST_PAGES: u32 = 10_000;

impl Run<'_> {
    /// Not every account is given settlements; without them the books are whole all the same.
    pub(super) async fn read_settlements(&mut self) -> Result<(), BooksError> {
        let to_ms = self.began_ms;
        let read_ms = self.books.settled_day.as_deref().and_then(days::begin_ms);
        let mut from_ms = read_ms.map_or(self.books.begin_ms, |read_ms| (read_ms.min(to_ms) - AGAIN_MS).max(self.books.begin_ms));
        let mut count = 0;
        loop {
            let until_ms = to_ms.min(from_ms + LONGEST_SPAN_MS);
            match self.read_settled(from_ms, until_ms).await? {
                Ok(read) => count += read,
                Err(error) => {
                    self.engine.calm_down(error.retry_after());
                    tracing::info!(%error, "Toss has given no settlements");
                    return Ok(());
                }
            }
            self.books.settled_day = Some(days::day(until_ms).as_str().to_owned());
            self.progress().await?;
            if until_ms >= to_ms {
                self.report.settlements = Some(count);
                return Ok(());
            }
            from_ms = until_ms;
        }
    }

    async fn read_settled(&mut self, from_ms: i64, to_ms: i64) -> Result<Result<u64, Error>, BooksError> {
        let (from, to) = (days::day(from_ms), days::day(to_ms));
        let mut count = 0;
        for number in 1..=MOST_PAGES {
            self.before_call().await?;
            let page = match self.engine.0.gateway.settlements(&from, &to, number).await {
                Ok(page) => page.value,
                Err(error) => return Ok(Err(error)),
            };
            if page.is_empty() {
                break;
            }
            let mut records = Vec::with_capacity(page.len());
            for settlement in page {
                records.extend(self.settlement(settlement).await?);
            }
            count += u64::try_from(records.len()).unwrap_or(u64::MAX);
            self.engine.0.store.keep_settlements(&records).await?;
        }
        Ok(Ok(count))
    }

    /// As the store keeps it; `None` where it is of no order of this store, or of no transaction that could be named.
    async fn settlement(&self, settlement: Settlement) -> Result<Option<SettlementRecord>, BooksError> {
        let Settlement { payment_key: Some(key), transaction_key: Some(transaction_key), .. } = &settlement else {
            tracing::warn!(order_id = ?settlement.order_id, "a settlement does not say of which transaction; it is left out");
            return Ok(None);
        };
        let Some(record) = self.order_of(key, settlement.order_id.as_ref()).await? else { return Ok(None) };
        let currency = settlement.currency.clone().unwrap_or(Currency::Krw);
        let mut kept = SettlementRecord::new(key.clone(), transaction_key.as_str(), record.order.id, currency);
        kept.amount = settlement.amount;
        kept.fee = settlement.fee.or_else(|| sum(&settlement));
        kept.vat = settlement.vat;
        kept.pay_out = settlement.pay_out_amount;
        kept.sold_day = settlement.sold_date;
        kept.paid_out_day = settlement.paid_out_date;
        Ok(Some(kept))
    }
}

/// What Toss keeps where it says so by kind. Where one of the kinds says nothing the sum is not known.
fn sum(settlement: &Settlement) -> Option<Amount> {
    let (first, rest) = settlement.fees.split_first()?;
    rest.iter().try_fold(first.fee?, |sum, fee| sum.checked_add(fee.fee?))
}
