//! The books: how far they are, and what Toss has listed.

use super::Sqlite;
use super::rows::{all, columns, execute, one, record};
use super::writer::{Cause, Ended};
use crate::order::{Account, CLOCKS_APART_MS};
use crate::store::{Books, BooksLease, BooksTaken, Listed, OrderRecord, Span, StoreError};
use rusqlite::{Connection, Row, params};
use toss_types::{OrderId, PaymentKey};

impl Sqlite {
    pub(super) async fn take_books_of(
        &self,
        account: &Account,
        lease: &BooksLease,
        now_ms: i64,
        ran_before_ms: Option<i64>,
    ) -> Result<BooksTaken, StoreError> {
        let (account, lease) = (account.clone(), lease.clone());
        let take = move |connection: &Connection| take_within(connection, &account, &lease, now_ms, ran_before_ms);
        self.writer.write("taking the books", take).await
    }

    pub(super) async fn write_books(&self, books: &Books, lease: &BooksLease, is_over: bool) -> Result<bool, StoreError> {
        const WRITE: &str = "UPDATE books SET agreed_ms = ?, span_from_ms = ?, span_to_ms = ?, after_key = ?, ran_at_ms = ?, settled_day = ?, \
             lease_until_ms = ?, holder = CASE WHEN ? THEN NULL ELSE holder END WHERE account = ? AND holder = ?";
        let (books, lease) = (books.clone(), lease.clone());
        let write = move |connection: &Connection| {
            let span = books.span.as_ref();
            let row = params![
                books.agreed_ms,
                span.map(|span| span.from_ms),
                span.map(|span| span.to_ms),
                span.and_then(|span| span.after.as_deref()),
                books.ran_at_ms,
                books.settled_day,
                lease.until_ms,
                is_over,
                books.account.as_str(),
                lease.holder,
            ];
            Ok(Ended::Commit(execute(connection, WRITE, row)? == 1))
        };
        self.writer.write("keeping how far the books are", write).await
    }

    pub(super) async fn write_listed(&self, listed: &Listed) -> Result<(), StoreError> {
        const WRITE: &str = "INSERT INTO books_listed (payment_key, transaction_key, status, is_cancel, order_id, at_ms) \
                             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (payment_key, transaction_key, status) DO NOTHING";
        let listed = listed.clone();
        let write = move |connection: &Connection| {
            let row = params![
                listed.payment_key.expose(),
                listed.transaction_key,
                listed.status,
                listed.is_cancel,
                listed.order_id.as_ref().map(OrderId::as_str),
                listed.at_ms,
            ];
            execute(connection, WRITE, row)?;
            Ok(Ended::Commit(()))
        };
        self.writer.write("keeping what Toss has listed", write).await
    }

    pub(super) async fn read_listed(&self, payment_key: &PaymentKey) -> Result<Vec<Listed>, StoreError> {
        const OF_PAYMENT: &str = "SELECT transaction_key, status, is_cancel, order_id, at_ms FROM books_listed WHERE payment_key = ?";
        let payment_key = payment_key.clone();
        let read = move |connection: &Connection| {
            all(connection, OF_PAYMENT, [payment_key.expose()], |row| {
                Ok(Listed {
                    payment_key: payment_key.clone(),
                    transaction_key: row.get("transaction_key")?,
                    status: row.get("status")?,
                    is_cancel: row.get("is_cancel")?,
                    order_id: row.get::<_, Option<String>>("order_id")?.and_then(OrderId::received),
                    at_ms: row.get("at_ms")?,
                })
            })
        };
        self.readers.read("reading what Toss has listed", read).await
    }

    pub(super) async fn read_with_money(
        &self,
        changed_since_ms: i64,
        behind: Option<&OrderId>,
        limit: u32,
    ) -> Result<Vec<(i64, OrderRecord)>, StoreError> {
        const WITH_MONEY: &str = concat!(
            "SELECT changed_at_ms, ",
            columns!(),
            " FROM orders WHERE (status = 'paid' OR refunds <> '[]') AND (changed_at_ms, id) > (?, ?) ORDER BY changed_at_ms, id LIMIT ?"
        );
        let behind = behind.map_or("", OrderId::as_str).to_owned();
        let read = move |connection: &Connection| {
            all(connection, WITH_MONEY, params![changed_since_ms, behind, limit], |row| Ok((row.get("changed_at_ms")?, record(row)?)))
        };
        self.readers.read("listing orders with money", read).await
    }
}

fn take_within(
    connection: &Connection,
    account: &Account,
    lease: &BooksLease,
    now_ms: i64,
    ran_before_ms: Option<i64>,
) -> Result<Ended<BooksTaken>, Cause> {
    const BEGIN: &str = "INSERT INTO books (account, begin_ms, agreed_ms) SELECT ?1, first, first FROM \
         (SELECT COALESCE((SELECT MIN(placed_at_ms) FROM orders), ?2) AS first) WHERE true ON CONFLICT (account) DO NOTHING";
    const READ: &str = "SELECT begin_ms, agreed_ms, span_from_ms, span_to_ms, after_key, ran_at_ms, settled_day, holder, lease_until_ms \
         FROM books WHERE account = ?";
    const TAKE: &str = "UPDATE books SET holder = ?, lease_until_ms = ? WHERE account = ?";
    execute(connection, BEGIN, params![account.as_str(), now_ms])?;
    let (books, holder, lease_until_ms) = one(connection, READ, [account.as_str()], |row| books(account, row))?;
    // What lies further ahead comes of a clock that was set back.
    let is_held =
        holder.is_some() && lease_until_ms > now_ms && lease_until_ms <= now_ms.saturating_add(BooksLease::LONGEST_MS + CLOCKS_APART_MS);
    let is_fresh = ran_before_ms.is_some_and(|before_ms| books.ran_at_ms.is_some_and(|ran_ms| ran_ms > before_ms && ran_ms <= now_ms));
    if is_held || is_fresh {
        return Ok(Ended::Commit(if is_held { BooksTaken::UnderWay } else { BooksTaken::NotDue }));
    }
    execute(connection, TAKE, params![lease.holder, lease.until_ms, account.as_str()])?;
    Ok(Ended::Commit(BooksTaken::Taken(books)))
}

/// And who holds them, and until when.
fn books(account: &Account, row: &Row<'_>) -> Result<(Books, Option<String>, i64), Cause> {
    let span: (Option<i64>, Option<i64>) = (row.get("span_from_ms")?, row.get("span_to_ms")?);
    let books = Books {
        account: account.clone(),
        begin_ms: row.get("begin_ms")?,
        agreed_ms: row.get("agreed_ms")?,
        span: match span {
            (Some(from_ms), Some(to_ms)) => Some(Span { from_ms, to_ms, after: row.get("after_key")? }),
            (None | Some(_), None | Some(_)) => None,
        },
        ran_at_ms: row.get("ran_at_ms")?,
        settled_day: row.get("settled_day")?,
    };
    Ok((books, row.get("holder")?, row.get("lease_until_ms")?))
}
