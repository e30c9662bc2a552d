//! The books: what Toss lists is compared with the orders, and what the orders say with what Toss lists. Only what differs is looked
//! up, and an order is brought up to date as by any look-up. Whatever ends a run in the middle, the next one goes on from there.

mod again;
mod compare;
mod days;
mod examine;
mod listing;
mod missing;
mod settle;

use crate::engine::Engine;
use crate::random;
use crate::store::{
    Books, BooksLease, BooksTaken, Closing, Finding, FindingQuery, Kept, OrderRecord, PayOut, SettlementRecord, StoreError,
};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::task::JoinSet;
use toss_payments::{Date, Error};
use toss_types::OrderId;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Transactions may be listed late: so much is read again each time. Toss lists them on the same day (Toss docs, transactions).
const OVERLAP_MS: i64 = 24 * HOUR_MS;
/// What happened just now is under way here too.
const MARGIN_MS: i64 = 2 * MINUTE_MS;
/// How far the clocks of Toss and the shop may be apart.
const SKEW_MS: i64 = 10 * MINUTE_MS;
/// Between two tries where Toss or the store has failed.
const AGAIN_MS: i64 = 5 * MINUTE_MS;
/// So many payments in a row of which Toss does not say anything mean that it is Toss.
const UNANSWERED_IN_A_ROW: u32 = 3;

/// What a run of the books came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct BooksReport {
    /// How many transactions Toss has listed that had not been compared before.
    pub transactions: u64,
    /// Of these, how many are of orders that cannot be this engine's: another shop's at the same merchant id.
    pub foreign: u64,
    /// Until when everything has been compared, in ms since 1970 UTC: the last minutes come with the next run, since Toss may list late.
    pub until_ms: i64,
    /// How many payments were looked up.
    pub look_ups: u64,
    /// How many differences were mended.
    pub mended: u64,
    /// How many new findings wait for a person.
    pub found: u64,
    /// How many settlements were read; `None` where Toss does not give them to this account, or failed to.
    pub settlements: Option<u64>,
}

/// Why a run of the books ended early. What it has done stands, and the next run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    /// Somebody else is at it, in this process or another one.
    #[error("the books are being compared already")]
    UnderWay,
    /// Toss has asked not to be called for so long.
    #[error("Toss asks not to be called for {} s", .0.as_secs())]
    Calm(Duration),
    /// Toss did not answer.
    #[error("Toss could not be asked for the books: {0}")]
    Toss(Box<Error>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How much one run may do.
#[derive(Clone, Copy)]
struct Budget {
    look_ups: u64,
    pages: u32,
    /// Open findings are looked at again that have not been for so long, in ms.
    check_after_ms: i64,
}

/// By itself a run is short, so that a server that stops does not wait for it; the next one follows at once.
const BY_ITSELF: Budget = Budget { look_ups: 50, pages: 20, check_after_ms: 30 * MINUTE_MS };
const ON_DEMAND: Budget = Budget { look_ups: u64::MAX, pages: u32::MAX, check_after_ms: 0 };

impl Engine {
    /// Compares Toss's transactions since the last agreed point with the orders, and the orders with these; mends what can be, and keeps
    /// the rest as findings ([`Engine::books_findings`]). [`Engine::work`] does it every hour ([`Settings::books_every`]). After a
    /// back-up was restored one run brings the orders in it up to date.
    ///
    /// [`Settings::books_every`]: crate::Settings::books_every
    ///
    /// # Errors
    /// [`BooksError`].
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn run_books(&self) -> Result<BooksReport, BooksError> {
        let (now_ms, lease) = (self.now_ms(), self.books_lease());
        match self.0.store.take_books(&self.0.account, &lease, now_ms, None).await? {
            BooksTaken::Taken(books) => Run::new(self, books, lease, ON_DEMAND, now_ms).finish().await.map(|(report, _)| report),
            BooksTaken::UnderWay | BooksTaken::NotDue => Err(BooksError::UnderWay),
        }
    }

    /// In what Toss and the orders did not agree, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn books_findings(&self, query: &FindingQuery) -> Result<Vec<Finding>, StoreError> {
        self.0.store.findings(query).await
    }

    /// A person has looked at a finding, and says what came of it. It is not found again. `false` where there is no open one of that id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn close_finding(&self, id: &str, note: impl Into<String> + Send) -> Result<bool, StoreError> {
        self.0.store.close_finding(id, self.now_ms(), &Closing::ByHand(note.into())).await
    }

    /// What Toss pays out for an order, as far as it has said so: the fee of each approval and cancel, and the day of the pay-out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn settlements_of(&self, id: &OrderId) -> Result<Vec<SettlementRecord>, StoreError> {
        self.0.store.settlements_of(id).await
    }

    /// What Toss pays out for orders of this store from a day to a day, both included, a sum per day and currency.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pay_outs(&self, from: &Date, to: &Date) -> Result<Vec<PayOut>, StoreError> {
        self.0.store.pay_outs(from.as_str(), to.as_str()).await
    }

    fn books_lease(&self) -> BooksLease {
        BooksLease::new(random::word(self.0.random.as_ref()), self.now_ms() + BooksLease::LONGEST_MS)
    }
}

