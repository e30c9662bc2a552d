//! Gives money back. What is asked for is written before the call; what nobody knows afterwards is looked up, and repeated only under
//! the same idempotency key and from the same balance.

use super::cancel::call;
use crate::engine::Engine;
use crate::order::{Attempt, Event, Origin, Refund, State};
use crate::random;
use crate::store::{ApplyError, OrderRecord, StoreError};
use std::fmt;
use std::time::Duration;
use toss_payments::{Amount, CancelReason, CancelRequestId, Error, Money, RefundReceiveAccount, Won};
use toss_types::{IdempotencyKey, OrderId, PaymentKey};

/// What is to be given back of an order. Printing leaves out the reason, which a person has written.
///
/// ```
/// use payment_engine::RefundRequest;
/// use payment_engine::toss_payments::{CancelReason, Won};
///
/// let part = RefundRequest::new(CancelReason::parse("한 벌 반품")?).amount(Won::of(15_000));
/// # Ok::<(), payment_engine::toss_payments::IdError>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct RefundRequest {
    /// Why; Toss keeps it, and the shopper may see it.
    pub reason: CancelReason,
    /// How much, in the order's currency; all that is left where it is not said.
    pub amount: Option<Money>,
    /// The tax-free part of it.
    pub tax_free: Option<Money>,
    /// Where the money goes: for a deposit, and for nothing else. It is sent, and kept nowhere.
    pub account: Option<RefundReceiveAccount>,
    /// Its name, of the caller's: asked for again under the same one it is not made again. A new one where it is not said.
    pub id: Option<CancelRequestId>,
    /// What is left of the order before it, as far as the caller knows: where it is something else, nothing is refunded.
    pub left: Option<Money>,
    /// Whether what the order holds stays taken when all is given back.
    pub keeps_stock: bool,
}

impl fmt::Debug for RefundRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefundRequest").field("amount", &self.amount).finish_non_exhaustive()
    }
}

impl RefundRequest {
    /// All that is left, for that reason.
    #[must_use]
    pub fn new(reason: CancelReason) -> RefundRequest {
        RefundRequest { reason, amount: None, tax_free: None, account: None, id: None, left: None, keeps_stock: false }
    }

    /// So much.
    #[must_use]
    pub fn amount(mut self, amount: impl Into<Money>) -> RefundRequest {
        self.amount = Some(amount.into());
        self
    }

    /// So much of it is tax-free.
    #[must_use]
    pub fn tax_free(mut self, amount: impl Into<Money>) -> RefundRequest {
        self.tax_free = Some(amount.into());
        self
    }

    /// To that account.
    #[must_use]
    pub fn account(mut self, account: RefundReceiveAccount) -> RefundRequest {
        self.account = Some(account);
        self
    }

    /// Under that name. Whoever asks twice for the same, because an answer was lost or a button was pressed twice, is answered with how
    /// the first one stands.
    #[must_use]
    pub fn id(mut self, id: CancelRequestId) -> RefundRequest {
        self.id = Some(id);
        self
    }

    /// Only where so much is left before it.
    #[must_use]
    pub fn left(mut self, left: impl Into<Money>) -> RefundRequest {
        self.left = Some(left.into());
        self
    }

    /// The goods are gone: what the order holds stays taken when all is given back.
    #[must_use]
    pub fn keep_stock(mut self) -> RefundRequest {
        self.keeps_stock = true;
        self
    }
}

