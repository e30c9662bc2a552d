//! What Toss pays out.

use super::Sqlite;
use super::rows::order_id;
use crate::store::{PayOut, SettlementRecord, StoreError};
use sqlx::Row;
use toss_payments::{Amount, Currency};
use toss_types::{OrderId, PaymentKey};

impl Sqlite {
    pub(super) async fn write_settlements(&self, settlements: &[SettlementRecord]) -> Result<(), StoreError> {
        const DOING: &str = "keeping what Toss pays out";
        let mut writer = self.begin(DOING).await?;
        let written = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
        for settlement in settlements {
            sqlx::query(
                "INSERT INTO settlements (payment_key, transaction_key, order_id, currency, amount, fee, vat, pay_out, sold_day, \
                 paid_out_day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (payment_key, transaction_key) DO UPDATE SET \
                 currency = excluded.currency, amount = excluded.amount, fee = excluded.fee, vat = excluded.vat, \
                 pay_out = excluded.pay_out, sold_day = excluded.sold_day, paid_out_day = excluded.paid_out_day",
            )
            .bind(settlement.payment_key.expose())
            .bind(&settlement.transaction_key)
            .bind(settlement.order_id.as_str())
            .bind(settlement.currency.as_str())
            .bind(written(settlement.amount))
            .bind(written(settlement.fee))
            .bind(written(settlement.vat))
            .bind(written(settlement.pay_out))
            .bind(settlement.sold_day.as_deref())
            .bind(settlement.paid_out_day.as_deref())
            .execute(writer.connection())
            .await
            .map_err(|cause| StoreError::new(DOING, cause))?;
        }
        writer.commit().await
    }

    pub(super) async fn read_settlements(&self, of: &OrderId) -> Result<Vec<SettlementRecord>, StoreError> {
        const DOING: &str = "reading what Toss pays out for an order";
        let failed = |cause| StoreError::new(DOING, cause);
        let rows = sqlx::query("SELECT * FROM settlements WHERE order_id = ? ORDER BY sold_day, payment_key, transaction_key")
            .bind(of.as_str())
            .fetch_all(&self.readers)
            .await
            .map_err(failed)?;
        rows.iter()
            .map(|row| {
                let text = |column: &str| row.try_get::<Option<String>, _>(column).map_err(failed);
                let amount = |column: &str| Ok::<_, StoreError>(text(column)?.and_then(|amount| Amount::parse(&amount)));
                let key: String = row.try_get("payment_key").map_err(failed)?;
                Ok(SettlementRecord {
                    payment_key: PaymentKey::received(key).ok_or_else(|| StoreError::new(DOING, "a settlement has no payment"))?,
                    transaction_key: row.try_get("transaction_key").map_err(failed)?,
                    order_id: order_id(DOING, row.try_get("order_id").map_err(failed)?)?,
                    currency: Currency::from(row.try_get::<&str, _>("currency").map_err(failed)?),
                    amount: amount("amount")?,
                    fee: amount("fee")?,
                    vat: amount("vat")?,
                    pay_out: amount("pay_out")?,
                    sold_day: text("sold_day")?,
                    paid_out_day: text("paid_out_day")?,
                })
            })
            .collect()
    }

    /// Summed here: amounts are exact text, which SQLite would add up as floats.
    pub(super) async fn read_pay_outs(&self, from_day: &str, to_day: &str) -> Result<Vec<PayOut>, StoreError> {
        const DOING: &str = "summing up what Toss pays out";
        let rows: Vec<(String, String, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT paid_out_day, currency, fee, pay_out FROM settlements WHERE paid_out_day BETWEEN ? AND ? ORDER BY paid_out_day, currency",
        )
        .bind(from_day)
        .bind(to_day)
        .fetch_all(&self.readers)
        .await
        .map_err(|cause| StoreError::new(DOING, cause))?;
        let mut days: Vec<PayOut> = Vec::new();
        let amount = |text: Option<String>| text.and_then(|text| Amount::parse(&text));
        for (day, currency, fee, pay_out) in rows {
            let currency = Currency::from(currency.as_str());
            if days.last().is_none_or(|last| last.day != day || last.currency != currency) {
                days.push(PayOut::new(day, currency));
            }
            if let Some(last) = days.last_mut() {
                last.add(amount(fee), amount(pay_out));
            }
        }
        Ok(days)
    }
}