/// Begins a run where one is due. Answers how many it has begun.
pub(super) async fn take_due(engine: &Engine, looks: &mut JoinSet<()>, limit: u32) -> Result<usize, StoreError> {
    let Some(every) = engine.0.settings.books_every else { return Ok(0) };
    let every_ms = i64::try_from(every.as_millis()).unwrap_or(i64::MAX);
    let (now_ms, next_ms) = (engine.now_ms(), engine.0.books_at_ms.load(Ordering::SeqCst));
    // What lies further ahead comes of a clock that was set back.
    let is_early = next_ms > now_ms && next_ms <= now_ms.saturating_add(every_ms.max(AGAIN_MS));
    if limit == 0 || is_early || engine.calm_for_ms() > 0 {
        return Ok(0);
    }
    let next = |at_ms: i64| engine.0.books_at_ms.store(at_ms, Ordering::SeqCst);
    let lease = engine.books_lease();
    let taken = engine.0.store.take_books(&engine.0.account, &lease, now_ms, Some(now_ms.saturating_sub(every_ms))).await;
    next(now_ms + MINUTE_MS);
    let BooksTaken::Taken(books) = taken? else { return Ok(0) };
    let engine = engine.clone();
    looks.spawn(async move {
        let ran = Run::new(&engine, books, lease, BY_ITSELF, now_ms).finish().await;
        let at_ms = match ran {
            Ok((_, true)) => engine.now_ms().saturating_add(every_ms),
            Ok((_, false)) => engine.now_ms(),
            Err(BooksError::UnderWay) => engine.now_ms() + MINUTE_MS,
            Err(error @ (BooksError::Calm(_) | BooksError::Toss(_) | BooksError::Store(_))) => {
                tracing::warn!(%error, "the books could not be compared to their end; going on from there later");
                engine.now_ms() + AGAIN_MS
            }
        };
        engine.0.books_at_ms.store(at_ms, Ordering::SeqCst);
    });
    Ok(1)
}

/// One run, while the lease is held.
struct Run<'e> {
    engine: &'e Engine,
    books: Books,
    lease: BooksLease,
    budget: Budget,
    report: BooksReport,
    began_ms: i64,
    unanswered: u32,
}

/// Whether there is time left in this run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Went {
    ToItsEnd,
    OutOfBudget,
}