/// Why nothing is given back. But for [`RefundError::Slow`] nothing has been asked of Toss.
#[derive(Debug, thiserror::Error)]
pub enum RefundError {
    /// No such order.
    #[error("no such order")]
    NoSuchOrder,
    /// Nothing of it is paid, and no account waits for a deposit.
    #[error("the order is {0}: there is nothing to refund")]
    NothingPaid(&'static str),
    /// All of it has been given back.
    #[error("all of it has been refunded already")]
    NothingLeft,
    /// Zero.
    #[error("the amount has to be more than zero")]
    Zero,
    /// More than is left.
    #[error("the amount is more than what is left: {0} can be refunded")]
    TooMuch(Money),
    /// In another currency than the order's.
    #[error("the amount is in {given}, and the order is in {order}")]
    OtherCurrency {
        /// What was given.
        given: String,
        /// What it has to be.
        order: String,
    },
    /// More is said to be tax-free than is given back.
    #[error("the tax-free part is more than the amount")]
    TaxFree,
    /// Before the deposit, an account is taken back whole or not at all.
    #[error("nobody has paid into the account yet: it can be cancelled as a whole only")]
    PartOfNothing,
    /// A deposit goes back to an account, and none is named.
    #[error("the order was paid into a virtual account: name the bank, the number and the holder of the account that the money goes to")]
    AccountMissing,
    /// An account is named, and the money goes back the way it came.
    #[error("the order was not paid into a virtual account: the money goes back the way it came, so name no account")]
    AccountNotWanted,
    /// Something else is left than the caller knows.
    #[error("{0} is left of the order: somebody has refunded since, so look again")]
    OtherLeft(Money),
    /// That name is another refund's.
    #[error("a refund of this order has that id already, and is of another amount: {0}")]
    OtherAmount(Money),
    /// Another refund is under way.
    #[error("another refund of this order, {0}, is not decided yet: try again when it is")]
    UnderWay(CancelRequestId),
    /// It was paid to another account of Toss than the keys that are set.
    #[error("it was paid to another account of Toss: set the keys of then")]
    AnotherAccount,
    /// Toss could not be asked what is left.
    #[error("Toss could not be asked what is left of the payment: {0}; nothing was refunded, try again")]
    NotAsked(Box<Error>),
    /// Toss says that something else is left of the payment than the order says.
    #[error("Toss says that {toss} is left of the payment, and the order says {order}: a person has to look")]
    Disagreement {
        /// What Toss says.
        toss: Amount,
        /// What the order says.
        order: Amount,
    },
    /// It goes on, and the order will tell.
    #[error("the refund is not decided yet; it goes on, and the order will tell")]
    Slow,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Gives back all or part of an order, and answers how the refund stands within `patience`. The call itself runs to its end,
    /// whoever stops waiting, and its outcome is looked up for as long as nobody knows it. An account that nobody has paid into is
    /// taken back.
    ///
    /// # Errors
    /// [`RefundError`]. A refund that Toss refuses is no error: it is [`Progress::Refused`](crate::order::Progress::Refused).
    ///
    /// # Panics
    /// Outside a Tokio runtime; and with the clock of the system, where the runtime's timer is not enabled.
    pub async fn refund(&self, order_id: &OrderId, request: RefundRequest, patience: Duration) -> Result<Refund, RefundError> {
        let asked = self.0.tasks.spawn({
            let (engine, order_id) = (self.clone(), order_id.clone());
            async move {
                match begin(&engine, &order_id, &request).await? {
                    Begun::Now(record, refund) => Ok(call(&engine, *record, refund, request.account.as_ref()).await),
                    Begun::Before(refund) => Ok(refund),
                }
            }
        });
        tokio::select! {
            asked = asked => asked.map_err(|error| StoreError::new("refunding", error))?,
            () = self.0.clock.sleep(patience) => Err(RefundError::Slow),
        }
    }

    fn new_refund(&self, payment_key: &PaymentKey, amount: Money, balance: Money) -> Refund {
        let word = format!("{NAME}{}", random::word(self.0.random.as_ref()));
        let id = CancelRequestId::parse(&word).expect("invariant: a random word is an id of a cancel");
        let key = IdempotencyKey::parse(&word).expect("invariant: a random word is visible ASCII");
        Refund::new(id, key, payment_key.clone(), amount, balance, self.now_ms())
    }

    /// Gives back what was charged besides the payment that pays the order, or for an order that is over; takes back an account that
    /// was issued in the same way. `false` where it has not been begun: another refund is under way, or the payment pays the order by
    /// now.
    pub(crate) async fn give_back(
        &self,
        record: &OrderRecord,
        payment_key: &PaymentKey,
        left: Money,
        is_void: bool,
    ) -> Result<bool, StoreError> {
        let mut refund = self.new_refund(payment_key, left.clone(), left);
        refund.origin = Origin::Duplicate;
        refund.is_void = is_void;
        refund.reason = DUPLICATE_REASON.to_owned();
        match self.0.store.apply(&record.order.id, &Event::RefundStarted(refund.clone()), &self.note()).await {
            Ok(applied) => {
                tracing::error!(order_id = %record.order.id, payment_key = ?payment_key, "a payment was charged besides the order's own, or for an order that is over; giving it back");
                call(self, applied.record, refund, None).await;
                Ok(true)
            }
            Err(ApplyError::Illegal { .. } | ApplyError::NoSuchOrder | ApplyError::PaymentTaken) => Ok(false),
            Err(ApplyError::Store(error)) => Err(error),
        }
    }
}

/// What the names of refunds begin with that are asked for here.
pub(crate) const NAME: &str = "refund-";

/// What Toss and the shopper read of a payment that is given back by itself: "charged twice, cancelled automatically".
const DUPLICATE_REASON: &str = "중복 결제 자동 취소";

enum Begun {
    /// It is written, and Toss is to be called.
    Now(Box<OrderRecord>, Refund),
    /// It was asked for before.
    Before(Refund),
}

/// Checks what is asked for against what Toss says is left, and writes it down.
async fn begin(engine: &Engine, order_id: &OrderId, request: &RefundRequest) -> Result<Begun, RefundError> {
    // Somebody else may refund in between.
    const TRIES: usize = 4;
    for _ in 0..TRIES {
        let record = engine.order(order_id).await?.ok_or(RefundError::NoSuchOrder)?; //          1 what was paid
        if let Some(refund) = request.id.as_ref().and_then(|id| record.refunds.get(id)) {
            return match &request.amount {
                Some(amount) if *amount != refund.amount => Err(RefundError::OtherAmount(refund.amount.clone())),
                Some(_) | None => Ok(Begun::Before(refund.clone())),
            };
        }
        let attempt = refundable(engine, &record)?.clone();
        let shown = engine.0.gateway.payment(&attempt.payment_key).await.map_err(|error| RefundError::NotAsked(Box::new(error)))?;
        let (balance, asked_at) = (shown.value.balance_amount, record.version);
        let record = engine.learn(&record, &attempt.payment_key, Ok(shown)).await?.record; //    2 what Toss says is left
        let attempt = refundable(engine, &record)?.clone();
        let refund = match check(engine, &record, &attempt, request, balance) {
            // Somebody has refunded since Toss was asked.
            Err(RefundError::Disagreement { .. }) if record.version != asked_at => continue,
            checked => checked?, //                                                              3 what is asked for
        };
        match engine.0.store.apply(order_id, &Event::RefundStarted(refund.clone()), &engine.note()).await {
            Ok(applied) => return Ok(Begun::Now(Box::new(applied.record), refund)), //                               4 durable before the call
            Err(ApplyError::Illegal { .. }) => {}
            Err(ApplyError::NoSuchOrder | ApplyError::PaymentTaken) => return Err(RefundError::NoSuchOrder),
            Err(ApplyError::Store(error)) => return Err(error.into()),
        }
    }
    let record = engine.order(order_id).await?.ok_or(RefundError::NoSuchOrder)?;
    match record.refunds.under_way() {
        Some(refund) => Err(RefundError::UnderWay(refund.id.clone())),
        None => Err(RefundError::Slow),
    }
}

/// The payment of which something can be given back.
fn refundable<'r>(engine: &Engine, record: &'r OrderRecord) -> Result<&'r Attempt, RefundError> {
    let attempt = match &record.state {
        State::Paid { attempt, .. } | State::AwaitingDeposit { attempt, .. } => attempt,
        State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::Declined { .. } | State::Expired { .. } => {
            return Err(RefundError::NothingPaid(record.standing()));
        }
    };
    if !engine.is_ours(attempt) {
        return Err(RefundError::AnotherAccount);
    }
    match record.refunds.under_way() {
        Some(refund) => Err(RefundError::UnderWay(refund.id.clone())),
        None => Ok(attempt),
    }
}

