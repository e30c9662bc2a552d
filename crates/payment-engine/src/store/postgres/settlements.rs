//! What Toss pays out.

use super::Postgres;
use super::rows::{all, amount, get, order_id, text};
use super::transaction::statement;
use super::tries::{Failed, tried};
use crate::store::{PayOut, SettlementRecord, StoreError};
use std::collections::BTreeMap;
use tokio_postgres::Row as PgRow;
use toss_payments::{Amount, Currency};
use toss_types::{OrderId, PaymentKey};

impl Postgres {
    pub(super) async fn write_settlements(&self, settlements: &[SettlementRecord]) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO settlements (payment_key, transaction_key, order_id, currency, amount, fee, vat, pay_out, sold_day, \
             paid_out_day) SELECT payment_key, transaction_key, order_id, currency, amount::NUMERIC, fee::NUMERIC, vat::NUMERIC, \
             pay_out::NUMERIC, sold_day, paid_out_day FROM UNNEST($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::TEXT[], $6::TEXT[], \
             $7::TEXT[], $8::TEXT[], $9::TEXT[], $10::TEXT[]) AS one (payment_key, transaction_key, order_id, currency, amount, fee, vat, \
             pay_out, sold_day, paid_out_day) ON CONFLICT (payment_key, transaction_key) DO UPDATE SET \
             currency = excluded.currency, amount = excluded.amount, fee = excluded.fee, vat = excluded.vat, \
             pay_out = excluded.pay_out, sold_day = excluded.sold_day, paid_out_day = excluded.paid_out_day";
        // Each once, the last that was said of it; and in the same order by everybody.
        let named = settlements.iter().map(|one| ((one.payment_key.expose(), one.transaction_key.as_str()), one));
        let settlements: Vec<&SettlementRecord> = named.collect::<BTreeMap<_, _>>().into_values().collect();
        if settlements.is_empty() {
            return Ok(());
        }
        let texts = |of: &dyn Fn(&SettlementRecord) -> &str| settlements.iter().map(|one| text(of(one))).collect::<Vec<_>>();
        let days = |of: &dyn Fn(&SettlementRecord) -> Option<&str>| settlements.iter().map(|one| of(one).map(text)).collect::<Vec<_>>();
        let amounts = |of: &dyn Fn(&SettlementRecord) -> Option<&Amount>| {
            settlements.iter().map(|one| of(one).map(ToString::to_string)).collect::<Vec<_>>()
        };
        let keep = || {
            statement(KEEP)
                .bind(texts(&|one| one.payment_key.expose()))
                .bind(texts(&|one| &one.transaction_key))
                .bind(texts(&|one| one.order_id.as_str()))
                .bind(texts(&|one| one.currency.as_str()))
                .bind(amounts(&|one| one.amount.as_ref()))
                .bind(amounts(&|one| one.fee.as_ref()))
                .bind(amounts(&|one| one.vat.as_ref()))
                .bind(amounts(&|one| one.pay_out.as_ref()))
                .bind(days(&|one| one.sold_day.as_deref()))
                .bind(days(&|one| one.paid_out_day.as_deref()))
        };
        tried!("keeping what Toss pays out", self.execute(keep()));
        Ok(())
    }

    pub(super) async fn read_settlements(&self, of: &OrderId) -> Result<Vec<SettlementRecord>, StoreError> {
        const DOING: &str = "reading what Toss pays out for an order";
        const OF_ORDER: &str = "SELECT payment_key, transaction_key, order_id, currency, amount::TEXT AS amount, fee::TEXT AS fee, \
             vat::TEXT AS vat, pay_out::TEXT AS pay_out, sold_day, paid_out_day FROM settlements WHERE order_id = $1 \
             ORDER BY sold_day NULLS FIRST, payment_key, transaction_key";
        let rows = tried!(DOING, self.rows(statement(OF_ORDER).bind(of.as_str())));
        all(DOING, &rows, |row| {
            Ok(SettlementRecord {
                payment_key: PaymentKey::parse(get(row, "payment_key")?).map_err(Failed::content)?,
                transaction_key: get(row, "transaction_key")?,
                order_id: order_id(get(row, "order_id")?)?,
                currency: Currency::from(get::<&str>(row, "currency")?),
                amount: optional(row, "amount")?,
                fee: optional(row, "fee")?,
                vat: optional(row, "vat")?,
                pay_out: optional(row, "pay_out")?,
                sold_day: get(row, "sold_day")?,
                paid_out_day: get(row, "paid_out_day")?,
            })
        })
    }

    pub(super) async fn read_pay_outs(&self, from_day: &str, to_day: &str) -> Result<Vec<PayOut>, StoreError> {
        const DOING: &str = "summing up what Toss pays out";
        const PAY_OUTS: &str = "SELECT paid_out_day, currency, fee::TEXT AS fee, pay_out::TEXT AS pay_out FROM settlements \
             WHERE paid_out_day BETWEEN $1 AND $2 ORDER BY paid_out_day, currency COLLATE \"C\"";
        let rows = tried!(DOING, self.rows(statement(PAY_OUTS).bind(from_day).bind(to_day)));
        let one = |row: &PgRow| {
            let (day, currency): (String, &str) = (get(row, "paid_out_day")?, get(row, "currency")?);
            Ok((day, Currency::from(currency), optional(row, "fee")?, optional(row, "pay_out")?))
        };
        let mut days: Vec<PayOut> = Vec::new();
        for (day, currency, fee, pay_out) in all(DOING, &rows, one)? {
            if days.last().is_none_or(|last| last.day != day || last.currency != currency) {
                days.push(PayOut::new(day, currency));
            }
            if let Some(last) = days.last_mut() {
                last.add(fee, pay_out);
            }
        }
        Ok(days)
    }
}

fn optional(row: &PgRow, column: &str) -> Result<Option<Amount>, Failed> {
    get::<Option<&str>>(row, column)?.map(amount).transpose()
}
