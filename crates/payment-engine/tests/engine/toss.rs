//! The way to the sandbox, spoiled where a test wants it: answers that the sandbox has no fault for.

use async_trait::async_trait;
use payment_engine::gateway::{Fingerprint, Gateway, Mode, TossGateway};
use payment_engine::order::{Attempt, Refund};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use toss_payments::payment::RefundStatus;
use toss_payments::settlement::Settlement;
use toss_payments::transaction::Transaction;
use toss_payments::{Date, DateTime, Error, Payment, RefundReceiveAccount, Response, TransactionKey, UnknownCause, UnknownOutcome};
use toss_types::{OrderId, PaymentKey};

/// What becomes of one call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spoiled {
    /// It never leaves.
    NotSent,
    /// It arrives, and its answer is lost.
    AnswerLost,
    /// It is not let in, and is to be made again after so many seconds.
    TooMany(u64),
    /// The program breaks off.
    Panic,
}

/// What happens at Toss between a decision of the engine's and its call.
type Happening = Box<dyn FnOnce() + Send>;

/// Spoils calls, in order, and passes all others on.
#[derive(Default)]
pub struct Spoiler {
    confirms: Mutex<HashMap<OrderId, VecDeque<Spoiled>>>,
    look_ups: Mutex<VecDeque<Spoiled>>,
    cancels: Mutex<VecDeque<Spoiled>>,
    before_cancel: Mutex<Option<Happening>>,
    transfer: Mutex<Option<RefundStatus>>,
    fingerprint: Mutex<Option<Fingerprint>>,
    lists: Mutex<VecDeque<Option<Spoiled>>>,
    page: Mutex<Option<usize>>,
    hidden: Mutex<Vec<PaymentKey>>,
    settlements: Mutex<Vec<Settlement>>,
}

/// What the test pays out comes in pages of so many: the sandbox settles nothing.
const SETTLEMENTS_PAGE: usize = 2;

impl Spoiler {
    /// What becomes of the next lists of transactions, in order.
    pub fn lists(&self, spoiled: &[Option<Spoiled>]) {
        self.lists.lock().unwrap().extend(spoiled);
    }

    /// Lists of transactions come in pages of so many.
    pub fn pages_of(&self, limit: usize) {
        *self.page.lock().unwrap() = Some(limit);
    }

    /// Toss does not list this payment; and lists all of them again with [`Spoiler::list_all`].
    pub fn hide(&self, key: &PaymentKey) {
        self.hidden.lock().unwrap().push(key.clone());
    }

    pub fn list_all(&self) {
        self.hidden.lock().unwrap().clear();
    }

    /// What Toss pays out from now on.
    pub fn settle(&self, settlements: Vec<Settlement>) {
        *self.settlements.lock().unwrap() = settlements;
    }

    pub fn confirm(&self, order: &OrderId, spoiled: &[Spoiled]) {
        self.confirms.lock().unwrap().insert(order.clone(), spoiled.iter().copied().collect());
    }

    pub fn look_up(&self, spoiled: &[Spoiled]) {
        self.look_ups.lock().unwrap().extend(spoiled);
    }

    /// Happens once, right before the next cancel.
    pub fn before_cancel(&self, happens: impl FnOnce() + Send + 'static) {
        *self.before_cancel.lock().unwrap() = Some(Box::new(happens));
    }

    /// From now on Toss says so of what is given back of deposits.
    pub fn transfer(&self, status: RefundStatus) {
        *self.transfer.lock().unwrap() = Some(status);
    }

    fn with_transfer(&self, mut response: Response<Payment>) -> Response<Payment> {
        if let (Some(account), Some(status)) = (&mut response.value.virtual_account, self.transfer.lock().unwrap().clone()) {
            account.refund_status = Some(status);
        }
        response
    }

    pub fn cancel(&self, spoiled: &[Spoiled]) {
        self.cancels.lock().unwrap().extend(spoiled);
    }

    /// From the next engine on the key counts as another one of the same account, as one that Toss has renewed.
    pub fn renew_key(&self, fingerprint: &str) {
        *self.fingerprint.lock().unwrap() = Some(Fingerprint::new(fingerprint));
    }

