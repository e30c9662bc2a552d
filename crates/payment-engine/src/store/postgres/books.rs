//! The books: how far they are, and what Toss has listed.

use super::Postgres;
use super::connection::PgConnection;
use super::rows::{all, columns, get, record, text};
use super::transaction::statement;
use super::tries::{Failed, tried};
use crate::order::{Account, CLOCKS_APART_MS};
use crate::store::{Books, BooksLease, BooksTaken, Listed, OrderRecord, Span, StoreError};
use tokio_postgres::Row as PgRow;
use toss_types::{OrderId, PaymentKey};

impl Postgres {
    pub(super) async fn take_books_of(
        &self,
        account: &Account,
        lease: &BooksLease,
        now_ms: i64,
        ran_before_ms: Option<i64>,
    ) -> Result<BooksTaken, StoreError> {
        Ok(tried!("taking the books", self.take_books_once(account, lease, now_ms, ran_before_ms)))
    }

    async fn take_books_once(
        &self,
        account: &Account,
        lease: &BooksLease,
        now_ms: i64,
        ran_before_ms: Option<i64>,
    ) -> Result<BooksTaken, Failed> {
        let mut transaction = self.begin().await?;
        let taken = take_within(transaction.connection(), account, lease, now_ms, ran_before_ms).await;
        transaction.end(taken).await
    }

    pub(super) async fn write_books(&self, books: &Books, lease: &BooksLease, is_over: bool) -> Result<bool, StoreError> {
        const KEEP: &str = "UPDATE books SET agreed_ms = $1, span_from_ms = $2, span_to_ms = $3, after_key = $4, ran_at_ms = $5, \
             settled_day = $6, lease_until_ms = $7, holder = CASE WHEN $8 THEN NULL ELSE holder END WHERE account = $9 AND holder = $10";
        let span = books.span.as_ref();
        let keep = || {
            statement(KEEP)
                .bind(books.agreed_ms)
                .bind(span.map(|span| span.from_ms))
                .bind(span.map(|span| span.to_ms))
                .bind(span.and_then(|span| span.after.as_deref()).map(text))
                .bind(books.ran_at_ms)
                .bind(books.settled_day.as_deref())
                .bind(lease.until_ms)
                .bind(is_over)
                .bind(books.account.as_str())
                .bind(&lease.holder)
        };
        Ok(tried!("keeping how far the books are", self.execute(keep())) == 1)
    }

    pub(super) async fn write_listed(&self, listed: &Listed) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO books_listed (payment_key, transaction_key, status, is_cancel, order_id, at_ms) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (payment_key, transaction_key, status) DO NOTHING";
        let keep = || {
            statement(KEEP)
                .bind(listed.payment_key.expose())
                .bind(text(&listed.transaction_key))
                .bind(text(&listed.status))
                .bind(listed.is_cancel)
                .bind(listed.order_id.as_ref().map(OrderId::as_str))
                .bind(listed.at_ms)
        };
        tried!("keeping what Toss has listed", self.execute(keep()));
        Ok(())
    }

    pub(super) async fn read_listed(&self, payment_key: &PaymentKey) -> Result<Vec<Listed>, StoreError> {
        const DOING: &str = "reading what Toss has listed";
        const LISTED: &str = "SELECT transaction_key, status, is_cancel, order_id, at_ms FROM books_listed WHERE payment_key = $1";
        let rows = tried!(DOING, self.rows(statement(LISTED).bind(payment_key.expose())));
        all(DOING, &rows, |row| {
            Ok(Listed {
                payment_key: payment_key.clone(),
                transaction_key: get(row, "transaction_key")?,
                status: get(row, "status")?,
                is_cancel: get(row, "is_cancel")?,
                order_id: get::<Option<String>>(row, "order_id")?.and_then(OrderId::received),
                at_ms: get(row, "at_ms")?,
            })
        })
    }

    pub(super) async fn read_with_money(
        &self,
        changed_since_ms: i64,
        behind: Option<&OrderId>,
        limit: u32,
    ) -> Result<Vec<(i64, OrderRecord)>, StoreError> {
        const DOING: &str = "listing orders with money";
        const WITH_MONEY: &str = concat!(
            "SELECT changed_at_ms, ",
            columns!(),
            " FROM orders WHERE (status = 'paid' OR refunds <> '[]') AND (changed_at_ms, id) > ($1, $2) ORDER BY changed_at_ms, id LIMIT $3"
        );
        let with_money = || statement(WITH_MONEY).bind(changed_since_ms).bind(behind.map_or("", OrderId::as_str)).bind(i64::from(limit));
        let rows = tried!(DOING, self.rows(with_money()));
        all(DOING, &rows, |row| Ok((get(row, "changed_at_ms")?, record(row)?)))
    }
}

async fn take_within(
    connection: &mut PgConnection,
    account: &Account,
    lease: &BooksLease,
    now_ms: i64,
    ran_before_ms: Option<i64>,
) -> Result<BooksTaken, Failed> {
    statement(
        "INSERT INTO books (account, begin_ms, agreed_ms) SELECT $1, first, first FROM \
         (SELECT COALESCE((SELECT MIN(placed_at_ms) FROM orders), $2) AS first) AS oldest ON CONFLICT (account) DO NOTHING",
    )
    .bind(account.as_str())
    .bind(now_ms)
    .execute(&mut *connection)
    .await?;
    let row = statement(
        "SELECT begin_ms, agreed_ms, span_from_ms, span_to_ms, after_key, ran_at_ms, settled_day, holder, lease_until_ms \
         FROM books WHERE account = $1 FOR NO KEY UPDATE",
    )
    .bind(account.as_str())
    .fetch_one(&mut *connection)
    .await?;
    let (lease_until_ms, holder): (i64, Option<String>) = (get(&row, "lease_until_ms")?, get(&row, "holder")?);
    let books = books(&row, account)?;
    // What lies further ahead comes of a clock that was set back; but for a moment, by which the clocks of two servers differ.
    let too_far_ms = now_ms.saturating_add(BooksLease::LONGEST_MS + CLOCKS_APART_MS);
    if holder.is_some() && lease_until_ms > now_ms && lease_until_ms <= too_far_ms {
        return Ok(BooksTaken::UnderWay);
    }
    if ran_before_ms.is_some_and(|before_ms| books.ran_at_ms.is_some_and(|ran_ms| ran_ms > before_ms && ran_ms <= now_ms)) {
        return Ok(BooksTaken::NotDue);
    }
    statement("UPDATE books SET holder = $1, lease_until_ms = $2 WHERE account = $3")
        .bind(&lease.holder)
        .bind(lease.until_ms)
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(BooksTaken::Taken(books))
}

fn books(row: &PgRow, account: &Account) -> Result<Books, Failed> {
    let span: (Option<i64>, Option<i64>) = (get(row, "span_from_ms")?, get(row, "span_to_ms")?);
    Ok(Books {
        account: account.clone(),
        begin_ms: get(row, "begin_ms")?,
        agreed_ms: get(row, "agreed_ms")?,
        span: match span {
            (Some(from_ms), Some(to_ms)) => Some(Span { from_ms, to_ms, after: get(row, "after_key")? }),
            (None | Some(_), None | Some(_)) => None,
        },
        ran_at_ms: get(row, "ran_at_ms")?,
        settled_day: get(row, "settled_day")?,
    })
}