fn check(
    engine: &Engine,
    record: &OrderRecord,
    attempt: &Attempt,
    request: &RefundRequest,
    balance: Option<Amount>,
) -> Result<Refund, RefundError> {
    let currency = attempt.amount.currency();
    for money in [&request.amount, &request.tax_free, &request.left].into_iter().flatten() {
        if money.currency() != currency {
            return Err(RefundError::OtherCurrency { given: money.currency().to_string(), order: currency.to_string() });
        }
    }
    let (is_void, is_deposit, left) = match &record.state {
        State::Paid { deposit, .. } => (false, deposit.is_some(), record.balance().refundable),
        State::AwaitingDeposit { .. }
        | State::Open
        | State::Confirming { .. }
        | State::InDoubt { .. }
        | State::Declined { .. }
        | State::Expired { .. } => (true, false, attempt.amount.amount()),
    };
    if left.is_zero() {
        return Err(RefundError::NothingLeft);
    }
    if let Some(toss) = balance.filter(|balance| *balance != left) {
        return Err(RefundError::Disagreement { toss, order: left });
    }
    let left = money(left, attempt);
    if request.left.as_ref().is_some_and(|known| *known != left) {
        return Err(RefundError::OtherLeft(left));
    }
    let amount = request.amount.clone().unwrap_or_else(|| left.clone());
    if amount.amount().is_zero() {
        return Err(RefundError::Zero);
    }
    if amount.amount() > left.amount() {
        return Err(RefundError::TooMuch(left));
    }
    if request.tax_free.as_ref().is_some_and(|tax_free| tax_free.amount() > amount.amount()) {
        return Err(RefundError::TaxFree);
    }
    if is_void && amount != left {
        return Err(RefundError::PartOfNothing);
    }
    match (&request.account, is_deposit) {
        (None, true) => return Err(RefundError::AccountMissing),
        (Some(_), false) => return Err(RefundError::AccountNotWanted),
        (None, false) | (Some(_), true) => {}
    }
    let mut refund = engine.new_refund(&attempt.payment_key, amount, left);
    if let Some(id) = &request.id {
        refund.id = id.clone();
    }
    refund.keeps_stock = request.keeps_stock;
    refund.reason = request.reason.as_str().to_owned();
    refund.tax_free = request.tax_free.clone();
    refund.is_void = is_void;
    refund.to_account = request.account.is_some();
    Ok(refund)
}

/// An amount in the currency of that attempt.
pub(crate) fn money(amount: Amount, attempt: &Attempt) -> Money {
    Money::new(amount, attempt.amount.currency().clone()).unwrap_or_else(|_| Won::of(0).into())
}
