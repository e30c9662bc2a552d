//! What a store keeps of the books: how far they have been compared, what Toss has listed, what did not agree, what Toss pays out.

use crate::order::Account;
use std::fmt;
use toss_payments::{Amount, Currency, Money};
use toss_types::{OrderId, PaymentKey};

/// How far the transactions of an account have been compared with the orders.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Books {
    /// Whose.
    pub account: Account,
    /// Since when there is anything to compare, in ms since 1970 UTC: the first order, or the first run where there was none.
    pub begin_ms: i64,
    /// Until when everything that Toss lists has been compared, in ms since 1970 UTC.
    pub agreed_ms: i64,
    /// What is being read, where a run has ended in the middle of it.
    pub span: Option<Span>,
    /// When a run was last finished, in ms since 1970 UTC.
    pub ran_at_ms: Option<i64>,
    /// Until which day of sale settlements have been read, `yyyy-MM-dd` in Korea.
    pub settled_day: Option<String>,
}

impl Books {
    /// Of that account, from that time on (ms since 1970 UTC), with nothing compared so far.
    #[must_use]
    pub fn new(account: Account, begin_ms: i64) -> Books {
        Books { account, begin_ms, agreed_ms: begin_ms, span: None, ran_at_ms: None, settled_day: None }
    }
}

/// A span of time of which Toss's transactions are being read, page by page.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Span {
    /// From when, in ms since 1970 UTC.
    pub from_ms: i64,
    /// Until when, in ms since 1970 UTC.
    pub to_ms: i64,
    /// Behind which transaction the next page begins; the first one where it is `None`.
    pub after: Option<String>,
}

impl Span {
    /// From then until then (ms since 1970 UTC), of which nothing has been read.
    #[must_use]
    pub fn new(from_ms: i64, to_ms: i64) -> Span {
        Span { from_ms, to_ms, after: None }
    }
}

/// Who works on the books, and until when nobody else does unless they say so again.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BooksLease {
    /// A word of their own.
    pub holder: String,
    /// Until when, in ms since 1970 UTC.
    pub until_ms: i64,
}

impl BooksLease {
    /// The longest that a lease lies ahead, in ms. One that lies further comes of a clock that was set back.
    pub const LONGEST_MS: i64 = 5 * 60_000;

    /// Held under that word until then (ms since 1970 UTC).
    #[must_use]
    pub fn new(holder: impl Into<String>, until_ms: i64) -> BooksLease {
        BooksLease { holder: holder.into(), until_ms }
    }
}

/// What came of asking for the books.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BooksTaken {
    /// They are the asker's, as they stand.
    Taken(Books),
    /// Somebody else works on them.
    UnderWay,
    /// They were finished not long ago.
    NotDue,
}

/// A transaction that Toss has listed and that has been compared.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Listed {
    /// Of which payment.
    pub payment_key: PaymentKey,
    /// Toss's key of it.
    pub transaction_key: String,
    /// Where the payment stood after it, in Toss's word.
    pub status: String,
    /// Whether it gives back.
    pub is_cancel: bool,
    /// Of which order of this store.
    pub order_id: Option<OrderId>,
    /// When, in ms since 1970 UTC, where that can be read.
    pub at_ms: Option<i64>,
}

impl Listed {
    /// That transaction of that payment, after which it had that status.
    #[must_use]
    pub fn new(payment_key: PaymentKey, transaction_key: impl Into<String>, status: impl Into<String>, is_cancel: bool) -> Listed {
        let (transaction_key, status) = (transaction_key.into(), status.into());
        Listed { payment_key, transaction_key, status, is_cancel, order_id: None, at_ms: None }
    }
}

