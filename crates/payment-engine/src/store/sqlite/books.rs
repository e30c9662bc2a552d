//! The books: how far they are, what Toss has listed, and what did not agree.

use super::Sqlite;
use super::rows::{columns, record};
use crate::order::Account;
use crate::store::{
    Books, BooksLease, BooksTaken, Closing, Finding, FindingKind, FindingQuery, Kept, Listed, OrderRecord, Span, StoreError,
};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use toss_payments::{Amount, Currency, Money};
use toss_types::{OrderId, PaymentKey};

/// What [`finding`] reads.
macro_rules! findings {
    () => {
        "SELECT id, mark, kind, order_id, payment_key, amount, currency, what, found_at_ms, checked_at_ms, closed_at_ms, closed_how, note \
         FROM books_findings "
    };
}

const MENDED: &str = "mended";
const BY_HAND: &str = "by_hand";

impl Sqlite {
    pub(super) async fn take_books_of(
        &self,
        account: &Account,
        lease: &BooksLease,
        now_ms: i64,
        ran_before_ms: Option<i64>,
    ) -> Result<BooksTaken, StoreError> {
        const DOING: &str = "taking the books";
        let failed = |cause| StoreError::new(DOING, cause);
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();
        sqlx::query(
            "INSERT INTO books (account, begin_ms, agreed_ms) SELECT ?1, first, first FROM \
             (SELECT COALESCE((SELECT MIN(placed_at_ms) FROM orders), ?2) AS first) WHERE true ON CONFLICT (account) DO NOTHING",
        )
        .bind(account.as_str())
        .bind(now_ms)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
        let row = sqlx::query("SELECT * FROM books WHERE account = ?").bind(account.as_str()).fetch_one(&mut *connection).await;
        let row = row.map_err(failed)?;
        let lease_until_ms: i64 = row.try_get("lease_until_ms").map_err(failed)?;
        let holder: Option<String> = row.try_get("holder").map_err(failed)?;
        let span: (Option<i64>, Option<i64>) = (row.try_get("span_from_ms").map_err(failed)?, row.try_get("span_to_ms").map_err(failed)?);
        let books = Books {
            account: account.clone(),
            begin_ms: row.try_get("begin_ms").map_err(failed)?,
            agreed_ms: row.try_get("agreed_ms").map_err(failed)?,
            span: match span {
                (Some(from_ms), Some(to_ms)) => Some(Span { from_ms, to_ms, after: row.try_get("after_key").map_err(failed)? }),
                (None | Some(_), None | Some(_)) => None,
            },
            ran_at_ms: row.try_get("ran_at_ms").map_err(failed)?,
            settled_day: row.try_get("settled_day").map_err(failed)?,
        };
        // What lies further ahead comes of a clock that was set back.
        let is_held = holder.is_some() && lease_until_ms > now_ms && lease_until_ms <= now_ms.saturating_add(BooksLease::LONGEST_MS);
        let is_fresh = ran_before_ms.is_some_and(|before_ms| books.ran_at_ms.is_some_and(|ran_ms| ran_ms > before_ms && ran_ms <= now_ms));
        if is_held || is_fresh {
            writer.commit().await?;
            return Ok(if is_held { BooksTaken::UnderWay } else { BooksTaken::NotDue });
        }
        sqlx::query("UPDATE books SET holder = ?, lease_until_ms = ? WHERE account = ?")
            .bind(&lease.holder)
            .bind(lease.until_ms)
            .bind(account.as_str())
            .execute(connection)
            .await
            .map_err(failed)?;
        writer.commit().await?;
        Ok(BooksTaken::Taken(books))
    }

    pub(super) async fn write_books(&self, books: &Books, lease: &BooksLease, is_over: bool) -> Result<bool, StoreError> {
        const DOING: &str = "keeping how far the books are";
        let mut writer = self.begin(DOING).await?;
        let span = books.span.as_ref();
        let written = sqlx::query(
            "UPDATE books SET agreed_ms = ?, span_from_ms = ?, span_to_ms = ?, after_key = ?, ran_at_ms = ?, settled_day = ?, \
             lease_until_ms = ?, holder = CASE WHEN ? THEN NULL ELSE holder END WHERE account = ? AND holder = ?",
        )
        .bind(books.agreed_ms)
        .bind(span.map(|span| span.from_ms))
        .bind(span.map(|span| span.to_ms))
        .bind(span.and_then(|span| span.after.as_deref()))
        .bind(books.ran_at_ms)
        .bind(books.settled_day.as_deref())
        .bind(lease.until_ms)
        .bind(is_over)
        .bind(books.account.as_str())
        .bind(&lease.holder)
        .execute(writer.connection())
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await?;
        Ok(written.rows_affected() == 1)
    }

