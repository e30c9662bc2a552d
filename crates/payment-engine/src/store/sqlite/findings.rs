//! What did not agree in the books.

use super::Sqlite;
use super::rows::{all, execute, first, text};
use super::writer::{Cause, Ended};
use crate::store::{Closing, Finding, FindingKind, FindingQuery, Kept, StoreError};
use rusqlite::{Connection, Row, params};
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
    pub(super) async fn write_finding(&self, finding: &Finding) -> Result<Kept, StoreError> {
        let finding = finding.clone();
        self.writer.write("keeping a finding of the books", move |connection| keep_within(connection, &finding)).await
    }

    pub(super) async fn end_finding(&self, id: &str, at_ms: i64, how: &Closing) -> Result<bool, StoreError> {
        const CLOSE: &str = "UPDATE books_findings SET closed_at_ms = ?, closed_how = ?, note = ? WHERE id = ? AND closed_at_ms IS NULL";
        let (id, closed) = (id.to_owned(), (at_ms, how.clone()));
        let close = move |connection: &Connection| {
            let (closed_at_ms, how, note) = closing(Some(&closed));
            Ok(Ended::Commit(execute(connection, CLOSE, params![closed_at_ms, how, note, id])? == 1))
        };
        self.writer.write("closing a finding of the books", close).await
    }

    pub(super) async fn read_findings(&self, query: &FindingQuery) -> Result<Vec<Finding>, StoreError> {
        const FINDINGS: &str = concat!(
            findings!(),
            "WHERE (NOT ?1 OR closed_at_ms IS NULL) AND (?2 IS NULL OR order_id = ?2) ORDER BY found_at_ms DESC, id LIMIT ?3"
        );
        let query = query.clone();
        let read = move |connection: &Connection| {
            let order_id = query.order_id.as_ref().map(OrderId::as_str);
            all(connection, FINDINGS, params![query.is_open, order_id, query.limit], finding)
        };
        self.readers.read("listing findings of the books", read).await
    }

    pub(super) async fn read_findings_to_check(&self, checked_before_ms: i64, limit: u32) -> Result<Vec<Finding>, StoreError> {
        const TO_CHECK: &str = concat!(findings!(), "WHERE closed_at_ms IS NULL AND checked_at_ms < ? ORDER BY checked_at_ms LIMIT ?");
        let read = move |connection: &Connection| all(connection, TO_CHECK, params![checked_before_ms, limit], finding);
        self.readers.read("listing findings of the books to be looked at again", read).await
    }
}

fn keep_within(connection: &Connection, finding: &Finding) -> Result<Ended<Kept>, Cause> {
    const KNOWN: &str = "SELECT closed_how FROM books_findings WHERE mark = ?";
    const WRITE: &str = "INSERT INTO books_findings (id, mark, kind, order_id, payment_key, amount, currency, what, found_at_ms, checked_at_ms, \
         closed_at_ms, closed_how, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mark) DO UPDATE SET \
         what = excluded.what, amount = COALESCE(excluded.amount, amount), currency = COALESCE(excluded.currency, currency), \
         checked_at_ms = excluded.checked_at_ms, closed_at_ms = excluded.closed_at_ms, closed_how = excluded.closed_how, \
         note = excluded.note";
    let known: Option<Option<String>> = first(connection, KNOWN, [&finding.mark], |row| Ok(row.get(0)?))?;
    let kept = match known.as_ref().map(Option::as_deref) {
        // A person has judged it.
        Some(Some(BY_HAND)) => return Ok(Ended::RollBack(Kept::Known)),
        Some(None) => Kept::Known,
        Some(Some(_)) if finding.closed.is_some() => Kept::Known,
        Some(Some(_)) | None => Kept::New,
    };
    let (closed_at_ms, how, note) = closing(finding.closed.as_ref());
    let row = params![
        finding.id,
        finding.mark,
        finding.kind.word(),
        finding.order_id.as_ref().map(OrderId::as_str),
        finding.payment_key.as_ref().map(PaymentKey::expose),
        finding.amount.as_ref().map(|money| money.amount().to_string()),
        finding.amount.as_ref().map(|money| money.currency().as_str()),
        finding.what,
        finding.found_at_ms,
        finding.checked_at_ms,
        closed_at_ms,
        how,
        note,
    ];
    execute(connection, WRITE, row)?;
    Ok(Ended::Commit(kept))
}

fn closing(closed: Option<&(i64, Closing)>) -> (Option<i64>, Option<&'static str>, Option<&str>) {
    match closed {
        None => (None, None, None),
        Some((at_ms, Closing::Mended)) => (Some(*at_ms), Some(MENDED), None),
        Some((at_ms, Closing::ByHand(note))) => (Some(*at_ms), Some(BY_HAND), Some(note)),
    }
}

fn finding(row: &Row<'_>) -> Result<Finding, Cause> {
    let maybe = |column: &str| row.get::<_, Option<String>>(column);
    let word = text(row, "kind")?;
    let amount = maybe("amount")?.and_then(|amount| Amount::parse(&amount)).zip(maybe("currency")?);
    let closed = match (row.get::<_, Option<i64>>("closed_at_ms")?, maybe("closed_how")?.as_deref()) {
        (Some(at_ms), Some(BY_HAND)) => Some((at_ms, Closing::ByHand(maybe("note")?.unwrap_or_default()))),
        (Some(at_ms), Some(_) | None) => Some((at_ms, Closing::Mended)),
        (None, _) => None,
    };
    Ok(Finding {
        id: row.get("id")?,
        mark: row.get("mark")?,
        kind: FindingKind::of_word(word).ok_or_else(|| format!("{word:?} is no kind of finding"))?,
        order_id: maybe("order_id")?.and_then(OrderId::received),
        payment_key: maybe("payment_key")?.and_then(PaymentKey::received),
        amount: amount.and_then(|(amount, currency)| Money::new(amount, Currency::from(currency.as_str())).ok()),
        what: row.get("what")?,
        found_at_ms: row.get("found_at_ms")?,
        checked_at_ms: row.get("checked_at_ms")?,
        closed,
    })
}