    pub fn before(self: &Arc<Spoiler>, toss: TossGateway) -> SpoiledGateway {
        let fingerprint = self.fingerprint.lock().unwrap().clone().unwrap_or_else(|| toss.fingerprint().clone());
        SpoiledGateway { spoiler: self.clone(), toss, fingerprint }
    }
}

pub struct SpoiledGateway {
    spoiler: Arc<Spoiler>,
    toss: TossGateway,
    fingerprint: Fingerprint,
}

fn lost(cause: UnknownCause, retry_after: Option<Duration>) -> Error {
    let mut lost = UnknownOutcome::new(cause);
    (lost.retry_after, lost.detail) = (retry_after, "spoiled by the test".to_owned());
    lost.into()
}

async fn spoil<T>(spoiled: Option<Spoiled>, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match spoiled {
        None => call.await,
        Some(Spoiled::NotSent) => Err(lost(UnknownCause::NotSent, None)),
        Some(Spoiled::AnswerLost) => {
            drop(call.await);
            Err(lost(UnknownCause::Reset, None))
        }
        Some(Spoiled::TooMany(seconds)) => Err(lost(UnknownCause::TooManyRequests, Some(Duration::from_secs(seconds)))),
        Some(Spoiled::Panic) => panic!("a bug that the test has planted"),
    }
}

#[async_trait]
impl Gateway for SpoiledGateway {
    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    fn mode(&self) -> Mode {
        self.toss.mode()
    }

    async fn confirm(&self, order_id: &OrderId, attempt: &Attempt) -> Result<Response<Payment>, Error> {
        let spoiled = self.spoiler.confirms.lock().unwrap().get_mut(order_id).and_then(VecDeque::pop_front);
        spoil(spoiled, self.toss.confirm(order_id, attempt)).await
    }

    async fn payment(&self, payment_key: &PaymentKey) -> Result<Response<Payment>, Error> {
        let spoiled = self.spoiler.look_ups.lock().unwrap().pop_front();
        spoil(spoiled, self.toss.payment(payment_key)).await.map(|response| self.spoiler.with_transfer(response))
    }

    async fn cancel(&self, refund: &Refund, account: Option<&RefundReceiveAccount>) -> Result<Response<Payment>, Error> {
        if let Some(happens) = self.spoiler.before_cancel.lock().unwrap().take() {
            happens();
        }
        let spoiled = self.spoiler.cancels.lock().unwrap().pop_front();
        spoil(spoiled, self.toss.cancel(refund, account)).await.map(|response| self.spoiler.with_transfer(response))
    }

    async fn transactions(
        &self,
        from: &DateTime,
        to: &DateTime,
        after: Option<&TransactionKey>,
    ) -> Result<Response<Vec<Transaction>>, Error> {
        let spoiled = self.spoiler.lists.lock().unwrap().pop_front().flatten();
        let mut page = spoil(spoiled, self.toss.transactions(from, to, after)).await?;
        if let Some(limit) = *self.spoiler.page.lock().unwrap() {
            page.value.truncate(limit);
        }
        let hidden = self.spoiler.hidden.lock().unwrap().clone();
        page.value.retain(|entry| entry.payment_key.as_ref().is_none_or(|key| !hidden.contains(key)));
        Ok(page)
    }

    async fn settlements(&self, from: &Date, to: &Date, page: u32) -> Result<Response<Vec<Settlement>>, Error> {
        let asked = self.toss.settlements(from, to, page).await?;
        let all = self.spoiler.settlements.lock().unwrap();
        let first = usize::try_from(page - 1).unwrap() * SETTLEMENTS_PAGE;
        let sold = |entry: &&Settlement| entry.sold_date.as_deref().is_none_or(|day| (from.as_str()..=to.as_str()).contains(&day));
        let value = all.iter().filter(sold).skip(first).take(SETTLEMENTS_PAGE).cloned().collect();
        Ok(Response::new(value, asked.raw))
    }
}
