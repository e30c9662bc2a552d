//! What Toss pays out.

use super::Sqlite;
use super::rows::{all, execute, order_id, text};
use super::writer::{Cause, Ended};
use crate::store::{PayOut, SettlementRecord, StoreError};
use rusqlite::{Connection, Row, params};
use toss_payments::{Amount, Currency};
use toss_types::{OrderId, PaymentKey};

impl Sqlite {
    pub(super) async fn write_settlements(&self, settlements: &[SettlementRecord]) -> Result<(), StoreError> {
        const WRITE: &str = "INSERT INTO settlements (payment_key, transaction_key, order_id, currency, amount, fee, vat, pay_out, sold_day, \
             paid_out_day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (payment_key, transaction_key) DO UPDATE SET \
             currency = excluded.currency, amount = excluded.amount, fee = excluded.fee, vat = excluded.vat, \
             pay_out = excluded.pay_out, sold_day = excluded.sold_day, paid_out_day = excluded.paid_out_day";
        let settlements = settlements.to_vec();
        let write = move |connection: &Connection| {
            let written = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
            for settlement in &settlements {
                let row = params![
                    settlement.payment_key.expose(),
                    settlement.transaction_key,
                    settlement.order_id.as_str(),
                    settlement.currency.as_str(),
                    written(settlement.amount),
                    written(settlement.fee),
                    written(settlement.vat),
                    written(settlement.pay_out),
                    settlement.sold_day,
                    settlement.paid_out_day,
                ];
                execute(connection, WRITE, row)?;
            }
            Ok(Ended::Commit(()))
        };
        self.writer.write("keeping what Toss pays out", write).await
    }

    pub(super) async fn read_settlements(&self, of: &OrderId) -> Result<Vec<SettlementRecord>, StoreError> {
        const OF_ORDER: &str = "SELECT * FROM settlements WHERE order_id = ? ORDER BY sold_day, payment_key, transaction_key";
        let of = of.clone();
        let read = move |connection: &Connection| all(connection, OF_ORDER, [of.as_str()], settlement);
        self.readers.read("reading what Toss pays out for an order", read).await
    }

    /// Summed here: amounts are exact text, which SQLite would add up as floats.
    pub(super) async fn read_pay_outs(&self, from_day: &str, to_day: &str) -> Result<Vec<PayOut>, StoreError> {
        const BETWEEN: &str = "SELECT paid_out_day, currency, fee, pay_out FROM settlements WHERE paid_out_day BETWEEN ? AND ? \
                               ORDER BY paid_out_day, currency";
        let (from_day, to_day) = (from_day.to_owned(), to_day.to_owned());
        let read = move |connection: &Connection| {
            let mut days: Vec<PayOut> = Vec::new();
            let rows = all(connection, BETWEEN, [from_day, to_day], |row| {
                Ok((row.get::<_, String>(0)?, Currency::from(text(row, "currency")?), amount(row, "fee")?, amount(row, "pay_out")?))
            })?;
            for (day, currency, fee, pay_out) in rows {
                if days.last().is_none_or(|last| last.day != day || last.currency != currency) {
                    days.push(PayOut::new(day, currency));
                }
                if let Some(last) = days.last_mut() {
                    last.add(fee, pay_out);
                }
            }
            Ok(days)
        };
        self.readers.read("summing up what Toss pays out", read).await
    }
}

fn settlement(row: &Row<'_>) -> Result<SettlementRecord, Cause> {
    Ok(SettlementRecord {
        payment_key: PaymentKey::received(row.get::<_, String>("payment_key")?).ok_or("a settlement has no payment")?,
        transaction_key: row.get("transaction_key")?,
        order_id: order_id(row, "order_id")?,
        currency: Currency::from(text(row, "currency")?),
        amount: amount(row, "amount")?,
        fee: amount(row, "fee")?,
        vat: amount(row, "vat")?,
        pay_out: amount(row, "pay_out")?,
        sold_day: row.get("sold_day")?,
        paid_out_day: row.get("paid_out_day")?,
    })
}

fn amount(row: &Row<'_>, column: &str) -> Result<Option<Amount>, Cause> {
    Ok(row.get::<_, Option<String>>(column)?.and_then(|amount| Amount::parse(&amount)))
}
