//! Shoppers who pay at two servers, before, while and after the primary dies; and what they were promised.

use crate::moments::{Dice, Moment, Moments};
use crate::shop::{Shop, is_paid_by, returned, sale};
use futures_util::future::join;
use payment_engine::order::{Progress, State};
use payment_engine::toss_payments::CancelReason;
use payment_engine::{ConfirmError, Engine, NewOrder, OrderRecord, PlaceError, RefundError, RefundRequest, StoreError};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use toss_types::{OrderId, PaymentKey, Won};

/// How long the shop's page waits before it says that the payment is being looked into.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many orders each shopper places when the standby has taken over.
const ROUNDS_AFTER: u32 = 5;
const REFUNDED: i64 = 10_000;

/// What a server has said of an order. By then it is in the database, whatever becomes of that.
#[derive(Debug)]
pub struct Promise {
    pub id: OrderId,
    version: i64,
    /// By which payment, where it was said to be paid.
    paid_by: Option<PaymentKey>,
    refunded: i64,
    /// Which server, and whether the standby had taken over.
    at: usize,
    is_after: bool,
}

impl Promise {
    /// Whether the order is where it was said to be, or further.
    pub fn is_kept_by(&self, record: &OrderRecord) -> bool {
        let is_paid = self.paid_by.as_ref().is_none_or(|key| is_paid_by(record, key));
        let refunded = record.balance().refunded.as_won().unwrap().get();
        record.order.id == self.id && record.version >= self.version && is_paid && refunded >= self.refunded
    }
}

pub struct Street {
    shop: Arc<Shop>,
    servers: [Engine; 2],
    moments: Arc<Moments>,
    /// Whether the primary may be dead by now.
    pub is_dead: Arc<AtomicBool>,
    has_taken_over: watch::Sender<bool>,
    failures: watch::Sender<u64>,
    promises: Mutex<Vec<Promise>>,
    orders: AtomicU64,
}

impl Street {
    pub fn new(shop: Arc<Shop>, servers: [Engine; 2], moments: Arc<Moments>, is_dead: Arc<AtomicBool>) -> Arc<Street> {
        let (has_taken_over, failures) = (watch::Sender::new(false), watch::Sender::new(0));
        Arc::new(Street {
            shop,
            servers,
            moments,
            is_dead,
            has_taken_over,
            failures,
            promises: Mutex::default(),
            orders: AtomicU64::new(0),
        })
    }

    /// Waits until so many were told that the database fails.
    pub async fn failed(&self, times: u64) {
        self.failures.subscribe().wait_for(|failures| *failures >= times).await.unwrap();
    }

    pub fn taken_over(&self) {
        self.has_taken_over.send_replace(true);
    }

    /// Of which server, and whether the standby had taken over.
    pub fn paid_at(&self, at: usize, is_after: bool) -> usize {
        let promises = self.promises.lock().unwrap();
        promises.iter().filter(|promise| promise.paid_by.is_some() && (promise.at, promise.is_after) == (at, is_after)).count()
    }

    pub fn promises(&self) -> Vec<Promise> {
        std::mem::take(&mut self.promises.lock().unwrap())
    }

    /// Buys until the standby has taken over, and then some more.
    pub async fn shopper(self: Arc<Street>, mut dice: Dice) {
        let mut rounds_left = ROUNDS_AFTER;
        while rounds_left > 0 {
            if *self.has_taken_over.borrow() {
                rounds_left -= 1;
            }
            let is_after = *self.has_taken_over.borrow();
            if let Err(error) = self.buy(&mut dice, is_after).await {
                assert!(self.is_dead.load(Ordering::SeqCst), "while both live: {error}");
                assert!(!is_after, "when the standby has taken over: {error}");
                self.failures.send_modify(|failures| *failures += 1);
                if dice.once_in(2) {
                    self.has_taken_over.subscribe().wait_for(|has| *has).await.unwrap();
                }
            }
        }
    }