    pub(super) async fn write_listed(&self, listed: &Listed) -> Result<(), StoreError> {
        const DOING: &str = "keeping what Toss has listed";
        let mut writer = self.begin(DOING).await?;
        sqlx::query(
            "INSERT INTO books_listed (payment_key, transaction_key, status, is_cancel, order_id, at_ms) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (payment_key, transaction_key, status) DO NOTHING",
        )
        .bind(listed.payment_key.expose())
        .bind(&listed.transaction_key)
        .bind(&listed.status)
        .bind(listed.is_cancel)
        .bind(listed.order_id.as_ref().map(OrderId::as_str))
        .bind(listed.at_ms)
        .execute(writer.connection())
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await
    }

    pub(super) async fn read_listed(&self, payment_key: &PaymentKey) -> Result<Vec<Listed>, StoreError> {
        const DOING: &str = "reading what Toss has listed";
        let failed = |cause| StoreError::new(DOING, cause);
        let rows = sqlx::query("SELECT transaction_key, status, is_cancel, order_id, at_ms FROM books_listed WHERE payment_key = ?")
            .bind(payment_key.expose())
            .fetch_all(&self.readers)
            .await
            .map_err(failed)?;
        rows.iter()
            .map(|row| {
                Ok(Listed {
                    payment_key: payment_key.clone(),
                    transaction_key: row.try_get("transaction_key").map_err(failed)?,
                    status: row.try_get("status").map_err(failed)?,
                    is_cancel: row.try_get("is_cancel").map_err(failed)?,
                    order_id: row.try_get::<Option<String>, _>("order_id").map_err(failed)?.and_then(OrderId::received),
                    at_ms: row.try_get("at_ms").map_err(failed)?,
                })
            })
            .collect()
    }

    pub(super) async fn read_with_money(
        &self,
        changed_since_ms: i64,
        behind: Option<&OrderId>,
        limit: u32,
    ) -> Result<Vec<(i64, OrderRecord)>, StoreError> {
        const DOING: &str = "listing orders with money";
        let rows = sqlx::query(concat!(
            "SELECT changed_at_ms, ",
            columns!(),
            " FROM orders WHERE (status = 'paid' OR refunds <> '[]') AND (changed_at_ms, id) > (?, ?) ORDER BY changed_at_ms, id LIMIT ?"
        ))
        .bind(changed_since_ms)
        .bind(behind.map_or("", OrderId::as_str))
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        let changed = |row: &SqliteRow| row.try_get("changed_at_ms").map_err(|cause| StoreError::new(DOING, cause));
        rows.iter().map(|row| Ok((changed(row)?, record(DOING, row)?))).collect()
    }

    pub(super) async fn write_finding(&self, finding: &Finding) -> Result<Kept, StoreError> {
        const DOING: &str = "keeping a finding of the books";
        let failed = |cause| StoreError::new(DOING, cause);
        let mut writer = self.begin(DOING).await?;
        let connection = writer.connection();
        let known: Option<Option<String>> = sqlx::query_scalar("SELECT closed_how FROM books_findings WHERE mark = ?")
            .bind(&finding.mark)
            .fetch_optional(&mut *connection)
            .await
            .map_err(failed)?;
        let (closed_at_ms, how, note) = closing(finding.closed.as_ref());
        let kept = match known.as_ref().map(Option::as_deref) {
            // A person has judged it.
            Some(Some(BY_HAND)) => {
                writer.roll_back().await?;
                return Ok(Kept::Known);
            }
            Some(None) => Kept::Known,
            Some(Some(_)) if finding.closed.is_some() => Kept::Known,
            Some(Some(_)) | None => Kept::New,
        };
        sqlx::query(
            "INSERT INTO books_findings (id, mark, kind, order_id, payment_key, amount, currency, what, found_at_ms, checked_at_ms, \
             closed_at_ms, closed_how, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mark) DO UPDATE SET \
             what = excluded.what, amount = COALESCE(excluded.amount, amount), currency = COALESCE(excluded.currency, currency), \
             checked_at_ms = excluded.checked_at_ms, closed_at_ms = excluded.closed_at_ms, closed_how = excluded.closed_how, \
             note = excluded.note",
        )
        .bind(&finding.id)
        .bind(&finding.mark)
        .bind(finding.kind.word())
        .bind(finding.order_id.as_ref().map(OrderId::as_str))
        .bind(finding.payment_key.as_ref().map(PaymentKey::expose))
        .bind(finding.amount.as_ref().map(|money| money.amount().to_string()))
        .bind(finding.amount.as_ref().map(|money| money.currency().as_str()))
        .bind(&finding.what)
        .bind(finding.found_at_ms)
        .bind(finding.checked_at_ms)
        .bind(closed_at_ms)
        .bind(how)
        .bind(note)
        .execute(connection)
        .await
        .map_err(failed)?;
        writer.commit().await?;
        Ok(kept)
    }