/// In what Toss and an order did not agree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum FindingKind {
    /// A charge that the order did not know of.
    Charge,
    /// A charge of a payment that the order took for declined, or for never paid.
    WronglyDeclined,
    /// A charge besides the one that pays the order, or for an order that is over.
    Duplicate,
    /// Money that was given back without the order knowing it: in Toss's console, as a rule.
    Refund,
    /// Money that was given back twice: a second time as much, for the same reason. It does not come back by itself.
    DoubledRefund,
    /// A deposit that was taken back, or an account that is over.
    Deposit,
    /// The order is paid, and Toss does not show the charge.
    MissingCharge,
    /// The order has given money back, and Toss has more left of the payment.
    MissingRefund,
    /// Toss shows the charge or refund, and does not list it.
    NotListed,
    /// Another amount or currency than the order's, or another word than those known.
    Differs,
    /// An order that this store does not have, with a number as this engine makes them.
    UnknownOrder,
    /// A transaction that lacks what it could be compared by.
    Unreadable,
    /// Toss does not answer about this payment.
    Unanswered,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [FindingKind; 13] = [
        FindingKind::Charge,
        FindingKind::WronglyDeclined,
        FindingKind::Duplicate,
        FindingKind::Refund,
        FindingKind::DoubledRefund,
        FindingKind::Deposit,
        FindingKind::MissingCharge,
        FindingKind::MissingRefund,
        FindingKind::NotListed,
        FindingKind::Differs,
        FindingKind::UnknownOrder,
        FindingKind::Unreadable,
        FindingKind::Unanswered,
    ];

    /// Its word in the store and in messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            FindingKind::Charge => "charge",
            FindingKind::WronglyDeclined => "wrongly_declined",
            FindingKind::Duplicate => "duplicate",
            FindingKind::Refund => "refund",
            FindingKind::DoubledRefund => "doubled_refund",
            FindingKind::Deposit => "deposit",
            FindingKind::MissingCharge => "missing_charge",
            FindingKind::MissingRefund => "missing_refund",
            FindingKind::NotListed => "not_listed",
            FindingKind::Differs => "differs",
            FindingKind::UnknownOrder => "unknown_order",
            FindingKind::Unreadable => "unreadable",
            FindingKind::Unanswered => "unanswered",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<FindingKind> {
        FindingKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it may turn out to be mended when Toss is asked again; the others are for a person alone.
    #[must_use]
    pub const fn can_mend(self) -> bool {
        match self {
            FindingKind::Charge
            | FindingKind::WronglyDeclined
            | FindingKind::Duplicate
            | FindingKind::Refund
            | FindingKind::Deposit
            | FindingKind::MissingCharge
            | FindingKind::MissingRefund
            | FindingKind::NotListed
            | FindingKind::Differs
            | FindingKind::UnknownOrder
            | FindingKind::Unanswered => true,
            FindingKind::DoubledRefund | FindingKind::Unreadable => false,
        }
    }
}

/// How a finding was closed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Closing {
    /// Toss and the order agree by now.
    Mended,
    /// A person has looked, and says this.
    ByHand(String),
}

/// Where Toss and the orders did not agree. Printing shows the beginning of the payment key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Its name, for [`Engine::close_finding`](crate::Engine::close_finding).
    pub id: String,
    /// What it is about, the same however often it is found. It has the payment key in it.
    pub mark: String,
    /// In what.
    pub kind: FindingKind,
    /// Of which order, as Toss or the store says.
    pub order_id: Option<OrderId>,
    /// Of which payment.
    pub payment_key: Option<PaymentKey>,
    /// How much is at stake, where that is known.
    pub amount: Option<Money>,
    /// In words, for an operator.
    pub what: String,
    /// When it was found, in ms since 1970 UTC.
    pub found_at_ms: i64,
    /// When it was last looked at, in ms since 1970 UTC.
    pub checked_at_ms: i64,
    /// When (ms since 1970 UTC) and how it was closed; `None` while it is open.
    pub closed: Option<(i64, Closing)>,
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { id, mark: _, kind, order_id, payment_key, amount, what, found_at_ms, checked_at_ms: _, closed } = self;
        f.debug_struct("Finding")
            .field("id", id)
            .field("kind", kind)
            .field("order_id", order_id)
            .field("payment_key", payment_key)
            .field("amount", amount)
            .field("what", what)
            .field("found_at_ms", found_at_ms)
            .field("closed", closed)
            .finish_non_exhaustive()
    }
}

impl Finding {
    /// Found at that time (ms since 1970 UTC), and open. `about` tells it from others of its kind.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: FindingKind, about: &str, what: impl Into<String>, found_at_ms: i64) -> Finding {
        Finding {
            id: id.into(),
            mark: format!("{} {about}", kind.word()),
            kind,
            order_id: None,
            payment_key: None,
            amount: None,
            what: what.into(),
            found_at_ms,
            checked_at_ms: found_at_ms,
            closed: None,
        }
    }
}

