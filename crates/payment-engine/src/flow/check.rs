//! Looks an order up at Toss because somebody wants to know now.

use crate::engine::Engine;
use crate::flow::cancel::{Looked, look};
use crate::flow::learn::News;
use crate::store::{OrderRecord, StoreError};
use toss_payments::Error;
use toss_types::OrderId;

/// An order that was looked up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The order as it stands now.
    pub record: OrderRecord,
    /// What came of it.
    pub came_of_it: CameOfIt,
}

/// What came of looking an order up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CameOfIt {
    /// Toss knew more, and the order has changed.
    Changed,
    /// Toss says what the order says.
    NothingNew,
    /// Toss does not say enough either: the payment or the refund stays undecided, and the work of the engine goes on with it.
    Undecided,
    /// No payment has come back for the order: there is nothing to ask about.
    NothingToAsk,
    /// Toss and the order disagree in a way that only a person can judge.
    Disagreement(String),
}

/// Why an order was not looked up. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// No such order.
    #[error("no such order")]
    NoSuchOrder,
    /// It was paid to another account of Toss than the keys that are set.
    #[error("it was paid to another account of Toss: set the keys of then")]
    AnotherAccount,
    /// Toss could not be asked.
    #[error("Toss could not be asked: {0}")]
    NotAsked(Box<Error>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Looks the latest payment of an order up at Toss at once, and a refund of which nobody knows, and stores what Toss says. It
    /// never confirms, and repeats no refund: what stays undecided is the work's. A payment that turns out to be one too many is
    /// given back.
    ///
    /// # Errors
    /// [`CheckError`].
    ///
    /// # Panics
    /// Outside a Tokio runtime; and with the clock of the system, where the runtime's timer is not enabled.
    pub async fn check(&self, order_id: &OrderId) -> Result<Checked, CheckError> {
        let record = self.order(order_id).await?.ok_or(CheckError::NoSuchOrder)?;
        let before = record.version;
        let Some(attempt) = record.state.attempt() else {
            return self.checked_refund(record, before, None).await;
        };
        if !self.is_ours(attempt) {
            return Err(CheckError::AnotherAccount);
        }
        let key = attempt.payment_key.clone();
        let learnt = self.learn(&record, &key, self.0.gateway.payment(&key).await).await?;
        let disagreement = match learnt.news {
            News::Changed | News::Nothing | News::NotYet => None,
            News::Disagreement(what) => Some(what),
            News::Unanswered(error) => {
                self.calm_down(error.retry_after());
                return Err(CheckError::NotAsked(error));
            }
        };
        self.checked_refund(learnt.record, before, disagreement).await
    }

    /// Looks up the refund that is under way, where there is one: it may be of another payment than the order's own.
    async fn checked_refund(&self, record: OrderRecord, before: i64, disagreement: Option<String>) -> Result<Checked, CheckError> {
        let record = match record.refunds.under_way().cloned() {
            None => record,
            Some(refund) => match look(self, &record, &refund).await? {
                Looked::Known(record) => *record,
                Looked::NotHappened | Looked::Unknown => self.order(&record.order.id).await?.unwrap_or(record),
            },
        };
        let is_undecided = record.state.undecided().is_some() || record.refunds.under_way().is_some();
        let came_of_it = match disagreement {
            Some(what) => CameOfIt::Disagreement(what),
            None if is_undecided => CameOfIt::Undecided,
            None if record.version != before => CameOfIt::Changed,
            None if record.state.attempt().is_none() => CameOfIt::NothingToAsk,
            None => CameOfIt::NothingNew,
        };
        Ok(Checked { record, came_of_it })
    }
}