    async fn buy(&self, dice: &mut Dice, is_after: bool) -> Result<(), StoreError> {
        let number = self.orders.fetch_add(1, Ordering::SeqCst);
        self.moments.pass(Moment::Place).await;
        let at = self.pick(dice);
        let order = match self.servers[at].place(sale(&format!("shopper {number}"))).await {
            Ok(order) => order,
            Err(PlaceError::Store(error)) => return Err(error),
            Err(error @ (PlaceError::Total(_) | PlaceError::Undecided(_) | PlaceError::SoldOut(_) | PlaceError::Busy)) => panic!("{error}"),
        };
        self.promise(Promise { id: order.id.clone(), version: 0, paid_by: None, refunded: 0, at, is_after });
        // One who does not come back.
        if dice.once_in(10) {
            return Ok(());
        }
        let key = self.shop.approve(&order);
        let record = self.come_back(dice, &order, &key, is_after).await?;
        if record.is_some_and(|record| is_paid_by(&record, &key)) && dice.once_in(2) {
            self.refund(dice, &order, is_after).await?;
        }
        Ok(())
    }

    /// With one payment, with a second one beside it, or with the same one at both servers at once. Whoever is told that the database
    /// fails tries again, or not.
    async fn come_back(
        &self,
        dice: &mut Dice,
        order: &NewOrder,
        key: &PaymentKey,
        is_after: bool,
    ) -> Result<Option<OrderRecord>, StoreError> {
        let mut tries_left = 1 + dice.below(3);
        loop {
            tries_left -= 1;
            self.moments.pass(Moment::Return).await;
            let at = self.pick(dice);
            let one = self.confirm(at, order, key, is_after);
            let outcome = match dice.below(5) {
                0 => {
                    let second = self.shop.approve(order);
                    let (one, other) = join(one, self.confirm(1 - at, order, &second, is_after)).await;
                    one.and_then(|one| other.map(|_| one))
                }
                1 => {
                    let (one, other) = join(one, self.confirm(1 - at, order, key, is_after)).await;
                    one.and_then(|one| other.map(|_| one))
                }
                _ => one.await,
            };
            match outcome {
                Err(_) if tries_left > 0 => {}
                outcome => return outcome,
            }
        }
    }

    /// `None` where the payment does not count.
    async fn confirm(&self, at: usize, order: &NewOrder, key: &PaymentKey, is_after: bool) -> Result<Option<OrderRecord>, StoreError> {
        match self.servers[at].confirm(returned(order, key), PATIENCE).await {
            Ok(record) => {
                let paid_by = match &record.state {
                    State::Paid { attempt, .. } => Some(attempt.payment_key.clone()),
                    State::Open
                    | State::Confirming { .. }
                    | State::InDoubt { .. }
                    | State::Declined { .. }
                    | State::AwaitingDeposit { .. }
                    | State::Expired { .. } => None,
                };
                self.promise(Promise { id: order.id.clone(), version: record.version, paid_by, refunded: 0, at, is_after });
                Ok(Some(record))
            }
            Err(ConfirmError::Store(error)) => Err(error),
            Err(ConfirmError::PaidOtherwise(_) | ConfirmError::Slow | ConfirmError::Busy) => Ok(None),
            Err(
                error @ (ConfirmError::NoSuchOrder
                | ConfirmError::AmountMismatch
                | ConfirmError::PaymentMismatch
                | ConfirmError::Expired(_)
                | ConfirmError::TooManyAttempts(_)
                | ConfirmError::SoldOut(_)),
            ) => panic!("{}: {error}", order.id),
        }
    }

    async fn refund(&self, dice: &mut Dice, order: &NewOrder, is_after: bool) -> Result<(), StoreError> {
        let at = self.pick(dice);
        let request = RefundRequest::new(CancelReason::parse("단순 변심").unwrap()).amount(Won::of(10_000));
        match self.servers[at].refund(&order.id, request, PATIENCE).await {
            Ok(refund) => {
                let refunded = if matches!(refund.progress, Progress::Done { .. }) { REFUNDED } else { 0 };
                self.promise(Promise { id: order.id.clone(), version: 0, paid_by: Some(refund.payment_key), refunded, at, is_after });
                Ok(())
            }
            Err(RefundError::Store(error)) => Err(error),
            Err(RefundError::Slow) => Ok(()),
            Err(error) => panic!("{}: {error}", order.id),
        }
    }

    fn promise(&self, promise: Promise) {
        self.promises.lock().unwrap().push(promise);
    }

    fn pick(&self, dice: &mut Dice) -> usize {
        usize::from(dice.once_in(2))
    }
}