/// Which findings somebody wants to see: newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct FindingQuery {
    /// Only those that are still open.
    pub is_open: bool,
    /// Only those of that order.
    pub order_id: Option<OrderId>,
    /// How many at most.
    pub limit: u32,
}

impl FindingQuery {
    /// Those that are still open, so many at most.
    #[must_use]
    pub fn open(limit: u32) -> FindingQuery {
        FindingQuery { is_open: true, order_id: None, limit }
    }

    /// Those that are closed too, so many at most.
    #[must_use]
    pub fn all(limit: u32) -> FindingQuery {
        FindingQuery { is_open: false, order_id: None, limit }
    }

    /// Only those of that order.
    #[must_use]
    pub fn of(mut self, order_id: OrderId) -> FindingQuery {
        self.order_id = Some(order_id);
        self
    }
}

/// What became of a finding that was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// It is new, or was mended before and is back.
    New,
    /// It was known: still open, or closed by a person.
    Known,
}

/// What an approval or cancel comes to for the shop, as Toss writes it. What it does not say is not made up.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct SettlementRecord {
    /// Of which payment. With [`SettlementRecord::transaction_key`] it names one settlement.
    pub payment_key: PaymentKey,
    /// Of which approval or cancel.
    pub transaction_key: String,
    /// Of which order.
    pub order_id: OrderId,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Paid by the buyer; as Toss signs it.
    pub amount: Option<Amount>,
    /// What Toss keeps.
    pub fee: Option<Amount>,
    /// The value-added tax of the fee.
    pub vat: Option<Amount>,
    /// Paid out to the shop.
    pub pay_out: Option<Amount>,
    /// The day of sale, `yyyy-MM-dd` in Korea.
    pub sold_day: Option<String>,
    /// The day of the pay-out, `yyyy-MM-dd` in Korea.
    pub paid_out_day: Option<String>,
}

impl SettlementRecord {
    /// Of that transaction of that payment, with no amounts so far.
    #[must_use]
    pub fn new(payment_key: PaymentKey, transaction_key: impl Into<String>, order_id: OrderId, currency: Currency) -> SettlementRecord {
        let transaction_key = transaction_key.into();
        let (amount, fee, vat, pay_out, sold_day, paid_out_day) = (None, None, None, None, None, None);
        SettlementRecord { payment_key, transaction_key, order_id, currency, amount, fee, vat, pay_out, sold_day, paid_out_day }
    }
}

/// What Toss pays out on one day, in one currency, for orders of this store.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct PayOut {
    /// `yyyy-MM-dd` in Korea.
    pub day: String,
    /// Of the amounts.
    pub currency: Currency,
    /// How many approvals and cancels.
    pub settlements: u64,
    /// The sum of the fees that Toss names.
    pub fee: Amount,
    /// The sum of what is paid out.
    pub pay_out: Amount,
    /// How many of them lack a fee or an amount: the sums are without those.
    pub incomplete: u64,
}

impl PayOut {
    /// Of that day (`yyyy-MM-dd` in Korea), in that currency, with nothing so far.
    #[must_use]
    pub fn new(day: impl Into<String>, currency: Currency) -> PayOut {
        PayOut { day: day.into(), currency, settlements: 0, fee: Amount::default(), pay_out: Amount::default(), incomplete: 0 }
    }

    /// Counts an approval or cancel with that fee and pay-out, as far as Toss names them.
    pub fn add(&mut self, fee: Option<Amount>, pay_out: Option<Amount>) {
        self.settlements += 1;
        match (fee.and_then(|fee| self.fee.checked_add(fee)), pay_out.and_then(|pay_out| self.pay_out.checked_add(pay_out))) {
            (Some(fee), Some(pay_out)) => (self.fee, self.pay_out) = (fee, pay_out),
            (fee, pay_out) => {
                self.incomplete += 1;
                self.fee = fee.unwrap_or(self.fee);
                self.pay_out = pay_out.unwrap_or(self.pay_out);
            }
        }
    }
}