impl<'e> Run<'e> {
    fn new(engine: &'e Engine, books: Books, lease: BooksLease, budget: Budget, began_ms: i64) -> Run<'e> {
        let report = BooksReport::default();
        Run { engine, books, lease, budget, report, began_ms, unanswered: 0 }
    }

    /// Answers whether everything is compared.
    async fn finish(mut self) -> Result<(BooksReport, bool), BooksError> {
        let went = self.steps().await;
        if let Ok(Went::ToItsEnd) = went {
            self.books.ran_at_ms = Some(self.began_ms);
        }
        let kept = self.engine.0.store.keep_books(&self.books, &self.lease, true).await;
        let went = went?;
        kept?;
        self.report.until_ms = self.books.agreed_ms;
        let BooksReport { transactions, foreign, look_ups, mended, found, until_ms: _, settlements: _ } = self.report;
        if mended + found > 0 {
            tracing::warn!(transactions, foreign, look_ups, mended, found, "Toss and the orders did not agree");
        } else if transactions > 0 {
            tracing::info!(transactions, foreign, look_ups, "the books agree");
        }
        Ok((self.report, went == Went::ToItsEnd))
    }

    async fn steps(&mut self) -> Result<Went, BooksError> {
        // There is no order so far.
        if self.books.ran_at_ms.is_none() && self.books.begin_ms >= self.began_ms {
            return Ok(Went::ToItsEnd);
        }
        self.look_again().await?; //                              1 what was found before
        if self.read_transactions().await? == Went::OutOfBudget {
            return Ok(Went::OutOfBudget); //                      2 what Toss lists and the orders do not say
        }
        self.look_for_missing().await?; //                        3 what the orders say and Toss does not list
        self.read_settlements().await?; //                        4 what Toss pays out
        Ok(Went::ToItsEnd)
    }

    /// Until when the books are compared now, in ms since 1970 UTC.
    fn to_ms(&self) -> i64 {
        self.began_ms - MARGIN_MS
    }

    /// Keeps how far it is, and the lease.
    async fn progress(&mut self) -> Result<(), BooksError> {
        self.lease.until_ms = self.engine.now_ms() + BooksLease::LONGEST_MS;
        if self.engine.0.store.keep_books(&self.books, &self.lease, false).await? { Ok(()) } else { Err(BooksError::UnderWay) }
    }

    /// Keeps the lease where it has run for a while, and calls nobody who wants to be left alone.
    async fn before_call(&mut self) -> Result<(), BooksError> {
        let calm_ms = self.engine.calm_for_ms();
        if calm_ms > 0 {
            return Err(BooksError::Calm(Duration::from_millis(calm_ms.unsigned_abs())));
        }
        if self.lease.until_ms - self.engine.now_ms() < BooksLease::LONGEST_MS - MINUTE_MS { self.progress().await } else { Ok(()) }
    }

    /// A call failed: whoever asks to be left alone is.
    fn failed(&self, error: Box<Error>) -> BooksError {
        self.engine.calm_down(error.retry_after());
        BooksError::Toss(error)
    }

    async fn keep(&mut self, finding: Finding) -> Result<(), BooksError> {
        let kept = self.engine.0.store.keep_finding(&finding).await?;
        let (kind, order_id) = (finding.kind.word(), finding.order_id.as_ref().map(OrderId::as_str));
        let Finding { payment_key, what, amount, closed, .. } = &finding;
        let amount = amount.as_ref().map(ToString::to_string);
        match (kept, closed) {
            (Kept::Known, _) => {}
            (Kept::New, Some(_)) => {
                self.report.mended += 1;
                tracing::warn!(kind, order_id, ?payment_key, amount, %what, "the books have found a difference, and the order is mended");
            }
            (Kept::New, None) => {
                self.report.found += 1;
                tracing::error!(kind, order_id, ?payment_key, amount, %what, "the books have found a difference; a person has to look");
            }
        }
        Ok(())
    }

    fn finding(&self, difference: &compare::Difference, about: &str, record: Option<&OrderRecord>) -> Finding {
        let id = random::word(self.engine.0.random.as_ref());
        // What a person has judged is judged for so much; more or less of it is another matter.
        let about = match &difference.amount {
            Some(amount) if difference.kind.can_mend() => format!("{about} {amount}"),
            Some(_) | None => about.to_owned(),
        };
        let mut finding = Finding::new(id, difference.kind, &about, difference.what.clone(), self.engine.now_ms());
        finding.amount = difference.amount.clone();
        finding.order_id = record.map(|record| record.order.id.clone());
        finding
    }
}
