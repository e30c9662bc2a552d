//! Looks at open findings once more: what has been mended since is closed.

use super::compare::Difference;
use super::examine::Examined;
use super::{BooksError, Run};
use crate::store::{Closing, Finding, FindingKind};
use toss_types::PaymentKey;

/// How many are looked at in one run, those first that were not for longest.
const AT_ONCE: u32 = 50;

impl Run<'_> {
    pub(super) async fn look_again(&mut self) -> Result<(), BooksError> {
        let before_ms = self.began_ms.saturating_sub(self.budget.check_after_ms);
        for finding in self.engine.0.store.findings_to_check(before_ms, AT_ONCE).await? {
            let came_of_it = match &finding.payment_key {
                Some(key) if finding.kind.can_mend() => self.check(&finding, key).await?,
                Some(_) | None => Some(finding.what.clone()),
            };
            let now_ms = self.engine.now_ms();
            match came_of_it {
                Some(what) => {
                    let again = Finding { what, checked_at_ms: now_ms, ..finding };
                    self.engine.0.store.keep_finding(&again).await?;
                }
                None if self.engine.0.store.close_finding(&finding.id, now_ms, &Closing::Mended).await? => {
                    let order_id = finding.order_id.as_ref().map(ToString::to_string);
                    tracing::info!(kind = finding.kind.word(), order_id, "what the books had found is mended");
                    self.report.mended += 1;
                }
                None => {}
            }
        }
        Ok(())
    }

    /// What is still to be said of it; `None` where it is mended.
    async fn check(&mut self, finding: &Finding, key: &PaymentKey) -> Result<Option<String>, BooksError> {
        let Some(record) = self.order_of(key, finding.order_id.as_ref()).await? else {
            return self.check_unknown(finding, key).await;
        };
        let examined = self.examine(&record, key).await?;
        Ok(match examined {
            Examined::Agreed | Examined::Mended(_) if finding.kind == FindingKind::NotListed => {
                let is_still = self.unlisted(&record).await?.iter().any(|unlisted| finding.mark.ends_with(&unlisted.about));
                is_still.then(|| finding.what.clone())
            }
            Examined::Agreed | Examined::Mended(_) => None,
            Examined::Unanswered(_) => Some(finding.what.clone()),
            // Toss has answered by now, and this is another finding.
            Examined::Differs(difference) if difference.kind != finding.kind => {
                let is_answered = finding.kind == FindingKind::Unanswered;
                self.keep_examined(&record, key, &finding.mark, Examined::Differs(difference)).await?;
                (!is_answered).then(|| finding.what.clone())
            }
            Examined::Differs(Difference { what, .. }) => Some(what),
        })
    }

    /// Of an order that this store does not have: it is settled when nothing of it is left at Toss.
    async fn check_unknown(&mut self, finding: &Finding, key: &PaymentKey) -> Result<Option<String>, BooksError> {
        self.before_call().await?;
        self.report.look_ups += 1;
        match self.engine.0.gateway.payment(key).await {
            Ok(answer) => {
                let is_gone = answer.value.balance_amount.is_some_and(|balance| balance.is_zero());
                Ok((!is_gone).then(|| finding.what.clone()))
            }
            Err(error) if error.retry_after().is_some() => Err(self.failed(Box::new(error))),
            Err(_) => Ok(Some(finding.what.clone())),
        }
    }
}