    pub(super) async fn end_finding(&self, id: &str, at_ms: i64, how: &Closing) -> Result<bool, StoreError> {
        const DOING: &str = "closing a finding of the books";
        let mut writer = self.begin(DOING).await?;
        let (closed_at_ms, how, note) = closing(Some(&(at_ms, how.clone())));
        let closed =
            sqlx::query("UPDATE books_findings SET closed_at_ms = ?, closed_how = ?, note = ? WHERE id = ? AND closed_at_ms IS NULL")
                .bind(closed_at_ms)
                .bind(how)
                .bind(note)
                .bind(id)
                .execute(writer.connection())
                .await
                .map_err(|cause| StoreError::new(DOING, cause))?;
        writer.commit().await?;
        Ok(closed.rows_affected() == 1)
    }

    pub(super) async fn read_findings(&self, query: &FindingQuery) -> Result<Vec<Finding>, StoreError> {
        const DOING: &str = "listing findings of the books";
        let rows = sqlx::query(concat!(
            findings!(),
            "WHERE (NOT ?1 OR closed_at_ms IS NULL) AND (?2 IS NULL OR order_id = ?2) ORDER BY found_at_ms DESC, id LIMIT ?3"
        ))
        .bind(query.is_open)
        .bind(query.order_id.as_ref().map(OrderId::as_str))
        .bind(query.limit)
        .fetch_all(&self.readers)
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        rows.iter().map(|row| finding(DOING, row)).collect()
    }

    pub(super) async fn read_findings_to_check(&self, checked_before_ms: i64, limit: u32) -> Result<Vec<Finding>, StoreError> {
        const DOING: &str = "listing findings of the books to be looked at again";
        let rows = sqlx::query(concat!(findings!(), "WHERE closed_at_ms IS NULL AND checked_at_ms < ? ORDER BY checked_at_ms LIMIT ?"))
            .bind(checked_before_ms)
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .map_err(|cause| StoreError::new(DOING, cause))?;
        rows.iter().map(|row| finding(DOING, row)).collect()
    }
}

fn closing(closed: Option<&(i64, Closing)>) -> (Option<i64>, Option<&'static str>, Option<String>) {
    match closed {
        None => (None, None, None),
        Some((at_ms, Closing::Mended)) => (Some(*at_ms), Some(MENDED), None),
        Some((at_ms, Closing::ByHand(note))) => (Some(*at_ms), Some(BY_HAND), Some(note.clone())),
    }
}

fn finding(doing: &'static str, row: &SqliteRow) -> Result<Finding, StoreError> {
    let failed = |cause| StoreError::new(doing, cause);
    let text = |column: &str| row.try_get::<Option<String>, _>(column).map_err(failed);
    let word: String = row.try_get("kind").map_err(failed)?;
    let amount = text("amount")?.and_then(|amount| Amount::parse(&amount)).zip(text("currency")?);
    let closed = match (row.try_get::<Option<i64>, _>("closed_at_ms").map_err(failed)?, text("closed_how")?.as_deref()) {
        (Some(at_ms), Some(BY_HAND)) => Some((at_ms, Closing::ByHand(text("note")?.unwrap_or_default()))),
        (Some(at_ms), Some(_) | None) => Some((at_ms, Closing::Mended)),
        (None, _) => None,
    };
    Ok(Finding {
        id: row.try_get("id").map_err(failed)?,
        mark: row.try_get("mark").map_err(failed)?,
        kind: FindingKind::of_word(&word).ok_or_else(|| StoreError::new(doing, format!("{word:?} is no kind of finding")))?,
        order_id: text("order_id")?.and_then(OrderId::received),
        payment_key: text("payment_key")?.and_then(PaymentKey::received),
        amount: amount.and_then(|(amount, currency)| Money::new(amount, Currency::from(currency.as_str())).ok()),
        what: row.try_get("what").map_err(failed)?,
        found_at_ms: row.try_get("found_at_ms").map_err(failed)?,
        checked_at_ms: row.try_get("checked_at_ms").map_err(failed)?,
        closed,
    })
}
