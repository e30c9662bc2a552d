//! What did not agree with the books.

use super::Postgres;
use super::connection::PgConnection;
use super::rows::{all, amount, get, text};
use super::transaction::{Statement, statement};
use super::tries::{Failed, tried};
use crate::store::{Closing, Finding, FindingKind, FindingQuery, Kept, StoreError};
use tokio_postgres::Row as PgRow;
use toss_payments::{Currency, Money};
use toss_types::{OrderId, PaymentKey};

/// What [`finding`] reads.
macro_rules! findings {
    () => {
        "SELECT id, mark, kind, order_id, payment_key, amount::TEXT AS amount, currency, what, found_at_ms, checked_at_ms, closed_at_ms, \
         closed_how, note FROM books_findings "
    };
}

const MENDED: &str = "mended";
const BY_HAND: &str = "by_hand";

impl Postgres {
    pub(super) async fn write_finding(&self, finding: &Finding) -> Result<Kept, StoreError> {
        Ok(tried!("keeping a finding of the books", self.write_finding_once(finding)))
    }

    async fn write_finding_once(&self, finding: &Finding) -> Result<Kept, Failed> {
        let mut transaction = self.begin().await?;
        let kept = keep_within(transaction.connection(), finding).await;
        transaction.end(kept).await
    }

    pub(super) async fn end_finding(&self, id: &str, at_ms: i64, how: &Closing) -> Result<bool, StoreError> {
        const CLOSE: &str =
            "UPDATE books_findings SET closed_at_ms = $1, closed_how = $2, note = $3 WHERE id = $4 AND closed_at_ms IS NULL";
        let closed = (at_ms, how.clone());
        let close = || {
            let (closed_at_ms, how, note) = closing(Some(&closed));
            statement(CLOSE).bind(closed_at_ms).bind(how).bind(note.map(text)).bind(id)
        };
        Ok(tried!("closing a finding of the books", self.execute(close())) == 1)
    }

    pub(super) async fn read_findings(&self, query: &FindingQuery) -> Result<Vec<Finding>, StoreError> {
        const LIST: &str = concat!(
            findings!(),
            "WHERE (NOT $1 OR closed_at_ms IS NULL) AND ($2::TEXT IS NULL OR order_id = $2) ORDER BY found_at_ms DESC, id LIMIT $3"
        );
        let order_id = query.order_id.as_ref().map(OrderId::as_str);
        self.list("listing findings of the books", || statement(LIST).bind(query.is_open).bind(order_id).bind(i64::from(query.limit))).await
    }

    pub(super) async fn read_findings_to_check(&self, checked_before_ms: i64, limit: u32) -> Result<Vec<Finding>, StoreError> {
        const TO_CHECK: &str =
            concat!(findings!(), "WHERE closed_at_ms IS NULL AND checked_at_ms < $1 ORDER BY checked_at_ms, id LIMIT $2");
        let doing = "listing findings of the books to be looked at again";
        self.list(doing, || statement(TO_CHECK).bind(checked_before_ms).bind(i64::from(limit))).await
    }

    async fn list<'q>(&self, doing: &'static str, list: impl Fn() -> Statement<'q>) -> Result<Vec<Finding>, StoreError> {
        let rows = tried!(doing, self.rows(list()));
        all(doing, &rows, finding)
    }
}

async fn keep_within(connection: &mut PgConnection, finding: &Finding) -> Result<Kept, Failed> {
    let (closed_at_ms, how, note) = closing(finding.closed.as_ref());
    let money = finding.amount.as_ref();
    let (amount, currency) = (money.map(|money| money.amount().to_string()), money.map(|money| money.currency().as_str()));
    let mark = text(&finding.mark);
    let inserted = statement(
        "INSERT INTO books_findings (id, mark, kind, order_id, payment_key, amount, currency, what, found_at_ms, checked_at_ms, \
         closed_at_ms, closed_how, note) VALUES ($1, $2, $3, $4, $5, $6::NUMERIC, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (mark) DO NOTHING",
    )
    .bind(&finding.id)
    .bind(&mark)
    .bind(finding.kind.word())
    .bind(finding.order_id.as_ref().map(OrderId::as_str))
    .bind(finding.payment_key.as_ref().map(PaymentKey::expose))
    .bind(amount.as_deref())
    .bind(currency)
    .bind(text(&finding.what))
    .bind(finding.found_at_ms)
    .bind(finding.checked_at_ms)
    .bind(closed_at_ms)
    .bind(how)
    .bind(note.map(text))
    .execute(&mut *connection)
    .await?;
    if inserted == 1 {
        return Ok(Kept::New);
    }
    let known = statement("SELECT closed_how FROM books_findings WHERE mark = $1 FOR NO KEY UPDATE")
        .bind(&mark)
        .fetch_one(&mut *connection)
        .await?;
    let kept = match get::<Option<&str>>(&known, "closed_how")? {
        // A person has judged it.
        Some(BY_HAND) => return Ok(Kept::Known),
        None => Kept::Known,
        Some(_) if finding.closed.is_some() => Kept::Known,
        Some(_) => Kept::New,
    };
    statement(
        "UPDATE books_findings SET what = $2, amount = COALESCE($3::NUMERIC, amount), currency = COALESCE($4, currency), \
         checked_at_ms = $5, closed_at_ms = $6, closed_how = $7, note = $8 WHERE mark = $1",
    )
    .bind(&mark)
    .bind(text(&finding.what))
    .bind(amount.as_deref())
    .bind(currency)
    .bind(finding.checked_at_ms)
    .bind(closed_at_ms)
    .bind(how)
    .bind(note.map(text))
    .execute(connection)
    .await?;
    Ok(kept)
}

fn closing(closed: Option<&(i64, Closing)>) -> (Option<i64>, Option<&'static str>, Option<&str>) {
    match closed {
        None => (None, None, None),
        Some((at_ms, Closing::Mended)) => (Some(*at_ms), Some(MENDED), None),
        Some((at_ms, Closing::ByHand(note))) => (Some(*at_ms), Some(BY_HAND), Some(note)),
    }
}

fn finding(row: &PgRow) -> Result<Finding, Failed> {
    let optional = |column: &str| get::<Option<String>>(row, column);
    let word: String = get(row, "kind")?;
    let money = optional("amount")?.map(|text| amount(&text)).transpose()?.zip(optional("currency")?);
    let closed = match (get::<Option<i64>>(row, "closed_at_ms")?, optional("closed_how")?.as_deref()) {
        (Some(at_ms), Some(BY_HAND)) => Some((at_ms, Closing::ByHand(optional("note")?.unwrap_or_default()))),
        (Some(at_ms), Some(_) | None) => Some((at_ms, Closing::Mended)),
        (None, _) => None,
    };
    Ok(Finding {
        id: get(row, "id")?,
        mark: get(row, "mark")?,
        kind: FindingKind::of_word(&word).ok_or_else(|| Failed::content(format!("{word:?} is no kind of finding")))?,
        order_id: optional("order_id")?.and_then(OrderId::received),
        payment_key: optional("payment_key")?.and_then(PaymentKey::received),
        amount: money.and_then(|(amount, currency)| Money::new(amount, Currency::from(currency.as_str())).ok()),
        what: get(row, "what")?,
        found_at_ms: get(row, "found_at_ms")?,
        checked_at_ms: get(row, "checked_at_ms")?,
        closed,
    })
}
